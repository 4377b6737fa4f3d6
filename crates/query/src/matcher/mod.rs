//! The exact matcher: many queries against one post at a time.
//!
//! Everything a query tests is an atom with a number. Of each query, a set of atoms is chosen of which at least one is
//! present wherever the query holds (its anchor), and the query is listed under each. A post is analysed once, its
//! atoms stamped; the queries listed under them are the candidates, and only of those the rest is run, as a flat
//! program, rarest clause first.

mod atoms;
mod compile;
mod program;
mod scratch;
pub(crate) mod together;
mod tree;

pub use atoms::Atom;
pub use scratch::Scratch;
pub use tree::DocumentFrequency;

use crate::document::Document;
use crate::naive::Pseudonyms;
use crate::query::Query;
use atoms::Atoms;
use compile::{Compiled, compile};
use program::{Literals, Machine};
use tree::Interner;

/// Where a query's program lies: the clauses that always have to be run, then the one the anchor may prove.
#[derive(Debug, Clone, Copy)]
struct Program {
    start: u32,
    rest: u32,
    end: u32,
}

/// A compiled, immutable set of monitors. Threads share it; each brings its own [`Scratch`].
#[derive(Debug)]
pub struct MonitorSet {
    version: u64,
    atoms: Atoms,
    literals: Vec<Box<str>>,
    code: Vec<u32>,
    programs: Vec<Program>,
    ids: Vec<u32>,
    /// For each atom, where its postings begin; one more at the end.
    first_posting: Vec<u32>,
    /// Query number and, in the lowest bit, whether the atom proves the anchored clause.
    postings: Vec<u32>,
    /// Queries without an anchor; none that passed the checks.
    unanchored: Vec<u32>,
}

/// What [`MonitorSet::matches`] did for one post.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Queries whose program was run.
    pub candidates: u32,
}

impl MonitorSet {
    /// Compiles monitors under a version. An id stands for one monitor; of two with the same id both are tried, and
    /// the id is reported once.
    pub fn new<'q>(
        version: u64,
        monitors: impl IntoIterator<Item = (u32, &'q Query)>,
        pseudonyms: Pseudonyms<'_>,
    ) -> Self {
        Self::with_frequencies(version, monitors, pseudonyms, None)
    }

    /// The same, with the anchors chosen by measured document frequencies.
    pub fn with_frequencies<'q>(
        version: u64,
        monitors: impl IntoIterator<Item = (u32, &'q Query)>,
        pseudonyms: Pseudonyms<'_>,
        frequency: Option<DocumentFrequency<'_>>,
    ) -> Self {
        let mut monitors: Vec<(u32, &Query)> = monitors.into_iter().collect();
        monitors.sort_by_key(|m| m.0);
        let mut interner = Interner::new(pseudonyms, frequency);
        let mut literals = Literals::default();
        let mut set = Self {
            version,
            atoms: Atoms::default(),
            literals: Vec::new(),
            code: Vec::new(),
            programs: Vec::with_capacity(monitors.len()),
            ids: monitors.iter().map(|m| m.0).collect(),
            first_posting: Vec::new(),
            postings: Vec::new(),
            unanchored: Vec::new(),
        };
        let mut pairs = Vec::new();
        for (number, (_, query)) in monitors.iter().enumerate() {
            let tree = interner.tree(query.ast(), false);
            let compiled = compile(tree, &mut interner, &mut literals);
            set.add(number as u32, &compiled, &mut pairs);
        }
        set.atoms = interner.atoms;
        set.literals = literals.list;
        set.list_postings(pairs);
        set
    }

    fn add(&mut self, number: u32, compiled: &Compiled, pairs: &mut Vec<(u32, u32)>) {
        let start = self.code.len() as u32;
        self.code.extend(&compiled.rest);
        let rest = self.code.len() as u32;
        self.code.extend(&compiled.anchored);
        self.programs.push(Program {
            start,
            rest,
            end: self.code.len() as u32,
        });
        match &compiled.anchor {
            Some(anchor) => pairs.extend(
                anchor
                    .atoms
                    .iter()
                    .map(|&(a, exact)| (a, number << 1 | u32::from(exact))),
            ),
            None => self.unanchored.push(number),
        }
    }

    fn list_postings(&mut self, mut pairs: Vec<(u32, u32)>) {
        // The exact posting of a query sorts last under its atom; where there are both, it alone is kept.
        pairs.sort_unstable_by_key(|&(atom, posting)| (atom, std::cmp::Reverse(posting)));
        pairs.dedup_by_key(|&mut (atom, posting)| (atom, posting >> 1));
        self.first_posting = Vec::with_capacity(self.atoms.len() + 1);
        let mut at = 0;
        for atom in 0..=self.atoms.len() as u32 {
            while at < pairs.len() && pairs[at].0 < atom {
                at += 1;
            }
            self.first_posting.push(at as u32);
        }
        self.postings = pairs.into_iter().map(|p| p.1).collect();
    }

    /// The version given at the compilation.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many monitors there are.
    pub fn len(&self) -> usize {
        self.programs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.programs.is_empty()
    }

    /// Replaces `out` by the ids of the monitors that match, ascending, each once.
    pub fn matches(&self, document: &Document<'_>, scratch: &mut Scratch, out: &mut Vec<u32>) -> Work {
        out.clear();
        scratch.begin(self.atoms.len(), self.programs.len());
        scratch.analyse(document, &self.atoms);
        let mut work = Work::default();
        let mut tried = std::mem::take(&mut scratch.tried);
        let mut spans = std::mem::take(&mut scratch.spans);
        let machine = Machine {
            literals: &self.literals,
            post: scratch,
        };
        let mut try_one = |number: u32, exact: bool| {
            if std::mem::replace(&mut tried[number as usize], machine.post.epoch) == machine.post.epoch {
                return;
            }
            work.candidates += 1;
            let p = self.programs[number as usize];
            let end = if exact { p.rest } else { p.end };
            if machine.all(&self.code[p.start as usize..end as usize], &mut spans) {
                out.push(number);
            }
        };
        for &atom in &machine.post.present {
            let (from, to) = (
                self.first_posting[atom as usize],
                self.first_posting[atom as usize + 1],
            );
            for &posting in &self.postings[from as usize..to as usize] {
                try_one(posting >> 1, posting & 1 != 0);
            }
        }
        self.unanchored.iter().for_each(|&n| try_one(n, false));
        scratch.tried = tried;
        scratch.spans = spans;
        out.sort_unstable();
        out.iter_mut().for_each(|n| *n = self.ids[*n as usize]);
        out.dedup();
        work
    }
}

/// One query, compiled for many documents.
#[derive(Debug)]
pub struct Checker {
    set: MonitorSet,
    scratch: Scratch,
    out: Vec<u32>,
}

impl Checker {
    /// Compiles the query.
    pub fn new(query: &Query, pseudonyms: Pseudonyms<'_>) -> Self {
        Self {
            set: MonitorSet::new(0, [(0, query)], pseudonyms),
            scratch: Scratch::new(),
            out: Vec::new(),
        }
    }

    /// Whether the document matches.
    pub fn matches(&mut self, document: &Document<'_>) -> bool {
        self.set.matches(document, &mut self.scratch, &mut self.out);
        !self.out.is_empty()
    }
}
