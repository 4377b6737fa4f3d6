//! What happens in the stream: detectors that read the store bin by bin, and what they found.
//!
//! ```text
//! commits ──told, never waited for──▶ watch (one thread) ──▶ walk: per project, closed bins read from the store
//!                                                              ├─ pulse: series per monitor and metric
//!                                                              ├─ trending: terms per monitor
//!                                                              ├─ rings: coordination per project
//!                                                              └─ machines: automation per project
//! ```
//!
//! Bins are read from the store once they are closed, and not counted from commits: the store is what stands after edits,
//! deletions, duplicates and replays. So a restart goes on at the bin where the kept state ends, and neither loses nor
//! doubles a mention; and the past is found by the very same walk, begun earlier. What turns up in bins that were read
//! long ago (a back-fill, a new or edited monitor) makes the project be walked again from its beginning.

pub(crate) mod explained;
mod finding;
mod heard;
mod keep;
mod lag;
mod likely;
mod machines;
mod offline;
mod open;
mod place;
mod pulse;
mod read;
mod rings;
mod run;
mod settings;
mod state;
mod trending;
mod walk;
mod watch;

#[cfg(test)]
mod faults;
#[cfg(test)]
mod tests;

pub use finding::{Detail, Finding, FindingKind, Metric, TrendWord};
pub use likely::Likely;
pub(crate) use machines::{Automated, MachineReason};
pub(crate) use offline::over;
pub(crate) use place::group_name;
pub use place::{Placer, Upkeep};
pub(crate) use read::head;
pub use run::Detectors;
pub(crate) use settings::Sensitivity;

/// Seconds of a bin.
pub(crate) const BIN: i64 = 300;
/// Seconds of a day.
const DAY: i64 = 86_400;
/// The past that is walked, in seconds: four weeks make the shape of a week.
const PAST: i64 = 28 * DAY;
/// What ended so many seconds ago is past: nobody is alerted to it.
const NEWS: i64 = 3_600;
