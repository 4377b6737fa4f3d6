//! Mentions, as they are written.

use super::{DAY, Definition, Fired, Ground, State, scope};
use post::{Millis, PostKey};
use store::{Filter, mention_number};

/// A post that was published longer ago is no news: a source brings its past along, an edit brings an old post back.
const NEWS: Millis = DAY;
/// Mentions looked at in one pass; what is beyond waits for the next one.
const MOST: usize = 2_000;
const PAGE: usize = 200;

/// What waits and may be told now.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Due {
    pub(super) from: Millis,
    pub(super) count: u64,
    pub(super) mentions: Vec<String>,
}

/// Adds mentions of one moment to those that wait.
pub(super) fn add(state: &mut State, count: u64, from: Millis, mentions: impl IntoIterator<Item = String>) {
    if count == 0 {
        return;
    }
    if state.pending == 0 || from < state.pending_from {
        state.pending_from = from;
    }
    state.pending += count;
    let mut newest: Vec<String> = mentions.into_iter().collect();
    newest.append(&mut state.pending_mentions);
    newest.truncate(super::fired::EVIDENCE);
    state.pending_mentions = newest;
}

/// Takes what waits, where it may be told at `now`: it is enough, and the cooldown is over.
pub(super) fn take(definition: &Definition, state: &mut State, now: Millis) -> Option<Due> {
    if state.pending < definition.min_sample.max(1) || !state.may("", now, definition.cooldown_ms()) {
        return None;
    }
    state.told("", now);
    Some(Due {
        from: state.pending_from,
        count: std::mem::take(&mut state.pending),
        mentions: std::mem::take(&mut state.pending_mentions),
    })
}

/// Looks for mentions that were written since; gives the posts that are now told of or wait to be.
pub(super) fn arrived(
    ground: &Ground<'_>,
    (alert, filter): (&str, &Filter),
    state: &mut State,
    now: Millis,
) -> anyhow::Result<Vec<(PostKey, Millis)>> {
    let snapshot = ground.engine.store.snapshot();
    let upto = snapshot.generation();
    if upto < state.generation {
        // The store was built anew: what is seen is not told again, so all that is news may be looked at.
        state.generation = 0;
    }
    if upto == state.generation {
        return Ok(Vec::new());
    }
    let filter = Filter {
        since: Some(state.generation),
        upto: Some(upto),
        from: Some(state.since.max(now - NEWS)),
        ..filter.clone()
    };
    let (mut cursor, mut found) = (None, Vec::new());
    loop {
        let page = snapshot.mentions(&filter, cursor, PAGE)?;
        found.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || found.len() >= MOST {
            break;
        }
    }
    let keys: Vec<PostKey> = found.iter().map(|m| m.post.key).collect();
    let mut seen = ground.engine.control.alert_seen(alert, &keys)?;
    // A post that several monitors found counts once.
    found.retain(|m| seen.insert(m.post.key));
    let oldest = found.iter().map(|m| m.post.created_at).min().unwrap_or(now);
    let numbers = found.iter().map(|m| scope::number(mention_number(m.id)));
    add(state, found.len() as u64, oldest, numbers);
    if cursor.is_none() {
        state.generation = upto;
    }
    Ok(found.iter().map(|m| (m.post.key, now)).collect())
}

/// Posts told of before this are not told of again, for they are no news.
pub(super) fn seen_until(now: Millis) -> Millis {
    now - 2 * NEWS
}

/// The event of what is due.
pub(super) fn fired(due: Due, now: Millis) -> Fired {
    Fired {
        at: now,
        from: due.from,
        until: now,
        value: Some(due.count as f64),
        count: due.count,
        mentions: due.mentions,
        ..Fired::default()
    }
}
