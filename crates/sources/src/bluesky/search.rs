//! Searching posts and looking them up (the AppView), with or without a login.

use super::config::Config;
use super::{PLATFORM, documents};
use crate::error::{Refused, SourceError};
use crate::http::{Http, Reply, Request, Trouble, TroubleKind};
use crate::keep::Keep;
use crate::poll::{Next, Poll, Round};
use crate::report::{Covered, Estimate};
use crate::secret::Secret;
use crate::source::{Context, Delivery, Past, SourceEvent};
use crate::time::{from_millis, millis};
use crate::wanted::{Alternative, Sought, Wanted};
use post::{Event, RawAuthor, RawPost};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::VecDeque;
use std::sync::Arc;

/// Posts a search shows at once, the most there are.
const PAGE: u64 = 100;
/// Posts looked up at once, likewise.
const TOGETHER: usize = 25;
/// Searches of one wish; a wish that needs more is left to what is live.
const MOST: usize = 40;
/// Where tokens are kept.
const ACCESS: &str = "bluesky.access";
const REFRESH: &str = "bluesky.refresh";

/// The search and look-up of posts.
pub(super) struct Views {
    http: Http,
    base: String,
    login: Option<(String, Secret)>,
    keep: Arc<dyn Keep>,
}

#[derive(Deserialize)]
struct Session {
    #[serde(rename = "accessJwt")]
    access: String,
    #[serde(rename = "refreshJwt")]
    refresh: String,
}

#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    posts: Vec<Map<String, Value>>,
    cursor: Option<String>,
    #[serde(rename = "hitsTotal")]
    hits: Option<u64>,
}

impl Views {
    pub(super) fn new(config: &Config, http: Http, context: &Context) -> Self {
        let login = config.identifier.clone().zip(config.app_password.clone());
        let base = if login.is_some() {
            &config.pds_url
        } else {
            &config.search_url
        };
        Self {
            http,
            base: base.clone(),
            login,
            keep: context.keep.clone(),
        }
    }

    /// Asks, logged in where an account is configured. A token that has expired is renewed, once.
    async fn ask(&self, request: Request) -> Result<Found, Trouble> {
        let Some(login) = &self.login else {
            return self.http.json(request).await;
        };
        let token = match self.keep.get(ACCESS).filter(|t| !t.is_empty()) {
            Some(token) => Secret::new(token),
            None => self.renew(login).await?,
        };
        let reply = self.http.send(request.clone().bearer(&token)).await?;
        if !expired(&reply) {
            return reply.success()?.json();
        }
        let token = self.renew(login).await?;
        self.http.json(request.bearer(&token)).await
    }

    /// A new token, by the refresh token or, where that is no good either, by the password: logins are few (300 a day).
    async fn renew(&self, (identifier, password): &(String, Secret)) -> Result<Secret, Trouble> {
        if let Some(refresh) = self.keep.get(REFRESH).filter(|t| !t.is_empty()) {
            let request = Request::post(&self.base, "/xrpc/com.atproto.server.refreshSession");
            let reply = self.http.send(request.bearer(&Secret::new(refresh))).await?;
            if !expired(&reply) {
                return self.remember(&reply.success()?.json()?);
            }
        }
        let request = Request::post(&self.base, "/xrpc/com.atproto.server.createSession")
            .json(&json!({"identifier": identifier, "password": password.expose()}));
        self.remember(&self.http.json(request).await?)
    }

    fn remember(&self, session: &Session) -> Result<Secret, Trouble> {
        let unkept = |e| Trouble::new(TroubleKind::Server, format!("the new token {e}"));
        self.keep.put(REFRESH, &session.refresh).map_err(unkept)?;
        self.keep.put(ACCESS, &session.access).map_err(unkept)?;
        Ok(Secret::new(session.access.clone()))
    }

    async fn search(&self, query: &str, from: i64, until: i64, limit: u64) -> Result<Found, Trouble> {
        let request = Request::get(&self.base, "/xrpc/app.bsky.feed.searchPosts")
            .query("q", query)
            .query("sort", "latest")
            .query_if("since", from_millis(from))
            .query_if("until", from_millis(until))
            .query("limit", limit.to_string());
        self.ask(request).await
    }
}

/// Whether a token is refused: 401, or 400 with the name `ExpiredToken`.
fn expired(reply: &Reply) -> bool {
    #[derive(Deserialize)]
    struct Envelope {
        error: String,
    }
    let named = || reply.json::<Envelope>().is_ok_and(|e| e.error == "ExpiredToken");
    reply.status == 401 || reply.status == 400 && named()
}

/// Searches that go back page by page. The API's own cursor needs a login, so that each page ends where the one before
/// began.
pub(super) struct Pager {
    from: i64,
    until: i64,
    /// What to search for, and up to when; `None` before the first page.
    searches: Option<VecDeque<(String, i64)>>,
    /// Whether some wish cannot be asked.
    pub(super) partial: bool,
}

impl Pager {
    pub(super) fn new(from: i64, until: i64) -> Self {
        Self {
            from,
            until,
            searches: None,
            partial: false,
        }
    }

    /// The search to go on with.
    fn front(&mut self, context: &Context) -> Option<&(String, i64)> {
        if self.searches.is_none() {
            let wanted = context.wanted.borrow().clone();
            self.partial = wanted.is_empty();
            let mut searches = VecDeque::new();
            for wish in wanted.iter() {
                match queries(wish) {
                    Some(queries) => searches.extend(queries.into_iter().map(|q| (q, self.until))),
                    None => self.partial = true,
                }
            }
            self.searches = Some(searches);
        }
        self.searches.as_ref()?.front()
    }

    fn pop(&mut self) {
        self.searches.as_mut().and_then(VecDeque::pop_front);
    }

    /// The next page; `None` behind the last.
    pub(super) async fn page(
        &mut self,
        views: &Views,
        context: &Context,
    ) -> Result<Option<Vec<SourceEvent>>, Trouble> {
        let Some((query, until)) = self.front(context).cloned() else {
            return Ok(None);
        };
        context.budget.take_posts(PAGE)?;
        let found = views.search(&query, self.from, until, PAGE).await;
        let count = found.as_ref().map_or(0, |f| f.posts.len() as u64);
        context.budget.give_back_posts(PAGE.saturating_sub(count));
        let found = found?;
        let posts: Vec<RawPost> = found.posts.iter().filter_map(post).collect();
        // Posts of the same millisecond may stand on both sides of the cut.
        let oldest = found.posts.iter().filter_map(sorted_at).min();
        let next = oldest.map(|t| t.saturating_add(1).min(until.saturating_sub(1)));
        self.pop();
        if let (Some(next), Some(searches)) = (next, &mut self.searches)
            && found.cursor.is_some()
            && next > self.from
        {
            searches.push_front((query, next));
        }
        Ok(Some(
            posts
                .into_iter()
                .map(|p| SourceEvent::Post(Box::new(p)))
                .collect(),
        ))
    }
}

/// The time by which a search sorts: the earlier of what the author claims and when the index saw it.
fn sorted_at(view: &Map<String, Value>) -> Option<i64> {
    let time = |value: Option<&Value>| millis(value?.as_str()?);
    let claimed = time(view.get("record").and_then(|r| r.get("createdAt")));
    let indexed = time(view.get("indexedAt"));
    claimed.into_iter().chain(indexed).min()
}

fn post(view: &Map<String, Value>) -> Option<RawPost> {
    documents::view(view.get("uri")?.as_str()?, view.get("record")?, view).ok()?
}

/// The searches of a wish; `None` where it cannot be asked.
fn queries(wish: &Wanted) -> Option<Vec<String>> {
    let alternatives = wish.sought.alternatives(MOST)?;
    alternatives.iter().map(query).collect()
}

/// What may not be there is left out: that asks for more.
fn query(alternative: &Alternative) -> Option<String> {
    let terms: Vec<String> = alternative.must.iter().filter_map(term).collect();
    let searchable = alternative
        .must
        .iter()
        .any(|m| !matches!(m, Sought::Lang(_)) && term(m).is_some());
    searchable.then(|| terms.join(" "))
}

fn term(sought: &Sought) -> Option<String> {
    Some(match sought {
        Sought::Word(word) => word.clone(),
        Sought::Phrase(words) => format!("\"{}\"", words.join(" ")),
        Sought::Hashtag(tag) => format!("#{tag}"),
        Sought::Mention(handle) => format!("mentions:{handle}"),
        Sought::From(handle) => format!("from:{handle}"),
        Sought::Link(site) => format!("domain:{}", host(site)),
        Sought::Lang(lang) => format!("lang:{lang}"),
        Sought::Prefix(_) | Sought::All(_) | Sought::Any(_) | Sought::Not(_) => return None,
    })
}

/// The host of an address or of the beginning of one.
fn host(site: &str) -> &str {
    let rest = site.split_once("://").map_or(site, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

/// Searching the past.
pub(super) struct Search {
    views: Views,
    asked: Past,
    pager: Pager,
}

impl Search {
    pub(super) fn new(views: Views, asked: Past) -> Self {
        Self {
            views,
            pager: Pager::new(asked.from, asked.until.saturating_add(1)),
            asked,
        }
    }

    /// Says how much the next search would show; `false` behind the last.
    async fn estimate(&mut self, context: &Context) -> Result<bool, Trouble> {
        let Some((query, until)) = self.pager.front(context).cloned() else {
            return Ok(false);
        };
        let found = self.views.search(&query, self.asked.from, until, 1).await?;
        context.report.estimate(Estimate {
            posts: found.hits,
            requests: found.hits.map(|h| h / PAGE + 1),
            money: Some(0.0),
            days: Some(0.0),
        });
        self.pager.pop();
        Ok(true)
    }
}

impl Poll for Search {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let events = if self.asked.estimate {
            self.estimate(context).await?.then(Vec::new)
        } else {
            self.pager.page(&self.views, context).await?
        };
        let Some(events) = events else {
            if self.pager.partial {
                context
                    .report
                    .say("a monitor cannot be searched for here: only what is new is followed");
            }
            if !self.asked.estimate {
                context.report.covered(Covered {
                    from: self.asked.from,
                    until: self.asked.until,
                    whole: !self.pager.partial,
                });
            }
            return Ok(Round {
                next: Next::Done,
                ..Round::default()
            });
        };
        Ok(Round {
            delivery: Delivery {
                events,
                ..Delivery::default()
            },
            next: Next::Now,
        })
    }
}

/// Asking whether posts are still there.
pub(super) struct Recheck {
    views: Views,
    uris: VecDeque<String>,
}

impl Recheck {
    /// Only posts can be looked up: reposts have no view.
    pub(super) fn new(views: Views, uids: Vec<String>) -> Self {
        let uri = |uid: &String| {
            let uri = uid.strip_prefix(PLATFORM)?.strip_prefix(":")?;
            uri.contains("/app.bsky.feed.post/").then(|| uri.to_owned())
        };
        Self {
            views,
            uris: uids.iter().filter_map(uri).collect(),
        }
    }
}

impl Poll for Recheck {
    async fn round(&mut self, _: &mut Context) -> Result<Round, Trouble> {
        let asked: Vec<String> = self.uris.iter().take(TOGETHER).cloned().collect();
        let mut delivery = Delivery::default();
        if !asked.is_empty() {
            let request = Request::get(&self.views.base, "/xrpc/app.bsky.feed.getPosts");
            let request = asked.iter().fold(request, |r, uri| r.query("uris", uri));
            let found = self.views.ask(request).await?;
            delivery = compare(&asked, &found.posts);
        }
        self.uris.drain(..asked.len());
        let next = if self.uris.is_empty() {
            Next::Done
        } else {
            Next::Now
        };
        Ok(Round { delivery, next })
    }
}

/// New counts of what is there; what is not is gone.
fn compare(asked: &[String], found: &[Map<String, Value>]) -> Delivery {
    let mut delivery = Delivery::default();
    for uri in asked {
        let view = found
            .iter()
            .find(|v| v.get("uri").and_then(Value::as_str) == Some(uri));
        let (post, event) = match view {
            None => (Some(gone(uri)), Event::Delete),
            Some(view) => (post(view), Event::Engagement),
        };
        match post {
            Some(post) => delivery
                .events
                .push(SourceEvent::Post(Box::new(RawPost { event, ..post }))),
            None => delivery
                .refused
                .push(Refused::new("malformed", "getPosts", "no such post")),
        }
    }
    delivery
}

fn gone(uri: &str) -> RawPost {
    let did = uri.strip_prefix("at://").and_then(|u| u.split('/').next());
    RawPost {
        uid: Some(super::record::uid_of(uri)),
        platform: Some(PLATFORM.to_owned()),
        author: did.map(|did| RawAuthor {
            id: Some(did.to_owned()),
            ..RawAuthor::default()
        }),
        ..RawPost::default()
    }
}

/// Says whether searching works.
pub(super) async fn test(views: &Views, context: &Context) -> Result<(), SourceError> {
    let how = if views.login.is_some() {
        "logged in"
    } else {
        "without a login"
    };
    let now = crate::poll::now_ms();
    match views.search("bluesky", now - 3_600_000, now, 1).await {
        Ok(_) => context.report.say(format!("posts can be searched for {how}")),
        // Following needs no search.
        Err(trouble) => context
            .report
            .say(format!("posts cannot be searched for {how}: {trouble}")),
    }
    Ok(())
}
