//! Detectors that run: what a kill in mid-burst costs, and an explanation in a language model's words.

use crate::server::{Server, config};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const FINDINGS: &str = "/api/v1/projects/default/findings?limit=200";
/// Seconds of a bin.
const BIN: i64 = 300;
const DAY: i64 = 86_400;
/// Three days, of which the last ends some hours ago: two are a warm-up.
const DAYS: i64 = 3;
/// A walk of days takes its time where the machine is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(300);

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.unwrap().as_secs()).unwrap()
}

fn begin() -> i64 {
    (now() - DAYS * DAY - 7_200).div_euclid(BIN) * BIN
}

fn post(n: i64, at: i64, platform: &str, text: &str) -> Value {
    let time = |at: i64| post::to_rfc3339(at * 1000);
    json!({"uid": format!("{platform}:n{n}"), "platform": platform, "text": text, "lang": "en",
        "created_at": time(at), "seen_at": time(at + 2), "author": {"id": format!("a{}", n * 7_919 % 3_001)}})
}

/// One or two posts a bin, made up but always the same.
fn quiet(begin: i64, word: &str, platform: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for bin in 0..DAYS * DAY / BIN {
        for i in 0..1 + bin * 7_919 % 13 % 2 {
            let n = bin * 10 + i;
            all.push(post(
                n,
                begin + bin * BIN + i * 60,
                platform,
                &format!("my {word} and a day, {n}"),
            ));
        }
    }
    all
}

/// An hour of many, half a day before the end.
fn burst(begin: i64, word: &str, platform: &str) -> Vec<Value> {
    let at = begin + DAYS * DAY - DAY / 2;
    let one = |n: i64| {
        let text = format!("so what now about this {word} recall they did, case {n}");
        post(1_000_000 + n, at + n * 18, platform, &text)
    };
    (0..200).map(one).collect()
}

fn push(server: &Server, posts: &[Value]) {
    for chunk in posts.chunks(500) {
        let (status, receipt) = server.post("/api/v1/posts", &json!(chunk));
        assert_eq!((status, &receipt["refused"]), (200, &json!([])), "{receipt}");
    }
}

/// What was found in series, without names that differ from one installation to the next.
fn series(page: &Value) -> BTreeSet<String> {
    let found = page["findings"].as_array().unwrap().iter();
    let found = found.filter(|f| f["detail"]["metric"] == "mentions");
    let of = |f: &Value| {
        json!([
            f["kind"],
            f["detail"]["metric"],
            f["from"],
            f["until"],
            f["detail"]["value"]
        ])
        .to_string()
    };
    found.map(of).collect()
}

/// What was found, once it is enough.
fn wait(server: &Server, enough: impl Fn(&Value) -> bool) -> Value {
    let start = Instant::now();
    loop {
        let page = server.get(FINDINGS);
        if enough(&page) {
            return page;
        }
        assert!(start.elapsed() < PATIENCE, "still {page}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Waits until detectors have read everything, found something, and find nothing more.
fn read(server: &Server) -> Value {
    let upto = (now() - 3_600) * 1000;
    let enough = |page: &Value| {
        let is_read = page["read_up_to"].as_i64().is_some_and(|at| at >= upto);
        is_read && !series(page).is_empty()
    };
    loop {
        let page = wait(server, enough);
        std::thread::sleep(Duration::from_secs(1));
        let again = server.get(FINDINGS);
        if enough(&again) && series(&again) == series(&page) {
            return again;
        }
    }
}

#[test]
fn a_kill_in_mid_burst_changes_nothing_that_is_found() {
    let begin = begin();
    let (quiet, burst) = (
        quiet(begin, "kettle", "bluesky"),
        burst(begin, "kettle", "bluesky"),
    );
    let folder = tempfile::tempdir().unwrap();
    let whole = Server::run(&config(folder.path(), ""));
    whole.monitor("Kettle", "kettle");
    push(&whole, &quiet);
    push(&whole, &burst);

    let other = tempfile::tempdir().unwrap();
    let path = config(other.path(), "");
    let cut = Server::run(&path);
    cut.monitor("Kettle", "kettle");
    push(&cut, &quiet);
    push(&cut, &burst[..90]);
    let half = read(&cut);
    assert!(!series(&half).is_empty());
    cut.kill();

    let expected = series(&read(&whole));
    assert!(
        expected.iter().any(|f| f.starts_with("[\"peak\"")),
        "{expected:?}"
    );
    let (status, body) = whole.request(
        "POST",
        "/api/v1/projects/default/findings/f_0/rephrasing",
        "",
        &[],
    );
    assert!(status == 409 && body.contains("[rephrase]"), "{body}");
    whole.kill();

    let cut = Server::run(&path);
    // The other half comes twice, and not in order.
    let mut rest: Vec<Value> = burst[80..].to_vec();
    rest.reverse();
    push(&cut, &rest);
    push(&cut, &rest[..40]);
    wait(&cut, |page| series(page) == expected);
    assert!(cut.stop().success());
}

/// How the made-up language model behaves.
#[derive(Clone)]
enum Manner {
    /// It says each statement again, with its number.
    Good,
    /// The same with a number that nobody gave.
    MadeUp,
    Hangs,
    Answers(u16, String),
    Huge,
}

#[derive(Clone)]
struct Model {
    address: String,
    manner: Arc<Mutex<Manner>>,
    calls: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Model {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let model = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            manner: Arc::new(Mutex::new(Manner::Good)),
            calls: Arc::default(),
        };
        let own = model.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let own = own.clone();
                std::thread::spawn(move || own.answer(stream));
            }
        });
        model
    }

    fn answer(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) <= 2 {
                break;
            }
            if let Some(n) = line.to_lowercase().strip_prefix("content-length:") {
                length = n.trim().parse().unwrap();
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let statements = body["messages"][1]["content"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        self.calls.lock().unwrap().push((head, body));
        let said = |more: &str| {
            let again = statements.lines().map(|line| {
                let (number, text) = line.split_once("] ").unwrap();
                format!("{text} {number}]{more}")
            });
            let text = again.collect::<Vec<_>>().join(" ");
            json!({"choices": [{"message": {"role": "assistant", "content": format!("<think>77777</think>\n{text}")}}]})
                .to_string()
        };
        let manner = self.manner.lock().unwrap().clone();
        let (status, more, text) = match manner {
            Manner::Good => (200, String::new(), said("")),
            Manner::MadeUp => (
                200,
                String::new(),
                said("").replacen("mentions by", "mentions (98765 shares) by", 1),
            ),
            Manner::Hangs => return std::thread::sleep(Duration::from_secs(60)),
            Manner::Answers(status, more) => (status, more, String::new()),
            Manner::Huge => (200, String::new(), said(&"word ".repeat(200_000))),
        };
        let _ = write!(
            stream,
            "HTTP/1.1 {status} x\r\n{more}content-length: {}\r\nconnection: close\r\n\r\n{text}",
            text.len()
        );
    }

    fn calls(&self) -> Vec<(String, Value)> {
        self.calls.lock().unwrap().clone()
    }
}

#[test]
fn an_explanation_is_rephrased_only_where_every_number_is_ours() {
    let (model, elsewhere, begin) = (Model::open(), Model::open(), begin());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), "s3cret\n").unwrap();
    let more = format!(
        "[rephrase]\nurl = \"{}/v1\"\nmodel = \"test-7b\"\nkey = \"file:key\"\ntimeout_seconds = 1\n",
        model.address
    );
    let server = Server::run(&config(folder.path(), &more));
    // One is talked of where excerpts may be passed on, the other where they must not.
    let (kettle, teapot) = (
        server.monitor("Kettle", "kettle"),
        server.monitor("Teapot", "teapot"),
    );
    for (word, platform) in [("kettle", "reddit"), ("teapot", "bluesky")] {
        push(&server, &quiet(begin, word, platform));
        push(&server, &burst(begin, word, platform));
    }
    let found = read(&server);
    let of = |monitor: &str| {
        let all = found["findings"].as_array().unwrap();
        let is = |f: &&Value| {
            f["kind"] == "peak" && f["monitor"] == *monitor && f["detail"]["metric"] == "mentions"
        };
        all.iter().find(is).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let path = |id: &str, what: &str| format!("/api/v1/projects/default/findings/{id}/{what}");
    let id = of(&kettle);
    let told = server.get(&path(&id, "explanation"));
    assert_eq!(told["rephrase"]["model"], "test-7b");
    let ask = |id: &str, manner: Manner| {
        *model.manner.lock().unwrap() = manner;
        let (status, said) = server.post(&path(id, "rephrasing"), &json!({}));
        assert_eq!(status, 200, "{said}");
        said
    };
    let away = Manner::Answers(
        307,
        format!("location: {}/v1/chat/completions\r\n", elsewhere.address),
    );
    for (manner, why) in [
        (Manner::Hangs, "1 s"),
        (Manner::Answers(500, String::new()), "answered 500"),
        (away, "leading elsewhere"),
        (Manner::Huge, "too long"),
        (Manner::MadeUp, "98765"),
    ] {
        let said = ask(&id, manner);
        assert_eq!(said["parts"], json!([]), "{why}");
        assert!(said["why_not"].as_str().unwrap().contains(why), "{said}");
    }
    assert_eq!(elsewhere.calls().len(), 0);

    let said = ask(&id, Manner::Good);
    let sentences = told["sentences"].as_array().unwrap();
    assert_eq!(said["why_not"], Value::Null, "{said}");
    assert_eq!(said["parts"].as_array().unwrap().len(), sentences.len());
    assert_eq!(said["parts"][0]["mentions"], sentences[0]["mentions"]);
    assert_eq!((model.calls().len(), &said["model"]), (6, &json!("test-7b")));
    // It is kept: nobody is asked twice.
    assert_eq!(ask(&id, Manner::Hangs), said);
    assert_eq!(model.calls().len(), 6);

    let excerpt = "so what now about this";
    let (head, sent) = &model.calls()[5];
    assert!(
        head.contains("POST /v1/chat/completions") && head.to_lowercase().contains("bearer s3cret"),
        "{head}"
    );
    assert!(told["sentences"].to_string().contains(excerpt));
    assert!(
        !sent.to_string().contains(excerpt),
        "of this platform nothing is quoted"
    );
    assert!(
        sent.to_string().contains("more than before: “case”"),
        "terms are no excerpts: {sent}"
    );
    ask(&of(&teapot), Manner::Good);
    assert!(model.calls()[6].1.to_string().contains(excerpt));

    // What left is in the log, with the posts that were quoted.
    let log = server.get("/api/v1/audit?limit=50");
    let rows: Vec<&Value> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|r| r["action"] == "rephrased")
        .collect();
    assert_eq!(rows.len(), 7, "{log}");
    assert!(rows[0].to_string().contains("quoted") && rows[0].to_string().contains("127.0.0.1"));
    assert!(server.stop().success());
}
