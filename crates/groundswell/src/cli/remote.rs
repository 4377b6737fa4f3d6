//! Asking the server that is using a data folder, on this machine.

use super::pinned;
use crate::serve::ADDRESS;
use anyhow::{Context, bail};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;
use tokio_rustls::rustls;

/// Answers are short; more is no answer of ours.
const MAX_ANSWER: u64 = 4 << 20;

/// A server on this machine.
pub(super) struct Remote {
    address: SocketAddr,
    /// The fingerprint of its certificate, where it speaks TLS.
    certificate: Option<String>,
    /// The password, or an API key.
    credential: Option<String>,
}

impl Remote {
    /// The server that is using this folder.
    pub(super) fn of(data: &Path, credential: Option<String>) -> anyhow::Result<Remote> {
        let path = data.join(ADDRESS);
        let text = std::fs::read_to_string(&path).with_context(|| {
            format!(
                "a program is using {}, and {} does not say where it answers",
                data.display(),
                path.display()
            )
        })?;
        let words: Vec<&str> = text.split_whitespace().collect();
        let (certificate, address) = match words[..] {
            [address] => (None, address),
            ["tls", fingerprint, address] => (Some(fingerprint.to_owned()), address),
            _ => bail!("{} does not say where the server answers", path.display()),
        };
        let mut address: SocketAddr = address.parse().context("the server's address cannot be read")?;
        if address.ip().is_unspecified() {
            address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
        }
        Ok(Remote {
            address,
            certificate,
            credential,
        })
    }

    /// Sends JSON and gives the answer; an error of the API in its own words.
    pub(super) fn ask(&self, method: &str, path: &str, body: &Value) -> anyhow::Result<Value> {
        let (status, text) = self
            .exchange(method, path, body)
            .context("the server does not answer")?;
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        if (200..300).contains(&status) {
            return Ok(answer);
        }
        let say = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        match (status, say("hint")) {
            (401, _) => bail!("the server wants the password or an API key: give it with --key"),
            (_, hint) if hint.is_empty() => bail!("{}", say("message")),
            (_, hint) => bail!("{} ({hint})", say("message")),
        }
    }

    /// What is at a path, with its status.
    pub(super) fn look(&self, path: &str) -> anyhow::Result<(u16, String)> {
        self.exchange("GET", path, &Value::Null)
    }

    /// HTTP/1.0, so that the answer comes in one piece and ends with the connection (RFC 1945).
    fn exchange(&self, method: &str, path: &str, body: &Value) -> anyhow::Result<(u16, String)> {
        let mut stream = TcpStream::connect_timeout(&self.address, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let mut head = format!(
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            self.address,
            body.len()
        );
        if let Some(credential) = &self.credential {
            head.push_str(&format!("Authorization: Bearer {credential}\r\n"));
        }
        let request = format!("{head}\r\n{body}");
        let answer = match &self.certificate {
            None => said(&mut stream, &request)?,
            Some(fingerprint) => {
                let mut session = pinned::connect(self.address.ip(), fingerprint)?;
                said(&mut rustls::Stream::new(&mut session, &mut stream), &request)?
            }
        };
        let answer = String::from_utf8(answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("it is no HTTP answer")?;
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok());
        Ok((status.context("it is no HTTP answer")?, body.to_owned()))
    }
}

/// Everything that comes back on a connection.
fn said(stream: &mut (impl Read + Write), request: &str) -> std::io::Result<Vec<u8>> {
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut answer = Vec::new();
    match stream.take(MAX_ANSWER).read_to_end(&mut answer) {
        // A server may hang up without the goodbye of TLS; the answer's form says whether it is whole.
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(answer),
        read => read.map(|_| answer),
    }
}
