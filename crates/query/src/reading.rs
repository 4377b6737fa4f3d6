//! The tokens of a document, title and text as one sequence of places.

use crate::document::Document;
use crate::leaf::{begin, unify_char};
use text::{Token, TokenKind, Tokens};

/// Slots between the title and the text: more than any NEAR reaches.
const TITLE_GAP: u32 = 4 * crate::parser::MAX_REACH;

/// Where one token stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// As in [`text::Token::slot`], counted on from the title into the text.
    pub(crate) slot: u32,
    /// How many words stand before it.
    words_before: u32,
    is_word: bool,
}

/// Buffers for one document at a time.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    title: Tokens,
    text: Tokens,
    title_len: usize,
    places: Vec<Place>,
    words: Vec<u32>,
}

impl Reading {
    pub(crate) fn of(document: &Document<'_>) -> Self {
        let mut reading = Self::default();
        reading.read(document);
        reading
    }

    pub(crate) fn read(&mut self, document: &Document<'_>) {
        self.places.clear();
        self.words.clear();
        self.title_len = 0;
        let mut offset = 0;
        if let Some(title) = document.title {
            self.title.read(title);
            self.title_len = self.title.len();
            Self::place(&self.title, 0, &mut self.places, &mut self.words);
            offset = self
                .title
                .as_slice()
                .last()
                .map_or(0, |t| (t.slot | 1) + 1 + TITLE_GAP);
        }
        self.text.read(document.text);
        Self::place(&self.text, offset, &mut self.places, &mut self.words);
    }

    fn place(tokens: &Tokens, offset: u32, places: &mut Vec<Place>, words: &mut Vec<u32>) {
        for t in tokens.iter() {
            let is_word = t.kind != TokenKind::Emoji;
            places.push(Place {
                slot: t.slot + offset,
                words_before: words.len() as u32,
                is_word,
            });
            if is_word {
                words.push(places.len() as u32 - 1);
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn slot(&self, token: usize) -> u32 {
        self.places[token].slot
    }

    /// The tokens object and the token of an index.
    pub(crate) fn token(&self, index: usize) -> (&Tokens, &Token) {
        match index.checked_sub(self.title_len) {
            None => (&self.title, &self.title.as_slice()[index]),
            Some(i) => (&self.text, &self.text.as_slice()[i]),
        }
    }

    pub(crate) fn is_title(&self, token: usize) -> bool {
        token < self.title_len
    }

    pub(crate) fn is_word(&self, token: usize) -> bool {
        self.places[token].is_word
    }

    /// The word right after a token, where nothing but emoji stands between.
    pub(crate) fn next_word(&self, token: usize) -> Option<usize> {
        let place = self.places[token];
        let next = *self
            .words
            .get((place.words_before + u32::from(place.is_word)) as usize)? as usize;
        let step = if place.is_word { 2 } else { 1 };
        (self.places[next].slot == place.slot + step).then_some(next)
    }

    /// The emoji that can follow a token in a phrase: the next token after an emoji, any of the gap after a word.
    pub(crate) fn next_emoji(&self, token: usize) -> std::ops::Range<usize> {
        let place = self.places[token];
        let (slot, most) = if place.is_word {
            (place.slot + 1, usize::MAX)
        } else {
            (place.slot, 1)
        };
        let after = self.places[token + 1..].iter().take(most);
        let gap = after.take_while(|p| !p.is_word && p.slot == slot).count();
        token + 1..token + 1 + gap
    }

    /// Whether exactly `gap` stands between two tokens of the same region.
    pub(crate) fn gap_is(&self, left: usize, right: usize, gap: &str) -> bool {
        let (tokens, l) = self.token(left);
        let (_, r) = self.token(right);
        let range = l.norm_range().end..begin(r);
        tokens
            .normalised()
            .get(range)
            .is_some_and(|between| same(between, gap))
    }

    /// Whether a part whose words stand at `first..=last` has its lead, trail and end there too.
    pub(crate) fn borders_fit(
        &self,
        first: usize,
        last: usize,
        lead: &str,
        trail: &str,
        closed: bool,
    ) -> bool {
        let (tokens, f) = self.token(first);
        let norm = tokens.normalised();
        let before = &norm[..begin(f)];
        let after = &norm[self.token(last).1.norm_range().end..];
        let lead_fits = lead
            .chars()
            .rev()
            .zip(before.chars().rev())
            .filter(|&(a, b)| a == unify_char(b))
            .count();
        let trail_fits = trail
            .chars()
            .zip(after.chars())
            .filter(|&(a, b)| a == unify_char(b))
            .count();
        lead_fits == lead.chars().count()
            && trail_fits == trail.chars().count()
            && !(closed && self.goes_on(last))
    }

    /// Whether a word character follows the token at once.
    fn goes_on(&self, token: usize) -> bool {
        let next = token + 1;
        next < self.len()
            && self.is_title(next) == self.is_title(token)
            && self.is_word(next)
            && self.gap_is(token, next, "")
            && self.token(next).1.sigil == 0
    }
}

fn same(text: &str, gap: &str) -> bool {
    if text.is_ascii() && gap.is_ascii() && !text.contains('`') {
        return text == gap;
    }
    text.chars().map(unify_char).eq(gap.chars())
}
