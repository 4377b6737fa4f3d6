//! What is remembered of an account.

use crate::hash::mix;
use crate::snapshot::State;
use serde::{Deserialize, Serialize};

/// Octaves of the time between posts, from a second on.
pub(super) const GAPS: usize = 20;
/// Cells in which sites are counted.
pub(super) const SITES: usize = 16;
/// Posts after which old ones count half.
const MEMORY: u16 = 512;

/// A post as automation sees it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Post {
    /// When, Unix seconds.
    pub at: i64,
    /// Whether it is a copy of a post of its own author.
    pub copies_self: bool,
    /// Whether it is a copy of another's post, and no repost.
    pub copies_other: bool,
    /// Whether it is a repost.
    pub repost: bool,
    /// Links in it, and the key of the first one's site.
    pub links: u8,
    /// The key of the first link's site.
    pub site: u64,
    /// Handles in it.
    pub mentions: u8,
    /// Hashtags in it.
    pub hashtags: u8,
}

/// The posts of one account in about 150 bytes. Posts may come in any order: one from the past counts, but its distance to
/// the last one does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) posts: u16,
    pub(super) gaps: [u16; GAPS],
    /// Gaps that equal the one before to within a twentieth.
    pub(super) regular: u16,
    pub(super) gap: u32,
    pub(super) hours: Vec<u16>,
    pub(super) sites: [u16; SITES],
    pub(super) copies_self: u16,
    pub(super) copies_other: u16,
    pub(super) reposts: u16,
    pub(super) links: u16,
    pub(super) mentions: u16,
    pub(super) hashtags: u16,
    /// Posts of the busiest hour, and of the running one.
    pub(super) busiest: u16,
    running: (i64, u16),
}

impl State for Account {
    const KIND: [u8; 4] = *b"acco";
    const VERSION: u16 = 1;
}

impl Default for Account {
    fn default() -> Self {
        Self::new()
    }
}

impl Account {
    /// An account of which nothing is known.
    pub fn new() -> Self {
        Self {
            first: i64::MAX,
            last: i64::MIN,
            posts: 0,
            gaps: [0; GAPS],
            regular: 0,
            gap: 0,
            hours: vec![0; 24],
            sites: [0; SITES],
            copies_self: 0,
            copies_other: 0,
            reposts: 0,
            links: 0,
            mentions: 0,
            hashtags: 0,
            busiest: 0,
            running: (i64::MIN, 0),
        }
    }

    /// Takes in a post that was not seen before.
    pub fn observe(&mut self, post: &Post) {
        if self.posts >= MEMORY {
            self.fade();
        }
        if self.last != i64::MIN && post.at >= self.last {
            let gap = (post.at - self.last).min(i64::from(u32::MAX)) as u32;
            let octave = (u32::BITS - gap.leading_zeros()) as usize;
            self.gaps[octave.min(GAPS - 1)] += 1;
            if self.gap > 30 && gap.abs_diff(self.gap) * 20 <= self.gap {
                self.regular += 1;
            }
            self.gap = gap;
        }
        let hour = post.at.div_euclid(3600);
        self.running = match self.running.0 == hour {
            true => (hour, self.running.1.saturating_add(1)),
            false => (hour, 1),
        };
        self.busiest = self.busiest.max(self.running.1);
        self.hours[hour.rem_euclid(24) as usize] += 1;
        self.first = self.first.min(post.at);
        self.last = self.last.max(post.at);
        self.posts += 1;
        if post.links > 0 {
            self.links += 1;
            self.sites[mix(post.site) as usize % SITES] += 1;
        }
        let add = |count: &mut u16, more: u16| *count = count.saturating_add(more);
        add(&mut self.copies_self, post.copies_self.into());
        add(&mut self.copies_other, post.copies_other.into());
        add(&mut self.reposts, post.repost.into());
        add(&mut self.mentions, post.mentions.into());
        add(&mut self.hashtags, post.hashtags.into());
    }

    /// Posts that are remembered.
    pub fn posts(&self) -> u32 {
        u32::from(self.posts)
    }

    fn fade(&mut self) {
        self.posts /= 2;
        self.first = self.first.midpoint(self.last);
        for list in [&mut self.gaps[..], &mut self.hours[..], &mut self.sites[..]] {
            list.iter_mut().for_each(|n| *n /= 2);
        }
        for count in [
            &mut self.regular,
            &mut self.copies_self,
            &mut self.copies_other,
            &mut self.reposts,
            &mut self.links,
            &mut self.mentions,
            &mut self.hashtags,
        ] {
            *count /= 2;
        }
    }
}
