//! Posts as the columns know them, with what they met with, how they are labelled and which of some values they have: for
//! figures that need every post by itself and its author, which no table of sums holds.

use super::columns::{Columns, first, string_column, text_of};
use crate::embedded::schema::column;
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::rows::MOST_VALUES;
use crate::{Dimension, Error, Filter, PostRow};

impl Snapshot {
    /// The posts that pass the filter, in no order, with which of `values` of a dimension they have. The dimension must be one
    /// whose values are strings of the mention itself, and at most 63 values are taken. More than `most` posts are refused
    /// before any is read.
    pub fn post_rows(
        &self,
        filter: &Filter,
        by: Option<(Dimension, &[String])>,
        most: usize,
    ) -> Result<Vec<PostRow>, Error> {
        let by = match by {
            None => None,
            Some((dimension, values)) => {
                let refused = || Error::Question("this dimension has no values to tell posts by".to_owned());
                let column = string_column(dimension).ok_or_else(refused)?;
                Some((column, &values[..values.len().min(MOST_VALUES)]))
            }
        };
        let selected = self.select(filter, Unit::Posts)?;
        let counts = selected.iter().map(|hits| hits.count());
        let count = counts.sum::<Result<u64, Error>>()?;
        if count > most as u64 {
            return Err(Error::Question(format!(
                "{count} posts would have to be looked at one by one, at most {most} are; take a shorter period or fewer \
                 monitors"
            )));
        }
        let mut rows = Vec::with_capacity(count as usize);
        for hits in &selected {
            let columns = Columns(hits);
            let Some(created) = columns.created()? else {
                continue;
            };
            let authors = columns.numbers(column::AUTHOR)?;
            let (labels, engagement) = (columns.labels()?, columns.engagement()?);
            let strings = match by {
                Some((column, _)) => columns.strings(column)?,
                None => None,
            };
            // The bit of each ordinal, where its value is asked for.
            let mut bits: Vec<Option<u64>> = Vec::new();
            if let (Some(strings), Some((_, values))) = (&strings, by) {
                for ord in 0..strings.num_terms() as u64 {
                    let name = text_of(strings, ord, hits)?;
                    bits.push(values.iter().position(|v| *v == name).map(|at| 1 << at));
                }
            }
            hits.each(|doc| {
                let ords = strings.iter().flat_map(|s| s.ords().values_for_doc(doc));
                let values = ords
                    .filter_map(|ord| bits.get(ord as usize).copied().flatten())
                    .fold(0, |all, bit| all | bit);
                rows.push(PostRow {
                    author: first(&authors, doc),
                    at: created.first(doc).unwrap_or_default(),
                    engagement: engagement.of(doc),
                    label: labels.of(doc),
                    values,
                });
            })?;
        }
        Ok(rows)
    }
}
