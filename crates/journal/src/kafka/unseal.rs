//! Reading a value as it lies in a topic: envelope, data key, entry.

use crate::entry::Entry;
use crate::kafka::codec::{self, Refused};
use crate::kafka::error::{Error, Result};
use crate::kafka::keys::KeyRing;
use post::Millis;

/// An entry that could be read.
pub(crate) struct Unsealed {
    /// When its batch was seen.
    pub(crate) seen_at: Millis,
    /// The version of the monitor set to match it under.
    pub(crate) monitors: u64,
    pub(crate) entry: Entry,
}

/// Why a value cannot be read, and never will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    Bad(&'static str),
    /// Its data key is destroyed.
    KeyDestroyed,
}

/// What a value is. One of a newer program is an error, which `place` words: this program must not put aside what that one
/// can read.
pub(crate) fn unseal(
    key: &[u8],
    value: &[u8],
    keys: &mut KeyRing,
    place: impl FnOnce(&str) -> String,
) -> Result<std::result::Result<Unsealed, Unreadable>> {
    read(key, value, keys, place, true)
}

/// The same, but the identity of a post stays sealed: an empty one is in its place.
pub(crate) fn leave_sealed(
    key: &[u8],
    value: &[u8],
    keys: &mut KeyRing,
    place: impl FnOnce(&str) -> String,
) -> Result<std::result::Result<Unsealed, Unreadable>> {
    read(key, value, keys, place, false)
}

fn read(
    key: &[u8],
    value: &[u8],
    keys: &mut KeyRing,
    place: impl FnOnce(&str) -> String,
    opens: bool,
) -> Result<std::result::Result<Unsealed, Unreadable>> {
    let (envelope, record) = match codec::open(value) {
        Ok(opened) => opened,
        Err(refused) => return refuse(refused, place).map(Err),
    };
    let Some(data_key) = keys.opening(envelope.data_key)? else {
        return Ok(Err(Unreadable::KeyDestroyed));
    };
    let decoded = codec::decode(key, envelope.form, record, opens.then_some(&data_key));
    Ok(decoded.map_err(Unreadable::Bad).map(|(seen_at, entry)| Unsealed {
        seen_at,
        monitors: envelope.monitors,
        entry,
    }))
}

/// What is refused for good is put aside; a newer form is an error.
pub(crate) fn refuse(refused: Refused, place: impl FnOnce(&str) -> String) -> Result<Unreadable> {
    match refused {
        Refused::Bad(reason) => Ok(Unreadable::Bad(reason)),
        Refused::Newer {
            what,
            found,
            supported,
        } => Err(Error::NewerFormat {
            place: place(what),
            found,
            supported,
        }),
    }
}
