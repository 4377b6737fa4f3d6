//! Plain counts out of the store's tables, whose answers are kept from one commit to the next.

use store::{
    Axis, Breakdown, BreakdownItem, Calendar, Cell, Choose, Cut, Dimension, Error, Figures, Filter, Key,
    MAX_CELLS, Measures, Question, Series, SeriesLine, Snapshot, Step,
};

/// Lines of a series at most.
const LINES: usize = 200;

/// Sums over what passes a filter.
pub fn figures(snapshot: &Snapshot, filter: &Filter) -> Result<Figures, Error> {
    let measures = Measures {
        authors: true,
        engagement: true,
        sentiment: true,
        ..Measures::default()
    };
    let total = snapshot.table(&question(filter, Vec::new(), measures))?.total;
    Ok(Figures {
        mentions: total.mentions,
        authors: total.authors,
        authors_error: total.errors.authors,
        engagement: total.engagement,
        sentiment: total.sentiment,
    })
}

/// What passes a filter by the values of a dimension: the most frequent, and how many have another one. Authors and
/// sentiment are 0 where `measures` do not ask for them.
pub fn breakdown(
    snapshot: &Snapshot,
    filter: &Filter,
    by: Dimension,
    limit: usize,
    measures: Measures,
) -> Result<Breakdown, Error> {
    let cuts = vec![Cut::Values(by, Choose::Top(limit))];
    let table = snapshot.table(&question(filter, cuts, measures))?;
    let mut found = Breakdown {
        total: table.total.mentions,
        ..Breakdown::default()
    };
    let keys = table.axes.iter().flat_map(|axis| &axis.keys);
    for (key, cell) in keys.zip(&table.cells) {
        match key {
            Key::Value(value) if cell.mentions > 0 => found.items.push(BreakdownItem {
                key: value.clone(),
                mentions: cell.mentions,
                authors: cell.authors,
                sentiment: cell.sentiment,
            }),
            Key::Other => found.other = cell.mentions,
            _ => {}
        }
    }
    // Labels are keys in an order of their own.
    found
        .items
        .sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| a.key.cmp(&b.key)));
    found.items.truncate(limit);
    Ok(found)
}

/// What passes a filter over time in UTC, in one line or one for each value of a dimension. The filter needs both ends,
/// the step a length, `interval_ms`.
pub fn series(
    snapshot: &Snapshot,
    filter: &Filter,
    by: Option<Dimension>,
    step: Step,
    interval_ms: i64,
) -> Result<Series, Error> {
    let time = Cut::Time(Calendar::utc(step));
    let length = filter
        .to
        .unwrap_or_default()
        .saturating_sub(filter.from.unwrap_or_default());
    let buckets = (length / interval_ms.max(1)).unsigned_abs() as usize + 2;
    let lines = LINES.min(MAX_CELLS / buckets).max(1);
    let split = by.map(|dimension| Cut::Values(dimension, Choose::Top(lines)));
    let table = snapshot.table(&question(
        filter,
        split.into_iter().chain([time]).collect(),
        Measures::default(),
    ))?;
    let mut series = Series {
        interval_ms,
        times: table.axes.last().map(begins).unwrap_or_default(),
        lines: Vec::new(),
    };
    let counts = |cells: &[Cell]| cells.iter().map(|c| c.mentions).collect::<Vec<u64>>();
    let line = |key: &str, counts: Vec<u64>| SeriesLine {
        key: key.to_owned(),
        total: counts.iter().sum(),
        counts,
    };
    match by {
        None => series.lines.push(line("", counts(&table.cells))),
        Some(_) => {
            let rows = table.cells.chunks(series.times.len().max(1));
            for (key, row) in table.axes[0].keys.iter().zip(rows) {
                if let Key::Value(value) = key {
                    series.lines.push(line(value, counts(row)));
                }
            }
            series.lines.retain(|line| line.total > 0);
            series
                .lines
                .sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.key.cmp(&b.key)));
        }
    }
    Ok(series)
}

fn question(filter: &Filter, cuts: Vec<Cut>, measures: Measures) -> Question {
    Question {
        filter: filter.clone(),
        cuts,
        measures,
    }
}

fn begins(axis: &Axis) -> Vec<i64> {
    let begin = |key: &Key| match key {
        Key::Time(from, _) => Some(*from),
        _ => None,
    };
    axis.keys.iter().filter_map(begin).collect()
}
