//! Which atoms a query is listed under.

use super::tree::{Interner, PartTree, Tree};

/// The atoms one of which is present wherever a tree holds, and what that costs in candidates. An exact atom proves
/// the tree by its presence.
#[derive(Debug)]
pub(crate) struct Anchor {
    pub(crate) atoms: Vec<(u32, bool)>,
    pub(crate) cost: u64,
}

impl Anchor {
    fn inexact(mut self) -> Self {
        self.atoms.iter_mut().for_each(|(_, exact)| *exact = false);
        self
    }
}

/// The cheapest anchor of a tree; `None` where no atom must be present.
pub(crate) fn anchor(tree: &Tree, interner: &mut Interner) -> Option<Anchor> {
    match tree {
        Tree::Atom(a) => Some(Anchor {
            atoms: vec![(*a, true)],
            cost: interner.cost(*a),
        }),
        Tree::Phrase(parts) => Some(phrase(parts, interner)),
        Tree::Together { parts, .. } => cheapest(parts, interner),
        Tree::Near { first, rest } => {
            let rest = rest.iter().map(|(_, t)| anchor(t, interner)).collect::<Vec<_>>();
            let all = rest.into_iter().chain([anchor(first, interner)]);
            all.flatten().min_by_key(|a| a.cost).map(Anchor::inexact)
        }
        Tree::And(children) => cheapest(children, interner),
        Tree::Or(children) => {
            let mut all = Anchor {
                atoms: Vec::new(),
                cost: 0,
            };
            for child in children {
                let a = anchor(child, interner)?;
                all.cost += a.cost;
                all.atoms.extend(a.atoms);
            }
            (!children.is_empty()).then_some(all)
        }
        Tree::Not(_) => None,
        Tree::In(_, tree) => anchor(tree, interner).map(Anchor::inexact),
    }
}

fn cheapest(children: &[Tree], interner: &mut Interner) -> Option<Anchor> {
    let anchors = children.iter().filter_map(|t| anchor(t, interner));
    anchors.min_by_key(|a| a.cost).map(Anchor::inexact)
}

/// The rarest two words in a row, or the rarest word where there are no two.
fn phrase(parts: &[PartTree], interner: &mut Interner) -> Anchor {
    let words: Vec<(u32, bool)> = parts
        .iter()
        .flat_map(|p| {
            let emoji = p.part.words.iter().map(|w| w.kind == text::TokenKind::Emoji);
            p.atoms.iter().copied().zip(emoji)
        })
        .collect();
    let rarest_pair = words
        .windows(2)
        .filter(|w| !w[0].1 && !w[1].1)
        .min_by_key(|w| interner.cost(w[0].0).min(interner.cost(w[1].0)))
        .map(|w| (w[0].0, w[1].0));
    let atom = match rarest_pair {
        Some((left, right)) => interner.pair(left, right),
        None => words
            .iter()
            .map(|w| w.0)
            .min_by_key(|&a| interner.cost(a))
            .unwrap_or_default(),
    };
    Anchor {
        atoms: vec![(atom, false)],
        cost: interner.cost(atom),
    }
}

/// Of a million posts, how many a tree holds for, roughly.
pub(crate) fn frequency(tree: &Tree, interner: &Interner) -> u64 {
    let rarest = |frequencies: &mut dyn Iterator<Item = u64>| frequencies.min().unwrap_or_default();
    match tree {
        Tree::Atom(a) => interner.cost(*a),
        Tree::Phrase(parts) => {
            rarest(&mut parts.iter().flat_map(|p| &p.atoms).map(|&a| interner.cost(a))) / 4
        }
        Tree::Together { parts, .. } => rarest(&mut parts.iter().map(|t| frequency(t, interner))) / 4,
        Tree::Near { first, rest } => {
            let rest = rarest(&mut rest.iter().map(|(_, t)| frequency(t, interner)));
            rest.min(frequency(first, interner)) / 4
        }
        Tree::And(c) => rarest(&mut c.iter().map(|t| frequency(t, interner))),
        Tree::Or(c) => c.iter().map(|t| frequency(t, interner)).sum(),
        // Most posts: tested last.
        Tree::Not(_) => u64::MAX / 1024,
        Tree::In(_, tree) => frequency(tree, interner),
    }
}
