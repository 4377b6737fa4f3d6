//! Opening an original and asking who wrote it: both are put down.

use super::reason;
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::{Body, Params};
use crate::api::monitors::failure;
use crate::api::people::me;
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::control::{Action, Scope};
use axum::Json;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use post::PostKey;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OpenParams {
    /// The project for whose purpose it is opened (default `default`).
    project: Option<String>,
}

/// Why somebody is looked up.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct RevealInput {
    /// The reason. It may be left out by the single user of an installation on loopback who gave one in this session.
    reason: Option<String>,
}

/// Who wrote a post.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Revealed {
    /// The handle.
    handle: Option<String>,
    /// The display name.
    name: Option<String>,
    /// The platform's id of the author.
    author_id: Option<String>,
    /// Where the post can be read.
    permalink: Option<String>,
    /// The account's page, where the platform's addresses are known.
    profile: Option<String>,
}

/// Goes on to the original and puts that down. The purpose must have been picked for this session and project with
/// `POST /api/v1/session/purpose`. Needs the role `analyst`.
#[utoipa::path(get, path = "/posts/{key}/open", operation_id = "open_post", tag = "privacy",
    params(("key" = String, Path), OpenParams),
    responses((status = 303), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn open(
    app: Shared,
    access: Access,
    Path(key): Path<String>,
    Params(params): Params<OpenParams>,
) -> Result<Response, Failure> {
    let project = params.project.unwrap_or_else(|| "default".to_owned());
    let said = access
        .session
        .as_deref()
        .map(|s| app.sessions.said(s))
        .unwrap_or_default();
    let Some(purpose) = said.purposes.get(&project).cloned() else {
        return Err(Failure::Forbidden {
            code: "purpose_needed",
            message: "no purpose was picked for this session and project".to_owned(),
            hint: "POST /api/v1/session/purpose with the project and the purpose, then open it again",
        });
    };
    let permalink = blocking(move || {
        let (key, _) = known(&app, &key, |p| p == project)?;
        let identity = app.engine.control.open_post(key).map_err(failure)?;
        let permalink = identity.and_then(|i| web(&i.permalink?));
        let permalink = permalink.ok_or(Failure::NotFound("original"))?;
        let event = access
            .event(Action::Open)
            .on(key)
            .within(&project)
            .because(&purpose);
        app.engine.control.audit(&event).map_err(failure)?;
        Ok(permalink)
    })
    .await?;
    let headers = [
        (header::LOCATION, permalink),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// Says who wrote a post and puts that down with the reason. Needs the role `responder`.
#[utoipa::path(post, path = "/posts/{key}/reveal", operation_id = "reveal_post", tag = "privacy",
    params(("key" = String, Path)), request_body = RevealInput,
    responses((status = 200, body = Revealed), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn reveal(
    app: Shared,
    access: Access,
    Path(key): Path<String>,
    Body(input): Body<RevealInput>,
) -> Result<Response, Failure> {
    let said = access
        .session
        .as_deref()
        .map(|s| app.sessions.said(s))
        .unwrap_or_default();
    let remembered = said.reveal_reason.filter(|_| access.is_single_user());
    let why = match (&input.reason, remembered) {
        (Some(given), _) => reason(given)?,
        (None, Some(remembered)) => remembered,
        (None, None) => {
            return Err(Failure::Forbidden {
                code: "reason_needed",
                message: "looking somebody up needs a reason".to_owned(),
                hint: "send {\"reason\": \"…\"}",
            });
        }
    };
    let made = match (access.is_single_user(), &access.session) {
        (true, None) => Some(me::new_session()?),
        _ => None,
    };
    if let (true, Some(session)) = (access.is_single_user(), made.as_ref().or(access.session.as_ref())) {
        app.sessions.set_reveal_reason(session, &why);
    }
    let revealed = blocking(move || {
        let (key, project) = known(&app, &key, |p| access.may(Some(p), Scope::Reveal))?;
        let access = access.within(Some(&project), Scope::Reveal)?;
        let identity = app.engine.control.open_post(key).map_err(failure)?;
        let identity = identity.ok_or(Failure::NotFound("identity"))?;
        let event = access
            .event(Action::Reveal)
            .on(key)
            .within(&project)
            .because(&why);
        app.engine.control.audit(&event).map_err(failure)?;
        let platform = identity.uid.split_once(':').map_or("", |(platform, _)| platform);
        Ok(Revealed {
            profile: profile(platform, identity.handle.as_deref()),
            handle: identity.handle,
            name: identity.name,
            author_id: identity.author_id,
            permalink: identity.permalink.and_then(|p| web(&p)),
        })
    })
    .await?;
    Ok(me::with_cookie(
        made,
        ([(header::CACHE_CONTROL, "no-store")], Json(revealed)),
    ))
}

/// The key of a post that is a mention in a project that counts, and that project.
fn known(app: &App, key: &str, counts: impl Fn(&str) -> bool) -> Result<(PostKey, String), Failure> {
    let missing = Failure::NotFound("post");
    let Some(key) = PostKey::from_hex(key) else {
        return Err(missing);
    };
    let mentions = app.engine.store.snapshot().of_post(key)?;
    let found = mentions.into_iter().find(|m| counts(&m.project));
    found.map(|m| (key, m.project)).ok_or(missing)
}

/// A permalink comes from outside: only web addresses are followed, and none that ends the header it stands in. Letters
/// beyond ASCII are written out (RFC 3986, section 2.1).
fn web(link: &str) -> Option<String> {
    let is_web = link.starts_with("https://") || link.starts_with("http://");
    if !is_web || link.bytes().any(|b| b.is_ascii() && !b.is_ascii_graphic()) {
        return None;
    }
    let mut out = String::with_capacity(link.len());
    for byte in link.bytes() {
        match byte.is_ascii() {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(out)
}

/// The page of an account.
fn profile(platform: &str, handle: Option<&str>) -> Option<String> {
    let handle = handle?.trim_start_matches('@');
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if handle.is_empty() || !handle.chars().all(plain) {
        return None;
    }
    let base = match platform {
        "bluesky" => "https://bsky.app/profile/",
        "x" => "https://x.com/",
        "instagram" => "https://www.instagram.com/",
        "threads" => "https://www.threads.net/@",
        "reddit" => "https://www.reddit.com/user/",
        "youtube" => "https://www.youtube.com/@",
        "telegram" => "https://t.me/",
        "hackernews" => "https://news.ycombinator.com/user?id=",
        _ => return None,
    };
    Some(format!("{base}{handle}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_followed() {
        let fine = "https://social.example/@a/1";
        assert_eq!(web(fine).as_deref(), Some(fine));
        assert_eq!(
            web("https://a.example/ä").as_deref(),
            Some("https://a.example/%C3%A4")
        );
        for link in [
            "javascript:alert(1)",
            "https://a.example/\r\nSet-Cookie: x",
            "//a.example",
            "",
        ] {
            assert_eq!(web(link), None, "{link}");
        }
    }

    #[test]
    fn a_profile_is_made_of_plain_handles_on_known_platforms() {
        assert_eq!(
            profile("x", Some("@ana_1")).as_deref(),
            Some("https://x.com/ana_1")
        );
        assert_eq!(profile("x", Some("../evil")), None);
        assert_eq!(profile("elsewhere", Some("ana")), None);
    }
}
