//! What is wrong, or could be better, in a query.

use crate::lexer::Piece;
use crate::mend;
use serde::{Serialize, Serializer};
use std::ops::Range;

/// How serious a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The query is refused.
    Error,
    /// The query is accepted, but probably does not mean what its author thinks.
    Warning,
    /// The query is accepted; something about it could be clearer.
    Hint,
}

impl Severity {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "hint",
        }
    }
}

/// One problem at one place of a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// How serious it is.
    pub severity: Severity,
    /// Stable name, such as `implicit-and`.
    pub code: &'static str,
    /// The place, in bytes of the query.
    #[serde(serialize_with = "as_pair")]
    pub at: Range<usize>,
    /// What is wrong and what to do.
    pub message: String,
    /// The whole query with this problem mended. Every error has one but `empty`; where nothing better is known, it is
    /// the query without the offending piece, which may be nothing at all. Warnings and hints have one where there is
    /// an obvious way.
    pub fix: Option<String>,
}

fn as_pair<S: Serializer>(at: &Range<usize>, s: S) -> Result<S::Ok, S::Error> {
    [at.start, at.end].serialize(s)
}

impl Problem {
    /// Whether the query is refused because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} (bytes {}..{}, {})",
            self.message, self.at.start, self.at.end, self.code
        )
    }
}

/// Most errors, and most warnings and hints, that are reported of one query: each carries a whole mended query.
pub(crate) const MAX_PROBLEMS: usize = 50;

/// A place of the query, and what should stand there.
pub(crate) type Edit = (Range<usize>, String);

/// A problem whose fix is not written out yet.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) problem: Problem,
    pub(crate) edits: Vec<Edit>,
}

/// Collects the problems of one query.
#[derive(Debug)]
pub(crate) struct Problems<'q> {
    pub(crate) source: &'q str,
    pub(crate) list: Vec<Draft>,
    /// Whether the newest problem was one too many: its fix is dropped with it.
    dropped: bool,
}

impl<'q> Problems<'q> {
    pub(crate) fn new(source: &'q str) -> Self {
        Self {
            source,
            list: Vec::new(),
            dropped: false,
        }
    }

    fn push(&mut self, severity: Severity, code: &'static str, at: Range<usize>, message: String) {
        let is_error = severity == Severity::Error;
        let alike = self
            .list
            .iter()
            .filter(|d| d.problem.is_error() == is_error)
            .count();
        self.dropped = alike >= MAX_PROBLEMS;
        if !self.dropped {
            let problem = Problem {
                severity,
                code,
                at,
                message,
                fix: None,
            };
            self.list.push(Draft {
                problem,
                edits: Vec::new(),
            });
        }
    }

    pub(crate) fn error(&mut self, code: &'static str, at: Range<usize>, message: impl Into<String>) {
        self.push(Severity::Error, code, at, message.into());
    }

    pub(crate) fn warning(&mut self, code: &'static str, at: Range<usize>, message: impl Into<String>) {
        self.push(Severity::Warning, code, at, message.into());
    }

    pub(crate) fn hint(&mut self, code: &'static str, at: Range<usize>, message: impl Into<String>) {
        self.push(Severity::Hint, code, at, message.into());
    }

    /// Gives the newest problem its fix: the query with `range` replaced by `by`, besides what was given before.
    pub(crate) fn fixed_by(&mut self, range: Range<usize>, by: &str) {
        if let (Some(draft), false) = (self.list.last_mut(), self.dropped) {
            draft.edits.push((range, by.to_owned()));
        }
    }

    /// Gives the newest problem its fix: the query without the operand at `range`.
    pub(crate) fn fixed_without(&mut self, pieces: &[Piece], range: Range<usize>) {
        let (range, by) = mend::without(self.source, pieces, range);
        self.fixed_by(range, &by);
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.problem.is_error())
    }

    /// The problems in the order of the text, every fix written out. `pieces` are those of the query, without comments.
    pub(crate) fn finish(mut self, pieces: &[Piece]) -> Vec<Draft> {
        for draft in &mut self.list {
            let (problem, edits) = (&mut draft.problem, &mut draft.edits);
            if edits.is_empty() && problem.is_error() && !pieces.is_empty() {
                edits.push(mend::without(self.source, pieces, problem.at.clone()));
            }
            problem.fix = (!edits.is_empty()).then(|| mend::apply(self.source, edits));
        }
        self.list
            .sort_by_key(|d| (d.problem.at.start, d.problem.severity));
        self.list
    }
}
