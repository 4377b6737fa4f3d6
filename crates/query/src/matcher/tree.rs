//! A query over atoms: between the syntax tree and the flat program.

use super::atoms::{Atom, Atoms, LEFT, PLACED, RIGHT};
use crate::ast::{FieldName, Form, Node, Part, Reach, Word};
use crate::naive::{Pseudonyms, alias, handle_of};
use foldhash::HashMap;
use smallvec::SmallVec;
use text::TokenKind;

#[derive(Debug, Clone)]
pub(crate) enum Tree {
    Atom(u32),
    Phrase(Vec<PartTree>),
    Together {
        parts: Vec<Tree>,
        words: u32,
    },
    Near {
        first: Box<Tree>,
        rest: Vec<(Reach, Tree)>,
    },
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
}

#[derive(Debug, Clone)]
pub(crate) struct PartTree {
    pub(crate) atoms: Vec<u32>,
    pub(crate) part: Part,
}

impl PartTree {
    pub(crate) fn begins_with_emoji(&self) -> bool {
        self.part.words[0].kind == TokenKind::Emoji
    }
}

/// How many posts hold an atom, of some fixed large number; `None` lets the length of the word decide.
pub type DocumentFrequency<'f> = &'f dyn Fn(Atom<'_>) -> Option<u64>;

/// Numbers atoms and turns queries into trees over them.
pub(crate) struct Interner<'a> {
    pub(crate) atoms: Atoms,
    /// What an atom's presence costs in candidates.
    pub(crate) costs: Vec<u64>,
    own: HashMap<Box<str>, u32>,
    prefixes: HashMap<Box<str>, u32>,
    pseudonyms: Pseudonyms<'a>,
    frequency: Option<DocumentFrequency<'a>>,
}

/// A pair is about this much rarer than the rarer of its words.
const PAIR_RARITY: u64 = 16;

impl<'a> Interner<'a> {
    pub(crate) fn new(pseudonyms: Pseudonyms<'a>, frequency: Option<DocumentFrequency<'a>>) -> Self {
        Self {
            atoms: Atoms::default(),
            costs: Vec::new(),
            own: HashMap::default(),
            prefixes: HashMap::default(),
            pseudonyms,
            frequency,
        }
    }

    fn fresh(&mut self, atom: Atom<'_>) -> u32 {
        let known = self.frequency.and_then(|f| f(atom));
        self.costs.push(known.unwrap_or_else(|| guess(atom)) + 1);
        self.atoms.fresh()
    }

    /// The tree of a query. Words inside phrases and NEAR are `placed`: their occurrences will be needed.
    pub(crate) fn tree(&mut self, node: &Node, placed: bool) -> Tree {
        match node {
            Node::Word(w) => Tree::Atom(self.word(w, placed)),
            Node::Phrase(parts) => self.phrase(parts, placed),
            Node::Together { parts, words } => {
                let parts = parts.iter().map(|p| self.part(p)).collect();
                Tree::Together { parts, words: *words }
            }
            Node::Near { first, rest } => Tree::Near {
                first: Box::new(self.tree(first, true)),
                rest: rest.iter().map(|(r, n)| (*r, self.tree(n, true))).collect(),
            },
            Node::And(c) => Tree::And(c.iter().map(|n| self.tree(n, placed)).collect()),
            Node::Or(c) => Tree::Or(c.iter().map(|n| self.tree(n, placed)).collect()),
            Node::Not(c) => Tree::Not(Box::new(self.tree(c, placed))),
            Node::List { node, .. } | Node::In { node, .. } => self.tree(node, placed),
            Node::Followers { .. } => Tree::Or(Vec::new()),
            Node::Field { name, values } => {
                let values: Vec<Tree> = values.iter().map(|v| Tree::Atom(self.field(*name, v))).collect();
                if values.len() == 1 {
                    values[0].clone()
                } else {
                    Tree::Or(values)
                }
            }
        }
    }

    fn part(&mut self, part: &Part) -> Tree {
        match part.as_word() {
            Some(w) => Tree::Atom(self.word(w, true)),
            None => self.phrase(std::slice::from_ref(part), true),
        }
    }

    fn phrase(&mut self, parts: &[Part], placed: bool) -> Tree {
        if let ([a, b], false) = (parts, placed)
            && let (Some(a), Some(b)) = (a.as_word(), b.as_word())
            && a.kind != TokenKind::Emoji
            && b.kind != TokenKind::Emoji
        {
            let (a, b) = (self.word(a, true), self.word(b, true));
            return Tree::Atom(self.pair(a, b));
        }
        let tree = Tree::Phrase(
            parts
                .iter()
                .map(|p| PartTree {
                    atoms: p.words.iter().map(|w| self.word(w, true)).collect(),
                    part: p.clone(),
                })
                .collect(),
        );
        match handle_of(parts).and_then(|h| self.pseudonyms.map(|f| format!("@{}", f(&h)))) {
            Some(token) => {
                let atom = self.own(&token);
                if placed {
                    self.atoms.set(atom, PLACED);
                }
                Tree::Or(vec![tree, Tree::Atom(atom)])
            }
            None => tree,
        }
    }

    fn word(&mut self, word: &Word, placed: bool) -> u32 {
        let sigil = |text: &str| {
            word.sigil
                .map_or(text.to_owned(), |s| format!("{}{text}", s.as_char()))
        };
        let atom = match word.form {
            Form::Whole => {
                let atom = self.own(&sigil(&word.key));
                if let Some(other) = alias(word, self.pseudonyms) {
                    self.known_as(atom, &sigil(&other));
                }
                atom
            }
            Form::Prefix | Form::Glob => self.prefix(&sigil(&word.key)),
            Form::Case => self.case(&word.key, &sigil(&word.surface)),
        };
        if placed {
            self.atoms.set(atom, PLACED);
        }
        atom
    }

    fn own(&mut self, key: &str) -> u32 {
        if let Some(&atom) = self.own.get(key) {
            return atom;
        }
        let atom = self.fresh(Atom::Word(key));
        self.own.insert(key.into(), atom);
        self.known_as(atom, key);
        atom
    }

    fn known_as(&mut self, atom: u32, key: &str) {
        let entry = self.atoms.words.entry(key.into()).or_default();
        if !entry.atoms.contains(&atom) {
            entry.atoms.push(atom);
        }
    }

    fn prefix(&mut self, key: &str) -> u32 {
        if let Some(&atom) = self.prefixes.get(key) {
            return atom;
        }
        let atom = self.fresh(Atom::Prefix(key));
        self.prefixes.insert(key.into(), atom);
        self.atoms.prefixes.insert(key, atom);
        atom
    }

    fn case(&mut self, key: &str, surface: &str) -> u32 {
        self.atoms.words.entry(key.into()).or_default().cased = true;
        if let Some(&atom) = self.atoms.cases.get(surface) {
            return atom;
        }
        let atom = self.fresh(Atom::Case(surface));
        self.atoms.cases.insert(surface.into(), atom);
        atom
    }

    fn field(&mut self, name: FieldName, value: &str) -> u32 {
        let found = self.atoms.field(name, value);
        let atom = found.unwrap_or_else(|| {
            let atom = self.fresh(Atom::Field(name, value));
            self.atoms.fields[name as usize].insert(value.into(), atom);
            atom
        });
        if let (FieldName::Author, Some(f)) = (name, self.pseudonyms) {
            let list: &mut SmallVec<[u32; 2]> = self.atoms.author_tokens.entry(f(value).into()).or_default();
            if !list.contains(&atom) {
                list.push(atom);
            }
        }
        atom
    }

    /// The atom of two words in a row.
    pub(crate) fn pair(&mut self, left: u32, right: u32) -> u32 {
        if let Some(&atom) = self.atoms.pairs.get(&(left, right)) {
            return atom;
        }
        let rarer = self.costs[left as usize].min(self.costs[right as usize]);
        self.costs.push(rarer / PAIR_RARITY + 1);
        let atom = self.atoms.fresh();
        self.atoms.pairs.insert((left, right), atom);
        self.atoms.set(left, LEFT | PLACED);
        self.atoms.set(right, RIGHT | PLACED);
        atom
    }

    pub(crate) fn cost(&self, atom: u32) -> u64 {
        self.costs[atom as usize]
    }
}

/// Of a million posts, how many hold the atom, judged by length alone: short words are frequent, fields are everywhere.
fn guess(atom: Atom<'_>) -> u64 {
    let by_length = |s: &str| 1_000_000 >> (2 * s.chars().count()).min(19);
    match atom {
        Atom::Word(s) | Atom::Case(s) => by_length(s),
        Atom::Prefix(s) => 4 * by_length(s),
        Atom::Field(FieldName::Author | FieldName::Site, _) => 100,
        Atom::Field(..) => 200_000,
    }
}
