//! A calibration per language, platform or both, where enough posts are labelled.

use super::{Calibration, ENOUGH, Quantifier, QuantifyError};
use std::collections::BTreeMap;

/// A labelled post with its soft answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouped {
    /// What it belongs to, `en`, or `en bluesky`; empty for nothing in particular.
    pub group: String,
    /// The place of its class among the labels.
    pub truth: u16,
    /// The probability of each label.
    pub soft: Vec<f32>,
}

/// Quantifiers by group. A group with fewer than [`ENOUGH`] labelled posts of a class uses what is known over all.
#[derive(Debug, Clone)]
pub struct Quantifiers {
    overall: Quantifier,
    groups: BTreeMap<String, Quantifier>,
}

impl Quantifiers {
    /// Prepares labelled posts.
    pub fn new(labels: &[String], posts: &[Grouped], seed: u64) -> Result<Self, QuantifyError> {
        let quantifier = |posts: &[&Grouped]| {
            let truth = posts.iter().map(|p| p.truth).collect();
            let soft = posts.iter().flat_map(|p| p.soft.iter().copied()).collect();
            Calibration::new(labels.to_vec(), truth, soft).map(|c| Quantifier::new(c, seed))
        };
        if let Some(row) = posts.iter().position(|p| p.soft.len() != labels.len()) {
            return Err(QuantifyError::Probabilities { row });
        }
        let mut by_group: BTreeMap<&str, Vec<&Grouped>> = BTreeMap::new();
        for post in posts.iter().filter(|p| !p.group.is_empty()) {
            by_group.entry(&post.group).or_default().push(post);
        }
        let enough = |posts: &[&Grouped]| {
            let count = |k: usize| posts.iter().filter(|p| usize::from(p.truth) == k).count();
            (0..labels.len()).all(|k| count(k) >= ENOUGH)
        };
        let groups = by_group
            .into_iter()
            .filter(|(_, posts)| enough(posts))
            .map(|(group, posts)| Ok((group.to_owned(), quantifier(&posts)?)))
            .collect::<Result<_, QuantifyError>>()?;
        Ok(Self {
            overall: quantifier(&posts.iter().collect::<Vec<_>>())?,
            groups,
        })
    }

    /// The quantifier of a group: its own, or the one over all.
    pub fn of(&self, group: &str) -> &Quantifier {
        self.groups.get(group).unwrap_or(&self.overall)
    }

    /// The groups that have one of their own.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().map(String::as_str)
    }
}
