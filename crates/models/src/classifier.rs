//! A classifier of posts: trained sentiment, or any other labels a user has given.

use crate::artefact::{Artefact, Head, Kind};
use crate::error::ModelError;
use crate::features::Features;
use crate::language::UNDETERMINED;
use crate::linear::{Sums, softmax};
use text::{TokenKind, Tokens};

/// Buffers of scoring. Keep one per thread and no text allocates.
#[derive(Debug, Default, Clone)]
pub struct Scratch {
    pub(crate) features: Features,
    pub(crate) sums: Sums,
    pub(crate) values: Vec<f32>,
    pub(crate) probabilities: Vec<f32>,
    pub(crate) buckets: Vec<u32>,
}

impl Scratch {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }
}

/// A loaded classifier.
#[derive(Debug, Clone)]
pub struct Classifier {
    id: String,
    languages: Vec<String>,
    head: Head,
}

impl Classifier {
    /// Reads an artefact. Anything damaged, foreign or for another purpose is an error.
    pub fn load(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::new(Artefact::from_bytes(bytes)?)
    }

    pub(crate) fn new(artefact: Artefact) -> Result<Self, ModelError> {
        if artefact.kind != Kind::Classifier {
            return Err(ModelError::Kind {
                expected: "classifying posts",
                found: artefact.id,
            });
        }
        let Ok([head]) = <[Head; 1]>::try_from(artefact.heads) else {
            return Err(ModelError::Header("a classifier has exactly one head".to_owned()));
        };
        let mut languages = artefact.languages;
        languages.sort_unstable();
        Ok(Self {
            id: artefact.id,
            languages,
            head,
        })
    }

    /// Name and version: `sentiment@1`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The labels in the order of the probabilities.
    pub fn labels(&self) -> &[String] {
        &self.head.labels
    }

    /// The languages it was trained on; empty if it does not say.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    /// Whether it answers for posts of this language (ISO 639).
    pub fn covers(&self, lang: &str) -> bool {
        self.languages.is_empty() || self.languages.binary_search_by(|l| l.as_str().cmp(lang)).is_ok()
    }

    /// Whether it stands by its answer for a post in `lang`: it covers the language, or the post has none
    /// ([`UNDETERMINED`]) but emoji, which need none.
    pub fn answers(&self, tokens: &Tokens, lang: &str) -> bool {
        let has_emoji = || tokens.iter().any(|t| t.kind == TokenKind::Emoji);
        !tokens.is_empty() && (self.covers(lang) || (lang == UNDETERMINED && has_emoji()))
    }

    /// The calibrated probability of each label, in the order of [`Classifier::labels`], whatever the language.
    /// `lang` chooses the calibration.
    pub fn probabilities<'s>(
        &self,
        tokens: &Tokens,
        lang: Option<&str>,
        scratch: &'s mut Scratch,
    ) -> &'s [f32] {
        let Scratch {
            features,
            sums,
            values,
            probabilities,
            ..
        } = scratch;
        features.read(tokens, &self.head.linear.header().features);
        self.head.linear.decide(features, sums, values);
        softmax(values, self.head.temperature(lang), probabilities);
        probabilities
    }
}

impl Head {
    /// The temperature for a language.
    pub fn temperature(&self, lang: Option<&str>) -> f32 {
        lang.and_then(|l| self.temperature_by_lang.get(l))
            .copied()
            .unwrap_or(self.temperature)
    }
}
