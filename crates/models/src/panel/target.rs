//! Sentiment toward a target.

use super::{Near, Panel, Readout, near};
use crate::classifier::Scratch;
use crate::linear::argmax;
use crate::sentiment::{Polarity, Score};
use std::ops::Range;
use text::Tokens;

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
        let near = self.header.near.as_ref()?;
        if !self.answers(self.head("sentiment")?, readout, tokens, lang) {
            return None;
        }
        let own = near::own(tokens, spans);
        near::features(tokens, &own, near.bits, &mut scratch.buckets);
        let mut values = self.toward(near, readout, &scratch.buckets)?;
        near.calibration
            .apply(&mut values, Some(lang), &mut scratch.probabilities);
        let p = &scratch.probabilities;
        let probabilities = [p[0], p[1], p[2]];
        let label = Polarity::ALL[argmax(&probabilities)];
        Some(Score { probabilities, label })
    }

    pub(super) fn toward(&self, near: &Near, readout: &Readout, buckets: &[u32]) -> Option<[f32; 3]> {
        let (post, whole) = (self.head("sentiment")?, self.head(&near.head)?);
        let mut sums = [0i32; 3];
        for &bucket in buckets {
            let at = bucket as usize * 3;
            let row = self.near.get(at..at + 3)?;
            sums.iter_mut().zip(row).for_each(|(s, &w)| *s += i32::from(w));
        }
        let norm = (buckets.len() as f32).sqrt().max(1.0);
        let mut values = [0.0; 3];
        for (k, value) in values.iter_mut().enumerate() {
            *value = readout.values[whole.at + k] + near.scale[k] * sums[k] as f32 / norm;
            for (weight, sentiment) in near.post[k].iter().zip(&readout.values[post.at..]) {
                *value += weight * sentiment;
            }
        }
        Some(values)
    }
}
