//! The expectations that are kept with a monitor, and their versions.

use super::{ExpectationSet, ExpectationVersion, check};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::{Body, Params};
use crate::api::monitors::{failure, writable};
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::control::{Action, ExpectationRow};
use crate::lab::expected::Expected;
use axum::Json;
use axum::extract::Path;
use post::{AuthorKey, Kind, Post, PostKey};
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::IntoParams;

/// Which version.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct VersionParams {
    /// An older version; the newest where absent.
    version: Option<u32>,
}

/// What is expected of a monitor's query.
#[utoipa::path(get, path = "/monitors/{id}/expectations", operation_id = "get_expectations", tag = "queries", params(("id" = String, Path), VersionParams),
    responses((status = 200, body = ExpectationSet), (status = 404, body = ApiError)))]
pub(in crate::api) async fn get(
    app: Shared,
    Path(id): Path<String>,
    Params(params): Params<VersionParams>,
) -> Result<Json<ExpectationSet>, Failure> {
    blocking(move || kept(&app, &id, params.version).map(Json)).await
}

/// Replaces what is expected of a monitor's query, as its next version. A collected post is named by its key alone
/// (`matches`, `post`, `why`): what else it says is taken from it, and goes when it is deleted.
#[utoipa::path(put, path = "/monitors/{id}/expectations", operation_id = "put_expectations", tag = "queries", params(("id" = String, Path)),
    request_body = ExpectationSet,
    responses((status = 200, body = ExpectationSet), (status = 400, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn put(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
    Body(input): Body<ExpectationSet>,
) -> Result<Json<ExpectationSet>, Failure> {
    writable(&app)?;
    let by = access.event(Action::ExpectationsChanged);
    blocking(move || {
        check(&input.expectations)?;
        let rows = rows(&app, &id, input.expectations)?;
        let control = &app.engine.control;
        control
            .set_expectations(&id, input.version, &rows, &by)
            .map_err(failure)?;
        kept(&app, &id, None).map(Json)
    })
    .await
}

/// The versions of a monitor's expectations, newest first; the newest fifty are kept.
#[utoipa::path(get, path = "/monitors/{id}/expectations/versions", operation_id = "list_expectation_versions", tag = "queries", params(("id" = String, Path)),
    responses((status = 200, body = [ExpectationVersion]), (status = 404, body = ApiError)))]
pub(in crate::api) async fn versions(
    app: Shared,
    Path(id): Path<String>,
) -> Result<Json<Vec<ExpectationVersion>>, Failure> {
    blocking(move || {
        let versions = app.engine.control.expectation_versions(&id).map_err(failure)?;
        let view = |v: crate::control::ExpectationVersion| ExpectationVersion {
            version: v.version,
            count: v.count,
            actor: v.actor,
            created_at: v.created_at,
        };
        Ok(Json(versions.into_iter().map(view).collect()))
    })
    .await
}

fn kept(app: &App, id: &str, version: Option<u32>) -> Result<ExpectationSet, Failure> {
    let (version, rows) = app.engine.control.expectations(id, version).map_err(failure)?;
    let read = |row: ExpectationRow| {
        serde_json::from_str(&row.body).map_err(|e| Failure::Internal(format!("an expectation: {e}")))
    };
    Ok(ExpectationSet {
        version,
        expectations: rows.into_iter().map(read).collect::<Result<_, _>>()?,
    })
}

/// The rows to be kept. What names a post is as it was kept, or taken from the post now.
fn rows(app: &App, id: &str, all: Vec<Expected>) -> Result<Vec<ExpectationRow>, Failure> {
    let monitor = app.engine.control.monitor(id).map_err(failure)?;
    let (_, before) = app.engine.control.expectations(id, None).map_err(failure)?;
    let before: HashMap<PostKey, ExpectationRow> = before
        .into_iter()
        .filter_map(|row| Some((row.post?, row)))
        .collect();
    let mut posts = Posts {
        app,
        project: &monitor.project,
        recent: None,
    };
    let row = |one: Expected| -> Result<ExpectationRow, Failure> {
        let Some(hex) = one.post.clone() else {
            return written(None, None, &one);
        };
        let key = PostKey::from_hex(&hex).ok_or_else(|| Failure::Bad(format!("`{hex:.64}` is no post")))?;
        let (author, taken) = match before.get(&key) {
            Some(row) => {
                let taken = serde_json::from_str(&row.body);
                (row.author, taken.map_err(|e| Failure::Internal(e.to_string()))?)
            }
            None => posts.take(key)?,
        };
        let expected = Expected {
            matches: one.matches,
            why: one.why,
            post: Some(key.to_string()),
            ..taken
        };
        written(Some(key), author, &expected)
    };
    all.into_iter().map(row).collect()
}

fn written(
    post: Option<PostKey>,
    author: Option<AuthorKey>,
    what: &Expected,
) -> Result<ExpectationRow, Failure> {
    Ok(ExpectationRow {
        post,
        author,
        body: serde_json::to_string(what).map_err(|e| Failure::Internal(e.to_string()))?,
    })
}

/// Where posts are taken from: the project's mentions, and the end of the journal, read once.
struct Posts<'a> {
    app: &'a App,
    project: &'a str,
    recent: Option<HashMap<PostKey, Post>>,
}

impl Posts<'_> {
    fn take(&mut self, key: PostKey) -> Result<(Option<AuthorKey>, Expected), Failure> {
        let mentions = self.app.engine.store.snapshot().of_post(key)?;
        if let Some(mention) = mentions.iter().find(|m| m.project == self.project) {
            let author = mention.post.author.as_ref().map(|a| a.key);
            return Ok((author, expected(&mention.post, Some(&mention.lang))));
        }
        if self.recent.is_none() {
            let posts = crate::preview::recent(&self.app.engine)?;
            self.recent = Some(posts.into_iter().map(|post| (post.key, post)).collect());
        }
        let found = self.recent.as_ref().and_then(|posts| posts.get(&key));
        let post = found.ok_or(Failure::NotFound("post"))?;
        Ok((post.author.as_ref().map(|a| a.key), expected(post, None)))
    }
}

/// What a post says of itself by name. Whom only a pseudonym stands for is left out.
fn expected(post: &Post, lang: Option<&str>) -> Expected {
    let author = post.author.as_ref();
    Expected {
        text: post.text.clone(),
        title: post.title.clone(),
        lang: lang
            .filter(|l| *l != "und")
            .map(str::to_owned)
            .or_else(|| post.lang.clone()),
        source: Some(post.platform.clone()),
        author: author.and_then(|a| a.public_handle.clone()),
        followers: author.and_then(|a| a.followers),
        site: post.community.clone(),
        kind: (post.kind != Kind::default()).then(|| post.kind.name().to_owned()),
        country: post.country().map(str::to_owned),
        reply_to: post.reply_to.map(|_| "a post".to_owned()),
        hashtags: post.hashtags.clone(),
        urls: post.urls.clone(),
        media: post.media.iter().map(|m| m.kind.clone()).collect(),
        ..Expected::default()
    }
}
