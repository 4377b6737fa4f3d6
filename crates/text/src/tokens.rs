//! The tokens of a text, and their keys.
//!
//! Rules, version 1:
//! 1. The text is read in NFKC; places are given in bytes of the text as it was.
//! 2. A word is `START CONT*` (see `chars.rs`); everything else separates. In scripts written without spaces every
//!    character, with its marks, is a token, so that a term of them is a phrase and matches as a substring.
//! 3. `#`, `@` or `$` right before a word, and not after a word character, is its sigil (`$` only before a letter).
//!    The token then has two keys at one place: `apple` and `#apple`. Camel-case tags stay whole.
//! 4. A key is the full case folding of the word. A word with diacritics has a second, plain key at the same place.
//! 5. An emoji sequence is a token; its plain key is the sequence without skin tones. It takes no place of its own
//!    among the words: it stands in the gap before the next one.
//! 6. A URL is one token without keys: its words are not words of the text.

use crate::chars::Classes;
use crate::nfkc::Origins;
use crate::scan::Scan;

/// More of a text is not read; admission lets in far less.
const MAX_BYTES: usize = 64 << 20;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A word of a script with spaces, or a number.
    Word,
    /// One character of a script without spaces.
    Char,
    /// An emoji sequence.
    Emoji,
    /// A link; it has no key.
    Url,
}

/// One token. Its texts are read through the [`Tokens`] it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Place: the word of index `w` stands at `2 w + 1`, emoji before it at `2 w`. Two words are `n` apart when their
    /// slots differ by `2 n`.
    pub slot: u32,
    /// What it is.
    pub kind: TokenKind,
    /// `#`, `@`, `$`, or 0.
    pub sigil: u8,
    /// First byte in the original text, the sigil not included.
    pub start: u32,
    /// One past the last byte in the original text.
    pub end: u32,
    pub(crate) norm: (u32, u32),
    pub(crate) key: (u32, u32),
    pub(crate) plain: (u32, u32),
}

/// The tokens of one text. Reuse one value for many texts: its buffers are kept.
#[derive(Debug, Default)]
pub struct Tokens {
    norm: String,
    /// First all of `norm` with ASCII in lower case, which is most keys as they are; then the other keys.
    pub(crate) keys: String,
    pub(crate) list: Vec<Token>,
    pub(crate) scratch: String,
    origins: Origins,
}

impl Tokens {
    /// An empty value, to be filled by [`Tokens::read`].
    pub fn new() -> Self {
        Self::default()
    }

    /// The tokens of `text`.
    pub fn of(text: &str) -> Self {
        let mut tokens = Self::new();
        tokens.read(text);
        tokens
    }

    /// Replaces the content by the tokens of `text`, of which at most 64 MiB are read.
    pub fn read(&mut self, text: &str) {
        self.norm.clear();
        self.keys.clear();
        self.list.clear();
        self.origins.clear();
        let text = &text[..text.floor_char_boundary(MAX_BYTES)];
        let classes = Classes::get();
        if text.is_ascii() {
            self.norm.push_str(text);
        } else {
            self.origins.normalise(text, classes, &mut self.norm);
        }
        self.keys.push_str(&self.norm);
        self.keys.make_ascii_lowercase();
        let norm = std::mem::take(&mut self.norm);
        Scan::new(&norm, classes).run(self);
        self.norm = norm;
        if !self.origins.is_identity() {
            for t in &mut self.list {
                t.start = self.origins.start(t.norm.0);
                t.end = self.origins.end(t.norm.1);
            }
        }
    }

    /// The tokens in the order of the text.
    #[inline]
    pub fn as_slice(&self) -> &[Token] {
        &self.list
    }

    /// Iterates over the tokens in the order of the text.
    #[inline]
    pub fn iter(&self) -> std::slice::Iter<'_, Token> {
        self.list.iter()
    }

    /// How many tokens there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The match key; empty for a URL.
    #[inline]
    pub fn key(&self, t: &Token) -> &str {
        &self.keys[t.key.0 as usize..t.key.1 as usize]
    }

    /// The match key with its sigil in front, if the token has one: `#apple`.
    #[inline]
    pub fn sigil_key(&self, t: &Token) -> Option<&str> {
        (t.sigil != 0).then(|| &self.keys[t.key.0 as usize - 1..t.key.1 as usize])
    }

    /// The key without diacritics or skin tones, where it differs from [`Tokens::key`].
    #[inline]
    pub fn plain(&self, t: &Token) -> Option<&str> {
        (t.plain.0 != t.plain.1).then(|| &self.keys[t.plain.0 as usize..t.plain.1 as usize])
    }

    /// The token as written, NFKC, case kept.
    #[inline]
    pub fn surface(&self, t: &Token) -> &str {
        &self.norm[t.norm.0 as usize..t.norm.1 as usize]
    }

    /// The whole text in NFKC; tokens give their places in it by [`Token::norm_range`].
    #[inline]
    pub fn normalised(&self) -> &str {
        &self.norm
    }
}

impl Token {
    /// Its byte range in [`Tokens::normalised`].
    #[inline]
    pub fn norm_range(&self) -> std::ops::Range<usize> {
        self.norm.0 as usize..self.norm.1 as usize
    }
}
