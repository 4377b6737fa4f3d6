//! The shared workload: 154,095 posts, 100,000 queries, answers by brute force. Skipped where it is absent.

use flate2::read::GzDecoder;
use post::RawPost;
use query::ast::{FieldName, Form, Node, Reach};
use query::{Document, MonitorSet, Query, Scratch, naive, parse};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

fn shared(name: &str) -> Option<PathBuf> {
    let root = std::env::var("GROUNDSWELL_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let path = PathBuf::from(root).join("workload").join(name);
    if !path.exists() {
        eprintln!("skipped: no workload/{name} (set GROUNDSWELL_SHARED)");
        return None;
    }
    Some(path)
}

fn lines(name: &str, most: usize) -> Option<impl Iterator<Item = String>> {
    let file = File::open(shared(name)?).unwrap();
    let reader: Box<dyn BufRead> = if name.ends_with(".gz") {
        Box::new(BufReader::new(GzDecoder::new(file)))
    } else {
        Box::new(BufReader::new(file))
    };
    Some(reader.lines().take(most).map(Result::unwrap))
}

fn queries(most: usize) -> Option<Vec<(u32, Query)>> {
    let read = |line: String| {
        let v: Value = serde_json::from_str(&line).unwrap();
        (
            v["id"].as_u64().unwrap() as u32,
            parse(v["q"].as_str().unwrap()).unwrap(),
        )
    };
    Some(lines("queries.jsonl.gz", most)?.map(read).collect())
}

fn posts(most: usize) -> Option<Vec<RawPost>> {
    Some(
        lines("posts.jsonl.gz", most)?
            .map(|l| serde_json::from_str(&l).unwrap())
            .collect(),
    )
}

fn document(post: &RawPost) -> Document<'_> {
    Document {
        text: &post.text,
        lang: post.lang.as_deref(),
        source: post.platform.as_deref().unwrap_or_default(),
        author: post.author.as_ref().and_then(|a| a.handle.as_deref()),
        ..Document::default()
    }
}

fn pairs(posts: &[RawPost], queries: &[(u32, Query)]) -> Vec<String> {
    let set = MonitorSet::new(1, queries.iter().map(|(id, q)| (*id, q)), None);
    let (mut scratch, mut found, mut out) = (Scratch::new(), Vec::new(), Vec::new());
    for post in posts {
        set.matches(&document(post), &mut scratch, &mut found);
        out.extend(
            found
                .iter()
                .map(|q| format!("{}\t{q}", post.uid.as_deref().unwrap())),
        );
    }
    out
}

fn expected(name: &str) -> Option<Vec<String>> {
    let mut list: Vec<String> = lines(name, usize::MAX)?.collect();
    let number = |l: &String| {
        l.split('\t')
            .map(|n| n.parse::<u32>().unwrap())
            .collect::<Vec<_>>()
    };
    list.sort_by_key(number);
    Some(list)
}

#[test]
fn two_thousand_posts_by_ten_thousand_queries() {
    let (Some(posts), Some(queries)) = (posts(2_000), queries(10_000)) else {
        return;
    };
    let expected = expected("matches_2000x10000.tsv").unwrap();
    assert_eq!(expected.len(), 1_479);
    assert_eq!(pairs(&posts, &queries), expected);
}

#[test]
fn five_hundred_posts_by_three_thousand_queries() {
    let (Some(posts), Some(queries)) = (posts(500), queries(3_000)) else {
        return;
    };
    let expected = expected("matches_500x3000.tsv").unwrap();
    assert_eq!(expected.len(), 93);
    assert_eq!(pairs(&posts, &queries), expected);
}

#[test]
fn the_matcher_agrees_with_the_plain_meaning_on_real_posts() {
    let (Some(posts), Some(queries)) = (posts(300), queries(1_000)) else {
        return;
    };
    let mut plain = Vec::new();
    for post in &posts {
        let document = document(post);
        for (id, query) in &queries {
            if naive::matches(query.ast(), &document, None) {
                plain.push(format!("{}\t{id}", post.uid.as_deref().unwrap()));
            }
        }
    }
    assert_eq!(pairs(&posts, &queries), plain);
}

/// The tree of the workload's own notation.
fn tree(v: &Value) -> Node {
    let list = |key: &str| v[key].as_array().unwrap().iter();
    let leaf = |text: &str| parse(text).unwrap().ast().clone();
    let text = || v["v"].as_str().unwrap();
    match v["t"].as_str().unwrap() {
        "term" => leaf(text()),
        "prefix" => leaf(&format!("{}*", text())),
        "cs" => leaf(&format!("{{{}}}", text())),
        "phrase" => {
            let words: Vec<&str> = list("v").map(|w| w.as_str().unwrap()).collect();
            leaf(&format!("\"{}\"", words.join(" ")))
        }
        "near" => {
            let side = |key: &str| Node::or(list(key).map(|w| leaf(w.as_str().unwrap())));
            let reach = Reach {
                words: v["n"].as_u64().unwrap() as u32,
                ordered: false,
            };
            Node::Near {
                first: Box::new(side("a")),
                rest: vec![(reach, side("b"))],
            }
        }
        "field" => {
            let name = FieldName::from_name(v["f"].as_str().unwrap()).unwrap();
            Node::Field {
                name,
                values: vec![name.normalise(text()).unwrap()],
            }
        }
        "and" => Node::and(list("c").map(tree)),
        "or" => Node::or(list("c").map(tree)),
        "not" => Node::not(tree(&v["c"])),
        other => panic!("unknown node {other}"),
    }
}

#[test]
fn every_query_is_read_as_its_author_meant_it() {
    let Some(lines) = lines("queries.jsonl.gz", usize::MAX) else {
        return;
    };
    let mut count = 0;
    for line in lines {
        let v: Value = serde_json::from_str(&line).unwrap();
        let text = v["q"].as_str().unwrap();
        let query = parse(text).unwrap_or_else(|p| panic!("{text}: {p:?}"));
        assert_eq!(query.ast(), &tree(&v["ast"]), "{text}");
        // Some look for the words "and", "or" or "not", and some ask twice for a thing.
        let expected = ["operator-word", "subsumed-branch", "duplicate-branch"];
        assert!(
            query.problems().iter().all(|p| expected.contains(&p.code)),
            "{text}: {:?}",
            query.problems()
        );
        if count % 10 == 0 {
            assert_eq!(parse(&query.to_string()).unwrap().ast(), query.ast(), "{query}");
        }
        count += 1;
    }
    assert_eq!(count, 100_000);
}

#[test]
fn leaves_of_the_workload_have_the_expected_form() {
    for (text, form) in [("abc*", Form::Prefix), ("{BT}", Form::Case), ("abc", Form::Whole)] {
        let Node::Word(word) = parse(text).unwrap().ast().clone() else {
            panic!("{text} is no word")
        };
        assert_eq!(word.form, form);
    }
}
