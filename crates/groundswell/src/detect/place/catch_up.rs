//! Taking up what the store holds: what was written since the state was saved, or all that is young enough.

use super::{State, is_of_topics, key, seen, text_of};
use post::Millis;
use std::collections::HashSet;
use store::{Context, Cursor, Filter, Mention, Snapshot};

/// Mentions taken up at most, the newest.
const MOST: usize = 100_000;
/// How far back, where nothing was saved: texts are remembered for about so long.
const BACK: Millis = 15 * 24 * 3_600_000;
/// Mentions read at once.
const PAGE: usize = 5_000;

/// What is needed of a mention.
struct Held {
    mention: Mention,
    text: String,
}

/// Places the mentions of the store where they are placed already: those written after a generation, or where there is
/// none, those of the last days. Gives their number.
pub(super) fn from_store(state: &mut State, store: &Snapshot, since: Option<u64>) -> anyhow::Result<usize> {
    let newest = Filter::default();
    let Some((_, newest)) = store.extent(&newest)? else {
        return Ok(0);
    };
    let filter = Filter {
        since,
        from: since.is_none().then_some(newest - BACK),
        context: Context::Without,
        ..Filter::default()
    };
    let mut held = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let page = store.mentions(&filter, cursor, PAGE)?;
        held.extend(page.items.into_iter().filter(|m| m.group.is_some()).map(slim));
        cursor = page.next;
        if cursor.is_none() || held.len() >= MOST {
            break;
        }
    }
    // As they came: the first of a group before its copies.
    held.sort_by_key(|h| {
        (
            h.mention.post.seen_at,
            h.mention.copy_of().is_some(),
            h.mention.id,
        )
    });
    // A post may be a mention of several projects.
    let mut fresh = HashSet::new();
    for h in &held {
        let is_new = state.restore_copy(&h.mention, &h.text) || fresh.contains(&h.mention.post.key);
        if is_new {
            fresh.insert(h.mention.post.key);
            state.restore_topic(&h.mention, &h.text);
        }
    }
    Ok(held.len())
}

/// Without what takes room and is not needed.
fn slim(mut mention: Mention) -> Held {
    let text = text_of(&mention.post);
    mention.post.text = String::new();
    mention.post.title = None;
    mention.scores = store::Scores::default();
    Held { mention, text }
}

impl State {
    fn restore_copy(&mut self, mention: &Mention, text: &str) -> bool {
        let group = mention.group.unwrap_or(key(mention.post.key));
        self.copies.restore(&seen(&mention.post, text), group)
    }

    fn restore_topic(&mut self, mention: &Mention, text: &str) {
        let post = &mention.post;
        let Some(topic) = mention.topic.filter(|_| is_of_topics(post)) else {
            return;
        };
        let mut terms = std::mem::take(&mut self.terms);
        terms.read(text);
        let project = self.project(&mention.project, crate::clock::now());
        project
            .topics
            .restore(key(post.key), mention.group, &terms, topic);
        project.news.see(topic, mention, mention.copy_of().is_none());
        self.terms = terms;
    }
}
