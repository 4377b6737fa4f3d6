use super::*;
use crate::control::{AccessRole, Action, AuditEvent, NewKey};

fn event(reason: &str) -> AuditEvent {
    AuditEvent::new("local", AccessRole::Admin, Action::Open)
        .on(PostKey([7; 16]))
        .within("default")
        .because(reason)
}

fn filled() -> (tempfile::TempDir, Control) {
    let (dir, control) = open();
    for n in 0..5 {
        control.audit(&event(&format!("reason {n}"))).unwrap();
    }
    (dir, control)
}

#[test]
fn what_was_put_down_is_read_newest_first_and_the_chain_holds() {
    let (dir, control) = filled();
    let page = control.audit_page(None, 2).unwrap();
    let told: Vec<_> = page
        .iter()
        .map(|r| (r.number, r.reason.as_deref().unwrap()))
        .collect();
    assert_eq!(told, [(5, "reason 4"), (4, "reason 3")]);
    assert_eq!(control.audit_page(Some(2), 9).unwrap().len(), 1);
    let chain = control.audit_chain().unwrap();
    assert_eq!((chain.rows, chain.fault), (5, None));
    drop(control);
    let control = Control::open(place(dir.path())).unwrap();
    assert_eq!(control.audit_chain().unwrap().head, chain.head);
}

#[test]
fn rows_are_neither_changed_nor_deleted() {
    let (dir, _control) = filled();
    for statement in [
        "UPDATE audit SET reason = 'none' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
        "DELETE FROM audit",
    ] {
        let refused = try_sql(dir.path(), statement).unwrap_err().to_string();
        assert!(refused.contains("only added to"), "{refused}");
    }
}

#[test]
fn whoever_gets_round_the_triggers_breaks_the_chain() {
    let drop_triggers = match is_on_server() {
        true => "DROP TRIGGER audit_is_not_changed ON audit; DROP TRIGGER audit_is_not_cut ON audit;",
        false => "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_cut;",
    };
    for (tampering, fault) in [
        (
            "UPDATE audit SET reason = 'none' WHERE number = 2",
            "row 2 or one beside it was changed",
        ),
        (
            "UPDATE audit SET at = at + 1 WHERE number = 5",
            "row 5 or one beside it was changed",
        ),
        (
            "UPDATE audit SET reason = NULL, subject = subject || '=' WHERE number = 1",
            "row 1 or",
        ),
        ("DELETE FROM audit WHERE number = 3", "row 3 is missing"),
        (
            "DELETE FROM audit WHERE number >= 4",
            "rows after row 3 were cut off",
        ),
        ("DELETE FROM audit", "rows after row 0 were cut off"),
        (
            "INSERT INTO audit SELECT 6, at, actor, role, action, subject, project, reason, details, hash FROM audit WHERE number = 5",
            "row 6 or",
        ),
    ] {
        let (dir, control) = filled();
        sql(dir.path(), &format!("{drop_triggers}{tampering}"));
        let found = control.audit_chain().unwrap().fault.unwrap_or_default();
        assert!(found.contains(fault), "{tampering}: {found}");
    }
}

fn new_key<'k>(name: &'k str, project: Option<&'k str>) -> NewKey<'k> {
    NewKey {
        name,
        role: AccessRole::Aggregate,
        scopes: &[],
        project,
        expires_at: None,
    }
}

#[test]
fn an_api_key_is_kept_as_a_hash_and_refused_once_withdrawn() {
    let (dir, control) = open();
    let by = AuditEvent::new("local", AccessRole::Admin, Action::ApiKeyMade);
    let (key, token) = control
        .create_api_key(&new_key(" board ", Some("default")), &by)
        .unwrap();
    assert_eq!(key.name, "board");
    let known = control.api_key(&token).unwrap().unwrap();
    assert_eq!(
        (known.id.as_str(), known.role),
        (key.id.as_str(), AccessRole::Aggregate)
    );
    assert!(control.api_key(&token[..token.len() - 1]).unwrap().is_none());
    assert!(matches!(
        control.create_api_key(&new_key("x", Some("p_none")), &by),
        Err(Error::NotFound("project"))
    ));
    control.revoke_api_key(&key.id, &by).unwrap();
    assert!(control.api_key(&token).unwrap().is_none());
    assert!(matches!(
        control.revoke_api_key(&key.id, &by),
        Err(Error::NotFound("key"))
    ));
    let actions: Vec<_> = control
        .audit_page(None, 9)
        .unwrap()
        .into_iter()
        .map(|r| r.action)
        .collect();
    assert_eq!(actions, ["api_key_revoked", "api_key_made"]);
    drop(control);
    let bytes = file_bytes(dir.path(), FILE);
    assert!(!bytes.windows(16).any(|w| w == &token.as_bytes()[4..20]));
}
