//! Small cells: values behind which too few people stand are not shown outside the project.
//!
//! Primary suppression hides a cell with fewer distinct authors than the threshold. What is hidden is counted under
//! "other", without its name or how many values it stands for. Complementary suppression then hides the smallest of the
//! cells that are left, so that whoever subtracts what is shown from the total learns a sum over at least two values and
//! at least as many authors as the threshold, and nothing else.

/// One value of a dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Mentions.
    pub mentions: u64,
    /// Distinct authors.
    pub authors: u64,
}

/// What may be shown of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// Whether each cell is shown.
    pub shown: Vec<bool>,
    /// Mentions of the cells that are not shown.
    pub hidden: u64,
}

/// Decides which cells of a table with a known total may be shown, at `threshold` distinct authors (2 at least).
///
/// Where no cell reaches the threshold, all are hidden: "other" is the total then, which is public anyway.
pub fn guard(cells: &[Cell], threshold: u64) -> Guarded {
    let mut shown: Vec<bool> = cells.iter().map(|c| c.authors >= threshold).collect();
    let is_hidden = shown
        .iter()
        .zip(cells)
        .any(|(shown, cell)| !shown && cell.mentions > 0);
    if is_hidden {
        let smallest = (0..cells.len())
            .filter(|&i| shown[i])
            .min_by_key(|&i| (cells[i].authors, cells[i].mentions));
        smallest.into_iter().for_each(|i| shown[i] = false);
    }
    let hidden = shown
        .iter()
        .zip(cells)
        .filter(|(shown, _)| !**shown)
        .map(|(_, cell)| cell.mentions)
        .sum();
    Guarded { shown, hidden }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cells(list: &[(u64, u64)]) -> Vec<Cell> {
        list.iter()
            .map(|&(mentions, authors)| Cell { mentions, authors })
            .collect()
    }

    #[test]
    fn a_small_cell_takes_the_smallest_of_the_others_along() {
        let table = cells(&[(90, 40), (30, 11), (12, 12), (2, 1)]);
        let guarded = guard(&table, 10);
        assert_eq!(guarded.shown, [true, false, true, false]);
        assert_eq!(guarded.hidden, 32);
    }

    #[test]
    fn nothing_is_hidden_where_nothing_is_small() {
        let guarded = guard(&cells(&[(90, 40), (30, 10)]), 10);
        assert_eq!((guarded.shown, guarded.hidden), (vec![true, true], 0));
        assert_eq!(guard(&[], 10).shown, Vec::<bool>::new());
    }

    #[test]
    fn where_all_are_small_none_is_shown() {
        let guarded = guard(&cells(&[(9, 9), (30, 3)]), 10);
        assert_eq!((guarded.shown, guarded.hidden), (vec![false, false], 39));
    }

    /// Mentions are never fewer than authors.
    fn table() -> impl Strategy<Value = Vec<Cell>> {
        let cell = (1u64..40, prop_oneof![Just(0), 0u64..30]).prop_map(|(authors, more)| Cell {
            mentions: authors + more,
            authors,
        });
        proptest::collection::vec(cell, 1..12)
    }

    proptest! {
        /// The attacker knows the total, the cells shown, how many are hidden and that none of them is empty.
        #[test]
        fn subtraction_pins_no_hidden_cell(table in table(), threshold in 2u64..15) {
            let guarded = guard(&table, threshold);
            let total: u64 = table.iter().map(|c| c.mentions).sum();
            let seen = |i: &usize| guarded.shown[*i];
            let (open, secret): (Vec<usize>, Vec<usize>) = (0..table.len()).partition(seen);
            prop_assert!(open.iter().all(|&i| table[i].authors >= threshold));
            let sum = total - open.iter().map(|&i| table[i].mentions).sum::<u64>();
            prop_assert_eq!(sum, guarded.hidden);
            // Where no cell is large, the total itself is all there is, and it is public.
            let any_large = table.iter().any(|c| c.authors >= threshold);
            if !secret.is_empty() && any_large {
                let others = secret.len() as u64 - 1;
                let (least, most) = (sum.saturating_sub(others * sum).max(1), sum - others);
                prop_assert!(secret.len() > 1 && least < most, "{:?} gives {}..{}", table, least, most);
                prop_assert!(secret.iter().any(|&i| table[i].authors >= threshold));
            }
        }
    }
}
