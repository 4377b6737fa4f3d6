//! Who is meant: from a handle, a link or an id to pseudonyms.
//!
//! The vault and the journal are read through, since only they know who is behind a pseudonym. What they show lives in
//! memory for as long as the erasure runs, and is written nowhere.

use super::erasure::{Asked, EraseError};
use crate::control::Suppressed;
use crate::pipeline::Engine;
use journal::Entry;
use post::{AuthorKey, Identity, Post, PostKey, Pseudonyms};
use std::collections::{BTreeMap, BTreeSet};
use text::fold;

/// The people found.
#[derive(Debug, Default)]
pub(super) struct Who {
    /// Their pseudonyms.
    pub(super) authors: BTreeSet<AuthorKey>,
    /// Posts meant whose author no platform named.
    pub(super) posts: BTreeSet<PostKey>,
    /// Platforms with the ids and handles by which they are known there.
    names: BTreeMap<String, BTreeSet<String>>,
    /// Platforms with their handles.
    handles: BTreeMap<String, BTreeSet<String>>,
}

impl Who {
    /// Everything that names them.
    pub(super) fn secrets(&self) -> Vec<&str> {
        self.names.values().flatten().map(String::as_str).collect()
    }

    /// What is refused from now on: their pseudonyms, and their handles where they are known.
    pub(super) fn suppressed(&self, pseudonyms: &Pseudonyms) -> Vec<Suppressed> {
        let authors = self.authors.iter().map(|a| Suppressed::Author(a.to_string()));
        let handles = self.handles.iter().flat_map(|(platform, handles)| {
            handles
                .iter()
                .map(|h| Suppressed::Handle(platform.clone(), pseudonyms.handle(h)))
        });
        authors.chain(handles).collect()
    }

    fn add(&mut self, platform: &str, author: Option<AuthorKey>, post: PostKey, identity: &Identity) {
        match author {
            Some(author) => drop(self.authors.insert(author)),
            None => drop(self.posts.insert(post)),
        }
        let known = self.names.entry(platform.to_owned()).or_default();
        known.extend(
            [&identity.author_id, &identity.handle]
                .into_iter()
                .flatten()
                .cloned(),
        );
        if let Some(handle) = &identity.handle {
            self.handles
                .entry(platform.to_owned())
                .or_default()
                .insert(handle.clone());
        }
    }
}

/// Finds those meant. Blocks.
pub(super) fn find(engine: &Engine, asked: &Asked) -> Result<Who, EraseError> {
    let wanted = Wanted::read(asked)?;
    let pseudonyms = engine.admission.pseudonyms();
    let mut who = Who::default();
    engine.control.each_identity(&mut |post, author, identity| {
        let platform = platform_of(&identity).to_owned();
        if wanted.means(&platform, &identity) {
            who.add(&platform, author, post, &identity);
        }
    })?;
    let mut keys: BTreeMap<String, Vec<AuthorKey>> = BTreeMap::new();
    let mut reader = engine.journal.reader(engine.journal.first_position());
    while let Some(batch) = reader.next_batch() {
        for read in batch? {
            let Entry::Post { post, identity } = read.entry else {
                continue;
            };
            let keys = keys
                .entry(post.platform.clone())
                .or_insert_with_key(|platform| wanted.keys(platform, pseudonyms));
            let is_known = author_of(&post).is_some_and(|a| keys.contains(&a));
            if is_known || wanted.means(&post.platform, &identity) {
                who.add(&post.platform, author_of(&post), post.key, &identity);
            }
        }
    }
    find_stored(engine, &wanted, pseudonyms, &mut who)?;
    complete(&wanted, pseudonyms, who)
}

/// Authors without an entry in the vault are found by what their pseudonym would be.
fn find_stored(
    engine: &Engine,
    wanted: &Wanted,
    pseudonyms: &Pseudonyms,
    who: &mut Who,
) -> Result<(), EraseError> {
    let snapshot = engine.store.snapshot();
    for platform in snapshot.platforms()? {
        for key in wanted.keys(&platform, pseudonyms) {
            let mut found = false;
            snapshot.of_author(key, &mut |_| found = true)?;
            if found {
                who.authors.insert(key);
                who.names
                    .entry(platform.clone())
                    .or_default()
                    .extend(wanted.words.iter().cloned());
            }
        }
    }
    Ok(())
}

fn complete(wanted: &Wanted, pseudonyms: &Pseudonyms, mut who: Who) -> Result<Who, EraseError> {
    if who.names.len() > 1 {
        return Err(EraseError::Ambiguous(who.names.into_keys().collect()));
    }
    if who.names.is_empty() {
        let Some(platform) = &wanted.platform else {
            return Err(EraseError::Unknown);
        };
        if wanted.words.is_empty() {
            return Err(EraseError::Unknown);
        }
        who.names
            .insert(platform.clone(), wanted.words.iter().cloned().collect());
        let handles = wanted.words.iter().filter(|w| !w.contains(':')).cloned();
        who.handles.insert(platform.clone(), handles.collect());
    }
    // A delivery without an id goes by the handle, as it is written.
    for (platform, names) in &who.names {
        for name in names {
            let lower = name.to_lowercase();
            let keys = [name, &lower].map(|n| pseudonyms.author(platform, n));
            who.authors.extend(keys);
        }
    }
    Ok(who)
}

/// What was asked for.
struct Wanted {
    /// Ids or handles, as written and without `@`.
    words: Vec<String>,
    /// A link to a post, as written.
    link: Option<String>,
    platform: Option<String>,
}

impl Wanted {
    fn read(asked: &Asked) -> Result<Wanted, EraseError> {
        let text = asked.author.trim();
        if text.is_empty() || text.len() > 2_000 {
            return Err(EraseError::Unknown);
        }
        let platform = asked.platform.as_deref().map(platform_name);
        if let Some((scheme, rest)) = text.split_once("://") {
            let (named, of) = match scheme {
                "at" => (
                    rest.split('/').next().map(str::to_owned),
                    Some("bluesky".to_owned()),
                ),
                _ => in_address(rest),
            };
            return Ok(Wanted {
                words: named.into_iter().collect(),
                link: Some(text.trim_end_matches('/').to_owned()),
                platform: platform.or(of),
            });
        }
        let bare = text.trim_start_matches('@');
        let mut words = vec![text.to_owned()];
        if bare != text && !bare.is_empty() {
            words.push(bare.to_owned());
        }
        Ok(Wanted {
            words,
            link: None,
            platform,
        })
    }

    /// Whether somebody of this platform is meant.
    fn means(&self, platform: &str, identity: &Identity) -> bool {
        if self.platform.as_deref().is_some_and(|p| p != platform) {
            return false;
        }
        let handle = identity
            .handle
            .as_deref()
            .map(|h| fold(h.trim_start_matches('@')));
        let named = self.words.iter().any(|w| {
            identity.author_id.as_deref() == Some(w)
                || handle.as_deref() == Some(&*fold(w.trim_start_matches('@')))
        });
        let native = identity.uid.split_once(':').map_or("", |(_, native)| native);
        let linked = self.link.as_deref().is_some_and(|link| {
            let permalink = identity.permalink.as_deref().map(|p| p.trim_end_matches('/'));
            permalink == Some(link) || native == link
        });
        named || linked
    }

    /// The pseudonyms that the words would have as ids on this platform.
    fn keys(&self, platform: &str, pseudonyms: &Pseudonyms) -> Vec<AuthorKey> {
        if self.platform.as_deref().is_some_and(|p| p != platform) {
            return Vec::new();
        }
        self.words
            .iter()
            .map(|w| pseudonyms.author(platform, w))
            .collect()
    }
}

fn author_of(post: &Post) -> Option<AuthorKey> {
    post.author.as_ref().map(|a| a.key)
}

/// A uid begins with its platform.
fn platform_of(identity: &Identity) -> &str {
    identity.uid.split_once(':').map_or("", |(platform, _)| platform)
}

/// A platform's name as admission writes it.
pub(super) fn platform_name(name: &str) -> String {
    match name.trim().to_lowercase() {
        twitter if twitter == "twitter" => "x".to_owned(),
        name => name,
    }
}

/// Sites by platform; elsewhere `/@name` is Mastodon's form.
const SITES: [(&str, &str); 16] = [
    ("bsky.app", "bluesky"),
    ("x.com", "x"),
    ("twitter.com", "x"),
    ("mobile.twitter.com", "x"),
    ("instagram.com", "instagram"),
    ("facebook.com", "facebook"),
    ("threads.net", "threads"),
    ("threads.com", "threads"),
    ("linkedin.com", "linkedin"),
    ("t.me", "telegram"),
    ("telegram.me", "telegram"),
    ("youtube.com", "youtube"),
    ("m.youtube.com", "youtube"),
    ("reddit.com", "reddit"),
    ("old.reddit.com", "reddit"),
    ("news.ycombinator.com", "hackernews"),
];

/// The account and the platform that a web address names, without its scheme. What leads to a post names an account
/// too, where the platform writes it so.
fn in_address(rest: &str) -> (Option<String>, Option<String>) {
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.to_ascii_lowercase();
    let site = host.strip_prefix("www.").unwrap_or(&host);
    let platform = SITES.iter().find(|s| s.0 == site).map(|s| s.1.to_owned());
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let account = match (platform.as_deref(), parts.as_slice()) {
        (Some("bluesky"), ["profile", name, ..])
        | (Some("reddit"), ["user" | "u", name, ..])
        | (Some("youtube"), ["channel" | "user" | "c", name, ..])
        | (Some("linkedin"), ["in" | "company", name, ..])
        | (Some("facebook"), ["people", _, name, ..]) => Some(*name),
        (Some("x" | "instagram" | "facebook" | "threads" | "telegram" | "youtube"), [name, ..]) => {
            Some(*name)
        }
        (None, [name, ..]) if name.starts_with('@') => Some(*name),
        (None, ["users", name, ..]) => Some(*name),
        _ => None,
    };
    let account = account.map(|a| a.trim_start_matches('@'));
    match (platform, account) {
        // Mastodon writes an account of another server with that server's name.
        (None, Some(name)) if !name.contains('@') => {
            (Some(format!("{name}@{host}")), Some("mastodon".to_owned()))
        }
        (None, Some(name)) => (Some(name.to_owned()), Some("mastodon".to_owned())),
        (platform, account) => (account.map(str::to_owned), platform),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_accounts_and_platforms() {
        for (address, account, platform) in [
            ("bsky.app/profile/ana.example/post/3k", "ana.example", "bluesky"),
            ("www.x.com/ana_1/status/12?s=20", "ana_1", "x"),
            ("social.example/@ana/11", "ana@social.example", "mastodon"),
            (
                "social.example/@ben@other.example",
                "ben@other.example",
                "mastodon",
            ),
            ("www.youtube.com/@ana", "ana", "youtube"),
            ("www.youtube.com/channel/UC1", "UC1", "youtube"),
            ("old.reddit.com/user/ana/", "ana", "reddit"),
        ] {
            let (found, of) = in_address(address);
            assert_eq!(
                (found.as_deref(), of.as_deref()),
                (Some(account), Some(platform)),
                "{address}"
            );
        }
        assert_eq!(in_address("news.example/2026/a-story"), (None, None));
    }
}
