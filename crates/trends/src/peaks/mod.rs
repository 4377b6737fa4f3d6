//! Peaks of a metric of a monitor.
//!
//! A [`Meter`] turns mentions into bins, a [`Series`] turns bins into readings: how far the bin lies above what was to be
//! expected, and how often a series like this one goes that far by chance. A reading becomes an alarm when chance alone
//! would do so less often than asked: the sensitivity is the *expected false alarms per week*. [`accept`] keeps the rate
//! of false ones low when thousands of series are looked at in one tick.
//!
//! Metrics: mentions and engagement as they are; new authors are those whose key, paired with the monitor's, is new to a
//! [`crate::sketches::Seen`]; shares, as of negative mentions, have a [`ShareSeries`].

mod calibration;
mod config;
mod family;
mod levels;
mod meter;
mod profile;
mod series;
mod shares;
mod sparse;

pub use calibration::Maxima;
pub use config::{Config, Direction, Scale};
pub use family::accept;
pub use meter::{Bin, Meter, Placed};
pub use series::{Alarm, Kind, Reading, Series};
pub use shares::{ShareReading, ShareSeries};
