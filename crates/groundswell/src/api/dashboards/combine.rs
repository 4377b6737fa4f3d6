//! A widget's own filter together with that of whoever looks: both hold.

use crate::api::types::FilterParams;
use serde_json::Value;

/// What both filters let through, with the project and period of `outer`; `None` where they have nothing in common.
/// The web app does the same (`lib/dashboards/combine.ts`).
pub(in crate::api) fn both(outer: &FilterParams, own: &FilterParams) -> Option<FilterParams> {
    let (Ok(Value::Object(mut sum)), Ok(Value::Object(own))) =
        (serde_json::to_value(outer), serde_json::to_value(own))
    else {
        return None;
    };
    for (name, value) in own {
        let Value::String(theirs) = value else { continue };
        if theirs.trim().is_empty() || name == "project" {
            continue;
        }
        let merged = match sum.get(&name) {
            Some(Value::String(ours)) if !ours.trim().is_empty() => {
                merged(&name, ours.trim(), theirs.trim())?
            }
            _ => theirs,
        };
        sum.insert(name, merged.into());
    }
    serde_json::from_value(Value::Object(sum)).ok()
}

fn merged(name: &str, a: &str, b: &str) -> Option<String> {
    match name {
        _ if a == b => Some(a.to_owned()),
        "q" => Some(format!("({a}) AND ({b})")),
        "followers" | "engagement" => range(a, b),
        "voice" | "relevance" | "automation" | "context" => match (a, b) {
            ("all" | "with", word) | (word, "all" | "with") => Some(word.to_owned()),
            _ => None,
        },
        _ => list(a, b),
    }
}

/// What is in both lists, without what either excludes.
fn list(a: &str, b: &str) -> Option<String> {
    let each = |list: &str, excluded: bool| -> Vec<String> {
        let all = list.split(',').map(str::trim).filter(|v| !v.is_empty());
        all.filter(|v| v.starts_with('-') == excluded)
            .map(str::to_owned)
            .collect()
    };
    let (mine, theirs) = (each(a, false), each(b, false));
    let included = match (mine.is_empty(), theirs.is_empty()) {
        (true, _) => theirs,
        (_, true) => mine,
        _ => mine
            .into_iter()
            .filter(|v| theirs.contains(v))
            .collect::<Vec<_>>(),
    };
    if included.is_empty() && !(each(a, false).is_empty() && each(b, false).is_empty()) {
        return None;
    }
    let mut all = included;
    for value in each(a, true).into_iter().chain(each(b, true)) {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    Some(all.join(","))
}

/// What is in both ranges.
fn range(a: &str, b: &str) -> Option<String> {
    let ends = |text: &str| -> Option<(Option<u64>, Option<u64>)> {
        let (from, to) = text.split_once("..")?;
        Some((from.trim().parse().ok(), to.trim().parse().ok()))
    };
    let ((a_from, a_to), (b_from, b_to)) = (ends(a)?, ends(b)?);
    let from = a_from.max(b_from);
    let to = match (a_to, b_to) {
        (Some(x), Some(y)) => Some(x.min(y)),
        (one, other) => one.or(other),
    };
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return None;
    }
    let text = |end: Option<u64>| end.map(|n| n.to_string()).unwrap_or_default();
    Some(format!("{}..{}", text(from), text(to)))
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn both_filters_hold() {
        for (name, a, b, together) in [
            ("monitor", "m_1,m_2", "m_2,m_3", Some("m_2")),
            ("monitor", "m_1", "m_2", None),
            ("source", "-x", "bluesky,reddit", Some("bluesky,reddit,-x")),
            ("source", "-x", "-reddit,-x", Some("-x,-reddit")),
            ("q", "a OR b", "c", Some("(a OR b) AND (c)")),
            ("followers", "10..", "..100", Some("10..100")),
            ("followers", "10..20", "20..", None),
            ("voice", "all", "owned", Some("owned")),
            ("voice", "earned", "owned", None),
            ("automation", "with", "without", Some("without")),
        ] {
            assert_eq!(merged(name, a, b).as_deref(), together, "{name}: {a} and {b}");
            let turned = merged(name, b, a);
            assert_eq!(turned.is_some(), together.is_some(), "{name}: {b} and {a}");
        }
    }
}
