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

/// Most that are found at all; a query at its longest can hardly have more.
const MAX_DRAFTS: usize = 10_000;

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
    errors: usize,
    /// Whether the newest problem was one too many: its fix is dropped with it.
    dropped: bool,
}

impl<'q> Problems<'q> {
    pub(crate) fn new(source: &'q str) -> Self {
        Self {
            source,
            list: Vec::new(),
            errors: 0,
            dropped: false,
        }
    }

    fn push(&mut self, severity: Severity, code: &'static str, at: Range<usize>, message: String) {
        self.dropped = self.list.len() >= MAX_DRAFTS;
        self.errors += usize::from(severity == Severity::Error);
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
        self.errors > 0
    }

    /// The problems in the order of the text, the fixes of those that are reported written out. `pieces` are those of
    /// the query, without comments.
    pub(crate) fn finish(mut self, pieces: &[Piece]) -> Vec<Draft> {
        self.list
            .sort_by_key(|d| (d.problem.at.start, d.problem.severity));
        let mut counts = Counts::default();
        for draft in &mut self.list {
            let (problem, edits) = (&mut draft.problem, &mut draft.edits);
            if edits.is_empty() && problem.is_error() && !pieces.is_empty() {
                edits.push(mend::without(self.source, pieces, problem.at.clone()));
            }
            if counts.takes(problem) && !edits.is_empty() {
                problem.fix = Some(mend::apply(self.source, edits));
            }
        }
        self.list
    }
}

/// Those that are reported: the first errors and the first remarks of the text.
pub(crate) fn reported(drafts: impl IntoIterator<Item = Draft>) -> Vec<Problem> {
    let mut counts = Counts::default();
    let problems = drafts.into_iter().map(|d| d.problem);
    problems.filter(|p| counts.takes(p)).collect()
}

#[derive(Debug, Default)]
struct Counts {
    errors: usize,
    others: usize,
}

impl Counts {
    fn takes(&mut self, problem: &Problem) -> bool {
        let count = if problem.is_error() {
            &mut self.errors
        } else {
            &mut self.others
        };
        *count += 1;
        *count <= MAX_PROBLEMS
    }
}
