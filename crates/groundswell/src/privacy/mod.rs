//! The promises kept to the people who wrote: erasure and its receipt, the purge of deleted bytes, the suppression list.

mod reason;

pub use reason::plain_reason;
