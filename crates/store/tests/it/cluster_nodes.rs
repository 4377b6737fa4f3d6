//! Several nodes of a cluster are named: while one is away another is asked, and nothing is done twice.

use crate::model;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use store::elastic::{Settings, Store, nodes};

/// What a node does.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Works,
    /// It takes requests that are written, and dies before it answers.
    DiesWriting,
    /// It has lost its cluster.
    Alone,
}

/// A node, and what it was asked: each request's line and body.
struct Node {
    url: String,
    way: Arc<Mutex<Way>>,
    asked: Arc<Mutex<Vec<(String, String)>>>,
}

impl Node {
    fn start(cluster: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let node = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            way: Arc::new(Mutex::new(Way::Works)),
            asked: Arc::default(),
        };
        let (way, asked) = (node.way.clone(), node.asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let way = *way.lock().unwrap();
                let _ = serve(stream.unwrap(), way, cluster, &asked);
            }
        });
        node
    }

    fn goes(&self, way: Way) {
        *self.way.lock().unwrap() = way;
    }

    /// The versions of the documents that it was given.
    fn written(&self) -> Vec<u64> {
        let asked = self.asked.lock().unwrap();
        let bulks = asked.iter().filter(|(line, _)| line.contains("/_bulk"));
        let lines = bulks.flat_map(|(_, body)| body.lines());
        lines
            .filter_map(|line| serde_json::from_str::<Value>(line).ok()?["index"]["version"].as_u64())
            .collect()
    }

    fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn serve(
    mut stream: TcpStream,
    way: Way,
    cluster: &str,
    asked: &Mutex<Vec<(String, String)>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(&mut stream);
    let (mut line, mut length, mut body) = (String::new(), 0, String::new());
    reader.read_line(&mut line)?;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if let Some(n) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().unwrap();
        }
        if header.trim().is_empty() {
            break;
        }
    }
    reader.take(length).read_to_string(&mut body)?;
    asked.lock().unwrap().push((line.clone(), body.clone()));
    let (status, answer) = match way {
        Way::DiesWriting if line.contains("/_bulk") => return Ok(()),
        Way::Alone => (
            503,
            json!({"error": {"type": "cluster_manager_not_discovered_exception"}}),
        ),
        _ if line.starts_with("GET / ") => {
            let version = json!({"number": "3.8.0", "distribution": "opensearch"});
            (
                200,
                json!({"name": "n", "cluster_uuid": cluster, "version": version}),
            )
        }
        _ if line.starts_with("GET") && line.contains("_doc/store") => (404, json!({})),
        _ if line.contains("/_bulk") => {
            let items: Vec<Value> = (0..body.lines().count() / 2)
                .map(|_| json!({"index": {"status": 201}}))
                .collect();
            (200, json!({"items": items}))
        }
        _ => (
            200,
            json!({"_shards": {"failed": 0}, "hits": {"total": {"value": 0}, "hits": []}}),
        ),
    };
    let answer = answer.to_string();
    let length = answer.len();
    write!(
        stream,
        "HTTP/1.1 {status} -\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}"
    )
}

fn of(nodes: &[&str]) -> Settings {
    Settings {
        urls: nodes.iter().map(|url| (*url).to_owned()).collect(),
        ..Settings::new("", "gs")
    }
}

/// An address at which nobody listens.
fn nobody() -> String {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    format!("http://{free}")
}

#[test]
fn a_node_that_is_away_is_passed_over_when_the_store_is_opened() {
    let other = Node::start("one");
    let mut store = Store::open(of(&[&nobody(), &other.url])).unwrap().0;
    store.apply([model::put(3, 9, 1)], 7).unwrap();
    assert_eq!(store.commit().unwrap().position, 7);
    assert_eq!(other.written().len(), 1);
}

#[test]
fn where_a_node_dies_the_next_one_goes_on_and_nothing_is_written_twice() {
    let (first, second) = (Node::start("one"), Node::start("one"));
    let mut store = Store::open(of(&[&first.url, &second.url])).unwrap().0;
    assert_eq!(second.count(), 0);
    // It may have written it: nobody else is asked to, until it is written anew as of a later version.
    first.goes(Way::DiesWriting);
    store.apply([model::put(3, 9, 1)], 7).unwrap();
    store.commit().unwrap_err();
    assert_eq!((first.written().len(), second.written().len()), (1, 0));
    assert_eq!(store.commit().unwrap().position, 7);
    let (lost, written) = (first.written(), second.written());
    assert!(lost.len() == 1 && written.len() == 1 && written[0] > lost[0]);
    // One that lost its cluster has done nothing: the first is asked at once.
    first.goes(Way::Works);
    second.goes(Way::Alone);
    store.apply([model::put(4, 9, 1)], 8).unwrap();
    assert_eq!(store.commit().unwrap().position, 8);
    assert_eq!(first.written().len(), 2);
}

#[test]
fn a_node_of_another_cluster_is_given_nothing() {
    let (first, stranger) = (Node::start("one"), Node::start("two"));
    let settings = of(&[&first.url, &stranger.url]);
    let store = Store::open(settings.clone()).unwrap().0;
    first.goes(Way::Alone);
    let error = store.reader().snapshot().total().unwrap_err().to_string();
    assert!(error.contains("HTTP 503"), "{error}");
    let asked = stranger.asked.lock().unwrap().clone();
    assert!(
        asked.iter().all(|(line, _)| line.starts_with("GET / ")),
        "{asked:?}"
    );
    first.goes(Way::Works);
    let said: Vec<_> = nodes(&settings)
        .into_iter()
        .map(|(_, node)| node.unwrap().cluster.unwrap())
        .collect();
    assert_eq!(said, ["one", "two"]);
}

#[test]
fn where_no_node_answers_each_is_named() {
    let (one, other) = (nobody(), nobody());
    let error = Store::open(of(&[&one, &other]))
        .map(drop)
        .unwrap_err()
        .to_string();
    assert!(error.contains(&one) && error.contains(&other), "{error}");
    let none = Store::open(of(&[])).map(drop).unwrap_err().to_string();
    assert!(none.contains("has no address"), "{none}");
}
