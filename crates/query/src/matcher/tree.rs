//! A query over atoms: between the syntax tree and the flat program.

use super::atoms::{Atom, Atoms, field_tag, flag};
use super::dictionary::tag;
use crate::ast::{FieldName, Form, Node, Part, Reach, Region, Word};
use crate::naive::{Pseudonyms, alias, handle_of};
use foldhash::HashMap;
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
    In(Region, Box<Tree>),
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

/// How many posts of a million hold an atom; `None` lets the length of the word decide.
pub type DocumentFrequency<'f> = &'f dyn Fn(Atom<'_>) -> Option<u64>;

/// A million: what frequencies are out of.
pub(crate) const POSTS: u64 = 1_000_000;
/// A pair is about this much rarer than the rarer of its words.
const PAIR_RARITY: u64 = 16;
/// An OR of at least so many atoms is an atom itself, seen with each of them.
const GROUP: usize = 12;

/// Numbers atoms and turns queries into trees over them. Grows; what it has numbered keeps its number.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    pub(crate) atoms: Atoms,
    /// Posts of a million that hold an atom.
    costs: Vec<u64>,
    /// Atoms seen with others, as (other, atom).
    pub(crate) derived: Vec<(u32, u32)>,
    /// Words by how they are written: a key of the dictionary can also stand for others.
    words: HashMap<Box<str>, u32>,
    patterns: HashMap<Box<str>, u32>,
    groups: HashMap<Box<[u32]>, u32>,
}

/// What the interner is given with each query.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) pseudonyms: Pseudonyms<'c>,
    pub(crate) frequency: Option<DocumentFrequency<'c>>,
}

/// Where in a query the interner is.
#[derive(Clone, Copy, Default)]
struct Spot {
    /// Occurrences will be needed, not only presence.
    placed: bool,
    region: Option<Region>,
}

impl Interner {
    fn fresh(&mut self, atom: Atom<'_>, context: Context<'_>) -> u32 {
        let known = context.frequency.and_then(|f| f(atom));
        self.costs
            .push(known.unwrap_or_else(|| guess(atom)).min(POSTS) + 1);
        self.atoms.fresh()
    }

    /// What an atom's presence costs in candidates.
    pub(crate) fn cost(&self, atom: u32) -> u64 {
        self.costs[atom as usize]
    }

    /// The tree that holds where the query surely does.
    pub(crate) fn tree(&mut self, node: &Node, context: Context<'_>) -> Tree {
        self.truth(node, Spot::default(), context)
    }

    fn truth(&mut self, node: &Node, spot: Spot, context: Context<'_>) -> Tree {
        if let (Some(region), true) = (spot.region, is_local(node)) {
            let spot = Spot {
                placed: true,
                region: None,
            };
            return Tree::In(region, Box::new(self.truth(node, spot, context)));
        }
        match node {
            Node::Word(w) => Tree::Atom(self.word(w, spot.placed, context)),
            Node::Phrase(parts) => self.phrase(parts, spot.placed, context),
            Node::Together { parts, words } => {
                let parts = parts.iter().map(|p| self.part(p, context)).collect();
                Tree::Together { parts, words: *words }
            }
            Node::Near { first, rest } => {
                let spot = Spot { placed: true, ..spot };
                Tree::Near {
                    first: Box::new(self.truth(first, spot, context)),
                    rest: rest
                        .iter()
                        .map(|(r, n)| (*r, self.truth(n, spot, context)))
                        .collect(),
                }
            }
            Node::And(c) => Tree::And(c.iter().map(|n| self.truth(n, spot, context)).collect()),
            Node::Or(c) => {
                let children = c.iter().map(|n| self.truth(n, spot, context)).collect();
                self.or(children, spot.placed)
            }
            Node::Not(c) => self.falsity(c, spot, context),
            Node::In { region, node } => {
                let spot = Spot {
                    region: Some(*region),
                    ..spot
                };
                self.truth(node, spot, context)
            }
            Node::List { node, .. } => self.truth(node, spot, context),
            Node::Field { name, values } => {
                let values = values
                    .iter()
                    .map(|v| Tree::Atom(self.field(*name, v, context)))
                    .collect();
                self.or(values, false)
            }
            Node::Followers { from, to } => Tree::Atom(self.followers(*from, *to, context)),
        }
    }

    /// The tree that holds where the query surely does not: a field must be known for that (De Morgan's laws hold in
    /// Kleene's logic).
    fn falsity(&mut self, node: &Node, spot: Spot, context: Context<'_>) -> Tree {
        if !may_be_unknown(node) {
            return not(self.truth(node, spot, context));
        }
        match node {
            Node::Not(c) => self.truth(c, spot, context),
            Node::And(c) => Tree::Or(c.iter().map(|n| self.falsity(n, spot, context)).collect()),
            Node::Or(c) => Tree::And(c.iter().map(|n| self.falsity(n, spot, context)).collect()),
            Node::List { node, .. } => self.falsity(node, spot, context),
            Node::Field { name, .. } => {
                let known = Tree::Atom(self.known(*name, context));
                Tree::And(vec![known, not(self.truth(node, spot, context))])
            }
            Node::Followers { .. } => {
                let known = Tree::Atom(self.followers_known(context));
                Tree::And(vec![known, not(self.truth(node, spot, context))])
            }
            _ => not(self.truth(node, spot, context)),
        }
    }

    /// The disjunction, its atoms in one place: many of them become one.
    fn or(&mut self, children: Vec<Tree>, placed: bool) -> Tree {
        let (mut atoms, mut others) = (Vec::new(), Vec::new());
        for child in children {
            match child {
                Tree::Atom(a) => atoms.push(a),
                Tree::Or(inner) => inner.into_iter().for_each(|t| match t {
                    Tree::Atom(a) => atoms.push(a),
                    other => others.push(other),
                }),
                other => others.push(other),
            }
        }
        atoms.sort_unstable();
        atoms.dedup();
        if atoms.len() >= GROUP {
            atoms = vec![self.group(atoms, placed)];
        }
        others.extend(atoms.into_iter().map(Tree::Atom));
        match others.len() {
            1 => others.remove(0),
            _ => Tree::Or(others),
        }
    }

    /// The atom that is seen with each of the given ones, which are sorted.
    fn group(&mut self, members: Vec<u32>, placed: bool) -> u32 {
        let atom = match self.groups.get(&members[..]) {
            Some(&atom) => atom,
            None => {
                let cost = members.iter().map(|&a| self.cost(a)).sum::<u64>().min(POSTS);
                self.costs.push(cost);
                let atom = self.atoms.fresh();
                self.derived.extend(members.iter().map(|&member| (member, atom)));
                members.iter().for_each(|&m| self.atoms.set(m, flag::DERIVED));
                self.groups.insert(members.into_boxed_slice(), atom);
                atom
            }
        };
        self.place(atom, placed);
        atom
    }

    fn place(&mut self, atom: u32, placed: bool) {
        if placed {
            self.atoms.set(atom, flag::PLACED);
        }
    }

    fn part(&mut self, part: &Part, context: Context<'_>) -> Tree {
        match part.as_word() {
            Some(w) => Tree::Atom(self.word(w, true, context)),
            None => self.phrase(std::slice::from_ref(part), true, context),
        }
    }

    fn phrase(&mut self, parts: &[Part], placed: bool, context: Context<'_>) -> Tree {
        if let ([a, b], false) = (parts, placed)
            && let (Some(a), Some(b)) = (a.as_word(), b.as_word())
            && a.kind != TokenKind::Emoji
            && b.kind != TokenKind::Emoji
        {
            let (a, b) = (self.word(a, false, context), self.word(b, false, context));
            return Tree::Atom(self.pair(a, b));
        }
        let mut part_tree = |p: &Part| PartTree {
            atoms: p.words.iter().map(|w| self.word(w, true, context)).collect(),
            part: p.clone(),
        };
        let tree = Tree::Phrase(parts.iter().map(&mut part_tree).collect());
        match handle_of(parts).and_then(|h| context.pseudonyms.map(|f| format!("@{}", f(&h)))) {
            Some(token) => {
                let atom = self.whole(&token, context);
                self.place(atom, placed);
                Tree::Or(vec![tree, Tree::Atom(atom)])
            }
            None => tree,
        }
    }

    fn word(&mut self, word: &Word, placed: bool, context: Context<'_>) -> u32 {
        let sigil = |text: &str| {
            word.sigil
                .map_or(text.to_owned(), |s| format!("{}{text}", s.as_char()))
        };
        let atom = match word.form {
            Form::Whole => {
                let atom = match word.sigil {
                    None => self.whole(&word.key, context),
                    Some(_) => self.whole(&sigil(&word.key), context),
                };
                if let Some(other) = alias(word, context.pseudonyms) {
                    self.lead(&sigil(&other), atom);
                }
                atom
            }
            Form::Prefix => self.pattern(format!("{}*", sigil(&word.key)), context),
            Form::Glob => self.pattern(sigil(&word.key), context),
            Form::Case => self.case(&word.key, &sigil(&word.surface), context),
        };
        self.place(atom, placed);
        atom
    }

    fn whole(&mut self, key: &str, context: Context<'_>) -> u32 {
        if let Some(&atom) = self.words.get(key) {
            return atom;
        }
        let atom = self.fresh(Atom::Word(key), context);
        self.words.insert(key.into(), atom);
        self.lead(key, atom);
        atom
    }

    /// Sees to it that a key of a post leads to the atom. Where it leads to another, it gets an atom of its own that
    /// both are seen with.
    fn lead(&mut self, key: &str, atom: u32) {
        let dictionary = &mut self.atoms.dictionary;
        let found = dictionary.get(tag::WORD, key).map(|(a, _)| a);
        match found {
            Some(old) if old == atom || self.derived.contains(&(old, atom)) => {}
            None => dictionary.insert(tag::WORD, key, atom),
            Some(old) => {
                self.costs.push(POSTS);
                let both = self.atoms.fresh();
                self.atoms.set(
                    both,
                    flag::DERIVED | (self.atoms.flags[old as usize] & flag::CASED),
                );
                self.derived.extend([(both, old), (both, atom)]);
                self.atoms.dictionary.insert(tag::WORD, key, both);
            }
        }
    }

    fn pattern(&mut self, pattern: String, context: Context<'_>) -> u32 {
        if let Some(&atom) = self.patterns.get(&pattern[..]) {
            return atom;
        }
        let seen = match pattern.strip_suffix('*').filter(|p| !p.contains(['*', '?'])) {
            Some(begin) => Atom::Prefix(begin),
            None => Atom::Glob(&pattern),
        };
        let atom = self.fresh(seen, context);
        self.atoms.patterns.insert(&pattern, atom);
        self.patterns.insert(pattern.into_boxed_str(), atom);
        atom
    }

    fn case(&mut self, key: &str, surface: &str, context: Context<'_>) -> u32 {
        let whole = self.whole(key, context);
        let seen = self
            .atoms
            .dictionary
            .get(tag::WORD, key)
            .map_or(whole, |(a, _)| a);
        self.atoms.set(seen, flag::CASED);
        if let Some((atom, _)) = self.atoms.dictionary.get(tag::CASE, surface) {
            return atom;
        }
        let atom = self.fresh(Atom::Case(key), context);
        self.atoms.dictionary.insert(tag::CASE, surface, atom);
        atom
    }

    fn field(&mut self, name: FieldName, value: &str, context: Context<'_>) -> u32 {
        self.atoms.wanted.add(name);
        let found = self.atoms.dictionary.get(field_tag(name), value).map(|(a, _)| a);
        let atom = found.unwrap_or_else(|| {
            let atom = self.fresh(Atom::Field(name, value), context);
            self.atoms.dictionary.insert(field_tag(name), value, atom);
            atom
        });
        if let Some(f) = context.pseudonyms.filter(|_| name.is_handle()) {
            let (tag, token) = match name {
                FieldName::Author => (tag::AUTHOR_TOKEN, f(value)),
                _ => (field_tag(name), f(value)),
            };
            self.same_as(tag, &token, atom, context);
        }
        atom
    }

    /// Leads a token pseudonym to the atom of the handle it stands for.
    fn same_as(&mut self, tag: u8, token: &str, atom: u32, context: Context<'_>) {
        match self.atoms.dictionary.get(tag, token).map(|(a, _)| a) {
            None => self.atoms.dictionary.insert(tag, token, atom),
            Some(old) if old == atom || self.derived.contains(&(old, atom)) => {}
            Some(old) => {
                let both = self.fresh(Atom::Field(FieldName::Author, token), context);
                self.atoms.set(both, flag::DERIVED);
                self.derived.extend([(both, old), (both, atom)]);
                self.atoms.dictionary.insert(tag, token, both);
            }
        }
    }

    fn known(&mut self, name: FieldName, context: Context<'_>) -> u32 {
        if let Some(&(_, atom)) = self.atoms.known.iter().find(|k| k.0 == name) {
            return atom;
        }
        let atom = self.fresh(Atom::Known(name), context);
        self.atoms.known.push((name, atom));
        atom
    }

    fn followers(&mut self, from: u64, to: u64, context: Context<'_>) -> u32 {
        if let Some(&(.., atom)) = self.atoms.followers.iter().find(|f| (f.0, f.1) == (from, to)) {
            return atom;
        }
        let atom = self.fresh(Atom::Followers, context);
        self.atoms.followers.push((from, to, atom));
        atom
    }

    fn followers_known(&mut self, context: Context<'_>) -> u32 {
        if let Some(atom) = self.atoms.followers_known {
            return atom;
        }
        let atom = self.fresh(Atom::Followers, context);
        self.atoms.followers_known = Some(atom);
        atom
    }

    /// The atom of two words in a row.
    pub(crate) fn pair(&mut self, left: u32, right: u32) -> u32 {
        if let Some(atom) = self.atoms.pairs.get(left, right) {
            return atom;
        }
        let rarer = self.cost(left).min(self.cost(right));
        self.costs.push(rarer / PAIR_RARITY + 1);
        let atom = self.atoms.fresh();
        self.atoms.pairs.insert(left, right, atom);
        self.atoms.set(left, flag::LEFT);
        self.atoms.set(right, flag::RIGHT);
        atom
    }
}

fn not(tree: Tree) -> Tree {
    match tree {
        Tree::Not(inner) => *inner,
        other => Tree::Not(Box::new(other)),
    }
}

/// Whether a node's own places decide where it holds, so that it can be asked of a part of the post as a whole.
fn is_local(node: &Node) -> bool {
    node.is_positional() || matches!(node, Node::Together { .. })
}

/// Whether a post may be silent about something the node tests.
fn may_be_unknown(node: &Node) -> bool {
    match node {
        Node::Field { name, .. } => name.may_be_unknown(),
        Node::Followers { .. } => true,
        Node::And(c) | Node::Or(c) => c.iter().any(may_be_unknown),
        Node::Not(c) => may_be_unknown(c),
        Node::List { node, .. } => may_be_unknown(node),
        // Fields have no place inside.
        Node::In { .. } | Node::Word(_) | Node::Phrase(_) | Node::Together { .. } | Node::Near { .. } => {
            false
        }
    }
}

/// Of a million posts, how many hold the atom, judged by length alone: short words are frequent, fields are everywhere.
fn guess(atom: Atom<'_>) -> u64 {
    let by_length = |s: &str| POSTS >> (2 * s.chars().count()).min(19);
    match atom {
        Atom::Word(s) | Atom::Case(s) => by_length(s),
        Atom::Prefix(s) => 4 * by_length(s),
        Atom::Glob(s) => 8 * crate::glob::literals(s).map(by_length).min().unwrap_or(POSTS),
        Atom::Field(FieldName::Author | FieldName::AtMentions | FieldName::ReplyTo, _) => 100,
        Atom::Field(FieldName::Site | FieldName::Url | FieldName::Links | FieldName::Hashtags, _) => 100,
        Atom::Field(..) => 200_000,
        Atom::Known(_) | Atom::Followers => 500_000,
    }
}
