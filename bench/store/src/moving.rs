//! Moving all mentions into a cluster, and back into a folder.

use crate::clock::{line, process_time, resident};
use anyhow::{Result, ensure};
use std::path::Path;
use std::time::Instant;
use store::elastic::Settings;
use store::moving::{Move, Source};
use store::{Location, Options, Snapshot, Store};

/// Into the cluster at an address and back; its indices are called `bench-move-…` and stay.
pub(crate) fn there_and_back(store: &Store, url: &str) -> Result<()> {
    let made = tempfile::tempdir()?;
    let mut settings = Settings::new(url, format!("bench-move-{}", std::process::id()));
    settings.replicas = 0;
    let cluster = Location::Cluster(settings);
    one_way(
        "into the cluster",
        &store.reader().snapshot(),
        &cluster,
        made.path(),
        store.position(),
    )?;
    let source = Source::open(&cluster)?;
    let folder = Location::Folder(made.path().join("back"), Options::default());
    one_way(
        "back into a folder",
        &source.snapshot,
        &folder,
        made.path(),
        source.position,
    )
}

fn one_way(what: &str, source: &Snapshot, to: &Location, made: &Path, position: u64) -> Result<()> {
    let mut target = Move::open(to, what, made.join(format!("{what}.json")), false, position)?;
    let (begin, before) = (Instant::now(), process_time());
    let pass = target.pass(source, &mut |_| {})?;
    let (seconds, cpu) = (
        begin.elapsed().as_secs_f64(),
        (process_time() - before).as_secs_f64(),
    );
    ensure!(
        pass.differences.is_empty() && pass.put == pass.mentions,
        "not everything arrived: {pass:?}"
    );
    let mentions = pass.put as f64;
    line(
        &format!("moved and compared a second, {what}"),
        &format!("{:.0}", mentions / seconds),
        "≥ 10,000",
    );
    line(
        "  our own processor's time for a mention",
        &format!("{:.0} µs", cpu / mentions * 1e6),
        "",
    );
    let (all, anonymous) = resident();
    line(
        "  resident, and of it not mapped",
        &format!("{all} / {anonymous} MB"),
        "",
    );
    let again = Instant::now();
    let pass = target.pass(source, &mut |_| {})?;
    ensure!(
        pass.compared == 0,
        "{} days differ from what was just moved",
        pass.compared
    );
    line(
        "  a pass that finds nothing to do",
        &format!("{:.0} ms", again.elapsed().as_secs_f64() * 1e3),
        "",
    );
    target.seal(position, source.generation(), false)?;
    Ok(())
}
