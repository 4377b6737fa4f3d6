//! Planted bursts: labelled tweets of hidden topics, put among others in slots of which the truth is known.

use crate::clusters;
use crate::report::{line, timed};
use anyhow::Result;
use trends::bursts::{Bursts, Config, Post, Trend};
use trends::hash::KeyMap;
use trends::random::Random;
use trends::terms::Terms;

const SLOTS: i64 = 120;
const QUIET: i64 = 24;

/// Posts of a slot as (topic, text), and the topics that burst in it.
struct Slot {
    posts: Vec<(u32, String)>,
    bursting: Vec<u32>,
}

pub(crate) fn run() -> Result<()> {
    let Some(rows) = clusters::load() else {
        return Ok(());
    };
    let mut by_topic: KeyMap<u32, Vec<String>> = KeyMap::default();
    for (topic, text) in rows {
        by_topic.entry(topic).or_default().push(text);
    }
    let (mut r2, mut r5, mut f1, mut bursts, mut cost) = (0.0, 0.0, 0.0, 0, 0.0);
    let mut false_trends = 0;
    const SEEDS: u64 = 3;
    for seed in 0..SEEDS {
        let slots = plant(&by_topic, seed, true);
        let (found, seconds) = timed(|| detect(&slots, 0.0));
        let posts: usize = slots.iter().map(|s| s.posts.len()).sum();
        cost += seconds / posts as f64 / SEEDS as f64;
        let judged = judge(&slots, &found);
        r2 += judged.recall[0] / SEEDS as f64;
        r5 += judged.recall[1] / SEEDS as f64;
        f1 += judged.f1 / SEEDS as f64;
        bursts += judged.bursts;
        let calm = plant(&by_topic, 100 + seed, false);
        false_trends += detect(&calm, Config::default().strength).iter().flatten().count();
    }
    line(
        &format!("planted bursts of 5–9 among 260 posts ({bursts}): recall@2"),
        &format!("{r2:.3}"),
        "≥ 0.84",
    );
    line("planted bursts: recall@5", &format!("{r5:.3}"), "≥ 0.95");
    line(
        "planted bursts: F1 at the best threshold",
        &format!("{f1:.3}"),
        "≥ 0.80",
    );
    let days = (SLOTS - QUIET) as f64 / 96.0 * SEEDS as f64;
    line(
        "a stream without bursts: trends a day",
        &format!("{:.2}", false_trends as f64 / days),
        "≤ 1",
    );
    line(
        "trends: processor time a post",
        &format!("{:.1} µs", cost * 1e6),
        "of ≤ 60 µs",
    );
    Ok(())
}

fn plant(by_topic: &KeyMap<u32, Vec<String>>, seed: u64, bursts: bool) -> Vec<Slot> {
    let mut random = Random::new(seed);
    let mut topics: Vec<u32> = by_topic
        .iter()
        .filter(|(_, t)| t.len() >= 40)
        .map(|(t, _)| *t)
        .collect();
    topics.sort_unstable();
    random.shuffle(&mut topics);
    let (usual, hidden) = topics.split_at(topics.len() / 2);
    let weights: Vec<f64> = (0..usual.len()).map(|i| 1.0 / (i as f64 + 2.0)).collect();
    let total: f64 = weights.iter().sum();
    let mut out = Vec::new();
    for slot in 0..SLOTS {
        let mut posts = Vec::new();
        let draw = |topic: u32, random: &mut Random| {
            let texts = &by_topic[&topic];
            (topic, texts[random.below(texts.len())].clone())
        };
        for _ in 0..250 {
            let mut rest = random.share() * total;
            let at = weights.iter().position(|w| {
                rest -= w;
                rest <= 0.0
            });
            posts.push(draw(usual[at.unwrap_or(0)], &mut random));
        }
        for _ in 0..10 {
            let topic = hidden[random.below(hidden.len())];
            posts.push(draw(topic, &mut random));
        }
        let mut bursting = Vec::new();
        if bursts && slot >= QUIET {
            let mut order = hidden.to_vec();
            random.shuffle(&mut order);
            for &topic in order.iter().take(random.below(3)) {
                let size = 5 + random.below(5);
                posts.extend((0..size).map(|_| draw(topic, &mut random)));
                bursting.push(topic);
            }
        }
        random.shuffle(&mut posts);
        out.push(Slot { posts, bursting });
    }
    out
}

/// The trends of each slot.
fn detect(slots: &[Slot], strength: f64) -> Vec<Vec<Trend>> {
    let config = Config {
        width: 1 << 16,
        strength,
        ..Config::default()
    };
    let mut state = Bursts::new(config);
    let mut terms = Terms::new();
    let mut out = Vec::new();
    for (s, slot) in slots.iter().enumerate() {
        let begin = s as i64 * i64::from(config.slot);
        out.push(state.tick(begin));
        for (i, (_, text)) in slot.posts.iter().enumerate() {
            let key = (s as u64) << 16 | i as u64;
            terms.read(text);
            let post = Post {
                key,
                author: key,
                // Some texts are drawn twice: they are copies.
                group: trends::hash::text(text),
                at: begin,
                scope: 0,
            };
            state.observe(&post, &terms, begin);
        }
    }
    out.push(state.tick(slots.len() as i64 * i64::from(config.slot)));
    out.remove(0);
    out
}

struct Judged {
    recall: [f64; 2],
    f1: f64,
    bursts: usize,
}

/// A trend is right when at least half of the slot's posts with its first term are of a topic that bursts.
fn judge(slots: &[Slot], found: &[Vec<Trend>]) -> Judged {
    let (mut recalled, mut bursts) = ([0usize; 2], 0);
    let mut strengths = Vec::new();
    let mut terms = Terms::new();
    for (slot, trends) in slots.iter().zip(found).skip(QUIET as usize) {
        bursts += slot.bursting.len();
        let mut got: [Vec<u32>; 2] = Default::default();
        for (rank, trend) in trends.iter().take(5).enumerate() {
            let first = &trend.terms[0];
            let mut counts: KeyMap<u32, usize> = KeyMap::default();
            for (topic, text) in &slot.posts {
                terms.read(text);
                if terms
                    .list()
                    .iter()
                    .any(|t| t.kind == first.kind && terms.text(t) == first.text)
                {
                    *counts.entry(*topic).or_default() += 1;
                }
            }
            let all: usize = counts.values().sum();
            let most = counts.iter().max_by_key(|(topic, n)| (**n, **topic));
            let right = most.filter(|(topic, n)| slot.bursting.contains(topic) && **n * 2 >= all);
            strengths.push((first.strength, right.is_some()));
            if let Some((topic, _)) = right {
                for (k, got) in [2, 5].into_iter().zip(&mut got) {
                    if rank < k && !got.contains(topic) {
                        got.push(*topic);
                    }
                }
            }
        }
        for (sum, got) in recalled.iter_mut().zip(&got) {
            *sum += got.len();
        }
    }
    strengths.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut right = 0;
    let mut f1 = 0.0f64;
    for (i, (_, is)) in strengths.iter().enumerate() {
        right += usize::from(*is);
        let (precision, recall) = (
            right as f64 / (i + 1) as f64,
            (right as f64 / bursts as f64).min(1.0),
        );
        f1 = f1.max(2.0 * precision * recall / (precision + recall).max(1e-9));
    }
    Judged {
        recall: recalled.map(|r| r as f64 / bursts as f64),
        f1,
        bursts,
    }
}
