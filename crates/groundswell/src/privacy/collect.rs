//! What there is of somebody, counted before it is deleted.

use super::erasure::EraseError;
use super::exports;
use crate::control::{Found, Target};
use crate::pipeline::Engine;
use journal::Entry;
use post::{AuthorKey, Kind, Post, PostKey};
use std::collections::BTreeSet;

/// Looks through journal, store, vault and exports. Blocks.
pub(super) fn collect(engine: &Engine, target: &Target, secrets: &[&str]) -> Result<Found, EraseError> {
    let authors: BTreeSet<AuthorKey> = target.authors.iter().copied().collect();
    let mut posts: BTreeSet<PostKey> = target.posts.iter().copied().collect();
    let mut found = Found::default();
    let snapshot = engine.store.snapshot();
    for &author in &authors {
        snapshot.of_author(author, &mut |m| posts.extend([m.post.key]))?;
        let (linked, has_key) = engine.control.vault_of(author)?;
        posts.extend(linked);
        found.author_keys += u64::from(has_key);
    }
    each_post(engine, &mut |post| {
        if post.author.as_ref().is_some_and(|a| authors.contains(&a.key)) {
            posts.insert(post.key);
        }
    })?;

    let repeats =
        |post: &Post| post.repost_of.is_some_and(|of| posts.contains(&of)) && !posts.contains(&post.key);
    let mut reposts = BTreeSet::new();
    snapshot.of_kind(Kind::Repost, &mut |m| {
        if repeats(&m.post) {
            reposts.insert(m.post.key);
        }
    })?;
    let mut quotes = BTreeSet::new();
    snapshot.of_kind(Kind::Quote, &mut |m| {
        let of = m.post.quote_of.filter(|_| m.post.quoted_text.is_some());
        if of.is_some_and(|of| posts.contains(&of)) {
            quotes.insert(m.post.key);
        }
    })?;
    each_post(engine, &mut |post| {
        if post.kind == Kind::Repost && repeats(post) {
            reposts.insert(post.key);
        }
        found.journal_entries += u64::from(posts.contains(&post.key) || reposts.contains(&post.key));
    })?;
    for &post in posts.iter().chain(&reposts) {
        found.mentions += snapshot.of_post(post)?.len() as u64;
        found.vault_posts += u64::from(engine.control.is_in_vault(post)?);
    }
    let keys: Vec<PostKey> = posts.iter().chain(&reposts).copied().collect();
    found.exports = exports::holding(&engine.data, &authors, &keys, secrets)?.len() as u64;
    found.quotes = quotes.len() as u64;
    found.posts = posts.into_iter().collect();
    found.reposts = reposts.into_iter().collect();
    Ok(found)
}

fn each_post(engine: &Engine, each: &mut dyn FnMut(&Post)) -> Result<(), EraseError> {
    let mut reader = engine.journal.reader(engine.journal.first_position());
    while let Some(batch) = reader.next_batch() {
        for read in batch? {
            if let Entry::Post { post, .. } = read.entry {
                each(&post);
            }
        }
    }
    Ok(())
}
