//! The columns of a segment.

use crate::embedded::counts::SegmentCounts;
use crate::embedded::marked::SegmentMarks;
use crate::embedded::schema::column;
use crate::embedded::select::Hits;
use crate::embedded::snapshot::Part;
use crate::{Dimension, Error, Label};
use std::sync::Arc;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader};

/// Opens columns; one that no document of the segment has a value in is `None`.
pub(in crate::embedded) struct Columns<'a>(pub(in crate::embedded) &'a Hits<'a>);

impl Columns<'_> {
    pub(in crate::embedded) fn numbers(&self, name: &str) -> Result<Option<Column<u64>>, Error> {
        self.0
            .segment
            .fast_fields()
            .column_opt(name)
            .map_err(Error::index(&self.0.part.path))
    }

    pub(super) fn labels(&self) -> Result<Labels, Error> {
        Labels::new(self.0.segment, self.0.part, &self.0.marks)
    }

    pub(super) fn engagement(&self) -> Result<Engagement, Error> {
        Ok(Engagement {
            column: self.numbers(column::ENGAGEMENT)?,
            later: self.0.later()?,
        })
    }

    pub(in crate::embedded) fn created(&self) -> Result<Option<Column<i64>>, Error> {
        self.0
            .segment
            .fast_fields()
            .column_opt(column::CREATED)
            .map_err(Error::index(&self.0.part.path))
    }

    pub(in crate::embedded) fn strings(&self, name: &str) -> Result<Option<StrColumn>, Error> {
        self.0
            .segment
            .fast_fields()
            .str(name)
            .map_err(Error::index(&self.0.part.path))
    }
}

/// The labels of a segment: as corrected by hand, or else as the model has them.
pub(in crate::embedded) struct Labels {
    column: Option<Column<u64>>,
    corrected: Option<Arc<SegmentMarks>>,
}

impl Labels {
    pub(in crate::embedded) fn new(
        segment: &SegmentReader,
        part: &Part,
        marks: &Option<Arc<SegmentMarks>>,
    ) -> Result<Self, Error> {
        let column = segment.fast_fields().column_opt(column::SENTIMENT);
        Ok(Self {
            column: column.map_err(Error::index(&part.path))?,
            corrected: marks.clone().filter(|m| m.stamp.corrected > 0),
        })
    }

    /// The label of a document, if it has one.
    pub(in crate::embedded) fn of(&self, doc: DocId) -> Option<Label> {
        let corrected = self.corrected.as_ref().and_then(|marks| marks.label(doc));
        let modelled = || first(&self.column, doc).and_then(|n| Label::ALL.get(n as usize).copied());
        corrected.or_else(modelled)
    }
}

/// The engagement of a segment's documents as it is by now.
pub(super) struct Engagement {
    column: Option<Column<u64>>,
    later: Option<Arc<SegmentCounts>>,
}

impl Engagement {
    pub(super) fn of(&self, doc: DocId) -> u64 {
        let later = self.later.as_ref().and_then(|later| later.engagement(doc));
        later.or_else(|| first(&self.column, doc)).unwrap_or(0)
    }
}

/// Reads all values of documents, run by run of documents that stand beside one another.
pub(in crate::embedded) struct Values<'c> {
    column: &'c Column<u64>,
    buffer: Vec<u64>,
}

impl<'c> Values<'c> {
    pub(in crate::embedded) fn new(column: &'c Column<u64>) -> Self {
        Self {
            column,
            buffer: Vec::new(),
        }
    }

    /// Calls `each` with the values of documents given in order.
    pub(in crate::embedded) fn each(&mut self, docs: &[DocId], mut each: impl FnMut(u64)) {
        let mut rest = docs;
        while let Some(first) = rest.first() {
            let run = (*first..)
                .zip(rest)
                .take_while(|(doc, next)| doc == *next)
                .count();
            let rows = self
                .column
                .index
                .docid_range_to_rowids(*first..first + run as u32);
            self.buffer.resize(rows.len(), 0);
            self.column
                .values
                .get_range(u64::from(rows.start), &mut self.buffer);
            self.buffer.iter().for_each(|value| each(*value));
            rest = &rest[run..];
        }
    }
}

/// The column of a dimension whose values are strings.
pub(super) fn string_column(dimension: Dimension) -> Option<&'static str> {
    Some(match dimension {
        Dimension::Monitor => column::MONITOR,
        Dimension::Source => column::SOURCE,
        Dimension::Lang => column::LANG,
        Dimension::Kind => column::KIND,
        Dimension::Hashtag => column::HASHTAG,
        Dimension::Term => column::WORD,
        Dimension::Site => column::SITE,
        Dimension::Emotion => column::EMOTION,
        Dimension::Intent => column::INTENT,
        Dimension::Class => column::CLASS,
        Dimension::Entity => column::ENTITY,
        Dimension::Aspect => column::ASPECT,
        Dimension::Country => column::COUNTRY,
        Dimension::Media => column::MEDIA,
        Dimension::Link => column::LINK,
        Dimension::Model => column::MODEL,
        Dimension::Topic => column::TOPIC,
        Dimension::Copies => column::COPIES,
        Dimension::Author
        | Dimension::Sentiment
        | Dimension::Tag
        | Dimension::Category
        | Dimension::Status
        | Dimension::Assignee => return None,
    })
}

/// The text of an ordinal of a string column.
pub(super) fn text_of(strings: &StrColumn, ord: u64, hits: &Hits<'_>) -> Result<String, Error> {
    let mut out = String::new();
    strings
        .ord_to_str(ord, &mut out)
        .map_err(Error::io("read", &hits.part.path))?;
    Ok(out)
}

/// The first value of a document, where the column exists.
pub(super) fn first(numbers: &Option<Column<u64>>, doc: u32) -> Option<u64> {
    numbers.as_ref().and_then(|c| c.first(doc))
}
