//! What is asked.

use super::Calendar;
use crate::{Dimension, Filter};
use jiff::tz::TimeZone;

/// Cells an answer may have at most; a question with more is refused before any is counted.
pub const MAX_CELLS: usize = 100_000;

/// *Measures × first cut × second cut × filter.*
#[derive(Debug, Clone)]
pub struct Question {
    /// Which mentions.
    pub filter: Filter,
    /// What they are split by, from the outside in; none, one or two.
    pub cuts: Vec<Cut>,
    /// What is measured in each cell.
    pub measures: Measures,
}

/// One way to split mentions.
#[derive(Debug, Clone)]
pub enum Cut {
    /// By the calendar of a time zone. The filter needs both ends.
    Time(Calendar),
    /// By the hour of the day or the day of the week in a time zone.
    Clock(Clock, TimeZone),
    /// By the values of a dimension.
    Values(Dimension, Choose),
}

/// A cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The hour of the day, 0 to 23.
    Hour,
    /// The day of the week, Monday first.
    Weekday,
    /// The hour of the week, from Monday's first.
    WeekHour,
}

impl Clock {
    /// Hours, days or hours in a cycle.
    pub fn len(self) -> usize {
        match self {
            Clock::Hour => 24,
            Clock::Weekday => 7,
            Clock::WeekHour => 168,
        }
    }

    /// Never: a cycle has values.
    pub fn is_empty(self) -> bool {
        false
    }
}

/// Which values of a dimension become keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choose {
    /// The values with most mentions, so many, and behind them a key for the mentions that have a value but none of these.
    Top(usize),
    /// The values with most mentions, so many, without a key for the others: of a dimension of which a mention can have
    /// several values the others say little, and finding them is most of the work.
    Most(usize),
    /// These, in this order, met or not.
    These(Vec<String>),
}

/// What is measured besides the number of mentions, which always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Measures {
    /// Distinct authors, and mentions with one.
    pub authors: bool,
    /// How unevenly authors speak.
    pub voices: bool,
    /// Distinct texts.
    pub texts: bool,
    /// Engagement.
    pub engagement: bool,
    /// Potential audience.
    pub audience: bool,
    /// Classes and probabilities of sentiment.
    pub sentiment: bool,
}

impl Measures {
    /// Everything.
    pub const ALL: Self = Self {
        authors: true,
        voices: true,
        texts: true,
        engagement: true,
        audience: true,
        sentiment: true,
    };
}
