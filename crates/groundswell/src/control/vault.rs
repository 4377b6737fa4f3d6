//! The identity vault: who is behind the posts that became mentions.
//!
//! Handle and name of an author, and id, permalink and author id of each of its posts, are sealed under the author's
//! own data key, which is wrapped by `K_wrap`. Destroying that key makes all of it unreadable. A post without an author
//! has a data key of its own.

use super::error::{Error, Result};
use super::seal::Sealer;
use super::{Control, classifiers, deletions, expectations, relevance, vendor_labels};
use crate::control::sql::{self, Connection, OptionalExtension, Transaction, params};
use post::{AuthorKey, Identity, Millis, PostKey};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

pub(super) const AUTHOR_KEY: &str = "author key";
pub(super) const POST_KEY: &str = "post key";
const PROFILE: &str = "profile";
const LINK: &str = "link";

/// What the vault is given for a post.
#[derive(Debug, Clone, PartialEq)]
pub struct VaultItem {
    /// The post.
    pub post: PostKey,
    /// Its author's pseudonym, where the platform names one.
    pub author: Option<AuthorKey>,
    /// Who is behind them.
    pub identity: Identity,
    /// When the post was received.
    pub seen_at: Millis,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Profile {
    handle: Option<String>,
    name: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Link {
    uid: String,
    permalink: Option<String>,
    author_id: Option<String>,
    /// Only of posts without an author key.
    profile: Option<Profile>,
}

impl Control {
    /// Seals identities, all or none. Those known already are replaced; empty ones, of sources of mode `none`, are not
    /// kept.
    pub fn vault_put(&self, items: &[VaultItem]) -> Result<()> {
        let items: Vec<&VaultItem> = items.iter().filter(|i| !i.identity.is_empty()).collect();
        if items.is_empty() {
            return Ok(());
        }
        let wrap = Sealer::new(&self.keys().wrap);
        self.write(|db| {
            let mut authors = HashMap::new();
            for item in &items {
                match item.author {
                    Some(author) => {
                        // The last one of the batch is the newest profile.
                        authors.insert(author, item);
                    }
                    None => put_alone(db, &wrap, item)?,
                }
            }
            let mut sealers = HashMap::new();
            for (author, item) in authors {
                sealers.insert(author, put_author(db, &wrap, author, item)?);
            }
            for item in &items {
                if let Some(sealer) = item.author.and_then(|a| sealers.get(&a)) {
                    put_link(db, sealer, item, None)?;
                }
            }
            Ok(())
        })
    }

    /// The identity behind a post; `None` where the vault has none (any more).
    pub fn open_post(&self, post: PostKey) -> Result<Option<Identity>> {
        let wrap = Sealer::new(&self.keys().wrap);
        self.read(|db| {
            let mut find = db.prepare_cached(
                "SELECT p.author, p.wrapped_key, p.sealed, i.wrapped_key, i.sealed
                 FROM post_links p LEFT JOIN identities i ON i.author = p.author WHERE p.post = ?1",
            )?;
            type Row = (
                Option<[u8; 16]>,
                Option<Vec<u8>>,
                Vec<u8>,
                Option<Vec<u8>>,
                Option<Vec<u8>>,
            );
            let row: Option<Row> = find
                .query_row([post.0], |r| {
                    Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
                })
                .optional()?;
            match row {
                None => Ok(None),
                Some((None, Some(key), sealed, ..)) => {
                    let sealer = wrap.unwrap_key(&key, POST_KEY, &post.0)?;
                    let link: Link = decode(&sealer.open(&sealed, LINK, &post.0)?)?;
                    Ok(Some(identity(link, None)))
                }
                Some((Some(author), _, sealed, Some(key), Some(profile))) => {
                    let sealer = wrap.unwrap_key(&key, AUTHOR_KEY, &author)?;
                    let profile: Profile = decode(&sealer.open(&profile, PROFILE, &author)?)?;
                    let link: Link = decode(&sealer.open(&sealed, LINK, &post.0)?)?;
                    Ok(Some(identity(link, Some(profile))))
                }
                Some(_) => Err(Error::Sealed),
            }
        })
    }

    /// Forgets posts and authors. Of a post only its own identity goes; of an author the key, the profile and all
    /// posts. What was there is overwritten, in the database and in its log.
    pub fn vault_forget(&self, posts: &[PostKey], authors: &[AuthorKey]) -> Result<()> {
        if posts.is_empty() && authors.is_empty() {
            return Ok(());
        }
        let gone = self.write(|db| {
            let mut gone = 0;
            for post in posts {
                gone += db
                    .prepare_cached("DELETE FROM post_links WHERE post = ?1")?
                    .execute([post.0])?;
                classifiers::forget(db, *post)?;
                relevance::forget(db, *post)?;
                vendor_labels::forget(db, *post)?;
                expectations::forget(db, *post)?;
            }
            for author in authors {
                classifiers::forget_author(db, *author)?;
                relevance::forget_author(db, *author)?;
                vendor_labels::forget_author(db, *author)?;
                expectations::forget_author(db, *author)?;
                gone += db
                    .prepare_cached("DELETE FROM post_links WHERE author = ?1")?
                    .execute([author.0])?;
                gone += db
                    .prepare_cached("DELETE FROM identities WHERE author = ?1")?
                    .execute([author.0])?;
            }
            deletions::note_deletion(db, crate::clock::now())?;
            Ok(gone)
        })?;
        self.overwrite_log(gone)
    }

    /// Empties the profiles of a platform's authors of whom no post was received at `before` or later. Their posts stay
    /// linked to them. How many there were.
    pub fn forget_profiles(&self, platform: &str, before: Millis) -> Result<usize> {
        let wrap = Sealer::new(&self.keys().wrap);
        let empty = encode(&Profile {
            handle: None,
            name: None,
        })?;
        let gone = self.write(|db| {
            let mut find = db.prepare_cached(
                "SELECT author, wrapped_key FROM identities WHERE platform = ?1 AND seen_at < ?2",
            )?;
            let rows = find.query_map(params![platform, before], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let old: Vec<([u8; 16], Vec<u8>)> = rows.collect::<sql::Result<_>>()?;
            for (author, wrapped) in &old {
                let sealed = wrap
                    .unwrap_key(wrapped, AUTHOR_KEY, author)?
                    .seal(&empty, PROFILE, author)?;
                db.execute(
                    "UPDATE identities SET sealed = ?2, platform = NULL, seen_at = NULL WHERE author = ?1",
                    params![author, sealed],
                )?;
            }
            Ok(old.len())
        })?;
        self.overwrite_log(gone)?;
        Ok(gone)
    }

    /// Destroys the keys of authors none of whose posts is linked any more. How many there were.
    pub fn forget_lone_authors(&self) -> Result<usize> {
        let gone = self.write(|db| {
            Ok(db.execute(
                "DELETE FROM identities WHERE NOT EXISTS
                 (SELECT 1 FROM post_links WHERE post_links.author = identities.author)",
                [],
            )?)
        })?;
        self.overwrite_log(gone)?;
        Ok(gone)
    }

    /// What was overwritten must not stay in the database's log.
    fn overwrite_log(&self, gone: usize) -> Result<()> {
        if gone > 0 {
            self.truncate_log()?;
        }
        Ok(())
    }

    /// Calls `each` with every identity of the vault: the post, the author and the identity. What cannot be opened is
    /// passed over.
    pub fn each_identity(&self, each: &mut dyn FnMut(PostKey, Option<AuthorKey>, Identity)) -> Result<()> {
        let mut last = vec![];
        loop {
            // In pages, so that writing goes on meanwhile.
            let page: Vec<[u8; 16]> = self.read(|db| {
                let mut find =
                    db.prepare_cached("SELECT post FROM post_links WHERE post > ?1 ORDER BY post LIMIT 500")?;
                let rows = find.query_map([&last], |row| row.get(0))?;
                Ok(rows.collect::<sql::Result<_>>()?)
            })?;
            let Some(newest) = page.last() else { return Ok(()) };
            last = newest.to_vec();
            for post in page.into_iter().map(PostKey) {
                let author = self.author_of(post)?;
                match self.open_post(post) {
                    Ok(Some(identity)) => each(post, author, identity),
                    Ok(None) | Err(Error::Sealed) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }

    /// The author of a post in the vault.
    pub fn author_of(&self, post: PostKey) -> Result<Option<AuthorKey>> {
        self.read(|db| {
            let mut find = db.prepare_cached("SELECT author FROM post_links WHERE post = ?1")?;
            let author: Option<Option<[u8; 16]>> = find.query_row([post.0], |row| row.get(0)).optional()?;
            Ok(author.flatten().map(AuthorKey))
        })
    }

    /// Whether the vault knows who is behind a post.
    pub fn is_in_vault(&self, post: PostKey) -> Result<bool> {
        self.read(|db| {
            let mut find = db.prepare_cached("SELECT 1 FROM post_links WHERE post = ?1")?;
            Ok(find.exists([post.0])?)
        })
    }

    /// The posts of an author in the vault, and whether it has a data key there.
    pub fn vault_of(&self, author: AuthorKey) -> Result<(Vec<PostKey>, bool)> {
        self.read(|db| {
            let mut find = db.prepare_cached("SELECT post FROM post_links WHERE author = ?1")?;
            let posts = find.query_map([author.0], |row| Ok(PostKey(row.get(0)?)))?;
            let posts = posts.collect::<sql::Result<_>>()?;
            Ok((posts, find_author(db, author)?.is_some()))
        })
    }

    /// Forgets one post.
    pub fn forget_post(&self, post: PostKey) -> Result<()> {
        self.vault_forget(&[post], &[])
    }

    /// Destroys an author's key and all that was sealed under it.
    pub fn forget_author(&self, author: AuthorKey) -> Result<()> {
        self.vault_forget(&[], &[author])
    }
}

fn link(identity: &Identity, alone: bool) -> Link {
    let Identity {
        uid,
        permalink,
        author_id,
        handle,
        name,
    } = identity.clone();
    Link {
        uid,
        permalink,
        author_id,
        profile: alone.then_some(Profile { handle, name }),
    }
}

fn identity(link: Link, profile: Option<Profile>) -> Identity {
    let Profile { handle, name } = profile.or(link.profile).unwrap_or(Profile {
        handle: None,
        name: None,
    });
    Identity {
        uid: link.uid,
        permalink: link.permalink,
        author_id: link.author_id,
        handle,
        name,
    }
}

/// Keeps an author's newest profile and gives its data key.
fn put_author(db: &Transaction<'_>, wrap: &Sealer, author: AuthorKey, item: &VaultItem) -> Result<Sealer> {
    let id = author.0;
    let profile = Profile {
        handle: item.identity.handle.clone(),
        name: item.identity.name.clone(),
    };
    let platform = expiring_platform(&item.identity);
    let seen_at = platform.map(|_| item.seen_at);
    let known = find_author(db, author)?;
    let (sealer, wrapped) = match known {
        Some((wrapped, sealed)) => {
            let sealer = wrap.unwrap_key(&wrapped, AUTHOR_KEY, &id)?;
            let old: Profile = decode(&sealer.open(&sealed, PROFILE, &id)?)?;
            if old == profile {
                if platform.is_some() {
                    db.prepare_cached("UPDATE identities SET seen_at = max(seen_at, ?2) WHERE author = ?1")?
                        .execute(params![id, seen_at])?;
                }
                return Ok(sealer);
            }
            (sealer, wrapped)
        }
        None => wrap.create_key(AUTHOR_KEY, &id)?,
    };
    let sealed = sealer.seal(&encode(&profile)?, PROFILE, &id)?;
    db.prepare_cached(
        "INSERT INTO identities (author, wrapped_key, sealed, platform, seen_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (author) DO UPDATE SET wrapped_key = excluded.wrapped_key, sealed = excluded.sealed, platform = excluded.platform, seen_at = excluded.seen_at",
    )?
    .execute(params![id, wrapped, sealed, platform, seen_at])?;
    Ok(sealer)
}

/// The platform, where its profiles expire.
fn expiring_platform(identity: &Identity) -> Option<&'static str> {
    let platform = identity.uid.split(':').next()?;
    let profile = post::profile::of(platform);
    profile.profile.value.default_days().map(|_| profile.platform)
}

fn find_author(db: &Connection, author: AuthorKey) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    let mut find = db.prepare_cached("SELECT wrapped_key, sealed FROM identities WHERE author = ?1")?;
    Ok(find
        .query_row([author.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

fn put_alone(db: &Transaction<'_>, wrap: &Sealer, item: &VaultItem) -> Result<()> {
    let (sealer, wrapped) = wrap.create_key(POST_KEY, &item.post.0)?;
    put_link(db, &sealer, item, Some(wrapped))
}

/// `wrapped` is the key of a post without an author.
fn put_link(db: &Transaction<'_>, sealer: &Sealer, item: &VaultItem, wrapped: Option<Vec<u8>>) -> Result<()> {
    let link = link(&item.identity, item.author.is_none());
    let sealed = sealer.seal(&encode(&link)?, LINK, &item.post.0)?;
    let platform = link.uid.split(':').next().unwrap_or_default();
    // Just seen is as good as just asked about.
    db.prepare_cached(
        "INSERT INTO post_links (post, author, wrapped_key, sealed, platform, checked_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (post) DO UPDATE SET author = excluded.author, wrapped_key = excluded.wrapped_key, sealed = excluded.sealed, platform = excluded.platform, checked_at = excluded.checked_at",
    )?
    .execute(params![
        item.post.0,
        item.author.map(|a| a.0),
        wrapped,
        sealed,
        platform,
        item.seen_at
    ])?;
    Ok(())
}

fn encode(value: &impl Serialize) -> Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(|_| Error::Sealed)
}

fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    postcard::from_bytes(bytes).map_err(|_| Error::Sealed)
}
