//! The authors' notice, and the beginnings of the two assessments: made from the settings, with blanks for what only
//! the operator knows.

mod write;

use super::{Gate, Retention, Settings};
use crate::config::Config;
use post::Millis;
use post::profile::{self, Profile};
use write::{Form, blank};

const PAGE: &str = include_str!("page.html");
const INTEREST: &str = include_str!("legitimate-interest.md");
const DPIA: &str = include_str!("dpia.md");

/// The settings that the documents tell of.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Names and connectors of the sources.
    pub sources: Vec<(String, String)>,
    /// Retention, small cells, who answers for the data.
    pub settings: Settings,
    /// Followers from which an account acts in public.
    pub public_followers: Option<u64>,
    /// Hours the journal keeps every post read.
    pub journal_hours: u64,
}

impl Facts {
    /// Those of a configuration.
    pub fn of(config: &Config) -> Self {
        Self {
            sources: config
                .sources
                .iter()
                .map(|s| (s.name.clone(), s.connector.name.to_owned()))
                .collect(),
            settings: config.policy.clone(),
            public_followers: config.privacy.public_followers,
            journal_hours: config.journal.max_hours,
        }
    }

    /// The profiles of the platforms read, each once, in the order of the reference.
    fn platforms(&self) -> Vec<&'static Profile> {
        let read = |p: &&Profile| {
            self.sources
                .iter()
                .any(|(_, c)| profile::of(c).platform == p.platform)
        };
        profile::ALL.iter().filter(read).collect()
    }
}

/// The authors' notice: a page to publish, without scripts.
pub fn page(facts: &Facts, gate: &Gate, now: Millis) -> String {
    fill(PAGE, facts, gate, now, Form::Html)
}

/// The assessment of the legitimate interest, to be filled in (Markdown).
pub fn legitimate_interest(facts: &Facts, gate: &Gate, now: Millis) -> String {
    fill(INTEREST, facts, gate, now, Form::Markdown)
}

/// The data protection impact assessment, to be filled in (Markdown).
pub fn dpia(facts: &Facts, gate: &Gate, now: Millis) -> String {
    fill(DPIA, facts, gate, now, Form::Markdown)
}

fn fill(template: &str, facts: &Facts, gate: &Gate, now: Millis, form: Form) -> String {
    let settings = &facts.settings;
    let said = |value: &Option<String>, what: &str| match value {
        Some(value) => form.escaped(value),
        None => blank(what, form),
    };
    let public = match facts.public_followers {
        Some(n) => format!("accounts with {n} followers or more, "),
        None => String::new(),
    };
    let date = post::to_rfc3339(now);
    let values = [
        ("date", date.get(..10).unwrap_or_default().to_owned()),
        (
            "controller",
            said(
                &settings.controller,
                "name and address of the controller ([privacy] controller)",
            ),
        ),
        (
            "contact",
            said(&settings.contact, "where people turn to ([privacy] contact)"),
        ),
        ("platforms", write::platforms(facts, gate, form)),
        ("public", public),
        ("journal", write::hours(facts.journal_hours)),
        ("small_cell", settings.small_cell.to_string()),
        ("scores", write::scores(facts, gate)),
    ];
    let mut out = blanks(template, form);
    for (name, value) in values {
        out = out.replace(&format!("{{{{{name}}}}}"), &value);
    }
    out
}

/// Replaces `[[what]]` by a blank that cannot be overlooked.
fn blanks(template: &str, form: Form) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("[[") {
        let Some((what, after)) = after.split_once("]]") else {
            break;
        };
        out.push_str(before);
        out.push_str(&blank(what, form));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn limits(facts: &Facts, gate: &Gate, profile: &Profile) -> super::Limits {
    let none = Retention::default();
    facts
        .settings
        .retention
        .limits(profile, gate.accepted(profile), &none)
}
