//! The sources of an installation: what they are, running them, what they say of themselves, and what is asked of them
//! beside following: the past of a new monitor, whether posts are still there, whether a configuration works.
//!
//! Sources come from the configuration file, which wins and is read-only to the API, or from the API, which keeps them
//! in the control state with their secrets sealed.

mod coverage;
mod definition;
mod hooks;
mod memory;
mod past;
mod sign_in;
mod supervisor;
mod sweep;
mod trial;
mod wishes;

pub use coverage::Meter;
pub use definition::{Definition, Faults, Origin, in_words};
pub use hooks::Called;
pub use memory::Kept;
pub use past::{PastFault, PastSearch, Searches};
pub use sign_in::{SignIn, SignInFault};
pub use supervisor::{Change, Plan, Running, Supervisor};
pub use trial::{Trial, try_out};
pub use wishes::sought;
