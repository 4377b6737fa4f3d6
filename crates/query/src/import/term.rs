//! Words and phrases: which texts are terms of our language, and how wildcards and diacritics carry over.

use super::out::Out;
use super::parser::is_like_operator;
use super::write::Writer;
use super::{Dialect, LossKind};
use crate::ast::Node;
use std::ops::Range;

/// Fewest letters beside the wildcards of a word.
const LITERAL_MIN: usize = 3;

impl Writer<'_> {
    /// A piece without quotes.
    pub(super) fn word(&mut self, raw: &str, at: Range<usize>) -> Option<Out> {
        let text = self.plain(raw, &at);
        let text = self.wildcards(&text, &at)?;
        self.remark_punctuation(&text, &at);
        let quoted = format!("\"{}\"", text.replace(['<', '>'], " "));
        if !is_like_operator(&text) && is_term(&text) {
            Some(Out::Term(text))
        } else if !text.contains('?') && is_term(&quoted) {
            Some(Out::Term(quoted))
        } else {
            self.no_words(raw, at)
        }
    }

    /// The inside of quotes.
    pub(super) fn phrase(&mut self, raw: &str, at: Range<usize>) -> Option<Out> {
        self.quoted(raw, &at).map(Out::Term)
    }

    /// The same as text in quotes.
    pub(super) fn quoted(&mut self, raw: &str, at: &Range<usize>) -> Option<String> {
        let text = self.plain(raw.trim(), at);
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            // Behind a word in quotes, ? is far more often punctuation than a wildcard.
            let kept = word.trim_end_matches('?');
            if kept.len() < word.len() {
                let message = "? at the end of a word in quotes is read as punctuation";
                self.losses
                    .once(at.clone(), "question-mark", LossKind::Unsure, message);
            }
            words.push(self.wildcards(kept, at)?);
        }
        let text = format!("\"{}\"", words.join(" "));
        if is_term(&text) {
            return Some(text);
        }
        self.no_words(raw, at.clone());
        None
    }

    /// `{…}`.
    pub(super) fn case(&mut self, raw: &str, at: Range<usize>) -> Option<Out> {
        let text = format!("{{{}}}", raw.trim());
        if raw.contains(['*', '?']) {
            let message = "wildcards do not go with case-sensitive words";
            self.losses.add(at, "wildcard-case", LossKind::Dropped, message);
            None
        } else if is_term(&text) {
            Some(Out::Term(text))
        } else {
            self.no_words(raw, at)
        }
    }

    /// The exact characters, case aside.
    pub(super) fn exact(&mut self, raw: &str, at: Range<usize>) -> Option<Out> {
        let text = raw.trim();
        let bare = !text.contains(char::is_whitespace) && !is_like_operator(text);
        let quoted = format!("\"{text}\"");
        if text.contains(['*', '?']) {
            let message = "wildcards do not go with exact characters";
            self.losses.add(at, "wildcard-exact", LossKind::Dropped, message);
            return None;
        }
        if bare && is_term(text) {
            Some(Out::Term(text.to_owned()))
        } else if is_term(&quoted) {
            Some(Out::Term(quoted))
        } else {
            self.no_words(raw, at)
        }
    }

    /// `"…"~n`.
    pub(super) fn together(&mut self, raw: &str, n: u32, at: Range<usize>) -> Option<Out> {
        let text = self.quoted(raw, &at)?;
        let has_word = |w: &&str| is_term(&format!("\"{w}\""));
        let words: Vec<&str> = text
            .trim_matches('"')
            .split_whitespace()
            .filter(has_word)
            .collect();
        if words.len() < 2 {
            let message = "~ has nothing to measure behind one word: it is left out";
            self.losses.add(at, "one-word", LossKind::Changed, message);
            return Some(Out::Term(text));
        }
        let least = words.len() as u32 - 1;
        let span = super::parser::steps(self.dialect, n)
            .saturating_add(if self.dialect == Dialect::Talkwalker {
                0
            } else {
                least - 1
            })
            .clamp(least, crate::parser::MAX_REACH);
        if words.len() > 2 {
            let message = "how the product counts ~ from the third word on is not documented: read as one stretch in any order";
            self.losses.once(at, "tilde-count", LossKind::Unsure, message);
        } else if self.dialect == Dialect::Brandwatch {
            let message = "how the product counts ~ where the words are turned round is not documented: both orders are given the same room";
            self.losses.once(at, "tilde-order", LossKind::Unsure, message);
        }
        let near = match words.as_slice() {
            [a, b] => Some((format!("\"{a}\""), format!("\"{b}\""), span)),
            _ => None,
        };
        Some(Out::Together {
            text: format!("\"{}\"~{span}", words.join(" ")),
            near,
        })
    }

    /// `"car sharing"~`: with a space, a hyphen or nothing between.
    pub(super) fn compound(&mut self, raw: &str, at: Range<usize>) -> Option<Out> {
        let text = self.quoted(raw, &at)?;
        let joined: String = text.trim_matches('"').split_whitespace().collect();
        let mut variants = vec![Out::Term(text)];
        if is_term(&joined) {
            variants.push(Out::Term(joined));
        }
        Out::or(variants)
    }

    fn no_words(&mut self, raw: &str, at: Range<usize>) -> Option<Out> {
        let (code, message) = if raw.contains("://") || raw.starts_with("www.") {
            (
                "url-term",
                "the words of a link are not words of the text: use url: or links:",
            )
        } else {
            ("no-words", "there is no word in this that can be searched for")
        };
        self.losses.add(at, code, LossKind::Dropped, message);
        None
    }

    /// Talkwalker compares without diacritics, so its words must find both forms here.
    fn plain(&mut self, raw: &str, at: &Range<usize>) -> String {
        if raw.is_ascii() || self.dialect == Dialect::Brandwatch {
            return raw.to_owned();
        }
        let folded = text::fold(raw);
        let Some(plain) = text::strip_marks(&folded) else {
            return raw.to_owned();
        };
        if self.dialect == Dialect::Talkwalker {
            return plain;
        }
        let message = "whether the product tells letters with diacritics apart is not documented: kept, so they are told apart here";
        self.losses
            .once(at.clone(), "diacritics", LossKind::Unsure, message);
        raw.to_owned()
    }

    /// The word as our wildcards take it: without punctuation at its ends, and with letters enough beside each of them.
    fn wildcards(&mut self, word: &str, at: &Range<usize>) -> Option<String> {
        if !word.contains(['*', '?']) {
            return Some(word.to_owned());
        }
        let kept = |c: char| c.is_alphanumeric() || matches!(c, '*' | '?' | '#' | '@' | '$' | '_');
        let word = spaced_behind(word.trim_matches(|c| !kept(c)));
        if let Some(stem) = word.strip_suffix('*').filter(|s| is_run(s)) {
            return Some(stem.to_owned());
        }
        if word.split(' ').all(has_letters) {
            return Some(word);
        }
        let message =
            format!("write at least {LITERAL_MIN} letters beside a wildcard, or the words it stands for");
        self.losses
            .add(at.clone(), "short-wildcard", LossKind::Dropped, message);
        None
    }

    fn remark_punctuation(&mut self, text: &str, at: &Range<usize>) {
        let inner = text
            .trim_start_matches(['#', '@', '$'])
            .trim_matches(|c: char| c.is_ascii_punctuation());
        let counts = |c: char| c.is_ascii_punctuation() && !matches!(c, '*' | '?' | '\'' | '_');
        if inner.contains(counts) {
            let message =
                "punctuation inside a word counts as written here; put the words in quotes to find any";
            self.losses
                .once(at.clone(), "punctuation", LossKind::Unsure, message);
        }
    }
}

/// Whether each wildcard of a word has letters enough beside it. Of a prefix the parser itself is asked.
fn has_letters(word: &str) -> bool {
    let wild = |c: char| matches!(c, '*' | '?');
    let stem = word.strip_suffix('*');
    if stem.is_some_and(|s| !s.contains(wild)) {
        return crate::query::parse(&format!("\"{word}\"")).is_ok();
    }
    let mut pieces = word.split(|c: char| !c.is_alphanumeric() && !wild(c));
    let letters = |p: &str| p.chars().filter(|c| c.is_alphanumeric()).count();
    pieces.all(|p| !p.contains(wild) || letters(p) >= LITERAL_MIN)
}

/// The word with a space for the punctuation right behind a wildcard: a wildcard ends a word or stands inside one.
fn spaced_behind(word: &str) -> String {
    let mut out = String::new();
    let mut behind = false;
    for c in word.chars() {
        let letter = c.is_alphanumeric() || matches!(c, '*' | '?');
        if letter || !behind {
            out.push(c);
            behind = matches!(c, '*' | '?');
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// Whether the text is a run of a script without spaces, which is looked for inside longer runs anyway.
fn is_run(text: &str) -> bool {
    let tokens = text::Tokens::of(text);
    let run = |t: &text::Token| t.kind == text::TokenKind::Char && t.sigil == 0;
    tokens.iter().next().is_some() && tokens.iter().all(run)
}

/// Whether the text is one word or phrase of our language. Wildcards count as letters: `wildcards` saw to them.
pub(super) fn is_term(text: &str) -> bool {
    let masked = text.replace(['*', '?'], "x");
    crate::query::parse(&masked).is_ok_and(|q| matches!(q.ast(), Node::Word(_) | Node::Phrase(_)))
}
