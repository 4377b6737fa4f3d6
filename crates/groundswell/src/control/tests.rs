#![allow(clippy::unwrap_used)]

use super::{Control, Error, FILE, OpenBackfill};
use crate::api::types::{Monitor, MonitorInput, Objective, ProjectInput, Role};
use crate::config::MonitorEntry;
use crate::pipeline::BackfillStep;
use post::{AuthorKey, Identity, PostKey};
use std::fs;
use std::path::Path;

fn open() -> (tempfile::TempDir, Control) {
    let dir = tempfile::tempdir().unwrap();
    let control = Control::open(dir.path()).unwrap();
    (dir, control)
}

fn open_error(dir: &Path) -> Error {
    match Control::open(dir) {
        Err(error) => error,
        Ok(_) => panic!("opened"),
    }
}

fn input(name: &str, query: &str) -> MonitorInput {
    MonitorInput {
        name: name.into(),
        role: Role::Topic,
        query: query.into(),
        active: true,
        color: None,
    }
}

fn sql(dir: &Path, statement: &str) {
    rusqlite::Connection::open(dir.join(FILE))
        .unwrap()
        .execute_batch(statement)
        .unwrap();
}

mod opening {
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
        let control = Control::open(dir.path()).unwrap();
        assert_eq!((control.keys().id, control.keys().wrap), (keys.id, keys.wrap));
        assert_eq!(control.projects().unwrap().len(), 1);
        assert_eq!(format!("{:?}", control.keys()), "Keys(<secret>)");
    }

    #[cfg(unix)]
    #[test]
    fn keys_and_database_are_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let (dir, _control) = open();
        for file in ["keys/id.key", "keys/wrap.key", FILE] {
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
            error.contains("wrap.key: is not the key of") && error.contains(FILE),
            "{error}"
        );
    }

    #[test]
    fn newer_foreign_and_broken_databases_are_refused() {
        let (dir, _) = open();
        sql(dir.path(), "PRAGMA user_version = 99");
        let error = open_error(dir.path());
        assert!(matches!(error, Error::Newer { found: 99, .. }), "{error}");

        let dir = tempfile::tempdir().unwrap();
        drop(Control::open(dir.path()));
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
}

mod projects {
    use super::*;

    fn named(name: &str) -> ProjectInput {
        ProjectInput {
            name: name.into(),
            objective: Objective::Competition,
        }
    }

    #[test]
    fn projects_are_made_changed_and_deleted_with_their_monitors() {
        let (dir, control) = open();
        let project = control.create_project(&named(" Tea ")).unwrap();
        assert_eq!(
            (project.name.as_str(), project.objective),
            ("Tea", Objective::Competition)
        );
        let monitor = control
            .create_monitor(&project.id, &input("Green", "green tea"))
            .unwrap();
        let renamed = ProjectInput {
            name: "Coffee".into(),
            objective: Objective::Awareness,
        };
        control.update_project(&project.id, &renamed).unwrap();
        drop(control);
        let control = Control::open(dir.path()).unwrap();
        let kept = control.project(&project.id).unwrap();
        assert_eq!(
            (kept.name.as_str(), kept.objective),
            ("Coffee", Objective::Awareness)
        );
        let before = control.monitor_set().unwrap().version;
        assert_eq!(control.delete_project(&project.id).unwrap(), [monitor.id]);
        assert!(matches!(
            control.project(&project.id),
            Err(Error::NotFound("project"))
        ));
        assert!(control.all_monitors().unwrap().is_empty());
        assert!(control.monitor_set().unwrap().version > before);
    }

    #[test]
    fn bad_names_taken_names_and_the_default_project_are_refused() {
        let (_dir, control) = open();
        control.create_project(&named("Tea")).unwrap();
        assert!(matches!(control.create_project(&named("tea")), Err(Error::NameTaken(n)) if n == "tea"));
        for bad in ["", "  ", "a\nb", &"x".repeat(201)] {
            assert!(
                matches!(control.create_project(&named(bad)), Err(Error::Invalid(_))),
                "{bad:?}"
            );
        }
        assert!(matches!(
            control.delete_project("default"),
            Err(Error::DefaultProject)
        ));
        assert!(matches!(
            control.delete_project("p_none"),
            Err(Error::NotFound(_))
        ));
        assert!(matches!(
            control.update_project("p_none", &named("x")),
            Err(Error::NotFound(_))
        ));
        let nowhere = control.create_monitor("p_none", &input("a", "b"));
        assert!(matches!(nowhere, Err(Error::NotFound("project"))));
    }
}

mod monitors {
    use super::*;

    #[test]
    fn every_change_of_the_query_is_a_version_that_is_kept() {
        let (dir, control) = open();
        let m = control.create_monitor("default", &input("Lamp", "lamp")).unwrap();
        assert_eq!((m.version, m.origin.as_str(), m.mentions), (1, "ui", 0));
        let same = control.update_monitor(&m.id, &input("Lamps", " lamp ")).unwrap();
        assert_eq!((same.version, same.name.as_str()), (1, "Lamps"));
        let new = control
            .update_monitor(&m.id, &input("Lamps", "lamp OR light"))
            .unwrap();
        assert_eq!((new.version, new.color), (2, m.color));
        drop(control);
        let control = Control::open(dir.path()).unwrap();
        let versions = control.monitor_versions(&m.id).unwrap();
        let versions: Vec<_> = versions.iter().map(|v| (v.version, v.query.as_str())).collect();
        assert_eq!(versions, [(1, "lamp"), (2, "lamp OR light")]);
        assert_eq!(control.monitor(&m.id).unwrap().query, "lamp OR light");
        control.delete_monitor(&m.id).unwrap();
        assert!(matches!(
            control.monitor_versions(&m.id),
            Err(Error::NotFound("monitor"))
        ));
        assert!(matches!(
            control.delete_monitor(&m.id),
            Err(Error::NotFound("monitor"))
        ));
    }

    #[test]
    fn the_set_holds_all_monitors_in_a_stable_order_and_its_version_grows() {
        let (_dir, control) = open();
        assert_eq!(control.monitor_set().unwrap().version, 0);
        let a = control.create_monitor("default", &input("a", "x")).unwrap();
        let b = control.create_monitor("default", &input("b", "y")).unwrap();
        let paused = MonitorInput {
            active: false,
            ..input("a", "x")
        };
        control.update_monitor(&a.id, &paused).unwrap();
        let set = control.monitor_set().unwrap();
        assert_eq!(set.version, 3);
        let seen: Vec<_> = set
            .monitors
            .iter()
            .map(|m| (m.id.as_str(), m.active, m.query.as_str()))
            .collect();
        assert_eq!(seen, [(a.id.as_str(), false, "x"), (b.id.as_str(), true, "y")]);
        control.delete_monitor(&a.id).unwrap();
        assert_eq!(control.monitor_set().unwrap().version, 4);
    }

    #[test]
    fn colours_go_to_the_least_used_and_stay() {
        let (_dir, control) = open();
        let make = |n: usize, color| {
            let wanted = MonitorInput {
                color,
                ..input(&format!("m{n}"), "q")
            };
            control.create_monitor("default", &wanted).unwrap()
        };
        assert_eq!(make(0, Some(2)).color, 2);
        let rest: Vec<u8> = (1..9).map(|n| make(n, None).color).collect();
        assert_eq!(rest, [0, 1, 3, 4, 5, 6, 7, 0]);
        let freed = control
            .monitors("default")
            .unwrap()
            .into_iter()
            .find(|m| m.color == 5)
            .unwrap();
        control.delete_monitor(&freed.id).unwrap();
        assert_eq!(make(9, None).color, 5);
        let wrong = MonitorInput {
            color: Some(8),
            ..input("z", "q")
        };
        assert!(matches!(
            control.create_monitor("default", &wrong),
            Err(Error::Invalid(_))
        ));
    }

    #[test]
    fn a_name_is_used_once_in_a_project_and_a_failed_change_leaves_nothing() {
        let (_dir, control) = open();
        control.create_monitor("default", &input("Lamp", "lamp")).unwrap();
        let other = control
            .create_monitor("default", &input("Light", "light"))
            .unwrap();
        let before = control.monitor_set().unwrap();
        assert!(matches!(
            control.create_monitor("default", &input("LAMP", "x")),
            Err(Error::NameTaken(name)) if name == "LAMP"
        ));
        assert!(matches!(
            control.update_monitor(&other.id, &input("lamp", "new")),
            Err(Error::NameTaken(_))
        ));
        assert!(matches!(
            control.create_monitor("default", &input("x", "  ")),
            Err(Error::Invalid(_))
        ));
        assert_eq!(control.monitor_set().unwrap(), before);
        assert_eq!(control.monitor_versions(&other.id).unwrap().len(), 1);
        let elsewhere = ProjectInput {
            name: "Two".into(),
            objective: Objective::Trends,
        };
        let project = control.create_project(&elsewhere).unwrap();
        assert!(
            control
                .create_monitor(&project.id, &input("Lamp", "lamp"))
                .is_ok()
        );
        assert_eq!(control.monitors("default").unwrap().len(), 2);
    }
}

mod import {
    use super::*;

    fn entry(name: &str, query: &str) -> MonitorEntry {
        MonitorEntry {
            name: name.into(),
            role: Role::Brand,
            query: query.into(),
        }
    }

    fn monitor(control: &Control, name: &str) -> Monitor {
        control
            .monitors("default")
            .unwrap()
            .into_iter()
            .find(|m| m.name == name)
            .unwrap()
    }

    #[test]
    fn the_file_decides_about_its_monitors() {
        let (_dir, control) = open();
        let search = control
            .import_monitors(&[entry("Lamp", "lamp"), entry("Light", "light")])
            .unwrap();
        let lamp = monitor(&control, "Lamp");
        assert_eq!(search, [lamp.id.clone(), monitor(&control, "Light").id]);
        assert_eq!(lamp.origin, "file");
        let version = control.monitor_set().unwrap().version;
        assert!(
            control
                .import_monitors(&[entry("Lamp", "lamp"), entry("Light", "light")])
                .unwrap()
                .is_empty()
        );
        assert_eq!(control.monitor_set().unwrap().version, version);

        let changed = MonitorInput {
            role: Role::Brand,
            ..input("Lamp", "mine")
        };
        assert!(
            matches!(control.update_monitor(&lamp.id, &changed), Err(Error::FromFile(name)) if name == "Lamp")
        );
        assert!(matches!(
            control.delete_monitor(&lamp.id),
            Err(Error::FromFile(_))
        ));
        let paused = MonitorInput {
            role: Role::Brand,
            active: false,
            color: Some(6),
            ..input("Lamp", "lamp")
        };
        control.update_monitor(&lamp.id, &paused).unwrap();

        let search = control
            .import_monitors(&[entry("Lamp", "lamp"), entry("Light", "light OR lit")])
            .unwrap();
        assert_eq!(search, [monitor(&control, "Light").id]);
        let lamp = monitor(&control, "Lamp");
        assert_eq!((lamp.active, lamp.color), (false, 6), "a pause survives a start");
        assert_eq!(monitor(&control, "Light").version, 2);
    }

    #[test]
    fn what_leaves_the_file_is_paused_and_can_come_back() {
        let (_dir, control) = open();
        control.import_monitors(&[entry("Lamp", "lamp")]).unwrap();
        assert!(control.import_monitors(&[]).unwrap().is_empty());
        let left = monitor(&control, "Lamp");
        assert_eq!((left.origin.as_str(), left.active), ("ui", false));
        let search = control.import_monitors(&[entry("Lamp", "lamp")]).unwrap();
        let back = monitor(&control, "Lamp");
        assert_eq!(search, [left.id.clone()]);
        assert_eq!(
            (back.id, back.origin.as_str(), back.active, back.version),
            (left.id, "file", true, 1)
        );
    }

    #[test]
    fn a_monitor_of_the_app_that_the_file_names_becomes_the_files() {
        let (_dir, control) = open();
        let made = control.create_monitor("default", &input("lamp", "lamp")).unwrap();
        assert!(
            control
                .import_monitors(&[entry("Lamp", "lamp")])
                .unwrap()
                .is_empty(),
            "nothing new to search"
        );
        let now = control.monitor(&made.id).unwrap();
        assert_eq!(
            (now.origin.as_str(), now.name.as_str(), now.role),
            ("file", "Lamp", Role::Brand)
        );
    }
}

mod backfills {
    use super::*;

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
        control.backfill_begin(&m.id, 1).unwrap();
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
        let control = Control::open(dir.path()).unwrap();
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
        control.backfill_begin(&m.id, 1).unwrap();
        control.backfill_bounds(&m.id, 1, 0, 100, None).unwrap();
        control.update_monitor(&m.id, &input("a", "y")).unwrap();
        assert!(
            control.monitor(&m.id).unwrap().backfill.is_none(),
            "not searched at this version"
        );
        control.backfill_begin(&m.id, 2).unwrap();
        control.backfill_step(&step(&m.id, 1, 100, 9, true)).unwrap();
        let open = control.open_backfills().unwrap();
        assert_eq!((open.len(), open[0].version, open[0].next), (1, 2, 0));
        control.delete_monitor(&m.id).unwrap();
        assert!(control.open_backfills().unwrap().is_empty());
        assert!(matches!(
            control.backfill_begin(&m.id, 2),
            Err(Error::NotFound("monitor"))
        ));
    }
}

mod vault {
    use super::*;

    const ANA: AuthorKey = AuthorKey([1; 16]);
    const BEN: AuthorKey = AuthorKey([2; 16]);

    fn key(n: u8) -> PostKey {
        PostKey([n; 16])
    }

    fn identity(n: u8, handle: &str) -> Identity {
        Identity {
            uid: format!("bluesky:secretuid{n}"),
            permalink: Some(format!("https://example.org/secretlink{n}")),
            author_id: Some("did:plc:secretauthor".into()),
            handle: Some(handle.into()),
            name: Some("Secretname".into()),
        }
    }

    fn bytes_of(dir: &Path) -> Vec<u8> {
        let files = fs::read_dir(dir)
            .unwrap()
            .map(|f| f.unwrap().path())
            .filter(|p| p.is_file());
        files.flat_map(|p| fs::read(p).unwrap()).collect()
    }

    fn holds(bytes: &[u8], what: &[u8]) -> bool {
        bytes.windows(what.len()).any(|w| w == what)
    }

    #[test]
    fn what_was_put_is_opened_again_with_the_newest_profile() {
        let (dir, control) = open();
        let alone = Identity {
            author_id: None,
            ..identity(3, "nobody.example")
        };
        control
            .vault_put(&[
                (key(1), Some(ANA), identity(1, "ana.example")),
                (key(2), Some(BEN), identity(2, "ben.example")),
                (key(3), None, alone.clone()),
            ])
            .unwrap();
        control
            .vault_put(&[(key(4), Some(ANA), identity(4, "ana-new.example"))])
            .unwrap();
        drop(control);
        let control = Control::open(dir.path()).unwrap();
        assert_eq!(
            control.open_post(key(1)).unwrap(),
            Some(identity(1, "ana-new.example"))
        );
        assert_eq!(
            control.open_post(key(2)).unwrap(),
            Some(identity(2, "ben.example"))
        );
        assert_eq!(control.open_post(key(3)).unwrap(), Some(alone));
        assert_eq!(
            control.open_post(key(4)).unwrap(),
            Some(identity(4, "ana-new.example"))
        );
        assert_eq!(control.open_post(key(5)).unwrap(), None);
    }

    #[test]
    fn nothing_of_an_identity_is_readable_on_disk() {
        let (dir, control) = open();
        let items = [
            (key(1), Some(ANA), identity(1, "secrethandle")),
            (key(2), None, identity(2, "secrethandle")),
        ];
        control.vault_put(&items).unwrap();
        let check = |bytes: &[u8]| {
            for secret in ["secret", "Secret", "did:plc", "example.org"] {
                assert!(!holds(bytes, secret.as_bytes()), "{secret}");
            }
        };
        let running = bytes_of(dir.path());
        assert!(holds(&running, &ANA.0), "the vault's rows are on disk");
        check(&running);
        drop(control);
        check(&bytes_of(dir.path()));
    }

    #[test]
    fn a_forgotten_post_takes_nothing_else_with_it() {
        let (_dir, control) = open();
        let posts = [1, 2].map(|n| (key(n), Some(ANA), identity(n, "ana.example")));
        control.vault_put(&posts).unwrap();
        control.forget_post(key(1)).unwrap();
        assert_eq!(control.open_post(key(1)).unwrap(), None);
        assert_eq!(
            control.open_post(key(2)).unwrap(),
            Some(identity(2, "ana.example"))
        );
    }

    #[test]
    fn forgetting_an_author_leaves_no_byte_of_key_or_posts() {
        let (dir, control) = open();
        let posts = [1, 2].map(|n| (key(n), Some(ANA), identity(n, "ana.example")));
        control.vault_put(&posts).unwrap();
        control
            .vault_put(&[(key(3), Some(BEN), identity(3, "ben.example"))])
            .unwrap();
        let row = |table: &str, column: &str| -> Vec<u8> {
            let find = format!("SELECT {column} FROM {table} WHERE author = ?1 LIMIT 1");
            control
                .connection()
                .query_row(&find, [ANA.0], |r| r.get(0))
                .unwrap()
        };
        let written = [
            row("identities", "wrapped_key"),
            row("identities", "sealed"),
            row("post_links", "sealed"),
        ];
        assert!(written.iter().all(|w| holds(&bytes_of(dir.path()), w)));
        control.forget_author(ANA).unwrap();
        let left = bytes_of(dir.path());
        assert!(!written.iter().any(|w| holds(&left, w)), "bytes stay");
        assert!(!holds(&left, &ANA.0) && !holds(&left, &key(1).0));
        assert_eq!(control.open_post(key(1)).unwrap(), None);
        assert_eq!(control.open_post(key(2)).unwrap(), None);
        assert_eq!(
            control.open_post(key(3)).unwrap(),
            Some(identity(3, "ben.example"))
        );
    }

    #[test]
    fn a_sealed_identity_cannot_be_moved_to_another_post() {
        let (dir, control) = open();
        let posts = [1, 2].map(|n| (key(n), Some(ANA), identity(n, "ana.example")));
        control.vault_put(&posts).unwrap();
        sql(
            dir.path(),
            "UPDATE post_links SET sealed = (SELECT sealed FROM post_links WHERE post = x'02020202020202020202020202020202')",
        );
        assert!(matches!(control.open_post(key(1)), Err(Error::Sealed)));
        assert!(control.open_post(key(2)).unwrap().is_some());
    }
}

#[test]
fn settings_are_kept() {
    let (dir, control) = open();
    assert_eq!(control.setting("tour").unwrap(), None);
    control.set_setting("tour", "seen").unwrap();
    control.set_setting("tour", "done").unwrap();
    drop(control);
    assert_eq!(
        Control::open(dir.path())
            .unwrap()
            .setting("tour")
            .unwrap()
            .as_deref(),
        Some("done")
    );
}
