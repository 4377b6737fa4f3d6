//! Queries of other products, in our language: Brandwatch, Talkwalker, Meltwater.
//!
//! A query is parsed by the rules of the product it comes from and written anew. What is carried over finds the same
//! posts here; what could not be is left out and named, with its place, as a [`Loss`]. Nothing is left out in silence.
//!
//! # What was looked up
//!
//! - **Brandwatch**: the help page "Query Operators" of Consumer Research, the community's notes on brackets, the
//!   developers' pages. Operators are capitals. `NEAR/n` and `~n` count the words *in between*, so `NEAR/5` is our
//!   `NEAR/6`. A word with diacritics finds only itself, one without finds both, as here. The product refuses AND
//!   mixed with OR without brackets.
//! - **Talkwalker**: the pages on query syntax, the user manual, the API's workshop. Words are compared without
//!   diacritics. `NEAR/n` and `~n` count *jumps* from word to word, as here; NEAR alone means 15. `+` asks for the
//!   exact characters, `++` for their case too. The lines of a topic are joined by OR.
//! - **Meltwater**: "How to master Boolean search", "Boolean", and "Search performance" of the help centre, and the
//!   product's Terraform provider. Operators in any case; NOT before AND before OR. `NEAR/n` counts the words in between, so
//!   `NEAR/5` is our `NEAR/6`; NEAR alone means 4. `^n` orders the sentences shown and finds nothing.
//!
//! # What is assumed, and said with each query that depends on it
//!
//! None of the pages says what two words side by side mean without an operator, how a chain of NEARs is measured, how
//! punctuation inside a word is compared (but for Talkwalker's `+`), or how `~n` counts from the third word on. Those
//! are read as AND, step by step, as written, and as one stretch, and marked [`LossKind::Unsure`]. Of Meltwater's
//! `from:`, `to:`, `author:`, `country:` and `language:` no page was found: they are read as their names say and marked
//! so. Its `minoccur` and `startswith` are left out, and so is every field that no table here knows.

mod brandwatch;
mod country;
mod examples;
mod expr;
mod field;
mod lexer;
mod meltwater;
mod near;
mod out;
mod parser;
mod rule;
mod talkwalker;
mod term;
mod write;

pub use examples::examples;

use crate::parser::{MAX_CHARS, MAX_DEPTH, MAX_TERMS};
use crate::problem::Problem;
use out::Out;
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;
use std::ops::Range;

/// The product a query comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Brandwatch Consumer Research.
    Brandwatch,
    /// Talkwalker, and Hootsuite Listening.
    Talkwalker,
    /// Meltwater Explore.
    Meltwater,
}

impl Dialect {
    /// Every product.
    pub const ALL: [Dialect; 3] = [Dialect::Brandwatch, Dialect::Talkwalker, Dialect::Meltwater];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Brandwatch => "brandwatch",
            Dialect::Talkwalker => "talkwalker",
            Dialect::Meltwater => "meltwater",
        }
    }

    /// The product of this name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|d| d.name().eq_ignore_ascii_case(name))
    }
}

/// What became of a part that does not carry over as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LossKind {
    /// Written in another way that finds nearly the same.
    Changed,
    /// Left out.
    Dropped,
    /// Carried over as the product is believed to read it; its documentation does not say.
    Unsure,
}

impl LossKind {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            LossKind::Changed => "changed",
            LossKind::Dropped => "dropped",
            LossKind::Unsure => "unsure",
        }
    }
}

/// A part of a query that does not carry over as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// The part, in bytes of the source.
    #[serde(serialize_with = "as_pair")]
    pub at: Range<usize>,
    /// Stable name, such as `view-filter`.
    pub code: &'static str,
    /// What became of it and what to do.
    pub message: String,
    /// How far it is lost.
    pub severity: LossKind,
}

fn as_pair<S: Serializer>(at: &Range<usize>, s: S) -> Result<S::Ok, S::Error> {
    [at.start, at.end].serialize(s)
}

/// A query in our language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    /// The query, without errors; `None` where nothing that can be searched for is left.
    pub query: Option<String>,
    /// What does not carry over as it is, in the order of the source.
    pub losses: Vec<Loss>,
}

impl Translation {
    /// Whether something of the source is missing in the query.
    pub fn is_partial(&self) -> bool {
        self.query.is_none() || self.losses.iter().any(|l| l.severity == LossKind::Dropped)
    }
}

/// A longer source cannot become a query that we take, whatever comments and spaces it has.
const MAX_SOURCE: usize = 16 * MAX_CHARS;

/// Translates a query. Takes any text and never fails: what cannot be read is a loss.
pub fn translate(dialect: Dialect, source: &str) -> Translation {
    let mut losses = Losses::default();
    if source.len() > MAX_SOURCE {
        let message = format!("the query is longer than {MAX_SOURCE} bytes: split it");
        losses.add(0..source.len(), "too-long", LossKind::Dropped, message);
        return Translation {
            query: None,
            losses: losses.finish(),
        };
    }
    let expr = parser::parse(dialect, source, &mut losses);
    let out = expr.and_then(|e| write::Writer::new(dialect, &mut losses).write(&e));
    let query = out.and_then(|out| checked(&out, source, &mut losses));
    if query.is_none() && !losses.has_dropped() {
        losses.add(
            0..source.len(),
            "empty",
            LossKind::Dropped,
            "there is nothing to search for",
        );
    }
    Translation {
        query,
        losses: losses.finish(),
    }
}

/// The printed query, if our language takes it.
fn checked(out: &Out, source: &str, losses: &mut Losses) -> Option<String> {
    let printed = out.to_string();
    let refusal = if !out.is_anchored() {
        (
            "unanchored-not",
            "a branch names only what must be absent, so nearly every post would match".to_owned(),
        )
    } else if printed.chars().count() > MAX_CHARS {
        (
            "too-long",
            format!("the query is longer than {MAX_CHARS} characters: split it, or move words to a list"),
        )
    } else if out.size() > MAX_TERMS {
        (
            "too-many-terms",
            format!("the query has over {MAX_TERMS} terms: split it, or move words to a list"),
        )
    } else if out.depth() > MAX_DEPTH {
        (
            "too-deep",
            format!("the query has over {MAX_DEPTH} levels of brackets"),
        )
    } else if let Err(problems) = crate::parse(&printed) {
        let first = problems.into_iter().find(Problem::is_error);
        first.map_or(("refused", "it cannot be read".to_owned()), |p| {
            (p.code, p.message)
        })
    } else {
        return Some(printed);
    };
    losses.add(0..source.len(), refusal.0, LossKind::Dropped, refusal.1);
    None
}

/// What leaving a part out does to the query around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Wider,
    Narrower,
}

/// Collects the losses of one query.
#[derive(Debug, Default)]
struct Losses {
    list: Vec<(Loss, Option<Effect>)>,
    codes: BTreeSet<&'static str>,
}

impl Losses {
    fn add(&mut self, at: Range<usize>, code: &'static str, severity: LossKind, message: impl Into<String>) {
        let message = message.into();
        self.codes.insert(code);
        self.list.push((
            Loss {
                at,
                code,
                message,
                severity,
            },
            None,
        ));
    }

    /// The same, but only the first time in a query: one remark is enough.
    fn once(&mut self, at: Range<usize>, code: &'static str, severity: LossKind, message: &str) {
        if !self.codes.contains(code) {
            self.add(at, code, severity, message);
        }
    }

    fn mark(&self) -> usize {
        self.list.len()
    }

    /// Says what everything dropped since `mark` did: the innermost group that still holds something decides.
    fn set_effect(&mut self, mark: usize, effect: Effect) {
        for (loss, e) in &mut self.list[mark..] {
            if loss.severity == LossKind::Dropped {
                *e = Some(effect);
            }
        }
    }

    fn has_dropped(&self) -> bool {
        self.list.iter().any(|(l, _)| l.severity == LossKind::Dropped)
    }

    fn finish(self) -> Vec<Loss> {
        let mut list: Vec<Loss> = self
            .list
            .into_iter()
            .map(|(mut loss, effect)| {
                loss.message.push_str(match effect {
                    None => "",
                    Some(Effect::Wider) => "; without it the query finds more",
                    Some(Effect::Narrower) => "; without it the query finds less",
                });
                loss
            })
            .collect();
        list.sort_by_key(|l| (l.at.start, l.at.end));
        list
    }
}
