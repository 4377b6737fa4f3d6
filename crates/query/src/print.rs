//! The canonical form: reading what is printed gives the same tree.

use crate::ast::{Form, Node, Part, Word};
use crate::lists::Lists;
use crate::parser::read;
use std::fmt::{self, Display, Formatter};

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Node::Word(w) => write_leaf(f, self, std::slice::from_ref(&Part::word(w.clone()))),
            Node::Phrase(parts) => write_leaf(f, self, parts),
            Node::Together { parts, words } => write!(f, "\"{}\"~{words}", spaced(parts)),
            Node::Near { first, rest } => {
                write_near_operand(f, first)?;
                for (reach, node) in rest {
                    let mark = if reach.ordered { "f" } else { "" };
                    write!(f, " NEAR/{}{mark} ", reach.words)?;
                    write_near_operand(f, node)?;
                }
                Ok(())
            }
            Node::And(children) => write_joined(f, children, " AND ", |c| {
                matches!(c, Node::Or(_) | Node::Near { .. })
            }),
            Node::Or(children) => write_joined(f, children, " OR ", |c| {
                matches!(c, Node::And(_) | Node::Near { .. })
            }),
            Node::Not(child) => {
                f.write_str("NOT ")?;
                write_bracketed(
                    f,
                    child,
                    matches!(**child, Node::Or(_) | Node::And(_) | Node::Near { .. }),
                )
            }
            Node::Field { name, values } => match values.as_slice() {
                [one] => write!(f, "{}:{}", name.name(), field_value(one)),
                many => {
                    let list: Vec<String> = many.iter().map(|v| field_value(v)).collect();
                    write!(f, "{}:({})", name.name(), list.join(" OR "))
                }
            },
            Node::Followers { from, to } => {
                let bound = |n: u64, open: u64| if n == open { "*".to_owned() } else { n.to_string() };
                write!(f, "followers:[{} TO {}]", bound(*from, 0), bound(*to, u64::MAX))
            }
            Node::In { region, node } => {
                write!(f, "{}:", region.name())?;
                write_bracketed(
                    f,
                    node,
                    !matches!(**node, Node::Word(_) | Node::Phrase(_) | Node::Together { .. }),
                )
            }
            Node::List { name, .. } => write!(f, "list:{name}"),
        }
    }
}

fn write_joined(
    f: &mut Formatter<'_>,
    children: &[Node],
    by: &str,
    brackets: impl Fn(&Node) -> bool,
) -> fmt::Result {
    for (i, child) in children.iter().enumerate() {
        if i > 0 {
            f.write_str(by)?;
        }
        write_bracketed(f, child, brackets(child))?;
    }
    Ok(())
}

fn write_bracketed(f: &mut Formatter<'_>, node: &Node, brackets: bool) -> fmt::Result {
    if brackets {
        write!(f, "({node})")
    } else {
        write!(f, "{node}")
    }
}

fn write_near_operand(f: &mut Formatter<'_>, node: &Node) -> fmt::Result {
    write_bracketed(f, node, matches!(node, Node::Or(_) | Node::Near { .. }))
}

/// Without quotes where that reads back as the same, else in quotes, or in braces where case counts.
fn write_leaf(f: &mut Formatter<'_>, node: &Node, parts: &[Part]) -> fmt::Result {
    let text = spaced(parts);
    if parts.iter().flat_map(|p| &p.words).any(|w| w.form == Form::Case) {
        return write!(f, "{{{text}}}");
    }
    if parts.len() == 1 && reads_as(&text, node) {
        return f.write_str(&text);
    }
    write!(f, "\"{text}\"")
}

fn reads_as(text: &str, node: &Node) -> bool {
    // Most terms are letters and digits only; no need to try those.
    let simple = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if simple && !matches!(text, "and" | "or" | "not") {
        return true;
    }
    let lists = Lists::new();
    let outcome = read(text, &lists);
    outcome.problems.list.is_empty() && outcome.node == *node
}

fn field_value(value: &str) -> String {
    let simple = value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'));
    if simple {
        value.to_owned()
    } else {
        format!("\"{value}\"")
    }
}

fn spaced(parts: &[Part]) -> String {
    let mut out = String::new();
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        write_part(&mut out, part);
    }
    out
}

fn write_part(out: &mut String, part: &Part) {
    out.push_str(&part.lead);
    for (i, word) in part.words.iter().enumerate() {
        if i > 0 {
            out.push_str(&part.gaps[i - 1]);
        }
        write_word(out, word);
    }
    // A tag in a script without spaces that is not closed was written with a star.
    let open_tag = part.words[0].sigil.is_some()
        && part.words.last().is_some_and(|w| w.kind == text::TokenKind::Char)
        && !part.closed;
    if open_tag {
        out.push('*');
    }
    out.push_str(&part.trail);
}

fn write_word(out: &mut String, word: &Word) {
    if let Some(sigil) = word.sigil {
        out.push(sigil.as_char());
    }
    out.push_str(&word.surface);
    if word.form == Form::Prefix {
        out.push('*');
    }
}
