//! The journal's past as it stands now: each post at its latest version, without those that are gone.

use crate::control::{self, Control, Place};
use crate::lists::Lists;
use foldhash::HashMap;
use journal::{Entry, JournalHandle, Log, LogReader, Position};
use post::{AuthorKey, Event, Post, PostKey, Pseudonyms};
use std::path::Path;
use std::time::Duration;

/// A writer at work can make a folder look damaged for a moment: between the two, this many looks.
const LOOKS: usize = 3;

/// A data folder, opened to be read: a running server is not disturbed, and nothing is changed.
pub(crate) struct DataFolder {
    /// Its monitors and their versions.
    pub(crate) control: Control,
    /// Its journal as it was when opened.
    pub(crate) journal: Log,
    /// Its pseudonyms.
    pub(crate) pseudonyms: Pseudonyms,
}

impl DataFolder {
    /// Opens a folder that a server made, and may be using.
    pub(crate) fn open(place: Place) -> anyhow::Result<Self> {
        let journal = place.data.join("journal");
        let control = Control::open_to_read(place)?;
        let (wrap, pseudonyms) = (control.keys().wrap, Pseudonyms::new(&control.keys().id));
        Ok(Self {
            journal: open_journal(&journal, wrap)?.into(),
            control,
            pseudonyms,
        })
    }

    /// The query of a monitor, named by its name or id, at a version; `None` for the newest. With the keyword lists of
    /// its project as they are now.
    pub(crate) fn query(
        &self,
        monitor: &str,
        version: Option<u32>,
    ) -> Result<(String, Lists), control::Error> {
        let all = self.control.all_monitors()?;
        let found = all
            .iter()
            .find(|m| m.id == monitor)
            .or_else(|| all.iter().find(|m| m.name.eq_ignore_ascii_case(monitor)))
            .ok_or(control::Error::NotFound("monitor"))?;
        let versions = self.control.monitor_versions(&found.id)?;
        let wanted = version.unwrap_or(found.version);
        let query = versions.into_iter().find(|v| v.version == wanted);
        let query = query.ok_or(control::Error::NotFound("version"))?.query;
        Ok((query, self.control.lists(&found.project)?))
    }
}

fn open_journal(dir: &Path, key: [u8; 32]) -> Result<JournalHandle, journal::Error> {
    let mut looks = 1;
    loop {
        match JournalHandle::open(dir, key) {
            Err(_) if looks < LOOKS => std::thread::sleep(Duration::from_millis(100)),
            opened => return opened,
        }
        looks += 1;
    }
}

/// How many versions of posts were passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PassedOver {
    /// Posts edited later, deleted, or of an account that is gone.
    pub(crate) old: u64,
}

/// Calls `each` for every post from a position to the journal's present end, in order. It reads the journal twice, and
/// holds in memory only what was edited and deleted.
pub(crate) fn each_post(
    journal: &Log,
    from: Position,
    mut each: impl FnMut(&Post),
) -> Result<PassedOver, journal::Error> {
    let mut superseded = Superseded::default();
    // What comes meanwhile is left to the next time.
    let until = journal.next_position().unwrap_or(Position(u64::MAX));
    superseded.read(&mut journal.reader(from), &|| false)?;
    let mut passed = PassedOver::default();
    let mut reader = journal.reader(from);
    while let Some(batch) = reader.next_batch() {
        for read in batch?.into_iter().filter(|r| r.position < until) {
            match read.entry {
                Entry::Post { post, .. } if superseded.is_old(read.position, &post) => passed.old += 1,
                Entry::Post { post, .. } => each(&post),
                _ => {}
            }
        }
    }
    Ok(passed)
}

/// The newest posts, in their order: those of the last `entries` entries of the journal.
pub(crate) fn newest(journal: &Log, entries: u64) -> Result<Vec<Post>, journal::Error> {
    let mut posts: Vec<Option<Post>> = Vec::new();
    let mut places: HashMap<PostKey, usize> = HashMap::default();
    let mut reader = journal.newest(entries);
    while let Some(batch) = reader.next_batch() {
        for entry in batch?.into_iter().map(|r| r.entry) {
            match entry {
                Entry::Post { post, .. } => {
                    if let Some(old) = places.insert(post.key, posts.len()) {
                        posts[old] = None;
                    }
                    posts.push(Some(*post));
                }
                Entry::Delete { key, .. } => {
                    if let Some(old) = places.remove(&key) {
                        posts[old] = None;
                    }
                }
                Entry::AuthorGone { author, .. } => {
                    for post in &mut posts {
                        post.take_if(|p| p.author.as_ref().is_some_and(|a| a.key == author));
                    }
                }
                _ => {}
            }
        }
    }
    Ok(posts.into_iter().flatten().collect())
}

/// The last edit or delete of each post that had one, and the last departure of each author.
#[derive(Default)]
pub(crate) struct Superseded {
    posts: HashMap<PostKey, Position>,
    authors: HashMap<AuthorKey, Position>,
}

impl Superseded {
    /// Reads to the journal's present end.
    pub(crate) fn read(
        &mut self,
        reader: &mut LogReader,
        stop: &dyn Fn() -> bool,
    ) -> Result<(), journal::Error> {
        while let Some(batch) = reader.next_batch() {
            if stop() {
                break;
            }
            for read in batch? {
                self.note(read.position, &read.entry);
            }
        }
        Ok(())
    }

    fn note(&mut self, position: Position, entry: &Entry) {
        match entry {
            Entry::Post { post, .. } if post.event == Event::Edit => {
                self.posts.insert(post.key, position);
            }
            Entry::Delete { key, .. } => {
                self.posts.insert(*key, position);
            }
            Entry::AuthorGone { author, .. } => {
                self.authors.insert(*author, position);
            }
            _ => {}
        }
    }

    /// Whether a post was edited or deleted, or its author left, after it was journaled at `position`.
    pub(crate) fn is_old(&self, position: Position, post: &Post) -> bool {
        let author = post.author.as_ref().and_then(|a| self.authors.get(&a.key));
        self.posts.get(&post.key).is_some_and(|&last| last > position)
            || author.is_some_and(|&gone| gone > position)
    }
}
