//! What a connector has delivered lately, for platforms whose lists are read again and again.

use post::{Counts, Event, RawPost};
use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher;

/// The latest posts by uid, and which version of each was delivered.
#[derive(Debug)]
pub(crate) struct Seen {
    versions: HashMap<String, Version>,
    order: VecDeque<String>,
    most: usize,
    counting: bool,
    hasher: foldhash::fast::RandomState,
}

#[derive(Debug, Clone, PartialEq)]
struct Version {
    edited_at: Option<String>,
    has_author: bool,
    gone: bool,
    /// A hash of what can be read.
    content: u64,
    counts: Counts,
}

impl Seen {
    /// Remembers `most` posts.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            versions: HashMap::new(),
            order: VecDeque::new(),
            most,
            counting: false,
            hasher: foldhash::fast::RandomState::default(),
        }
    }

    /// New counts are news too.
    pub(crate) fn counting(mut self) -> Self {
        self.counting = true;
        self
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
            content: self.hasher.hash_one((&post.title, &post.text, &post.created_at)),
            counts: if self.counting {
                post.counts
            } else {
                Counts::default()
            },
        };
        match self.versions.get_mut(&uid) {
            Some(before) if *before == version => false,
            Some(before)
                if (Version {
                    counts: version.counts,
                    ..before.clone()
                }) == version =>
            {
                before.counts = version.counts;
                post.event = Event::Engagement;
                true
            }
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
        edited.counts.likes = Some(3);
        assert!(!seen.news(&mut edited), "counts are not looked at");
        assert!(seen.news(&mut post("b", None)) && seen.news(&mut post("c", None)));
        assert!(
            seen.news(&mut post("a", None)),
            "of more than two, the oldest is forgotten"
        );
    }

    #[test]
    fn new_counts_are_news_where_they_are_wanted() {
        let mut seen = Seen::new(2).counting();
        let mut post = RawPost {
            uid: Some("a".to_owned()),
            ..RawPost::default()
        };
        assert!(seen.news(&mut post.clone()));
        post.counts.likes = Some(3);
        assert!(seen.news(&mut post));
        assert_eq!(post.event, Event::Engagement);
        post.event = Event::Create;
        assert!(!seen.news(&mut post));
        post.text = "changed".to_owned();
        assert!(seen.news(&mut post));
        assert_eq!(post.event, Event::Edit);
    }
}
