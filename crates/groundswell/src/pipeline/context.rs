//! Context: what answers or quotes a mention is kept, too, where its monitor asks for it, though it does not match.
//!
//! The posts that may be answered are known by their keys, in memory: those of the newest mentions and of the context
//! kept under them. It is bounded three ways: by depth (an answer to an answer to a mention is at depth 2), by posts of one
//! thread, and by how many keys are known. An answer that arrives before what it answers is not found.

use super::process::mentions;
use super::score::{Matched, Scorer};
use super::snapshot::Snapshot;
use crate::control::{Control, Error};
use crate::scoring::Scoring;
use foldhash::HashMap;
use post::{Kind, Millis, Post, PostKey};
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::{Choice, Context, Cursor, Filter, Mention};

/// Keys known at most, in two halves of which the older goes when the younger is full.
const HALF: usize = 100_000;
/// Mentions of one monitor that are read at the start.
const READ: usize = 20_000;
const PAGE: usize = 500;

/// How far the context of a monitor's mentions reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Answers to answers, so many deep.
    pub depth: u8,
    /// Posts kept under one mention.
    pub most: u32,
}

/// The posts whose answers are kept.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    monitors: HashMap<String, Reach>,
    young: HashMap<PostKey, Vec<Place>>,
    old: HashMap<PostKey, Vec<Place>>,
}

/// Where a post stands under a mention of a monitor.
#[derive(Debug, Clone)]
struct Place {
    monitor: String,
    /// The mention's post; the post itself at depth 0.
    root: PostKey,
    depth: u8,
    /// At depth 0: posts kept under it so far.
    kept: u32,
}

impl Kept {
    /// Reads which monitors keep context. Gives those that do so from now on.
    pub fn refresh(&self, control: &Control) -> Result<Vec<String>, Error> {
        let now: HashMap<String, Reach> = control.contexts()?.into_iter().collect();
        let mut known = self.known();
        let new = now.keys().filter(|id| !known.monitors.contains_key(*id));
        let new = new.cloned().collect();
        known.monitors = now;
        Ok(new)
    }

    /// Learns the newest mentions of monitors from what is stored.
    pub fn load(&self, monitors: &[String], snapshot: &store::Snapshot) -> Result<(), store::Error> {
        for monitor in monitors {
            let mut stored: Vec<(Millis, Post, bool)> = Vec::new();
            let filter = Filter {
                monitors: Choice::only([monitor.clone()]),
                context: Context::With,
                ..Filter::default()
            };
            let mut after: Option<Cursor> = None;
            while stored.len() < READ {
                let page = snapshot.mentions(&filter, after, PAGE)?;
                let posts = page.items.into_iter();
                stored.extend(posts.map(|m| (m.post.created_at, m.post.clone(), m.is_context())));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            // What is answered comes before its answers.
            stored.sort_by_key(|(at, _, is_context)| (*at, *is_context));
            let mut known = self.known();
            for (_, post, is_context) in &stored {
                let matched: &[&str] = if *is_context { &[] } else { &[monitor] };
                known.see(post, matched, &|id| id == monitor);
            }
        }
        Ok(())
    }

    /// Whether any monitor keeps context.
    pub(super) fn is_on(&self) -> bool {
        !self.known().monitors.is_empty()
    }

    /// Notes that a post matched these monitors, here or elsewhere: its answers may be kept.
    #[cfg(feature = "kafka")]
    pub(super) fn hear(&self, post: &Post, matched: &[&str]) {
        self.known().see(post, matched, &|_| false);
    }

    /// A post that is gone is no longer answered.
    pub(super) fn forget(&self, post: PostKey) {
        let mut known = self.known();
        known.young.remove(&post);
        known.old.remove(&post);
    }

    /// A monitor whose mentions are dropped: it is deleted, or has another query.
    pub(super) fn drop_monitor(&self, monitor: &str) {
        let mut known = self.known();
        let Known { young, old, .. } = &mut *known;
        for half in [young, old] {
            half.retain(|_, places| {
                places.retain(|p| p.monitor != monitor);
                !places.is_empty()
            });
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Notes a post with the monitors it matched; the monitors, of those that are asked for, whose context it is.
    fn see(&mut self, post: &Post, matched: &[&str], asked: &dyn Fn(&str) -> bool) -> Vec<String> {
        for monitor in matched {
            if !self.monitors.contains_key(*monitor) {
                continue;
            }
            let kept = self.place(post.key, monitor).map_or(0, |p| p.kept);
            self.put(
                post.key,
                Place {
                    monitor: (*monitor).to_owned(),
                    root: post.key,
                    depth: 0,
                    kept,
                },
            );
        }
        if post.kind == Kind::Repost {
            return Vec::new();
        }
        let mut found: Vec<String> = Vec::new();
        for parent in [post.reply_to, post.quote_of].into_iter().flatten() {
            for above in self.places(parent) {
                let is_new = !matched.contains(&above.monitor.as_str()) && !found.contains(&above.monitor);
                if is_new && asked(&above.monitor) && self.keep(post.key, &above) {
                    found.push(above.monitor);
                }
            }
        }
        found
    }

    /// Keeps a post under what it answers; `false` where that would be too deep or too many.
    fn keep(&mut self, post: PostKey, above: &Place) -> bool {
        if let Some(known) = self.place(post, &above.monitor) {
            // Seen before: an edit, or a search of the past.
            return known.depth > 0;
        }
        let Some(reach) = self.monitors.get(&above.monitor).copied() else {
            return false;
        };
        let Some(root) = self.place(above.root, &above.monitor) else {
            return false;
        };
        if above.depth >= reach.depth || root.kept >= reach.most {
            return false;
        }
        self.put(
            above.root,
            Place {
                kept: root.kept + 1,
                ..root
            },
        );
        self.put(
            post,
            Place {
                root: above.root,
                depth: above.depth + 1,
                kept: 0,
                monitor: above.monitor.clone(),
            },
        );
        true
    }

    fn places(&self, post: PostKey) -> Vec<Place> {
        let found = self.young.get(&post).or_else(|| self.old.get(&post));
        found.cloned().unwrap_or_default()
    }

    fn place(&self, post: PostKey, monitor: &str) -> Option<Place> {
        self.places(post).into_iter().find(|p| p.monitor == monitor)
    }

    /// Notes a place among the young, in place of the one there was for this monitor.
    fn put(&mut self, post: PostKey, place: Place) {
        if self.young.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
        let mut places = self.places(post);
        places.retain(|p| p.monitor != place.monitor);
        places.push(place);
        self.old.remove(&post);
        self.young.insert(post, places);
    }
}

/// Adds to the mentions of each post those that it is as context, for the monitors of the set.
pub(super) fn add<'p>(
    kept: &Kept,
    snapshot: &Snapshot,
    scoring: &Scoring,
    posts: impl Iterator<Item = &'p Post>,
    found: &mut [Vec<Mention>],
) {
    if !kept.is_on() {
        return;
    }
    let (mut places, mut matched) = (Vec::new(), Vec::new());
    let mut scorer = Scorer::new(&scoring.models);
    for (place, (post, mentions)) in posts.zip(found.iter()).enumerate() {
        let own: Vec<&str> = mentions.iter().map(|m| m.monitor.as_str()).collect();
        let slot = |id: &str| snapshot.monitor(id).filter(|w| w.query.is_some()).map(|w| w.slot);
        let monitors = kept.known().see(post, &own, &|id| slot(id).is_some());
        let hits: Vec<u32> = monitors.iter().filter_map(|id| slot(id)).collect();
        if hits.is_empty() {
            continue;
        }
        let lang = post.lang.clone().unwrap_or_else(|| scorer.language(post));
        places.push(place);
        matched.push(Matched { post, lang, hits });
    }
    let scored = scorer.score(&matched, snapshot, scoring);
    for ((place, matched), scored) in places.into_iter().zip(&matched).zip(&scored) {
        let context = mentions(snapshot, matched, scored).into_iter().map(|m| Mention {
            monitor_version: 0,
            primary: false,
            ..m
        });
        found[place].extend(context);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use post::{Counts, Event, PostV1};

    fn post(text: &str) -> Post {
        Post::from(PostV1 {
            key: PostKey([0; 16]),
            platform: "x".to_owned(),
            event: Event::Create,
            kind: Kind::Post,
            created_at: 2,
            seen_at: 2,
            edited_at: None,
            author: None,
            title: None,
            text: text.to_owned(),
            content_warning: None,
            lang_claimed: Vec::new(),
            lang: None,
            community: None,
            reply_to: None,
            thread_root: None,
            repost_of: None,
            quote_of: None,
            hashtags: Vec::new(),
            mentions: Vec::new(),
            urls: Vec::new(),
            media: Vec::new(),
            counts: Counts::default(),
            country: None,
        })
    }

    fn key(n: u8) -> PostKey {
        PostKey([n; 16])
    }

    fn known(depth: u8, most: u32) -> Known {
        let mut known = Known::default();
        known.monitors.insert("m".into(), Reach { depth, most });
        known
    }

    fn reply(n: u8, to: u8) -> Post {
        Post {
            key: key(n),
            reply_to: Some(key(to)),
            ..post("no match")
        }
    }

    fn root(n: u8) -> Post {
        Post {
            key: key(n),
            ..post("a match")
        }
    }

    #[test]
    fn answers_are_kept_as_deep_and_as_many_as_is_asked() {
        let mut known = known(2, 3);
        let all = |_: &str| true;
        assert!(known.see(&root(1), &["m"], &all).is_empty());
        assert_eq!(known.see(&reply(2, 1), &[], &all), ["m"]);
        assert_eq!(known.see(&reply(3, 2), &[], &all), ["m"]);
        assert!(known.see(&reply(4, 3), &[], &all).is_empty(), "too deep");
        assert_eq!(known.see(&reply(5, 1), &[], &all), ["m"]);
        assert!(known.see(&reply(6, 1), &[], &all).is_empty(), "too many");
        assert_eq!(
            known.see(&reply(5, 1), &[], &all),
            ["m"],
            "an edit is kept and not counted"
        );
        assert!(known.see(&reply(7, 9), &[], &all).is_empty(), "no mention");
    }

    #[test]
    fn what_matches_is_no_context_and_quotes_are() {
        let mut known = known(1, 10);
        let all = |_: &str| true;
        known.see(&root(1), &["m"], &all);
        assert!(known.see(&reply(2, 1), &["m"], &all).is_empty());
        let quote = Post {
            reply_to: None,
            quote_of: Some(key(2)),
            ..reply(3, 1)
        };
        assert_eq!(known.see(&quote, &[], &all), ["m"], "a match begins anew");
        let none = |_: &str| false;
        assert!(known.see(&reply(4, 1), &[], &none).is_empty());
    }
}
