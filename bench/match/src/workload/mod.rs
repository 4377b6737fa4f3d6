//! What is matched: posts and queries.

pub(crate) mod monster;
pub(crate) mod scripts;
pub(crate) mod shared;
pub(crate) mod tweets;

use query::ast::FieldName;
use query::{Document, Query};

/// One post of a stream.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) id: u32,
    pub(crate) text: String,
    pub(crate) lang: Option<String>,
    pub(crate) source: String,
    pub(crate) author: Option<String>,
}

impl Post {
    pub(crate) fn document(&self) -> Document<'_> {
        Document {
            text: &self.text,
            lang: self.lang.as_deref(),
            source: &self.source,
            author: self.author.as_deref(),
            ..Document::default()
        }
    }

    /// Its field values, in the form in which they are compared.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (FieldName, String)> {
        let some = [
            (FieldName::Lang, self.lang.as_deref()),
            (FieldName::Source, Some(self.source.as_str())),
            (FieldName::Author, self.author.as_deref()),
        ];
        some.into_iter()
            .filter_map(|(name, value)| Some((name, name.normalise(value?)?)))
    }
}

/// Posts and queries, and how to know that the answers are right.
#[derive(Debug)]
pub(crate) struct Workload {
    pub(crate) name: String,
    pub(crate) posts: Vec<Post>,
    pub(crate) queries: Vec<(u32, Query)>,
    /// Answers found by others, on the first posts and queries.
    pub(crate) answers: Vec<Answers>,
    /// Posts on which every query is compared with the plain evaluator.
    pub(crate) plain_posts: usize,
    /// At most so many posts for Lucene.
    pub(crate) lucene_posts: usize,
    /// Ways to set Lucene Monitor up (see `Config.java`), of which the fastest counts.
    pub(crate) configs: &'static [&'static str],
}

/// All matches of the first posts with the first queries.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) file: &'static str,
    pub(crate) posts: u32,
    pub(crate) queries: u32,
    pub(crate) pairs: Vec<(u32, u32)>,
}
