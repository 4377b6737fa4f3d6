//! The mentions that a monitor's model learns from.

use super::artefact::vector;
use super::author;
use crate::control::{Chosen, Control, Judgment};
use crate::pipeline::Engine;
use crate::scoring::words;
use std::collections::{BTreeMap, HashMap};
use store::{Choice, Filter, Mention, Snapshot, mention_number};
use trends::relevance::{Features, Label, Vector};

/// The newest mentions that stand for the stream.
const NEWEST: usize = 2_000;
const PAGE: usize = 500;
/// Corrections of a project that are looked through.
const MARKS: usize = 5_000;

/// A monitor's newest mentions and its judged ones.
pub(crate) struct Pool {
    /// The newest, judged or not, and judged ones that are older.
    pub(crate) mentions: Vec<Mention>,
    /// What each looks like to the model.
    pub(crate) vectors: Vec<Vector>,
    /// The judged ones by their place, in the order in which they were judged.
    pub(crate) judged: Vec<(usize, Judgment)>,
    /// How many of the mentions, from the first on, are the newest.
    pub(crate) newest: usize,
    /// The language of most.
    pub(crate) lang: String,
}

impl Pool {
    /// Reads it.
    pub(crate) fn read(engine: &Engine, project: &str, monitor: &str) -> anyhow::Result<Self> {
        let snapshot = engine.store.snapshot();
        let mut mentions = newest(&snapshot, monitor)?;
        let newest = mentions.len();
        let mut places: HashMap<u64, usize> = mentions
            .iter()
            .enumerate()
            .map(|(i, m)| (mention_number(m.id), i))
            .collect();
        let mut judged = Vec::new();
        for judgment in judgments(&engine.control, project, monitor)? {
            if !places.contains_key(&judgment.number)
                && let Some(mention) = snapshot.numbered(judgment.number)?.filter(has_text)
            {
                places.insert(judgment.number, mentions.len());
                mentions.push(mention);
            }
            let place = places.get(&judgment.number);
            if let Some(&place) = place.filter(|p| mentions[**p].monitor == monitor) {
                judged.push((place, judgment));
            }
        }
        let lang = most_common(&mentions[..newest]);
        let mut features = Features::new();
        let mut look = |m: &Mention| {
            let text = words(m.post.title.as_deref(), &m.post.text);
            vector(&mut features, &text, &m.lang, author(&m.post), &lang)
        };
        let vectors = mentions.iter().map(&mut look).collect();
        Ok(Self {
            mentions,
            vectors,
            judged,
            newest,
            lang,
        })
    }

    /// The judged ones as the model learns them.
    pub(crate) fn labels(&self) -> Vec<Label> {
        let label = |(place, judgment): &(usize, Judgment)| Label {
            vector: self.vectors[*place].clone(),
            relevant: judgment.relevant,
            weight: 1.0,
            at_random: judgment.how == Chosen::Random,
        };
        self.judged.iter().map(label).collect()
    }

    /// What is said of each of the newest that nobody judged.
    pub(crate) fn open(&self, say: impl Fn(&Vector) -> f64) -> Vec<f64> {
        let mut open = vec![true; self.mentions.len()];
        self.judged.iter().for_each(|(place, _)| open[*place] = false);
        let vectors = self.vectors[..self.newest].iter().zip(open);
        vectors
            .filter(|(_, open)| *open)
            .map(|(vector, _)| say(vector))
            .collect()
    }

    /// The probability with which each judged one was chosen: those drawn at random stand for all that nobody judged, the
    /// others for themselves.
    pub(crate) fn chosen(&self) -> Vec<f64> {
        let is_random = |j: &Judgment| j.how == Chosen::Random;
        let at_random = self.judged.iter().filter(|(_, j)| is_random(j)).count() as f64;
        let others = self.judged.len() as f64 - at_random;
        let all = (self.newest as f64 - others).max(at_random).max(1.0);
        let share = at_random / all;
        let chosen = |(_, j): &(usize, Judgment)| if is_random(j) { share } else { 1.0 };
        self.judged.iter().map(chosen).collect()
    }
}

/// What people judged of a monitor: one by one, and by the way with a correction of the mark.
fn judgments(control: &Control, project: &str, monitor: &str) -> anyhow::Result<Vec<Judgment>> {
    let mut all = control.judgments(monitor)?;
    let known: std::collections::HashSet<u64> = all.iter().map(|j| j.number).collect();
    let marks = control.relevance_marks(project, MARKS)?;
    let marks = marks.into_iter().filter(|(number, _)| !known.contains(number));
    all.extend(marks.map(|(number, relevant)| Judgment {
        number,
        post: post::PostKey([0; 16]),
        relevant,
        how: Chosen::Found,
        by: String::new(),
        at: 0,
    }));
    Ok(all)
}

/// The newest mentions of a monitor that have text, the newest first.
fn newest(snapshot: &Snapshot, monitor: &str) -> Result<Vec<Mention>, store::Error> {
    let filter = Filter {
        monitors: Choice::only([monitor.to_owned()]),
        ..Filter::default()
    };
    let (mut out, mut after) = (Vec::new(), None);
    while out.len() < NEWEST {
        let page = snapshot.mentions(&filter, after, PAGE)?;
        out.extend(page.items.into_iter().filter(has_text));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    out.truncate(NEWEST);
    Ok(out)
}

/// The mention of a monitor with this id, with its number.
pub(crate) fn numbered(
    snapshot: &Snapshot,
    monitor: &str,
    id: post::MentionId,
) -> Result<Option<(u64, Mention)>, store::Error> {
    let found = snapshot.mention(id)?.filter(|m| m.monitor == monitor);
    Ok(found.map(|m| (mention_number(id), m)))
}

fn has_text(mention: &Mention) -> bool {
    !mention.post.text.is_empty() || mention.post.title.is_some()
}

/// The language of most mentions, of those whose language is known.
fn most_common(mentions: &[Mention]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for mention in mentions.iter().filter(|m| m.lang != "und") {
        *counts.entry(&mention.lang).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, n)| *n);
    most.map_or_else(String::new, |(lang, _)| lang.to_owned())
}
