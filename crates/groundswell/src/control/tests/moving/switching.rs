//! To a server and back. What needs one is left out where there is none.

use super::*;
use crate::control::keys::Keys;
use crate::control::moving::{Finished, Move, To};
use crate::control::sql::postgres::{Client, Postgres};
use crate::control::tests::either::{database_of, server_or_notice};
use crate::control::{Place, schema_server};

/// A filled folder and the database that belongs to it.
struct Installation {
    dir: tempfile::TempDir,
    server: Postgres,
}

impl Installation {
    fn new(server: &str) -> Self {
        let (dir, control) = filled();
        drop(control);
        let server = database_of(server, dir.path());
        Self { dir, server }
    }

    fn in_file(&self) -> Result<Control, Error> {
        Control::open(self.dir.path())
    }

    fn on_server(&self) -> Result<Control, Error> {
        Control::open(self.place())
    }

    fn place(&self) -> Place {
        Place {
            data: self.dir.path().to_path_buf(),
            postgres: Some(self.server.clone()),
        }
    }

    fn to(&self, to: To) -> Move {
        Move::new(self.dir.path(), &self.server, to)
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    /// Statements past the program, on the server.
    fn on_server_past(&self, statements: &str) {
        let db = Connection::Postgres(Client::open(&self.server).unwrap());
        db.execute_batch(statements).unwrap();
    }

    fn pass(&self, to: To) -> Pass {
        let moving = self.to(to);
        moving.begin(false).unwrap();
        let pass = moving.pass(&mut |_| ()).unwrap();
        assert!(pass.is_same(), "{:?}", pass.differences().collect::<Vec<_>>());
        pass
    }

    /// The end of a move; the rows that the last pass found changed.
    fn finish(&self, to: To) -> Option<u64> {
        let moving = self.to(to);
        moving.begin(false).unwrap();
        match moving.finish(&by(Action::Moved), &mut |_| ()).unwrap() {
            Finished::Moved(pass) => pass.map(|p| p.changed()),
            Finished::Differs(pass) => panic!("{:?}", pass.differences().collect::<Vec<_>>()),
        }
    }

    fn refusal(&self, to: To) -> String {
        let moving = self.to(to);
        let refused = moving.begin(false).and_then(|()| moving.pass(&mut |_| ()));
        refused.unwrap_err().to_string()
    }
}

fn refused(opened: Result<Control, Error>) -> String {
    opened.err().expect("it was opened").to_string()
}

/// What it answers, without what a move puts down in the log.
fn without_log(control: &Control) -> Vec<String> {
    let mut told = answers(control);
    let is_log = |told: &String| told.contains("AuditRow") || told.contains("Chain {");
    assert_eq!(told.iter().filter(|told| is_log(told)).count(), 2);
    told.retain(|told| !is_log(told));
    told
}

fn moves(control: &Control) -> Vec<String> {
    let chain = control.audit_chain().unwrap();
    assert_eq!(chain.fault, None);
    let log = control.audit_page(None, 1_000).unwrap();
    let moved = log.into_iter().filter(|row| row.action == "moved");
    moved.map(|row| row.details).collect()
}

#[test]
fn a_control_state_moves_to_a_server_while_it_is_used_and_back() {
    let Some(server) = server_or_notice("a move to a server and back") else {
        return;
    };
    let all = Installation::new(&server);
    let used = all.in_file().unwrap();
    let first = all.pass(To::Postgres);
    assert!(first.put == first.rows() && first.put > 150);
    assert_eq!(all.pass(To::Postgres).changed(), 0);
    // Half-filled it is nobody's, and the file is still in use.
    let beside = tempfile::tempdir().unwrap();
    let said = refused(Control::open(Place {
        data: beside.path().to_path_buf(),
        postgres: Some(all.server.clone()),
    }));
    assert!(
        said.contains("is closed") && said.contains("being moved into it"),
        "{said}"
    );
    assert!(refused(all.on_server()).contains("migrate --to postgres"));

    used.create_monitor("default", &input("Later", "later")).unwrap();
    used.update_monitor(&used.all_monitors().unwrap()[0].id, &input("Other", "other"))
        .unwrap();
    used.vault_put(&identities(30..60)).unwrap();
    used.forget_post(identities(5..6)[0].post).unwrap();
    used.audit(&by(Action::Open)).unwrap();
    assert!(all.pass(To::Postgres).changed() > 20);
    used.set_setting("last", "thing").unwrap();
    let before = without_log(&used);
    drop(used);
    assert_eq!(all.finish(To::Postgres), Some(1));

    assert!(refused(all.in_file()).contains("is on PostgreSQL"));
    assert!(!all.path(FILE).exists() && all.place().left().is_some());
    let said = all.refusal(To::Postgres);
    assert!(said.contains("nothing to move"), "{said}");
    let moved = all.on_server().unwrap();
    assert_eq!(without_log(&moved), before);
    assert_eq!(moved.setting("last").unwrap().as_deref(), Some("thing"));
    let told = moves(&moved);
    assert!(
        told.len() == 1 && told[0].contains("the PostgreSQL database"),
        "{told:?}"
    );

    // On from there: numbers are not given twice, what is new comes last.
    let made = moved.create_monitor("default", &input("There", "there")).unwrap();
    let find = "SELECT number FROM monitors WHERE id = ?1";
    let number: u32 = moved
        .connection()
        .query_row(find, [&made.id], |row| row.get(0))
        .unwrap();
    assert_eq!(number, 5);
    moved.create_project(&project("Another")).unwrap();
    moved.vault_put(&identities(60..70)).unwrap();
    assert_eq!(all.pass(To::Sqlite).removed, 0);
    moved.outgoing_failed("o", "no", Some(9), 5).unwrap();
    moved.delete_monitor(&made.id).unwrap();
    assert!(all.pass(To::Sqlite).changed() > 2);
    assert!(refused(all.in_file()).contains("is on PostgreSQL"));
    moved.audit(&by(Action::Open)).unwrap();
    let before = without_log(&moved);
    // A server that uses it is found by its lease.
    moved.take_lease("server", "process 7", 60_000).unwrap().unwrap();
    let moving = all.to(To::Sqlite);
    let said = moving
        .finish(&by(Action::Moved), &mut |_| ())
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("process 7 is using") && said.contains("stop every server"),
        "{said}"
    );
    assert!(moved.release_lease("server", "process 7").unwrap());
    all.finish(To::Sqlite).unwrap();

    let back = all.in_file().unwrap();
    assert_eq!(without_log(&back), before);
    assert_eq!(moves(&back).len(), 2);
    assert!(back.faults().unwrap().is_empty());
    let made = back.create_monitor("default", &input("Back", "back")).unwrap();
    let number: u32 = back
        .connection()
        .query_row(find, [&made.id], |row| row.get(0))
        .unwrap();
    assert_eq!(number, 6);
    // Nobody opens what was left, and whoever had it open does not take over.
    for left in [Control::open(all.place()), Control::open_to_read(all.place())] {
        assert!(refused(left).contains("migrate --to postgres"));
    }
    fs::rename(all.path(FILE), all.path("aside")).unwrap();
    for left in [Control::open(all.place()), Control::open_to_read(all.place())] {
        let said = refused(left);
        assert!(
            said.contains("was moved to") && said.contains("take [control] out"),
            "{said}"
        );
    }
    fs::rename(all.path("aside"), all.path(FILE)).unwrap();
    assert_eq!(moved.take_lease("server", "process 8", 60_000).unwrap(), None);
    assert!(all.refusal(To::Sqlite).contains("nothing to move"));
}

#[test]
fn an_end_that_was_killed_anywhere_is_ended_by_the_next() {
    let Some(server) = server_or_notice("a move that is killed") else {
        return;
    };
    let all = Installation::new(&server);
    let mut before = without_log(&all.in_file().unwrap());
    for (to, turns) in [(To::Postgres, 1), (To::Sqlite, 2)] {
        for points in (0..).step_by(17) {
            let moving = all.to(to);
            moving.begin(false).unwrap();
            if !dies(points, |told| drop(moving.finish(&by(Action::Moved), told))) {
                assert!(points > 100, "{points}");
                break;
            }
            // Until the end the source is as it was, and in use.
            let source = match to {
                To::Postgres => all.in_file(),
                To::Sqlite => all.on_server(),
            };
            let source = source.unwrap();
            source.set_setting("killed", &points.to_string()).unwrap();
            assert_eq!(moves(&source).len(), turns - 1);
            before = without_log(&source);
        }
        let target = match to {
            To::Postgres => all.on_server(),
            To::Sqlite => all.in_file(),
        };
        let target = target.unwrap();
        assert_eq!(without_log(&target), before);
        assert_eq!(moves(&target).len(), turns);
    }
}

/// The steps after the last pass, each as a kill leaves it.
#[test]
fn every_half_of_the_switch_is_made_whole() {
    let Some(server) = server_or_notice("a switch that is cut short") else {
        return;
    };
    let all = Installation::new(&server);
    let before = without_log(&all.in_file().unwrap());
    let in_between = "run `groundswell migrate --finish` once more";
    // The folder says that it is on the server, which nobody may open yet.
    all.pass(To::Postgres);
    all.place().mark().unwrap();
    for opened in [all.in_file(), all.on_server()] {
        let said = refused(opened);
        assert!(said.contains(in_between), "{said}");
    }
    assert!(all.refusal(To::Postgres).contains("--finish"));
    let said = all.refusal(To::Sqlite);
    assert!(said.contains("is closed"), "{said}");
    assert_eq!(all.finish(To::Postgres), Some(0));
    let control = all.on_server().unwrap();
    assert_eq!(
        (without_log(&control), moves(&control).len()),
        (before.clone(), 1)
    );
    drop(control);
    // It is open, and the file has its old name yet.
    fs::rename(all.place().left().unwrap(), all.path(FILE)).unwrap();
    assert!(refused(all.on_server()).contains(in_between));
    let said = all.refusal(To::Sqlite);
    assert!(said.contains("--to postgres --finish"), "{said}");
    assert_eq!(all.finish(To::Postgres), None);
    assert_eq!(moves(&all.on_server().unwrap()).len(), 1);

    // Back: the server is closed, the file nobody's yet.
    all.pass(To::Sqlite);
    close_as_left(&all);
    assert!(refused(all.on_server()).contains("is closed"));
    assert!(all.refusal(To::Sqlite).contains("--finish"));
    assert_eq!(all.finish(To::Sqlite), Some(0));
    assert_eq!(moves(&all.in_file().unwrap()).len(), 2);
    // The file is as it should be, and has not got its name; or has, and the folder says that it is on the server.
    for name in ["control.db.unfinished", FILE] {
        let file = rusqlite::Connection::open(all.path(FILE)).unwrap();
        file.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        drop(file);
        if name != FILE {
            fs::rename(all.path(FILE), all.path(name)).unwrap();
        }
        all.place().mark().unwrap();
        assert!(refused(all.in_file()).contains(if name == FILE {
            in_between
        } else {
            "is on PostgreSQL"
        }));
        assert_eq!(all.finish(To::Sqlite), None, "{name}");
        let back = all.in_file().unwrap();
        assert_eq!(
            (without_log(&back), moves(&back).len()),
            (before.clone(), 2),
            "{name}"
        );
    }
}

/// Closes the server's database as the end of a move back does, which is then cut short.
fn close_as_left(all: &Installation) {
    let db = Connection::Postgres(Client::open(&all.server).unwrap());
    let change = db.transaction().unwrap();
    let closed = schema_server::Closed {
        why: "moved".into(),
        installation: Keys::installation(&all.path("keys")).unwrap(),
        is_filling: false,
    };
    schema_server::close(&change, &closed).unwrap();
    change.commit().unwrap();
}

#[test]
fn a_target_that_holds_something_is_not_written_over() {
    let Some(server) = server_or_notice("targets that hold something") else {
        return;
    };
    let all = Installation::new(&server);
    let expected = without_log(&all.in_file().unwrap());
    // Another installation's.
    let other = tempfile::tempdir().unwrap();
    let other_place = Place {
        data: other.path().to_path_buf(),
        postgres: Some(all.server.clone()),
    };
    drop(Control::open(other_place.clone()).unwrap());
    for replaced in [false, true] {
        let said = all.to(To::Postgres).begin(replaced).unwrap_err().to_string();
        assert!(said.contains("belongs to another installation"), "{said}");
    }
    assert!(Control::open(other_place).is_ok());
    // One that another installation is moving into.
    let another = Installation {
        server: database_of(&server, tempfile::tempdir().unwrap().path()),
        ..Installation::new(&server)
    };
    let all = Installation {
        server: another.server.clone(),
        ..all
    };
    another.pass(To::Postgres);
    for replaced in [false, true] {
        assert!(all.to(To::Postgres).begin(replaced).is_err());
    }
    // Its own, that it left: only where that is said.
    another.finish(To::Postgres);
    another.finish(To::Sqlite);
    let said = another.refusal(To::Postgres);
    assert!(
        said.contains("control.db.moved is there from an earlier move"),
        "{said}"
    );
    fs::remove_file(another.place().left().unwrap()).unwrap();
    let said = another.refusal(To::Postgres);
    assert!(
        said.contains("holds a control state of this installation already"),
        "{said}"
    );
    another.in_file().unwrap().audit(&by(Action::Open)).unwrap();
    another.to(To::Postgres).begin(true).unwrap();
    let pass = another.pass(To::Postgres);
    assert_eq!(pass.put, pass.rows(), "it began empty");
    // Said once more it does not begin anew.
    another.to(To::Postgres).begin(true).unwrap();
    assert_eq!(another.pass(To::Postgres).changed(), 0);
    another.finish(To::Postgres);
    assert_eq!(moves(&another.on_server().unwrap()).len(), 3);
    assert_eq!(expected.len(), without_log(&all.in_file().unwrap()).len());
    // Somebody else's altogether.
    let recipes = Installation {
        server: database_of(&server, tempfile::tempdir().unwrap().path()),
        ..all
    };
    recipes.on_server_past("CREATE TABLE projects (name TEXT)");
    assert!(matches!(
        recipes.to(To::Postgres).begin(true),
        Err(Error::Foreign { .. })
    ));
}

#[test]
fn what_a_server_cannot_keep_and_keys_that_do_not_fit_are_named() {
    let Some(server) = server_or_notice("rows that a server cannot keep") else {
        return;
    };
    let all = Installation::new(&server);
    let file = rusqlite::Connection::open(all.path(FILE)).unwrap();
    file.execute_batch(
        "INSERT INTO notes VALUES ('nul', 'default', 4, 'local', CAST(x'610062' AS TEXT), 1, NULL)",
    )
    .unwrap();
    let said = all.refusal(To::Postgres);
    assert!(
        said.contains("column text of the row of table notes with id \"nul\" holds the character U+0000"),
        "{said}"
    );
    file.execute_batch("DELETE FROM notes WHERE id = 'nul'").unwrap();
    all.pass(To::Postgres);
    // Whoever writes to the target meanwhile is found at the end, and nothing is switched.
    all.on_server_past(
        "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.text := 'odd'; RETURN NEW; END $$;
         CREATE TRIGGER odd BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION odd();
         DELETE FROM notes;",
    );
    let finished = all
        .to(To::Postgres)
        .finish(&by(Action::Moved), &mut |_| ())
        .unwrap();
    let Finished::Differs(pass) = finished else {
        panic!("{finished:?}")
    };
    assert_eq!(
        pass.differences().map(|t| t.table.as_str()).collect::<Vec<_>>(),
        ["notes"]
    );
    assert!(moves(&all.in_file().unwrap()).is_empty());
    all.on_server_past("DROP TRIGGER odd ON notes");
    drop(file);
    let key = all.path("keys/wrap.key");
    let bytes = fs::read(&key).unwrap();
    fs::write(&key, [1; 32]).unwrap();
    let said = all.refusal(To::Postgres);
    assert!(said.contains("wrap.key: is not the key of"), "{said}");
    fs::write(&key, bytes).unwrap();
    assert_eq!(all.finish(To::Postgres), Some(1));
}

#[test]
fn a_folder_whose_control_state_was_moved_away_does_not_begin_anew() {
    let (dir, control) = filled();
    drop(control);
    fs::rename(dir.path().join(FILE), dir.path().join("control.db.moved")).unwrap();
    let said = refused(Control::open(dir.path()));
    assert!(
        said.contains("control.db.moved: the control state of this folder was moved"),
        "{said}"
    );
    assert!(!dir.path().join(FILE).exists());
    fs::rename(dir.path().join("control.db.moved"), dir.path().join(FILE)).unwrap();
    assert!(Control::open(dir.path()).is_ok());
    // What a move is filling is no control state, under whatever name.
    fs::remove_file(dir.path().join(FILE)).unwrap();
    drop(schema::open_filling(&dir.path().join(FILE)).unwrap());
    assert!(matches!(Control::open(dir.path()), Err(Error::Foreign { .. })));
    assert!(matches!(
        Control::open_to_read(dir.path()),
        Err(Error::Foreign { .. })
    ));
}
