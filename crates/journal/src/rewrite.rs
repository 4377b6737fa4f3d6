//! Taking what is gone off the disk.
//!
//! A closed segment that holds posts which were deleted, or whose authors left, is written anew under a new key, with a
//! delete of the same key in the place of each such post, and without their text where others quote them. So every position keeps its entry, and readers, cursors and
//! the store's replay go on as if nothing had happened. The new file is durable before it takes the name of the old
//! one; the key of the old file is then overwritten.

use crate::entry::{Batch, Entry, Position};
use crate::error::{At, Result};
use crate::journal::Journal;
use crate::reader::{Open, fault};
use crate::record;
use crate::records::Fault;
use crate::segment::{self, FORMAT, HEADER, Segment};
use crate::state::JournalHandle;
use post::{AuthorKey, Millis, POST_VERSION, PostKey};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

/// What is gone: posts deleted and authors departed, each with the newest position that says so. What was journaled
/// before that position is to go, what came later stays.
#[derive(Debug, Clone, Default)]
pub struct Gone {
    posts: HashMap<PostKey, Position>,
    authors: HashMap<AuthorKey, Position>,
    expired: HashMap<String, Millis>,
    expired_else: Option<Millis>,
}

impl Gone {
    /// What the journal says is gone.
    pub fn read(journal: &JournalHandle) -> Result<Gone> {
        let mut gone = Gone::default();
        let mut reader = journal.reader(journal.first_position());
        while let Some(batch) = reader.next_batch() {
            for read in batch? {
                match read.entry {
                    Entry::Delete { key, .. } => drop(gone.posts.insert(key, read.position)),
                    Entry::AuthorGone { author, .. } => drop(gone.authors.insert(author, read.position)),
                    _ => {}
                }
            }
        }
        if !gone.authors.is_empty() {
            gone.add_posts_of_authors(journal)?;
        }
        Ok(gone)
    }

    /// Notes the posts of departed authors one by one: others may quote them.
    fn add_posts_of_authors(&mut self, journal: &JournalHandle) -> Result<()> {
        let mut reader = journal.reader(journal.first_position());
        while let Some(batch) = reader.next_batch() {
            for read in batch? {
                let Entry::Post { post, .. } = read.entry else {
                    continue;
                };
                let author = post.author.as_ref().and_then(|a| self.authors.get(&a.key));
                if let Some(&left) = author.filter(|left| **left > read.position) {
                    let known = self.posts.entry(post.key).or_insert(left);
                    *known = left.max(*known);
                }
            }
        }
        Ok(())
    }

    /// A platform's posts received before this time are to go, too.
    pub fn expire(&mut self, platform: &str, before: Millis) {
        self.expired.insert(platform.to_owned(), before);
    }

    /// Posts of all other platforms received before this time are to go, too.
    pub fn expire_others(&mut self, before: Millis) {
        self.expired_else = Some(before);
    }

    /// The posts that are gone.
    pub fn posts(&self) -> impl Iterator<Item = PostKey> {
        self.posts.keys().copied()
    }

    /// Whether an entry holds anything that is to go.
    fn concerns(&self, position: Position, entry: &Entry) -> bool {
        self.covers(position, entry) || self.is_quoted(entry)
    }

    /// Whether a post carries the text of one that is gone.
    fn is_quoted(&self, entry: &Entry) -> bool {
        let Entry::Post { post, .. } = entry else {
            return false;
        };
        post.quoted_text.is_some() && post.quote_of.is_some_and(|key| self.posts.contains_key(&key))
    }

    fn covers(&self, position: Position, entry: &Entry) -> bool {
        let Entry::Post { post, .. } = entry else {
            return false;
        };
        let author = post.author.as_ref().and_then(|a| self.authors.get(&a.key));
        let deleted = self.posts.get(&post.key);
        let limit = self.expired.get(&post.platform).copied().or(self.expired_else);
        limit.is_some_and(|before| post.seen_at < before)
            || author.into_iter().chain(deleted).any(|&last| last > position)
    }
}

/// What [`Rewriter::purge`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rewritten {
    /// Segments written anew.
    pub segments: usize,
    /// Posts taken out of them, and posts from which the quoted text of another was taken.
    pub posts: u64,
}

/// Writes closed segments anew, beside the writer, from any thread.
#[derive(Clone)]
pub struct Rewriter {
    dir: PathBuf,
    shared: JournalHandle,
    installation: [u8; 32],
}

impl Journal {
    /// What takes off the disk what is gone.
    pub fn rewriter(&self) -> Rewriter {
        Rewriter {
            dir: self.dir.clone(),
            shared: self.shared.clone(),
            installation: self.options.key,
        }
    }

    /// Ends the active segment, so that all that was appended so far stands in closed ones.
    pub fn close_segment(&mut self) -> Result<()> {
        let is_empty = self
            .shared
            .read()
            .segments
            .back()
            .is_none_or(|s| s.first == s.end);
        if is_empty {
            return Ok(());
        }
        self.start_segment(self.next_position())
    }
}

impl Rewriter {
    /// Takes what is gone out of all closed segments. One caller at a time.
    pub fn purge(&self, gone: &Gone) -> Result<Rewritten> {
        let mut done = Rewritten::default();
        let mut closed: Vec<Segment> = self.shared.read().segments.iter().cloned().collect();
        closed.pop();
        for segment in closed {
            let posts = self.count(&segment, gone)?;
            if posts > 0 && self.rewrite(&segment, gone)? {
                done.segments += 1;
                done.posts += posts;
            }
        }
        Ok(done)
    }

    /// How many posts of a segment are gone; none where it was trimmed meanwhile.
    fn count(&self, segment: &Segment, gone: &Gone) -> Result<u64> {
        let mut reader = self.shared.reader(segment.first);
        let mut posts = 0;
        while reader.position() < segment.end {
            let Some(batch) = reader.next_batch() else { break };
            let theirs = batch?.into_iter().filter(|r| r.position < segment.end);
            posts += theirs.filter(|r| gone.concerns(r.position, &r.entry)).count() as u64;
        }
        Ok(posts)
    }

    /// Writes a segment anew; `false` where it was trimmed meanwhile.
    fn rewrite(&self, old: &Segment, gone: &Gone) -> Result<bool> {
        let unfinished = old.path.with_extension(segment::UNFINISHED);
        let new = match self.write(old, gone, &unfinished) {
            Ok(new) => new,
            // Trimmed before it could be read.
            Err(_) if !self.is_current(old) => None,
            Err(error) => {
                // The next opening removes what cannot be removed now.
                let _ = fs::remove_file(&unfinished);
                return Err(error);
            }
        };
        let Some(new) = new else {
            let _ = fs::remove_file(&unfinished);
            return Ok(false);
        };
        self.replace(old, new, &unfinished)
    }

    fn is_current(&self, segment: &Segment) -> bool {
        self.shared.read().segments.iter().any(|s| s.is_same(segment))
    }

    fn write(&self, old: &Segment, gone: &Gone, to: &Path) -> Result<Option<Segment>> {
        let path = &old.path;
        let mut file = File::open(path).at("open", path)?;
        let Some(header) = segment::read_header(path, &mut file, &self.installation)? else {
            return Ok(None);
        };
        let (key, header) = segment::header(old.first, header.follows, &self.installation)?;
        let mut out = std::io::BufWriter::new(File::create(to).at("create", to)?);
        out.write_all(&header).at("write", to)?;
        let mut new = Segment {
            bytes: header.len() as u64,
            key,
            format: FORMAT,
            form: POST_VERSION,
            edition: old.edition + 1,
            ..old.clone()
        };
        let mut records = Open::new(old)?.records;
        let mut record = Vec::new();
        loop {
            let offset = records.offset();
            let bad = || fault(Fault::Bad("record cannot be read"), path, offset);
            let Some((head, payload)) = records.next(old.bytes).map_err(|f| fault(f, path, offset))? else {
                break;
            };
            let context = record::context(payload, &head, old.format).ok_or_else(bad)?;
            let entries = record::entries(payload, &head, old.form, &old.key).ok_or_else(bad)?;
            let entries = (head.first.0..)
                .zip(entries)
                .map(|(position, entry)| without_gone(Position(position), entry, gone));
            let batch = Batch {
                cursors: Vec::new(),
                entries: entries.collect(),
                seen_at: head.seen_at,
            };
            record::encode_again(&context, &batch, head.first, &new.key, &mut record)?;
            out.write_all(&record).at("write", to)?;
            new.bytes += record.len() as u64;
        }
        let file = out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)
            .at("write", to)?;
        file.sync_all().at("sync", to)?;
        Ok(Some(new))
    }

    /// Puts the new file in the place of the old one, unless that was trimmed meanwhile.
    fn replace(&self, old: &Segment, new: Segment, unfinished: &Path) -> Result<bool> {
        let path = &old.path;
        let replaced = {
            let mut state = self.shared.write();
            let Some(place) = state.segments.iter_mut().find(|s| s.is_same(old)) else {
                fs::remove_file(unfinished).at("remove", unfinished)?;
                return Ok(false);
            };
            let replaced = File::options().write(true).open(path).at("open", path)?;
            fs::rename(unfinished, path).at("replace", path)?;
            *place = new;
            replaced
        };
        segment::sync_folder(&self.dir)?;
        destroy_key(replaced).at("destroy the old key of", path)?;
        Ok(true)
    }
}

/// The old file has no name any more; what the disk still holds of its sealed part stays sealed for good.
fn destroy_key(mut old: File) -> std::io::Result<()> {
    old.rewind()?;
    old.write_all(&[0u8; HEADER])?;
    old.sync_all()
}

/// What stands in the place of an entry.
fn without_gone(position: Position, entry: Entry, gone: &Gone) -> Entry {
    let (covered, quoted) = (gone.covers(position, &entry), gone.is_quoted(&entry));
    match entry {
        Entry::Post { post, .. } if covered => Entry::Delete {
            key: post.key,
            at: post.seen_at,
        },
        Entry::Post { mut post, identity } if quoted => {
            post.quoted_text = None;
            Entry::Post { post, identity }
        }
        other => other,
    }
}
