//! Insight for strategy, each part as an answer with its permalink.

use super::Ground;
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::filter::Asked;
use crate::api::measure::annotations::{Around, AroundParams, around_of};
use crate::api::measure::permalinks::Pinned;
use crate::api::types::{ApiError, FilterParams, MentionView, PolicyLabel, Role};
use crate::api::{App, Failure, Shared, rules};
use crate::insight::drivers::{DriversOf, drivers_of};
use crate::insight::gaps::{GapsOf, gaps_of};
use crate::insight::influencers::{InfluencersOf, influencers_of};
use crate::insight::questions::{Unanswered, unanswered};
use crate::insight::times::{BestTimes, best_times};
use crate::insight::weekly::{WeekOf, actions, week_of};
use crate::insight::{self, ids};
use axum::Json;
use axum::extract::Path;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use store::Snapshot;
use utoipa::{IntoParams, ToSchema};

const DAY: i64 = 24 * 3_600_000;
/// The period where none is given: a week, and for best times four.
const WEEK: i64 = 7 * DAY;
const MONTH: i64 = 28 * DAY;

/// An insight, by the last part of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum InsightName {
    /// Best times.
    Times,
    /// What moves sentiment.
    Drivers,
    /// Where competitors are ahead.
    Gaps,
    /// Who is listened to.
    Influencers,
    /// The week.
    Weekly,
}

/// How an insight is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct InsightParams {
    /// Time zone of days and hours, as `Europe/Berlin` (default `UTC`).
    zone: Option<String>,
    /// What posts are told apart by, for drivers and gaps: `aspect` (default), `topic`, `entity`, `term` or `hashtag`, as far as
    /// this installation has them.
    by: Option<String>,
}

/// An insight as it is pinned.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct InsightAsked {
    /// Which.
    name: InsightName,
    /// How it is asked for.
    #[serde(flatten)]
    how: InsightParams,
}

/// What every insight says beside its own answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Frame {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The time zone of its days and hours.
    zone: String,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
    /// The question with its period fixed: `POST /api/v1/projects/{project}/permalinks` keeps it with its answer.
    permalink: Pinned,
}

/// Best times.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TimesPage {
    #[serde(flatten)]
    frame: Frame,
    #[serde(flatten)]
    times: BestTimes,
}

/// What moves net sentiment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DriversPage {
    #[serde(flatten)]
    frame: Frame,
    #[serde(flatten)]
    drivers: DriversOf,
}

/// Where competitors are ahead, and what waits for an answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct GapsPage {
    #[serde(flatten)]
    frame: Frame,
    #[serde(flatten)]
    gaps: GapsOf,
    /// Questions, then complaints, about our brands.
    unanswered: Vec<Unanswered>,
    /// The newest of those without an answer.
    examples: Vec<MentionView>,
}

/// Who is listened to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct InfluencersPage {
    #[serde(flatten)]
    frame: Frame,
    #[serde(flatten)]
    influencers: InfluencersOf,
}

/// What changed, and what to try.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WeeklyPage {
    #[serde(flatten)]
    frame: Frame,
    #[serde(flatten)]
    week: WeekOf,
    /// Actions of the last four weeks, the newest first, with what was measured before and after each.
    followed: Vec<Followed>,
}

/// An action and what became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Followed {
    /// The action's annotation.
    annotation: crate::control::Annotation,
    /// Before and after it, over up to seven days, beside competitors where there are some; `null` where it is not over for
    /// a day yet.
    around: Option<Around>,
}

/// Reads what an insight is asked for, and gives its answer.
async fn asked<T: Send + 'static>(
    app: Shared,
    access: Access,
    (project, filter): (String, FilterParams),
    (name, how): (InsightName, InsightParams),
    answer: impl FnOnce(&Asking<'_>) -> Result<T, Failure> + Send + 'static,
) -> Result<Json<T>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let asking = Asking::read(&app, &access, &snapshot, (&project, &filter), name, &how)?;
        answer(&asking).map(Json)
    })
    .await
}

/// When posts meet with more than their authors are used to: by hour of the week and platform, over four weeks where no period
/// is given. It goes together with the hours; that they cause it is not said.
#[utoipa::path(get, path = "/projects/{project}/insights/times", operation_id = "insight_times", tag = "insights",
    params(("project" = String, Path), FilterParams, InsightParams),
    responses((status = 200, body = TimesPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn times(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<InsightParams>,
) -> Result<Json<TimesPage>, Failure> {
    asked(app, access, (project, filter), (InsightName::Times, how), |a| {
        a.times()
    })
    .await
}

/// Which aspects, topics, names or words move net sentiment, and what of its change each carries: the parts add up to it.
#[utoipa::path(get, path = "/projects/{project}/insights/drivers", operation_id = "insight_drivers", tag = "insights",
    params(("project" = String, Path), FilterParams, InsightParams),
    responses((status = 200, body = DriversPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn drivers(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<InsightParams>,
) -> Result<Json<DriversPage>, Failure> {
    asked(app, access, (project, filter), (InsightName::Drivers, how), |a| {
        a.drivers()
    })
    .await
}

/// Where competitors are judged better or talked of more, and which questions and complaints about us have no answer.
#[utoipa::path(get, path = "/projects/{project}/insights/gaps", operation_id = "insight_gaps", tag = "insights",
    params(("project" = String, Path), FilterParams, InsightParams),
    responses((status = 200, body = GapsPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn gaps(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<InsightParams>,
) -> Result<Json<GapsPage>, Failure> {
    asked(app, access, (project, filter), (InsightName::Gaps, how), |a| {
        a.gaps()
    })
    .await
}

/// Who is answered, repeated and quoted by others, with every figure that the order comes from. There is no score.
#[utoipa::path(get, path = "/projects/{project}/insights/influencers", operation_id = "insight_influencers", tag = "insights",
    params(("project" = String, Path), FilterParams, InsightParams),
    responses((status = 200, body = InfluencersPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn influencers(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<InsightParams>,
) -> Result<Json<InfluencersPage>, Failure> {
    asked(
        app,
        access,
        (project, filter),
        (InsightName::Influencers, how),
        |a| a.influencers(),
    )
    .await
}

/// What changed and what to try: sentences with figures that are beyond chance over the whole page, each with its posts, over the
/// last seven days where no period is given; what was found, and what became of actions.
#[utoipa::path(get, path = "/projects/{project}/insights/weekly", operation_id = "insight_weekly", tag = "insights",
    params(("project" = String, Path), FilterParams, InsightParams),
    responses((status = 200, body = WeeklyPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn weekly(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<InsightParams>,
) -> Result<Json<WeeklyPage>, Failure> {
    asked(app, access, (project, filter), (InsightName::Weekly, how), |a| {
        a.weekly()
    })
    .await
}

/// The answer to a pinned question.
pub(in crate::api::measure) fn of(
    app: &App,
    access: &Access,
    snapshot: &Snapshot,
    asked: Asked,
    pinned: &Pinned,
    insight: &InsightAsked,
) -> Result<serde_json::Value, Failure> {
    rules::check(access, &asked.filter)?;
    let ground = Ground {
        app,
        access,
        snapshot,
        asked,
        zone: None,
        interval: None,
    };
    let asking = Asking::new(ground, pinned.filter.clone(), insight.clone())?;
    Ok(match insight.name {
        InsightName::Times => serde_json::json!(asking.times()?),
        InsightName::Drivers => serde_json::json!(asking.drivers()?),
        InsightName::Gaps => serde_json::json!(asking.gaps()?),
        InsightName::Influencers => serde_json::json!(asking.influencers()?),
        InsightName::Weekly => serde_json::json!(asking.weekly()?),
    })
}

/// A question that was read.
struct Asking<'a> {
    g: Ground<'a>,
    filter: FilterParams,
    zone: TimeZone,
    zone_name: String,
    insight: InsightAsked,
}

impl<'a> Asking<'a> {
    fn read(
        app: &'a App,
        access: &'a Access,
        snapshot: &'a Snapshot,
        (project, filter): (&str, &FilterParams),
        name: InsightName,
        how: &InsightParams,
    ) -> Result<Self, Failure> {
        let mut filter = filter.clone();
        if filter.from.is_none() {
            let to = filter.to.unwrap_or_else(|| crate::clock::now() + 1);
            let length = if name == InsightName::Times { MONTH } else { WEEK };
            filter.from = Some(to.saturating_sub(length));
            filter.to = Some(to);
        }
        let ground = Ground::new(app, access, snapshot, project, &filter)?;
        let insight = InsightAsked {
            name,
            how: how.clone(),
        };
        Self::new(ground, filter, insight)
    }

    fn new(g: Ground<'a>, filter: FilterParams, insight: InsightAsked) -> Result<Self, Failure> {
        let zone_name = super::named(&insight.how.zone).unwrap_or_else(|| "UTC".to_owned());
        let zone = TimeZone::get(&zone_name).map_err(|_| {
            Failure::Bad(format!(
                "`{zone_name:.64}` is no time zone; say it as Europe/Berlin"
            ))
        })?;
        Ok(Self {
            g,
            filter,
            zone,
            zone_name,
            insight,
        })
    }

    fn ground(&self) -> insight::Ground<'_> {
        let g = &self.g;
        insight::Ground {
            control: &g.app.engine.control,
            snapshot: g.snapshot,
            project: g.asked.project.clone(),
            filter: g.asked.filter.clone(),
            params: self.filter.clone(),
            from: g.asked.from,
            to: g.asked.to,
            zone: self.zone.clone(),
            now: crate::clock::now(),
        }
    }

    fn frame(&self) -> Result<Frame, Failure> {
        let g = &self.g;
        Ok(Frame {
            from: g.asked.from,
            to: g.asked.to,
            zone: self.zone_name.clone(),
            generation: g.snapshot.generation(),
            policy_labels: rules::labels(g.snapshot, &g.asked.filter)?,
            permalink: Pinned {
                filter: FilterParams {
                    project: Some(g.asked.project.clone()),
                    from: Some(g.asked.from),
                    to: Some(g.asked.to),
                    ..self.filter.clone()
                },
                insight: Some(self.insight.clone()),
                ..Pinned::default()
            },
        })
    }

    fn times(&self) -> Result<TimesPage, Failure> {
        Ok(TimesPage {
            frame: self.frame()?,
            times: best_times(&self.ground())?,
        })
    }

    fn drivers(&self) -> Result<DriversPage, Failure> {
        Ok(DriversPage {
            frame: self.frame()?,
            drivers: drivers_of(&self.ground(), self.insight.how.by.as_deref())?,
        })
    }

    fn gaps(&self) -> Result<GapsPage, Failure> {
        let ground = self.ground();
        let unanswered = unanswered(&ground)?;
        let live = self.g.app.engine.live.load();
        let mut examples = Vec::new();
        for id in unanswered.iter().flat_map(|u| &u.newest) {
            let found = post::MentionId::from_hex(id).map(|id| self.g.snapshot.mention(id));
            if let Some(mention) = found.transpose()?.flatten() {
                let mark = self.g.snapshot.marks().of(mention.id);
                examples.push(crate::view::mention(&mention, mark, &live));
            }
        }
        Ok(GapsPage {
            frame: self.frame()?,
            gaps: gaps_of(&ground, self.insight.how.by.as_deref())?,
            unanswered,
            examples,
        })
    }

    fn influencers(&self) -> Result<InfluencersPage, Failure> {
        Ok(InfluencersPage {
            frame: self.frame()?,
            influencers: influencers_of(&self.ground())?,
        })
    }

    fn weekly(&self) -> Result<WeeklyPage, Failure> {
        let ground = self.ground();
        let followed = actions(&ground)?.into_iter().rev();
        Ok(WeeklyPage {
            frame: self.frame()?,
            week: week_of(&ground)?,
            followed: followed
                .map(|annotation| self.followed(&ground, annotation))
                .collect::<Result<_, Failure>>()?,
        })
    }

    fn followed(
        &self,
        ground: &insight::Ground<'_>,
        annotation: crate::control::Annotation,
    ) -> Result<Followed, Failure> {
        let over = annotation.until.unwrap_or(annotation.at);
        if over + DAY > ground.now {
            return Ok(Followed {
                annotation,
                around: None,
            });
        }
        let (brands, others) = (
            ground.with_role(Role::Brand)?,
            ground.with_role(Role::Competitor)?,
        );
        let some = |monitors: &[crate::api::types::Monitor]| ids(monitors).filter(|ids| !ids.is_empty());
        let params = AroundParams {
            metric: Some("mentions,authors,engagement,net_sentiment".to_owned()),
            monitor: some(&brands),
            control: some(&others),
            zone: Some(self.zone_name.clone()),
            ..AroundParams::default()
        };
        let (g, project) = (&self.g, &ground.project);
        let around = around_of(g.app, g.access, g.snapshot, project, annotation.clone(), &params)?;
        Ok(Followed {
            annotation,
            around: Some(around),
        })
    }
}
