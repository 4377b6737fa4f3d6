//! Texts that are the same but for case, punctuation, links and handles; and folds that never part them.

use crate::quantify::Random;
use crate::train::text_key;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use text::Tokens;

/// Rows that say the same.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// The group of each row.
    pub(super) of: Vec<u32>,
    /// The rows of each group.
    pub(super) rows: Vec<Vec<u32>>,
}

impl Groups {
    /// The groups of rows with these keys.
    pub(super) fn new(keys: &[u64]) -> Self {
        let mut known: HashMap<u64, u32, RandomState> = HashMap::default();
        let mut groups = Self::default();
        for (row, key) in keys.iter().enumerate() {
            let next = groups.rows.len() as u32;
            let group = *known.entry(*key).or_insert(next);
            if group == next {
                groups.rows.push(Vec::new());
            }
            groups.rows[group as usize].push(row as u32);
            groups.of.push(group);
        }
        groups
    }

    /// The groups whose rows have different labels.
    pub(super) fn contradicting<'g>(&'g self, classes: &'g [u16]) -> impl Iterator<Item = &'g Vec<u32>> {
        self.rows.iter().filter(|rows| {
            let mut labels = rows.iter().map(|&r| classes[r as usize]);
            let first = labels.next();
            labels.any(|l| Some(l) != first)
        })
    }

    /// Deals the groups out to `count` folds, those of each label as evenly as can be, and says each row's fold.
    pub(super) fn folds(&self, classes: &[u16], labels: usize, count: usize, seed: u64) -> Vec<u8> {
        let mut by_label: Vec<Vec<u32>> = vec![Vec::new(); labels];
        for (group, rows) in self.rows.iter().enumerate() {
            by_label[usize::from(classes[rows[0] as usize])].push(group as u32);
        }
        let mut random = Random::new(seed);
        let mut sizes = vec![0usize; count];
        let mut out = vec![0u8; classes.len()];
        for groups in &mut by_label {
            shuffle(groups, &mut random);
            let mut of_label = vec![0usize; count];
            for &group in &*groups {
                let rows = &self.rows[group as usize];
                let fold = (0..count)
                    .min_by_key(|&f| (of_label[f], sizes[f]))
                    .unwrap_or_default();
                of_label[fold] += rows.len();
                sizes[fold] += rows.len();
                rows.iter().for_each(|&r| out[r as usize] = fold as u8);
            }
        }
        out
    }
}

/// By what texts are grouped, `None` for one without words, which a classifier cannot learn from.
pub(super) fn key(tokens: &Tokens) -> Option<u64> {
    match tokens.is_empty() {
        true => None,
        false => Some(text_key(tokens)),
    }
}

pub(super) fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for i in (1..items.len()).rev() {
        items.swap(i, random.below(i + 1));
    }
}
