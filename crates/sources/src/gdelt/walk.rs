//! Asking for articles: those that are new, and those of the past. What an answer cannot hold is asked for in slices,
//! newest first.

use super::client::{self, MOST, Slice};
use super::config::Config;
use super::{PLATFORM, map, query};
use crate::error::{Refused, SourceError};
use crate::health::Gap;
use crate::http::{Http, Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round, now_ms};
use crate::report::{Covered, Estimate};
use crate::source::{Context, Delivery, Past, SourceEvent};
use post::RawPost;
use std::collections::VecDeque;
use std::time::Duration;

/// Articles come in up to so many seconds late; asked again, they are the same articles.
const LATE: i64 = 3_600;
/// As far as the API goes back.
const WINDOW: i64 = 90 * 86_400;

/// A question and what is left to ask of its time, in seconds since 1970.
struct Left {
    query: String,
    from: i64,
    until: i64,
}

/// What one question gave.
enum Step {
    Posts(Vec<RawPost>),
    /// The question itself is at fault.
    Refused(Trouble),
}

/// Asks the first question and takes from it what is answered; `full` is called with a second that has more articles
/// than an answer holds.
async fn step(
    http: &Http,
    config: &Config,
    left: &mut VecDeque<Left>,
    full: &mut (dyn FnMut(i64) + Send),
) -> Result<Step, Trouble> {
    let Some(first) = left.front_mut() else {
        return Ok(Step::Posts(Vec::new()));
    };
    let slice = Slice {
        query: &first.query,
        from: first.from,
        until: first.until,
    };
    let found = match client::articles(http, config, &slice).await {
        Err(e) if e.kind == TroubleKind::Rejected => {
            left.pop_front();
            return Ok(Step::Refused(e));
        }
        other => other?.articles,
    };
    let count = found.len();
    let posts: Vec<RawPost> = found.into_iter().filter_map(map::map).collect();
    let oldest = posts.iter().filter_map(seconds).min();
    match oldest.filter(|_| count >= MOST) {
        // Articles carry the quarter of an hour in which they were seen; the oldest one is asked for again, whole.
        Some(oldest) if oldest < first.until && oldest > first.from => first.until = oldest,
        Some(oldest) if oldest > first.from => {
            full(oldest);
            first.until = oldest - 1;
        }
        Some(oldest) => {
            full(oldest);
            left.pop_front();
        }
        None => {
            left.pop_front();
        }
    }
    Ok(Step::Posts(posts))
}

fn seconds(post: &RawPost) -> Option<i64> {
    Some(crate::time::millis(post.created_at.as_deref()?)?.div_euclid(1000))
}

/// All questions: the configured one and those of the monitors.
fn questions(config: &Config, context: &Context) -> (Vec<String>, bool) {
    let (mut all, partial) = query::questions(&context.wanted.borrow());
    all.extend(config.query.as_ref().map(|q| q.trim().to_owned()));
    (all, partial)
}

fn now() -> i64 {
    now_ms() / 1000
}

/// Asking for what is new. The cursor is the second up to which all was asked for.
pub(super) struct Follow {
    config: Config,
    http: Http,
    since: i64,
    left: VecDeque<Left>,
    /// The time of the round that is under way.
    round: Option<i64>,
    told: bool,
}

impl Follow {
    pub(super) fn new(config: Config, http: Http, context: &Context) -> Self {
        let cursor = context.cursor.as_deref().map(str::parse::<i64>);
        if matches!(cursor, Some(Err(_))) {
            tracing::warn!("{PLATFORM}: the stored cursor is none, starting now");
        }
        let since = cursor.and_then(Result::ok).unwrap_or_else(now);
        Self {
            config,
            http,
            since: since.clamp(now() - WINDOW, now()),
            left: VecDeque::new(),
            round: None,
            told: false,
        }
    }

    fn begin(&mut self, context: &Context) {
        let until = now();
        let (questions, partial) = questions(&self.config, context);
        if partial && !std::mem::replace(&mut self.told, true) {
            tracing::warn!("{PLATFORM}: a monitor is too wide to be asked for here");
            context.report.say("a monitor is too wide to be asked for here");
        }
        let from = self.since - LATE;
        self.left = questions
            .into_iter()
            .map(|query| Left { query, from, until })
            .collect();
        self.round = Some(until);
    }
}

impl Poll for Follow {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        if self.round.is_none() {
            self.begin(context);
        }
        let health = context.health.clone();
        let mut full = |second: i64| {
            health.gap(Gap {
                from: second * 1000,
                until: (second + 900) * 1000,
                reason: format!("more than {MOST} articles in a quarter of an hour"),
                repaired: false,
            });
        };
        let mut delivery = Delivery::default();
        match step(&self.http, &self.config, &mut self.left, &mut full).await? {
            Step::Posts(posts) => {
                let now = now_ms();
                for post in posts {
                    let lag = seconds(&post).map(|s| now - s * 1000);
                    context.health.arrived(now, lag);
                    delivery.events.push(SourceEvent::Post(Box::new(post)));
                }
            }
            Step::Refused(e) => delivery.refused.push(Refused::new(e.kind.code(), "", e.message)),
        }
        let next = if self.left.is_empty() {
            self.since = self.round.take().unwrap_or(self.since);
            Duration::from_secs_f64(self.config.poll_seconds)
        } else {
            Duration::from_secs_f64(self.config.pause_seconds)
        };
        delivery.cursor = Some(self.since.to_string());
        Ok(Round {
            delivery,
            next: Next::After(next),
        })
    }
}

/// Asking for the past.
pub(super) struct Search {
    config: Config,
    http: Http,
    asked: Past,
    left: VecDeque<Left>,
    whole: bool,
}

impl Search {
    pub(super) fn new(config: Config, http: Http, asked: Past, context: &Context) -> Self {
        let (questions, partial) = questions(&config, context);
        if partial {
            context
                .report
                .say("a monitor is too wide to be asked for here: only what is new is followed");
        }
        let from = asked.from.div_euclid(1000).max(now() - WINDOW);
        let until = asked.until.div_euclid(1000);
        let left = |query| Left { query, from, until };
        Self {
            left: questions.into_iter().filter(|_| from < until).map(left).collect(),
            whole: !partial,
            config,
            http,
            asked,
        }
    }

    async fn estimate(&mut self, context: &Context) -> Result<(), Trouble> {
        let Some(first) = self.left.front() else {
            return Ok(());
        };
        let slice = Slice {
            query: &first.query,
            from: first.from,
            until: first.until,
        };
        let posts = match client::count(&self.http, &self.config, &slice).await {
            Err(e) if matches!(e.kind, TroubleKind::Rejected | TroubleKind::Malformed) => None,
            other => Some(other?),
        };
        context.report.estimate(Estimate {
            posts,
            requests: posts.map(|p| p / MOST as u64 + 1),
            money: Some(0.0),
            days: Some(0.0),
        });
        self.left.pop_front();
        Ok(())
    }
}

impl Poll for Search {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let mut round = Round::default();
        if self.left.is_empty() {
            context.report.covered(Covered {
                from: self.asked.from.max((now() - WINDOW) * 1000),
                until: self.asked.until,
                whole: self.whole,
            });
            round.next = Next::Done;
            return Ok(round);
        }
        if self.asked.estimate {
            self.estimate(context).await?;
        } else {
            let mut missed = false;
            match step(&self.http, &self.config, &mut self.left, &mut |_| missed = true).await? {
                Step::Posts(posts) => {
                    round.delivery.events = posts
                        .into_iter()
                        .map(|p| SourceEvent::Post(Box::new(p)))
                        .collect();
                }
                Step::Refused(e) => {
                    context.report.say(e.message);
                    missed = true;
                }
            }
            self.whole &= !missed;
        }
        if !self.left.is_empty() {
            round.next = Next::After(Duration::from_secs_f64(self.config.pause_seconds));
        }
        Ok(round)
    }
}

/// Asks once and says what is seen.
pub(super) async fn test(config: &Config, http: &Http, context: &Context) -> Result<(), SourceError> {
    let (questions, partial) = questions(config, context);
    if partial {
        context.report.say("a monitor is too wide to be asked for here");
    }
    let Some(query) = questions.first() else {
        context
            .report
            .say("nothing is asked for: no query is set and no monitor can be asked for");
        return Ok(());
    };
    let slice = Slice {
        query,
        from: now() - 86_400,
        until: now(),
    };
    let found = client::articles(http, config, &slice).await?;
    context.report.say(format!(
        "{} questions; the first finds {} articles of the last day",
        questions.len(),
        found.articles.len()
    ));
    Ok(())
}
