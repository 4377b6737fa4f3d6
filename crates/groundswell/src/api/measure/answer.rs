//! From the store's tables to the answer.

use super::ask::{Asking, Wanted};
use super::both_methods;
use super::types::{Axis, Before, Formulas, KeyView, Measured, Part};
use crate::analytics::metrics::{Context, Metric, Voices};
use crate::analytics::{Shares, Value};
use crate::api::access::Access;
use crate::api::analytics::{Labels, reaches_back};
use crate::api::filter::Asked;
use crate::api::{App, Failure, rules};
use crate::policy;
use std::sync::Arc;
use store::{Cell, Choose, Cut, Dimension, Filter, Key, Measures, Question, Snapshot, Table};

/// Languages told apart for shares.
const LANGS: usize = 40;

/// The answer to a question.
pub(super) fn measured(
    app: &App,
    access: &Access,
    snapshot: &Snapshot,
    asked: &Asked,
    asking: &Asking,
) -> Result<Measured, Failure> {
    let part = part(app, access, snapshot, asked, asking)?;
    let formulas = asking
        .wanted
        .iter()
        .enumerate()
        .filter_map(|(place, wanted)| match wanted {
            Wanted::Formula(formula) => Some(Formulas {
                place,
                needs: formula.metrics().into_iter().map(str::to_owned).collect(),
            }),
            Wanted::Metric(_) => None,
        });
    Ok(Measured {
        from: asked.from,
        to: asked.to,
        zone: asking.zone_name.clone(),
        metrics: part.metrics,
        formulas: formulas.collect(),
        axes: part.axes,
        cells: part.cells,
        rows: part.rows,
        total: part.total,
        before: part.before,
        generation: snapshot.generation(),
        policy_labels: rules::labels(snapshot, &asked.filter)?,
    })
}

/// The figures of an answer, for itself or as a part of one with several.
pub(super) fn part(
    app: &App,
    access: &Access,
    snapshot: &Snapshot,
    asked: &Asked,
    asking: &Asking,
) -> Result<Part, Failure> {
    let scored = may_score(snapshot, &asked.filter, asking)?;
    let guarded = access.aggregate_only() && asking.dimensions().any(rules::is_guarded);
    let cuts: Vec<Cut> = asking.cuts.iter().map(|(_, cut)| cut.clone()).collect();
    let known = app.shares.of(&app.engine, &asked.project);
    let known = known.map_err(crate::api::control_failure)?.0;
    let sheet = Sheet {
        asking,
        shares: &known,
        scored,
        hidden: Vec::new(),
    };
    let now = Counted::ask(snapshot, &asked.filter, &cuts, &sheet, guarded)?;
    let hidden = if guarded {
        hidden(&now.table, app.policy.small_cell)
    } else {
        Vec::new()
    };
    let sheet = Sheet { hidden, ..sheet };
    let before = before(snapshot, asked, &now.table, &sheet, guarded)?;
    let mut figures = sheet.values(&now);
    both_methods::put_beside(snapshot, &asked.filter, &sheet, &now.table, &mut figures)?;
    Ok(Part {
        metrics: asking.names.clone(),
        axes: axes(app, asked, asking, &now.table, &sheet.hidden)?,
        cells: figures.cells,
        rows: figures.rows,
        total: figures.total,
        before,
    })
}

/// Whether sentiment may be part of the answer.
fn may_score(snapshot: &Snapshot, filter: &Filter, asking: &Asking) -> Result<bool, Failure> {
    let mut allowed = rules::check_person(snapshot, filter)?;
    for dimension in asking.dimensions() {
        allowed &= rules::scores_may_be_split(snapshot, filter, dimension)?;
    }
    Ok(allowed)
}

/// The earlier period with the same keys.
fn before(
    snapshot: &Snapshot,
    asked: &Asked,
    now: &Table,
    sheet: &Sheet<'_>,
    guarded: bool,
) -> Result<Option<Before>, Failure> {
    let Some(against) = sheet.asking.against else {
        return Ok(None);
    };
    let period = against.of(asked.from, asked.to, &sheet.asking.zone);
    let (from, to) =
        period.ok_or_else(|| Failure::Bad("the period before is beyond any calendar".to_owned()))?;
    if !reaches_back(snapshot, asked, asked.from - from)? {
        return Ok(None);
    }
    let filter = Filter {
        from: Some(from),
        to: Some(to),
        ..asked.filter.clone()
    };
    let cuts: Vec<Cut> = now.axes.iter().map(same_keys).collect();
    let counted = Counted::ask(snapshot, &filter, &cuts, sheet, guarded)?;
    let figures = sheet.values(&counted);
    Ok(Some(Before {
        from,
        to,
        cells: figures.cells,
        rows: figures.rows,
        total: figures.total,
    }))
}

/// A cut whose keys are those of an axis.
fn same_keys(axis: &store::Axis) -> Cut {
    match &axis.cut {
        Cut::Values(dimension, _) => {
            let values = axis.keys.iter().filter_map(|key| match key {
                Key::Value(value) => Some(value.clone()),
                _ => None,
            });
            Cut::Values(*dimension, Choose::These(values.collect()))
        }
        other => other.clone(),
    }
}

/// A table, and the sums by language that class shares are estimated from.
struct Counted {
    table: Arc<Table>,
    /// By row; the last is that of the total.
    by_lang: Option<Vec<Vec<(String, Cell)>>>,
}

impl Counted {
    fn ask(
        snapshot: &Snapshot,
        filter: &Filter,
        cuts: &[Cut],
        sheet: &Sheet<'_>,
        guarded: bool,
    ) -> Result<Self, Failure> {
        let needed = sheet.asking.needed();
        let mut measures = sheet.asking.measures();
        measures.authors |= guarded;
        let ask = |cuts: Vec<Cut>, measures| {
            snapshot
                .table(&Question {
                    filter: filter.clone(),
                    cuts,
                    measures,
                })
                .map_err(Failure::from)
        };
        let table = ask(cuts.to_vec(), measures)?;
        let wants = needed.iter().any(|m| m.is_class_share()) && sheet.scored;
        if !wants || cuts.len() > 1 || sheet.shares.langs().is_empty() {
            return Ok(Self { table, by_lang: None });
        }
        let sentiment = Measures {
            sentiment: true,
            ..Measures::default()
        };
        let langs = Cut::Values(Dimension::Lang, Choose::Top(LANGS));
        let mut by_lang = Vec::new();
        if let [cut] = cuts {
            let rows = table.axes.first().map(same_keys).unwrap_or_else(|| cut.clone());
            let table = ask(vec![rows, langs.clone()], sentiment)?;
            by_lang = split(&table);
            // What has no key of its own is not asked for again.
            by_lang.resize(table.cells.len(), Vec::new());
        }
        let whole = ask(vec![langs], sentiment)?;
        by_lang.push(named(&whole.axes[0].keys, &whole.cells));
        Ok(Self {
            table,
            by_lang: Some(by_lang),
        })
    }

    fn of_row(&self, row: usize) -> Option<&[(String, Cell)]> {
        let by_lang = self.by_lang.as_ref()?;
        by_lang
            .get(row)
            .map(Vec::as_slice)
            .filter(|list| !list.is_empty())
    }
}

/// The cells of each row with the language of their column.
fn split(table: &Table) -> Vec<Vec<(String, Cell)>> {
    let keys = &table.axes[1].keys;
    table
        .cells
        .chunks(keys.len().max(1))
        .map(|row| named(keys, row))
        .collect()
}

fn named(keys: &[Key], cells: &[Cell]) -> Vec<(String, Cell)> {
    let name = |key: &Key| match key {
        Key::Value(lang) => lang.clone(),
        _ => String::new(),
    };
    keys.iter()
        .zip(cells)
        .map(|(key, cell)| (name(key), *cell))
        .collect()
}

/// Rows of a guarded cut behind which too few people stand.
fn hidden(table: &Table, threshold: u64) -> Vec<bool> {
    let cells: Vec<policy::Cell> = table
        .cells
        .iter()
        .map(|c| policy::Cell {
            mentions: c.mentions,
            authors: c.authors,
        })
        .collect();
    policy::guard(&cells, threshold)
        .shown
        .iter()
        .map(|shown| !shown)
        .collect()
}

/// The values of a table: of each cell, of each row, of everything; by metric.
pub(super) struct Figures {
    pub(super) cells: Vec<Vec<Vec<Value>>>,
    pub(super) rows: Vec<Vec<Value>>,
    pub(super) total: Vec<Value>,
}

/// How cells become values.
pub(super) struct Sheet<'a> {
    pub(super) asking: &'a Asking,
    pub(super) shares: &'a Shares,
    /// Whether sentiment may be shown.
    pub(super) scored: bool,
    /// Rows that are not shown.
    pub(super) hidden: Vec<bool>,
}

impl Sheet<'_> {
    /// Cells, rows and total of a table.
    fn values(&self, counted: &Counted) -> Figures {
        let table = &counted.table;
        let rows = table.rows.len();
        let columns = table.cells.len() / rows.max(1);
        let over_rows = voices_are_rows(table);
        let column_voices: Vec<Voices> = (0..columns)
            .map(|c| voices((0..rows).map(|r| &table.cells[r * columns + c])))
            .collect();
        let all = voices(table.rows.iter());
        let row = |r: usize| -> Vec<Vec<Value>> {
            let own = voices(table.cells[r * columns..(r + 1) * columns].iter());
            (0..columns)
                .map(|c| {
                    let voices = if over_rows { column_voices[c] } else { own };
                    let by_lang = counted.of_row(r).filter(|_| columns == 1);
                    self.cell(&table.cells[r * columns + c], &table.total, voices, by_lang, r)
                })
                .collect()
        };
        let cells: Vec<Vec<Vec<Value>>> = (0..rows).map(row).collect();
        // Without a second cut the cells are the rows, and without any the total: estimates are dear.
        let row_values = match table.axes.len() {
            0 | 1 => cells.iter().filter_map(|row| row.first().cloned()).collect(),
            _ => (0..rows)
                .map(|r| self.cell(&table.rows[r], &table.total, all, counted.of_row(r), r))
                .collect(),
        };
        let last = counted.by_lang.as_ref().map_or(0, |b| b.len().saturating_sub(1));
        let total = match (table.axes.is_empty(), cells.first().and_then(|row| row.first())) {
            (true, Some(only)) => only.clone(),
            _ => self.cell(&table.total, &table.total, all, counted.of_row(last), usize::MAX),
        };
        Figures {
            cells,
            rows: row_values,
            total,
        }
    }

    fn cell(
        &self,
        cell: &Cell,
        total: &Cell,
        voices: Voices,
        by_lang: Option<&[(String, Cell)]>,
        row: usize,
    ) -> Vec<Value> {
        if self.hidden.get(row).copied().unwrap_or(false) {
            return vec![Value::default(); self.asking.wanted.len()];
        }
        let context = Context::new(cell, total, voices, self.shares, by_lang);
        let of = |metric: &Metric| match metric.measures.sentiment && !self.scored {
            true => Value::default(),
            false => metric.value(&context),
        };
        let value = |wanted: &Wanted| match wanted {
            Wanted::Metric(metric) => of(metric),
            Wanted::Formula(formula) => Value {
                value: formula.value(&|name| Metric::find(name).and_then(|m| of(m).value)),
                ..Value::default()
            },
        };
        self.asking.wanted.iter().map(value).collect()
    }
}

/// Whether the rows are what is compared: a brand over time is weighed against the other brands at that time, whichever
/// cut comes first.
fn voices_are_rows(table: &Table) -> bool {
    let is_values = |axis: &store::Axis| matches!(axis.cut, Cut::Values(..));
    match table.axes.as_slice() {
        [first, second] => is_values(first) || !is_values(second),
        _ => true,
    }
}

fn voices<'c>(cells: impl Iterator<Item = &'c Cell>) -> Voices {
    let mut voices = Voices::default();
    cells.for_each(|cell| voices.add(cell));
    voices
}

fn axes(
    app: &App,
    asked: &Asked,
    asking: &Asking,
    table: &Table,
    hidden: &[bool],
) -> Result<Vec<Axis>, Failure> {
    let mut axes = Vec::new();
    for (place, ((name, cut), axis)) in asking.cuts.iter().zip(&table.axes).enumerate() {
        let labels = match cut {
            Cut::Values(dimension, _) => Labels::new(app, *dimension, asked)?,
            _ => Labels::Same,
        };
        let view = |(i, key): (usize, &Key)| {
            let mut view = key_view(key, &labels);
            view.hidden = place == 0 && hidden.get(i).copied().unwrap_or(false);
            view
        };
        axes.push(Axis {
            by: name.clone(),
            keys: axis.keys.iter().enumerate().map(view).collect(),
        });
    }
    Ok(axes)
}

fn key_view(key: &Key, labels: &Labels) -> KeyView {
    let plain = |key: String, label: String| KeyView {
        key,
        label,
        other: false,
        from: None,
        to: None,
        hidden: false,
    };
    match key {
        Key::Time(from, to) => KeyView {
            from: Some(*from),
            to: Some(*to),
            ..plain(from.to_string(), from.to_string())
        },
        Key::Clock(place) => plain(place.to_string(), place.to_string()),
        Key::Value(value) => plain(value.clone(), labels.of(value)),
        Key::Other => KeyView {
            other: true,
            ..plain(String::new(), "other".to_owned())
        },
    }
}
