//! Reading all comments of a post: the tree, and what the tree only names.

use super::api::Api;
use super::wire::{Found, More};
use crate::error::Refused;
use crate::http::Request;
use std::collections::VecDeque;

/// Comments that `/api/morechildren` takes at once.
const TOGETHER: usize = 100;
/// Comments that a tree shows at once.
pub(super) const TREE: u64 = 500;
/// Requests for one reading of a thread; of more comments, those named last are left out.
const MAX_REQUESTS: usize = 200;

enum Ask {
    /// The tree, from this comment on.
    Tree(Option<String>),
    /// These comments.
    More(Vec<String>),
}

/// A thread that is read.
pub(super) struct Tree {
    link: String,
    asks: VecDeque<Ask>,
    sent: usize,
}

impl Tree {
    pub(super) fn new(link: &str) -> Self {
        Self {
            link: link.to_owned(),
            asks: VecDeque::from([Ask::Tree(None)]),
            sent: 0,
        }
    }

    /// The next request, for at most so many comments.
    pub(super) fn request(&self, api: &Api, limit: u64) -> Request {
        let link = &self.link;
        let tree = |path: String| {
            api.get(&path, "/comments")
                .query("sort", "new")
                .query("limit", limit.to_string())
        };
        match self.asks.front() {
            None | Some(Ask::Tree(None)) => tree(format!("/comments/{link}")),
            Some(Ask::Tree(Some(comment))) => tree(format!("/comments/{link}/_/{comment}")),
            Some(Ask::More(children)) => api
                .get("/api/morechildren", "/api/morechildren")
                .query("api_type", "json")
                .query("link_id", format!("t3_{link}"))
                .query("children", children.join(",")),
        }
    }

    /// Notes what the answer names only. Says whether that was all, and what was left out.
    pub(super) fn took(&mut self, found: &mut Found) -> (bool, Option<Refused>) {
        self.asks.pop_front();
        self.sent += 1;
        for more in std::mem::take(&mut found.more) {
            self.note(more);
        }
        let room = MAX_REQUESTS.saturating_sub(self.sent);
        let left_out = self.asks.len() > room;
        self.asks.truncate(room);
        if self.asks.is_empty() {
            *self = Self::new(&self.link.clone());
        }
        let refused =
            left_out.then(|| Refused::new("too_long", "a thread", "more comments than are read of a thread"));
        (self.sent == 0, refused)
    }

    fn note(&mut self, more: More) {
        let parent = more.parent.strip_prefix("t1_");
        match (more.children.is_empty(), parent) {
            (false, _) => {
                let chunks = more.children.chunks(TOGETHER);
                self.asks.extend(chunks.map(|c| Ask::More(c.to_vec())));
            }
            (true, Some(comment)) if super::wire::number(comment).is_some() => {
                self.asks.push_back(Ask::Tree(Some(comment.to_owned())));
            }
            _ => {}
        }
    }
}
