//! Made-up words, seeded: the same frames in every run.

const SYLLABLES: [&str; 40] = [
    "ka", "lo", "mi", "ten", "ra", "su", "ber", "no", "vi", "da", "el", "for", "gan", "hu", "is", "jo", "ki",
    "la", "mar", "ne", "or", "pa", "qui", "rest", "so", "ta", "un", "ve", "wi", "xa", "yo", "zu", "ü", "é",
    "ñ", "ost", "ing", "er", "the", "an",
];

/// A source of words and numbers (xorshift64*).
pub(super) struct Words(u64);

impl Words {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound.max(1)
    }

    /// Whether something happens that happens so often in a hundred.
    pub(super) fn often(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(super) fn word(&mut self) -> String {
        let syllables = 1 + self.below(3);
        (0..syllables)
            .map(|_| SYLLABLES[self.below(SYLLABLES.len() as u64) as usize])
            .collect()
    }

    /// A handle: letters and a number.
    pub(super) fn handle(&mut self) -> String {
        let word: String = self.word().chars().filter(char::is_ascii_alphabetic).collect();
        format!("{word}{}", self.below(90_000))
    }

    /// A text of about so many characters, half to twice; some hold a hashtag, a mention, a link or an emoji.
    pub(super) fn text(&mut self, about: u64) -> String {
        let length = about / 2 + self.below(about * 3 / 2);
        let mut text = self.word();
        while (text.len() as u64) < length {
            text.push(if self.often(3) { '\n' } else { ' ' });
            match self.below(100) {
                0 => text.push_str(&format!("#{}", self.handle())),
                1 => text.push_str(&format!("@{}", self.handle())),
                2 => text.push_str(&format!(
                    "https://{}.example/{}",
                    self.word(),
                    self.below(1_000_000)
                )),
                3 => text.push('🙂'),
                4..=11 => text.push_str(&format!("{},", self.word())),
                _ => text.push_str(&self.word()),
            }
        }
        text
    }

    /// A time of one day, as RFC 3339.
    pub(super) fn time(&mut self) -> String {
        format!(
            "2026-01-01T{:02}:{:02}:{:02}.{:03}Z",
            self.below(24),
            self.below(60),
            self.below(60),
            self.below(1000)
        )
    }

    /// A number that looks like an id.
    pub(super) fn id(&mut self) -> u64 {
        1_900_000_000_000_000_000 + self.below(1 << 31) * 1_000_003 + self.below(1 << 20)
    }
}
