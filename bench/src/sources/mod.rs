//! Claim: posts parsed, and parsed and admitted, a second of one core, per platform.
//!
//! Frames are made up, of each platform's wire form with realistic lengths and fields, and recorded ones where they are
//! at hand; both are read by the connector's own `parse`. A new platform is a function in `frames` and a line here.

mod frames;
mod words;

use crate::measure::cost;
use ::sources::{ParseInput, Registration, SourceEvent, find};
use post::{Admission, Policy, Pseudonyms, RawPost};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use words::Words;

const ROUNDS: usize = 5;
/// Posts made up for a platform.
const POSTS: usize = 20_000;
/// Processor time a round should take at least: the clock counts hundredths.
const LEAST: f64 = 0.5;
const NOW: i64 = 1_770_000_000_000;

/// A platform: its connector, the folder of its recordings, its frames as inputs of `parse`.
struct Platform {
    connector: &'static str,
    folder: &'static str,
    frames: fn(&mut Words, usize) -> Vec<String>,
}

const fn platform(
    connector: &'static str,
    folder: &'static str,
    frames: fn(&mut Words, usize) -> Vec<String>,
) -> Platform {
    Platform {
        connector,
        folder,
        frames,
    }
}

const PLATFORMS: &[Platform] = &[
    platform("bluesky", "bluesky", frames::bluesky),
    platform("x", "x", frames::x),
    platform("mastodon", "mastodon", frames::mastodon),
    platform("reddit", "reddit", frames::reddit),
    platform("youtube", "youtube", frames::youtube),
    platform("facebook", "facebook", frames::facebook),
    platform("instagram", "instagram", frames::instagram),
    platform("threads", "threads", frames::threads),
    platform("linkedin", "linkedin", frames::linkedin),
    platform("telegram", "telegram", frames::telegram),
    platform("hackernews", "hackernews", frames::hackernews),
    platform("feed", "feeds", frames::feed),
    platform("gdelt", "gdelt", frames::gdelt),
    platform("file", "", frames::interchange),
    platform("webhook", "", frames::interchange),
];

pub(crate) fn run() -> anyhow::Result<()> {
    let root =
        std::env::var_os("GROUNDSWELL_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    println!("posts per second of one core: median of {ROUNDS} rounds (least to most)");
    println!("| platform | frames | posts | bytes/post | parsed | parsed and admitted |");
    println!("|---|---|---|---|---|---|");
    for platform in PLATFORMS {
        let Some(connector) = find(platform.connector) else {
            println!("| {} | not here | | | | |", platform.connector);
            continue;
        };
        let made_up = (platform.frames)(&mut Words::new(7), POSTS);
        measure(
            connector,
            "made up",
            made_up.into_iter().map(String::into_bytes).collect(),
        );
        let recorded = root.join("fixtures").join(platform.folder);
        if !platform.folder.is_empty() && recorded.is_dir() {
            measure(connector, "recorded", files(&recorded)?);
        }
    }
    Ok(())
}

/// The recordings in a folder.
fn files(folder: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|e| Ok(e?.path()))
        .collect::<anyhow::Result<_>>()?;
    paths.retain(|p| p.is_file() && !p.ends_with("INDEX.md") && !p.ends_with("FACTS.jsonl"));
    paths.sort();
    paths.iter().map(|p| Ok(fs::read(p)?)).collect()
}

fn measure(connector: &Registration, what: &str, inputs: Vec<Vec<u8>>) {
    let admission = Admission::new(Pseudonyms::new(&[7; 32]), &Policy::default());
    let bytes: usize = inputs.iter().map(Vec::len).sum();
    let mut posts = 0;
    let warm = cost(|| parse(connector, &inputs, &mut |_| posts += 1)).1;
    if posts == 0 {
        println!("| {} | {what} | reads none of these | | | |", connector.name);
        return;
    }
    let passes = (LEAST / warm.cpu.max(0.001)).ceil().clamp(1.0, 500.0) as usize;
    let round = |each: &mut dyn FnMut(RawPost)| {
        let (_, cost) = cost(|| (0..passes).for_each(|_| parse(connector, &inputs, each)));
        (posts * passes) as f64 / cost.cpu.max(0.01)
    };
    let mut refused = 0;
    let parsed = rates(|| round(&mut |post| drop(std::hint::black_box(post))));
    let admitted = rates(|| {
        round(&mut |post| match admission.admit(post, post::Mode::Sealed, NOW) {
            Ok(admitted) => drop(std::hint::black_box(admitted)),
            Err(_) => refused += 1,
        })
    });
    let per_post = bytes / posts;
    println!(
        "| {} | {what} | {posts} | {per_post} | {parsed} | {admitted} |",
        connector.name
    );
    if refused > 0 {
        let share = 100.0 * refused as f64 / (posts * passes * ROUNDS) as f64;
        println!("| | admission refuses {share:.1} % of them | | | | |");
    }
}

fn parse(connector: &Registration, inputs: &[Vec<u8>], each: &mut dyn FnMut(RawPost)) {
    for bytes in inputs {
        let input = ParseInput {
            reader: Box::new(Cursor::new(bytes.clone())),
            name: "frames".to_owned(),
            file: Default::default(),
        };
        // What is no recording of posts in a folder is passed over.
        let _ = (connector.parse)(input, &mut |item| {
            if let Ok(SourceEvent::Post(post)) = item {
                each(*post);
            }
        });
    }
}

/// Median, least and most of the rounds.
fn rates(mut round: impl FnMut() -> f64) -> String {
    let mut all: Vec<f64> = (0..ROUNDS).map(|_| round()).collect();
    all.sort_by(f64::total_cmp);
    let thousands = |rate: f64| format!("{:.0}k", rate / 1000.0);
    let (low, high) = (all[0], all[ROUNDS - 1]);
    format!(
        "{} ({} to {})",
        thousands(all[ROUNDS / 2]),
        thousands(low),
        thousands(high)
    )
}
