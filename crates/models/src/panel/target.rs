//! Sentiment toward a target.
//!
//! Three things speak: what stands around the target (hashed, [`super::near`]), what the whole post says toward whatever
//! it names (a head of the rows), and the sentiment of the post's parts as seen from the target: the head of sentiment
//! read over the words before it, after it, close to it and elsewhere.

use super::near::{Around, Part};
use super::{HeadCalibration, Panel, PanelHead, Readout};
use crate::classifier::Scratch;
use crate::error::ModelError;
use crate::linear::argmax;
use crate::sentiment::{Polarity, Score};
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::ops::Range;
use text::Tokens;

/// Classes of sentiment.
pub(super) const CLASSES: usize = 3;
/// Sentiment values of the post and of its parts.
pub(super) const DENSE: usize = CLASSES * (1 + Part::ALL.len());
/// The head whose sentiment is read over the parts.
const SENTIMENT: &str = "sentiment";

/// The head toward a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetHead {
    /// The neighbourhood's features fall into `2^bits` buckets.
    pub bits: u8,
    /// The length of the neighbourhood's vector against the post's.
    pub length: f32,
    /// Per class, what a weight of 1 stands for.
    pub scale: Vec<f32>,
    /// For each sentiment value of the post and its parts, the weight of each class.
    pub dense: Vec<f32>,
    /// The name of the panel's head whose values are added: what the whole post says toward whatever it names.
    pub head: String,
    /// How the values become probabilities.
    pub calibration: HeadCalibration,
}

impl TargetHead {
    /// Bytes of its table.
    pub(super) fn table_len(&self) -> usize {
        CLASSES << self.bits
    }

    pub(super) fn check(&self) -> Result<(), ModelError> {
        let bad = |m: &str| Err(ModelError::Header(format!("the head toward a target {m}")));
        let numbers = self.scale.iter().chain(&self.dense).chain([&self.length]);
        if !(8..=22).contains(&self.bits) || numbers.into_iter().any(|v| !v.is_finite()) {
            return bad("is out of range");
        }
        if self.scale.len() != CLASSES
            || self.dense.len() != CLASSES * DENSE
            || !self.calibration.is_valid(CLASSES)
        {
            return bad("does not fit its classes");
        }
        Ok(())
    }
}

impl Panel {
    /// The sentiment toward what stands at `spans` (bytes of the text). `readout` is what [`Panel::read`] says of the
    /// same text. Without a span the answer is that of the whole post toward whatever it names. `None` where the panel
    /// has no head for it or does not stand by its sentiment in this language.
    pub fn target(
        &self,
        tokens: &Tokens,
        readout: &Readout,
        spans: &[Range<usize>],
        lang: &str,
        scratch: &mut Scratch,
    ) -> Option<Score> {
        let head = self.header.target.as_ref()?;
        if !self.answers(self.head(SENTIMENT)?, readout, tokens, lang) {
            return None;
        }
        let around = Around::of(tokens, spans);
        let mut values = self.toward(head, tokens, &around, readout, scratch)?;
        head.calibration
            .apply(&mut values, Some(lang), &mut scratch.probabilities);
        let probabilities = *scratch.probabilities.first_chunk::<CLASSES>()?;
        let label = Polarity::ALL[argmax(&probabilities)];
        Some(Score { probabilities, label })
    }

    /// The value of each class, before calibration.
    pub(super) fn toward(
        &self,
        head: &TargetHead,
        tokens: &Tokens,
        around: &Around,
        readout: &Readout,
        scratch: &mut Scratch,
    ) -> Option<[f32; CLASSES]> {
        let whole = self.head(&head.head)?;
        around.features(tokens, head.bits, &mut scratch.buckets);
        let mut sums = [0i32; CLASSES];
        for &bucket in &scratch.buckets {
            let row = self.near.get(bucket as usize * CLASSES..)?;
            sums.iter_mut().zip(row).for_each(|(s, &w)| *s += i32::from(w));
        }
        let factor = head.length / (scratch.buckets.len() as f32).sqrt().max(1.0);
        let dense = self.parts(tokens, around, readout, scratch)?;
        let mut values = [0.0; CLASSES];
        for (k, value) in values.iter_mut().enumerate() {
            *value = readout.values.get(whole.at + k)? + head.scale[k] * factor * sums[k] as f32;
            for (d, weights) in dense.iter().zip(head.dense.chunks_exact(CLASSES)) {
                *value += d * weights[k];
            }
        }
        Some(values)
    }

    /// The sentiment values of the post and of its parts.
    pub(super) fn parts(
        &self,
        tokens: &Tokens,
        around: &Around,
        readout: &Readout,
        scratch: &mut Scratch,
    ) -> Option<[f32; DENSE]> {
        let head = self.head(SENTIMENT)?;
        let mut out = [0.0; DENSE];
        let (post, parts) = out.split_at_mut(CLASSES);
        post.copy_from_slice(readout.values.get(head.at..head.at + CLASSES)?);
        for (part, values) in Part::ALL.into_iter().zip(parts.chunks_exact_mut(CLASSES)) {
            let place = Cell::new(0);
            let is_in = |_: &text::Token| {
                let i = place.replace(place.get() + 1);
                around.is_in(i, part)
            };
            scratch.features.read_where(tokens, &self.header.features, is_in);
            self.sentiment_of(head, scratch, values);
        }
        Some(out)
    }

    /// The sentiment values of the features that were read; none of nothing.
    fn sentiment_of(&self, head: &PanelHead, scratch: &Scratch, out: &mut [f32]) {
        let features = &scratch.features;
        let omega = self.header.word_weight;
        let factor = 1.0 / crate::linear::norm(features.words().len(), features.chars().len(), omega);
        for (buckets, weight) in [(features.words(), omega), (features.chars(), 1.0)] {
            let mut sums = [0i32; CLASSES];
            for &bucket in buckets {
                let at = bucket as usize * self.header.width + head.at;
                if let Some(row) = self.table.get(at..at + CLASSES) {
                    sums.iter_mut().zip(row).for_each(|(s, &w)| *s += i32::from(w));
                }
            }
            for ((o, s), scale) in out.iter_mut().zip(sums).zip(&head.scale) {
                *o += weight * factor * scale * s as f32;
            }
        }
    }
}
