//! Operands that follow each other without an operator between them, and operators of other languages.

use crate::lexer::Lexeme;
use crate::parser::{Parsed, Parser};
use std::ops::Range;

impl Parser<'_> {
    /// Operands that follow each other: reports the whole run once and reads it as AND.
    pub(crate) fn missing_operator(&mut self, items: &mut Vec<Parsed>) {
        let first = items.len().saturating_sub(1);
        let mark = self.problems.list.len();
        while let Some(l) = self.peek() {
            let ends = matches!(
                l,
                Lexeme::And
                    | Lexeme::Or
                    | Lexeme::Not
                    | Lexeme::Minus
                    | Lexeme::Close
                    | Lexeme::Near(_)
                    | Lexeme::Stray
            );
            if ends || self.foreign_name().is_some() {
                break;
            }
            items.push(self.near_level());
        }
        // What the operands themselves report comes after the run.
        let mut inner = self.problems.list.split_off(mark);
        if self.report_lowercase(&items[first..]) {
            inner.retain(|d| d.problem.code != "operator-word");
        } else {
            self.report_implicit_and(&items[first..]);
        }
        self.problems.list.extend(inner);
    }

    fn report_implicit_and(&mut self, run: &[Parsed]) {
        let lacks = |pair: &&[Parsed]| !pair[0].joins;
        let pairs: Vec<&[Parsed]> = run.windows(2).filter(lacks).collect();
        let (Some(first), Some(last)) = (pairs.first(), pairs.last()) else {
            return;
        };
        let at = first[0].place.at.start..last[1].place.at.end;
        let message = "an operator is missing between these: write AND or OR, or quotes around a phrase";
        self.problems.error("implicit-and", at, message);
        for pair in pairs {
            let (end, next) = (pair[0].place.at.end, pair[1].place.at.start);
            let by = if end == next { " AND " } else { " AND" };
            self.problems.fixed_by(end..end, by);
        }
    }

    /// `a and b`: says so, with every such word of the run in capitals.
    fn report_lowercase(&mut self, run: &[Parsed]) -> bool {
        let source = self.source();
        let inner = run.get(1..run.len() - 1).unwrap_or_default();
        let meant = |p: &Parsed| Some((p.at(), lowercase_operator(&source[p.at()])?));
        let found: Vec<(Range<usize>, String)> = inner.iter().filter_map(meant).collect();
        let Some((at, _)) = found.first() else {
            return false;
        };
        let word = &source[at.clone()];
        let message = format!("operators are written in capitals: \"{word}\" here is a word to look for");
        self.problems.error("lowercase-operator", at.clone(), message);
        for (range, operator) in found {
            self.problems.fixed_by(range, &operator);
        }
        true
    }

    /// Reports an operator of other languages, such as `&&`, and goes behind it.
    pub(crate) fn foreign_operator(&mut self) -> bool {
        let Some(operator) = self.foreign_name() else {
            return false;
        };
        let at = self.place();
        let message = format!("write {operator} instead of {}", &self.source()[at.clone()]);
        self.problems.error("foreign-operator", at.clone(), message);
        self.problems.fixed_by(at, operator);
        self.at += 1;
        true
    }

    pub(crate) fn foreign_name(&self) -> Option<&'static str> {
        if self.peek() != Some(&Lexeme::Bare) {
            return None;
        }
        match &self.source()[self.place()] {
            "&&" | "&" | "+" => Some("AND"),
            "||" | "|" => Some("OR"),
            "!" | "-" => Some("NOT"),
            _ => None,
        }
    }

    /// Reports a closing brace without an opening one and goes behind it.
    pub(crate) fn stray_brace(&mut self) {
        let at = self.place();
        let message = "there is no opening brace for this one";
        self.problems.error("unopened-brace", at.clone(), message);
        self.problems.fixed_by(at, "");
        self.at += 1;
    }
}

/// The operator that a word in lower case was probably meant as.
pub(crate) fn lowercase_operator(word: &str) -> Option<String> {
    let upper = word.to_ascii_uppercase();
    let name = upper.split('/').next().unwrap_or_default();
    let reach = upper.strip_suffix('F').map_or(upper.clone(), |n| format!("{n}f"));
    match name {
        _ if word == upper => None,
        "AND" | "OR" | "NOT" if name == upper => Some(upper),
        "NEAR" | "ONEAR" if name != upper => Some(reach),
        _ => None,
    }
}
