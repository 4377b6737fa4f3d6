//! All mentions of one post or one author, whatever their project.

use super::filter::term;
use super::mapping::field;
use super::snapshot::Snapshot;
use crate::{Error, Mention};
use post::{AuthorKey, Kind, PostKey};
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Snapshot {
    /// The mentions of a post, of all projects.
    pub fn of_post(&self, post: PostKey) -> Result<Vec<Mention>, Error> {
        let mut found = Vec::new();
        self.each_with(&term(field::POST, post.to_string()), &mut |m| found.push(m))?;
        Ok(found)
    }

    /// Calls `each` for every mention of an author, of all projects.
    pub fn of_author(&self, author: AuthorKey, each: &mut dyn FnMut(Mention)) -> Result<(), Error> {
        self.each_with(&term(field::AUTHOR, author.to_string()), each)
    }

    /// Calls `each` for every mention of a kind, of all projects.
    pub fn of_kind(&self, kind: Kind, each: &mut dyn FnMut(Mention)) -> Result<(), Error> {
        self.each_with(&term(field::KIND, kind.name()), each)
    }

    /// The platforms of all mentions.
    pub fn platforms(&self) -> Result<BTreeSet<String>, Error> {
        let all = self.counted(&json!({"match_all": {}}), field::SOURCE)?;
        Ok(all.into_iter().map(|(platform, _)| platform).collect())
    }

    fn each_with(&self, query: &Value, each: &mut dyn FnMut(Mention)) -> Result<(), Error> {
        self.cluster().each(query, &mut |hit| {
            each(hit.mention);
            Ok(())
        })
    }
}
