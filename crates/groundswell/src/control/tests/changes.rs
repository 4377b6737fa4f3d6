use super::*;
use journal::{MonitorChange, Position};

fn ids(change: &MonitorChange) -> Vec<&str> {
    change.put.iter().map(|m| m.id.as_str()).collect()
}

#[test]
fn what_changed_since_a_version_is_all_that_is_given() {
    let (_dir, control) = open();
    let make = |name| control.create_monitor("default", &input(name, "x")).unwrap().id;
    let (a, b, c) = (make("a"), make("b"), make("c"));
    let before = control.monitor_set().unwrap();
    assert!(control.changes_since(before.version).unwrap().is_empty());
    control.update_monitor(&b, &input("b", "y")).unwrap();
    control.delete_monitor(&c).unwrap();
    let change = control.changes_since(before.version).unwrap();
    assert_eq!(
        (ids(&change), &change.remove),
        (vec![b.as_str()], &vec![c.clone()])
    );
    let now = control.monitor_set().unwrap();
    assert_eq!(before.change_to(&now), change);
    assert_eq!(control.monitor_def(&a).unwrap(), now.monitors[0]);
    let all = control.changes_since(0).unwrap();
    assert_eq!(ids(&all), [a.as_str(), b.as_str()]);
}

#[test]
fn a_deleted_project_takes_its_monitors_and_lists_along() {
    let (_dir, control) = open();
    let named = ProjectInput {
        name: "Two".into(),
        objective: Objective::Trends,
    };
    let project = control.create_project(&named).unwrap().id;
    let m = control.create_monitor(&project, &input("a", "x")).unwrap();
    control.put_list(&project, "spam", &["win".into()]).unwrap();
    let before = control.monitor_set().unwrap();
    control.delete_project(&project).unwrap();
    let change = control.changes_since(before.version).unwrap();
    assert_eq!(change.remove, [m.id]);
    assert_eq!(change.remove_lists, [(project, "spam".to_owned())]);
}

#[test]
fn what_is_journaled_says_from_where_on_it_is_in_force() {
    let (_dir, control) = open();
    let m = control.create_monitor("default", &input("a", "x")).unwrap();
    assert_eq!((m.in_force_from, m.in_force_at), (None, None));
    let gone = control.create_monitor("default", &input("b", "x")).unwrap();
    control.delete_monitor(&gone.id).unwrap();
    let change = control.changes_since(0).unwrap();
    assert_eq!(change.remove, [gone.id]);
    assert_eq!(control.unnoted().unwrap(), change.put);
    control
        .note_journaled(
            change.version,
            change.put.into_iter().map(|def| (def, Position(42), 7)),
        )
        .unwrap();
    assert!(control.unnoted().unwrap().is_empty());
    let now = control.monitor(&m.id).unwrap();
    assert_eq!((now.in_force_from, now.in_force_at), (Some(42), Some(7)));
    let later = control.update_monitor(&m.id, &input("a", "y")).unwrap();
    assert_eq!(later.in_force_from, None);
    let versions = control.monitor_versions(&m.id).unwrap();
    let positions: Vec<_> = versions.iter().map(|v| v.in_force_from).collect();
    assert_eq!(positions, [None, Some(42)]);
    assert!(control.changes_since(0).unwrap().remove.is_empty(), "forgotten");
}

#[test]
fn history_only_grows() {
    let (_dir, control) = open();
    let m = control.create_monitor("default", &input("a", "x")).unwrap();
    control.update_monitor(&m.id, &input("a", "y")).unwrap();
    let same = control.restore_version(&m.id, 2);
    assert!(matches!(same, Err(Error::InForce(2))));
    assert!(matches!(
        control.restore_version(&m.id, 9),
        Err(Error::NotFound("version"))
    ));
    let restored = control.restore_version(&m.id, 1).unwrap();
    assert_eq!((restored.version, restored.query.as_str()), (3, "x"));
    assert_eq!(control.open_backfills().unwrap()[0].version, 3);
    let versions = control.monitor_versions(&m.id).unwrap();
    let seen: Vec<_> = versions
        .iter()
        .map(|v| (v.version, v.query.as_str(), v.restored_from))
        .collect();
    assert_eq!(seen, [(3, "x", Some(1)), (2, "y", None), (1, "x", None)]);
}

#[test]
fn a_database_of_the_first_schema_is_brought_forward() {
    if is_on_server() {
        return;
    }
    let (dir, control) = open();
    drop(control);
    sql(
        dir.path(),
        "DROP TABLE source_states; DROP TABLE leases; DROP TABLE budget_readings; DROP TABLE expectations; DROP TABLE expectation_versions; DROP TABLE mark_undo; DROP TABLE mark_changes; DROP TABLE marks; DROP TABLE rules; DROP TABLE permalinks; DROP TABLE annotations;
         DROP TABLE monitor_accounts; DROP TABLE reports; DROP TABLE renditions; DROP TABLE vendor_labels; DROP TABLE outbox_tries; DROP TABLE outbox; DROP TABLE findings;
         DROP TABLE alert_seen; DROP TABLE alert_events; DROP TABLE alerts; DROP TABLE destinations; DROP TABLE targets;
         DROP TABLE relevance_judgments; DROP TABLE relevance_versions; DROP TABLE relevance;
         DROP TABLE monitor_context; DROP TABLE notes; DROP TABLE items; DROP TABLE response_targets; DROP TABLE notices; DROP TABLE own_replies;
         DROP TABLE handovers; DROP TABLE desks; DROP TABLE audit_posts; DROP TABLE audit_samples;
         DROP TABLE memberships; DROP TABLE sessions; DROP TABLE links; DROP TABLE users; DROP TABLE shares; DROP TABLE dashboards; DROP TABLE repeats;
         DROP TABLE classifier_versions; DROP TABLE classifier_labels; DROP TABLE classifiers;
         DROP INDEX post_links_checked; ALTER TABLE post_links DROP COLUMN platform; ALTER TABLE post_links DROP COLUMN checked_at;
         DROP TABLE sources; DROP TABLE paused_sources; DROP TABLE source_memory; DROP TABLE coverage;
         DROP TABLE coverage_gaps; DROP TABLE past_searches; DROP TABLE policy_acceptances; DROP TABLE retention; DROP TABLE full_exports; DROP INDEX identities_seen;
         ALTER TABLE identities DROP COLUMN platform; ALTER TABLE identities DROP COLUMN seen_at;
         DROP TABLE audit; DROP TABLE api_keys; DROP TABLE suppressions; DROP TABLE erasures; DROP TABLE signing_keys;
         DROP TABLE list_uses; DROP TABLE lists; DROP TABLE removed_lists; DROP TABLE removed_monitors;
         DROP INDEX monitors_changed; ALTER TABLE monitors DROP COLUMN changed;
         ALTER TABLE monitor_versions DROP COLUMN restored_from; ALTER TABLE monitor_versions DROP COLUMN list;
         ALTER TABLE monitor_versions DROP COLUMN in_force_from; ALTER TABLE monitor_versions DROP COLUMN in_force_at;
         INSERT INTO monitors (id, project, name, role, color, active, origin, version, created_at, updated_at)
         VALUES ('m_old', 'default', 'Old', 'topic', 0, 1, 'ui', 1, 5, 5);
         INSERT INTO monitor_versions (monitor, version, query, created_at) VALUES ('m_old', 1, 'lamp', 5);
         PRAGMA user_version = 1;",
    );
    let control = Control::open(place(dir.path())).unwrap();
    let old = control.monitor("m_old").unwrap();
    assert_eq!((old.query.as_str(), old.in_force_from), ("lamp", None));
    assert_eq!(control.monitor_set().unwrap().monitors.len(), 1);
    control.update_monitor("m_old", &input("Old", "light")).unwrap();
    assert_eq!(control.changes_since(0).unwrap().put[0].query, "light");
}
