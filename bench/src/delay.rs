//! Claim: the delay from a post's arrival (the push request is sent) to the browser (the live stream's event is read).
//!
//! The real binary, a steady 100 posts a second, one match in each push of ten.

use crate::measure::quantile;
use anyhow::{Context, bail};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const PUSHES: usize = 300;
const EVERY: Duration = Duration::from_millis(100);

pub(crate) fn run() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let config = folder.path().join("groundswell.toml");
    std::fs::write(
        &config,
        "[server]\nlisten = \"127.0.0.1:0\"\n[data]\npath = \"data\"\n[[monitor]]\nname = \"m\"\nquery = \"kettle\"\n",
    )?;
    let binary = std::env::current_exe()?.with_file_name("groundswell");
    if !binary.exists() {
        bail!("{} is not built: cargo build --release", binary.display());
    }
    let mut child = Command::new(&binary)
        .args(["run", "--config"])
        .arg(&config)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let result = measure(&mut child);
    child.kill()?;
    child.wait()?;
    result
}

fn measure(child: &mut Child) -> anyhow::Result<()> {
    let out = BufReader::new(child.stdout.take().context("no output")?);
    let address = out
        .lines()
        .map_while(Result::ok)
        .find_map(|l| l.split_once("http://").map(|a| a.1.to_owned()))
        .context("the server did not start")?;
    let sent: Arc<Mutex<HashMap<usize, Instant>>> = Arc::default();
    let delays: Arc<Mutex<Vec<f64>>> = Arc::default();
    let mut live = TcpStream::connect(&address)?;
    write!(live, "GET /api/v1/live HTTP/1.1\r\nHost: {address}\r\n\r\n")?;
    std::thread::spawn({
        let (sent, delays) = (sent.clone(), delays.clone());
        move || listen(BufReader::new(live), &sent, &delays)
    });
    std::thread::sleep(Duration::from_secs(2));
    for n in 0..PUSHES {
        let mut posts = format!("[{{\"uid\":\"t:{n}\",\"text\":\"kettle number{n}x\"}}");
        for other in 0..9 {
            posts.push_str(&format!(
                ",{{\"uid\":\"o:{n}-{other}\",\"text\":\"nothing of note {n} {other}\"}}"
            ));
        }
        posts.push(']');
        sent.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(n, Instant::now());
        push(&address, &posts)?;
        std::thread::sleep(EVERY);
    }
    std::thread::sleep(Duration::from_secs(3));
    let mut delays = std::mem::take(&mut *delays.lock().unwrap_or_else(PoisonError::into_inner));
    delays.sort_by(f64::total_cmp);
    println!(
        "from push to live event: p50 {:.0} ms, p99 {:.0} ms, most {:.0} ms ({} of {PUSHES} seen)",
        quantile(&delays, 0.5),
        quantile(&delays, 0.99),
        quantile(&delays, 1.0),
        delays.len()
    );
    println!("memory of the server: {:.0} MB", resident_mb(child.id()));
    Ok(())
}

fn listen(stream: impl BufRead, sent: &Mutex<HashMap<usize, Instant>>, delays: &Mutex<Vec<f64>>) {
    for line in stream.lines().map_while(Result::ok) {
        let mut rest = line.as_str();
        while let Some((_, tail)) = rest.split_once("kettle number") {
            let Some((number, after)) = tail.split_once('x') else {
                break;
            };
            let start = number
                .parse()
                .ok()
                .and_then(|n: usize| sent.lock().unwrap_or_else(PoisonError::into_inner).remove(&n));
            if let Some(start) = start {
                delays
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(start.elapsed().as_secs_f64() * 1000.0);
            }
            rest = after;
        }
    }
}

fn push(address: &str, body: &str) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "POST /api/v1/posts HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    anyhow::ensure!(answer.starts_with("HTTP/1.1 200"), "a push was refused: {answer}");
    Ok(())
}

fn resident_mb(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1024.0
}
