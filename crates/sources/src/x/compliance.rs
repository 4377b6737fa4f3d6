//! What X tells of posts and accounts that changed: messages of the compliance streams, result lines of compliance
//! jobs, control lines of the old streams.

use super::PLATFORM;
use super::fields::{is_id, is_withheld, uid};
use super::frame::{Item, ends, malformed};
use super::v1::Id;
use super::v2::Problem;
use crate::error::Refused;
use post::{Event, RawPost};
use serde::Deserialize;
use serde_json::Value;

/// Accounts of which nothing may be kept, in these events. What is undone later cannot be brought back.
const GONE: [&str; 3] = ["user_delete", "user_suspend", "user_protect"];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct About {
    tweet: Option<Named>,
    user: Option<Named>,
    withheld_in_countries: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    id: Id,
}

/// Reads a message of a compliance stream.
pub(super) fn decode(frame: &str, ours: &[String]) -> Result<Item, Refused> {
    let value: Value = serde_json::from_str(frame).map_err(|e| malformed("frame", &e))?;
    if let Some(data) = value.get("data") {
        return Ok(event(data, ours).unwrap_or(Item::Ignored));
    }
    let errors = value.get("errors").and_then(Value::as_array);
    let problems = errors
        .into_iter()
        .flatten()
        .filter_map(|e| Problem::deserialize(e).ok());
    let end = problems.filter_map(|p| ends(&p)).next();
    Ok(end.map_or(Item::Ignored, Item::End))
}

/// The event in `data`; `None` where it is none that is known. An edit brings no text and a scrubbed place is not
/// told apart: both are seen when the post is asked about again.
pub(super) fn event(data: &Value, ours: &[String]) -> Option<Item> {
    let (name, about) = data.as_object()?.iter().next()?;
    let about = About::deserialize(about).ok()?;
    let tweet = || about.tweet.as_ref()?.id.0.as_deref();
    let user = || about.user.as_ref()?.id.0.clone();
    let counts = || is_withheld(about.withheld_in_countries.iter().map(String::as_str), ours);
    Some(match name.as_str() {
        "delete" => gone(tweet()?, Event::Delete),
        "drop" => gone(tweet()?, Event::Withhold),
        "withheld" if counts() => gone(tweet()?, Event::Withhold),
        "user_withheld" if counts() => Item::AuthorGone(user()?),
        name if GONE.contains(&name) => Item::AuthorGone(user()?),
        "withheld"
        | "user_withheld"
        | "undrop"
        | "tweet_edit"
        | "scrub_geo"
        | "user_undelete"
        | "user_unprotect"
        | "user_unsuspend"
        | "user_profile_modification" => Item::Ignored,
        _ => return None,
    })
}

/// A control line of the old streams; `None` where the value is none.
pub(super) fn control(value: &Value, ours: &[String]) -> Option<Item> {
    let about = value.as_object().filter(|o| o.len() <= 2)?;
    let (name, about) = about.iter().find(|(k, _)| *k != "timestamp_ms")?;
    let id = |about: &Value, keys: &[&str]| {
        let id = keys.iter().find_map(|k| about.get(*k)).cloned()?;
        serde_json::from_value::<Id>(id).ok()?.0
    };
    let counts = || {
        let codes = about.get("withheld_in_countries").and_then(Value::as_array);
        is_withheld(codes.into_iter().flatten().filter_map(Value::as_str), ours)
    };
    Some(match name.as_str() {
        "delete" => {
            let status = about.get("status").unwrap_or(about);
            gone(&id(status, &["id_str", "id"])?, Event::Delete)
        }
        "status_withheld" if counts() => gone(&id(about, &["id_str", "id"])?, Event::Withhold),
        "user_withheld" if counts() => Item::AuthorGone(id(about, &["id_str", "id"])?),
        "user_delete" | "user_suspend" | "user_protect" => Item::AuthorGone(id(about, &["id_str", "id"])?),
        "limit" | "status_withheld" | "user_withheld" | "scrub_geo" | "warning" | "disconnect" | "info"
        | "friends" | "friends_str" | "user_undelete" | "user_unprotect" | "user_unsuspend" => Item::Ignored,
        _ => return None,
    })
}

/// A result line of a compliance job.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Verdict {
    pub(super) id: Id,
    pub(super) action: Option<String>,
    pub(super) reason: Option<String>,
}

impl Verdict {
    /// Whether the post itself still stands and only what it says of a place is gone.
    pub(super) fn is_place_only(&self) -> bool {
        self.reason.as_deref() == Some("scrub_geo")
    }

    /// The delete it stands for.
    pub(super) fn item(&self) -> Option<Item> {
        let id = self.id.0.as_deref()?;
        (self.action.as_deref()? == "delete").then(|| gone(id, Event::Delete))
    }
}

/// A post that is gone.
pub(super) fn gone(id: &str, event: Event) -> Item {
    if !is_id(id) {
        return Item::Ignored;
    }
    Item::Post(Box::new(RawPost {
        uid: Some(uid(id)),
        platform: Some(PLATFORM.to_owned()),
        event,
        ..RawPost::default()
    }))
}
