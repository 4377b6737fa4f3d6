//! Made-up posts, and folders to keep them in.

use journal::{
    Batch, Cursor, Entry, Journal, KeywordList, MonitorChange, MonitorDef, MonitorSet, Options, Position,
};
use post::{Author, AuthorKey, Counts, Event, Identity, Kind, Media, Post, PostKey};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) const KEY: [u8; 32] = [7; 32];

pub(crate) fn options() -> Options {
    Options {
        sync: false,
        ..Options::new(KEY)
    }
}

pub(crate) fn open(dir: &Path) -> Journal {
    Journal::open(dir, options()).unwrap().0
}

pub(crate) fn key(n: u64) -> PostKey {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&n.to_le_bytes());
    PostKey(bytes)
}

pub(crate) fn post(n: u64) -> Entry {
    let post = Post {
        key: key(n),
        platform: "bluesky".into(),
        event: Event::Create,
        kind: Kind::Reply,
        created_at: 1_760_000_000_000 + n as i64,
        seen_at: 1_760_000_000_500 + n as i64,
        edited_at: None,
        author: Some(Author {
            key: AuthorKey([n as u8; 16]),
            handle_token: Some(format!("@t{n:x}")),
            public_handle: None,
            public_name: None,
            followers: Some(n),
            verified: None,
            bot: Some(false),
        }),
        title: None,
        text: format!("the lantern festival, evening {n} 🏮 — über alles schön"),
        content_warning: None,
        lang_claimed: vec!["en".into()],
        lang: Some("en".into()),
        community: None,
        reply_to: Some(key(n + 1)),
        thread_root: None,
        repost_of: None,
        quote_of: None,
        hashtags: vec!["lanterns".into()],
        mentions: vec![],
        urls: vec!["https://example.org/a".into()],
        media: vec![Media {
            kind: "image".into(),
            url: None,
            alt: Some("a lantern".into()),
        }],
        counts: Counts {
            likes: Some(n),
            ..Counts::default()
        },
        place: None,
        utc_offset: None,
        quoted_text: None,
        sensitive: None,
        indexable: None,
    };
    let identity = Identity {
        uid: format!("bluesky:secret-native-id-{n}"),
        permalink: Some(format!("https://example.org/secret-permalink/{n}")),
        author_id: Some(format!("did:plc:secret-author-{n}")),
        handle: Some(format!("secret-handle-{n}.example")),
        name: Some(format!("Secret Name {n}")),
    };
    Entry::Post {
        post: Box::new(post),
        identity,
    }
}

pub(crate) fn monitors(version: u64) -> MonitorSet {
    MonitorSet {
        version,
        monitors: vec![monitor("m1", version)],
        lists: Vec::new(),
    }
}

pub(crate) fn monitor(id: &str, version: u64) -> MonitorDef {
    MonitorDef {
        id: id.into(),
        project: "default".into(),
        version: version as u32,
        query: format!("lantern NEAR/{version} festival"),
        active: true,
    }
}

pub(crate) fn list(name: &str, terms: &[&str]) -> KeywordList {
    KeywordList {
        project: "default".into(),
        name: name.into(),
        terms: terms.iter().map(|&t| t.to_owned()).collect(),
    }
}

/// A change that puts one monitor and one list, and removes one of each.
pub(crate) fn change(version: u64) -> MonitorChange {
    MonitorChange {
        version,
        put: vec![monitor(&format!("m{version}"), version)],
        remove: vec![format!("m{}", version - 1)],
        put_lists: vec![list(&format!("l{version}"), &["spam", "win a prize"])],
        remove_lists: vec![("default".into(), format!("l{}", version - 1))],
    }
}

/// `count` posts numbered from `first`, with a cursor.
pub(crate) fn batch(first: u64, count: u64) -> Batch {
    Batch {
        cursors: vec![Cursor {
            source: "bluesky".into(),
            value: (first + count).to_string(),
        }],
        entries: (first..first + count).map(post).collect(),
        seen_at: 1_760_000_001_000 + first as i64,
    }
}

/// All entries from `from` on.
pub(crate) fn entries(journal: &Journal, from: u64) -> Vec<(u64, Entry)> {
    let read = |r: Result<journal::Read, journal::Error>| r.map(|r| (r.position.0, r.entry));
    journal
        .reader(Position(from))
        .map(read)
        .collect::<Result<_, _>>()
        .unwrap()
}

/// The segment files, oldest first.
pub(crate) fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|item| item.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "gsj"))
        .collect();
    files.sort();
    files
}

/// A copy of a journal's folder, as it lies on disk now.
pub(crate) fn copy(dir: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for item in fs::read_dir(dir).unwrap() {
        let path = item.unwrap().path();
        fs::copy(&path, to.path().join(path.file_name().unwrap())).unwrap();
    }
    to
}
