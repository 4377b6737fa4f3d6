//! All pieces of a vocabulary as a double-array trie: one addition and one comparison per byte of text.
//!
//! Children of a node with base `b` lie at `b ^ label`. No two nodes share a base, so a slot whose label fits belongs to
//! the node it was reached from. Free slots keep label 0; no text that is looked up holds the byte 0.

/// The value of a node at which no piece ends.
pub(super) const NONE: u32 = u32::MAX;
/// The base of a node without children: beyond every slot.
const LEAF: u32 = (1 << 24) - 1;
/// So many slots are searched for one that fits a node's children: enough to fill the array to more than 9 in 10.
const WINDOW: usize = 16;
const BLOCK: usize = 256;

/// One slot: 24 bits of base, 8 bits of label, and the piece that ends here.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    base_label: u32,
    /// The id of the piece that ends here, or [`NONE`].
    pub(super) value: u32,
}

const FREE: Node = Node {
    base_label: LEAF << 8,
    value: NONE,
};

/// The finished trie.
#[derive(Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
}

impl Trie {
    /// Builds the trie of `pieces`, which must be sorted by their bytes, distinct, not empty and without the byte 0.
    /// `None` if they need more than 2^24 slots.
    pub(super) fn new(pieces: &[(&[u8], u32)]) -> Option<Self> {
        let mut builder = Builder::new();
        let mut open = vec![(0usize, 0, pieces.len(), 0)];
        let mut children: Vec<(u8, usize, usize)> = Vec::new();
        while let Some((node, mut from, to, depth)) = open.pop() {
            if pieces.get(from).is_some_and(|p| p.0.len() == depth) {
                builder.nodes[node].value = pieces[from].1;
                from += 1;
            }
            children.clear();
            while from < to {
                let label = pieces[from].0[depth];
                let end = from + pieces[from..to].partition_point(|p| p.0[depth] == label);
                children.push((label, from, end));
                from = end;
            }
            if children.is_empty() {
                continue;
            }
            let base = builder.place(&children)?;
            let label = builder.nodes[node].base_label & 0xFF;
            builder.nodes[node].base_label = (base as u32) << 8 | label;
            for &(label, from, end) in &children {
                builder.take(base ^ usize::from(label), label);
                open.push((base ^ usize::from(label), from, end, depth + 1));
            }
        }
        Some(Self { nodes: builder.nodes })
    }

    /// Where looking up begins.
    #[inline]
    pub(super) fn root(&self) -> Node {
        self.nodes[0]
    }

    /// The node reached from `node` by a byte.
    #[inline]
    pub(super) fn child(&self, node: Node, byte: u8) -> Option<Node> {
        let at = (node.base_label >> 8) as usize ^ usize::from(byte);
        let child = self.nodes.get(at)?;
        (child.base_label & 0xFF == u32::from(byte)).then_some(*child)
    }
}

struct Builder {
    nodes: Vec<Node>,
    /// Free slots of the last blocks, linked both ways; slot 0, the root, is the list's head and end.
    next: Vec<u32>,
    previous: Vec<u32>,
    used: Vec<bool>,
    /// Which slots are the base of a node.
    bases: Vec<bool>,
}

impl Builder {
    fn new() -> Self {
        let mut builder = Self {
            nodes: Vec::new(),
            next: Vec::new(),
            previous: Vec::new(),
            used: Vec::new(),
            bases: Vec::new(),
        };
        builder.grow();
        builder.used[0] = true;
        builder
    }

    /// Finds a base at which all children fall on free slots.
    fn place(&mut self, children: &[(u8, usize, usize)]) -> Option<usize> {
        let first = usize::from(children[0].0);
        let mut slot = self.next[0] as usize;
        while slot != 0 {
            let base = slot ^ first;
            let fits = |c: &(u8, usize, usize)| !self.used[base ^ usize::from(c.0)];
            if !self.bases[base] && children[1..].iter().all(fits) {
                self.bases[base] = true;
                return Some(base);
            }
            slot = self.next[slot] as usize;
        }
        let base = self.nodes.len();
        if base + BLOCK > LEAF as usize {
            return None;
        }
        self.grow();
        self.bases[base] = true;
        Some(base)
    }

    /// Adds a block of free slots and forgets those of an old block.
    fn grow(&mut self) {
        let start = self.nodes.len();
        let end = start + BLOCK;
        self.nodes.resize(end, FREE);
        self.used.resize(end, false);
        self.bases.resize(end, false);
        self.next.extend((start..end).map(|s| s as u32 + 1));
        self.previous
            .extend((start..end).map(|s| (s as u32).saturating_sub(1)));
        if start == 0 {
            (self.next[end - 1], self.previous[0]) = (0, end as u32 - 1);
        } else {
            let last = self.previous[0] as usize;
            (self.next[last], self.previous[start]) = (start as u32, last as u32);
            (self.next[end - 1], self.previous[0]) = (0, end as u32 - 1);
        }
        if let Some(old) = start.checked_sub(WINDOW * BLOCK) {
            for slot in old.max(1)..old + BLOCK {
                if !self.used[slot] {
                    self.unlink(slot);
                }
            }
        }
    }

    fn take(&mut self, slot: usize, label: u8) {
        self.used[slot] = true;
        self.nodes[slot].base_label = LEAF << 8 | u32::from(label);
        self.unlink(slot);
    }

    fn unlink(&mut self, slot: usize) {
        let (before, after) = (self.previous[slot], self.next[slot]);
        // A slot of a forgotten block is linked to itself.
        if before as usize == slot {
            return;
        }
        self.next[before as usize] = after;
        self.previous[after as usize] = before;
        (self.previous[slot], self.next[slot]) = (slot as u32, slot as u32);
    }
}
