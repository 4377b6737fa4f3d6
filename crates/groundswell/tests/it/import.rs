//! Moving from another product: made-up exports in the form of each.

use crate::commands::groundswell;
use serde_json::Value;
use std::path::Path;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Imports files and returns the fragment, the report, and both texts: what was written and what was said.
fn import(from: &str, files: &[(&str, &str)]) -> (toml::Table, Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let exported = folder.path().join("exported");
    for (name, content) in files {
        let path = exported.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let (out, report) = (folder.path().join("out.toml"), folder.path().join("report.json"));
    let shown = |p: &Path| p.to_str().unwrap().to_owned();
    let (exported, out_path, report_path) = (shown(&exported), shown(&out), shown(&report));
    let args = [
        "import",
        "--from",
        from,
        &exported,
        "-o",
        &out_path,
        "--report",
        &report_path,
    ];
    let output = groundswell(&args, "");
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(
        groundswell(&args, "").status.code(),
        Some(2),
        "a file that is there is kept"
    );
    let fragment = std::fs::read_to_string(out).unwrap();
    let report = serde_json::from_str(&std::fs::read_to_string(report).unwrap()).unwrap();
    let table = fragment.parse().unwrap_or_else(|e| panic!("{e}: {fragment}"));
    (table, report, fragment + &said)
}

/// Name, role and query of every monitor.
fn monitors(fragment: &toml::Table) -> Vec<(&str, &str, &str)> {
    fragment["monitor"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| {
            (
                m["name"].as_str().unwrap(),
                m["role"].as_str().unwrap(),
                m["query"].as_str().unwrap(),
            )
        })
        .collect()
}

/// Outcome of every item by kind and name.
fn outcomes(report: &Value) -> Vec<(&str, &str, &str)> {
    let items = report["items"].as_array().unwrap().iter();
    items
        .map(|i| ["kind", "name", "outcome"].map(|key| i[key].as_str().unwrap()))
        .map(|[kind, name, outcome]| (kind, name, outcome))
        .collect()
}

#[test]
fn a_query_is_printed_with_its_losses() {
    let output = groundswell(
        &[
            "query",
            "import",
            "--from",
            "brandwatch",
            "--query",
            "tea NEAR/2 milk AND authorGender:F",
        ],
        "",
    );
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["q"], "tea NEAR/3 milk");
    assert_eq!(line["losses"][0]["code"], "not-inferred");
    assert_eq!(line["losses"][0]["at"], serde_json::json!([20, 34]));
    assert_eq!(line["losses"][0]["severity"], "dropped");
}

#[test]
fn queries_come_as_lines_or_as_one_text() {
    let args = ["query", "import", "--from", "meltwater", "--strict"];
    let output = groundswell(
        &args,
        "{\"id\":7,\"q\":\"tea near milk\"}\n{broken\n{\"id\":8,\"q\":\"a or b\"}\n",
    );
    let lines: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(
        (&lines[0]["id"], &lines[0]["q"]),
        (&7.into(), &"tea NEAR/5 milk".into())
    );
    assert_eq!((&lines[1]["id"], &lines[1]["q"]), (&8.into(), &"a OR b".into()));
    assert!(text(&output.stderr).contains(":2:"));
    assert_eq!(output.status.code(), Some(1));

    let output = groundswell(&args, "tea\n  AND milk\n");
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["q"], "tea AND milk");
    assert!(output.status.success());
}

#[test]
fn strict_ends_with_one_where_something_was_dropped() {
    let with = |query: &str| {
        let args = [
            "query",
            "import",
            "--from",
            "talkwalker",
            "--strict",
            "--query",
            query,
        ];
        groundswell(&args, "").status.code()
    };
    assert_eq!(with("tea SENTENCE milk"), Some(0));
    assert_eq!(with("tea AND sentiment:negative"), Some(1));
}

const QUERIES: &str = r##"{"resultsTotal": 4, "resultsPage": -1, "results": [
  {"id": 1, "name": "Leafy", "type": "search string", "languages": ["en", "de"], "contentSources": [],
   "booleanQuery": "(leafy OR \"leafy tea\") NEAR/3 (cup* OR pot) NOT site:leafy.example"},
  {"id": 2, "name": "Rooty", "type": "search string", "languages": [], "contentSources": ["news"],
   "booleanQuery": "rooty AND {RT} AND region:usa.fl"},
  {"id": 3, "name": "leafy", "type": "search string", "booleanQuery": "#leafy"},
  {"id": 4, "name": "Nothing", "type": "search string", "booleanQuery": "authorGender:F"}]}"##;

#[test]
fn brandwatch_queries_groups_and_lists() {
    let (fragment, report, said) = import(
        "brandwatch",
        &[
            ("queries.json", QUERIES),
            (
                "querygroups.json",
                r#"{"results": [{"id": 9, "name": "Competitors", "queries": [{"id": 2, "name": "Rooty"}]}]}"#,
            ),
            (
                "categories.json",
                r#"{"results": [{"id": 5, "name": "Taste", "children": [{"id": 6, "name": "sweet"}, {"id": 7, "name": "bitter"}]}]}"#,
            ),
            (
                "rules.json",
                r#"{"results": [{"id": 8, "name": "Complaints", "filter": {"queryId": [1], "search": "\"cold cup\""},
                    "ruleAction": {"sentiment": "negative"}}]}"#,
            ),
            ("tags.json", r#"{"results": [{"id": 3, "name": "to do"}]}"#),
            (
                "channels/queries-summary.json",
                r#"{"results": [{"id": 11, "name": "@leafy", "type": "instagram", "lockedQuery": false}]}"#,
            ),
            (
                "lists/authors.json",
                r#"{"results": [{"id": 1, "name": "Testers", "authors": ["ann_sips", "Ben Brown"]}]}"#,
            ),
            (
                "lists/sites.json",
                r#"{"results": [{"id": 2, "name": "Press", "domains": ["tea.example", "cup.example"]}]}"#,
            ),
            ("lists/spam words.txt", "win a prize\nvoucher*\n!!!\n"),
            ("notes.docx", "?"),
            ("queries.xlsx", "?"),
        ],
    );
    assert_eq!(
        monitors(&fragment),
        [
            (
                "Leafy",
                "brand",
                "(((leafy OR \"leafy tea\") NEAR/4 (cup* OR pot)) AND NOT site:leafy.example) AND lang:(en OR de)"
            ),
            ("Rooty", "competitor", "rooty AND {RT}"),
            ("leafy (2)", "brand", "#leafy"),
        ]
    );
    let list = &fragment["list"][0];
    assert_eq!(list["name"].as_str(), Some("spam-words"));
    assert_eq!(list["terms"].as_array().unwrap().len(), 2);
    assert_eq!(
        outcomes(&report),
        [
            ("category", "Taste", "dropped"),
            ("channel", "@leafy", "dropped"),
            ("author list", "Testers", "partly dropped"),
            ("site list", "Press", "changed"),
            ("keyword list", "spam words", "partly dropped"),
            ("query", "Leafy", "carried"),
            ("query", "Rooty", "partly dropped"),
            ("query", "leafy", "carried"),
            ("query", "Nothing", "dropped"),
            ("group", "Competitors", "changed"),
            ("rule", "Complaints", "dropped"),
            ("tag", "to do", "dropped"),
        ]
    );
    assert_eq!(report["skipped"].as_array().unwrap().len(), 2);
    for part in [
        "#   (site:tea.example OR site:cup.example)",
        "not carried: 1 of kind rule",
        "queries.xlsx: skipped: a workbook: save each sheet as CSV",
        "the choice of content sources",
        "3 monitors, 1 lists, 2 conditions",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn talkwalker_topics_have_lines() {
    let (fragment, report, _) = import(
        "talkwalker",
        &[
            (
                "topics.json",
                r#"{"topic_type": "search", "topic_line_import": [
                  {"topic_title": "Leafy", "category_title": "Brands", "query": "leafy NEAR cup", "included_query": true},
                  {"topic_title": "Leafy", "category_title": "Brands", "query": "+\"leafy's\"", "included_query": true},
                  {"topic_title": "Leafy", "category_title": "Brands", "query": "job OR vacancy", "included_query": false},
                  {"topic_title": "Rooty", "category_title": "Our competitors", "query": "rooty -sentiment:negative", "included_query": true},
                  {"topic_title": "Loud", "topic_type": "FILTER", "query": "engagement:>100", "included_query": true}]}"#,
            ),
            (
                "resources.json",
                r#"{"status_code": "0", "result_resources": {"projects": [{"id": "p", "title": "Tea", "panels": [{"id": "x", "title": "Press"}],
                  "topics": [{"id": "default", "title": "", "nodes": [{"id": "t1", "title": "Leafy"}]}]}]}}"#,
            ),
            (
                "more.csv",
                "Topic Title;Query;Topic Group;Included Query\nHerby;herby OR #herby;Brands;true\nHerby;\"\"\"herby hancock\"\"\";Brands;false\n",
            ),
        ],
    );
    assert_eq!(
        monitors(&fragment),
        [
            ("Herby", "brand", "(herby OR #herby) AND NOT (\"herby hancock\")"),
            (
                "Leafy",
                "brand",
                "((leafy NEAR/15 cup) OR leafy's) AND NOT (job OR vacancy)"
            ),
            ("Rooty", "competitor", "rooty"),
        ]
    );
    let dropped: Vec<_> = outcomes(&report)
        .into_iter()
        .filter(|(_, _, o)| *o == "dropped")
        .collect();
    assert_eq!(
        dropped,
        [
            ("source panel", "Press", "dropped"),
            ("topic", "Leafy", "dropped"),
            ("filter", "Loud", "dropped"),
        ]
    );
}

#[test]
fn meltwater_searches_of_three_kinds() {
    let (fragment, report, _) = import(
        "meltwater",
        &[
            (
                "searches.json",
                r#"{"searches": [
                  {"id": 3, "name": "Both", "query": {"type": "combined", "any_searches": [1, 2], "not_searches": []}},
                  {"id": 1, "name": "Leafy", "type": "news", "query": {"type": "boolean", "case_sensitivity": "no",
                    "boolean": "leafy near/2 (cup or pot)"}},
                  {"id": 2, "name": "Rooty campaign", "query": {"type": "keyword", "case_sensitivity": "yes",
                    "all_keywords": ["rooty"], "any_keywords": ["root beer", "cup"], "not_keywords": ["jobs"]}},
                  {"id": 4, "name": "Lost", "query": {"type": "combined", "all_searches": [99]}}]}"#,
            ),
            ("keywords.csv", "Keyword\ntea leaf\n\"\"\"cup\"\"\"\ninternat*\n"),
            ("other.csv", "Date,Hits\n2026-01-01,4\n"),
            ("broken.json", "{"),
        ],
    );
    assert_eq!(
        monitors(&fragment),
        [
            ("Leafy", "brand", "leafy NEAR/3 (cup OR pot)"),
            (
                "Rooty campaign",
                "campaign",
                "\"rooty\" AND (\"root beer\" OR \"cup\") AND NOT \"jobs\""
            ),
            (
                "Both",
                "brand",
                "((leafy NEAR/3 (cup OR pot)) OR (\"rooty\" AND (\"root beer\" OR \"cup\") AND NOT \"jobs\"))"
            ),
        ]
    );
    assert_eq!(fragment["list"][0]["terms"].as_array().unwrap().len(), 3);
    assert!(outcomes(&report).contains(&("query", "Lost", "dropped")));
    assert_eq!(report["skipped"].as_array().unwrap().len(), 2);
}

#[test]
fn what_was_imported_passes_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let exported = folder.path().join("exported");
    std::fs::create_dir(&exported).unwrap();
    std::fs::write(exported.join("queries.json"), QUERIES).unwrap();
    let out = folder.path().join("out.toml");
    let output = groundswell(
        &[
            "import",
            "--from",
            "brandwatch",
            exported.to_str().unwrap(),
            "-o",
            out.to_str().unwrap(),
        ],
        "",
    );
    assert!(output.status.success());
    let checked = groundswell(&["check", "--config", out.to_str().unwrap()], "");
    assert!(checked.status.success(), "{}", text(&checked.stderr));
    assert!(text(&checked.stdout).contains("3 monitors"));
}
