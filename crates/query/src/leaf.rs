//! Words, phrases and punctuated names out of the text between operators, by the tokeniser of the posts.

use crate::ast::{Form, Part, Sigil, Word};
use text::{Token, TokenKind, Tokens};

/// How a piece of text was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotes: punctuation counts as written.
    Bare,
    /// In quotes: the punctuation of sentences at the borders of words does not count.
    Quoted,
    /// In braces: like quotes, case-sensitive.
    Case,
}

/// Why a piece of text is no leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LeafError {
    NoWords,
    Url,
    Wildcard,
    ShortPrefix,
    Quote,
    Comma,
}

/// Fewest literal characters before a `*`.
pub(crate) const PREFIX_MIN: usize = 3;

/// The parts of a piece of text: pieces between white space that hold a token.
pub(crate) fn parts(raw: &str, style: Style) -> Result<Vec<Part>, LeafError> {
    let whole = Tokens::of(raw);
    let chunks = whole.normalised().split_whitespace();
    let mut parts = Vec::new();
    for chunk in chunks {
        parts.extend(part(chunk, style)?);
    }
    if parts.is_empty() {
        Err(LeafError::NoWords)
    } else {
        Ok(parts)
    }
}

fn part(chunk: &str, style: Style) -> Result<Option<Part>, LeafError> {
    let (chunk, prefix) = match chunk.strip_suffix('*') {
        Some(c) => (c, true),
        None => (chunk, false),
    };
    if chunk.contains('*')
        || (style == Style::Bare && chunk.contains('?'))
        || (prefix && style == Style::Case)
    {
        return Err(LeafError::Wildcard);
    }
    if style == Style::Bare && chunk.ends_with([',', ';']) {
        return Err(LeafError::Comma);
    }
    let tokens = Tokens::of(chunk);
    let (Some(first), Some(last)) = (tokens.as_slice().first(), tokens.as_slice().last()) else {
        return if prefix {
            Err(LeafError::Wildcard)
        } else {
            Ok(None)
        };
    };
    if tokens.iter().any(|t| t.kind == TokenKind::Url) {
        return Err(LeafError::Url);
    }
    let norm = tokens.normalised();
    let mut words: Vec<Word> = tokens.iter().map(|t| word(&tokens, t, style)).collect();
    let mut gaps = Vec::with_capacity(words.len() - 1);
    for pair in tokens.as_slice().windows(2) {
        gaps.push(unify(&norm[pair[0].norm_range().end..begin(&pair[1])]));
    }
    let mut lead = unify(&norm[..begin(first)]);
    let mut trail = unify(&norm[last.norm_range().end..]);
    if gaps.iter().chain([&lead, &trail]).any(|g| g.contains('"')) {
        return Err(LeafError::Quote);
    }
    let inside = |g: &String| g.contains(['(', ')', '{', '}', '*', '?', '<', '>', ':', '：']);
    let sentence = style != Style::Bare || gaps.iter().chain([&lead, &trail]).any(inside);
    trim_lead(&mut lead);
    trim_trail(&mut trail, sentence);
    let closed = words[0].sigil.is_some() && last.kind == TokenKind::Char && !prefix;
    if prefix && last.kind != TokenKind::Char {
        let count = words.len();
        let word = &mut words[count - 1];
        if last.kind == TokenKind::Emoji || !trail.is_empty() {
            return Err(LeafError::Wildcard);
        }
        if word.key.chars().count() < PREFIX_MIN {
            return Err(LeafError::ShortPrefix);
        }
        word.form = Form::Prefix;
    }
    Ok(Some(Part {
        lead,
        words,
        gaps,
        trail,
        closed,
    }))
}

fn word(tokens: &Tokens, t: &Token, style: Style) -> Word {
    Word {
        surface: tokens.surface(t).to_owned(),
        key: tokens.key(t).to_owned(),
        sigil: Sigil::of(t.sigil),
        kind: t.kind,
        form: if style == Style::Case {
            Form::Case
        } else {
            Form::Whole
        },
    }
}

/// Where a token begins in the normalised text, its sigil included.
pub(crate) fn begin(t: &Token) -> usize {
    t.norm_range().start - usize::from(t.sigil != 0)
}

/// One form for the apostrophes, dashes and quotation marks that keyboards and phones write for each other.
pub(crate) fn unify_char(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' | '`' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{201C}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}' => '"',
        c => c,
    }
}

fn unify(s: &str) -> String {
    s.chars().map(unify_char).collect()
}

fn trim_lead(lead: &mut String) {
    let kept = lead
        .trim_start_matches(['\'', '(', '[', '{', '<', '¿', '¡', ')', '}', '-'])
        .to_owned();
    *lead = kept;
}

fn trim_trail(trail: &mut String, sentence: bool) {
    let drops = |c: char| {
        matches!(c, '\'' | ')' | '}' | ']' | '>' | '(' | '{' | '<')
            || (sentence && matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '…' | '。' | '、'))
    };
    trail.truncate(trail.trim_end_matches(drops).len());
}
