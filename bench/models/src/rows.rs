//! Labelled posts, as the training scripts write them.

use anyhow::{Context, Result, bail};
use models::Ask;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Posts of a language of AfriSenti that are judged at most: it has fourteen of them.
const AFRICAN: usize = 300;

/// A post with its labels; places are characters.
#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) text: String,
    pub(crate) lang: Option<String>,
    pub(crate) set: String,
    pub(crate) labels: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    pub(crate) targets: Vec<(Vec<[usize; 2]>, usize)>,
}

impl Row {
    /// The true class of a task with one class a post.
    pub(crate) fn class(&self, task: &str) -> Option<usize> {
        let class = self.labels.get(task)?.as_u64()?;
        Some(class as usize)
    }

    /// What is asked of the models: the language is theirs to find.
    pub(crate) fn ask(&self, lang: &'static str) -> Ask<'_> {
        let ends = self.text.char_indices().map(|c| c.0).chain([self.text.len()]);
        let bytes: Vec<usize> = ends.collect();
        let byte = |i: usize| bytes.get(i).copied().unwrap_or(self.text.len());
        let places = |spans: &Vec<[usize; 2]>| -> Vec<Range<usize>> {
            spans
                .iter()
                .map(|[start, end]| byte(*start)..byte(*end))
                .collect()
        };
        Ask {
            text: (&self.text).into(),
            lang: lang.into(),
            targets: self.targets.iter().map(|(spans, _)| places(spans)).collect(),
            words: false,
        }
    }
}

/// Where the rows are; makes them first where no folder is named. `None` without the shared data.
pub(crate) fn folder(named: Option<PathBuf>) -> Result<Option<PathBuf>> {
    if let Some(folder) = named {
        return Ok(Some(folder));
    }
    let shared = std::env::var_os("GROUNDSWELL_SHARED").map_or("../shared".into(), PathBuf::from);
    let (data, out) = (shared.join("data"), PathBuf::from("target/bench-models"));
    if !data.is_dir() {
        return Ok(None);
    }
    if !out.join("val.jsonl").is_file() {
        let mut script = Command::new("python3");
        let script = script.arg("training/encoder/data.py").arg("--data").arg(data);
        let done = script.arg("--out").arg(&out).status().context("python3")?;
        if !done.success() {
            bail!("training/encoder/data.py: {done}");
        }
    }
    Ok(Some(out))
}

/// Every row of a file.
pub(crate) fn lines(path: &Path) -> Result<impl Iterator<Item = Result<Row>>> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    Ok(BufReader::new(file)
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?)))
}

/// So many posts of each set, spread over all of it: files may be sorted by label.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<Row>> {
    let mut sets: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in lines(path)? {
        let row = row?;
        sets.entry(row.set.clone()).or_default().push(row);
    }
    let spread = |(name, rows): (String, Vec<Row>)| {
        let few = if name.starts_with("afrisenti") {
            AFRICAN
        } else {
            usize::MAX
        };
        let (n, limit) = (rows.len(), limit.min(few));
        // Row i is taken where i · limit / n steps up.
        let taken = move |i: &usize| n <= limit || (i + 1) * limit / n > i * limit / n;
        let rows = rows.into_iter().enumerate();
        rows.filter(move |(i, _)| taken(i)).map(|(_, row)| row)
    };
    Ok(sets.into_iter().flat_map(spread).collect())
}
