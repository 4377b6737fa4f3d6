//! All models together: what is asked of a post, and what they say of it.
//!
//! Two tiers answer the same questions. The *fast* tier is the [`Panel`], for every post; the *full* tier is the
//! [`Encoder`], for those the caller sends it. Where both read a post, their probabilities are averaged: they err
//! differently. Every answer names the tier that gave it.

mod reader;

pub use reader::Reader;

use crate::encoder::{Encoder, EncoderError};
use crate::error::ModelError;
use crate::language::Language;
use crate::linear::argmax;
use crate::panel::Panel;
use crate::sentiment::{Polarity, Score};
use std::borrow::Cow;
use std::ops::Range;

/// The tasks besides sentiment, with their labels. The label worth saying of those with two is the second.
pub const TASKS: [(&str, &[&str]); 4] = [
    ("emotion", &["anger", "joy", "optimism", "sadness"]),
    ("offensive", &["not-offensive", "offensive"]),
    ("irony", &["literal", "irony"]),
    ("complaint", &["none", "complaint"]),
];
/// Probability from which on the second of two labels is said.
const FLAGGED: f32 = 0.5;
/// Probability from which on an emotion is said of a post that is not neutral.
const FELT: f32 = 0.4;

/// Every model the program comes with.
#[derive(Debug)]
pub struct Models {
    /// Language identification.
    pub language: Language,
    /// The fast tier.
    pub panel: Panel,
    /// The full tier, where there is one.
    pub encoder: Option<Encoder>,
}

/// Why models could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The fast tier or language.
    #[error(transparent)]
    Fast(#[from] ModelError),
    /// The full tier.
    #[error(transparent)]
    Full(#[from] EncoderError),
}

/// The bytes of a file, lent by the program or owned.
pub type FileBytes = Cow<'static, [u8]>;

/// The files of the models.
pub struct Files {
    /// Language identification.
    pub language: FileBytes,
    /// The panel.
    pub panel: FileBytes,
    /// The encoder's vocabulary and weights.
    pub encoder: Option<(FileBytes, FileBytes)>,
}

impl Models {
    /// Reads all files.
    pub fn load(files: Files) -> Result<Self, LoadError> {
        let encoder = files
            .encoder
            .map(|(vocabulary, weights)| Encoder::load(vocabulary, &weights));
        Ok(Self {
            language: Language::load(&files.language)?,
            panel: Panel::load(&files.panel)?,
            encoder: encoder.transpose()?,
        })
    }
}

/// Which tier gave an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// The panel alone.
    Fast,
    /// The encoder, averaged with the panel.
    Full,
}

/// A post of which something is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask<'t> {
    /// Its title and text, as one.
    pub text: Cow<'t, str>,
    /// Its language (ISO 639), or `und`.
    pub lang: Cow<'t, str>,
    /// Toward whom: the places of each target in the text, in bytes. A target without a place has no answer of its own.
    pub targets: Vec<Vec<Range<usize>>>,
}

/// What the models say of a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// Which tier.
    pub tier: Tier,
    /// The sentiment of the post; `None` where no model stands by one.
    pub sentiment: Option<Score>,
    /// The sentiment toward each target, in the order asked; `None` where it has no place in the text, or no model
    /// stands by it.
    pub toward: Vec<Option<Score>>,
    /// The probability of each label of the other tasks, in the order of [`TASKS`]; empty where no model stands by one.
    pub tasks: [Vec<f32>; TASKS.len()],
    /// What classifiers of one's own read of the encoder ([`crate::custom::states`]); empty where it did not read the post,
    /// or nobody asked for it ([`Reader::keep_states`]).
    pub states: Vec<f32>,
}

/// A label of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// The task.
    pub task: &'static str,
    /// The label.
    pub label: &'static str,
    /// Its calibrated probability.
    pub probability: f32,
}

impl Said {
    fn new(tier: Tier) -> Self {
        Self {
            tier,
            sentiment: None,
            toward: Vec::new(),
            tasks: Default::default(),
            states: Vec::new(),
        }
    }

    /// What is worth saying of the other tasks. An emotion is said of posts that are not neutral: the models were trained
    /// on posts that all have one.
    pub fn labels(&self) -> Vec<Label> {
        let neutral = self.sentiment.is_none_or(|s| s.label == Polarity::Neutral);
        let mut out = Vec::new();
        for ((task, labels), p) in TASKS.iter().zip(&self.tasks) {
            let (best, least) = match (p.as_slice(), labels.len()) {
                ([], _) => continue,
                (_, 2) => (1, FLAGGED),
                _ if neutral => continue,
                (p, _) => (argmax(p), FELT),
            };
            if p[best] >= least {
                out.push(Label {
                    task,
                    label: labels[best],
                    probability: p[best],
                });
            }
        }
        out
    }

    /// How sure the least sure of its sentiments is; `None` where there is none.
    pub fn confidence(&self) -> Option<f32> {
        let toward = self.toward.iter().flatten();
        toward
            .chain(&self.sentiment)
            .map(Score::confidence)
            .min_by(f32::total_cmp)
    }
}
