//! What follows from many posts for those who plan: when posts meet with more, what moves sentiment, who is answered.

mod change;
mod drivers;
mod influence;
mod times;

pub use change::{Changed, changed, total};
pub use drivers::{Driver, Drivers, Judged, drivers};
pub use influence::{DAMPING, Link, Received, received};
pub use times::{HISTORY, HOURS, HourOfWeek, LEAST, Posted, Times, times};
