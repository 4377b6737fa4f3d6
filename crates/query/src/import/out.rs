//! The translated query as a tree of texts, and how it is printed.

use std::fmt::{self, Display, Formatter};

/// A part of a query in our language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Out {
    /// A word or a phrase.
    Term(String),
    /// `"…"~n`; where it holds two words, the NEAR that means the same.
    Together {
        text: String,
        near: Option<(String, String, u32)>,
    },
    /// A chain: each with its `NEAR/n` or `NEAR/nf` in front (the first with none).
    Near(Vec<(String, Out)>),
    And(Vec<Out>),
    Or(Vec<Out>),
    Not(Box<Out>),
    /// `name:value`, `name:(a OR b)`.
    Field {
        name: &'static str,
        values: Vec<String>,
    },
    /// `followers:[a TO b]`.
    Followers(String),
    /// `title:…`, `text:…`.
    In {
        region: &'static str,
        node: Box<Out>,
    },
}

impl Out {
    pub(super) fn and(parts: Vec<Out>) -> Option<Out> {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Out::And(inner) => flat.extend(inner),
                part => flat.push(part),
            }
        }
        one_or(flat, Out::And)
    }

    /// The disjunction; values of one field that follow each other are put in one list.
    pub(super) fn or(parts: Vec<Out>) -> Option<Out> {
        let mut flat: Vec<Out> = Vec::new();
        let mut put = |part: Out| match (flat.last_mut(), part) {
            (
                Some(Out::Field { name, values }),
                Out::Field {
                    name: other,
                    values: more,
                },
            ) if *name == other => {
                for v in more {
                    if !values.contains(&v) {
                        values.push(v);
                    }
                }
            }
            (_, part) => flat.push(part),
        };
        for part in parts {
            match part {
                Out::Or(inner) => inner.into_iter().for_each(&mut put),
                part => put(part),
            }
        }
        one_or(flat, Out::Or)
    }

    #[allow(clippy::should_implement_trait, reason = "a constructor, not an operator")]
    pub(super) fn not(part: Out) -> Out {
        match part {
            Out::Not(inner) => *inner,
            part => Out::Not(Box::new(part)),
        }
    }

    /// Whether it has a place in the text, so that NEAR can measure from it.
    pub(super) fn is_positional(&self) -> bool {
        match self {
            Out::Term(_) | Out::Near(_) => true,
            Out::Or(parts) => parts.iter().all(Out::is_positional),
            _ => false,
        }
    }

    /// Whether something must be present wherever it holds.
    pub(super) fn is_anchored(&self) -> bool {
        match self {
            Out::Not(_) => false,
            Out::And(parts) => parts.iter().any(Out::is_anchored),
            Out::Or(parts) => parts.iter().all(Out::is_anchored),
            Out::In { node, .. } => node.is_anchored(),
            _ => true,
        }
    }

    /// Words and values, about.
    pub(super) fn size(&self) -> usize {
        match self {
            Out::Term(text) | Out::Together { text, .. } => text.split_whitespace().count(),
            Out::Near(parts) => parts.iter().map(|(_, p)| p.size()).sum(),
            Out::And(parts) | Out::Or(parts) => parts.iter().map(Out::size).sum(),
            Out::Not(part) => part.size(),
            Out::In { node, .. } => node.size(),
            Out::Field { values, .. } => values.len(),
            Out::Followers(_) => 1,
        }
    }

    /// Levels of brackets and NOT, at most.
    pub(super) fn depth(&self) -> usize {
        let deepest = |parts: &[Out]| parts.iter().map(Out::depth).max().unwrap_or(0) + 1;
        match self {
            Out::And(parts) | Out::Or(parts) => deepest(parts),
            Out::Near(parts) => parts.iter().map(|(_, p)| p.depth()).max().unwrap_or(0) + 1,
            Out::Not(part) => part.depth() + 1,
            Out::In { node, .. } => node.depth() + 1,
            _ => 0,
        }
    }

    fn is_leaf(&self) -> bool {
        matches!(
            self,
            Out::Term(_) | Out::Together { .. } | Out::Field { .. } | Out::Followers(_) | Out::In { .. }
        )
    }
}

fn one_or(mut parts: Vec<Out>, by: impl Fn(Vec<Out>) -> Out) -> Option<Out> {
    if parts.len() < 2 {
        parts.pop()
    } else {
        Some(by(parts))
    }
}

impl Display for Out {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Out::Term(text) | Out::Followers(text) => f.write_str(text),
            Out::Together { text, .. } => f.write_str(text),
            Out::Near(parts) => {
                for (reach, part) in parts {
                    if !reach.is_empty() {
                        write!(f, " {reach} ")?;
                    }
                    bracketed(f, part, !part.is_leaf())?;
                }
                Ok(())
            }
            Out::And(parts) => joined(f, parts, " AND "),
            Out::Or(parts) => joined(f, parts, " OR "),
            Out::Not(part) => {
                f.write_str("NOT ")?;
                bracketed(f, part, !part.is_leaf())
            }
            Out::Field { name, values } => match values.as_slice() {
                [one] => write!(f, "{name}:{}", value(one)),
                many => {
                    let list: Vec<String> = many.iter().map(|v| value(v)).collect();
                    write!(f, "{name}:({})", list.join(" OR "))
                }
            },
            Out::In { region, node } => {
                write!(f, "{region}:")?;
                bracketed(f, node, !matches!(**node, Out::Term(_) | Out::Together { .. }))
            }
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Out], by: &str) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(by)?;
        }
        bracketed(f, part, matches!(part, Out::And(_) | Out::Or(_) | Out::Near(_)))?;
    }
    Ok(())
}

fn bracketed(f: &mut Formatter<'_>, part: &Out, brackets: bool) -> fmt::Result {
    if brackets {
        write!(f, "({part})")
    } else {
        write!(f, "{part}")
    }
}

fn value(value: &str) -> String {
    let simple = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
    if simple {
        value.to_owned()
    } else {
        format!("\"{value}\"")
    }
}
