//! Passes, from one file to another: what they do is the same whatever the two sides are.

use super::*;

/// A file that passes fill.
struct Target {
    dir: tempfile::TempDir,
    db: Connection,
}

impl Target {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Connection::Sqlite(schema::open(&dir.path().join(FILE)).unwrap());
        Self { dir, db }
    }

    fn run(&self, source: &Control, told: &mut dyn FnMut(Progress<'_>)) -> Result<Pass, Error> {
        let connection = source.connection();
        let snapshot = connection.snapshot()?;
        pass(&snapshot, &self.db, &tables()?, told)
    }

    fn pass(&self, source: &Control) -> Pass {
        let pass = self.run(source, &mut |_| ()).unwrap();
        assert!(pass.is_same(), "{:?}", pass.differences().collect::<Vec<_>>());
        pass
    }

    fn refusal(&self, source: &Control) -> String {
        self.run(source, &mut |_| ()).unwrap_err().to_string()
    }

    /// It is opened beside the source's keys, as a control state.
    fn opened(&self, source: &tempfile::TempDir) -> Control {
        let keys = self.dir.path().join("keys");
        if !keys.exists() {
            fs::create_dir(&keys).unwrap();
            for file in fs::read_dir(source.path().join("keys")).unwrap() {
                let file = file.unwrap();
                fs::copy(file.path(), keys.join(file.file_name())).unwrap();
            }
        }
        Control::open(self.dir.path()).unwrap()
    }
}

/// Runs statements on the source's file past the program.
fn change(source: &tempfile::TempDir, statements: &str) {
    let file = rusqlite::Connection::open(source.path().join(FILE)).unwrap();
    file.execute_batch(&format!("PRAGMA foreign_keys = on; {statements}"))
        .unwrap();
}

fn rows(pass: &Pass, table: &str) -> u64 {
    let found = pass.tables.iter().find(|t| t.table == table);
    found.unwrap().target.rows
}

#[test]
fn everything_is_carried_over_and_another_pass_finds_nothing() {
    let (dir, source) = filled();
    let target = Target::new();
    let pass = target.pass(&source);
    assert_eq!((pass.replaced, pass.removed), (0, 0));
    assert!(pass.put > 150 && pass.put == pass.rows(), "{}", pass.put);
    assert_eq!((rows(&pass, "identities"), rows(&pass, "post_links")), (20, 40));
    let again = target.pass(&source);
    assert_eq!((again.changed(), &again.tables), (0, &pass.tables));
    let moved = target.opened(&dir);
    same(&source, &moved);
    // What processes held stays behind; what was there of it came from nowhere else.
    assert_eq!(
        target
            .db
            .query_row("SELECT count(*) FROM leases", [], |row| row.get::<_, u32>(0))
            .unwrap(),
        0
    );
    // The next numbers are those that the source would give.
    let number = |control: &Control| {
        let made = control.create_monitor("default", &input("New", "new")).unwrap();
        let find = "SELECT number FROM monitors WHERE id = ?1";
        control
            .connection()
            .query_row(find, [&made.id], |row| row.get::<_, u32>(0))
            .unwrap()
    };
    assert_eq!((number(&source), number(&moved)), (4, 4));
    moved.audit(&by(Action::Open)).unwrap();
    assert_eq!(moved.audit_chain().unwrap().fault, None);
}

#[test]
fn what_changed_in_between_is_found() {
    let (dir, source) = filled();
    let target = Target::new();
    target.pass(&source);
    let (put, replaced, removed) = (
        "INSERT INTO notes VALUES ('a', 'default', 4, 'local', 'first', 1, NULL), ('z', 'default', 4, 'local', 'last', 1, NULL)",
        "UPDATE alerts SET state = '[]'; UPDATE notes SET text = 'other' WHERE id = 'n'",
        "DELETE FROM list_uses WHERE list = 'words'; DELETE FROM notes WHERE id = 'z'",
    );
    for (statements, expected) in [
        (put, (2, 0, 0)),
        (replaced, (0, 2, 0)),
        (removed, (0, 0, 2)),
        // What has to be there only once changes places.
        (
            "UPDATE monitors SET name = 'between' WHERE name = 'Lamp'; UPDATE monitors SET name = 'Lamp' WHERE name = 'Tea';
             UPDATE monitors SET name = 'Tea' WHERE name = 'between'",
            // With all that hangs on them: two monitors, and what names the first.
            (0, 0, 0),
        ),
        ("UPDATE memberships SET role = 'viewer'", (1, 0, 1)),
        ("UPDATE users SET email = 'ANA@acme.example'", (0, 0, 0)),
        // What names it goes first.
        ("DELETE FROM suppressions; DELETE FROM erasures", (0, 0, 2)),
        ("DELETE FROM identities; DELETE FROM post_links WHERE author IS NULL", (0, 0, 24)),
        // One of two rows that are the same.
        ("DELETE FROM outbox_tries WHERE rowid = 2", (0, 0, 1)),
        ("UPDATE projects SET rowid = 9 WHERE name = 'Änderung'", (1, 0, 1)),
        ("DELETE FROM projects WHERE id = 'default'", (0, 0, 0)),
    ] {
        change(&dir, statements);
        let pass = target.pass(&source);
        let found = (pass.put, pass.replaced, pass.removed);
        match expected {
            (0, 0, 0) => assert!(pass.changed() > 0, "{statements}"),
            expected => assert_eq!(found, expected, "{statements}"),
        }
        assert_eq!(target.pass(&source).changed(), 0, "{statements}");
        let whole = "SELECT count(*) FROM pragma_foreign_key_check";
        assert_eq!(target.db.query_row(whole, [], |row| row.get::<_, u32>(0)).unwrap(), 0);
    }
    assert_eq!(rows(&target.pass(&source), "monitors"), 0);
    let (one, other) = (
        source.audit_chain().unwrap(),
        target.opened(&dir).audit_chain().unwrap(),
    );
    assert_eq!((one.fault.as_ref(), &one), (None, &other));
}

#[test]
fn killed_anywhere_the_next_pass_does_the_rest() {
    let (dir, source) = filled();
    let mut points = 0;
    let target = Target::new();
    while dies(points, |told| drop(target.run(&source, told))) {
        points += 1;
        // Nothing half: what an earlier one did stays, and in between there are changes.
        let text = format!(
            "UPDATE notes SET text = '{points}'; UPDATE monitors SET name = 'Lamp {points}' WHERE number = 1"
        );
        change(&dir, &text);
    }
    assert!(points > 120, "{points}");
    assert_eq!(target.pass(&source).changed(), 0, "the last one was not killed");
    same(&source, &target.opened(&dir));
}

#[test]
fn a_large_vault_is_moved_in_pieces() {
    let (dir, source) = filled();
    for from in (0..12_000).step_by(1_000) {
        source.vault_put(&identities(from..from + 1_000)).unwrap();
    }
    let target = Target::new();
    let count = || {
        target
            .db
            .query_row("SELECT count(*) FROM post_links", [], |row| row.get::<_, u32>(0))
            .unwrap()
    };
    // In the middle of the posts.
    let mut told = 0;
    let died = catch_unwind(AssertUnwindSafe(|| {
        target.run(&source, &mut |at: Progress<'_>| {
            told += 1;
            if at.table == "post_links" && at.rows == 9_000 {
                resume_unwind(Box::new("killed"));
            }
        })
    }));
    assert!(died.is_err() && told > 0);
    let before = count();
    assert!((4_000..12_000).contains(&before) && before % 250 == 0, "{before}");
    let pass = target.pass(&source);
    assert_eq!((rows(&pass, "post_links"), count()), (12_000, 12_000));
    // Every post that comes under a new key is found, and only those.
    let changed = "UPDATE post_links SET checked_at = -5 WHERE hex(post) LIKE '_7%'";
    change(&dir, changed);
    let expected: u64 = target
        .db
        .query_row(
            "SELECT count(*) FROM post_links WHERE hex(post) LIKE '_7%'",
            [],
            |row| row.get::<_, u32>(0),
        )
        .unwrap()
        .into();
    assert_eq!(target.pass(&source).replaced, expected);
    same(&source, &target.opened(&dir));
}

#[test]
fn what_cannot_be_moved_is_named() {
    let (dir, source) = filled();
    for (statement, named) in [
        (
            "INSERT INTO notes VALUES ('bad', 'default', 4, 'local', CAST(x'61ff62' AS TEXT), 1, NULL)",
            "column text of the row of table notes with id \"bad\" cannot be read",
        ),
        (
            "DELETE FROM notes WHERE id = 'bad'; INSERT INTO own_replies VALUES (x'0aff', x'05', CAST(x'ff' AS TEXT), 1, 0)",
            "column account of the row of table own_replies with post 0aff cannot be read",
        ),
    ] {
        change(&dir, statement);
        let said = Target::new().refusal(&source);
        assert!(
            said.contains(named) && said.contains("mend or delete this row"),
            "{said}"
        );
    }
}

#[test]
fn a_log_that_went_another_way_is_not_written_over() {
    let (dir, source) = filled();
    let target = Target::new();
    target.pass(&source);
    let moved = target.opened(&dir);
    moved.audit(&by(Action::Open)).unwrap();
    for _ in 0..2 {
        let said = target.refusal(&source);
        assert!(
            said.contains("audit is not the beginning of the source's") && said.contains("--replace"),
            "{said}"
        );
        // Not even where there are as many rows.
        source.audit(&by(Action::Reveal)).unwrap();
    }
    assert_eq!(moved.audit_chain().unwrap().fault, None);
}

#[test]
fn somebody_who_writes_to_the_target_is_found_out() {
    let (dir, source) = filled();
    let target = Target::new();
    target.pass(&source);
    let odd =
        "CREATE TRIGGER odd AFTER INSERT ON notes BEGIN UPDATE notes SET text = 'odd' WHERE id = new.id; END";
    target.db.execute_batch(odd).unwrap();
    change(
        &dir,
        "INSERT INTO notes VALUES ('a', 'default', 4, 'local', 'first', 1, NULL)",
    );
    let differing = |pass: &Pass| {
        pass.differences()
            .map(|t| (t.table.clone(), t.source.rows, t.target.rows))
            .collect::<Vec<_>>()
    };
    let pass = target.run(&source, &mut |_| ()).unwrap();
    assert_eq!(differing(&pass), [("notes".to_owned(), 2, 2)]);
    // Numbers that would be given twice, too.
    target.db.execute_batch("DROP TRIGGER odd").unwrap();
    let mut begun = 0;
    let pass = target.run(&source, &mut |at: Progress<'_>| {
        begun += u32::from(at.table == "alert_events" && at.rows == 0);
        if begun == 3 {
            target
                .db
                .execute("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'findings'", [])
                .unwrap();
        }
    });
    assert_eq!(
        differing(&pass.unwrap())
            .iter()
            .map(|t| t.0.as_str())
            .collect::<Vec<_>>(),
        ["numbers given"]
    );
    assert_eq!(target.pass(&source).changed(), 0);
}
