//! Following many feeds, each at its own pace: one that fails does not stop the others.

use super::config::Config;
use super::document::Feed;
use super::fetch::{Fetched, Known, LONGEST, fetch};
use super::seen::{self, Is, Seen};
use super::{CONNECTOR, map};
use crate::backoff::Backoff;
use crate::error::Refused;
use crate::health::Gap;
use crate::http::{Http, Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round, default_backoff, now_ms};
use crate::source::{Context, Delivery, SourceEvent};
use post::{Event, RawPost};
use std::time::Duration;
use tokio::time::Instant;

/// All feeds of a source.
pub(super) struct Follow {
    http: Http,
    poll: Duration,
    country: Option<String>,
    feeds: Vec<One>,
}

/// One feed.
struct One {
    url: String,
    name: String,
    /// What stands for it in messages.
    label: String,
    seen: Seen,
    known: Known,
    /// When to ask again; `None` where it is gone for good.
    due: Option<Instant>,
    /// What went wrong last, with how long to wait.
    trouble: Option<(TroubleKind, Backoff)>,
    /// When it was read last, milliseconds since 1970.
    read_at: Option<i64>,
}

impl Follow {
    pub(super) fn new(config: Config, http: Http, context: &Context) -> Self {
        let mut seen = context.cursor.as_deref().and_then(seen::read);
        if seen.is_none() && context.cursor.is_some() {
            tracing::warn!("{CONNECTOR}: the stored cursor is none, starting now");
        }
        let feed = |(number, url): (usize, &String)| {
            let name = seen::name(url);
            One {
                url: context.keep.get(&moved(&name)).unwrap_or_else(|| url.clone()),
                seen: seen.as_mut().and_then(|s| s.remove(&name)).unwrap_or_default(),
                name,
                label: format!("feed {}", number + 1),
                known: Known::default(),
                due: Some(Instant::now()),
                trouble: None,
                read_at: None,
            }
        };
        Self {
            feeds: config.urls.iter().enumerate().map(feed).collect(),
            http,
            poll: Duration::from_secs_f64(config.poll_seconds),
            country: config.country,
        }
    }

    /// When the next feed is due.
    fn rest(&self, pace: f64) -> Next {
        match self.feeds.iter().filter_map(|f| f.due).min() {
            Some(due) => {
                let rest = due.saturating_duration_since(Instant::now());
                if rest.is_zero() {
                    Next::Now
                } else {
                    Next::After(rest.div_f64(pace.max(1e-9)))
                }
            }
            // All are gone; the operator may name others.
            None => Next::After(LONGEST),
        }
    }

    /// Everybody's trouble is the source's.
    fn all_fail(&self) -> bool {
        self.feeds.iter().all(|f| f.due.is_none() || f.trouble.is_some())
    }

    fn cursor(&self) -> String {
        seen::write(self.feeds.iter().map(|f| (f.name.as_str(), &f.seen)))
    }
}

/// The key under which a feed's new address is kept.
fn moved(name: &str) -> String {
    format!("moved.{name}")
}

impl Poll for Follow {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let now = Instant::now();
        let next = self
            .feeds
            .iter()
            .enumerate()
            .filter_map(|(i, f)| Some((f.due?, i)))
            .min();
        let Some((_, at)) = next.filter(|(due, _)| *due <= now) else {
            return Ok(Round {
                next: self.rest(context.pace),
                ..Round::default()
            });
        };
        let feed = &mut self.feeds[at];
        let mut delivery = Delivery::default();
        match fetch(&self.http, &feed.url, &feed.label, &feed.known).await {
            Ok(fetched) => {
                let wait = feed.wait(&fetched, self.poll);
                feed.settle(&fetched, context);
                feed.due = Some(Instant::now() + wait.mul_f64(context.pace));
                if let Some(found) = fetched.feed {
                    delivery = feed.news(&found, self.country.as_deref(), context);
                    delivery.cursor = Some(self.cursor());
                }
            }
            Err(trouble) => {
                let said = feed.fail(&trouble, context.pace);
                // The driver waits and tells, where nothing else works.
                if self.all_fail() && self.feeds[at].due.is_some() {
                    self.feeds[at].due = Some(Instant::now());
                    return Err(trouble);
                }
                delivery.refused.extend(said);
            }
        }
        Ok(Round {
            delivery,
            next: self.rest(context.pace),
        })
    }
}

impl One {
    /// How long to leave it alone: what we, the server and the feed ask for, whichever is longest.
    fn wait(&self, fetched: &Fetched, poll: Duration) -> Duration {
        let ttl = fetched
            .feed
            .as_ref()
            .and_then(|f| f.ttl)
            .map(|m| Duration::from_secs(m.saturating_mul(60)));
        let mut wait = poll
            .max(fetched.fresh.unwrap_or_default())
            .max(ttl.unwrap_or_default())
            .min(LONGEST.max(poll));
        let skipped = fetched.feed.as_ref().map_or(&[][..], |f| &f.skip_hours);
        let hour = |wait: Duration| {
            (now_ms() / 1000 + wait.as_secs() as i64)
                .div_euclid(3600)
                .rem_euclid(24) as u8
        };
        for _ in 0..24 {
            if !skipped.contains(&hour(wait)) {
                break;
            }
            wait += Duration::from_secs(3600);
        }
        wait
    }

    fn settle(&mut self, fetched: &Fetched, context: &Context) {
        self.trouble = None;
        self.known = fetched.known.clone();
        if let Some(url) = &fetched.moved {
            self.url.clone_from(url);
            if let Err(e) = context.keep.put(&moved(&self.name), url) {
                tracing::warn!("{CONNECTOR}: the new address of {}: {e}", self.label);
            }
        }
    }

    /// Waits longer each time; what is told is told once.
    fn fail(&mut self, trouble: &Trouble, pace: f64) -> Option<Refused> {
        let before = self.trouble.as_ref().map(|(kind, _)| *kind);
        if before != Some(trouble.kind) {
            let (least, most) = default_backoff(trouble);
            self.trouble = Some((
                trouble.kind,
                Backoff::new(least, most.min(LONGEST), now_ms().unsigned_abs()),
            ));
        }
        let gone = trouble.kind == TroubleKind::Missing && trouble.message.contains("410 Gone");
        self.due = match &mut self.trouble {
            Some((_, backoff)) if !gone => {
                let wait = backoff.next_wait_at_least(trouble.retry_after).min(LONGEST);
                Some(Instant::now() + wait.mul_f64(pace))
            }
            _ => None,
        };
        (before != Some(trouble.kind)).then(|| Refused::new(trouble.kind.code(), "", trouble.message.clone()))
    }

    /// What is new or changed, oldest first.
    fn news(&mut self, feed: &Feed, country: Option<&str>, context: &Context) -> Delivery {
        let first = self.seen.is_empty();
        let now = now_ms();
        let mut delivery = Delivery::default();
        let mut known = false;
        let posts = map::posts(feed);
        let shown = posts.len();
        for mut post in posts.into_iter().rev().filter(|p| !says_nothing(p)) {
            match self.seen.note(&post) {
                Is::Known => {
                    known = true;
                    continue;
                }
                Is::Changed => {
                    known = true;
                    post.event = Event::Edit;
                }
                Is::New => {}
            }
            post.site_country = country.map(str::to_owned);
            let created = post.created_at.as_deref().and_then(crate::time::millis);
            let lag = created
                .filter(|_| !first && post.event == Event::Create)
                .map(|c| now - c);
            context.health.arrived(now, lag);
            delivery.events.push(SourceEvent::Post(Box::new(post)));
        }
        self.seen.trim(shown);
        if feed.cut {
            delivery.refused.push(Refused::new(
                "malformed",
                "",
                format!("{}: broken, read as far as it goes", self.label),
            ));
        }
        // Not one entry of those before: some may have come and gone in between.
        if let (Some(from), false, false) = (self.read_at, known, delivery.events.is_empty()) {
            context.health.gap(Gap {
                from,
                until: now,
                reason: format!("{} shows nothing of what it showed before", self.label),
                repaired: false,
            });
        }
        self.read_at = Some(now);
        delivery
    }
}

/// An entry without words and pictures.
pub(super) fn says_nothing(post: &RawPost) -> bool {
    post.text.is_empty() && post.title.is_none() && post.media.is_empty()
}
