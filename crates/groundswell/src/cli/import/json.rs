//! The JSON that the products' interfaces hand out. An object is known by its keys, wherever it stands.

use super::From;
use super::found::{Combined, Found, FoundQuery, Line};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// Deepest nesting that is looked into; the products' own is four.
const MOST_LEVELS: usize = 12;

pub(super) fn read(from: From, stem: &str, text: &str) -> Result<Vec<Found>, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("no JSON: {e}"))?;
    let mut found = Vec::new();
    visit(from, stem, &value, 0, &mut found);
    Ok(found)
}

/// Looks for known objects; `within` is the key, or the file's name, under which the value stands.
fn visit(from: From, within: &str, value: &Value, level: usize, found: &mut Vec<Found>) {
    if level > MOST_LEVELS {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|v| visit(from, within, v, level + 1, found)),
        Value::Object(object) => {
            let known = match from {
                From::Brandwatch => brandwatch(within, object),
                From::Talkwalker => talkwalker(within, object),
                From::Meltwater => meltwater(object),
            };
            match known {
                Some(item) => found.push(item),
                None => {
                    for (key, inner) in object {
                        let within = match key.as_str() {
                            "results" => within,
                            "topic_line_import" if is_filter(object) => "filters",
                            key => key,
                        };
                        visit(from, within, inner, level + 1, found);
                    }
                }
            }
        }
        _ => {}
    }
}

fn text(object: &Object, keys: &[&str]) -> Option<String> {
    let value = keys.iter().find_map(|k| object.get(*k))?;
    match value {
        Value::String(s) => Some(s.trim().to_owned()).filter(|s| !s.is_empty()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

fn texts(object: &Object, key: &str) -> Vec<String> {
    let list = object.get(key).and_then(Value::as_array);
    let one = |v: &Value| match v {
        Value::String(s) => Some(s.trim().to_owned()).filter(|s| !s.is_empty()),
        Value::Number(n) => Some(n.to_string()),
        Value::Object(o) => text(o, &["name", "id", "title"]),
        _ => None,
    };
    list.into_iter().flatten().filter_map(one).collect()
}

fn named(object: &Object) -> String {
    text(object, &["name", "title"]).unwrap_or_else(|| "without a name".to_owned())
}

fn other(kind: &'static str, object: &Object, why: &str) -> Option<Found> {
    Some(Found::Other {
        kind,
        name: named(object),
        why: why.to_owned(),
    })
}

fn brandwatch(within: &str, object: &Object) -> Option<Found> {
    let within = within.to_ascii_lowercase();
    if let Some(boolean) = text(object, &["booleanQuery", "includedTerms"]) {
        return Some(Found::Query(brandwatch_query(object, boolean)));
    }
    if object.contains_key("ruleAction") {
        let why = "rules that sort mentions have no equivalent yet: use the filters of a view";
        return other("rule", object, why);
    }
    if object.contains_key("queries") && object.contains_key("name") {
        let members = object.get("queries").and_then(Value::as_array);
        let ids = members.into_iter().flatten().filter_map(|m| match m {
            Value::Object(o) => text(o, &["id", "name"]),
            Value::Number(n) => Some(n.to_string()),
            Value::String(s) => Some(s.clone()),
            _ => None,
        });
        return Some(Found::Group {
            name: named(object),
            members: ids.collect(),
        });
    }
    if object.contains_key("children") && object.contains_key("name") {
        let parts = texts(object, "children").join(", ");
        let why = format!("categories have no equivalent yet; its parts: {parts}");
        return other("category", object, &why);
    }
    for (key, kind, field) in [
        ("authors", "author list", "author"),
        ("domains", "site list", "site"),
        ("locations", "location list", "country"),
    ] {
        if object.get(key).is_some_and(Value::is_array) && object.contains_key("name") {
            return Some(Found::Values {
                kind,
                field,
                name: named(object),
                values: texts(object, key),
            });
        }
    }
    let is_query = text(object, &["type"]).is_some() && object.contains_key("name");
    if is_query && (within.contains("quer") || object.contains_key("lockedQuery")) {
        let kind = text(object, &["type"]).unwrap_or_default();
        if kind == "search string" || kind == "monitor" {
            let why = "the file has no search string: export the queries, not their summary";
            return other("query", object, why);
        }
        let why =
            "a channel is an account's posts: write a monitor with author:NAME, or follow it as a source";
        return other("channel", object, why);
    }
    if within.contains("tag") && object.contains_key("name") {
        return other("tag", object, "tags have no equivalent yet");
    }
    None
}

fn brandwatch_query(object: &Object, boolean: String) -> FoundQuery {
    let mut settings = Vec::new();
    if !texts(object, "contentSources").is_empty() {
        settings.push("the choice of content sources: sources are chosen in the configuration".to_owned());
    }
    for (key, what) in [
        ("locationFilter", "the location filter: use country: in the query"),
        ("imageFilter", "the image filter: pictures are not looked into"),
        (
            "exclusionSnippets",
            "the ready-made exclusions: write them as a keyword list",
        ),
    ] {
        let empty = |v: &Value| match v {
            Value::Null => true,
            Value::Array(a) => a.is_empty(),
            Value::Object(o) => o
                .values()
                .all(|v| v.is_null() || v.as_array().is_some_and(Vec::is_empty)),
            _ => false,
        };
        if object.get(key).is_some_and(|v| !empty(v)) {
            settings.push(what.to_owned());
        }
    }
    let sample = object.get("samplePercent").and_then(Value::as_f64);
    if sample.is_some_and(|p| p < 100.0) {
        settings.push("the sampling: every post is looked at".to_owned());
    }
    let agnostic = object.get("languageAgnostic").and_then(Value::as_bool) == Some(true);
    FoundQuery {
        id: text(object, &["id"]),
        name: named(object),
        lines: vec![Line {
            text: boolean,
            excludes: false,
        }],
        languages: if agnostic {
            Vec::new()
        } else {
            texts(object, "languages")
        },
        settings,
        ..FoundQuery::default()
    }
}

/// Whether it is, or holds, filters of a view and no topics.
fn is_filter(object: &Object) -> bool {
    text(object, &["topic_type", "type"]).is_some_and(|t| t.eq_ignore_ascii_case("filter"))
}

fn talkwalker(within: &str, object: &Object) -> Option<Found> {
    let title = text(object, &["topic_title", "title", "name"]);
    if let (Some(query), Some(title)) = (text(object, &["query"]), title.clone()) {
        if within == "filters" || is_filter(object) {
            let why =
                "a filter of the view: use the filters there, or add it to the monitors' queries with AND";
            return Some(Found::Other {
                kind: "filter",
                name: title,
                why: why.to_owned(),
            });
        }
        let excludes = object.get("included_query").and_then(Value::as_bool) == Some(false);
        return Some(Found::Query(FoundQuery {
            id: text(object, &["topic_id", "id"]),
            name: title,
            group: text(object, &["category_title"]),
            lines: vec![Line {
                text: query,
                excludes,
            }],
            ..FoundQuery::default()
        }));
    }
    // Lists of resources name their things under the key of the kind.
    let (kind, why): (&'static str, &str) = match within {
        "nodes" => (
            "topic",
            "the file has its name only: export the topics with their queries",
        ),
        "panels" | "panel" => (
            "source panel",
            "panels have no equivalent: use site: in the query",
        ),
        "pages" | "page" | "channels" => (
            "channel",
            "a channel is a page's posts: write a monitor with author:NAME, or follow it as a source",
        ),
        "events" | "event" => ("event", "events have no equivalent"),
        "tags" => ("tag", "tags have no equivalent yet"),
        _ => return None,
    };
    title
        .is_some()
        .then(|| other(kind, object, why))
        .flatten()
        .filter(|_| !object.contains_key("nodes"))
}

fn meltwater(object: &Object) -> Option<Found> {
    let query = match object.get("query")? {
        Value::Object(o) => o,
        Value::String(s) => {
            return Some(Found::Query(FoundQuery {
                id: text(object, &["id", "search_id"]),
                name: named(object),
                group: text(object, &["folder", "category_title"]),
                lines: vec![Line {
                    text: s.clone(),
                    excludes: false,
                }],
                ..FoundQuery::default()
            }));
        }
        _ => return None,
    };
    let mut found = FoundQuery {
        id: text(object, &["id", "search_id"]),
        name: named(object),
        group: text(object, &["folder"]),
        ..FoundQuery::default()
    };
    let case = text(query, &["case_sensitivity", "caseSensitivity"]);
    if case.is_some_and(|c| !matches!(c.as_str(), "no" | "none" | "insensitive" | "case_insensitive")) {
        let message = "its case sensitivity: put the words that need it in braces, as in {BT}";
        found.settings.push(message.to_owned());
    }
    for (key, what) in [
        (
            "filter_set",
            "its filter set: use the filters of a view, or fields in the query",
        ),
        (
            "source_selection_id",
            "its selection of sources: use site: or source: in the query",
        ),
    ] {
        if query.get(key).is_some_and(|v| !v.is_null()) {
            found.settings.push(what.to_owned());
        }
    }
    if let Some(boolean) = text(query, &["boolean"]) {
        found.lines.push(Line {
            text: boolean,
            excludes: false,
        });
        return Some(Found::Query(found));
    }
    if let Some(source) = keywords(query) {
        found.lines.push(Line {
            text: source,
            excludes: false,
        });
        return Some(Found::Query(found));
    }
    let combined = Combined {
        all: texts(query, "all_searches"),
        any: texts(query, "any_searches"),
        none: texts(query, "not_searches"),
    };
    if combined.all.is_empty() && combined.any.is_empty() {
        return other("search", object, "the file does not say what it searches for");
    }
    found.combined = Some(combined);
    Some(Found::Query(found))
}

/// A keyword search as the Boolean search that means the same.
fn keywords(query: &Object) -> Option<String> {
    let quoted = |key: &str, by: &str| {
        let list: Vec<String> = texts(query, key)
            .iter()
            .map(|k| format!("\"{}\"", k.replace('"', " ").trim()))
            .collect();
        (!list.is_empty()).then(|| format!("({})", list.join(by)))
    };
    let (all, any) = (quoted("all_keywords", " AND "), quoted("any_keywords", " OR "));
    let not = quoted("not_keywords", " OR ").map(|n| format!("NOT {n}"));
    let positive: Vec<String> = all.into_iter().chain(any).collect();
    if positive.is_empty() {
        return None;
    }
    Some(positive.into_iter().chain(not).collect::<Vec<_>>().join(" AND "))
}
