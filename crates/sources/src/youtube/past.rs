//! The past by search, and asking whether posts are still there.

use super::PLATFORM;
use super::api::{Api, PAGE, SEARCH, UNITS};
use super::ask::{channels, search, time, videos};
use super::config::{Config, is_token, is_video};
use super::follow::{created, native};
use super::query::queries;
use super::wire::Found;
use crate::error::SourceError;
use crate::http::{Request, Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round};
use crate::report::{Covered, Estimate};
use crate::source::{Context, Delivery, Past, SourceEvent};
use post::{Event, Kind, RawPost};
use std::collections::{BTreeSet, VecDeque};

/// A search shows about 500 videos.
const PAGES: u64 = 10;
/// Comments asked about at once: as many as a page holds if nothing is said, since for ids nothing can be said.
const COMMENTS: usize = 20;
/// Searches a day.
const BUCKET: f64 = 100.0;

/// A search of the past: each page of videos found is then asked for whole.
pub(super) struct Search {
    api: Api,
    asked: Past,
    queries: VecDeque<(String, Option<String>)>,
    found: Vec<String>,
    pages: u64,
    oldest: i64,
    from: i64,
    whole: bool,
}

impl Search {
    pub(super) fn new(api: Api, asked: Past, context: &Context) -> Self {
        let (queries, unasked) = queries(&context.wanted.borrow());
        for _ in 0..unasked {
            let line =
                "a monitor is too wide to be searched for here: only the channels named are read for it";
            context.report.say(line);
        }
        Self {
            api,
            from: asked.from,
            oldest: asked.until,
            asked,
            queries: queries.into_iter().map(|q| (q, None)).collect(),
            found: Vec::new(),
            pages: 0,
            whole: unasked == 0,
        }
    }

    fn estimate(&self, context: &Context) {
        let searches = self.queries.len() as u64 * PAGES;
        context.report.estimate(Estimate {
            posts: None,
            requests: Some(2 * searches),
            money: Some(0.0),
            days: Some(searches as f64 / BUCKET),
        });
    }

    fn covered(&self, context: &Context) -> Round {
        context.report.covered(Covered {
            from: self.from,
            until: self.asked.until,
            whole: self.whole && self.from <= self.asked.from,
        });
        Round {
            next: Next::Done,
            ..Round::default()
        }
    }

    async fn page(&mut self, query: String, page: Option<String>) -> Result<(), Trouble> {
        let request = search(&self.api, &query)
            .query("publishedAfter", time(self.asked.from))
            .query("publishedBefore", time(self.asked.until.saturating_add(1000)))
            .query("maxResults", PAGE.to_string())
            .query_if("pageToken", page);
        let found = self.api.ask(request, SEARCH).await?;
        self.pages += 1;
        self.oldest = found
            .posts
            .iter()
            .filter_map(created)
            .min()
            .unwrap_or(self.oldest)
            .min(self.oldest);
        self.found = found.posts.iter().filter_map(native).collect();
        self.queries.pop_front();
        match found.next {
            Some(next) if self.pages < PAGES && found.items > 0 => {
                self.queries.push_front((query, Some(next)))
            }
            // There is more, which is not shown.
            Some(_) if found.items > 0 => self.from = self.from.max(self.oldest),
            _ => {}
        }
        if self.queries.front().is_none_or(|(_, page)| page.is_none()) {
            (self.pages, self.oldest) = (0, self.asked.until);
        }
        Ok(())
    }
}

impl Poll for Search {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        if self.asked.estimate {
            self.estimate(context);
            return Ok(Round {
                next: Next::Done,
                ..Round::default()
            });
        }
        if !self.found.is_empty() {
            let request = videos(&self.api).query("id", self.found.join(","));
            let found = self.api.posts(request, PAGE).await?;
            self.found.clear();
            let events = found
                .posts
                .into_iter()
                .map(|p| SourceEvent::Post(Box::new(p)))
                .collect();
            return Ok(Round {
                delivery: Delivery {
                    events,
                    ..Delivery::default()
                },
                next: Next::Now,
            });
        }
        let Some((query, page)) = self.queries.front().cloned() else {
            return Ok(self.covered(context));
        };
        match self.page(query, page).await {
            Err(trouble) if trouble.kind == TroubleKind::Exhausted => {
                let left = self.queries.len();
                context
                    .report
                    .say(format!("the day's searches are used up: {left} are left undone"));
                self.from = self.asked.until;
                Ok(self.covered(context))
            }
            Err(trouble) => Err(trouble),
            Ok(()) => Ok(Round::default()),
        }
    }
}

/// Asking whether posts are still there.
pub(super) struct Recheck {
    api: Api,
    due: VecDeque<(Asked, Vec<String>)>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Videos,
    Threads,
    Replies,
}

impl Recheck {
    pub(super) fn new(api: Api, uids: &[String]) -> Self {
        let id = |uid: &String| uid.strip_prefix(PLATFORM)?.strip_prefix(':').map(str::to_owned);
        let ids: Vec<String> = uids.iter().filter_map(id).filter(|id| is_token(id)).collect();
        let mut due = VecDeque::new();
        for kind in [Asked::Videos, Asked::Threads, Asked::Replies] {
            let those: Vec<String> = ids.iter().filter(|id| asked(id) == kind).cloned().collect();
            let together = if kind == Asked::Videos { PAGE } else { COMMENTS };
            due.extend(those.chunks(together).map(|c| (kind, c.to_vec())));
        }
        Self { api, due }
    }

    fn request(&self, kind: Asked, ids: &[String]) -> Request {
        let request = match kind {
            Asked::Videos => videos(&self.api),
            // A thread says what video its comment is about; a comment alone does not.
            Asked::Threads => self
                .api
                .list("commentThreads", "snippet")
                .query("textFormat", "plainText"),
            Asked::Replies => self
                .api
                .list("comments", "snippet")
                .query("textFormat", "plainText"),
        };
        request.query("id", ids.join(","))
    }
}

/// A reply's id is that of the comment it answers, a dot and its own.
fn asked(id: &str) -> Asked {
    match (is_video(id), id.contains('.')) {
        (true, _) => Asked::Videos,
        (false, true) => Asked::Replies,
        (false, false) => Asked::Threads,
    }
}

impl Poll for Recheck {
    async fn round(&mut self, _: &mut Context) -> Result<Round, Trouble> {
        let Some((kind, ids)) = self.due.front().cloned() else {
            return Ok(Round {
                next: Next::Done,
                ..Round::default()
            });
        };
        let found = self.api.ask(self.request(kind, &ids), UNITS).await?;
        self.due.pop_front();
        Ok(Round {
            delivery: Delivery {
                events: verdicts(&ids, found),
                ..Delivery::default()
            },
            next: Next::Now,
        })
    }
}

/// What became of each: new state and counts, or a delete where it is no longer shown.
fn verdicts(ids: &[String], found: Found) -> Vec<SourceEvent> {
    let mut missing: BTreeSet<String> = ids.iter().map(|id| super::map::uid(id)).collect();
    let mut events = Vec::new();
    for mut post in found.posts {
        if !post.uid.as_ref().is_some_and(|uid| missing.remove(uid)) {
            continue;
        }
        // A reply comes without its video: only one that changed is worth losing that.
        let bare = post.kind == Kind::Comment && post.thread_root.is_none() && post.edited_at.is_none();
        post.event = if bare { Event::Engagement } else { Event::Edit };
        events.push(SourceEvent::Post(Box::new(post)));
    }
    // A page that goes on has not told of all.
    let gone = missing.into_iter().filter(|_| found.next.is_none());
    events.extend(gone.map(|uid| {
        SourceEvent::Post(Box::new(RawPost {
            uid: Some(uid),
            platform: Some(PLATFORM.to_owned()),
            event: Event::Delete,
            ..RawPost::default()
        }))
    }));
    events
}

/// Says whether the key works and which channels there are. It costs a unit of the day's 10,000 for each handle, and one
/// for all ids.
pub(super) async fn test(api: &Api, config: &Config, context: &Context) -> Result<(), SourceError> {
    use super::config::{Channel, channel};
    let named: Vec<Channel> = config.channels.iter().filter_map(|c| channel(c)).collect();
    let ids = named.iter().filter_map(|c| match c {
        Channel::Id(id) => Some(id.as_str()),
        Channel::Handle(_) => None,
    });
    let ids: Vec<&str> = ids.take(PAGE).collect();
    let request = match ids.is_empty() {
        true => channels(api).query("forHandle", "@youtube"),
        false => channels(api).query("id", ids.join(",")),
    };
    let found = api.ask(request, UNITS).await?;
    context.report.say("the Data API answers");
    if !ids.is_empty() {
        context.report.say(format!(
            "{} of {} channels are there",
            found.channels.len(),
            ids.len()
        ));
    }
    for handle in named.iter() {
        let Channel::Handle(handle) = handle else { continue };
        let there = !api
            .ask(channels(api).query("forHandle", handle), UNITS)
            .await?
            .channels
            .is_empty();
        context.report.say(format!(
            "{handle} {}",
            if there { "is there" } else { "is no channel" }
        ));
    }
    Ok(())
}
