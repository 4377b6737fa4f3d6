//! Expectations run on a query, read from a file and written to one. Nothing is kept.

use super::check;
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::queries::in_words;
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::control::{DEFAULT_PROJECT, Scope};
use crate::lab::document;
use crate::lab::expectations::{self, Source};
use crate::lab::expected::{self, Expected, judge, let_in};
use crate::lists::{parse_monitor, used};
use crate::pipeline::{Scorer, tests_language};
use axum::Json;
use query::Query;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use utoipa::ToSchema;

/// A query and what is expected of it: `POST /api/v1/queries/expectations`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct ExpectationRun {
    /// The query.
    query: String,
    /// What is expected of it.
    expectations: Vec<Expected>,
    /// The project whose keyword lists it names; the default project where absent.
    project: Option<String>,
}

/// What a query does with what is expected of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(in crate::api) struct ExpectationResults {
    /// How many hold.
    passed: u64,
    /// How many do not.
    failed: u64,
    /// One for each expectation, in their order.
    results: Vec<ExpectationResult>,
}

/// What a query does with one expected post.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(in crate::api) struct ExpectationResult {
    /// Whether it does what it must.
    holds: bool,
    /// What matched, in bytes of the text; where a match is missing, what stands in its way.
    places: Vec<[usize; 2]>,
    /// The same, in bytes of the title.
    title_places: Vec<[usize; 2]>,
    /// Where it does not hold, the clauses that would have to change, a sentence each.
    reasons: Vec<String>,
}

/// Runs expectations on a query, whether or not either is kept.
#[utoipa::path(post, path = "/queries/expectations", operation_id = "run_expectations", tag = "queries", request_body = ExpectationRun,
    responses((status = 200, body = ExpectationResults), (status = 400, body = ApiError), (status = 422, body = ApiError)))]
pub(in crate::api) async fn run(
    app: Shared,
    access: Access,
    Body(input): Body<ExpectationRun>,
) -> Result<Json<ExpectationResults>, Failure> {
    access.need_in(Some(project(&input.project)), Scope::Read)?;
    blocking(move || {
        check(&input.expectations)?;
        let lists = app
            .engine
            .control
            .lists(project(&input.project))
            .map_err(failure)?;
        let query = parse_monitor(&input.query, &lists).map_err(|p| Failure::BadQuery(in_words(&p)))?;
        let results = results(&app, &query, &input.expectations)?;
        let passed = results.iter().filter(|r| r.holds).count() as u64;
        Ok(Json(ExpectationResults {
            passed,
            failed: results.len() as u64 - passed,
            results,
        }))
    })
    .await
}

fn project(named: &Option<String>) -> &str {
    named.as_deref().unwrap_or(DEFAULT_PROJECT)
}

fn results(app: &App, query: &Query, all: &[Expected]) -> Result<Vec<ExpectationResult>, Failure> {
    let mut scorer = tests_language(query.ast()).then(|| Scorer::new(&app.engine.models));
    let pair = |range: Range<usize>| [range.start, range.end];
    let one = |expected: &Expected| {
        let mut post = expected.raw().map_err(Failure::Bad)?;
        if let (None, Some(scorer)) = (&post.lang, &mut scorer) {
            post.lang = Some(scorer.language_of(post.title.as_deref(), &post.text));
        }
        let verdict = judge(query, expected.matches, &document(&post));
        let in_words = |reason: &query::Reason| match expected.matches {
            true => reason.to_string(),
            false => let_in(reason),
        };
        Ok(ExpectationResult {
            holds: verdict.holds,
            reasons: verdict.reasons.iter().map(in_words).collect(),
            places: verdict.text.into_iter().map(pair).collect(),
            title_places: verdict.title.into_iter().map(pair).collect(),
        })
    };
    all.iter().map(one).collect()
}

/// A file of expectations.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct ExpectationFile {
    /// Its text (TOML).
    text: String,
}

/// A monitor of a file of expectations.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(in crate::api) struct ExpectationsOf {
    /// Its name.
    name: String,
    /// Its query, where it stands in the file.
    query: Option<String>,
    /// What is expected of it.
    expectations: Vec<Expected>,
}

/// Reads a file of expectations: what is expected of each of its monitors. Faults are named with their lines.
#[utoipa::path(post, path = "/queries/expectations/read", operation_id = "read_expectations", tag = "queries", request_body = ExpectationFile,
    responses((status = 200, body = [ExpectationsOf]), (status = 400, body = ApiError)))]
pub(in crate::api) async fn read(
    Body(file): Body<ExpectationFile>,
) -> Result<Json<Vec<ExpectationsOf>>, Failure> {
    let file = expectations::read(&file.text).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|f| format!("line {f}")).collect();
        Failure::Bad(lines.join("; "))
    })?;
    let monitor = |m: expectations::Monitor| ExpectationsOf {
        name: m.name,
        query: match m.query {
            Source::Text(text) => Some(text),
            Source::File(_) | Source::Configured => None,
        },
        expectations: m.expectations.into_iter().map(Expected::from).collect(),
    };
    Ok(Json(file.monitors.into_iter().map(monitor).collect()))
}

/// A monitor whose expectations are to be written.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct ExpectationsToWrite {
    /// Its name.
    name: String,
    /// Its query.
    query: String,
    /// What is expected of it.
    expectations: Vec<Expected>,
    /// The project whose keyword lists it names; the default project where absent.
    project: Option<String>,
}

/// Writes a file that `groundswell query test` reads: the query, the keyword lists it names, and what is expected.
#[utoipa::path(post, path = "/queries/expectations/write", operation_id = "write_expectations", tag = "queries", request_body = ExpectationsToWrite,
    responses((status = 200, body = ExpectationFile), (status = 400, body = ApiError), (status = 422, body = ApiError)))]
pub(in crate::api) async fn write(
    app: Shared,
    access: Access,
    Body(input): Body<ExpectationsToWrite>,
) -> Result<Json<ExpectationFile>, Failure> {
    access.need_in(Some(project(&input.project)), Scope::Read)?;
    blocking(move || {
        check(&input.expectations)?;
        if input.expectations.is_empty() {
            return Err(Failure::Bad(
                "nothing is expected: there is no file to write".to_owned(),
            ));
        }
        let mut lists = app
            .engine
            .control
            .lists(project(&input.project))
            .map_err(failure)?;
        let query = parse_monitor(&input.query, &lists).map_err(|p| Failure::BadQuery(in_words(&p)))?;
        let named = used(&query).into_iter();
        let lists: Vec<_> = named.filter_map(|name| lists.remove_entry(&name)).collect();
        let text = expected::write(&input.name, &input.query, &lists, &input.expectations);
        Ok(Json(ExpectationFile { text }))
    })
    .await
}
