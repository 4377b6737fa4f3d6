//! What is wrong, or could be better, in a query.

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
    /// The whole query with this problem mended, where there is one obvious way.
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

/// Collects the problems of one query.
#[derive(Debug)]
pub(crate) struct Problems<'q> {
    pub(crate) source: &'q str,
    pub(crate) list: Vec<Problem>,
}

impl<'q> Problems<'q> {
    pub(crate) fn new(source: &'q str) -> Self {
        Self {
            source,
            list: Vec::new(),
        }
    }

    fn push(
        &mut self,
        severity: Severity,
        code: &'static str,
        at: Range<usize>,
        message: String,
    ) -> &mut Problem {
        let place = self.list.len();
        self.list.push(Problem {
            severity,
            code,
            at,
            message,
            fix: None,
        });
        &mut self.list[place]
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

    /// Gives the newest problem its fix: the query with `range` replaced by `by`.
    pub(crate) fn fixed_by(&mut self, range: Range<usize>, by: &str) {
        let fixed = format!("{}{by}{}", &self.source[..range.start], &self.source[range.end..]);
        if let Some(p) = self.list.last_mut() {
            p.fix = Some(fixed);
        }
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.list.iter().any(Problem::is_error)
    }
}
