//! The exact matcher: many queries against one post at a time.
//!
//! Everything a query tests is an atom with a number. Of each query, a set of atoms is chosen of which at least one is
//! present wherever the query holds (its anchor), and the query is listed under each. A post is analysed once, its
//! atoms marked; the queries listed under them are the candidates, and only of those the rest is run, as a flat
//! program, rarest clause first.
//!
//! ```text
//! post ─▶ words, hashed ─▶ atoms seen ─▶ postings ─▶ candidates ─▶ programs ─▶ ids
//!         (scratch.rs)     (analyse.rs)  (csr.rs)                  (program.rs)
//! query ─▶ tree over atoms ─▶ anchor, program ─▶ set
//!          (tree.rs)          (compile.rs)       (builder.rs)
//! ```

mod analyse;
mod anchor;
mod atoms;
mod begins;
mod builder;
mod compile;
mod csr;
mod dictionary;
mod live;
mod meter;
mod pairs;
mod patterns;
mod prefetch;
mod program;
mod scratch;
mod seen;
mod sketch;
pub(crate) mod together;
mod tree;

pub use atoms::Atom;
pub use live::{LiveMonitors, LiveSnapshot};
pub use meter::{Cost, Meter};
pub use scratch::Scratch;
pub use sketch::FrequencySketch;
pub use tree::DocumentFrequency;

use crate::document::Document;
use crate::naive::Pseudonyms;
use crate::query::Query;
use analyse::analyse;
use atoms::Atoms;
use builder::Builder;
use csr::Csr;
use meter::Observer;
use prefetch::prefetch;
use program::Machine;
use scratch::{Side, Words};
use tree::Context;

/// Words in front of a program: the query's number, the length of the clauses that always have to be run, and that of
/// the clause behind them, which an exact anchor proves.
const PROGRAM_HEAD: usize = 3;

/// A compiled, immutable set of monitors. Threads share it; each brings its own [`Scratch`].
#[derive(Debug)]
pub struct MonitorSet {
    version: u64,
    atoms: Atoms,
    literals: Vec<Box<str>>,
    /// Nodes that stand in several programs.
    shared: Vec<Box<[u32]>>,
    code: Vec<u32>,
    ids: Vec<u32>,
    /// For each atom, the places in the code of the queries listed under it and, in the lowest bit, whether the atom
    /// proves the anchored clause.
    postings: Csr,
    /// Places of queries without an anchor; none that passed the checks.
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
        let context = Context {
            pseudonyms,
            frequency,
        };
        let mut builder = Builder::default();
        let mut monitors: Vec<(u32, &Query)> = monitors.into_iter().collect();
        monitors.sort_by_key(|m| m.0);
        for (id, query) in monitors {
            builder.add(id, query, context);
        }
        builder.finish(version)
    }

    /// The version given at the compilation.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many monitors there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let shared: usize = self
            .shared
            .iter()
            .map(|n| 4 * n.len() + size_of::<Box<[u32]>>())
            .sum();
        self.atoms.bytes() + self.postings.bytes() + 4 * (self.code.len() + self.ids.len()) + shared
    }

    /// Replaces `out` by the ids of the monitors that match, ascending, each once.
    pub fn matches(&self, document: &Document<'_>, scratch: &mut Scratch, out: &mut Vec<u32>) -> Work {
        out.clear();
        let Scratch { words, sides } = scratch;
        words.read(document);
        let work = self.run(document, words, &mut sides[0], out, &|_| true, &mut ());
        out.sort_unstable();
        out.dedup();
        work
    }

    /// Appends the ids of the monitors that match among those that are `alive`.
    fn run(
        &self,
        document: &Document<'_>,
        words: &Words,
        side: &mut Side,
        out: &mut Vec<u32>,
        alive: &impl Fn(u32) -> bool,
        observer: &mut impl Observer,
    ) -> Work {
        analyse(document, words, side, &self.atoms, self.postings.firsts());
        self.find_candidates(side);
        let Side {
            seen,
            notes,
            tried,
            candidates,
            ..
        } = side;
        notes.begin(self.shared.len());
        tried.begin(self.ids.len());
        let machine = Machine {
            literals: &self.literals,
            shared: &self.shared,
            post: seen,
            reading: &words.reading,
        };
        observer.begin();
        let mut work = Work::default();
        for &posting in candidates.iter() {
            let place = (posting >> 1) as usize;
            let (head, code) = self.code[place..].split_at(PROGRAM_HEAD);
            if !tried.insert(head[0]) || !alive(head[0]) {
                continue;
            }
            work.candidates += 1;
            let anchored = if posting & 1 != 0 { 0 } else { head[2] };
            let holds = machine.all(&code[..(head[1] + anchored) as usize], notes);
            let id = self.ids[head[0] as usize];
            observer.candidate(id, holds);
            if holds {
                out.push(id);
            }
        }
        work
    }

    /// Collects the programs to be run, bringing each near.
    fn find_candidates(&self, side: &mut Side) {
        side.candidates.clear();
        let items = self.postings.items();
        for &atom in &side.seen.posted {
            prefetch(items, self.postings.range(atom).start);
        }
        for &atom in &side.seen.posted {
            for &posting in self.postings.get(atom) {
                prefetch(&self.code, (posting >> 1) as usize);
                side.candidates.push(posting);
            }
        }
        side.candidates
            .extend(self.unanchored.iter().map(|place| place << 1));
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
