//! What the whole stage costs.

use crate::copies;
use crate::report::{line, timed};
use anyhow::Result;
use trends::automation::{self, Account};
use trends::bursts::{self, Bursts};
use trends::coordination::{self, Coordination, Share};
use trends::copies::{Copies, How};
use trends::hash::{self, KeyMap};
use trends::peaks::{Config, Direction, Meter, Scale, Series};
use trends::relevance::{self, Features, Input, Model};
use trends::terms::Terms;
use trends::topics::{self, Topics};

/// Monitors × metrics.
const SERIES: usize = 80_000;

pub(crate) fn run() -> Result<()> {
    stage();
    memory();
    Ok(())
}

/// Real posts through everything that looks at every mention.
fn stage() {
    let Some(texts) = copies::texts() else { return };
    let mut copies = Copies::new(trends::copies::Config::default());
    let mut bursts = Bursts::new(bursts::Config::default());
    let mut topics = Topics::new(topics::Config::default());
    let mut coordination = Coordination::new(coordination::Config::default());
    let mut accounts: KeyMap<u64, Account> = KeyMap::default();
    let mut meters: Vec<Meter> = (0..4).map(|_| Meter::new(300, 2)).collect();
    let model = Model::new(relevance::Config::default());
    let (mut terms, mut features) = (Terms::new(), Features::new());
    let begin = 1_700_000_000;
    let mut topical = 0;
    let ((), seconds) = timed(|| {
        for (i, text) in texts.iter().enumerate() {
            let (key, author, now) = (i as u64, i as u64 % 5000, begin + i as i64);
            let placed = copies.place(&trends::copies::Post {
                key,
                author,
                platform: 0,
                at: now,
                repost_of: None,
                text,
            });
            terms.read(text);
            bursts.tick(now);
            let post = bursts::Post {
                key,
                author,
                group: placed.group,
                at: now,
                scope: 0,
            };
            bursts.observe(&post, &terms, now);
            topical += u64::from(topics.assign(key, Some(placed.group), &terms).is_some());
            let share = Share {
                account: author,
                object: placed.group,
                post: key,
                at: now,
            };
            coordination.observe(share, now);
            accounts.entry(author).or_default().observe(&automation::Post {
                at: now,
                copies_other: placed.how != How::First,
                ..automation::Post::default()
            });
            for meter in &mut meters {
                meter.add(now, 1.0, now);
                meter.tick(now, true, |_| {});
            }
            let input = Input {
                text,
                author: hash::mix(author),
                ..Input::default()
            };
            let vector = features.read(&input, relevance::Config::default().bits);
            topical += u64::from(model.probability(&vector) > 0.5);
        }
    });
    assert!(topical > 0);
    line(
        "the whole stage: processor time a mention",
        &format!("{:.1} µs", seconds * 1e6 / texts.len() as f64),
        "≤ 60 µs",
    );
}

/// The memory of all series, as the system counts it.
fn memory() {
    let config = Config::new(Scale::Count, Direction::Up, 300);
    let before = resident();
    let mut series: Vec<Series> = (0..SERIES).map(|_| Series::new()).collect();
    let ((), seconds) = timed(|| {
        for bin in 0..12 {
            for (i, s) in series.iter_mut().enumerate() {
                s.push(
                    bin * 300,
                    Some((hash::mix(i as u64 + bin as u64) % 20) as f64),
                    &config,
                );
            }
        }
    });
    let held = resident().saturating_sub(before);
    line(
        "10,000 monitors × 8 metrics: memory",
        &format!("{} MB", held.max((series[0].bytes() * SERIES / 1_000_000) as u64)),
        "≤ 100 MB",
    );
    line(
        "one bin of one series: processor time",
        &format!("{:.2} µs", seconds * 1e6 / (12 * SERIES) as f64),
        "",
    );
}

/// Resident memory in MB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS"));
    let kilobytes = line
        .and_then(|l| l.split_whitespace().nth(1))
        .and_then(|n| n.parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}
