//! Reading what people type into a search box.

use crate::lists::Lists;
use crate::mend;
use crate::problem::{Draft, Problem, reported};
use crate::query::{Query, checked};
use std::collections::BTreeMap;

/// A query as it was meant, and what was changed to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lenient {
    /// The query.
    pub query: Query,
    /// The text that was read in the end.
    pub text: String,
    /// The errors that were mended, in the order in which that happened: [`Problem::at`] and [`Problem::fix`] refer to
    /// the text as it then was; of very many in one round, only the first have a fix written out. Empty where `text` is what was given.
    pub repairs: Vec<Problem>,
}

/// Rounds of mending; far more than any text has been seen to need.
const MAX_ROUNDS: usize = 1_000;

/// Reads a query and mends what is wrong, as far as it can: bare words side by side are joined by AND, brackets and
/// quotes are closed, misspelt names are put right, and what still cannot be read is left out. Refused with the last
/// problems where nothing is left, or where what is left names only what must be absent.
///
/// Each round makes the fixes of all errors that do not overlap, which are those [`crate::check`] proposes.
pub fn parse_lenient(source: &str, lists: &Lists) -> Result<Lenient, Vec<Problem>> {
    let mut text = source.to_owned();
    let mut repairs = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let (ast, drafts) = checked(&text, lists);
        let (errors, remarks): (Vec<Draft>, Vec<Draft>) =
            drafts.into_iter().partition(|d| d.problem.is_error());
        if errors.is_empty() {
            let query = Query::of(ast, reported(remarks));
            return Ok(Lenient { query, text, repairs });
        }
        let (chosen, left): (Vec<Draft>, Vec<Draft>) = compatible(errors);
        let edits: Vec<_> = chosen.iter().flat_map(|d| d.edits.clone()).collect();
        let mended = mend::apply(&text, &edits);
        if edits.is_empty() || mended == text || mended.trim().is_empty() {
            return Err(reported(chosen.into_iter().chain(left)));
        }
        repairs.extend(chosen.into_iter().map(|d| d.problem));
        text = mended;
    }
    Err(crate::query::check_with(&text, lists))
}

/// Parts the errors into those whose edits touch none of an earlier one's, and the others.
fn compatible(errors: Vec<Draft>) -> (Vec<Draft>, Vec<Draft>) {
    // The end of every range that is taken, by its begin. They do not overlap.
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    errors.into_iter().partition(|error| {
        let free = error.edits.iter().all(|(range, _)| {
            let before = taken.range(..=range.end).next_back();
            before.is_none_or(|(_, end)| *end < range.start)
        });
        if free {
            taken.extend(error.edits.iter().map(|(range, _)| (range.start, range.end)));
        }
        free
    })
}
