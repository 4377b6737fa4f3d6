//! Following the stream (Jetstream), from where it was left.

use super::Collection;
use super::config::{Api, Config};
use super::frame::{self, Item};
use super::search::{Pager, Views};
use crate::error::{Refused, SourceError};
use crate::http::{Http, Trouble, TroubleKind};
use crate::poll::now_ms;
use crate::source::{Context, Delivery};
use crate::stream::{Batch, Frame, Repair, Stream, Wire};
use std::time::Duration;

/// Resuming goes back this far: servers differ a little in the times they give a frame.
const REWIND_US: u64 = 5_000_000;
/// The first frame of a whole stream comes this soon behind the time resumed from.
const SOON_US: u64 = 600_000_000;
/// What servers keep, in µs. Older times are silently moved up to it (v1).
const KEPT_US: u64 = 36 * 3_600_000_000;
/// How long a test waits for the first frame.
const FIRST_FRAME: Duration = Duration::from_secs(10);
/// How long to wait after failures, whatever they are.
const WAITS: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(30));

/// Where the stream was left. As text `<time>` (v1), `<time>;<number>;<address>` (v2).
#[derive(Debug, Clone, Default, PartialEq)]
struct Position {
    /// The latest time seen, µs since 1970.
    time_us: Option<u64>,
    /// The latest sequence number seen, which means something to this address only.
    seq: Option<(u64, String)>,
}

impl Position {
    fn read(cursor: &str) -> Option<Self> {
        let mut parts = cursor.splitn(3, ';');
        let time_us = Some(parts.next()?.parse().ok()?);
        let seq = match (parts.next(), parts.next()) {
            (Some(seq), Some(address)) => Some((seq.parse().ok()?, address.to_owned())),
            _ => None,
        };
        Some(Self { time_us, seq })
    }

    fn write(&self) -> Option<String> {
        let time = self.time_us?;
        Some(match &self.seq {
            Some((seq, address)) => format!("{time};{seq};{address}"),
            None => time.to_string(),
        })
    }
}

/// The stream of one or several servers.
pub(super) struct Jetstream {
    config: Config,
    views: Views,
    addresses: Vec<String>,
    /// Which of them is in use.
    turn: Option<usize>,
    /// Whether the present server sent anything.
    useful: bool,
    position: Position,
    /// The position at the last unreadable frame.
    poisoned_at: Option<Position>,
    /// The time that the next frame should follow closely, and why it would not.
    expected: Option<(u64, &'static str)>,
    gap: Option<(i64, i64, &'static str)>,
    repair: Option<Pager>,
}

const CLAMPED: &str = "the server keeps no more than about 36 hours";
const OUTDATED: &str = "the server no longer keeps what is older";
const SKIPPED: &str = "a stretch of the stream could not be read";

impl Jetstream {
    pub(super) fn new(config: Config, http: Http, context: &Context) -> Self {
        let position = context.cursor.as_deref().and_then(Position::read);
        if position.is_none() && context.cursor.is_some() {
            tracing::warn!("bluesky: the stored cursor is none, starting now");
        }
        Self {
            views: Views::new(&config, http, context),
            addresses: config.addresses(),
            config,
            turn: None,
            useful: false,
            position: position.unwrap_or_default(),
            poisoned_at: None,
            expected: None,
            gap: None,
            repair: None,
        }
    }

    fn address(&self) -> &str {
        let turn = self.turn.unwrap_or(0) % self.addresses.len().max(1);
        self.addresses.get(turn).map_or("", String::as_str)
    }

    /// The cursor to ask for; a time where the sequence number is another server's.
    fn resume(&mut self) -> Option<u64> {
        let own = self.position.seq.as_ref().filter(|(_, a)| a == self.address());
        if let (Api::V2, Some((seq, _))) = (self.config.api, own) {
            return Some(*seq);
        }
        let time = self.position.time_us?;
        self.expected.get_or_insert((time, CLAMPED));
        Some(time.saturating_sub(REWIND_US))
    }

    /// Looks whether the first frame follows what was resumed from. With few authors it may come late anyway.
    fn compare(&mut self, time_us: u64) {
        let Some((from, why)) = self.expected.take() else {
            return;
        };
        let old = || u64::try_from(now_ms()).is_ok_and(|now| now * 1000 > from + KEPT_US);
        let late = time_us > from + SOON_US && (self.config.wanted_dids.is_empty() || old());
        if late || (why != CLAMPED && time_us > from) {
            let ms = |us: u64| i64::try_from(us / 1000).unwrap_or(i64::MAX);
            self.gap = Some((ms(from), ms(time_us), why));
        }
    }

    fn wants(&self, collection: Collection) -> bool {
        self.config
            .wanted_collections
            .iter()
            .any(|c| c == collection.nsid())
    }

    fn text(&mut self, text: &str, batch: &mut Batch<'_>) -> Result<(), Trouble> {
        let decoded = match frame::decode(text) {
            Ok(decoded) => decoded,
            Err(refused) => {
                batch.refuse(refused);
                return Ok(());
            }
        };
        if let Some(time) = decoded.time_us {
            self.compare(time);
        }
        self.position.time_us = self.position.time_us.max(decoded.time_us);
        if let Some(seq) = decoded.seq {
            let address = self.address().to_owned();
            self.position.seq = Some((seq, address));
        }
        let at = decoded.time_us.and_then(|t| i64::try_from(t / 1000).ok());
        let wanted = match &decoded.item {
            Item::Post(collection, _) => self.wants(*collection),
            Item::AuthorGone(_) => true,
            Item::Ended(name) => {
                let message = format!("{}: the server ends the stream: {name}", self.address());
                return Err(Trouble::new(TroubleKind::Server, message));
            }
            Item::Outdated => {
                // The first event shows how far it was moved.
                if let Some((_, why)) = &mut self.expected {
                    *why = OUTDATED;
                }
                false
            }
            Item::Ignored => false,
        };
        match decoded.item.into_event().filter(|_| wanted) {
            Some(event) => batch.event(event, at),
            None => batch.ignored(at),
        }
        Ok(())
    }
}

impl Stream for Jetstream {
    async fn open(&mut self, _: &mut Context) -> Result<Wire, Trouble> {
        // Times are the same everywhere. Sequence numbers are not: a server that serves is kept.
        let stays = self.config.api == Api::V2 && self.useful;
        self.turn = Some(self.turn.map_or(0, |turn| if stays { turn } else { turn + 1 }));
        self.useful = false;
        let resume = self.resume();
        let url = format!("{}?{}", self.address(), self.config.query(resume));
        Wire::socket(&url, &[]).await.map_err(|mut trouble| {
            if trouble.message.contains("CursorTooOld") {
                self.position.seq = None;
            }
            trouble.message = format!("{}: {}", self.address(), trouble.message);
            trouble
        })
    }

    fn take(&mut self, frame: Frame, batch: &mut Batch<'_>) -> Result<(), Trouble> {
        self.useful = true;
        match frame {
            Frame::Text(text) => self.text(&text, batch)?,
            Frame::TooLong(bytes) => {
                let message = format!("a frame of {bytes} bytes");
                batch.refuse(Refused::new("too_long", "frame", message));
            }
            Frame::Binary(_) => {
                let message = "a binary frame, where JSON text was asked for";
                batch.refuse(Refused::new("binary", "frame", message));
            }
            Frame::Event(..) | Frame::KeepAlive => {}
        }
        Ok(())
    }

    fn cursor(&self) -> Option<String> {
        self.position.write()
    }

    fn idle(&self) -> Duration {
        Duration::from_secs_f64(self.config.idle_seconds)
    }

    fn backoff(&self, _: &Trouble) -> (Duration, Duration) {
        WAITS
    }

    fn gap(&mut self) -> Option<(i64, i64, &'static str)> {
        let gap = self.gap.take()?;
        self.repair = Some(Pager::new(gap.0, gap.1));
        Some(gap)
    }

    async fn repair(&mut self, _: i64, _: i64, context: &mut Context) -> Result<Repair, Trouble> {
        // A cut connection is resumed by the stream itself.
        let Some(pager) = &mut self.repair else {
            return Ok(Repair::NotNeeded);
        };
        if let Some(events) = pager.page(&self.views, context).await? {
            return Ok(Repair::More(Delivery {
                events,
                ..Delivery::default()
            }));
        }
        let partial = pager.partial;
        self.repair = None;
        Ok(match partial {
            true => Repair::Impossible("not all that was missed can be searched for"),
            false => Repair::Done(Delivery::default()),
        })
    }

    fn unreadable(&mut self) {
        if self.poisoned_at.as_ref() == Some(&self.position) {
            tracing::warn!("bluesky: skipping an unreadable stretch of the stream, going on live");
            self.expected = self.position.time_us.map(|t| (t, SKIPPED));
            self.position = Position::default();
        }
        self.poisoned_at = Some(self.position.clone());
    }
}

/// Opens the stream and says what it shows first.
pub(super) async fn test(config: &Config, context: &Context) -> Result<(), SourceError> {
    let mut reached = None;
    for address in config.addresses() {
        match Wire::socket(&format!("{address}?{}", config.query(None)), &[]).await {
            Ok(wire) => {
                reached = Some(wire);
                break;
            }
            Err(trouble) => context.report.say(format!("{address}: {trouble}")),
        }
    }
    let nobody = || Trouble::new(TroubleKind::Network, "no server of the stream answers");
    let mut wire = reached.ok_or_else(nobody)?;
    let patience = FIRST_FRAME.mul_f64(context.pace);
    context
        .report
        .say(match tokio::time::timeout(patience, wire.next()).await {
            Ok(Ok(Frame::Text(text))) if frame::decode(&text).is_ok() => "the stream flows",
            Ok(Ok(_)) => "the stream is open, but its first frame cannot be read",
            Ok(Err(_)) => "the stream opens and ends at once",
            Err(_) => "the stream is open, and nothing has come yet",
        });
    Ok(())
}
