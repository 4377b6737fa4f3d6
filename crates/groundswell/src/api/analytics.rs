//! Figures, series and breakdowns.

use super::access::Access;
use super::error::blocking;
use super::extract::Params;
use super::filter::{self, Asked};
use super::types::{
    ApiError, Breakdown, BreakdownItem, BreakdownParams, Figures, FilterParams, Overview, Series, SeriesLine,
    SeriesParams,
};
use super::{App, Failure, Shared, measure, rules};
use crate::analytics::counts;
use axum::Json;
use store::{Dimension, Measures};
use trends::{net_sentiment, share};

/// The headline figures of a period, and of the period of equal length before it.
#[utoipa::path(get, path = "/overview", tag = "analytics", params(FilterParams),
    responses((status = 200, body = Overview), (status = 400, body = ApiError)))]
pub(super) async fn overview(
    app: Shared,
    access: Access,
    Params(params): Params<FilterParams>,
) -> Result<Json<Overview>, Failure> {
    let asked = filter::ask(&app.engine, &params, crate::clock::now())?;
    rules::check(&access, &asked.filter)?;
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let length = asked.to - asked.from;
        let mut earlier = asked.filter.clone();
        (earlier.from, earlier.to) = (Some(asked.from - length), Some(asked.from));
        let of = |filter: &store::Filter| -> Result<Figures, Failure> {
            let scored = rules::check_person(&snapshot, filter)?;
            Ok(figures(&counts::figures(&snapshot, filter)?, scored))
        };
        let before = if reaches_back(&snapshot, &asked, length)? {
            Some(of(&earlier)?)
        } else {
            None
        };
        let now = of(&asked.filter)?;
        let left_out = match filter::without_automated(&params)? {
            true => {
                let with = filter::ask(
                    &app.engine,
                    &FilterParams {
                        automation: None,
                        ..params
                    },
                    asked.to,
                )?;
                let with = store::Filter {
                    from: Some(asked.from),
                    to: Some(asked.to),
                    ..with.filter
                };
                Some(snapshot.count(&with)?.saturating_sub(now.mentions))
            }
            false => None,
        };
        Ok(Json(Overview {
            left_out,
            from: asked.from,
            to: asked.to,
            now,
            before,
            policy_labels: rules::labels(&snapshot, &asked.filter)?,
            generation: snapshot.generation(),
        }))
    })
    .await
}

/// Whether the project has mentions from the first tenth of the period before, or older ones. Without, a change against that
/// period would be a change against a part of it, or nothing.
pub(super) fn reaches_back(snapshot: &store::Snapshot, asked: &Asked, length: i64) -> Result<bool, Failure> {
    let project = Some(asked.project.clone());
    let older = store::Filter {
        project,
        to: Some(asked.from - length + length / 10),
        ..store::Filter::default()
    };
    Ok(snapshot.mentions(&older, None, 1)?.total > 0)
}

/// The interval of a number that is estimated.
fn interval_of(authors: u64, error: u32) -> Option<[u64; 2]> {
    let off = (authors as f64 * f64::from(error) / 1e6 * trends::Z).ceil() as u64;
    (off > 0).then(|| [authors.saturating_sub(off), authors + off])
}

fn figures(f: &store::Figures, scored: bool) -> Figures {
    let [negative, neutral, positive] = if scored { f.sentiment } else { [0; 3] };
    Figures {
        mentions: f.mentions,
        authors: f.authors,
        authors_interval: interval_of(f.authors, f.authors_error),
        engagement: f.engagement,
        negative,
        neutral,
        positive,
        net_sentiment: net_sentiment(negative, neutral, positive).map(Into::into),
    }
}

/// Mentions over time, in all or split by a dimension.
#[utoipa::path(get, path = "/series", tag = "analytics", params(FilterParams, SeriesParams),
    responses((status = 200, body = Series), (status = 400, body = ApiError)))]
pub(super) async fn series(
    app: Shared,
    access: Access,
    Params(params): Params<FilterParams>,
    Params(cut): Params<SeriesParams>,
) -> Result<Json<Series>, Failure> {
    let asked = filter::ask(&app.engine, &params, crate::clock::now())?;
    let (step, length) = interval(cut.interval.as_deref(), &asked)?;
    let by = cut
        .by
        .as_deref()
        .filter(|b| !b.is_empty())
        .map(|name| dimension(name, true))
        .transpose()?;
    rules::check(&access, &asked.filter)?;
    rules::check_series(&access, by)?;
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let scored = rules::check_person(&snapshot, &asked.filter)?;
        if by == Some(Dimension::Sentiment) && !scored {
            return Err(rules::no_person_scores());
        }
        let s = counts::series(&snapshot, &asked.filter, by, step, length)?;
        Ok(Json(Series {
            interval_ms: s.interval_ms,
            times: s.times,
            lines: s
                .lines
                .into_iter()
                .map(|l| SeriesLine {
                    key: l.key,
                    total: l.total,
                    counts: l.counts,
                })
                .collect(),
            policy_labels: rules::labels(&snapshot, &asked.filter)?,
            generation: snapshot.generation(),
        }))
    })
    .await
}

/// The named step and its length. Buckets of a series are all of one length.
fn interval(name: Option<&str>, asked: &Asked) -> Result<(store::Step, i64), Failure> {
    let (name, step, length) = measure::interval(name, asked)?;
    if matches!(
        step,
        store::Step::Month | store::Step::Quarter | store::Step::Year
    ) {
        return Err(Failure::Bad(format!(
            "`{name}` has no length of its own; GET /api/v1/measure takes it"
        )));
    }
    if (asked.to - asked.from) / length >= store::MAX_BUCKETS as i64 {
        return Err(Failure::TooLarge(format!(
            "`{name}` gives {} points here, at most {} are answered; take a longer interval",
            (asked.to - asked.from) / length + 1,
            store::MAX_BUCKETS
        )));
    }
    Ok((step, length))
}

/// Mentions counted by one dimension.
#[utoipa::path(get, path = "/breakdown", tag = "analytics", params(FilterParams, BreakdownParams),
    responses((status = 200, body = Breakdown), (status = 400, body = ApiError)))]
pub(super) async fn breakdown(
    app: Shared,
    access: Access,
    Params(params): Params<FilterParams>,
    Params(by): Params<BreakdownParams>,
) -> Result<Json<Breakdown>, Failure> {
    let asked = filter::ask(&app.engine, &params, crate::clock::now())?;
    let dimension = dimension(&by.by, false)?;
    let limit = by.limit.unwrap_or(10).clamp(1, 200);
    rules::check(&access, &asked.filter)?;
    rules::check_breakdown(&access, dimension)?;
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let many = matches!(dimension, Dimension::Hashtag | Dimension::Term | Dimension::Site);
        let measures = Measures {
            authors: many,
            sentiment: true,
            ..Measures::default()
        };
        let guarded = access.aggregate_only() && rules::is_guarded(dimension);
        let b = match guarded {
            true => rules::breakdown(&snapshot, &asked.filter, dimension, limit, app.policy.small_cell)?,
            false => counts::breakdown(&snapshot, &asked.filter, dimension, limit, measures)?,
        };
        let scored = !guarded && rules::scores_may_be_split(&snapshot, &asked.filter, dimension)?;
        let labels = Labels::new(&app, dimension, &asked)?;
        let item = |i: store::BreakdownItem| BreakdownItem {
            label: labels.of(&i.key),
            share: share(i.mentions, b.total).map(Into::into),
            mentions: i.mentions,
            authors: many.then_some(i.authors),
            sentiment: scored.then_some(i.sentiment),
            key: i.key,
        };
        let items = b.items.into_iter().map(item).collect();
        Ok(Json(Breakdown {
            items,
            other: b.other,
            total: b.total,
            policy_labels: rules::labels(&snapshot, &asked.filter)?,
            generation: snapshot.generation(),
        }))
    })
    .await
}

fn dimension(name: &str, over_time: bool) -> Result<Dimension, Failure> {
    let found = Dimension::from_name(name);
    let lines = matches!(
        found,
        Some(Dimension::Monitor | Dimension::Sentiment | Dimension::Source | Dimension::Lang)
    );
    match found {
        Some(d) if lines || !over_time => Ok(d),
        _ if over_time => Err(Failure::Bad(format!(
            "`{name}` cannot split a series; monitor, sentiment, source and lang can"
        ))),
        _ => Err(Failure::Bad(format!(
            "`{name:.64}` is nothing to count by; known: {}",
            Dimension::NAMES.join(", ")
        ))),
    }
}

/// What to show for a value.
pub(super) enum Labels {
    Same,
    Known(std::collections::HashMap<String, String>),
}

impl Labels {
    pub(super) fn new(app: &App, dimension: Dimension, asked: &Asked) -> Result<Self, Failure> {
        match dimension {
            Dimension::Monitor => {
                let monitors = app
                    .engine
                    .control
                    .monitors(&asked.project)
                    .map_err(super::monitors::failure)?;
                Ok(Labels::Known(
                    monitors.into_iter().map(|m| (m.id, m.name)).collect(),
                ))
            }
            _ => Ok(Labels::Same),
        }
    }

    pub(super) fn of(&self, key: &str) -> String {
        match self {
            Labels::Same => key.to_owned(),
            Labels::Known(names) => names.get(key).cloned().unwrap_or_else(|| key.to_owned()),
        }
    }
}
