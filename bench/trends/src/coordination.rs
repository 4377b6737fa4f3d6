//! Coordination: CooRTweet's two data sets, and a planted ring.

use crate::input;
use crate::report::{line, timed};
use anyhow::Result;
use std::collections::BTreeMap;
use trends::coordination::{Share, edges, significant};
use trends::hash;
use trends::random::Random;

pub(crate) fn run() -> Result<()> {
    for (name, file, columns) in [
        (
            "russian_coord_tweets",
            "coordination/russian_coord_tweets.csv.gz",
            [0, 1, 2, 3],
        ),
        (
            "german_elections, links",
            "coordination/german_elections.csv.gz",
            [2, 0, 1, 6],
        ),
    ] {
        let Some(shares) = load(file, columns)? else {
            return Ok(());
        };
        for window in [10, 60] {
            parity(name, &shares, window);
        }
        let (found, rings) = significant(&shares, 10, 0.01, 7);
        line(
            &format!("  {name}: pairs of ≥ 3 objects beyond chance, accounts, rings"),
            &format!(
                "{}, {}, {}",
                found.len(),
                rings.iter().map(|r| r.accounts.len()).sum::<usize>(),
                rings.len()
            ),
            "",
        );
    }
    planted();
    Ok(())
}

fn load(file: &str, columns: [usize; 4]) -> Result<Option<Vec<Share>>> {
    let Some(file) = input::open(file) else {
        return Ok(None);
    };
    let mut shares = Vec::new();
    for row in csv::Reader::from_reader(file).records() {
        let row = row?;
        let [object, account, post, at] = columns.map(|c| &row[c]);
        if object.is_empty() {
            continue;
        }
        shares.push(Share {
            account: hash::text(account),
            object: hash::text(object),
            post: hash::text(post),
            at: at.parse::<f64>()? as i64,
        });
    }
    Ok(Some(shares))
}

/// Our edges beside those of the algorithm written down literally: every pair of rows is looked at.
fn parity(name: &str, shares: &[Share], window: i64) {
    let (ours, seconds) = timed(|| edges(shares, window, 2));
    let theirs = literal(shares, window, 2);
    let same = ours.len() == theirs.len()
        && ours
            .iter()
            .all(|e| theirs.get(&(e.first, e.second)) == Some(&e.weight));
    let heaviest = ours.iter().map(|e| e.objects.len()).max().unwrap_or(0);
    line(
        &format!(
            "{name}, {window} s: edges equal CooRTweet's ({} of {}; ≤ {heaviest} objects)",
            ours.len(),
            theirs.len()
        ),
        if same { "yes" } else { "no" },
        &format!("yes ({seconds:.2} s)"),
    );
}

fn literal(shares: &[Share], window: i64, least: usize) -> BTreeMap<(u64, u64), u32> {
    let count = |shares: &[&Share]| {
        let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
        shares
            .iter()
            .for_each(|s| *counts.entry(s.account).or_default() += 1);
        counts
    };
    let all: Vec<&Share> = shares.iter().collect();
    let counts = count(&all);
    let x: Vec<&Share> = all.into_iter().filter(|s| counts[&s.account] >= least).collect();
    let mut by_object: BTreeMap<u64, Vec<&Share>> = BTreeMap::new();
    x.iter()
        .for_each(|s| by_object.entry(s.object).or_default().push(s));
    let mut result: Vec<(&Share, &Share)> = Vec::new();
    for group in by_object.values() {
        for (i, a) in group.iter().enumerate() {
            for b in &group[i + 1..] {
                let near = (a.at - b.at).abs() <= window;
                let object_is_post = a.object == a.post || a.object == b.post;
                if near && !object_is_post && a.post != b.post && a.account != b.account {
                    result.push((a, b));
                }
            }
        }
    }
    let posts: std::collections::BTreeSet<u64> = result.iter().flat_map(|(a, b)| [a.post, b.post]).collect();
    let again: Vec<&Share> = x.into_iter().filter(|s| posts.contains(&s.post)).collect();
    let counts = count(&again);
    let kept: std::collections::BTreeSet<u64> = again
        .iter()
        .filter(|s| counts[&s.account] >= least)
        .map(|s| s.post)
        .collect();
    let mut edges = BTreeMap::new();
    for (a, b) in result {
        if kept.contains(&a.post) || kept.contains(&b.post) {
            *edges
                .entry((a.account.min(b.account), a.account.max(b.account)))
                .or_default() += 1;
        }
    }
    edges
}

/// Eight accounts share five links within seconds, among 100,000 posts of accounts that do not know each other; some of
/// these are very active, and some links very popular.
fn planted() {
    let (mut right, mut named, mut found_of, mut members) = (0, 0, 0, 0);
    let mut seconds = 0.0;
    for seed in 0..5 {
        let mut random = Random::new(seed);
        let mut shares: Vec<Share> = (0..100_000u64)
            .map(|post| Share {
                account: (20_000.0f64.powf(random.share())) as u64 + 100,
                object: (30_000.0f64.powf(random.share())) as u64 + 1_000_000,
                post: post + 10_000_000,
                at: (random.share() * 86_400.0) as i64,
            })
            .collect();
        for link in 0..5u64 {
            let at = (random.share() * 86_000.0) as i64;
            for account in 0..8u64 {
                // One in ten forgets a link.
                if random.share() < 0.1 {
                    continue;
                }
                shares.push(Share {
                    account,
                    object: 50_000_000 + link,
                    post: 60_000_000 + link * 8 + account,
                    at: at + random.below(9) as i64,
                });
            }
        }
        let ((_, rings), took) = timed(|| significant(&shares, 10, 0.01, seed));
        seconds += took / 5.0;
        let accounts: Vec<u64> = rings.iter().flat_map(|r| r.accounts.iter().copied()).collect();
        named += accounts.len();
        right += accounts.iter().filter(|a| **a < 8).count();
        found_of += (0..8).filter(|a| accounts.contains(a)).count();
        members += 8;
    }
    line(
        "a ring of 8 × 5 links in 100,000 posts, 5 times: precision of accounts",
        &format!("{:.3}", right as f64 / (named as f64).max(1.0)),
        "≥ 0.95",
    );
    line(
        "the ring: recall of its accounts",
        &format!("{:.3}", found_of as f64 / f64::from(members)),
        &format!("≥ 0.9 ({seconds:.2} s a look)"),
    );
}
