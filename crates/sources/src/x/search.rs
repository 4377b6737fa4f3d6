//! Searching: the last seven days, or the whole archive; for a monitor's past and for what a cut stream missed.

use super::api::{Api, SEARCHED, seconds};
use super::frame::Version;
use super::{PRICE, rules};
use crate::budget::Budget;
use crate::http::{Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round, now_ms};
use crate::report::{Covered, Estimate};
use crate::source::{Context, Delivery, Past, SourceEvent};
use crate::wanted::{Sought, Wanted};
use serde::Deserialize;
use std::collections::VecDeque;

/// Recent search reaches so far back, less a minute for the way (milliseconds).
const RECENT: i64 = (7 * 86_400 - 60) * 1000;
/// The platform finds a post some time after it was published (milliseconds).
const INDEXED: i64 = 35_000;

/// A search of several queries, page by page, newest first.
pub(super) struct Search {
    queries: VecDeque<String>,
    token: Option<String>,
    from: i64,
    until: i64,
}

/// Queries that together find all that is wanted.
pub(super) struct Queries {
    pub(super) queries: Vec<String>,
    /// Wishes that cannot be asked.
    pub(super) left_out: usize,
}

impl Queries {
    /// All wishes in as few queries as hold them, so that a post is found once.
    pub(super) fn new(wanted: &[Wanted], limit: usize) -> Self {
        let can = |wish: &&Wanted| rules::rules(&wish.sought, limit).is_some();
        let askable: Vec<Sought> = wanted.iter().filter(can).map(|w| w.sought.clone()).collect();
        let left_out = wanted.len() - askable.len();
        let queries = rules::rules(&Sought::Any(askable), limit).unwrap_or_default();
        Self { queries, left_out }
    }
}

/// Since when a search can find posts, milliseconds since 1970.
pub(super) fn reach(api: &Api) -> i64 {
    if api.config.archive { 0 } else { now_ms() - RECENT }
}

/// Until when it can.
pub(super) fn indexed() -> i64 {
    now_ms() - INDEXED
}

fn path(api: &Api, what: &str) -> String {
    format!(
        "/2/tweets/{what}/{}",
        if api.config.archive { "all" } else { "recent" }
    )
}

impl Search {
    pub(super) fn new(queries: Vec<String>, from: i64, until: i64) -> Self {
        Self {
            queries: queries.into(),
            token: None,
            from,
            until,
        }
    }

    /// The next page; `None` when all is found.
    pub(super) async fn page(&mut self, api: &Api, budget: &Budget) -> Result<Option<Delivery>, Trouble> {
        let Some(query) = self.queries.front() else {
            return Ok(None);
        };
        let request = |size: u64| {
            api.get(&path(api, "search"))
                .query("query", query)
                .query("max_results", size.to_string())
                .query("start_time", seconds(self.from))
                .query("end_time", seconds(self.until + 999))
                .query_if("next_token", self.token.as_deref())
        };
        let given = api.page(request, SEARCHED, Version::Found, budget).await?;
        self.token = given.next_token;
        if self.token.is_none() {
            self.queries.pop_front();
        }
        let event = |post| SourceEvent::Post(Box::new(post));
        Ok(Some(Delivery {
            events: given.posts.into_iter().map(event).collect(),
            refused: given.refused,
            cursor: None,
        }))
    }
}

/// The past of what is wanted.
pub(super) struct PastSearch {
    api: Api,
    asked: Past,
    search: Search,
    /// Whether all there is can be found.
    whole: bool,
    counted: Option<String>,
}

#[derive(Deserialize)]
struct Counted {
    #[serde(default)]
    meta: CountedMeta,
}

#[derive(Default, Deserialize)]
struct CountedMeta {
    #[serde(default)]
    total_tweet_count: u64,
    next_token: Option<String>,
}

impl PastSearch {
    pub(super) fn new(api: Api, asked: Past, context: &Context) -> Self {
        let wanted = context.wanted.borrow().clone();
        let made = Queries::new(&wanted, api.config.query_chars());
        if made.left_out > 0 {
            let message = format!("{} monitors cannot be searched for on X", made.left_out);
            context.report.say(message);
        }
        let (from, until) = (asked.from.max(reach(&api)), asked.until.min(indexed()));
        if from > asked.from {
            context
                .report
                .say("without archive access, only the last seven days can be searched");
        }
        let queries = if from < until { made.queries } else { Vec::new() };
        Self {
            whole: made.left_out == 0,
            search: Search::new(queries, from, until),
            api,
            asked,
            counted: None,
        }
    }

    async fn count(&mut self, context: &Context) -> Result<Round, Trouble> {
        let Some(query) = self.search.queries.front() else {
            return Ok(self.finished(context));
        };
        let request = self
            .api
            .get(&path(&self.api, "counts"))
            .query("query", query)
            .query("granularity", "day")
            .query("start_time", seconds(self.search.from))
            .query("end_time", seconds(self.search.until))
            .query_if("next_token", self.counted.as_deref());
        let counted: Counted = self.api.search.json(request).await?;
        let posts = counted.meta.total_tweet_count;
        context.report.estimate(Estimate {
            posts: Some(posts),
            requests: Some(posts / SEARCHED.1 + 1),
            money: Some(posts as f64 * PRICE as f64 / 1e6),
            days: Some(0.0),
        });
        self.counted = counted.meta.next_token;
        if self.counted.is_none() {
            self.search.queries.pop_front();
        }
        Ok(Round::default())
    }

    fn finished(&self, context: &Context) -> Round {
        if !self.asked.estimate && self.search.from < self.search.until {
            context.report.covered(Covered {
                from: self.search.from,
                until: self.search.until,
                whole: self.whole,
            });
        }
        Round {
            next: Next::Done,
            ..Round::default()
        }
    }
}

impl Poll for PastSearch {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        if self.asked.estimate {
            return self.count(context).await;
        }
        match self.search.page(&self.api, &context.budget).await {
            Ok(Some(delivery)) => Ok(Round {
                delivery,
                next: Next::Now,
            }),
            Ok(None) => Ok(self.finished(context)),
            Err(trouble) => {
                if trouble.kind == TroubleKind::Exhausted {
                    self.whole = false;
                    self.finished(context);
                }
                Err(trouble)
            }
        }
    }
}
