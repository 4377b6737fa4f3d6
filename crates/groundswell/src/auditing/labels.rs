//! The labels of a project, as far as they tell what the model gets wrong on its posts.
//!
//! Those of samples were drawn at random. Corrections were not: people correct what is wrong, and leave what is right. So
//! they weigh a tenth, and a vendor's labels a quarter; and all that were not drawn weigh a few posts of a class at most.

use crate::analytics::Shares;
use crate::control::{AuditPost, Control, Error};
use crate::pipeline::Engine;
use models::quantify::OwnLabel;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Label, Mention};
use utoipa::ToSchema;

/// Corrections and vendors' labels read at most, each; the newest.
const MOST: usize = 2_000;
/// What a correction weighs, and all of them together in a class.
const CORRECTION: (f64, f64) = (0.1, 3.0);
/// The same of vendors' labels.
const VENDOR: (f64, f64) = (0.25, 15.0);
/// Labels drawn at random from which on the training data are not taken for granted any more.
const ENOUGH: usize = 30;

/// What the estimates of a project were corrected by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub(crate) struct Used {
    /// Posts drawn at random and labelled.
    pub(crate) drawn: u64,
    /// Corrections by hand: not drawn at random.
    pub(crate) corrections: u64,
    /// Labels of other vendors: not drawn at random.
    pub(crate) vendor: u64,
}

/// What is known of the mistakes on each project's posts, made when it is first asked for and when labels change.
#[derive(Debug)]
pub(crate) struct Mixed {
    shipped: Arc<Shares>,
    by_project: Mutex<HashMap<String, Known>>,
}

type Known = ([i64; 4], Arc<Shares>, Used);

impl Mixed {
    /// From what comes with the program.
    pub(crate) fn new(shipped: Shares) -> Self {
        Self {
            shipped: Arc::new(shipped),
            by_project: Mutex::default(),
        }
    }

    /// Of a project.
    pub(crate) fn of(&self, engine: &Engine, project: &str) -> Result<(Arc<Shares>, Used), Error> {
        let stamp = engine.control.label_stamp(project)?;
        if stamp == [0; 4] {
            return Ok((self.shipped.clone(), Used::default()));
        }
        if let Some((at, shares, used)) = self.known().get(project)
            && *at == stamp
        {
            return Ok((shares.clone(), *used));
        }
        let (labels, used) = gathered(engine, project)?;
        let shares = match labels.is_empty() {
            true => self.shipped.clone(),
            false => {
                let (toward, whole): (Vec<_>, Vec<_>) = labels.into_iter().partition(|l| l.0);
                let bare = |list: Vec<(bool, OwnLabel)>| list.into_iter().map(|l| l.1).collect::<Vec<_>>();
                let audited = used.drawn >= ENOUGH as u64;
                Arc::new(self.shipped.mixed_with(&bare(whole), &bare(toward), audited))
            }
        };
        self.known()
            .insert(project.to_owned(), (stamp, shares.clone(), used));
        Ok((shares, used))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<String, Known>> {
        self.by_project.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every label of a project; `true` are those of scores toward a subject.
fn gathered(engine: &Engine, project: &str) -> Result<(Vec<(bool, OwnLabel)>, Used), Error> {
    let control: &Control = &engine.control;
    let snapshot = engine.store.snapshot();
    let failed = |e: store::Error| Error::Store(e.to_string());
    let drawn = drawn(&control.audit_labels(project)?);
    let mut corrections = Vec::new();
    for (number, label) in control.corrected(project, MOST)? {
        let mention = snapshot.numbered(number).map_err(failed)?;
        corrections.extend(mention.and_then(|m| labelled(&m, label)));
    }
    let mut vendor = Vec::new();
    for (post, label) in control.rated_posts(project, MOST)? {
        let mentions = snapshot.of_post(post).map_err(failed)?;
        let own = mentions.into_iter().find(|m| m.project == project && m.primary);
        vendor.extend(own.and_then(|m| labelled(&m, label)));
    }
    let used = Used {
        drawn: drawn.len() as u64,
        corrections: corrections.len() as u64,
        vendor: vendor.len() as u64,
    };
    let all = drawn
        .into_iter()
        .chain(weighing(corrections, CORRECTION))
        .chain(weighing(vendor, VENDOR));
    Ok((all.collect(), used))
}

/// Labels of samples; what each stands for becomes its weight, 1 in the mean.
fn drawn(posts: &[AuditPost]) -> Vec<(bool, OwnLabel)> {
    let mean = posts.iter().map(|p| p.drawn.weight).sum::<f64>() / posts.len().max(1) as f64;
    let label = |post: &AuditPost| {
        let drawn = &post.drawn;
        let label = OwnLabel {
            lang: drawn.lang.clone(),
            platform: drawn.platform.clone(),
            truth: post.label? as u16,
            soft: drawn.probabilities.iter().map(|&p| p as f32 / 1000.0).collect(),
            weight: drawn.weight / mean,
        };
        Some((drawn.is_toward, label))
    };
    posts.iter().filter_map(label).collect()
}

fn labelled(mention: &Mention, label: Label) -> Option<(bool, OwnLabel)> {
    let sentiment = mention.sentiment.as_ref().filter(|_| !mention.is_context())?;
    let own = OwnLabel {
        lang: mention.lang.clone(),
        platform: mention.post.platform.clone(),
        truth: label as u16,
        soft: sentiment.probabilities.to_vec(),
        weight: 1.0,
    };
    Some((sentiment.is_toward, own))
}

/// The same, each weighing so much, and those of a class so much together at most.
fn weighing(labels: Vec<(bool, OwnLabel)>, (each, most): (f64, f64)) -> Vec<(bool, OwnLabel)> {
    let count = |truth: u16| labels.iter().filter(|l| l.1.truth == truth).count() as f64;
    let weights: Vec<f64> = (0..3)
        .map(|truth| each.min(most / count(truth).max(1.0)))
        .collect();
    let with = |(toward, label): (bool, OwnLabel)| {
        let weight = weights.get(usize::from(label.truth)).copied().unwrap_or_default();
        (toward, OwnLabel { weight, ..label })
    };
    labels.into_iter().map(with).collect()
}
