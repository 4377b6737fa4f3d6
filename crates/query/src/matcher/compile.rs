//! From trees to flat programs.

use super::anchor::{Anchor, anchor, frequency};
use super::program::{Literals, op};
use super::tree::{Interner, PartTree, Tree};
use crate::ast::Region;
use foldhash::HashMap;

/// One compiled query.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// `None`: no atom must be present, so it has to be tried on every post.
    pub(crate) anchor: Option<Anchor>,
    /// Clauses that must hold whatever the anchor says.
    pub(crate) rest: Vec<u32>,
    /// The clause the anchor stands for; empty where the anchor always proves it.
    pub(crate) anchored: Vec<u32>,
}

/// Shorter nodes are run again rather than remembered.
const SHARED: usize = 16;

/// Parts of programs that stood somewhere before: where they first did.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    seen: HashMap<Box<[u32]>, Option<u32>>,
    /// The nodes that are called from elsewhere.
    pub(crate) nodes: Vec<Box<[u32]>>,
}

impl Shared {
    /// The number of the node, if it was seen before.
    fn number(&mut self, code: &[u32]) -> Option<u32> {
        match self.seen.get_mut(code) {
            None => {
                self.seen.insert(code.into(), None);
                None
            }
            Some(Some(number)) => Some(*number),
            Some(number) => {
                self.nodes.push(code.into());
                *number = Some(self.nodes.len() as u32 - 1);
                *number
            }
        }
    }
}

/// Compiles a query.
pub(crate) fn compile(
    tree: Tree,
    interner: &mut Interner,
    literals: &mut Literals,
    shared: &mut Shared,
) -> Compiled {
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
        shared,
        out: Vec::new(),
    };
    rarest_first(&mut clauses, emitter.interner);
    clauses.iter().for_each(|c| emitter.tree(c));
    let rest = std::mem::take(&mut emitter.out);
    if !anchor
        .as_ref()
        .is_some_and(|a| a.atoms.iter().all(|(_, exact)| *exact))
    {
        anchored.iter().for_each(|c| emitter.tree(c));
    }
    Compiled {
        anchor,
        rest,
        anchored: emitter.out,
    }
}

fn rarest_first(clauses: &mut [Tree], interner: &Interner) {
    clauses.sort_by_cached_key(|c| frequency(c, interner));
}

struct Emitter<'e> {
    interner: &'e mut Interner,
    literals: &'e mut Literals,
    shared: &'e mut Shared,
    out: Vec<u32>,
}

impl Emitter<'_> {
    /// Every node is its operation with the length of what follows, and its operands.
    fn node(&mut self, operation: u32, body: impl FnOnce(&mut Self)) {
        let start = self.out.len();
        self.out.push(0);
        body(self);
        self.out[start] = op::head(operation, self.out.len() - start - 1);
        let shareable = matches!(operation, op::OR | op::AND | op::NOT | op::NEAR);
        if shareable
            && self.out.len() - start >= SHARED
            && let Some(number) = self.shared.number(&self.out[start..])
        {
            self.out.truncate(start);
            self.out.extend([op::head(op::CALL, 1), number]);
        }
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
            Tree::Not(child) => match as_atoms(child) {
                Some(atoms) => self.node(op::NONE, |e| e.out.extend(&atoms)),
                None => self.node(op::NOT, |e| e.tree(child)),
            },
            Tree::In(region, child) => self.node(op::IN, |e| {
                e.out.push(u32::from(*region == Region::Title));
                e.tree(child);
            }),
        }
    }

    /// The atoms of an OR first, in one operation, the most frequent in front: they are cheap and often enough.
    fn or(&mut self, children: &[Tree]) {
        let mut atoms: Vec<u32> = Vec::new();
        let mut others: Vec<&Tree> = Vec::new();
        for child in children {
            if let Tree::Atom(a) = child {
                atoms.push(*a)
            } else {
                others.push(child)
            }
        }
        atoms.sort_by_key(|&a| (std::cmp::Reverse(self.interner.cost(a)), a));
        atoms.dedup();
        if others.is_empty() {
            return self.node(op::ANY, |e| e.out.extend(&atoms));
        }
        others.sort_by_cached_key(|t| std::cmp::Reverse(frequency(t, self.interner)));
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

/// The atoms of a tree that is one, or an OR of nothing else.
fn as_atoms(tree: &Tree) -> Option<Vec<u32>> {
    match tree {
        Tree::Atom(a) => Some(vec![*a]),
        Tree::Or(children) => children
            .iter()
            .map(|c| if let Tree::Atom(a) = c { Some(*a) } else { None })
            .collect(),
        _ => None,
    }
}
