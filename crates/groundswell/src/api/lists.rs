//! Keyword lists of a project: what `list:name` stands for in its queries.

use super::error::{blocking, to_the_end};
use super::extract::Body;
use super::monitors::{failure, publish, writable};
use super::types::{ApiError, KeywordList, KeywordListInput};
use super::{App, Failure, Shared};
use crate::lists::terms;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;

/// The keyword lists of a project, by name.
#[utoipa::path(get, path = "/projects/{project}/lists", operation_id = "list_lists", tag = "lists", params(("project" = String, Path)),
    responses((status = 200, body = [KeywordList])))]
pub(super) async fn list(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<Vec<KeywordList>>, Failure> {
    blocking(move || {
        let lists = app.engine.control.keyword_lists(&project).map_err(failure)?;
        Ok(Json(lists))
    })
    .await
}

/// One keyword list.
#[utoipa::path(get, path = "/projects/{project}/lists/{name}", operation_id = "get_list", tag = "lists", params(("project" = String, Path), ("name" = String, Path)),
    responses((status = 200, body = KeywordList), (status = 404, body = ApiError)))]
pub(super) async fn get(
    app: Shared,
    Path((project, name)): Path<(String, String)>,
) -> Result<Json<KeywordList>, Failure> {
    blocking(move || {
        let list = app
            .engine
            .control
            .keyword_list(&project, &name)
            .map_err(failure)?;
        Ok(Json(list))
    })
    .await
}

/// Makes or changes a list. Each monitor that uses it gets a new version, and the journal's past is searched anew for it.
#[utoipa::path(put, path = "/projects/{project}/lists/{name}", operation_id = "put_list", tag = "lists", params(("project" = String, Path), ("name" = String, Path)),
    request_body = KeywordListInput,
    responses((status = 200, body = KeywordList), (status = 400, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError)))]
pub(super) async fn put(
    app: Shared,
    Path((project, name)): Path<(String, String)>,
    Body(input): Body<KeywordListInput>,
) -> Result<Json<KeywordList>, Failure> {
    to_the_end(async move {
        writable(&app)?;
        let (store, in_project, key) = (app.0.clone(), project.clone(), name.clone());
        let search = blocking(move || {
            let terms = terms(input.terms.iter().flat_map(|term| term.lines()));
            check(&store, &in_project, &key, &terms)?;
            store
                .engine
                .control
                .put_list(&in_project, &key, &terms)
                .map_err(failure)
        })
        .await?;
        publish(&app, &search).await?;
        get(app, Path((project, name))).await
    })
    .await
}

/// Deletes a list that no monitor uses.
#[utoipa::path(delete, path = "/projects/{project}/lists/{name}", operation_id = "delete_list", tag = "lists", params(("project" = String, Path), ("name" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(super) async fn delete(
    app: Shared,
    Path((project, name)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    to_the_end(async move {
        writable(&app)?;
        let store = app.0.clone();
        blocking(move || store.engine.control.delete_list(&project, &name).map_err(failure)).await?;
        publish(&app, &[]).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Whether the list can be read, and every monitor that uses it with it.
fn check(app: &App, project: &str, name: &str, terms: &[String]) -> Result<(), Failure> {
    if let Some(fault) = crate::lists::faults(name, terms).into_iter().next() {
        return Err(Failure::Bad(fault));
    }
    let control = &app.engine.control;
    let mut lists = control.lists(project).map_err(failure)?;
    if !lists.contains_key(name) {
        return Ok(());
    }
    lists.insert(name.to_owned(), terms.to_vec());
    let lists = crate::lists::read(&lists);
    for id in control.keyword_list(project, name).map_err(failure)?.used_by {
        let monitor = control.monitor(&id).map_err(failure)?;
        query::parse_with(&monitor.query, &lists).map_err(|problems| {
            let why = super::queries::in_words(&problems);
            Failure::BadQuery(format!("the monitor `{}`: {why}", monitor.name))
        })?;
    }
    Ok(())
}
