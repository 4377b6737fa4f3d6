//! From the suppression list to admission: the one place where they meet.

use crate::control::{self, Control, Suppressed};
use post::{Admission, AuthorKey, HandleKey, Suppression};

/// From now on, admission refuses who is on the list of the control state.
pub fn suppress(admission: &Admission, control: &Control) -> Result<(), control::Error> {
    let (mut authors, mut handles) = (Vec::new(), Vec::new());
    for entry in control.suppression_entries()? {
        match entry {
            Suppressed::Author(hex) => authors.extend(AuthorKey::from_hex(&hex)),
            Suppressed::Handle(platform, token) => handles.push(HandleKey { platform, token }),
        }
    }
    admission.suppress(Suppression::new(authors, handles));
    Ok(())
}
