//! What both tiers say of a post as one answer, whose probability means what it says.
//!
//! The tiers err differently, and how far each is to be trusted differs by task and language. Their answers are pooled on
//! a logarithmic scale: before softmax, label k has the value `full · ln p_k + fast · ln q_k + bias_k`, `p` being the full
//! tier's probabilities and `q` the fast one's (a logarithmic opinion pool: Genest and Zidek 1986, "Combining probability
//! distributions"). Of one tier alone and without biases that is its temperature (Guo and others 2017). The numbers are
//! learnt from development posts ([`fit`]), and kept in a file that names the weights it was learnt for.

mod file;
pub mod fit;

pub use file::Weights;

use crate::linear::softmax;
use crate::suite::TASKS;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Probabilities below this count as this much: a logarithm has to end somewhere.
const LEAST: f32 = 1e-6;

/// How answers are pooled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mix {
    /// The weight of the full tier's logarithm; 0 or more.
    pub full: f32,
    /// The weight of the fast tier's; 0 or more.
    pub fast: f32,
    /// Added to the value of each label; empty for nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bias: Vec<f32>,
}

impl Mix {
    /// The weights alone.
    pub const fn of(full: f32, fast: f32) -> Self {
        Self {
            full,
            fast,
            bias: Vec::new(),
        }
    }

    /// Writes the pooled probabilities into `out`, which it empties first. An answer that is empty has no say.
    pub fn apply(&self, full: &[f32], fast: &[f32], out: &mut Vec<f32>) {
        let n = full.len().max(fast.len());
        let log = |p: &[f32], k: usize| p.get(k).map_or(0.0, |p| p.max(LEAST).ln());
        let value = |k: usize| {
            let bias = self.bias.get(k).copied().unwrap_or(0.0);
            self.full * log(full, k) + self.fast * log(fast, k) + bias
        };
        let values: Vec<f32> = (0..n).map(value).collect();
        softmax(&values, 1.0, out);
    }

    fn is_valid(&self, labels: usize) -> bool {
        let weights = [self.full, self.fast];
        let fits = self.bias.is_empty() || self.bias.len() == labels;
        fits && weights.iter().all(|w| *w >= 0.0) && weights.iter().chain(&self.bias).all(|v| v.is_finite())
    }
}

/// The mixes of a task: of all languages, and of those that had posts enough to learn from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ByLang {
    /// Of languages without their own.
    pub all: Mix,
    /// By language (ISO 639).
    #[serde(default)]
    pub by_lang: BTreeMap<String, Mix>,
}

impl ByLang {
    const fn of(mix: Mix) -> Self {
        Self {
            all: mix,
            by_lang: BTreeMap::new(),
        }
    }

    fn get(&self, lang: &str) -> &Mix {
        self.by_lang.get(lang).unwrap_or(&self.all)
    }
}

/// How the answers to one task are pooled, by which tiers gave one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskBlend {
    /// The fast tier alone.
    pub fast: ByLang,
    /// The full tier alone, the fast one abstaining.
    pub full: ByLang,
    /// Both, the fast one's answer being that of `fast`.
    pub both: ByLang,
}

impl Default for TaskBlend {
    /// Each tier as it is; both weighed by what did best before there was anything to learn from.
    fn default() -> Self {
        Self {
            fast: ByLang::of(Mix::of(0.0, 1.0)),
            full: ByLang::of(Mix::of(1.0, 0.0)),
            both: ByLang::of(Mix::of(0.7, 0.3)),
        }
    }
}

impl TaskBlend {
    /// Writes the answer of the fast tier alone to a post in `lang` into `out`, which it empties first.
    pub fn fast(&self, lang: &str, fast: &[f32], out: &mut Vec<f32>) {
        self.fast.get(lang).apply(&[], fast, out);
    }

    /// The same of both tiers. `fast` is what [`TaskBlend::fast`] made of the fast tier's answer, empty where it abstains.
    pub fn full(&self, lang: &str, full: &[f32], fast: &[f32], out: &mut Vec<f32>) {
        let by_lang = if fast.is_empty() { &self.full } else { &self.both };
        by_lang.get(lang).apply(full, fast, out);
    }

    fn is_valid(&self, labels: usize) -> bool {
        [&self.fast, &self.full, &self.both]
            .into_iter()
            .all(|b| b.by_lang.values().chain([&b.all]).all(|m| m.is_valid(labels)))
    }
}

/// What can be asked of the models: the sentiment of the post, that toward a target, or one of [`TASKS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question(usize);

impl Question {
    /// The sentiment of the post.
    pub const SENTIMENT: Self = Self(0);
    /// The sentiment toward a target.
    pub const TARGET: Self = Self(1);
    /// How many there are.
    const COUNT: usize = 2 + TASKS.len();

    /// The task at this place of [`TASKS`].
    pub(crate) const fn task(place: usize) -> Self {
        Self(2 + place)
    }

    /// Its place among [`TASKS`]; `None` for sentiment.
    pub fn place(self) -> Option<usize> {
        self.0.checked_sub(2)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }

    /// Its name, as cards and files have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SENTIMENT => "sentiment",
            Self::TARGET => "target",
            Self(place) => TASKS[place - 2].0,
        }
    }

    /// The question of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|q| q.name() == name)
    }

    /// How many labels its answer has.
    pub fn labels(self) -> usize {
        match self {
            Self::SENTIMENT | Self::TARGET => 3,
            Self(place) => TASKS[place - 2].1.len(),
        }
    }
}

/// How the answers to all questions are pooled.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Blend {
    tasks: [TaskBlend; Question::COUNT],
}

impl Blend {
    /// How the answers to a question are pooled.
    pub fn of(&self, question: Question) -> &TaskBlend {
        &self.tasks[question.0]
    }

    /// Says how the answers to a question are pooled.
    pub fn set(&mut self, question: Question, blend: TaskBlend) {
        self.tasks[question.0] = blend;
    }
}
