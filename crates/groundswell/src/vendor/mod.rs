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

/// Reads a file without bringing anything in: how many of its rows can be used, and what is wrong with which row. Dates
/// that name no time zone are read in `zone`.
pub fn try_read(bytes: &[u8], zone: &jiff::tz::TimeZone) -> Result<(usize, Vec<Problem>), String> {
    let table = table::read(bytes)?;
    let mut problems = Vec::new();
    let read =
        |(line, cells): &(u64, Vec<String>)| row::read(&table.header, *line, cells, zone, &mut problems);
    let usable = table.rows.iter().filter_map(read).count();
    Ok((usable, problems))
}
