//! A WebSocket server that plays a script, one connection after the other.

use futures_util::{SinkExt, StreamExt};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::accept_hdr_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};

/// What the server does on a connection.
#[derive(Clone)]
pub(crate) enum Act {
    /// Sends a text frame.
    Text(String),
    /// Sends a binary frame.
    Binary(Vec<u8>),
    /// Sends bytes below the WebSocket: frames that no library would make.
    Raw(Vec<u8>),
    /// Sends a ping and waits for the answer.
    Ping,
    /// Does nothing for a while.
    Pause(Duration),
    /// Answers the handshake with this instead, then closes.
    Refuse(&'static str),
    /// Cuts the connection without a word.
    Cut,
    /// Stays until the client goes, answering pings.
    Stay,
    /// Stays without reading or writing: the peer looks dead.
    PlayDead,
}

/// A running server and the request targets it was asked for.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) targets: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Plays one script a connection; the last one is repeated.
    pub(crate) async fn start(scripts: Vec<Vec<Act>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}", listener.local_addr().unwrap());
        let targets = Arc::new(Mutex::new(Vec::new()));
        let seen = targets.clone();
        tokio::spawn(async move {
            for n in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let script = scripts[n.min(scripts.len() - 1)].clone();
                tokio::spawn(play(stream, script, seen.clone()));
            }
        });
        Self { url, targets }
    }
}

async fn play(mut stream: TcpStream, script: Vec<Act>, targets: Arc<Mutex<Vec<String>>>) {
    if let Some(Act::Refuse(answer)) = script.first() {
        targets.lock().unwrap().push("refused".to_owned());
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await;
        let _ = stream.write_all(answer.as_bytes()).await;
        return;
    }
    #[allow(clippy::result_large_err, reason = "the library's signature")]
    let note = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        targets.lock().unwrap().push(request.uri().to_string());
        Ok(response)
    };
    let Ok(mut socket) = accept_hdr_async(stream, note).await else {
        return;
    };
    for act in script {
        let sent = match act {
            Act::Text(text) => socket.send(Message::text(text)).await,
            Act::Binary(bytes) => socket.send(Message::binary(bytes)).await,
            Act::Raw(bytes) => {
                let _ = socket.get_mut().write_all(&bytes).await;
                Ok(())
            }
            Act::Ping => {
                let _ = socket.send(Message::Ping(b"hello"[..].into())).await;
                match socket.next().await {
                    Some(Ok(Message::Pong(_))) => Ok(()),
                    other => panic!("a ping was answered with {other:?}"),
                }
            }
            Act::Pause(time) => {
                tokio::time::sleep(time).await;
                Ok(())
            }
            Act::Stay => {
                while let Some(Ok(_)) = socket.next().await {}
                return;
            }
            Act::PlayDead => return std::future::pending().await,
            Act::Cut | Act::Refuse(_) => return,
        };
        if sent.is_err() {
            return;
        }
    }
}
