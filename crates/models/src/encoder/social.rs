//! How a post is written before it is split into pieces: links become `http`, handles `@user`.
//!
//! The encoder was trained on posts written so (`training/encoder/texts.py`); the two must agree. Both look for
//!
//! - links: `https?://\S+|www\.\S+`, whatever the case, also within a word;
//! - handles outside of links: `@` that follows neither a word character nor `@`, a word character, and all word
//!   characters, dots and hyphens after it up to the last word character.

use std::ops::Range;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// A part of a word: as it was, or replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// Bytes to be read as they are.
    Text(Range<usize>),
    /// Bytes that are read as something else.
    Mark(&'static str, Range<usize>),
}

/// Hands the parts of `word`, which holds no white space, to `emit` in their order.
pub(super) fn rewrite(word: &str, mut emit: impl FnMut(Segment)) {
    let bytes = word.as_bytes();
    let (mut copied, mut link_end, mut at) = (0, 0, 0);
    while at < bytes.len() {
        let found = match bytes[at] {
            b'@' => handle_end(word, at).map(|end| ("@user", end)),
            b'h' | b'H' | b'w' | b'W' => link(&word[at..]).map(|length| ("http", at + length)),
            _ => None,
        };
        let Some((mark, end)) = found else {
            at += 1;
            continue;
        };
        if copied < at {
            emit(Segment::Text(copied..at));
        }
        emit(Segment::Mark(mark, at..end));
        copied = end;
        // A link swallows the handles in it; a handle may have the beginning of a link in it.
        if mark == "http" {
            link_end = end;
        }
        at = link_end.max(at + 1);
    }
    if copied < bytes.len() {
        emit(Segment::Text(copied..bytes.len()));
    }
}

/// The length of the link that `rest` begins with.
fn link(rest: &str) -> Option<usize> {
    let starts = |prefix: &str| {
        let head = rest.as_bytes().get(..prefix.len());
        head.is_some_and(|h| h.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    let prefix = ["http://", "https://", "www."].into_iter().find(|p| starts(p))?;
    // Python's `\S` ends at the separators U+001C to U+001F, which are no white space to Unicode.
    let tail = &rest[prefix.len()..];
    let length = tail
        .find(|c| matches!(c, '\u{1C}'..='\u{1F}'))
        .unwrap_or(tail.len());
    (length > 0).then_some(prefix.len() + length)
}

/// Where the handle ends whose `@` is at `at`, if it is one.
fn handle_end(word: &str, at: usize) -> Option<usize> {
    let before = word[..at].chars().next_back();
    if before.is_some_and(|c| c == '@' || is_word(c)) {
        return None;
    }
    let mut end = None;
    for (i, c) in word[at + 1..].char_indices() {
        if is_word(c) {
            end = Some(at + 1 + i + c.len_utf8());
        } else if i == 0 || !matches!(c, '.' | '-') {
            break;
        }
    }
    end
}

/// Letters, numbers and `_`: Python's `\w`.
fn is_word(c: char) -> bool {
    use GeneralCategoryGroup::{Letter, Number};
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    matches!(c.general_category_group(), Letter | Number)
}
