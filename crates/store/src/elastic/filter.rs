//! From a [`Filter`] to the cluster's query language, its query aside.

use super::collect::in_hours;
use super::mapping::{field, number, place_of, same_bits};
use super::marked::Overlay;
use crate::document::{CONTEXT, written};
use crate::filter::{IRRELEVANT, Unit};
use crate::{Accounts, Choice, Context, Error, Filter, Label, Sense, Voice, WeekHour, words};
use serde_json::{Value, json};

/// A conjunction in the making.
#[derive(Debug, Clone, Default)]
pub(super) struct Clauses {
    must: Vec<Value>,
    not: Vec<Value>,
}

impl Clauses {
    /// The parts of a filter, without its query.
    pub(super) fn of(filter: &Filter, unit: Unit, overlay: &Overlay) -> Result<Self, Error> {
        let mut clauses = Self::default();
        if let Some(project) = &filter.project {
            clauses.must(term(field::PROJECT, project.as_str()));
        }
        if filter.is_of_posts(unit) {
            clauses.must(term(field::PRIMARY, true));
        }
        clauses.between(field::CREATED, filter.from, filter.to);
        let hours = |hours: &[WeekHour]| in_hours(hours, filter.from, filter.to);
        if !filter.hours.include.is_empty() {
            clauses.must(hours(&filter.hours.include));
        }
        if !filter.hours.exclude.is_empty() {
            clauses.not.push(hours(&filter.hours.exclude));
        }
        let numbers = |from: Option<u64>, to: Option<u64>| (from.map(number), to.map(number));
        let (from, to) = numbers(filter.followers_from, filter.followers_to);
        clauses.between(field::FOLLOWERS, from, to);
        let (from, to) = numbers(filter.engagement_from, filter.engagement_to);
        clauses.between(field::ENGAGEMENT, from, to);
        let after = |generation: u64| number(written(generation.saturating_add(1), false));
        clauses.between(field::WRITTEN, filter.since.map(after), filter.upto.map(after));
        let plain = |value: &String| value.clone();
        let folded = |value: &String| text::fold(value);
        clauses.choose(&filter.monitors, field::MONITOR, plain);
        clauses.choose(&filter.sources, field::SOURCE, plain);
        clauses.choose(&filter.langs, field::LANG, plain);
        clauses.choose(&filter.kinds, field::KIND, |kind| kind.name().to_owned());
        clauses.sentiments(&filter.sentiments, overlay)?;
        clauses.choose(&filter.authors, field::AUTHOR, ToString::to_string);
        clauses.choose(&filter.hashtags, "hashtag", folded);
        clauses.choose(&filter.sites, "site", folded);
        clauses.choose(&filter.terms, "word", folded);
        clauses.choose(&filter.emotions, "emotion", plain);
        clauses.choose(&filter.intents, "intent", plain);
        clauses.choose(&filter.classes, "class", plain);
        clauses.choose(&filter.entities, "entity", folded);
        clauses.choose(&filter.aspects, "aspect", folded);
        clauses.choose(&filter.countries, "country", plain);
        clauses.choose(&filter.media, "media", folded);
        clauses.choose(&filter.models, "model", plain);
        clauses.choose(&filter.topics, "topic", ToString::to_string);
        clauses.copies(&filter.copies);
        clauses.choose(&filter.links, "link", |url| words::link(url).unwrap_or_default());
        clauses.choose(&filter.related, field::RELATED, ToString::to_string);
        for choice in &filter.marks {
            let [kept, left_out] = overlay.chosen(choice)?;
            clauses.must.extend(kept);
            clauses.not.extend(left_out);
        }
        if let Some((voice, accounts)) = &filter.voice {
            clauses.voice(*voice, accounts);
        }
        clauses.sense(&filter.sense);
        match filter.context {
            Context::Only => clauses.must(term(field::PROJECT, CONTEXT)),
            Context::Without => clauses.not.push(term(field::PROJECT, CONTEXT)),
            Context::With => {}
        }
        Ok(clauses)
    }

    /// Labels, as corrected where they were.
    fn sentiments(&mut self, choice: &Choice<Label>, overlay: &Overlay) -> Result<(), Error> {
        let labelled = |labels: &[Label]| -> Result<Vec<Value>, Error> {
            labels.iter().map(|label| overlay.labelled(*label)).collect()
        };
        if !choice.include.is_empty() {
            let any = labelled(&choice.include)?;
            self.must(json!({"bool": {"should": any, "minimum_should_match": 1}}));
        }
        self.not.extend(labelled(&choice.exclude)?);
        Ok(())
    }

    /// What the monitors' own accounts published, or all but that.
    fn voice(&mut self, voice: Voice, accounts: &[Accounts]) {
        let own: Vec<Value> = accounts
            .iter()
            .map(|own| {
                let theirs = terms(field::ACCOUNT, own.accounts.clone());
                json!({"bool": {"filter": [term(field::MONITOR, own.monitor.as_str()), theirs]}})
            })
            .collect();
        match voice {
            Voice::Owned => self.must(json!({"bool": {"should": own, "minimum_should_match": 1}})),
            Voice::Earned => self.not.extend(own),
        }
    }

    /// Copies, their first posts included.
    fn copies(&mut self, groups: &Choice<u64>) {
        let of = |groups: &[u64]| {
            let numbers: Vec<i64> = groups.iter().map(|n| same_bits(*n)).collect();
            json!({"terms": {field::TEXT_HASH: numbers}})
        };
        if !groups.include.is_empty() {
            self.must(of(&groups.include));
        }
        if !groups.exclude.is_empty() {
            self.not.push(of(&groups.exclude));
        }
    }

    /// What models of relevance say.
    fn sense(&mut self, sense: &Sense) {
        let irrelevant = || term("class", IRRELEVANT);
        match sense {
            Sense::All => {}
            Sense::Only => self.must(irrelevant()),
            Sense::Without => self.not.push(irrelevant()),
            Sense::WithoutOf(monitors) => {
                let theirs = terms(field::MONITOR, monitors.clone());
                self.not.push(json!({"bool": {"filter": [irrelevant(), theirs]}}));
            }
        }
    }

    pub(super) fn must(&mut self, query: Value) {
        self.must.push(query);
    }

    /// Values from `from` on and below `to`.
    fn between(&mut self, name: &str, from: Option<i64>, to: Option<i64>) {
        if from.is_some() || to.is_some() {
            self.must(range(name, from, to));
        }
    }

    fn choose<T>(&mut self, choice: &Choice<T>, name: &str, text: impl Fn(&T) -> String) {
        let terms = |values: &[T]| terms(name, values.iter().map(&text).collect());
        if !choice.include.is_empty() {
            self.must(terms(&choice.include));
        }
        if !choice.exclude.is_empty() {
            self.not.push(terms(&choice.exclude));
        }
    }

    /// The query; nothing is scored.
    pub(super) fn into_query(self) -> Value {
        json!({"bool": {"filter": self.must, "must_not": self.not}})
    }
}

pub(super) fn term(name: &str, value: impl Into<Value>) -> Value {
    json!({"term": {name: value.into()}})
}

pub(super) fn terms(name: &str, values: Vec<String>) -> Value {
    json!({"terms": {name: values}})
}

/// Values from `from` on and below `to`.
pub(super) fn range(name: &str, from: Option<i64>, to: Option<i64>) -> Value {
    let mut bounds = serde_json::Map::new();
    bounds.extend(from.map(|at| ("gte".to_owned(), at.into())));
    bounds.extend(to.map(|at| ("lt".to_owned(), at.into())));
    json!({"range": {name: bounds}})
}

/// What comes after a place in the order newest first, as `search_after`.
pub(super) fn after(cursor: crate::Cursor) -> Value {
    json!([cursor.created_at, place_of(cursor.id)])
}
