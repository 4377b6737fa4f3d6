//! The files of renditions, in `exports/reports` of the data folder: there an erasure finds what holds a person.
//!
//! A rendition is written twice from the same numbers: once marked as a draft, once as it is handed out after approval.
//! So what was looked at is what leaves.

use super::Form;
use anyhow::Context;
use report::{Fonts, Report};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Where the operator puts fonts for scripts that ours lack.
const FONTS: &str = "fonts";

/// The folder of a data folder's renditions.
pub fn folder(data: &Path) -> PathBuf {
    data.join("exports").join("reports")
}

fn path(data: &Path, id: &str, form: Form, draft: bool) -> PathBuf {
    let mark = if draft { ".draft" } else { "" };
    folder(data).join(format!("{id}{mark}.{}", form.name()))
}

/// Writes both files of a rendition.
pub fn write(data: &Path, id: &str, form: Form, report: &Report) -> anyhow::Result<()> {
    let fonts = fonts(data)?;
    let folder = folder(data);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for draft in [true, false] {
        let report = Report {
            draft,
            ..report.clone()
        };
        let path = path(data, id, form, draft);
        let bytes = form.render(&report, &fonts)?;
        private(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// A rendition's bytes, as a draft or as approved; `None` where an erasure took them away.
pub fn open(data: &Path, id: &str, form: Form, draft: bool) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path(data, id, form, draft)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

/// Removes a rendition's files.
pub fn remove(data: &Path, id: &str, form: Form) -> io::Result<()> {
    for draft in [true, false] {
        match fs::remove_file(path(data, id, form, draft)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    Ok(())
}

/// Ours, and those in the data folder.
pub(crate) fn fonts(data: &Path) -> anyhow::Result<Fonts> {
    let Ok(entries) = fs::read_dir(data.join(FONTS)) else {
        return Ok(Fonts::default());
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "ttf" || e == "otf"))
        .collect();
    paths.sort();
    let read = paths.iter().map(fs::read).collect::<io::Result<Vec<_>>>();
    let fonts = read.with_context(|| format!("cannot read the fonts in {FONTS}/ of the data folder"))?;
    Fonts::with(fonts).with_context(|| format!("in {FONTS}/ of the data folder"))
}

/// What is exported is for its owner alone.
pub(crate) fn private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(path)?, bytes)
}
