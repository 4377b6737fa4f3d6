//! What a word more in the query would do.

use super::Pool;
use crate::lab::Probe;
use crate::lists::parse_monitor;
use crate::pipeline::{Engine, Scorer, tests_language};
use crate::preview;
use query::Document;
use std::collections::{HashMap, HashSet};
use trends::Estimate;
use trends::hash;
use trends::relevance::{Candidate, candidates, weighted_share};
use trends::terms::{TermKind, Terms};

/// Suggestions of each kind at most.
const MOST: usize = 8;
/// Posts that a word would add, below which it is no suggestion.
const FEWEST: usize = 5;
/// Posts that are looked at to say how many of them are meant.
const SAMPLE: usize = 20;
/// Authors among judged relevant mentions that use a word, below which it is no suggestion.
const AUTHORS: usize = 3;

/// A word the query could exclude.
pub(crate) struct Excluding {
    /// What it would do, by what was judged.
    pub(crate) candidate: Candidate,
    /// The query with it.
    pub(crate) query: String,
}

/// A word the query could add.
pub(crate) struct Adding {
    /// The word.
    pub(crate) text: String,
    /// Recent posts that have it and that the query does not match.
    pub(crate) posts: usize,
    /// The share of them that the model takes for relevant.
    pub(crate) relevant: Option<Estimate>,
    /// Some of their texts.
    pub(crate) samples: Vec<String>,
    /// The query with it.
    pub(crate) query: String,
}

/// Words that would make a query better. The query must parse.
pub(crate) fn refinements(
    engine: &Engine,
    project: &str,
    monitor: &str,
    query: &str,
    pool: &Pool,
) -> anyhow::Result<(Vec<Excluding>, Vec<Adding>)> {
    let lists = engine.control.lists(project)?;
    let Ok(parsed) = parse_monitor(query, &lists) else {
        anyhow::bail!("the query of the monitor does not parse");
    };
    let printed = parsed.to_string();
    let with = |text: String| {
        let parsed = parse_monitor(&text, &lists).ok();
        parsed.map(|q| q.to_string())
    };
    let chosen = pool.chosen();
    let judged = pool.judged.iter().zip(chosen);
    let judged: Vec<(&str, u64, bool, f64)> = judged
        .map(|((place, judgment), chosen)| {
            let post = &pool.mentions[*place].post;
            (&*post.text, super::author(post), judgment.relevant, chosen)
        })
        .collect();
    let excluding = candidates(&judged).into_iter().filter_map(|candidate| {
        let term = operand(&candidate.text, candidate.kind)?;
        let query = with(format!("({printed}) AND NOT {term}"))?;
        Some(Excluding { candidate, query })
    });
    let excluding = excluding.take(MOST).collect();
    let live = engine.live.load();
    let adding = match live.query(monitor) {
        Some(running) => adding(engine, monitor, running, &judged)?,
        None => Vec::new(),
    };
    let adding = adding.into_iter().filter_map(|found| {
        let query = with(format!("({printed}) OR {}", found.query))?;
        Some(Adding { query, ..found })
    });
    Ok((excluding, adding.take(MOST).collect()))
}

/// A term as an operand of a query.
fn operand(text: &str, kind: TermKind) -> Option<String> {
    let clean = text.replace(['"', '(', ')'], " ");
    match kind {
        TermKind::Word if clean.contains(char::is_whitespace) => None,
        TermKind::Word | TermKind::Pair => Some(format!("\"{}\"", clean.trim())),
        TermKind::Tag => Some(clean.trim().to_owned()),
        TermKind::Site => None,
    }
}

/// Words of what is relevant that posts have which the query does not match.
fn adding(
    engine: &Engine,
    monitor: &str,
    running: &query::Query,
    judged: &[(&str, u64, bool, f64)],
) -> anyhow::Result<Vec<Adding>> {
    let wanted = telling(judged);
    let Some(active) = engine.relevance.of(monitor).filter(|_| !wanted.is_empty()) else {
        return Ok(Vec::new());
    };
    let posts = preview::recent(engine).map_err(|e| anyhow::anyhow!(e.message().to_owned()))?;
    let mut found: HashMap<u64, (usize, Vec<&post::Post>)> = HashMap::new();
    let mut terms = Terms::new();
    let pseudonyms = engine.admission.pseudonyms();
    let token = |handle: &str| pseudonyms.handle(handle);
    let mut probe = Probe::new([running].into_iter(), Some(&token));
    let needs_language = tests_language(running.ast());
    let mut scorer = Scorer::new(&engine.models);
    for post in posts.iter().rev() {
        let has: Vec<u64> = terms.read(&post.text).iter().map(|t| t.key).collect();
        let has: Vec<u64> = has.into_iter().filter(|k| wanted.contains_key(k)).collect();
        if has.is_empty() {
            continue;
        }
        let lang = post.lang.clone();
        let lang = lang.or_else(|| needs_language.then(|| scorer.language(post)));
        let document = Document::from_post(post, lang.as_deref().unwrap_or("und"));
        if !probe.matches(&document).is_empty() {
            continue;
        }
        for key in has {
            let (count, sample) = found.entry(key).or_default();
            *count += 1;
            if sample.len() < SAMPLE {
                sample.push(post);
            }
        }
    }
    let mut features = trends::relevance::Features::new();
    let mut out: Vec<Adding> = Vec::new();
    for (key, (count, sample)) in found.into_iter().filter(|(_, (n, _))| *n >= FEWEST) {
        let Some((text, term)) = wanted.get(&key) else {
            continue;
        };
        let said: Vec<(f64, f64)> = sample
            .iter()
            .map(|post| {
                let lang = post.lang.clone().unwrap_or_else(|| scorer.language(post));
                let class = active.class(&mut features, &post.text, &lang, super::author(post));
                (1.0, f64::from(u8::from(class.label == super::RELEVANT)))
            })
            .collect();
        out.push(Adding {
            text: text.clone(),
            posts: count,
            relevant: weighted_share(&said),
            samples: sample.iter().take(3).map(|p| p.text.clone()).collect(),
            query: term.clone(),
        });
    }
    let worth = |a: &Adding| a.relevant.map_or(0.0, |r| r.low) * (a.posts as f64).ln_1p();
    out.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then_with(|| a.text.cmp(&b.text)));
    out.retain(|a| a.relevant.is_some_and(|r| r.value >= 0.5));
    Ok(out)
}

/// Terms of relevant mentions that hardly any irrelevant one has: what they read as, and as operands.
fn telling(judged: &[(&str, u64, bool, f64)]) -> HashMap<u64, (String, String)> {
    let mut terms = Terms::new();
    let mut seen: HashMap<u64, (String, TermKind, HashSet<u64>, usize)> = HashMap::new();
    for (text, author, relevant, _) in judged {
        terms.read(text);
        for term in terms.list() {
            let entry = seen
                .entry(term.key)
                .or_insert_with(|| (terms.text(term), term.kind, HashSet::new(), 0));
            match relevant {
                true => drop(entry.2.insert(hash::pair(*author, hash::text(text)))),
                false => entry.3 += 1,
            }
        }
    }
    let telling = seen
        .into_iter()
        .filter(|(_, (_, _, with, without))| with.len() >= AUTHORS && without * 5 <= with.len());
    telling
        .filter_map(|(key, (text, kind, ..))| Some((key, (text.clone(), operand(&text, kind)?))))
        .collect()
}
