//! Features of a text: hashed n-grams of its words and characters, and the signs of social text.
//!
//! Every feature is a bucket number; nothing is stored per n-gram, so a model's size is chosen, not grown. Two groups
//! are kept apart because a word says more than one of the dozens of character n-grams around it:
//! - *words*: word 1–3-grams, words under negation, shouted words, hashtags, emoji, punctuation, markers for links,
//!   handles (one for any, one that begins the post, one of a service desk) and lengthened words;
//! - *characters*: n-grams within a word with its borders marked, and across characters in scripts without spaces.
//!
//! The tokens are those of crate `text`. Handles become one marker: whom a post names must not decide its score.

mod hash;
mod negation;

use hash::{Seed, bucket, of, step};
use serde::{Deserialize, Serialize};
use text::{Token, TokenKind, Tokens};

/// The hash of several values, for features made elsewhere.
pub(crate) fn of_values(values: &[u64]) -> u64 {
    values.iter().fold(0x5B, |h, &v| step(h, v))
}

/// The bucket of a hash among `2^bits`.
pub(crate) fn to_bucket(hash: u64, bits: u8) -> u32 {
    bucket(hash, bits)
}

pub(crate) use negation::negates;

/// Reading of a text stops after so many features of a group, which bounds the time a text can take.
pub const MAX_FEATURES: usize = 8192;

/// Borders of a word among its characters; not valid characters, so nothing in a text can equal them.
const WORD_START: u32 = 0x11_0001;
const WORD_END: u32 = 0x11_0002;

/// Which features a model reads. Part of its artefact: weights mean nothing under another specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureSpec {
    /// The number of buckets is `2^bits`; 8 to 24.
    pub bits: u8,
    /// Longest word n-gram, 1 to 3.
    pub word_ngrams: u8,
    /// Shortest character n-gram.
    pub char_min: u8,
    /// Longest character n-gram; 0 for none.
    pub char_max: u8,
    /// Whether negation, emoji, punctuation, capitals, hashtags and markers are features. Without them only the
    /// letters of words count, as language identification wants it.
    pub social: bool,
}

impl FeatureSpec {
    /// The features of a classifier of posts.
    pub const fn posts(bits: u8) -> Self {
        Self {
            bits,
            word_ngrams: 3,
            char_min: 2,
            char_max: 5,
            social: true,
        }
    }

    /// The features of language identification.
    pub const fn language(bits: u8) -> Self {
        Self {
            bits,
            word_ngrams: 1,
            char_min: 1,
            char_max: 5,
            social: false,
        }
    }

    /// Whether the numbers are within what the code supports.
    pub fn is_valid(&self) -> bool {
        (8..=24).contains(&self.bits)
            && self.word_ngrams <= 3
            && self.char_max <= 8
            && (self.char_max == 0 || (1..=self.char_max).contains(&self.char_min))
    }
}

/// The features of one text. Reuse one value for many texts: its buffers are kept.
#[derive(Debug, Default, Clone)]
pub struct Features {
    words: Vec<u32>,
    chars: Vec<u32>,
    units: Vec<u64>,
    letters: Vec<u32>,
    negated: u8,
}

impl Features {
    /// An empty value, to be filled by [`Features::read`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the content by the features of a text.
    pub fn read(&mut self, tokens: &Tokens, spec: &FeatureSpec) {
        self.read_where(tokens, spec, |_| true);
    }

    /// As [`Features::read`], from those tokens alone that `keep` wants.
    pub fn read_where(&mut self, tokens: &Tokens, spec: &FeatureSpec, keep: impl Fn(&Token) -> bool) {
        self.words.clear();
        self.chars.clear();
        self.units.clear();
        self.letters.clear();
        self.negated = 0;
        let norm = tokens.normalised();
        let mut end_of_last = 0;
        for t in tokens.iter() {
            let range = t.norm_range();
            if spec.social {
                self.gap(norm.get(end_of_last..range.start).unwrap_or_default(), spec);
            }
            if t.kind != TokenKind::Char || range.start != end_of_last {
                self.end_run(spec);
            }
            let adjacent = range.start == end_of_last + 1;
            end_of_last = range.end;
            if keep(t) {
                self.token(tokens, t, adjacent, spec);
            }
            if self.words.len() >= MAX_FEATURES || self.chars.len() >= MAX_FEATURES {
                break;
            }
        }
        self.end_run(spec);
        if spec.social {
            self.gap(norm.get(end_of_last..).unwrap_or_default(), spec);
        }
        self.word_ngrams(spec);
        self.words.truncate(MAX_FEATURES);
        self.chars.truncate(MAX_FEATURES);
    }

    /// Buckets of word features; a feature that occurs twice is there twice.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// Buckets of character features; a feature that occurs twice is there twice.
    pub fn chars(&self) -> &[u32] {
        &self.chars
    }

    /// Whether the text has no feature at all.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.chars.is_empty()
    }

    fn token(&mut self, tokens: &Tokens, t: &Token, adjacent: bool, spec: &FeatureSpec) {
        match t.kind {
            TokenKind::Url => self.marker(1, spec),
            _ if t.sigil == b'@' => {
                self.marker(2, spec);
                if t.start <= 1 {
                    self.marker(6, spec);
                }
                if is_service(tokens.key(t)) {
                    self.marker(7, spec);
                }
            }
            TokenKind::Emoji => {
                if spec.social {
                    let key = tokens.plain(t).unwrap_or_else(|| tokens.key(t));
                    let unit = key.chars().fold(Seed::EMOJI.0, |h, c| step(h, u64::from(c)));
                    self.units.push(unit);
                }
            }
            TokenKind::Char => self.letters.extend(tokens.key(t).chars().map(u32::from)),
            TokenKind::Word => self.word(tokens, t, adjacent, spec),
        }
    }

    fn marker(&mut self, which: u64, spec: &FeatureSpec) {
        if spec.social {
            self.words.push(bucket(of(Seed::MARKER, &[which]), spec.bits));
        }
    }

    fn word(&mut self, tokens: &Tokens, t: &Token, adjacent: bool, spec: &FeatureSpec) {
        let key = tokens.key(t);
        if key.bytes().all(|b| b.is_ascii_digit()) {
            if spec.social {
                self.units.push(of(Seed::MARKER, &[3]));
            }
            return;
        }
        self.letters.push(WORD_START);
        let lengthened = push_shortened(key, &mut self.letters);
        self.letters.push(WORD_END);
        let unit = self
            .letters
            .iter()
            .fold(Seed::WORD.0, |h, &c| step(h, u64::from(c)));
        self.char_ngrams(spec.char_min, spec);
        self.units.push(unit);
        if !spec.social {
            return;
        }
        if lengthened {
            self.marker(4, spec);
        }
        if t.sigil == b'#' {
            self.words.push(bucket(of(Seed::TAG, &[unit]), spec.bits));
        }
        let surface = tokens.surface(t);
        if surface.len() > 2 && surface.bytes().all(|b| b.is_ascii_uppercase()) {
            self.words.push(bucket(of(Seed::SHOUTED, &[unit]), spec.bits));
            self.marker(5, spec);
        }
        self.negation(tokens, t, key, unit, adjacent, spec);
    }

    fn negation(
        &mut self,
        tokens: &Tokens,
        t: &Token,
        key: &str,
        unit: u64,
        adjacent: bool,
        spec: &FeatureSpec,
    ) {
        // `don't` is two tokens, `don` and `t`.
        let contracted = key == "t" && adjacent && {
            let before = &tokens.normalised()[..t.norm_range().start - 1];
            before.ends_with(['n', 'N'])
        };
        if contracted || negation::negates(key) {
            self.negated = negation::REACH;
        } else if self.negated > 0 {
            self.negated -= 1;
            self.words.push(bucket(of(Seed::NEGATED, &[unit]), spec.bits));
        }
    }

    /// Ends a run of characters of a script without spaces.
    fn end_run(&mut self, spec: &FeatureSpec) {
        if !self.letters.is_empty() {
            self.char_ngrams(1, spec);
        }
    }

    /// The n-grams of `letters`, which it empties. `x` written for any three or more equal letters counts as two.
    fn char_ngrams(&mut self, min: u8, spec: &FeatureSpec) {
        let (min, max) = (usize::from(min), usize::from(spec.char_max));
        for start in 0..self.letters.len() {
            let mut hash = Seed::CHARS.0;
            for (n, &letter) in self.letters[start..].iter().take(max).enumerate() {
                hash = step(hash, u64::from(letter));
                if n + 1 >= min {
                    self.chars.push(bucket(hash, spec.bits));
                }
            }
        }
        self.letters.clear();
    }

    /// What stands between two tokens: each run of signs without space is a unit, and the end of a clause ends a
    /// negation.
    fn gap(&mut self, gap: &str, _spec: &FeatureSpec) {
        if gap.is_empty() || gap == " " {
            return;
        }
        let mut hash = None;
        let (mut last, mut run) = ('\0', 0);
        for c in gap.chars() {
            if c.is_whitespace() {
                self.units.extend(hash.take());
                (last, run) = (c, 0);
                continue;
            }
            if matches!(c, '#' | '@' | '\u{FE0F}') || is_invisible(c) {
                continue;
            }
            if matches!(
                c,
                '.' | ',' | ';' | ':' | '!' | '?' | '…' | '؟' | '،' | '।' | '。' | '！' | '？'
            ) {
                self.negated = 0;
            }
            run = if c == last { run + 1 } else { 1 };
            last = c;
            if run <= 2 {
                hash = Some(step(hash.unwrap_or(Seed::PUNCTUATION.0), u64::from(c)));
            }
        }
        self.units.extend(hash);
    }

    fn word_ngrams(&mut self, spec: &FeatureSpec) {
        let units = &self.units;
        if spec.word_ngrams >= 1 {
            self.words.extend(units.iter().map(|&u| bucket(u, spec.bits)));
        }
        if spec.word_ngrams >= 2 {
            self.words
                .extend(units.windows(2).map(|w| bucket(of(Seed::PAIR, w), spec.bits)));
        }
        if spec.word_ngrams >= 3 {
            self.words
                .extend(units.windows(3).map(|w| bucket(of(Seed::TRIPLE, w), spec.bits)));
        }
    }
}

/// Whether a handle is that of a company's service desk, as far as its name says so.
fn is_service(key: &str) -> bool {
    let about = ["help", "care", "support", "service", "ask", "assist", "feedback"];
    about.iter().any(|w| key.contains(w)) || key.ends_with("cs")
}

/// Joiners, direction marks and other signs without a shape.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Appends the characters of a word, three or more equal ones in a row as two. Says whether it shortened.
fn push_shortened(key: &str, out: &mut Vec<u32>) -> bool {
    let mut shortened = false;
    let (mut last, mut run) = (0, 0);
    for c in key.chars().map(u32::from) {
        run = if c == last { run + 1 } else { 1 };
        last = c;
        if run <= 2 {
            out.push(c);
        } else {
            shortened = true;
        }
    }
    shortened
}
