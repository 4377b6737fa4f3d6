use super::*;
use crate::control::OpenBackfill;

fn step(monitor: &str, version: u32, next: u64, found: u64, done: bool) -> BackfillStep {
    BackfillStep {
        monitor: monitor.into(),
        version,
        next,
        found,
        done,
    }
}

#[test]
fn a_search_is_resumed_where_it_was() {
    let (dir, control) = open();
    let m = control.create_monitor("default", &input("a", "x")).unwrap();
    let started = |next, until| OpenBackfill {
        monitor: m.id.clone(),
        version: 1,
        next,
        until,
    };
    assert_eq!(control.open_backfills().unwrap(), [started(0, None)]);
    control.backfill_bounds(&m.id, 1, 10, 110, Some(7)).unwrap();
    control.backfill_step(&step(&m.id, 1, 60, 5, false)).unwrap();
    drop(control);
    let control = Control::open(place(dir.path())).unwrap();
    assert_eq!(control.open_backfills().unwrap(), [started(60, Some(110))]);
    let shown = control.monitor(&m.id).unwrap().backfill.unwrap();
    assert_eq!(
        (
            shown.state.as_str(),
            shown.done,
            shown.total,
            shown.found,
            shown.from
        ),
        ("running", 50, 100, 5, Some(7))
    );
    control.backfill_failed(&m.id, 1).unwrap();
    assert_eq!(control.monitor(&m.id).unwrap().backfill.unwrap().state, "failed");
    assert_eq!(control.open_backfills().unwrap().len(), 1);
    control.backfill_step(&step(&m.id, 1, 110, 2, true)).unwrap();
    let shown = control.monitor(&m.id).unwrap().backfill.unwrap();
    assert_eq!((shown.state.as_str(), shown.done, shown.found), ("done", 100, 7));
    assert!(control.open_backfills().unwrap().is_empty());
}

#[test]
fn a_new_version_replaces_the_search_and_late_steps_are_ignored() {
    let (_dir, control) = open();
    let m = control.create_monitor("default", &input("a", "x")).unwrap();
    control.backfill_bounds(&m.id, 1, 0, 100, None).unwrap();
    control.update_monitor(&m.id, &input("a", "y")).unwrap();
    control.backfill_step(&step(&m.id, 1, 100, 9, true)).unwrap();
    let open = control.open_backfills().unwrap();
    assert_eq!((open.len(), open[0].version, open[0].next), (1, 2, 0));
    control.delete_monitor(&m.id).unwrap();
    assert!(control.open_backfills().unwrap().is_empty());
}

#[test]
fn a_paused_monitor_is_not_searched_for_and_one_that_goes_on_is() {
    let (_dir, control) = open();
    let m = control.create_monitor("default", &input("a", "x")).unwrap();
    let paused = MonitorInput {
        active: false,
        ..input("a", "x")
    };
    control.update_monitor(&m.id, &paused).unwrap();
    assert!(control.open_backfills().unwrap().is_empty());
    control.update_monitor(&m.id, &input("a", "x")).unwrap();
    assert_eq!(control.open_backfills().unwrap().len(), 1);
    control.backfill_step(&step(&m.id, 1, 100, 0, true)).unwrap();
    control
        .update_monitor(
            &m.id,
            &MonitorInput {
                name: "b".into(),
                ..input("a", "x")
            },
        )
        .unwrap();
    assert!(
        control.open_backfills().unwrap().is_empty(),
        "a new name is no reason to search"
    );
}
