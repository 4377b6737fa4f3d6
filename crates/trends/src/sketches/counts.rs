//! A count-min sketch with conservative update.

use crate::hash::mix;
use serde::{Deserialize, Serialize};

/// Rows; each key has one cell in each.
const ROWS: usize = 3;

/// Counts by key in fixed memory (Cormode and Muthukrishnan 2005, J. Algorithms 55:58), of which only the cells that
/// bind are raised (Estan and Varghese 2002, "conservative update"): a count is never too low.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    cells: Vec<f32>,
    width: usize,
}

impl Counts {
    /// Three rows of `width` cells, rounded up to a power of two; 4 bytes a cell.
    pub fn new(width: usize) -> Self {
        let width = width.max(16).next_power_of_two();
        Self {
            cells: vec![0.0; width * ROWS],
            width,
        }
    }

    fn cells_of(&self, key: u64) -> [usize; ROWS] {
        let h = mix(key);
        let second = mix(h);
        let mask = self.width as u64 - 1;
        [
            (h & mask) as usize,
            self.width + ((h >> 32) & mask) as usize,
            2 * self.width + (second & mask) as usize,
        ]
    }

    /// The count of a key: at least what was added.
    pub fn get(&self, key: u64) -> f32 {
        self.cells_of(key)
            .iter()
            .fold(f32::INFINITY, |least, &c| least.min(self.cells[c]))
    }

    /// Adds to a key's count and gives the new one.
    pub fn add(&mut self, key: u64, amount: f32) -> f32 {
        let cells = self.cells_of(key);
        let count = cells
            .iter()
            .fold(f32::INFINITY, |least, &c| least.min(self.cells[c]))
            + amount;
        for c in cells {
            self.cells[c] = self.cells[c].max(count);
        }
        count
    }

    /// Becomes `keep` × itself + `weight` × `other`, cell by cell: of two sketches of one size, so that it stays at
    /// least the same of the counts.
    pub fn blend(&mut self, keep: f32, other: &Self, weight: f32) {
        for (mine, theirs) in self.cells.iter_mut().zip(&other.cells) {
            *mine = *mine * keep + theirs * weight;
        }
    }

    /// Multiplies every count.
    pub fn scale(&mut self, factor: f32) {
        self.cells.iter_mut().for_each(|c| *c *= factor);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.cells.fill(0.0);
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.cells.len() * 4
    }
}
