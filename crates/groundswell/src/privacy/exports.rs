//! Exports that we keep, in the folder `exports` of the data folder.

use post::{AuthorKey, PostKey};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The exports that hold any of these authors or posts, or what names them. Those that cannot be searched, being packed
/// or being reports, which name no post, count as holding them. An export that holds nobody's pseudonym but the text would
/// go unseen: exports carry post keys.
pub(super) fn holding(
    data: &Path,
    authors: &BTreeSet<AuthorKey>,
    posts: &[PostKey],
    secrets: &[&str],
) -> io::Result<Vec<PathBuf>> {
    let folder = data.join("exports");
    let mut files = Vec::new();
    if folder.is_dir() {
        list(&folder, &mut files)?;
    }
    if files.is_empty() {
        return Ok(files);
    }
    let mut needles: Vec<String> = posts.iter().map(ToString::to_string).collect();
    needles.extend(authors.iter().map(ToString::to_string));
    needles.extend(secrets.iter().filter(|s| s.len() > 2).map(|s| (*s).to_owned()));
    let Ok(any) = aho_corasick::AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(&needles)
    else {
        return Err(io::Error::other("too many posts to search exports for"));
    };
    let mut found = Vec::new();
    for path in files {
        if is_opaque(&path)
            || any
                .stream_find_iter(io::BufReader::new(fs::File::open(&path)?))
                .next()
                .is_some()
        {
            found.push(path);
        }
    }
    Ok(found)
}

fn is_opaque(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    matches!(
        ending,
        "gz" | "zst" | "zip" | "parquet" | "xlsx" | "pdf" | "pptx" | "html"
    )
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()? {
            kind if kind.is_dir() => list(&entry.path(), files)?,
            kind if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    Ok(())
}
