//! The past by search, and asking whether posts are still there.

use super::PLATFORM;
use super::api::{Api, PAGE, take};
use super::follow::search;
use super::listing::{END, Mark, Step, Walk};
use super::query::queries;
use super::wire::is_fullname;
use crate::error::SourceError;
use crate::http::Trouble;
use crate::poll::{Next, Poll, Round};
use crate::report::{Covered, Estimate};
use crate::source::{Context, Delivery, Past, SourceEvent};
use post::{Event, RawPost};
use std::collections::{BTreeSet, VecDeque};

/// A search of the past.
pub(super) struct Search {
    api: Api,
    asked: Past,
    queries: VecDeque<String>,
    walk: Walk,
    /// From when on everything was seen.
    from: i64,
    /// Whether all that is wanted could be asked.
    whole: bool,
}

impl Search {
    pub(super) fn new(api: Api, asked: Past, context: &Context) -> Self {
        let (queries, unasked) = queries(&context.wanted.borrow());
        for _ in 0..unasked {
            let line =
                "a monitor is too wide to be searched for here: only listed subreddits are read for it";
            context.report.say(line);
        }
        Self {
            api,
            from: asked.from,
            asked,
            queries: queries.into(),
            walk: Walk::default(),
            whole: unasked == 0,
        }
    }

    fn estimate(&self, context: &Context) {
        // Reddit does not say how many there are, but lists no more than this.
        let requests = self.queries.len() as u64 * (END as u64 / PAGE);
        context.report.estimate(Estimate {
            posts: None,
            requests: Some(requests),
            money: Some(0.0),
            days: Some(0.0),
        });
    }

    async fn page(&mut self, query: &str, context: &Context) -> Result<Delivery, Trouble> {
        let limit = take(&context.budget, PAGE)?;
        let mut request = search(&self.api, query).query("limit", limit.to_string());
        if let Some(after) = &self.walk.after {
            request = request
                .query("after", after)
                .query("count", self.walk.count().to_string());
        }
        let answer = self.api.ask(request).await;
        if answer.is_err() {
            context.budget.give_back_posts(limit);
        }
        let found = answer?;
        let mut events = Vec::new();
        let within = |p: &RawPost| {
            let created = p.created_at.as_deref().and_then(crate::time::millis);
            created.is_some_and(|at| (self.asked.from..=self.asked.until).contains(&at))
        };
        for post in found.posts.iter().filter(|p| within(p)) {
            events.push(SourceEvent::Post(Box::new(post.clone())));
        }
        context
            .budget
            .give_back_posts(limit.saturating_sub(events.len() as u64));
        // No post has this number: the walk goes on to the end of the list.
        let step = self.walk.page(
            &found,
            Some(Mark {
                number: 0,
                at: self.asked.from,
            }),
        );
        let oldest = self.walk.oldest();
        let reached = oldest.is_some_and(|at| at < self.asked.from);
        if reached || step != Step::More {
            if let Step::End(_, Some(gap)) = step {
                self.from = self.from.max(gap.until);
            }
            self.walk = Walk::default();
            self.queries.pop_front();
        }
        Ok(Delivery {
            events,
            ..Delivery::default()
        })
    }
}

impl Poll for Search {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let done = |delivery| Round {
            delivery,
            next: Next::Done,
        };
        if self.asked.estimate {
            self.estimate(context);
            return Ok(done(Delivery::default()));
        }
        let Some(query) = self.queries.front().cloned() else {
            context.report.covered(Covered {
                from: self.from,
                until: self.asked.until,
                whole: self.whole && self.from <= self.asked.from,
            });
            return Ok(done(Delivery::default()));
        };
        Ok(Round {
            delivery: self.page(&query, context).await?,
            next: Next::Now,
        })
    }
}

/// Asking whether posts are still there.
pub(super) struct Recheck {
    api: Api,
    names: VecDeque<String>,
}

impl Recheck {
    pub(super) fn new(api: Api, uids: &[String]) -> Self {
        let name = |uid: &String| uid.strip_prefix(PLATFORM)?.strip_prefix(':').map(str::to_owned);
        Self {
            api,
            names: uids.iter().filter_map(name).filter(|n| is_fullname(n)).collect(),
        }
    }
}

impl Poll for Recheck {
    async fn round(&mut self, _: &mut Context) -> Result<Round, Trouble> {
        let names: Vec<String> = self.names.iter().take(PAGE as usize).cloned().collect();
        let mut delivery = Delivery::default();
        if !names.is_empty() {
            let request = self
                .api
                .get("/api/info", "/api/info")
                .query("id", names.join(","));
            let found = self.api.ask(request).await?;
            delivery.events = verdicts(&names, found.posts);
            self.names.drain(..names.len());
        }
        let next = match self.names.is_empty() {
            true => Next::Done,
            false => Next::Now,
        };
        Ok(Round { delivery, next })
    }
}

/// What became of each: an edit with new counts, or a delete where it says so or is not there at all. A post whose
/// account is gone comes without an author.
fn verdicts(names: &[String], posts: Vec<RawPost>) -> Vec<SourceEvent> {
    let mut missing: BTreeSet<String> = names.iter().map(|n| format!("{PLATFORM}:{n}")).collect();
    let mut all = Vec::new();
    for mut post in posts {
        if post.uid.as_ref().is_some_and(|uid| missing.remove(uid)) {
            if post.event == Event::Create {
                post.event = Event::Edit;
            }
            all.push(SourceEvent::Post(Box::new(post)));
        }
    }
    all.extend(missing.into_iter().map(|uid| {
        SourceEvent::Post(Box::new(RawPost {
            uid: Some(uid),
            platform: Some(PLATFORM.to_owned()),
            event: Event::Delete,
            ..RawPost::default()
        }))
    }));
    all
}

/// Says whether each subreddit can be read.
pub(super) async fn test(api: &Api, subreddits: &[String], context: &Context) -> Result<(), SourceError> {
    let request = api.get("/api/info", "/api/info").query("id", "t3_1");
    api.ask(request).await?;
    context.report.say("Reddit knows the app");
    for name in subreddits {
        let path = format!("/r/{name}/new");
        match api.ask(api.get(&path, &path).query("limit", "1")).await {
            Ok(found) if found.children > 0 => context.report.say(format!("r/{name} can be read")),
            Ok(_) => context.report.say(format!("r/{name} can be read and is empty")),
            Err(trouble) => context.report.say(format!("r/{name} cannot be read: {trouble}")),
        }
    }
    Ok(())
}
