//! Being called by Meta: the handshake, signed changes, and requests of people that their data be deleted.

use super::shape::{self, hex};
use crate::error::{Refused, SourceError};
use crate::secret::Secret;
use crate::source::{Delivery, SourceEvent};
use crate::webhook::{Hook, HookAnswer, HookRequest, same_secret, signed};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use post::RawPost;
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::Sha256;
use std::borrow::Cow;

/// Changes of one call that are read at most.
const MOST: usize = 10_000;

/// A change as a webhook tells it.
pub(crate) struct Change<'a> {
    /// The account it happened at.
    pub(crate) account: Option<String>,
    /// When it was told: seconds (or milliseconds) since 1970, as written.
    pub(crate) time: Option<String>,
    /// `feed`, `comments`, `mentions`, …
    pub(crate) field: Cow<'a, str>,
    /// What.
    pub(crate) value: &'a RawValue,
}

/// Maps a change; `None` for what is no post.
pub(crate) type Map = fn(&Change<'_>) -> Result<Option<RawPost>, String>;

/// Answers Meta's calls for one source.
pub(crate) struct MetaHook {
    platform: &'static str,
    app_secret: Secret,
    verify_token: Secret,
    /// Where people see what became of their request.
    deletion_url: Option<String>,
    map: Map,
}

/// The keys of a source's table that its webhook needs.
#[derive(Debug, Clone)]
pub(crate) struct HookKeys {
    pub(crate) app_secret: Option<Secret>,
    pub(crate) verify_token: Option<Secret>,
    pub(crate) deletion_url: Option<String>,
}

impl MetaHook {
    /// A hook, where both secrets are configured.
    pub(crate) fn make(
        platform: &'static str,
        keys: HookKeys,
        map: Map,
    ) -> Result<Box<dyn Hook>, SourceError> {
        let (Some(app_secret), Some(verify_token)) = (keys.app_secret, keys.verify_token) else {
            return Err(SourceError::Config {
                connector: platform,
                message: "app_secret, verify_token: a webhook needs both".to_owned(),
            });
        };
        Ok(Box::new(Self {
            platform,
            app_secret,
            verify_token,
            deletion_url: keys.deletion_url,
            map,
        }))
    }

    fn handshake(&self, request: &HookRequest<'_>) -> HookAnswer {
        let token = request.param("hub.verify_token").unwrap_or_default();
        let subscribing = request.param("hub.mode").as_deref() == Some("subscribe");
        match request.param("hub.challenge") {
            Some(challenge) if subscribing && same_secret(&token, self.verify_token.expose()) => {
                HookAnswer::text(200, challenge)
            }
            _ => HookAnswer::text(403, "no"),
        }
    }

    fn events(&self, request: &HookRequest<'_>) -> HookAnswer {
        let signature = request.header("x-hub-signature-256").unwrap_or_default();
        if !signed(self.app_secret.expose().as_bytes(), request.body, signature) {
            return HookAnswer::text(401, "not signed");
        }
        let body = String::from_utf8_lossy(request.body);
        let mut delivery = Delivery::default();
        if changes(&body, &mut |change| match (self.map)(&change) {
            Ok(Some(post)) => delivery.events.push(SourceEvent::Post(Box::new(post))),
            Ok(None) => {}
            Err(message) => delivery
                .refused
                .push(Refused::new("malformed", "webhook", message)),
        })
        .is_err()
        {
            delivery
                .refused
                .push(Refused::new("malformed", "webhook", "no such JSON"));
        }
        // What cannot be read now cannot be read when it is sent again.
        HookAnswer::taken(delivery)
    }

    /// A person asks Meta that what we have of them be deleted (`signed_request`).
    fn deletion(&self, request: &HookRequest<'_>, written: &str) -> HookAnswer {
        let Some(person) = self.person(written) else {
            return HookAnswer::text(401, "not signed");
        };
        let code = self.code(&person);
        let url = self.deletion_url.clone().unwrap_or_else(|| {
            let host = request.header("host").unwrap_or("localhost");
            format!("https://{host}/")
        });
        let answer = serde_json::json!({"url": url, "confirmation_code": code});
        HookAnswer {
            status: 200,
            body: answer.to_string(),
            content_type: "application/json",
            delivery: Delivery {
                events: vec![SourceEvent::AuthorGone {
                    platform: self.platform,
                    author_id: person,
                }],
                ..Delivery::default()
            },
        }
    }

    /// The person of a `signed_request` (`<signature>.<payload>`, base64url) whose signature holds.
    fn person(&self, written: &str) -> Option<String> {
        #[derive(Deserialize)]
        struct Payload<'a> {
            #[serde(borrow)]
            user_id: &'a RawValue,
            algorithm: String,
        }
        let (signature, payload) = written.split_once('.')?;
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let key = self.app_secret.expose().as_bytes();
        if !signed(key, payload.as_bytes(), &hex(&decode(signature)?)) {
            return None;
        }
        let payload = String::from_utf8(decode(payload)?).ok()?;
        let payload: Payload<'_> = serde_json::from_str(&payload).ok()?;
        let known = payload.algorithm.eq_ignore_ascii_case("HMAC-SHA256");
        known.then(|| shape::text(Some(payload.user_id))).flatten()
    }

    /// The same for the same person, and tells nobody who.
    fn code(&self, person: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.app_secret.expose().as_bytes()) else {
            return String::new();
        };
        mac.update(b"data deletion:");
        mac.update(person.as_bytes());
        hex(&mac.finalize().into_bytes()[..12])
    }
}

impl Hook for MetaHook {
    fn answer(&self, request: &HookRequest<'_>) -> HookAnswer {
        if request.method == "GET" {
            return self.handshake(request);
        }
        let form = std::str::from_utf8(request.body).unwrap_or_default();
        let form = HookRequest {
            query: form.trim(),
            ..*request
        };
        match form.param("signed_request") {
            Some(written) => self.deletion(request, &written),
            None => self.events(request),
        }
    }
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow, default)]
    entry: Option<&'a RawValue>,
    /// Threads tells its changes without entries.
    #[serde(borrow, default)]
    values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    target_id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    time: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default)]
    id: Option<&'a RawValue>,
    #[serde(borrow, default)]
    time: Option<&'a RawValue>,
    #[serde(borrow, default)]
    changes: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Told<'a> {
    #[serde(borrow)]
    field: Cow<'a, str>,
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

/// Hands on every change of every entry of a body.
pub(crate) fn changes(body: &str, each: &mut dyn FnMut(Change<'_>)) -> Result<(), String> {
    let body: Body<'_> = shape::whole(body)?;
    let mut left = MOST;
    let mut hand_on = |account: Option<&RawValue>, time: Option<&RawValue>, told: Vec<Told<'_>>| {
        for Told { field, value } in told {
            let (Some(value), true) = (value, left > 0) else {
                continue;
            };
            left -= 1;
            each(Change {
                account: shape::text(account),
                time: shape::text(time),
                field,
                value,
            });
        }
    };
    for entry in shape::list::<Entry<'_>>(body.entry) {
        hand_on(entry.id, entry.time, shape::list(entry.changes));
    }
    // One change, or several.
    let values = match shape::object::<Told<'_>>(body.values) {
        Some(one) => vec![one],
        None => shape::list(body.values),
    };
    hand_on(body.target_id, body.time, values);
    Ok(())
}
