//! NEAR over anything: what has no place in the text is spread over what has.

use super::LossKind;
use super::expr::{Apart, Expr};
use super::out::Out;
use super::write::{Scope, Writer};
use std::ops::Range;

/// Most NEARs that one is spread over.
const MOST: usize = 200;

impl Writer<'_> {
    pub(super) fn near(
        &mut self,
        chain: &[(Option<Apart>, Expr)],
        at: &Range<usize>,
        scope: Scope,
        positive: bool,
    ) -> Option<Out> {
        if matches!(scope, Scope::Field(_)) {
            self.losses.add(
                at.clone(),
                "near-field",
                LossKind::Dropped,
                "NEAR cannot stand in a field",
            );
            return None;
        }
        let mut parts = Vec::new();
        for (apart, expr) in chain {
            let Some(out) = self.node(expr, scope, positive) else {
                let message = "an operand of this NEAR could not be carried over, so all of it is left out";
                self.losses
                    .add(at.clone(), "near-operand", LossKind::Dropped, message);
                return None;
            };
            parts.push((*apart, placed(out)));
        }
        if parts.iter().any(|(a, _)| *a == Some(Apart::Sentence)) {
            let message =
                "there is no sentence operator: AND finds all of those and more, NEAR/15 comes closer";
            self.losses
                .add(at.clone(), "sentence", LossKind::Changed, message);
            return Out::and(parts.into_iter().map(|(_, p)| p).collect());
        }
        self.chain(parts, at)
    }

    /// `(A AND B)~n`: every pair within reach.
    pub(super) fn group_slop(
        &mut self,
        inner: &Expr,
        n: u32,
        at: &Range<usize>,
        scope: Scope,
        positive: bool,
    ) -> Option<Out> {
        let words = super::parser::steps(self.dialect, n).clamp(1, crate::parser::MAX_REACH);
        let reach = Apart::Steps {
            words,
            ordered: false,
        };
        match self.node(inner, scope, positive)? {
            Out::And(parts) if parts.len() == 2 => {
                let chain = parts.into_iter().enumerate();
                self.chain(
                    chain
                        .map(|(i, p)| ((i > 0).then_some(reach), placed(p)))
                        .collect(),
                    at,
                )
            }
            Out::And(parts) => {
                let message = "~n behind three or more groups has no equivalent: AND is written instead";
                self.losses
                    .add(at.clone(), "near-group", LossKind::Changed, message);
                Some(Out::And(parts))
            }
            out => {
                let message = "~n behind this has nothing to measure: it is left out";
                self.losses
                    .add(at.clone(), "near-group", LossKind::Unsure, message);
                Some(out)
            }
        }
    }

    fn chain(&mut self, parts: Vec<(Option<Apart>, Out)>, at: &Range<usize>) -> Option<Out> {
        if parts.iter().all(|(_, p)| p.is_positional()) {
            return Some(Out::Near(
                parts.into_iter().map(|(a, p)| (written(a), p)).collect(),
            ));
        }
        let mut parts = parts.into_iter();
        let (_, mut left) = parts.next()?;
        let mut budget = MOST;
        for (apart, right) in parts {
            let Some(out) = spread(left, &written(apart), right, &mut budget) else {
                let message =
                    "NEAR over this has no equivalent: only words, phrases and groups of them have a place";
                self.losses
                    .add(at.clone(), "near-operand", LossKind::Dropped, message);
                return None;
            };
            left = out;
        }
        let message =
            "NEAR over a group of ANDs is spread: each of its words must be near, not all at one place";
        self.losses
            .add(at.clone(), "near-and", LossKind::Changed, message);
        Some(left)
    }
}

fn written(apart: Option<Apart>) -> String {
    match apart {
        Some(Apart::Steps { words, ordered }) => format!("NEAR/{words}{}", if ordered { "f" } else { "" }),
        Some(Apart::Sentence) | None => String::new(),
    }
}

/// `"a b"~n` as the NEAR that has a place.
fn placed(out: Out) -> Out {
    match out {
        Out::Together {
            near: Some((a, b, n)),
            ..
        } => Out::Near(vec![
            (String::new(), Out::Term(a)),
            (format!("NEAR/{n}"), Out::Term(b)),
        ]),
        Out::Or(parts) => Out::Or(parts.into_iter().map(placed).collect()),
        Out::And(parts) => Out::And(parts.into_iter().map(placed).collect()),
        out => out,
    }
}

/// `left NEAR right` with groups of ANDs spread; `None` where something in it has no place at all.
fn spread(left: Out, reach: &str, right: Out, budget: &mut usize) -> Option<Out> {
    if left.is_positional() && right.is_positional() {
        *budget = budget.checked_sub(1)?;
        return Some(Out::Near(vec![(String::new(), left), (reach.to_owned(), right)]));
    }
    match (left, right) {
        (Out::And(parts), right) => Out::and(
            parts
                .into_iter()
                .map(|p| spread(p, reach, right.clone(), budget))
                .collect::<Option<_>>()?,
        ),
        (Out::Or(parts), right) if !right.is_positional() || parts.iter().any(|p| !p.is_positional()) => {
            Out::or(
                parts
                    .into_iter()
                    .map(|p| spread(p, reach, right.clone(), budget))
                    .collect::<Option<_>>()?,
            )
        }
        (left, Out::And(parts)) => Out::and(
            parts
                .into_iter()
                .map(|p| spread(left.clone(), reach, p, budget))
                .collect::<Option<_>>()?,
        ),
        (left, Out::Or(parts)) => Out::or(
            parts
                .into_iter()
                .map(|p| spread(left.clone(), reach, p, budget))
                .collect::<Option<_>>()?,
        ),
        _ => None,
    }
}
