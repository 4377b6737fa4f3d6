use super::*;

#[test]
fn a_first_start_has_a_default_project_and_keys_that_stay() {
    let (dir, control) = open();
    let keys = control.keys().clone();
    assert_ne!(keys.id, keys.wrap);
    let projects = control.projects().unwrap();
    assert_eq!(projects.len(), 1);
    assert_eq!(
        (projects[0].id.as_str(), projects[0].objective),
        ("default", Objective::BrandMentions)
    );
    drop(control);
    let control = Control::open(place(dir.path())).unwrap();
    assert_eq!((control.keys().id, control.keys().wrap), (keys.id, keys.wrap));
    assert_eq!(control.projects().unwrap().len(), 1);
    assert_eq!(format!("{:?}", control.keys()), "Keys(<secret>)");
}

#[cfg(unix)]
#[test]
fn keys_and_database_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, control) = open();
    let database = if is_on_server() { "keys/sign.key" } else { FILE };
    for file in ["keys/id.key", "keys/wrap.key", database] {
        let mode = fs::metadata(dir.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let key = dir.path().join("keys/wrap.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let error = open_error(dir.path()).to_string();
    assert!(
        error.contains("wrap.key") && error.contains("(mode 640): run chmod 600"),
        "{error}"
    );
    // As Kubernetes hands secrets over; of anybody but root it is refused.
    fs::set_permissions(&key, fs::Permissions::from_mode(0o440)).unwrap();
    let is_of_root = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&key).unwrap()) == 0;
    drop(control);
    assert_eq!(Control::open(place(dir.path())).is_ok(), is_of_root);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o444)).unwrap();
    assert!(open_error(dir.path()).to_string().contains("(mode 444)"));
}

#[test]
fn lost_cut_or_foreign_keys_are_refused() {
    let key = |dir: &tempfile::TempDir, name: &str| dir.path().join("keys").join(name);
    let (dir, _) = open();
    fs::remove_file(key(&dir, "id.key")).unwrap();
    let error = open_error(dir.path()).to_string();
    assert!(
        error.contains("id.key: missing") && error.contains("backup"),
        "{error}"
    );

    let (dir, _) = open();
    fs::write(key(&dir, "id.key"), b"short").unwrap();
    assert!(
        open_error(dir.path())
            .to_string()
            .contains("has 5 bytes instead of 32")
    );

    let (dir, _) = open();
    fs::write(key(&dir, "wrap.key"), [1; 32]).unwrap();
    let error = open_error(dir.path()).to_string();
    assert!(
        error.contains("wrap.key: is not the key of") && (is_on_server() || error.contains(FILE)),
        "{error}"
    );
}

#[test]
fn newer_foreign_and_broken_databases_are_refused() {
    if is_on_server() {
        return;
    }
    let (dir, _) = open();
    sql(dir.path(), "PRAGMA user_version = 99");
    let error = open_error(dir.path());
    assert!(matches!(error, Error::Newer { found: 99, .. }), "{error}");

    let dir = tempfile::tempdir().unwrap();
    drop(Control::open(place(dir.path())));
    for file in [FILE, "control.db-wal", "control.db-shm"] {
        let _ = fs::remove_file(dir.path().join(file));
    }
    sql(dir.path(), "CREATE TABLE recipes (name TEXT)");
    assert!(matches!(open_error(dir.path()), Error::Foreign { .. }));

    fs::write(dir.path().join(FILE), [b'x'; 5000]).unwrap();
    let error = open_error(dir.path()).to_string();
    assert!(
        error.contains(FILE) && error.contains("not a database"),
        "{error}"
    );
}
