//! Our syntax tree in the form that `Queries.java` reads, for what Lucene can say exactly.
//!
//! A word is `{"term": …}`, `{"starts": …}` or `{"glob": …}`. `{"phrase": [word, …]}` are words at following places.
//! `{"near": {"n", "ordered", "apart", "a": [[word, …], …], "b": …}}` has phrases for operands, `{"together": {"n",
//! "apart", "parts"}}` parts of the same form; `apart` says that no token can be two of them. The others are
//! `{"field": {"name", "values"}}`, `{"and": […]}`, `{"or": […]}` and `{"not": …}`.

use super::terms::{Asked, CASE, glued};
use query::ast::{Form, Node, Part, Reach, Word};
use serde_json::{Value, json};
use text::TokenKind;

/// Why Lucene cannot say it, or not in a few words.
pub(crate) type Reason = &'static str;

/// More parts of a `~` have too many orders.
const MAX_TOGETHER: usize = 3;

/// A word of a phrase.
struct Unit {
    kind: &'static str,
    text: String,
    /// The bare key of a whole word: two units with different ones are never the same token.
    bare: Option<String>,
}

/// The query for Lucene; what it asks for is noted.
pub(crate) fn lower(node: &Node, asked: &mut Asked) -> Result<Value, Reason> {
    let all = |children: &[Node], asked: &mut Asked| -> Result<Vec<Value>, Reason> {
        children.iter().map(|c| lower(c, asked)).collect()
    };
    Ok(match node {
        Node::Word(w) => json_of(&unit(w, None, asked)?),
        Node::Phrase(parts) => {
            json!({ "phrase": phrase(parts, asked)?.iter().map(json_of).collect::<Vec<_>>() })
        }
        Node::Together { parts, words } => together(parts, *words, asked)?,
        Node::Near { first, rest } => match rest.as_slice() {
            [(reach, second)] => near(first, *reach, second, asked)?,
            _ => return Err("a chain of NEAR"),
        },
        Node::And(c) => json!({ "and": all(c, asked)? }),
        Node::Or(c) => json!({ "or": all(c, asked)? }),
        Node::Not(c) => json!({ "not": lower(c, asked)? }),
        Node::Field { name, values } => json!({ "field": { "name": name.name(), "values": values } }),
        Node::List { node, .. } => lower(node, asked)?,
        Node::Followers { .. } => return Err("a range of numbers"),
        Node::In { .. } => return Err("a part of the post"),
    })
}

fn json_of(unit: &Unit) -> Value {
    json!({ unit.kind: unit.text })
}

fn near(first: &Node, reach: Reach, second: &Node, asked: &mut Asked) -> Result<Value, Reason> {
    let (a, b) = (operand(first, asked)?, operand(second, asked)?);
    let apart = a
        .iter()
        .flatten()
        .all(|l| b.iter().flatten().all(|r| differ(l, r)));
    Ok(json!({ "near": {
        "n": reach.words, "ordered": reach.ordered, "apart": apart, "a": lists(&a), "b": lists(&b),
    } }))
}

fn together(parts: &[Part], words: u32, asked: &mut Asked) -> Result<Value, Reason> {
    if parts.len() > MAX_TOGETHER {
        return Err("~ of many words");
    }
    let one = |p: &Part, asked: &mut Asked| phrase(std::slice::from_ref(p), asked);
    let parts: Vec<Vec<Unit>> = parts.iter().map(|p| one(p, asked)).collect::<Result<_, _>>()?;
    let words_of: Vec<&Unit> = parts.iter().flatten().collect();
    let apart = (0..words_of.len()).all(|i| words_of[i + 1..].iter().all(|u| differ(words_of[i], u)));
    Ok(json!({ "together": { "n": words, "apart": apart, "parts": lists(&parts) } }))
}

fn lists(phrases: &[Vec<Unit>]) -> Vec<Vec<Value>> {
    phrases.iter().map(|p| p.iter().map(json_of).collect()).collect()
}

fn differ(a: &Unit, b: &Unit) -> bool {
    matches!((&a.bare, &b.bare), (Some(a), Some(b)) if a != b)
}

/// The phrases that an operand of NEAR is one of.
fn operand(node: &Node, asked: &mut Asked) -> Result<Vec<Vec<Unit>>, Reason> {
    match node {
        Node::Word(w) => Ok(vec![vec![placed(w, None, asked)?]]),
        Node::Phrase(parts) => Ok(vec![phrase(parts, asked)?]),
        Node::List { node, .. } => operand(node, asked),
        Node::Or(children) => {
            let lists: Result<Vec<_>, _> = children.iter().map(|c| operand(c, asked)).collect();
            Ok(lists?.into_iter().flatten().collect())
        }
        _ => Err("NEAR inside NEAR"),
    }
}

fn phrase(parts: &[Part], asked: &mut Asked) -> Result<Vec<Unit>, Reason> {
    let mut units = Vec::new();
    for part in parts {
        if !part.lead.is_empty() || !part.trail.is_empty() || part.closed {
            return Err("punctuation around a word");
        }
        for (i, word) in part.words.iter().enumerate() {
            let gap = i.checked_sub(1).map(|g| part.gaps[g].as_str());
            units.push(placed(word, gap, asked)?);
        }
    }
    Ok(units)
}

/// A word whose place counts.
fn placed(word: &Word, gap: Option<&str>, asked: &mut Asked) -> Result<Unit, Reason> {
    if word.kind == TokenKind::Emoji {
        return Err("the place of an emoji");
    }
    unit(word, gap, asked)
}

fn unit(word: &Word, gap: Option<&str>, asked: &mut Asked) -> Result<Unit, Reason> {
    let sigil = word.sigil.map(|s| s.as_char().to_string()).unwrap_or_default();
    let key = format!("{sigil}{}", word.key);
    let (kind, text) = match word.form {
        Form::Whole => ("term", key),
        Form::Case => ("term", format!("{CASE}{sigil}{}", word.surface)),
        Form::Prefix => ("starts", key),
        Form::Glob => ("glob", key),
    };
    if kind != "term" {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '*' | '?');
        if gap.is_some() || !word.key.chars().all(plain) || text.starts_with('?') {
            return Err("an unusual pattern");
        }
        if kind == "starts" {
            asked.begins.insert(text.clone());
        } else {
            asked
                .pieces
                .extend(text.split(['*', '?']).max_by_key(|p| p.len()).map(str::to_owned));
        }
        return Ok(Unit {
            kind,
            text,
            bare: None,
        });
    }
    let text = match gap {
        Some(gap) => {
            asked.gaps.insert(gap.to_owned());
            glued(gap, &text)
        }
        None => text,
    };
    asked.terms.insert(text.clone());
    let bare = text::strip_marks(&word.key).unwrap_or_else(|| word.key.clone());
    Ok(Unit {
        kind,
        text,
        bare: Some(bare),
    })
}
