//! Counting: aggregations of the small set that every compatible cluster has, `filters`, `filter`, `range`, `terms`,
//! `composite`, `sum`, `stats`, `min`, `max` and `cardinality`.

mod axis;
mod cells;
mod figures;
mod grid;
mod rows;
mod series;
mod table;

pub(super) use axis::in_hours;
