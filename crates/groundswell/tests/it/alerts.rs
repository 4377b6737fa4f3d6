//! Alerts: made of what comes in, told once, to a webhook and a mail server on this machine.

use crate::mail::{MailServer, Manner, with_mail};
use crate::responding::{BASE, posted};
use crate::server::{Server, config};
use groundswell::control::{BudgetReading, Control};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// A request as it came: its head and its body.
#[derive(Clone, Debug)]
struct Call {
    head: String,
    body: String,
}

impl Call {
    fn header(&self, name: &str) -> String {
        let line = self
            .head
            .lines()
            .find(|l| l.to_lowercase().starts_with(&format!("{name}:")));
        line.map(|l| l[name.len() + 1..].trim().to_owned())
            .unwrap_or_default()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A server of ours that answers with these statuses in turn, the last one from then on. `0` is silence.
struct Hook {
    address: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Hook {
    fn open(answers: &[(u16, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/hook/s3cr3t-path", listener.local_addr().unwrap());
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let kept = calls.clone();
        let answers: Vec<(u16, String)> = answers.iter().map(|(s, m)| (*s, (*m).to_owned())).collect();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, answers) = (kept.clone(), answers.clone());
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    let mut head = String::new();
                    while reader.read_line(&mut head).unwrap_or(0) > 2 {}
                    let call = Call {
                        head,
                        body: String::new(),
                    };
                    let mut body = vec![0; call.header("content-length").parse().unwrap_or(0)];
                    reader.read_exact(&mut body).unwrap();
                    let body = String::from_utf8(body).unwrap();
                    let place = {
                        let mut calls = kept.lock().unwrap();
                        calls.push(Call { body, ..call });
                        calls.len() - 1
                    };
                    let (status, more) = &answers[place.min(answers.len() - 1)];
                    if *status == 0 {
                        std::thread::sleep(std::time::Duration::from_secs(120));
                    }
                    let mut stream = stream;
                    let _ = write!(
                        stream,
                        "HTTP/1.1 {status} x\r\n{more}content-length: 0\r\nconnection: close\r\n\r\n"
                    );
                });
            }
        });
        Self { address, calls }
    }

    fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    fn wait(&self, count: usize) -> Vec<Call> {
        for _ in 0..3_000 {
            let calls = self.calls();
            if calls.len() >= count {
                return calls;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("only {} calls", self.calls().len());
    }
}

fn destination(server: &Server, input: Value) -> Value {
    posted(server, &format!("{BASE}/destinations"), &input)
}

fn webhook(server: &Server, name: &str, hook: &Hook, internal: bool) -> (String, String) {
    let made = destination(
        server,
        json!({"name": name, "channel": "webhook", "address": hook.address, "internal": internal, "allow_private": true}),
    );
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    (text(&made["destination"]["id"]), text(&made["secret"]))
}

fn alert(server: &Server, definition: Value) -> String {
    let made = posted(server, &format!("{BASE}/alerts"), &definition);
    made["id"].as_str().unwrap().to_owned()
}

fn post(server: &Server, n: u32, text: &str) {
    let author = json!({"id": format!("a{n}"), "handle": format!("person_{n}"), "followers": n});
    posted(
        server,
        "/api/v1/posts",
        &json!([{"uid": format!("bluesky:p{n}"), "platform": "bluesky", "lang": "en", "text": text, "author": author}]),
    );
}

fn events(server: &Server, enough: usize) -> Value {
    server.wait(&format!("{BASE}/alert-events"), |e| {
        e["items"].as_array().unwrap().len() >= enough
    })
}

fn run(folder: &Path) -> Server {
    Server::run(&config(folder, ""))
}

const OUTBOX: &str = "/api/v1/projects/default/outbox";

fn states(outbox: &Value) -> Vec<&str> {
    let all = outbox["messages"].as_array().unwrap();
    all.iter().filter_map(|l| l["state"].as_str()).collect()
}

/// HMAC of Standard Webhooks, worked out here.
fn signature(secret: &str, call: &Call) -> String {
    use base64::Engine as _;
    use hmac::{Hmac, KeyInit, Mac};
    let coder = base64::engine::general_purpose::STANDARD;
    let key = coder.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    let signed = format!(
        "{}.{}.{}",
        call.header("webhook-id"),
        call.header("webhook-timestamp"),
        call.body
    );
    mac.update(signed.as_bytes());
    format!("v1,{}", coder.encode(mac.finalize().into_bytes()))
}

#[test]
fn a_mention_is_told_signed_and_excerpts_only_inside_the_house() {
    let folder = tempfile::tempdir().unwrap();
    let server = run(folder.path());
    let monitor = server.monitor("Acme", "acme");
    let (inside, outside) = (Hook::open(&[(204, "")]), Hook::open(&[(200, "")]));
    let (a, secret) = webhook(&server, "Inside", &inside, true);
    let (b, _) = webhook(&server, "Outside", &outside, false);
    post(&server, 1, "acme before the alert was made");
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 1);
    alert(
        &server,
        json!({"name": "Each", "when": {"kind": "every_mention"}, "monitors": [monitor], "recipients": [a, b],
            "severity": "warning", "cooldown": 0}),
    );
    let large = alert(
        &server,
        json!({"name": "Large", "when": {"kind": "influential_author", "followers": 5000}, "cooldown": 0}),
    );
    let word = alert(
        &server,
        json!({"name": "Leak", "when": {"kind": "keyword", "query": "leak*"}, "cooldown": 0}),
    );
    post(&server, 2, "my acme kettle leaks");
    let call = inside.wait(1)[0].clone();
    assert_eq!(call.header("webhook-signature"), signature(&secret, &call));
    let body = call.json();
    assert_eq!(
        (&body["type"], &body["data"]["severity"]),
        (&json!("alert.fired"), &json!("warning"))
    );
    assert_eq!(body["data"]["items"][0]["title"], "1 mention (Acme)");
    assert_eq!(body["data"]["items"][0]["excerpts"][0], "my acme kettle leaks");
    let other = outside.wait(1)[0].clone();
    assert!(!other.body.contains("kettle"), "{}", other.body);
    let sent = server.wait(OUTBOX, |o| states(o) == ["sent", "sent"]);
    let tries = format!("{OUTBOX}/{}/tries", sent["messages"][0]["id"].as_str().unwrap());
    assert_eq!(server.get(&tries)[0]["taken"], true);

    // Both kinds that look closer: the one that fits, and not the other.
    let told = events(&server, 2);
    let alerts: Vec<&Value> = told["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["alert"])
        .collect();
    assert!(
        alerts.contains(&&json!(word)) && !alerts.contains(&&json!(large)),
        "{told}"
    );
    post(&server, 6_000, "acme is fine");
    server.wait(&format!("{BASE}/alert-events?alert={large}"), |e| {
        e["items"][0]["fired"]["count"] == 1
    });
    // An edit is no news.
    let edit = json!([{"uid": "bluesky:p2", "platform": "bluesky", "lang": "en", "text": "my acme kettle leaks a lot",
        "author": {"id": "a2", "handle": "person_2"}}]);
    posted(&server, "/api/v1/posts", &edit);
    let whole = server.get(&format!(
        "{BASE}/alert-events/{}",
        told["items"][0]["id"].as_str().unwrap()
    ));
    assert_eq!(whole["mentions"].as_array().unwrap().len(), 1, "{whole}");
    // Secrets stand nowhere.
    for path in [
        format!("{BASE}/destinations"),
        OUTBOX.to_owned(),
        "/api/v1/audit".to_owned(),
    ] {
        let (_, text) = server.request("GET", &path, "", &[]);
        assert!(
            !text.contains("s3cr3t") && !text.contains("whsec"),
            "{path}: {text}"
        );
    }
    let mentions_told: u64 = inside
        .calls()
        .iter()
        .flat_map(|c| c.json()["data"]["items"].as_array().unwrap().clone())
        .map(|i| i["count"].as_u64().unwrap())
        .sum();
    assert!(mentions_told <= 2, "the edited post was told again");
}

#[test]
fn what_was_under_way_at_a_kill_is_delivered_once() {
    let folder = tempfile::tempdir().unwrap();
    let mail = MailServer::start();
    let path = with_mail(folder.path(), mail.port);
    let server = Server::run(&path);
    server.monitor("Acme", "acme");
    let hook = Hook::open(&[(0, ""), (204, "")]);
    let (a, _) = webhook(&server, "Hook", &hook, false);
    let mailed = destination(
        &server,
        json!({"name": "Ana", "channel": "email", "to": "ana@acme.example"}),
    );
    mail.behave(Manner::Silent);
    alert(
        &server,
        json!({"name": "Each", "when": {"kind": "every_mention"}, "cooldown": 0,
            "recipients": [a, mailed["destination"]["id"]]}),
    );
    post(&server, 1, "acme acme");
    let (first, letter) = (hook.wait(1)[0].clone(), mail.next());
    assert!(!letter.taken);
    server.kill();

    let server = Server::run(&path);
    let again = mail.next();
    assert!(
        again.taken && again.text.contains("Content-Type: text/html") && again.text.contains("1 mention")
    );
    assert_eq!(crate::mail::id(&letter), crate::mail::id(&again));
    let calls = hook.wait(2);
    assert_eq!(first.header("webhook-id"), calls[1].header("webhook-id"));
    assert_eq!(first.body, calls[1].body);
    server.wait(OUTBOX, |o| states(o) == ["sent", "sent"]);
    server.kill();

    let server = Server::run(&path);
    post(&server, 2, "nothing of interest");
    assert_eq!(states(&server.get(OUTBOX)), ["sent", "sent"]);
    assert_eq!(
        server.get(&format!("{BASE}/alert-events"))["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(hook.calls().len(), 2);
    assert!(mail.came.try_recv().is_err(), "a letter came twice");
}

#[test]
fn troubles_of_destinations_are_said_and_keep_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let server = run(folder.path());
    server.monitor("Acme", "acme");
    let elsewhere = Hook::open(&[(204, "")]);
    let leads = format!("location: {}\r\n", elsewhere.address);
    let (hangs, fails, redirects, fine) = (
        Hook::open(&[(0, "")]),
        Hook::open(&[(500, "")]),
        Hook::open(&[(307, &leads)]),
        Hook::open(&[(204, "")]),
    );
    let ids: Vec<String> = [
        ("Hangs", &hangs),
        ("Fails", &fails),
        ("Redirects", &redirects),
        ("Fine", &fine),
    ]
    .into_iter()
    .map(|(name, hook)| webhook(&server, name, hook, false).0)
    .collect();
    let private = destination(
        &server,
        json!({"name": "Private", "channel": "slack", "address": fine.address}),
    );
    let ana = destination(
        &server,
        json!({"name": "Ana", "channel": "email", "to": "ana@acme.example"}),
    );
    let mut recipients: Vec<Value> = ids.iter().map(|id| json!(id)).collect();
    recipients.extend([
        private["destination"]["id"].clone(),
        ana["destination"]["id"].clone(),
    ]);
    alert(
        &server,
        json!({"name": "Each", "when": {"kind": "every_mention"}, "cooldown": 0, "recipients": recipients}),
    );
    post(&server, 1, "acme");
    let outbox = server.wait(OUTBOX, |o| {
        let of = |to: &str| {
            o["messages"]
                .as_array()
                .unwrap()
                .iter()
                .find(|m| m["to"] == to)
                .cloned()
        };
        let is = |to: &str, state: &str| of(to).is_some_and(|m| m["state"] == state);
        is("Fine", "sent")
            && is("Redirects", "failed")
            && is("Private", "failed")
            && of("Fails").is_some_and(|m| m["tries"] == 1)
    });
    let of = |to: &str| {
        outbox["messages"]
            .as_array()
            .unwrap()
            .iter()
            .find(|m| m["to"] == to)
            .unwrap()
            .clone()
    };
    assert!(
        of("Redirects")["said"]
            .as_str()
            .unwrap()
            .contains("leading elsewhere")
    );
    assert!(
        of("Private")["said"]
            .as_str()
            .unwrap()
            .contains("private network")
    );
    assert_eq!(
        (&of("Fails")["state"], &of("Fails")["said"]),
        (&json!("waiting"), &json!("it answered 500"))
    );
    assert_eq!(of("Hangs")["state"], "waiting");
    // Without a mail server letters wait.
    assert_eq!(
        (&of("Ana")["state"], &of("Ana")["tries"], &outbox["mail"]),
        (&json!("waiting"), &json!(0), &json!(false))
    );
    assert!(elsewhere.calls().is_empty() && fine.calls().len() == 1);

    // The button says what was answered.
    let test = |id: &str| server.post(&format!("{BASE}/destinations/{id}/test"), &Value::Null);
    assert_eq!(
        test(&ids[3]),
        (200, json!({"taken": true, "said": "it answered 204"}))
    );
    assert_eq!(fine.calls()[1].json()["type"], "alert.trial");
    assert_eq!(
        test(&ids[1]).1,
        json!({"taken": false, "said": "it answered 500"})
    );
    assert_eq!(test(ana["destination"]["id"].as_str().unwrap()).1["taken"], false);
    // What is removed takes what waits along.
    let gone = server.request("DELETE", &format!("{BASE}/destinations/{}", ids[0]), "", &[]);
    assert_eq!(gone.0, 204);
    assert!(!server.get(OUTBOX).to_string().contains("Hangs"));
}

#[test]
fn a_replaced_secret_signs_for_a_day_beside_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let server = run(folder.path());
    let hook = Hook::open(&[(204, "")]);
    let (id, old) = webhook(&server, "Hook", &hook, false);
    let rotated = posted(&server, &format!("{BASE}/destinations/{id}/rotate"), &Value::Null);
    let new = rotated["secret"].as_str().unwrap();
    posted(&server, &format!("{BASE}/destinations/{id}/test"), &Value::Null);
    let call = hook.wait(1)[0].clone();
    let given = call.header("webhook-signature");
    let signatures: Vec<&str> = given.split(' ').collect();
    assert_eq!(signatures, [signature(new, &call), signature(&old, &call)]);
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let server = run(folder.path());
    let alerts = format!("{BASE}/alerts");
    let threshold = |window: u32, value: f64| {
        json!({"kind": "threshold", "measure": "negative_share", "window": window,
            "condition": {"side": "above", "against": {"value": value}}})
    };
    for (definition, place) in [
        (json!({"name": "a", "when": threshold(7, 0.5)}), "when.window"),
        (
            json!({"name": "a", "when": threshold(60, 50.0)}),
            "when.condition.against",
        ),
        (
            json!({"name": "a", "when": {"kind": "keyword", "query": "a AND"}}),
            "when.query",
        ),
        (
            json!({"name": "a", "when": {"kind": "peak", "per_week": 0}}),
            "when.per_week",
        ),
        (
            json!({"name": "a", "when": {"kind": "budget", "left": 2}}),
            "when.left",
        ),
        (
            json!({"name": "a", "when": {"kind": "digest", "every": "day", "hour": 24}}),
            "when.hour",
        ),
        (
            json!({"name": "a", "when": {"kind": "new_topic"}, "filter": {"lang": "de"}}),
            "filter.lang",
        ),
        (
            json!({"name": "a", "when": {"kind": "every_mention"}, "filter": {"monitor": "m"}}),
            "filter.monitor",
        ),
        (
            json!({"name": "a", "when": {"kind": "every_mention"}, "filter": {"sentiment": "angry"}}),
            "angry",
        ),
        (
            json!({"name": "a", "when": {"kind": "every_mention"}, "monitors": ["m_none"]}),
            "monitors",
        ),
        (
            json!({"name": "a", "when": {"kind": "every_mention"}, "recipients": ["to_none"]}),
            "recipients",
        ),
        (
            json!({"name": "a", "when": {"kind": "every_mention"}, "zone": "Mars"}),
            "zone",
        ),
        (
            json!({"name": "a", "when": {"kind": "every_mention"}, "quiet": {"hours": {"from": 25, "until": 7}}}),
            "quiet.hours.from",
        ),
        (
            json!({"name": "a", "when": {"kind": "every_mention"}, "quiet": {"days": [1, 2, 3, 4, 5, 6, 7]}}),
            "quiet.days",
        ),
        (json!({"name": "a", "when": {"kind": "earthquake"}}), "earthquake"),
        (json!({"name": " ", "when": {"kind": "every_mention"}}), "name"),
    ] {
        let (status, said) = server.post(&alerts, &definition);
        let message = said["message"].as_str().unwrap_or_default();
        assert!(
            status == 400 && message.contains(place),
            "{definition}: {status} {said}"
        );
    }
    let destinations = format!("{BASE}/destinations");
    for (input, place) in [
        (json!({"name": "a", "channel": "webhook"}), "address"),
        (
            json!({"name": "a", "channel": "webhook", "address": "ftp://a.example"}),
            "address",
        ),
        (
            json!({"name": "a", "channel": "webhook", "address": "https://u:p@a.example"}),
            "secrets",
        ),
        (
            json!({"name": "a", "channel": "webhook", "address": "https://a.example", "secret": "short"}),
            "secret",
        ),
        (json!({"name": "a", "channel": "email", "to": "nobody"}), "to"),
        (
            json!({"name": "a", "channel": "matrix", "address": "https://a.example", "room": "#a:b", "token": "t"}),
            "room",
        ),
        (
            json!({"name": "a", "channel": "slack", "address": "https://a.example", "token": "t"}),
            "token",
        ),
    ] {
        let (status, said) = server.post(&destinations, &input);
        let message = said["message"].as_str().unwrap_or_default();
        assert!(
            status == 400 && message.contains(place),
            "{input}: {status} {said}"
        );
    }
}

#[test]
fn quiet_hours_mute_notes_and_usefulness() {
    let folder = tempfile::tempdir().unwrap();
    let server = run(folder.path());
    server.monitor("Acme", "acme");
    let hook = Hook::open(&[(204, "")]);
    let (to, _) = webhook(&server, "Hook", &hook, false);
    let today = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date();
    let days = [today, today.tomorrow().unwrap()].map(|d| d.weekday().to_monday_one_offset());
    let quiet = json!({"name": "Quiet", "when": {"kind": "every_mention"}, "cooldown": 0, "recipients": [to], "quiet": {"days": days}});
    let held = alert(&server, quiet);
    let muted = alert(
        &server,
        json!({"name": "Muted", "when": {"kind": "every_mention"}, "cooldown": 0, "recipients": [to]}),
    );
    let until = jiff::Timestamp::now().as_millisecond() + 3_600_000;
    let mute = |until: Value| {
        server.request(
            "PUT",
            &format!("{BASE}/alerts/{muted}/mute"),
            &json!({"until": until}).to_string(),
            &[],
        )
    };
    assert_eq!(mute(json!(until)).0, 200);
    assert_eq!(mute(json!(until + 60 * 24 * 3_600_000i64)).0, 400);
    post(&server, 1, "acme");
    let told = events(&server, 2);
    let of = |id: &str| {
        told["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|e| e["alert"] == id)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (&of(&held)["told"], of(&held)["held_until"].is_i64()),
        (&json!("held"), true)
    );
    assert_eq!(of(&muted)["told"], "muted");
    assert_eq!(states(&server.get(OUTBOX)), Vec::<&str>::new());

    let one = format!("{BASE}/alert-events/{}", of(&held)["id"].as_str().unwrap());
    let noted = posted(&server, &format!("{one}/acknowledge"), &Value::Null);
    assert!(noted["acknowledged_by"].is_string());
    let (status, rated) = server.request("PUT", &format!("{one}/useful"), r#"{"useful": true}"#, &[]);
    assert!(status == 200 && rated.contains("\"useful\":true"), "{rated}");
    let listed = server.get(&format!("{BASE}/alerts"));
    assert_eq!(
        (&listed[0]["useful"], &listed[0]["precision"]["value"]),
        (&json!(1), &json!(1.0))
    );
    assert!(
        listed[0]["precision"]["low"].as_f64().unwrap() < 0.5,
        "one judgement says little: {listed}"
    );
    assert_eq!(
        server.get(&format!("{BASE}/alert-events?open=true"))["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        server
            .request("DELETE", &format!("{BASE}/alerts/{held}"), "", &[])
            .0,
        204
    );
    assert_eq!(
        server.get(&format!("{BASE}/alert-events"))["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_back_test_says_what_would_have_been_told_and_over_which_time() {
    let folder = tempfile::tempdir().unwrap();
    let server = run(folder.path());
    server.monitor("Acme", "acme");
    let now = jiff::Timestamp::now().as_millisecond();
    let hour = 3_600_000i64;
    // Three days with one post an hour and a burst of twelve, two days ago.
    let at = |n: i64| jiff::Timestamp::from_millisecond(now - n).unwrap().to_string();
    let mut posts: Vec<Value> = (1..72)
        .map(|h| (format!("h{h}"), at(h * hour)))
        .map(|(id, t)| one(&id, &t))
        .collect();
    posts.extend((0..12).map(|n| one(&format!("b{n}"), &at(48 * hour + n * 10_000))));
    posted(&server, "/api/v1/posts", &json!(posts));
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 83);
    let test = |when: Value| {
        let definition = json!({"name": "a", "when": when, "cooldown": 720});
        posted(
            &server,
            &format!("{BASE}/alerts/backtest"),
            &json!({"definition": definition, "days": 30}),
        )
    };
    let burst = test(json!({"kind": "threshold", "measure": "mentions", "window": 60,
        "condition": {"side": "above", "against": {"value": 8}}}));
    assert_eq!(burst["alerts"], 1, "{burst}");
    let fired = &burst["newest"][0];
    assert!((12..=14).contains(&fired["count"].as_u64().unwrap()), "{fired}");
    assert!(!fired["mentions"].as_array().unwrap().is_empty());
    let (from, until) = (burst["from"].as_i64().unwrap(), burst["until"].as_i64().unwrap());
    assert!(until - from < 73 * hour, "it covers what is stored: {burst}");
    assert!(burst["per_week"].as_f64().unwrap() > 2.0);
    let every = test(json!({"kind": "every_mention"}));
    assert!(
        (5..=7).contains(&every["alerts"].as_u64().unwrap()),
        "every twelve hours: {every}"
    );
    let budget = test(json!({"kind": "budget", "left": 0.1}));
    let notes = budget["notes"][0].as_str().unwrap();
    assert!(
        budget["alerts"] == 0 && notes.contains("not known yet"),
        "{budget}"
    );
    let (status, said) = server.post(
        &format!("{BASE}/alerts/backtest"),
        &json!({"definition": {"name": "a", "when": {"kind": "drift"}}, "days": 91}),
    );
    assert!(status == 400 && said["message"].as_str().unwrap().contains("days"));
}

fn one(id: &str, at: &str) -> Value {
    json!({"uid": format!("bluesky:{id}"), "platform": "bluesky", "lang": "en", "text": format!("acme {id}"), "created_at": at,
        "author": {"id": id, "handle": id}})
}

#[test]
fn a_back_test_of_budgets_looks_at_what_was_left_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let now = jiff::Timestamp::now().as_millisecond();
    let hour = 3_600_000i64;
    let reading = |source: &str, hours: i64, left: u64| BudgetReading {
        source: source.to_owned(),
        unit: "posts".to_owned(),
        period: "day".to_owned(),
        at: now - hours * hour,
        most: 1000,
        left,
        resets_at: now,
    };
    let control = Control::open(&folder.path().join("data")).unwrap();
    // One runs low, is full again, and runs low again; the other never does.
    for (hours, left) in [(80, 1000), (70, 90), (69, 40), (60, 1000), (50, 101), (40, 100)] {
        control.note_budgets(&[reading("x", hours, left)]).unwrap();
    }
    control.note_budgets(&[reading("reddit", 75, 200)]).unwrap();
    drop(control);
    let server = run(folder.path());
    let test = |when: Value, days: u32| {
        let body = json!({"definition": {"name": "a", "when": when, "cooldown": 0}, "days": days});
        posted(&server, &format!("{BASE}/alerts/backtest"), &body)
    };
    let low = test(json!({"kind": "budget", "left": 0.1}), 30);
    assert_eq!(low["alerts"], 2, "{low}");
    assert_eq!(low["newest"][0]["at"], now - 40 * hour);
    assert_eq!(low["newest"][1]["at"], now - 70 * hour);
    let title = low["newest"][1]["title"].as_str().unwrap();
    assert_eq!(title, "90 of 1000 posts of this day are left to the source x");
    assert!(
        (now - 80 * hour - low["from"].as_i64().unwrap()).abs() <= 60_000,
        "known since the first reading: {low}"
    );
    // What was low before the time that is looked at is not told again.
    assert_eq!(test(json!({"kind": "budget", "left": 0.1}), 2)["alerts"], 1);
    assert_eq!(
        test(json!({"kind": "budget", "left": 0.3, "sources": ["reddit"]}), 30)["alerts"],
        1
    );
}
