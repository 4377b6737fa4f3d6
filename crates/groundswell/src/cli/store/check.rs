//! `groundswell store check`

use super::repair;
use super::report::{JournalLine, Line, Problem, Report};
use crate::cli::folder::FolderArgs;
use crate::control::{Control, Place};
use anyhow::{Context, bail};
use clap::Args;
use journal::{Flaw, SegmentReport};
use std::path::Path;
use std::process::ExitCode;
use store::StoreReport;

/// Marks and pinned questions that lead nowhere are named up to this many.
const MOST_NAMED: usize = 10;

/// Arguments of `groundswell store check`.
#[derive(Args)]
pub(super) struct CheckArgs {
    /// Set what is damaged aside, and make it anew from the journal where that still holds it; nothing is deleted
    #[arg(long)]
    repair: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folder: FolderArgs,
}

/// What was looked at, as far as it could be.
pub(super) struct Found {
    pub(super) report: Report,
    pub(super) store: StoreReport,
    pub(super) journal: Vec<SegmentReport>,
}

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<ExitCode> {
    let config = args.folder.config()?;
    if let Some(cluster) = &config.store {
        bail!(
            "the mentions are in the cluster at {}, which checks itself; `groundswell doctor` says whether it answers",
            cluster.address()
        );
    }
    // What is found is printed; damaged bytes also make libraries panic, which is caught and told as what it is.
    std::panic::set_hook(Box::new(|_| {}));
    let lock = match journal::Lock::take(&config.data.join("journal")) {
        Ok(lock) => lock,
        Err(journal::Error::Locked { .. }) => bail!(
            "a server is using {}: stop it first. While it runs, /health and `groundswell-left-out` in its answers tell \
             what it found damaged",
            config.data.display()
        ),
        Err(error) => return Err(error).context("the journal's folder cannot be used"),
    };
    let mut found = look(&config.place())?;
    let mut done = Vec::new();
    if args.repair {
        done = repair::run(&config, &lock, &found)?;
        if !done.is_empty() {
            found = look(&config.place())?;
        }
    }
    let report = &found.report;
    if args.json {
        let mut json = serde_json::json!(report);
        json["repaired"] = serde_json::json!(done);
        println!("{json}");
    } else {
        done.iter().for_each(|line| println!("{line}"));
        report.print();
    }
    Ok(if report.is_damaged() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn look(place: &Place) -> anyhow::Result<Found> {
    let data = place.data.as_path();
    let mut report = Report::default();
    let store = store::check(&data.join("store")).context("the store cannot be checked")?;
    report.position = store.position;
    report.partitions = store.partitions.iter().map(Line::of).collect();
    let of_store = store
        .partitions
        .iter()
        .flat_map(|p| &p.problems)
        .chain(&store.problems);
    report.problems.extend(of_store.map(Problem::from));
    let control = database(place, &mut report);
    let journal = match &control {
        Some(control) => segments(data, control, &store, &mut report)?,
        None => Vec::new(),
    };
    if let Some(control) = &control
        && let Err(error) = references(place, control, &store, &mut report)
    {
        report.problems.push(Problem::damage(
            place.database().display(),
            error,
            RESTORE_DATABASE,
        ));
    }
    Ok(Found {
        report,
        store,
        journal,
    })
}

const RESTORE_DATABASE: &str = "restore the data folder from a backup";

/// The control database, where it can be read.
fn database(kept: &Place, report: &mut Report) -> Option<Control> {
    let place = kept.database();
    let read = Control::open_to_read(kept.clone()).and_then(|control| Ok((control.faults()?, control)));
    match read {
        Ok((faults, control)) => {
            let faults = faults.into_iter();
            report
                .problems
                .extend(faults.map(|f| Problem::damage(place.display(), f, RESTORE_DATABASE)));
            Some(control)
        }
        Err(error) => {
            let what = format!("{error}; the journal, whose keys it names, was not checked");
            report
                .problems
                .push(Problem::damage(place.display(), what, RESTORE_DATABASE));
            None
        }
    }
}

fn segments(
    data: &Path,
    control: &Control,
    store: &StoreReport,
    report: &mut Report,
) -> anyhow::Result<Vec<SegmentReport>> {
    let folder = data.join("journal");
    let segments = journal::check(&folder, &control.keys().wrap).context("the journal cannot be checked")?;
    let first = segments.first().map_or(0, |s| s.first.0);
    let next = segments.last().map_or(0, |s| s.end.0);
    report.journal = JournalLine {
        segments: segments.len(),
        first,
        next,
        bytes: segments.iter().map(|s| s.bytes).sum(),
    };
    for segment in &segments {
        report.problems.extend(
            segment
                .flaws
                .iter()
                .map(|flaw| flawed(segment, flaw, store.position)),
        );
    }
    if first > store.position && !segments.is_empty() {
        let what = format!(
            "entries {} to {first} are neither stored nor journaled any more",
            store.position
        );
        report.problems.push(Problem::damage(
            folder.display(),
            what,
            "restore the data folder from a backup",
        ));
    }
    let is_whole = segments.iter().all(|s| s.flaws.is_empty());
    if next < store.position && is_whole {
        let what = format!(
            "it ends at {next}, and the store knows entries up to {}",
            store.position
        );
        let advice = "nothing: the next start goes on behind them; what the journal held of the past is lost";
        report
            .problems
            .push(Problem::note(folder.display(), what, advice));
    }
    Ok(segments)
}

fn flawed(segment: &SegmentReport, flaw: &Flaw, stored: u64) -> Problem {
    let path = segment.path.display();
    let lost = |from: u64, upto: Option<u64>| match upto {
        Some(upto) if upto <= stored => (
            format!("entries {from} to {upto}, all of them stored, cannot be searched again"),
            "`groundswell store check --repair` sets the segment aside, with those before it",
        ),
        upto => (
            format!(
                "entries from {from} on{} are not all stored",
                upto.map_or(String::new(), |u| format!(" to {u}"))
            ),
            "restore the file from a backup: it holds what is nowhere else",
        ),
    };
    match flaw {
        Flaw::Damaged {
            offset,
            from,
            upto,
            reason,
        } => {
            let (what, advice) = lost(from.0, upto.map(|u| u.0));
            Problem::damage(path, format!("byte {offset}: {reason}; {what}"), advice)
        }
        Flaw::Gap { from, to } => {
            let (what, advice) = lost(from.0, Some(to.0));
            Problem::damage(path, format!("the segment before it is missing; {what}"), advice)
        }
        Flaw::Torn { offset, bytes } => Problem::note(
            path,
            format!("{bytes} bytes from byte {offset} on are no whole record; they were never acknowledged"),
            "nothing: the next start cuts them off",
        ),
        Flaw::Destroyed => Problem::note(
            path,
            "its key was destroyed",
            "nothing: the next start removes it",
        ),
    }
}

/// Marks and pinned questions against what is stored.
fn references(
    place: &Place,
    control: &Control,
    store: &StoreReport,
    report: &mut Report,
) -> anyhow::Result<()> {
    let place = place.database();
    let marked = control.marked_numbers()?;
    report.marks = marked.len();
    let is_whole = store.left_out.is_empty()
        && store
            .partitions
            .iter()
            .all(|p| p.problems.iter().all(|p| !p.is_damage));
    let gone: Vec<&u64> = marked
        .iter()
        .filter(|n| store.numbers.binary_search(n).is_err())
        .collect();
    if !gone.is_empty() {
        let what = format!(
            "{} marks are of mentions that are not stored{}",
            gone.len(),
            named(&gone)
        );
        let advice = match is_whole {
            true => "nothing: the next retention pass forgets them",
            false => "make the damaged partitions anew first",
        };
        report.problems.push(Problem::note(place.display(), what, advice));
    }
    let later = control.permalinks_after(store.generation)?;
    if !later.is_empty() {
        let later: Vec<&String> = later.iter().collect();
        let what = format!(
            "{} permalinks are of commits after the store's newest{}",
            later.len(),
            named(&later)
        );
        let advice = "the store is older than the database: restore both from one backup, or take the answers they show for what was";
        report
            .problems
            .push(Problem::damage(place.display(), what, advice));
    }
    Ok(())
}

fn named<T: std::fmt::Display>(all: &[T]) -> String {
    let names: Vec<String> = all.iter().take(MOST_NAMED).map(T::to_string).collect();
    let more = if all.len() > MOST_NAMED { ", …" } else { "" };
    format!(" ({}{more})", names.join(", "))
}
