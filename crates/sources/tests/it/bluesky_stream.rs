//! Following a stream that misbehaves.

use crate::support::shared::shared;
use crate::support::sockets::{Act, Server};
use serde_json::json;
use sources::{Context, Delivery, Health, HealthSnapshot, SourceEvent, State, find};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

const T0: u64 = 1_780_000_000_000_000;

fn post(n: u64) -> Act {
    let record = json!({"$type": "app.bsky.feed.post", "text": format!("post {n}"), "createdAt": "2026-05-28T20:26:40Z"});
    Act::Text(commit(n, "create", "app.bsky.feed.post", record).to_string())
}

fn commit(n: u64, operation: &str, collection: &str, record: serde_json::Value) -> serde_json::Value {
    json!({"did": "did:plc:ann", "time_us": T0 + n * 1000, "kind": "commit",
           "commit": {"rev": "r", "operation": operation, "collection": collection, "rkey": format!("k{n}"), "record": record}})
}

fn text(value: serde_json::Value) -> Act {
    Act::Text(value.to_string())
}

struct Following {
    received: mpsc::Receiver<Delivery>,
    health: Arc<Health>,
    stop: watch::Sender<bool>,
    running: JoinHandle<Result<(), sources::SourceError>>,
    server: Server,
}

async fn follow_with(scripts: Vec<Vec<Act>>, more: &str, cursor: Option<&str>) -> Following {
    let server = Server::start(scripts).await;
    let config = format!("url = {:?}\n{more}", server.url);
    let source = (find("bluesky").unwrap().configure)(config.parse().unwrap()).unwrap();
    let (out, received) = mpsc::channel(4);
    let (stop, shutdown) = watch::channel(false);
    let health = Arc::new(Health::default());
    let context = Context {
        cursor: cursor.map(str::to_owned),
        health: health.clone(),
        ..Context::plain(out, shutdown)
    };
    Following {
        received,
        health,
        stop,
        running: tokio::spawn(source.run(sources::Task::Follow, context)),
        server,
    }
}

async fn follow(scripts: Vec<Vec<Act>>) -> Following {
    follow_with(scripts, "", None).await
}

impl Following {
    async fn next(&mut self) -> Delivery {
        timeout(Duration::from_secs(20), self.received.recv())
            .await
            .expect("a delivery in time")
            .expect("a source that runs")
    }

    /// Waits for so many events or refusals.
    async fn take(&mut self, wanted: usize) -> (Vec<SourceEvent>, Vec<&'static str>, Option<String>) {
        let (mut events, mut refused, mut cursor) = (Vec::new(), Vec::new(), None);
        while events.len() + refused.len() < wanted {
            let delivery = self.next().await;
            events.extend(delivery.events);
            refused.extend(delivery.refused.into_iter().map(|r| r.code));
            cursor = delivery.cursor;
        }
        (events, refused, cursor)
    }

    async fn until(&self, mut condition: impl FnMut(HealthSnapshot) -> bool) -> HealthSnapshot {
        for _ in 0..2000 {
            if condition(self.health.snapshot()) {
                return self.health.snapshot();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never came to it: {:?}", self.health.snapshot());
    }

    async fn stop(self) {
        self.stop.send(true).unwrap();
        timeout(Duration::from_secs(20), self.running)
            .await
            .expect("a stop in time")
            .unwrap()
            .unwrap();
        assert_eq!(self.health.snapshot().state, State::Done);
    }

    fn targets(&self) -> Vec<String> {
        self.server.targets.lock().unwrap().clone()
    }
}

fn uid(event: &SourceEvent) -> &str {
    match event {
        SourceEvent::Post(post) => post
            .uid
            .as_deref()
            .and_then(|u| u.rsplit('/').next())
            .expect("a uid"),
        SourceEvent::AuthorGone { author_id, .. } => author_id,
    }
}

fn uids(events: &[SourceEvent]) -> Vec<&str> {
    events.iter().map(uid).collect()
}

#[tokio::test]
async fn posts_come_in_order_with_the_cursor_and_batches_are_full() {
    let mut script: Vec<Act> = (1..=450).map(post).collect();
    script.push(Act::Stay);
    let mut following = follow(vec![script]).await;
    let first = following.next().await;
    assert_eq!(
        (first.events.len(), first.cursor),
        (200, Some((T0 + 200_000).to_string()))
    );
    let (rest, _, cursor) = following.take(250).await;
    assert_eq!(
        (uids(&rest)[0], uids(&rest)[249], cursor),
        ("k201", "k450", Some((T0 + 450_000).to_string()))
    );
    assert_eq!(
        following.targets(),
        ["/subscribe?wantedCollections=app.bsky.feed.post"]
    );
    let health = following.until(|h| h.posts == 450).await;
    assert_eq!((health.state, health.connects), (State::Live, 1));
    assert!(health.lag_ms.is_some() && health.last_at.is_some());
    following.stop().await;
}

#[tokio::test]
async fn a_cut_connection_is_resumed_five_seconds_before_the_cursor() {
    let first = vec![post(1), post(2), Act::Cut];
    let second = vec![post(1), post(2), post(3), Act::Stay];
    let mut following = follow(vec![first, second]).await;
    let (events, _, cursor) = following.take(5).await;
    assert_eq!(
        uids(&events),
        ["k1", "k2", "k1", "k2", "k3"],
        "the rewind repeats uids, for the app to fold"
    );
    assert_eq!(cursor, Some((T0 + 3000).to_string()));
    let resumed = format!(
        "/subscribe?wantedCollections=app.bsky.feed.post&cursor={}",
        T0 + 2000 - 5_000_000
    );
    assert_eq!(following.targets()[1], resumed);
    assert_eq!(following.health.snapshot().connects, 2);
    following.stop().await;
}

#[tokio::test]
async fn a_stored_cursor_is_resumed_and_a_broken_one_starts_now() {
    let mut following = follow_with(
        vec![vec![post(9), Act::Stay]],
        "wanted_dids = [\"did:plc:ann\"]",
        Some(&T0.to_string()),
    )
    .await;
    following.take(1).await;
    let target = format!(
        "/subscribe?wantedCollections=app.bsky.feed.post&wantedDids=did:plc:ann&cursor={}",
        T0 - 5_000_000
    );
    assert_eq!(following.targets(), [target]);
    following.stop().await;
    let mut following = follow_with(vec![vec![post(9), Act::Stay]], "", Some("yesterday")).await;
    following.take(1).await;
    assert_eq!(
        following.targets(),
        ["/subscribe?wantedCollections=app.bsky.feed.post"]
    );
    following.stop().await;
}

#[tokio::test]
async fn malformed_binary_and_long_frames_are_counted_and_do_not_end_it() {
    let long = json!({"text": "x".repeat(1_100_000)});
    let script = vec![
        post(1),
        Act::Text("{\"did\":\"did:plc:ann\",\"time_us\":17".to_owned()),
        Act::Binary(vec![0x28, 0xb5, 0x2f, 0xfd, 0]),
        text(commit(2, "create", "app.bsky.feed.post", long)),
        text(commit(3, "create", "app.bsky.feed.like", json!({}))),
        text(json!({"did": "did:plc:ann", "time_us": T0, "kind": "novelty", "novelty": {}})),
        text(
            json!({"did": "did:plc:bob", "time_us": T0, "kind": "account", "account": {"active": false, "status": "deleted"}}),
        ),
        text(commit(4, "delete", "app.bsky.feed.post", serde_json::Value::Null)),
        text(commit(
            5,
            "create",
            "app.bsky.feed.repost",
            json!({"subject": {"uri": "at://x/app.bsky.feed.post/y"}}),
        )),
        Act::Ping,
        post(6),
        Act::Stay,
    ];
    let mut following = follow(vec![script]).await;
    let (events, refused, _) = following.take(7).await;
    assert_eq!(
        uids(&events),
        ["k1", "did:plc:bob", "k4", "k6"],
        "the repost was not asked for"
    );
    assert_eq!(refused, ["malformed", "binary", "too_long"]);
    let health = following.until(|h| h.posts == 3).await;
    assert_eq!((health.refused, health.ignored, health.connects), (3, 3, 1));
    following.stop().await;
}

#[tokio::test]
async fn reposts_come_where_they_are_wanted() {
    let repost = text(commit(
        5,
        "create",
        "app.bsky.feed.repost",
        json!({"subject": {"uri": "at://x/app.bsky.feed.post/y"}}),
    ));
    let both = "wanted_collections = [\"app.bsky.feed.post\", \"app.bsky.feed.repost\"]";
    let mut following = follow_with(vec![vec![repost, Act::Stay]], both, None).await;
    assert_eq!(uids(&following.take(1).await.0), ["k5"]);
    assert_eq!(
        following.targets(),
        ["/subscribe?wantedCollections=app.bsky.feed.post&wantedCollections=app.bsky.feed.repost"]
    );
    following.stop().await;
}

#[tokio::test]
async fn refused_handshakes_and_immediate_closes_are_waited_out() {
    let scripts = vec![
        vec![Act::Refuse(
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n",
        )],
        vec![Act::Refuse("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")],
        vec![Act::Refuse("what?")],
        vec![Act::Cut],
        vec![post(1), Act::Stay],
    ];
    let mut following = follow(scripts).await;
    let waiting = following.until(|h| h.state == State::Waiting).await;
    assert!(waiting.error.as_deref().unwrap().contains("503"), "{waiting:?}");
    assert!(waiting.retry_at.is_some());
    assert_eq!(uids(&following.take(1).await.0), ["k1"]);
    let health = following.health.snapshot();
    assert_eq!(
        (health.state, health.error, health.retry_at),
        (State::Live, None, None)
    );
    following.stop().await;
}

#[tokio::test]
async fn a_server_that_asks_for_time_gets_it() {
    let busy = Act::Refuse("HTTP/1.1 429 Too Many Requests\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n");
    let following = follow(vec![vec![busy]]).await;
    let before = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis() as i64;
    let waiting = following.until(|h| h.state == State::Waiting).await;
    assert!(waiting.retry_at.unwrap() >= before + 119_000, "{waiting:?}");
    following.stop().await;
}

#[tokio::test]
async fn a_silent_connection_is_probed_then_made_anew() {
    let quiet = vec![post(1), Act::Stay];
    let dead = vec![post(1), Act::PlayDead];
    let mut following = follow_with(vec![dead, quiet], "idle_seconds = 0.1", None).await;
    assert_eq!(uids(&following.take(2).await.0), ["k1", "k1"]);
    // The second server says nothing more but answers pings: the connection is kept.
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(following.targets().len(), 2);
    following.stop().await;
}

#[tokio::test]
async fn an_unreadable_frame_does_not_hold_it_up_for_ever() {
    // A text frame of two bytes that are not UTF-8.
    let poison = || {
        vec![
            post(1),
            Act::Pause(Duration::from_millis(20)),
            Act::Raw(vec![0x81, 0x02, 0xff, 0xfe]),
            Act::Pause(Duration::from_secs(1)),
        ]
    };
    let mut following = follow(vec![poison(), poison(), vec![post(7), Act::Stay]]).await;
    let (events, refused, _) = following.take(5).await;
    assert_eq!((uids(&events), refused.len()), (vec!["k1", "k1", "k7"], 2));
    let targets = following.targets();
    assert!(
        targets[1].contains("cursor=") && !targets[2].contains("cursor="),
        "{targets:?}"
    );
    following.stop().await;
}

#[tokio::test]
async fn a_slow_app_holds_the_stream_back_and_loses_nothing() {
    let mut script: Vec<Act> = (1..=3000).map(post).collect();
    script.push(Act::Stay);
    let mut following = follow(vec![script]).await;
    following.until(|h| h.posts >= 800).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(
        following.health.snapshot().posts <= 1000,
        "the channel holds four batches"
    );
    let (events, _, _) = following.take(3000).await;
    let expected: Vec<String> = (1..=3000).map(|n| format!("k{n}")).collect();
    assert_eq!(uids(&events), expected);
    following.stop().await;
}

#[tokio::test]
async fn nobody_there_is_waited_for_with_a_reason() {
    let server = Server::start(vec![vec![Act::Cut]]).await;
    let source =
        (find("bluesky").unwrap().configure)("endpoints = [\"ws://127.0.0.1:1\"]".parse().unwrap()).unwrap();
    let (out, received) = mpsc::channel(4);
    let (stop, shutdown) = watch::channel(false);
    let health = Arc::new(Health::default());
    let running = tokio::spawn(source.run(
        sources::Task::Follow,
        Context {
            cursor: None,
            health: health.clone(),
            ..Context::plain(out, shutdown)
        },
    ));
    let following = Following {
        received,
        health,
        stop,
        running,
        server,
    };
    let waiting = following.until(|h| h.state == State::Waiting).await;
    assert!(
        waiting
            .error
            .unwrap()
            .contains("ws://127.0.0.1:1/subscribe: cannot connect")
    );
    following.stop().await;
}

#[tokio::test]
async fn recorded_frames_are_followed() {
    let Some(path) = shared("fixtures/bluesky/jetstream__golden_v1.jsonl") else {
        return;
    };
    let mut script: Vec<Act> = std::fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|l| Act::Text(l.to_owned()))
        .collect();
    script.push(Act::Stay);
    let mut following = follow(vec![script]).await;
    let (events, refused, cursor) = following.take(1).await;
    assert_eq!((uids(&events), refused.len()), (vec!["3mmoojp4cd223"], 0));
    assert_eq!(
        cursor.as_deref(),
        Some("1779719010689411"),
        "the latest time, whatever the order of the frames"
    );
    assert_eq!(following.until(|h| h.ignored == 9).await.refused, 0);
    following.stop().await;
}
