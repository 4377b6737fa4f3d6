//! Checking and trying a query before it is saved.

use super::access::Access;
use super::error::blocking;
use super::extract::Body;
use super::types::{ApiError, QueryCheck, QueryInput, QueryPreview, QueryProblem, QuerySpan};
use super::{App, Failure, Shared};
use crate::control::{DEFAULT_PROJECT, Scope};
use crate::lists::parse_monitor;
use crate::preview;
use axum::Json;
use query::Query;

/// Says whether a query can be saved, names every fault with its place and, where one is obvious, its fix.
#[utoipa::path(post, path = "/queries/check", operation_id = "check_query", tag = "queries", request_body = QueryInput, responses((status = 200, body = QueryCheck)))]
pub(super) async fn check(
    app: Shared,
    access: Access,
    Body(input): Body<QueryInput>,
) -> Result<Json<QueryCheck>, Failure> {
    access.need_in(Some(project(&input)), Scope::Read)?;
    blocking(move || Ok(Json(checked(&app, &input)?))).await
}

fn checked(app: &App, input: &QueryInput) -> Result<QueryCheck, Failure> {
    let lists = lists(app, input)?;
    let parsed = parse_monitor(&input.query, &lists);
    let mut problems = match &parsed {
        Ok(query) => query.problems().to_vec(),
        Err(problems) => problems.clone(),
    };
    let mut estimate = None;
    if parsed.is_ok() && input.estimate {
        let (engine, posts) = (&app.engine, preview::recent(&app.engine)?);
        let lists = crate::lists::read(&lists);
        problems.extend(preview::remarks(engine, &input.query, &lists, &posts));
        estimate = Some(preview::estimate(
            engine,
            project(input),
            input.query.clone(),
            &posts,
        ));
    }
    let spans = query::spans(&input.query);
    Ok(QueryCheck {
        ok: parsed.is_ok(),
        estimate,
        canonical: parsed.as_ref().ok().map(ToString::to_string),
        problems: problems.iter().map(problem).collect(),
        spans: spans
            .into_iter()
            .map(|s| QuerySpan {
                start: s.at.start,
                end: s.at.end,
                kind: s.kind.name().to_owned(),
            })
            .collect(),
    })
}

fn project(input: &QueryInput) -> &str {
    input.project.as_deref().unwrap_or(DEFAULT_PROJECT)
}

/// Reads the query with the lists of its project.
fn parse(app: &App, input: &QueryInput) -> Result<Result<Query, Vec<query::Problem>>, Failure> {
    Ok(parse_monitor(&input.query, &lists(app, input)?))
}

fn lists(app: &App, input: &QueryInput) -> Result<crate::lists::Lists, Failure> {
    let control = &app.engine.control;
    control.lists(project(input)).map_err(super::monitors::failure)
}

fn problem(p: &query::Problem) -> QueryProblem {
    QueryProblem {
        severity: p.severity.name().to_owned(),
        code: p.code.to_owned(),
        start: p.at.start,
        end: p.at.end,
        message: p.message.clone(),
        fix: p.fix.clone(),
    }
}

/// The errors among problems, in one line.
pub(super) fn in_words(problems: &[query::Problem]) -> String {
    let errors = problems.iter().filter(|p| p.is_error());
    errors
        .map(|p| format!("{} (at {})", p.message, p.at.start))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Posts of the recent past that a query would have matched, newest first.
#[utoipa::path(post, path = "/queries/preview", operation_id = "preview_query", tag = "queries", request_body = QueryInput,
    responses((status = 200, body = QueryPreview), (status = 422, body = ApiError)))]
pub(super) async fn preview(
    app: Shared,
    access: Access,
    Body(input): Body<QueryInput>,
) -> Result<Json<QueryPreview>, Failure> {
    access.need_in(Some(project(&input)), Scope::Read)?;
    blocking(move || {
        parse(&app, &input)?.map_err(|p| Failure::BadQuery(in_words(&p)))?;
        let limit = input.limit.unwrap_or(20).clamp(1, 100);
        preview::search(&app.engine, project(&input), input.query.clone(), limit).map(Json)
    })
    .await
}
