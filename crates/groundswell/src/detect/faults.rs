//! Faults of clocks, sources and processes, through a store, a control state and the walk that is run live, with the clock
//! in the tests' hands: none of them is an alarm.
#![allow(clippy::unwrap_used)]

use super::finding::{Detail, Finding, FindingKind, Metric};
use super::run::Told;
use super::watch::Project;
use super::{BIN, DAY};
use crate::api::types::MonitorInput;
use crate::control::{CoverageSlot, FindingFilter, HOUR};
use crate::pipeline::{Engine, Settings};
use ::sources::SourceEvent;
use post::{RawAuthor, RawPost};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use trends::random::Random;

const DAYS: i64 = 4;

/// A post: its number, when it was written, what it says.
type Made = (u64, i64, String);
/// A finding: its kind, begin, end and value.
type Found = (FindingKind, i64, i64, i64);

struct Site {
    engine: Arc<Engine>,
    monitor: String,
    project: Project,
    begin: i64,
    seen: BTreeSet<u64>,
    _dir: tempfile::TempDir,
}

impl Site {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = crate::config::parse("[scoring]\nsure_percent = 0", Path::new("")).unwrap();
        let settings = Settings {
            retention: Default::default(),
            data: dir.path().to_owned(),
            store: None,
            kafka: None,
            journal: config.journal,
            policy: config.privacy,
            scoring: config.scoring,
            onnx: Vec::new(),
            postgres: None,
            threads: 1,
        };
        let start = move || Engine::start(&settings, crate::weights::embedded().unwrap(), |_, _| {}).unwrap();
        let engine = tokio::task::spawn_blocking(start).await.unwrap();
        let input: MonitorInput =
            serde_json::from_value(json!({"name": "Kettle", "query": "kettle"})).unwrap();
        let monitor = engine.control.create_monitor("default", &input).unwrap().id;
        engine
            .publish_monitors(std::slice::from_ref(&monitor))
            .await
            .unwrap();
        // A Monday: what is made up, and so what chance finds in it, is the same on whatever day the test runs.
        let now = crate::clock::now() / 1000;
        let monday = |at: i64| at - (at + 3 * DAY).rem_euclid(7 * DAY);
        Self {
            engine,
            monitor,
            project: Project::default(),
            begin: monday(now - (DAYS + 2) * DAY),
            seen: BTreeSet::new(),
            _dir: dir,
        }
    }

    fn end(&self) -> i64 {
        self.begin + DAYS * DAY
    }

    /// Some posts a bin, by the hour of the day.
    fn quiet(&self, from: i64, until: i64, seed: u64) -> Vec<Made> {
        let mut random = Random::new(seed);
        let mut all = Vec::new();
        for at in (from..until).step_by(BIN as usize) {
            let hour = at.rem_euclid(DAY) as f64 / 3_600.0;
            let mean = 1.5 + (hour / 24.0 * std::f64::consts::TAU).sin();
            let (mut n, mut product) = (0u64, random.share());
            while product > (-mean).exp() {
                n += 1;
                product *= random.share();
            }
            for i in 0..n {
                let number = (seed << 32) | ((at as u64 % (1 << 24)) << 4) | i;
                all.push((
                    number,
                    at + i as i64 * 7,
                    format!("the kettle and my tea, day {number}"),
                ));
            }
        }
        all
    }

    /// An hour of many, half a day before the end.
    fn burst(&self) -> Vec<Made> {
        let at = self.end() - DAY / 2;
        let one = |n: i64| {
            (
                1 << 50 | n as u64,
                at + n * 18,
                format!("kettle recall, what now, {n}"),
            )
        };
        (0..200).map(one).collect()
    }

    /// Takes them in as they stand, and lets the detectors hear of them.
    async fn push(&mut self, posts: &[Made]) -> Told {
        let mut told = Told::default();
        for chunk in posts.chunks(500) {
            let event = |(number, at, text): &Made| {
                let time = |at: i64| Some(jiff::Timestamp::from_second(at).unwrap().to_string());
                SourceEvent::Post(Box::new(RawPost {
                    uid: Some(format!("test:{number}")),
                    platform: Some("test".into()),
                    text: text.clone(),
                    created_at: time(*at),
                    seen_at: time(*at + 2),
                    author: Some(RawAuthor {
                        id: Some(format!("a{}", trends::hash::mix(*number) % 3_000)),
                        ..RawAuthor::default()
                    }),
                    ..RawPost::default()
                }))
            };
            let receipt = self
                .engine
                .intake
                .ingest("push", chunk.iter().map(event).collect())
                .await
                .unwrap();
            assert_eq!(receipt.refused, []);
        }
        for (number, at, _) in posts {
            if self.seen.insert(*number) {
                *told.hours.entry(at.div_euclid(3_600)).or_default() += 1;
                told.lags.truncate(50);
                told.lags.push(2);
            }
        }
        while self.engine.store.snapshot().total().unwrap() < self.seen.len() as u64 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        told
    }

    /// What the thread of the detectors does at `now`, until there is nothing to do.
    async fn visit(&mut self, told: Told, now: i64) {
        while !self.engine.control.open_backfills().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut told = told;
        // A walk from the beginning waits a little for more of the past to come.
        for later in [0, 20, 40] {
            while self
                .project
                .visit("default", &self.engine, std::mem::take(&mut told), now + later)
                .unwrap()
            {}
        }
    }

    /// Live: posts of `[from, until)` as they come, an hour at a time.
    async fn live(&mut self, posts: &[Made], from: i64, until: i64) {
        for hour in (from..until).step_by(6 * 3_600) {
            let end = (hour + 6 * 3_600).min(until);
            let now: Vec<Made> = posts
                .iter()
                .filter(|p| (hour..end).contains(&p.1))
                .cloned()
                .collect();
            let told = self.push(&now).await;
            self.visit(told, end + 200).await;
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let rows = self
            .engine
            .control
            .findings("default", &FindingFilter::default(), None, 500)
            .unwrap();
        rows.into_iter().map(|r| r.finding).collect()
    }

    /// Peaks, silences and the like of the counts of mentions: kind, begin, end, value.
    fn series(&self) -> Vec<Found> {
        let of = |f: Finding| match f.detail {
            Detail::Series {
                metric: Metric::Mentions,
                value,
                ..
            } => Some((f.kind, f.from, f.until, value as i64)),
            _ => None,
        };
        let mut all: Vec<Found> = self.findings().into_iter().filter_map(of).collect();
        all.sort_unstable();
        all
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_alarms_nobody_and_tells_nothing_twice() {
    let mut site = Site::open().await;
    let (begin, end) = (site.begin, site.end());
    let mut posts = site.quiet(begin, end + DAY / 2, 31);
    posts.extend(site.burst());
    site.live(&posts, begin, end).await;
    let before = site.series();
    assert_eq!(before.len(), 1, "{before:?}");
    // Two hours back, and on again: the posts of these hours were there before.
    site.visit(Told::default(), end - 2 * 3_600).await;
    site.visit(Told::default(), end - 3_600).await;
    site.live(&posts, end, end + DAY / 2).await;
    assert_eq!(site.series(), before);
}

#[tokio::test]
async fn posts_out_of_order_and_doubled_are_what_they_are_in_order() {
    let mut ordered = Site::open().await;
    let (begin, end) = (ordered.begin, ordered.end());
    let mut posts = ordered.quiet(begin, end, 32);
    posts.extend(ordered.burst());
    ordered.live(&posts, begin, end).await;
    let expected = ordered.series();
    assert!(!expected.is_empty());

    let mut mixed = Site::open().await;
    mixed.begin = begin;
    for hour in (begin..end).step_by(6 * 3_600) {
        let span = hour..hour + 6 * 3_600;
        let mut now: Vec<Made> = posts.iter().filter(|p| span.contains(&p.1)).cloned().collect();
        now.sort_by_key(|p| trends::hash::mix(p.0));
        let again: Vec<Made> = now.iter().step_by(2).cloned().collect();
        let mut told = mixed.push(&now).await;
        let doubled = mixed.push(&again).await;
        told.hours.extend(doubled.hours);
        mixed.visit(told, span.end + 200).await;
    }
    assert_eq!(mixed.series(), expected);
}

#[tokio::test]
async fn a_day_without_a_source_is_no_news_and_a_day_of_true_silence_is_one() {
    for heard in [false, true] {
        let mut site = Site::open().await;
        let (begin, end) = (site.begin, site.end());
        let silent = begin + 2 * DAY + DAY / 2..begin + 3 * DAY + DAY / 2;
        for hour in (begin..end).step_by(3_600) {
            let on = heard || !silent.contains(&hour);
            let slot = CoverageSlot {
                at: hour * 1000,
                width: HOUR,
                seen: if on { 1_000 } else { 0 },
                live: if on { HOUR } else { 0 },
                ..CoverageSlot::default()
            };
            site.engine.control.add_coverage("stream", &slot).unwrap();
        }
        let posts = site.quiet(begin, end, 33);
        let posts: Vec<Made> = posts.into_iter().filter(|p| !silent.contains(&p.1)).collect();
        site.live(&posts, begin, end).await;
        let kinds: Vec<FindingKind> = site.series().iter().map(|f| f.0).collect();
        match heard {
            false => assert_eq!(kinds, [], "nobody listened"),
            true => assert_eq!(kinds, [FindingKind::Silence]),
        }
    }
}

#[tokio::test]
async fn a_source_that_fills_in_weeks_at_once_alarms_nobody() {
    let mut site = Site::open().await;
    let (begin, end) = (site.begin, site.end());
    let posts = site.quiet(begin, end, 34);
    site.live(&posts, begin, begin + 3 * DAY).await;
    assert_eq!(site.series(), []);
    // Ten days before the first post, all at once.
    let past = site.quiet(begin - 10 * DAY, begin, 38);
    let told = site.push(&past).await;
    site.visit(told, begin + 3 * DAY + 400).await;
    site.visit(Told::default(), begin + 3 * DAY + 1_000).await;
    site.live(&posts, begin + 3 * DAY, end).await;
    // What is found in the past again, with more to compare it with, is marked as past: nobody is alerted to it.
    let is_news = |f: &Finding| {
        let of_mentions = matches!(
            f.detail,
            Detail::Series {
                metric: Metric::Mentions,
                ..
            }
        );
        of_mentions && !f.is_past
    };
    let news: Vec<Finding> = site.findings().into_iter().filter(is_news).collect();
    assert_eq!(news, []);
}

#[tokio::test]
async fn a_monitor_that_is_edited_in_mid_window_alarms_nobody() {
    let mut site = Site::open().await;
    let (begin, end) = (site.begin, site.end());
    let posts = site.quiet(begin, end, 35);
    let middle = begin + 3 * DAY + 1_000;
    site.live(&posts, begin, middle).await;
    // From now on it brings ten times as much, and its past is searched for that.
    let more: Vec<Made> = posts
        .iter()
        .flat_map(|(n, at, _)| {
            (0..9).map(move |c| (1 << 52 | n << 4 | c, at + c as i64, format!("a teapot {n} {c}")))
        })
        .collect();
    let input: MonitorInput =
        serde_json::from_value(json!({"name": "Kettle", "query": "kettle OR teapot"})).unwrap();
    site.engine.control.update_monitor(&site.monitor, &input).unwrap();
    let monitor = site.monitor.clone();
    site.engine.publish_monitors(&[monitor]).await.unwrap();
    site.visit(Told::default(), middle + 300).await;
    let both = [posts, more].concat();
    site.live(&both, middle, end).await;
    assert_eq!(site.series(), []);
}

#[tokio::test]
async fn detectors_that_are_killed_in_mid_burst_find_what_they_would_have_found() {
    let mut whole = Site::open().await;
    let (begin, end) = (whole.begin, whole.end());
    let mut posts = whole.quiet(begin, end, 36);
    posts.extend(whole.burst());
    whole.live(&posts, begin, end).await;
    let expected = whole.series();
    assert_eq!(expected.len(), 1, "{expected:?}");

    let mut cut = Site::open().await;
    cut.begin = begin;
    let middle = end - DAY / 2 + 1_800;
    cut.live(&posts, begin, middle).await;
    // Nothing is saved at the end; what was read since the last writing is read again.
    cut.project = Project::default();
    let rest = middle - (middle - begin).rem_euclid(6 * 3_600);
    let told: Vec<Made> = posts
        .iter()
        .filter(|p| p.1 >= middle && p.1 < rest + 6 * 3_600)
        .cloned()
        .collect();
    let told = cut.push(&told).await;
    cut.visit(told, rest + 6 * 3_600 + 200).await;
    cut.live(&posts, rest + 6 * 3_600, end).await;
    assert_eq!(cut.series(), expected);
}
