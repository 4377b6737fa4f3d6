//! The data keys: what could name a person is sealed under the key of its day.
//!
//! ```text
//! topic  <prefix>.keys, compacted, one partition
//! key    data key id [16], random
//! value  format u8 | period's end i64 | nonce [24] | wrapped key [48]
//! ```
//! A segment of the local journal has a key of its own, destroyed with the segment. A topic has no such file, so the
//! place of the segment is taken by a period of time (a day): every producer makes a key of its own for each period it
//! writes in, so that producers agree on nothing, and puts it, wrapped by the installation's key, into this topic
//! before the first record sealed under it. Once everything of the period is past its retention, tombstones destroy its
//! keys, and compaction takes them off the disks: whatever an old disk or a mirror still holds of the posts' topic
//! names nobody any more.

use crate::kafka::error::{Error, Result};
use crate::kafka::send::{Outgoing, Sender};
use crate::kafka::settings::Settings;
use crate::kafka::table::{Noted, Row, Table};
use crate::seal::{NONCE, SegmentKey, WRAPPED, Wrapped};
use post::Millis;
use std::collections::{HashMap, HashSet};
use std::fmt;

const FORMAT: u8 = 1;
const VALUE: usize = 1 + 8 + NONCE + WRAPPED;

/// The id of a data key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct KeyId(pub(crate) [u8; 16]);

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

/// A data key as it lies in the topic.
struct Stored {
    period_end: Millis,
    wrapped: Wrapped,
}

/// The data keys that are not destroyed.
pub(crate) struct KeyRing {
    table: Table,
    installation: [u8; 32],
    period: i64,
    retention: i64,
    stored: HashMap<KeyId, Stored>,
    opened: HashMap<KeyId, SegmentKey>,
    /// Ids that were looked for in vain. None comes back: they are random.
    missing: HashSet<KeyId>,
    /// Those this process made, by the end of their period.
    own: HashMap<Millis, KeyId>,
}

impl KeyRing {
    pub(crate) fn open(settings: &Settings) -> Result<KeyRing> {
        let mut ring = KeyRing {
            table: Table::open(settings, settings.keys())?,
            installation: settings.key,
            period: settings.key_period.as_millis() as i64,
            retention: settings.retention.as_millis() as i64,
            stored: HashMap::new(),
            opened: HashMap::new(),
            missing: HashSet::new(),
            own: HashMap::new(),
        };
        ring.read_until_end()?;
        Ok(ring)
    }

    /// The same, of keys that the settings' installation key opens: what is wrong with it is known at the start, not
    /// at the first record.
    pub(crate) fn open_checked(settings: &Settings) -> Result<KeyRing> {
        let mut ring = KeyRing::open(settings)?;
        let ids: Vec<KeyId> = ring.stored.keys().copied().collect();
        ids.into_iter().try_for_each(|id| ring.unwrap(id).map(drop))?;
        Ok(ring)
    }

    fn read_until_end(&mut self) -> Result<()> {
        let (stored, opened) = (&mut self.stored, &mut self.opened);
        self.table.until_end(|row| note(row, stored, opened))
    }

    /// The key to seal what was seen at this time under, made if this process has none for the period.
    pub(crate) fn sealing(&mut self, seen_at: Millis, sender: &mut Sender) -> Result<(KeyId, SegmentKey)> {
        let (stored, opened) = (&mut self.stored, &mut self.opened);
        self.table.arrived(|row| note(row, stored, opened))?;
        let end = seen_at
            .div_euclid(self.period)
            .saturating_add(1)
            .saturating_mul(self.period);
        if let Some(id) = self.own.get(&end)
            && let Some(key) = self.opened.get(id)
        {
            return Ok((*id, key.clone()));
        }
        let mut id = [0u8; 16];
        getrandom::fill(&mut id).map_err(crate::Error::Random)?;
        let id = KeyId(id);
        let (key, wrapped) = SegmentKey::create(&self.installation, &place(id, end))?;
        let stored = Stored {
            period_end: end,
            wrapped,
        };
        self.put(id, Some(&stored), seen_at, sender)?;
        sender.wait()?;
        self.stored.insert(id, stored);
        self.opened.insert(id, key.clone());
        self.own.insert(end, id);
        Ok((id, key))
    }

    /// The key of this id; `None` where it was destroyed.
    pub(crate) fn opening(&mut self, id: KeyId) -> Result<Option<SegmentKey>> {
        if let Some(key) = self.opened.get(&id) {
            return Ok(Some(key.clone()));
        }
        if !self.stored.contains_key(&id) && !self.missing.contains(&id) {
            // It was put there before the record that names it, so if it is not there now it is gone.
            self.read_until_end()?;
        }
        let key = self.unwrap(id)?;
        if key.is_none() {
            self.missing.insert(id);
        }
        Ok(key)
    }

    fn unwrap(&mut self, id: KeyId) -> Result<Option<SegmentKey>> {
        let Some(stored) = self.stored.get(&id) else {
            return Ok(None);
        };
        let key = SegmentKey::unwrap(&self.installation, &place(id, stored.period_end), &stored.wrapped)
            .ok_or_else(|| Error::WrongKey {
                topic: self.table.topic().to_owned(),
            })?;
        self.opened.insert(id, key.clone());
        Ok(Some(key))
    }

    /// Destroys the keys of which everything is past its retention, and says how many those were.
    pub(crate) fn destroy_expired(&mut self, now: Millis, sender: &mut Sender) -> Result<usize> {
        self.read_until_end()?;
        let limit = now.saturating_sub(self.retention);
        let expired: Vec<KeyId> = (self.stored.iter())
            .filter(|(_, stored)| stored.period_end < limit)
            .map(|(id, _)| *id)
            .collect();
        for id in &expired {
            self.put(*id, None, now, sender)?;
        }
        sender.wait()?;
        for id in &expired {
            self.stored.remove(id);
            self.opened.remove(id);
        }
        Ok(expired.len())
    }

    fn rewrap(&mut self, new: &[u8; 32], now: Millis, sender: &mut Sender) -> Result<usize> {
        self.read_until_end()?;
        let mut rewrapped = Vec::new();
        for (&id, stored) in &self.stored {
            let place = place(id, stored.period_end);
            if SegmentKey::unwrap(new, &place, &stored.wrapped).is_some() {
                continue;
            }
            let wrapped = SegmentKey::rewrap(&self.installation, new, &place, &stored.wrapped)?;
            let wrapped = wrapped.ok_or_else(|| Error::WrongKey {
                topic: self.table.topic().to_owned(),
            })?;
            let period_end = stored.period_end;
            rewrapped.push((id, Stored { period_end, wrapped }));
        }
        for (id, stored) in &rewrapped {
            self.put(*id, Some(stored), now, sender)?;
        }
        sender.wait()?;
        Ok(rewrapped.len())
    }

    fn put(&self, id: KeyId, stored: Option<&Stored>, at: Millis, sender: &mut Sender) -> Result<()> {
        let value = stored.map(Stored::bytes);
        sender.put(Outgoing::new(self.table.topic(), id.0, value, at))
    }
}

/// Wraps every data key by the installation key `new` instead of that of the settings, and says how many there were.
/// All other processes must be stopped, and started again with the new key. Called again after a crash, it goes on
/// where it was.
pub fn rewrap_keys(settings: &Settings, new: &[u8; 32], now: Millis) -> Result<usize> {
    settings.check()?;
    KeyRing::open(settings)?.rewrap(new, now, &mut Sender::open(settings)?)
}

fn note(row: Row<'_>, stored: &mut HashMap<KeyId, Stored>, opened: &mut HashMap<KeyId, SegmentKey>) -> Noted {
    let id = KeyId(row.key.try_into().map_err(|_| "its key is not 16 bytes long")?);
    match row.value {
        Some(value) => drop(stored.insert(id, Stored::read(value)?)),
        None => {
            stored.remove(&id);
            opened.remove(&id);
        }
    }
    Ok(())
}

impl Stored {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(VALUE);
        bytes.push(FORMAT);
        bytes.extend_from_slice(&self.period_end.to_le_bytes());
        bytes.extend_from_slice(&self.wrapped.nonce);
        bytes.extend_from_slice(&self.wrapped.bytes);
        bytes
    }

    fn read(value: &[u8]) -> std::result::Result<Stored, &'static str> {
        let value: &[u8; VALUE] = value.try_into().map_err(|_| "its value is not a wrapped key")?;
        if value[0] != FORMAT {
            return Err("its format is newer than this program: use a newer groundswell");
        }
        let mut period_end = [0; 8];
        period_end.copy_from_slice(&value[1..9]);
        let mut wrapped = Wrapped {
            nonce: [0; NONCE],
            bytes: [0; WRAPPED],
        };
        wrapped.nonce.copy_from_slice(&value[9..9 + NONCE]);
        wrapped.bytes.copy_from_slice(&value[9 + NONCE..]);
        Ok(Stored {
            period_end: Millis::from_le_bytes(period_end),
            wrapped,
        })
    }
}

/// What a wrapped key is bound to.
fn place(id: KeyId, period_end: Millis) -> Vec<u8> {
    [&b"GSK1"[..], &id.0, &period_end.to_le_bytes()].concat()
}
