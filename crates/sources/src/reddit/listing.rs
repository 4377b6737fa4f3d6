//! Walking a listing from its newest item back to what is known.

use super::wire::{Found, number};
use crate::health::Gap;
use post::RawPost;
use serde::{Deserialize, Serialize};

/// Listings end near this many items.
pub(super) const END: usize = 1000;
/// A listing that ended this close to it may have had more.
const NEAR_END: usize = 900;

/// The newest item that is known of a listing. Ids are compared, not looked up, so that it may be deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The number of its id.
    pub(super) number: u64,
    /// When it was published, milliseconds since 1970.
    pub(super) at: i64,
}

/// A walk that is not at its end.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Where the next page begins: behind this item; `None` at the newest.
    pub(super) after: Option<String>,
    /// Items of the last page to begin behind, should `after` have been deleted meanwhile.
    others: Vec<String>,
    top: Option<Mark>,
    oldest: Option<i64>,
    count: usize,
}

/// What a page means.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// Another page is due.
    More,
    /// Everything newer than the mark was seen; this is the new mark.
    End(Mark, Option<Gap>),
}

impl Walk {
    /// Items seen so far.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// When the oldest item seen was published.
    pub(super) fn oldest(&self) -> Option<i64> {
        self.oldest
    }

    /// Takes a page; `mark` is what was known before, `None` where the newest page is enough.
    pub(super) fn page(&mut self, found: &Found, mark: Option<Mark>) -> Step {
        if found.children == 0 && self.after.is_some() {
            // Behind an item that is gone there is nothing: the one before it will do.
            self.after = self.others.pop();
            return match self.after {
                Some(_) => Step::More,
                None => self.end(mark, true),
            };
        }
        let marks: Vec<Mark> = found.posts.iter().filter_map(position).collect();
        self.count += found.children;
        for mark in &marks {
            let top = self.top.get_or_insert(*mark);
            top.number = top.number.max(mark.number);
            // What was deleted has no time.
            top.at = top.at.max(mark.at);
        }
        let times = marks.iter().map(|m| m.at).filter(|at| *at > 0);
        self.oldest = self.oldest.into_iter().chain(times).min();
        let known = |mark: Mark| marks.iter().any(|m| m.number <= mark.number);
        if mark.is_none_or(known) {
            return self.end(mark, false);
        }
        let names = found
            .posts
            .iter()
            .filter_map(|p| p.uid.as_deref()?.split_once(':'));
        self.others = names.map(|(_, name)| name.to_owned()).collect();
        self.after = found.after.clone();
        self.others.retain(|n| Some(n) != self.after.as_ref());
        match self.after {
            Some(_) if self.count < 2 * END => Step::More,
            _ => self.end(mark, self.count >= NEAR_END),
        }
    }

    fn end(&mut self, mark: Option<Mark>, short: bool) -> Step {
        let gap = mark.filter(|_| short).map(|known| Gap {
            from: known.at,
            until: self.oldest.unwrap_or(known.at),
            reason: format!("Reddit lists no more than about {END} items"),
            repaired: false,
        });
        let before = mark.unwrap_or(Mark { number: 0, at: 0 });
        let top = self.top.filter(|t| t.number > before.number).unwrap_or(before);
        *self = Self::default();
        Step::End(top, gap)
    }
}

fn position(post: &RawPost) -> Option<Mark> {
    let (_, id) = post.uid.as_deref()?.split_once('_')?;
    Some(Mark {
        number: number(id)?,
        at: post
            .created_at
            .as_deref()
            .and_then(crate::time::millis)
            .unwrap_or(0),
    })
}
