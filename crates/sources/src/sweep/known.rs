//! What was delivered already, so that a list that is read again and again gives news only.

use post::{Counts, Event, RawPost};
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Posts remembered; of more, the oldest are forgotten, and delivered again if they are met again.
const MOST: usize = 20_000;

/// What a post was like when it was delivered.
#[derive(Default)]
pub(super) struct Known {
    posts: HashMap<u64, (u64, Counts)>,
    order: VecDeque<u64>,
}

impl Known {
    /// The news a post is: itself, an edit, new counts, or nothing. `before`: the last run may have delivered it, so
    /// that its present state counts.
    pub(super) fn news(&mut self, mut post: RawPost, before: bool) -> Option<RawPost> {
        let (id, content) = (hash(&post.uid), content(&post));
        let counts = post.counts;
        let seen = self.posts.insert(id, (content, counts));
        if seen.is_none() {
            self.order.push_back(id);
            if self.order.len() > MOST
                && let Some(oldest) = self.order.pop_front()
            {
                self.posts.remove(&oldest);
            }
        }
        let ordinary = post.event == Event::Create;
        match seen {
            Some((c, n)) if c == content && n == counts => return None,
            Some((c, _)) if c == content && ordinary => post.event = Event::Engagement,
            Some(_) if ordinary => post.event = Event::Edit,
            None if before && ordinary => post.event = Event::Edit,
            _ => {}
        }
        Some(post)
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// All but the counts, and but the addresses of media, which platforms sign anew each time.
fn content(post: &RawPost) -> u64 {
    let media: Vec<(&str, Option<&str>)> = post
        .media
        .iter()
        .map(|m| (m.kind.as_str(), m.alt.as_deref()))
        .collect();
    hash(&(
        &post.text,
        &post.title,
        &post.edited_at,
        &post.urls,
        &post.quoted_text,
        post.event,
        media,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_news_once_and_then_what_changed() {
        let post = |text: &str, likes| RawPost {
            uid: Some("p:1".to_owned()),
            text: text.to_owned(),
            counts: Counts {
                likes,
                ..Counts::default()
            },
            ..RawPost::default()
        };
        let mut known = Known::default();
        let mut event = |text: &str, likes| known.news(post(text, likes), false).map(|p| p.event);
        assert_eq!(event("a", None), Some(Event::Create));
        assert_eq!(event("a", None), None);
        assert_eq!(event("a", Some(1)), Some(Event::Engagement));
        assert_eq!(event("b", Some(1)), Some(Event::Edit));
        let again = Known::default().news(post("b", None), true);
        assert_eq!(again.map(|p| p.event), Some(Event::Edit));
    }
}
