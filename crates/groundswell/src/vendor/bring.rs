//! Bringing an export in: its rows become posts through the ordinary admission, so that monitors match them, and what
//! the vendor says of each is kept beside.

use super::row::{self, Problem};
use super::table;
use crate::control::VendorLabel;
use crate::pipeline::Engine;
use anyhow::Context;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sources::SourceEvent;
use utoipa::ToSchema;

/// Posts journaled together.
const BATCH: usize = 2_000;
/// Problems told one by one; more are counted.
const MAX_PROBLEMS: usize = 1_000;

/// How a file is brought in.
#[derive(Debug, Clone)]
pub struct Options {
    /// The project.
    pub project: String,
    /// The vendor, where the file's columns are not to tell.
    pub vendor: Option<String>,
    /// The name of their query for rows that name none.
    pub query: String,
    /// The time zone of dates that name none.
    pub zone: TimeZone,
    /// Whether only what is said of posts is kept, and no post.
    pub labels_only: bool,
}

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Brought {
    /// The vendor.
    pub vendor: String,
    /// Rows behind the header.
    pub rows: u64,
    /// Posts that are new here.
    pub posts: u64,
    /// Posts that were here already.
    pub known: u64,
    /// Posts of which what the vendor says is kept.
    pub labels: u64,
    /// Of these, with a sentiment.
    pub rated: u64,
    /// Rows left out.
    pub left_out: u64,
    /// What is wrong with which row, the first thousand.
    pub problems: Vec<Problem>,
}

/// Brings a file in; answers when its posts are on disk. A file brought in again changes nothing.
pub async fn bring(engine: &Engine, bytes: &[u8], options: &Options) -> anyhow::Result<Brought> {
    let table = table::read(bytes).map_err(|e| anyhow::anyhow!(e))?;
    let vendor = options
        .vendor
        .clone()
        .unwrap_or_else(|| table.header.vendor.name().to_owned());
    anyhow::ensure!(
        (1..=40).contains(&vendor.chars().count()) && !vendor.chars().any(char::is_control),
        "a vendor's name has 1 to 40 characters"
    );
    engine.control.project(&options.project)?;
    let mut out = Brought {
        vendor,
        rows: table.rows.len() as u64,
        ..Brought::default()
    };
    let mut problems = Vec::new();
    let found: Vec<row::Found> = table
        .rows
        .iter()
        .filter_map(|(line, cells)| row::read(&table.header, *line, cells, &options.zone, &mut problems))
        .collect();
    for batch in found.chunks(BATCH) {
        let mut refused = Vec::new();
        if !options.labels_only {
            let events = batch
                .iter()
                .map(|f| SourceEvent::Post(Box::new(f.post.clone())))
                .collect();
            let receipt = engine
                .intake
                .ingest("vendor", events)
                .await
                .context("the posts are not taken")?;
            out.posts += receipt.accepted as u64;
            out.known += receipt.duplicates as u64;
            refused = receipt.refused;
        }
        for (place, _, message) in &refused {
            // Vendors may not hand out some platforms' texts: what they say of the post is kept even so.
            let has_address = batch[*place].post.uid.is_some();
            problems.push(Problem {
                line: batch[*place].line,
                message: if has_address {
                    format!("{message}; what is said of it is kept")
                } else {
                    message.clone()
                },
                left_out: !has_address,
            });
        }
        let labels: Vec<VendorLabel> = batch
            .iter()
            .filter_map(|f| label(engine, f, &options.query))
            .collect();
        out.labels += labels.len() as u64;
        out.rated += labels.iter().filter(|l| l.sentiment.is_some()).count() as u64;
        let (control, project, vendor) = (
            engine.control.clone(),
            options.project.clone(),
            out.vendor.clone(),
        );
        tokio::task::spawn_blocking(move || control.keep_vendor_labels(&project, &vendor, &labels)).await??;
    }
    problems.sort_by_key(|p| p.line);
    out.left_out = problems.iter().filter(|p| p.left_out).count() as u64;
    problems.truncate(MAX_PROBLEMS);
    out.problems = problems;
    Ok(out)
}

/// What the vendor says of a post that has an address; without one it would be found by nobody.
fn label(engine: &Engine, found: &row::Found, query: &str) -> Option<VendorLabel> {
    let uid = found.post.uid.as_deref()?;
    Some(VendorLabel {
        post: engine.admission.pseudonyms().post(uid),
        at: found.at,
        query: found.query.clone().unwrap_or_else(|| query.to_owned()),
        sentiment: found.sentiment,
    })
}
