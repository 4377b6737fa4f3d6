//! Accounts that act together, and accounts that act like machines: what was seen, with its evidence, and no verdict.

use super::explanation::views;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::monitors::failure;
use crate::api::types::{ApiError, MentionView};
use crate::api::{Failure, Shared};
use crate::control::{FindingFilter, FindingRow};
use crate::detect::{Automated, Detail, FindingKind, MachineReason};
use axum::Json;
use axum::extract::Path;
use post::AuthorKey;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Choice, Filter, Snapshot};
use utoipa::{IntoParams, ToSchema};

/// Accounts told of.
const MOST: usize = 100;

/// A period.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct WhenParams {
    /// From this time, in milliseconds since 1970 (default: a week before `to`).
    from: Option<i64>,
    /// To this time, exclusive (default: now).
    to: Option<i64>,
}

impl WhenParams {
    fn period(&self) -> (i64, i64) {
        let to = self.to.unwrap_or_else(crate::clock::now);
        (self.from.unwrap_or(to.saturating_sub(7 * 24 * 3_600_000)), to)
    }
}

/// Accounts that shared the same things at the same moments.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CoordinationView {
    /// The finding.
    finding: FindingRow,
    /// What was seen, in words.
    seen: String,
    /// Accounts, by their pseudonyms.
    accounts: Vec<String>,
    /// Some of their mentions, those that share the same together.
    evidence: Vec<SharedThing>,
}

/// One thing that several accounts shared.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SharedThing {
    /// `link`, `text` or `repost`.
    kind: &'static str,
    /// The link, or the beginning of the text.
    what: String,
    /// The mentions that share it.
    mentions: Vec<MentionView>,
}

/// Accounts that shared the same things within moments of each other, again and again, more often than accounts that share
/// as much would by chance (1 % false discoveries). It is told what was seen, not why.
#[utoipa::path(get, path = "/projects/{project}/coordination", operation_id = "list_coordination", tag = "findings",
    params(("project" = String, Path), WhenParams),
    responses((status = 200, body = [CoordinationView]), (status = 400, body = ApiError)))]
pub(in crate::api) async fn coordination(
    app: Shared,
    Path(project): Path<String>,
    Params(when): Params<WhenParams>,
) -> Result<Json<Vec<CoordinationView>>, Failure> {
    let (from, to) = when.period();
    blocking(move || {
        let filter = FindingFilter {
            kinds: vec![FindingKind::Coordination],
            from: Some(from),
            to: Some(to),
            ..FindingFilter::default()
        };
        let rows = app
            .engine
            .control
            .findings(&project, &filter, None, MOST)
            .map_err(failure)?;
        let snapshot = app.engine.store.snapshot();
        let mut all = Vec::new();
        for row in rows {
            let Detail::Shares {
                accounts,
                objects,
                window,
                mentions,
            } = row.finding.detail.clone()
            else {
                continue;
            };
            let numbers: BTreeSet<u64> = mentions
                .iter()
                .filter_map(|n| u64::from_str_radix(n, 16).ok())
                .collect();
            all.push(CoordinationView {
                seen: format!(
                    "{} accounts shared the same {objects} things within {window} s of each other",
                    accounts.len()
                ),
                finding: row,
                accounts,
                evidence: together(views(&app.engine, &snapshot, &project, &numbers)?),
            });
        }
        Ok(Json(all))
    })
    .await
}

/// Mentions by what they share.
fn together(mentions: Vec<MentionView>) -> Vec<SharedThing> {
    let mut things: BTreeMap<(&'static str, String), Vec<MentionView>> = BTreeMap::new();
    for mention in mentions {
        let post = &mention.post;
        let words: Vec<&str> = post.text.split_whitespace().take(12).collect();
        let key = match (&*post.kind, post.urls.first()) {
            ("repost", _) => ("repost", words.join(" ")),
            (_, Some(link)) => ("link", link.clone()),
            (_, None) => ("text", words.join(" ")),
        };
        things.entry(key).or_default().push(mention);
    }
    let thing = |((kind, what), mentions): ((&'static str, String), Vec<MentionView>)| SharedThing {
        kind,
        what,
        mentions,
    };
    things.into_iter().map(thing).collect()
}

/// How far accounts act like machines.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AutomationView {
    /// The accounts with the highest scores, at most 100.
    accounts: Vec<AutomatedAccount>,
    /// Accounts with a score.
    scored: u64,
    /// Accounts of which there is too little evidence: fewer than five posts, or none for 30 days.
    insufficient: u64,
    /// Posts of the period by accounts that are likely automated: what leaving them out would take away.
    posts: u64,
    /// All posts of the period.
    of_posts: u64,
    /// Start of the period.
    from: i64,
    /// Its end.
    to: i64,
}

/// An account and what speaks for automation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AutomatedAccount {
    /// Its pseudonym.
    author: String,
    /// Its platform.
    source: String,
    /// Its handle, where it acts in public.
    handle: Option<String>,
    /// Posts that were seen.
    posts: u32,
    /// From 0 to 1: how much its posting is like a machine's. An order, not a probability.
    score: f64,
    /// Lower end of its 95 % interval, as far as the number of posts goes.
    low: f64,
    /// Its upper end.
    high: f64,
    /// Whether it counts as likely automated.
    likely: bool,
    /// When the score is not to be used any more.
    expires: i64,
    /// What speaks for it, the most first.
    reasons: Vec<MachineReason>,
}

/// Accounts whose posting is like a machine's, with reasons. Nobody is called a bot, nothing is left out by it, nothing is
/// said of fewer than five posts, and a score expires after 30 days. Platforms whose policy does not allow it are left out.
#[utoipa::path(get, path = "/projects/{project}/automation", operation_id = "list_automation", tag = "findings",
    params(("project" = String, Path), WhenParams),
    responses((status = 200, body = AutomationView), (status = 400, body = ApiError)))]
pub(in crate::api) async fn automation(
    app: Shared,
    Path(project): Path<String>,
    Params(when): Params<WhenParams>,
) -> Result<Json<AutomationView>, Failure> {
    let (from, to) = when.period();
    blocking(move || {
        let all = app
            .detectors
            .automated(&app.engine, &project, crate::clock::now() / 1000);
        let snapshot = app.engine.store.snapshot();
        let filter = |authors: Vec<AuthorKey>| Filter {
            project: Some(project.clone()),
            from: Some(from),
            to: Some(to),
            authors: Choice::only(authors),
            ..Filter::default()
        };
        let likely: Vec<AuthorKey> = all.iter().filter(|a| a.is_likely()).map(|a| a.key).collect();
        let posts = match likely.is_empty() {
            true => 0,
            false => snapshot.count(&filter(likely))?,
        };
        let scored = all.iter().filter(|a| a.score.is_some()).count() as u64;
        Ok(Json(AutomationView {
            insufficient: all.len() as u64 - scored,
            scored,
            accounts: shown(&snapshot, &project, &all)?,
            posts,
            of_posts: snapshot.count(&filter(Vec::new()))?,
            from,
            to,
        }))
    })
    .await
}

/// The highest scores, of accounts that have mentions still.
fn shown(snapshot: &Snapshot, project: &str, all: &[Automated]) -> Result<Vec<AutomatedAccount>, Failure> {
    let mut shown = Vec::new();
    for account in all.iter().take(MOST) {
        let Some((score, low, high, expires)) = account.score else {
            break;
        };
        let there = Filter {
            project: Some(project.to_owned()),
            authors: Choice::only([account.key]),
            ..Filter::default()
        };
        if snapshot.count(&there)? == 0 {
            continue;
        }
        shown.push(AutomatedAccount {
            author: account.key.to_string(),
            source: account.platform.clone(),
            handle: account.handle.clone(),
            posts: account.posts,
            score,
            low,
            high,
            likely: account.is_likely(),
            expires: expires * 1000,
            reasons: account.reasons.clone(),
        });
    }
    Ok(shown)
}
