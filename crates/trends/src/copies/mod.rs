//! Copies: posts that say the same, word for word or nearly.
//!
//! First the exact hash of the normalised text, kept for weeks; then MinHash bands, kept for days, whose candidates are
//! verified word by word. Look-alike letters are one letter (UTS #39), links and handles do not count, short texts are
//! only compared exactly. A group of copies is a cascade with its first post and its spread.

mod cascade;
mod near;
mod normal;

use crate::hash::KeyMap;
use crate::sketches::Seen;
use crate::snapshot::State;
use near::{Bands, Near};
use serde::{Deserialize, Serialize};

pub use cascade::Cascade;
pub use normal::{Normal, site_and_path};

/// How copies are found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Share of all words of both that both must have.
    pub words: f32,
    /// Share of all pairs of neighbours that both must have: the same words in another order are another text.
    pub pairs: f32,
    /// Fewer words are compared exactly only.
    pub shortest: usize,
    /// Texts kept for near copies, at most 2²⁴ − 1.
    pub texts: usize,
    /// Seconds for which they are.
    pub near: i64,
    /// Seconds in which exact hashes are kept, and again as many at most.
    pub exact: i64,
    /// Cascades kept.
    pub cascades: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            words: 0.6,
            pairs: 0.2,
            shortest: 4,
            texts: 1 << 20,
            near: 48 * 3600,
            exact: 15 * 86_400,
            cascades: 1 << 16,
        }
    }
}

/// A post as copies see it.
#[derive(Debug, Clone, Copy)]
pub struct Post<'t> {
    /// The post.
    pub key: u64,
    /// Who wrote it.
    pub author: u64,
    /// Where.
    pub platform: u16,
    /// When, Unix seconds.
    pub at: i64,
    /// The post it reposts, where the platform says so.
    pub repost_of: Option<u64>,
    /// Its text.
    pub text: &'t str,
}

/// How a post came to its group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum How {
    /// The first of its kind.
    First,
    /// The same text after normalising.
    Exact,
    /// Nearly the same: the share of words in common.
    Near(f32),
    /// The platform says that it is a repost.
    Repost,
    /// The very post was seen before; it is not counted again.
    Again,
}

/// Where a post belongs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// The key of the first post of its group that was seen.
    pub group: u64,
    /// Why.
    pub how: How,
}

/// The state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Copies {
    config: Config,
    seen: Seen,
    exact: KeyMap<u64, u64>,
    before: KeyMap<u64, u64>,
    turned: i64,
    near: Near,
    groups: KeyMap<u64, u64>,
    cascades: KeyMap<u64, Cascade>,
    #[serde(skip)]
    normal: Normal,
}

impl State for Copies {
    const KIND: [u8; 4] = *b"copy";
    const VERSION: u16 = 1;
}

impl Copies {
    /// A state that has seen nothing.
    pub fn new(config: Config) -> Self {
        Self {
            seen: Seen::new(config.texts, config.near),
            exact: KeyMap::default(),
            before: KeyMap::default(),
            turned: i64::MIN,
            near: Near::new(&config),
            groups: KeyMap::default(),
            cascades: KeyMap::default(),
            normal: Normal::default(),
            config,
        }
    }

    /// Finds the group of a post. Posts may come in any order of time.
    pub fn place(&mut self, post: &Post) -> Placed {
        self.turn(post.at);
        let again = !self.seen.insert(post.key, post.at);
        let mut normal = std::mem::take(&mut self.normal);
        normal.read(post.text);
        let placed = self.find(post, &normal, again);
        self.normal = normal;
        if !matches!(placed.how, How::First | How::Again) {
            self.count(post, &placed);
        }
        placed
    }

    /// Takes in a post that an earlier run placed, where it was placed; whether it was new. One that is known already
    /// changes nothing.
    pub fn restore(&mut self, post: &Post, group: u64) -> bool {
        self.turn(post.at);
        if !self.seen.insert(post.key, post.at) {
            return false;
        }
        let mut normal = std::mem::take(&mut self.normal);
        normal.read(post.text);
        let hash = normal.hash();
        let is_known = hash.is_some_and(|h| self.exact.contains_key(&h) || self.before.contains_key(&h));
        hash.into_iter().for_each(|h| {
            self.exact.insert(h, group);
        });
        let how = match (group == post.key, is_known) {
            (true, _) => How::First,
            (false, _) if post.repost_of.is_some() => How::Repost,
            (false, true) => How::Exact,
            (false, false) => How::Near(1.0),
        };
        let kept = matches!(how, How::First | How::Near(_));
        if kept && normal.words().len() >= self.config.shortest {
            self.near.insert(&normal, &Bands::of(normal.set()), post, group);
        }
        self.normal = normal;
        if how != How::First {
            self.count(post, &Placed { group, how });
        }
        true
    }

    /// A group with at least two posts.
    pub fn cascade(&self, group: u64) -> Option<&Cascade> {
        self.cascades.get(&group)
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        let maps = self.exact.capacity() + self.before.capacity() + self.groups.capacity();
        maps * 17
            + self.near.bytes()
            + self.seen.bytes()
            + self.cascades.values().map(Cascade::bytes).sum::<usize>()
    }

    /// Where a text would belong that is written at that time, without taking it in. `None` where nothing is like it.
    pub fn peek(&self, text: &str, at: i64) -> Option<Placed> {
        let mut normal = Normal::default();
        normal.read(text);
        self.like(&normal, &Bands::of(normal.set()), at)
    }

    fn like(&self, normal: &Normal, bands: &Bands, at: i64) -> Option<Placed> {
        let known = |hash: u64| self.exact.get(&hash).or_else(|| self.before.get(&hash)).copied();
        if let Some(group) = normal.hash().and_then(known) {
            return Some(Placed {
                group,
                how: How::Exact,
            });
        }
        if normal.words().len() < self.config.shortest {
            return None;
        }
        let (group, share) = self.near.find(normal, bands, at, &self.config)?;
        Some(Placed {
            group,
            how: How::Near(share),
        })
    }

    fn find(&mut self, post: &Post, normal: &Normal, again: bool) -> Placed {
        let reposted = post
            .repost_of
            .map(|of| self.groups.get(&of).copied().unwrap_or(of));
        let bands = match reposted.is_some() || normal.words().len() < self.config.shortest {
            true => Bands::default(),
            false => Bands::of(normal.set()),
        };
        let mut placed = match reposted {
            Some(group) => Placed {
                group,
                how: How::Repost,
            },
            None => self.like(normal, &bands, post.at).unwrap_or(Placed {
                group: post.key,
                how: How::First,
            }),
        };
        if let Some(hash) = normal.hash() {
            self.exact.insert(hash, placed.group);
        }
        let kept = matches!(placed.how, How::First | How::Near(_));
        if kept && normal.words().len() >= self.config.shortest {
            self.near.insert(normal, &bands, post, placed.group);
        }
        if again {
            placed.how = How::Again;
        }
        placed
    }

    fn count(&mut self, post: &Post, placed: &Placed) {
        if self.cascades.len() >= self.config.cascades && !self.cascades.contains_key(&placed.group) {
            self.forget();
        }
        let first = self.near.first(placed.group);
        let cascade = self
            .cascades
            .entry(placed.group)
            .or_insert_with(|| Cascade::new(placed.group, first));
        cascade.add(post, placed.how);
        if self.groups.len() < self.config.texts {
            // A repost of a copy belongs to the copies.
            self.groups.insert(post.key, placed.group);
        }
    }

    /// The half of the cascades that has rested longest.
    fn forget(&mut self) {
        let mut last: Vec<i64> = self.cascades.values().map(|c| c.last).collect();
        let middle = last.len() / 2;
        let (_, median, _) = last.select_nth_unstable(middle);
        let median = *median;
        self.cascades.retain(|_, c| c.last > median);
    }

    fn turn(&mut self, at: i64) {
        if self.turned == i64::MIN {
            self.turned = at;
        }
        let due = at >= self.turned.saturating_add(self.config.exact);
        if due || self.exact.len() >= self.config.texts.saturating_mul(4) {
            self.before = std::mem::take(&mut self.exact);
            self.groups.clear();
            self.turned = at.max(self.turned);
        }
    }
}
