//! One instance and its API.

use super::map::{Known, read_post, uid};
use super::timeline::{Timeline, later};
use crate::error::Refused;
use crate::health::Health;
use crate::http::{Http, Reply, Request, Trouble, TroubleKind};
use crate::poll::now_ms;
use crate::secret::Secret;
use crate::source::{Context, Delivery, SourceEvent};
use post::RawPost;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{HashMap, VecDeque};

/// Statuses of one answer, the most there are.
pub(super) const PAGE: u64 = 40;
/// Statuses whose number is remembered.
const RECENT: usize = 10_000;

/// An instance.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub(super) base: String,
    /// Its host: names it in messages and cursors.
    pub(super) name: String,
    pub(super) token: Option<Secret>,
}

/// Which part of a timeline.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'i> {
    Newest,
    /// What comes right behind this status.
    After(&'i str),
    /// What comes right before it.
    Before(&'i str),
}

/// Statuses, newest first.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) statuses: Vec<Box<RawValue>>,
    /// The `min_id` that goes on behind them, as the `Link` header says, or else their newest.
    pub(super) newest: Option<String>,
    /// The `max_id` that goes on before them.
    pub(super) oldest: Option<String>,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

/// `/api/v2/instance`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct About {
    pub(super) version: String,
    configuration: Configuration,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Configuration {
    urls: Urls,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Urls {
    streaming: Option<String>,
}

impl About {
    pub(super) fn streaming(&self) -> Option<&str> {
        self.configuration.urls.streaming.as_deref()
    }
}

impl Instance {
    /// A place in the cursor.
    pub(super) fn place(&self, timeline: &Timeline) -> String {
        format!("{} {}", self.name, timeline.key())
    }

    pub(super) fn get(&self, path: &str) -> Request {
        Request::get(&self.base, path).label(&format!("{} {}", self.name, path))
    }

    pub(super) fn signed(&self, request: Request) -> Request {
        match &self.token {
            Some(token) => request.bearer(token),
            None => request,
        }
    }

    /// Statuses of a timeline.
    pub(super) async fn page(
        &self,
        http: &Http,
        timeline: &Timeline,
        part: Part<'_>,
        limit: u64,
    ) -> Result<Page, Trouble> {
        let request = timeline
            .request(&self.base, &self.name)
            .query("limit", limit.to_string());
        let request = match part {
            Part::Newest => request,
            // `since_id` would give the newest, and leave out those between.
            Part::After(id) => request.query("min_id", id),
            Part::Before(id) => request.query("max_id", id),
        };
        Page::read(&http.ok(self.signed(request)).await?)
    }

    /// What the instance says of itself.
    pub(super) async fn about(&self, http: &Http) -> Result<About, Trouble> {
        http.json(self.get("/api/v2/instance")).await
    }

    /// Where it streams: the address with `http` or `https`. Servers that do not say stream themselves.
    pub(super) async fn streaming(&self, http: &Http) -> Result<String, Trouble> {
        let about = match self.about(http).await {
            Err(trouble) if trouble.kind == TroubleKind::Missing => About::default(),
            about => about?,
        };
        stream_base(&self.base, about.streaming()).ok_or_else(|| {
            let message = format!("{}: it streams from an address without TLS", self.name);
            Trouble::new(TroubleKind::Forbidden, message)
        })
    }
}

/// Where an instance streams, with `http` or `https`; `None` where the token would go without TLS though the instance
/// has it.
fn stream_base(base: &str, stated: Option<&str>) -> Option<String> {
    let Some((scheme, rest)) = stated.map(|s| s.split_once("://").unwrap_or(("", s))) else {
        return Some(base.to_owned());
    };
    let scheme = match scheme {
        "wss" | "https" => "https",
        "ws" | "http" if base.starts_with("http://") => "http",
        _ => return None,
    };
    Some(format!("{scheme}://{}", rest.trim_end_matches('/')))
}

impl Page {
    pub(super) fn read(reply: &Reply) -> Result<Self, Trouble> {
        let statuses: Vec<Box<RawValue>> = reply.json()?;
        let links = links(reply.header("link").unwrap_or_default());
        let mut page = Page::of(statuses);
        page.newest = links.0.or(page.newest);
        page.oldest = links.1.or(page.oldest);
        Ok(page)
    }

    pub(super) fn of(statuses: Vec<Box<RawValue>>) -> Self {
        let id = |s: &RawValue| serde_json::from_str::<Id>(s.get()).ok().map(|i| i.id);
        let mut page = Page::default();
        for id in statuses.iter().filter_map(|s| id(s)) {
            if page.newest.as_ref().is_none_or(|n| later(&id, n)) {
                page.newest = Some(id.clone());
            }
            if page.oldest.as_ref().is_none_or(|o| later(o, &id)) {
                page.oldest = Some(id);
            }
        }
        page.statuses = statuses;
        page
    }

    /// Maps the statuses, oldest first; those that are not public are left out and counted.
    pub(super) fn deliver(&self, recent: &mut Recent, health: &Health) -> Delivery {
        let mut delivery = Delivery::default();
        for status in self.statuses.iter().rev() {
            match read_post(status.get(), recent) {
                Ok(Some((id, post))) if is_public(&post) => {
                    recent.note(&id, &post);
                    health.arrived(now_ms(), created(&post).map(|t| now_ms() - t));
                    delivery.events.push(SourceEvent::Post(Box::new(post)));
                }
                Ok(_) => health.ignored(),
                Err(e) => delivery.refused.push(unreadable(&e)),
            }
        }
        delivery
    }
}

/// One request for statuses within the operator's budget.
pub(super) async fn within_budget<P>(
    context: &Context,
    most: u64,
    asked: impl Future<Output = Result<P, Trouble>>,
    count: impl Fn(&P) -> usize,
) -> Result<P, Trouble> {
    context.budget.take_posts(most)?;
    let answer = asked.await;
    let came = answer.as_ref().map_or(0, |p| count(p) as u64);
    context.budget.give_back_posts(most.saturating_sub(came));
    answer
}

pub(super) fn is_public(post: &RawPost) -> bool {
    post.visibility.as_deref() == Some("public")
}

pub(super) fn created(post: &RawPost) -> Option<i64> {
    crate::time::millis(post.created_at.as_deref()?)
}

/// The library's message may quote the status.
pub(super) fn unreadable(e: &serde_json::Error) -> Refused {
    let place = format!("line {}, column {}", e.line(), e.column());
    Refused::new("malformed", place, "no such status")
}

/// The `min_id` of `rel="prev"` and the `max_id` of `rel="next"` (RFC 8288).
fn links(header: &str) -> (Option<String>, Option<String>) {
    let param = |rel: &str, key: &str| {
        let link = header
            .split(", <")
            .find(|l| l.contains(&format!("rel=\"{rel}\"")))?;
        let target = link.trim_start_matches('<').split('>').next()?;
        let query = target.split_once('?')?.1;
        let value = query
            .split('&')
            .find_map(|p| p.strip_prefix(key)?.strip_prefix('='))?;
        Some(crate::webhook::decode(value)).filter(|v| !v.is_empty() && v.len() <= 100)
    };
    (param("prev", "min_id"), param("next", "max_id"))
}

/// The latest statuses seen from an instance, by its own numbers. A delete tells nothing but the number, and so does an
/// answer: what is older than these is found gone when it is asked about again.
#[derive(Debug, Default)]
pub(super) struct Recent {
    order: VecDeque<String>,
    uris: HashMap<String, String>,
}

impl Recent {
    pub(super) fn note(&mut self, id: &str, post: &RawPost) {
        let uri = post.uid.as_deref().and_then(|u| u.split_once(':')).map(|u| u.1);
        let Some(uri) = uri.filter(|_| !id.is_empty()) else {
            return;
        };
        if self.uris.insert(id.to_owned(), uri.to_owned()).is_none() {
            self.order.push_back(id.to_owned());
        }
        if self.order.len() > RECENT
            && let Some(oldest) = self.order.pop_front()
        {
            self.uris.remove(&oldest);
        }
    }
}

impl Known for Recent {
    fn uid(&self, id: &str) -> Option<String> {
        self.uris.get(id).map(|uri| uid(uri))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_sent_without_tls() {
        let base = |base: &str, stated: &str| stream_base(base, Some(stated));
        let https = Some("https://s.example".to_owned());
        assert_eq!(base("https://h.example", "wss://s.example/"), https);
        assert_eq!(base("https://h.example", "https://s.example"), https);
        for bad in [
            "ws://s.example",
            "http://s.example",
            "s.example",
            "ftp://s.example",
            "",
        ] {
            assert_eq!(base("https://h.example", bad), None, "{bad}");
        }
        assert_eq!(base("http://h", "ws://s:4000").as_deref(), Some("http://s:4000"));
        assert_eq!(
            stream_base("https://h.example", None).as_deref(),
            Some("https://h.example")
        );
    }

    #[test]
    fn links_hold_where_to_go_on() {
        let header = "<https://h/x?max_id=5>; rel=\"next\", <https://h/x?a=1&min_id=9>; rel=\"prev\"";
        assert_eq!(links(header), (Some("9".to_owned()), Some("5".to_owned())));
        for bad in [
            "",
            "<",
            "<x>; rel=\"prev\"",
            "<x?min_id=>; rel=\"prev\"",
            "rel=\"next\"",
        ] {
            assert_eq!(links(bad), (None, None), "{bad}");
        }
    }
}
