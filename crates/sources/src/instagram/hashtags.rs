//! The platform's quota of hashtags: 30 different ones in any 7 days.

use crate::http::{Trouble, TroubleKind};
use crate::keep::Keep;
use crate::poll::now_ms;
use crate::wanted::{Sought, Wanted};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Hashtags that may be asked for in a week.
pub(super) const MOST: usize = 30;
const WEEK_MS: i64 = 7 * 86_400_000;
const KEY: &str = "instagram.hashtags";
/// Alternatives of one wish that are looked through.
const MOST_ALTERNATIVES: usize = 100;

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Entry {
    /// When its week began, milliseconds since 1970.
    since: i64,
    /// The platform's id of the hashtag, where it is known.
    id: Option<String>,
}

/// The book of hashtags asked for, kept between runs.
pub(super) struct Book {
    keep: Arc<dyn Keep>,
    entries: Mutex<BTreeMap<String, Entry>>,
}

impl Book {
    pub(super) fn open(keep: Arc<dyn Keep>) -> Self {
        let entries = keep
            .get(KEY)
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        Self {
            keep,
            entries: Mutex::new(entries),
        }
    }

    /// Whether a hashtag may be asked for: it is of this week already, or there is room.
    pub(super) fn has_room(&self, name: &str) -> bool {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now_ms();
        let live = |e: &Entry| now - e.since < WEEK_MS;
        entries.get(name).is_some_and(live) || entries.values().filter(|e| live(e)).count() < MOST
    }

    /// Writes a hashtag down before it is asked for; its id, where it is known.
    pub(super) fn take(&self, name: &str) -> Result<Option<String>, Trouble> {
        if !self.has_room(name) {
            let message = format!("{MOST} different hashtags were asked for in 7 days: no more are allowed");
            return Err(Trouble::new(TroubleKind::Rejected, message));
        }
        let now = now_ms();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = entries.clone();
        next.retain(|_, e| now - e.since < WEEK_MS);
        let entry = next.entry(name.to_owned()).or_insert(Entry {
            since: now,
            // Ids stay the same.
            id: entries.get(name).and_then(|e| e.id.clone()),
        });
        let id = entry.id.clone();
        self.write(&mut entries, next)?;
        Ok(id)
    }

    /// Notes a hashtag's id.
    pub(super) fn learn(&self, name: &str, id: &str) -> Result<(), Trouble> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = entries.clone();
        if let Some(entry) = next.get_mut(name) {
            entry.id = Some(id.to_owned());
        }
        self.write(&mut entries, next)
    }

    fn write(
        &self,
        entries: &mut BTreeMap<String, Entry>,
        next: BTreeMap<String, Entry>,
    ) -> Result<(), Trouble> {
        let text = serde_json::to_string(&next).unwrap_or_default();
        self.keep
            .put(KEY, &text)
            .map_err(|e| Trouble::new(TroubleKind::Server, format!("the book of hashtags {e}")))?;
        *entries = next;
        Ok(())
    }
}

/// The hashtags that are wanted, and whether every wish can be asked by hashtags alone.
pub(super) fn wanted(wishes: &[Wanted]) -> (BTreeSet<String>, bool) {
    let (mut names, mut all) = (BTreeSet::new(), true);
    for wish in wishes {
        let alternatives = wish.sought.alternatives(MOST_ALTERNATIVES).unwrap_or_default();
        all &= !alternatives.is_empty();
        for alternative in alternatives {
            let tag = alternative.must.iter().find_map(|m| match m {
                Sought::Hashtag(tag) => cleaned(tag),
                _ => None,
            });
            all &= tag.is_some();
            names.extend(tag);
        }
    }
    (names, all)
}

/// A hashtag as the platform takes it: letters, digits and `_`; no emoji.
pub(super) fn cleaned(tag: &str) -> Option<String> {
    let tag = tag.trim().trim_start_matches('#').to_lowercase();
    let good = !tag.is_empty() && tag.chars().all(|c| c.is_alphanumeric() || c == '_');
    good.then_some(tag)
}
