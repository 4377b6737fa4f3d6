//! What a connector has delivered lately, for platforms whose lists are read again and again.

use post::{Event, RawPost};
use std::collections::{HashMap, VecDeque};

/// The latest posts by uid, and which version of each was delivered.
#[derive(Debug)]
pub(crate) struct Seen {
    versions: HashMap<String, Version>,
    order: VecDeque<String>,
    most: usize,
}

#[derive(Debug, PartialEq)]
struct Version {
    edited_at: Option<String>,
    has_author: bool,
    gone: bool,
}

impl Seen {
    /// Remembers `most` posts.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            versions: HashMap::new(),
            order: VecDeque::new(),
            most,
        }
    }

    /// Whether the post is news, which it no longer is the next time. One that changed since becomes an edit.
    pub(crate) fn news(&mut self, post: &mut RawPost) -> bool {
        let Some(uid) = post.uid.clone() else {
            return true;
        };
        let version = Version {
            edited_at: post.edited_at.clone(),
            has_author: post.author.is_some(),
            gone: post.event == Event::Delete,
        };
        match self.versions.get_mut(&uid) {
            Some(before) if *before == version => false,
            Some(before) => {
                *before = version;
                if post.event == Event::Create {
                    post.event = Event::Edit;
                }
                true
            }
            None => {
                self.versions.insert(uid.clone(), version);
                self.order.push_back(uid);
                if self.order.len() > self.most
                    && let Some(oldest) = self.order.pop_front()
                {
                    self.versions.remove(&oldest);
                }
                true
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_news_once_and_again_when_it_changes() {
        let mut seen = Seen::new(2);
        let post = |uid: &str, edited_at: Option<&str>| RawPost {
            uid: Some(uid.to_owned()),
            edited_at: edited_at.map(str::to_owned),
            ..RawPost::default()
        };
        assert!(seen.news(&mut post("a", None)));
        assert!(!seen.news(&mut post("a", None)));
        let mut edited = post("a", Some("2026-01-01T00:00:00Z"));
        assert!(seen.news(&mut edited));
        assert_eq!(edited.event, Event::Edit);
        assert!(seen.news(&mut post("b", None)) && seen.news(&mut post("c", None)));
        assert!(
            seen.news(&mut post("a", None)),
            "of more than two, the oldest is forgotten"
        );
    }
}
