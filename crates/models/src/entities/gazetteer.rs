//! Names somebody gave, found in posts.

use super::{Entity, Kind};
use crate::spans::whole;
use std::collections::HashMap;
use text::{Token, TokenKind, Tokens};

/// Words of a name at most.
const LONGEST: usize = 12;
/// Names of fewer letters are not looked for within handles and hashtags of several words.
const SHORT: usize = 4;

/// A list of names with their kinds. Names are found as the same words in a row, whatever their case and diacritics, and as
/// a hashtag or handle that is all of them glued together. The longest name wins.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    names: Vec<(String, Kind)>,
    /// Names by the keys of their words, which end in a space each.
    rows: HashMap<String, usize>,
    glued: HashMap<String, usize>,
    /// Words of the longest name.
    longest: usize,
}

impl Gazetteer {
    /// Names without a word (`!!!`), and those of more than twelve, are left out; of two alike the first stays.
    pub fn new(names: impl IntoIterator<Item = (String, Kind)>) -> Self {
        let mut out = Self::default();
        for (name, kind) in names {
            let tokens = Tokens::of(&name);
            let words: Vec<&str> = tokens.iter().filter_map(|t| word(&tokens, t)).collect();
            if words.is_empty() || words.len() > LONGEST {
                continue;
            }
            let (at, glued) = (out.names.len(), words.concat());
            out.longest = out.longest.max(words.len());
            out.rows
                .entry(words.iter().flat_map(|w| [w, " "]).collect())
                .or_insert(at);
            if glued.chars().count() >= SHORT {
                out.glued.entry(glued).or_insert(at);
            }
            out.names.push((name, kind));
        }
        out
    }

    /// How many names it has.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The entities of a text that are on the list; `tokens` are those of the text.
    pub fn find(&self, text: &str, tokens: &Tokens) -> Vec<Entity> {
        let (list, mut out, mut at) = (tokens.as_slice(), Vec::new(), 0);
        while at < list.len() && !self.is_empty() {
            match self.longest_at(tokens, at) {
                Some((name, count)) => {
                    let place = whole(text, &list[at]).start..list[at + count - 1].end as usize;
                    out.push(self.entity(name, place));
                    at += count;
                }
                None => at += 1,
            }
        }
        out
    }

    fn entity(&self, name: usize, place: std::ops::Range<usize>) -> Entity {
        let (name, kind) = &self.names[name];
        Entity {
            place,
            kind: *kind,
            confidence: 1.0,
            name: Some(name.clone()),
        }
    }

    /// The name that begins at a token, and how many tokens it has.
    fn longest_at(&self, tokens: &Tokens, at: usize) -> Option<(usize, usize)> {
        let (mut row, mut found) = (String::new(), None);
        for (i, token) in tokens.as_slice()[at..].iter().take(self.longest).enumerate() {
            let Some(key) = word(tokens, token) else { break };
            row.push_str(key);
            row.push(' ');
            if let Some(&name) = self.rows.get(&row) {
                found = Some((name, i + 1));
            }
        }
        found.or_else(|| {
            let first = &tokens.as_slice()[at];
            let key: String = word(tokens, first)?.split('_').collect();
            self.glued.get(&key).map(|&name| (name, 1))
        })
    }
}

/// The folded word of a token, without diacritics.
fn word<'t>(tokens: &'t Tokens, t: &Token) -> Option<&'t str> {
    match t.kind {
        TokenKind::Word | TokenKind::Char => Some(tokens.plain(t).unwrap_or_else(|| tokens.key(t))),
        TokenKind::Emoji | TokenKind::Url => None,
    }
}
