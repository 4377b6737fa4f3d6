use super::*;
use crate::control::{AccessRole, Action, AuditEvent};
use crate::policy::{Days, Gate, Retention};
use post::profile::Task;

const DAY: i64 = 24 * 3_600_000;

fn event(action: Action) -> AuditEvent {
    AuditEvent::new("local", AccessRole::Admin, action)
}

#[test]
fn posts_in_full_are_counted_for_each_person_and_day() {
    let (_dir, control) = open();
    let take = |person: &str, now, wanted| control.take_full_exports(person, "x", now, wanted, 500).unwrap();
    assert_eq!(take("ann", 5, 480), 480);
    assert_eq!(take("ann", 6, 480), 20);
    assert_eq!(take("ann", DAY - 1, 1), 0);
    assert_eq!(take("ben", 7, 501), 500);
    assert_eq!(take("ann", DAY, 1), 1);
    assert_eq!(control.take_full_exports("ann", "reddit", DAY, 9, 0).unwrap(), 0);
}

#[test]
fn an_acceptance_of_the_newest_text_opens_the_gate() {
    let (_dir, control) = open();
    let gate = Gate::default();
    let accept = |version: &str| {
        let by = event(Action::PolicyAccepted);
        control.accept_policy("youtube", version, "Ann", &by).unwrap();
        gate.refresh(&control).unwrap();
        gate.allows(Task::Sentiment, "youtube")
    };
    assert!(!accept("1999-01-01"), "an older text");
    assert!(accept("2026-05-04"));
    assert!(accept("2026-05-04"), "twice is once");
    assert_eq!(control.acceptances().unwrap().len(), 2);
}

#[test]
fn a_projects_limits_are_kept_and_replaced_whole() {
    let (_dir, control) = open();
    let days = |n| Days {
        text_days: Some(n),
        ..Days::default()
    };
    let first = Retention {
        all: days(9),
        platforms: [("x".to_owned(), days(3)), ("reddit".to_owned(), Days::default())].into(),
    };
    let set = |limits: &Retention| {
        let by = event(Action::RetentionChanged);
        control.set_project_retention("default", limits, &by).unwrap();
        control.project_retention("default").unwrap()
    };
    let kept = set(&first);
    assert_eq!((kept.all, kept.platforms.get("x")), (days(9), Some(&days(3))));
    assert_eq!(kept.platforms.len(), 1, "no limit is no row");
    assert_eq!(set(&Retention::default()), Retention::default());
    assert!(matches!(
        control.project_retention("nowhere"),
        Err(Error::NotFound("project"))
    ));
    assert_eq!(control.audit_chain().unwrap().rows, 2);
}
