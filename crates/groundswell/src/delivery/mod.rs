//! What leaves the house by itself: letters in an outbox, sent until they are taken or refused.
//!
//! A letter is put into the outbox in the transaction of what it tells of, so that none is lost, and under the name of
//! what it tells and whom, so that none is written twice. Whoever sends it ([`run`]) notes the answer afterwards. A process
//! that dies in between sends the letter again, under the same `Message-ID`: servers that took it drop the second one.

mod letter;
mod mail;
mod run;

pub use letter::{Attachment, Letter, address_fault};
pub use mail::{Mailer, Security, Settings, Trouble};
pub use run::run;
