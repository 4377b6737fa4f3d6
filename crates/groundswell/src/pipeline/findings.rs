//! What a worker found in a post, on its way to the process that writes it down: the post's mentions without the post.

use post::{MentionId, Post};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use store::{Mention, Scores, Sentiment};

/// The first byte.
const FORMAT: u8 = 1;

#[derive(Serialize, Deserialize)]
struct Finding<'m> {
    project: Cow<'m, str>,
    monitor: Cow<'m, str>,
    /// 0 for context.
    monitor_version: u32,
    primary: bool,
    lang: Cow<'m, str>,
    sentiment: Cow<'m, Option<Sentiment>>,
    scores: Cow<'m, Scores>,
}

/// The mentions of one post as bytes; none for none.
pub(super) fn write(mentions: &[Mention]) -> anyhow::Result<Vec<u8>> {
    if mentions.is_empty() {
        return Ok(Vec::new());
    }
    let findings: Vec<Finding<'_>> = mentions
        .iter()
        .map(|m| Finding {
            project: (&m.project).into(),
            monitor: (&m.monitor).into(),
            monitor_version: m.monitor_version,
            primary: m.primary,
            lang: (&m.lang).into(),
            sentiment: Cow::Borrowed(&m.sentiment),
            scores: Cow::Borrowed(&m.scores),
        })
        .collect();
    Ok(postcard::to_extend(&findings, vec![FORMAT])?)
}

/// The mentions of a post, from bytes.
pub(super) fn read(post: &Post, bytes: &[u8]) -> anyhow::Result<Vec<Mention>> {
    let findings: Vec<Finding<'_>> = match bytes {
        [] => return Ok(Vec::new()),
        [FORMAT, findings @ ..] => postcard::from_bytes(findings)?,
        [format, ..] => anyhow::bail!("format {format} of findings is not known: use a newer groundswell"),
    };
    let mention = |finding: Finding<'_>| Mention {
        id: MentionId::of(post.key, &finding.monitor),
        project: finding.project.into_owned(),
        monitor: finding.monitor.into_owned(),
        monitor_version: finding.monitor_version,
        primary: finding.primary,
        post: post.clone(),
        lang: finding.lang.into_owned(),
        sentiment: finding.sentiment.into_owned(),
        scores: finding.scores.into_owned(),
        group: None,
        topic: None,
    };
    Ok(findings.into_iter().map(mention).collect())
}
