//! From trees to anchors and flat programs.

use super::program::{Literals, op};
use super::tree::{Interner, PartTree, Tree};

/// The atoms one of which is present wherever a tree holds, and what that costs in candidates. An exact atom proves
/// the tree by its presence.
#[derive(Debug)]
pub(crate) struct Anchor {
    pub(crate) atoms: Vec<(u32, bool)>,
    cost: u64,
}

/// One compiled query.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// `None`: no atom must be present, so it has to be tried on every post.
    pub(crate) anchor: Option<Anchor>,
    /// Clauses that must hold whatever the anchor says.
    pub(crate) rest: Vec<u32>,
    /// The clause the anchor stands for.
    pub(crate) anchored: Vec<u32>,
}

pub(crate) fn compile(tree: Tree, interner: &mut Interner<'_>, literals: &mut Literals) -> Compiled {
    let mut clauses = if let Tree::And(children) = tree {
        children
    } else {
        vec![tree]
    };
    let mut best: Option<(usize, Anchor)> = None;
    for (i, clause) in clauses.iter().enumerate() {
        if let Some(a) = anchor(clause, interner)
            && best.as_ref().is_none_or(|(_, b)| a.cost < b.cost)
        {
            best = Some((i, a));
        }
    }
    let (anchored, anchor) = match best {
        Some((i, a)) => (Some(clauses.remove(i)), Some(a)),
        None => (None, None),
    };
    let mut emitter = Emitter {
        interner,
        literals,
        out: Vec::new(),
    };
    rarest_first(&mut clauses, emitter.interner);
    clauses.iter().for_each(|c| emitter.tree(c));
    let rest = std::mem::take(&mut emitter.out);
    anchored.iter().for_each(|c| emitter.tree(c));
    Compiled {
        anchor,
        rest,
        anchored: emitter.out,
    }
}

fn anchor(tree: &Tree, interner: &mut Interner<'_>) -> Option<Anchor> {
    let cheapest = |options: Vec<Option<Anchor>>| options.into_iter().flatten().min_by_key(|a| a.cost);
    let inexact = |mut a: Anchor| {
        a.atoms.iter_mut().for_each(|(_, exact)| *exact = false);
        a
    };
    match tree {
        Tree::Atom(a) => Some(Anchor {
            atoms: vec![(*a, true)],
            cost: interner.cost(*a),
        }),
        Tree::Phrase(parts) => Some(phrase_anchor(parts, interner)),
        Tree::Together { parts, .. } => {
            cheapest(parts.iter().map(|p| anchor(p, interner)).collect()).map(inexact)
        }
        Tree::Near { first, rest } => {
            let operands = [&**first].into_iter().chain(rest.iter().map(|(_, t)| t));
            cheapest(operands.map(|t| anchor(t, interner)).collect()).map(inexact)
        }
        Tree::And(c) => cheapest(c.iter().map(|t| anchor(t, interner)).collect()).map(inexact),
        Tree::Or(c) => {
            let mut all = Anchor {
                atoms: Vec::new(),
                cost: 0,
            };
            for child in c {
                let a = anchor(child, interner)?;
                all.cost += a.cost;
                all.atoms.extend(a.atoms);
            }
            (!c.is_empty()).then_some(all)
        }
        Tree::Not(_) => None,
    }
}

/// The rarest two words in a row, or the rarest word where there are no two.
fn phrase_anchor(parts: &[PartTree], interner: &mut Interner<'_>) -> Anchor {
    let words: Vec<(u32, bool)> = parts
        .iter()
        .flat_map(|p| {
            p.atoms
                .iter()
                .zip(&p.part.words)
                .map(|(&a, w)| (a, w.kind == text::TokenKind::Emoji))
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

/// How many posts a tree holds for, roughly.
fn frequency(tree: &Tree, interner: &Interner<'_>) -> u64 {
    match tree {
        Tree::Atom(a) => interner.cost(*a),
        Tree::Phrase(parts) => {
            parts
                .iter()
                .flat_map(|p| &p.atoms)
                .map(|&a| interner.cost(a))
                .min()
                .unwrap_or_default()
                / 4
        }
        Tree::Together { parts, .. } => {
            parts
                .iter()
                .map(|t| frequency(t, interner))
                .min()
                .unwrap_or_default()
                / 4
        }
        Tree::Near { first, rest } => {
            rest.iter()
                .map(|(_, t)| frequency(t, interner))
                .fold(frequency(first, interner), u64::min)
                / 4
        }
        Tree::And(c) => c.iter().map(|t| frequency(t, interner)).min().unwrap_or_default(),
        Tree::Or(c) => c.iter().map(|t| frequency(t, interner)).sum(),
        Tree::Not(_) => u64::MAX / 1024,
    }
}

fn rarest_first(clauses: &mut [Tree], interner: &Interner<'_>) {
    clauses.sort_by_key(|c| frequency(c, interner));
}

struct Emitter<'e, 'a> {
    interner: &'e mut Interner<'a>,
    literals: &'e mut Literals,
    out: Vec<u32>,
}

impl Emitter<'_, '_> {
    /// Every node is its operation, the place behind it, and its operands.
    fn node(&mut self, operation: u32, body: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        self.out.extend([operation, 0]);
        body(self);
        self.out[start + 1] = (self.out.len() - start) as u32;
    }

    fn tree(&mut self, tree: &Tree) {
        match tree {
            Tree::Atom(a) => self.node(op::ANY, |e| e.out.push(*a)),
            Tree::Phrase(parts) => self.node(op::PHRASE, |e| e.parts(parts)),
            Tree::Together { parts, words } => self.node(op::TOGETHER, |e| {
                e.out.push(*words);
                parts.iter().for_each(|p| e.tree(p));
            }),
            Tree::Near { first, rest } => self.node(op::NEAR, |e| {
                e.tree(first);
                for (reach, operand) in rest {
                    e.out.push(reach.words << 1 | u32::from(reach.ordered));
                    e.tree(operand);
                }
            }),
            Tree::And(children) => {
                let mut children = children.clone();
                rarest_first(&mut children, self.interner);
                self.node(op::AND, |e| children.iter().for_each(|c| e.tree(c)));
            }
            Tree::Or(children) => self.or(children),
            Tree::Not(child) => self.node(op::NOT, |e| e.tree(child)),
        }
    }

    /// The atoms of an OR first, in one operation, the most frequent in front: they are cheap and often enough.
    fn or(&mut self, children: &[Tree]) {
        let mut atoms: Vec<u32> = Vec::new();
        let mut others: Vec<Tree> = Vec::new();
        for child in children {
            if let Tree::Atom(a) = child {
                atoms.push(*a)
            } else {
                others.push(child.clone())
            }
        }
        atoms.sort_by_key(|&a| (std::cmp::Reverse(self.interner.cost(a)), a));
        atoms.dedup();
        others.sort_by_key(|t| std::cmp::Reverse(frequency(t, self.interner)));
        if others.is_empty() {
            return self.node(op::ANY, |e| e.out.extend(&atoms));
        }
        self.node(op::OR, |e| {
            if !atoms.is_empty() {
                e.node(op::ANY, |e| e.out.extend(&atoms));
            }
            others.iter().for_each(|c| e.tree(c));
        });
    }

    fn parts(&mut self, parts: &[PartTree]) {
        for p in parts {
            let flags = u32::from(p.begins_with_emoji()) | u32::from(p.part.closed) << 1;
            let (lead, trail) = (
                self.literals.number(&p.part.lead),
                self.literals.number(&p.part.trail),
            );
            self.out.extend([p.atoms.len() as u32, flags, lead, trail]);
            for (i, &atom) in p.atoms.iter().enumerate() {
                let gap = if i == 0 {
                    0
                } else {
                    self.literals.number(&p.part.gaps[i - 1])
                };
                self.out.extend([atom, gap]);
            }
        }
    }
}
