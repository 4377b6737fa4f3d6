//! How late mentions come: a bin stays open until most of its mentions can have come.

use serde::{Deserialize, Serialize};

/// A bin stays open so many seconds at least, and at most.
const LEAST: i64 = 120;
const MOST: i64 = 1_800;
/// Mentions after which old ones count half.
const MEMORY: u32 = 2_000;

/// The seconds between a post and its mention, by octave.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Lag {
    octaves: [u32; 13],
    all: u32,
}

impl Lag {
    /// Takes in a mention that came so many seconds after its post. What came more than an hour late is no news.
    pub(super) fn push(&mut self, seconds: i64) {
        if !(0..=3_600).contains(&seconds) {
            return;
        }
        if self.all >= MEMORY {
            self.octaves.iter_mut().for_each(|n| *n /= 2);
            self.all = self.octaves.iter().sum();
        }
        let octave = (i64::BITS - seconds.leading_zeros()) as usize;
        self.octaves[octave.min(12)] += 1;
        self.all += 1;
    }

    /// Seconds for which a bin stays open after its end: of twenty mentions nineteen have come by then.
    pub(super) fn wait(&self) -> i64 {
        let mut so_far = 0;
        for (octave, n) in self.octaves.iter().enumerate() {
            so_far += n;
            if self.all > 0 && so_far * 20 >= self.all * 19 {
                return (1i64 << octave).clamp(LEAST, MOST);
            }
        }
        LEAST
    }
}
