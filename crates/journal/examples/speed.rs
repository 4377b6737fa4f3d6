//! Posts a second appended, synced and read back: `cargo run --release -p journal --example speed [FOLDER]`.
//!
//! Made-up posts of about 200 characters, in batches of 5,000 and of 1; the folder must not hold a journal.

use journal::{Batch, Cursor, Entry, Error, Journal, JournalHandle, Options, Position};
use post::{Author, AuthorKey, Counts, Event, Identity, Kind, Post, PostKey};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn entry(n: u64) -> Entry {
    let mut key = [0; 16];
    key[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    let author = Author {
        key: AuthorKey(key),
        handle_token: Some("u1a2b3c4d5e6f".into()),
        public_handle: None,
        public_name: None,
        followers: Some(n % 5000),
        verified: None,
        bot: None,
    };
    let post = Post {
        key: PostKey(key),
        platform: "bluesky".into(),
        event: Event::Create,
        kind: Kind::Post,
        created_at: 1_760_000_000_000 + n as i64,
        seen_at: 1_760_000_000_300 + n as i64,
        edited_at: None,
        author: Some(author),
        title: None,
        text: format!(
            "post number {n}: {}",
            "the lamp on my desk went out again and nobody knows why. ".repeat(3)
        ),
        content_warning: None,
        lang_claimed: vec!["en".into()],
        lang: None,
        community: None,
        reply_to: None,
        thread_root: None,
        repost_of: None,
        quote_of: None,
        hashtags: vec!["lamp".into()],
        mentions: vec![],
        urls: vec![],
        media: vec![],
        counts: Counts::default(),
        place: None,
        utc_offset: None,
        quoted_text: None,
        sensitive: None,
        indexable: None,
    };
    let identity = Identity {
        uid: format!("bluesky:at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/{n:013}"),
        permalink: Some(format!(
            "https://example.org/profile/somebody.example/post/{n:013}"
        )),
        author_id: Some("did:plc:abcdefghijklmnopqrstuvwx".into()),
        handle: Some("somebody.example".into()),
        name: Some("Some Body".into()),
    };
    Entry::Post {
        post: Box::new(post),
        identity,
    }
}

fn batch(first: u64, count: u64) -> Batch {
    let cursor = Cursor {
        source: "bluesky".into(),
        value: (first + count).to_string(),
    };
    Batch {
        cursors: vec![cursor],
        entries: (first..first + count).map(entry).collect(),
        seen_at: first as i64,
    }
}

fn append(journal: &mut Journal, count: u64, times: u64) -> Result<(), Error> {
    let batch = batch(0, count);
    let start = Instant::now();
    for _ in 0..times {
        journal.append(&batch)?;
    }
    let seconds = start.elapsed().as_secs_f64();
    let rate = (count * times) as f64 / seconds;
    println!(
        "append, batches of {count}: {rate:.0} posts/s, {:.3} ms a batch",
        1e3 * seconds / times as f64
    );
    Ok(())
}

fn measure(dir: &Path, sync: bool) -> Result<(), Error> {
    println!("sync: {sync}");
    let options = Options {
        sync,
        ..Options::new([1; 32])
    };
    let mut journal = Journal::open(dir, options.clone())?.0;
    append(&mut journal, 5000, 100)?;
    append(&mut journal, 1, 200)?;
    let span = journal.span();
    println!("{:.0} bytes a post", span.bytes as f64 / span.entries as f64);
    let start = Instant::now();
    let mut entries = 0;
    for read in journal.reader(Position(0)) {
        read?;
        entries += 1;
    }
    println!(
        "read: {:.0} posts/s",
        f64::from(entries) / start.elapsed().as_secs_f64()
    );
    drop(journal);
    let start = Instant::now();
    JournalHandle::open(dir, options.key)?;
    println!(
        "open: {:.0} MB/s",
        span.bytes as f64 / 1e6 / start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn main() -> Result<(), Error> {
    let dir = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("target/journal-speed"), PathBuf::from);
    measure(&dir.join("synced"), true)?;
    measure(&dir.join("unsynced"), false)
}
