//! The tokens of a post as Lucene terms.
//!
//! At the place of a word stand its key, its key without diacritics, and both with the sigil. Forms that only some
//! queries compare stand there where a query of the set asks for just that one, which spares Lucene the others: the
//! word in its case, and the word with what is written between it and the one before.

use std::collections::HashSet;
use text::{Token, TokenKind, Tokens};

/// In front of a word in its case.
pub(crate) const CASE: char = '\u{1}';
/// Around what is written before a word.
pub(crate) const GAP: char = '\u{2}';

/// What the queries of a set ask for.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Terms as they are written for Lucene.
    pub(crate) terms: HashSet<String>,
    /// Begins of words.
    pub(crate) begins: HashSet<String>,
    /// Longest pieces of patterns.
    pub(crate) pieces: HashSet<String>,
    /// What is written between words of a name.
    pub(crate) gaps: HashSet<String>,
}

/// Calls `each` with the place and text of every term, in the order of the places.
pub(crate) fn each_term(tokens: &Tokens, asked: &Asked, mut each: impl FnMut(u32, &str)) {
    let mut before: Option<&Token> = None;
    for token in tokens.iter() {
        let place = token.slot / 2;
        let gap = before
            .and_then(|b| gap(tokens, b, token))
            .filter(|g| asked.gaps.contains(g));
        for form in forms(tokens, token) {
            if !form.starts_with(CASE) || asked.terms.contains(&form) {
                each(place, &form);
            }
            if let Some(gap) = &gap {
                let glued = glued(gap, &form);
                if asked.terms.contains(&glued) {
                    each(place, &glued);
                }
            }
        }
        before = Some(token);
    }
}

/// The term of a word that must follow the one before with `gap` between.
pub(crate) fn glued(gap: &str, term: &str) -> String {
    format!("{GAP}{gap}{GAP}{term}")
}

fn forms(tokens: &Tokens, token: &Token) -> Vec<String> {
    if tokens.key(token).is_empty() {
        return Vec::new();
    }
    let mut keys = vec![tokens.key(token).to_owned()];
    keys.extend(tokens.plain(token).map(str::to_owned));
    let cased = format!("{CASE}{}", tokens.surface(token));
    let sigil = Some(char::from(token.sigil)).filter(|s| *s != '\0');
    let signed: Vec<String> = sigil
        .iter()
        .flat_map(|s| {
            let case = format!("{CASE}{s}{}", tokens.surface(token));
            keys.iter().map(move |k| format!("{s}{k}")).chain([case])
        })
        .collect();
    keys.push(cased);
    keys.extend(signed);
    keys
}

/// What is written between two neighbouring words; nothing where one of them is no word.
fn gap(tokens: &Tokens, left: &Token, right: &Token) -> Option<String> {
    let words = |t: &Token| matches!(t.kind, TokenKind::Word | TokenKind::Char);
    if !words(left) || !words(right) {
        return None;
    }
    let begin = right.norm_range().start - usize::from(right.sigil != 0);
    let between = tokens.normalised().get(left.norm_range().end..begin)?;
    Some(between.chars().map(plain).collect())
}

/// One form for apostrophes, dashes and quotation marks, as queries have them.
fn plain(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' | '`' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{201C}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}' => '"',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lucene::lower::lower;

    fn terms(text: &str, queries: &[&str]) -> Vec<(u32, String)> {
        let mut asked = Asked::default();
        for q in queries {
            lower(query::parse(q).expect("a query").ast(), &mut asked).expect("a form for Lucene");
        }
        let mut out = Vec::new();
        each_term(&Tokens::of(text), &asked, |place, term| {
            out.push((place, term.to_owned()))
        });
        out
    }

    fn at(list: &[(u32, &str)]) -> Vec<(u32, String)> {
        list.iter()
            .map(|(place, term)| (*place, (*term).to_owned()))
            .collect()
    }

    #[test]
    fn a_word_stands_with_its_plain_key_and_its_sigil() {
        let expected = at(&[(0, "my"), (1, "café"), (1, "cafe"), (1, "#café"), (1, "#cafe")]);
        assert_eq!(terms("My #Café", &[]), expected);
    }

    #[test]
    fn rare_forms_stand_only_where_a_query_asks_for_them() {
        let expected = at(&[(0, "at"), (1, "t"), (1, "\u{2}&\u{2}t"), (2, "up")]);
        assert_eq!(terms("AT&T up", &["AT&T"]), expected);
        assert_eq!(
            terms("BT Up", &["{BT}"]),
            at(&[(0, "bt"), (0, "\u{1}BT"), (1, "up")])
        );
        assert_eq!(terms("BT Up", &["{Bt}"]), at(&[(0, "bt"), (1, "up")]));
    }
}
