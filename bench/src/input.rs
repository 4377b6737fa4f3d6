//! What is measured on: the matching workload beside the project, real tweets.

use flate2::read::GzDecoder;
use post::{RawAuthor, RawPost};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

fn lines(name: &str) -> Option<impl Iterator<Item = Value>> {
    let root =
        std::env::var_os("GROUNDSWELL_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = root.join("workload").join(name);
    let Ok(file) = File::open(&path) else {
        println!(
            "skipped: {} is not there (GROUNDSWELL_SHARED names the folder)",
            path.display()
        );
        return None;
    };
    Some(
        BufReader::new(GzDecoder::new(file))
            .lines()
            .map_while(Result::ok)
            .filter_map(|l| serde_json::from_str(&l).ok()),
    )
}

/// The workload's posts.
pub(crate) fn posts() -> Option<Vec<RawPost>> {
    let text = |v: &Value, key: &str| v[key].as_str().map(str::to_owned);
    let post = |v: Value| RawPost {
        uid: Some(v["id"].to_string()),
        platform: text(&v, "source"),
        text: text(&v, "text").unwrap_or_default(),
        lang: text(&v, "lang"),
        author: Some(RawAuthor {
            handle: text(&v, "author"),
            ..RawAuthor::default()
        }),
        created_at: Some("2026-01-01T12:00:00Z".to_owned()),
        ..RawPost::default()
    };
    Some(lines("posts.jsonl.gz")?.map(post).collect())
}

/// The first `n` of the workload's queries.
pub(crate) fn queries(n: usize) -> Option<Vec<String>> {
    Some(
        lines("queries.jsonl.gz")?
            .take(n)
            .filter_map(|v| v["q"].as_str().map(str::to_owned))
            .collect(),
    )
}
