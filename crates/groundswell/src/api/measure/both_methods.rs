//! EMQ beside the shares of classes that PACC gives, and what to do where they disagree.

use super::answer::{Figures, Sheet};
use super::ask::Wanted;
use crate::analytics::{Honest, Value};
use crate::api::Failure;
use store::{Cell, Choice, Cut, Dimension, Filter, Key, Snapshot, Table};

/// EMQ looks at the scores of single mentions, which takes its time: of more than these it is not worked out in passing.
const MOST: u64 = 200_000;
/// Rows that it is worked out for.
const ROWS: usize = 20;

/// Puts it beside the totals, and beside the rows of a cut by monitor, platform or language.
pub(super) fn put_beside(
    snapshot: &Snapshot,
    filter: &Filter,
    sheet: &Sheet<'_>,
    table: &Table,
    figures: &mut Figures,
) -> Result<(), Failure> {
    let places: Vec<(usize, &str)> = (sheet.asking.wanted.iter().enumerate())
        .filter_map(|(place, wanted)| match wanted {
            Wanted::Metric(metric) if metric.is_class_share() => Some((place, metric.name)),
            _ => None,
        })
        .collect();
    // Whoever asks for the balance alone asks for one of many figures, and of the classes for none.
    if places.iter().all(|(_, name)| *name == "net_sentiment") || !sheet.scored {
        return Ok(());
    }
    let beside = |filter: &Filter, cell: &Cell, values: &mut [Value]| -> Result<(), Failure> {
        if cell.scored > 0 && cell.scored <= MOST {
            put(
                &sheet.shares.honest(&snapshot.soft_scores(filter)?),
                &places,
                values,
            );
        }
        Ok(())
    };
    beside(filter, &table.total, &mut figures.total)?;
    if table.axes.is_empty() {
        // Without a cut the one cell is the total.
        let only = figures.cells.first_mut().and_then(|row| row.first_mut());
        only.into_iter().for_each(|cell| cell.clone_from(&figures.total));
    }
    let [axis] = table.axes.as_slice() else {
        return Ok(());
    };
    let Cut::Values(dimension, _) = axis.cut else {
        return Ok(());
    };
    for (row, key) in axis.keys.iter().enumerate().take(ROWS) {
        let (Key::Value(value), false) = (key, sheet.hidden.get(row).copied().unwrap_or(false)) else {
            continue;
        };
        let (Some(only), Some(values)) = (within(filter, dimension, value), figures.rows.get_mut(row)) else {
            continue;
        };
        beside(&only, &table.rows[row], values)?;
        if let Some(cell) = figures.cells.get_mut(row).and_then(|cells| cells.first_mut()) {
            cell.clone_from(values);
        }
    }
    Ok(())
}

/// The filter narrowed to one value, where that is quickly done.
fn within(filter: &Filter, dimension: Dimension, value: &str) -> Option<Filter> {
    let mut only = filter.clone();
    let choice = match dimension {
        Dimension::Monitor => &mut only.monitors,
        Dimension::Source => &mut only.sources,
        Dimension::Lang => &mut only.langs,
        _ => return None,
    };
    *choice = Choice::only([value.to_owned()]);
    Some(only)
}

fn put(honest: &Honest, places: &[(usize, &str)], values: &mut [Value]) {
    let of = |class: &str| {
        honest
            .shares
            .iter()
            .find(|s| s.class == class)
            .and_then(|s| s.emq)
    };
    for (place, name) in places {
        let emq = match *name {
            "net_sentiment" => of("positive").zip(of("negative")).map(|(up, down)| up - down),
            name => of(name.trim_end_matches("_share")),
        };
        if let Some(value) = values.get_mut(*place).filter(|value| value.value.is_some()) {
            value.emq = emq;
            value.advice = honest.advice;
        }
    }
}
