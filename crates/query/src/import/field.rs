//! The values of fields.

use super::LossKind;
use super::country::two_letters;
use super::expr::Kind;
use super::out::Out;
use super::rule::{Rule, To};
use super::write::Writer;
use crate::ast::FieldName;
use std::ops::Range;

/// Sites that are platforms of their own here.
const PLATFORMS: [(&str, &str); 11] = [
    ("twitter.com", "x"),
    ("x.com", "x"),
    ("facebook.com", "facebook"),
    ("instagram.com", "instagram"),
    ("youtube.com", "youtube"),
    ("reddit.com", "reddit"),
    ("linkedin.com", "linkedin"),
    ("bsky.app", "bluesky"),
    ("t.me", "telegram"),
    ("news.ycombinator.com", "hackernews"),
    ("tiktok.com", "tiktok"),
];

impl Writer<'_> {
    /// One value of a field.
    pub(super) fn field_value(&mut self, rule: &Rule, kind: &Kind, at: Range<usize>) -> Option<Out> {
        let value = match kind {
            Kind::Span(range) | Kind::Word(range) if matches!(rule.to, To::Followers) => {
                return self.followers(range, at);
            }
            Kind::Word(v) | Kind::Phrase(v) | Kind::Case(v) | Kind::Exact(v) => v.trim(),
            _ => {
                self.losses.add(
                    at,
                    "bad-value",
                    LossKind::Dropped,
                    "this cannot be a value of a field",
                );
                return None;
            }
        };
        match &rule.to {
            To::Field(name) => self.plain_value(*name, value, at),
            To::Site => self.site(value, at),
            To::Link => self.link(value, at),
            To::Country => match two_letters(value) {
                Some(code) => one(FieldName::Country, code),
                None => self.bad_value(value, "a code of two or three letters", at),
            },
            To::Subreddit => {
                let name = value.trim_start_matches("r/");
                let site = self.plain_value(FieldName::Site, name, at)?;
                Out::and(vec![one(FieldName::Source, "reddit".to_owned())?, site])
            }
            To::Case => self.case(value, at),
            To::Values(known) => self.known_value(known, value, at),
            To::In(_) | To::Anywhere | To::Followers | To::Nothing { .. } => {
                self.bad_value(value, "a range [a TO b]", at)
            }
        }
    }

    fn bad_value(&mut self, value: &str, takes: &str, at: Range<usize>) -> Option<Out> {
        let message = format!("{value} cannot be carried over: the field takes {takes}");
        self.losses.add(at, "bad-value", LossKind::Dropped, message);
        None
    }

    fn plain_value(&mut self, name: FieldName, value: &str, at: Range<usize>) -> Option<Out> {
        if value.contains(['*', '?', '"']) {
            let message = "fields are compared with whole values: name them one by one";
            self.losses.add(at, "wildcard-value", LossKind::Dropped, message);
            return None;
        }
        match name.normalise(value) {
            Some(v) => one(name, v),
            None if name.is_handle() => self.bad_value(value, "a handle, which has no spaces", at),
            None => self.bad_value(value, "one value without spaces", at),
        }
    }

    fn site(&mut self, value: &str, at: Range<usize>) -> Option<Out> {
        let address = value.split_once("://").map_or(value, |(_, rest)| rest);
        let address = address.strip_prefix("www.").unwrap_or(address);
        let host = address
            .split(['/', '?', '#'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if !address[host.len()..].trim_end_matches('/').is_empty() {
            let message = "posts know their site, not the path of their page: the path is left out";
            self.losses.add(at.clone(), "path", LossKind::Changed, message);
        }
        if let Some((_, platform)) = PLATFORMS.iter().find(|(site, _)| *site == host) {
            return one(FieldName::Source, (*platform).to_owned());
        }
        self.plain_value(FieldName::Site, &host, at)
    }

    /// A domain, with or without a path, is the address of a link; anything else is words of it.
    fn link(&mut self, value: &str, at: Range<usize>) -> Option<Out> {
        let address = value.split_once("://").map_or(value, |(_, rest)| rest);
        let is_address = address.contains('.') && !address.contains(char::is_whitespace);
        self.plain_value(
            if is_address {
                FieldName::Url
            } else {
                FieldName::Links
            },
            value,
            at,
        )
    }

    fn known_value(&mut self, known: &[(&str, &str)], value: &str, at: Range<usize>) -> Option<Out> {
        let Some((_, ours)) = known
            .iter()
            .find(|(theirs, _)| theirs.eq_ignore_ascii_case(value))
        else {
            let names: Vec<&str> = known.iter().map(|(theirs, _)| *theirs).collect();
            return self.bad_value(value, &format!("{} here", names.join(", ")), at);
        };
        let conditions = ours.split(" AND ").filter_map(|c| {
            let (name, value) = c.split_once(':')?;
            one(FieldName::from_name(name)?, value.to_owned())
        });
        Out::and(conditions.collect())
    }

    /// `a TO b`, `>n`, `>=n`, `<n`, `<=n` or `n`.
    fn followers(&mut self, range: &str, at: Range<usize>) -> Option<Out> {
        let bounds = match range.split_once(" TO ") {
            Some((from, to)) => bound(from).zip(bound(to)),
            None => comparison(range.trim()),
        };
        match bounds {
            Some((from, to)) if !matches!((from, to), (Some(a), Some(b)) if a > b) => {
                let text = |n: Option<u64>| n.map_or_else(|| "*".to_owned(), |n| n.to_string());
                Some(Out::Followers(format!(
                    "followers:[{} TO {}]",
                    text(from),
                    text(to)
                )))
            }
            _ => self.bad_value(range, "a range [a TO b] of whole numbers", at),
        }
    }
}

fn one(name: FieldName, value: String) -> Option<Out> {
    Some(Out::Field {
        name: name.name(),
        values: vec![value],
    })
}

type Bound = Option<u64>;

fn bound(text: &str) -> Option<Bound> {
    match text.trim() {
        "*" => Some(None),
        n => n.parse().ok().map(Some),
    }
}

fn comparison(text: &str) -> Option<(Bound, Bound)> {
    let number = |s: &str| s.trim().parse::<u64>().ok();
    if let Some(n) = text.strip_prefix(">=") {
        Some((Some(number(n)?), None))
    } else if let Some(n) = text.strip_prefix("<=") {
        Some((None, Some(number(n)?)))
    } else if let Some(n) = text.strip_prefix('>') {
        Some((Some(number(n)?.checked_add(1)?), None))
    } else if let Some(n) = text.strip_prefix('<') {
        Some((None, Some(number(n)?.checked_sub(1)?)))
    } else {
        let n = number(text)?;
        Some((Some(n), Some(n)))
    }
}
