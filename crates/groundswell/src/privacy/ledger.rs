//! The ledger of erasures: a file of pseudonyms that outlives the database.
//!
//! A backup made before an erasure holds what was erased since. Whoever puts it back also gives the ledger, and every
//! erasure in it is done again. So keep a copy of the ledger apart from the backups: it names nobody, since its
//! pseudonyms are keyed by `K_id`. Each line carries a mark under the same key, so that nobody else can add one.

use crate::control::{Control, Suppressed, Target};
use post::{AuthorKey, PostKey};
use serde::{Deserialize, Serialize};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Its name in the data folder.
pub const LEDGER: &str = "suppressions.jsonl";
const FORMAT: u32 = 1;

/// One erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    format: u32,
    /// The erasure's id.
    pub(super) erasure: String,
    /// When it was asked for.
    at: i64,
    authors: Vec<String>,
    posts: Vec<String>,
    suppressed: Vec<Suppressed>,
    mark: String,
}

impl Line {
    /// What is to be erased again.
    pub(super) fn target(&self) -> Target {
        Target {
            authors: self
                .authors
                .iter()
                .filter_map(|a| AuthorKey::from_hex(a))
                .collect(),
            posts: self.posts.iter().filter_map(|p| PostKey::from_hex(p)).collect(),
            suppressed: self.suppressed.clone(),
            found: None,
        }
    }

    fn marked(mut self, control: &Control) -> Self {
        self.mark = String::new();
        let text = serde_json::json!(self).to_string();
        self.mark = control.ledger_mark(text.as_bytes());
        self
    }
}

/// Adds an erasure, durably, before anything is deleted.
pub(super) fn add(data: &Path, control: &Control, erasure: &str, at: i64, target: &Target) -> io::Result<()> {
    let line = Line {
        format: FORMAT,
        erasure: erasure.to_owned(),
        at,
        authors: target.authors.iter().map(ToString::to_string).collect(),
        posts: target.posts.iter().map(ToString::to_string).collect(),
        suppressed: target.suppressed.clone(),
        mark: String::new(),
    };
    let path = data.join(LEDGER);
    let mut options = OpenOptions::new();
    options.create(true).read(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path)?;
    let torn = fs::read(&path)?.last().is_some_and(|&b| b != b'\n');
    let text = serde_json::json!(line.marked(control)).to_string();
    let text = format!("{}{text}\n", if torn { "\n" } else { "" });
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Reads a ledger of this installation. A line that a crash cut short was followed by the erasure's own; other lines
/// that do not hold are named.
pub(super) fn read(path: &Path, control: &Control) -> anyhow::Result<Vec<Line>> {
    let text = fs::read_to_string(path)?;
    let mut lines = Vec::new();
    for (number, json) in text.lines().enumerate().filter(|l| !l.1.trim().is_empty()) {
        let place = format!("{}, line {}", path.display(), number + 1);
        let Ok(line) = serde_json::from_str::<Line>(json) else {
            tracing::warn!(%place, "a line of the ledger cannot be read and is passed over");
            continue;
        };
        anyhow::ensure!(line.format <= FORMAT, "{place}: written by a newer groundswell");
        anyhow::ensure!(
            line.clone().marked(control).mark == line.mark,
            "{place}: it was changed, or belongs to another installation"
        );
        lines.push(line);
    }
    Ok(lines)
}
