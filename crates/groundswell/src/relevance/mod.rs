//! Relevance of each monitor's mentions: a small model per monitor that learns from what people judge.
//!
//! The engine is [`trends::relevance`]. Here are its data (judged and unjudged mentions of the store), its versions, the
//! pipeline's use of the one in force, and what is said of it: precision with its interval, refinements, drift.

mod apply;
mod artefact;
mod drift;
mod pool;
mod refine;
mod state;
mod train;

pub(crate) use apply::apply;
pub(crate) use artefact::{Artefact, Card};
pub(crate) use drift::{index, run};
pub(crate) use pool::{Pool, numbered};
pub(crate) use refine::refinements;
pub(crate) use state::{Standing, learned, standing};
pub(crate) use train::{due, train};

use crate::control::{Control, Error};
use arc_swap::ArcSwap;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Class;
use trends::relevance::Features;

/// The task of the labels.
pub const TASK: &str = "relevance";
/// What is meant.
pub const RELEVANT: &str = "relevant";
/// What is not.
pub const IRRELEVANT: &str = "irrelevant";

/// A model in force.
#[derive(Debug)]
pub struct Active {
    /// The monitor.
    pub monitor: String,
    /// Its project.
    pub project: String,
    /// The version.
    pub version: u32,
    /// Name and version as scores carry them.
    pub id: String,
    /// The probability from which on a mention is relevant.
    pub threshold: f64,
    /// Whether what is not relevant is left out where nobody asks for it.
    pub hide: bool,
    artefact: Arc<Artefact>,
}

impl Active {
    /// What it says of a mention.
    pub(crate) fn class(&self, features: &mut Features, text: &str, lang: &str, author: u64) -> Class {
        let p = self.artefact.probability(features, text, lang, author);
        let (label, probability) = match p >= self.threshold {
            true => (RELEVANT, p),
            false => (IRRELEVANT, 1.0 - p),
        };
        Class {
            task: TASK.to_owned(),
            label: label.to_owned(),
            probability: probability as f32,
            model: self.id.clone(),
        }
    }
}

/// Name and version as scores carry them.
pub(crate) fn model_id(monitor: &str, version: u32) -> String {
    format!("{TASK}:{monitor}@{version}")
}

/// The author of a post as a number; 0 where nobody is named.
pub(crate) fn author(post: &post::Post) -> u64 {
    post.author.as_ref().map_or(0, |a| trends::hash::bytes(&a.key.0))
}

/// Those in force, by monitor. Cheap to ask from any thread.
#[derive(Debug, Default)]
pub struct Relevance {
    active: ArcSwap<BTreeMap<String, Arc<Active>>>,
}

impl Relevance {
    /// Reads again which are in force. One that this build cannot read is left out, and the log says so.
    pub fn refresh(&self, control: &Control) -> Result<(), Error> {
        let old = self.all();
        let mut active = BTreeMap::new();
        for (monitor, project, row) in control.active_relevance()? {
            let version = row.active.unwrap_or_default();
            let known = old.get(&monitor).filter(|a| a.version == version);
            let artefact = match known {
                Some(known) => known.artefact.clone(),
                None => match Artefact::load(&control.relevance_artefact(&monitor, version)?) {
                    Ok(artefact) => Arc::new(artefact),
                    Err(error) => {
                        tracing::warn!(monitor, version, %error, "a relevance model cannot be used; train it anew");
                        continue;
                    }
                },
            };
            let made = Active {
                id: model_id(&monitor, version),
                threshold: artefact.threshold(row.wanted).unwrap_or(0.5),
                hide: row.hide,
                monitor: monitor.clone(),
                project,
                version,
                artefact,
            };
            active.insert(monitor, Arc::new(made));
        }
        self.active.store(Arc::new(active));
        Ok(())
    }

    /// Those in force now.
    pub fn all(&self) -> Arc<BTreeMap<String, Arc<Active>>> {
        self.active.load_full()
    }

    /// The one of a monitor.
    pub fn of(&self, monitor: &str) -> Option<Arc<Active>> {
        self.active.load().get(monitor).cloned()
    }

    /// The monitors of a project whose irrelevant mentions are left out where nobody asks for them.
    pub fn hiding(&self, project: &str) -> Vec<String> {
        let all = self.active.load();
        let hiding = all.values().filter(|a| a.hide && a.project == project);
        hiding.map(|a| a.monitor.clone()).collect()
    }
}
