//! Carrying all mentions from one store into another, of whichever kind, while the first goes on.
//!
//! A mention is carried as it is: with its scores, its part among the mentions of its post, the engagement known by now, and
//! with **when it was written**, so that permalinks and everything else that names a commit mean the same afterwards.
//!
//! **Days.** Both stores are looked at by the days (UTC) on which posts were published. What a day holds is told apart by its
//! [`DayMark`]: how many mentions it has, and the sum of when each was written. Every change of a mention is written in a
//! later commit than all before it, so a day whose mark is the same holds the same: it loses mentions (fewer), gains some
//! (more), or has as many, of which some were written later (a larger sum).
//!
//! **A pass** ([`Move::pass`]) goes through the days whose mark is not the one under which they were compared last, oldest first.
//! The mentions of both sides are listed by number and time of writing, what the target has not is put, what it should not
//! have is removed, and then all of the day is **read back from the target** and its [`Checksum`] compared with the source's. So a
//! pass that was killed is simply begun again: nothing of what is there is written twice, and what was written but not
//! compared is compared. When a pass finds nothing to do, both hold the same.
//!
//! **What was done** stands in a [`State`]: the mark and checksum of each day, and of the target's indices what changes with any
//! writing to them, so that a day whose index somebody else wrote to is compared anew.
//!
//! Until [`Move::seal`] the target is closed: no server opens it. Sealing gives it the source's journal position and
//! generation; then the source is closed.

mod closing;
mod day;
mod pass;
mod source;
mod state;

pub use closing::{close, closed};
pub use day::{Carried, Checksum, DayMark, Listed};
pub(crate) use day::{DAY, Place, day_of};
pub use pass::{Difference, Move, Pass, Progress};
pub(crate) use pass::{died, sum};
pub use source::Source;
pub(crate) use state::UNKNOWN;
pub use state::{Compared, State};
