//! Bluesky: the second stream protocol, gaps and what fetches them, the past, looking posts up again.

use crate::support::http::{Answer, Asked, Mock};
use crate::support::running::{Running, Start, start, uids};
use crate::support::sockets::{Act, Server};
use post::{Event, RawPost};
use serde_json::{Value, json};
use sources::bluesky::{Item, decode};
use sources::{Past, Sought, SourceEvent, State, Task, Wanted};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Some hours before now, in µs.
fn hours_ago(hours: u64) -> u64 {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    now.as_micros() as u64 - hours * 3_600_000_000
}

/// As servers write it.
fn rfc3339(us: u64) -> String {
    format!("{:.6}", jiff::Timestamp::from_microsecond(us as i64).unwrap())
}

fn v1(key: &str, time_us: u64) -> Act {
    Act::Text(
        json!({"did": "did:plc:ann", "time_us": time_us, "kind": "commit", "commit": {"operation": "create",
               "collection": "app.bsky.feed.post", "rkey": key, "record": {"text": key}}})
        .to_string(),
    )
}

fn v2(kind: &str, seq: u64, more: Value) -> Value {
    let mut payload = json!({"$type": format!("network.bsky.jetstream.subscribeEvents#{kind}"), "seq": seq,
                             "did": "did:plc:ann", "time": "2026-11-25T20:00:00.000007Z"});
    payload
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({"$type": "message", "payload": payload})
}

fn commit(seq: u64, operation: &str, key: &str) -> Value {
    v2(
        "commit",
        seq,
        json!({"rev": "r", "operation": operation, "collection": "app.bsky.feed.post", "rkey": key, "record": {"text": key}}),
    )
}

#[test]
fn pitfall_05_both_cursors_deletes_without_a_record_and_odd_keys() {
    let read = |frame: &Value| decode(&frame.to_string()).unwrap();
    let made = read(&commit(12, "create", "a::b"));
    assert_eq!((made.seq, made.time_us), (Some(12), Some(1_795_636_800_000_007)));
    let Item::Post(_, post) = made.item else { panic!() };
    assert_eq!(
        post.uid.as_deref(),
        Some("bluesky:at://did:plc:ann/app.bsky.feed.post/a::b")
    );
    let mut delete = commit(13, "delete", "k");
    delete["payload"].as_object_mut().unwrap().remove("record");
    let Item::Post(_, post) = read(&delete).item else {
        panic!()
    };
    assert_eq!(post.event, Event::Delete);
    let mut foreign = commit(14, "create", "k");
    foreign["payload"]["collection"] = json!("org.hypercerts.claim.activity");
    assert!(matches!(read(&foreign).item, Item::Ignored));
    let gone = v2(
        "account",
        15,
        json!({"account": {"active": false, "status": "deleted"}}),
    );
    assert!(matches!(read(&gone).item, Item::AuthorGone(did) if did == "did:plc:ann"));
    for kind in ["identity", "sync", "novelty"] {
        assert!(
            matches!(read(&v2(kind, 16, json!({}))).item, Item::Ignored),
            "{kind}"
        );
    }
    let info = json!({"$type": "message", "payload": {"$type": "network.bsky.jetstream.subscribeEvents#info", "name": "OutdatedCursor"}});
    assert!(matches!(read(&info).item, Item::Outdated));
    let error = json!({"$type": "error", "error": "ConsumerTooSlow", "message": "secret words"});
    assert!(matches!(read(&error).item, Item::Ended(name) if name == "ConsumerTooSlow"));
    let odd = json!({"$type": "error", "error": "Secret words!", "message": ""});
    assert!(matches!(read(&odd).item, Item::Ended(name) if name == "an error"));
    // Today's v1 adds its own number, which is not a time.
    let v1 = json!({"did": "did:plc:ann", "time_us": 5, "cursor": 9, "kind": "identity"});
    assert_eq!((read(&v1).time_us, read(&v1).seq), (Some(5), None));
    assert!(
        decode("{\"$type\":\"message\",\"payload\":{\"$type\":\"x#commit\",\"did\":\"did:plc:a\"}}").is_err()
    );
}

async fn follow(scripts: Vec<Vec<Act>>, more: &str, with: Start) -> (Server, Running) {
    let server = Server::start(scripts).await;
    let running = start("bluesky", &format!("url = {:?}\n{more}", server.url), with);
    (server, running)
}

fn from(cursor: String) -> Start {
    Start {
        cursor: Some(cursor),
        ..Start::default()
    }
}

fn targets(server: &Server) -> Vec<String> {
    server.targets.lock().unwrap().clone()
}

#[tokio::test]
async fn v2_resumes_at_the_servers_own_number() {
    let text = |v: Value| Act::Text(v.to_string());
    let slow = text(json!({"$type": "error", "error": "ConsumerTooSlow", "message": "m"}));
    let scripts = vec![
        vec![
            text(commit(7, "create", "a")),
            text(commit(8, "create", "b")),
            slow,
        ],
        vec![
            text(commit(8, "create", "b")),
            text(commit(9, "create", "c")),
            Act::Stay,
        ],
    ];
    let (server, mut running) = follow(
        scripts,
        "api = \"v2\"\nwanted_dids = [\"did:plc:ann\"]",
        Start::default(),
    )
    .await;
    let found = running.take(4).await;
    let path = "/xrpc/network.bsky.jetstream.subscribeEvents?kinds=commit&kinds=account&collections=app.bsky.feed.post&dids=did:plc:ann";
    assert_eq!(
        targets(&server),
        [path.to_owned(), format!("{path}&cursor=8")],
        "inclusive"
    );
    let cursor = found.cursor.unwrap();
    assert!(
        cursor.starts_with("1795636800000007;9;ws://127.0.0.1"),
        "{cursor}"
    );
    running.stop().await;

    // Another server's numbers are others: there a time is asked for.
    let (server, mut running) = follow(
        vec![vec![text(commit(3, "create", "d")), Act::Stay]],
        "api = \"v2\"",
        from(cursor),
    )
    .await;
    running.take(1).await;
    assert!(targets(&server)[0].ends_with(&format!("&cursor={}", 1_795_636_800_000_007_u64 - 5_000_000)));
    running.stop().await;
}

const TOO_OLD: &str = "HTTP/1.1 400 Bad Request\r\ncontent-length: 43\r\n\r\n{\"error\":\"CursorTooOld\",\"message\":\"floor 9\"}";

#[tokio::test]
async fn a_number_too_old_becomes_a_time_and_the_gap_is_said() {
    let text = |v: Value| Act::Text(v.to_string());
    let left = hours_ago(60);
    let floor = hours_ago(30);
    let mut late = commit(90, "create", "z");
    late["payload"]["time"] = json!(rfc3339(floor));
    let info = json!({"$type": "message", "payload": {"$type": "x#info", "name": "OutdatedCursor"}});
    let server = Server::start(vec![
        vec![Act::Refuse(TOO_OLD)],
        vec![text(info), text(late), Act::Stay],
    ])
    .await;
    let address = format!("{}/xrpc/network.bsky.jetstream.subscribeEvents", server.url);
    let with = from(format!("{left};5;{address}"));
    let mut running = start("bluesky", &format!("url = {:?}\napi = \"v2\"", server.url), with);
    running.take(1).await;
    let asked = targets(&server);
    assert!(
        asked[1].ends_with(&format!("cursor={}", left - 5_000_000)),
        "{asked:?}"
    );
    let gap = gap(&running).await;
    assert_eq!(
        (gap.from, gap.until),
        ((left / 1000) as i64, (floor / 1000) as i64)
    );
    assert!(!gap.repaired && gap.reason.contains("no longer keeps"), "{gap:?}");
    running.stop().await;
}

async fn gap(running: &Running) -> sources::Gap {
    loop {
        if let Some(gap) = running.health.sample().gaps.pop() {
            return gap;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn view(key: &str, at: &str) -> Value {
    json!({"uri": format!("at://did:plc:ann/app.bsky.feed.post/{key}"), "cid": "c", "likeCount": 4,
           "author": {"did": "did:plc:ann", "handle": "ann.example"}, "indexedAt": at,
           "record": {"$type": "app.bsky.feed.post", "text": key, "createdAt": at},
           "embed": {"record": {"uri": "at://did:plc:bob/app.bsky.feed.post/q", "value": {"text": "quoted"}}}})
}

fn acme() -> Vec<Wanted> {
    vec![Wanted {
        id: "m".to_owned(),
        sought: Sought::Word("acme".to_owned()),
    }]
}

#[tokio::test]
async fn what_a_server_no_longer_keeps_is_searched_for() {
    let (left, floor) = (hours_ago(60), hours_ago(36));
    let mock = Mock::start(|asked: &Asked| {
        assert_eq!(
            (asked.path(), asked.param("q").as_deref()),
            ("/xrpc/app.bsky.feed.searchPosts", Some("acme"))
        );
        Answer::json(json!({"posts": [view("missed", "2026-11-24T00:00:00Z")], "hitsTotal": 1}))
    })
    .await;
    let with = Start {
        wanted: acme(),
        ..from(left.to_string())
    };
    let (_server, mut running) = follow(
        vec![vec![v1("kept", floor), Act::Stay]],
        &format!("search_url = {:?}", mock.url),
        with,
    )
    .await;
    let found = running.take(2).await;
    let keys: BTreeSet<String> = uids(&found.events);
    assert!(
        keys.iter().any(|k| k.ends_with("/missed")) && keys.iter().any(|k| k.ends_with("/kept")),
        "{keys:?}"
    );
    let gap = gap(&running).await;
    assert!(
        gap.repaired && gap.from == (left / 1000) as i64 && gap.until == (floor / 1000) as i64,
        "{gap:?}"
    );
    let asked = mock.asked();
    assert!(asked[0].param("since").is_some() && asked[0].param("until").is_some());
    running.stop().await;
}

#[tokio::test]
async fn a_short_interruption_and_a_quiet_author_are_no_gap() {
    let left = hours_ago(1);
    let (_server, mut running) = follow(
        vec![vec![v1("a", left), Act::Cut], vec![v1("b", left + 9), Act::Stay]],
        "",
        from(left.to_string()),
    )
    .await;
    running.take(2).await;
    assert_eq!(running.health.sample().gaps, []);
    running.stop().await;
    let quiet = "wanted_dids = [\"did:plc:ann\"]";
    let (_server, mut running) = follow(
        vec![vec![v1("a", hours_ago(0)), Act::Stay]],
        quiet,
        from(hours_ago(5).to_string()),
    )
    .await;
    running.take(1).await;
    assert_eq!(running.health.sample().gaps, []);
    running.stop().await;
}

/// Whatever happens to a connection: all four posts come, under four names.
#[tokio::test]
async fn faults_of_the_stream_lose_nothing() {
    let now = hours_ago(0);
    let post = |n: u64| v1(&format!("k{n}"), now + n);
    let rest = || vec![post(1), post(2), post(3), post(4), Act::Stay];
    let refuse = |answer: &'static str| vec![Act::Refuse(answer)];
    let faults: Vec<Vec<Act>> = vec![
        vec![Act::Cut],
        vec![post(1), Act::Cut],
        vec![post(1), post(2), Act::Raw(vec![0x81, 0x7e, 0x10]), Act::Cut],
        vec![post(1), Act::Raw(vec![0x81, 0x02, 0xff, 0xfe]), Act::Cut],
        vec![
            post(1),
            Act::Text(String::new()),
            Act::Text("<!doctype html>".to_owned()),
            post(2),
            Act::Cut,
        ],
        vec![post(2), post(1), post(2), post(1), Act::Cut],
        vec![post(1), Act::Binary(vec![1, 2, 3]), Act::Cut],
        vec![post(1), Act::PlayDead],
        refuse("HTTP/1.1 429 Too Many Requests\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n"),
        refuse("HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n"),
        refuse("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n"),
        refuse(
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: Wed, 25 Nov 2026 12:00:00 GMT\r\ncontent-length: 0\r\n\r\n",
        ),
        refuse("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>"),
        refuse("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n"),
        refuse("nonsense\r\n\r\n"),
    ];
    let tried = faults.len();
    for (number, fault) in faults.into_iter().enumerate() {
        let (_server, mut running) =
            follow(vec![fault, rest()], "idle_seconds = 0.1", Start::default()).await;
        let mut found = BTreeSet::new();
        while found.len() < 4 {
            let next = running
                .next()
                .await
                .unwrap_or_else(|| panic!("fault {number}: only {found:?}"));
            found.extend(uids(&next.events));
        }
        assert_eq!(found.len(), 4, "fault {number}");
        running.stop().await;
    }
    println!("| contract | bluesky | {tried} faults survived, nothing lost or doubled |");
}

fn past(estimate: bool, sought: Sought) -> Start {
    Start {
        wanted: vec![Wanted {
            id: "m".to_owned(),
            sought,
        }],
        task: Task::Past(Past {
            from: 1_764_000_000_000,
            until: 1_764_000_999_999,
            estimate,
        }),
        ..Start::default()
    }
}

/// 250 posts, four a second, newest first; without a login the API's own cursor is refused.
fn searched(asked: &Asked) -> Answer {
    assert_eq!(asked.param("cursor"), None);
    let ms = |key: &str| post::parse_time(&asked.param(key).unwrap()).unwrap();
    let (since, until) = (ms("since"), ms("until"));
    let limit: usize = asked.param("limit").unwrap().parse().unwrap();
    let all: Vec<(u64, i64)> = (0..250)
        .map(|n| (n, 1_764_000_000_000 + (n as i64) * 250))
        .collect();
    let hits: Vec<Value> = all
        .iter()
        .rev()
        .filter(|(_, at)| (since..until).contains(at))
        .map(|(n, at)| view(&format!("p{n}"), &rfc3339(*at as u64 * 1000)))
        .collect();
    let mut answer = json!({"posts": hits[..hits.len().min(limit)], "hitsTotal": hits.len()});
    if hits.len() > limit {
        answer["cursor"] = json!("100");
    }
    Answer::json(answer)
        .with("ratelimit-remaining", "2999")
        .with("ratelimit-reset", "1795636800")
}

#[tokio::test]
async fn the_past_is_searched_without_a_login_page_by_page_and_estimated_first() {
    let mock = Mock::start(searched).await;
    let config = format!("search_url = {:?}", mock.url);
    let word = || Sought::Word("acme".to_owned());
    let mut running = start("bluesky", &config, past(true, word()));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let estimate = running.report.snapshot().estimate.unwrap();
    assert_eq!(
        (found.events.len(), estimate.posts, estimate.requests),
        (0, Some(250), Some(3))
    );

    let mut running = start("bluesky", &config, past(false, word()));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(uids(&found.events).len(), 250);
    let covered = running.report.snapshot().covered;
    assert!(covered.len() == 1 && covered[0].whole, "{covered:?}");
    assert_eq!(running.health.snapshot().allowed, Some(2999));
    let SourceEvent::Post(post) = &found.events[0] else {
        panic!()
    };
    assert_eq!(
        (post.quoted_text.as_deref(), post.counts.likes),
        (Some("quoted"), Some(4))
    );
}

#[tokio::test]
async fn wishes_are_written_in_the_search_language_and_what_cannot_be_asked_is_said() {
    let mock = Mock::start(searched).await;
    let config = format!("search_url = {:?}", mock.url);
    let all = Sought::All(vec![
        Sought::Phrase(vec!["big".to_owned(), "news".to_owned()]),
        Sought::Hashtag("acme".to_owned()),
        Sought::From("ann.example".to_owned()),
        Sought::Link("https://acme.example/x".to_owned()),
        Sought::Lang("de".to_owned()),
        Sought::Not(Box::new(Sought::Word("job".to_owned()))),
    ]);
    let mut running = start("bluesky", &config, past(true, all));
    running.rest().await.1.unwrap();
    let q = mock.asked()[0].param("q").unwrap();
    let mut terms: Vec<&str> = q.split(' ').collect();
    terms.sort_unstable();
    assert_eq!(
        terms,
        [
            "\"big",
            "#acme",
            "domain:acme.example",
            "from:ann.example",
            "lang:de",
            "news\""
        ]
    );
    for unaskable in [Sought::Lang("de".to_owned()), Sought::Prefix("acm".to_owned())] {
        let mut running = start("bluesky", &config, past(false, unaskable));
        running.rest().await.1.unwrap();
        let report = running.report.snapshot();
        assert!(
            report.lines[0].contains("cannot be searched") && !report.covered[0].whole,
            "{report:?}"
        );
    }
    assert_eq!(mock.asked().len(), 1);
}

#[tokio::test]
async fn a_login_is_kept_and_renewed() {
    let logins = Arc::new(AtomicUsize::new(0));
    let counted = logins.clone();
    let mock = Mock::start(move |asked: &Asked| {
        let bearer = asked.headers.get("authorization").map(String::as_str);
        match asked.path() {
            "/xrpc/com.atproto.server.createSession" => {
                counted.fetch_add(1, Ordering::Relaxed);
                assert_eq!(asked.body, json!({"identifier": "ann.example", "password": "app-pass"}).to_string());
                Answer::json(json!({"accessJwt": "old", "refreshJwt": "r1", "did": "did:plc:ann", "handle": "ann.example"}))
            }
            "/xrpc/com.atproto.server.refreshSession" => {
                assert_eq!(bearer, Some("Bearer r1"));
                Answer::json(json!({"accessJwt": "new", "refreshJwt": "r2"}))
            }
            _ if bearer == Some("Bearer new") => searched(asked),
            _ => Answer::text(400, "application/json", "{\"error\":\"ExpiredToken\",\"message\":\"Token has expired\"}"),
        }
    })
    .await;
    let config = format!(
        "pds_url = {:?}\nidentifier = \"ann.example\"\napp_password = \"app-pass\"",
        mock.url
    );
    let keep: Arc<dyn sources::keep::Keep> = Arc::new(sources::keep::Memory::default());
    for _ in 0..2 {
        let with = Start {
            keep: keep.clone(),
            ..past(false, Sought::Word("acme".to_owned()))
        };
        let mut running = start("bluesky", &config, with);
        let (found, ended) = running.rest().await;
        ended.unwrap();
        assert_eq!(uids(&found.events).len(), 250);
    }
    assert_eq!(logins.load(Ordering::Relaxed), 1);
    assert_eq!(keep.get("bluesky.refresh").as_deref(), Some("r2"));
}

#[tokio::test]
async fn posts_are_looked_up_25_at_a_time() {
    let mock = Mock::start(|asked: &Asked| {
        assert_eq!(asked.path(), "/xrpc/app.bsky.feed.getPosts");
        let count = asked.target.matches("uris=").count();
        assert!(count <= 25, "{count}");
        let there = asked
            .target
            .contains("post%2Fk0&")
            .then(|| view("k0", "2026-11-24T00:00:00Z"));
        Answer::json(json!({"posts": there.into_iter().collect::<Vec<_>>()}))
    })
    .await;
    let mut all: Vec<String> = (0..30)
        .map(|n| format!("bluesky:at://did:plc:ann/app.bsky.feed.post/k{n}"))
        .collect();
    all.push("bluesky:at://did:plc:ann/app.bsky.feed.repost/k".to_owned());
    all.push("x:1".to_owned());
    let with = Start {
        task: Task::Recheck(all),
        ..Start::default()
    };
    let mut running = start("bluesky", &format!("search_url = {:?}", mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let post = |e: &SourceEvent| match e {
        SourceEvent::Post(post) => (**post).clone(),
        SourceEvent::AuthorGone { .. } => panic!(),
    };
    let told: Vec<RawPost> = found.events.iter().map(post).collect();
    assert_eq!((told.len(), mock.asked().len()), (30, 2));
    assert_eq!(
        (told[0].event, told[0].counts.likes),
        (Event::Engagement, Some(4))
    );
    assert!(told[1..].iter().all(|p| p.event == Event::Delete));
}

#[tokio::test]
async fn a_test_says_what_flows_and_delivers_nothing() {
    let mock = Mock::start(|_| Answer::status(403)).await;
    let with = Start {
        task: Task::Test,
        pace: 1.0,
        ..Start::default()
    };
    let (_server, mut running) = follow(
        vec![vec![v1("a", hours_ago(0)), Act::Stay]],
        &format!("search_url = {:?}", mock.url),
        with,
    )
    .await;
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    let lines = running.report.snapshot().lines;
    assert_eq!(lines[0], "the stream flows");
    assert!(
        lines[1].contains("cannot be searched for without a login"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_skipped_stretch_is_a_gap() {
    let before = hours_ago(2);
    let poison = || {
        vec![
            v1("a", before),
            Act::Pause(Duration::from_millis(20)),
            Act::Raw(vec![0x81, 0x02, 0xff, 0xfe]),
            Act::Pause(Duration::from_secs(1)),
        ]
    };
    let (_server, mut running) = follow(
        vec![poison(), poison(), vec![v1("z", hours_ago(0)), Act::Stay]],
        "",
        Start::default(),
    )
    .await;
    running.until(|h| h.connects == 3 && h.state == State::Live).await;
    running.take(5).await;
    let gap = gap(&running).await;
    assert!(
        gap.reason.contains("could not be read") && !gap.repaired,
        "{gap:?}"
    );
    running.stop().await;
}

#[test]
fn pitfall_15_counts_of_a_stream_are_not_known() {
    let Act::Text(frame) = v1("a", 1) else { panic!() };
    let Item::Post(_, post) = decode(&frame).unwrap().item else {
        panic!()
    };
    assert_eq!(post.counts, post::Counts::default());
}
