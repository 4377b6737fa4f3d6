//! The control state moves: between files what a pass does, and to a server and back what switching does.

mod passing;
mod switching;

use super::*;
use crate::control::moving::{Pass, Progress, pass, tables};
use crate::control::sql::Connection;
use crate::control::{
    AccessRole, Action, AuditEvent, Grants, KeptSource, LinkKind, NewKey, VaultItem, schema,
};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

fn by(action: Action) -> AuditEvent {
    AuditEvent::new("command line", AccessRole::Admin, action)
}

fn project(name: &str) -> ProjectInput {
    ProjectInput {
        name: name.into(),
        objective: Objective::BrandMentions,
    }
}

/// Identities of posts by authors of whom each has two, and one in ten of nobody.
fn identities(numbers: std::ops::Range<u32>) -> Vec<VaultItem> {
    let item = |n: u32| {
        let mut post = [7; 16];
        // Not in the order in which they are put.
        post[..4].copy_from_slice(&n.wrapping_mul(2_654_435_761).to_be_bytes());
        let mut author = [9; 16];
        author[..4].copy_from_slice(&(n / 2).to_be_bytes());
        VaultItem {
            post: PostKey(post),
            author: (!n.is_multiple_of(10)).then_some(AuthorKey(author)),
            identity: Identity {
                uid: format!("bluesky:{n}"),
                permalink: None,
                author_id: Some(format!("did:{}", n / 2)),
                handle: Some(format!("ana{}.example", n / 2)),
                name: Some("Ana Ünal".into()),
            },
            seen_at: i64::from(n),
        }
    };
    numbers.map(item).collect()
}

/// A control state in a file that has rows in every table.
fn filled() -> (tempfile::TempDir, Control) {
    let dir = tempfile::tempdir().unwrap();
    let control = Control::open(dir.path()).unwrap();
    control.create_project(&project("Änderung")).unwrap();
    let monitor = control.create_monitor("default", &input("Lamp", "lamp")).unwrap();
    control
        .update_monitor(&monitor.id, &input("Lamp", "lamp OR light"))
        .unwrap();
    control.create_monitor("default", &input("Tea", "tea")).unwrap();
    // The number of the last one is not given again.
    let gone = control.create_monitor("default", &input("Gone", "gone")).unwrap();
    control.delete_monitor(&gone.id).unwrap();
    control
        .put_list("default", "words", &["one".into(), "two".into()])
        .unwrap();
    people(&control);
    control.vault_put(&identities(0..40)).unwrap();
    let source = KeptSource {
        name: "feed".into(),
        connector: "rss".into(),
        options: "url = \"x\"".into(),
        secrets: [("token".to_owned(), "s3cret".to_owned())].into(),
    };
    control.keep_source(&source).unwrap();
    control.set_source_memory("feed", "etag", "W/1").unwrap();
    for n in 0..5 {
        let reason = format!("reason {n} “ä”");
        control.audit(&by(Action::Open).because(reason)).unwrap();
    }
    control
        .take_lease("source:feed", "somebody", -1)
        .unwrap()
        .unwrap();
    let file = rusqlite::Connection::open(dir.path().join(FILE)).unwrap();
    file.execute_batch(&REST.replace("MONITOR", &monitor.id)).unwrap();
    for table in tables().unwrap() {
        let count = format!("SELECT count(*) FROM {}", table.name);
        let rows: u32 = file.query_row(&count, [], |row| row.get(0)).unwrap();
        assert!(rows > 0, "{} has no row", table.name);
    }
    (dir, control)
}

fn people(control: &Control) {
    let grants = Grants::within("default", AccessRole::Analyst);
    let user = control
        .create_user("Ana@Acme.Example", "Ana", &grants, &by(Action::UserChanged))
        .unwrap();
    control
        .create_link(&user.id, LinkKind::Invitation, &by(Action::UserChanged))
        .unwrap();
    control.begin_session(Some(&user.id), Some("a browser")).unwrap();
    let key = NewKey {
        name: "board",
        role: AccessRole::Viewer,
        scopes: &[],
        project: None,
        expires_at: None,
    };
    control.create_api_key(&key, &by(Action::ApiKeyMade)).unwrap();
}

/// Rows of the tables that have no simpler way, some of them of the kinds that are moved wrongly most easily: no bytes,
/// no text, the greatest numbers, rows that are the same.
const REST: &str = "
INSERT INTO alerts VALUES ('al', 'default', '{}', '{}', 1, NULL, NULL, 1, 2);
INSERT INTO alert_events (number, id, alert, project, at, event, told) VALUES (5, 'e_5', 'al', 'default', 1, '{}', 'told');
INSERT INTO alert_seen VALUES ('al', x'01', 5), ('al', x'0100', 5), ('al', x'ff', 5);
INSERT INTO annotations VALUES ('an', 'default', -9223372036854775808, NULL, 't', '', 'k', 9223372036854775807);
INSERT INTO audit_samples VALUES ('s', 'default', 1, 2, 3, 'server', 10);
INSERT INTO audit_posts VALUES ('s', 4, 1, 'de', 'x', 1, 0, 1, 0, 0.1, NULL, 0, NULL, NULL), ('s', 5, 1, 'de', 'x', 1, 0, 1, 0, 1e300, NULL, 0, NULL, NULL);
INSERT OR REPLACE INTO backfills VALUES ('MONITOR', 1, 'done', 1, 9, 9, 4, NULL);
INSERT INTO budget_readings VALUES ('feed', 'calls', 'day', 1, 10, 9, 5);
INSERT INTO classifiers (id, project, name, active, created_at) VALUES ('c', 'default', 'Mood', 1, 1);
INSERT INTO classifier_labels VALUES ('c', x'02', NULL, 'a text', 'good', 1);
INSERT INTO classifier_versions VALUES ('c', 1, randomblob(3000000), 'card', 1), ('c', 2, randomblob(3000000), 'card', 1);
INSERT INTO coverage VALUES ('feed', 60000, 60000, 4, NULL, 3, '{}', 1);
INSERT INTO coverage_gaps VALUES ('feed', 1, 2, 'gap', 'away', 0);
INSERT INTO dashboards VALUES ('d', 'default', 'n', '', '{}', 1, 'local', 1, 1, NULL);
INSERT INTO desks VALUES ('k', 'default', 'Desk', '{}', x'00ff', 1);
INSERT INTO destinations VALUES ('w', 'default', 'Hook', '{}', x'', 1);
INSERT INTO erasures VALUES ('er', 1, 'done', 'local', NULL, '{}', 'r');
INSERT INTO suppressions VALUES ('author', 'x', 'ps', 'er', 1);
INSERT INTO expectation_versions VALUES ('MONITOR', 1, 'local', 1);
INSERT INTO expectations VALUES ('MONITOR', 1, 0, x'03', NULL, 'body');
INSERT INTO findings (number, id, project, monitor, kind, from_time, until_time, found_at, finding)
    VALUES (3, 'f', 'default', 'MONITOR', 'rise', 1, 2, 3, '{}');
INSERT INTO full_exports VALUES ('local', 'x', 1, 5);
INSERT INTO handovers VALUES ('h', 'default', 'k', 4, 'b', 'waiting', 0, 1, NULL, NULL, NULL, NULL, 'local', 1, 1);
INSERT INTO items (number, project, created_at, opened_at) VALUES (4, 'default', 1, 1);
INSERT INTO list_uses VALUES ('MONITOR', 'words'), ('MONITOR', 'Words');
INSERT INTO mark_changes VALUES ('mc', 'default', 1, 'local', '{}', 1, NULL);
INSERT INTO mark_undo VALUES ('mc', 4, 1, '{}', '{}');
INSERT INTO marks VALUES (4, 'default', 1, '{}');
INSERT INTO monitor_accounts VALUES ('MONITOR', 'x', 'acme'), ('MONITOR', 'x', 'äcme'), ('MONITOR', 'x', '🦊');
INSERT INTO monitor_context VALUES ('MONITOR', 2, 10);
INSERT INTO notes VALUES ('n', 'default', 4, 'local', 'a\r\n\tnote', 1, NULL);
INSERT INTO notices (id, user, project, number, kind, actor, at) VALUES (7, 'u', 'default', 4, 'note', 'x', 1);
INSERT INTO outbox (id, project, name, letter, made_at, state, tries, at, said, destination)
    VALUES ('o', 'default', 'n', '{\"to\":\"ana@acme.example\",\"subject\":\"s\",\"text\":\"t\"}', 1, 'waiting', 1, 5, NULL, NULL),
    ('o2', 'default', 'n2', '{}', 1, 'waiting', 1, 5, NULL, 'w');
INSERT INTO outbox_tries VALUES ('o', 2, 0, 'later'), ('o', 1, 0, 'no'), ('o', 1, 0, 'no');
INSERT INTO own_replies VALUES (x'04', x'05', 'acme', 1, 0);
INSERT INTO past_searches VALUES ('p', 'feed', 'MONITOR', 1, 2, 'done', 4, '{}', NULL, 1);
INSERT INTO paused_sources VALUES ('feed');
INSERT INTO permalinks VALUES ('l', 'default', 1, 'local', '{}', 9, '{}', 1, '{}');
INSERT INTO policy_acceptances VALUES ('x', '1', 'local', 1);
INSERT INTO relevance VALUES ('MONITOR', NULL, -0.0, 1);
INSERT INTO relevance_judgments VALUES ('MONITOR', 4, x'06', 1, 'shown', 'local', 1);
INSERT INTO relevance_versions VALUES ('MONITOR', 1, x'00', 'card', 1);
INSERT INTO removed_lists VALUES ('default', 'gone', 3);
INSERT INTO renditions VALUES ('r1', 'r', 'default', 'pdf', 1, 2, 3, 'local', NULL, NULL, '[]');
INSERT INTO repeats VALUES ('local', 'key', zeroblob(32), 1, NULL);
INSERT INTO reports VALUES ('r', 'default', '{}', 1, 1, 0);
INSERT INTO response_targets VALUES ('default', 60000);
INSERT INTO retention VALUES ('default', '', 30, NULL, NULL);
INSERT INTO rules VALUES ('ru', 'default', 'Rule', '{}', '{}', 1, 1, 0);
INSERT INTO shares VALUES ('sh', x'aa', 's', 'default', 'aggregate', '{}', 'local', 1, 2, NULL, 'd');
INSERT INTO targets VALUES ('default', '{}');
INSERT INTO vendor_labels VALUES ('default', 'v', 'q', x'07', 1, 'positive');
";

/// What a control state answers to a number of questions.
fn answers(control: &Control) -> Vec<String> {
    let mut told = vec![
        format!("{:?}", control.projects().unwrap()),
        format!("{:?}", control.monitor_set().unwrap()),
        format!("{:?}", control.keyword_lists("default").unwrap()),
        format!("{:?}", control.users().unwrap()),
        format!("{:?}", control.links().unwrap()),
        format!("{:?}", control.sessions().unwrap()),
        format!("{:?}", control.api_keys().unwrap()),
        format!("{:?}", control.signing_keys().unwrap()),
        format!("{:?}", control.kept_sources().unwrap()),
        format!("{:?}", control.source_memory("feed", "etag").unwrap()),
        format!("{:?}", control.notes("default", 4).unwrap()),
        format!("{:?}", control.outgoing_tries("default", "o").unwrap()),
        format!("{:?}", control.coverage("feed", 0, i64::MAX).unwrap()),
        format!("{:?}", control.classifier_versions("c").unwrap()),
        format!("{:?}", control.audit_page(None, 1_000).unwrap()),
        format!("{:?}", control.audit_chain().unwrap()),
    ];
    for monitor in control.all_monitors().unwrap() {
        told.push(format!("{:?}", control.monitor_versions(&monitor.id).unwrap()));
    }
    let mut known = Vec::new();
    control
        .each_identity(&mut |post, author, identity| known.push(format!("{post:?} {author:?} {identity:?}")))
        .unwrap();
    told.push(format!("{} identities: {known:?}", known.len()));
    told
}

fn same(one: &Control, other: &Control) {
    for (one, other) in answers(one).iter().zip(answers(other)) {
        assert_eq!(*one, other);
    }
    let chain = other.audit_chain().unwrap();
    assert_eq!(chain.fault, None);
    assert_eq!(chain, one.audit_chain().unwrap());
}

/// Does it until it has told how far it is so many times, and dies there. Whether it did.
fn dies(after: usize, work: impl FnOnce(&mut dyn FnMut(Progress<'_>))) -> bool {
    let mut told = 0;
    let died = catch_unwind(AssertUnwindSafe(|| {
        work(&mut |_| {
            if told == after {
                resume_unwind(Box::new("killed"));
            }
            told += 1;
        });
    }));
    died.is_err()
}
