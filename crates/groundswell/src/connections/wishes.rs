//! What the monitors look for, in the form that sources push down to their platforms.
//!
//! The wish is the query or less strict than it, never more: what a platform cannot be asked is left out of an AND, and
//! what comes is matched exactly here.

use crate::pipeline::Snapshot;
use query::ast::{FieldName, Form, Node, Part, Sigil, Word};
use sources::{Sought, Wanted};

/// The wishes of all monitors that are matched, in a stable order.
pub(super) fn of(snapshot: &Snapshot) -> Vec<Wanted> {
    let mut all: Vec<Wanted> = snapshot
        .monitors()
        .filter_map(|w| {
            Some(Wanted {
                id: w.def.id.clone(),
                sought: sought(w.query.as_ref()?.ast())?,
            })
        })
        .collect();
    all.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    all
}

/// What a query looks for; `None` where it says nothing that a platform could be asked.
pub fn sought(node: &Node) -> Option<Sought> {
    part(node).filter(stands)
}

/// Whether it can be asked for alone: a language or an exclusion asks for nearly everything.
fn stands(sought: &Sought) -> bool {
    match sought {
        Sought::Lang(_) | Sought::Not(_) => false,
        Sought::All(parts) => parts.iter().any(stands),
        Sought::Any(parts) => parts.iter().all(stands),
        _ => true,
    }
}

fn part(node: &Node) -> Option<Sought> {
    match node {
        Node::Word(w) => word(w),
        Node::Phrase(parts) => phrase(parts),
        Node::Together { parts, .. } => all(parts.iter().map(|p| phrase(std::slice::from_ref(p)))),
        Node::Near { first, rest } => {
            all(std::iter::once(part(first)).chain(rest.iter().map(|(_, n)| part(n))))
        }
        Node::And(nodes) => all(nodes.iter().map(|n| match n {
            Node::Not(inner) => without(inner),
            other => part(other),
        })),
        // One branch that cannot be asked for makes the whole unaskable: it could hold where no other does.
        Node::Or(nodes) => Some(Sought::Any(nodes.iter().map(sought).collect::<Option<_>>()?)),
        Node::Not(_) | Node::Followers { .. } => None,
        Node::Field { name, values } => field(*name, values),
        Node::In { node, .. } => part(node),
        Node::List { node, .. } => part(node),
    }
}

/// Parts that must all hold: those that can be asked, where there is one.
fn all(parts: impl Iterator<Item = Option<Sought>>) -> Option<Sought> {
    let mut known: Vec<Sought> = parts.flatten().collect();
    // Nothing but exclusions asks for everything.
    if known
        .iter()
        .all(|k| matches!(k, Sought::Not(_) | Sought::Lang(_)))
    {
        return None;
    }
    Some(if known.len() == 1 {
        known.remove(0)
    } else {
        Sought::All(known)
    })
}

/// An exclusion may only be asked for where the platform's reading of it is no wider than ours: single plain words and
/// tags. A platform that stems or looks into other fields would leave out too much, so only what is written alone goes.
fn without(node: &Node) -> Option<Sought> {
    match node {
        Node::Word(w) if w.form == Form::Whole && w.sigil == Some(Sigil::Tag) => {
            Some(Sought::Not(Box::new(Sought::Hashtag(w.key.clone()))))
        }
        _ => None,
    }
}

fn word(w: &Word) -> Option<Sought> {
    let key = w.key.clone();
    match (w.form, w.sigil) {
        (Form::Whole, None) => Some(Sought::Word(key)),
        // Compared with case here, without it there.
        (Form::Case, None) => Some(Sought::Word(text::fold(&w.surface))),
        (Form::Whole | Form::Case, Some(Sigil::Tag)) => Some(Sought::Hashtag(key)),
        (Form::Whole | Form::Case, Some(Sigil::Handle)) => Some(Sought::Mention(key)),
        (Form::Whole | Form::Case, Some(Sigil::Cash)) => Some(Sought::Word(format!("${key}"))),
        (Form::Prefix, _) if !key.is_empty() => Some(Sought::Prefix(key)),
        (Form::Prefix | Form::Glob, _) => None,
    }
}

fn phrase(parts: &[Part]) -> Option<Sought> {
    if let [part] = parts
        && let Some(single) = part.as_word()
    {
        return word(single);
    }
    let words: Vec<&Word> = parts.iter().flat_map(|p| &p.words).collect();
    let plain = |w: &&Word| w.sigil.is_none() && matches!(w.form, Form::Whole | Form::Case);
    if words.iter().all(plain) {
        return Some(Sought::Phrase(
            words.iter().map(|w| text::fold(&w.surface)).collect(),
        ));
    }
    // A phrase with a pattern or a tag in it: its words, wherever they stand.
    all(words.into_iter().map(word))
}

fn field(name: FieldName, values: &[String]) -> Option<Sought> {
    let make: fn(String) -> Sought = match name {
        FieldName::Lang => Sought::Lang,
        FieldName::Author => Sought::From,
        FieldName::Hashtags => Sought::Hashtag,
        FieldName::AtMentions => Sought::Mention,
        FieldName::Url => Sought::Link,
        _ => return None,
    };
    let mut all: Vec<Sought> = values.iter().cloned().map(make).collect();
    Some(if all.len() == 1 {
        all.remove(0)
    } else {
        Sought::Any(all)
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use Sought::{All, Any, Hashtag, Lang, Mention, Not, Phrase, Prefix};

    fn wish(query: &str) -> Option<Sought> {
        sought(query::parse(query).unwrap().ast())
    }

    fn w(word: &str) -> Sought {
        Sought::Word(word.to_owned())
    }

    #[test]
    fn a_query_becomes_what_a_platform_can_be_asked() {
        assert_eq!(wish("Acme"), Some(w("acme")));
        let brand = Any(vec![w("acme"), Hashtag("acme".into()), Mention("acme".into())]);
        assert_eq!(wish("acme OR #acme OR @acme"), Some(brand));
        assert_eq!(
            wish("\"new kettle\""),
            Some(Phrase(vec!["new".into(), "kettle".into()]))
        );
        assert_eq!(wish("kettl*"), Some(Prefix("kettl".into())));
        let lang = All(vec![w("acme"), Lang("de".into())]);
        assert_eq!(wish("acme AND lang:de"), Some(lang));
        assert_eq!(
            wish("acme NEAR/5 kettle"),
            Some(All(vec![w("acme"), w("kettle")]))
        );
    }

    #[test]
    fn it_asks_for_more_never_for_less() {
        // A word that must not be there is left to the matcher; a tag may be left out already.
        assert_eq!(wish("acme NOT job"), Some(w("acme")));
        let tag = Not(Box::new(Hashtag("ad".into())));
        assert_eq!(wish("acme NOT #ad"), Some(All(vec![w("acme"), tag])));
        // What cannot be asked goes out of an AND …
        assert_eq!(wish("acme AND followers:[100 TO *]"), Some(w("acme")));
        assert_eq!(wish("acme AND site:example.com"), Some(w("acme")));
        // … and takes an OR with it.
        assert_eq!(wish("acme OR followers:[100 TO *]"), None);
        assert_eq!(wish("ac*me OR lamp"), None);
        assert_eq!(wish("lang:de"), None, "a whole language is not asked for");
        assert_eq!(wish("acme OR lang:de"), None);
        assert_eq!(wish("lang:de NOT #ad"), None);
    }
}
