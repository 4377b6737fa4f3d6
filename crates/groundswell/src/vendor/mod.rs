//! Mention exports of other vendors: read (`table`, `columns`, `row`), brought in as posts with what the vendor's people
//! call their sentiment (`bring`), and held against our own answers (`compare`).

mod bring;
mod columns;
mod compare;
mod row;
mod table;

#[cfg(test)]
mod tests;

pub use bring::{Brought, Options, bring};
pub use compare::{Comparison, Day, Disagreement, Question, compare};
pub use row::Problem;
