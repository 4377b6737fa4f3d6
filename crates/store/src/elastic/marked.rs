//! What people and rules did with mentions, as parts of queries.
//!
//! Marks are kept in memory, as beside the embedded store, and change without a document being written: a question that
//! needs them names the marked mentions by number.

use super::filter::term;
use super::mapping::{field, place_of};
use crate::{Choice, Dimension, Error, Label, Marks};
use post::Millis;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Mentions named in one clause: clusters take 65,536.
const IN_A_CLAUSE: usize = 60_000;
/// Mentions named in one question, at most: some ten megabytes.
const MAX_NAMED: usize = 500_000;

/// The marks of a time, and which mentions have each.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    pub(super) marks: Arc<Marks>,
    found: OnceLock<Found>,
}

/// Numbers of mentions.
#[derive(Debug, Default)]
struct Found {
    /// By the words of [`crate::Mark::words`].
    by_word: BTreeMap<String, Vec<u64>>,
    /// By the sentiment they were corrected to.
    corrected: [Vec<u64>; 3],
}

impl Overlay {
    pub(super) fn new(marks: Marks) -> Self {
        Self {
            marks: Arc::new(marks),
            found: OnceLock::new(),
        }
    }

    fn found(&self) -> &Found {
        self.found.get_or_init(|| {
            let mut found = Found::default();
            for (number, mark) in self.marks.within((Millis::MIN, Millis::MAX)) {
                for word in mark.words() {
                    found.by_word.entry(word).or_default().push(number);
                }
                if let Some(label) = mark.sentiment {
                    found.corrected[label as usize].push(number);
                }
            }
            found
        })
    }

    /// The query of mentions with one of these words.
    pub(super) fn with(&self, words: &[String]) -> Result<Value, Error> {
        let found = self.found();
        named(words.iter().filter_map(|word| found.by_word.get(word)))
    }

    /// What a choice of words keeps, and what it leaves out; `None` where that is everything, or nothing.
    pub(super) fn chosen(&self, choice: &Choice<String>) -> Result<[Option<Value>; 2], Error> {
        let some = |words: &Vec<String>| match words.is_empty() {
            true => Ok(None),
            false => self.with(words).map(Some),
        };
        Ok([some(&choice.include)?, some(&choice.exclude)?])
    }

    /// Whether any sentiment was corrected.
    pub(super) fn corrects(&self) -> bool {
        self.found().corrected.iter().any(|numbers| !numbers.is_empty())
    }

    /// The query of mentions with a label: as corrected by hand, or else as the model has it.
    pub(super) fn labelled(&self, label: Label) -> Result<Value, Error> {
        let modelled = term(field::SENTIMENT, label.name());
        if !self.corrects() {
            return Ok(modelled);
        }
        let found = self.found();
        let others = Label::ALL.into_iter().filter(|other| *other != label);
        let otherwise = named(others.map(|other| &found.corrected[other as usize]))?;
        let so = named([&found.corrected[label as usize]].into_iter())?;
        let standing = json!({"bool": {"filter": [modelled], "must_not": [otherwise]}});
        Ok(json!({"bool": {"should": [standing, so], "minimum_should_match": 1}}))
    }

    /// The queries of all labels, in their order.
    pub(super) fn labels(&self) -> Result<Vec<Value>, Error> {
        Label::ALL.into_iter().map(|label| self.labelled(label)).collect()
    }

    /// The values of a dimension that stands in marks, in order; none in others.
    pub(super) fn values(&self, by: Dimension) -> Vec<String> {
        let Some(prefix) = prefix(by) else {
            return Vec::new();
        };
        let words = self.found().by_word.range(prefix.to_owned()..);
        let theirs = words.map_while(|(word, _)| word.strip_prefix(prefix));
        theirs.map(str::to_owned).collect()
    }

    /// The query of mentions with one of these values of a dimension that stands in marks.
    pub(super) fn valued(&self, by: Dimension, values: &[String]) -> Result<Value, Error> {
        let prefix = prefix(by).unwrap_or_default();
        let words: Vec<String> = values.iter().map(|value| format!("{prefix}{value}")).collect();
        self.with(&words)
    }
}

/// What the words of a dimension that stands in marks begin with.
pub(super) fn prefix(by: Dimension) -> Option<&'static str> {
    match by {
        Dimension::Tag => Some("tag:"),
        Dimension::Category => Some("category:"),
        Dimension::Status => Some("status:"),
        Dimension::Assignee => Some("assignee:"),
        _ => None,
    }
}

/// The query of mentions with these numbers.
fn named<'n>(lists: impl Iterator<Item = &'n Vec<u64>>) -> Result<Value, Error> {
    let mut numbers: Vec<u64> = lists.flatten().copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.len() > MAX_NAMED {
        return Err(Error::TooLarge(format!(
            "{} marked mentions would have to be named in the question, at most {MAX_NAMED} are; ask for fewer marks",
            numbers.len()
        )));
    }
    let clause = |some: &[u64]| {
        let places: Vec<String> = some.iter().map(|number| place_of(*number)).collect();
        json!({"terms": {field::ID: places}})
    };
    let mut clauses: Vec<Value> = numbers.chunks(IN_A_CLAUSE).map(clause).collect();
    Ok(match clauses.len() {
        0 => json!({"match_none": {}}),
        1 => clauses.swap_remove(0),
        _ => json!({"bool": {"should": clauses, "minimum_should_match": 1}}),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Mark, Marked};

    fn overlay(tags: &[(u64, &str)]) -> Overlay {
        let marked = |(number, tag): &(u64, &str)| Marked {
            number: *number,
            created_at: 0,
            mark: Mark {
                tags: vec![(*tag).to_owned()],
                ..Mark::default()
            },
        };
        Overlay::new(Marks::default().with(tags.iter().map(marked)))
    }

    #[test]
    fn values_are_those_of_their_dimension_and_each_mention_is_named_once() {
        let overlay = overlay(&[(3, "b"), (1, "a"), (2, "a")]);
        assert_eq!(overlay.values(Dimension::Tag), ["a", "b"]);
        assert!(overlay.values(Dimension::Status).is_empty() && !overlay.corrects());
        let found = overlay
            .valued(Dimension::Tag, &["a".to_owned(), "a".to_owned()])
            .unwrap();
        assert_eq!(found, json!({"terms": {"id": [place_of(1), place_of(2)]}}));
        assert_eq!(overlay.with(&[]).unwrap(), json!({"match_none": {}}));
    }

    #[test]
    fn more_than_can_be_named_is_refused_and_much_is_named_in_parts() {
        let most: Vec<u64> = (0..=MAX_NAMED as u64).collect();
        assert!(matches!(named([&most].into_iter()), Err(Error::TooLarge(_))));
        let parts = named([&most[1..].to_vec()].into_iter()).unwrap();
        assert_eq!(
            parts["bool"]["should"].as_array().unwrap().len(),
            MAX_NAMED.div_ceil(IN_A_CLAUSE)
        );
    }
}
