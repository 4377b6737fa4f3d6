//! An explanation as it is told.

use super::gather::Gathered;
use super::words;
use crate::detect::finding::Finding;
use serde::Serialize;
use trends::Estimate;
use trends::explain::{Dimension, Explanation, Part};
use trends::terms::TermKind;
use utoipa::ToSchema;

/// A peak explained. Mentions are named by the first 16 hexadecimal digits of their ids.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Explained {
    /// The finding.
    pub(crate) finding: String,
    /// Its begin, milliseconds since 1970.
    pub(crate) from: i64,
    /// Its end.
    pub(crate) until: i64,
    /// Mentions in it.
    pub(crate) posts: u64,
    /// Texts in it, copies counted once.
    pub(crate) texts: u64,
    /// Authors in it.
    pub(crate) authors: u64,
    /// Mentions that were to be expected.
    pub(crate) expected: f64,
    /// Mentions beyond that.
    pub(crate) excess: f64,
    /// What it was held against, in words.
    pub(crate) compared: String,
    /// The share of mentions that was read; below 1 where there are too many, and counts are scaled up then.
    pub(crate) sampled: f64,
    /// What the finding says in plain words, each sentence with the mentions it rests on.
    pub(crate) sentences: Vec<Sentence>,
    /// The excess by each dimension.
    pub(crate) parts: Vec<ExplainedParts>,
    /// The terms that are most over-used in it, the most telling first.
    pub(crate) terms: Vec<ExplainedTerm>,
    /// The first mention with one of its three most telling terms.
    pub(crate) first: Option<String>,
    /// Share of its mentions that repeat the one post that is repeated most.
    pub(crate) reposts: Option<f64>,
    /// Net sentiment in it, from −1 to 1, from 30 scored mentions on.
    pub(crate) mood: Option<Interval>,
    /// Net sentiment of what it was held against.
    pub(crate) mood_before: Option<Interval>,
    /// Up to three mentions that stand for the rest.
    pub(crate) typical: Vec<Typical>,
}

/// A sentence and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Sentence {
    /// In plain words.
    pub(crate) text: String,
    /// Some of its mentions.
    pub(crate) mentions: Vec<String>,
    /// What it quotes of its mentions, as it stands in the text.
    #[serde(skip)]
    pub(crate) quote: Option<String>,
}

/// The excess by one dimension.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ExplainedParts {
    /// `platform`, `author_tier`, `copies`, `topic`, `language` or `place`.
    pub(crate) dimension: &'static str,
    /// Its values, those with the greatest excess first, and the rest; shares add up to 1.
    pub(crate) parts: Vec<ExplainedPart>,
}

/// What one value of a dimension brings.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ExplainedPart {
    /// The value in words; `null` for all that are not shown.
    pub(crate) value: Option<String>,
    /// What it is called elsewhere: a topic's number (`topic=`), a group of copies (`copies=`).
    pub(crate) id: Option<String>,
    /// Mentions in the peak.
    pub(crate) posts: f64,
    /// Mentions that were to be expected.
    pub(crate) expected: f64,
    /// Mentions beyond that.
    pub(crate) excess: f64,
    /// Its share of the whole excess, where there is one.
    pub(crate) share: Option<f64>,
    /// Some of its mentions.
    pub(crate) mentions: Vec<String>,
}

/// A term that is over-used in the peak.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ExplainedTerm {
    /// What it reads as.
    pub(crate) text: String,
    /// `word`, `hashtag`, `pair` or `site`.
    pub(crate) kind: &'static str,
    /// Log-odds against before, shrunk by the prior.
    pub(crate) log_odds: Interval,
    /// Authors that say it in the peak, copies counted once.
    pub(crate) authors: u32,
    /// Authors that said it before.
    pub(crate) authors_before: u32,
    /// Some of its mentions.
    pub(crate) mentions: Vec<String>,
}

/// A figure with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(crate) struct Interval {
    /// The figure.
    pub(crate) value: f64,
    /// Lower end.
    pub(crate) low: f64,
    /// Upper end.
    pub(crate) high: f64,
}

impl From<Estimate> for Interval {
    fn from(e: Estimate) -> Self {
        Self {
            value: e.value,
            low: e.low,
            high: e.high,
        }
    }
}

/// A mention that stands for others.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Typical {
    /// The mention.
    pub(crate) mention: String,
    /// The share of mentions that are like it, copies included.
    pub(crate) share: f64,
}

pub(super) fn hex(number: u64) -> String {
    format!("{number:016x}")
}

pub(super) fn told(finding: &Finding, gathered: &Gathered, e: &Explanation) -> Explained {
    let scale = 1.0 / gathered.sampled;
    let scaled = |n: u64| (n as f64 * scale).round() as u64;
    let term = |t: &trends::explain::Shift| ExplainedTerm {
        text: t.text.clone(),
        kind: kind(t.kind),
        log_odds: t.log_odds.into(),
        authors: t.authors.0,
        authors_before: t.authors.1,
        mentions: t.evidence.iter().copied().map(hex).collect(),
    };
    let parts = e.parts.iter().map(|d| ExplainedParts {
        dimension: dimension(d.dimension),
        parts: d
            .parts
            .iter()
            .map(|p| part(gathered, p, d.dimension, scale))
            .collect(),
    });
    let mut explained = Explained {
        finding: finding.id.clone(),
        from: finding.from,
        until: finding.until,
        posts: scaled(e.posts),
        texts: scaled(e.texts),
        authors: scaled(e.authors),
        expected: e.expected * scale,
        excess: e.excess * scale,
        compared: gathered.compared.clone(),
        sampled: gathered.sampled,
        sentences: Vec::new(),
        parts: parts.collect(),
        terms: e.terms.iter().map(term).collect(),
        first: e.first.map(|(number, _)| hex(number)),
        reposts: e.reposts.as_ref().map(|r| r.share),
        mood: e.sentiment.0.map(Interval::from),
        mood_before: e.sentiment.1.map(Interval::from),
        typical: e
            .medoids
            .iter()
            .map(|m| Typical {
                mention: hex(m.post),
                share: m.share,
            })
            .collect(),
    };
    explained.sentences = words::sentences(&explained, e, gathered);
    explained
}

fn part(gathered: &Gathered, p: &Part, of: Dimension, scale: f64) -> ExplainedPart {
    let unnamed = match of {
        Dimension::Group => "a text of its own",
        _ => "unknown",
    };
    let name = |value: u64| {
        gathered
            .names
            .get(&value)
            .cloned()
            .unwrap_or_else(|| unnamed.to_owned())
    };
    ExplainedPart {
        value: p.value.map(name),
        id: p.value.and_then(|value| gathered.ids.get(&value).cloned()),
        posts: p.posts as f64 * scale,
        expected: p.expected * scale,
        excess: p.excess * scale,
        share: p.share,
        mentions: p.evidence.iter().copied().map(hex).collect(),
    }
}

fn kind(kind: TermKind) -> &'static str {
    match kind {
        TermKind::Word => "word",
        TermKind::Tag => "hashtag",
        TermKind::Pair => "pair",
        TermKind::Site => "site",
    }
}

fn dimension(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Platform => "platform",
        Dimension::Tier => "author_tier",
        Dimension::Group => "copies",
        Dimension::Topic => "topic",
        Dimension::Language => "language",
        Dimension::Place => "place",
    }
}
