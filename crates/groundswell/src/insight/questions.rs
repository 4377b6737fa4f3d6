//! Questions and complaints that nobody of ours has answered.

use super::{Ground, ids, of_monitors};
use crate::analytics::Value;
use crate::api::types::{FilterParams, Role};
use crate::api::{Failure, control_failure};
use serde::Serialize;
use store::{Choice, Mention, mention_number};
use utoipa::ToSchema;

/// Intents that ask for an answer.
const INTENTS: [&str; 2] = ["question", "complaint"];
/// Mentions of each looked at, the newest.
const LOOKED_AT: usize = 2_000;
const PAGE: usize = 500;
/// Of those without an answer, the newest shown.
const SHOWN: usize = 10;

/// Mentions of one intent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Unanswered {
    /// `question` or `complaint`.
    pub(crate) intent: String,
    /// Mentions of our brands with it, the newest 2,000 at most.
    pub(crate) mentions: u64,
    /// Of those, how many have no answer: neither a reply by an own account that is known, nor set to pending or closed.
    pub(crate) open: u64,
    /// Their authors.
    pub(crate) people: u64,
    /// Open ÷ all, with Wilson's interval; not told below 30.
    pub(crate) share: Value,
    /// Whether there were more mentions than were looked at.
    pub(crate) sampled: bool,
    /// The newest without an answer, by their numbers.
    pub(crate) newest: Vec<String>,
    /// The filter of all of them.
    pub(crate) evidence: FilterParams,
}

/// The questions and complaints about our brands under the filter. Empty where the project has no brand.
pub(crate) fn unanswered(g: &Ground<'_>) -> Result<Vec<Unanswered>, Failure> {
    let ours = g.with_role(Role::Brand)?;
    if ours.is_empty() {
        return Ok(Vec::new());
    }
    let answered = g
        .control
        .answered(&g.project, (g.from, g.to))
        .map_err(control_failure)?;
    let of = |intent: &str| {
        let mut filter = of_monitors(&g.filter, &ours);
        filter.intents = Choice::only([intent.to_owned()]);
        let mut found = Unanswered {
            intent: intent.to_owned(),
            mentions: 0,
            open: 0,
            people: 0,
            share: Value::default(),
            sampled: false,
            newest: Vec::new(),
            evidence: g.evidence(|f| {
                f.monitor = ids(&ours);
                f.intent = Some(intent.to_owned());
            }),
        };
        let mut people = std::collections::HashSet::new();
        let mut cursor = None;
        loop {
            let page = g.snapshot.mentions(&filter, cursor, PAGE)?;
            for mention in &page.items {
                found.mentions += 1;
                if answered.contains(&mention_number(mention.id)) || is_taken_up(g, mention) {
                    continue;
                }
                found.open += 1;
                people.extend(mention.post.author.as_ref().map(|a| a.key));
                if found.newest.len() < SHOWN {
                    found.newest.push(mention.id.to_string());
                }
            }
            cursor = page.next;
            if cursor.is_none() || found.mentions >= LOOKED_AT as u64 {
                break;
            }
        }
        found.sampled = cursor.is_some();
        found.people = people.len() as u64;
        found.share = Value::share(found.open, found.mentions);
        Ok(found)
    };
    INTENTS.into_iter().map(of).collect()
}

fn is_taken_up(g: &Ground<'_>, mention: &Mention) -> bool {
    let status = g
        .snapshot
        .marks()
        .of(mention.id)
        .and_then(|m| m.status.as_deref());
    matches!(status, Some("pending" | "closed"))
}
