//! Near copies: nine edits planted on real posts.

use crate::input;
use crate::report::{line, timed};
use anyhow::Result;
use trends::copies::{Config, Copies, How, Post};
use trends::hash::KeySet;
use trends::random::Random;

const EDITS: [&str; 9] = [
    "repost",
    "link",
    "case and signs",
    "two hashtags",
    "cut to 80 %",
    "one word",
    "two words",
    "prefix",
    "look-alikes",
];

/// Real posts, shuffled, each text once.
pub(crate) fn texts() -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for file in [
        "streams/snow14_syria_10k/all.jsonl.gz",
        "streams/mayweather_mcgregor_2017/all.jsonl.gz",
    ] {
        let rows = input::rows(file)?;
        texts.extend(rows.iter().filter_map(|v| v["text"].as_str().map(str::to_owned)));
    }
    Random::new(1).shuffle(&mut texts);
    Some(texts)
}

pub(crate) fn run() -> Result<()> {
    let Some(all) = texts() else { return Ok(()) };
    let (base, unseen) = all.split_at(all.len() - 1500);
    let mut copies = Copies::new(Config::default());
    let place = |copies: &mut Copies, key: usize, text: &str| {
        copies.place(&Post {
            key: key as u64,
            author: key as u64,
            platform: 0,
            at: 1_000_000,
            repost_of: None,
            text,
        })
    };
    let (groups, seconds) = timed(|| {
        let groups = base.iter().enumerate().map(|(i, t)| place(&mut copies, i, t));
        groups.collect::<Vec<_>>()
    });
    let unique = groups.iter().filter(|g| !matches!(g.how, How::Exact)).count();
    let held = copies.bytes();
    let (recall, wrong, links, by_edit) = probe(base, &groups, &copies);
    let mut false_links = 0;
    for text in unseen {
        let placed = copies.peek(text, 1_000_000);
        if placed.is_some_and(|p| likeness(text, &base[p.group as usize]) < 0.5) {
            false_links += 1;
        }
    }
    line(
        "copies, nine edits on 250 posts: recall",
        &format!("{recall:.4}"),
        "≥ 0.98",
    );
    line(
        "copies: precision (wrong of links; false among 1,500 unseen)",
        &format!(
            "{:.4} ({wrong}, {false_links})",
            1.0 - (wrong + false_links) as f64 / links as f64
        ),
        "≥ 0.999",
    );
    for (edit, (hit, all)) in EDITS.iter().zip(by_edit) {
        line(
            &format!("  {edit}"),
            &format!("{:.3}", hit as f64 / all as f64),
            "",
        );
    }
    line(
        "copies: processor time a post",
        &format!("{:.2} µs", seconds * 1e6 / base.len() as f64),
        "≤ 10 µs",
    );
    line(
        &format!(
            "copies: bytes a unique text ({unique} of {}), of the texts",
            base.len()
        ),
        &format!("{:.0}", held as f64 / unique as f64),
        "≤ 300",
    );
    large(base);
    Ok(())
}

/// Many unique texts, so that what is held per text is not hidden by what is held anyway.
fn large(base: &[String]) {
    let config = Config {
        texts: 500_000,
        ..Config::default()
    };
    let mut copies = Copies::new(config);
    let mut random = Random::new(4);
    let words: Vec<&str> = base
        .iter()
        .take(4000)
        .flat_map(|t| t.split_whitespace())
        .collect();
    let texts: Vec<String> = (0..450_000)
        .map(|_| {
            (0..12)
                .map(|_| words[random.below(words.len())])
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let mut unique = 0;
    let mut feed = |from: usize, to: usize| {
        for (i, text) in texts.iter().enumerate().take(to).skip(from) {
            let placed = copies.place(&Post {
                key: i as u64,
                author: i as u64,
                platform: 0,
                at: 1_000_000,
                repost_of: None,
                text,
            });
            unique += usize::from(placed.how == How::First);
        }
    };
    // The last hundred thousand are timed, when nothing grows any more.
    feed(0, 350_000);
    let ((), seconds) = timed(|| feed(350_000, 450_000));
    line(
        &format!("copies, {unique} unique made-up texts: bytes a text"),
        &format!("{:.0}", copies.bytes() as f64 / unique as f64),
        "≤ 300",
    );
    line(
        "copies, the same: processor time a post",
        &format!("{:.2} µs", seconds * 10.0),
        "≤ 10 µs",
    );
}

type Probed = (f64, usize, usize, Vec<(usize, usize)>);

fn probe(base: &[String], groups: &[trends::copies::Placed], copies: &Copies) -> Probed {
    let mut random = Random::new(9);
    let words: Vec<&str> = base
        .iter()
        .take(4000)
        .flat_map(|t| t.split_whitespace())
        .collect();
    let long: Vec<usize> = (0..base.len()).filter(|i| plain(&base[*i]).len() >= 6).collect();
    let (mut hits, mut wrong, mut links) = (0, 0, 0);
    let mut by_edit = vec![(0, 0); EDITS.len()];
    let probes = 250;
    for _ in 0..probes {
        let source = long[random.below(long.len())];
        for (edit, tally) in by_edit.iter_mut().enumerate() {
            let text = edited(&base[source], edit, &words, &mut random);
            tally.1 += 1;
            let Some(placed) = copies.peek(&text, 1_000_000) else {
                continue;
            };
            links += 1;
            let same = placed.group == groups[source].group
                || likeness(&base[placed.group as usize], &base[source]) >= 0.7;
            if same {
                hits += 1;
                tally.0 += 1;
            } else {
                wrong += 1;
            }
        }
    }
    (hits as f64 / (probes * EDITS.len()) as f64, wrong, links, by_edit)
}

fn edited(text: &str, edit: usize, words: &[&str], random: &mut Random) -> String {
    let replace = |text: &str, random: &mut Random| {
        let mut list: Vec<&str> = text.split_whitespace().collect();
        let at = random.below(list.len());
        list[at] = words[random.below(words.len())];
        list.join(" ")
    };
    let pick = |random: &mut Random| {
        words[random.below(words.len())]
            .trim_start_matches(['#', '@'])
            .to_owned()
    };
    match edit {
        0 => format!("RT @user{}: {text}", random.below(9999)),
        1 => {
            let kept: Vec<&str> = text
                .split_whitespace()
                .filter(|w| !w.starts_with("http"))
                .collect();
            format!("{} https://t.co/{:x}", kept.join(" "), random.bits() >> 24)
        }
        2 => format!("{}!!!", text.replace(['.', ',', '!', '?'], "").to_uppercase()),
        3 => format!("{text} #{} #{}", pick(random), pick(random)),
        4 => {
            let list: Vec<&str> = text.split_whitespace().collect();
            let kept = (list.len() * 4 / 5).max(5).min(list.len());
            format!("{}…", list[..kept].join(" "))
        }
        5 => replace(text, random),
        6 => {
            let once = replace(text, random);
            replace(&once, random)
        }
        7 => format!(
            "{}{text}",
            ["BREAKING: ", "This! ", "So true: ", "Wow "][random.below(4)]
        ),
        _ => text.replacen('a', "а", 2).replacen('e', "е", 1),
    }
}

/// The words of a text without handles, and its links where it has nothing else, for the judge only.
fn plain(text: &str) -> KeySet<u64> {
    let own = |w: &&str| !w.starts_with("http") && !w.starts_with('@');
    let words: KeySet<u64> = text
        .split_whitespace()
        .filter(own)
        .flat_map(|w| w.split(|c: char| !c.is_alphanumeric()))
        .map(str::to_lowercase)
        .filter(|w| !w.is_empty() && w != "rt")
        .map(|w| trends::hash::text(&w))
        .collect();
    match words.is_empty() {
        true => text
            .split_whitespace()
            .filter(|w| w.starts_with("http"))
            .map(trends::hash::text)
            .collect(),
        false => words,
    }
}

fn likeness(a: &str, b: &str) -> f64 {
    let (a, b) = (plain(a), plain(b));
    let both = a.intersection(&b).count();
    both as f64 / (a.len() + b.len() - both).max(1) as f64
}
