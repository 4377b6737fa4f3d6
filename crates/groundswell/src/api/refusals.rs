//! What every request can be refused with, added to the OpenAPI document from the table of routes.

use super::routes::{Need, ROUTES};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response};

const TAKEN: &str =
    "it is taken, or cannot be changed so; or the `Idempotency-Key` was used for another request";

/// Adds the refusals of guard and extractors to each operation that does not name them itself.
pub(super) fn document(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let route = ROUTES.iter().find(|r| r.method == method && r.path == *path);
            let needs = route.map_or(Need::Known, |r| r.need);
            let has_path = path.contains('{');
            let is_read = operation.request_body.is_some() || has_path || operation.parameters.is_some();
            let has_search =
                serde_json::to_string(&operation.parameters).is_ok_and(|p| p.contains("\"name\":\"q\""));
            let has_body = operation.request_body.is_some();
            let refusals = [
                (is_read, "400", "what was sent cannot be read"),
                (needs != Need::Open, "401", "nobody is known who asks"),
                (true, "403", "whoever asks may not do this"),
                (has_path, "404", "there is no such thing"),
                (matches!(method, "POST" | "PUT"), "409", TAKEN),
                (has_body, "413", "it is too large"),
                (has_search, "422", "the search does not parse"),
                (true, "429", "`Retry-After` says when to come again"),
                (method != "GET", "503", "nothing can be written now"),
            ];
            for (_, status, text) in refusals.into_iter().filter(|(can, _, _)| *can) {
                let responses = &mut operation.responses.responses;
                responses
                    .entry(status.to_owned())
                    .or_insert_with(|| refusal(text));
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PUT", &mut item.put),
        ("DELETE", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

fn refusal(text: &str) -> RefOr<Response> {
    let mut response = Response::new(text);
    let body = Content::new(Some(Ref::from_schema_name("ApiError")));
    response
        .content
        .insert("application/json".to_owned(), RefOr::T(body));
    RefOr::T(response)
}
