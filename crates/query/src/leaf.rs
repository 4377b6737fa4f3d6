//! Words, phrases and punctuated names out of the text between operators, by the tokeniser of the posts.

use crate::ast::{Form, Part, Sigil, Word};
use crate::wildcard::{Letters, marked};
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
    /// A wildcard without letters at its side.
    LoneWildcard,
    /// Too few letters beside the wildcards; so many there must be.
    ShortPattern(usize),
    /// A wildcard in braces.
    CaseWildcard,
    /// A wildcard in the middle of a script without spaces.
    UnspacedWildcard,
    Quote,
    Comma,
}

/// Fewest literal characters of a word with a `*`.
pub(crate) const STAR_MIN: usize = 3;
/// Fewest literal characters of a word with `?` only.
pub(crate) const MARK_MIN: usize = 2;

/// The parts of a piece of text: pieces between white space that hold a token.
pub(crate) fn parts(raw: &str, style: Style) -> Result<Vec<Part>, LeafError> {
    let mut parts = Vec::new();
    if raw.is_ascii() {
        // Normalising changes nothing.
        for chunk in raw.split_whitespace() {
            match simple(chunk, style) {
                Some(word) => parts.push(Part::word(word)),
                None => parts.extend(part(chunk, style, false)?),
            }
        }
    } else {
        let tokens = Tokens::of(raw);
        let chunks = || tokens.normalised().split_whitespace();
        // Normalising can put white space in, as for `¸`: several parts are printed in quotes.
        let several = chunks().nth(1).is_some();
        for chunk in chunks() {
            parts.extend(part(chunk, style, several)?);
        }
    }
    if parts.is_empty() {
        Err(LeafError::NoWords)
    } else {
        Ok(parts)
    }
}

/// The word of a chunk of ASCII letters and digits with or without a sigil, as most are: the tokeniser makes one token
/// of it, and need not be asked.
fn simple(chunk: &str, style: Style) -> Option<Word> {
    let sigil = chunk.bytes().next().and_then(Sigil::of);
    let surface = if sigil.is_some() { &chunk[1..] } else { chunk };
    let first = surface.bytes().next()?;
    let plain = surface.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    // `$` before a digit is no sigil.
    let fits = plain && (sigil != Some(Sigil::Cash) || first.is_ascii_alphabetic());
    fits.then(|| Word {
        surface: surface.to_owned(),
        key: surface.to_ascii_lowercase(),
        sigil,
        kind: TokenKind::Word,
        form: if style == Style::Case {
            Form::Case
        } else {
            Form::Whole
        },
    })
}

fn part(chunk: &str, style: Style, several: bool) -> Result<Option<Part>, LeafError> {
    if style == Style::Bare && chunk.ends_with([',', ';']) {
        return Err(LeafError::Comma);
    }
    // What cannot stand outside quotes is printed in them, so it is read as if it stood there.
    let sentence =
        style != Style::Bare || several || chunk.contains(['(', ')', '{', '}', '<', '>', ':', '：']);
    let letters = Letters::absent_from(chunk);
    let marked = marked(chunk, sentence, letters);
    let tokens = Tokens::of(&marked.text);
    let (Some(first), Some(last)) = (tokens.as_slice().first(), tokens.as_slice().last()) else {
        return if marked.any {
            Err(LeafError::LoneWildcard)
        } else {
            Ok(None)
        };
    };
    if marked.any && style == Style::Case {
        return Err(LeafError::CaseWildcard);
    }
    if tokens.iter().any(|t| t.kind == TokenKind::Url) {
        return Err(LeafError::Url);
    }
    let unspaced = tokens.iter().any(|t| t.kind == TokenKind::Char);
    let read = |t| word(&tokens, t, style, letters, unspaced);
    let words = tokens
        .iter()
        .map(read)
        .collect::<Result<Vec<Word>, LeafError>>()?;
    let norm = tokens.normalised();
    let mut gaps = Vec::with_capacity(words.len() - 1);
    for pair in tokens.as_slice().windows(2) {
        gaps.push(unify(&norm[pair[0].norm_range().end..begin(&pair[1])]));
    }
    let mut lead = unify(&norm[..begin(first)]);
    let mut trail = unify(&norm[last.norm_range().end..]);
    if gaps.iter().chain([&lead, &trail]).any(|g| g.contains('"')) {
        return Err(LeafError::Quote);
    }
    trim_lead(&mut lead);
    trim_trail(&mut trail, sentence);
    let closed = words[0].sigil.is_some() && last.kind == TokenKind::Char && !marked.open_end;
    Ok(Some(Part {
        lead,
        words,
        gaps,
        trail,
        closed,
    }))
}

fn word(
    tokens: &Tokens,
    t: &Token,
    style: Style,
    letters: Letters,
    unspaced: bool,
) -> Result<Word, LeafError> {
    let mut word = Word {
        surface: letters.restore(tokens.surface(t)),
        key: letters.restore(tokens.key(t)),
        sigil: Sigil::of(t.sigil),
        kind: t.kind,
        form: if style == Style::Case {
            Form::Case
        } else {
            Form::Whole
        },
    };
    if !letters.are_in(tokens.key(t)) {
        return Ok(word);
    }
    let literal = word.key.chars().filter(|c| !matches!(c, '*' | '?')).count();
    if literal == 0 {
        return Err(if unspaced {
            LeafError::UnspacedWildcard
        } else {
            LeafError::LoneWildcard
        });
    }
    let least = if word.key.contains('*') {
        STAR_MIN
    } else {
        MARK_MIN
    };
    if literal < least {
        return Err(LeafError::ShortPattern(least));
    }
    word.form = Form::Glob;
    if word.key.find(['*', '?']) == Some(word.key.len() - 1) && word.key.ends_with('*') {
        word.form = Form::Prefix;
        word.key.pop();
        word.surface.pop();
    }
    Ok(word)
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
        matches!(c, '\'' | ')' | '}' | ']' | '>' | '(' | '{' | '<' | ',' | ';')
            || (sentence && matches!(c, '.' | ':' | '!' | '?' | '…' | '。' | '、'))
    };
    trail.truncate(trail.trim_end_matches(drops).len());
}
