//! Which of two brands people prefer, and from which to which they went, where one text names both.

use super::{Ground, ROWS};
use crate::analytics::Value;
use crate::analytics::preference::{self, Toward, Verdict, Votes};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::types::{ApiError, FilterParams, MentionView, PolicyLabel};
use crate::api::{Failure, Shared, rules};
use axum::Json;
use axum::extract::Path;
use models::comparison::{self, Side};
use query::Document;
use serde::Serialize;
use std::collections::BTreeMap;
use store::{Mention, Row};
use utoipa::ToSchema;

/// Monitors compared at most.
const MOST: usize = 10;
/// Texts read at most, the newest.
const TEXTS: usize = 2_000;
/// Examples of each pair.
const EXAMPLES: usize = 5;

/// What is preferred to what.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PreferencesPage {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// Distinct texts that name two of the monitors or more.
    found: u64,
    /// Of those the newest, which were read.
    read: u64,
    /// Every pair that is named together, most authors first.
    pairs: Vec<Preference>,
    /// Languages whose phrases are known; in others preferences come from sentiment alone.
    langs: Vec<String>,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// Two brands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Preference {
    /// A monitor.
    a: String,
    /// Its name.
    a_label: String,
    /// Another one.
    b: String,
    /// Its name.
    b_label: String,
    /// Authors who name both in one text.
    authors: u64,
    /// Authors who prefer `a`, by the newest text in which they prefer one.
    prefer_a: u64,
    /// Authors who prefer `b`.
    prefer_b: u64,
    /// Of both these, how many say so by a phrase; the others by their sentiment toward each.
    by_phrase: u64,
    /// `a` ÷ (`a` + `b`), with Wilson's interval; below 30 only counts are told.
    share_a: Value,
    /// Authors who say that they went from `b` to `a`.
    went_to_a: u64,
    /// Authors who say that they went from `a` to `b`.
    went_to_b: u64,
    /// Newest texts that say either.
    examples: Vec<Example>,
}

/// A text that prefers one of two.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Example {
    /// The monitor's id that it prefers, where it prefers one.
    prefers: Option<String>,
    /// `phrase` or `sentiment`: by which rule it does.
    by: Option<String>,
    /// The monitor's id that somebody went to, where one did.
    went_to: Option<String>,
    /// The mention of `a`.
    mention: MentionView,
}

/// Preferences between two to ten monitors, named by `monitor=`, in texts that name two of them.
#[utoipa::path(get, path = "/projects/{project}/preferences", operation_id = "preferences", tag = "analytics",
    params(("project" = String, Path), FilterParams),
    responses((status = 200, body = PreferencesPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn preferences(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
) -> Result<Json<PreferencesPage>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &filter)?;
        let monitors = g.chosen(2, MOST)?;
        if !rules::check_person(&snapshot, &g.asked.filter)? {
            return Err(rules::no_person_scores());
        }
        let ids: Vec<String> = monitors.iter().map(|(id, _)| id.clone()).collect();
        let rows = snapshot.rows(&g.asked.filter, &ids, ROWS)?;
        let texts = naming_two(&rows);
        let read = texts.len().min(TEXTS);
        let mut pairs: BTreeMap<(usize, usize), Pair> = BTreeMap::new();
        for text in texts.iter().take(TEXTS) {
            judge(&g, text, &mut pairs)?;
        }
        let mut pairs: Vec<Preference> = pairs
            .into_iter()
            .map(|((a, b), pair)| pair.shown(&monitors[a], &monitors[b]))
            .collect();
        pairs.sort_by_key(|p| std::cmp::Reverse(p.authors));
        Ok(Json(PreferencesPage {
            from: g.asked.from,
            to: g.asked.to,
            found: texts.len() as u64,
            read: read as u64,
            pairs,
            langs: comparison::langs().map(str::to_owned).collect(),
            generation: snapshot.generation(),
            policy_labels: rules::labels(&snapshot, &g.asked.filter)?,
        }))
    })
    .await
}

/// The mentions of each text that is one of two monitors or more, as its first author published it; newest first.
fn naming_two(rows: &[Row]) -> Vec<Vec<Row>> {
    let mut by_text: BTreeMap<u64, Vec<Row>> = BTreeMap::new();
    for row in rows {
        if let Some(text) = row.text {
            by_text.entry(text).or_default().push(*row);
        }
    }
    let first_of_each = |mut rows: Vec<Row>| {
        rows.sort_by_key(|r| (r.at, r.author, r.monitor));
        let author = rows.first().map(|r| r.author);
        let mut seen = 0u64;
        rows.retain(|r| {
            let bit = 1u64 << r.monitor;
            let keep = Some(r.author) == author && seen & bit == 0;
            seen |= if keep { bit } else { 0 };
            keep
        });
        rows.sort_by_key(|r| r.monitor);
        rows
    };
    let mut texts: Vec<Vec<Row>> = by_text
        .into_values()
        .map(first_of_each)
        .filter(|rows| rows.len() > 1)
        .collect();
    texts.sort_by_key(|rows| std::cmp::Reverse(rows.first().map(|r| r.at)));
    texts
}

/// What is known of a pair so far.
#[derive(Default)]
struct Pair {
    votes: Votes,
    examples: Vec<(Verdict, MentionView)>,
}

fn judge(g: &Ground<'_>, rows: &[Row], pairs: &mut BTreeMap<(usize, usize), Pair>) -> Result<(), Failure> {
    let live = g.app.engine.live.load();
    let mentions: Vec<Mention> = rows
        .iter()
        .map(|row| g.snapshot.row_mention(row))
        .collect::<Result<_, _>>()?;
    let places: Vec<_> = mentions
        .iter()
        .map(|m| {
            let document = Document::from_post(&m.post, &m.lang);
            let query = live.query(&m.monitor);
            query.map_or_else(Vec::new, |q| live.subject(q, &document).text)
        })
        .collect();
    for i in 0..rows.len() {
        for j in i + 1..rows.len() {
            let (a, b) = (&mentions[i], &mentions[j]);
            let said = comparison::said(&a.post.text, &a.lang, &places[i], &places[j]);
            let verdict = preference::judge(said, toward(g, a), toward(g, b));
            let pair = pairs
                .entry((rows[i].monitor as usize, rows[j].monitor as usize))
                .or_default();
            // Newest first: what an author said first here is what they said last.
            pair.votes.add(rows[i].author, verdict);
            if verdict.says_something() && pair.examples.len() < EXAMPLES {
                let view = crate::view::mention(a, g.snapshot.marks().of(a.id), &live);
                pair.examples.push((verdict, view));
            }
        }
    }
    Ok(())
}

/// The sentiment of a mention where it is toward its monitor's subject, as corrected by hand or as the model has it.
fn toward(g: &Ground<'_>, m: &Mention) -> Option<Toward> {
    let corrected = g.snapshot.marks().of(m.id).and_then(|mark| mark.sentiment);
    let modelled = m.sentiment.as_ref().filter(|s| s.is_toward);
    corrected
        .map(Toward::Label)
        .or_else(|| modelled.map(|s| Toward::Probabilities(s.probabilities)))
}

impl Pair {
    fn shown(self, (a, a_label): &(String, String), (b, b_label): &(String, String)) -> Preference {
        let counts = self.votes.counts();
        let id = |side: Side| match side {
            Side::A => a.clone(),
            Side::B => b.clone(),
        };
        let example = |(verdict, mention): (Verdict, MentionView)| Example {
            prefers: verdict.prefers.map(|(side, _)| id(side)),
            by: verdict.prefers.map(|(_, by)| by.name().to_owned()),
            went_to: verdict.went_to.map(id),
            mention,
        };
        Preference {
            a: a.clone(),
            a_label: a_label.clone(),
            b: b.clone(),
            b_label: b_label.clone(),
            authors: counts.authors,
            prefer_a: counts.prefer[0],
            prefer_b: counts.prefer[1],
            by_phrase: counts.by_phrase,
            share_a: Value::share(counts.prefer[0], counts.prefer[0] + counts.prefer[1]),
            went_to_a: counts.went_to[0],
            went_to_b: counts.went_to[1],
            examples: self.examples.into_iter().map(example).collect(),
        }
    }
}
