//! What a detector found.

use post::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is looked at over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Mentions.
    Mentions,
    /// Authors that the monitor had not heard of.
    NewAuthors,
    /// Engagement of new mentions, as first seen.
    Engagement,
    /// The share of mentions that are negative, of those with a sentiment.
    NegativeShare,
}

/// The kind of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// More than was to be expected.
    Peak,
    /// Less than was to be expected.
    Drop,
    /// Nothing at all, while the sources were heard.
    Silence,
    /// Another share of negative mentions than usual.
    SentimentShift,
    /// What several authors say of a sudden.
    Trend,
    /// A topic that was not there before.
    NewTopic,
    /// Accounts that share the same things at the same moments.
    Coordination,
    /// A monitor's mentions are no longer like those its relevance model learned on.
    Drift,
}

impl FindingKind {
    /// Every kind.
    pub const ALL: [FindingKind; 8] = [
        Self::Peak,
        Self::Drop,
        Self::Silence,
        Self::SentimentShift,
        Self::Trend,
        Self::NewTopic,
        Self::Coordination,
        Self::Drift,
    ];

    /// The name used in the API and on disk.
    pub fn name(self) -> &'static str {
        match self {
            Self::Peak => "peak",
            Self::Drop => "drop",
            Self::Silence => "silence",
            Self::SentimentShift => "sentiment_shift",
            Self::Trend => "trend",
            Self::NewTopic => "new_topic",
            Self::Coordination => "coordination",
            Self::Drift => "drift",
        }
    }

    /// The kind of this name, if there is one.
    pub fn from_name(name: &str) -> Option<FindingKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A term of a trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrendWord {
    /// The word, hashtag, pair of words or site.
    pub text: String,
    /// Authors that said it, copies counted once.
    pub authors: u32,
    /// How many were to be expected.
    pub expected: f64,
}

/// What only findings of one kind have. Mentions are named by their numbers in hexadecimal digits, as everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Detail {
    /// Of a peak, a drop, a silence, a shift of sentiment.
    Series {
        /// What was looked at.
        metric: Metric,
        /// What it was.
        value: f64,
        /// What was to be expected.
        expected: f64,
        /// False alarms per week that telling of ones like this would bring.
        per_week: f64,
    },
    /// Of a trend.
    Terms {
        /// Its terms, the strongest first.
        terms: Vec<TrendWord>,
        /// Some of its mentions.
        mentions: Vec<String>,
    },
    /// Of a new topic.
    Topic {
        /// The topic.
        topic: String,
        /// The words that tell it from others.
        words: Vec<String>,
        /// Its mentions so far.
        posts: u64,
        /// Some of its mentions.
        mentions: Vec<String>,
    },
    /// Of coordination. What was seen, and nothing about why.
    Shares {
        /// The accounts, by their pseudonyms.
        accounts: Vec<String>,
        /// Things that two of them shared within the window, at least.
        objects: u32,
        /// The window, in seconds.
        window: u32,
        /// Some of the mentions.
        mentions: Vec<String>,
    },
    /// Of a drift.
    Drift {
        /// The population stability index of the scores.
        index: f64,
    },
}

/// Something that a detector found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// The same for the same thing, however often it is found.
    pub id: String,
    /// The project.
    pub project: String,
    /// The monitor, where it is about one.
    pub monitor: Option<String>,
    /// What it is.
    pub kind: FindingKind,
    /// Its first moment.
    pub from: Millis,
    /// Its end, or as far as it is known.
    pub until: Millis,
    /// When it was found.
    pub found_at: Millis,
    /// −log10 of the probability that chance alone does this.
    pub strength: f64,
    /// Whether it was found in what had long happened: nobody is alerted to that.
    pub is_past: bool,
    /// The rest.
    pub detail: Detail,
}

impl Finding {
    /// Whether it is most likely the same as one of the same project, monitor and kind that overlaps it.
    pub(crate) fn is_like(&self, other: &Finding) -> bool {
        match (&self.detail, &other.detail) {
            (Detail::Series { metric: a, .. }, Detail::Series { metric: b, .. }) => a == b,
            (Detail::Terms { terms: a, .. }, Detail::Terms { terms: b, .. }) => {
                let mut leading = a.iter().take(3);
                leading.any(|w| b.iter().any(|other| other.text == w.text))
            }
            (Detail::Shares { accounts: a, .. }, Detail::Shares { accounts: b, .. }) => {
                let both = a.iter().filter(|account| b.contains(account)).count();
                both * 2 >= a.len().min(b.len())
            }
            _ => false,
        }
    }
}
