//! The data beside the project.

use flate2::read::GzDecoder;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

/// A path below the folder of shared data, or a word on the screen that it is absent.
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    let root =
        std::env::var_os("GROUNDSWELL_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = root.join("data").join(name);
    if path.exists() {
        return Some(path);
    }
    println!(
        "skipped: {} is not there (GROUNDSWELL_SHARED names the folder)",
        path.display()
    );
    None
}

/// A file's bytes, unpacked where its name ends in `.gz`.
pub(crate) fn open(name: &str) -> Option<Box<dyn Read>> {
    let path = path(name)?;
    let file = File::open(&path).ok()?;
    Some(match path.extension().is_some_and(|e| e == "gz") {
        true => Box::new(GzDecoder::new(file)),
        false => Box::new(file),
    })
}

/// The lines of a file of JSON values.
pub(crate) fn rows(name: &str) -> Option<Vec<Value>> {
    let lines = BufReader::new(open(name)?).lines().map_while(Result::ok);
    Some(lines.filter_map(|l| serde_json::from_str(&l).ok()).collect())
}
