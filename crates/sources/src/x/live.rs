//! Following the filtered stream, or with Enterprise access a compliance stream.

use super::api::{Api, seconds, with_fields};
use super::config::Which;
use super::fields::time_of;
use super::frame::{self, Item};
use super::search::{Queries, Search, indexed, reach};
use super::sync::Rules;
use super::{PLATFORM, compliance};
use crate::budget::Budget;
use crate::error::Refused;
use crate::http::{Request, Trouble, TroubleKind};
use crate::poll::now_ms;
use crate::source::{Context, Delivery, SourceEvent};
use crate::stream::{Batch, Change, ENDED, Frame, Repair, Stream, Wire};
use post::{Event, RawPost};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// Posts paid for ahead.
const AHEAD: u64 = 100;
/// Without rules there is nothing to listen to: so long until they are looked at again.
const NO_RULES: Duration = Duration::from_secs(300);
/// Posts come out of order: a repair begins so much earlier (milliseconds).
const OVERLAP: i64 = 10_000;
/// The stream itself repeats so many minutes.
const BACKFILL: i64 = 5;
/// … and what is older, back to here, over a connection of its own (milliseconds).
const RECOVERY: i64 = 24 * 3_600_000;
/// Events of one delivery of a repair.
const TOGETHER: usize = 200;

/// The stream. Its cursor is the platform's time of the newest thing seen, milliseconds since 1970.
pub(super) struct Live {
    api: Api,
    rules: Rules,
    paid: Paid,
    newest: Option<i64>,
    /// When the connection that stands, or stood last, was heard of last.
    heard: Option<i64>,
    /// What is being repaired, and how.
    repair: Option<(i64, i64, How)>,
}

enum How {
    /// The platform does not find posts that are so new.
    Waiting,
    Search(Search, bool),
    Recovery(Box<Wire>),
}

/// Posts paid for and not read yet. What is left goes back.
struct Paid {
    budget: Arc<Budget>,
    left: u64,
}

impl Paid {
    /// Pays ahead where nothing is left: as many as the budget gives, or trouble.
    fn ahead(&mut self) -> Result<(), Trouble> {
        if self.left == 0 {
            let posts = AHEAD.min(self.budget.posts_left().max(1));
            self.budget.take_posts(posts)?;
            self.left = posts;
        }
        Ok(())
    }

    /// One was read.
    fn read(&mut self) -> Result<(), Trouble> {
        self.left = self.left.saturating_sub(1);
        self.ahead()
    }
}

impl Drop for Paid {
    fn drop(&mut self) {
        if self.left > 0 {
            self.budget.give_back_posts(self.left);
        }
    }
}

impl Live {
    pub(super) fn new(api: Api, context: &Context) -> Self {
        let newest = context.cursor.as_deref().and_then(|c| c.parse().ok());
        if newest.is_none() && context.cursor.is_some() {
            tracing::warn!("{PLATFORM}: the stored cursor is none, starting now");
        }
        Self {
            api,
            rules: Rules::default(),
            paid: Paid {
                budget: context.budget.clone(),
                left: 0,
            },
            newest,
            heard: newest,
            repair: None,
        }
    }

    fn costs(&self) -> bool {
        self.api.config.stream == Which::Search
    }

    fn request(&self) -> Request {
        let config = &self.api.config;
        match config.stream {
            Which::Search => with_fields(self.api.get("/2/tweets/search/stream")),
            Which::TweetsCompliance => self
                .api
                .get("/2/tweets/compliance/stream")
                .query("partition", config.partition.to_string()),
            Which::UsersCompliance => self
                .api
                .get("/2/users/compliance/stream")
                .query("partition", config.partition.to_string()),
        }
    }

    /// Whether the stream may be asked for what was missed: compliance streams come with that right.
    fn repeats(&self) -> bool {
        self.api.config.enterprise || !self.costs()
    }

    /// Minutes that the stream itself is to repeat.
    fn backfill(&self) -> Option<String> {
        let gap = now_ms() - self.heard?;
        let minutes = gap.div_euclid(60_000) + 1;
        (self.repeats() && (1..=BACKFILL).contains(&minutes)).then(|| minutes.to_string())
    }

    fn read(&self, text: &str) -> Result<Item, Refused> {
        let ours = &self.api.config.withheld_in;
        match self.api.config.stream {
            Which::Search => frame::decode(text, ours),
            Which::TweetsCompliance | Which::UsersCompliance => compliance::decode(text, ours),
        }
    }

    fn note(&mut self, at: Option<i64>, now: i64) {
        // A time of tomorrow is none.
        if let Some(at) = at.filter(|at| *at < now + 86_400_000) {
            self.newest = self.newest.max(Some(at));
        }
    }

    fn begin(&self, from: i64, until: i64, context: &Context) -> How {
        let wanted = context.wanted.borrow().clone();
        let made = Queries::new(&wanted, self.api.config.query_chars());
        let whole = made.left_out == 0 && from >= reach(&self.api);
        let from = (from - OVERLAP).max(reach(&self.api));
        How::Search(Search::new(made.queries, from, until), whole)
    }

    async fn recovery(&self, from: i64, until: i64) -> Result<How, Trouble> {
        let request = self
            .request()
            .query("start_time", seconds(from))
            .query("end_time", seconds(until + 999));
        let body = self.api.stream.open(request).await?;
        Ok(How::Recovery(Box::new(Wire::lines(body))))
    }

    /// What comes over a connection that repeats a time and then ends.
    async fn recovered(&mut self, wire: &mut Wire) -> Result<Repair, Trouble> {
        let silence = Duration::from_secs_f64(self.api.config.silence_seconds);
        let mut delivery = Delivery::default();
        while delivery.events.len() + delivery.refused.len() < TOGETHER {
            if self.costs()
                && let Err(trouble) = self.paid.ahead()
            {
                // What was read goes forward first.
                let is_empty = delivery.events.is_empty() && delivery.refused.is_empty();
                return if is_empty {
                    Err(trouble)
                } else {
                    Ok(Repair::More(delivery))
                };
            }
            let Ok(frame) = timeout(silence, wire.next()).await else {
                return Err(Trouble::new(TroubleKind::Network, "the recovery fell silent"));
            };
            let text = match frame {
                Ok(Frame::Text(text)) => text,
                Ok(_) => continue,
                // The platform ends it when all has been repeated.
                Err(trouble) if trouble.message == ENDED => return Ok(Repair::Done(delivery)),
                Err(trouble) => return Err(trouble),
            };
            match self.read(&text) {
                Ok(Item::Post(post)) => delivery.events.push(SourceEvent::Post(post)),
                Ok(Item::AuthorGone(id)) => delivery.events.push(author_gone(id)),
                Ok(Item::End(trouble)) => return Err(trouble),
                Ok(Item::Ignored) => continue,
                Err(refused) => delivery.refused.push(refused),
            }
            self.paid.left = self.paid.left.saturating_sub(1);
        }
        Ok(Repair::More(delivery))
    }
}

impl Stream for Live {
    async fn open(&mut self, context: &mut Context) -> Result<Wire, Trouble> {
        if self.costs() {
            context.wanted.mark_unchanged();
            while self.rules.sync(&self.api, context).await?.ours == 0 {
                if !context.wait_or_change(NO_RULES).await {
                    return Err(Trouble::new(TroubleKind::Network, "told to stop"));
                }
                context.wanted.mark_unchanged();
            }
            self.paid.ahead()?;
        }
        let request = self.request().query_if("backfill_minutes", self.backfill());
        let body = self.api.stream.open(request).await?;
        Ok(Wire::lines(body))
    }

    async fn changed(&mut self, context: &mut Context) -> Result<Change, Trouble> {
        if !self.costs() {
            return Ok(Change::Told);
        }
        let standing = self.rules.sync(&self.api, context).await?;
        // With nothing left to ask for, rules of others would still cost.
        Ok(if standing.ours > 0 {
            Change::Told
        } else {
            Change::Reopen
        })
    }

    fn take(&mut self, frame: Frame, batch: &mut Batch<'_>) -> Result<(), Trouble> {
        let now = now_ms();
        self.heard = Some(now);
        let text = match frame {
            Frame::Text(text) => text,
            Frame::TooLong(bytes) => {
                batch.refuse(Refused::new(
                    "too_long",
                    "frame",
                    format!("a message of {bytes} bytes"),
                ));
                return if self.costs() { self.paid.read() } else { Ok(()) };
            }
            Frame::KeepAlive | Frame::Binary(_) | Frame::Event(..) => return Ok(()),
        };
        match self.read(&text) {
            Ok(Item::Post(post)) => {
                let at = published(&post);
                self.note(at.or(Some(now)), now);
                batch.event(SourceEvent::Post(post), at);
            }
            Ok(Item::AuthorGone(id)) => {
                self.note(Some(now), now);
                batch.event(author_gone(id), None);
            }
            Ok(Item::End(trouble)) => return Err(trouble),
            Ok(Item::Ignored) => {
                batch.ignored(None);
                return Ok(());
            }
            Err(refused) => batch.refuse(refused),
        }
        // What cannot be read was paid for as well.
        if self.costs() { self.paid.read() } else { Ok(()) }
    }

    fn cursor(&self) -> Option<String> {
        self.newest.map(|at| at.to_string())
    }

    fn idle(&self) -> Duration {
        Duration::from_secs_f64(self.api.config.silence_seconds)
    }

    fn schedule(&self, trouble: &Trouble, failures: u32) -> Option<Duration> {
        schedule(trouble.kind, failures)
    }

    fn missing_since(&self) -> Option<i64> {
        self.newest
    }

    async fn repair(&mut self, from: i64, until: i64, context: &mut Context) -> Result<Repair, Trouble> {
        let how = match self.repair.take() {
            Some((f, u, How::Waiting)) if (f, u) == (from, until) => self.begin(from, until, context),
            Some((f, u, how)) if (f, u) == (from, until) => how,
            _ if self.repeats() && until - from <= (BACKFILL - 1) * 60_000 => return Ok(Repair::NotNeeded),
            _ if self.repeats() && now_ms() - from < RECOVERY => self.recovery(from - OVERLAP, until).await?,
            _ if !self.costs() => return Ok(Repair::Impossible("older than the stream repeats")),
            _ if until > indexed() => How::Waiting,
            _ => self.begin(from, until, context),
        };
        match how {
            How::Waiting => {
                self.repair = Some((from, until, How::Waiting));
                let wait = Duration::from_millis((until - indexed()).max(0).unsigned_abs());
                let message = "the search does not find posts of this minute yet";
                Err(Trouble::new(TroubleKind::Missing, message).after(wait))
            }
            How::Search(mut search, whole) => {
                let page = search.page(&self.api, &context.budget).await;
                let page = match page {
                    Ok(None) if whole => return Ok(Repair::Done(Delivery::default())),
                    Ok(None) => return Ok(Repair::Impossible("the search does not reach all of it")),
                    other => other,
                };
                self.repair = Some((from, until, How::Search(search, whole)));
                Ok(Repair::More(page?.unwrap_or_default()))
            }
            How::Recovery(mut wire) => {
                let repaired = self.recovered(&mut wire).await?;
                if matches!(repaired, Repair::More(_)) {
                    self.repair = Some((from, until, How::Recovery(wire)));
                }
                Ok(repaired)
            }
        }
    }
}

fn author_gone(author_id: String) -> SourceEvent {
    SourceEvent::AuthorGone {
        platform: PLATFORM,
        author_id,
    }
}

/// When a post was published, or this version of it.
fn published(post: &RawPost) -> Option<i64> {
    match post.event {
        Event::Create => time_of(post.uid.as_deref()?.strip_prefix(PLATFORM)?.strip_prefix(':')?),
        Event::Edit => crate::time::millis(post.edited_at.as_deref()?),
        _ => None,
    }
}

/// The waits that X asks for: network trouble 250 ms more each time up to 16 s, refusals 5 s doubling up to 320 s, 429
/// a minute doubling (docs.x.com, "Handling disconnections").
fn schedule(kind: TroubleKind, failures: u32) -> Option<Duration> {
    let doubled = |first: u64, most: u64| {
        let factor = 1u64 << (failures.max(1) - 1).min(16);
        Duration::from_secs((first * factor).min(most))
    };
    match kind {
        TroubleKind::Network => Some(Duration::from_millis(250 * u64::from(failures.clamp(1, 64)))),
        TroubleKind::Limited => Some(doubled(60, 3600)),
        TroubleKind::Exhausted => None,
        _ => Some(doubled(5, 320)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_as_the_platform_asks() {
        let waits = |kind| -> Vec<u128> {
            [1, 2, 3, 7, 64, 100]
                .map(|n| schedule(kind, n).map_or(0, |w| w.as_millis()))
                .to_vec()
        };
        assert_eq!(waits(TroubleKind::Network), [250, 500, 750, 1750, 16_000, 16_000]);
        assert_eq!(
            waits(TroubleKind::Server),
            [5_000, 10_000, 20_000, 320_000, 320_000, 320_000]
        );
        assert_eq!(waits(TroubleKind::Limited)[..3], [60_000, 120_000, 240_000]);
        assert_eq!(
            schedule(TroubleKind::Exhausted, 1),
            None,
            "the budget's own period counts"
        );
    }
}
