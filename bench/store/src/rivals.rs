//! DuckDB on the same rows: `bench/store/rivals.sh` installs and asks it.

use crate::clock::line;
use crate::questions::{self, Asked};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use store::Store;

#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Loaded {
        version: String,
        rows: u64,
        rows_a_cpu_second: f64,
        bytes_a_row: f64,
    },
    Answered {
        name: String,
        cpu: f64,
        wall: f64,
    },
}

/// Asks both every question once nothing is kept, and prints them side by side.
pub(crate) fn ask(store: &Store, rows: &Path) -> Result<()> {
    let words = serde_json::json!({
        "phrase": questions::phrase(), "all": questions::all_of(), "not": questions::none_of(),
    });
    let out = Command::new("bench/store/rivals.sh")
        .arg(std::path::absolute(rows)?)
        .arg(words.to_string())
        .output()
        .context("bench/store/rivals.sh")?;
    ensure!(
        out.status.success(),
        "the rivals did not run: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    let mut theirs = BTreeMap::new();
    for said in String::from_utf8_lossy(&out.stdout).lines() {
        match serde_json::from_str(said).with_context(|| format!("the rivals said {said}"))? {
            Said::Answered { name, cpu, wall } => {
                theirs.insert(name, (cpu, wall));
            }
            Said::Loaded {
                version,
                rows,
                rows_a_cpu_second,
                bytes_a_row,
            } => {
                println!(
                    "\nBeside DuckDB {version} on {rows} rows, median ms: processor (wall), nothing kept, one thread"
                );
                let loaded = format!("{rows_a_cpu_second:.0}");
                line("DuckDB: rows loaded a core-second", &loaded, "it indexes no text");
                line("DuckDB: bytes a row", &format!("{bytes_a_row:.0}"), "");
            }
        }
    }
    for (name, _, asked) in questions::questions()? {
        let (cpu, wall) = cold(store, &asked)?;
        let other = match theirs.get(name) {
            Some((cpu, wall)) => format!("DuckDB {cpu:.1} ({wall:.1})"),
            None => "DuckDB was not asked".to_owned(),
        };
        line(name, &format!("{cpu:.1} ({wall:.1})"), &other);
    }
    Ok(())
}

fn cold(store: &Store, asked: &Asked) -> Result<(f64, f64)> {
    let reader = store.reader();
    questions::median(
        || {
            reader.forget();
            Ok(reader.snapshot())
        },
        asked,
    )
}
