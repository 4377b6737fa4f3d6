//! Tables saved as CSV. Products, versions and people name the columns differently, so each is known by many names.

use super::From;
use super::found::{Found, FoundQuery, Line};

const NAME: &[&str] = &[
    "name",
    "queryname",
    "query name",
    "topic",
    "topic title",
    "topic name",
    "title",
    "search",
    "search name",
    "searchname",
    "saved search",
    "monitor",
];
const QUERY: &[&str] = &[
    "query",
    "boolean",
    "boolean query",
    "booleanquery",
    "query string",
    "querystring",
    "search string",
    "included terms",
    "includedterms",
    "search query",
    "boolean search",
    "definition",
];
const GROUP: &[&str] = &[
    "group",
    "query group",
    "querygroup",
    "folder",
    "category",
    "category title",
    "topic group",
    "group name",
];
const LANGUAGES: &[&str] = &["language", "languages", "lang"];
const KIND: &[&str] = &["type", "query type", "topic type"];
const INCLUDED: &[&str] = &[
    "included query",
    "included",
    "include",
    "include/exclude",
    "line type",
];
const ID: &[&str] = &["id", "query id", "topic id", "search id"];
const KEYWORD: &[&str] = &[
    "keyword", "keywords", "term", "terms", "phrase", "phrases", "word", "words",
];
const AUTHOR: &[&str] = &["author", "authors", "handle", "username"];
const SITE: &[&str] = &["site", "sites", "domain", "domains"];

pub(super) fn read(from: From, stem: &str, text: &str) -> Result<Vec<Found>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .map_err(|e| e.to_string())?
        .iter()
        .map(|h| h.to_lowercase().replace(['_', '-'], " "))
        .collect();
    let column = |names: &[&str]| header.iter().position(|h| names.contains(&h.as_str()));
    let rows: Vec<csv::StringRecord> = reader
        .records()
        .collect::<Result<_, _>>()
        .map_err(|e| format!("no CSV: {e}"))?;
    if let (Some(name), Some(query)) = (column(NAME), column(QUERY)) {
        let columns = Columns {
            name,
            query,
            id: column(ID),
            group: column(GROUP),
            languages: column(LANGUAGES),
            kind: column(KIND),
            included: column(INCLUDED),
        };
        return Ok(rows.iter().filter_map(|r| columns.item(from, r)).collect());
    }
    for (names, kind, field) in [(AUTHOR, "author list", "author"), (SITE, "site list", "site")] {
        if let Some(at) = column(names) {
            return Ok(vec![Found::Values {
                kind,
                field,
                name: stem.to_owned(),
                values: cells(&rows, at),
            }]);
        }
    }
    match column(KEYWORD) {
        Some(at) => Ok(vec![Found::Keywords {
            name: stem.to_owned(),
            terms: cells(&rows, at),
        }]),
        None => Err(format!(
            "its columns are not known ({}): queries need one named name and one named query, lists one named keyword",
            header.join(", ")
        )),
    }
}

/// Comma, semicolon or tab, whichever the header has most of.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |d: &u8| header.bytes().filter(|b| b == d).count();
    // The last of equals wins, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

fn cells(rows: &[csv::StringRecord], at: usize) -> Vec<String> {
    let cells = rows.iter().filter_map(|r| r.get(at));
    cells.filter(|c| !c.is_empty()).map(str::to_owned).collect()
}

struct Columns {
    name: usize,
    query: usize,
    id: Option<usize>,
    group: Option<usize>,
    languages: Option<usize>,
    kind: Option<usize>,
    included: Option<usize>,
}

impl Columns {
    fn item(&self, from: From, row: &csv::StringRecord) -> Option<Found> {
        let cell = |at: Option<usize>| at.and_then(|i| row.get(i)).filter(|c| !c.is_empty());
        let name = cell(Some(self.name));
        let query = cell(Some(self.query));
        if name.is_none() && query.is_none() {
            return None;
        }
        let name = name.unwrap_or("without a name").to_owned();
        let other = |kind, why: &str| Found::Other {
            kind,
            name: name.clone(),
            why: why.to_owned(),
        };
        let kind = cell(self.kind).unwrap_or_default().to_lowercase();
        if from == From::Talkwalker && kind == "filter" {
            let why =
                "a filter of the view: use the filters there, or add it to the monitors' queries with AND";
            return Some(other("filter", why));
        }
        let Some(query) = query else {
            return Some(other("query", "there is no query in its row"));
        };
        let excludes = cell(self.included).is_some_and(|c| {
            matches!(
                c.to_lowercase().as_str(),
                "false" | "no" | "0" | "exclude" | "excluded" | "not"
            )
        });
        let languages = cell(self.languages).unwrap_or_default();
        let languages = languages.split([',', ';', '|', ' ']).filter(|l| !l.is_empty());
        Some(Found::Query(FoundQuery {
            id: cell(self.id).map(str::to_owned),
            name: name.clone(),
            group: cell(self.group).map(str::to_owned),
            lines: vec![Line {
                text: query.to_owned(),
                excludes,
            }],
            languages: languages.map(str::to_owned).collect(),
            ..FoundQuery::default()
        }))
    }
}
