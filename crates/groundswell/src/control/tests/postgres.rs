//! What only a server can do: several at once, and going away.

use super::either::{database, database_of, server_or_notice};
use super::*;
use crate::control::schema::STEPS;
use crate::control::sql::Error as Refused;
use crate::control::sql::postgres::{Client, Postgres};
use crate::control::{AccessRole, Action, AuditEvent, Place, schema_server};

fn event(actor: &str) -> AuditEvent {
    AuditEvent::new(actor, AccessRole::Admin, Action::Changed)
}

#[test]
fn two_servers_at_once_keep_one_chain_and_one_owner_of_a_lease() {
    if server_or_notice("two servers at once").is_none() {
        return;
    }
    let (dir, first) = open();
    let second = &Control::open(place(dir.path())).unwrap();
    let owners = std::thread::scope(|scope| {
        let run = |control: &Control, name: &str| {
            for _ in 0..40 {
                control.audit(&event(name)).unwrap();
            }
            control.take_lease("source:a", name, 60_000).unwrap().is_some()
        };
        let other = scope.spawn(move || run(second, "second"));
        [run(&first, "first"), other.join().unwrap()]
    });
    let chain = first.audit_chain().unwrap();
    assert_eq!((chain.rows, chain.fault), (80, None));
    assert_eq!(owners.iter().filter(|owns| **owns).count(), 1);
}

#[test]
fn a_connection_lost_in_the_middle_of_a_change_keeps_nothing_of_it_and_comes_back() {
    let Some(server) = server_or_notice("a lost connection") else {
        return;
    };
    let (dir, control) = open();
    let other = Client::open(&database_of(&server, dir.path())).unwrap();
    let other = super::super::Connection::Postgres(other);
    let cut = || {
        other.execute_batch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
    };
    let lost = control.write(|db| {
        crate::control::settings::set(db, "half", "done")?;
        cut()?;
        crate::control::settings::set(db, "other half", "done")
    });
    assert!(matches!(lost, Err(Error::Database(Refused::Lost(_)))), "{lost:?}");
    assert_eq!(control.setting("half").unwrap(), None);
    // Between two changes nobody notices.
    cut().unwrap();
    control.set_setting("whole", "done").unwrap();
    cut().unwrap();
    assert_eq!(control.setting("whole").unwrap().as_deref(), Some("done"));
}

#[test]
fn a_change_in_which_a_statement_failed_is_not_kept_by_half() {
    if server_or_notice("a failed statement").is_none() {
        return;
    }
    let (_dir, control) = open();
    let kept = control.write(|db| {
        crate::control::settings::set(db, "half", "done")?;
        let _ = db.execute("INSERT INTO nowhere VALUES (?1)", [1]);
        Ok(())
    });
    assert!(
        matches!(kept, Err(Error::Database(Refused::Postgres { .. }))),
        "{kept:?}"
    );
    assert_eq!(control.setting("half").unwrap(), None);
}

#[test]
fn every_earlier_schema_is_brought_forward_and_a_newer_one_is_refused() {
    let Some(server) = server_or_notice("migrations") else {
        return;
    };
    for step in 0..=STEPS.len() {
        let dir = tempfile::tempdir().unwrap();
        let settings = database_of(&server, dir.path());
        drop(schema_server::open_and_step(&settings, step).unwrap());
        let control = Control::open(place(dir.path())).unwrap();
        control.audit(&event("after")).unwrap();
        assert_eq!(control.audit_chain().unwrap().fault, None, "from schema {step}");
    }
    let (dir, _) = open();
    super::sql(dir.path(), "UPDATE groundswell_schema SET version = 99");
    let error = Control::open(place(dir.path())).err().unwrap();
    assert!(matches!(error, Error::Newer { found: 99, .. }), "{error}");
    assert!(error.to_string().contains("use a newer groundswell"), "{error}");
}

#[test]
fn a_database_of_somebody_else_is_refused() {
    let Some(server) = server_or_notice("somebody else's database") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    database_of(&server, dir.path());
    super::sql(dir.path(), "CREATE TABLE projects (name TEXT)");
    assert!(matches!(
        Control::open(place(dir.path())),
        Err(Error::Foreign { .. })
    ));
}

#[test]
fn reading_alone_changes_nothing() {
    if server_or_notice("reading alone").is_none() {
        return;
    }
    let (dir, control) = open();
    control.set_setting("a", "b").unwrap();
    let reader = Control::open_to_read(place(dir.path())).unwrap();
    assert_eq!(reader.setting("a").unwrap().as_deref(), Some("b"));
    assert!(reader.set_setting("a", "c").is_err());
}

#[test]
fn a_server_that_is_away_is_named_without_its_password() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Postgres::new("postgres://g@127.0.0.1:1/g", Some("hush-hush"), None).unwrap();
    let place = Place {
        data: dir.path().to_path_buf(),
        postgres: Some(settings),
    };
    let error = Control::open(place).err().unwrap().to_string();
    assert!(
        error.contains("cannot reach PostgreSQL at 127.0.0.1:1/g") && !error.contains("hush"),
        "{error}"
    );
}

#[test]
fn a_folder_whose_control_state_is_elsewhere_is_refused() {
    let Some(server) = server_or_notice("a folder's own file") else {
        return;
    };
    let (dir, _) = open();
    let elsewhere = Control::open(dir.path()).err().unwrap();
    assert!(matches!(elsewhere, Error::Elsewhere { .. }), "{elsewhere}");
    let file = tempfile::tempdir().unwrap();
    drop(Control::open(file.path()).unwrap());
    let place = Place {
        data: file.path().to_path_buf(),
        postgres: Some(database(&server, "postgres")),
    };
    assert!(matches!(Control::open(place), Err(Error::Elsewhere { .. })));
}

#[test]
fn a_message_is_one_servers_to_send_until_its_time_is_over() {
    if server_or_notice("one outbox of two servers").is_none() {
        return;
    }
    let (dir, first) = open();
    let second = Control::open(place(dir.path())).unwrap();
    let now = crate::clock::now();
    super::sql(
        dir.path(),
        &format!(
            "INSERT INTO outbox (id, project, name, letter, made_at, state, tries, at)
             SELECT 'm_' || n, 'default', 'n' || n, '{{\"to\":\"ana@acme.example\",\"subject\":\"s\",\"text\":\"t\"}}', {now}, 'waiting', 0, {now}
             FROM generate_series(1, 40) AS n"
        ),
    );
    let (a, b) = std::thread::scope(|scope| {
        let other = scope.spawn(|| second.outgoing_due(now, 25, true).unwrap());
        (first.outgoing_due(now, 25, true).unwrap(), other.join().unwrap())
    });
    let mut ids: Vec<_> = a.iter().chain(&b).map(|m| m.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), a.len() + b.len()), (40, 40));
    assert!(first.outgoing_due(now, 99, true).unwrap().is_empty());
    assert_eq!(first.outgoing_due(now + 3_600_000, 99, true).unwrap().len(), 40);
}

#[test]
fn a_server_is_spoken_to_by_tls_and_its_certificate_is_checked() {
    let named = |what: &str| std::env::var(format!("GROUNDSWELL_TEST_POSTGRES_{what}")).ok();
    let (Some(address), Some(ca)) = (named("TLS"), named("CA")) else {
        eprintln!("left out TLS: GROUNDSWELL_TEST_POSTGRES_TLS names no server");
        return;
    };
    let ca = fs::read(ca).unwrap();
    let open = |address: &str, password: &str, ca: Option<&[u8]>| {
        Client::open(&Postgres::new(address, Some(password), ca).unwrap())
    };
    let refused = |address: &str, password: &str, ca: Option<&[u8]>| {
        open(address, password, ca).err().unwrap().to_string()
    };
    let client = super::super::Connection::Postgres(open(&address, "right", Some(&ca)).unwrap());
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert!(client.query_row(sql, [], |row| row.get::<_, bool>(0)).unwrap());
    let unknown = refused(&address, "right", None);
    assert!(unknown.contains("certificate"), "{unknown}");
    let other_name = refused(&address.replace("localhost", "127.0.0.1"), "right", Some(&ca));
    assert!(other_name.contains("certificate"), "{other_name}");
    let wrong = refused(&address, "wrong", Some(&ca));
    assert!(wrong.contains("password authentication failed"), "{wrong}");
    let plain = refused(&address.replace("require", "disable"), "right", Some(&ca));
    assert!(
        plain.contains("no encryption") || plain.contains("SSL off"),
        "{plain}"
    );
}
