//! The layers and heads of an encoder, from its file.

use super::container::{Container, Dtype};
use super::error::EncoderError;
use super::head::{Head, HeadConfig};
use super::kernel::COLUMNS;
use super::linear::{Linear, Matrix};
use super::norm::Norm;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Bounds of what a foreign file can ask for.
const MAX_LAYERS: usize = 64;
const MAX_SIZE: usize = 1 << 14;

#[derive(Deserialize)]
struct Config {
    hidden: usize,
    attention_heads: usize,
    ff: usize,
    layers: usize,
    eps: f32,
    max_position: usize,
    #[serde(default)]
    heads: BTreeMap<String, HeadConfig>,
}

/// All that a pass multiplies by.
#[derive(Debug)]
pub(super) struct Weights {
    pub(super) id: String,
    pub(super) hidden: usize,
    pub(super) heads: usize,
    /// A row of `hidden` for each place in a post.
    pub(super) positions: Vec<f32>,
    pub(super) max_position: usize,
    pub(super) norm: Norm,
    pub(super) layers: Vec<Layer>,
    pub(super) outputs: BTreeMap<String, Head>,
}

/// One transformer layer, with its norms after the sums.
#[derive(Debug)]
pub(super) struct Layer {
    /// Queries (divided by the root of a head's size), keys, values.
    pub(super) projection: Linear,
    pub(super) out: Linear,
    pub(super) out_norm: Norm,
    pub(super) ff: usize,
    pub(super) inner: Linear,
    pub(super) outer: Linear,
    pub(super) outer_norm: Norm,
}

/// Reads the tensors of layers.
struct Reader<'c, 'b> {
    tensors: &'c Container<'b>,
    config: &'c Config,
}

impl Weights {
    pub(super) fn load(file: &[u8]) -> Result<Self, EncoderError> {
        let tensors = Container::parse(file, "encoder-weights")?;
        let config: Config = tensors.config()?;
        config.check()?;
        let reader = Reader {
            tensors: &tensors,
            config: &config,
        };
        let (hidden, positions) = (config.hidden, config.max_position);
        let head = |(name, head): (&String, &HeadConfig)| {
            Ok((name.clone(), Head::load(&tensors, hidden, name, head.clone())?))
        };
        Ok(Self {
            id: tensors.id().to_owned(),
            hidden,
            heads: config.attention_heads,
            positions: tensors.f32("positions", &[positions, hidden])?,
            max_position: positions,
            norm: reader.norm("ln")?,
            layers: (0..config.layers)
                .map(|i| reader.layer(i))
                .collect::<Result<_, _>>()?,
            outputs: config
                .heads
                .iter()
                .map(head)
                .collect::<Result<_, EncoderError>>()?,
        })
    }
}

impl Config {
    fn check(&self) -> Result<(), EncoderError> {
        let sizes = [self.hidden, self.ff, self.max_position];
        let reason = if sizes.iter().any(|s| !(2..=MAX_SIZE).contains(s)) || self.layers > MAX_LAYERS {
            "a size is out of range"
        } else if !self.hidden.is_multiple_of(32) || !self.ff.is_multiple_of(8) {
            "hidden must be a multiple of 32, ff of 8"
        } else if self.attention_heads == 0 || !self.hidden.is_multiple_of(self.attention_heads * COLUMNS) {
            "hidden must be a multiple of 16 for each attention head"
        } else if !(self.eps > 0.0 && self.eps < 1.0) {
            "eps is not a small positive number"
        } else {
            return Ok(());
        };
        Err(EncoderError::Config(reason.to_owned()))
    }
}

impl<'b> Reader<'_, 'b> {
    fn layer(&self, i: usize) -> Result<Layer, EncoderError> {
        let (hidden, ff) = (self.config.hidden, self.config.ff);
        let matrix = |name: &str, outputs, inputs| self.matrix(&format!("l{i}.{name}"), outputs, inputs);
        let mut queries = matrix("q", hidden, hidden)?;
        let root = ((hidden / self.config.attention_heads) as f32).sqrt();
        queries
            .scale
            .iter_mut()
            .chain(&mut queries.bias)
            .for_each(|v| *v /= root);
        let projection = [
            queries,
            matrix("k", hidden, hidden)?,
            matrix("v", hidden, hidden)?,
        ];
        Ok(Layer {
            projection: Linear::pack(hidden, &projection),
            out: Linear::pack(hidden, &[matrix("o", hidden, hidden)?]),
            out_norm: self.norm(&format!("l{i}.ln1"))?,
            ff,
            inner: Linear::pack(hidden, &[matrix("fi", ff, hidden)?]),
            outer: Linear::pack(ff, &[matrix("fo", hidden, ff)?]),
            outer_norm: self.norm(&format!("l{i}.ln2"))?,
        })
    }

    fn matrix(&self, name: &str, outputs: usize, inputs: usize) -> Result<Matrix<'b>, EncoderError> {
        Ok(Matrix {
            weights: self
                .tensors
                .bytes(&format!("{name}.w"), Dtype::I8, &[outputs, inputs])?,
            scale: self.tensors.f32(&format!("{name}.s"), &[outputs])?,
            bias: self.tensors.f32(&format!("{name}.b"), &[outputs])?,
        })
    }

    fn norm(&self, name: &str) -> Result<Norm, EncoderError> {
        Ok(Norm {
            weight: self.tensors.f32(&format!("{name}.w"), &[self.config.hidden])?,
            bias: self.tensors.f32(&format!("{name}.b"), &[self.config.hidden])?,
            epsilon: self.config.eps,
        })
    }
}
