//! A trained model, asked.

use super::corpus::SPEC;
use super::mix::{Mix, belonging, mix};
use super::states::States;
use super::words::Words;
use crate::features::Features;
use crate::linear::{argmax, softmax};
use text::Tokens;

/// All a model is.
#[derive(Debug, Clone)]
pub(super) struct Parts {
    pub(super) id: String,
    pub(super) labels: Vec<String>,
    pub(super) rows: usize,
    pub(super) mix: Mix,
    /// How well a text must belong, with states and by words alone.
    pub(super) thresholds: [f32; 2],
    pub(super) words: Words<i8>,
    pub(super) states: Option<States>,
    /// The encoder whose states are read.
    pub(super) encoder: Option<String>,
}

/// A classifier of one's own. It is read only; each thread brings its own [`Scratch`].
#[derive(Debug, Clone)]
pub struct CustomModel {
    pub(super) parts: Parts,
}

/// Buffers of asking, and the probabilities of the last answer.
#[derive(Debug, Default)]
pub struct Scratch {
    tokens: Tokens,
    features: Features,
    values: Vec<f32>,
    states: Vec<f32>,
    prepared: Vec<f32>,
    probabilities: Vec<f32>,
}

impl Scratch {
    /// Empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// The probability of each label, as the model last asked gave them.
    pub fn probabilities(&self) -> &[f32] {
        &self.probabilities
    }
}

/// What a model says of a post.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Class<'m> {
    /// The likeliest label.
    pub label: &'m str,
    /// Its place among the model's labels.
    pub place: usize,
    /// Its probability among these labels.
    pub probability: f32,
    /// How well the post belongs to any of the labels; comparable within a model and tier.
    pub belonging: f32,
    /// Whether it belongs so little that the label should not be used.
    pub abstain: bool,
}

impl CustomModel {
    pub(super) fn new(parts: Parts) -> Self {
        Self { parts }
    }

    /// Name and version.
    pub fn id(&self) -> &str {
        &self.parts.id
    }

    /// The labels, in the order of the probabilities.
    pub fn labels(&self) -> &[String] {
        &self.parts.labels
    }

    /// Rows it was trained on.
    pub fn rows(&self) -> usize {
        self.parts.rows
    }

    /// The encoder whose states it can read besides words.
    pub fn encoder(&self) -> Option<&str> {
        self.parts.encoder.as_deref()
    }

    /// Says the class of a text; `states` are its [`states`](super::states) by the encoder named by
    /// [`CustomModel::encoder`], where it was encoded.
    pub fn classify(&self, text: &str, states: Option<&[f32]>, scratch: &mut Scratch) -> Class<'_> {
        let mut tokens = std::mem::take(&mut scratch.tokens);
        tokens.read(text);
        let class = self.classify_tokens(&tokens, states, scratch);
        scratch.tokens = tokens;
        class
    }

    /// As [`CustomModel::classify`], of tokens.
    pub fn classify_tokens(
        &self,
        tokens: &Tokens,
        states: Option<&[f32]>,
        scratch: &mut Scratch,
    ) -> Class<'_> {
        let Parts {
            labels,
            mix: by,
            thresholds,
            words,
            ..
        } = &self.parts;
        let Scratch {
            features,
            values,
            states: of_states,
            prepared,
            probabilities,
            ..
        } = scratch;
        features.read(tokens, &SPEC);
        words.values([features.words(), features.chars()], labels.len(), values);
        let part = self.parts.states.as_ref();
        let read = part
            .zip(states)
            .filter(|(part, states)| part.mean.len() == states.len());
        let (temperature, threshold) = match read {
            Some((part, states)) => {
                part.values(states, labels.len(), prepared, of_states);
                mix(values, of_states, by.weight);
                (by.temperature, thresholds[0])
            }
            None => (by.words_temperature, thresholds[1]),
        };
        softmax(values, temperature, probabilities);
        let place = argmax(probabilities);
        let belonging = belonging(values);
        Class {
            label: labels.get(place).map_or("", String::as_str),
            place,
            probability: probabilities.get(place).copied().unwrap_or(0.0),
            belonging,
            abstain: tokens.is_empty() || belonging < threshold,
        }
    }
}
