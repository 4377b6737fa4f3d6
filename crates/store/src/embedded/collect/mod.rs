//! Counting: one pass over the columns of what a filter selects.

mod breakdown;
pub(super) mod columns;
mod figures;
mod page;
mod posts;
mod relevance;
mod rows;
mod series;
mod soft;
mod sorted;
mod table;
mod top;

pub(super) use columns::Labels;
pub(super) use table::Partial;
pub(super) use top::ValueCounts;
