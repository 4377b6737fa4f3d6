//! Peaks with a planted cause, and a real one.

use crate::report::{line, timed};
use crate::{clusters, input};
use anyhow::Result;
use trends::explain::{Explanation, Item, explain};
use trends::hash::{self, KeyMap};
use trends::random::Random;
use trends::terms::Terms;

pub(crate) fn run() -> Result<()> {
    planted();
    real();
    Ok(())
}

/// The texts of topics; the term that tells each of them best from all others is its cause.
fn planted() {
    let Some(rows) = clusters::load() else { return };
    let mut by_topic: KeyMap<u32, Vec<String>> = KeyMap::default();
    for (topic, text) in rows {
        by_topic.entry(topic).or_default().push(text);
    }
    let mut topics: Vec<u32> = by_topic
        .iter()
        .filter(|(_, t)| t.len() >= 40)
        .map(|(t, _)| *t)
        .collect();
    topics.sort_unstable();
    let (mut named, mut adds, mut of) = (0, 0, 0);
    let mut seconds = 0.0;
    for seed in 0..100u64 {
        let mut random = Random::new(seed);
        let mut order = topics.clone();
        random.shuffle(&mut order);
        let (cause, usual) = (order[0], &order[1..]);
        let draw = |topic: u32, random: &mut Random| {
            let texts = &by_topic[&topic];
            (topic, texts[random.below(texts.len())].as_str())
        };
        let posts = |n: usize, random: &mut Random| {
            (0..n)
                .map(|_| draw(usual[random.below(30)], random))
                .collect::<Vec<(u32, &str)>>()
        };
        let before = posts(1200, &mut random);
        let mut inside = posts(300, &mut random);
        inside.extend((0..150 + random.below(250)).map(|_| draw(cause, &mut random)));
        random.shuffle(&mut inside);
        let items = |posts: &[(u32, &'_ str)]| -> Vec<(u64, u32, String)> {
            posts
                .iter()
                .enumerate()
                .map(|(i, (t, x))| (i as u64, *t, (*x).to_owned()))
                .collect()
        };
        let (inside, before) = (items(&inside), items(&before));
        let (explained, took) = timed(|| explain(&as_items(&inside, 0), &as_items(&before, 1 << 32), 4.0));
        seconds += took / 100.0;
        let telling = telling(&by_topic, cause);
        of += 1;
        named += usize::from(explained.terms.iter().take(3).any(|t| telling.contains(&t.text)));
        adds += usize::from(adds_up(&explained));
    }
    line(
        "peaks with a planted cause: its term among the first three",
        &format!("{:.2}", f64::from(named as u32) / f64::from(of)),
        "≥ 0.90",
    );
    line(
        "peaks: all shares add up to 100 %",
        &format!("{adds} of {of}"),
        &format!("all ({:.0} ms each)", seconds * 1e3),
    );
}

fn as_items(posts: &[(u64, u32, String)], from: u64) -> Vec<Item<'_>> {
    let item = |(key, topic, text): &'_ (u64, u32, String)| -> Item<'static> {
        Item {
            key: from + key,
            author: from + key,
            at: *key as i64,
            platform: key % 3,
            tier: key % 5,
            group: hash::text(text),
            topic: u64::from(*topic),
            language: 0,
            place: key % 7,
            repost_of: None,
            sentiment: Some((key % 3) as u8),
            text: "",
        }
    };
    posts
        .iter()
        .map(|p| Item {
            text: &p.2,
            ..item(p)
        })
        .collect()
}

/// The three terms that tell a topic best from the others, by log-odds over all its texts.
fn telling(by_topic: &KeyMap<u32, Vec<String>>, topic: u32) -> Vec<String> {
    let mut counts: KeyMap<u64, (f64, f64, String)> = KeyMap::default();
    let mut terms = Terms::new();
    let (mut own, mut all) = (0.0, 0.0);
    for (t, texts) in by_topic {
        for text in texts {
            terms.read(text);
            all += 1.0;
            own += f64::from(u8::from(*t == topic));
            for term in terms.list() {
                let entry = counts.entry(term.key).or_default();
                entry.1 += 1.0;
                if *t == topic {
                    entry.0 += 1.0;
                    if entry.2.is_empty() {
                        entry.2 = terms.text(term);
                    }
                }
            }
        }
    }
    let mut scored: Vec<(f64, String)> = counts
        .into_values()
        .filter(|(a, _, _)| *a >= 3.0)
        .map(|(a, n, text)| (a * (a / own / (n / all)).ln(), text))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(3).map(|(_, t)| t).collect()
}

fn adds_up(explained: &Explanation) -> bool {
    explained.parts.iter().all(|p| {
        let sum: f64 = p.parts.iter().filter_map(|p| p.share).sum();
        (sum - 1.0).abs() < 1e-9
    })
}

/// The busiest five minutes of a recorded evening against the half-hour before.
fn real() {
    let Some(rows) = input::rows("streams/mayweather_mcgregor_2017/all.jsonl.gz") else {
        return;
    };
    let mut posts: Vec<(i64, u64, &str)> = Vec::new();
    for row in &rows {
        let time = row["created"].as_str().unwrap_or_default().replace(' ', "T");
        let Ok(time) = time.parse::<jiff::civil::DateTime>() else {
            continue;
        };
        let Ok(time) = time.to_zoned(jiff::tz::TimeZone::UTC) else {
            continue;
        };
        let author = hash::text(row["user"].as_str().unwrap_or_default());
        posts.push((
            time.timestamp().as_second(),
            author,
            row["text"].as_str().unwrap_or_default(),
        ));
    }
    posts.sort_unstable();
    let mut copies = trends::copies::Copies::new(trends::copies::Config::default());
    let items: Vec<Item> = posts
        .iter()
        .enumerate()
        .map(|(i, (at, author, text))| {
            let placed = copies.place(&trends::copies::Post {
                key: i as u64,
                author: *author,
                platform: 0,
                at: *at,
                repost_of: None,
                text,
            });
            Item {
                key: i as u64,
                author: *author,
                at: *at,
                platform: 0,
                tier: 0,
                group: placed.group,
                topic: 0,
                language: 0,
                place: 0,
                repost_of: None,
                sentiment: None,
                text,
            }
        })
        .collect();
    const MINUTES: i64 = 300;
    let mut counts: std::collections::BTreeMap<i64, usize> = std::collections::BTreeMap::new();
    items
        .iter()
        .for_each(|i| *counts.entry(i.at / MINUTES).or_default() += 1);
    // The last peak with half an hour before it.
    let first = items.first().map_or(0, |i| i.at / MINUTES);
    let Some((peak, _)) = counts
        .iter()
        .filter(|(t, _)| **t >= first + 6)
        .max_by_key(|(_, n)| **n)
    else {
        return;
    };
    let within = |from: i64, to: i64| -> Vec<Item> {
        items
            .iter()
            .filter(|i| (from..to).contains(&(i.at / MINUTES)))
            .copied()
            .collect()
    };
    let explained = explain(&within(*peak, peak + 1), &within(peak - 6, *peak), 6.0);
    let terms: Vec<&str> = explained.terms.iter().take(5).map(|t| t.text.as_str()).collect();
    line(
        "a recorded evening's busiest 5 minutes: posts, of which beyond expected",
        &format!("{}, {:.0}", explained.posts, explained.excess),
        &format!("its terms: {}", terms.join(", ")),
    );
}
