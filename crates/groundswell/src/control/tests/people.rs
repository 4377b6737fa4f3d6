use super::*;
use crate::control::{
    ABSOLUTE_LIMIT, AccessRole, Action, AuditEvent, Grants, IDLE_LIMIT, LinkKind, NewKey, NewShare, Scope,
    Seen, ShareLevel, UserChange, Vouched,
};

const PASSWORD: &str = "correct horse battery";

fn by() -> AuditEvent {
    AuditEvent::new("local", AccessRole::Admin, Action::UserChanged)
}

/// Somebody with a password.
fn user(control: &Control, email: &str, grants: &Grants) -> String {
    let user = control.create_user(email, "", grants, &by()).unwrap();
    let (_, token) = control
        .create_link(&user.id, LinkKind::Invitation, &by())
        .unwrap();
    control.redeem_link(&token, PASSWORD, None).unwrap().id
}

#[test]
fn an_invitation_works_once_and_sets_the_password() {
    let (dir, control) = open();
    let grants = Grants::within("default", AccessRole::Analyst);
    let made = control
        .create_user(" Ana@Acme.Example ", "Ana", &grants, &by())
        .unwrap();
    assert_eq!(
        (made.email.as_str(), made.has_password),
        ("ana@acme.example", false)
    );
    assert!(control.check_password("ana@acme.example", "").unwrap().is_none());
    let (_, first) = control
        .create_link(&made.id, LinkKind::Invitation, &by())
        .unwrap();
    let (link, token) = control
        .create_link(&made.id, LinkKind::Invitation, &by())
        .unwrap();
    assert_eq!(control.links().unwrap(), [link]);
    assert!(
        control.redeem_link(&first, PASSWORD, None).is_err(),
        "a newer link makes it void"
    );
    assert!(matches!(
        control.redeem_link(&token, "short", None),
        Err(Error::Invalid(_))
    ));
    control.redeem_link(&token, PASSWORD, Some("Ana A.")).unwrap();
    assert!(
        control.redeem_link(&token, PASSWORD, None).is_err(),
        "it is used up"
    );
    let known = control
        .check_password("ANA@acme.example", PASSWORD)
        .unwrap()
        .unwrap();
    assert_eq!((known.name.as_str(), known.grants()), ("Ana A.", grants));
    assert!(
        control
            .check_password("ana@acme.example", "wrong password")
            .unwrap()
            .is_none()
    );
    assert!(
        control
            .check_password("bob@acme.example", PASSWORD)
            .unwrap()
            .is_none()
    );
    drop(control);
    for secret in [PASSWORD, &token] {
        let bytes = file_bytes(dir.path(), FILE);
        assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()));
    }
}

#[test]
fn an_ended_link_does_nothing() {
    let (dir, control) = open();
    let made = control.create_user("a@x", "", &Grants::default(), &by()).unwrap();
    let (_, token) = control.create_link(&made.id, LinkKind::Reset, &by()).unwrap();
    sql(dir.path(), "UPDATE links SET expires_at = 1");
    assert!(matches!(
        control.redeem_link(&token, PASSWORD, None),
        Err(Error::NotFound(_))
    ));
    let (link, token) = control.create_link(&made.id, LinkKind::Reset, &by()).unwrap();
    control.revoke_link(&link.id, &by()).unwrap();
    assert!(control.redeem_link(&token, PASSWORD, None).is_err());
}

#[test]
fn a_session_ends_unused_at_its_limit_and_with_its_user() {
    let (dir, control) = open();
    let id = user(&control, "a@x", &Grants::everywhere(AccessRole::Viewer));
    let begin = || control.begin_session(Some(&id), Some("a browser")).unwrap().1;
    let is_in = |token: &str| control.session(token).unwrap().is_some();
    let token = begin();
    assert_eq!(control.session(&token).unwrap().unwrap().user.unwrap().id, id);
    assert!(!is_in(&token[..token.len() - 1]) && !is_in(""));
    let now = crate::clock::now();
    sql(
        dir.path(),
        &format!("UPDATE sessions SET seen_at = {}", now - IDLE_LIMIT),
    );
    assert!(!is_in(&token), "unused");
    let token = begin();
    sql(
        dir.path(),
        &format!(
            "UPDATE sessions SET created_at = {}, expires_at = {now}",
            now - ABSOLUTE_LIMIT
        ),
    );
    assert!(!is_in(&token), "over");
    let token = begin();
    let session = control.sessions().unwrap().remove(0);
    assert_eq!(session.agent.as_deref(), Some("a browser"));
    control.end_session(&session.id).unwrap();
    assert!(!is_in(&token), "ended");
    let token = begin();
    control.set_password(&id, "another long password", &by()).unwrap();
    assert!(!is_in(&token), "the password is another one");
    let token = begin();
    let disable = UserChange {
        disabled: Some(true),
        ..UserChange::default()
    };
    control.change_user(&id, &disable, &by()).unwrap();
    assert!(!is_in(&token), "disabled");
    assert!(
        control
            .check_password("a@x", "another long password")
            .unwrap()
            .is_none()
    );
}

#[test]
fn sessions_of_the_installations_password_end_with_it() {
    let (_dir, control) = open();
    control.follow_password(Some("one")).unwrap();
    let (_, token) = control.begin_session(None, None).unwrap();
    control.follow_password(Some("one")).unwrap();
    assert!(control.session(&token).unwrap().is_some());
    control.follow_password(Some("two")).unwrap();
    assert!(control.session(&token).unwrap().is_none());
}

#[test]
fn the_last_administrator_stays() {
    let (_dir, control) = open();
    let admin = Grants::everywhere(AccessRole::Admin);
    assert!(!control.has_administrator().unwrap());
    let first = user(&control, "a@x", &admin);
    assert!(control.has_administrator().unwrap());
    let demote = UserChange {
        grants: Some(Grants::default()),
        ..UserChange::default()
    };
    let refused = |r: Result<(), Error>| matches!(r, Err(Error::LastAdministrator));
    assert!(refused(control.delete_user(&first, &by())));
    assert!(refused(control.change_user(&first, &demote, &by()).map(drop)));
    let second = user(&control, "b@x", &admin);
    control.delete_user(&first, &by()).unwrap();
    // What groups say cannot lock everybody out either.
    let vouched = Vouched {
        subject: "issuer b",
        email: "b@x",
        email_verified: true,
        name: "B",
    };
    let kept = control
        .vouched_user(&vouched, &Grants::within("default", AccessRole::Viewer))
        .unwrap();
    assert_eq!((kept.id, kept.role), (second, Some(AccessRole::Admin)));
    assert!(matches!(
        control.create_user("B@x", "", &admin, &by()),
        Err(Error::NameTaken(_))
    ));
}

#[test]
fn an_address_that_the_provider_has_not_verified_takes_nobody_over() {
    let (_dir, control) = open();
    let own = user(&control, "a@x", &Grants::everywhere(AccessRole::Admin));
    let viewer = Grants::everywhere(AccessRole::Viewer);
    let mut vouched = Vouched {
        subject: "issuer 1",
        email: "a@x",
        email_verified: false,
        name: "",
    };
    assert!(matches!(
        control.vouched_user(&vouched, &viewer),
        Err(Error::NameTaken(_))
    ));
    vouched.email = "new@x";
    let made = control.vouched_user(&vouched, &viewer).unwrap();
    assert!(made.id != own && made.single_sign_on && !made.has_password);
    // The subject counts from now on, whatever the address.
    vouched.email = "other@x";
    assert_eq!(control.vouched_user(&vouched, &viewer).unwrap().id, made.id);
}

#[test]
fn a_key_has_scopes_of_its_role_and_an_end() {
    let (dir, control) = open();
    let mut new = NewKey {
        name: "push",
        role: AccessRole::Analyst,
        scopes: &[Scope::Push, Scope::Push],
        project: None,
        expires_at: None,
    };
    let (key, token) = control.create_api_key(&new, &by()).unwrap();
    assert_eq!(key.scopes, [Scope::Push]);
    let used = |token: &str| control.api_key(token).unwrap();
    assert!(used(&token).is_some());
    assert!(control.api_keys().unwrap()[0].last_used_at.is_some());
    sql(dir.path(), "UPDATE api_keys SET expires_at = 1");
    assert!(used(&token).is_none());
    new.scopes = &[Scope::Admin];
    assert!(matches!(
        control.create_api_key(&new, &by()),
        Err(Error::Invalid(_))
    ));
    (new.scopes, new.expires_at) = (&[], Some(5));
    assert!(matches!(
        control.create_api_key(&new, &by()),
        Err(Error::Invalid(_))
    ));
}

#[test]
fn a_share_link_shows_until_it_ends_or_is_withdrawn() {
    let (dir, control) = open();
    let new = NewShare {
        name: "board",
        project: "default",
        level: ShareLevel::Aggregate,
        filter: "{}",
        dashboard: None,
        expires_at: crate::clock::now() + 60_000,
    };
    let (share, token) = control.create_share(&new, &by()).unwrap();
    assert_eq!(control.shared(&token).unwrap().id, share.id);
    assert_eq!(control.shares("default").unwrap().len(), 1);
    control.revoke_share(&share.id, &by()).unwrap();
    assert!(matches!(control.shared(&token), Err(Error::NotFound(_))));
    let (_, token) = control.create_share(&new, &by()).unwrap();
    sql(dir.path(), "UPDATE shares SET expires_at = 1");
    assert!(matches!(control.shared(&token), Err(Error::NotFound(_))));
}

#[test]
fn a_request_under_a_key_is_carried_out_once() {
    let (dir, control) = open();
    let begin = |actor: &str, request: u8| control.begin_once(actor, "k", &[request; 32]).unwrap();
    assert_eq!(begin("a", 1), Seen::New);
    assert_eq!(begin("a", 1), Seen::Running);
    control.end_once("a", "k", Some(b"the answer")).unwrap();
    assert_eq!(begin("a", 1), Seen::Done(b"the answer".to_vec()));
    assert_eq!(begin("a", 2), Seen::Other);
    assert_eq!(begin("b", 2), Seen::New, "another's key is another key");
    control.end_once("b", "k", None).unwrap();
    assert_eq!(begin("b", 3), Seen::New);
    let bytes = file_bytes(dir.path(), &format!("{FILE}-wal"));
    assert!(!bytes.windows(10).any(|w| w == b"the answer"), "it is sealed");
    sql(dir.path(), "UPDATE repeats SET at = 1");
    assert_eq!(begin("a", 2), Seen::New);
}

#[test]
fn a_database_of_before_keeps_its_keys() {
    if is_on_server() {
        return;
    }
    let (dir, control) = open();
    drop(control);
    // The schema as it was: keys without scopes.
    sql(
        dir.path(),
        "DROP TABLE source_states; DROP TABLE leases; DROP TABLE budget_readings; DROP TABLE expectations; DROP TABLE expectation_versions; DROP TABLE mark_undo; DROP TABLE mark_changes; DROP TABLE marks; DROP TABLE rules; DROP TABLE permalinks; DROP TABLE annotations;
         DROP TABLE monitor_accounts; DROP TABLE reports; DROP TABLE renditions; DROP TABLE vendor_labels; DROP TABLE outbox_tries; DROP TABLE outbox; DROP TABLE findings;
         DROP TABLE alert_seen; DROP TABLE alert_events; DROP TABLE alerts; DROP TABLE destinations; DROP TABLE targets;
         DROP TABLE relevance_judgments; DROP TABLE relevance_versions; DROP TABLE relevance;
         DROP TABLE monitor_context; DROP TABLE notes; DROP TABLE items; DROP TABLE response_targets; DROP TABLE notices; DROP TABLE own_replies;
         DROP TABLE handovers; DROP TABLE desks; DROP TABLE audit_posts; DROP TABLE audit_samples;
         DROP TABLE users; DROP TABLE memberships; DROP TABLE sessions; DROP TABLE links; DROP TABLE shares; DROP TABLE dashboards;
         DROP TABLE repeats; DROP TABLE api_keys;
         CREATE TABLE api_keys (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL,
             project TEXT REFERENCES projects (id) ON DELETE CASCADE, hash BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
         INSERT INTO api_keys VALUES ('k_1', 'old', 'responder', 'default', x'00', 5);
         PRAGMA user_version = 7;",
    );
    let keys = Control::open(place(dir.path())).unwrap().api_keys().unwrap();
    assert_eq!(
        (keys.len(), keys[0].role, keys[0].scopes.len()),
        (1, AccessRole::Responder, 0)
    );
    assert_eq!(keys[0].project.as_deref(), Some("default"));
}
