//! The contract of docs/specs/source.md, checked for every connector alike: whatever goes wrong on the way, nothing
//! is lost and nothing comes under two names.

use crate::support::faults::{COMMON, Fault};
use crate::support::http::{Mock, Platform};
use crate::support::running::{Start, start, uids};
use sources::Wanted;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// After so long without anything new, nothing more comes.
const QUIET: Duration = Duration::from_secs(5);

/// A made-up platform, and what a source must bring home from it.
pub(crate) struct Case {
    pub(crate) connector: &'static str,
    /// The configuration, given the server's address.
    pub(crate) config: fn(&str) -> String,
    /// A fresh platform.
    pub(crate) platform: fn() -> Platform,
    /// Where following starts.
    pub(crate) cursor: Option<&'static str>,
    /// What is looked for, where the platform is searched.
    pub(crate) wanted: fn() -> Vec<Wanted>,
    /// Every uid that must come.
    pub(crate) uids: &'static [&'static str],
    /// Lists (JSON pointers) whose items the platform may send twice or in another order.
    pub(crate) lists: &'static [&'static str],
    /// Requests at which faults are tried.
    pub(crate) requests: usize,
    /// Whether a refused token (401) is renewed.
    pub(crate) renews: bool,
}

/// Tries every fault at every one of the first requests, and a restart behind every delivery; prints the table's row.
pub(crate) async fn holds(case: Case) {
    let mut faults: Vec<Fault> = COMMON.to_vec();
    for list in case.lists {
        faults.extend([Fault::Doubled(list), Fault::Reversed(list)]);
    }
    if case.renews {
        faults.push(Fault::Status(401, &[]));
    }
    let mut tried = 0;
    for fault in &faults {
        for number in 0..case.requests {
            let faults = vec![(number, fault.clone())];
            let found = run(
                &case,
                faults,
                case.cursor.map(str::to_owned),
                usize::MAX,
                BTreeSet::new(),
            )
            .await
            .0;
            check(&case, &found, &format!("{fault:?} at request {number}"));
            tried += 1;
        }
    }
    tried += restarts(&case).await;
    println!(
        "| contract | {} | {tried} faults survived, nothing lost or doubled |",
        case.connector
    );
}

/// Stops behind the first, the second, … delivery and starts again at its cursor.
async fn restarts(case: &Case) -> usize {
    for stop_after in 1.. {
        let first = case.cursor.map(str::to_owned);
        let (found, cursor, deliveries) =
            run(case, Vec::new(), first.clone(), stop_after, BTreeSet::new()).await;
        if deliveries < stop_after || found.len() == case.uids.len() {
            return stop_after;
        }
        let (found, ..) = run(case, Vec::new(), cursor.or(first), usize::MAX, found).await;
        check(case, &found, &format!("a restart behind delivery {stop_after}"));
    }
    0
}

fn check(case: &Case, found: &BTreeSet<String>, what: &str) {
    let expected: BTreeSet<String> = case.uids.iter().map(|u| (*u).to_owned()).collect();
    assert_eq!(found, &expected, "{}: {what}", case.connector);
}

/// Runs until everything has come, or nothing new has come for a while, or so many deliveries have.
async fn run(
    case: &Case,
    faults: Vec<(usize, Fault)>,
    cursor: Option<String>,
    most: usize,
    mut found: BTreeSet<String>,
) -> (BTreeSet<String>, Option<String>, usize) {
    let mock = Mock::with_faults((case.platform)(), faults).await;
    let with = Start {
        cursor,
        wanted: (case.wanted)(),
        ..Start::default()
    };
    let mut running = start(case.connector, &(case.config)(&mock.url), with);
    let (mut cursor, mut deliveries, mut quiet_at) = (None, 0, Instant::now() + QUIET);
    while found.len() < case.uids.len() && deliveries < most {
        let Ok(Some(next)) = timeout_at(quiet_at, running.received.recv()).await else {
            break;
        };
        let before = found.len();
        found.extend(uids(&next.events));
        if found.len() > before {
            quiet_at = Instant::now() + QUIET;
        }
        cursor = next.cursor.or(cursor);
        deliveries += 1;
    }
    running.stop().await;
    (found, cursor, deliveries)
}
