//! What moves net sentiment.

use super::own::OwnWords;
use super::{Ground, beyond, narrowed, plain, shown, subject};
use crate::analytics::{Value, counts};
use crate::api::types::FilterParams;
use crate::api::{Failure, rules};
use serde::Serialize;
use std::collections::HashSet;
use store::{Dimension, Filter, Measures};
use trends::insight::{Driver, Judged, drivers};
use utoipa::ToSchema;

/// Subjects of each period, and of both together, at most.
const SUBJECTS: usize = 30;
const MOST: usize = 60;

/// What moves net sentiment in a period, and what moved it since the period before.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DriversOf {
    /// What posts are told apart by: `aspect`, `topic`, `entity`, `term`, `hashtag`.
    pub(crate) by: String,
    /// Labelled posts with an author.
    pub(crate) posts: u64,
    /// The same in the period before.
    pub(crate) posts_before: u64,
    /// Net sentiment by the labels; not told below 30. Intervals take all posts of an author as one draw.
    pub(crate) net: Value,
    /// The same in the period before.
    pub(crate) net_before: Value,
    /// How it changed.
    pub(crate) change: Value,
    /// The subjects, the largest part in either direction first.
    pub(crate) subjects: Vec<SubjectDriver>,
    /// The posts that speak of none of them, or only of what the monitors look for, or of those with fewer than 30 posts: its part and those of the subjects add up
    /// to the change.
    pub(crate) rest: SubjectDriver,
}

/// What one subject does.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SubjectDriver {
    /// The subject; empty for the rest.
    pub(crate) key: String,
    /// Labelled posts that speak of it.
    pub(crate) posts: u64,
    /// The same in the period before.
    pub(crate) posts_before: u64,
    /// Their authors.
    pub(crate) people: u64,
    /// Its share of the labelled posts, with Wilson's interval.
    pub(crate) share: Value,
    /// Its net sentiment; not told below 30.
    pub(crate) net: Value,
    /// The same in the period before.
    pub(crate) net_before: Value,
    /// What it adds to net sentiment now: its share × (its net sentiment − the rest's), with its 95 % interval.
    pub(crate) adds: Value,
    /// The probability that chance alone adds as much.
    pub(crate) adds_p: Option<f64>,
    /// Its part of the change since the period before, with its 95 % interval.
    pub(crate) part: Value,
    /// Of that, what comes from how it is judged; the rest comes from how much it is spoken of.
    pub(crate) part_judged: Option<f64>,
    /// The probability that chance alone gives such a part.
    pub(crate) part_p: Option<f64>,
    /// Whether what it adds is beyond chance, when everything in this answer is looked at together.
    pub(crate) adds_beyond_chance: bool,
    /// Whether its part is.
    pub(crate) part_beyond_chance: bool,
    /// The filter of its posts.
    pub(crate) evidence: Option<FilterParams>,
}

/// What moves net sentiment under the filter, told apart by a subject of posts.
pub(crate) fn drivers_of(g: &Ground<'_>, by: Option<&str>) -> Result<DriversOf, Failure> {
    let (by, dimension) = subject(by)?;
    if !rules::check_person(g.snapshot, &g.filter)? {
        return Err(rules::no_person_scores());
    }
    let earlier = g.before().map(|(from, to)| g.during(from, to));
    let keys = keys(g, dimension, earlier.as_ref())?;
    let now = g.judged(&g.filter, Some((dimension, &keys)))?;
    let before = match &earlier {
        Some(filter) => g.judged(filter, Some((dimension, &keys)))?,
        None => Vec::new(),
    };
    let found = drivers(&now, &before, keys.len());
    let view = |place: usize, driver: &Driver| {
        let key = keys.get(place).cloned().unwrap_or_default();
        SubjectDriver {
            evidence: (!key.is_empty()).then(|| g.evidence(|f| narrowed(f, &by, &key))),
            people: people(&now, place, keys.len()),
            ..view(key, driver, &found)
        }
    };
    let mut all: Vec<SubjectDriver> = found
        .drivers
        .iter()
        .enumerate()
        .map(|(i, d)| view(i, d))
        .collect();
    mark(&mut all);
    let rest = all
        .pop()
        .ok_or_else(|| Failure::Internal("no rest of subjects".to_owned()))?;
    let size = |d: &SubjectDriver| {
        let of = |v: &Value| v.value.map_or(0.0, f64::abs);
        of(&d.adds).max(of(&d.part))
    };
    all.retain(|d| d.posts + d.posts_before > 0);
    all.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| b.posts.cmp(&a.posts)));
    let [n, n_before] = found.posts;
    Ok(DriversOf {
        by,
        posts: n,
        posts_before: n_before,
        net: Value::interval(found.net[0], n),
        net_before: Value::interval(found.net[1], n_before),
        change: Value::interval(found.change, n + n_before),
        subjects: all,
        rest,
    })
}

/// The subjects with most posts in either period, without what is looked for: it is in nearly every post and drives nothing.
fn keys(g: &Ground<'_>, by: Dimension, earlier: Option<&Filter>) -> Result<Vec<String>, Failure> {
    let own = OwnWords::of(g, &g.looked_at()?)?;
    let mut keys: Vec<String> = Vec::new();
    for filter in [Some(&g.filter), earlier].into_iter().flatten() {
        let top = counts::breakdown(g.snapshot, filter, by, SUBJECTS, Measures::default())?;
        for item in top.items {
            if keys.len() < MOST && !keys.contains(&item.key) && !own.is(&item.key) {
                keys.push(item.key);
            }
        }
    }
    Ok(keys)
}

fn people(posts: &[Judged], place: usize, rest: usize) -> u64 {
    let speaks = |p: &&Judged| match place == rest {
        true => p.keys == 0,
        false => p.keys >> place & 1 == 1,
    };
    let authors: HashSet<u64> = posts.iter().filter(speaks).map(|p| p.author).collect();
    authors.len() as u64
}

fn view(key: String, d: &Driver, all: &trends::insight::Drivers) -> SubjectDriver {
    let [posts, posts_before] = d.posts;
    let estimate = |e: Option<trends::Estimate>, n: u64| e.map_or_else(|| plain(None, n), |e| shown(e, n));
    SubjectDriver {
        key,
        posts,
        posts_before,
        people: 0,
        share: Value::share(posts, all.posts[0]),
        net: plain(d.net[0], posts),
        net_before: plain(d.net[1], posts_before),
        adds: estimate(d.adds, posts),
        adds_p: d.adds_p,
        part: estimate(d.part, posts + posts_before),
        part_judged: d.judged,
        part_p: d.part_p,
        adds_beyond_chance: false,
        part_beyond_chance: false,
        evidence: None,
    }
}

/// Marks what is beyond chance together.
fn mark(all: &mut [SubjectDriver]) {
    let p: Vec<f64> = all
        .iter()
        .flat_map(|d| [d.adds_p, d.part_p])
        .map(|p| p.unwrap_or(f64::NAN))
        .collect();
    let beyond = beyond(&p);
    for (driver, marks) in all.iter_mut().zip(beyond.chunks(2)) {
        driver.adds_beyond_chance = marks[0];
        driver.part_beyond_chance = marks[1];
    }
}
