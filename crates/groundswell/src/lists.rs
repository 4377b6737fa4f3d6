//! Keyword lists and the queries that name them.

use query::Query;
use query::ast::Node;
use std::collections::{BTreeMap, BTreeSet};

/// The keyword lists of a project: the terms of each, by name.
pub type Lists = BTreeMap<String, Vec<String>>;

/// What a list may be called.
pub const NAME_RULE: &str = "a list's name has 1 to 64 lower-case letters, digits, `-` and `_`";

/// Whether a list may have this name.
pub fn is_name(name: &str) -> bool {
    let fits = |c: char| c == '-' || c == '_' || c.is_alphanumeric() && !c.is_uppercase();
    (1..=64).contains(&name.chars().count()) && name.chars().all(fits)
}

/// The terms of a list from its lines: trimmed, each once, without empty ones.
pub fn terms<'l>(lines: impl IntoIterator<Item = &'l str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let lines = lines.into_iter().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && seen.insert(*line))
        .map(str::to_owned)
        .collect()
}

/// Reads one monitor's query, with the lists of its project.
pub fn parse_monitor(source: &str, lists: &Lists) -> Result<Query, Vec<query::Problem>> {
    query::parse_with(source, &read(lists))
}

/// What is wrong with the terms of a list, each with its line; nothing where queries can name it.
pub fn faults(name: &str, terms: &[String]) -> Vec<String> {
    let problems = query::Lists::new().add(name, &terms.join("\n")).err();
    let in_words = |p: query::ListProblem| format!("line {}: {}", p.line, p.message);
    problems.into_iter().flatten().map(in_words).collect()
}

/// The lists as the parser takes them, read once for many queries. One that cannot be read is left out: the API and the
/// configuration let none in.
pub fn read(lists: &Lists) -> query::Lists {
    let mut out = query::Lists::new();
    for (name, terms) in lists {
        if let Err(problems) = out.add(name, &terms.join("\n")) {
            let why = problems.first().map_or_else(String::new, ToString::to_string);
            tracing::error!(list = %name, %why, "a keyword list cannot be read");
        }
    }
    out
}

/// The names of the lists that a query uses.
pub fn used(query: &Query) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(query.ast(), &mut names);
    names
}

fn collect(node: &Node, names: &mut BTreeSet<String>) {
    match node {
        Node::List { name, node } => {
            names.insert(name.clone());
            collect(node, names);
        }
        Node::And(children) | Node::Or(children) => children.iter().for_each(|c| collect(c, names)),
        Node::Not(child) | Node::In { node: child, .. } => collect(child, names),
        Node::Near { first, rest } => {
            collect(first, names);
            rest.iter().for_each(|(_, node)| collect(node, names));
        }
        Node::Word(_)
        | Node::Phrase(_)
        | Node::Together { .. }
        | Node::Field { .. }
        | Node::Followers { .. } => {}
    }
}
