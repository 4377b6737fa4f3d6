//! Lists of numbers by number, in two arrays (compressed sparse rows).

/// For each of `0..n`, a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Csr {
    /// Where each list begins; one more at the end. Empty where all lists are.
    first: Vec<u32>,
    items: Vec<u32>,
}

impl Csr {
    /// The lists of `0..n` out of pairs of number and item, each list in the order of the pairs.
    pub(crate) fn of(n: usize, pairs: &[(u32, u32)]) -> Self {
        if pairs.is_empty() {
            return Self::default();
        }
        let mut first = vec![0u32; n + 1];
        pairs.iter().for_each(|p| first[p.0 as usize + 1] += 1);
        for i in 0..n {
            first[i + 1] += first[i];
        }
        let mut next = first.clone();
        let mut items = vec![0; pairs.len()];
        for &(number, item) in pairs {
            items[next[number as usize] as usize] = item;
            next[number as usize] += 1;
        }
        Self { first, items }
    }

    /// Where the list of `number` lies.
    pub(crate) fn range(&self, number: u32) -> std::ops::Range<usize> {
        let number = number as usize;
        match self.first.get(number..number + 2) {
            Some(&[start, end]) => start as usize..end as usize,
            _ => 0..0,
        }
    }

    /// The list of `number`.
    pub(crate) fn get(&self, number: u32) -> &[u32] {
        &self.items[self.range(number)]
    }

    /// All lists, one behind the other.
    pub(crate) fn items(&self) -> &[u32] {
        &self.items
    }

    /// Where the lists begin.
    pub(crate) fn firsts(&self) -> &[u32] {
        &self.first
    }

    pub(crate) fn bytes(&self) -> usize {
        4 * (self.first.len() + self.items.len())
    }
}
