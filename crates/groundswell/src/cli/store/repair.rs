//! `groundswell store check --repair`: what is damaged is set aside, and made anew from the journal.

use super::check::Found;
use crate::config::Config;
use crate::pipeline;
use anyhow::Context;
use journal::Lock;
use std::fs;
use std::path::Path;

/// Where damaged files go.
const SET_ASIDE: &str = "set-aside";

/// Repairs what can be, and says what was done and what could not be.
pub(super) fn run(config: &Config, lock: &Lock, found: &Found) -> anyhow::Result<Vec<String>> {
    let data = &config.data;
    let mut done = Vec::new();
    done.extend(journal(data, lock, found)?);
    done.extend(stamp(data, found)?);
    let damaged: Vec<(String, String)> = found
        .store
        .partitions
        .iter()
        .filter_map(|p| {
            let problem = p.problems.iter().find(|p| p.is_damage)?;
            Some((
                p.partition.clone(),
                format!("{}: {}", problem.place, problem.what),
            ))
        })
        .collect();
    let is_missing = found.store.problems.iter().any(|p| p.is_damage);
    if damaged.is_empty() && !is_missing {
        return Ok(done);
    }
    let settings = crate::cli::folder::settings(config);
    let models = crate::weights::embedded()?;
    let made =
        pipeline::rebuild(&settings, models, &damaged).context("the partitions cannot be made anew")?;
    for partition in &made.partitions {
        let aside = partition.aside.as_ref().map_or(String::new(), |path| {
            format!(
                "; what was there lies in {}: it still holds posts, delete it when you need it no more",
                path.display()
            )
        });
        done.push(format!(
            "{}: made anew from the journal, {} mentions{aside}",
            partition.partition, partition.mentions
        ));
        let since = made.since.filter(|since| *since <= partition.from);
        if since.is_none() {
            let begins = made.since.map_or("is empty".to_owned(), |at| {
                format!("begins at {}", post::to_rfc3339(at))
            });
            done.push(format!(
                "{}: what was taken in earlier could not be made anew, for the journal {begins}; a backup may have it",
                partition.partition
            ));
        }
    }
    Ok(done)
}

/// Segments that are damaged and wholly stored, with those before them.
fn journal(data: &Path, lock: &Lock, found: &Found) -> anyhow::Result<Vec<String>> {
    let stored = found.store.position;
    let worst = journal::harmed_upto(&found.journal);
    match worst {
        None => Ok(Vec::new()),
        Some(upto) if upto.0 > stored => Ok(vec![
            "the journal is left as it is: its damaged entries are not all stored, and setting them aside would lose them"
                .to_owned(),
        ]),
        Some(_) => {
            let moved = journal::set_aside(lock, &found.journal, &data.join("journal").join(SET_ASIDE))?;
            let line = |path: &std::path::PathBuf| format!("{}: set aside; all of it is stored", path.display());
            Ok(moved.iter().map(line).collect())
        }
    }
}

/// A store's position that cannot be read: without it the partitions' own positions count.
fn stamp(data: &Path, found: &Found) -> anyhow::Result<Option<String>> {
    let path = data.join("store").join("store.json");
    let place = path.display().to_string();
    if !found
        .store
        .problems
        .iter()
        .any(|p| p.is_damage && p.place == place)
    {
        return Ok(None);
    }
    let aside = data.join("store").join(SET_ASIDE);
    fs::create_dir_all(&aside)?;
    let free = (1..)
        .map(|n| aside.join(format!("store.json-{n}")))
        .find(|p| !p.exists());
    let to = free.unwrap_or_default();
    fs::rename(&path, &to)?;
    Ok(Some(format!("{place}: set aside as {}", to.display())))
}
