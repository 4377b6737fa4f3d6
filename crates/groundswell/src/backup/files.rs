//! Gathering the files of a data folder that a server may be writing.
//!
//! Files of journal and store are written once, or replaced whole, or only added to. So a hard link to each is a copy
//! that costs nothing and that the server's own tidying leaves alone.

use anyhow::{Context, bail};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The store's list of its partitions.
const REGISTER: &str = "partitions.json";

/// So often a folder is tried whose files go while they are gathered.
const TRIES: usize = 50;

/// Links the store's files into `to`.
pub(crate) fn link_store(store: &Path, to: &Path) -> anyhow::Result<()> {
    if !store.exists() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    // Its position first: it must not be newer than any partition.
    if let Ok(stamp) = fs::read(store.join("store.json")) {
        fs::write(to.join("store.json"), stamp)?;
    }
    for path in sorted(store)?.into_iter().filter(|p| p.is_dir()) {
        let name = path.file_name().context("a partition has no name")?;
        link_partition(&path, &to.join(name)).with_context(|| format!("cannot copy {}", path.display()))?;
    }
    copy_register(store, to)
}

/// What the store knows of its partitions; those that came or went meanwhile are not to be missed after a restore.
fn copy_register(store: &Path, to: &Path) -> anyhow::Result<()> {
    let Ok(json) = fs::read(store.join(REGISTER)) else {
        return Ok(());
    };
    let mut register: serde_json::Value = serde_json::from_slice(&json).unwrap_or_default();
    if let Some(known) = register["known"].as_array_mut() {
        known.retain(|name| name.as_str().is_some_and(|name| to.join(name).exists()));
        fs::write(to.join(REGISTER), register.to_string())?;
    }
    Ok(())
}

/// A partition is whole when its list of segments was the same before and after its files were linked.
fn link_partition(partition: &Path, to: &Path) -> anyhow::Result<()> {
    for _ in 0..TRIES {
        // Not committed yet: nothing of it is known to the store.
        let Ok(before) = fs::read(partition.join("meta.json")) else {
            return Ok(());
        };
        fs::create_dir_all(to)?;
        let linked = link_segments(partition, to);
        let after = fs::read(partition.join("meta.json"));
        match (linked, after) {
            (Ok(()), Ok(after)) if after == before => {
                fs::write(to.join("meta.json"), before)?;
                return Ok(());
            }
            (Err(error), _) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => fs::remove_dir_all(to)?,
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    bail!("it changes too fast: try again when there is less to do")
}

fn link_segments(partition: &Path, to: &Path) -> io::Result<()> {
    for path in sorted(partition)? {
        let Some(name) = path.file_name() else { continue };
        let text = name.to_string_lossy();
        if text.ends_with(".lock") || text.starts_with(".tmp") || text == "meta.json" {
            continue;
        }
        // Replaced whole by the server, or added to, as the store's counts are: a copy does not grow past the documents.
        if text.starts_with('.') {
            fs::copy(&path, to.join(name))?;
        } else {
            fs::hard_link(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// Links the journal's segments into `to`.
pub(super) fn link_journal(journal: &Path, to: &Path) -> anyhow::Result<()> {
    for _ in 0..TRIES {
        fs::create_dir_all(to)?;
        match link_segment_files(journal, to) {
            Ok(()) => return Ok(()),
            // Trimmed meanwhile.
            Err(error) if error.kind() == ErrorKind::NotFound => fs::remove_dir_all(to)?,
            Err(error) => return Err(error).with_context(|| format!("cannot copy {}", journal.display())),
        }
    }
    bail!("the journal changes too fast: try again when there is less to do")
}

fn link_segment_files(journal: &Path, to: &Path) -> io::Result<()> {
    if !journal.exists() {
        return Ok(());
    }
    for path in sorted(journal)? {
        if let (Some("gsj"), Some(name)) = (path.extension().and_then(|e| e.to_str()), path.file_name()) {
            fs::hard_link(&path, to.join(name))?;
        }
    }
    Ok(())
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|e| Ok(e?.path()))
        .collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}
