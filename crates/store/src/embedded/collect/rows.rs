//! Single mentions as the columns know them: for what no table of sums can say, such as who names two things at once.

use super::columns::{Columns, first, text_of};
use crate::embedded::schema::column;
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Error, Filter, Mention, Row};
use post::Millis;
use tantivy::DocAddress;

impl Snapshot {
    /// The mentions of the `monitors` that pass the filter and whose author is known, in no order. More than `most` are
    /// refused before any is read.
    pub fn rows(&self, filter: &Filter, monitors: &[String], most: usize) -> Result<Vec<Row>, Error> {
        let mut filter = filter.clone();
        filter.monitors.include = monitors.to_vec();
        let selected = self.select(&filter, Unit::Mentions)?;
        let count = selected
            .iter()
            .map(|hits| hits.count())
            .sum::<Result<u64, Error>>()?;
        if count > most as u64 {
            return Err(Error::Question(format!(
                "{count} mentions would have to be looked at one by one, at most {most} are; take a shorter period or \
                 fewer monitors"
            )));
        }
        let mut rows = Vec::with_capacity(count as usize);
        for hits in &selected {
            let columns = Columns(hits);
            let (Some(created), Some(names)) = (columns.created()?, columns.strings(column::MONITOR)?) else {
                continue;
            };
            let (authors, texts) = (columns.numbers(column::AUTHOR)?, columns.numbers(column::TEXT)?);
            let places: Vec<Option<u16>> = (0..names.num_terms() as u64)
                .map(|ord| {
                    let name = text_of(&names, ord, hits)?;
                    Ok(monitors.iter().position(|m| *m == name).map(|at| at as u16))
                })
                .collect::<Result<_, Error>>()?;
            let part = hits.part.number;
            hits.each(|doc| {
                let monitor = names.ords().first(doc).and_then(|ord| places[ord as usize]);
                let (Some(monitor), Some(author)) = (monitor, first(&authors, doc)) else {
                    return;
                };
                rows.push(Row {
                    monitor,
                    author,
                    text: first(&texts, doc),
                    at: created.first(doc).unwrap_or_default(),
                    place: (part, u64::from(hits.ord) << 32 | u64::from(doc)),
                });
            })?;
        }
        Ok(rows)
    }

    /// The mention behind a row of this snapshot.
    pub fn row_mention(&self, row: &Row) -> Result<Mention, Error> {
        let (part, place) = row.place;
        let doc = DocAddress::new((place >> 32) as u32, place as u32);
        let part = self.parts().find(|p| p.number == part);
        let part = part.ok_or_else(|| Error::Question("a row of another snapshot".to_owned()))?;
        part.mention(doc, self.fields())
    }

    /// When the oldest and the newest that pass the filter were published; `None` where nothing does.
    pub fn extent(&self, filter: &Filter) -> Result<Option<(Millis, Millis)>, Error> {
        let mut extent: Option<(Millis, Millis)> = None;
        for hits in self.select(filter, Unit::Posts)? {
            let (oldest, newest) = hits.extent()?;
            // A segment whose every post lies between those known makes no difference.
            if extent.is_some_and(|(first, last)| first <= oldest && newest <= last) {
                continue;
            }
            let Some(created) = Columns(&hits).created()? else {
                continue;
            };
            hits.each(|doc| {
                if let Some(at) = created.first(doc) {
                    extent = Some(extent.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
                }
            })?;
        }
        Ok(extent)
    }
}
