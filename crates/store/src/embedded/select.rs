//! From a [`Filter`] to the documents that pass it.

use super::base::View;
use super::clauses::{Clauses, term};
use super::collect::Labels;
use super::counts::SegmentCounts;
use super::hours::Hours;
use super::kept::{Kept, KeptKey};
use super::marked::{SegmentMarks, passes};
use super::parallel;
use super::passing::Passing;
use super::rollup::Rolled;
use super::schema::{Fields, column};
use super::snapshot::{Part, Snapshot};
use super::superset as render;
use crate::document::{CONTEXT, written};
use crate::filter::Unit;
use crate::{Choice, Context, Error, Filter, Label, Search, superset, words};
use post::{AuthorKey, Millis};
use query::{Checker, Document};
use std::ops::Bound;
use std::sync::{Arc, OnceLock};
use tantivy::query::{EnableScoring, RangeQuery, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, SegmentReader, Term};

/// Blocks of stored mentions kept while candidates are read in order.
const VERIFY_CACHE_BLOCKS: usize = 4;

/// Documents handed on at once, at most.
pub(super) const BLOCK: usize = 64;

/// The documents of one segment that pass.
pub(super) struct Hits<'a> {
    pub(super) part: &'a Part,
    /// The segment's place in its partition.
    pub(super) ord: u32,
    pub(super) segment: &'a SegmentReader,
    /// What people did with its documents.
    pub(super) marks: Option<Arc<SegmentMarks>>,
    /// What is kept of the segment is of these documents.
    pub(super) base: View,
    /// The rollup of these documents.
    pub(super) rollup: Option<Arc<Rolled>>,
    snapshot: &'a Snapshot,
    found: Found,
    /// What else a document must pass, which the index does not know.
    rule: Option<Rule>,
}

/// What is asked of a document that the index does not know.
struct Rule {
    by_marks: Vec<Choice<String>>,
    /// Labels as corrected, where some are.
    labels: Option<(Labels, Choice<Label>)>,
    /// Hours of the week.
    hours: Option<Hours>,
}

impl Rule {
    fn keeps(&self, doc: DocId, marks: Option<&SegmentMarks>) -> bool {
        let wanted = |(labels, choice): &(Labels, Choice<Label>)| {
            let label = labels.of(doc);
            let is_in = |list: &[Label]| label.is_some_and(|l| list.contains(&l));
            (choice.include.is_empty() || is_in(&choice.include)) && !is_in(&choice.exclude)
        };
        passes(&self.by_marks, marks.and_then(|m| m.of(doc)))
            && self.labels.as_ref().is_none_or(wanted)
            && self.hours.as_ref().is_none_or(|hours| hours.keeps(doc))
    }
}

enum Found {
    /// To be looked for in the index: of a large segment once, with what tells the filter apart, else at each use.
    Weight(Arc<dyn Weight>, OnceLock<Arc<Passing>>, String),
    /// Looked for once, because it was dear.
    Docs(Arc<Vec<DocId>>),
}

/// Which of the documents that pass.
#[derive(Clone, Copy)]
pub(super) enum Which<'v> {
    /// Those that stand now.
    Now,
    /// Those that stood at a base.
    At(&'v View),
    /// Of these, ascending; whether they stand is not looked at.
    Of(&'v [DocId]),
}

impl Hits<'_> {
    /// Calls `f` with each document that passes, ascending.
    pub(super) fn each(&self, mut f: impl FnMut(DocId)) -> Result<(), Error> {
        self.blocks(|docs| docs.iter().for_each(|doc| f(*doc)))
    }

    /// Calls `f` with the documents that pass in blocks, ascending.
    pub(super) fn blocks(&self, f: impl FnMut(&[DocId])) -> Result<(), Error> {
        self.blocks_of(Which::Now, f)
    }

    /// The same for some of the documents.
    pub(super) fn blocks_of(&self, which: Which<'_>, mut f: impl FnMut(&[DocId])) -> Result<(), Error> {
        let Some(rule) = &self.rule else {
            return self.found_blocks(which, f);
        };
        let mut kept = Vec::with_capacity(BLOCK);
        self.found_blocks(which, |docs| {
            kept.clear();
            kept.extend(docs.iter().filter(|doc| rule.keeps(**doc, self.marks.as_deref())));
            f(&kept);
        })
    }

    fn found_blocks(&self, which: Which<'_>, mut f: impl FnMut(&[DocId])) -> Result<(), Error> {
        let now = View::now(self.segment);
        let view = match which {
            Which::Now => &now,
            Which::At(view) => view,
            Which::Of(docs) => {
                let some = self.found_of(docs).map_err(Error::index(&self.part.path))?;
                some.chunks(BLOCK).for_each(f);
                return Ok(());
            }
        };
        let mut living = Vec::with_capacity(BLOCK);
        let mut pass = |docs: &[DocId]| match view.is_whole() {
            true => f(docs),
            false => {
                living.clear();
                living.extend(docs.iter().filter(|doc| view.is_alive(**doc)));
                f(&living);
            }
        };
        match &self.found {
            Found::Docs(docs) => docs.chunks(BLOCK).for_each(pass),
            Found::Weight(weight, ..) => match self.passing()? {
                Some(passing) => passing.blocks(pass),
                None => weight
                    .for_each_no_score(self.segment, &mut pass)
                    .map_err(Error::index(&self.part.path))?,
            },
        }
        Ok(())
    }

    /// What the index found, deleted documents included: kept for a large segment, whatever is asked of it next.
    fn passing(&self) -> Result<Option<Arc<Passing>>, Error> {
        let Found::Weight(weight, known, filter) = &self.found else {
            return Ok(None);
        };
        let keep = self.snapshot.kept();
        if !keep.is_large(self.segment) {
            return Ok(None);
        }
        if let Some(known) = known.get() {
            return Ok(Some(known.clone()));
        }
        // Deletions make no difference to it.
        let key = KeptKey::at(self.segment, None, &format!("passing {filter}"));
        let found = keep.get_or(key, Kept::passing, || {
            let mut docs = Vec::new();
            weight
                .for_each_no_score(self.segment, &mut |block| docs.extend(block))
                .map_err(Error::index(&self.part.path))?;
            Ok(Kept::Passing(Arc::new(Passing::new(
                docs,
                self.segment.max_doc(),
            ))))
        })?;
        Ok(Some(known.get_or_init(|| found).clone()))
    }

    /// About how many pass; `None` where nobody counted.
    pub(super) fn about(&self) -> Result<Option<usize>, Error> {
        match &self.found {
            Found::Docs(docs) => Ok(Some(docs.len())),
            Found::Weight(..) => Ok(self.passing()?.map(|passing| passing.len())),
        }
    }

    /// Those of the documents that were found.
    fn found_of(&self, docs: &[DocId]) -> tantivy::Result<Vec<DocId>> {
        let weight = match &self.found {
            Found::Docs(found) => {
                let is_found = |doc: &&DocId| found.binary_search(doc).is_ok();
                return Ok(docs.iter().filter(is_found).copied().collect());
            }
            Found::Weight(_, known, _) if known.get().is_some() => {
                let found = known.get();
                let is_found = |doc: &&DocId| found.is_some_and(|found| found.contains(**doc));
                return Ok(docs.iter().filter(is_found).copied().collect());
            }
            Found::Weight(weight, ..) => weight,
        };
        let mut scorer = weight.scorer(self.segment, 1.0)?;
        let mut found = Vec::new();
        for &doc in docs {
            if scorer.doc() < doc {
                scorer.seek(doc);
            }
            if scorer.doc() == doc {
                found.push(doc);
            }
        }
        Ok(found)
    }

    /// The engagement that came later, of the segment's documents.
    pub(super) fn later(&self) -> Result<Option<Arc<SegmentCounts>>, Error> {
        self.snapshot.segment_counts(self.segment, self.part)
    }

    /// Time of the oldest and the newest document of the segment, deleted ones included.
    pub(super) fn extent(&self) -> Result<(Millis, Millis), Error> {
        extent(self.segment, self.part)
    }

    /// The borders of a filter's period that the segment reaches over: where all of it lies within, there are none.
    pub(super) fn borders(&self, filter: &Filter) -> Result<(Option<Millis>, Option<Millis>), Error> {
        let (first, last) = self.extent()?;
        Ok((
            filter.from.filter(|from| *from > first),
            filter.to.filter(|to| *to <= last),
        ))
    }

    /// The key of an author whose first half is this number, where the segment has posts of theirs.
    pub(super) fn author_key(&self, field: Field, number: u64) -> Result<Option<AuthorKey>, Error> {
        let failed = Error::index(&self.part.path);
        let index = self.segment.inverted_index(field).map_err(&failed)?;
        let read = |e| failed(tantivy::TantivyError::from(e));
        let begin = number.to_be_bytes();
        let mut terms = index.terms().range().ge(begin).into_stream().map_err(read)?;
        let found = terms.advance() && terms.key().starts_with(&begin);
        Ok(found
            .then(|| terms.key().try_into().ok())
            .flatten()
            .map(AuthorKey))
    }

    /// How many pass.
    pub(super) fn count(&self) -> Result<u64, Error> {
        let is_known = matches!(&self.found, Found::Weight(_, known, _) if known.get().is_some());
        if self.rule.is_some() || is_known {
            let mut count = 0;
            self.blocks(|docs| count += docs.len() as u64)?;
            return Ok(count);
        }
        match &self.found {
            Found::Docs(docs) => {
                let now = View::now(self.segment);
                Ok(docs.iter().filter(|doc| now.is_alive(**doc)).count() as u64)
            }
            Found::Weight(weight, ..) => Ok(u64::from(
                weight
                    .count(self.segment)
                    .map_err(Error::index(&self.part.path))?,
            )),
        }
    }
}

fn extent(segment: &SegmentReader, part: &Part) -> Result<(Millis, Millis), Error> {
    let created = segment.fast_fields().column_opt::<i64>(column::CREATED);
    let created = created.map_err(Error::index(&part.path))?;
    Ok(created.map_or((0, 0), |c| (c.min_value(), c.max_value())))
}

impl Snapshot {
    /// What a filter selects of a segment with posts of this time, in words to keep answers under: a border of its period
    /// that the segment does not reach makes no difference.
    pub(super) fn within(
        &self,
        filter: &Filter,
        unit: Unit,
        (first, last): (Millis, Millis),
        part: &Part,
    ) -> String {
        let filter = Filter {
            from: filter.from.filter(|from| *from > first),
            to: filter.to.filter(|to| *to <= last),
            ..filter.clone()
        };
        let counts = asks_counts(&filter).then(|| part.counts.version());
        format!("{unit:?}{counts:?}{filter:?}")
    }

    /// The parts of a filter that look at engagement or at when something was written, which new engagement changes: what
    /// came later stands for what the index has.
    fn by_counts(&self, filter: &Filter, part: &Part, clauses: &mut Clauses) -> Result<(), Error> {
        if !asks_counts(filter) {
            return Ok(());
        }
        let mut later = Vec::new();
        for segment in part.searcher.segment_readers() {
            let counts = self.segment_counts(segment, part)?;
            later.extend(
                counts
                    .filter(|c| !c.is_empty())
                    .map(|c| (segment.segment_id(), c)),
            );
        }
        let fields = self.fields();
        let after = |generation: u64| written(generation.saturating_add(1), false);
        clauses.between_or(
            fields.engagement,
            (filter.engagement_from, filter.engagement_to),
            &later,
            |counts| counts.engagements().collect(),
        );
        clauses.between_or(
            fields.written,
            (filter.since.map(after), filter.upto.map(after)),
            &later,
            |counts| counts.writings().collect(),
        );
        Ok(())
    }

    /// A filter as the index understands it, without what it does not know.
    fn weight(
        &self,
        filter: &Filter,
        unit: Unit,
        part: &Part,
        corrected: bool,
        plan: Option<&superset::Plan>,
    ) -> Result<Arc<dyn Weight>, Error> {
        let mut clauses = compile(filter, unit, self.fields(), part, corrected);
        self.by_counts(filter, part, &mut clauses)?;
        let candidates = plan.and_then(|p| p.candidates.as_ref());
        if let Some(candidates) = candidates {
            clauses.must(render::query(candidates, self.fields()));
        }
        let scoring = EnableScoring::disabled_from_searcher(&part.searcher);
        let weight = clauses.into_query().weight(scoring);
        Ok(weight.map_err(Error::index(&part.path))?.into())
    }

    /// The segments that may have something, with what passes the filter in them; newest partition first.
    pub(super) fn select(&self, filter: &Filter, unit: Unit) -> Result<Vec<Hits<'_>>, Error> {
        self.select_by(filter, unit, filter.q.as_ref().map(superset::plan))
    }

    /// The same with another plan than that of the filter's search.
    pub(super) fn select_by(
        &self,
        filter: &Filter,
        unit: Unit,
        plan: Option<superset::Plan>,
    ) -> Result<Vec<Hits<'_>>, Error> {
        let mut all = Vec::new();
        let exact = plan.as_ref().is_none_or(|p| p.exact);
        let ever = Filter {
            from: None,
            to: None,
            ..filter.clone()
        };
        let other = plan.as_ref().filter(|_| filter.q.is_none());
        let other = other.map(|plan| format!("{plan:?}")).unwrap_or_default();
        for part in self.parts() {
            let span = (part.span.start(), part.span.end());
            let corrected = self.marks().stamp(span).is_some_and(|s| s.corrected > 0);
            let corrected = corrected && !filter.sentiments.is_all();
            if !is_within(filter, span) {
                continue;
            }
            let weight = |filter: &Filter| self.weight(filter, unit, part, corrected, plan.as_ref());
            let (mut cut, mut whole) = (None, None);
            for (ord, segment) in part.searcher.segment_readers().iter().enumerate() {
                let extent = extent(segment, part)?;
                if !is_within(filter, (extent.0, extent.1.saturating_add(1))) {
                    continue;
                }
                // Where all of it is of the filter's time, nobody need look at the time of each.
                let is_whole = filter.from.is_none_or(|from| from <= extent.0)
                    && filter.to.is_none_or(|to| extent.1 < to);
                let weight = match (is_whole, &mut whole, &mut cut) {
                    (true, Some(whole), _) | (false, _, Some(whole)) => Arc::clone(whole),
                    (true, whole, _) => whole.insert(weight(&ever)?).clone(),
                    (false, _, cut) => cut.insert(weight(filter)?).clone(),
                };
                // Read first: what a rollup is about is the base to begin with.
                let rollup = self.kept().rollup(segment, &part.path);
                let base = self.kept().view(segment, None);
                let asked = format!("{corrected}{other}{}", self.within(filter, unit, extent, part));
                let marks = self.segment_marks(segment, part, extent)?;
                let by_marks: Vec<_> = filter.marks.iter().filter(|c| !c.is_all()).cloned().collect();
                let labels = match corrected {
                    true => Some((Labels::new(segment, part, &marks)?, filter.sentiments.clone())),
                    false => None,
                };
                let hours = Hours::of(&filter.hours, segment, part, extent)?;
                let is_asked = !by_marks.is_empty() || labels.is_some() || hours.is_some();
                let rule = is_asked.then_some(Rule {
                    by_marks,
                    labels,
                    hours,
                });
                all.push(Hits {
                    part,
                    ord: ord as u32,
                    segment,
                    marks,
                    rollup: rollup.filter(|rollup| rollup.whole.stamp == base.stamp),
                    base,
                    snapshot: self,
                    found: Found::Weight(weight, OnceLock::new(), asked),
                    rule,
                });
            }
        }
        if let (Some(search), false) = (&filter.q, exact) {
            let found = parallel::map(&all, |hits| self.verified(hits, search));
            for (hits, docs) in all.iter_mut().zip(found) {
                hits.found = Found::Docs(docs?);
            }
        }
        Ok(all)
    }

    /// The candidates of a segment that a search really matches.
    fn verified(&self, hits: &Hits<'_>, search: &Search) -> Result<Arc<Vec<DocId>>, Error> {
        let Found::Weight(weight, _, asked) = &hits.found else {
            return Ok(Arc::default());
        };
        let key = KeptKey::at(hits.segment, hits.base.stamp, &format!("docs {asked}"));
        self.kept().get_or(key, Kept::docs, || {
            let pseudonyms = search.pseudonyms.as_deref();
            let mut checker = Checker::new(&search.query, pseudonyms.map(|f| f as &dyn Fn(&str) -> String));
            let docs = verify(&mut checker, weight.as_ref(), hits, self.fields())?;
            Ok(Kept::Docs(Arc::new(docs)))
        })
    }
}

/// Whether a time, its end exclusive, meets that of a filter.
fn is_within(filter: &Filter, (begin, end): (Millis, Millis)) -> bool {
    filter.from.is_none_or(|from| from < end) && filter.to.is_none_or(|to| begin < to)
}

/// Whether a filter looks at what new engagement changes.
fn asks_counts(filter: &Filter) -> bool {
    let ranges = [
        filter.engagement_from,
        filter.engagement_to,
        filter.since,
        filter.upto,
    ];
    ranges.iter().any(Option::is_some)
}

/// The candidates that the query really matches.
fn verify(
    checker: &mut Checker,
    weight: &dyn Weight,
    hits: &Hits<'_>,
    fields: &Fields,
) -> Result<Vec<DocId>, Error> {
    let path = &hits.part.path;
    let failed = Error::index(path);
    let mut candidates = Vec::new();
    weight
        .for_each_no_score(hits.segment, &mut |docs| {
            candidates.extend(docs.iter().filter(|doc| hits.base.is_alive(**doc)));
        })
        .map_err(&failed)?;
    let store = hits
        .segment
        .get_store_reader(VERIFY_CACHE_BLOCKS)
        .map_err(Error::io("read", path))?;
    let mut matches = Vec::new();
    for doc in candidates {
        let document = store.get(doc).map_err(&failed)?;
        let mention = fields.mention(&document, path)?;
        if checker.matches(&Document::from_post(&mention.post, &mention.lang)) {
            matches.push(doc);
        }
    }
    Ok(matches)
}

/// The parts of a filter as clauses, without its query, in one partition that its time meets. Where sentiments are `corrected` by hand, they are looked at later.
fn compile(filter: &Filter, unit: Unit, fields: &Fields, part: &Part, corrected: bool) -> Clauses {
    let (start, end) = (part.span.start(), part.span.end());
    let mut clauses = Clauses::default();
    if let Some(project) = &filter.project {
        clauses.must(term(Term::from_field_text(fields.project, project)));
    }
    if filter.is_of_posts(unit) {
        clauses.must(term(Term::from_field_bool(fields.primary, true)));
    }
    let from = filter.from.filter(|from| *from > start);
    let to = filter.to.filter(|to| *to < end);
    if from.is_some() || to.is_some() {
        let bound = |at: i64| Term::from_field_i64(fields.created, at);
        let lower = from.map_or(Bound::Unbounded, |at| Bound::Included(bound(at)));
        let upper = to.map_or(Bound::Unbounded, |at| Bound::Excluded(bound(at)));
        clauses.must(Box::new(RangeQuery::new(lower, upper)));
    }
    clauses.between(fields.followers, (filter.followers_from, filter.followers_to));
    let text = |field: Field| move |value: &String| Term::from_field_text(field, value);
    let folded = |field: Field| move |value: &String| Term::from_field_text(field, &text::fold(value));
    clauses.choose(&filter.monitors, text(fields.monitor));
    clauses.choose(&filter.sources, text(fields.source));
    clauses.choose(&filter.langs, text(fields.lang));
    clauses.choose(&filter.kinds, |kind| {
        Term::from_field_text(fields.kind, kind.name())
    });
    if !corrected {
        clauses.choose(&filter.sentiments, |label| {
            Term::from_field_u64(fields.sentiment, *label as u64)
        });
    }
    clauses.choose(&filter.authors, |author| fields.of_author(*author));
    clauses.choose(&filter.hashtags, folded(fields.hashtag));
    clauses.choose(&filter.sites, folded(fields.site));
    clauses.choose(&filter.terms, folded(fields.word));
    clauses.choose(&filter.emotions, text(fields.emotion));
    clauses.choose(&filter.intents, text(fields.intent));
    clauses.choose(&filter.classes, text(fields.class));
    clauses.choose(&filter.entities, folded(fields.entity));
    clauses.choose(&filter.aspects, folded(fields.aspect));
    clauses.choose(&filter.countries, text(fields.country));
    clauses.choose(&filter.media, folded(fields.media));
    clauses.choose(&filter.models, text(fields.model));
    clauses.choose(&filter.topics, |topic| {
        Term::from_field_text(fields.topic, &topic.to_string())
    });
    clauses.copies(&filter.copies, fields);
    clauses.choose(&filter.links, |url| {
        Term::from_field_text(fields.link, &words::link(url).unwrap_or_default())
    });
    if let Some((voice, accounts)) = &filter.voice {
        clauses.voice(*voice, accounts, fields);
    }
    clauses.sense(&filter.sense, fields);
    clauses.choose(&filter.related, |post| fields.related_to(*post));
    let context = Term::from_field_text(fields.project, CONTEXT);
    // Where none is kept, nothing need be left out.
    let is_there = part.searcher.doc_freq(&context).unwrap_or(1) > 0;
    match filter.context {
        Context::Only => clauses.must(term(context)),
        Context::Without if is_there => clauses.must_not(term(context)),
        Context::Without | Context::With => {}
    }
    clauses
}
