//! What is stored.

use post::{MentionId, Post};
use serde::{Deserialize, Serialize};

/// One post that matched one monitor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// `hash(post key, monitor id)`.
    pub id: MentionId,
    /// The project of the monitor.
    pub project: String,
    /// The monitor that matched.
    pub monitor: String,
    /// The version of the monitor's query that matched.
    pub monitor_version: u32,
    /// Whether this mention stands for its post in the project's totals. The store sees to it that exactly one mention
    /// of a post in a project does; what is given here is a wish.
    pub primary: bool,
    /// The post as admitted.
    pub post: Post,
    /// The decided language (ISO 639-1), or `und`.
    pub lang: String,
    /// What the sentiment model says, where it covers the language.
    pub sentiment: Option<Sentiment>,
}

/// A sentiment score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sentiment {
    /// Calibrated probabilities of negative, neutral and positive.
    pub probabilities: [f32; 3],
    /// Model and version, such as `sentiment@1`.
    pub model: String,
}

impl Sentiment {
    /// The most probable class; the earlier one where two are equal.
    pub fn label(&self) -> Label {
        let [negative, neutral, positive] = self.probabilities;
        if negative >= neutral && negative >= positive {
            Label::Negative
        } else if neutral >= positive {
            Label::Neutral
        } else {
            Label::Positive
        }
    }
}

/// A class of sentiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// Against.
    Negative,
    /// Neither.
    Neutral,
    /// In favour.
    Positive,
}

impl Label {
    /// Every class, in the order of its number in stored forms.
    pub const ALL: [Label; 3] = [Label::Negative, Label::Neutral, Label::Positive];

    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            Label::Negative => "negative",
            Label::Neutral => "neutral",
            Label::Positive => "positive",
        }
    }

    /// The class of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Label> {
        Label::ALL.into_iter().find(|l| l.name() == name)
    }
}
