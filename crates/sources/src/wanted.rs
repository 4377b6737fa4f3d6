//! What is looked for, in a form that platforms can filter by.
//!
//! The app makes it from the monitors; a connector writes it in its platform's own language (a rule, a search). It may
//! ask for more than a monitor, never for less: everything found is matched again, exactly.

/// One standing wish. `id` is opaque to sources: it names rules on the platform, and stays the same as long as the
/// wish does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Names it.
    pub id: String,
    /// What is looked for.
    pub sought: Sought,
}

/// What a post must be like.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Sought {
    /// All of these.
    All(Vec<Sought>),
    /// At least one of these.
    Any(Vec<Sought>),
    /// Not this. A platform that cannot say so leaves it out: that asks for more.
    Not(Box<Sought>),
    /// A word of text or title, folded, also as a hashtag or a handle: where a platform's words leave those out, all
    /// three must be asked for.
    Word(String),
    /// Words in a row.
    Phrase(Vec<String>),
    /// A word that begins like this. Where a platform cannot, the wish cannot be asked there.
    Prefix(String),
    /// A hashtag, without `#`.
    Hashtag(String),
    /// An account named in the text, without `@`.
    Mention(String),
    /// The author's handle, without `@`.
    From(String),
    /// A site or an address linked to.
    Link(String),
    /// A language (ISO 639-1). May be asked only where the platform's decision is the one that is matched (`lang` of
    /// the post, as on X); elsewhere it is left out.
    Lang(String),
}

/// A way in which a post can be like what is looked for: all of `must`, none of `not`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Alternative {
    /// All of these: no `All`, `Any` or `Not` among them.
    pub must: Vec<Sought>,
    /// None of these, likewise.
    pub not: Vec<Sought>,
}

impl Sought {
    /// The alternatives (disjunctive normal form), for platforms that know no OR: at most `most`, else `None`. Where
    /// a conjunction would make too many, its smaller parts are kept and the others left out: that asks for more.
    pub fn alternatives(&self, most: usize) -> Option<Vec<Alternative>> {
        let mut found = expand(self, most)?;
        found.sort_by_key(|a| a.must.len());
        let mut out: Vec<Alternative> = Vec::new();
        for alternative in found {
            // One that asks for more is contained in one that asks for less.
            let covered = |a: &Alternative| {
                a.must.iter().all(|m| alternative.must.contains(m))
                    && a.not.iter().all(|n| alternative.not.contains(n))
            };
            if !out.iter().any(covered) {
                out.push(alternative);
            }
        }
        Some(out)
    }
}

fn expand(sought: &Sought, most: usize) -> Option<Vec<Alternative>> {
    match sought {
        Sought::Any(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(expand(part, most)?);
                if all.len() > most {
                    return None;
                }
            }
            Some(all)
        }
        Sought::All(parts) => {
            let mut expanded: Vec<Vec<Alternative>> = parts.iter().filter_map(|p| expand(p, most)).collect();
            if expanded.is_empty() && !parts.is_empty() {
                return None;
            }
            expanded.sort_by_key(Vec::len);
            let mut product = vec![Alternative::default()];
            for part in expanded {
                if product.len() * part.len() <= most {
                    product = product
                        .iter()
                        .flat_map(|a| part.iter().map(|b| both(a, b)))
                        .collect();
                }
            }
            Some(product)
        }
        Sought::Not(inner) => Some(vec![match inner.as_ref() {
            Sought::All(_) | Sought::Any(_) | Sought::Not(_) => Alternative::default(),
            literal => Alternative {
                must: Vec::new(),
                not: vec![literal.clone()],
            },
        }]),
        literal => Some(vec![Alternative {
            must: vec![literal.clone()],
            not: Vec::new(),
        }]),
    }
}

fn both(a: &Alternative, b: &Alternative) -> Alternative {
    let joined = |a: &[Sought], b: &[Sought]| {
        let mut all = a.to_vec();
        all.extend(b.iter().filter(|x| !a.contains(x)).cloned());
        all
    };
    Alternative {
        must: joined(&a.must, &b.must),
        not: joined(&a.not, &b.not),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn w(word: &str) -> Sought {
        Sought::Word(word.to_owned())
    }

    #[test]
    fn ors_become_alternatives_and_contained_ones_go() {
        let query = Sought::All(vec![
            Sought::Any(vec![w("acme"), Sought::Hashtag("acme".into())]),
            Sought::Any(vec![w("new"), w("sale")]),
            Sought::Not(Box::new(w("job"))),
        ]);
        let all = query.alternatives(10).unwrap();
        assert_eq!(all.len(), 4);
        assert!(all.iter().all(|a| a.must.len() == 2 && a.not == [w("job")]));
        let contained = Sought::Any(vec![w("a"), Sought::All(vec![w("a"), w("b")])]);
        assert_eq!(contained.alternatives(10).unwrap().len(), 1);
    }

    #[test]
    fn what_would_be_too_many_asks_for_more_or_gives_up() {
        let many = |n: usize| Sought::Any((0..n).map(|i| w(&format!("w{i}"))).collect());
        let query = Sought::All(vec![many(3), many(100)]);
        assert_eq!(query.alternatives(20).unwrap().len(), 3, "the smaller part alone");
        assert_eq!(many(100).alternatives(20), None);
    }
}
