//! Making damaged partitions of the store anew from the journal.
//!
//! Every journaled post of their time is matched against the monitors in force by now, as the searches of the past did
//! for those that came later, and scored by the models in force; deletions, edits and counts are applied in their order.

use super::Monitors;
use super::context::Kept;
use super::engine::Settings;
use super::process::Processor;
use crate::accounts::OwnAccounts;
use crate::control::Control;
use crate::detect::Placer;
use crate::policy::Gate;
use crate::privacy;
use crate::relevance::Relevance;
use crate::scoring::own::{Brought, Own};
use crate::scoring::{Cascade, Scoring};
use journal::{Entry, JournalHandle, Position};
use models::Models;
use post::{Admission, Millis};
use std::sync::Arc;
use store::{Rebuild, Rebuilt};

/// What was made anew, and from what.
pub struct FromJournal {
    /// The partitions.
    pub partitions: Vec<Rebuilt>,
    /// When the oldest post that the journal still holds was taken in; `None` where it holds none.
    pub since: Option<Millis>,
    /// Posts that were matched anew.
    pub posts: u64,
}

/// Makes these `damaged` partitions (name, reason) anew, and those that are left out already. No server may be running.
pub fn rebuild(
    settings: &Settings,
    models: Models,
    damaged: &[(String, String)],
) -> anyhow::Result<FromJournal> {
    let control = Control::open(settings.place())?;
    privacy::finish_rotation(&control, &settings.data)?;
    let journal = JournalHandle::open(&settings.data.join("journal"), control.keys().wrap)?;
    let mut out = FromJournal {
        partitions: Vec::new(),
        since: journal.span().from,
        posts: 0,
    };
    let Some(mut rebuild) = Rebuild::begin(&settings.data.join("store"), damaged, store::Options::default())?
    else {
        return Ok(out);
    };
    let upto = Position(rebuild.position());
    let pseudonyms = post::Pseudonyms::new(&control.keys().id);
    let admission = Admission::new(pseudonyms.clone(), &settings.policy);
    privacy::suppress(&admission, &control)?;
    let set = journal.monitors_at(upto)?.unwrap_or_default();
    let scoring = Arc::new(scoring(settings, Arc::new(models), &control)?);
    // What hangs on mentions is found again as the journal is read from its begin.
    let context = Arc::new(Kept::default());
    context.refresh(&control)?;
    let accounts = Arc::new(OwnAccounts::default());
    accounts.refresh(&control, &pseudonyms)?;
    let monitors = Monitors::new(set, &pseudonyms);
    // As the live stream placed them, as far as it is still known.
    let (placer, generation) = Placer::offline(&settings.data);
    let placer = Arc::new(placer);
    let mut processor = Processor::new(
        monitors,
        scoring,
        context,
        accounts,
        placer.clone(),
        settings.threads,
    );
    let mut reader = journal.reader(journal.first_position());
    while let Some(batch) = reader.next_batch() {
        let entries = batch?.into_iter().filter(|read| read.position < upto);
        let entries: Vec<Entry> = entries
            .filter_map(|read| kept(read.entry, &rebuild, &admission))
            .collect();
        out.posts += entries.iter().filter(|e| matches!(e, Entry::Post { .. })).count() as u64;
        rebuild.apply(processor.process(entries).changes)?;
    }
    out.partitions = rebuild.finish()?;
    // Topics that were begun meanwhile keep their ids.
    placer.save(generation)?;
    Ok(out)
}

/// What an entry means to the partitions being made. A post of no concern to them may have been of some before.
fn kept(entry: Entry, rebuild: &Rebuild, admission: &Admission) -> Option<Entry> {
    match entry {
        Entry::MonitorSet(_) | Entry::MonitorChange(_) => None,
        Entry::Post { post, .. } if !rebuild.concerns(&post) || admission.refuses(&post) => {
            Some(Entry::Delete {
                key: post.key,
                at: post.seen_at,
            })
        }
        other => Some(other),
    }
}

/// The models and what is trained here, as the control state has it now.
pub(crate) fn scoring(
    settings: &Settings,
    models: Arc<Models>,
    control: &Control,
) -> anyhow::Result<Scoring> {
    let gate = Arc::new(Gate::default());
    gate.refresh(control)?;
    let brought = settings.onnx.iter().map(|folder| Brought::load(folder));
    let brought = brought.collect::<Result<_, _>>()?;
    let own = Arc::new(Own::new(
        models.encoder.as_ref().map(|e| e.id().to_owned()),
        brought,
    ));
    own.refresh(control)?;
    let relevance = Arc::new(Relevance::default());
    relevance.refresh(control)?;
    Ok(Scoring {
        models,
        gate,
        cascade: Cascade::new(settings.scoring, settings.threads),
        own,
        relevance,
    })
}
