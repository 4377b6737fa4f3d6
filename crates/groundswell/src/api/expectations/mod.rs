//! What is expected of a monitor's query: kept with the monitor, run on any query, read from and written to the file of
//! `groundswell query test`.

pub(super) mod keep;
pub(super) mod run;

use super::Failure;
use crate::lab::expected::Expected;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Expectations of one monitor at most.
const MOST: usize = 500;
/// The longest text of one, in bytes.
const LONGEST: usize = 100_000;

/// What is expected of a monitor's query.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectationSet {
    /// Its version: 0 where nothing was ever expected. Who replaces it says which one was seen.
    version: u32,
    /// The expectations, in the order they were given.
    expectations: Vec<Expected>,
}

/// A version of a monitor's expectations.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct ExpectationVersion {
    /// Its number, from 1.
    version: u32,
    /// How many there are in it: those taken from posts that are gone are gone from it.
    count: u64,
    /// Who made it.
    actor: String,
    /// When.
    created_at: i64,
}

/// Refuses more than can be kept, and what is no post.
fn check(all: &[Expected]) -> Result<(), Failure> {
    if all.len() > MOST {
        return Err(Failure::Bad(format!("a monitor has at most {MOST} expectations")));
    }
    for (i, one) in all.iter().enumerate() {
        let at = |message: &str| Err(Failure::Bad(format!("expectation {}: {message}", i + 1)));
        if one.post.is_none() && one.text.trim().is_empty() && one.title.is_none() {
            return at("a post needs a text or a title");
        }
        if one.text.len() > LONGEST {
            return at("a text has at most 100,000 bytes");
        }
        if let Err(message) = one.raw() {
            return at(&message);
        }
    }
    Ok(())
}
