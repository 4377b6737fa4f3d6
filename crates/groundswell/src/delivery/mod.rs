//! What leaves the house by itself: messages in one outbox, sent until they are taken or refused.
//!
//! A message is put into the outbox in the transaction of what it tells of, so that none is lost, and under the name of
//! what it tells and whom, so that none is written twice. Whoever sends it ([`run`]) notes the answer afterwards. A process
//! that dies in between sends the message again under the same id (`Message-ID`, `webhook-id`, Matrix' transaction):
//! whoever took it drops the second one.

mod channels;
mod letter;
mod mail;
mod run;
mod send;
mod telling;
mod waits;

pub use channels::{SECRET_PREFIX, signature};
pub use letter::{Attachment, Letter, address_fault};
pub use mail::{Mailer, Security, Settings, Trouble};
pub use run::run;
pub(crate) use send::tell;
pub use telling::{Severity, Telling, Told};
