//! All models together: what is asked of a post, and what they say of it.
//!
//! Two tiers answer the same questions. The *fast* tier is the [`Panel`], for every post; the *full* tier is the
//! [`Encoder`], for those the caller sends it. Where both read a post, their answers are pooled
//! ([`crate::blend`]): they err differently. Every answer names the tier that gave it.

mod reader;

pub use reader::Reader;
pub(crate) use reader::score;

use crate::artefact::Artefact;
use crate::aspects::Aspect;
use crate::blend::{Blend, Weights};
use crate::encoder::{Encoder, EncoderError};
use crate::entities::Entity;
use crate::error::ModelError;
use crate::hashtags::Hashtags;
use crate::language::Language;
use crate::linear::argmax;
use crate::panel::Panel;
use crate::phrases::Phrase;
use crate::sentiment::{Polarity, Score};
use std::borrow::Cow;
use std::ops::Range;

/// The tasks besides sentiment, with their labels. The label worth saying of those with two is the second.
pub const TASKS: [(&str, &[&str]); 7] = [
    ("emotion", &["anger", "joy", "optimism", "sadness"]),
    ("offensive", &["not-offensive", "offensive"]),
    ("irony", &["literal", "irony"]),
    ("complaint", &["none", "complaint"]),
    (
        "intent",
        &[
            "complaint",
            "question",
            "praise",
            "purchase",
            "suggestion",
            "promotion",
            "news",
            "other",
        ],
    ),
    ("spam", &["none", "spam"]),
    (
        "reason",
        &[
            "delay",
            "cancellation",
            "service",
            "price",
            "quality",
            "delivery",
            "outage",
            "refund",
            "staff",
            "other",
        ],
    ),
];
/// Probability from which on the second of two labels is said.
const FLAGGED: f32 = 0.5;
/// Probability from which on one of many labels is said.
const LIKELY: f32 = 0.4;

/// Every model the program comes with.
#[derive(Debug)]
pub struct Models {
    /// Language identification.
    pub language: Language,
    /// The fast tier.
    pub panel: Panel,
    /// The full tier, where there is one.
    pub encoder: Option<Encoder>,
    /// How the answers of both are pooled.
    pub blend: Blend,
    /// The words of hashtags, where there is a table of them.
    pub hashtags: Option<Hashtags>,
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
    /// How the answers of both tiers are pooled; without it as [`Blend::default`] says.
    pub blend: Option<FileBytes>,
    /// The table of hashtags.
    pub hashtags: Option<FileBytes>,
}

impl Models {
    /// Reads all files.
    pub fn load(files: Files) -> Result<Self, LoadError> {
        let blend = files.blend.as_ref().map(|blend| {
            let encoder = files
                .encoder
                .as_ref()
                .map(|(_, weights)| Artefact::checksum(weights));
            let weights = Weights {
                panel: &Artefact::checksum(&files.panel),
                encoder: encoder.as_deref().unwrap_or_default(),
            };
            Blend::load(blend, weights)
        });
        let encoder = files
            .encoder
            .map(|(vocabulary, weights)| Encoder::load(vocabulary, &weights));
        Ok(Self {
            language: Language::load(&files.language)?,
            panel: Panel::load(&files.panel)?,
            encoder: encoder.transpose()?,
            blend: blend.transpose()?.unwrap_or_default(),
            hashtags: files.hashtags.map(|f| Hashtags::load(&f)).transpose()?,
        })
    }
}

/// Which tier gave an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tier {
    /// The panel alone.
    Fast,
    /// The encoder, pooled with the panel.
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
    /// Whether its entities, aspects, phrases and hashtags are asked for.
    pub words: bool,
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
    /// The entities, in the order of the text: those on the reader's list, and in the full tier those the encoder finds.
    pub entities: Vec<Entity>,
    /// What is said of which aspect; the full tier alone has them.
    pub aspects: Vec<Aspect>,
    /// The key phrases, best first.
    pub phrases: Vec<Phrase>,
    /// The words of each hashtag, once each, in the order of the text: `fresh coffee now`.
    pub hashtags: Vec<String>,
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
            entities: Vec::new(),
            aspects: Vec::new(),
            phrases: Vec::new(),
            hashtags: Vec::new(),
        }
    }

    /// What is worth saying of the other tasks. An emotion is said of posts that are not neutral, and a reason of
    /// complaints: the models were trained on posts that all have one.
    pub fn labels(&self) -> Vec<Label> {
        let neutral = self.sentiment.is_none_or(|s| s.label == Polarity::Neutral);
        let complains = self
            .likeliest("complaint")
            .is_some_and(|l| l.probability >= FLAGGED)
            || self.likeliest("intent").is_some_and(|l| l.label == "complaint");
        TASKS
            .iter()
            .filter_map(|(task, labels)| {
                let label = self.likeliest(task)?;
                let said = match *task {
                    _ if labels.len() == 2 => label.probability >= FLAGGED,
                    "emotion" => !neutral && label.probability >= LIKELY,
                    "reason" => complains && label.probability >= LIKELY,
                    _ => label.label != "other" && label.probability >= LIKELY,
                };
                said.then_some(label)
            })
            .collect()
    }

    /// The likeliest label of a task, or the second of two; `None` where no model stands by one.
    fn likeliest(&self, task: &str) -> Option<Label> {
        let at = TASKS.iter().position(|(name, _)| *name == task)?;
        let ((task, labels), p) = (TASKS[at], &self.tasks[at]);
        let best = if labels.len() == 2 { 1 } else { argmax(p) };
        Some(Label {
            task,
            label: labels.get(best)?,
            probability: *p.get(best)?,
        })
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
