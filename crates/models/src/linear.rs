//! A linear model over hashed features: one row of 8-bit weights per bucket, one column per class.
//!
//! The decision value of class k for a text with word features W and character features C is
//! `bias_k + scale_k (ω Σ_W w_k + Σ_C w_k) / sqrt(ω² |W| + |C|)`, with ω the weight of a word feature.

use crate::error::ModelError;
use crate::features::{FeatureSpec, Features};
use serde::{Deserialize, Serialize};

/// Classes a model may have at most.
pub const MAX_CLASSES: usize = 1024;

/// Sums of 8-bit weights are kept in 16 bits for so many features, then moved to 32: 256 · 127 < 2^15.
const BLOCK: usize = 256;

/// The part of a linear model that its artefact's header carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinearHeader {
    /// The features it reads.
    pub features: FeatureSpec,
    /// The weight ω of a word feature against a character feature.
    pub word_weight: f32,
    /// Per class, what a weight of 1 in the table stands for.
    pub scale: Vec<f32>,
    /// Per class, the value of an empty text.
    pub bias: Vec<f32>,
}

/// A linear model ready to decide.
#[derive(Debug, Clone)]
pub struct Linear {
    header: LinearHeader,
    /// `2^bits` rows of `classes` weights.
    table: Vec<i8>,
}

/// Buffers of [`Linear::decide`], kept between texts.
#[derive(Debug, Default, Clone)]
pub struct Sums {
    short: Vec<i16>,
    words: Vec<i32>,
    chars: Vec<i32>,
}

impl Linear {
    /// Puts a table to its header; the sizes must agree.
    pub fn new(header: LinearHeader, table: Vec<i8>) -> Result<Self, ModelError> {
        let classes = header.bias.len();
        let bad = |m: &str| Err(ModelError::Header(m.to_owned()));
        if classes == 0 || classes > MAX_CLASSES || header.scale.len() != classes {
            return bad("scales and biases do not fit the classes");
        }
        if !header.features.is_valid() {
            return bad("features out of range");
        }
        if !header.word_weight.is_finite() || header.scale.iter().chain(&header.bias).any(|v| !v.is_finite())
        {
            return bad("a scale or bias is not a number");
        }
        if table.len() != classes << header.features.bits {
            return bad("the table has not the size its features and classes ask for");
        }
        Ok(Self { header, table })
    }

    /// Quantises a table of `2^bits` rows of `classes` weights to 8 bits with a scale per class.
    pub fn quantise(
        features: FeatureSpec,
        word_weight: f32,
        weights: &[f32],
        bias: Vec<f32>,
    ) -> Result<Self, ModelError> {
        let classes = bias.len().max(1);
        let scale = best_scales(weights, classes, |_| 1.0);
        let quantised = |(i, &w): (usize, &f32)| (w / scale[i % classes]).round().clamp(-127.0, 127.0) as i8;
        let table = weights.iter().enumerate().map(quantised).collect();
        Self::new(
            LinearHeader {
                features,
                word_weight,
                scale,
                bias,
            },
            table,
        )
    }

    /// Forgets the weights below `least` in 8 bits, which say little and cost a file most of its size.
    #[must_use]
    pub fn pruned(mut self, least: u8) -> Self {
        let small = |w: &&mut i8| w.unsigned_abs() < least;
        self.table.iter_mut().filter(small).for_each(|w| *w = 0);
        self
    }

    /// What the header of an artefact says of this model.
    pub fn header(&self) -> &LinearHeader {
        &self.header
    }

    /// The weights as bytes.
    pub fn table(&self) -> &[i8] {
        &self.table
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.header.bias.len()
    }

    /// Writes the decision value of each class into `out`, which it empties first.
    pub fn decide(&self, features: &Features, sums: &mut Sums, out: &mut Vec<f32>) {
        let classes = self.classes();
        let word_weight = self.header.word_weight;
        let (words, chars) = (features.words(), features.chars());
        self.sum(words, &mut sums.short, &mut sums.words);
        self.sum(chars, &mut sums.short, &mut sums.chars);
        let norm = norm(words.len(), chars.len(), word_weight);
        out.clear();
        out.extend((0..classes).map(|k| {
            let total = word_weight * sums.words[k] as f32 + sums.chars[k] as f32;
            self.header.bias[k] + self.header.scale[k] * total / norm
        }));
    }

    fn sum(&self, buckets: &[u32], short: &mut Vec<i16>, long: &mut Vec<i32>) {
        let classes = self.classes();
        long.clear();
        long.resize(classes, 0);
        if classes == 3 {
            self.sum_three(buckets, long);
            return;
        }
        for block in buckets.chunks(BLOCK) {
            short.clear();
            short.resize(classes, 0);
            for &b in block {
                let at = b as usize * classes;
                let Some(row) = self.table.get(at..at + classes) else {
                    continue;
                };
                for (s, &w) in short.iter_mut().zip(row) {
                    *s += i16::from(w);
                }
            }
            for (l, &s) in long.iter_mut().zip(&*short) {
                *l += i32::from(s);
            }
        }
    }

    /// The common case, with the sums in registers.
    fn sum_three(&self, buckets: &[u32], long: &mut [i32]) {
        let (mut a, mut b, mut c) = (0, 0, 0);
        for &bucket in buckets {
            let at = bucket as usize * 3;
            if let Some(&[x, y, z]) = self.table.get(at..at + 3).and_then(|r| r.first_chunk::<3>()) {
                a += i32::from(x);
                b += i32::from(y);
                c += i32::from(z);
            }
        }
        long.copy_from_slice(&[a, b, c]);
    }
}

/// The length by which a text's sums are divided, so that long texts are not surer than short ones.
pub(crate) fn norm(words: usize, chars: usize, word_weight: f32) -> f32 {
    (word_weight * word_weight * words as f32 + chars as f32)
        .sqrt()
        .max(1.0)
}

/// For each class the scale with the least squared error among cuts of its largest weight: a few outliers should not
/// cost all other weights their precision. The error of a row counts `frequency` times.
pub(crate) fn best_scales(weights: &[f32], classes: usize, frequency: impl Fn(usize) -> f32) -> Vec<f32> {
    const CUTS: [f32; 5] = [1.0, 0.7, 0.5, 0.35, 0.25];
    let mut largest = vec![0.0f32; classes];
    for row in weights.chunks_exact(classes) {
        largest.iter_mut().zip(row).for_each(|(m, w)| *m = m.max(w.abs()));
    }
    let scale = |k: usize, cut: f32| largest[k] * cut / 127.0;
    let mut errors = vec![[0.0f64; CUTS.len()]; classes];
    for (i, row) in weights.chunks_exact(classes).enumerate() {
        let f = f64::from(frequency(i));
        for (k, &w) in row.iter().enumerate().filter(|w| *w.1 != 0.0) {
            for (error, cut) in errors[k].iter_mut().zip(CUTS) {
                let scale = scale(k, cut);
                let gap = w - (w / scale).round().clamp(-127.0, 127.0) * scale;
                *error += f * f64::from(gap).powi(2);
            }
        }
    }
    let best = |k: usize| {
        let cuts = CUTS.iter().zip(&errors[k]);
        let best = cuts.min_by(|a, b| a.1.total_cmp(b.1)).map_or(1.0, |b| *b.0);
        if largest[k] == 0.0 { 1.0 } else { scale(k, best) }
    };
    (0..classes).map(best).collect()
}

/// Turns decision values into probabilities, softened or sharpened by `temperature` (Guo and others 2017).
pub fn softmax(values: &[f32], temperature: f32, out: &mut Vec<f32>) {
    out.clear();
    let top = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    out.extend(values.iter().map(|v| ((v - top) / temperature).exp()));
    let sum: f32 = out.iter().sum();
    out.iter_mut().for_each(|p| *p /= sum);
}

/// The place of the largest value; the first among equals, 0 for none.
pub fn argmax(values: &[f32]) -> usize {
    let mut best = 0;
    for (i, v) in values.iter().enumerate() {
        if *v > values[best] {
            best = i;
        }
    }
    best
}
