//! The panel: every head of the fast tier over one pass of hashed features.
//!
//! A bucket's row holds the weights of all heads, so that sixteen outputs cost little more than three: a text's time goes
//! into finding the rows. Decision values are those of [`crate::linear`]; probabilities are softmax after a bias and a
//! temperature of the language, where it has its own.

mod file;
mod near;
mod target;
pub mod train;

pub use target::TargetHead;

use crate::classifier::Scratch;
use crate::error::ModelError;
use crate::features::FeatureSpec;
use crate::language::UNDETERMINED;
use crate::linear::{norm, softmax};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use text::{TokenKind, Tokens};

/// Heads of a panel at most.
pub const MAX_HEADS: usize = 32;
/// Weights of a row at most.
pub const MAX_WIDTH: usize = 64;
/// Rows summed in 16 bits before they move to 32: 256 · 127 < 2^15.
const BLOCK: usize = 256;

/// A task's outputs within the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PanelHead {
    /// The task.
    pub name: String,
    /// The labels. Two labels have one output, the value of the second against the first; more have one each.
    pub labels: Vec<String>,
    /// Place of its first weight in a row.
    pub at: usize,
    /// Per output, what a weight of 1 stands for.
    pub scale: Vec<f32>,
    /// Per output, the value of an empty text.
    pub bias: Vec<f32>,
    /// How the values become probabilities.
    pub calibration: HeadCalibration,
    /// Languages (ISO 639) it answers for; empty for any.
    pub languages: Vec<String>,
}

/// How decision values become probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadCalibration {
    /// Divides the values before softmax.
    pub temperature: f32,
    /// Temperatures of languages that had enough validation data.
    pub temperature_by_lang: BTreeMap<String, f32>,
    /// Added to the values of a language whose validation data has the classes as they come in its posts.
    pub bias_by_lang: BTreeMap<String, Vec<f32>>,
}

impl Default for HeadCalibration {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            temperature_by_lang: BTreeMap::new(),
            bias_by_lang: BTreeMap::new(),
        }
    }
}

impl PanelHead {
    /// Outputs, that is weights of a row: one for two labels, else one for each.
    pub fn outputs(&self) -> usize {
        outputs(self.labels.len())
    }

    /// Replaces `out` by a value for each label.
    fn values(&self, readout: &Readout, out: &mut Vec<f32>) {
        out.clear();
        if self.labels.len() == 2 {
            out.push(0.0);
        }
        let all = readout.values.get(self.at..self.at + self.outputs());
        out.extend_from_slice(all.unwrap_or_default());
        out.resize(self.labels.len(), 0.0);
    }
}

/// Outputs of a head with so many labels.
fn outputs(labels: usize) -> usize {
    if labels == 2 { 1 } else { labels }
}

impl HeadCalibration {
    fn is_valid(&self, labels: usize) -> bool {
        let temperatures = self.temperature_by_lang.values().chain([&self.temperature]);
        let biases = self.bias_by_lang.values();
        temperatures.into_iter().all(|t| t.is_finite() && *t > 0.0)
            && biases
                .into_iter()
                .all(|b| b.len() == labels && b.iter().all(|v| v.is_finite()))
    }

    /// Turns the values of all labels into probabilities.
    pub fn apply(&self, values: &mut [f32], lang: Option<&str>, out: &mut Vec<f32>) {
        if let Some(bias) = lang.and_then(|l| self.bias_by_lang.get(l)) {
            values.iter_mut().zip(bias).for_each(|(v, b)| *v += b);
        }
        let temperature = lang.and_then(|l| self.temperature_by_lang.get(l));
        softmax(values, temperature.copied().unwrap_or(self.temperature), out);
    }
}

/// What a panel is, besides its tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PanelHeader {
    /// Name and version, `panel@1`; recorded with every score.
    pub id: String,
    /// The tokeniser it was trained with.
    pub tokeniser: u32,
    /// The features it reads.
    pub features: FeatureSpec,
    /// The weight of a word feature against a character feature.
    pub word_weight: f32,
    /// Weights of a row.
    pub width: usize,
    /// The heads.
    pub heads: Vec<PanelHead>,
    /// The head toward a target, where there is one.
    pub target: Option<TargetHead>,
}

/// A loaded panel.
#[derive(Debug, Clone)]
pub struct Panel {
    header: PanelHeader,
    /// `2^bits` rows of `width` weights.
    table: Vec<i8>,
    /// The table of [`TargetHead`].
    near: Vec<i8>,
}

/// What a panel says of one post: values of all outputs, from which each head's probabilities are made.
#[derive(Debug, Default, Clone)]
pub struct Readout {
    values: Vec<f32>,
    words: Vec<i32>,
    chars: Vec<i32>,
    empty: bool,
}

impl Panel {
    /// Name and version.
    pub fn id(&self) -> &str {
        &self.header.id
    }

    /// What it is.
    pub fn header(&self) -> &PanelHeader {
        &self.header
    }

    /// The head of a task.
    pub fn head(&self, task: &str) -> Option<&PanelHead> {
        self.header.heads.iter().find(|h| h.name == task)
    }

    /// Reads a text once, for all heads.
    pub fn read(&self, tokens: &Tokens, scratch: &mut Scratch, out: &mut Readout) {
        let header = &self.header;
        scratch.features.read(tokens, &header.features);
        let (words, chars) = (scratch.features.words(), scratch.features.chars());
        out.empty = scratch.features.is_empty();
        self.sum(words, &mut out.words);
        self.sum(chars, &mut out.chars);
        let norm = norm(words.len(), chars.len(), header.word_weight);
        out.values.clear();
        out.values.resize(header.width, 0.0);
        for head in &header.heads {
            for (k, (scale, bias)) in head.scale.iter().zip(&head.bias).enumerate() {
                let at = head.at + k;
                let total = header.word_weight * out.words[at] as f32 + out.chars[at] as f32;
                out.values[at] = bias + scale * total / norm;
            }
        }
    }

    /// The calibrated probability of each label of a head, in their order.
    pub fn probabilities<'s>(
        &self,
        head: &PanelHead,
        readout: &Readout,
        lang: Option<&str>,
        scratch: &'s mut Scratch,
    ) -> &'s [f32] {
        let Scratch {
            values,
            probabilities,
            ..
        } = scratch;
        head.values(readout, values);
        head.calibration.apply(values, lang, probabilities);
        probabilities
    }

    /// Whether a head stands by its answer for a post in `lang`: it covers the language, or the post has none but
    /// emoji, which need none.
    pub fn answers(&self, head: &PanelHead, readout: &Readout, tokens: &Tokens, lang: &str) -> bool {
        let covers = head.languages.is_empty() || head.languages.iter().any(|l| l == lang);
        let has_emoji = || tokens.iter().any(|t| t.kind == TokenKind::Emoji);
        !readout.empty && !tokens.is_empty() && (covers || (lang == UNDETERMINED && has_emoji()))
    }

    /// Sums the rows of `buckets`. The usual widths are known to the compiler.
    fn sum(&self, buckets: &[u32], long: &mut Vec<i32>) {
        long.clear();
        long.resize(self.header.width, 0);
        match self.header.width {
            16 => sum_rows::<16>(&self.table, buckets, long),
            24 => sum_rows::<24>(&self.table, buckets, long),
            32 => sum_rows::<32>(&self.table, buckets, long),
            40 => sum_rows::<40>(&self.table, buckets, long),
            width => {
                for &bucket in buckets {
                    let at = bucket as usize * width;
                    if let Some(row) = self.table.get(at..at + width) {
                        long.iter_mut().zip(row).for_each(|(l, &w)| *l += i32::from(w));
                    }
                }
            }
        }
    }

    /// The rows of weights.
    fn rows(&self) -> impl Iterator<Item = &[i8]> {
        self.table.chunks_exact(self.header.width)
    }

    fn into_parts(self) -> (PanelHeader, Vec<i8>, Vec<i8>) {
        (self.header, self.table, self.near)
    }

    pub(crate) fn new(header: PanelHeader, table: Vec<i8>, near: Vec<i8>) -> Result<Self, ModelError> {
        let bad = |m: &str| Err(ModelError::Header(m.to_owned()));
        if !header.features.is_valid() || !header.word_weight.is_finite() {
            return bad("features out of range");
        }
        if header.heads.is_empty()
            || header.heads.len() > MAX_HEADS
            || !(1..=MAX_WIDTH).contains(&header.width)
        {
            return bad("too few or too many heads");
        }
        for head in &header.heads {
            let n = head.labels.len();
            let finite = head.scale.iter().chain(&head.bias).all(|v| v.is_finite());
            let calibrated = head.calibration.is_valid(n);
            let out = head.outputs();
            let inside = head.at.checked_add(out).is_some_and(|end| end <= header.width);
            if n < 2 || head.scale.len() != out || head.bias.len() != out || !finite || !calibrated || !inside
            {
                return bad(&format!("the head {} does not fit its rows", head.name));
            }
        }
        if table.len() != header.width << header.features.bits {
            return bad("the table has not the size its features and heads ask for");
        }
        if header.target.as_ref().map_or(0, TargetHead::table_len) != near.len() {
            return bad("the table toward a target has not its size");
        }
        Ok(Self { header, table, near })
    }
}

/// Adds the rows of `N` weights of each bucket to `long`.
fn sum_rows<const N: usize>(table: &[i8], buckets: &[u32], long: &mut [i32]) {
    for block in buckets.chunks(BLOCK) {
        let mut short = [0i16; N];
        for &bucket in block {
            let at = bucket as usize * N;
            if let Some(row) = table.get(at..at + N).and_then(|r| r.first_chunk::<N>()) {
                for k in 0..N {
                    short[k] += i16::from(row[k]);
                }
            }
        }
        long.iter_mut().zip(short).for_each(|(l, s)| *l += i32::from(s));
    }
}
