//! What is to be told.

use crate::api::types::FilterParams;
use crate::delivery::Severity;
use crate::detect::Metric;
use post::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Lengths of windows, in minutes.
pub const WINDOWS: [u32; 13] = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160];

/// An alert: what is to be told, when, and whom.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlertDefinition)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// What it watches for.
    pub when: Kind,
    /// Monitors it is about; the whole project where empty, in which each post counts once.
    #[serde(default)]
    pub monitors: Vec<String>,
    /// Which of their mentions: the parameters of any question but `project`, `monitor`, `from`, `to` and `upto`.
    #[serde(default)]
    pub filter: FilterParams,
    /// Nothing is told of fewer mentions than this; of shares: of fewer mentions with a sentiment.
    #[serde(default)]
    pub min_sample: u64,
    /// Minutes for which nothing more is told of the same thing (default 60). Mentions that come meanwhile are told
    /// together at its end.
    #[serde(default = "an_hour")]
    pub cooldown: u32,
    /// Time zone of schedule and quiet hours, as `Europe/Berlin` (default `UTC`).
    #[serde(default = "utc")]
    pub zone: String,
    /// When nobody is to be disturbed. What comes then is told at its end, in one message.
    #[serde(default)]
    pub quiet: Quiet,
    /// Ids of the destinations it goes to.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// How urgent it is (default `info`).
    #[serde(default)]
    pub severity: Severity,
    /// Whether it is evaluated (default: yes).
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn an_hour() -> u32 {
    60
}

fn utc() -> String {
    "UTC".to_owned()
}

fn yes() -> bool {
    true
}

/// What an alert watches for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = AlertKind)]
pub enum Kind {
    /// Every new mention; those of one moment are told together.
    EveryMention {},
    /// New mentions that match a query besides.
    Keyword {
        /// The query, in the language of monitors.
        query: String,
    },
    /// New mentions by authors with many followers.
    InfluentialAuthor {
        /// From so many followers on.
        followers: u64,
    },
    /// How much there was, at set times.
    Digest {
        /// How often.
        every: Every,
        /// Daily and weekly: the hour of the time zone, 0 to 23.
        #[serde(default)]
        hour: u8,
    },
    /// A figure over a window is over or under a limit.
    Threshold {
        /// Which figure.
        measure: Measure,
        /// The window's length in minutes: one of 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160.
        window: u32,
        /// Over or under what.
        condition: Condition,
    },
    /// Nobody says anything for so long, who did before.
    Silence {
        /// The window's length in minutes, as of a threshold.
        window: u32,
    },
    /// More than was to be expected.
    Peak {
        /// Of what; of anything where empty.
        #[serde(default)]
        metrics: Vec<Metric>,
        /// False alarms per week that are put up with.
        per_week: f64,
    },
    /// Less than was to be expected, or nothing.
    Drop {
        /// False alarms per week that are put up with.
        per_week: f64,
    },
    /// Another share of negative mentions than usual.
    SentimentShift {
        /// False alarms per week that are put up with.
        per_week: f64,
    },
    /// What several authors say of a sudden.
    Trend {},
    /// A topic that was not there before.
    NewTopic {},
    /// Accounts that share the same things at the same moments.
    Coordination {},
    /// A monitor's mentions are no longer what its relevance was learned on.
    Drift {},
    /// A source that delivered posts delivers none for so long.
    SilentSource {
        /// Their names; all where empty.
        #[serde(default)]
        sources: Vec<String>,
        /// The window's length in minutes, as of a threshold.
        window: u32,
    },
    /// Little is left of what a source may spend.
    Budget {
        /// Their names; all where empty.
        #[serde(default)]
        sources: Vec<String>,
        /// The share that is left at most, 0 to 1.
        left: f64,
    },
}

/// How often a digest comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertEvery)]
pub enum Every {
    /// Each full hour.
    Hour,
    /// Each day.
    Day,
    /// Each week, on this day: 1 is Monday, 7 Sunday.
    Week(u8),
}

/// A figure over a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertMeasure)]
pub enum Measure {
    /// Mentions.
    Mentions,
    /// Distinct authors of mentions, those that are known.
    Authors,
    /// Likes, reposts, replies and quotes, as far as they are known by then.
    Engagement,
    /// Negative mentions.
    Negative,
    /// Positive mentions.
    Positive,
    /// Negative ÷ all with a sentiment.
    NegativeShare,
    /// Positive ÷ all with a sentiment.
    PositiveShare,
    /// (Positive − negative) ÷ all with a sentiment.
    NetSentiment,
}

impl Measure {
    /// Whether it is a share or a balance rather than a count.
    pub fn is_share(self) -> bool {
        matches!(
            self,
            Self::NegativeShare | Self::PositiveShare | Self::NetSentiment
        )
    }
}

/// A limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlertCondition)]
pub struct Condition {
    /// On which side of it something is told.
    pub side: Side,
    /// What the limit is.
    pub against: Against,
}

/// A side of a limit; the limit itself belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertSide)]
pub enum Side {
    /// At it or above.
    Above,
    /// At it or below.
    Below,
}

/// What a figure is held against.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertAgainst)]
pub enum Against {
    /// A number.
    Value(f64),
    /// The window just before, changed by this: 0.5 is half as much again (above) or half as much (below); of shares it
    /// is a difference, 0.1 being ten points of a hundred.
    Previous(f64),
}

/// When nobody is to be disturbed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = QuietTimes)]
pub struct Quiet {
    /// Hours of each day.
    pub hours: Option<Hours>,
    /// Whole days of the week: 1 is Monday, 7 Sunday.
    pub days: Vec<u8>,
}

/// Hours of a day, over midnight where the first is later than the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuietHours)]
pub struct Hours {
    /// The first hour, 0 to 23.
    pub from: u8,
    /// The hour they end with, 0 to 23.
    pub until: u8,
}

impl Definition {
    /// The cooldown in milliseconds.
    pub(super) fn cooldown_ms(&self) -> Millis {
        Millis::from(self.cooldown) * super::MINUTE
    }
}

impl Kind {
    /// The name in the API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::EveryMention {} => "every_mention",
            Self::Keyword { .. } => "keyword",
            Self::InfluentialAuthor { .. } => "influential_author",
            Self::Digest { .. } => "digest",
            Self::Threshold { .. } => "threshold",
            Self::Silence { .. } => "silence",
            Self::Peak { .. } => "peak",
            Self::Drop { .. } => "drop",
            Self::SentimentShift { .. } => "sentiment_shift",
            Self::Trend {} => "trend",
            Self::NewTopic {} => "new_topic",
            Self::Coordination {} => "coordination",
            Self::Drift {} => "drift",
            Self::SilentSource { .. } => "silent_source",
            Self::Budget { .. } => "budget",
        }
    }

    /// Whether it tells of mentions one by one, as they are written.
    pub(super) fn is_stream(&self) -> bool {
        matches!(
            self,
            Self::EveryMention {} | Self::Keyword { .. } | Self::InfluentialAuthor { .. }
        )
    }

    /// Whether it counts mentions under a filter.
    pub(super) fn takes_filter(&self) -> bool {
        self.is_stream()
            || matches!(
                self,
                Self::Digest { .. } | Self::Threshold { .. } | Self::Silence { .. }
            )
    }

    /// Whether it is about sources.
    pub(super) fn is_of_sources(&self) -> bool {
        matches!(self, Self::SilentSource { .. } | Self::Budget { .. })
    }

    /// The window in milliseconds, of those that have one.
    pub(super) fn window(&self) -> Option<Millis> {
        match self {
            Self::Threshold { window, .. } | Self::Silence { window } | Self::SilentSource { window, .. } => {
                Some(Millis::from(*window) * super::MINUTE)
            }
            _ => None,
        }
    }
}
