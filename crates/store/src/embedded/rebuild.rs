//! Making partitions that are left out anew: whoever has the changes that made them applies them again.
//!
//! They are made in a store of their own beside the others, so that what is whole is not touched, and take their places
//! at the end. A kill before that leaves a folder that is swept.

use super::faults::{LeftOut, Register, SET_ASIDE};
use super::open::{Options, lock};
use super::reindex;
use super::store::Store;
use crate::format::Stamp;
use crate::period::Span;
use crate::{Change, Error, body};
use post::Post;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Where they are made.
pub(super) const FOLDER: &str = "rebuilding";

/// Removes what a kill left; whether there was anything.
pub(super) fn sweep(dir: &Path) -> Result<bool, Error> {
    let path = dir.join(FOLDER);
    if !path.exists() {
        return Ok(false);
    }
    fs::remove_dir_all(&path).map_err(Error::io("remove", &path))?;
    Ok(true)
}

/// A partition that was made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Its name.
    pub partition: String,
    /// When its first posts may be from.
    pub from: post::Millis,
    /// Mentions it has now.
    pub mentions: u64,
    /// The folder that holds what was left of it, untouched; `None` where nothing was.
    pub aside: Option<PathBuf>,
}

/// Partitions being made anew, in a store that no other process has open.
pub struct Rebuild {
    dir: PathBuf,
    options: Options,
    register: Register,
    spans: Vec<Span>,
    store: Store,
    position: u64,
    _lock: File,
}

impl Rebuild {
    /// Sets `damaged` partitions aside, and begins to make these and those left out already anew. `None` where there is
    /// nothing to do. What was stored of their time since they were set aside is taken along.
    pub fn begin(dir: &Path, damaged: &[(String, String)], options: Options) -> Result<Option<Self>, Error> {
        let lock = lock(dir)?;
        sweep(dir)?;
        let mut register = Register::load(dir)?;
        for (name, reason) in damaged {
            if let Some(span) = Span::of_folder(name).filter(|_| dir.join(name).exists()) {
                register.set_aside(dir, span, reason.clone())?;
            }
        }
        register.miss(dir);
        let mut spans: Vec<Span> = register
            .left_out
            .iter()
            .filter_map(|left| Span::of_folder(&left.partition))
            .collect();
        spans.sort_unstable();
        spans.dedup();
        if spans.is_empty() {
            return Ok(None);
        }
        let position = Stamp::load(dir)?.map_or(0, |s| s.position);
        let (store, _) = Store::open(&dir.join(FOLDER), options.clone())?;
        let mut rebuild = Self {
            dir: dir.to_owned(),
            options,
            register,
            spans,
            store,
            position,
            _lock: lock,
        };
        rebuild.take_along()?;
        Ok(Some(rebuild))
    }

    /// The journal position up to which the store has everything: changes from there on need not be applied.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Whether mentions of a post belong into one of the partitions.
    pub fn concerns(&self, post: &Post) -> bool {
        self.spans.contains(&self.options.span_of(post))
    }

    /// Applies changes; those of posts of no concern must be left out, or be deletions.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>) -> Result<(), Error> {
        self.store.apply(changes, self.position)
    }

    /// Puts the partitions into their places.
    pub fn finish(mut self) -> Result<Vec<Rebuilt>, Error> {
        self.store.apply([], self.position)?;
        self.store.commit()?;
        self.store.close()?;
        let made = self.dir.join(FOLDER);
        let kept = self.dir.join(SET_ASIDE);
        fs::create_dir_all(&kept).map_err(Error::io("create", &kept))?;
        let mut out = Vec::new();
        for span in &self.spans {
            let (name, new) = (span.folder(), made.join(span.folder()));
            let (place, mut mentions) = (self.dir.join(&name), 0);
            if new.exists() {
                mentions = count(&new)?;
                // All of it was taken along; a kill in between must not lose it.
                let before = free(&kept, &format!("{name}.before")).unwrap_or_default();
                rename(&place, &before)?;
                rename(&new, &place)?;
                if before.exists() {
                    fs::remove_dir_all(&before).map_err(Error::io("remove", &before))?;
                }
            } else if !place.exists() {
                self.register.forget(*span);
            }
            let left: Vec<LeftOut> = self
                .register
                .left_out
                .extract_if(.., |l| l.partition == name)
                .collect();
            let mut aside = None;
            for from in left.iter().filter_map(|l| l.aside.as_ref()) {
                aside = free(&kept, from);
                let to = aside.clone().unwrap_or_default();
                rename(&self.dir.join(from), &to)?;
            }
            out.push(Rebuilt {
                partition: name,
                from: span.start(),
                mentions,
                aside,
            });
            self.register.save(&self.dir)?;
        }
        sweep(&self.dir)?;
        Ok(out)
    }

    /// What is stored of these times in whole partitions.
    fn take_along(&mut self) -> Result<(), Error> {
        for span in self.spans.clone() {
            let path = self.dir.join(span.folder());
            if !path.join("meta.json").exists() {
                continue;
            }
            let store = &mut self.store;
            reindex::each_body(&path, |bytes| {
                let mention = body::read(bytes).map_err(|e| Error::Damaged {
                    path: path.clone(),
                    reason: format!("a mention cannot be read: {e}"),
                })?;
                store.apply([Change::PutBackfill(Box::new(mention))], 0)
            })?;
        }
        self.store.commit()?;
        Ok(())
    }
}

/// A name in `folder` that is not taken yet.
fn free(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut names = std::iter::once(name.to_owned()).chain((2..).map(|n| format!("{name}-{n}")));
    names.find_map(|name| Some(folder.join(name)).filter(|path| !path.exists()))
}

fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    if !from.exists() {
        return Ok(());
    }
    fs::rename(from, to).map_err(Error::io("rename", from))
}

fn count(partition: &Path) -> Result<u64, Error> {
    let failed = Error::index(partition);
    let index = tantivy::Index::open_in_dir(partition).map_err(&failed)?;
    let metas = index.searchable_segment_metas().map_err(&failed)?;
    Ok(metas.iter().map(|m| u64::from(m.num_docs())).sum())
}
