//! The part that reads n-grams: a table with a row of weights for each that occurs among the labelled posts.

use super::corpus::Corpus;
use super::{outputs, spread};
use crate::linear::{best_scales, norm};
use crate::train::{Dual, Examples, Labels, Start};
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// The weight of a word against a group of letters.
const WORD_WEIGHT: f32 = 2.0;
/// The penalty of an error against the size of the weights.
const COST: f32 = 64.0;
/// Passes over the rows.
const PASSES: usize = 7;
/// Weights of a table at most.
const MAX_WEIGHTS: usize = 16_000_000;
/// From so many rows on an n-gram must occur in two of them.
const MANY: usize = 1_000;

/// Weights of n-grams; `W` is what they are kept in.
#[derive(Debug, Clone)]
pub(super) struct Words<W> {
    /// The place of each bucket's row.
    places: HashMap<u32, u32, RandomState>,
    /// `outputs` weights a row.
    pub(super) table: Vec<W>,
    /// Per output, what a weight of 1 stands for.
    pub(super) scale: Vec<f32>,
    /// Per output, the value of a text without known n-grams.
    pub(super) bias: Vec<f32>,
}

impl<W: Copy + Into<f32>> Words<W> {
    pub(super) fn new(buckets: &[u32], table: Vec<W>, scale: Vec<f32>, bias: Vec<f32>) -> Self {
        let places = buckets.iter().enumerate().map(|(i, &b)| (b, i as u32));
        Self {
            places: places.collect(),
            table,
            scale,
            bias,
        }
    }

    /// The buckets in the order of their rows.
    pub(super) fn buckets(&self) -> Vec<u32> {
        let mut out = vec![0; self.places.len()];
        self.places
            .iter()
            .for_each(|(&b, &place)| out[place as usize] = b);
        out
    }

    /// Replaces `out` by a value for each label.
    pub(super) fn values(&self, [words, chars]: [&[u32]; 2], labels: usize, out: &mut Vec<f32>) {
        let width = self.bias.len();
        out.clear();
        out.resize(width, 0.0);
        for (buckets, factor) in [(words, WORD_WEIGHT), (chars, 1.0)] {
            for place in buckets.iter().filter_map(|b| self.places.get(b)) {
                let at = *place as usize * width;
                let row = &self.table[at..at + width];
                out.iter_mut()
                    .zip(row)
                    .for_each(|(o, &w)| *o += factor * w.into());
            }
        }
        let norm = norm(words.len(), chars.len(), WORD_WEIGHT);
        for ((o, s), b) in out.iter_mut().zip(&self.scale).zip(&self.bias) {
            *o = *o * s / norm + b;
        }
        spread(labels, out);
    }
}

impl Words<f32> {
    /// Learns from some rows; `costs` says how much each counts.
    pub(super) fn fit(
        corpus: &Corpus,
        rows: &[u32],
        classes: &[u16],
        costs: &[f32],
        labels: usize,
        seed: u64,
    ) -> Self {
        let width = outputs(labels);
        let buckets = vocabulary(corpus, rows, width);
        let places = Self::new(&buckets, Vec::new(), Vec::new(), Vec::new()).places;
        let known = |buckets: &[u32], out: &mut Vec<u32>| {
            out.clear();
            out.extend(buckets.iter().filter_map(|b| places.get(b)));
        };
        let (mut examples, mut truth) = (Examples::new(WORD_WEIGHT), Labels::new());
        let (mut known_words, mut known_chars) = (Vec::new(), Vec::new());
        for &row in rows {
            let [words, chars] = corpus.row(row);
            known(words, &mut known_words);
            known(chars, &mut known_chars);
            examples.push_rows(
                &known_words,
                &known_chars,
                [words.len(), chars.len()],
                &[],
                0.0,
                &[],
            );
            put(
                &mut truth,
                classes[row as usize],
                labels,
                COST * costs[row as usize],
            );
        }
        let start = Start {
            rows: buckets.len(),
            width,
            seed,
            ..Start::default()
        };
        let mut dual = Dual::new(&examples, &truth, start);
        (0..PASSES).for_each(|_| dual.pass());
        Self {
            places,
            table: dual.weights().to_vec(),
            scale: vec![1.0; width],
            bias: dual.bias().to_vec(),
        }
    }

    /// The same in 8 bits.
    pub(super) fn quantised(self) -> Words<i8> {
        let width = self.bias.len();
        let scale = best_scales(&self.table, width, |_| 1.0);
        let byte = |(i, w): (usize, &f32)| (w / scale[i % width]).round().clamp(-127.0, 127.0) as i8;
        Words {
            table: self.table.iter().enumerate().map(byte).collect(),
            places: self.places,
            scale,
            bias: self.bias,
        }
    }
}

/// Adds the label of a row.
pub(super) fn put(truth: &mut Labels, class: u16, labels: usize, cost: f32) {
    match labels {
        2 => truth.soft(0, &[f32::from(class)], cost),
        _ => truth.class(0, labels, usize::from(class), cost),
    }
    truth.end();
}

/// The buckets that get a row: of those frequent enough, the most frequent there is room for.
fn vocabulary(corpus: &Corpus, rows: &[u32], width: usize) -> Vec<u32> {
    let mut counts: HashMap<u32, (u32, u32), RandomState> = HashMap::default();
    for &row in rows {
        for &bucket in corpus.row(row).into_iter().flatten() {
            let (count, last) = counts.entry(bucket).or_insert((0, u32::MAX));
            *count += u32::from(*last != row);
            *last = row;
        }
    }
    let fewest = if rows.len() < MANY { 1 } else { 2 };
    let mut kept: Vec<(u32, u32)> = counts
        .into_iter()
        .filter(|(_, (count, _))| *count >= fewest)
        .map(|(bucket, (count, _))| (count, bucket))
        .collect();
    kept.sort_unstable_by_key(|&(count, bucket)| (std::cmp::Reverse(count), bucket));
    kept.truncate(MAX_WEIGHTS / width);
    let mut buckets: Vec<u32> = kept.into_iter().map(|k| k.1).collect();
    buckets.sort_unstable();
    buckets
}
