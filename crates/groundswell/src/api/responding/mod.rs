//! Responding: items, notes, notices, hand-overs.

pub(super) mod desks;
pub(super) mod handovers;
pub(super) mod hooks;
pub(super) mod items;
pub(super) mod notes;
pub(super) mod notices;

use super::{App, Failure};
use post::MentionId;
use store::Mention;

/// The mention of a project with this id.
pub(in crate::api) fn mention_of(app: &App, project: &str, id: &str) -> Result<Mention, Failure> {
    let id = MentionId::from_hex(id).ok_or(Failure::NotFound("mention"))?;
    let found = app.engine.store.snapshot().mention(id)?;
    found
        .filter(|m| m.project == project)
        .ok_or(Failure::NotFound("mention"))
}
