//! The operands of the parser that are words: terms, phrases and case-sensitive terms.

use crate::ast::Node;
use crate::joints::lowercase_operator;
use crate::leaf::{LeafError, Style, parts};
use crate::lexer::{Lexeme, is_quote};
use crate::parser::{MAX_REACH, MAX_TOGETHER, Parsed, Parser};
use std::ops::Range;

impl Parser<'_> {
    /// One operand that is no group.
    pub(crate) fn operand(&mut self) -> Parsed {
        let at = self.place();
        let Some(lexeme) = self.peek().cloned() else {
            return self.nothing(at, "something to look for is missing here");
        };
        match lexeme {
            Lexeme::And | Lexeme::Or | Lexeme::Near(_) | Lexeme::Close => {
                return self.nothing(at, "something to look for is missing before this");
            }
            Lexeme::Stray => {
                self.stray_brace();
                return Parsed::broken(at);
            }
            Lexeme::Bare if self.foreign_operator() => {
                return Parsed::broken(at);
            }
            _ => self.at += 1,
        }
        match lexeme {
            Lexeme::Quoted { inner, closed, tilde } => self.quoted(at, inner, closed, tilde),
            Lexeme::Braced { inner, closed } => self.braced(at, inner, closed),
            Lexeme::Field(head) => self.headed(at, head),
            _ => self.bare(at),
        }
    }

    /// An operand is missing at `at`, the place of an operator or the end: the operator that waits for it goes.
    fn nothing(&mut self, at: Range<usize>, message: &str) -> Parsed {
        self.problems.error("missing-operand", at.clone(), message);
        let operator = |p: &Lexeme| {
            matches!(
                p,
                Lexeme::And | Lexeme::Or | Lexeme::Near(_) | Lexeme::Not | Lexeme::Minus
            )
        };
        let before = self.at.checked_sub(1).map(|b| self.pieces[b].clone());
        let missing = at.start..at.start;
        match before {
            Some(p) if operator(&p.lexeme) => self.problems.fixed_without(&self.pieces, missing.clone()),
            Some(p) if self.peek().is_none_or(|l| !operator(l)) => self.problems.fixed_by(p.at, ""),
            _ => self.problems.fixed_by(at, ""),
        }
        Parsed::broken(missing)
    }

    pub(crate) fn bare(&mut self, at: Range<usize>) -> Parsed {
        let raw = &self.source()[at.clone()];
        match parts(raw, Style::Bare) {
            Ok(parts) => {
                if lowercase_operator(raw).is_some() {
                    let message =
                        format!("\"{raw}\" is a word to look for here; operators are written in capitals");
                    self.problems.hint("operator-word", at.clone(), message);
                    self.problems.fixed_by(at.clone(), &format!("\"{raw}\""));
                }
                Parsed::new(Node::phrase(parts), at)
            }
            Err(e) => self.refused(at.clone(), at, Style::Bare, e),
        }
    }

    pub(crate) fn quoted(
        &mut self,
        at: Range<usize>,
        inner: Range<usize>,
        closed: bool,
        tilde: Option<Option<u32>>,
    ) -> Parsed {
        if !closed {
            let message = "this quotation mark is never closed";
            self.unclosed("unclosed-quote", at.clone(), inner, '"', message);
            return Parsed::broken(at);
        }
        let parts = match parts(&self.source()[inner.clone()], Style::Quoted) {
            Ok(parts) => parts,
            Err(e) => return self.refused(at, inner, Style::Quoted, e),
        };
        let Some(words) = tilde else {
            return Parsed::new(Node::phrase(parts), at);
        };
        let least = parts.len() as u32 - 1;
        let many = parts.len() > MAX_TOGETHER;
        match words {
            _ if many => {
                let message = format!("~ takes at most {MAX_TOGETHER} words: join the others by AND or NEAR");
                self.problems.error("near-distance", at.clone(), message);
            }
            Some(words) if least > 0 && (least..=MAX_REACH).contains(&words) => {
                return Parsed::new(Node::Together { parts, words }, at);
            }
            _ if least == 0 => {
                let message = "~ measures between words: there must be two or more in the quotes";
                self.problems.error("near-distance", at.clone(), message);
            }
            _ => {
                let message = format!(
                    "write ~n with n between {least} and {MAX_REACH}: that many words fit in between"
                );
                self.problems.error("near-distance", at.clone(), message);
            }
        }
        // Where the quotes end: what follows is the distance.
        let end = inner.end
            + self.source()[inner.end..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        let words = words.unwrap_or(5).clamp(least, MAX_REACH.max(least));
        let fits = least > 0 && words <= MAX_REACH && !many;
        let by = if fits { format!("~{words}") } else { String::new() };
        self.problems.fixed_by(end..at.end, &by);
        Parsed::broken(at)
    }

    pub(crate) fn braced(&mut self, at: Range<usize>, inner: Range<usize>, closed: bool) -> Parsed {
        if !closed {
            self.unclosed(
                "unclosed-brace",
                at.clone(),
                inner,
                '}',
                "this brace is never closed",
            );
            return Parsed::broken(at);
        }
        match parts(&self.source()[inner.clone()], Style::Case) {
            Ok(parts) => Parsed::new(Node::phrase(parts), at),
            Err(e) => self.refused(at, inner, Style::Case, e),
        }
    }

    /// Something opened at `at` goes on to the end: it is closed there, or goes where nothing follows.
    fn unclosed(
        &mut self,
        code: &'static str,
        at: Range<usize>,
        inner: Range<usize>,
        close: char,
        message: &str,
    ) {
        self.problems.error(code, at.clone(), message);
        let held = self.source()[inner.clone()].trim_end();
        if held.trim().is_empty() {
            return self.problems.fixed_by(at, "");
        }
        let end = inner.start + held.len();
        self.problems.fixed_by(end..end, &close.to_string());
    }

    /// A text that is no leaf. `inner` is what stands inside its quotes or braces.
    fn refused(&mut self, at: Range<usize>, inner: Range<usize>, style: Style, error: LeafError) -> Parsed {
        let (code, message) = describe(error);
        self.problems.error(code, at.clone(), message);
        let mut broken = Parsed::broken(at.clone());
        match error {
            LeafError::Comma => broken.joins = self.mend_comma(at),
            LeafError::Url if style != Style::Case => self.mend_url(at, inner),
            LeafError::ShortPattern(_) | LeafError::CaseWildcard | LeafError::UnspacedWildcard => {
                self.mend_wildcards(at, inner, style);
            }
            LeafError::Quote => {
                let text = self.source()[inner.clone()].replace(is_inner_quote, " ");
                self.mend_inner(at, inner, style, text);
            }
            _ => self.problems.fixed_without(&self.pieces, at),
        }
        broken
    }

    /// `apple, pie`: OR was meant. Says whether the mended query joins the term to the next.
    fn mend_comma(&mut self, at: Range<usize>) -> bool {
        let raw = &self.source()[at.clone()];
        let kept = raw.trim_end_matches([',', ';', '，', '；']);
        if kept.is_empty() || kept == raw {
            self.problems.fixed_without(&self.pieces, at);
            return false;
        }
        let ends = |l: &Lexeme| {
            matches!(
                l,
                Lexeme::Or | Lexeme::And | Lexeme::Close | Lexeme::Near(_) | Lexeme::Stray
            )
        };
        let joins = self.peek().is_some_and(|l| !ends(l));
        let operator = if joins { " OR" } else { "" };
        self.problems.fixed_by(at.start + kept.len()..at.end, operator);
        joins
    }

    /// A link alone becomes a condition on links; in a phrase it goes.
    fn mend_url(&mut self, at: Range<usize>, inner: Range<usize>) {
        let text = self.source()[inner.clone()].trim();
        let alone = self.part.is_none() && !text.contains(char::is_whitespace);
        let address = crate::ast::FieldName::Url.normalise(text).filter(|_| alone);
        match address {
            Some(address) => self.problems.fixed_by(at, &format!("url:\"{address}\"")),
            None => self.problems.fixed_without(&self.pieces, at),
        }
    }

    /// The words without wildcards, where any are left.
    fn mend_wildcards(&mut self, at: Range<usize>, inner: Range<usize>, style: Style) {
        let text = self.source()[inner.clone()].replace(['*', '?', '＊', '？', '﹡', '﹖'], "");
        self.mend_inner(at, inner, style, text);
    }

    fn mend_inner(&mut self, at: Range<usize>, inner: Range<usize>, style: Style, text: String) {
        let text = text.trim();
        if text == self.source()[inner.clone()].trim() || parts(text, style).is_err() {
            return self.problems.fixed_without(&self.pieces, at);
        }
        let quotes = style == Style::Bare && text.contains(char::is_whitespace);
        let by = if quotes {
            format!("\"{text}\"")
        } else {
            text.to_owned()
        };
        self.problems.fixed_by(inner, &by);
    }
}

fn is_inner_quote(c: char) -> bool {
    is_quote(c) || matches!(c, '\u{201C}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}')
}

fn describe(error: LeafError) -> (&'static str, String) {
    let (code, message) = match error {
        LeafError::NoWords => ("no-words", "there is no word or emoji in this"),
        LeafError::Url => (
            "url-term",
            "the words of a link are not words of the text: ask for links by url: or links:",
        ),
        LeafError::LoneWildcard => (
            "lone-wildcard",
            "a wildcard stands for letters of a word, as in phon* or gr?y: alone it would match everything",
        ),
        LeafError::ShortPattern(least) => {
            let message = format!("write at least {least} letters beside the wildcard");
            return ("short-wildcard", message);
        }
        LeafError::CaseWildcard => (
            "case-wildcard",
            "braces compare letter by letter: there are no wildcards in them",
        ),
        LeafError::UnspacedWildcard => (
            "unspaced-wildcard",
            "a script without spaces matches within longer words as it is: no wildcard can stand inside it",
        ),
        LeafError::Quote => ("inner-quote", "a quotation mark cannot stand inside a term"),
        LeafError::Comma => ("comma", "a comma does not join terms: write OR"),
    };
    (code, message.to_owned())
}
