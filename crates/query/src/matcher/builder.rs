//! Adding queries one by one, and freezing what there is into a set.

use super::atoms::flag;
use super::compile::{Compiled, Shared, compile};
use super::csr::Csr;
use super::program::Literals;
use super::tree::{Context, Interner};
use super::{MonitorSet, PROGRAM_HEAD};
use crate::query::Query;

/// A monitor set in the making. What is added stays; [`Builder::freeze`] can be called again and again.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    interner: Interner,
    literals: Literals,
    shared: Shared,
    code: Vec<u32>,
    ids: Vec<u32>,
    /// Atom and posting.
    postings: Vec<(u32, u32)>,
    unanchored: Vec<u32>,
}

impl Builder {
    /// Compiles a query under an id. Ids ascend: they are looked up by halving.
    pub(crate) fn add(&mut self, id: u32, query: &Query, context: Context<'_>) {
        debug_assert!(self.ids.last().is_none_or(|&last| last <= id));
        let tree = self.interner.tree(query.ast(), context);
        let compiled = compile(tree, &mut self.interner, &mut self.literals, &mut self.shared);
        let place = self.code.len() as u32;
        let lengths = [compiled.rest.len() as u32, compiled.anchored.len() as u32];
        self.code.extend([self.ids.len() as u32, lengths[0], lengths[1]]);
        debug_assert_eq!(self.code.len(), place as usize + PROGRAM_HEAD);
        self.code.extend(&compiled.rest);
        self.code.extend(&compiled.anchored);
        self.ids.push(id);
        self.post(place, compiled);
    }

    fn post(&mut self, place: u32, compiled: Compiled) {
        let Some(anchor) = compiled.anchor else {
            self.unanchored.push(place);
            return;
        };
        let mut atoms = anchor.atoms;
        // Where an atom stands exact and inexact, its presence proves the clause: the exact one sorts first.
        atoms.sort_unstable_by_key(|&(atom, exact)| (atom, !exact));
        atoms.dedup_by_key(|a| a.0);
        for (atom, exact) in atoms {
            self.interner.atoms.set(atom, flag::POSTED);
            self.postings.push((atom, place << 1 | u32::from(exact)));
        }
    }

    /// The set as it stands.
    pub(crate) fn freeze(&mut self, version: u64) -> MonitorSet {
        self.prepare();
        MonitorSet {
            version,
            atoms: self.interner.atoms.clone(),
            literals: self.literals.list.clone(),
            shared: self.shared.nodes.clone(),
            postings: Csr::of(self.interner.atoms.len(), &self.postings),
            code: self.code.clone(),
            ids: self.ids.clone(),
            unanchored: self.unanchored.clone(),
        }
    }

    /// The set, without a copy.
    pub(crate) fn finish(mut self, version: u64) -> MonitorSet {
        self.prepare();
        let postings = Csr::of(self.interner.atoms.len(), &self.postings);
        drop(std::mem::take(&mut self.postings));
        let mut atoms = self.interner.atoms;
        atoms.shrink();
        self.code.shrink_to_fit();
        self.ids.shrink_to_fit();
        MonitorSet {
            version,
            atoms,
            literals: self.literals.list,
            shared: self.shared.nodes,
            postings,
            code: self.code,
            ids: self.ids,
            unanchored: self.unanchored,
        }
    }

    fn prepare(&mut self) {
        let atoms = &mut self.interner.atoms;
        atoms.derived = Csr::of(atoms.flags.len(), &self.interner.derived);
        atoms.dictionary.set_flags(&atoms.flags);
    }
}
