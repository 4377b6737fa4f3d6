//! Following what is new: subreddits, searches and threads in turn.

use super::api::{Api, PAGE, take};
use super::config::{Config, thread_id};
use super::listing::{Mark, Step, Walk};
use super::query::queries;
use super::tree::{TREE, Tree};
use super::wire::Found;
use crate::error::Refused;
use crate::http::{Request, Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round, now_ms};
use crate::seen::Seen;
use crate::source::{Context, Delivery, SourceEvent};
use crate::wanted::Wanted;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Posts remembered so that they are not delivered again.
const REMEMBERED: usize = 20_000;
/// Turns for which a list that cannot be read is left alone.
const REST: u32 = 40;
/// The mark that all searches share: ids of posts are numbered across Reddit.
const SEARCHES: &str = "search";

/// What is read in turn.
enum Feed {
    Subreddit { name: String, list: &'static str },
    Search { query: String },
    Thread(Tree),
}

struct Turn {
    feed: Feed,
    mark: Option<Mark>,
    walk: Walk,
    /// Turns to leave out.
    rest: u32,
}

/// The cursor: what is known of each list.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Cursor {
    marks: BTreeMap<String, Mark>,
}

/// The state of following.
pub(super) struct Follow {
    config: Config,
    api: Api,
    turns: Vec<Turn>,
    at: usize,
    marks: BTreeMap<String, Mark>,
    wanted: Option<Arc<Vec<Wanted>>>,
    seen: Seen,
    /// Whether a list could be read in this cycle, and what went wrong with the others.
    read: bool,
    trouble: Option<Trouble>,
}

impl Follow {
    pub(super) fn new(config: Config, api: Api, context: &Context) -> Self {
        let cursor = context.cursor.as_deref().map(serde_json::from_str::<Cursor>);
        if let Some(Err(_)) = &cursor {
            tracing::warn!("reddit: the stored cursor is none, starting now");
        }
        let marks = cursor.and_then(Result::ok).unwrap_or_default().marks;
        let lists: &[&'static str] = if config.comments {
            &["new", "comments"]
        } else {
            &["new"]
        };
        let subreddits = config.subreddits.iter().flat_map(|name| {
            let name = name.to_ascii_lowercase();
            lists.iter().map(move |list| Feed::Subreddit {
                name: name.clone(),
                list,
            })
        });
        let threads = config
            .threads
            .iter()
            .filter_map(|t| Some(Feed::Thread(Tree::new(thread_id(t)?))));
        let turns = subreddits
            .chain(threads)
            .map(|feed| Turn::new(feed, &marks))
            .collect();
        Self {
            config,
            api,
            turns,
            at: 0,
            marks,
            wanted: None,
            seen: Seen::new(REMEMBERED),
            read: false,
            trouble: None,
        }
    }

    /// Makes the searches anew where something else is wanted; those that stay keep their state.
    fn search_for(&mut self, context: &Context) -> Vec<Refused> {
        let wanted = context.wanted.borrow().clone();
        if self.wanted.as_ref() == Some(&wanted) {
            return Vec::new();
        }
        let (mut asked, unasked) = match self.config.search_wanted {
            true => queries(&wanted),
            false => (Vec::new(), 0),
        };
        asked.extend(self.config.searches.iter().cloned());
        self.turns.retain(|t| match &t.feed {
            Feed::Search { query } => asked.contains(query),
            _ => true,
        });
        for query in asked {
            let is_asked = |t: &Turn| matches!(&t.feed, Feed::Search { query: q } if *q == query);
            if !self.turns.iter().any(is_asked) {
                self.turns.push(Turn::new(Feed::Search { query }, &self.marks));
            }
        }
        self.wanted = Some(wanted);
        let why = "a monitor is too wide to be searched for: only listed subreddits are read for it";
        (0..unasked).map(|_| Refused::new("too_wide", "", why)).collect()
    }

    async fn listing(&mut self, context: &Context) -> Result<Delivery, Trouble> {
        let Some(turn) = self.turns.get_mut(self.at) else {
            return Ok(Delivery::default());
        };
        let limit = take(&context.budget, PAGE)?;
        let Some(request) = turn.request(&self.api, limit) else {
            return Ok(Delivery::default());
        };
        let found = match self.api.ask(request).await {
            Ok(found) => found,
            Err(trouble) => {
                context.budget.give_back_posts(limit);
                return Err(trouble);
            }
        };
        let (mark, step) = (turn.mark, turn.walk.page(&found, turn.mark));
        let mut delivery = deliver(&mut self.seen, found, context, mark);
        context
            .budget
            .give_back_posts(limit.saturating_sub(delivery.events.len() as u64));
        if let Step::End(top, gap) = step {
            turn.mark = Some(top);
            gap.into_iter().for_each(|gap| context.health.gap(gap));
            if mark != Some(top) || !delivery.events.is_empty() {
                delivery.cursor = self.cursor();
            }
            self.done(0);
        }
        Ok(delivery)
    }

    async fn thread(&mut self, context: &Context) -> Result<Delivery, Trouble> {
        let every = (self.config.thread_seconds / self.config.poll_seconds).ceil() as u32;
        let Some(Turn {
            feed: Feed::Thread(tree),
            ..
        }) = self.turns.get_mut(self.at)
        else {
            return Ok(Delivery::default());
        };
        let limit = take(&context.budget, TREE)?;
        let answer = self.api.ask(tree.request(&self.api, limit)).await;
        if answer.is_err() {
            context.budget.give_back_posts(limit);
        }
        let mut found = answer?;
        let (ended, refused) = tree.took(&mut found);
        let mut delivery = deliver(&mut self.seen, found, context, None);
        context
            .budget
            .give_back_posts(limit.saturating_sub(delivery.events.len() as u64));
        delivery.refused.extend(refused);
        if ended {
            self.done(every.saturating_sub(1));
        }
        Ok(delivery)
    }

    /// The present list was read.
    fn done(&mut self, rest: u32) {
        self.read = true;
        if let Some(turn) = self.turns.get_mut(self.at) {
            turn.rest = rest;
        }
        self.at += 1;
    }

    /// The present list cannot be read (private, banned, gone): the others still can.
    fn left_alone(&mut self, trouble: Trouble) -> Delivery {
        let mut delivery = Delivery::default();
        if let Some(turn) = self.turns.get_mut(self.at) {
            turn.rest = REST;
            turn.walk = Walk::default();
            delivery.refused.push(Refused::new(
                trouble.kind.code(),
                turn.place(),
                trouble.message.clone(),
            ));
        }
        self.trouble = Some(trouble);
        self.at += 1;
        delivery
    }

    /// A cycle is over. If nothing at all could be read, that is the source's own trouble.
    fn rest(&mut self) -> Result<Next, Trouble> {
        self.at = 0;
        let (read, trouble) = (std::mem::take(&mut self.read), self.trouble.take());
        match trouble {
            Some(trouble) if !read && self.turns.iter().all(|t| t.rest > 0) => {
                self.turns.iter_mut().for_each(|t| t.rest = 0);
                Err(trouble)
            }
            _ => Ok(Next::After(Duration::from_secs_f64(self.config.poll_seconds))),
        }
    }

    fn cursor(&self) -> Option<String> {
        let mut marks = BTreeMap::new();
        let searches = self
            .turns
            .iter()
            .filter(|t| matches!(t.feed, Feed::Search { .. }));
        // One search that has not been asked yet keeps the mark where it was.
        let last = searches
            .map(|t| t.mark)
            .min_by_key(|m| m.map(|m| m.number))
            .flatten();
        marks.extend(last.map(|mark| (SEARCHES.to_owned(), mark)));
        for turn in self
            .turns
            .iter()
            .filter(|t| matches!(t.feed, Feed::Subreddit { .. }))
        {
            marks.extend(turn.mark.map(|mark| (turn.key(), mark)));
        }
        serde_json::to_string(&Cursor { marks }).ok()
    }
}

impl Turn {
    fn new(feed: Feed, marks: &BTreeMap<String, Mark>) -> Self {
        let mut turn = Self {
            feed,
            mark: None,
            walk: Walk::default(),
            rest: 0,
        };
        turn.mark = marks.get(&turn.key()).copied();
        turn
    }

    fn key(&self) -> String {
        match &self.feed {
            Feed::Subreddit { name, list } => format!("{name}/{list}"),
            Feed::Search { .. } => SEARCHES.to_owned(),
            Feed::Thread(_) => String::new(),
        }
    }

    /// The list's name for people: what the configuration calls it.
    fn place(&self) -> String {
        match &self.feed {
            Feed::Subreddit { .. } => format!("r/{}", self.key()),
            Feed::Search { .. } => "a search".to_owned(),
            Feed::Thread(_) => "a thread".to_owned(),
        }
    }

    fn request(&self, api: &Api, limit: u64) -> Option<Request> {
        let request = match &self.feed {
            Feed::Subreddit { name, list } => {
                api.get(&format!("/r/{name}/{list}"), &format!("/r/{name}/{list}"))
            }
            Feed::Search { query } => search(api, query),
            Feed::Thread(_) => return None,
        };
        let request = request.query("limit", limit.to_string());
        Some(match &self.walk.after {
            Some(after) => request
                .query("after", after)
                .query("count", self.walk.count().to_string()),
            None => request,
        })
    }
}

/// A search for posts, newest first.
pub(super) fn search(api: &Api, query: &str) -> Request {
    api.get("/search", "/search")
        .query("q", query)
        .query("sort", "new")
        .query("t", "all")
        .query("type", "link")
}

/// What of an answer is news, oldest first. Behind `mark` it is late by intent, and no lag.
fn deliver(seen: &mut Seen, found: Found, context: &Context, mark: Option<Mark>) -> Delivery {
    let mut delivery = Delivery::default();
    (0..found.ignored).for_each(|_| context.health.ignored());
    for mut post in found.posts.into_iter().rev() {
        if seen.news(&mut post) {
            let created = post.created_at.as_deref().and_then(crate::time::millis);
            let new = created.filter(|at| mark.is_some_and(|m| *at > m.at));
            context.health.arrived(now_ms(), new.map(|at| now_ms() - at));
            delivery.events.push(SourceEvent::Post(Box::new(post)));
        }
    }
    let refused = found.refused.into_iter();
    delivery.refused = refused.map(|why| Refused::new("malformed", "", why)).collect();
    delivery
}

impl Poll for Follow {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let unasked = match self.at {
            0 => self.search_for(context),
            _ => Vec::new(),
        };
        while let Some(turn) = self.turns.get_mut(self.at).filter(|t| t.rest > 0) {
            turn.rest -= 1;
            self.at += 1;
        }
        let is_thread = |t: &Turn| matches!(t.feed, Feed::Thread(_));
        let asked = match self.turns.get(self.at).map(is_thread) {
            None => Ok(Delivery::default()),
            Some(true) => self.thread(context).await,
            Some(false) => self.listing(context).await,
        };
        let mut delivery = match asked {
            Err(trouble) if stays(&trouble) => self.left_alone(trouble),
            other => other?,
        };
        delivery.refused.extend(unasked);
        let next = match self.at < self.turns.len() {
            true => Next::Now,
            false if delivery.events.is_empty() && delivery.refused.is_empty() => self.rest()?,
            // What was found is delivered before the cycle can end in trouble.
            false => Next::Now,
        };
        Ok(Round { delivery, next })
    }

    fn backoff(&self, trouble: &Trouble) -> (Duration, Duration) {
        match (trouble.kind, trouble.retry_after) {
            // Reddit says when, to the second.
            (TroubleKind::Limited, Some(_)) => (Duration::from_secs(1), Duration::from_secs(600)),
            (TroubleKind::Limited, None) => (Duration::from_secs(10), Duration::from_secs(600)),
            _ => crate::poll::default_backoff(trouble),
        }
    }
}

/// Trouble with one list, which asking again soon does not heal.
fn stays(trouble: &Trouble) -> bool {
    matches!(
        trouble.kind,
        TroubleKind::Forbidden | TroubleKind::Missing | TroubleKind::Rejected
    )
}
