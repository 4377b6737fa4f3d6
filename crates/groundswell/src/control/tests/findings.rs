use super::*;
use crate::control::{DEFAULT_PROJECT, FindingFilter};
use crate::detect::{Detail, Finding, FindingKind, Metric};

fn peak(id: &str, from: i64) -> Finding {
    Finding {
        id: id.to_owned(),
        project: DEFAULT_PROJECT.to_owned(),
        monitor: None,
        kind: FindingKind::Peak,
        from,
        until: from + 300_000,
        found_at: from + 600_000,
        strength: 4.0,
        is_past: false,
        detail: Detail::Series {
            metric: Metric::Mentions,
            value: 90.0,
            expected: 11.0,
            per_week: 0.1,
        },
    }
}

#[test]
fn a_finding_found_again_grows_but_keeps_its_number_and_what_people_did_with_it() {
    let (_dir, control) = open();
    let (now, other) = (crate::clock::now(), peak("b", 50));
    control.put_findings(&[peak("a", now), other]).unwrap();
    let seen = control.mark_finding(DEFAULT_PROJECT, "a", true, "local").unwrap();
    assert_eq!(
        (seen.number, seen.seen_by.as_deref(), seen.dismissed),
        (1, Some("local"), true)
    );
    let grown = Finding {
        until: now + 900_000,
        found_at: now + 1_200_000,
        is_past: true,
        ..peak("a", now)
    };
    control.put_findings(&[grown]).unwrap();
    let again = control.finding(DEFAULT_PROJECT, "a").unwrap();
    assert_eq!((again.number, again.finding.until), (1, now + 900_000));
    assert_eq!(
        (again.finding.found_at, again.finding.is_past),
        (now + 600_000, false)
    );
    assert_eq!((again.seen_by, again.dismissed), (seen.seen_by, true));
    let numbers = |after| {
        let rows = control.findings_after(after, 9).unwrap();
        rows.into_iter().map(|r| r.number).collect::<Vec<_>>()
    };
    assert_eq!((numbers(0), numbers(1)), (vec![1, 2], vec![2]));
}

#[test]
fn findings_are_asked_for_by_kind_and_time_and_old_ones_go() {
    let (_dir, control) = open();
    let now = crate::clock::now();
    let trend = Finding {
        kind: FindingKind::Trend,
        detail: Detail::Terms {
            terms: Vec::new(),
            mentions: Vec::new(),
        },
        ..peak("trend", now)
    };
    control
        .put_findings(&[peak("old", 50), peak("new", now), trend])
        .unwrap();
    let ids = |filter: &FindingFilter| {
        let rows = control.findings(DEFAULT_PROJECT, filter, None, 9).unwrap();
        rows.into_iter().map(|r| r.finding.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(&FindingFilter::default()), ["trend", "new", "old"]);
    let peaks = FindingFilter {
        kinds: vec![FindingKind::Peak],
        from: Some(now),
        ..FindingFilter::default()
    };
    assert_eq!(ids(&peaks), ["new"]);
    control.forget_old_findings(now).unwrap();
    assert_eq!(ids(&FindingFilter::default()), ["trend", "new"]);
    assert!(control.finding("another", "new").is_err());
}

#[test]
fn what_is_found_for_a_project_or_monitor_that_is_gone_is_not_kept() {
    let (_dir, control) = open();
    let gone = Finding {
        project: "gone".to_owned(),
        ..peak("a", 5)
    };
    let monitor = Finding {
        monitor: Some("gone".to_owned()),
        ..peak("b", 5)
    };
    control.put_findings(&[gone, monitor]).unwrap();
    assert!(control.findings_after(0, 9).unwrap().is_empty());
}
