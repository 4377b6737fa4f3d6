//! The promises kept to the people who wrote: erasure and its receipt, the purge of deleted bytes, the suppression list.

mod collect;
mod erasure;
mod exports;
mod find;
mod ledger;
mod purge;
mod reason;
mod receipt;
pub(crate) mod staging;
mod suppress;

pub use erasure::{Asked, Begun, EraseError};
pub use ledger::LEDGER;
pub use purge::{Clock, Purge};
pub use reason::plain_reason;
pub use receipt::{Checked, Receipt};
pub use suppress::suppress;

use crate::control::Control;
use std::path::Path;

/// Wraps the keys of the journal's segments by the newest `K_wrap` where a rotation was cut short before that.
pub fn finish_rotation(control: &Control, data: &Path) -> anyhow::Result<()> {
    if let Some(old) = control.old_wrap() {
        journal::Lock::take(&data.join("journal"))?.rewrap(&old, &control.keys().wrap)?;
        control.finish_rotation(data)?;
    }
    Ok(())
}
