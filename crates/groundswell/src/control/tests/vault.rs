use super::*;
use crate::control::VaultItem;

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

fn item(post: PostKey, author: Option<AuthorKey>, identity: Identity) -> VaultItem {
    VaultItem {
        post,
        author,
        identity,
        seen_at: 1_000,
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
fn an_empty_identity_is_not_kept() {
    let (_dir, control) = open();
    let put = |item| control.vault_put(&[item]).unwrap();
    put(item(key(1), Some(ANA), Identity::default()));
    put(item(key(2), None, Identity::default()));
    assert_eq!(control.open_post(key(1)).unwrap(), None);
    assert_eq!(control.open_post(key(2)).unwrap(), None);
    put(item(key(1), Some(ANA), identity(1, "ana.example")));
    assert!(control.open_post(key(1)).unwrap().is_some());
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
            item(key(1), Some(ANA), identity(1, "ana.example")),
            item(key(2), Some(BEN), identity(2, "ben.example")),
            item(key(3), None, alone.clone()),
        ])
        .unwrap();
    control
        .vault_put(&[item(key(4), Some(ANA), identity(4, "ana-new.example"))])
        .unwrap();
    drop(control);
    let control = Control::open(place(dir.path())).unwrap();
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
    if is_on_server() {
        return;
    }
    let (dir, control) = open();
    let items = [
        item(key(1), Some(ANA), identity(1, "secrethandle")),
        item(key(2), None, identity(2, "secrethandle")),
    ];
    control.vault_put(&items).unwrap();
    let check = |bytes: &[u8]| {
        for secret in [
            "secretuid",
            "secretlink",
            "secrethandle",
            "Secret",
            "did:plc",
            "example.org",
        ] {
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
    let posts = [1, 2].map(|n| item(key(n), Some(ANA), identity(n, "ana.example")));
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
    let posts = [1, 2].map(|n| item(key(n), Some(ANA), identity(n, "ana.example")));
    control.vault_put(&posts).unwrap();
    control
        .vault_put(&[item(key(3), Some(BEN), identity(3, "ben.example"))])
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
    assert!(is_on_server() || written.iter().all(|w| holds(&bytes_of(dir.path()), w)));
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
    let posts = [1, 2].map(|n| item(key(n), Some(ANA), identity(n, "ana.example")));
    control.vault_put(&posts).unwrap();
    let second = "02".repeat(16);
    let second = match is_on_server() {
        true => format!("'\\x{second}'"),
        false => format!("x'{second}'"),
    };
    sql(
        dir.path(),
        &format!("UPDATE post_links SET sealed = (SELECT sealed FROM post_links WHERE post = {second})"),
    );
    assert!(matches!(control.open_post(key(1)), Err(Error::Sealed)));
    assert!(control.open_post(key(2)).unwrap().is_some());
}

#[test]
fn old_profiles_of_a_platform_that_says_so_are_emptied() {
    let (dir, control) = open();
    let of = |n: u8, author, platform: &str, seen_at| VaultItem {
        seen_at,
        identity: Identity {
            uid: format!("{platform}:secretuid{n}"),
            ..identity(n, "secrethandle")
        },
        ..item(key(n), Some(author), identity(n, ""))
    };
    let cid = AuthorKey([3; 16]);
    control
        .vault_put(&[
            of(1, ANA, "linkedin", 10),
            of(2, BEN, "bluesky", 10),
            of(3, cid, "linkedin", 10),
        ])
        .unwrap();
    // Cid was seen again.
    control.vault_put(&[of(4, cid, "linkedin", 30)]).unwrap();
    let row = |author: AuthorKey| -> Vec<u8> {
        let find = "SELECT sealed FROM identities WHERE author = ?1";
        control
            .connection()
            .query_row(find, [author.0], |r| r.get(0))
            .unwrap()
    };
    let before = row(ANA);
    assert_eq!(control.forget_profiles("linkedin", 20).unwrap(), 1);
    assert!(!holds(&bytes_of(dir.path()), &before));
    let opened = |n: u8| control.open_post(key(n)).unwrap().unwrap();
    assert_eq!((opened(1).handle, opened(1).name), (None, None));
    assert_eq!(opened(1).uid, "linkedin:secretuid1", "the post stays linked");
    assert!(opened(2).handle.is_some() && opened(3).handle.is_some());
    assert_eq!(control.forget_profiles("linkedin", 20).unwrap(), 0);
    // Whoever posts again is known again.
    control.vault_put(&[of(5, ANA, "linkedin", 40)]).unwrap();
    assert!(opened(1).handle.is_some());
    assert_eq!(control.forget_profiles("linkedin", 50).unwrap(), 2);
    // A key that opens nothing any more goes.
    assert_eq!(control.forget_lone_authors().unwrap(), 0);
    control.vault_forget(&[key(2)], &[]).unwrap();
    assert_eq!(control.forget_lone_authors().unwrap(), 1);
}
