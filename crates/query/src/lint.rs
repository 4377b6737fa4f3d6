//! Remarks about queries that are accepted: what costs much, is doubled or contradictory, or is easily misread.
//!
//! The parser itself reports `mixed-and-or`, `wide-near` and `operator-word`, which are about how a query is written.

use crate::ast::{FieldName, Form, Node, Part, Sigil, Word};
use crate::joints::lowercase_operator;
use crate::parser::Place;
use crate::print::leaf_text;
use crate::problem::Problems;
use foldhash::fast::FixedState;
use post::Redactor;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::Range;

/// Looks through a query without errors.
pub(crate) fn look(node: &Node, place: &Place, problems: &mut Problems<'_>) {
    if !is_selective(node) {
        let message = "no word, name or link must be present, so a large part of all posts matches: add what it is about";
        problems.warning("only-fields", place.at.clone(), message);
    }
    each(node, place, problems);
}

/// Whether something that few posts hold must be present.
fn is_selective(node: &Node) -> bool {
    match node {
        Node::And(children) => children.iter().any(is_selective),
        Node::Or(children) => children.iter().all(is_selective),
        Node::Field { name, .. } => !matches!(
            name,
            FieldName::Lang | FieldName::Source | FieldName::Kind | FieldName::Country | FieldName::Has
        ),
        Node::In { node, .. } => is_selective(node),
        Node::List { node, .. } => is_selective(node),
        Node::Not(_) | Node::Followers { .. } => false,
        Node::Word(_) | Node::Phrase(_) | Node::Together { .. } | Node::Near { .. } => true,
    }
}

fn each(node: &Node, place: &Place, problems: &mut Problems<'_>) {
    match node {
        Node::And(children) => {
            duplicates(children, place, problems, "AND");
            contradictions(children, place, problems);
        }
        Node::Or(children) => {
            duplicates(children, place, problems, "OR");
            subsumed(children, place, problems);
        }
        Node::Word(word) => self::word(word, place, problems),
        Node::Phrase(parts) | Node::Together { parts, .. } => phrase(parts, place, problems),
        _ => {}
    }
    match node {
        // Most nodes have no children, and most others are these.
        Node::And(c) | Node::Or(c) => {
            c.iter()
                .zip(&place.children)
                .for_each(|(child, place)| each(child, place, problems));
        }
        other => {
            children(other)
                .into_iter()
                .zip(&place.children)
                .for_each(|(child, place)| each(child, place, problems));
        }
    }
}

/// The children that have places of their own.
pub(crate) fn children(node: &Node) -> Vec<&Node> {
    match node {
        Node::And(c) | Node::Or(c) => c.iter().collect(),
        Node::Not(c) | Node::In { node: c, .. } => vec![c],
        Node::Near { first, rest } => [&**first]
            .into_iter()
            .chain(rest.iter().map(|(_, n)| n))
            .collect(),
        Node::Word(_)
        | Node::Phrase(_)
        | Node::Together { .. }
        | Node::Field { .. }
        | Node::Followers { .. }
        | Node::List { .. } => Vec::new(),
    }
}

/// A hash of what the node matches: the same for nodes that differ in nothing else than how they are written.
fn meaning(node: &Node) -> u64 {
    fn word(w: &Word, hasher: &mut impl Hasher) {
        let written = if w.form == Form::Case { &w.surface } else { &w.key };
        (written, w.sigil, w.form).hash(hasher);
    }
    fn each(node: &Node, hasher: &mut impl Hasher) {
        std::mem::discriminant(node).hash(hasher);
        match node {
            Node::Word(w) => word(w, hasher),
            Node::Phrase(parts) => {
                for p in parts {
                    (&p.lead, &p.gaps, &p.trail, p.closed).hash(hasher);
                    p.words.iter().for_each(|w| word(w, hasher));
                }
            }
            Node::Not(inner) => each(inner, hasher),
            other => other.hash(hasher),
        }
    }
    let mut hasher = FixedState::default().build_hasher();
    each(node, &mut hasher);
    hasher.finish()
}

fn word(word: &Word, place: &Place, problems: &mut Problems<'_>) {
    pattern(word, place, problems);
    secret(&word.surface, place, problems);
    let written = &problems.source[place.at.clone()];
    if written == word.surface && is_short_name(word) {
        let message = format!("{written} also matches \"{}\": braces compare case", word.key);
        problems.hint("all-caps", place.at.clone(), message);
        problems.fixed_by(place.at.clone(), &format!("{{{written}}}"));
    }
}

/// BT, EE, US, IT: a name that is a common word, or nearly one, in lower case.
fn is_short_name(word: &Word) -> bool {
    let plain = word.form == Form::Whole && word.sigil.is_none();
    plain
        && (2..=4).contains(&word.surface.len())
        && word.surface.bytes().all(|b| b.is_ascii_uppercase())
        && lowercase_operator(&word.key).is_none()
}

fn phrase(parts: &[Part], place: &Place, problems: &mut Problems<'_>) {
    for word in parts.iter().flat_map(|p| &p.words) {
        pattern(word, place, problems);
    }
    secret(&leaf_text(parts), place, problems);
}

fn pattern(word: &Word, place: &Place, problems: &mut Problems<'_>) {
    if !matches!(word.form, Form::Glob | Form::Prefix) {
        return;
    }
    if word.sigil == Some(Sigil::Handle) {
        let message = "the handles of people are replaced by pseudonyms before matching: a wildcard sees only the \
                       accounts of the public list";
        problems.warning("handle-wildcard", place.at.clone(), message);
    }
    if word.form == Form::Glob && word.key.starts_with(['*', '?']) {
        let message = "a wildcard at the start of a word costs much: every word of every post is tried";
        problems.hint("leading-wildcard", place.at.clone(), message);
    }
}

fn secret(text: &str, place: &Place, problems: &mut Problems<'_>) {
    // Whatever is replaced holds one of these.
    if !text
        .bytes()
        .any(|b| matches!(b, b'@' | b'[' | b'(' | b'0'..=b'9'))
    {
        return;
    }
    if let Some((_, found)) = Redactor::default().redact(text) {
        let placeholder = found.first().map_or("", |s| s.placeholder());
        let message = format!(
            "personal data is replaced by {placeholder} before matching, so this matches nothing unless privacy.keep \
             lists it"
        );
        problems.warning("redacted-term", place.at.clone(), message);
    }
}

fn duplicates(children: &[Node], place: &Place, problems: &mut Problems<'_>, operator: &str) {
    let mut seen: HashSet<u64, FixedState> = HashSet::default();
    for (i, child) in children.iter().enumerate() {
        if let (false, Some(here)) = (seen.insert(meaning(child)), place.children.get(i)) {
            let message = format!("this stands in the same {operator} already");
            problems.hint("duplicate-branch", here.at.clone(), message);
            fix_by_dropping(i, place, problems);
        }
    }
}

/// Proposes the query without the operand of this index, where no bracket stands between it and its neighbour.
fn fix_by_dropping(i: usize, place: &Place, problems: &mut Problems<'_>) {
    let at = |i: usize| place.children.get(i).map(|p| p.at.clone());
    let (Some(here), Some(other)) = (at(i), at(if i == 0 { 1 } else { i - 1 })) else {
        return;
    };
    let (range, between) = if i == 0 {
        (here.start..other.start, here.end..other.start)
    } else {
        (other.end..here.end, other.end..here.start)
    };
    if !problems.source[between].contains(['(', ')', '（', '）']) {
        problems.fixed_by(range, "");
    }
}

/// `A AND NOT A`, and fields that exclude each other.
fn contradictions(children: &[Node], place: &Place, problems: &mut Problems<'_>) {
    let at = |i: usize| place.children.get(i).map_or(place.at.clone(), |p| p.at.clone());
    let negated = children.iter().any(|c| matches!(c, Node::Not(_)));
    let wanted: HashSet<u64, FixedState> = children.iter().filter(|_| negated).map(meaning).collect();
    let excludes = |inner: &Node| {
        match inner {
        Node::Or(any) => any.iter().any(|c| wanted.contains(&meaning(c))),
        Node::Field { name, values } => children.iter().any(|c| {
            matches!(c, Node::Field { name: n, values: v } if n == name && is_single(*n) && v.iter().all(|v| values.contains(v)))
        }),
        one => wanted.contains(&meaning(one)),
    }
    };
    for (i, child) in children.iter().enumerate() {
        if let Node::Not(inner) = child
            && excludes(inner)
        {
            never(at(i), "this excludes what another part asks for", problems);
        }
    }
    let mut only: HashMap<FieldName, &[String], FixedState> = HashMap::default();
    for (i, child) in children.iter().enumerate() {
        let Node::Field { name, values } = child else {
            continue;
        };
        let Some(before) = only.insert(*name, values).filter(|_| is_single(*name)) else {
            continue;
        };
        let shared = |a: &String| before.iter().any(|b| overlap(*name, a, b));
        if !values.iter().any(shared) {
            let message = format!(
                "a post has one {}, and another part asks for a different one",
                name.name()
            );
            never(at(i), &message, problems);
        }
    }
    let ranges = children.iter().enumerate().filter_map(|(i, c)| match c {
        Node::Followers { from, to } => Some((i, *from, *to)),
        _ => None,
    });
    let (mut low, mut high) = (0, u64::MAX);
    for (i, from, to) in ranges {
        (low, high) = (low.max(from), high.min(to));
        if low > high {
            never(at(i), "no number of followers is in both ranges", problems);
        }
    }
}

fn never(at: Range<usize>, why: &str, problems: &mut Problems<'_>) {
    problems.warning("contradiction", at, format!("{why}: together they never match"));
}

/// Whether a post has one value of the field at most.
fn is_single(name: FieldName) -> bool {
    matches!(
        name,
        FieldName::Lang
            | FieldName::Source
            | FieldName::Author
            | FieldName::Site
            | FieldName::Kind
            | FieldName::Country
            | FieldName::ReplyTo
    )
}

/// Whether one post can have both values: `pt-br` is also `pt`, `news.example.com` also `example.com`.
fn overlap(name: FieldName, a: &str, b: &str) -> bool {
    let under = |a: &str, b: &str| match name {
        FieldName::Lang => a.strip_prefix(b).is_some_and(|rest| rest.starts_with('-')),
        FieldName::Site => a.strip_suffix(b).is_some_and(|rest| rest.ends_with('.')),
        _ => false,
    };
    a == b || under(a, b) || under(b, a)
}

/// Most words of an OR that the others are compared with.
const MAX_BROAD: usize = 64;

/// In an OR, a word that another covers: `appl*` covers `apple`, and `apple` covers `#apple`.
fn subsumed(children: &[Node], place: &Place, problems: &mut Problems<'_>) {
    let broad = |w: &Word| w.form == Form::Prefix || (w.form == Form::Whole && w.sigil.is_some());
    if !children.iter().any(|c| matches!(c, Node::Word(w) if broad(w))) {
        return;
    }
    let words: Vec<(usize, &Word)> = children
        .iter()
        .enumerate()
        .filter_map(|(i, c)| match c {
            Node::Word(w) => Some((i, w)),
            _ => None,
        })
        .collect();
    let prefixes: Vec<&Word> = words
        .iter()
        .map(|(_, w)| *w)
        .filter(|w| w.form == Form::Prefix)
        .take(MAX_BROAD)
        .collect();
    let plain: HashMap<&str, &Word, FixedState> = words
        .iter()
        .filter(|(_, w)| w.form == Form::Whole && w.sigil.is_none())
        .map(|(_, w)| (w.key.as_str(), *w))
        .collect();
    for (i, w) in words {
        let by_prefix = prefixes.iter().find(|p| {
            matches!(w.form, Form::Whole | Form::Prefix)
                && p.sigil.is_none_or(|s| w.sigil == Some(s))
                && w.key.starts_with(&p.key)
                && (p.key.len(), p.sigil) != (w.key.len(), w.sigil)
        });
        let tagged = w.form == Form::Whole && w.sigil.is_some();
        let by_word = plain.get(w.key.as_str()).filter(|_| tagged);
        let covered = by_prefix
            .map(|p| Part::word((**p).clone()))
            .or(by_word.map(|p| Part::word((**p).clone())));
        if let (Some(by), Some(here)) = (covered, place.children.get(i)) {
            let message = format!("{} beside it matches this too", leaf_text(&[by]));
            problems.hint("subsumed-branch", here.at.clone(), message);
            fix_by_dropping(i, place, problems);
        }
    }
}
