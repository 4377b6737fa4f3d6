//! What a move reads of a store and writes to one, see [`crate::moving`].

use super::partition::Partition;
use super::schema::column;
use super::snapshot::{Part, Snapshot};
use super::store::Store;
use crate::format::{self, Stamp};
use crate::moving::{Carried, DAY, DayMark, Listed, Place, day_of};
use crate::period::Span;
use crate::{Error, Mention};
use post::Millis;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use tantivy::{SegmentReader, TantivyDocument};

/// The file that says why a store is closed.
const CLOSED: &str = "closed";
/// Blocks of stored mentions kept while they are read about in order.
const CACHE_BLOCKS: usize = 32;
/// Mentions written before they are committed, at most: what a partition knows of them is in memory until then.
const UNCOMMITTED: usize = 200_000;

/// Why the store in a folder is closed, if so.
pub(crate) fn closed(dir: &Path) -> Result<Option<String>, Error> {
    let path = dir.join(CLOSED);
    match fs::read_to_string(&path) {
        Ok(why) => Ok(Some(why)),
        // Of what is no folder, who opens it says so.
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(Error::io("read", &path)(e)),
    }
}

/// Closes the store in a folder, or opens it.
pub(crate) fn close(dir: &Path, why: Option<&str>) -> Result<(), Error> {
    let path = dir.join(CLOSED);
    match why {
        Some(why) => format::replace(&path, why.as_bytes()),
        None => match fs::remove_file(&path) {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(Error::io("remove", &path)(e)),
            _ => Ok(()),
        },
    }
}

/// A living document: segment, number, time of its post, time of writing.
struct Row<'a> {
    part: &'a Part,
    segment: u32,
    doc: u32,
    number: u64,
    at: Millis,
    written: u64,
}

impl Snapshot {
    /// What tells apart whatever each day holds.
    pub fn days(&self) -> Result<BTreeMap<i64, DayMark>, Error> {
        let mut days: BTreeMap<i64, DayMark> = BTreeMap::new();
        // Neighbours are mostly of the same day.
        let mut last = (0, DayMark::default());
        self.each_living(None, &mut |row| {
            let day = day_of(row.at);
            if day != last.0 {
                add(&mut days, last);
                last = (day, DayMark::default());
            }
            last.1.add(row.written);
        })?;
        add(&mut days, last);
        Ok(days)
    }

    /// The mentions of a day, in the order of their posts' times and their numbers.
    pub fn listed(&self, day: i64) -> Result<Vec<Listed>, Error> {
        let mut all = Vec::new();
        self.each_living(Some(day), &mut |row| {
            all.push(Listed {
                number: row.number,
                written: row.written,
                at: row.at,
                place: Place::Embedded(row.part.number, row.segment, row.doc),
            });
        })?;
        all.sort_unstable_by_key(|l| (l.at, l.number));
        Ok(all)
    }

    /// Calls `each` with the mentions that this snapshot listed, in no order.
    pub fn carried(&self, listed: &[Listed], each: &mut dyn FnMut(Carried)) -> Result<(), Error> {
        let mut places = Vec::with_capacity(listed.len());
        for one in listed {
            match one.place {
                Place::Embedded(part, segment, doc) => places.push((part, segment, doc, one.written)),
                Place::Elastic(..) => return Err(elsewhere()),
            }
        }
        // As they lie on the disk.
        places.sort_unstable();
        for some in places.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let part = self
                .parts()
                .find(|part| part.number == some[0].0)
                .ok_or_else(elsewhere)?;
            let store = part
                .searcher
                .segment_reader(some[0].1)
                .get_store_reader(CACHE_BLOCKS)
                .map_err(Error::io("read", &part.path))?;
            for &(.., doc, written) in some {
                let document: TantivyDocument = store.get(doc).map_err(Error::index(&part.path))?;
                let mut mention = self.fields().mention(&document, &part.path)?;
                if let Some(late) = part.counts.of(mention.post.key) {
                    mention.post.counts = late.counts;
                }
                each(Carried { mention, written });
            }
        }
        Ok(())
    }

    /// Calls `each` with every living document, of a day or of all.
    fn each_living(&self, day: Option<i64>, each: &mut dyn FnMut(Row<'_>)) -> Result<(), Error> {
        for part in self.parts() {
            for (ord, segment) in part.searcher.segment_readers().iter().enumerate() {
                self.each_living_of(part, ord as u32, segment, day, each)?;
            }
        }
        Ok(())
    }

    fn each_living_of(
        &self,
        part: &Part,
        ord: u32,
        segment: &SegmentReader,
        day: Option<i64>,
        each: &mut dyn FnMut(Row<'_>),
    ) -> Result<(), Error> {
        let failed = Error::index(&part.path);
        let columns = segment.fast_fields();
        let created = columns.column_opt::<i64>(column::CREATED).map_err(&failed)?;
        let number = |name| columns.column_opt::<u64>(name).map_err(&failed);
        let (ids, written) = (number(column::ID)?, number(column::WRITTEN)?);
        let (Some(created), Some(ids), Some(written)) = (created, ids, written) else {
            return Ok(());
        };
        if day.is_some_and(|day| day < day_of(created.min_value()) || day > day_of(created.max_value())) {
            return Ok(());
        }
        let later = self
            .segment_counts(segment, part)?
            .filter(|later| !later.is_empty());
        let (from, to) = day.map_or((Millis::MIN, Millis::MAX), |day| {
            let from = day.saturating_mul(DAY);
            (from, from.saturating_add(DAY - 1))
        });
        for doc in segment.doc_ids_alive() {
            let at = created.first(doc).unwrap_or_default();
            if at < from || at > to {
                continue;
            }
            let first = written.first(doc).unwrap_or(0);
            let again = later.as_ref().and_then(|later| later.written(doc));
            each(Row {
                part,
                segment: ord,
                doc,
                number: ids.first(doc).unwrap_or(0),
                at,
                // A mention that was found in the past after its post's engagement was told is the later of the two.
                written: again.map_or(first, |again| again.max(first)),
            });
        }
        Ok(())
    }
}

fn add(days: &mut BTreeMap<i64, DayMark>, (day, more): (i64, DayMark)) {
    if more.mentions > 0 {
        let mark = days.entry(day).or_default();
        mark.mentions += more.mentions;
        mark.written = mark.written.wrapping_add(more.written);
    }
}

fn elsewhere() -> Error {
    Error::Question("a mention that another snapshot listed".to_owned())
}

impl Store {
    pub(crate) fn close_as(&mut self, why: Option<&str>) -> Result<(), Error> {
        close(&self.dir, why)
    }

    /// Of each partition the checksum of its list of segments.
    pub(crate) fn change_marks(&self) -> Result<BTreeMap<String, String>, Error> {
        let mark = |(span, partition): (&Span, &Partition)| {
            let path = partition.path().join("meta.json");
            let list = fs::read(&path).map_err(Error::io("read", &path))?;
            Ok((span.folder(), format!("{:08x}", crc32fast::hash(&list))))
        };
        self.partitions.iter().map(mark).collect()
    }

    pub(crate) fn take_away(&mut self, listed: &[Listed]) -> Result<(), Error> {
        self.guarded(|store| {
            for one in listed {
                let Place::Embedded(number, ..) = one.place else {
                    return Err(elsewhere());
                };
                let mut partitions = store.partitions.iter();
                let span = partitions
                    .find(|(_, p)| p.number == number)
                    .map(|(span, _)| *span);
                let span = span.ok_or_else(elsewhere)?;
                store.writable(span)?.delete_number(one.number);
            }
            Ok(())
        })
    }

    pub(crate) fn carry(&mut self, mentions: &[Carried]) -> Result<(), Error> {
        self.guarded(|store| {
            mentions
                .iter()
                .try_for_each(|c| store.carry_one(&c.mention, c.written))
        })
    }

    fn carry_one(&mut self, mention: &Mention, written: u64) -> Result<(), Error> {
        // They would stand for the document's own.
        self.drop_counts(mention.post.key);
        let span = self.options.span(mention);
        let mut tokens = std::mem::take(&mut self.tokens);
        let added = self
            .writable(span)
            .and_then(|p| p.add(mention, written, &mut tokens));
        self.tokens = tokens;
        added?;
        self.uncommitted += 1;
        match self.uncommitted >= UNCOMMITTED {
            true => self.settle_all(),
            false => Ok(()),
        }
    }

    pub(crate) fn settle(&mut self) -> Result<(), Error> {
        self.guarded(Self::settle_all)
    }

    fn settle_all(&mut self) -> Result<(), Error> {
        self.uncommitted = 0;
        self.flush()?;
        if self.register.add(self.partitions.keys().copied()) {
            self.register.save(&self.dir)?;
        }
        (self.changed, self.replaced) = (false, false);
        let snapshot = Snapshot::new(
            self.stamp.generation,
            &self.fields,
            &self.kept,
            std::sync::Arc::default(),
            &self.partitions,
        );
        self.publish(snapshot);
        Ok(())
    }

    /// Ends merges that run, and closes the writers.
    pub(crate) fn rest(&mut self) -> Result<(), Error> {
        self.settle()?;
        self.partitions.values_mut().try_for_each(Partition::close)?;
        self.partitions.values_mut().try_for_each(Partition::join_closing)
    }

    pub(crate) fn seal(&mut self, position: u64, generation: u64) -> Result<(), Error> {
        self.rest()?;
        self.stamp = Stamp::at(position, generation);
        self.applied = position;
        self.stamp.save(&self.dir)
    }
}
