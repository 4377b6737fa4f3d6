//! Where a query of the command line stands: in the argument, in a file, or among a monitor's versions.

use super::past::PastArgs;
use anyhow::{Context, bail};
use clap::Args;
use query::Lists;
use std::path::Path;

/// Keyword lists that queries may name.
#[derive(Debug, Default, Args)]
pub(super) struct ListArgs {
    /// A keyword list that queries name as list:NAME, one term a line in its file
    #[arg(long = "list", value_name = "NAME=FILE")]
    lists: Vec<String>,
}

impl ListArgs {
    /// Reads the lists.
    pub(super) fn read(&self) -> anyhow::Result<Lists> {
        let mut lists = Lists::new();
        for list in &self.lists {
            let (name, path) = list
                .split_once('=')
                .with_context(|| format!("--list {list}: a list is given as NAME=FILE"))?;
            let terms = std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
            if let Err(problems) = lists.add(name, &terms) {
                let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
                bail!("{path}: {}", all.join("; "));
            }
        }
        Ok(lists)
    }
}

/// The text of a query: as given; of a file, for `@FILE`; or of a monitor of the data folder, for `MONITOR@VERSION`. Then
/// the lists of its project are added to those given, which go first.
pub(super) fn read(argument: &str, past: &PastArgs, lists: &mut Lists) -> anyhow::Result<String> {
    if let Some((monitor, version)) = version_of(argument) {
        let (query, of_project) = past
            .folder()?
            .query(monitor, version)
            .with_context(|| format!("{argument}: the data folder has no such monitor or version"))?;
        for (name, terms) in of_project {
            if lists.node(&name).is_none() {
                // Kept lists were checked when they were saved.
                let _ = lists.add(&name, &terms.join("\n"));
            }
        }
        return Ok(query);
    }
    match file_of(argument) {
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        }
        None => Ok(argument.to_owned()),
    }
}

/// `acme@3`, or `acme@now` for the version in force.
fn version_of(argument: &str) -> Option<(&str, Option<u32>)> {
    let (monitor, version) = argument.rsplit_once('@')?;
    if monitor.trim().is_empty() {
        return None;
    }
    match version {
        "now" => Some((monitor, None)),
        _ => version.parse().ok().map(|v| (monitor, Some(v))),
    }
}

/// `@queries/acme.txt`. `@acme` alone is a query for a handle, unless there is such a file.
fn file_of(argument: &str) -> Option<&Path> {
    let path = argument.strip_prefix('@')?;
    let looks_so = !path.contains(char::is_whitespace) && path.contains(['/', '.']);
    (looks_so || Path::new(path).is_file()).then_some(Path::new(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_files_and_versions_are_told_apart() {
        assert_eq!(version_of("acme@3"), Some(("acme", Some(3))));
        assert_eq!(version_of("Acme Tea@now"), Some(("Acme Tea", None)));
        assert_eq!(version_of("@acme"), None);
        assert_eq!(version_of("acme OR @acme"), None);
        assert_eq!(file_of("@acme"), None);
        assert_eq!(file_of("@acme OR acme.com"), None);
        assert_eq!(file_of("@queries/acme.txt"), Some(Path::new("queries/acme.txt")));
    }
}
