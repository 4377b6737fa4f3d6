//! Evaluation over a store and a control state, with the clock in the tests' hands.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::api::types::MonitorInput;
use crate::control::{AlertEvent, Content, DestinationSecrets, DestinationSettings, EventFilter, Outgoing};
use crate::detect::{Detail, Finding, FindingKind, Metric};
use crate::pipeline::Settings;
use ::sources::SourceEvent;
use post::{RawAuthor, RawPost};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Every post is another one.
static NEXT: AtomicU64 = AtomicU64::new(1);

struct Place {
    engine: Arc<Engine>,
    monitor: String,
    _dir: tempfile::TempDir,
}

impl Place {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = crate::config::parse("", Path::new("")).unwrap();
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
        let input: MonitorInput = serde_json::from_value(json!({"name": "Acme", "query": "acme"})).unwrap();
        let monitor = engine.control.create_monitor("default", &input).unwrap().id;
        engine
            .publish_monitors(std::slice::from_ref(&monitor))
            .await
            .unwrap();
        Self {
            engine,
            monitor,
            _dir: dir,
        }
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            engine: &self.engine,
            supervisor: None,
            public_url: Some("https://gs.example/"),
        }
    }

    /// Posts by different people at these times, once they are stored.
    async fn push(&self, times: &[Millis]) {
        let before = self.engine.store.snapshot().total().unwrap();
        let event = |at: &Millis| {
            let n = NEXT.fetch_add(1, Ordering::Relaxed);
            SourceEvent::Post(Box::new(RawPost {
                uid: Some(format!("test:{n}")),
                platform: Some("test".into()),
                text: format!("acme number {n}"),
                created_at: Some(jiff::Timestamp::from_millisecond(*at).unwrap().to_string()),
                author: Some(RawAuthor {
                    id: Some(format!("{n}")),
                    ..RawAuthor::default()
                }),
                ..RawPost::default()
            }))
        };
        let receipt = self
            .engine
            .intake
            .ingest("push", times.iter().map(event).collect())
            .await
            .unwrap();
        assert_eq!(receipt.refused, []);
        while self.engine.store.snapshot().total().unwrap() < before + times.len() as u64 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    fn alert(&self, definition: &Definition, begin: Millis) -> String {
        let state = State {
            since: begin,
            tick: begin,
            due: begin,
            generation: self.engine.store.generation(),
            ..State::default()
        };
        self.engine
            .control
            .create_alert("default", definition, &state)
            .unwrap()
            .id
    }

    fn pass(&self, now: Millis) {
        pass::pass(&self.ground(), now).unwrap();
    }

    /// What was told, the oldest first.
    fn events(&self, alert: &str) -> Vec<AlertEvent> {
        let filter = EventFilter {
            alert: Some(alert.to_owned()),
            open: false,
        };
        let mut events = self
            .engine
            .control
            .alert_events("default", &filter, None, 10_000)
            .unwrap();
        events.reverse();
        events
    }

    fn fired(&self, alert: &str) -> Vec<Fired> {
        self.events(alert).into_iter().map(|e| e.fired).collect()
    }

    fn outbox(&self) -> Vec<Outgoing> {
        self.engine.control.outgoing("default", None).unwrap()
    }

    fn destination(&self) -> String {
        let settings: DestinationSettings = serde_json::from_value(json!({"channel": "webhook"})).unwrap();
        let by = crate::control::AuditEvent::new(
            "local",
            crate::control::AccessRole::Admin,
            crate::control::Action::DestinationChanged,
        );
        let control = &self.engine.control;
        control
            .create_destination("default", "Hook", &settings, &DestinationSecrets::default(), &by)
            .unwrap()
            .id
    }

    async fn close(self) {
        let engine = self.engine.clone();
        tokio::task::spawn_blocking(move || engine.stop()).await.unwrap();
    }
}

fn definition(when: Value, more: Value) -> Definition {
    let mut whole = json!({"name": "A", "when": when});
    for (key, value) in more.as_object().unwrap() {
        whole[key] = value.clone();
    }
    serde_json::from_value(whole).unwrap()
}

/// Some hours ago, at a full hour.
fn begin() -> Millis {
    crate::clock::now().div_euclid(HOUR) * HOUR - 8 * HOUR
}

fn finding(place: &Place, id: &str, more: impl FnOnce(&mut Finding)) -> Finding {
    let mut finding = Finding {
        id: id.to_owned(),
        project: "default".to_owned(),
        monitor: Some(place.monitor.clone()),
        kind: FindingKind::Peak,
        from: begin(),
        until: begin() + HOUR,
        found_at: begin() + HOUR,
        strength: 6.0,
        is_past: false,
        detail: Detail::Series {
            metric: Metric::Mentions,
            value: 40.0,
            expected: 4.0,
            per_week: 0.1,
        },
    };
    more(&mut finding);
    finding
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_back_test_says_is_what_is_told_of_the_same_posts() {
    let place = Place::open().await;
    let begin = begin();
    // Uneven, with a burst and a pause of two hours.
    let mut times: Vec<Millis> = (0..110).map(|n| begin + n * n * 2_000 + n * 40_000).collect();
    times.extend((0..25).map(|n| begin + 3 * HOUR + n * 9_000));
    times.retain(|t| !(begin + 4 * HOUR..begin + 6 * HOUR).contains(t));
    place.push(&times).await;
    let until = begin + 7 * HOUR;
    let threshold = |against: Value| json!({"kind": "threshold", "measure": "mentions", "window": 30, "condition": {"side": "above", "against": against}});
    let definitions = [
        definition(threshold(json!({"value": 12})), json!({"cooldown": 25})),
        definition(
            threshold(json!({"value": 12})),
            json!({"cooldown": 0, "monitors": [place.monitor]}),
        ),
        definition(threshold(json!({"previous": 1.0})), json!({"min_sample": 4})),
        definition(json!({"kind": "silence", "window": 60}), json!({"min_sample": 3})),
        definition(
            json!({"kind": "digest", "every": "hour"}),
            json!({"min_sample": 5}),
        ),
    ];
    let would: Vec<Backtest> = definitions
        .iter()
        .map(|d| backtest(&place.ground(), "default", d, 2, until).unwrap())
        .collect();
    let alerts: Vec<String> = would
        .iter()
        .zip(&definitions)
        .map(|(would, d)| place.alert(d, would.from))
        .collect();
    for minute in (0..=7 * 60).step_by(7) {
        place.pass(begin + minute * MINUTE);
    }
    place.pass(until + 20_000);
    for (alert, would) in alerts.iter().zip(&would) {
        let mut told = place.fired(alert);
        assert_eq!(told.len() as u64, would.alerts, "{would:?} {told:?}");
        assert!(would.alerts > 0, "{would:?}");
        told.reverse();
        told.truncate(would.newest.len());
        assert_eq!(told, would.newest);
    }
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mentions_are_told_as_a_back_test_says_and_never_twice() {
    let place = Place::open().await;
    let begin = begin();
    let definition = definition(
        json!({"kind": "every_mention"}),
        json!({"cooldown": 20, "min_sample": 2}),
    );
    let alert = place.alert(&definition, begin);
    for minute in 0..90 {
        // Posts of this minute are there at its end.
        if [0, 1, 2, 30, 31, 33, 60, 61, 62, 63].contains(&minute) {
            place.push(&[begin + minute * MINUTE + 5_000]).await;
        }
        place.pass(begin + (minute + 1) * MINUTE);
        place.pass(begin + (minute + 1) * MINUTE);
    }
    let would = backtest(&place.ground(), "default", &definition, 2, begin + 90 * MINUTE).unwrap();
    let what = |f: &Fired| (f.at, f.count);
    let told: Vec<_> = place.fired(&alert).iter().map(what).collect();
    let minute = |m: i64| begin + m * MINUTE;
    assert_eq!(
        told,
        [(minute(2), 2), (minute(31), 2), (minute(51), 2), (minute(71), 4)]
    );
    assert_eq!(would.newest.iter().rev().map(what).collect::<Vec<_>>(), told);
    // A month that comes at once is no news.
    let old: Vec<Millis> = (0..50).map(|n| begin - 2 * DAY - n * HOUR).collect();
    place.push(&old).await;
    place.pass(minute(200));
    assert_eq!(place.fired(&alert).len(), 4);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn findings_are_told_once_as_rare_as_wanted_and_never_those_of_the_past() {
    let place = Place::open().await;
    let control = &place.engine.control;
    let begin = begin();
    let peaks = json!({"kind": "peak", "per_week": 0.5});
    let alert = place.alert(
        &definition(peaks.clone(), json!({"cooldown": 0, "min_sample": 10})),
        begin,
    );
    let cooled = place.alert(&definition(peaks, json!({"cooldown": 60})), begin);
    let topics = place.alert(&definition(json!({"kind": "new_topic"}), json!({})), begin);
    let elsewhere = "p_none".to_owned();
    control
        .put_findings(&[
            finding(&place, "a", |_| {}),
            finding(&place, "past", |f| f.is_past = true),
            finding(&place, "frequent", |f| {
                f.detail = Detail::Series {
                    metric: Metric::Mentions,
                    value: 40.0,
                    expected: 4.0,
                    per_week: 2.0,
                };
            }),
            finding(&place, "few", |f| {
                f.detail = Detail::Series {
                    metric: Metric::NewAuthors,
                    value: 6.0,
                    expected: 0.5,
                    per_week: 0.1,
                };
            }),
            finding(&place, "other", |f| f.project = elsewhere),
            finding(&place, "topic", |f| {
                f.kind = FindingKind::NewTopic;
                f.detail = Detail::Topic {
                    topic: "t_1".into(),
                    words: vec!["battery".into()],
                    posts: 8,
                    mentions: vec!["00000000000000ff".into()],
                };
            }),
        ])
        .unwrap();
    for minute in 0..5 {
        place.pass(begin + 2 * HOUR + minute * MINUTE);
    }
    let ids =
        |alert: &str| -> Vec<String> { place.fired(alert).into_iter().filter_map(|f| f.finding).collect() };
    assert_eq!(ids(&alert), ["a"]);
    assert_eq!(ids(&cooled), ["a"], "the other came within the cooldown");
    assert_eq!(ids(&topics), ["topic"]);
    assert_eq!(place.fired(&topics)[0].title, "Acme: New topic: battery");
    assert_eq!(
        place
            .engine
            .control
            .alert("default", &cooled)
            .unwrap()
            .state
            .cooled,
        1
    );
    // Found again, it is the same one; a new one is told.
    control
        .put_findings(&[finding(&place, "a", |_| {}), finding(&place, "b", |_| {})])
        .unwrap();
    place.pass(begin + 4 * HOUR);
    assert_eq!(
        (ids(&alert), ids(&cooled)),
        (vec!["a".into(), "b".into()], vec!["a".into(), "b".into()])
    );
    let wanted = definition(json!({"kind": "peak", "per_week": 0.5}), json!({"cooldown": 0}));
    place.push(&[begin]).await;
    let would = backtest(&place.ground(), "default", &wanted, 2, begin + 6 * HOUR).unwrap();
    assert_eq!(would.alerts, 4, "those of the past count, too: {would:?}");
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_quiet_hours_is_told_at_their_end_in_one_message() {
    let place = Place::open().await;
    let begin = begin();
    let hour = |at: Millis| (at.div_euclid(HOUR) % 24) as u8;
    let quiet = json!({"hours": {"from": hour(begin), "until": hour(begin + 3 * HOUR)}});
    let to = place.destination();
    let more = json!({"cooldown": 0, "quiet": quiet, "recipients": [to], "severity": "critical"});
    let alert = place.alert(&definition(json!({"kind": "every_mention"}), more), begin);
    for minute in [10, 50] {
        place.push(&[begin + minute * MINUTE]).await;
        place.pass(begin + minute * MINUTE + 1);
    }
    assert_eq!(
        place
            .events(&alert)
            .iter()
            .map(|e| e.told.as_str())
            .collect::<Vec<_>>(),
        ["held", "held"]
    );
    place.pass(begin + 3 * HOUR - 1);
    assert!(place.outbox().is_empty());
    place.pass(begin + 3 * HOUR);
    place.pass(begin + 3 * HOUR + 1);
    let outbox = place.outbox();
    let Content::Telling(telling) = &outbox[0].content else {
        panic!("{outbox:?}");
    };
    assert_eq!((outbox.len(), telling.items.len()), (1, 2));
    assert_eq!(telling.subject(), "[critical] A: 2 alerts");
    let link = telling.items[0].link.as_deref().unwrap();
    assert!(
        link.starts_with("https://gs.example/alerts?project=default&event=ev_"),
        "{link}"
    );
    // By day it is told at once; while the alert is mute nobody is.
    place.push(&[begin + 3 * HOUR]).await;
    place.pass(begin + 3 * HOUR + 2_000);
    assert_eq!(place.outbox().len(), 2);
    let control = &place.engine.control;
    control
        .mute_alert("default", &alert, Some(begin + 5 * HOUR))
        .unwrap();
    place.push(&[begin + 4 * HOUR]).await;
    place.pass(begin + 4 * HOUR + 2_000);
    assert_eq!((place.outbox().len(), place.events(&alert).len()), (2, 4));
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_and_a_pause_of_the_program_raise_no_alarm() {
    let place = Place::open().await;
    let begin = begin();
    place
        .push(&(0..60).map(|n| begin + n * MINUTE).collect::<Vec<_>>())
        .await;
    let silence = place.alert(
        &definition(json!({"kind": "silence", "window": 30}), json!({})),
        begin,
    );
    let control = &place.engine.control;
    // The sources were last heard with the last post: the program did not run then.
    let slot = |at, seen| crate::control::CoverageSlot {
        at,
        width: MINUTE,
        seen,
        lag_p50: None,
        lag_p95: None,
        refused: Default::default(),
        live: MINUTE,
    };
    for minute in 0..60 {
        control
            .add_coverage("push", &slot(begin + minute * MINUTE, 1))
            .unwrap();
    }
    place.pass(begin + 5 * HOUR);
    assert!(
        place.fired(&silence).is_empty(),
        "nothing was heard, so nothing is known"
    );
    place.pass(begin + 365 * DAY);
    place.pass(begin + 6 * HOUR);
    assert!(place.fired(&silence).is_empty());
    let state = control.alert("default", &silence).unwrap().state;
    assert!(
        state.tick < begin + 7 * HOUR,
        "it goes on from where the clock was set back to"
    );

    // With the sources heard and nobody talking it is told.
    let heard = place.alert(
        &definition(json!({"kind": "silence", "window": 30}), json!({})),
        begin,
    );
    control
        .add_coverage("push", &slot(begin + 80 * MINUTE, 5))
        .unwrap();
    place.pass(begin + 2 * HOUR);
    assert_eq!(place.fired(&heard).len(), 1);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_falls_silent_is_told_once() {
    let place = Place::open().await;
    let begin = begin();
    let control = &place.engine.control;
    let when = json!({"kind": "silent_source", "sources": ["bluesky"], "window": 30});
    let definition = definition(when, json!({"cooldown": 0}));
    for minute in 0..180 {
        let seen = if minute < 60 { 3 } else { 0 };
        let slot = crate::control::CoverageSlot {
            at: begin + minute * MINUTE,
            width: MINUTE,
            seen,
            lag_p50: None,
            lag_p95: None,
            refused: Default::default(),
            live: MINUTE,
        };
        control.add_coverage("bluesky", &slot).unwrap();
    }
    let alert = place.alert(&definition, begin);
    for minute in 0..200 {
        place.pass(begin + minute * MINUTE);
    }
    let told = place.fired(&alert);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (told[0].at, told[0].subject.as_deref()),
        (begin + 90 * MINUTE, Some("bluesky"))
    );
    let would = backtest(&place.ground(), "default", &definition, 1, begin + 180 * MINUTE).unwrap();
    assert_eq!(would.newest, told);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_definition_that_was_changed_meanwhile_is_not_written_over() {
    let place = Place::open().await;
    let begin = begin();
    let every = definition(json!({"kind": "every_mention"}), json!({"cooldown": 0}));
    let alert = place.alert(&every, begin);
    let control = &place.engine.control;
    let old = control.alert("default", &alert).unwrap();
    control
        .update_alert("default", &alert, &every, &old.state)
        .unwrap();
    let done = crate::control::Evaluated {
        row: &old,
        state: State::default(),
        events: Vec::new(),
        seen: Vec::new(),
        messages: Vec::new(),
        fault: None,
    };
    assert!(!control.put_evaluated(&done).unwrap());
    assert_eq!(control.alert("default", &alert).unwrap().state, old.state);
    place.close().await;
}
