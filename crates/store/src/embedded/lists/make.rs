//! Making the lists of a segment.

use super::coding::{Day, put};
use super::{COLUMNS, DAY, Group, Writer};
use crate::Error;
use crate::embedded::schema::column;
use std::path::Path;
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

/// A document under one of the groups it is in.
pub(in crate::embedded) struct Counted {
    pub(in crate::embedded) group: Group,
    /// When its post was written, in milliseconds since 1970.
    pub(in crate::embedded) created: i64,
    pub(in crate::embedded) doc: DocId,
}

/// Writes the lists of some documents.
pub(in crate::embedded) fn write(
    writer: &mut Writer,
    segment: &SegmentReader,
    partition: &Path,
    mut docs: Vec<Counted>,
) -> Result<(), Error> {
    let day = |doc: &Counted| doc.created.div_euclid(DAY);
    docs.sort_unstable_by_key(|doc| (doc.group, day(doc), doc.doc));
    let fast = segment.fast_fields();
    for (place, name) in COLUMNS.iter().enumerate() {
        let column: Option<Column<u64>> = match *name {
            column::AUTHOR => fast.column_opt(name),
            _ => fast.str(name).map(|s| s.map(|s| s.ords().clone())),
        }
        .map_err(Error::index(partition))?;
        for own in docs.chunk_by(|a, b| a.group == b.group) {
            let mut bytes = Vec::new();
            for one in own.chunk_by(|a, b| day(a) == day(b)) {
                let Ok(day) = i32::try_from(day(&one[0])) else {
                    continue;
                };
                let docs = one.len() as u32;
                let pairs = column.as_ref().map(|c| pairs(c, one)).unwrap_or_default();
                put(&Day { day, docs, pairs }, &mut bytes);
            }
            writer.add(place as u8, own[0].group, &bytes)?;
        }
    }
    Ok(())
}

/// The values of documents and how often each is met.
fn pairs(column: &Column<u64>, docs: &[Counted]) -> Vec<(u64, u32)> {
    let mut values: Vec<u64> = docs
        .iter()
        .flat_map(|one| column.values_for_doc(one.doc))
        .collect();
    values.sort_unstable();
    values
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], same.len() as u32))
        .collect()
}
