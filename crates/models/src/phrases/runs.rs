//! Runs of words that may be a phrase.

use super::stops::Stops;
use crate::hashtags::Hashtags;
use crate::spans::whole;
use std::ops::Range;
use text::{Token, TokenKind, Tokens};

/// Words of a run at most; longer ones are parted.
const WORDS: usize = 4;
/// Characters of a run in a script without spaces.
const CHARS: Range<usize> = 2..9;
/// Letters of a phrase of one word at least.
const LETTERS: usize = 3;

/// A run with its folded words.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) words: Vec<String>,
    pub(super) place: Range<usize>,
}

/// The runs of a text.
pub(super) fn of(text: &str, tokens: &Tokens, stops: &Stops, hashtags: Option<&Hashtags>) -> Vec<Run> {
    let (mut out, mut open) = (Vec::new(), Open::default());
    let mut tag_end = 0;
    for token in tokens.iter() {
        let place = whole(text, token);
        if place.start < tag_end || (token.kind == TokenKind::Word && ends_handle(text, token)) {
            open.close(&mut out);
            continue;
        }
        let is_joined = open.takes(text, token, place.start);
        if !is_joined {
            open.close(&mut out);
        }
        match (token.kind, token.sigil) {
            (TokenKind::Word | TokenKind::Char, b'#') => {
                let end = tag_end_of(text, token);
                tag_end = end;
                out.extend(of_tag(text, place.start..end, token, stops, hashtags));
            }
            (TokenKind::Word, 0) if !stops.has(tokens, token) => open.push(key(tokens, token), place, false),
            (TokenKind::Char, 0) if is_content(text, token) => open.push(key(tokens, token), place, true),
            _ => open.close(&mut out),
        }
    }
    open.close(&mut out);
    out
}

fn key(tokens: &Tokens, t: &Token) -> String {
    tokens.key(t).to_owned()
}

/// A run that may go on.
#[derive(Default)]
struct Open {
    words: Vec<String>,
    place: Range<usize>,
    /// Whether its words are characters of a script without spaces.
    unspaced: bool,
}

impl Open {
    /// Whether a token at `start` goes on with the run.
    fn takes(&self, text: &str, token: &Token, start: usize) -> bool {
        let unspaced = token.kind == TokenKind::Char;
        let room = if self.unspaced { CHARS.end - 1 } else { WORDS };
        let between = text.get(self.place.end..start).unwrap_or("\n");
        let joins = match unspaced {
            true => between.is_empty(),
            false => matches!(between, " " | "-" | "'" | "’" | "&" | " & "),
        };
        !self.words.is_empty() && self.unspaced == unspaced && self.words.len() < room && joins
    }

    fn push(&mut self, word: String, place: Range<usize>, unspaced: bool) {
        if self.words.is_empty() {
            self.place.start = place.start;
        }
        self.place.end = place.end;
        self.unspaced = unspaced;
        self.words.push(word);
    }

    /// Ends the run, which becomes a phrase if it says enough.
    fn close(&mut self, out: &mut Vec<Run>) {
        let mut words = std::mem::take(&mut self.words);
        if self.unspaced {
            words = vec![words.concat()];
        }
        if (self.unspaced && words[0].chars().count() >= CHARS.start) || says_enough(&words) {
            out.push(Run {
                words,
                place: self.place.clone(),
            });
        }
        self.unspaced = false;
    }
}

fn says_enough(words: &[String]) -> bool {
    let letters = |w: &String| w.chars().filter(|c| c.is_alphabetic()).count();
    words.iter().any(|w| letters(w) >= LETTERS)
}

/// The words of a hashtag without the stop words at its ends.
fn of_tag(
    text: &str,
    place: Range<usize>,
    token: &Token,
    stops: &Stops,
    hashtags: Option<&Hashtags>,
) -> Option<Run> {
    let tag = &text[token.start as usize..place.end];
    let parts = hashtags.map_or_else(|| vec![tag], |h| h.segment(tag));
    let mut words: Vec<String> = parts.iter().map(|w| text::fold(w)).collect();
    while words.last().is_some_and(|w| stops.has_word(w)) {
        words.pop();
    }
    let first = words.iter().take_while(|w| stops.has_word(w)).count();
    words.drain(..first);
    (says_enough(&words) || tag.chars().any(text::is_unspaced)).then_some(Run { words, place })
}

/// Where a hashtag ends: those in scripts without spaces are several tokens.
fn tag_end_of(text: &str, token: &Token) -> usize {
    let end = token.end as usize;
    match token.kind {
        TokenKind::Char => {
            let rest = &text[end..];
            let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
            end + length.unwrap_or(rest.len())
        }
        _ => end,
    }
}

/// Whether a word belongs to a handle or an address: `@ann`, `ann@…`, `@…@instance.example`.
fn ends_handle(text: &str, token: &Token) -> bool {
    let after = text.get(token.end as usize..).and_then(|t| t.chars().next());
    token.sigil == b'@' || after == Some('@')
}

/// Han and Katakana carry the content; other scripts without spaces cannot be parted without a dictionary.
fn is_content(text: &str, token: &Token) -> bool {
    let first = text.get(token.start as usize..).and_then(|t| t.chars().next());
    first.is_some_and(|c| matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{30A1}'..='\u{30FE}' | '\u{FF66}'..='\u{FF9D}' | '\u{20000}'..='\u{3FFFF}'))
}
