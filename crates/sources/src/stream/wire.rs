//! What streams come over: WebSockets, lines of an HTTP answer, Server-Sent Events.

use crate::backoff::retry_after;
use crate::http::{Body, Trouble, TroubleKind};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// A longer frame is told as [`Frame::TooLong`].
const MAX_FRAME: usize = 1_000_000;
/// A longer frame is not even read: the connection is given up.
const MAX_MESSAGE: usize = 16 << 20;
const CONNECT: Duration = Duration::from_secs(15);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// One thing that came over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text frame, or a line.
    Text(String),
    /// An event of Server-Sent Events: its name (`message` where it has none) and its data.
    Event(String, String),
    /// A binary frame.
    Binary(Vec<u8>),
    /// A frame of so many bytes, more than a megabyte.
    TooLong(usize),
    /// A sign of life: a blank line, a comment, a pong.
    KeepAlive,
}

/// An open stream.
pub enum Wire {
    /// A WebSocket.
    Socket(Box<Socket>),
    /// An HTTP answer of lines.
    Lines(Box<Body>, Splitter),
    /// An HTTP answer of Server-Sent Events.
    Events(Box<Body>, Splitter, Pending),
}

/// Cuts bytes into lines, of a bounded length.
#[derive(Debug, Default)]
pub struct Splitter {
    rest: Vec<u8>,
    /// How far `rest` is known to hold no line's end.
    searched: usize,
    /// Bytes of a line too long to be kept.
    dropped: usize,
}

/// An event of which not all lines are here.
#[derive(Debug, Default)]
pub struct Pending {
    name: String,
    data: String,
    too_long: usize,
}

impl Wire {
    /// Opens a WebSocket with these headers; values that HTTP cannot carry are left out.
    pub async fn socket(url: &str, headers: &[(&'static str, String)]) -> Result<Self, Trouble> {
        if url.starts_with("wss:") {
            // Fails where a provider is installed already, which serves as well.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
        let mut request = url
            .into_client_request()
            .map_err(|e| Trouble::new(TroubleKind::Rejected, format!("not a WebSocket address: {e}")))?;
        for (name, value) in headers {
            if let Ok(mut value) = HeaderValue::from_str(value) {
                value.set_sensitive(true);
                request.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        let limits = WebSocketConfig::default()
            .max_message_size(Some(MAX_MESSAGE))
            .max_frame_size(Some(MAX_MESSAGE));
        match timeout(CONNECT, connect_async_with_config(request, Some(limits), true)).await {
            Ok(Ok((socket, _))) => Ok(Wire::Socket(Box::new(socket))),
            Ok(Err(WsError::Http(response))) => {
                let asked = response.headers().get("retry-after");
                let asked = asked.and_then(|v| retry_after(v.to_str().ok()?));
                let status = response.status();
                let kind = match status.as_u16() {
                    401 => TroubleKind::Unauthorized,
                    403 => TroubleKind::Forbidden,
                    429 => TroubleKind::Limited,
                    400 => TroubleKind::Rejected,
                    _ => TroubleKind::Server,
                };
                Err(Trouble::new(kind, format!("the server answered {status}")).after(asked))
            }
            Ok(Err(e)) => Err(Trouble::new(TroubleKind::Network, format!("cannot connect: {e}"))),
            Err(_) => Err(Trouble::new(
                TroubleKind::Network,
                format!("cannot connect: no answer in {} s", CONNECT.as_secs()),
            )),
        }
    }

    /// An answer of lines.
    pub fn lines(body: Body) -> Self {
        Wire::Lines(Box::new(body), Splitter::default())
    }

    /// An answer of Server-Sent Events.
    pub fn events(body: Body) -> Self {
        Wire::Events(Box::new(body), Splitter::default(), Pending::default())
    }

    /// Says something over a WebSocket; nothing over the others.
    pub async fn say(&mut self, text: String) -> Result<(), Trouble> {
        match self {
            Wire::Socket(socket) => socket
                .send(Message::text(text))
                .await
                .map_err(|e| Trouble::new(TroubleKind::Network, e.to_string())),
            Wire::Lines(..) | Wire::Events(..) => Ok(()),
        }
    }

    /// The next frame. The end of the stream is trouble. Nothing is lost when this is dropped while it waits.
    pub async fn next(&mut self) -> Result<Frame, Trouble> {
        match self {
            Wire::Socket(socket) => frame(socket.next().await),
            Wire::Lines(body, splitter) => loop {
                match splitter.line() {
                    Some(Ok(line)) if line.trim().is_empty() => return Ok(Frame::KeepAlive),
                    Some(Ok(line)) => return Ok(Frame::Text(line)),
                    Some(Err(bytes)) => return Ok(Frame::TooLong(bytes)),
                    None => splitter.push(&more(body).await?),
                }
            },
            Wire::Events(body, splitter, pending) => loop {
                match splitter.line() {
                    Some(line) => {
                        if let Some(frame) = pending.line(line) {
                            return Ok(frame);
                        }
                    }
                    None => splitter.push(&more(body).await?),
                }
            },
        }
    }

    /// Asks a silent peer for a sign of life; `false` where it cannot be asked.
    pub(super) async fn probe(&mut self) -> bool {
        match self {
            Wire::Socket(socket) => socket.send(Message::Ping(Default::default())).await.is_ok(),
            Wire::Lines(..) | Wire::Events(..) => false,
        }
    }

    pub(super) async fn close(&mut self) {
        if let Wire::Socket(socket) = self {
            // Politeness only: the server may be gone.
            let _ = timeout(Duration::from_secs(1), SinkExt::close(socket.as_mut())).await;
        }
    }
}

async fn more(body: &mut Body) -> Result<Vec<u8>, Trouble> {
    body.chunk()
        .await?
        .ok_or_else(|| Trouble::new(TroubleKind::Network, "the server ended the stream"))
}

fn frame(message: Option<Result<Message, WsError>>) -> Result<Frame, Trouble> {
    let closed = |what: String| Err(Trouble::new(TroubleKind::Network, what));
    match message {
        None | Some(Ok(Message::Close(None))) => closed("the server closed the connection".to_owned()),
        Some(Ok(Message::Close(Some(f)))) => closed(format!(
            "the server closed the connection: {} {}",
            f.code, f.reason
        )),
        Some(Ok(Message::Text(text))) if text.len() > MAX_FRAME => Ok(Frame::TooLong(text.len())),
        Some(Ok(Message::Text(text))) => Ok(Frame::Text(text.to_string())),
        Some(Ok(Message::Binary(bytes))) if bytes.len() > MAX_FRAME => Ok(Frame::TooLong(bytes.len())),
        Some(Ok(Message::Binary(bytes))) => Ok(Frame::Binary(bytes.to_vec())),
        Some(Ok(_)) => Ok(Frame::KeepAlive),
        Some(Err(e @ (WsError::Capacity(_) | WsError::Utf8(_)))) => {
            Err(Trouble::new(TroubleKind::Malformed, e.to_string()))
        }
        Some(Err(e)) => closed(e.to_string()),
    }
}

impl Splitter {
    /// Takes in bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
    }

    /// The next whole line without its end; `Err` with its length for one that was too long.
    pub fn line(&mut self) -> Option<Result<String, usize>> {
        let found = self.rest[self.searched..].iter().position(|b| *b == b'\n');
        let Some(end) = found.map(|at| at + self.searched) else {
            self.searched = self.rest.len();
            if self.rest.len() > MAX_FRAME {
                self.dropped += self.rest.len();
                self.rest.clear();
                self.searched = 0;
            }
            return None;
        };
        let line: Vec<u8> = self.rest.drain(..=end).collect();
        self.searched = 0;
        let dropped = std::mem::take(&mut self.dropped);
        if dropped + line.len() > MAX_FRAME {
            return Some(Err(dropped + line.len()));
        }
        let text = String::from_utf8_lossy(&line);
        Some(Ok(text.trim_end_matches(['\n', '\r']).to_owned()))
    }
}

impl Pending {
    /// Takes in a line; gives a frame at the end of an event, or for a comment (WHATWG HTML, Server-sent events).
    fn line(&mut self, line: Result<String, usize>) -> Option<Frame> {
        let line = match line {
            Ok(line) => line,
            Err(bytes) => {
                self.too_long += bytes;
                return None;
            }
        };
        if line.is_empty() {
            let event = std::mem::take(self);
            return Some(match event {
                Pending { too_long: 1.., .. } => Frame::TooLong(event.too_long),
                Pending { data, .. } if data.is_empty() => Frame::KeepAlive,
                Pending { name, data, .. } if name.is_empty() => Frame::Event("message".to_owned(), data),
                Pending { name, data, .. } => Frame::Event(name, data),
            });
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" => return Some(Frame::KeepAlive),
            "event" => value.clone_into(&mut self.name),
            "data" if self.data.len() + value.len() > MAX_FRAME => self.too_long += value.len(),
            "data" => {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(value);
            }
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Vec<Frame> {
        let (mut splitter, mut pending) = (Splitter::default(), Pending::default());
        let mut out = Vec::new();
        // Byte by byte: the worst cut there is.
        for byte in text.bytes() {
            splitter.push(&[byte]);
            while let Some(line) = splitter.line() {
                out.extend(pending.line(line));
            }
        }
        out
    }

    #[test]
    fn events_are_put_together_from_lines() {
        let event = |name: &str, data: &str| Frame::Event(name.to_owned(), data.to_owned());
        let text = ":thump\r\nevent: update\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\nevent:delete\ndata:7\nid: 3\n\n\ndata: x\n\n";
        let all = events(text);
        assert_eq!(
            all,
            [
                Frame::KeepAlive,
                event("update", "{\"a\":\n1}"),
                event("delete", "7"),
                Frame::KeepAlive,
                event("message", "x"),
            ]
        );
    }

    #[test]
    fn a_line_too_long_is_told_and_the_next_one_read() {
        let mut splitter = Splitter::default();
        for _ in 0..30 {
            splitter.push(&vec![b'x'; 100_000]);
            assert_eq!(splitter.line(), None);
            assert!(splitter.rest.len() <= MAX_FRAME + 100_000);
        }
        splitter.push(b"\nnext\n");
        assert_eq!(splitter.line(), Some(Err(3_000_001)));
        assert_eq!(splitter.line(), Some(Ok("next".to_owned())));
    }
}
