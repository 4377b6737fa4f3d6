//! Cells by the keys of up to two cuts, asked for in parts that a cluster answers at once.

use super::axis::Plan;
use super::cells::{self, cell, whole};
use crate::elastic::mapping::field;
use crate::elastic::snapshot::Snapshot;
use crate::{Cell, Error, Measures};
use serde_json::{Map, Value, json};
use std::ops::Range;

/// Buckets of one request, at most: clusters refuse more than 65,535.
const MAX_ANSWER: usize = 8_000;
/// Authors asked for at once, at most.
const MAX_AUTHORS: usize = 1_000;
const AUTHORS: &str = "each_author";
const MOST: &str = "most_followers";

/// The cells, the rows and the total, as in a [`crate::Table`].
pub(super) struct Grid {
    pub(super) cells: Vec<Cell>,
    pub(super) rows: Vec<Cell>,
    pub(super) total: Cell,
    columns: usize,
}

/// Which of the grid a bucket is.
#[derive(Clone, Copy)]
enum At {
    Total,
    Row(usize),
    Cell(usize, usize),
}

/// A part of the grid: some keys of each cut.
struct Part<'p> {
    plans: &'p [Plan],
    rows: Range<usize>,
    columns: Range<usize>,
}

impl Grid {
    fn at(&mut self, at: At) -> &mut Cell {
        match at {
            At::Total => &mut self.total,
            At::Row(row) => &mut self.rows[row],
            At::Cell(row, column) => &mut self.cells[row * self.columns + column],
        }
    }
}

impl Part<'_> {
    fn has_total(&self) -> bool {
        self.rows.start == 0 && self.columns.start == 0
    }

    /// The aggregations with `inner` in the total, in each row and in each cell.
    fn aggregations(&self, inner: &Map<String, Value>) -> Map<String, Value> {
        let mut aggs = match self.plans {
            [] => Map::new(),
            [first] => first.aggregations(self.rows.clone(), inner),
            [first, second, ..] => {
                let mut row = second.aggregations(self.columns.clone(), inner);
                row.extend(inner.clone());
                first.aggregations(self.rows.clone(), &row)
            }
        };
        if self.has_total() {
            aggs.extend(inner.clone());
        }
        aggs
    }

    /// Calls `each` with every bucket of an answer.
    fn buckets<'v>(&self, answer: &'v Value, each: &mut dyn FnMut(At, &'v Value)) {
        if self.has_total() {
            each(At::Total, answer);
        }
        let Some(first) = self.plans.first() else {
            return;
        };
        first.buckets(answer, |row, bucket| {
            if self.columns.start == 0 {
                each(At::Row(row), bucket);
            }
            if let Some(second) = self.plans.get(1) {
                second.buckets(bucket, |column, inner| each(At::Cell(row, column), inner));
            }
        });
    }
}

impl Snapshot {
    /// Counts and measures what a query finds.
    pub(super) fn grid(&self, query: &Value, plans: &[Plan], wanted: Measures) -> Result<Grid, Error> {
        let len = |i: usize| plans.get(i).map_or(1, |plan| plan.keys.len());
        let (rows, columns) = (len(0), len(1));
        let mut grid = Grid {
            cells: vec![Cell::default(); rows * columns],
            rows: vec![Cell::default(); rows],
            total: Cell::default(),
            columns,
        };
        let most = MAX_ANSWER / cells::buckets(wanted);
        let width = columns.clamp(1, most);
        let height = (most / width).max(1);
        // Without keys there is still a total.
        for row in (0..rows.max(1)).step_by(height) {
            for column in (0..columns.max(1)).step_by(width) {
                let part = Part {
                    plans,
                    rows: row..(row + height).min(rows),
                    columns: column..(column + width).min(columns),
                };
                self.measure(query, &part, wanted, &mut grid)?;
                if wanted.audience || wanted.voices {
                    self.over_authors(query, &part, wanted, &mut grid)?;
                }
            }
        }
        match plans.len() {
            0 => {
                grid.rows = vec![grid.total];
                grid.cells = vec![grid.total];
            }
            1 => grid.cells = grid.rows.clone(),
            _ => {}
        }
        Ok(grid)
    }

    fn measure(
        &self,
        query: &Value,
        part: &Part<'_>,
        wanted: Measures,
        grid: &mut Grid,
    ) -> Result<(), Error> {
        let aggs = part.aggregations(&cells::measures(wanted, self.overlay())?);
        let body = json!({"query": query, "size": 0, "track_total_hits": true, "aggs": aggs});
        let answer = self.cluster().search(&body)?;
        let found = whole(&answer["hits"]["total"]["value"]);
        part.buckets(&answer["aggregations"], &mut |at, bucket| {
            let mentions = match at {
                At::Total => found,
                _ => whole(&bucket["doc_count"]),
            };
            *grid.at(at) = cell(mentions, bucket);
        });
        Ok(())
    }

    /// Adds up, over every author, the most followers they were seen with in each bucket and the squares of their
    /// mentions: as many requests as pages of authors, since no aggregation of the shared set sums over distinct values.
    fn over_authors(
        &self,
        query: &Value,
        part: &Part<'_>,
        wanted: Measures,
        grid: &mut Grid,
    ) -> Result<(), Error> {
        let most: Map<String, Value> = [(MOST.to_owned(), json!({"max": {"field": field::FOLLOWERS}}))]
            .into_iter()
            .collect();
        let aggs = part.aggregations(&most);
        let cells = part.rows.len() * (1 + part.columns.len()) + 1;
        let size = (MAX_ANSWER / cells).clamp(1, MAX_AUTHORS);
        let mut sources =
            json!({"size": size, "sources": [{field::AUTHOR: {"terms": {"field": field::AUTHOR}}}]});
        loop {
            let each = json!({"composite": sources, "aggs": aggs});
            let body = json!({"query": query, "size": 0, "aggs": {AUTHORS: each}});
            let answer = self.cluster().search(&body)?;
            let page = &answer["aggregations"][AUTHORS];
            for author in page["buckets"].as_array().into_iter().flatten() {
                let all = whole(&author["doc_count"]);
                part.buckets(author, &mut |at, bucket| {
                    let times = match at {
                        At::Total => all,
                        _ => whole(&bucket["doc_count"]),
                    };
                    let cell = grid.at(at);
                    if wanted.voices {
                        cell.squares = cell.squares.saturating_add(times.saturating_mul(times));
                    }
                    let most = &bucket[MOST]["value"];
                    if wanted.audience && most.is_number() {
                        cell.audience_of += 1;
                        cell.audience = Some(cell.audience.unwrap_or(0).saturating_add(whole(most)));
                    }
                });
            }
            match page.get("after_key") {
                Some(after) => sources["after"] = after.clone(),
                None => return Ok(()),
            }
        }
    }
}
