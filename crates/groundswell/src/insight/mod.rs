//! Insight for strategy: when to post, what moves sentiment, where competitors are ahead, who is listened to, and the week in
//! sentences that each lead to their evidence.
//!
//! Everything here asks one snapshot of the store and the control state, so that the API, the reports and the command line say
//! the same. The formulas are those of `trends::insight`. Sentiment is that of the labels, as corrected by hand: what is
//! compared here is compared with itself, post by post and author by author, which sums corrected for the models'
//! mistakes cannot be.

pub(crate) mod claims;
pub(crate) mod drivers;
pub(crate) mod gaps;
pub(crate) mod influencers;
pub(crate) mod objective;
mod own;
pub(crate) mod questions;
pub(crate) mod times;
pub(crate) mod weekly;
pub(crate) mod words;

use crate::analytics::Value;
use crate::analytics::period::Against;
use crate::api::types::{FilterParams, Monitor, Role};
use crate::api::{Failure, control_failure};
use crate::control::Control;
use jiff::tz::TimeZone;
use post::Millis;
use store::{Choice, Dimension, Filter, Label, PostRow, Snapshot};
use trends::Estimate;
use trends::insight::Judged;

/// Posts looked at one by one at most.
const ROWS: usize = 1_000_000;
/// What is called beyond chance is at this false discovery rate, over all that was tested for one answer.
const RATE: f64 = 0.05;

/// What all answers are made from.
pub(crate) struct Ground<'a> {
    /// The control state.
    pub(crate) control: &'a Control,
    /// One state of the store.
    pub(crate) snapshot: &'a Snapshot,
    /// The project.
    pub(crate) project: String,
    /// Which mentions, its period included.
    pub(crate) filter: Filter,
    /// The same as parameters: evidence is asked for by these.
    pub(crate) params: FilterParams,
    /// Begin of the period.
    pub(crate) from: Millis,
    /// Its end, exclusive.
    pub(crate) to: Millis,
    /// The time zone of hours and days.
    pub(crate) zone: TimeZone,
    /// Now.
    pub(crate) now: Millis,
}

impl Ground<'_> {
    /// The same in another period.
    pub(crate) fn during(&self, from: Millis, to: Millis) -> Filter {
        Filter {
            from: Some(from),
            to: Some(to),
            ..self.filter.clone()
        }
    }

    /// The period before, of equal length.
    pub(crate) fn before(&self) -> Option<(Millis, Millis)> {
        Against::Previous.of(self.from, self.to, &self.zone)
    }

    /// The filter as parameters with its period fixed, and narrower: the posts behind a claim.
    pub(crate) fn evidence(&self, narrow: impl FnOnce(&mut FilterParams)) -> FilterParams {
        let mut params = FilterParams {
            project: Some(self.project.clone()),
            from: Some(self.from),
            to: Some(self.to),
            upto: None,
            ..self.params.clone()
        };
        narrow(&mut params);
        params
    }

    /// The project's monitors.
    pub(crate) fn monitors(&self) -> Result<Vec<Monitor>, Failure> {
        self.control.monitors(&self.project).map_err(control_failure)
    }

    /// The monitors that are looked at: those that the filter names, where it names some.
    pub(crate) fn looked_at(&self) -> Result<Vec<Monitor>, Failure> {
        let named = &self.filter.monitors;
        let mut monitors = self.monitors()?;
        monitors.retain(|m| {
            (named.include.is_empty() || named.include.contains(&m.id)) && !named.exclude.contains(&m.id)
        });
        Ok(monitors)
    }

    /// Those of them with a role.
    pub(crate) fn with_role(&self, role: Role) -> Result<Vec<Monitor>, Failure> {
        let mut monitors = self.looked_at()?;
        monitors.retain(|m| m.role == role);
        Ok(monitors)
    }

    /// The posts under a filter, one by one, those without an author left out.
    fn posts(
        &self,
        filter: &Filter,
        by: Option<(Dimension, &[String])>,
    ) -> Result<Vec<(u64, PostRow)>, Failure> {
        let rows = self.snapshot.post_rows(filter, by, ROWS).map_err(refused)?;
        let signed = rows.into_iter().filter_map(|row| Some((row.author?, row)));
        Ok(signed.collect())
    }

    /// The labelled posts under a filter.
    fn judged(&self, filter: &Filter, by: Option<(Dimension, &[String])>) -> Result<Vec<Judged>, Failure> {
        let judged = |(author, row): (u64, PostRow)| {
            let score = match row.label? {
                Label::Negative => -1,
                Label::Neutral => 0,
                Label::Positive => 1,
            };
            Some(Judged {
                author,
                score,
                keys: row.values,
            })
        };
        Ok(self.posts(filter, by)?.into_iter().filter_map(judged).collect())
    }
}

/// Only these monitors.
pub(crate) fn of_monitors<'m>(filter: &Filter, monitors: impl IntoIterator<Item = &'m Monitor>) -> Filter {
    Filter {
        monitors: Choice::only(monitors.into_iter().map(|m| m.id.clone())),
        ..filter.clone()
    }
}

/// The ids of monitors, as a parameter.
pub(crate) fn ids<'m>(monitors: impl IntoIterator<Item = &'m Monitor>) -> Option<String> {
    let ids: Vec<&str> = monitors.into_iter().map(|m| m.id.as_str()).collect();
    Some(ids.join(","))
}

/// What the store refuses to answer is a fault of the question.
pub(crate) fn refused(error: store::Error) -> Failure {
    match error {
        store::Error::Question(message) => Failure::Bad(message),
        other => other.into(),
    }
}

/// A figure of `n` things without an interval.
fn plain(value: Option<f64>, n: u64) -> Value {
    Value {
        value,
        n: Some(n),
        ..Value::default()
    }
}

fn shown(estimate: Estimate, n: u64) -> Value {
    Value::interval(Some(estimate), n)
}

/// A dimension by which posts are told apart in words: what is judged, topics, names, words, hashtags.
pub(crate) fn subject(name: Option<&str>) -> Result<(String, Dimension), Failure> {
    const KNOWN: [&str; 5] = ["aspect", "topic", "entity", "term", "hashtag"];
    let name = name.filter(|n| !n.is_empty()).unwrap_or("aspect");
    let known = KNOWN.iter().filter(|n| Dimension::from_name(n).is_some());
    let found = known.clone().find(|n| **n == name);
    match found.and_then(|n| Dimension::from_name(n)) {
        Some(dimension) => Ok((name.to_owned(), dimension)),
        None => Err(Failure::Bad(format!(
            "`{name:.40}` is nothing to speak of; known: {}",
            known.copied().collect::<Vec<_>>().join(", ")
        ))),
    }
}

/// Narrows parameters to one value of a dimension of [`subject`].
pub(crate) fn narrowed(params: &mut FilterParams, by: &str, key: &str) {
    let value = Some(key.to_owned());
    match by {
        "aspect" => params.aspect = value,
        "entity" => params.entity = value,
        "term" => params.term = value,
        "hashtag" => params.hashtag = value,
        "topic" => params.topic = value,
        _ => params.q = value,
    }
}

/// Which of these probabilities are beyond chance together.
pub(crate) fn beyond(p: &[f64]) -> Vec<bool> {
    trends::peaks::accept(p, RATE)
}
