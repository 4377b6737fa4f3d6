//! Pages of a list.

use super::client::PAGING;
use crate::http::percent;
use crate::webhook::HookRequest;
use serde::Deserialize;
use serde_json::value::RawValue;

/// An answer that is a list.
#[derive(Deserialize)]
pub(crate) struct Listing {
    /// Its items.
    pub(crate) data: Vec<Box<RawValue>>,
    #[serde(default)]
    paging: Option<Box<RawValue>>,
    #[serde(default)]
    summary: Option<Box<RawValue>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Paging {
    cursors: Option<Box<RawValue>>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Cursors {
    after: Option<String>,
}

#[derive(Deserialize)]
struct Summary {
    total_count: Option<u64>,
}

impl Listing {
    /// The parameters of the next page, without token; `None` behind the last. Some lists never name a next page:
    /// with `unnamed`, a cursor is enough.
    pub(crate) fn after(&self, unnamed: bool) -> Option<String> {
        // An empty page is the end, whatever it says.
        if self.data.is_empty() {
            return None;
        }
        let paging: Paging = super::shape::object(self.paging.as_deref()).unwrap_or_default();
        let cursors: Option<Cursors> = super::shape::object(paging.cursors.as_deref());
        let after = cursors.and_then(|c| c.after).filter(|a| !a.is_empty());
        match (paging.next, after) {
            (None, Some(after)) if unnamed => Some(written("after", &after)),
            (None, _) => None,
            (Some(_), Some(after)) => Some(written("after", &after)),
            (Some(next), None) => place_of(&next),
        }
    }

    /// How many items there are, where it was asked.
    pub(crate) fn total(&self) -> Option<u64> {
        super::shape::object::<Summary>(self.summary.as_deref())?.total_count
    }
}

/// The page parameters of an address, which holds a token besides.
fn place_of(next: &str) -> Option<String> {
    let read = HookRequest {
        method: "GET",
        query: next.split_once('?')?.1,
        headers: &[],
        body: b"",
        now: 0,
    };
    let pairs = PAGING
        .iter()
        .filter_map(|key| Some(written(key, &read.param(key).filter(|v| !v.is_empty())?)));
    let pairs: Vec<String> = pairs.collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

fn written(key: &str, value: &str) -> String {
    format!("{key}={}", percent(value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn after(json: &str) -> Option<String> {
        serde_json::from_str::<Listing>(json).unwrap().after(false)
    }

    #[test]
    fn the_next_page_is_known_without_the_token() {
        let next = r#"{"data":[1],"paging":{"cursors":{"after":"Q="},"next":"http://h/?access_token=T&after=Q%3D"}}"#;
        assert_eq!(after(next).as_deref(), Some("after=Q%3D"));
        let timed =
            r#"{"data":[1],"paging":{"next":"http://h/?access_token=T&until=7&since&__paging_token=p"}}"#;
        assert_eq!(after(timed).as_deref(), Some("until=7&__paging_token=p"));
    }

    #[test]
    fn the_last_page_is_the_last() {
        assert_eq!(after(r#"{"data":[1],"paging":{"cursors":{"after":"Q"}}}"#), None);
        assert_eq!(
            after(r#"{"data":[],"paging":{"cursors":{"after":"Q"},"next":"http://h/?after=Q"}}"#),
            None
        );
        assert_eq!(after(r#"{"data":[1],"paging":[]}"#), None);
        let unnamed = r#"{"data":[1],"paging":{"cursors":{"after":"Q"}}}"#;
        let listing: Listing = serde_json::from_str(unnamed).unwrap();
        assert_eq!(listing.after(true).as_deref(), Some("after=Q"));
    }
}
