use super::*;
use crate::config::ListEntry;

fn terms(of: &[&str]) -> Vec<String> {
    of.iter().map(|&t| t.to_owned()).collect()
}

fn entry(name: &str, of: &[&str]) -> ListEntry {
    ListEntry {
        name: name.into(),
        terms: terms(of),
    }
}

/// As a query that names the list leaves it.
fn uses(dir: &Path, monitor: &str, list: &str) {
    sql(
        dir,
        &format!(
            "INSERT INTO list_uses (monitor, list) VALUES ('{monitor}', '{list}') ON CONFLICT DO NOTHING"
        ),
    );
}

#[test]
fn a_changed_list_gives_its_monitors_new_versions() {
    let (dir, control) = open();
    control.put_list("default", "spam", &terms(&["win"])).unwrap();
    let a = control.create_monitor("default", &input("a", "x")).unwrap().id;
    let other = control.create_monitor("default", &input("b", "x")).unwrap().id;
    let paused = MonitorInput {
        active: false,
        ..input("c", "x")
    };
    let c = control.create_monitor("default", &paused).unwrap().id;
    uses(dir.path(), &a, "spam");
    uses(dir.path(), &c, "spam");
    let before = control.monitor_set().unwrap();
    assert!(
        control
            .put_list("default", "spam", &terms(&["win"]))
            .unwrap()
            .is_empty()
    );
    assert_eq!(control.monitor_set().unwrap(), before);

    let search = control
        .put_list("default", "spam", &terms(&["win", "free money"]))
        .unwrap();
    assert_eq!(
        search,
        std::slice::from_ref(&a),
        "paused monitors are not searched for"
    );
    let version = |id: &str| control.monitor(id).unwrap().version;
    assert_eq!((version(&a), version(&other), version(&c)), (2, 1, 2));
    let newest = &control.monitor_versions(&a).unwrap()[0];
    assert_eq!(
        (newest.query.as_str(), newest.list.as_deref()),
        ("x", Some("spam"))
    );
    let change = control.changes_since(before.version).unwrap();
    assert_eq!(change.put.len(), 2);
    assert_eq!(change.put_lists[0].terms, ["win", "free money"]);
    let list = control.keyword_list("default", "spam").unwrap();
    assert_eq!(list.used_by, [a, c]);
    assert!(matches!(
        control.delete_list("default", "spam"),
        Err(Error::ListInUse(_, 2))
    ));
}

#[test]
fn a_deleted_list_is_gone_from_the_set_and_can_come_back() {
    let (_dir, control) = open();
    control.put_list("default", "spam", &terms(&["win"])).unwrap();
    let before = control.monitor_set().unwrap();
    assert_eq!(before.lists.len(), 1);
    control.delete_list("default", "spam").unwrap();
    let change = control.changes_since(before.version).unwrap();
    assert_eq!(change.remove_lists, [("default".to_owned(), "spam".to_owned())]);
    assert!(matches!(
        control.delete_list("default", "spam"),
        Err(Error::NotFound("list"))
    ));
    control.put_list("default", "spam", &terms(&["prize"])).unwrap();
    let change = control.changes_since(before.version).unwrap();
    assert_eq!((change.put_lists.len(), change.remove_lists.len()), (1, 0));
    for bad in ["", "Spam", "a b", &"x".repeat(65)] {
        let refused = control.put_list("default", bad, &[]);
        assert!(matches!(refused, Err(Error::Invalid(_))), "{bad:?}");
    }
}

#[test]
fn the_file_decides_about_its_lists() {
    let (dir, control) = open();
    assert!(
        control
            .import_lists(&[entry("spam", &["win"])])
            .unwrap()
            .is_empty()
    );
    let m = control.create_monitor("default", &input("a", "x")).unwrap().id;
    uses(dir.path(), &m, "spam");
    assert!(matches!(
        control.put_list("default", "spam", &[]),
        Err(Error::FromFile(_))
    ));
    assert!(matches!(
        control.delete_list("default", "spam"),
        Err(Error::FromFile(_))
    ));
    assert_eq!(control.import_lists(&[entry("spam", &["prize"])]).unwrap(), [m]);
    control.import_lists(&[]).unwrap();
    assert_eq!(control.keyword_list("default", "spam").unwrap().origin, "ui");
    control.put_list("default", "spam", &terms(&["win"])).unwrap();
    control.import_lists(&[entry("spam", &["win"])]).unwrap();
    assert_eq!(control.keyword_list("default", "spam").unwrap().origin, "file");
}
