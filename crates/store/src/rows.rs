//! Single mentions as an index knows them, without reading them: for what no table of sums can say.

use crate::Label;
use foldhash::HashMap;
use post::Millis;

/// What one mention adds, without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The place of its monitor in the list that was asked.
    pub monitor: u16,
    /// What stands for its author in counts.
    pub author: u64,
    /// What stands for its text: the same for two posts whose texts differ only in letter case, spaces, punctuation,
    /// links or accounts named. `None` without a word.
    pub text: Option<u64>,
    /// When it was published.
    pub at: Millis,
    /// Where it is found again, as its back end writes that down.
    pub(crate) place: (u64, u64),
}

/// Values of a dimension that are told apart at most: the bits of [`PostRow::values`].
pub(crate) const MOST_VALUES: usize = 63;

/// One post, or one mention where the filter names monitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostRow {
    /// What stands for its author in counts; `None` where nobody is known.
    pub author: Option<u64>,
    /// When it was published.
    pub at: Millis,
    /// Its engagement as it is by now.
    pub engagement: u64,
    /// Its label: as corrected by hand, or else as the model has it.
    pub label: Option<Label>,
    /// Which of the values asked for it has: bit *i* for the one at place *i*.
    pub values: u64,
}

/// What is told apart: language, platform, and whether a score is toward the monitor's subject.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SoftKey {
    /// The language.
    pub lang: String,
    /// The platform.
    pub source: String,
    /// Whether the scores are toward the monitor's subject rather than of the whole post.
    pub is_toward: bool,
}

/// The scores of mentions with one key: how many have each, by their thousandths of negative, neutral, positive.
pub type SoftScores = HashMap<[u64; 3], u64>;

/// A scored mention as a sample is drawn from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// The mention, by [`crate::mention_number`].
    pub number: u64,
    /// Where it belongs.
    pub key: SoftKey,
    /// Thousandths of negative, neutral, positive.
    pub probabilities: [u64; 3],
}
