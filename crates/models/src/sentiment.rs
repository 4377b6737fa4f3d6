//! What a post expresses: negative, neutral or positive.

use serde::{Deserialize, Serialize};

/// The labels in the order of [`Score::probabilities`].
pub const SENTIMENT_LABELS: [&str; 3] = ["negative", "neutral", "positive"];

/// The sentiment of a post, or of a post toward somebody.
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
