//! A group of copies over time.

use super::{How, Post};
use crate::sketches::Lowest;
use serde::{Deserialize, Serialize};

/// Copies of one text: posts, texts and authors are counted apart, everywhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cascade {
    /// The group: the key of the post that came first.
    pub group: u64,
    /// The earliest post by its own time, and that time.
    pub first: Option<(u64, i64)>,
    /// The latest time, Unix seconds.
    pub last: i64,
    /// Posts.
    pub posts: u64,
    /// Texts that differ beyond normalising.
    pub texts: u64,
    /// Posts by platform, the first one first.
    pub platforms: Vec<(u16, u64)>,
    /// Posts by the time since the first one known when they came: under one minute, under two, four, and so on.
    pub spread: Vec<u64>,
    authors: Lowest,
}

impl Cascade {
    pub(super) fn new(group: u64, first: Option<(u64, u16, i64)>) -> Self {
        let mut cascade = Self {
            group,
            first: first.map(|(_, _, at)| (group, at)),
            last: first.map_or(i64::MIN, |(_, _, at)| at),
            posts: u64::from(first.is_some()),
            texts: 1,
            platforms: first.iter().map(|(_, platform, _)| (*platform, 1)).collect(),
            spread: Vec::new(),
            authors: Lowest::default(),
        };
        if let Some((author, _, _)) = first {
            cascade.authors.insert(author);
        }
        cascade
    }

    /// Authors: exact up to 47, then within about 15 %.
    pub fn authors(&self) -> u64 {
        self.authors.distinct()
    }

    pub(super) fn add(&mut self, post: &Post, how: How) {
        self.posts += 1;
        self.texts += u64::from(matches!(how, How::Near(_)));
        self.authors.insert(post.author);
        match self.platforms.iter_mut().find(|(p, _)| *p == post.platform) {
            Some((_, n)) => *n += 1,
            None => self.platforms.push((post.platform, 1)),
        }
        let since = self.first.map_or(0, |(_, at)| (post.at - at).max(0) / 60);
        let step = (u64::BITS - (since as u64).leading_zeros()) as usize;
        if self.spread.len() <= step {
            self.spread.resize(step + 1, 0);
        }
        self.spread[step] += 1;
        if self.first.is_none_or(|(_, at)| post.at < at) {
            self.first = Some((post.key, post.at));
        }
        self.last = self.last.max(post.at);
    }

    pub(super) fn bytes(&self) -> usize {
        std::mem::size_of::<Self>() + self.platforms.capacity() * 16 + self.spread.capacity() * 8 + 48 * 8
    }
}
