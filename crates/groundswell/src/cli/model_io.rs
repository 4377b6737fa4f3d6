//! What `classify` and `evaluate` share: rows of posts, and models found by task.

use super::lines::{self, Line, Lines};
use super::own::{Own, WEIGHTS};
use crate::scoring::onnx::Onnx;
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use models::linear::argmax;
use models::{
    Ask, Classifier, Language, Models, Reader, SENTIMENT_LABELS, Said, Scratch, TASKS, UNDETERMINED,
};
use serde::Deserialize;
use std::path::Path;
use text::Tokens;

/// Rows that are answered together.
pub(super) const BATCH: usize = 256;
/// Probability of the fast tier's label from which on `auto` does not ask the full tier.
pub(super) const SURE: f32 = 0.85;

/// One line: a post to classify, or a labelled one.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Row {
    #[serde(alias = "uid")]
    pub(crate) id: Option<serde_json::Value>,
    pub(crate) text: String,
    pub(crate) lang: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) set: Option<String>,
    /// The name toward which sentiment is asked.
    pub(crate) target: Option<String>,
    /// Several of them.
    #[serde(default)]
    pub(crate) targets: Vec<String>,
}

/// Which models answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Tier {
    /// The fast models.
    Fast,
    /// The encoder, together with the fast models.
    Full,
    /// The fast models where they are sure, both elsewhere.
    Auto,
}

/// What a model says of a row.
pub(crate) struct Answered {
    /// Place of the row in the batch.
    pub(crate) row: usize,
    /// Toward whom, where that was asked.
    pub(crate) target: Option<String>,
    /// A probability per label.
    pub(crate) probabilities: Vec<f32>,
    /// Place of the label among the model's.
    pub(crate) label: usize,
    /// The language scored in.
    pub(crate) lang: String,
    /// Whether the model does not stand by it: a language it was not trained on, or nothing to go by.
    pub(crate) abstained: bool,
    /// Name and version of what answered.
    pub(crate) model: String,
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
    /// One of the tasks that come with the program.
    Built(Box<Models>, Built),
    Language(Box<Language>),
    /// The second identifies the language of posts that do not say theirs.
    Classifier(Box<Classifier>, Box<Language>),
    /// A classifier of one's own.
    Own(Box<Own>),
    /// One as ONNX; the second identifies the language of posts that do not say theirs.
    Onnx(Box<Onnx>, Box<Language>),
}

/// A task that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Built {
    Sentiment,
    Target,
    /// By its place in [`TASKS`].
    Other(usize),
}

impl Model {
    /// The built-in model of a task, or the one in `DIR/TASK/` or `DIR/`: `weights.gsc` of a classifier of one's own, else
    /// `model.onnx` with its card and tokenizer, else `weights.gsm`.
    pub(crate) fn find(task: &str, directory: Option<&Path>) -> Result<Self> {
        let places = directory.map(|d| [d.join(task).join(WEIGHTS), d.join(WEIGHTS)]);
        if let Some(path) = places.iter().flatten().find(|p| p.exists()) {
            let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let own = Own::load(&bytes).with_context(|| path.display().to_string())?;
            return Ok(Self {
                labels: own.model.labels().to_vec(),
                kind: Kind::Own(Box::new(own)),
            });
        }
        let places = directory.map(|d| [d.join(task), d.to_owned()]);
        if let Some(folder) = places.iter().flatten().find(|p| p.join("model.onnx").exists()) {
            let onnx = Onnx::load(folder)?;
            return Ok(Self {
                labels: onnx.card().labels.clone(),
                kind: Kind::Onnx(
                    Box::new(onnx),
                    Box::new(Language::load(&crate::weights::language()?)?),
                ),
            });
        }
        let places = directory.map(|d| [d.join(task).join("weights.gsm"), d.join("weights.gsm")]);
        if let Some(path) = places.iter().flatten().find(|p| p.exists()) {
            let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            return Self::load(task, &bytes).with_context(|| path.display().to_string());
        }
        if let Some(d) = directory {
            bail!("no model for task {task} in {}", d.display());
        }
        if task == "language" {
            return Self::load(task, &crate::weights::language()?);
        }
        let other = TASKS.iter().position(|(name, _)| *name == task);
        let (built, labels): (Built, &[&str]) = match (task, other) {
            ("sentiment", _) => (Built::Sentiment, &SENTIMENT_LABELS),
            ("target", _) => (Built::Target, &SENTIMENT_LABELS),
            (_, Some(i)) => (Built::Other(i), TASKS[i].1),
            _ => bail!("no built-in model for task {task}; name the folder of a trained one with --models"),
        };
        Ok(Self {
            labels: labels.iter().map(|l| (*l).to_owned()).collect(),
            kind: Kind::Built(Box::new(crate::weights::embedded()?), built),
        })
    }

    /// Reads weights.
    pub(crate) fn load(task: &str, bytes: &[u8]) -> Result<Self> {
        if task == "language" {
            let language = Language::load(bytes)?;
            let known = language.languages().into_iter().chain([UNDETERMINED]);
            return Ok(Self {
                labels: known.map(str::to_owned).collect(),
                kind: Kind::Language(Box::new(language)),
            });
        }
        let classifier = Classifier::load(bytes)?;
        let language = Language::load(&crate::weights::language()?)?;
        Ok(Self {
            labels: classifier.labels().to_vec(),
            kind: Kind::Classifier(Box::new(classifier), Box::new(language)),
        })
    }

    /// Name and version of the model that answers most.
    pub(crate) fn id(&self) -> &str {
        match &self.kind {
            Kind::Built(models, _) => models.panel.id(),
            Kind::Language(l) => l.id(),
            Kind::Classifier(c, _) => c.id(),
            Kind::Own(own) => own.model.id(),
            Kind::Onnx(onnx, _) => &onnx.card().id,
        }
    }

    /// The labels it can give.
    pub(crate) fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Something to ask it with, which keeps its buffers.
    pub(crate) fn asker(&self, tier: Tier) -> Asker<'_> {
        let reader = match &self.kind {
            Kind::Built(models, _) => Some(Reader::new(models)),
            Kind::Own(own) => Some(Reader::new(&own.models)),
            _ => None,
        };
        Asker {
            model: self,
            tier,
            reader,
            tokens: Tokens::new(),
            scratch: Scratch::new(),
        }
    }
}

/// Asks a model.
pub(crate) struct Asker<'m> {
    model: &'m Model,
    tier: Tier,
    reader: Option<Reader<'m>>,
    tokens: Tokens,
    scratch: Scratch,
}

impl Asker<'_> {
    /// Answers a batch, one answer per row and target, in their order. `with_lang`: whether the language a row claims is
    /// believed.
    pub(crate) fn answer(&mut self, rows: &[Row], with_lang: bool) -> Result<Vec<Answered>> {
        Ok(match &self.model.kind {
            Kind::Built(models, task) => self.built(models, *task, rows, with_lang),
            Kind::Own(own) => match &mut self.reader {
                Some(reader) => own.answer(self.tier, rows, reader, with_lang),
                None => Vec::new(),
            },
            Kind::Onnx(onnx, language) => self.onnx(onnx, language, rows, with_lang)?,
            _ => (0..rows.len()).map(|i| self.one(rows, i, with_lang)).collect(),
        })
    }

    fn onnx(
        &mut self,
        onnx: &Onnx,
        language: &Language,
        rows: &[Row],
        with_lang: bool,
    ) -> Result<Vec<Answered>> {
        let texts: Vec<&str> = rows.iter().map(|r| r.text.as_str()).collect();
        let mut out = Vec::with_capacity(rows.len());
        for (row, probabilities) in onnx.probabilities(&texts)?.into_iter().enumerate() {
            self.tokens.read(&rows[row].text);
            let claimed = rows[row].lang.as_deref().filter(|_| with_lang);
            let identified = || language.identify(&self.tokens, &mut self.scratch).lang;
            let lang = claimed.unwrap_or_else(identified).to_owned();
            let languages = &onnx.card().languages;
            out.push(Answered {
                row,
                target: None,
                label: argmax(&probabilities),
                probabilities,
                abstained: !languages.is_empty() && !languages.contains(&lang),
                lang,
                model: onnx.card().id.clone(),
            });
        }
        Ok(out)
    }

    fn built(&mut self, models: &Models, task: Built, rows: &[Row], with_lang: bool) -> Vec<Answered> {
        let Some(reader) = &mut self.reader else {
            return Vec::new();
        };
        let asks: Vec<Ask<'_>> = rows
            .iter()
            .map(|row| {
                let claimed = row.lang.as_deref().filter(|_| with_lang);
                let lang = claimed.unwrap_or_else(|| reader.language(&row.text));
                self.tokens.read(&row.text);
                Ask {
                    text: (&row.text).into(),
                    lang: lang.to_owned().into(),
                    targets: names(row)
                        .map(|n| models::target::find(&row.text, &self.tokens, n))
                        .collect(),
                    words: false,
                }
            })
            .collect();
        let mut said: Vec<Said> = asks.iter().map(|a| reader.fast(a)).collect();
        let sure = |s: &Said| answers(s, task).iter().all(|(p, _)| p[argmax(p)] >= SURE);
        let ask_full = |s: &Said| match self.tier {
            Tier::Fast => false,
            Tier::Full => true,
            Tier::Auto => !sure(s),
        };
        let chosen: Vec<usize> = (0..said.len()).filter(|&i| ask_full(&said[i])).collect();
        let some: Vec<&Ask<'_>> = chosen.iter().map(|&i| &asks[i]).collect();
        let fast: Vec<&Said> = chosen.iter().map(|&i| &said[i]).collect();
        let full = reader.full(&some, &fast);
        for (i, answer) in chosen.into_iter().zip(full) {
            said[i] = answer;
        }
        let mut out = Vec::new();
        for (row, (said, ask)) in said.iter().zip(&asks).enumerate() {
            let model = match (said.tier, &models.encoder) {
                (models::Tier::Full, Some(encoder)) => encoder.id(),
                _ => models.panel.id(),
            };
            let targets = names(&rows[row]).map(|n| Some(n.to_owned()));
            let targets = targets.chain(std::iter::repeat(None));
            for ((probabilities, abstained), target) in answers(said, task).into_iter().zip(targets) {
                out.push(Answered {
                    row,
                    target: target.filter(|_| task == Built::Target),
                    label: argmax(&probabilities),
                    probabilities,
                    lang: ask.lang.clone().into_owned(),
                    abstained,
                    model: model.to_owned(),
                });
            }
        }
        out
    }

    fn one(&mut self, rows: &[Row], row: usize, with_lang: bool) -> Answered {
        let Self {
            model,
            tokens,
            scratch,
            ..
        } = self;
        tokens.read(&rows[row].text);
        let mut out = Vec::new();
        let (label, lang, abstained) = match &model.kind {
            Kind::Classifier(c, language) => {
                let claimed = rows[row].lang.as_deref().filter(|_| with_lang);
                let lang = claimed.unwrap_or_else(|| language.identify(tokens, scratch).lang);
                out.extend_from_slice(c.probabilities(tokens, Some(lang), scratch));
                (argmax(&out), lang.to_owned(), !c.answers(tokens, lang))
            }
            Kind::Language(l) => {
                let place = |code: &str| model.labels.iter().position(|l| l == code).unwrap_or_default();
                out.resize(model.labels.len(), 0.0);
                for (code, p) in l.ranking(tokens, scratch) {
                    out[place(code)] = p;
                }
                let lang = l.identify(tokens, scratch).lang;
                (place(lang), lang.to_owned(), lang == UNDETERMINED)
            }
            Kind::Built(..) | Kind::Own(_) | Kind::Onnx(..) => (0, String::new(), true),
        };
        Answered {
            row,
            target: None,
            probabilities: out,
            label,
            lang,
            abstained,
            model: model.id().to_owned(),
        }
    }
}

/// The names a row asks about.
fn names(row: &Row) -> impl Iterator<Item = &str> {
    row.target.iter().chain(&row.targets).map(String::as_str)
}

/// The probabilities of a task, once for each target, and whether the model abstains. A target the text does not name is
/// answered with the whole post's sentiment.
fn answers(said: &Said, task: Built) -> Vec<(Vec<f32>, bool)> {
    let even = |n: usize| (vec![1.0 / n as f32; n], true);
    let score = |s: Option<models::Score>| s.map_or_else(|| even(3), |s| (s.probabilities.to_vec(), false));
    match task {
        Built::Sentiment => vec![score(said.sentiment)],
        Built::Target if said.toward.is_empty() => vec![score(said.sentiment)],
        Built::Target => said.toward.iter().map(|s| score(s.or(said.sentiment))).collect(),
        Built::Other(i) => match said.tasks[i].as_slice() {
            [] => vec![even(TASKS[i].1.len())],
            p => vec![(p.to_vec(), false)],
        },
    }
}
