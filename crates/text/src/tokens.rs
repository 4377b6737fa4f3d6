//! The tokeniser.
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

use crate::chars::{ASCII, CONT, START, class, is_unspaced};
use crate::emoji::{read_sequence, starts_emoji};
use crate::fold::{fold_into, strip_marks};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_segmentation::UnicodeSegmentation;

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
#[derive(Debug, Clone, Copy)]
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
    norm: (u32, u32),
    key: (u32, u32),
    plain: (u32, u32),
}

/// The tokens of one text. Reuse one value for many texts: its buffers are kept.
#[derive(Debug, Default)]
pub struct Tokens {
    norm: String,
    keys: String,
    tokens: Vec<Token>,
    /// Where the text was not NFKC: for each character of `norm` its place there and the original range it came from.
    origins: Vec<(u32, u32, u32)>,
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

    /// Replaces the content by the tokens of `text`. Texts are cut at 4 GB, far above what admission lets in.
    pub fn read(&mut self, text: &str) {
        self.norm.clear();
        self.keys.clear();
        self.tokens.clear();
        self.origins.clear();
        self.normalise(text);
        let norm = std::mem::take(&mut self.norm);
        Scan { text: &norm, at: 0, words: 0, after_word: false }.run(self);
        self.norm = norm;
        if !self.origins.is_empty() {
            self.restore_origins();
        }
    }

    fn normalise(&mut self, text: &str) {
        if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
            self.norm.push_str(text);
            return;
        }
        // Normalisation does not reach over the border of a grapheme cluster, so each keeps its own origin.
        for (at, cluster) in text.grapheme_indices(true) {
            let (start, end) = (at as u32, (at + cluster.len()) as u32);
            if cluster.is_ascii() {
                self.origins.push((self.norm.len() as u32, start, end));
                self.norm.push_str(cluster);
                continue;
            }
            for c in cluster.nfkc() {
                self.origins.push((self.norm.len() as u32, start, end));
                self.norm.push(c);
            }
        }
    }

    fn restore_origins(&mut self) {
        let origins = &self.origins;
        let find = |at: u32| origins.partition_point(|o| o.0 <= at).saturating_sub(1);
        for t in &mut self.tokens {
            t.start = origins[find(t.norm.0)].1;
            t.end = origins[find(t.norm.1.saturating_sub(1))].2;
        }
    }

    /// The tokens in the order of the text.
    pub fn as_slice(&self) -> &[Token] {
        &self.tokens
    }

    /// Iterates over the tokens in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Token> {
        self.tokens.iter()
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The match key; empty for a URL.
    pub fn key(&self, t: &Token) -> &str {
        &self.keys[t.key.0 as usize..t.key.1 as usize]
    }

    /// The match key with its sigil in front, if the token has one: `#apple`.
    pub fn sigil_key(&self, t: &Token) -> Option<&str> {
        (t.sigil != 0).then(|| &self.keys[t.key.0 as usize - 1..t.key.1 as usize])
    }

    /// The key without diacritics or skin tones, where it differs from [`Tokens::key`].
    pub fn plain(&self, t: &Token) -> Option<&str> {
        (t.plain.0 != t.plain.1).then(|| &self.keys[t.plain.0 as usize..t.plain.1 as usize])
    }

    /// The token as written, NFKC, case kept.
    pub fn surface(&self, t: &Token) -> &str {
        &self.norm[t.norm.0 as usize..t.norm.1 as usize]
    }

    /// The NFKC text between two byte places of itself; tokens give theirs by [`Token::norm_range`].
    pub fn normalised(&self) -> &str {
        &self.norm
    }
}

impl Token {
    /// Its byte range in [`Tokens::normalised`].
    pub fn norm_range(&self) -> std::ops::Range<usize> {
        self.norm.0 as usize..self.norm.1 as usize
    }
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    words: u32,
    /// Whether the character before `at` can continue a word: a sigil after it is none.
    after_word: bool,
}

impl Scan<'_> {
    fn run(mut self, out: &mut Tokens) {
        let bytes = self.text.as_bytes();
        let mut sigil = 0u8;
        while self.at < bytes.len() {
            let b = bytes[self.at];
            if b < 128 {
                if ASCII[b as usize] & START != 0 {
                    self.word(sigil, out);
                    sigil = 0;
                } else {
                    sigil = if !self.after_word && matches!(b, b'#' | b'@' | b'$') { b } else { 0 };
                    self.after_word = false;
                    self.at += 1;
                }
                continue;
            }
            let Some(c) = self.text[self.at..].chars().next() else { break };
            let bits = class(c);
            if bits & START != 0 {
                if is_unspaced(c) { self.unspaced(sigil, c, out) } else { self.word(sigil, out) }
            } else if starts_emoji(c) {
                self.emoji(out);
            } else {
                self.after_word = bits & CONT != 0;
                self.at += c.len_utf8();
            }
            sigil = 0;
        }
    }

    /// The end of the word that starts at `at`: where a character does not continue it or needs a token of its own.
    fn word_end(&self) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        loop {
            while end < bytes.len() && bytes[end] < 128 && ASCII[bytes[end] as usize] & CONT != 0 {
                end += 1;
            }
            if end >= bytes.len() || bytes[end] < 128 {
                return end;
            }
            match self.text[end..].chars().next() {
                Some(c) if class(c) & CONT != 0 && !(class(c) & START != 0 && is_unspaced(c)) => end += c.len_utf8(),
                _ => return end,
            }
        }
    }

    fn word(&mut self, sigil: u8, out: &mut Tokens) {
        if sigil == 0
            && let Some(length) = url_length(self.text, self.at, self.after_word)
        {
            self.push(TokenKind::Url, 0, self.at + length, out, |_| None);
            return;
        }
        let end = self.word_end();
        let word = &self.text[self.at..end];
        let sigil = if sigil == b'$' && word.as_bytes()[0].is_ascii_digit() { 0 } else { sigil };
        self.push(TokenKind::Word, sigil, end, out, |keys| {
            let start = keys.len();
            fold_into(word, keys);
            strip_marks(&keys[start..])
        });
        self.after_word = true;
    }

    fn unspaced(&mut self, sigil: u8, c: char, out: &mut Tokens) {
        let mut end = self.at + c.len_utf8();
        for next in self.text[end..].chars() {
            if class(next) & (START | CONT) != CONT {
                break;
            }
            end += next.len_utf8();
        }
        let word = &self.text[self.at..end];
        self.push(TokenKind::Char, sigil, end, out, |keys| {
            fold_into(word, keys);
            None
        });
        self.after_word = true;
    }

    fn emoji(&mut self, out: &mut Tokens) {
        let mut plain = String::new();
        let rest = &self.text[self.at..];
        let key_at = out.keys.len();
        let length = read_sequence(rest, &mut out.keys, &mut plain);
        let different = !plain.is_empty() && plain.len() != out.keys.len() - key_at;
        self.finish(TokenKind::Emoji, 0, self.at + length.max(1), key_at, different.then_some(plain), out);
    }

    /// Writes the sigil and the keys, then the token.
    fn push(
        &mut self,
        kind: TokenKind,
        sigil: u8,
        end: usize,
        out: &mut Tokens,
        write: impl FnOnce(&mut String) -> Option<String>,
    ) {
        if sigil != 0 {
            out.keys.push(char::from(sigil));
        }
        let key_at = out.keys.len();
        let plain = write(&mut out.keys);
        self.finish(kind, sigil, end, key_at, plain, out);
    }

    fn finish(&mut self, kind: TokenKind, sigil: u8, end: usize, key_at: usize, plain: Option<String>, out: &mut Tokens) {
        let key = (key_at as u32, out.keys.len() as u32);
        let plain_at = out.keys.len() as u32;
        if let Some(p) = plain {
            out.keys.push_str(&p);
        }
        let slot = if kind == TokenKind::Emoji { 2 * self.words } else { 2 * self.words + 1 };
        if kind != TokenKind::Emoji {
            self.words += 1;
        }
        let range = (self.at as u32, end as u32);
        let plain = (plain_at, out.keys.len() as u32);
        out.tokens.push(Token { slot, kind, sigil, start: range.0, end: range.1, norm: range, key, plain });
        self.at = end;
        self.after_word = false;
    }
}

/// The length of the URL at `at`, if one begins there: `http://`, `https://` or `www.`, up to white space, a quote or
/// an angle bracket, without the punctuation that ends a sentence.
fn url_length(text: &str, at: usize, after_word: bool) -> Option<usize> {
    let rest = &text[at..];
    let head = rest.as_bytes();
    if after_word || !matches!(head[0] | 0x20, b'h' | b'w') {
        return None;
    }
    let scheme = ["https://", "http://", "www."]
        .into_iter()
        .find(|s| head.len() > s.len() && head[..s.len()].eq_ignore_ascii_case(s.as_bytes()))?;
    let stop = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '“' | '”' | '…');
    let mut end = rest.find(stop).unwrap_or(rest.len());
    while end > scheme.len() {
        let last = rest[..end].chars().next_back()?;
        let closes = last == ')' && !rest[..end].contains('(');
        if !(closes || matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | ']' | '}' | '。' | '、' | '）')) {
            break;
        }
        end -= last.len_utf8();
    }
    (end > scheme.len()).then_some(end)
}
