//! Writes the tree of a foreign query in our language.

use super::expr::{Expr, Kind};
use super::out::Out;
use super::rule::{self, Rule, To};
use super::{Dialect, Effect, LossKind, Losses};
use std::ops::Range;

pub(super) struct Writer<'l> {
    pub(super) dialect: Dialect,
    pub(super) losses: &'l mut Losses,
}

/// What the words of a part are compared with.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    Anywhere,
    /// Inside `title:` and its like: words only.
    Region,
    Field(&'static Rule),
}

impl<'l> Writer<'l> {
    pub(super) fn new(dialect: Dialect, losses: &'l mut Losses) -> Self {
        Self { dialect, losses }
    }

    /// The whole query.
    pub(super) fn write(mut self, expr: &Expr) -> Option<Out> {
        self.node(expr, Scope::Anywhere, true)
    }

    /// A part of it; `None` where nothing is left. `positive` is whether its holding makes the query hold.
    pub(super) fn node(&mut self, expr: &Expr, scope: Scope, positive: bool) -> Option<Out> {
        let at = expr.at.clone();
        match &expr.kind {
            Kind::And(parts) => {
                let parts = self.parts(
                    parts,
                    scope,
                    positive,
                    if positive { Effect::Wider } else { Effect::Narrower },
                );
                Out::and(parts)
            }
            Kind::Or(parts) => {
                let parts = self.parts(
                    parts,
                    scope,
                    positive,
                    if positive { Effect::Narrower } else { Effect::Wider },
                );
                Out::or(parts)
            }
            Kind::Not(inner) => self.node(inner, scope, !positive).map(Out::not),
            Kind::Near(chain) => self.near(chain, &at, scope, positive),
            Kind::GroupSlop(inner, n) => self.group_slop(inner, *n, &at, scope, positive),
            Kind::Field { name, value } => self.field(name, value, &at, scope, positive),
            _ => match scope {
                Scope::Field(rule) => self.field_value(rule, &expr.kind, at),
                Scope::Anywhere | Scope::Region => self.term(&expr.kind, at),
            },
        }
    }

    fn parts(&mut self, parts: &[Expr], scope: Scope, positive: bool, without: Effect) -> Vec<Out> {
        let mut out = Vec::new();
        for part in parts {
            let mark = self.losses.mark();
            match self.node(part, scope, positive) {
                Some(part) => out.push(part),
                None => self.losses.set_effect(mark, without),
            }
        }
        out
    }

    fn term(&mut self, kind: &Kind, at: Range<usize>) -> Option<Out> {
        match kind {
            Kind::Word(raw) => self.word(raw, at),
            Kind::Phrase(raw) => self.phrase(raw, at),
            Kind::Case(raw) => self.case(raw, at),
            Kind::Exact(raw) => self.exact(raw, at),
            Kind::Slop(raw, n) => self.together(raw, *n, at),
            Kind::Compound(raw) => self.compound(raw, at),
            Kind::Fuzzy(raw) => {
                let message = "similar spellings are not found here: add them with OR";
                self.losses.add(at.clone(), "fuzzy", LossKind::Changed, message);
                self.word(raw, at)
            }
            _ => {
                let message = "a range stands only behind a field";
                self.losses.add(at, "stray-range", LossKind::Dropped, message);
                None
            }
        }
    }

    fn field(
        &mut self,
        name: &str,
        value: &Expr,
        at: &Range<usize>,
        scope: Scope,
        positive: bool,
    ) -> Option<Out> {
        if !matches!(scope, Scope::Anywhere) {
            let message = "a field inside a field has no equivalent";
            self.losses
                .add(at.clone(), "nested-field", LossKind::Dropped, message);
            return None;
        }
        let Some(rule) = rule::find(rule::of(self.dialect), name) else {
            let message = format!(
                "{name}: is no field known here; put quotes around a word with a colon, or leave it to the view's filters"
            );
            self.losses
                .add(at.clone(), "unknown-field", LossKind::Dropped, message);
            return None;
        };
        if let To::Nothing { code, message } = rule.to {
            self.losses.add(at.clone(), code, LossKind::Dropped, message);
            return None;
        }
        let out = match rule.to {
            To::In(region) => self.node(value, Scope::Region, positive).map(|node| Out::In {
                region: region.name(),
                node: Box::new(node),
            }),
            To::Anywhere => self.node(value, Scope::Anywhere, positive),
            _ => self.node(value, Scope::Field(rule), positive),
        };
        if !positive && out.is_some() && rule.may_be_unknown() {
            let message = "posts that do not tell this are not found: here neither a condition on it nor its opposite holds of them";
            self.losses
                .once(at.clone(), "not-told", LossKind::Changed, message);
        }
        if let (Some(note), Some(_)) = (rule.note, &out) {
            self.losses.add(at.clone(), note.code, note.kind, note.message);
        }
        out
    }
}
