//! What the tests share: local servers that play platforms, and the running of a source.

pub(crate) mod facts;
pub(crate) mod faults;
pub(crate) mod http;
pub(crate) mod running;
pub(crate) mod shared;
pub(crate) mod sockets;
