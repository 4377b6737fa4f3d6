//! Shares: our PACC and EMQ beside QuaPy's on the same inputs, their errors under a shift of the shares and near the training
//! data's, and how often the intervals hold the truth.
//!
//! The posts are those whose answers come with the program (`models/shares`): half of them is what is known of the
//! mistakes, samples are drawn from the other half.

use anyhow::{Context, Result, ensure};
use models::quantify::{Calibration, ENOUGH, Grouped, Known, Quantifier};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Posts of a sample, samples of each kind, and ways to halve the posts that these are shared out over: an interval also
/// stands for not knowing which half it is.
const POSTS: usize = 500;
const REPEATS: usize = 400;
const SPLITS: usize = 40;
/// Cases compared with QuaPy.
const CASES: usize = 60;
/// As far as the two may differ.
const SAME: f64 = 1e-6;
const GOAL: f64 = 0.04;

/// Half of the posts of a group, and the other half by class.
struct Halves {
    quantifier: Quantifier,
    known: Vec<Grouped>,
    rest: Vec<Vec<Grouped>>,
    prior: Vec<f64>,
}

/// What came of many samples.
#[derive(Default)]
struct Told {
    pacc: f64,
    emq: f64,
    counted: f64,
    held: usize,
    width: f64,
    shares: usize,
    uncertain: usize,
    samples: usize,
}

/// Compares and prints.
pub(crate) fn run() -> Result<()> {
    for (name, known) in [
        ("sentiment", groundswell::weights::shares()?),
        ("toward a target", groundswell::weights::shares_toward()?),
    ] {
        let groups = groups(&known);
        let mut named: Vec<(String, Vec<&Grouped>)> = vec![("all".to_owned(), known.posts.iter().collect())];
        named.extend(groups);
        let first = named
            .iter()
            .map(|(g, posts)| (g.clone(), halves(&known, posts, 0)));
        let first: Vec<(String, Halves)> = first.collect();
        beside_quapy(name, &first)?;
        println!(
            "\nShares, {name}: {REPEATS} samples of {POSTS} posts; mean absolute error a class; goal ≤ {GOAL}, intervals that hold the truth 90–97 %"
        );
        println!(
            "| posts | known | shares | counted | PACC | EMQ | held | width | uncertain |\n|---|---|---|---|---|---|---|---|---|"
        );
        for (group, posts) in &named {
            for (kind, shifted) in [("any", true), ("near the known", false)] {
                let told = samples(&known, posts, shifted);
                let (n, shares) = (told.samples as f64, told.shares as f64);
                println!(
                    "| {group} | {} | {kind} | {:.3} | {:.3} | {:.3} | {:.1} % | {:.3} | {:.0} % |",
                    posts.len() / 2,
                    told.counted / shares,
                    told.pacc / shares,
                    told.emq / shares,
                    100.0 * told.held as f64 / shares,
                    told.width / shares,
                    100.0 * told.uncertain as f64 / n,
                );
            }
        }
    }
    Ok(())
}

/// The groups of which half has enough posts of every class.
fn groups(known: &Known) -> BTreeMap<String, Vec<&Grouped>> {
    let mut groups: BTreeMap<String, Vec<&Grouped>> = BTreeMap::new();
    for post in &known.posts {
        groups.entry(post.group.clone()).or_default().push(post);
    }
    let classes = known.labels.len();
    groups.retain(|_, posts| {
        let count = |k: usize| posts.iter().filter(|p| usize::from(p.truth) == k).count();
        (0..classes).all(|k| count(k) >= 2 * ENOUGH)
    });
    groups
}

/// The posts halved, class by class: half of them is known, the rest is what samples are drawn from.
fn halves(known: &Known, posts: &[&Grouped], split: u64) -> Halves {
    let classes = known.labels.len();
    let mut random = Draw(split);
    let (mut first, mut rest) = (Vec::new(), vec![Vec::new(); classes]);
    for (class, rest) in rest.iter_mut().enumerate() {
        let mut of_class: Vec<&&Grouped> = posts.iter().filter(|p| usize::from(p.truth) == class).collect();
        for last in (1..of_class.len()).rev() {
            of_class.swap(last, random.below(last + 1));
        }
        let (one, other) = of_class.split_at(of_class.len() / 2);
        first.extend(one.iter().map(|p| (**p).clone()));
        rest.extend(other.iter().map(|p| (**p).clone()));
    }
    let calibration = calibration(known, &first);
    Halves {
        prior: calibration.prior(),
        quantifier: Quantifier::new(calibration, 7),
        known: first,
        rest,
    }
}

fn calibration(known: &Known, posts: &[Grouped]) -> Calibration {
    let truth = posts.iter().map(|p| p.truth).collect();
    let soft = posts.iter().flat_map(|p| p.soft.iter().copied()).collect();
    match Calibration::new(known.labels.clone(), truth, soft) {
        Ok(calibration) => calibration,
        Err(error) => unreachable!("posts that were read once are fine: {error}"),
    }
}

/// Draws samples and looks how far off the shares are.
fn samples(known: &Known, posts: &[&Grouped], shifted: bool) -> Told {
    let mut random = Draw(if shifted { 11 } else { 12 });
    let mut told = Told::default();
    for split in 0..SPLITS {
        let halves = halves(known, posts, split as u64);
        for _ in 0..REPEATS / SPLITS {
            look(&halves, shifted, &mut random, &mut told);
        }
    }
    told
}

fn look(halves: &Halves, shifted: bool, random: &mut Draw, told: &mut Told) {
    let aim = aim(halves, shifted, random);
    let (soft, truth) = sample(halves, &aim, random);
    let Ok(said) = halves.quantifier.shares(&soft) else {
        return;
    };
    told.samples += 1;
    told.uncertain += usize::from(said.uncertain);
    for (k, share) in said.shares.iter().enumerate() {
        let (Some(value), Some(low), Some(high), Some(emq)) = (
            share.share,
            share.low,
            share.high,
            said.emq.as_ref().and_then(|e| e.get(k)),
        ) else {
            continue;
        };
        // What an interval is for are the posts behind the sample.
        let wanted = aim[k];
        told.shares += 1;
        told.pacc += (value - truth[k]).abs();
        told.emq += (emq - truth[k]).abs();
        told.counted += (share.count as f64 / said.n as f64 - truth[k]).abs();
        told.held += usize::from(low <= wanted && wanted <= high);
        told.width += high - low;
    }
}

/// Shares to be drawn: any, each as likely as the other; or those of the known posts, give or take.
fn aim(halves: &Halves, shifted: bool, random: &mut Draw) -> Vec<f64> {
    let parts: Vec<f64> = halves
        .prior
        .iter()
        .map(|p| match shifted {
            true => -random.uniform().ln(),
            false => p * (0.8 + 0.4 * random.uniform()),
        })
        .collect();
    let sum: f64 = parts.iter().sum();
    parts.iter().map(|p| p / sum).collect()
}

/// Posts drawn with these shares, and their own.
fn sample(halves: &Halves, shares: &[f64], random: &mut Draw) -> (Vec<f32>, Vec<f64>) {
    let mut soft = Vec::new();
    let mut counts = vec![0.0; shares.len()];
    for _ in 0..POSTS {
        let mut left = random.uniform();
        let class = shares.iter().position(|s| {
            left -= s;
            left < 0.0
        });
        let class = class.unwrap_or(shares.len() - 1);
        let posts = &halves.rest[class];
        soft.extend(&posts[random.below(posts.len())].soft);
        counts[class] += 1.0 / POSTS as f64;
    }
    (soft, counts)
}

#[derive(Deserialize)]
struct Answer {
    raw: Option<Vec<f64>>,
    exact: Option<Vec<f64>>,
    minimize: Vec<f64>,
    emq: Vec<f64>,
}

/// Our shares and QuaPy's on the same inputs.
fn beside_quapy(name: &str, groups: &[(String, Halves)]) -> Result<()> {
    let folder = Path::new("target/bench-models");
    std::fs::create_dir_all(folder)?;
    let path = folder.join("quantify.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
    let (mut ours, mut random) = (Vec::new(), Draw(5));
    for i in 0..CASES {
        // The largest group makes the largest files: a few cases of it are enough.
        let (_, halves) = &groups[if i < 4 { 0 } else { i % groups.len() }];
        let aim = aim(halves, i.is_multiple_of(2), &mut random);
        let (soft, _) = sample(halves, &aim, &mut random);
        let rows = |soft: &[f32]| -> Vec<Vec<f64>> {
            let row = |r: &[f32]| r.iter().map(|&p| f64::from(p)).collect();
            soft.chunks(aim.len()).map(row).collect()
        };
        let case = serde_json::json!({
            "prior": halves.prior,
            "truth": halves.known.iter().map(|p| p.truth).collect::<Vec<_>>(),
            "known": halves.known.iter().map(|p| rows(&p.soft).concat()).collect::<Vec<_>>(),
            "sample": rows(&soft),
        });
        writeln!(file, "{case}")?;
        ours.push(halves.quantifier.shares(&soft)?);
    }
    file.flush()?;
    let done = Command::new("bench/models/quantify.sh").arg(&path).output();
    let done = done.context("bench/models/quantify.sh")?;
    ensure!(
        done.status.success(),
        "QuaPy did not run: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    let text = String::from_utf8(done.stdout)?;
    let theirs: Vec<Answer> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(
        theirs.len() == ours.len(),
        "QuaPy answered {} of {}",
        theirs.len(),
        ours.len()
    );
    let (mut inside, mut border, mut emq, mut on_border) = (0.0f64, 0.0f64, 0.0f64, 0);
    for (ours, theirs) in ours.iter().zip(&theirs) {
        let pacc: Vec<f64> = ours.shares.iter().filter_map(|s| s.share).collect();
        let is_inside = theirs.raw.iter().flatten().all(|p| (0.0..=1.0).contains(p));
        match theirs.exact.as_ref().filter(|_| is_inside) {
            Some(exact) => inside = inside.max(apart(&pacc, exact)),
            None => {
                on_border += 1;
                border = border.max(apart(&pacc, &theirs.minimize));
            }
        }
        emq = emq.max(apart(ours.emq.as_deref().unwrap_or_default(), &theirs.emq));
    }
    println!(
        "\nBeside QuaPy 0.2.3, {name}: {CASES} cases, largest difference of a share: PACC {inside:.1e} where its matrix \
         inversion stays inside 0 to 1, {border:.1e} in {on_border} cases on the border (its minimiser); EMQ {emq:.1e}"
    );
    ensure!(
        inside <= SAME && border <= SAME && emq <= SAME,
        "more than {SAME:.0e} apart"
    );
    Ok(())
}

fn apart(a: &[f64], b: &[f64]) -> f64 {
    let gaps = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    if a.len() == b.len() {
        gaps.fold(0.0, f64::max)
    } else {
        f64::INFINITY
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }
}
