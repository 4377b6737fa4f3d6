//! What a text is about, as terms: words, hashtags, pairs of words, sites it links to. Function words are none, nor are pairs
//! of them.

use crate::hash;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use text::{Token, TokenKind, Tokens, UnknownStopwords, site, stopwords_of};

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TermKind {
    /// A word; of Japanese, a run of katakana.
    Word,
    /// A hashtag, or a cashtag.
    Tag,
    /// Two words that stand together; two characters in scripts without spaces, of Japanese those that are no kana.
    Pair,
    /// The site of a link.
    Site,
}

/// A term of a text. What it reads as is asked of the [`Terms`] it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The same in every text.
    pub key: u64,
    /// What it is.
    pub kind: TermKind,
    first: u32,
    last: u32,
}

/// The terms of one text, each once. Reuse one value for many texts: its buffers are kept.
#[derive(Debug, Default)]
pub struct Terms {
    tokens: Tokens,
    list: Vec<Term>,
}

/// Longer words are noise, or an attack.
const LONGEST: usize = 64;
/// More terms of a text are not read.
const MOST: usize = 256;

impl Terms {
    /// An empty value, to be filled by [`Terms::read`].
    pub fn new() -> Self {
        Self::default()
    }

    /// The terms of `text`, in place of those before.
    pub fn read(&mut self, text: &str) -> &[Term] {
        self.tokens.read(text);
        self.list.clear();
        let is_word = |t: &&Token| t.kind == TokenKind::Word && t.sigil == 0;
        let words = self.tokens.as_slice().iter().filter(is_word);
        let stopwords = stopwords_of(words.map(|t| self.tokens.key(t)));
        let mut before: Option<(usize, Token)> = None;
        let mut next = 0;
        while next < self.tokens.len() && self.list.len() < MOST {
            let i = next;
            next += 1;
            let token = self.tokens.as_slice()[i];
            match (token.kind, token.sigil) {
                (TokenKind::Url, _) => self.site(i, &token),
                (TokenKind::Char, _) if self.is_of(i, text::is_katakana) => next = self.run(i),
                (TokenKind::Char, _) if self.is_of(i, text::is_hiragana) => {}
                (TokenKind::Word | TokenKind::Char, 0) => {
                    self.word(i, &token, before, &stopwords);
                    before = Some((i, token));
                    continue;
                }
                (TokenKind::Word, b'#' | b'$') => {
                    let key = hash::text(self.tokens.sigil_key(&token).unwrap_or_default());
                    self.push(key, TermKind::Tag, i, i);
                }
                _ => {}
            }
            if token.kind != TokenKind::Emoji {
                before = None;
            }
        }
        &self.list
    }

    /// The terms that were read last.
    pub fn list(&self) -> &[Term] {
        &self.list
    }

    /// What a term of the list reads as.
    pub fn text(&self, term: &Term) -> String {
        let token = |i: u32| &self.tokens.as_slice()[i as usize];
        let (first, last) = (token(term.first), token(term.last));
        match term.kind {
            TermKind::Site => site(self.tokens.surface(first)).unwrap_or_default(),
            TermKind::Tag => self.tokens.sigil_key(first).unwrap_or_default().to_owned(),
            TermKind::Word => self.joined(term.first as usize..term.last as usize + 1),
            TermKind::Pair => {
                let gap = if first.kind == TokenKind::Char { "" } else { " " };
                format!("{}{gap}{}", self.tokens.key(first), self.tokens.key(last))
            }
        }
    }

    fn joined(&self, tokens: Range<usize>) -> String {
        self.tokens.as_slice()[tokens]
            .iter()
            .map(|t| self.tokens.key(t))
            .collect()
    }

    fn is_of(&self, i: usize, script: fn(char) -> bool) -> bool {
        self.tokens.key(&self.tokens.as_slice()[i]).starts_with(script)
    }

    /// Takes the katakana that begin here as one word, and gives the place behind them.
    fn run(&mut self, begin: usize) -> usize {
        let tokens = self.tokens.as_slice();
        let goes_on = |i: &usize| {
            tokens[*i].kind == TokenKind::Char
                && tokens[*i].start == tokens[*i - 1].end
                && self.is_of(*i, text::is_katakana)
        };
        let end = begin + 1 + (begin + 1..tokens.len()).take_while(goes_on).count();
        let word = self.joined(begin..end);
        if end - begin > 1 && word.len() <= LONGEST {
            self.push(hash::text(&word), TermKind::Word, begin, end - 1);
        }
        end
    }

    fn word(
        &mut self,
        i: usize,
        token: &Token,
        before: Option<(usize, Token)>,
        stopwords: &UnknownStopwords,
    ) {
        let key = self.tokens.key(token);
        if key.len() > LONGEST {
            return;
        }
        let own = hash::text(key);
        let is_stopword = |token: &Token| stopwords.contain(self.tokens.key(token));
        // One letter says nothing, nor does a bare number; in scripts without spaces one character is no word.
        let speaks = token.kind == TokenKind::Word
            && key.len() > 1
            && !key.bytes().all(|b| b.is_ascii_digit())
            && !is_stopword(token);
        let pair = before
            .filter(|(_, b)| !(is_stopword(token) && is_stopword(b)))
            .filter(|(_, b)| token.slot - b.slot <= 2 && b.kind == token.kind)
            .map(|(place, b)| (place, hash::pair(hash::text(self.tokens.key(&b)), own)));
        if speaks {
            self.push(own, TermKind::Word, i, i);
        }
        if let Some((place, key)) = pair {
            self.push(key, TermKind::Pair, place, i);
        }
    }

    fn site(&mut self, i: usize, token: &Token) {
        if let Some(site) = site(self.tokens.surface(token)) {
            self.push(hash::pair(hash::text(&site), 1), TermKind::Site, i, i);
        }
    }

    fn push(&mut self, key: u64, kind: TermKind, first: usize, last: usize) {
        if self.list.iter().all(|t| t.key != key) {
            self.list.push(Term {
                key,
                kind,
                first: first as u32,
                last: last as u32,
            });
        }
    }
}
