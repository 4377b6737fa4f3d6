//! The operands of the parser: words, phrases, case-sensitive terms and fields.

use crate::ast::{FieldName, Node};
use crate::leaf::{LeafError, PREFIX_MIN, Style, parts};
use crate::lexer::Lexeme;
use crate::parser::{MAX_REACH, Parsed, Parser, lowercase_operator};
use std::ops::Range;

impl Parser<'_> {
    /// One operand that is no group.
    pub(crate) fn operand(&mut self) -> Parsed {
        let at = self.place();
        let Some(lexeme) = self.peek().cloned() else {
            self.problems.error(
                "missing-operand",
                at.clone(),
                "something to look for is missing here",
            );
            return Parsed::broken(at);
        };
        match lexeme {
            Lexeme::And | Lexeme::Or | Lexeme::Near(_) | Lexeme::Close => {
                self.problems.error(
                    "missing-operand",
                    at.clone(),
                    "something to look for is missing before this",
                );
                return Parsed::broken(at.start..at.start);
            }
            _ => self.at += 1,
        }
        match lexeme {
            Lexeme::Quoted { inner, closed, tilde } => self.quoted(at, inner, closed, tilde),
            Lexeme::Braced { inner, closed } => self.braced(at, inner, closed),
            Lexeme::Field(name) => self.field(at, name),
            Lexeme::Stray => {
                self.problems.error(
                    "unopened-brace",
                    at.clone(),
                    "there is no opening brace for this one",
                );
                self.problems.fixed_by(at.clone(), "");
                Parsed::broken(at)
            }
            _ => self.bare(at),
        }
    }

    fn bare(&mut self, at: Range<usize>) -> Parsed {
        let raw = &self.source()[at.clone()];
        if let Some(operator) = match raw {
            "&&" | "&" | "+" => Some("AND"),
            "||" | "|" => Some("OR"),
            "!" | "-" => Some("NOT"),
            _ => None,
        } {
            self.problems.error(
                "foreign-operator",
                at.clone(),
                format!("write {operator} instead of {raw}"),
            );
            self.problems.fixed_by(at.clone(), operator);
            return Parsed::broken(at);
        }
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
            Err(e) => self.refused(at, e),
        }
    }

    fn quoted(
        &mut self,
        at: Range<usize>,
        inner: Range<usize>,
        closed: bool,
        tilde: Option<Option<u32>>,
    ) -> Parsed {
        if !closed {
            self.problems.error(
                "unclosed-quote",
                at.clone(),
                "this quotation mark is never closed",
            );
            let end = self.source().len();
            self.problems.fixed_by(end..end, "\"");
            return Parsed::broken(at);
        }
        let parts = match parts(&self.source()[inner], Style::Quoted) {
            Ok(parts) => parts,
            Err(e) => return self.refused(at, e),
        };
        let Some(words) = tilde else {
            return Parsed::new(Node::phrase(parts), at);
        };
        let least = parts.len() as u32 - 1;
        match words {
            _ if parts.len() < 2 => {
                let message = "~ measures between words: there must be two or more in the quotes";
                self.problems.error("near-distance", at.clone(), message);
            }
            Some(words) if (least..=MAX_REACH).contains(&words) => {
                return Parsed::new(Node::Together { parts, words }, at);
            }
            _ => {
                let message = format!(
                    "write ~n with n between {least} and {MAX_REACH}: that many words fit in between"
                );
                self.problems.error("near-distance", at.clone(), message);
            }
        }
        Parsed::broken(at)
    }

    fn braced(&mut self, at: Range<usize>, inner: Range<usize>, closed: bool) -> Parsed {
        if !closed {
            self.problems
                .error("unclosed-brace", at.clone(), "this brace is never closed");
            let end = self.source().len();
            self.problems.fixed_by(end..end, "}");
            return Parsed::broken(at);
        }
        match parts(&self.source()[inner], Style::Case) {
            Ok(parts) => Parsed::new(Node::phrase(parts), at),
            Err(e) => self.refused(at, e),
        }
    }

    fn refused(&mut self, at: Range<usize>, error: LeafError) -> Parsed {
        let raw = &self.source()[at.clone()];
        let (code, message) = match error {
            LeafError::NoWords => ("no-words", "there is no word or emoji in this".to_owned()),
            LeafError::Url => (
                "url-term",
                "the words of a link are not words of the text".to_owned(),
            ),
            LeafError::Wildcard => (
                "wildcard",
                "* stands only at the end of a word of letters, as in phon*; ? is not known".to_owned(),
            ),
            LeafError::ShortPrefix => (
                "short-prefix",
                format!("write at least {PREFIX_MIN} letters before the *"),
            ),
            LeafError::Quote => (
                "inner-quote",
                "a quotation mark cannot stand inside a term".to_owned(),
            ),
            LeafError::Comma => ("comma", "a comma does not join terms: write OR".to_owned()),
        };
        self.problems.error(code, at.clone(), message);
        let kept = raw.trim_end_matches([',', ';', '，', '；']);
        if error == LeafError::Comma && !kept.is_empty() && kept != raw {
            let joins = self
                .peek()
                .is_some_and(|l| !matches!(l, Lexeme::Or | Lexeme::And | Lexeme::Close));
            let operator = if joins { " OR" } else { "" };
            self.problems.fixed_by(at.clone(), &format!("{kept}{operator}"));
        }
        Parsed::broken(at)
    }

    fn field(&mut self, at: Range<usize>, name: Option<FieldName>) -> Parsed {
        let Some(name) = name else {
            return self.unknown_field(at);
        };
        let mut values = Vec::new();
        let next = self.place();
        let adjacent = next.start == at.end && self.at < self.pieces.len();
        let end = match self.peek() {
            Some(Lexeme::Open) if adjacent => self.field_list(name, &mut values),
            Some(Lexeme::Bare | Lexeme::Quoted { .. }) if adjacent => self.field_value(name, &mut values),
            _ => {
                let message = format!("write the value right behind {}:", name.name());
                self.problems.error("missing-value", at.clone(), message);
                if matches!(self.peek(), Some(Lexeme::Bare)) {
                    self.problems.fixed_by(at.end..next.start, "");
                    self.at += 1;
                }
                at.end
            }
        };
        let at = at.start..end;
        if values.is_empty() {
            Parsed::broken(at)
        } else {
            Parsed::new(Node::Field { name, values }, at)
        }
    }

    fn unknown_field(&mut self, at: Range<usize>) -> Parsed {
        let name = self.source()[at.clone()].trim_end_matches([':', '：']);
        let known: Vec<&str> = FieldName::ALL.iter().map(|f| f.name()).collect();
        let message = format!(
            "there is no field {name}:, only {}; put quotes around a word with a colon",
            known.join(", ")
        );
        self.problems.error("unknown-field", at.clone(), message);
        let value = self.place();
        if self.peek() == Some(&Lexeme::Bare) && value.start == at.end {
            self.at += 1;
            let whole = at.start..value.end;
            let text = format!("\"{}\"", &self.source()[whole.clone()]);
            self.problems.fixed_by(whole.clone(), &text);
            return Parsed::broken(whole);
        }
        Parsed::broken(at)
    }

    /// One value; returns where it ends.
    fn field_value(&mut self, name: FieldName, values: &mut Vec<String>) -> usize {
        let at = self.place();
        let text = match self.peek() {
            Some(Lexeme::Quoted {
                inner,
                closed: true,
                tilde: None,
            }) => &self.source()[inner.clone()],
            _ => &self.source()[at.clone()],
        };
        self.at += 1;
        match name.normalise(text) {
            Some(value) => {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            None => {
                let message = format!("{text} cannot be a value of {}:{}", name.name(), expected(name));
                self.problems.error("bad-value", at.clone(), message);
            }
        }
        at.end
    }

    /// `(a OR b OR c)`; returns where it ends.
    fn field_list(&mut self, name: FieldName, values: &mut Vec<String>) -> usize {
        let open = self.place();
        self.at += 1;
        loop {
            let at = self.place();
            match self.peek() {
                Some(Lexeme::Bare | Lexeme::Quoted { .. }) => self.field_value(name, values),
                _ => {
                    let message = format!("a value of {}: is missing here", name.name());
                    self.problems.error("missing-value", at.clone(), message);
                    values.clear();
                    if self.peek() == Some(&Lexeme::Close) {
                        self.at += 1;
                    }
                    return at.end;
                }
            };
            let at = self.place();
            match self.peek() {
                Some(Lexeme::Or) => self.at += 1,
                Some(Lexeme::Close) => {
                    self.at += 1;
                    return at.end;
                }
                None => {
                    self.problems
                        .error("unclosed-bracket", open, "this bracket is never closed");
                    let end = self.source().len();
                    self.problems.fixed_by(end..end, ")");
                    return end;
                }
                Some(_) => {
                    let message = "the values of a field are joined by OR";
                    self.problems.error("field-list", at.clone(), message);
                    values.clear();
                    self.skip_group();
                    return at.end;
                }
            }
        }
    }

    /// Goes on behind the bracket that closes the present group.
    fn skip_group(&mut self) {
        let mut depth = 1usize;
        while let (Some(lexeme), true) = (self.peek(), depth > 0) {
            match lexeme {
                Lexeme::Open => depth += 1,
                Lexeme::Close => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }
}

fn expected(name: FieldName) -> &'static str {
    match name {
        FieldName::Lang => ", which takes codes such as en, de or pt",
        FieldName::Country => ", which takes codes of two letters such as de or us",
        FieldName::Has => ", which is one of media, link, image, video, audio",
        FieldName::Kind => ", which is one of post, reply, repost, quote, comment, article, video, review",
        _ => ", which takes one name without spaces",
    }
}
