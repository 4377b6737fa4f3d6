//! Redaction of structured personal data in text: typed placeholders such as `[email]`.
//!
//! Names of people are not redacted. Each kind is recognised by its shape and, where it has one, its checksum, so that
//! prices, scores, years and order numbers stay. One pass over the bytes lets most posts through untouched.

mod checks;
mod context;
mod gate;
mod rules;

use gate::Gate;
use rules::{RULES, Rule};
use std::collections::HashSet;

/// A kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Secret {
    Email,
    Iban,
    Card,
    NationalId,
    Ip,
    Coordinates,
    Phone,
    Address,
}

impl Secret {
    /// What stands in its place.
    pub fn placeholder(self) -> &'static str {
        match self {
            Secret::Email => "[email]",
            Secret::Iban => "[iban]",
            Secret::Card => "[card]",
            Secret::NationalId => "[id]",
            Secret::Ip => "[ip]",
            Secret::Coordinates => "[place]",
            Secret::Phone => "[phone]",
            Secret::Address => "[address]",
        }
    }
}

/// Finds and replaces personal data, except what the operator keeps (`privacy.keep`: its own numbers, domains,
/// addresses).
#[derive(Debug, Clone, Default)]
pub struct Redactor {
    keep: HashSet<String>,
}

/// Bytes of the text, and what they hold.
pub type Hit = (usize, usize, Secret);

impl Redactor {
    /// A redactor that leaves what is listed readable: addresses, numbers (compared by their digits), or whole
    /// domains (`@acme.example`).
    pub fn new<S: AsRef<str>>(keep: impl IntoIterator<Item = S>) -> Self {
        Self {
            keep: keep.into_iter().map(|k| normal(k.as_ref())).collect(),
        }
    }

    /// `text` with personal data replaced, and what was found; `None` where there is nothing to replace.
    pub fn redact(&self, text: &str) -> Option<(String, Vec<Secret>)> {
        let hits = self.find(text);
        if hits.is_empty() {
            return None;
        }
        Some((replace(text, &hits), hits.into_iter().map(|h| h.2).collect()))
    }

    /// Personal data in the order of the text: its first byte, the one behind its last, and what it is.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let gate = Gate::of(text);
        let mut hits = Vec::new();
        if !gate.is_shut() {
            for rule in RULES.iter().filter(|r| gate.opens(r.gate)) {
                self.apply(rule, text, &mut hits);
            }
        }
        hits
    }

    /// Adds the rule's hits, in the order of the text; earlier rules have precedence.
    fn apply(&self, rule: &Rule, text: &str, hits: &mut Vec<Hit>) {
        let mut at = 0;
        while let Some(groups) = rule.pattern.captures_at(text, at) {
            let Some(m) = groups.name("it").or_else(|| groups.get(0)) else {
                return;
            };
            let Some(length) = (rule.holds)(m.as_str()) else {
                at = next_start(text, m.start());
                continue;
            };
            let start = m.start();
            at = start + length;
            let place = hits.partition_point(|h| h.1 <= start);
            let Some(end) = end_before(rule, text, start, at, hits.get(place)) else {
                continue;
            };
            if !self.kept(&text[start..end]) && !context::denies(rule, text, start, end) {
                hits.insert(place, (start, end, rule.secret));
            }
        }
    }

    fn kept(&self, hit: &str) -> bool {
        if self.keep.is_empty() {
            return false;
        }
        let domain = hit
            .rsplit_once('@')
            .map(|(_, d)| format!("@{}", d.to_ascii_lowercase()));
        self.keep.contains(&normal(hit)) || domain.is_some_and(|d| self.keep.contains(&d))
    }
}

/// Where the match ends when it must leave out what an earlier rule took: two numbers in a row look like one.
fn end_before(rule: &Rule, text: &str, start: usize, end: usize, taken: Option<&Hit>) -> Option<usize> {
    match taken {
        Some(&(from, ..)) if from <= start => None,
        Some(&(from, ..)) if from < end => {
            (rule.holds)(text[start..from].trim_end()).map(|length| start + length)
        }
        _ => Some(end),
    }
}

/// Where to look on after a shape that did not hold: behind its first run of word characters.
fn next_start(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() && (bytes[at].is_ascii_alphanumeric() || bytes[at] >= 128) {
        at += 1;
    }
    at.max(from + 1)
}

fn replace(text: &str, hits: &[Hit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for &(start, end, secret) in hits {
        out.push_str(&text[at..start]);
        out.push_str(secret.placeholder());
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

/// Numbers are compared by their digits, everything else in lower case.
fn normal(s: &str) -> String {
    let digits: String = s.chars().filter(char::is_ascii_digit).collect();
    if digits.len() >= 7 && !s.contains('@') {
        digits
    } else {
        s.to_lowercase()
    }
}
