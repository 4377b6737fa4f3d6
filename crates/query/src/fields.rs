//! The operands of the parser that begin with a name and a colon.

use crate::ast::{FieldName, Node, Region};
use crate::lexer::{Head, Lexeme, field_length};
use crate::parser::{Parsed, Parser, Place};
use crate::suggest;
use std::ops::Range;

impl Parser<'_> {
    /// What follows a name with a colon.
    pub(crate) fn headed(&mut self, at: Range<usize>, head: Option<Head>) -> Parsed {
        let Some(head) = head else {
            return self.unknown_field(at);
        };
        let parsed = match head {
            _ if !self.value_follows(&at) => self.missing_value(at.clone(), head),
            Head::Field(name) => self.field(at.clone(), name),
            Head::Followers => self.followers(at.clone()),
            Head::Engagement => self.engagement(at.clone()),
            Head::Part(region) => self.in_part(at.clone(), region),
            Head::List => self.list(at.clone()),
        };
        if let Some(region) = self.part.filter(|_| !parsed.is_broken() && head != Head::List) {
            self.nested(parsed.at(), head, region);
            return Parsed::broken(parsed.at());
        }
        parsed
    }

    /// `title:(… lang:de)`: only words stand in a part of a post.
    fn nested(&mut self, at: Range<usize>, head: Head, region: Region) {
        let message = format!(
            "{}: looks for words in one part of the post: put {}: outside its brackets",
            region.name(),
            head.name()
        );
        self.problems.error("nested-field", at.clone(), message);
        self.problems.fixed_without(&self.pieces, at);
    }

    /// Whether something that can be a value stands right behind the colon.
    fn value_follows(&self, at: &Range<usize>) -> bool {
        let takes = matches!(
            self.peek(),
            Some(
                Lexeme::Open
                    | Lexeme::Bare
                    | Lexeme::Quoted { .. }
                    | Lexeme::Braced { .. }
                    | Lexeme::Range { .. }
            )
        );
        takes && self.place().start == at.end
    }

    fn missing_value(&mut self, at: Range<usize>, head: Head) -> Parsed {
        let message = format!("write the value right behind {}:", head.name());
        self.problems.error("missing-value", at.clone(), message);
        let next = self.place();
        if matches!(self.peek(), Some(Lexeme::Bare | Lexeme::Quoted { .. })) {
            self.problems.fixed_by(at.end..next.start, "");
            self.at += 1;
            return Parsed::broken(at.start..next.end);
        }
        Parsed::broken(at)
    }

    fn field(&mut self, at: Range<usize>, name: FieldName) -> Parsed {
        let mut values = Vec::new();
        let end = match self.peek() {
            Some(Lexeme::Open) => self.field_list(at.start, name, &mut values),
            Some(Lexeme::Bare | Lexeme::Quoted { .. }) => {
                self.field_value(name, &mut values);
                self.pieces[self.at - 1].at.end
            }
            _ => {
                let value = self.place();
                self.at += 1;
                self.bad_value(name, value.clone());
                value.end
            }
        };
        let at = at.start..end;
        if values.is_empty() {
            Parsed::broken(at)
        } else {
            Parsed::new(Node::Field { name, values }, at)
        }
    }

    /// Goes behind one value.
    fn field_value(&mut self, name: FieldName, values: &mut Vec<String>) {
        let at = self.place();
        let text = match self.peek() {
            Some(Lexeme::Quoted { closed: false, .. }) => {
                self.at += 1;
                let message = "this quotation mark is never closed";
                self.problems.error("unclosed-quote", at.clone(), message);
                let end = self.source().trim_end().len().max(at.start + 1);
                return self.problems.fixed_by(end..end, "\"");
            }
            Some(Lexeme::Quoted {
                inner, tilde: None, ..
            }) => self.source()[inner.clone()].to_owned(),
            _ => self.source()[at.clone()].to_owned(),
        };
        self.at += 1;
        match name.normalise(&text) {
            Some(value) if values.contains(&value) => {}
            Some(value) => values.push(value),
            None => self.bad_value(name, at),
        }
    }

    fn bad_value(&mut self, name: FieldName, at: Range<usize>) {
        let text = &self.source()[at.clone()];
        let message = format!("{text} cannot be a value of {}:{}", name.name(), expected(name));
        self.problems.error("bad-value", at.clone(), message);
        match suggest::value(name, text) {
            Some(value) => self.problems.fixed_by(at, value),
            None => self.problems.fixed_without(&self.pieces, at),
        }
    }

    /// `(a OR b OR c)`; returns where it ends. The field begins at `start`.
    fn field_list(&mut self, start: usize, name: FieldName, values: &mut Vec<String>) -> usize {
        let open = self.place();
        self.at += 1;
        loop {
            let at = self.place();
            match self.peek() {
                Some(Lexeme::Bare | Lexeme::Quoted { .. }) => self.field_value(name, values),
                _ => {
                    let message = format!("a value of {}: is missing here", name.name());
                    self.problems.error("missing-value", at, message);
                    return self.give_up_list(start, values);
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
                    self.unclosed_bracket(open);
                    return self.source().len();
                }
                Some(lexeme) => {
                    let (value, and) = (
                        matches!(lexeme, Lexeme::Bare | Lexeme::Quoted { .. }),
                        *lexeme == Lexeme::And,
                    );
                    let message = "the values of a field are joined by OR";
                    self.problems.error("field-list", at.clone(), message);
                    if and {
                        self.at += 1;
                        self.problems.fixed_by(at, "OR");
                    } else if value {
                        let by = if at.start > 0 && self.pieces[self.at - 1].at.end == at.start {
                            " OR "
                        } else {
                            "OR "
                        };
                        self.problems.fixed_by(at.start..at.start, by);
                    } else {
                        return self.give_up_list(start, values);
                    }
                }
            }
        }
    }

    /// Goes behind the bracket that closes the present list; the newest error is mended by leaving the field out.
    fn give_up_list(&mut self, start: usize, values: &mut Vec<String>) -> usize {
        values.clear();
        let mut depth = 1usize;
        while let (Some(lexeme), true) = (self.peek(), depth > 0) {
            match lexeme {
                Lexeme::Open => depth += 1,
                Lexeme::Close => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        let end = self.pieces[self.at - 1].at.end;
        self.problems.fixed_without(&self.pieces, start..end);
        end
    }

    fn followers(&mut self, at: Range<usize>) -> Parsed {
        let (value, lexeme) = (self.place(), self.peek().cloned());
        let whole = at.start..value.end;
        let source = self.source();
        let bounds = match &lexeme {
            Some(Lexeme::Range { inner, closed: true }) => range(&source[inner.clone()]),
            Some(Lexeme::Bare) => comparison(&source[value.clone()]),
            _ => None,
        };
        self.skip_value();
        let whole = whole.start..whole.end.max(self.pieces[self.at - 1].at.end);
        match (bounds, lexeme) {
            (Some((0, u64::MAX)), _) => {
                let message = "this range holds every number: give it an end, as in followers:[1000 TO *]";
                self.problems.error("open-range", whole.clone(), message);
            }
            (Some((from, to)), _) if from <= to => {
                return Parsed::new(Node::Followers { from, to }, whole);
            }
            (Some((from, to)), _) => {
                let message = format!("this range is empty: {from} is more than {to}");
                self.problems.error("bad-range", value.clone(), message);
                self.problems.fixed_by(value, &format!("[{to} TO {from}]"));
            }
            (None, Some(Lexeme::Range { closed: false, .. })) => {
                let message = "this range is never closed: write ] behind it";
                self.problems.error("unclosed-range", value.clone(), message);
                self.problems.fixed_by(value.end..value.end, "]");
            }
            (None, _) => {
                let text = &source[value.clone()];
                let message =
                    format!("{text} is no range: write followers:[1000 TO 50000], with * for an open end");
                self.problems.error("bad-range", value.clone(), message);
                match number(text) {
                    Some(n) if n > 0 => self.problems.fixed_by(value, &format!("[{n} TO *]")),
                    _ => self.problems.fixed_without(&self.pieces, whole.clone()),
                }
            }
        }
        Parsed::broken(whole)
    }

    fn engagement(&mut self, at: Range<usize>) -> Parsed {
        self.skip_value();
        let whole = at.start..self.pieces[self.at - 1].at.end;
        let message = "engagement goes on changing after a post has been matched, so no monitor can ask for it: \
                       filter the view by it instead";
        self.problems
            .error("engagement-in-monitor", whole.clone(), message);
        self.problems.fixed_without(&self.pieces, whole.clone());
        Parsed::broken(whole)
    }

    /// Goes behind a value of any form.
    fn skip_value(&mut self) {
        if self.peek() != Some(&Lexeme::Open) {
            self.at += 1;
            return;
        }
        let mut depth = 0usize;
        while let Some(lexeme) = self.peek() {
            match lexeme {
                Lexeme::Open => depth += 1,
                Lexeme::Close => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    fn in_part(&mut self, at: Range<usize>, region: Region) -> Parsed {
        let before = self.part.replace(region);
        let value = self.place();
        let raw = &self.source()[value.clone()];
        let head = field_length(raw).and_then(|n| Head::of(&raw[..n]));
        let inner = match (self.peek().cloned(), head) {
            (Some(Lexeme::Bare), Some(head)) => {
                self.at += 1;
                self.nested(at.start..value.end, head, region);
                Parsed::broken(value)
            }
            (Some(Lexeme::Open), _) => self.group(),
            (Some(Lexeme::Quoted { inner, closed, tilde }), _) => {
                self.at += 1;
                self.quoted(value, inner, closed, tilde)
            }
            (Some(Lexeme::Braced { inner, closed }), _) => {
                self.at += 1;
                self.braced(value, inner, closed)
            }
            _ => {
                self.at += 1;
                self.bare(value)
            }
        };
        self.part = before;
        let at = at.start..inner.place.at.end.max(at.end);
        if inner.is_broken() {
            let mut broken = Parsed::broken(at);
            broken.joins = inner.joins;
            return broken;
        }
        let node = Node::In {
            region,
            node: Box::new(inner.node),
        };
        let children = vec![inner.place];
        Parsed::with(node, Place { at, children })
    }

    fn list(&mut self, at: Range<usize>) -> Parsed {
        let value = self.place();
        let name = match self.peek() {
            Some(Lexeme::Quoted {
                inner, tilde: None, ..
            }) => self.source()[inner.clone()].to_owned(),
            _ => self.source()[value.clone()].to_owned(),
        };
        self.skip_value();
        let at = at.start..self.pieces[self.at - 1].at.end;
        if let Some(node) = self.lists.node(&name) {
            let node = Node::List {
                name,
                node: node.clone(),
            };
            return Parsed::new(node, at);
        }
        let near = suggest::near(&name, self.lists.names());
        let message = match near {
            Some(near) => format!("there is no list {name}; did you mean {near}?"),
            None => format!("there is no list {name}"),
        };
        self.problems.error("unknown-list", at.clone(), message);
        match near {
            Some(near) => self.problems.fixed_by(at.clone(), &format!("list:{near}")),
            None => self.problems.fixed_without(&self.pieces, at.clone()),
        }
        Parsed::broken(at)
    }

    fn unknown_field(&mut self, at: Range<usize>) -> Parsed {
        let name = self.source()[at.clone()].trim_end_matches([':', '：']);
        let value = self.place();
        let adjacent = self.at < self.pieces.len() && value.start == at.end;
        let meant = suggest::field(name).filter(|_| adjacent);
        let message = match meant {
            Some(meant) => format!("there is no field {name}: but {meant}:"),
            None => {
                let known: Vec<&str> = Head::names().filter(|n| *n != "engagement").collect();
                format!(
                    "there is no field {name}:, only {}; put quotes around a word with a colon",
                    known.join(", ")
                )
            }
        };
        self.problems.error("unknown-field", at.clone(), message);
        if let Some(meant) = meant {
            self.problems.fixed_by(at.clone(), &format!("{meant}:"));
            let bare = self.peek() == Some(&Lexeme::Bare);
            self.skip_value();
            let end = self.pieces[self.at - 1].at.end;
            return Parsed::broken(at.start..if bare { value.end } else { end });
        }
        match self.peek() {
            Some(Lexeme::Bare) if adjacent => {
                self.at += 1;
                let whole = at.start..value.end;
                self.problems.fixed_by(at.start..at.start, "\"");
                self.problems.fixed_by(value.end..value.end, "\"");
                Parsed::broken(whole)
            }
            Some(Lexeme::Open | Lexeme::Quoted { .. } | Lexeme::Braced { .. }) if adjacent => {
                self.problems.fixed_by(at.clone(), "");
                let inner = match self.peek() {
                    Some(Lexeme::Open) => self.group(),
                    _ => self.operand(),
                };
                Parsed::broken(at.start..inner.place.at.end)
            }
            _ => {
                self.problems.fixed_by(at.clone(), name);
                Parsed::broken(at)
            }
        }
    }
}

/// The ends of `a TO b`; `*` is open.
fn range(text: &str) -> Option<(u64, u64)> {
    let mut words = text.split_whitespace();
    let (from, to, end) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || !to.eq_ignore_ascii_case("to") {
        return None;
    }
    let bound = |word: &str, open: u64| if word == "*" { Some(open) } else { number(word) };
    Some((bound(from, 0)?, bound(end, u64::MAX)?))
}

/// `>1000`, `>=1k`, `<500`, `<=500`.
fn comparison(text: &str) -> Option<(u64, u64)> {
    let bound = |sign: &str| text.strip_prefix(sign).map(number);
    if let Some(n) = bound(">=") {
        return Some((n?, u64::MAX));
    }
    if let Some(n) = bound("<=") {
        return Some((0, n?));
    }
    if let Some(n) = bound(">") {
        return Some((n?.checked_add(1)?, u64::MAX));
    }
    Some((0, bound("<")??.checked_sub(1)?))
}

/// `50000`, `50_000`, `50,000`, `50k`, `2m`.
fn number(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let (digits, factor) = match lower.as_bytes().last()? {
        b'k' => (&lower[..lower.len() - 1], 1_000),
        b'm' => (&lower[..lower.len() - 1], 1_000_000),
        _ => (lower.as_str(), 1),
    };
    let digits = digits.replace(['_', ','], "");
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let n = digits.parse::<u64>().ok().filter(|_| plain)?;
    n.checked_mul(factor).filter(|n| *n < u64::MAX)
}

fn expected(name: FieldName) -> &'static str {
    match name {
        FieldName::Lang => ", which takes codes such as en, de or pt",
        FieldName::Country => ", which takes codes of two letters such as de or us",
        FieldName::Has => ", which is one of media, link, image, video, audio",
        FieldName::Kind => ", which is one of post, reply, repost, quote, comment, article, video, review",
        FieldName::Hashtags | FieldName::Links => ", which takes at most 8 words",
        _ => ", which takes one name without spaces",
    }
}
