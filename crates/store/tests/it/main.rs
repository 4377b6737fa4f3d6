//! The store through its public face.
#![allow(clippy::unwrap_used, missing_docs)]

mod made;
mod model;
mod oracle;
mod recovery;
