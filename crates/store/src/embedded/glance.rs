//! Whether what a store needs is there, without reading it: a matter of milliseconds, whatever it holds.

use super::check::{Problem, damaged, missed};
use super::faults::{Register, in_words};
use super::files;
use crate::Error;
use crate::format::Stamp;
use crate::period::Span;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use tantivy::Index;

/// Names partitions that are gone, left out or of a newer program, and files of theirs that are missing. Changes nothing
/// and takes no lock; nobody should be writing the store. Bytes that changed are found by [`super::check`] alone.
pub fn glance(dir: &Path) -> Result<Vec<Problem>, Error> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    if let Err(error) = Stamp::load(dir) {
        problems.push(Problem {
            advice: "restore store.json from a backup; without the file the store replays what its partitions miss",
            ..damaged(dir.join("store.json").display().to_string(), error.to_string())
        });
    }
    let register = Register::load(dir)?;
    problems.extend(missed(dir, &register, &[]));
    for entry in fs::read_dir(dir).map_err(Error::io("read", dir))? {
        let path = entry.map_err(Error::io("read", dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(span) = Span::of_folder(&name) {
            problems.extend(partition(&path, register.knows(span)));
        }
    }
    problems.sort_by(|a, b| a.place.cmp(&b.place));
    Ok(problems)
}

fn partition(path: &Path, is_known: bool) -> Vec<Problem> {
    let place = path.display().to_string();
    if !path.join("meta.json").exists() {
        // One whose making was cut short was never part of an answer.
        let gone = damaged(
            path.join("meta.json").display().to_string(),
            "it is gone".to_owned(),
        );
        return is_known.then_some(gone).into_iter().collect();
    }
    match catch_unwind(AssertUnwindSafe(|| look(path))) {
        Ok(Ok(problems)) => problems,
        Ok(Err(error)) => vec![damaged(place, error.to_string())],
        Err(panic) => vec![damaged(place, in_words(&*panic))],
    }
}

fn look(path: &Path) -> Result<Vec<Problem>, Error> {
    let failed = Error::index(path);
    let index = Index::open_in_dir(path).map_err(&failed)?;
    if let Some(json) = index.load_metas().map_err(&failed)?.payload {
        Stamp::parse(&json, path)?;
    }
    let gone = files::gone(&index, path).into_iter();
    Ok(gone
        .map(|file| damaged(file.display().to_string(), "it is gone".to_owned()))
        .collect())
}
