//! What is said of a post, a target or a piece: a linear layer on top of the encoder's states.

use super::container::Container;
use super::error::EncoderError;
use crate::linear::softmax;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a head reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HeadInput {
    /// The mean state of a post's pieces.
    Post,
    /// The mean state of a target's pieces, then that of the post's.
    Target,
    /// The state of one piece.
    Token,
}

/// How a head's values become probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Activation {
    /// One label holds.
    #[default]
    Softmax,
    /// Each label holds or not, on its own.
    Sigmoid,
}

#[derive(Clone, Deserialize)]
pub(super) struct HeadConfig {
    input: HeadInput,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    activation: Activation,
    #[serde(default = "one")]
    temperature: f32,
    #[serde(default)]
    temperature_by_lang: BTreeMap<String, f32>,
    #[serde(default)]
    bias_by_lang: BTreeMap<String, Vec<f32>>,
}

fn one() -> f32 {
    1.0
}

/// A head of an encoder.
#[derive(Debug)]
pub struct Head {
    input: HeadInput,
    labels: Vec<String>,
    activation: Activation,
    temperature: f32,
    temperature_by_lang: BTreeMap<String, f32>,
    /// Added to the values over the temperature: labels are not as frequent in every language.
    bias_by_lang: BTreeMap<String, Vec<f32>>,
    /// A row for each output.
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Head {
    pub(super) fn load(
        tensors: &Container<'_>,
        hidden: usize,
        name: &str,
        config: HeadConfig,
    ) -> Result<Self, EncoderError> {
        let tensor = format!("head.{name}.w");
        let inputs = hidden * if config.input == HeadInput::Target { 2 } else { 1 };
        let &[outputs, _] = tensors.shape(&tensor)? else {
            return Err(EncoderError::tensor(&tensor, "is not a matrix"));
        };
        let bad = |reason: &str| Err(EncoderError::Config(format!("head {name}: {reason}")));
        let temperatures = config.temperature_by_lang.values().chain([&config.temperature]);
        if !temperatures.into_iter().all(|t| t.is_finite() && *t > 0.0) {
            return bad("a temperature is not positive");
        }
        if outputs == 0 || (!config.labels.is_empty() && config.labels.len() != outputs) {
            return bad("labels do not fit its tensor");
        }
        let fits = |b: &Vec<f32>| b.len() == outputs && b.iter().all(|v| v.is_finite());
        if let Some((lang, _)) = config.bias_by_lang.iter().find(|(_, b)| !fits(b)) {
            return bad(&format!("the biases of {lang} do not fit its tensor"));
        }
        Ok(Self {
            input: config.input,
            labels: config.labels,
            activation: config.activation,
            temperature: config.temperature,
            temperature_by_lang: config.temperature_by_lang,
            bias_by_lang: config.bias_by_lang,
            weights: tensors.f32(&tensor, &[outputs, inputs])?,
            bias: tensors.f32(&format!("head.{name}.b"), &[outputs])?,
        })
    }

    /// What it reads.
    pub fn input(&self) -> HeadInput {
        self.input
    }

    /// The labels in the order of the outputs; none for a head that gives a vector.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// How values become probabilities.
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// The number of outputs.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Temperatures of languages that have their own.
    pub fn temperatures(&self) -> &BTreeMap<String, f32> {
        &self.temperature_by_lang
    }

    /// The temperature for a language (ISO 639).
    pub fn temperature(&self, lang: Option<&str>) -> f32 {
        let own = lang.and_then(|l| self.temperature_by_lang.get(l));
        own.copied().unwrap_or(self.temperature)
    }

    /// Writes the value of each output for an input into `out`, which it empties first.
    pub fn values(&self, input: &[f32], out: &mut Vec<f32>) {
        let rows = self.weights.chunks_exact(self.weights.len() / self.bias.len());
        out.clear();
        out.extend(rows.zip(&self.bias).map(|(row, bias)| dot(row, input) + bias));
    }

    /// Writes the calibrated probability of each label into `out`, which it empties first. `lang` chooses the
    /// calibration; `values` is a buffer.
    pub fn probabilities(
        &self,
        input: &[f32],
        lang: Option<&str>,
        values: &mut Vec<f32>,
        out: &mut Vec<f32>,
    ) {
        self.values(input, values);
        let temperature = self.temperature(lang);
        values.iter_mut().for_each(|v| *v /= temperature);
        if let Some(bias) = lang.and_then(|l| self.bias_by_lang.get(l)) {
            values.iter_mut().zip(bias).for_each(|(v, b)| *v += b);
        }
        match self.activation {
            Activation::Softmax => softmax(values, 1.0, out),
            Activation::Sigmoid => {
                out.clear();
                out.extend(values.iter().map(|v| 1.0 / (1.0 + (-v).exp())));
            }
        }
    }

    /// Writes the outputs as a vector of length 1 into `out`, which it empties first; zeros stay zeros.
    pub fn vector(&self, input: &[f32], out: &mut Vec<f32>) {
        self.values(input, out);
        let length = dot(out, out).sqrt();
        if length > 0.0 {
            out.iter_mut().for_each(|v| *v /= length);
        }
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 8;
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (x, y) in a.iter().zip(b) {
        for i in 0..LANES {
            sums[i] += x[i] * y[i];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
}
