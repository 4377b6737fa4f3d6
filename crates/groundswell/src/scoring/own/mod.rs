//! Classifiers of one's own: those in force, how they are trained, and how they are applied to what is stored.
//!
//! A project's classifiers read every mention of that project. Where the full tier reads a post, so do they: its states are
//! part of what they learnt. Training and applying run beside the stream, one job for a classifier at a time.

mod apply;
mod brought;
mod forget;
mod jobs;
mod train;

pub(crate) use apply::apply;
pub use brought::Brought;
pub(crate) use forget::forget;
pub(crate) use jobs::Running;
pub use jobs::{Job, JobKind, JobState, Jobs};
pub(crate) use train::{Card, train};

use crate::control::{Control, Error};
use arc_swap::ArcSwap;
use models::custom::{CustomModel, Scratch};
use std::sync::Arc;
use store::Class;
use text::Tokens;

/// A classifier in force.
#[derive(Debug)]
pub struct Active {
    /// The classifier's id.
    pub id: String,
    /// Its project.
    pub project: String,
    /// Its name, which is the task of its labels.
    pub task: String,
    /// Whether it reads the states of the encoder in use.
    pub reads_states: bool,
    /// The model of the version in force.
    pub model: CustomModel,
}

impl Active {
    /// What it says of a text; nothing where it abstains. `states` are empty where no encoder read the text.
    pub(crate) fn class(&self, tokens: &Tokens, states: &[f32], scratch: &mut Scratch) -> Option<Class> {
        let states = Some(states).filter(|s| self.reads_states && !s.is_empty());
        let class = self.model.classify_tokens(tokens, states, scratch);
        (!class.abstain).then(|| Class {
            task: self.task.clone(),
            label: class.label.to_owned(),
            probability: class.probability,
            model: self.model.id().to_owned(),
        })
    }
}

/// Those in force, of all projects. Cheap to ask from any thread.
#[derive(Debug)]
pub struct Own {
    encoder: Option<String>,
    brought: Vec<Brought>,
    active: ArcSwap<Vec<Arc<Active>>>,
}

impl Own {
    /// None of the projects' yet; `encoder` is the name of the one in use, `brought` are those of the configuration.
    pub fn new(encoder: Option<String>, brought: Vec<Brought>) -> Self {
        Self {
            encoder,
            brought,
            active: ArcSwap::default(),
        }
    }

    /// Reads again which are in force. One that this build cannot read is left out, and the log says so.
    pub fn refresh(&self, control: &Control) -> Result<(), Error> {
        let old = self.active();
        let mut active = Vec::new();
        for (row, file) in control.active_classifiers()? {
            let version = row.active.unwrap_or_default();
            let id = model_id(&row.name, version);
            let known = old.iter().find(|a| a.id == row.id && a.model.id() == id);
            if let Some(known) = known {
                active.push(known.clone());
                continue;
            }
            match CustomModel::load(&file) {
                Ok(model) => active.push(Arc::new(Active {
                    reads_states: self.encoder.is_some() && model.encoder() == self.encoder.as_deref(),
                    id: row.id,
                    project: row.project,
                    task: row.name,
                    model,
                })),
                Err(error) => {
                    tracing::warn!(classifier = %row.id, version, %error, "a classifier cannot be used; train it anew");
                }
            }
        }
        self.active.store(Arc::new(active));
        Ok(())
    }

    /// Those in force now.
    pub fn active(&self) -> Arc<Vec<Arc<Active>>> {
        self.active.load_full()
    }

    /// The version of a classifier that is in force.
    pub fn of(&self, id: &str) -> Option<Arc<Active>> {
        self.active.load().iter().find(|a| a.id == id).cloned()
    }

    /// Those of the configuration, which read the mentions of every project.
    pub fn brought(&self) -> &[Brought] {
        &self.brought
    }

    /// The encoder in use.
    pub fn encoder(&self) -> Option<&str> {
        self.encoder.as_deref()
    }
}

/// Name and version as scores carry them.
pub(crate) fn model_id(name: &str, version: u32) -> String {
    format!("{name}@{version}")
}
