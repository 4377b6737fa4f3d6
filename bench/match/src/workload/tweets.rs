//! The shared workload: 154,095 tweets, up to 100,000 queries of brand monitoring, answers by brute force.

use super::{Answers, Post, Workload, shared};
use anyhow::anyhow;

/// Every way there is.
const CONFIGS: [&str; 6] = [
    "regexp",
    "begins",
    "begins+whole",
    "begins+multipass",
    "begins+whole+multipass",
    "begins+batch",
];
/// The fastest, where each takes long.
const FASTEST: [&str; 2] = ["begins", "begins+whole"];
const MANY: usize = 50_000;

/// The workload with the first `n` queries; `None` where the data are not there.
pub(crate) fn load(n: usize) -> anyhow::Result<Option<Workload>> {
    let (Some(posts), Some(lines)) = (posts(), shared::values("workload/queries.jsonl.gz")) else {
        return Ok(None);
    };
    let mut queries = Vec::with_capacity(n);
    for v in lines.take(n) {
        let text = v["q"].as_str().unwrap_or_default();
        let query = query::parse(text).map_err(|p| anyhow!("{text}: {p:?}"))?;
        queries.push((v["id"].as_u64().unwrap_or_default() as u32, query));
    }
    let answers = [
        answers("workload/matches_2000x10000.tsv", 2_000, 10_000),
        answers("workload/matches_500x3000.tsv", 500, 3_000),
    ];
    Ok(Some(Workload {
        name: format!("tweets, {n} queries"),
        posts,
        queries,
        answers: answers.into_iter().flatten().collect(),
        plain_posts: 0,
        lucene_posts: if n < MANY { usize::MAX } else { 1_000 },
        configs: if n < MANY { &CONFIGS } else { &FASTEST },
    }))
}

/// The tweets.
pub(super) fn posts() -> Option<Vec<Post>> {
    let text = |v: &serde_json::Value, key: &str| v[key].as_str().map(str::to_owned);
    let post = |v: serde_json::Value| Post {
        id: v["id"].as_u64().unwrap_or_default() as u32,
        text: text(&v, "text").unwrap_or_default(),
        lang: text(&v, "lang"),
        source: text(&v, "source").unwrap_or_default(),
        author: text(&v, "author"),
    };
    Some(shared::values("workload/posts.jsonl.gz")?.map(post).collect())
}

fn answers(file: &'static str, posts: u32, queries: u32) -> Option<Answers> {
    let pair = |line: String| {
        let (post, query) = line.split_once('\t')?;
        Some((post.parse().ok()?, query.parse().ok()?))
    };
    Some(Answers {
        file,
        posts,
        queries,
        pairs: shared::lines(file)?.filter_map(pair).collect(),
    })
}
