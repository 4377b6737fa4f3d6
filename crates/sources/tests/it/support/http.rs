//! An HTTP server that plays a platform.

use super::faults::Fault;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// A query parameter, decoded.
    pub(crate) fn param(&self, key: &str) -> Option<String> {
        let query = self.target.split_once('?')?.1;
        let request = sources::webhook::HookRequest {
            method: "GET",
            query,
            headers: &[],
            body: b"",
            now: 0,
        };
        request.param(key)
    }
}

/// A piece of an answer that is sent bit by bit.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    Bytes(Vec<u8>),
    Pause(Duration),
    /// Stays open until the client goes.
    Stay,
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Sent after the body, chunk by chunk; then there is no `content-length`.
    pub(crate) stream: Option<Vec<Piece>>,
}

impl Answer {
    pub(crate) fn json(value: serde_json::Value) -> Self {
        Self::text(200, "application/json; charset=utf-8", &value.to_string())
    }

    pub(crate) fn text(status: u16, kind: &str, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), kind.to_owned())],
            body: body.as_bytes().to_vec(),
            stream: None,
        }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self::text(status, "text/plain", "")
    }

    /// An answer without end: lines or Server-Sent Events.
    pub(crate) fn stream(kind: &str, pieces: Vec<Piece>) -> Self {
        Self {
            stream: Some(pieces),
            ..Self::text(200, kind, "")
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A platform: what it answers to whom.
pub(crate) type Platform = Box<dyn Fn(&Asked) -> Answer + Send + Sync>;

/// A running server.
pub(crate) struct Mock {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Mock {
    /// Plays the platform.
    pub(crate) async fn start(platform: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::with_faults(Box::new(platform), Vec::new()).await
    }

    /// Plays the platform, with faults at the requests of these numbers (from 0 on).
    pub(crate) async fn with_faults(platform: Platform, faults: Vec<(usize, Fault)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (platform, faults, seen) = (Arc::new(platform), Arc::new(faults), asked.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, platform.clone(), faults.clone(), seen.clone()));
            }
        });
        Self { url, asked }
    }

    /// What was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    platform: Arc<Platform>,
    faults: Arc<Vec<(usize, Fault)>>,
    seen: Arc<Mutex<Vec<Asked>>>,
) {
    let Some(asked) = read(&mut stream).await else {
        return;
    };
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(asked.clone());
        seen.len() - 1
    };
    let fault = faults.iter().find(|(n, _)| *n == number).map(|(_, f)| f.clone());
    // A platform that fails before it answers has not handed anything out.
    let answer = match fault.as_ref().and_then(Fault::instead) {
        Some(answer) => answer,
        None if matches!(fault, Some(Fault::Cut)) => return,
        None => platform(&asked),
    };
    let _ = send(&mut stream, answer, fault).await;
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(n) if n > 0 => bytes.extend_from_slice(&piece[..n]),
            _ => return None,
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: BTreeMap<String, String> = lines
        .filter_map(|l| l.split_once(':'))
        .map(|(k, v)| (k.to_ascii_lowercase(), v.trim().to_owned()))
        .collect();
    let length: usize = headers.get("content-length").map_or(0, |l| l.parse().unwrap());
    while bytes.len() < end + length {
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(n) if n > 0 => bytes.extend_from_slice(&piece[..n]),
            _ => return None,
        }
    }
    let body = String::from_utf8_lossy(&bytes[end..end + length]).into_owned();
    Some(Asked {
        method,
        target,
        headers,
        body,
    })
}

async fn send(stream: &mut TcpStream, mut answer: Answer, fault: Option<Fault>) -> std::io::Result<()> {
    if let Some(fault) = &fault {
        fault.spoil(&mut answer);
    }
    let mut head = format!("HTTP/1.1 {} X\r\nconnection: close\r\n", answer.status);
    if answer.stream.is_none() {
        head.push_str(&format!("content-length: {}\r\n", answer.body.len()));
    }
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await?;
    match fault {
        Some(Fault::Half) => return stream.write_all(&answer.body[..answer.body.len() / 2]).await,
        Some(Fault::Slow) => {
            for piece in answer.body.chunks(answer.body.len().div_ceil(20).max(1)) {
                stream.write_all(piece).await?;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        _ => stream.write_all(&answer.body).await?,
    }
    for piece in answer.stream.into_iter().flatten() {
        match piece {
            Piece::Bytes(bytes) => stream.write_all(&bytes).await?,
            Piece::Pause(time) => tokio::time::sleep(time).await,
            Piece::Stay => {
                let mut nothing = [0; 64];
                while stream.read(&mut nothing).await? > 0 {}
            }
        }
    }
    stream.shutdown().await
}
