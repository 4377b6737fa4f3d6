//! The branches of a query one by one, and lints that need to know how often each of them matched.

use crate::ast::{Node, Region};
use crate::lint::children;
use crate::lists::Lists;
use crate::parser::{Place, read};
use crate::problem::{Problem, Problems, reported};
use crate::query::{Query, check_with};
use std::ops::Range;

/// What a branch is in its query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A word, phrase, field, range or list that posts must or may hold.
    Term,
    /// The same under NOT: the posts it matches are left out.
    Excluded,
    /// One side of an OR that is more than a term.
    Side,
}

/// A part of a query that can be tried alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its place, in bytes of the query.
    pub at: Range<usize>,
    /// What it is there.
    pub role: Role,
    /// Whether it is a side of an OR, a term or more.
    pub in_or: bool,
    /// What it stands for; in `title:` and `text:` it keeps those.
    pub query: Query,
}

/// The branches of a query in the order of the text: every term, and every side of an OR that can be tried alone.
/// Refused where the query is.
pub fn branches(source: &str, lists: &Lists) -> Result<Vec<Branch>, Vec<Problem>> {
    let outcome = read(source, lists);
    if outcome.problems.has_errors() {
        return Err(check_with(source, lists));
    }
    let mut found = Vec::new();
    collect(&outcome.node, &outcome.place, Around::default(), &mut found);
    found.sort_by_key(|b: &Branch| (b.at.start, b.at.end));
    Ok(found)
}

/// Where a node stands.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    region: Option<Region>,
    in_or: bool,
    negated: bool,
}

fn collect(node: &Node, place: &Place, around: Around, found: &mut Vec<Branch>) {
    let inner = children(node);
    let role = match (inner.is_empty(), around.negated) {
        (true, false) => Some(Role::Term),
        (true, true) => Some(Role::Excluded),
        (false, false) => (around.in_or && !matches!(node, Node::In { .. })).then_some(Role::Side),
        (false, true) => None,
    };
    if let Some(role) = role
        && let Ok(query) = Query::from_ast(within(node.clone(), around.region))
    {
        found.push(Branch {
            at: place.at.clone(),
            role,
            in_or: around.in_or,
            query,
        });
    }
    let below = Around {
        region: match node {
            Node::In { region, .. } => Some(*region),
            _ => around.region,
        },
        in_or: matches!(node, Node::Or(_)) || (around.in_or && matches!(node, Node::In { .. })),
        negated: around.negated != matches!(node, Node::Not(_)),
    };
    for (child, place) in inner.into_iter().zip(&place.children) {
        collect(child, place, below, found);
    }
}

fn within(node: Node, region: Option<Region>) -> Node {
    match region {
        Some(region) => Node::In {
            region,
            node: Box::new(node),
        },
        None => node,
    }
}

/// How often a branch matched in the posts that were looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Posts that matched.
    pub matches: u64,
    /// The days that the posts span; `None` where that is not known, or too short to say anything.
    pub days: Option<f64>,
}

/// Days without a match after which a term is called dead; before, it is only remarked.
pub const DEAD_DAYS: f64 = 30.0;

/// Remarks that need history: `dead-term` for a term without a match, and `hot-or` for a side of an OR that matches
/// more than `most_a_day` posts a day. `seen` says how often a branch matched, `None` where it was not tried. Refused
/// where the query is.
pub fn lint_against(
    source: &str,
    lists: &Lists,
    seen: &dyn Fn(&Branch) -> Option<Seen>,
    most_a_day: f64,
) -> Result<Vec<Problem>, Vec<Problem>> {
    let all = branches(source, lists)?;
    let mut problems = Problems::new(source);
    let outcome = read(source, lists);
    for branch in &all {
        let Some(Seen { matches, days }) = seen(branch) else {
            continue;
        };
        if branch.role != Role::Side && matches == 0 {
            dead(branch, days, &mut problems);
            if branch.in_or || branch.role == Role::Excluded {
                problems.fixed_without(&outcome.pieces, branch.at.clone());
            }
        }
        let a_day = days.map_or(0.0, |d| matches as f64 / d);
        if branch.in_or && branch.role != Role::Excluded && a_day >= most_a_day {
            let message = format!(
                "this side of the OR alone matches about {a_day:.0} posts a day: join it by AND with what it is about"
            );
            problems.warning("hot-or", branch.at.clone(), message);
        }
    }
    Ok(reported(problems.finish(&outcome.pieces)))
}

fn dead(branch: &Branch, days: Option<f64>, problems: &mut Problems<'_>) {
    let excluded = branch.role == Role::Excluded;
    let what = if excluded {
        "it excludes nothing"
    } else {
        "it finds nothing"
    };
    let which = days.map_or_else(
        || "that were read".to_owned(),
        |d| format!("of the last {d:.1} days"),
    );
    let message = format!("no post {which} matches this: {what}");
    // An exclusion costs nothing and may be there for days to come.
    if days.is_some_and(|d| d >= DEAD_DAYS) && !excluded {
        problems.warning("dead-term", branch.at.clone(), message);
    } else {
        problems.hint("dead-term", branch.at.clone(), message);
    }
}
