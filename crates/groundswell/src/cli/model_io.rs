//! What `classify`, `evaluate` and `train` share: rows of posts, and models found by task.

use super::lines::{self, Line, Lines};
use anyhow::{Context, Result, bail};
use models::linear::argmax;
use models::{Classifier, Language, Scratch, UNDETERMINED};
use serde::Deserialize;
use std::path::Path;
use text::Tokens;

/// One line: a post to classify, or a labelled one.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Row {
    #[serde(alias = "uid")]
    pub(crate) id: Option<serde_json::Value>,
    pub(crate) text: String,
    pub(crate) lang: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) set: Option<String>,
}

/// Calls `each` with every row of the files (`-` or none is standard input) and returns how many lines were refused.
/// A refused line is reported on standard error with its file, number and reason.
pub(crate) fn rows(files: &[String], mut each: impl FnMut(Row) -> Result<()>) -> Result<usize> {
    let standard = ["-".to_owned()];
    let files = if files.is_empty() { &standard } else { files };
    let mut refused = 0;
    for name in files {
        let path = Path::new(name);
        for line in Lines::new(lines::open(path)?) {
            let Line { number, bytes } = line.with_context(|| format!("cannot read {name}"))?;
            let row = bytes
                .map_err(anyhow::Error::from)
                .and_then(|b| Ok(serde_json::from_slice(&b)?));
            match row {
                Ok(row) => each(row)?,
                Err(e) => {
                    eprintln!("{}:{number}: {e}", lines::shown(path));
                    refused += 1;
                }
            }
        }
    }
    Ok(refused)
}

/// A model for a task.
pub(crate) struct Model {
    labels: Vec<String>,
    kind: Kind,
}

enum Kind {
    Language(Language),
    /// The second identifies the language of posts that do not say theirs.
    Classifier(Box<Classifier>, Option<Box<Language>>),
}

/// What a model says of one post, besides the probabilities.
pub(crate) struct Said {
    /// Place of the label among the model's.
    pub(crate) label: usize,
    /// The language scored in.
    pub(crate) lang: String,
    /// Whether the model does not stand by it: a language it was not trained on, or nothing to go by.
    pub(crate) abstained: bool,
}

impl Model {
    /// The built-in model of a task, or the one in `DIR/TASK/weights.gsm` or `DIR/weights.gsm`.
    pub(crate) fn find(task: &str, directory: Option<&Path>) -> Result<Self> {
        let places = directory.map(|d| [d.join(task).join("weights.gsm"), d.join("weights.gsm")]);
        if let Some(path) = places.iter().flatten().find(|p| p.exists()) {
            let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let language = Language::load(crate::weights::LANGUAGE)?;
            return Self::load(task, &bytes, Some(language)).with_context(|| path.display().to_string());
        }
        match (task, directory) {
            ("language", None) => Self::load(task, crate::weights::LANGUAGE, None),
            ("sentiment", None) => Self::load(
                task,
                crate::weights::SENTIMENT,
                Some(Language::load(crate::weights::LANGUAGE)?),
            ),
            (_, Some(d)) => bail!("no model for task {task} in {}", d.display()),
            _ => bail!("no built-in model for task {task}; name the folder of a trained one with --models"),
        }
    }

    /// Reads weights; `language` identifies the language of posts for a classifier.
    pub(crate) fn load(task: &str, bytes: &[u8], language: Option<Language>) -> Result<Self> {
        if task == "language" {
            let language = Language::load(bytes)?;
            let labels = language
                .languages()
                .into_iter()
                .chain([UNDETERMINED])
                .map(str::to_owned)
                .collect();
            return Ok(Self {
                labels,
                kind: Kind::Language(language),
            });
        }
        let classifier = Classifier::load(bytes)?;
        let labels = classifier.labels().to_vec();
        Ok(Self {
            labels,
            kind: Kind::Classifier(Box::new(classifier), language.map(Box::new)),
        })
    }

    /// Name and version.
    pub(crate) fn id(&self) -> &str {
        match &self.kind {
            Kind::Language(l) => l.id(),
            Kind::Classifier(c, _) => c.id(),
        }
    }

    /// The labels it can give.
    pub(crate) fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Classifies a post. `lang` is what the caller knows of its language; `out` gets a probability per label.
    pub(crate) fn say(
        &self,
        tokens: &Tokens,
        lang: Option<&str>,
        scratch: &mut Scratch,
        out: &mut Vec<f32>,
    ) -> Said {
        out.clear();
        match &self.kind {
            Kind::Language(l) => {
                let place = |code: &str| self.labels.iter().position(|l| l == code).unwrap_or_default();
                out.resize(self.labels.len(), 0.0);
                for (code, p) in l.ranking(tokens, scratch) {
                    out[place(code)] = p;
                }
                let lang = l.identify(tokens, scratch).lang;
                Said {
                    label: place(lang),
                    lang: lang.to_owned(),
                    abstained: lang == UNDETERMINED,
                }
            }
            Kind::Classifier(c, language) => {
                let identify = || language.as_ref().map(|l| l.identify(tokens, scratch).lang);
                let lang = lang.or_else(identify).unwrap_or(UNDETERMINED);
                out.extend_from_slice(c.probabilities(tokens, Some(lang), scratch));
                let abstained = !c.answers(tokens, lang);
                Said {
                    label: argmax(out),
                    lang: lang.to_owned(),
                    abstained,
                }
            }
        }
    }
}
