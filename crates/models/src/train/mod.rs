//! The trainer: labelled texts in, artefact out. Deterministic for a seed.

mod data;
mod dual;
mod examples;
mod fit;

pub use data::{Labelled, Removed, deduplicate, split, text_key};
pub use dual::{Dual, Labels, Start};
pub use examples::Examples;
pub use fit::{Config, Progress};

use crate::artefact::{Artefact, Kind};
use crate::error::ModelError;
use crate::language::{Script, code, dominant, is_in};
use std::collections::{BTreeMap, BTreeSet};
use text::Tokens;

/// A language whose calibration asks for a higher temperature than this is not covered: on its validation texts the
/// decisions say next to nothing, and abstaining is more honest than an even guess.
const UNINFORMATIVE: f32 = 5.0;

/// Texts below which training is refused.
const FEWEST: usize = 10;

/// Trains a classifier named `id` (`sentiment@1`) with these labels, or with all that occur where `labels` is empty.
pub fn train_classifier(
    id: &str,
    labels: &[&str],
    train: &[Labelled],
    validation: &[Labelled],
    config: &Config,
    progress: &mut dyn FnMut(Progress),
) -> Result<Artefact, ModelError> {
    let present: BTreeSet<&str> = train.iter().map(|l| l.label.as_str()).collect();
    let labels: Vec<String> = match labels {
        [] => present.iter().map(|&l| l.to_owned()).collect(),
        given => given.iter().map(|&l| l.to_owned()).collect(),
    };
    check(train, &labels, &present)?;
    let languages: BTreeSet<String> = train.iter().filter_map(|l| l.lang.clone()).collect();
    let (train, validation) = (
        train.iter().collect::<Vec<_>>(),
        validation.iter().collect::<Vec<_>>(),
    );
    let head = fit::fit(
        task_of(id),
        &labels,
        &train,
        &validation,
        config,
        |_, _| true,
        progress,
    )?;
    let informative = |l: &String| {
        head.temperature_by_lang
            .get(l)
            .is_none_or(|t| *t <= UNINFORMATIVE)
    };
    let languages = languages.into_iter().filter(informative).collect();
    Ok(Artefact {
        kind: Kind::Classifier,
        id: id.to_owned(),
        languages,
        heads: vec![head],
    })
}

/// Trains language identification: a head for each script in which several languages of the data are written. A
/// label is a language code. Texts whose dominant script leaves one language need no training and are passed over.
pub fn train_language(
    id: &str,
    train: &[Labelled],
    validation: &[Labelled],
    config: impl Fn(Script) -> Config,
    progress: &mut dyn FnMut(Progress),
) -> Result<Artefact, ModelError> {
    if let Some(bad) = train.iter().chain(validation).find(|l| code(&l.label).is_none()) {
        return Err(ModelError::Data(format!(
            "{:?} is no language code known to this build",
            bad.label
        )));
    }
    let (train, validation) = (by_script(train), by_script(validation));
    let mut heads = Vec::new();
    for (script, texts) in train {
        // A language must be at home in the script: stray transliterations and quotes would make it a class.
        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        texts
            .iter()
            .for_each(|l| *sizes.entry(&l.label).or_default() += 1);
        let labels: Vec<String> = sizes
            .iter()
            .filter(|s| *s.1 >= 100)
            .map(|s| (*s.0).to_owned())
            .collect();
        if labels.is_empty() {
            continue;
        }
        let held = validation.get(&script).map(Vec::as_slice).unwrap_or_default();
        let keep = |tokens: &Tokens, t: &text::Token| is_in(tokens, t, script);
        heads.push(fit::fit(
            script.name(),
            &labels,
            &texts,
            held,
            &config(script),
            keep,
            progress,
        )?);
    }
    if heads.is_empty() {
        return Err(ModelError::Data(
            "no script has a language with 100 texts".to_owned(),
        ));
    }
    Ok(Artefact {
        kind: Kind::Language,
        id: id.to_owned(),
        languages: Vec::new(),
        heads,
    })
}

fn by_script(texts: &[Labelled]) -> BTreeMap<Script, Vec<&Labelled>> {
    let mut out: BTreeMap<Script, Vec<&Labelled>> = BTreeMap::new();
    let mut tokens = Tokens::new();
    for l in texts {
        tokens.read(&l.text);
        if let Some((script, _)) = dominant(&tokens)
            && script.only_language().is_none()
        {
            out.entry(script).or_default().push(l);
        }
    }
    out
}

fn check(train: &[Labelled], labels: &[String], present: &BTreeSet<&str>) -> Result<(), ModelError> {
    let known = train.iter().filter(|l| labels.contains(&l.label)).count();
    if known < FEWEST {
        return Err(ModelError::Data(format!(
            "{known} labelled texts, at least {FEWEST} are needed"
        )));
    }
    let found = labels.iter().filter(|l| present.contains(l.as_str())).count();
    if found < 2 {
        return Err(ModelError::Data(format!(
            "{found} class among the texts, at least 2 are needed"
        )));
    }
    Ok(())
}

/// `sentiment` of `sentiment@1`.
fn task_of(id: &str) -> &str {
    id.split('@').next().unwrap_or(id)
}
