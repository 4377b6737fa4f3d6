//! Channels: what a brand's own accounts publish, beside those of its competitors.

use super::{Ground, ROWS, known};
use crate::analytics::Value;
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::measure::types::{MeasureParams, Part};
use crate::api::monitors::failure;
use crate::api::types::{ApiError, FilterParams, PolicyLabel};
use crate::api::{Failure, Shared, rules};
use crate::control::Account;
use axum::Json;
use axum::extract::Path;
use post::{Kind, PostKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Accounts, Choice, Filter, Mention, Voice};
use utoipa::{IntoParams, ToSchema};

/// Channels compared at most.
const MOST: usize = 10;
/// Answers whose time is looked at, the newest.
const ANSWERS: usize = 2_000;
const PAGE: usize = 500;
const LIMIT: usize = 10;
const FIGURES: &str = "mentions,engagement,engagement_per_mention,engagement_rate,audience";
const DAY: f64 = 86_400_000.0;
const MINUTE: f64 = 60_000.0;

/// How channels are looked at.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct ChannelParams {
    /// Time zone of days and hours, as `Europe/Berlin` (default `UTC`).
    zone: Option<String>,
    /// Length of a bucket of the series; chosen where absent.
    interval: Option<String>,
}

/// Channels side by side.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ChannelsPage {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The time zone of its days and hours.
    zone: String,
    /// One for each monitor that has accounts of its own, in the order asked.
    channels: Vec<Channel>,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// What the own accounts of one monitor publish, as far as the monitor matches it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Channel {
    /// The monitor.
    monitor: String,
    /// Its name.
    label: String,
    /// Its accounts.
    accounts: Vec<Account>,
    /// Posts and what they met with, beside the period before.
    figures: Part,
    /// Posts over time.
    series: Part,
    /// Posts ÷ days of the period.
    per_day: Value,
    /// The middle of the times between two posts, in minutes, with its 95 % interval; `n` are those times.
    gap: Value,
    /// Posts, replies, reposts, quotes, with what they met with.
    kinds: Part,
    /// What stands beside the text.
    media: Part,
    /// Hashtags used.
    hashtags: Part,
    /// Words used.
    terms: Part,
    /// Posts by hour of the week, with what they met with.
    week: Part,
    /// How soon mentions are answered.
    replies: ReplyTime,
}

/// How soon the own accounts answer mentions of the monitor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReplyTime {
    /// The middle of the times from a mention to the first answer by an own account, in minutes, with its 95 % interval;
    /// `n` are the mentions answered. `null` where none is.
    median: Value,
    /// Mentions by others that were answered in this period, ÷ mentions by others in it.
    answered: Value,
    /// Answers by own accounts to posts that are not held: their time is not known.
    to_unheld: u64,
    /// Whether only the newest answers were looked at.
    sampled: bool,
}

/// Cadence, formats, topics, hours, engagement and reply time of the own accounts of monitors: those named by
/// `monitor=`, or all that have accounts (at most ten).
#[utoipa::path(get, path = "/projects/{project}/channels", operation_id = "channels", tag = "analytics",
    params(("project" = String, Path), FilterParams, ChannelParams),
    responses((status = 200, body = ChannelsPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn channels(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<ChannelParams>,
) -> Result<Json<ChannelsPage>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &filter)?.cut(&how.zone, &how.interval);
        let names = g.monitors()?;
        let own = app.engine.accounts.of(&project);
        let asked = &g.asked.filter.monitors.include;
        if let Some(id) = asked.iter().find(|id| !names.contains_key(*id)) {
            known(&names, id)?;
        }
        let wanted = |a: &&Accounts| asked.is_empty() || asked.contains(&a.monitor);
        let mut chosen: Vec<&Accounts> = own.iter().filter(wanted).collect();
        chosen.sort_by_key(|a| asked.iter().position(|id| *id == a.monitor));
        if chosen.len() > MOST {
            return Err(Failure::Bad(format!(
                "{} monitors have accounts; name at most {MOST} as monitor=a,b",
                chosen.len()
            )));
        }
        let channels = chosen.into_iter().map(|accounts| {
            let (id, label) = known(&names, &accounts.monitor)?;
            channel(&g, accounts, id, label)
        });
        Ok(Json(ChannelsPage {
            from: g.asked.from,
            to: g.asked.to,
            zone: g.zone.clone().unwrap_or_else(|| "UTC".to_owned()),
            channels: channels.collect::<Result<_, Failure>>()?,
            generation: snapshot.generation(),
            policy_labels: rules::labels(&snapshot, &g.asked.filter)?,
        }))
    })
    .await
}

fn channel(g: &Ground<'_>, accounts: &Accounts, monitor: String, label: String) -> Result<Channel, Failure> {
    let by_voice = |voice: Voice| {
        g.with(|f| {
            f.monitors = Choice::only([monitor.clone()]);
            f.voice = Some((voice, vec![accounts.clone()]));
        })
    };
    let (own, others) = (by_voice(Voice::Owned), by_voice(Voice::Earned));
    let figures = own.part(MeasureParams {
        metric: Some(FIGURES.to_owned()),
        compare: Some("previous".to_owned()),
        ..MeasureParams::default()
    })?;
    let posts = figures.total.first().and_then(|v| v.value).unwrap_or(0.0);
    let days = (g.asked.to - g.asked.from) as f64 / DAY;
    let series = MeasureParams {
        metric: Some("mentions,engagement".to_owned()),
        by: Some("time".to_owned()),
        ..MeasureParams::default()
    };
    let met = "mentions,engagement,engagement_per_mention";
    let kept = g.app.engine.control.accounts(&monitor).map_err(failure)?;
    Ok(Channel {
        label,
        accounts: kept,
        series: own.part(series)?,
        per_day: Value::ratio(posts, days, posts as u64),
        gap: gap(&own, &monitor)?,
        kinds: own.by("kind", met, LIMIT)?,
        media: own.by("media", met, LIMIT)?,
        hashtags: own.by("hashtag", "mentions", LIMIT)?,
        terms: own.by("term", "mentions", LIMIT)?,
        week: own.by("week_hour", met, LIMIT)?,
        replies: reply_time(&own, &others)?,
        figures,
        monitor,
    })
}

/// The middle of the times between two posts.
fn gap(own: &Ground<'_>, monitor: &str) -> Result<Value, Failure> {
    let rows = own.snapshot.rows(&own.asked.filter, &[monitor.to_owned()], ROWS);
    let mut times: Vec<i64> = rows?.iter().map(|r| r.at).collect();
    times.sort_unstable();
    Ok(middle(
        times.windows(2).map(|w| (w[1] - w[0]) as f64 / MINUTE).collect(),
    ))
}

fn middle(mut minutes: Vec<f64>) -> Value {
    let n = minutes.len() as u64;
    match trends::median(&mut minutes) {
        None => Value::interval(None, 0),
        Some((_, Some(estimate))) => Value::interval(Some(estimate), n),
        Some((value, None)) => Value {
            value: Some(value),
            n: Some(n),
            ..Value::default()
        },
    }
}

/// The answers by own accounts to what others said of the monitor.
fn reply_time(own: &Ground<'_>, others: &Ground<'_>) -> Result<ReplyTime, Failure> {
    let replies = Filter {
        kinds: Choice::only([Kind::Reply]),
        ..own.asked.filter.clone()
    };
    let mut first: BTreeMap<PostKey, f64> = BTreeMap::new();
    let (mut to_unheld, mut looked_at, mut cursor) = (0, 0, None);
    loop {
        let page = own.snapshot.mentions(&replies, cursor, PAGE)?;
        for reply in &page.items {
            match answered(own, reply)? {
                Answered::After(key, minutes) => {
                    // Newest first: an earlier answer to the same takes its place.
                    first.insert(key, minutes);
                }
                Answered::Unheld => to_unheld += 1,
                Answered::Own => {}
            }
        }
        looked_at += page.items.len();
        cursor = page.next;
        if cursor.is_none() || looked_at >= ANSWERS {
            break;
        }
    }
    let said = others.snapshot.count(&others.asked.filter)?;
    let within = first.len() as u64;
    Ok(ReplyTime {
        median: middle(first.into_values().collect()),
        answered: Value::share(within.min(said), said),
        to_unheld,
        sampled: cursor.is_some(),
    })
}

/// What an answer answers.
enum Answered {
    /// A mention by somebody else, so many minutes before.
    After(PostKey, f64),
    /// A post that is not held.
    Unheld,
    /// One of its own.
    Own,
}

fn answered(own: &Ground<'_>, reply: &Mention) -> Result<Answered, Failure> {
    let Some(key) = reply.post.reply_to else {
        return Ok(Answered::Unheld);
    };
    let of_us = |m: &Mention| m.project == reply.project && m.monitor == reply.monitor;
    let Some(said) = own.snapshot.of_post(key)?.into_iter().find(of_us) else {
        return Ok(Answered::Unheld);
    };
    let author = |m: &Mention| m.post.author.as_ref().map(|a| a.key);
    if author(&said).is_some() && author(&said) == author(reply) {
        return Ok(Answered::Own);
    }
    let minutes = (reply.post.created_at - said.post.created_at) as f64 / MINUTE;
    Ok(Answered::After(key, minutes.max(0.0)))
}
