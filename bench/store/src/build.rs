//! Filling a store.

use crate::clock::{line, process_time, resident, thread_time};
use crate::made::{Numbers, SPAN, START, change};
use anyhow::Result;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use store::{Change, Options, Store};

/// Posts of one commit.
const COMMIT: u64 = 20_000;

/// Opens the store in a folder and fills it up to so many mentions.
pub(crate) fn open(folder: &Path, wanted: u64, rows: Option<&Path>) -> Result<Store> {
    let (mut store, recovery) = Store::open(folder, Options::default())?;
    if recovery.mentions < wanted {
        fill(&mut store, wanted, rows)?;
        store.close()?;
        store = Store::open(folder, Options::default())?.0;
    }
    let begin = Instant::now();
    drop(store);
    let (store, recovery) = Store::open(folder, Options::default())?;
    let opened = begin.elapsed().as_secs_f64() * 1e3;
    let bytes = store.reader().bytes()? as f64 / recovery.mentions.max(1) as f64;
    line("mentions", &recovery.mentions.to_string(), "");
    line("opened", &format!("{opened:.0} ms"), "");
    line("bytes a mention on disk", &format!("{bytes:.0}"), "≤ 600");
    let (all, anonymous) = resident();
    line(
        "resident, and of it not mapped",
        &format!("{all} / {anonymous} MB"),
        "≤ 600 MB",
    );
    Ok(store)
}

fn fill(store: &mut Store, wanted: u64, rows: Option<&Path>) -> Result<()> {
    let mut numbers = Numbers(1);
    let mut out = rows.map(std::fs::File::create).transpose()?.map(BufWriter::new);
    let (mut posts, mut making) = (0u64, Duration::ZERO);
    let (before, begin) = (process_time(), Instant::now());
    let mut committing = Duration::ZERO;
    while store.reader().snapshot().total()? < wanted {
        let made = thread_time();
        // One post in nine is two mentions.
        let at = |i: u64| START + (SPAN as u128 * u128::from(i) * 10 / 9 / u128::from(wanted)) as i64;
        let batch: Vec<Change> = (0..COMMIT).map(|i| change(&mut numbers, at(posts + i))).collect();
        if let Some(out) = &mut out {
            batch.iter().try_for_each(|change| write_rows(change, out))?;
        }
        making += thread_time() - made;
        posts += COMMIT;
        store.apply(batch, posts)?;
        let commit = Instant::now();
        store.commit()?;
        committing += commit.elapsed();
    }
    let total = store.reader().snapshot().total()?;
    let busy = (process_time() - before).saturating_sub(making).as_secs_f64();
    line(
        "mentions stored a core-second, merges included",
        &format!("{:.0}", total as f64 / busy),
        "≥ 20,000",
    );
    line(
        "mentions stored a second",
        &format!("{:.0}", total as f64 / begin.elapsed().as_secs_f64()),
        "",
    );
    Ok(())
}

/// The columns that are asked about.
fn write_rows(change: &Change, out: &mut impl Write) -> Result<()> {
    let Change::Put { mentions, .. } = change else {
        return Ok(());
    };
    for m in mentions {
        let author = m
            .post
            .author
            .as_ref()
            .map(|a| u64::from_be_bytes(a.key.0[..8].try_into().unwrap_or_default()));
        let label = m.sentiment.as_ref().map_or(-1, |s| s.label() as i64);
        let negative = m.sentiment.as_ref().map_or(0.0, |s| s.probabilities[0]);
        writeln!(
            out,
            "{},{},{},{},{},{},{},{},{},{},{}",
            u64::from_be_bytes(m.id.0[..8].try_into().unwrap_or_default()) as i64,
            m.post.created_at,
            m.monitor,
            u8::from(m.primary),
            m.post.platform,
            m.lang,
            author.unwrap_or(0) as i64,
            label,
            negative,
            m.post.hashtags.join("|"),
            m.post.text,
        )?;
    }
    Ok(())
}
