//! What remembers a stream in fixed memory.

mod bloom;
mod counts;
mod lowest;
mod seen;

pub(crate) use bloom::Bloom;
pub use counts::Counts;
pub use lowest::Lowest;
pub use seen::Seen;
