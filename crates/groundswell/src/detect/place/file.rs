//! The state on disk: `detect/placing`, replaced whole or not at all.
//!
//! What it is made of says its own kind and version, see [`trends::snapshot`]; the hash of everything stands at the end.

use super::{Project, State};
use crate::detect::place::news::News;
use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;
use trends::{hash, snapshot};

const NAME: &str = "placing";
/// The form of the whole; in front of it.
const FORM: &[u8; 8] = b"GSplace1";

/// What the file holds.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The store's generation whose mentions were all placed.
    generation: u64,
    copies: Vec<u8>,
    /// Projects: topics and news.
    projects: Vec<(String, Vec<u8>, News)>,
}

/// The state as bytes.
pub(super) fn write(state: &State, generation: u64) -> anyhow::Result<Vec<u8>> {
    let projects = state.projects.iter().map(|(id, project)| {
        let topics = snapshot::write(&project.topics)?;
        Ok((id.clone(), topics, project.news.clone()))
    });
    let kept = Kept {
        generation,
        copies: snapshot::write(&state.copies)?,
        projects: projects.collect::<anyhow::Result<_>>()?,
    };
    let mut bytes = postcard::to_extend(&kept, FORM.to_vec())?;
    let sum = hash::bytes(&bytes);
    bytes.extend(sum.to_le_bytes());
    Ok(bytes)
}

fn read(bytes: &[u8]) -> anyhow::Result<(State, u64)> {
    let (rest, sum) = bytes.split_last_chunk::<8>().context("it is cut short")?;
    let body = rest
        .strip_prefix(FORM)
        .context("it has a form that this program does not know")?;
    if hash::bytes(rest) != u64::from_le_bytes(*sum) {
        anyhow::bail!("its checksum is not that of what was written");
    }
    let kept: Kept = postcard::from_bytes(body)?;
    let mut state = State {
        copies: snapshot::read(&kept.copies)?,
        ..State::default()
    };
    for (id, topics, news) in kept.projects {
        let topics = snapshot::read(&topics)?;
        state.projects.insert(id, Project { topics, news });
    }
    Ok((state, kept.generation))
}

/// The state that was saved, and the generation it knows; an empty one, where there is none, it is damaged, or the store
/// is an older one than it knows. What cannot be used is set aside.
pub(super) fn load(folder: &Path, newest: u64) -> (State, Option<u64>) {
    let path = folder.join(NAME);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == ErrorKind::NotFound => return (State::default(), None),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "the state of copies and topics cannot be read; it is made anew");
            return (State::default(), None);
        }
    };
    match read(&bytes) {
        Ok((state, generation)) if generation <= newest => (state, Some(generation)),
        Ok((state, _)) => {
            tracing::warn!("the store is older than the state of copies and topics; it is made anew");
            let projects = state.projects.iter().map(|(id, p)| (id.clone(), p.emptied()));
            let state = State {
                projects: projects.collect(),
                ..State::default()
            };
            (state, None)
        }
        Err(error) => {
            let aside = folder.join(format!("{NAME}.damaged"));
            tracing::warn!(path = %path.display(), %error, aside = %aside.display(), "the state of copies and topics is damaged; it is set aside and made anew");
            if let Err(error) = fs::rename(&path, &aside) {
                tracing::warn!(%error, "it cannot be set aside");
            }
            (State::default(), None)
        }
    }
}

/// Replaces the file.
pub(super) fn save(folder: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(NAME);
    let draft = folder.join(format!("{NAME}.tmp"));
    let write = || {
        fs::create_dir_all(folder)?;
        let mut f = File::create(&draft)?;
        f.write_all(bytes)?;
        f.sync_data()?;
        fs::rename(&draft, &path)?;
        // A state that was set aside may hold what was erased since.
        match fs::remove_file(folder.join(format!("{NAME}.damaged"))) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        File::open(folder)?.sync_all()
    };
    write().with_context(|| format!("{} cannot be written", path.display()))
}
