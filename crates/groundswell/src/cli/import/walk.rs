//! Finds and reads the files of a folder.

use super::found::{Found, Item};
use super::{From, json, table};
use crate::cli::lines::open;
use anyhow::{Context, bail};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A larger file is no list of queries.
const MOST_BYTES: u64 = 64 << 20;
/// Folders inside folders.
const MOST_LEVELS: usize = 8;

/// What a folder holds.
pub(super) struct Folder {
    pub(super) items: Vec<Item>,
    /// Files that were not read, and why.
    pub(super) skipped: Vec<(String, String)>,
}

/// Reads every file of the folder, in the order of their names.
pub(super) fn read(from: From, folder: &Path) -> anyhow::Result<Folder> {
    if !folder.is_dir() {
        bail!("{} is no folder: put the exported files in one", folder.display());
    }
    let mut paths = Vec::new();
    list(folder, 0, &mut paths)?;
    let mut read = Folder {
        items: Vec::new(),
        skipped: Vec::new(),
    };
    for path in paths {
        let file = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        match read_file(from, &path) {
            Ok(found) if found.is_empty() => {
                read.skipped
                    .push((file, "nothing in it that is known".to_owned()));
            }
            Ok(found) => read.items.extend(found.into_iter().map(|found| Item {
                file: file.clone(),
                found,
            })),
            Err(why) => read.skipped.push((file, why)),
        }
    }
    Ok(read)
}

fn list(folder: &Path, level: usize, paths: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut here: Vec<PathBuf> = entries.map(|e| Ok(e?.path())).collect::<std::io::Result<_>>()?;
    here.sort();
    for path in here {
        let hidden = path
            .file_name()
            .is_none_or(|n| n.to_string_lossy().starts_with('.'));
        if path.is_dir() && !hidden && level < MOST_LEVELS {
            list(&path, level + 1, paths)?;
        } else if path.is_file() && !hidden {
            paths.push(path);
        }
    }
    Ok(())
}

fn read_file(from: From, path: &Path) -> Result<Vec<Found>, String> {
    let stem = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let ending = path
        .extension()
        .map(|e| e.to_string_lossy().to_ascii_lowercase())
        .unwrap_or_default();
    match ending.as_str() {
        "json" => json::read(from, &stem, &text(path)?),
        "csv" | "tsv" => table::read(from, &stem, &text(path)?),
        "txt" => {
            let text = text(path)?;
            let terms = text.lines().map(str::trim).filter(|l| !l.is_empty());
            Ok(vec![Found::Keywords {
                name: stem,
                terms: terms.map(str::to_owned).collect(),
            }])
        }
        "xlsx" | "xls" | "ods" => Err("a workbook: save each sheet as CSV".to_owned()),
        _ => Err("not a kind of file that is read: JSON, CSV or TXT".to_owned()),
    }
}

fn text(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let reader = open(path).map_err(|e| format!("{e:#}"))?;
    reader
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| e.to_string())?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("larger than {} MB", MOST_BYTES >> 20));
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err("UTF-16: save it as UTF-8".to_owned());
    }
    let bytes = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .map(<[u8]>::to_vec)
        .unwrap_or(bytes);
    String::from_utf8(bytes).map_err(|_| "not UTF-8: save it as UTF-8".to_owned())
}
