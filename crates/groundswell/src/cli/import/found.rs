//! What is found in exported files, before anything is decided about it.

/// Something found in a file.
#[derive(Debug)]
pub(super) struct Item {
    /// The file, relative to the folder.
    pub(super) file: String,
    pub(super) found: Found,
}

#[derive(Debug)]
pub(super) enum Found {
    Query(FoundQuery),
    /// A group of queries, named by their ids or names.
    Group {
        name: String,
        members: Vec<String>,
    },
    /// A list of keywords.
    Keywords {
        name: String,
        terms: Vec<String>,
    },
    /// A list of values of one of our fields: authors, sites, countries.
    Values {
        kind: &'static str,
        field: &'static str,
        name: String,
        values: Vec<String>,
    },
    /// Something without an equivalent.
    Other {
        kind: &'static str,
        name: String,
        why: String,
    },
}

/// A query, topic or saved search.
#[derive(Debug, Default)]
pub(super) struct FoundQuery {
    pub(super) id: Option<String>,
    pub(super) name: String,
    pub(super) group: Option<String>,
    /// Joined by OR; those that exclude are taken from the rest.
    pub(super) lines: Vec<Line>,
    /// The languages it is limited to.
    pub(super) languages: Vec<String>,
    /// Other searches it is made of.
    pub(super) combined: Option<Combined>,
    /// Settings beside the query that are not carried over.
    pub(super) settings: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) excludes: bool,
}

/// A search made of others, by their ids.
#[derive(Debug, Default, Clone)]
pub(super) struct Combined {
    pub(super) all: Vec<String>,
    pub(super) any: Vec<String>,
    pub(super) none: Vec<String>,
}
