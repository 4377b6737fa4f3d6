//! Reading the data beside the project.

use flate2::read::GzDecoder;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

/// The lines of a file of the shared folder; `None`, with a notice, where it is not there.
pub(crate) fn lines(name: &str) -> Option<Box<dyn Iterator<Item = String>>> {
    let root = std::env::var_os("GROUNDSWELL_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
    let path = root.join(name);
    let Ok(file) = File::open(&path) else {
        println!(
            "skipped: {} is not there (GROUNDSWELL_SHARED names the folder)",
            path.display()
        );
        return None;
    };
    Some(if name.ends_with(".gz") {
        Box::new(BufReader::new(GzDecoder::new(file)).lines().map_while(Result::ok))
    } else {
        Box::new(BufReader::new(file).lines().map_while(Result::ok))
    })
}

/// The same, of JSON.
pub(crate) fn values(name: &str) -> Option<impl Iterator<Item = Value>> {
    Some(lines(name)?.filter_map(|l| serde_json::from_str(&l).ok()))
}
