//! The real binary, started on a free port with a data folder of its own.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_groundswell");

/// A running `groundswell`; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

/// A configuration that listens on any free port, keeps its data in `folder` (its control state on PostgreSQL where the
/// suite runs on that) and follows nothing, and `more`.
pub(crate) fn config(folder: &Path, more: &str) -> PathBuf {
    let path = folder.join("groundswell.toml");
    std::fs::write(
        &path,
        format!(
            "[server]\nlisten = \"127.0.0.1:0\"\n[data]\npath = \"data\"\n{more}\n{}",
            crate::postgres::section(folder)
        ),
    )
    .unwrap();
    path
}

impl Server {
    /// Starts `groundswell run` and waits for its address.
    pub(crate) fn run(config: &Path) -> Self {
        Self::start(
            Command::new(BINARY).args(["run", "--config"]).arg(config),
            "Groundswell is on http://",
        )
    }

    pub(crate) fn start(command: &mut Command, says: &str) -> Self {
        Self::start_with(command, says, Stdio::null())
    }

    /// The same with its log in a file.
    pub(crate) fn start_logged(command: &mut Command, says: &str, log: &Path) -> Self {
        Self::start_with(command, says, std::fs::File::create(log).unwrap().into())
    }

    fn start_with(command: &mut Command, says: &str, log: Stdio) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(log)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines
                .next()
                .expect("the server ended before it said its address")
                .unwrap();
            if let Some((_, address)) = line.split_once(says) {
                break address.trim().to_owned();
            }
        };
        // What it prints later is read away, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status();
        assert!(status.unwrap().success());
    }

    /// SIGKILL: no chance to tidy up.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM: it drains and ends by itself.
    pub(crate) fn stop(mut self) -> std::process::ExitStatus {
        Command::new("kill")
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        self.child.wait().unwrap()
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let (status, body) = self.request("GET", path, "", &[]);
        assert_eq!(status, 200, "GET {path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let (status, text) = self.request("POST", path, &body.to_string(), &[]);
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// One plain HTTP/1.1 request; a cut connection is status 0.
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> (u16, String) {
        self.exchange(method, path, body, headers)
            .unwrap_or((0, String::new()))
    }

    /// The same; the answer as it came.
    pub(crate) fn raw(&self, method: &str, path: &str, body: &str, headers: &[(&str, &str)]) -> String {
        self.bytes(method, path, body, headers).unwrap()
    }

    fn exchange(
        &self,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> std::io::Result<(u16, String)> {
        let text = self.bytes(method, path, body, headers)?;
        let (head, body) = text
            .split_once("\r\n\r\n")
            .ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|s| s.parse().ok())
            .ok_or(std::io::ErrorKind::InvalidData)?;
        let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        Ok((status, if chunked { dechunk(body) } else { body.to_owned() }))
    }

    fn bytes(
        &self,
        method: &str,
        path: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n",
            body.len()
        );
        if !headers.iter().any(|h| h.0 == "Host") {
            head.push_str(&format!("Host: {}\r\n", self.address));
        }
        if !body.is_empty() {
            head.push_str("Content-Type: application/json\r\n");
        }
        headers
            .iter()
            .for_each(|(k, v)| head.push_str(&format!("{k}: {v}\r\n")));
        stream.write_all(head.as_bytes())?;
        stream.write_all(b"\r\n")?;
        stream.write_all(body.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// A new monitor; its id.
    pub(crate) fn monitor(&self, name: &str, query: &str) -> String {
        let (status, made) = self.post(
            "/api/v1/projects/default/monitors",
            &serde_json::json!({"name": name, "query": query}),
        );
        assert_eq!(status, 201, "{made}");
        made["id"].as_str().unwrap().to_owned()
    }

    /// Asks until `enough` says so; the answer.
    pub(crate) fn wait(&self, path: &str, enough: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let answer = self.get(path);
            if enough(&answer) {
                return answer;
            }
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "still {:.600} at {path}",
                answer.to_string()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn dechunk(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some((size, tail)) = rest.split_once("\r\n") {
        let Ok(size) = usize::from_str_radix(size.trim(), 16) else {
            break;
        };
        if size == 0 || size > tail.len() {
            break;
        }
        out.push_str(&tail[..size]);
        rest = tail[size..].trim_start_matches("\r\n");
    }
    out
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
