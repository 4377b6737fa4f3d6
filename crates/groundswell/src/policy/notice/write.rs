//! Parts of the documents that follow from settings and profiles.

use super::{Facts, Gate, limits};
use post::profile::Task;

/// What a document is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Html,
    Markdown,
}

impl Form {
    /// Text whose signs mean nothing.
    pub(super) fn escaped(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match (self, c) {
                (_, '&') => out.push_str("&amp;"),
                (_, '<') => out.push_str("&lt;"),
                (Form::Html, '>') => out.push_str("&gt;"),
                (Form::Html, '"') => out.push_str("&quot;"),
                (Form::Markdown, '*' | '_' | '|' | '`' | '[' | ']') => out.extend(['\\', c]),
                _ => out.push(c),
            }
        }
        out
    }
}

/// A place that the operator must fill in.
pub(super) fn blank(what: &str, form: Form) -> String {
    let what = form.escaped(what);
    match form {
        Form::Html => format!("<mark>to be filled in: {what}</mark>"),
        Form::Markdown => format!("**TO BE FILLED IN: {what}**"),
    }
}

/// A row for each platform read: its name, the sources, how long what is kept, and how deletions are followed.
pub(super) fn platforms(facts: &Facts, gate: &Gate, form: Form) -> String {
    let mut out = String::new();
    for profile in facts.platforms() {
        let limits = limits(facts, gate, profile);
        let theirs = facts
            .sources
            .iter()
            .filter(|(_, connector)| post::profile::of(connector).platform == profile.platform);
        let names: Vec<String> = theirs.map(|(name, _)| form.escaped(name)).collect();
        let cells = [
            form.escaped(profile.name),
            names.join(", "),
            days(limits.text_days),
            days(limits.features_days),
            days(profile.profile.value.default_days()),
            days(limits.aggregates_days),
            form.escaped(profile.deletion.value),
        ];
        out.push_str(&match form {
            Form::Html => {
                let (first, rest) = (&cells[0], &cells[2..]);
                let rest: String = rest.iter().map(|c| format!("<td>{c}</td>")).collect();
                format!("      <tr><th scope=\"row\">{first}</th>{rest}</tr>\n")
            }
            Form::Markdown => format!("| {} |\n", cells.join(" | ")),
        });
    }
    if out.is_empty() {
        let none = blank("no source is configured: name the platforms", form);
        out = match form {
            Form::Html => format!("      <tr><td colspan=\"6\">{none}</td></tr>\n"),
            Form::Markdown => format!("| {none} | | | | | | |\n"),
        };
    }
    out
}

/// On which platforms posts are scored by sentiment.
pub(super) fn scores(facts: &Facts, gate: &Gate) -> String {
    let off: Vec<&str> = facts
        .platforms()
        .into_iter()
        .filter(|p| !gate.allows(Task::Sentiment, p.platform))
        .map(|p| p.name)
        .collect();
    match off.as_slice() {
        [] => String::new(),
        names => format!(" Posts of {} are not scored.", names.join(" and ")),
    }
}

fn days(days: Option<u32>) -> String {
    match days {
        None => "until it is deleted there, or you ask us to erase it".to_owned(),
        Some(1) => "1 day".to_owned(),
        Some(n) => format!("{n} days"),
    }
}

pub(super) fn hours(hours: u64) -> String {
    match (hours / 24, hours % 24) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) if days > 0 => format!("{days} days"),
        _ => format!("{hours} hours"),
    }
}
