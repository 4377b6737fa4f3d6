use super::*;
use crate::control::{AccessRole, Action, AuditEvent, KeptSource, VaultItem};

fn by() -> AuditEvent {
    AuditEvent::new("command line", AccessRole::Admin, Action::KeyRotated)
}

fn identity(n: u8) -> Identity {
    Identity {
        uid: format!("x:{n}"),
        permalink: None,
        author_id: Some("7".into()),
        handle: Some("ana".into()),
        name: None,
    }
}

/// An author with two posts, a post without an author, a source with a secret and a memory.
fn filled() -> (tempfile::TempDir, Control) {
    let (dir, control) = open();
    let items = [(1, Some(9)), (2, Some(9)), (3, None)].map(|(post, author)| VaultItem {
        post: PostKey([post; 16]),
        author: author.map(|a| AuthorKey([a; 16])),
        identity: identity(post),
        seen_at: 0,
    });
    control.vault_put(&items).unwrap();
    control.keep_source(&source()).unwrap();
    control.set_source_memory("feed", "etag", "W/1").unwrap();
    (dir, control)
}

fn source() -> KeptSource {
    KeptSource {
        name: "feed".into(),
        connector: "rss".into(),
        options: "url = \"x\"".into(),
        secrets: [("token".to_owned(), "s3cret".to_owned())].into(),
    }
}

fn assert_readable(control: &Control) {
    for n in 1..=3 {
        assert_eq!(control.open_post(PostKey([n; 16])).unwrap(), Some(identity(n)));
    }
    assert_eq!(control.kept_sources().unwrap(), [source()]);
    assert_eq!(
        control.source_memory("feed", "etag").unwrap().as_deref(),
        Some("W/1")
    );
}

#[test]
fn everything_sealed_is_readable_at_every_step_of_a_rotation() {
    let (dir, control) = filled();
    let old = control.keys().wrap;
    assert_eq!(control.rotate_wrap(dir.path(), &by()).unwrap(), 2);
    // As if the process had ended before the journal's keys were wrapped anew.
    let control = Control::open(place(dir.path())).unwrap();
    assert_ne!(control.keys().wrap, old);
    assert_eq!(control.old_wrap(), Some(old));
    assert_readable(&control);
    assert_eq!(
        Control::open_to_read(place(dir.path())).unwrap().keys().wrap,
        control.keys().wrap
    );
    control.finish_rotation(dir.path()).unwrap();
    drop(control);
    let control = Control::open(place(dir.path())).unwrap();
    assert_eq!(control.old_wrap(), None);
    assert_readable(&control);
    assert_eq!(control.audit_page(None, 1).unwrap()[0].action, "key_rotated");
}

#[test]
fn a_new_key_that_never_came_into_force_is_forgotten() {
    let (dir, control) = filled();
    let old = control.keys().wrap;
    drop(control);
    let next = dir.path().join("keys/wrap.next");
    fs::copy(dir.path().join("keys/id.key"), &next).unwrap();
    let control = Control::open(place(dir.path())).unwrap();
    assert_eq!((control.keys().wrap, control.old_wrap()), (old, None));
    assert!(!next.exists());
    assert_readable(&control);
}

#[test]
fn the_old_public_key_stays_known_when_another_signs() {
    let (dir, control) = open();
    let first = control.signing_keys().unwrap();
    assert_eq!(first.len(), 1);
    let seed = control.keys().sign;
    control.rotate_sign(dir.path(), &by()).unwrap();
    let control = Control::open(place(dir.path())).unwrap();
    assert_ne!(control.keys().sign, seed);
    let keys = control.signing_keys().unwrap();
    assert_eq!((keys.len(), keys[1].id.as_str()), (2, first[0].id.as_str()));
    assert!(keys[0].retired_at.is_none() && keys[1].retired_at.is_some());
    drop(control);
    fs::remove_file(dir.path().join("keys/sign.key")).unwrap();
    let error = open_error(dir.path()).to_string();
    assert!(error.contains("sign.key: missing"), "{error}");
}
