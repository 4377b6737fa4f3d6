//! The documents of a segment that a query matches, found once for all that is asked about them.

use super::select::BLOCK;
use tantivy::DocId;

/// Of so many documents one must match for a bit each to take less room than their list.
const DENSE: usize = 32;

/// Matching documents, deleted ones included, ascending.
#[derive(Debug)]
pub(super) enum Passing {
    /// Their list.
    List(Vec<DocId>),
    /// A bit for each document of the segment, and how many are set.
    Bits(Vec<u64>, usize),
}

impl Passing {
    /// Of a segment of `max_doc` documents.
    pub(super) fn new(docs: Vec<DocId>, max_doc: u32) -> Self {
        if docs.len() * DENSE < max_doc as usize {
            return Self::List(docs);
        }
        let mut bits = vec![0u64; (max_doc as usize).div_ceil(64)];
        for doc in &docs {
            bits[*doc as usize / 64] |= 1 << (doc % 64);
        }
        Self::Bits(bits, docs.len())
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::List(docs) => docs.len(),
            Self::Bits(_, len) => *len,
        }
    }

    pub(super) fn contains(&self, doc: DocId) -> bool {
        match self {
            Self::List(docs) => docs.binary_search(&doc).is_ok(),
            Self::Bits(bits, _) => bits
                .get(doc as usize / 64)
                .is_some_and(|word| word >> (doc % 64) & 1 == 1),
        }
    }

    /// Calls `f` with all of them in blocks of at most [`BLOCK`].
    pub(super) fn blocks(&self, mut f: impl FnMut(&[DocId])) {
        let bits = match self {
            Self::List(docs) => return docs.chunks(BLOCK).for_each(f),
            Self::Bits(bits, _) => bits,
        };
        let (mut block, mut len) = ([0; BLOCK], 0);
        for (place, word) in bits.iter().enumerate() {
            let (mut left, begin) = (*word, place as u32 * 64);
            while left != 0 {
                block[len] = begin + left.trailing_zeros();
                left &= left - 1;
                len += 1;
                if len == BLOCK {
                    f(&block);
                    len = 0;
                }
            }
        }
        if len > 0 {
            f(&block[..len]);
        }
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::List(docs) => docs.len() * size_of::<DocId>(),
            Self::Bits(bits, _) => bits.len() * size_of::<u64>(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_forms_hold_what_they_were_given(
            docs in proptest::collection::btree_set(0u32..3_000, 0..600),
        ) {
            let docs: Vec<DocId> = docs.into_iter().collect();
            for max_doc in [3_000, 3_000_000] {
                let passing = Passing::new(docs.clone(), max_doc);
                let mut seen: Vec<DocId> = Vec::new();
                passing.blocks(|block| seen.extend(block));
                prop_assert_eq!(&seen, &docs);
                prop_assert_eq!(passing.len(), docs.len());
                prop_assert!((0..3_000).all(|doc| passing.contains(doc) == docs.binary_search(&doc).is_ok()));
            }
        }
    }
}
