//! Which language a post is in.
//!
//! The script is read first. Where it leaves one language, that is the answer; else a linear model of that script
//! decides between the languages written in it.

mod codes;
mod script;

pub use codes::{UNDETERMINED, code};
pub(crate) use script::is_in;
pub use script::{Script, dominant};

use crate::artefact::{Artefact, Head, Kind};
use crate::classifier::Scratch;
use crate::error::ModelError;
use crate::linear::{argmax, softmax};
use text::Tokens;

/// Confidence of an answer that the script alone gives, before the share of other scripts lowers it.
const BY_SCRIPT: f32 = 0.99;

/// An identified language.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Identified {
    /// ISO 639-1 code, or ISO 639-3 where there is none, or [`UNDETERMINED`].
    pub lang: &'static str,
    /// Calibrated probability that this is right; 0 for [`UNDETERMINED`].
    pub confidence: f32,
}

impl Identified {
    const NONE: Self = Self {
        lang: UNDETERMINED,
        confidence: 0.0,
    };
}

/// The language model.
#[derive(Debug, Clone)]
pub struct Language {
    id: String,
    heads: Vec<ScriptHead>,
}

#[derive(Debug, Clone)]
struct ScriptHead {
    script: Script,
    codes: Vec<&'static str>,
    head: Head,
}

impl Language {
    /// Reads an artefact.
    pub fn load(bytes: &[u8]) -> Result<Self, ModelError> {
        Self::new(Artefact::from_bytes(bytes)?)
    }

    pub(crate) fn new(artefact: Artefact) -> Result<Self, ModelError> {
        if artefact.kind != Kind::Language {
            return Err(ModelError::Kind {
                expected: "identifying languages",
                found: artefact.id,
            });
        }
        let heads = artefact
            .heads
            .into_iter()
            .map(ScriptHead::new)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            id: artefact.id,
            heads,
        })
    }

    /// Name and version: `language@1`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Every language it can answer, sorted.
    pub fn languages(&self) -> Vec<&'static str> {
        let by_model = self.heads.iter().flat_map(|h| h.codes.iter().copied());
        let mut all: Vec<_> = Script::ALL
            .into_iter()
            .filter_map(Script::only_language)
            .chain(by_model)
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The language of a post. [`UNDETERMINED`] where it has no letters outside handles and links, or letters of a
    /// script no model was trained for.
    pub fn identify(&self, tokens: &Tokens, scratch: &mut Scratch) -> Identified {
        let Some((script, share)) = dominant(tokens) else {
            return Identified::NONE;
        };
        if let Some(lang) = script.only_language() {
            return Identified {
                lang,
                confidence: BY_SCRIPT * share,
            };
        }
        let Some(head) = self.heads.iter().find(|h| h.script == script) else {
            return Identified::NONE;
        };
        head.identify(tokens, share, scratch)
    }

    /// The probability of each language of the post's script, likeliest first.
    pub fn ranking(&self, tokens: &Tokens, scratch: &mut Scratch) -> Vec<(&'static str, f32)> {
        let first = self.identify(tokens, scratch);
        let script = dominant(tokens).map(|d| d.0);
        let Some(head) = self.heads.iter().find(|h| Some(h.script) == script) else {
            return vec![(first.lang, first.confidence)];
        };
        let mut all: Vec<_> = head
            .codes
            .iter()
            .copied()
            .zip(scratch.probabilities.iter().copied())
            .collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all
    }
}

impl ScriptHead {
    fn new(head: Head) -> Result<Self, ModelError> {
        let unknown = |what: &str, name: &str| {
            ModelError::Header(format!("{what} {name:?} is not known to this build"))
        };
        let script = Script::ALL
            .into_iter()
            .find(|s| !s.name().is_empty() && s.name() == head.name);
        let script = script.ok_or_else(|| unknown("script", &head.name))?;
        let codes = head
            .labels
            .iter()
            .map(|l| code(l).ok_or_else(|| unknown("language", l)))
            .collect::<Result<_, _>>()?;
        Ok(Self { script, codes, head })
    }

    fn identify(&self, tokens: &Tokens, share: f32, scratch: &mut Scratch) -> Identified {
        let Scratch {
            features,
            sums,
            values,
            probabilities,
            ..
        } = scratch;
        let spec = self.head.linear.header().features;
        features.read_where(tokens, &spec, |t| is_in(tokens, t, self.script));
        if features.is_empty() {
            return Identified::NONE;
        }
        self.head.linear.decide(features, sums, values);
        softmax(values, self.head.temperature, probabilities);
        let best = argmax(probabilities);
        match self.codes.get(best) {
            Some(&lang) => Identified {
                lang,
                confidence: probabilities[best] * share,
            },
            None => Identified::NONE,
        }
    }
}
