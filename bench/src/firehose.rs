//! Claim: posts admitted, journaled (one fsync a batch) and matched against 10,000 monitors, a second, on two cores.
//!
//! As in the pipeline: one thread admits and journals, one matches; a bounded channel lies between them.

use crate::input;
use crate::measure::{cost, print_rates};
use anyhow::Context;
use journal::{Batch, Entry, Journal, Options};
use post::{Admission, Admitted, Mode, Policy, Post, Pseudonyms, RawPost};
use query::{Document, MonitorSet, Query, Scratch};
use std::sync::mpsc::sync_channel;

const MONITORS: usize = 10_000;
const ROUNDS: usize = 5;
const BATCH: usize = 2_000;
const NOW: i64 = 1_770_000_000_000;

pub(crate) fn run() -> anyhow::Result<()> {
    let (Some(posts), Some(queries)) = (input::posts(), input::queries(MONITORS)) else {
        return Ok(());
    };
    let pseudonyms = Pseudonyms::new(&[7; 32]);
    let parsed: Vec<Query> = queries
        .iter()
        .map(|q| query::parse(q).map_err(|p| anyhow::anyhow!("{q}: {p:?}")))
        .collect::<anyhow::Result<_>>()?;
    let numbered: Vec<(u32, &Query)> = parsed.iter().enumerate().map(|(i, q)| (i as u32, q)).collect();
    let token = |handle: &str| pseudonyms.handle(handle);
    let (set, compile) = cost(|| MonitorSet::new(1, numbered.iter().copied(), Some(&token)));
    println!(
        "{} posts, {} monitors, compiled in {:.2} cpu-s",
        posts.len(),
        queries.len(),
        compile.cpu
    );
    let admission = Admission::new(pseudonyms.clone(), &Policy::default());
    let (mut wall, mut cpu, mut found) = (Vec::new(), Vec::new(), 0);
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir()?;
        let (mut journal, _) = Journal::open(folder.path(), Options::new([1; 32]))?;
        let input = posts.clone();
        let (matches, cost) = cost(|| round(&admission, &mut journal, input, &set));
        found = matches?;
        wall.push(posts.len() as f64 / cost.wall);
        cpu.push(posts.len() as f64 / cost.cpu);
    }
    println!("{found} matches");
    print_rates(
        "admitted + journaled + matched, two threads",
        "posts/s",
        &mut wall,
    );
    print_rates("the same", "posts/cpu-s", &mut cpu);
    Ok(())
}

fn round(
    admission: &Admission,
    journal: &mut Journal,
    posts: Vec<RawPost>,
    set: &MonitorSet,
) -> anyhow::Result<usize> {
    let (send, receive) = sync_channel::<Vec<Entry>>(4);
    std::thread::scope(|scope| {
        let matching = scope.spawn(move || {
            let (mut scratch, mut hits, mut found) = (Scratch::default(), Vec::new(), 0);
            for entry in receive.into_iter().flatten() {
                if let Entry::Post { post, .. } = entry {
                    hits.clear();
                    set.matches(&document(&post), &mut scratch, &mut hits);
                    found += hits.len();
                }
            }
            found
        });
        let mut batch = Batch {
            seen_at: NOW,
            ..Batch::default()
        };
        for raw in posts {
            if let Ok(Admitted::Post(post, identity, _)) = admission.admit(raw, Mode::Sealed, NOW) {
                batch.entries.push(Entry::Post { post, identity });
            }
            if batch.entries.len() == BATCH {
                journal.append(&batch)?;
                send.send(std::mem::take(&mut batch.entries))
                    .context("the matching thread is gone")?;
            }
        }
        journal.append(&batch)?;
        send.send(batch.entries).context("the matching thread is gone")?;
        drop(send);
        matching
            .join()
            .map_err(|_| anyhow::anyhow!("the matching thread panicked"))
    })
}

fn document(post: &Post) -> Document<'_> {
    Document::from_post(post, post.lang.as_deref().unwrap_or("und"))
}
