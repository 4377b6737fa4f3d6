//! An index whose documents are laid out as an older program did is read, written to and laid out anew meanwhile.

use crate::cluster::{self, Server, report};
use crate::conformance::Both;
use crate::made;
use crate::model::{self, DIMENSIONS, Run, Step};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Instant;
use store::elastic::{Settings, Store};
use store::{Change, Filter, Mention, mention_number};

/// A request to the cluster itself.
pub fn ask(url: &str, method: &str, path: &str, body: &str) -> Value {
    let address = url.strip_prefix("http://").unwrap().trim_end_matches('/');
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} /{path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(
        line.contains(" 200 ") || line.contains(" 201 "),
        "{method} {path}: {line}"
    );
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    let (_, body) = rest.split_once("\r\n\r\n").unwrap_or(("", &rest));
    serde_json::from_str(body).unwrap_or(Value::Null)
}

/// The mentions of posts by monitors 0 to 2, all of one month.
fn mentions() -> Vec<Mention> {
    let mut all = Vec::new();
    for n in (0..220u8).filter(|n| !n.is_multiple_of(7)) {
        for monitor in 0..3 {
            let mut m = made::mention(n, u32::from(n) % 2, monitor);
            m.post.created_at = made::START + i64::from(n) * 60_000;
            m.post.seen_at = m.post.created_at + 1_000;
            m.primary = monitor == 0;
            all.push(m);
        }
    }
    all
}

/// Makes the index as format 2 made it, with the fields that are needed to find mentions, under no alias.
fn old_index(settings: &Settings, mentions: &[Mention]) -> String {
    let index = format!("{}-mentions-month-2026-01-01", settings.prefix);
    let keyword = json!({"type": "keyword"});
    let mapping = json!({
        "settings": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"},
        "mappings": {
            "dynamic": "strict",
            "_meta": {"format": 2},
            "_source": {"includes": ["body", "written"]},
            "properties": {
                "id": keyword, "post": keyword, "project": keyword, "monitor": keyword, "kind": keyword,
                "author": keyword, "source": keyword, "created": {"type": "long"}, "written": {"type": "long"},
                "primary": {"type": "boolean"}, "body": {"type": "binary"},
            },
        },
    });
    ask(settings.address(), "PUT", &index, &mapping.to_string());
    let mut lines = String::new();
    for m in mentions {
        let mut body = postcard::to_stdvec(m).unwrap();
        body.push(4);
        let mut document = json!({
            "id": format!("{:016x}", mention_number(m.id)),
            "post": m.post.key.to_string(),
            "project": m.project,
            "monitor": m.monitor,
            "kind": m.post.kind.name(),
            "source": m.post.platform,
            "created": m.post.created_at,
            "written": 2,
            "primary": m.primary,
            "body": STANDARD.encode(body),
        });
        if let Some(author) = &m.post.author {
            document["author"] = author.key.to_string().into();
        }
        let head = json!({"index": {"_index": index, "_id": m.id.to_string()}});
        lines.push_str(&format!("{head}\n{document}\n"));
    }
    let answer = ask(settings.address(), "POST", "_bulk?refresh=true", &lines);
    assert_eq!(answer["errors"], false);
    index
}

fn aliased(settings: &Settings) -> Vec<String> {
    let path = format!("_alias/{}-mentions", settings.prefix);
    let answer = ask(settings.address(), "GET", &path, "");
    answer.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn an_older_layout_is_read_and_written_to_while_it_is_laid_out_anew() {
    let Some(server) = Server::start() else {
        return;
    };
    let begin = Instant::now();
    let settings = cluster::settings(&server.url);
    let before = mentions();
    let old = old_index(&settings, &before);
    let mut run = Run::new(2);
    for m in before.chunks(3) {
        let put = Change::Put {
            post: m[0].post.key,
            mentions: m.to_vec(),
        };
        run.step(Step::Change(put));
    }
    let (store, recovery) = Store::open(settings.clone()).unwrap();
    assert_eq!((recovery.partitions, recovery.mentions), (1, before.len() as u64));
    assert_eq!(aliased(&settings), [old.as_str()]);
    drop(store);
    // A copy that is cut short is begun anew by who comes next.
    let (mut store, _) = Store::open(settings.clone()).unwrap();
    assert!(store.is_reindexing());
    assert!(store.reindex(1).unwrap() < before.len());
    drop(store);
    let (mut store, _) = Store::open(settings.clone()).unwrap();
    assert!(store.is_reindexing());
    let total = |store: &Store| store.reader().snapshot().total().unwrap();
    assert_eq!(total(&store), before.len() as u64);
    store.reindex(1).unwrap();
    assert!(store.is_reindexing(), "a page is not all");
    // What comes meanwhile: some before and some behind the place that the copy has reached.
    let mut changes = Vec::new();
    for n in [1, 2, 3, 100, 101, 218, 219u8] {
        changes.push(Change::Delete(made::post_key(n)));
    }
    for n in [4, 5, 102, 215, 216u8] {
        changes.push(model::put(n, 21, 7));
    }
    changes.push(Change::DeleteAuthor(made::author_key(3)));
    changes.push(Change::DropMonitor {
        monitor: made::monitor_name(2),
    });
    for change in &changes {
        run.step(Step::Change(change.clone()));
    }
    store.apply(changes, 1).unwrap();
    // Commits copy what is left.
    let mut commits = 0;
    while store.is_reindexing() {
        store.commit().unwrap();
        commits += 1;
        assert!(commits < 10);
    }
    let embedded = run.finish();
    store.commit().unwrap();
    let elastic = store.reader().snapshot();
    let mut both = Both {
        embedded,
        elastic,
        tally: cluster::Tally::default(),
        asked: 0,
    };
    both.look_up(&run.oracle.mentions);
    both.ask(&Filter::default(), &Filter::default(), &DIMENSIONS);
    both.singles(&Filter::default());
    both.every_cut();
    assert!(!aliased(&settings).contains(&old));
    report("layout", &both.tally, begin.elapsed(), begin.elapsed());
}
