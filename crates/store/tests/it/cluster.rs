//! A cluster beside the embedded store: both are fed from one journal, and their answers are compared.
//!
//! The cluster is the one whose address `GROUNDSWELL_CLUSTER` gives (`make cluster-test` starts one), or else
//! `osmem-server`, whose path `GROUNDSWELL_OSMEM` gives (`make test` sets it); without either the suites are skipped.

use crate::model::{Run, Step};
use std::fmt::Debug;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use store::elastic::{self, Settings};
use store::{Cell, Change, Error, Mention, Recovery, Snapshot};

/// A cluster: one that is there, or a server that ends with the test.
pub struct Server {
    child: Option<Child>,
    pub url: String,
}

impl Server {
    /// `None`, and a notice, where there is none to start.
    pub fn start() -> Option<Self> {
        if let Ok(url) = std::env::var("GROUNDSWELL_CLUSTER") {
            return Some(Self { child: None, url });
        }
        let Some(program) = std::env::var_os("GROUNDSWELL_OSMEM").filter(|path| !path.is_empty()) else {
            say(
                "conformance: skipped, GROUNDSWELL_OSMEM is not set (scripts/osmem.sh prints what to set it to)",
            );
            return None;
        };
        // It also ends by itself when this process does, and its input with it.
        let mut child = Command::new(program)
            .args(["-no-ja", "-addr", "127.0.0.1:0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let (_, rest) = line.split_once("\"url\":\"").unwrap();
        let url = rest.split('"').next().unwrap().to_owned();
        Some(Self {
            child: Some(child),
            url,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Server {
    /// Whether it is no stand-in: one that answers in milliseconds rather than microseconds.
    pub fn is_real(&self) -> bool {
        self.child.is_none()
    }
}

/// Printed also where the test passes.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// A store of its own on a cluster.
pub fn settings(url: &str) -> Settings {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let (process, next) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    Settings::new(url, format!("conformance-{process}-{next}"))
}

/// Both stores, fed from one journal.
pub struct Pair {
    pub run: Run,
    pub settings: Settings,
    elastic: Option<elastic::Store>,
    pub journal: Vec<Change>,
    /// The generations of the same commit.
    pub generations: Vec<(u64, u64)>,
}

impl Pair {
    pub fn new(url: &str) -> Self {
        let settings = settings(url);
        let (elastic, recovery) = elastic::Store::open(settings.clone()).unwrap();
        assert_eq!(recovery, Recovery::default());
        Self {
            run: Run::new(4),
            settings,
            elastic: Some(elastic),
            journal: Vec::new(),
            generations: Vec::new(),
        }
    }

    pub fn elastic(&mut self) -> &mut elastic::Store {
        self.elastic.as_mut().unwrap()
    }

    pub fn step(&mut self, step: Step) {
        let step = scattered(step);
        match &step {
            Step::Change(change) => {
                self.journal.push(change.clone());
                let upto = self.journal.len() as u64;
                self.elastic().apply([change.clone()], upto).unwrap();
            }
            Step::Commit => {
                self.commit();
                return;
            }
            Step::Crash => {
                self.elastic = None;
                let (mut elastic, recovery) = elastic::Store::open(self.settings.clone()).unwrap();
                let again = self.journal[recovery.position as usize..].to_vec();
                elastic.apply(again, self.journal.len() as u64).unwrap();
                self.elastic = Some(elastic);
            }
        }
        self.run.step(step);
    }

    pub fn commit(&mut self) -> (Snapshot, elastic::Snapshot) {
        let embedded = self.run.finish();
        let commit = self.elastic().commit().unwrap();
        assert_eq!(commit.position, self.journal.len() as u64);
        assert_eq!(self.elastic().pending(), 0);
        let elastic = self.elastic().reader().snapshot();
        assert_eq!(elastic.generation(), commit.generation);
        self.generations.push((embedded.generation(), commit.generation));
        (embedded, elastic)
    }
}

/// Posts at any minute of the day: made-up ones are all of noon or midnight.
pub fn scattered(step: Step) -> Step {
    let later = |mut m: Mention| {
        let [a, b, ..] = m.post.key.0;
        m.post.created_at += i64::from(a) * 337_000 + i64::from(b);
        m
    };
    match step {
        Step::Change(Change::Put { post, mentions }) => Step::Change(Change::Put {
            post,
            mentions: mentions.into_iter().map(later).collect(),
        }),
        Step::Change(Change::PutBackfill(mention)) => {
            Step::Change(Change::PutBackfill(Box::new(later(*mention))))
        }
        other => other,
    }
}

/// What was compared.
#[derive(Default)]
pub struct Tally {
    pub compared: usize,
    pub found: usize,
    pub estimated: usize,
    pub differ: Vec<String>,
}

impl Tally {
    /// Compares two answers, after `same` had a chance to make equal what may differ.
    pub fn compare<T: Debug + PartialEq + Default>(
        &mut self,
        what: impl FnOnce() -> String,
        one: Result<T, Error>,
        other: Result<T, Error>,
        same: impl FnOnce(&T, &mut T) -> usize,
    ) {
        self.compared += 1;
        match (one, other) {
            (Ok(one), Ok(mut other)) => {
                self.estimated += usize::from(same(&one, &mut other) > 0);
                self.found += usize::from(one != T::default());
                if one != other {
                    let what = what();
                    self.differ
                        .push(format!("{what}\n  embedded {one:?}\n  elastic  {other:?}"));
                }
            }
            (Err(Error::Question(one)), Err(Error::Question(other)))
            | (Err(Error::TooLarge(one)), Err(Error::TooLarge(other)))
                if one == other => {}
            (one, other) => {
                let what = what();
                self.differ
                    .push(format!("{what}\n  embedded {one:?}\n  elastic  {other:?}"));
            }
        }
    }

    pub fn exact<T: Debug + PartialEq + Default>(
        &mut self,
        what: impl FnOnce() -> String,
        one: Result<T, Error>,
        other: Result<T, Error>,
    ) {
        self.compare(what, one, other, |_, _| 0);
    }
}

/// Takes an estimate for exact where it is within 2 %; says whether it was none.
pub fn near(exact: u64, estimate: &mut u64) -> usize {
    let is_other = *estimate != exact;
    if exact.abs_diff(*estimate) * 50 <= exact {
        *estimate = exact;
    }
    usize::from(is_other)
}

pub fn near_cells(exact: &[Cell], estimates: &mut [Cell]) -> usize {
    let pairs = exact.iter().zip(estimates);
    pairs
        .map(|(one, other)| near(one.authors, &mut other.authors) + near(one.texts, &mut other.texts))
        .sum()
}

/// `1234567` as `1,234,567`.
pub fn thousands(n: usize) -> String {
    match n {
        0..1_000 => n.to_string(),
        _ => format!("{},{:03}", thousands(n / 1_000), n % 1_000),
    }
}

pub fn report(what: &str, tally: &Tally, written: std::time::Duration, all: std::time::Duration) {
    say(&format!(
        "{what}: {} requests compared, {} differ ({} of them found something, {} hold an estimate; {:.1} s to \
         write, {:.1} s in all)",
        thousands(tally.compared),
        tally.differ.len(),
        tally.found,
        tally.estimated,
        written.as_secs_f64(),
        all.as_secs_f64(),
    ));
    let shown: Vec<&str> = tally.differ.iter().take(5).map(String::as_str).collect();
    assert!(
        tally.differ.is_empty(),
        "{} answers differ:\n{}",
        tally.differ.len(),
        shown.join("\n")
    );
}
