//! All mentions of one post or one author, whatever their project.

use super::fetch::ROWS;
use super::filter::{term, terms};
use super::mapping::{field, place_of};
use super::snapshot::Snapshot;
use crate::{Error, Mention};
use foldhash::HashSet;
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

    /// The mention with this number, see [`crate::mention_number`].
    pub fn numbered(&self, number: u64) -> Result<Option<Mention>, Error> {
        let query = term(field::ID, place_of(number));
        Ok(self.cluster().hits(&query, None, 1)?.pop().map(|hit| hit.mention))
    }

    /// Of these numbers of mentions those that are no mention's.
    pub fn missing(&self, numbers: &[u64]) -> Result<Vec<u64>, Error> {
        let mut missing = Vec::new();
        for some in numbers.chunks(ROWS) {
            let places = some.iter().map(|number| place_of(*number)).collect();
            let mut found = HashSet::default();
            self.cluster()
                .each_row(&terms(field::ID, places), &[], &mut |row| {
                    found.insert(row.number);
                })?;
            missing.extend(some.iter().filter(|number| !found.contains(number)));
        }
        Ok(missing)
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
