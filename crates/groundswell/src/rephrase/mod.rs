//! Saying an explanation in other words: a language model that the operator named may be asked for a finding, when somebody
//! wants it. It is sent our own sentences and nothing else, and its answer is shown only where every number and every piece
//! of evidence is ours still.

mod ask;
mod check;
mod statement;

pub(crate) use check::Part;
pub(crate) use statement::Statements;

use crate::config::Secret;
use post::Millis;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use trends::hash;

/// Answers kept, and for how long: an erased quotation must not stay in memory.
const KEPT: usize = 1_000;
const KEPT_FOR: Millis = 24 * 3_600_000;

/// `[rephrase]`
#[derive(Debug, Clone)]
pub struct Settings {
    /// The whole address that is posted to.
    pub url: String,
    /// The model that is asked for.
    pub model: String,
    /// What lets us in there.
    pub key: Option<Secret>,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// An explanation in other words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rephrased {
    /// What it says, piece by piece, each with the places of our sentences that it rests on.
    pub(crate) parts: Vec<Part>,
    /// When it was made.
    pub(crate) made_at: Millis,
}

/// Asks the language model, one question at a time, and keeps what it said of each finding.
pub struct Rephraser {
    settings: Settings,
    asking: tokio::sync::Mutex<()>,
    kept: Mutex<HashMap<String, (u64, Rephrased)>>,
}

impl Rephraser {
    /// One that asks there.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            asking: tokio::sync::Mutex::default(),
            kept: Mutex::default(),
        }
    }

    /// The model's name.
    pub(crate) fn model(&self) -> &str {
        &self.settings.model
    }

    /// The machine that is asked.
    pub(crate) fn host(&self) -> &str {
        let rest = self.settings.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split('/').next().unwrap_or_default()
    }

    /// What was said of a finding, where it was told in these very words.
    pub(crate) fn kept(&self, finding: &str, statements: &Statements, now: Millis) -> Option<Rephrased> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (_, r)| (r.made_at..r.made_at + KEPT_FOR).contains(&now));
        let (of, rephrased) = kept.get(finding)?;
        (*of == digest(statements)).then(|| rephrased.clone())
    }

    /// Asks for it. `Err` says in words why there is nothing to be shown.
    pub(crate) async fn ask(
        &self,
        finding: &str,
        statements: &Statements,
        now: Millis,
    ) -> Result<Rephrased, String> {
        let _one_at_a_time = self.asking.lock().await;
        if let Some(kept) = self.kept(finding, statements, now) {
            return Ok(kept);
        }
        let answer = ask::ask(&self.settings, statements).await?;
        let parts = check::check(&answer, statements.texts())?;
        let rephrased = Rephrased { parts, made_at: now };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(finding.to_owned(), (digest(statements), rephrased.clone()));
        Ok(rephrased)
    }
}

fn digest(statements: &Statements) -> u64 {
    hash::text(&statements.texts().join("\n"))
}
