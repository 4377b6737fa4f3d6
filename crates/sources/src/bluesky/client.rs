//! Following the stream: connect, read, deliver, and again from the cursor when the connection is lost.

use super::Collection;
use super::config::Config;
use super::frame::{self, Item};
use crate::backoff::{Backoff, retry_after};
use crate::error::{Refused, SourceError};
use crate::health::State;
use crate::source::{Context, Delivery, RunFuture, Source, Task};
use futures_util::{SinkExt, StreamExt};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// A batch goes forward when it holds this many events …
const BATCH: usize = 200;
/// … or when its first one has waited this long.
const BATCH_WAIT: Duration = Duration::from_millis(200);
/// Resuming goes back this far: servers differ a little in the times they give a frame.
const REWIND_US: u64 = 5_000_000;
/// A longer frame is refused.
const MAX_FRAME: usize = 1_000_000;
/// A longer frame is not even read: the connection is given up.
const MAX_MESSAGE: usize = 16 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
const MIN_WAIT: Duration = Duration::from_millis(250);
const MAX_WAIT: Duration = Duration::from_secs(30);
/// A connection that lasted this long was good: the next wait starts small again.
const GOOD_AFTER: Duration = Duration::from_secs(5);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The Bluesky source.
pub struct Bluesky {
    config: Config,
}

impl Bluesky {
    /// A source that follows the stream as configured.
    pub fn new(config: Config) -> Self {
        Self { config }
    }
}

impl Source for Bluesky {
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture {
        if task != Task::Follow {
            return Box::pin(async { Err(SourceError::Unable("do more than follow")) });
        }
        Box::pin(Follower::new(self.config, context).run())
    }
}

/// Why a connection ended.
enum End {
    Stopped,
    Lost(Trouble),
}

/// What went wrong, in words, and what to do about it.
struct Trouble {
    message: String,
    /// The server asked to stay away this long.
    asked: Option<Duration>,
    /// A frame at the cursor cannot be read: resuming there would end the same way.
    poison: bool,
}

impl Trouble {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            asked: None,
            poison: false,
        }
    }
}

struct Follower {
    config: Config,
    context: Context,
    /// The latest time seen, µs since 1970.
    position: Option<u64>,
    batch: Delivery,
    flush_at: Option<Instant>,
}

impl Follower {
    fn new(config: Config, context: Context) -> Self {
        let position = context.cursor.as_deref().and_then(|c| c.parse().ok());
        if let (Some(cursor), None) = (&context.cursor, position) {
            tracing::warn!(cursor, "bluesky: the stored cursor is no number, starting now");
        }
        Self {
            config,
            context,
            position,
            batch: Delivery::default(),
            flush_at: None,
        }
    }

    async fn run(mut self) -> Result<(), SourceError> {
        let mut backoff = Backoff::new(MIN_WAIT, MAX_WAIT, now_ms().unsigned_abs());
        let addresses = self.config.addresses();
        let mut poisoned_at = None;
        for address in addresses.iter().cycle() {
            self.context.health.set_state(State::Connecting);
            let started = Instant::now();
            let trouble = match self.connection(address).await? {
                End::Stopped => break,
                End::Lost(trouble) => trouble,
            };
            if trouble.poison {
                if poisoned_at == Some(self.position) {
                    tracing::warn!("bluesky: skipping an unreadable stretch of the stream, going on live");
                    self.position = None;
                }
                poisoned_at = Some(self.position);
            }
            if started.elapsed() >= GOOD_AFTER {
                backoff.reset();
            }
            let wait = backoff.next_wait_at_least(trouble.asked);
            self.context.health.waiting(
                format!("{address}: {}", trouble.message),
                now_ms() + wait.as_millis() as i64,
            );
            tracing::warn!(
                address,
                wait_ms = wait.as_millis() as u64,
                "bluesky: {}",
                trouble.message
            );
            tokio::select! {
                () = sleep(wait) => {}
                () = self.context.stopped() => break,
            }
        }
        self.context.health.set_state(State::Done);
        Ok(())
    }

    /// One connection, from its making to its end.
    async fn connection(&mut self, address: &str) -> Result<End, SourceError> {
        let url = format!(
            "{address}?{}",
            self.config
                .query(self.position.map(|p| p.saturating_sub(REWIND_US)))
        );
        let connected = tokio::select! {
            connected = connect(&url) => connected,
            () = self.context.stopped() => return Ok(End::Stopped),
        };
        let mut socket = match connected {
            Ok(socket) => socket,
            Err(trouble) => return Ok(End::Lost(trouble)),
        };
        self.context.health.connected();
        let end = self.read(&mut socket).await?;
        // What was read before the end still counts.
        let delivered = self.flush().await?;
        if matches!(end, End::Stopped) || !delivered {
            // Politeness only: the server may be gone.
            let _ = timeout(Duration::from_secs(1), socket.close(None)).await;
            return Ok(End::Stopped);
        }
        Ok(end)
    }

    async fn read(&mut self, socket: &mut Socket) -> Result<End, SourceError> {
        let idle = Duration::from_secs_f64(self.config.idle_seconds);
        let mut probed = false;
        let mut silent_at = Instant::now() + idle;
        loop {
            let flush_at = self.flush_at;
            tokio::select! {
                biased;
                () = self.context.stopped() => return Ok(End::Stopped),
                () = sleep_until(flush_at.unwrap_or(silent_at)), if flush_at.is_some() => {
                    if !self.flush().await? {
                        return Ok(End::Stopped);
                    }
                    // Waiting for the app is not the server's silence.
                    silent_at = Instant::now() + idle;
                }
                message = socket.next() => {
                    if let Some(trouble) = self.message(message) {
                        return Ok(End::Lost(trouble));
                    }
                    if self.batch.events.len() + self.batch.refused.len() >= BATCH && !self.flush().await? {
                        return Ok(End::Stopped);
                    }
                    probed = false;
                    silent_at = Instant::now() + idle;
                }
                () = sleep_until(silent_at) => {
                    if probed || socket.send(Message::Ping(Default::default())).await.is_err() {
                        return Ok(End::Lost(Trouble::new("the connection fell silent")));
                    }
                    probed = true;
                    silent_at = Instant::now() + idle / 2;
                }
            }
        }
    }

    /// Takes in one message; returns what ends the connection.
    fn message(&mut self, message: Option<Result<Message, WsError>>) -> Option<Trouble> {
        match message {
            None | Some(Ok(Message::Close(None))) => Some(Trouble::new("the server closed the connection")),
            Some(Ok(Message::Close(Some(frame)))) => Some(Trouble::new(format!(
                "the server closed the connection: {} {}",
                frame.code, frame.reason
            ))),
            Some(Ok(Message::Text(text))) if text.len() > MAX_FRAME => {
                let message = format!("a frame of {} bytes, more than {MAX_FRAME}", text.len());
                self.refuse(Refused::new("too_long", "frame", message));
                None
            }
            Some(Ok(Message::Text(text))) => {
                self.frame(&text);
                None
            }
            Some(Ok(Message::Binary(_))) => {
                self.refuse(Refused::new(
                    "binary",
                    "frame",
                    "a binary frame, where JSON text was asked for",
                ));
                None
            }
            Some(Ok(_)) => None,
            Some(Err(e)) => {
                let poison = matches!(e, WsError::Capacity(_) | WsError::Utf8(_));
                if poison {
                    self.refuse(Refused::new("unreadable", "frame", e.to_string()));
                }
                Some(Trouble {
                    poison,
                    ..Trouble::new(e.to_string())
                })
            }
        }
    }

    fn frame(&mut self, text: &str) {
        let decoded = match frame::decode(text) {
            Ok(decoded) => decoded,
            Err(refused) => return self.refuse(refused),
        };
        let now = now_ms();
        self.position = self.position.max(decoded.time_us);
        let lag = decoded
            .time_us
            .and_then(|t| i64::try_from(t / 1000).ok())
            .map(|t| now - t);
        self.context.health.arrived(now, lag);
        let wanted = match &decoded.item {
            Item::Post(collection, _) => self.wants(*collection),
            Item::AuthorGone(_) => true,
            Item::Ignored => false,
        };
        match decoded.item.into_event().filter(|_| wanted) {
            Some(event) => {
                self.batch.events.push(event);
                self.arm();
            }
            None => self.context.health.ignored(),
        }
    }

    fn wants(&self, collection: Collection) -> bool {
        self.config
            .wanted_collections
            .iter()
            .any(|c| c == collection.nsid())
    }

    fn refuse(&mut self, refused: Refused) {
        self.context.health.refused(refused.code);
        self.batch.refused.push(refused);
        self.arm();
    }

    fn arm(&mut self) {
        self.flush_at.get_or_insert_with(|| Instant::now() + BATCH_WAIT);
    }

    /// Sends the batch forward; `false` means stop.
    async fn flush(&mut self) -> Result<bool, SourceError> {
        if self.flush_at.take().is_none() {
            return Ok(true);
        }
        let mut batch = std::mem::take(&mut self.batch);
        batch.cursor = self.position.map(|p| p.to_string());
        self.context.deliver(batch).await
    }
}

async fn connect(url: &str) -> Result<Socket, Trouble> {
    if url.starts_with("wss:") {
        // Fails where a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let limits = WebSocketConfig::default()
        .max_message_size(Some(MAX_MESSAGE))
        .max_frame_size(Some(MAX_MESSAGE));
    match timeout(
        CONNECT_TIMEOUT,
        connect_async_with_config(url, Some(limits), true),
    )
    .await
    {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(WsError::Http(response))) => {
            let asked = response
                .headers()
                .get("retry-after")
                .and_then(|v| retry_after(v.to_str().ok()?));
            Err(Trouble {
                asked,
                ..Trouble::new(format!("the server answered {}", response.status()))
            })
        }
        Ok(Err(e)) => Err(Trouble::new(format!("cannot connect: {e}"))),
        Err(_) => Err(Trouble::new(format!(
            "cannot connect: no answer in {} s",
            CONNECT_TIMEOUT.as_secs()
        ))),
    }
}

fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}
