//! What the people who wrote are promised: opening, revealing, the audit log, erasure.

pub(super) mod audit;
pub(super) mod erasures;
pub(super) mod open;

use super::Failure;

/// The most words of a purpose or a reason.
const MAX_REASON: usize = 300;

/// A purpose or reason as it is kept: one line, 3 to 300 characters, without addresses, numbers and handles.
pub(super) fn reason(text: &str) -> Result<String, Failure> {
    let text = crate::privacy::plain_reason(text, &[]);
    match text.chars().count() {
        3..=MAX_REASON => Ok(text),
        _ => Err(Failure::Bad(format!(
            "a purpose or reason has 3 to {MAX_REASON} characters"
        ))),
    }
}
