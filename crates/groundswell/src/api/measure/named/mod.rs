//! Named answers: what a page of the app, a report or a program needs in one round trip, out of one snapshot.
//!
//! Each is a handful of the questions that `GET /api/v1/measure` answers, and what no cut of sums can say.

pub(in crate::api) mod awareness;
pub(in crate::api) mod behaviour;
pub(in crate::api) mod channels;
pub(in crate::api) mod copies;
pub(in crate::api) mod entity;
pub(in crate::api) mod insights;
pub(in crate::api) mod overview;
pub(in crate::api) mod perceptions;
pub(in crate::api) mod preferences;
pub(in crate::api) mod thread;
mod topic_words;
pub(in crate::api) mod topics;
pub(in crate::api) mod topics_compared;
pub(in crate::api) mod topics_tree;

use super::types::{MeasureParams, Part};
use super::{answer, ask::Asking};
use crate::api::access::Access;
use crate::api::filter::{self, Asked};
use crate::api::monitors::failure;
use crate::api::types::FilterParams;
use crate::api::{App, Failure, rules};
use std::collections::BTreeMap;
use store::{Filter, Snapshot};

/// Mentions looked at one by one at most.
const ROWS: usize = 1_000_000;

/// What all parts of an answer are made from.
struct Ground<'a> {
    app: &'a App,
    access: &'a Access,
    snapshot: &'a Snapshot,
    asked: Asked,
    zone: Option<String>,
    interval: Option<String>,
}

impl<'a> Ground<'a> {
    /// Reads the filter of a question about a project.
    fn new(
        app: &'a App,
        access: &'a Access,
        snapshot: &'a Snapshot,
        project: &str,
        params: &FilterParams,
    ) -> Result<Self, Failure> {
        let params = FilterParams {
            project: Some(project.to_owned()),
            ..params.clone()
        };
        let asked = filter::ask(&app.engine, &params, crate::clock::now())?;
        rules::check(access, &asked.filter)?;
        Ok(Self {
            app,
            access,
            snapshot,
            asked,
            zone: None,
            interval: None,
        })
    }

    /// The same in a time zone and by an interval, where they are given.
    fn cut(self, zone: &Option<String>, interval: &Option<String>) -> Self {
        Self {
            zone: named(zone),
            interval: named(interval),
            ..self
        }
    }

    /// The same about something narrower.
    fn with(&self, narrow: impl FnOnce(&mut Filter)) -> Self {
        let mut filter = self.asked.filter.clone();
        narrow(&mut filter);
        let asked = Asked {
            filter,
            project: self.asked.project.clone(),
            ..self.asked
        };
        Self {
            asked,
            zone: self.zone.clone(),
            interval: self.interval.clone(),
            ..*self
        }
    }

    /// Metrics, cut as `params` say.
    fn part(&self, params: MeasureParams) -> Result<Part, Failure> {
        let params = MeasureParams {
            zone: self.zone.clone(),
            interval: self.interval.clone(),
            ..params
        };
        let asking = Asking::read(&params, &self.asked)?;
        asking.check(self.access)?;
        answer::part(self.app, self.access, self.snapshot, &self.asked, &asking)
    }

    /// Metrics by one dimension.
    fn by(&self, by: &str, metric: &str, limit: usize) -> Result<Part, Failure> {
        self.part(MeasureParams {
            metric: Some(metric.to_owned()),
            by: Some(by.to_owned()),
            limit: Some(limit),
            ..MeasureParams::default()
        })
    }

    /// The names of the project's monitors.
    fn monitors(&self) -> Result<BTreeMap<String, String>, Failure> {
        let monitors = self
            .app
            .engine
            .control
            .monitors(&self.asked.project)
            .map_err(failure)?;
        Ok(monitors.into_iter().map(|m| (m.id, m.name)).collect())
    }

    /// The monitors that the filter names, each known; `least` to `most` of them.
    fn chosen(&self, least: usize, most: usize) -> Result<Vec<(String, String)>, Failure> {
        let names = self.monitors()?;
        let ids = &self.asked.filter.monitors.include;
        if !(least..=most).contains(&ids.len()) {
            return Err(Failure::Bad(format!(
                "name {least} to {most} monitors as monitor=a,b; {} are named",
                ids.len()
            )));
        }
        ids.iter().map(|id| known(&names, id)).collect()
    }
}

/// A monitor with its name.
fn known(names: &BTreeMap<String, String>, id: &str) -> Result<(String, String), Failure> {
    let name = names.get(id);
    let name = name.ok_or_else(|| Failure::Bad(format!("the project has no monitor `{id:.64}`")))?;
    Ok((id.to_owned(), name.clone()))
}

fn named(text: &Option<String>) -> Option<String> {
    text.clone().filter(|t| !t.is_empty())
}
