//! What a post expresses: negative, neutral or positive.

use crate::classifier::{Classifier, Scratch};
use crate::error::ModelError;
use crate::linear::argmax;
use serde::{Deserialize, Serialize};
use text::Tokens;

/// The labels in the order of [`Score::probabilities`].
pub const SENTIMENT_LABELS: [&str; 3] = ["negative", "neutral", "positive"];

/// The sentiment of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    /// Something is wrong.
    Negative,
    /// Facts, or as much good as bad.
    Neutral,
    /// Something is good.
    Positive,
}

impl Polarity {
    /// All of them, in the order of their labels.
    pub const ALL: [Polarity; 3] = [Polarity::Negative, Polarity::Neutral, Polarity::Positive];

    /// `negative`, `neutral` or `positive`.
    pub fn name(self) -> &'static str {
        SENTIMENT_LABELS[self as usize]
    }
}

/// A sentiment with its certainty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// Of negative, neutral, positive; they sum to 1 and are calibrated (the model's card says how well).
    pub probabilities: [f32; 3],
    /// The likeliest.
    pub label: Polarity,
}

impl Score {
    /// The probability of the label.
    pub fn confidence(&self) -> f32 {
        self.probabilities[self.label as usize]
    }
}

/// The sentiment model.
#[derive(Debug, Clone)]
pub struct Sentiment {
    classifier: Classifier,
}

impl Sentiment {
    /// Reads an artefact.
    pub fn load(bytes: &[u8]) -> Result<Self, ModelError> {
        let classifier = Classifier::load(bytes)?;
        if classifier.labels() != SENTIMENT_LABELS {
            return Err(ModelError::Kind {
                expected: "sentiment",
                found: classifier.id().to_owned(),
            });
        }
        Ok(Self { classifier })
    }

    /// Name and version, recorded with every score.
    pub fn id(&self) -> &str {
        self.classifier.id()
    }

    /// The model behind it.
    pub fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// Whether posts of this language (ISO 639) are scored.
    pub fn covers(&self, lang: &str) -> bool {
        self.classifier.covers(lang)
    }

    /// The sentiment of a post in `lang`, or `None` where the model abstains: the language is not covered, or there is
    /// nothing to go by. A post without a language is scored where it has emoji, which need none.
    pub fn score(&self, tokens: &Tokens, lang: &str, scratch: &mut Scratch) -> Option<Score> {
        if !self.classifier.answers(tokens, lang) {
            return None;
        }
        let score = self.score_any(tokens, lang, scratch);
        (!scratch.features.is_empty()).then_some(score)
    }

    /// The model's best guess whatever the language; for posts it does not cover little better than chance.
    pub fn score_any(&self, tokens: &Tokens, lang: &str, scratch: &mut Scratch) -> Score {
        let p = self.classifier.probabilities(tokens, Some(lang), scratch);
        let probabilities = [p[0], p[1], p[2]];
        let label = Polarity::ALL[argmax(&probabilities)];
        Score { probabilities, label }
    }
}
