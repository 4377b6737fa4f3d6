//! The workspace keeps to the picture in ARCHITECTURE.md.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};

/// Who may use whom; nothing else is allowed.
const ALLOWED: [(&str, &[&str]); 18] = [
    ("text", &[]),
    ("post", &["text"]),
    ("query", &["post", "text"]),
    ("models", &["post", "text"]),
    ("trends", &["text"]),
    ("journal", &["post", "text"]),
    ("store", &["post", "query", "text"]),
    ("sources", &["post", "text"]),
    ("web", &[]),
    ("report", &[]),
    (
        "groundswell",
        &[
            "text", "post", "query", "models", "trends", "journal", "store", "sources", "report", "web",
        ],
    ),
    (
        "bench",
        &[
            "text",
            "post",
            "query",
            "models",
            "journal",
            "store",
            "sources",
            "groundswell",
        ],
    ),
    ("bench-match", &["query", "text"]),
    ("bench-models", &["text", "models", "groundswell"]),
    ("bench-redaction", &["post"]),
    ("bench-scale", &[]),
    ("bench-store", &["post", "query", "store"]),
    ("bench-trends", &["models", "text", "trends"]),
];

const PURE: [&str; 6] = ["text", "post", "query", "models", "trends", "report"];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"))
        .exec()
        .unwrap()
}

fn normal(package: &Package) -> impl Iterator<Item = &str> {
    package
        .dependencies
        .iter()
        .filter(|d| d.kind == DependencyKind::Normal)
        .map(|d| d.name.as_str())
}

#[test]
fn crates_use_one_another_only_as_the_picture_says() {
    let metadata = metadata();
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let ours: BTreeSet<&str> = metadata
        .workspace_packages()
        .iter()
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(
        ours,
        allowed.keys().copied().collect(),
        "a crate is missing from the picture, or from the workspace"
    );
    for package in metadata.workspace_packages() {
        for dependency in normal(package).filter(|d| ours.contains(d)) {
            assert!(
                allowed[package.name.as_str()].contains(&dependency),
                "{} must not use {dependency}",
                package.name
            );
        }
    }
}

#[test]
fn pure_crates_pull_in_no_io() {
    let metadata = metadata();
    let nodes = &metadata.resolve.as_ref().unwrap().nodes;
    let name = |id: &cargo_metadata::PackageId| metadata[id].name.to_string();
    for pure in PURE {
        let mut seen = BTreeSet::new();
        let mut open = vec![
            metadata
                .workspace_packages()
                .iter()
                .find(|p| p.name == pure)
                .unwrap()
                .id
                .clone(),
        ];
        while let Some(id) = open.pop() {
            let node = nodes.iter().find(|n| n.id == id).unwrap();
            let used = node
                .deps
                .iter()
                .filter(|d| d.dep_kinds.iter().any(|k| k.kind == DependencyKind::Normal));
            open.extend(used.filter(|d| seen.insert(d.pkg.clone())).map(|d| d.pkg.clone()));
        }
        for id in &seen {
            let dependency = name(id);
            let forbidden = [
                "tokio", "reqwest", "axum", "hyper", "rusqlite", "tantivy", "mio", "socket2",
            ];
            assert!(
                !forbidden.contains(&dependency.as_str()),
                "{pure} pulls in {dependency}"
            );
        }
    }
}

#[test]
fn pure_crates_read_no_file_clock_or_environment() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let forbidden = [
        "std::fs",
        "std::env",
        "std::thread",
        "std::net::Tcp",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
    ];
    let mut files = 0;
    for pure in PURE {
        for file in rust_files(&std::path::Path::new(root).join(pure).join("src")) {
            if file.components().any(|c| c.as_os_str() == "tests") || file.ends_with("tests.rs") {
                continue;
            }
            files += 1;
            let source = std::fs::read_to_string(&file).unwrap();
            let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for word in forbidden {
                assert!(!code.contains(word), "{} uses {word}", file.display());
            }
        }
    }
    assert!(files > 20, "only {files} files were looked at");
}

fn rust_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
    out
}

#[test]
fn every_dependency_is_declared_once_in_the_workspace() {
    for (name, _) in ALLOWED {
        let folder = match name {
            "bench" => "../../bench".to_owned(),
            "bench-match" => "../../bench/match".to_owned(),
            "bench-models" => "../../bench/models".to_owned(),
            "bench-redaction" => "../../bench/redaction".to_owned(),
            "bench-scale" => "../../bench/scale".to_owned(),
            "bench-store" => "../../bench/store".to_owned(),
            "bench-trends" => "../../bench/trends".to_owned(),
            _ => format!("../{name}"),
        };
        let path = format!("{}/{folder}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
        let manifest: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
        for section in ["dependencies", "dev-dependencies"] {
            for (dependency, spec) in manifest
                .get(section)
                .and_then(|d| d.as_table())
                .into_iter()
                .flatten()
            {
                let shared = spec.get("workspace").and_then(toml::Value::as_bool);
                assert_eq!(
                    shared,
                    Some(true),
                    "{name}: {dependency} must be `{dependency}.workspace = true`"
                );
            }
        }
    }
}
