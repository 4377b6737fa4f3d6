//! Their volume and sentiment against ours.

use crate::analytics::counts;
use crate::control::{Control, VendorLabel};
use post::PostKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::{Filter, Label, Mention, Snapshot, Step};
use trends::Estimate;
use utoipa::ToSchema;

/// Labels compared at most; an answer over more says that it is cut.
const MAX_LABELS: usize = 50_000;
const DAY: i64 = 86_400_000;

/// What is compared.
pub struct Question<'a> {
    /// Our mentions: project, period and monitors.
    pub filter: &'a Filter,
    /// The project.
    pub project: &'a str,
    /// The vendor.
    pub vendor: &'a str,
    /// One of their queries, or all.
    pub query: Option<&'a str>,
    /// What the sample is drawn by: equal seeds draw the same posts.
    pub seed: u64,
    /// Disagreements in the sample at most.
    pub sample: usize,
}

/// Theirs and ours.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Comparison {
    /// By day (UTC), from the first to the last of either.
    pub days: Vec<Day>,
    /// Posts they found.
    pub theirs: u64,
    /// Posts our monitors match.
    pub ours: u64,
    /// Posts of both.
    pub both: u64,
    /// Of theirs, the share that our monitors match.
    pub found: Option<crate::api::types::Estimate>,
    /// Posts of both with a sentiment on both sides: rows are theirs, columns ours; negative, neutral, positive.
    pub sentiment: [[u64; 3]; 3],
    /// The share of these on which both say the same.
    pub agreement: Option<crate::api::types::Estimate>,
    /// The same beyond chance: Cohen's kappa, 1 where all agree and 0 where chance would do.
    pub kappa: Option<crate::api::types::Estimate>,
    /// Posts on which the two disagree.
    pub disagreements: u64,
    /// Some of them, drawn at random by the seed.
    pub sample: Vec<Disagreement>,
    /// Whether there were more of theirs than are compared; then these are the oldest.
    pub cut: bool,
}

/// Posts of one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Day {
    /// Its begin.
    pub at: i64,
    /// Theirs.
    pub theirs: u64,
    /// Ours.
    pub ours: u64,
}

/// A post that the two call differently.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Disagreement {
    /// The mention here.
    pub mention: String,
    /// The post's key.
    pub post: String,
    /// When it was published.
    pub at: i64,
    /// Its platform.
    pub platform: String,
    /// Its text.
    pub text: String,
    /// What they say.
    pub theirs: String,
    /// What we say.
    pub ours: String,
    /// Our probabilities of negative, neutral and positive.
    pub probabilities: [f32; 3],
}

/// Compares. Blocks.
pub fn compare(control: &Control, snapshot: &Snapshot, q: &Question<'_>) -> anyhow::Result<Comparison> {
    let span = (q.filter.from.unwrap_or(i64::MIN), q.filter.to.unwrap_or(i64::MAX));
    let mut labels = control.vendor_labels(q.project, q.vendor, q.query, span, MAX_LABELS + 1)?;
    let cut = labels.len() > MAX_LABELS;
    labels.truncate(MAX_LABELS);
    let theirs = by_post(labels);
    let mut out = Comparison {
        theirs: theirs.len() as u64,
        ours: snapshot.count(q.filter)?,
        cut,
        ..Comparison::default()
    };
    let mut days: BTreeMap<i64, Day> = BTreeMap::new();
    for label in theirs.values() {
        days.entry(label.at.div_euclid(DAY)).or_default().theirs += 1;
    }
    // Days before the oldest post and behind the newest have nothing to count, and may be too many.
    if let Some((oldest, newest)) = snapshot.extent(q.filter)? {
        let bounded = Filter {
            from: Some(oldest),
            to: Some(newest + 1),
            ..q.filter.clone()
        };
        let series = counts::series(snapshot, &bounded, None, Step::Day, DAY)?;
        for line in &series.lines {
            for (at, count) in series.times.iter().zip(&line.counts).filter(|(_, n)| **n > 0) {
                days.entry(at.div_euclid(DAY)).or_default().ours += count;
            }
        }
    }
    if let (Some(first), Some(last)) = (days.keys().next().copied(), days.keys().last().copied()) {
        let day = |n: i64| Day {
            at: n * DAY,
            ..days.get(&n).copied().unwrap_or_default()
        };
        out.days = (first..=last).map(day).collect();
    }
    let mut apart: Vec<([u8; 32], Mention, Label, Label)> = Vec::new();
    for (key, label) in &theirs {
        let Some(mention) = ours(snapshot, q, *key)? else {
            continue;
        };
        out.both += 1;
        let (Some(their), Some(our)) = (label.sentiment, mention.sentiment.as_ref().map(|s| s.label()))
        else {
            continue;
        };
        out.sentiment[their as usize][our as usize] += 1;
        if their != our {
            let order = Sha256::new()
                .chain_update(q.seed.to_le_bytes())
                .chain_update(key.0)
                .finalize();
            apart.push((order.into(), mention, their, our));
            // The smallest of the drawn order are a random sample; no more than a few are held.
            if apart.len() > 2 * q.sample.max(1) {
                keep(&mut apart, q.sample);
            }
        }
    }
    keep(&mut apart, q.sample);
    let rated: u64 = out.sentiment.iter().flatten().sum();
    let same: u64 = (0..3).map(|i| out.sentiment[i][i]).sum();
    out.disagreements = rated - same;
    out.found = trends::share(out.both, out.theirs).map(Into::into);
    out.agreement = trends::share(same, rated).map(Into::into);
    out.kappa = trends::kappa(&out.sentiment).map(|k: Estimate| k.into());
    out.sample = apart
        .into_iter()
        .map(|(_, m, their, our)| shown(m, their, our))
        .collect();
    Ok(out)
}

fn keep(apart: &mut Vec<([u8; 32], Mention, Label, Label)>, sample: usize) {
    apart.sort_by_key(|a| a.0);
    apart.truncate(sample);
}

/// Each post once. Where two of their queries differ about one, it has no sentiment.
fn by_post(labels: Vec<VendorLabel>) -> BTreeMap<PostKey, VendorLabel> {
    let mut out: BTreeMap<PostKey, VendorLabel> = BTreeMap::new();
    for label in labels {
        match out.get_mut(&label.post) {
            Some(known) if known.sentiment.is_none() => known.sentiment = label.sentiment,
            Some(known) if label.sentiment.is_some() && label.sentiment != known.sentiment => {
                known.sentiment = None
            }
            Some(_) => {}
            None => {
                out.insert(label.post, label);
            }
        }
    }
    out
}

/// Our mention of a post: of the monitors asked for, or the one that stands for the post.
fn ours(snapshot: &Snapshot, q: &Question<'_>, key: PostKey) -> anyhow::Result<Option<Mention>> {
    let wanted = &q.filter.monitors;
    let passes = |m: &Mention| {
        m.project == q.project
            && !wanted.exclude.contains(&m.monitor)
            && match wanted.include.is_empty() {
                true => m.primary,
                false => wanted.include.contains(&m.monitor),
            }
    };
    Ok(snapshot.of_post(key)?.into_iter().find(passes))
}

fn shown(mention: Mention, theirs: Label, ours: Label) -> Disagreement {
    Disagreement {
        mention: mention.id.to_string(),
        post: mention.post.key.to_string(),
        at: mention.post.created_at,
        platform: mention.post.platform,
        text: mention.post.text,
        theirs: theirs.name().to_owned(),
        ours: ours.name().to_owned(),
        probabilities: mention.sentiment.map_or([0.0; 3], |s| s.probabilities),
    }
}
