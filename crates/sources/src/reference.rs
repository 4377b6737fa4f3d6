//! The page docs/reference/sources.md, made from the registry.

use crate::budget::{Limit, Period};
use crate::registry::{Key, KeyKind, Registration, registry};
use crate::source::Ability;
use std::fmt::Write;

const HEAD: &str = "\
# Sources

Made from the registry in `crates/sources` by `make reference`; do not edit by hand.

A source is a `[[source]]` table of the configuration with its `type`, a `name` of its own, the keys below and, where it \
is to spend no more than so much, a `[source.budget]` (`posts_per_day`, `posts_per_month`, `money_per_day`, \
`money_per_month`). A secret is written `env:NAME` or `file:PATH`. What every source keeps to is \
[the contract](../specs/source.md).

";

/// The page.
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    overview(&mut page);
    registry().iter().for_each(|r| section(&mut page, r));
    page
}

fn overview(page: &mut String) {
    page.push_str(
        "| source | type | follows | past | re-check | webhook | sign-in |\n|---|---|---|---|---|---|---|\n",
    );
    let mark = |is: bool| if is { "yes" } else { "–" };
    for r in registry() {
        let can = |ability| mark(r.abilities.contains(&ability));
        let _ = writeln!(
            page,
            "| [{}](#{}) | `{}` | {} | {} | {} | {} | {} |",
            r.title,
            anchor(r.title),
            r.name,
            can(Ability::Follow),
            can(Ability::Past),
            can(Ability::Recheck),
            mark(r.hook.is_some()),
            mark(r.flow.is_some()),
        );
    }
}

/// The name under which a heading is found.
fn anchor(title: &str) -> String {
    let kept = title
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn section(page: &mut String, r: &Registration) {
    let _ = writeln!(page, "\n## {}\n\n`type = \"{}\"`\n", r.title, r.name);
    for (what, text) in [
        ("Reads", r.doc.reads),
        ("Needs", r.doc.needs),
        ("Keys from", r.doc.keys_from),
        ("Costs", r.doc.costs),
        ("Cannot see", r.doc.unseen),
        ("Limits", r.doc.limits),
        ("Terms", r.doc.terms),
    ] {
        let _ = writeln!(page, "**{what}.** {text}\n");
    }
    if r.price > 0 {
        let _ = writeln!(
            page,
            "**Price.** {} US dollars a post read.\n",
            r.price as f64 / 1e6
        );
    }
    if !r.quotas.is_empty() {
        let quotas: Vec<String> = r.quotas.iter().map(quota).collect();
        let _ = writeln!(page, "**Quotas.** {}.\n", quotas.join("; "));
    }
    if let Some(flow) = r.flow {
        let scopes: Vec<String> = flow.scopes.iter().map(|s| format!("`{s}`")).collect();
        let _ = writeln!(
            page,
            "**Sign-in.** An operator can sign in; it asks for {}.\n",
            scopes.join(", ")
        );
    }
    if r.keys.is_empty() {
        page.push_str("No keys of its own.\n");
        return;
    }
    page.push_str("| key | holds | needed | meaning |\n|---|---|---|---|\n");
    r.keys.iter().for_each(|k| key(page, k));
}

fn quota(limit: &Limit) -> String {
    let until = match limit.period {
        Period::Day => "a day (UTC)",
        Period::PacificDay => "a day (Los Angeles)",
        Period::Month => "a month (UTC)",
    };
    format!("{} `{}` {until}", limit.most, limit.unit)
}

fn key(page: &mut String, key: &Key) {
    let kind = match key.kind {
        KeyKind::Text => "text",
        KeyKind::Secret => "secret",
        KeyKind::Number => "number",
        KeyKind::Texts => "list of texts",
        KeyKind::Flag => "yes or no",
        KeyKind::Table => "table",
    };
    let needed = if key.needed { "yes" } else { "–" };
    let doc = key.doc.replace('|', "\\|");
    let _ = writeln!(page, "| `{}` | {kind} | {needed} | {doc} |", key.name);
}
