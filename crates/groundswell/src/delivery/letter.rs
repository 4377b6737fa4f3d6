//! What a letter says.

use crate::report::Form;
use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};

/// A letter, as it waits in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The mail address it goes to.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// What it says, as plain text; an empty line begins a paragraph.
    pub text: String,
    /// The same as HTML, where there is one.
    #[serde(default)]
    pub html: Option<String>,
    /// What comes with it.
    pub attachment: Option<Attachment>,
}

/// A rendition of a report that comes with a letter. Its file is read when the letter is sent: what an erasure took away
/// meanwhile does not leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The rendition.
    pub rendition: String,
    /// Its form.
    pub form: Form,
    /// What the file is called.
    pub name: String,
}

/// Why no letter can go to an address.
pub fn address_fault(address: &str) -> Option<String> {
    match address.parse::<Mailbox>() {
        Ok(_) => None,
        Err(_) => Some(format!(
            "`{address:.80}` is no mail address such as ana@acme.example"
        )),
    }
}
