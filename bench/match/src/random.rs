//! Chance that is the same in every run: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).

/// A generator of numbers from a seed.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to 1, 1 excluded.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether something of that probability happens.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A number of the range, each as likely; the range is not empty.
    pub(crate) fn within(&mut self, range: std::ops::Range<usize>) -> usize {
        range.start + (self.share() * (range.end - range.start) as f64) as usize
    }

    /// A number of the range, those of one order of magnitude as likely as those of another: the law of Zipf.
    pub(crate) fn zipf(&mut self, range: std::ops::Range<usize>) -> usize {
        let (from, to) = (range.start.max(1) as f64, range.end as f64);
        ((from * (to / from).powf(self.share())) as usize).min(range.end - 1)
    }

    /// One of the list, which is not empty.
    pub(crate) fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.within(0..list.len())]
    }

    /// A whole number from its logarithm, evenly: small ones are frequent, large ones happen.
    pub(crate) fn size(&mut self, range: std::ops::Range<usize>) -> usize {
        self.zipf(range)
    }
}
