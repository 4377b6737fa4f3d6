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
use near::Near;
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

    /// A group with at least two posts.
    pub fn cascade(&self, group: u64) -> Option<&Cascade> {
        self.cascades.get(&group)
    }

    /// Bytes held, about.
    pub fn bytes(&self) -> usize {
        let maps = self.exact.capacity() + self.before.capacity() + self.groups.capacity();
        maps * 17 + self.near.bytes() + self.seen.bytes() + self.cascades.values().map(Cascade::bytes).sum::<usize>()
    }

    fn find(&mut self, post: &Post, normal: &Normal, again: bool) -> Placed {
        let reposted = post
            .repost_of
            .map(|of| self.groups.get(&of).copied().unwrap_or(of));
        let hash = normal.hash();
        let exact = hash.and_then(|h| self.exact.get(&h).or_else(|| self.before.get(&h)).copied());
        let known = reposted.map(|g| (g, How::Repost)).or(exact.map(|g| (g, How::Exact)));
        if let Some((group, how)) = known {
            if let Some(hash) = hash {
                self.exact.insert(hash, group);
            }
            let how = if again { How::Again } else { how };
            return Placed { group, how };
        }
        let long = normal.words().len() >= self.config.shortest;
        let near = match long {
            true => self.near.find(normal, post.at, &self.config),
            false => None,
        };
        let (group, how) = near.map_or((post.key, How::First), |(group, share)| (group, How::Near(share)));
        if let Some(hash) = hash {
            self.exact.insert(hash, group);
        }
        if long {
            self.near.insert(normal, post, group);
        }
        let how = if again { How::Again } else { how };
        Placed { group, how }
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
