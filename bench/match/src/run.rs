//! One workload: answers, then figures.

use crate::Options;
use crate::check;
use crate::frequencies::Frequencies;
use crate::lucene::files::{self, Lowered};
use crate::lucene::{Figures, Lucene};
use crate::measure::{Spread, timed};
use crate::ours::{Ours, additions};
use crate::report::Row;
use crate::workload::{Post, Workload};
use query::Scratch;
use text::Tokens;

/// Rounds over all posts.
const ROUNDS: usize = 7;
/// Runs a workload; `None` where its data are not there.
pub(crate) fn run(
    workload: Option<Workload>,
    lucene: Option<&Lucene>,
    options: &Options,
) -> anyhow::Result<Option<Row>> {
    let Some(mut workload) = workload else {
        return Ok(None);
    };
    workload.posts.truncate(options.posts);
    println!("\n== {}, {} posts", workload.name, workload.posts.len());
    let mut sizes: Vec<usize> = workload.queries.iter().map(|(_, q)| q.ast().size()).collect();
    sizes.sort_unstable();
    if let (Some(least), Some(most)) = (sizes.first(), sizes.last()) {
        println!("  terms a query: {} ({least} to {most})", sizes[sizes.len() / 2]);
    }
    let lowered = Lowered::of(&workload);
    let frequencies = Frequencies::count(&workload.posts, &lowered.asked);
    let ours = Ours::compile(&workload, &frequencies);
    check::known_answers(&ours, &workload)?;
    check::plain_meaning(&ours, &workload)?;
    let theirs = match lucene {
        Some(lucene) => compare(&workload, &lowered, &frequencies, &ours, lucene, options)?,
        None => None,
    };
    let row = measure(&workload, &ours, &frequencies, theirs);
    row.print();
    Ok(Some(row))
}

/// Lucene's figures, its answers being ours.
fn compare(
    workload: &Workload,
    lowered: &Lowered,
    frequencies: &Frequencies,
    ours: &Ours,
    lucene: &Lucene,
    options: &Options,
) -> anyhow::Result<Option<Figures>> {
    for (reason, n) in &lowered.left_out {
        println!("  left out for Lucene, which has no exact form for {reason}: {n} queries");
    }
    let most = options.lucene_posts.min(workload.lucene_posts);
    let posts = &workload.posts[..workload.posts.len().min(most)];
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    files::write(folder, lowered, posts, frequencies)?;
    let ids = lowered.ids();
    let mut found = check::pairs(ours, posts);
    found.retain(|p| ids.contains(&p.1));
    let size = format!("{} posts x {} queries", posts.len(), ids.len());
    let mut figures = Vec::new();
    for config in workload.configs {
        figures.push(lucene.run(folder, config)?);
        let what = format!("Lucene Monitor ({config}) on {size}");
        check::equal(&what, &found, &files::answers(folder, config)?)?;
    }
    for f in &figures {
        println!(
            "  Lucene {}: {:.0} posts/thread-s, {:.0} posts/process-s, {:.1} queries run a post",
            f.config, f.thread.median, f.process.median, f.candidates
        );
    }
    Ok(figures
        .into_iter()
        .max_by(|a, b| a.thread.median.total_cmp(&b.thread.median)))
}

fn measure(workload: &Workload, ours: &Ours, frequencies: &Frequencies, theirs: Option<Figures>) -> Row {
    let posts = &workload.posts;
    let (mut matches, mut candidates) = (0, 0);
    let mut scratch = Scratch::new();
    let mut rates = Vec::new();
    // The first round warms up.
    for round in 0..=ROUNDS {
        matches = 0;
        let (n, seconds) = timed(|| ours.run(posts, &mut scratch, |_, _| matches += 1));
        candidates = n;
        if round > 0 {
            rates.push(posts.len() as f64 / seconds);
        }
    }
    let one = Spread::of(rates);
    let two = Spread::of((0..ROUNDS).map(|_| two_threads(ours, posts)).collect());
    let per_post = |n: u64| n as f64 / posts.len() as f64;
    Row {
        name: workload.name.clone(),
        monitors: workload.queries.len(),
        posts: one,
        two_threads: two.median / one.median,
        candidates: per_post(candidates),
        matches: per_post(matches),
        bytes: ours.bytes,
        scratch: ours.scratch_bytes(&posts[..posts.len().min(1_000)]),
        compile: ours.compile,
        add: Spread::of(additions(workload, frequencies)),
        tokenise: tokenise(posts),
        theirs,
    }
}

/// Posts per second of processor time of two threads together, each with half of the posts.
fn two_threads(ours: &Ours, posts: &[Post]) -> f64 {
    let (left, right) = posts.split_at(posts.len() / 2);
    let rate = |half: &[Post]| {
        let mut scratch = Scratch::new();
        let ((), seconds) = timed(|| {
            ours.run(half, &mut scratch, |_, _| {});
        });
        half.len() as f64 / seconds
    };
    std::thread::scope(|s| {
        let other = s.spawn(|| rate(right));
        rate(left) + other.join().unwrap_or_default()
    })
}

/// Posts per second that are only cut into tokens.
fn tokenise(posts: &[Post]) -> Spread {
    let mut tokens = Tokens::new();
    let mut round = || {
        let ((), seconds) = timed(|| posts.iter().for_each(|p| tokens.read(&p.text)));
        posts.len() as f64 / seconds
    };
    round();
    Spread::of((0..ROUNDS).map(|_| round()).collect())
}
