//! When posts meet with more than their authors are used to.

use super::{Ground, beyond, plain, refused, shown};
use crate::analytics::{Value, counts};
use crate::api::Failure;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use post::{Kind, Millis};
use serde::Serialize;
use store::{Choice, Dimension, Filter, Measures};
use trends::insight::{HISTORY, LEAST, Posted, Times, times};
use utoipa::ToSchema;

/// Weeks looked at where no longer period is asked for.
const LONG: Millis = 28 * 24 * 3_600_000;
/// Platforms told apart.
const PLATFORMS: usize = 6;
/// Posts younger than this have not met with everything yet.
const RIPE: Millis = 24 * 3_600_000;
/// Said with every answer.
pub(crate) const CAVEAT: &str = "What was seen goes together with these hours; that they cause it is not said. Other posts, other \
                                 people and other days of the year meet there, too.";

/// When posts meet with more.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BestTimes {
    /// `correlational`, in words.
    pub(crate) caveat: &'static str,
    /// End of the posts looked at: a day before now at the latest, since younger posts have not met with everything yet.
    pub(crate) until: i64,
    /// Posts that an hour needs to be told.
    pub(crate) least: u64,
    /// All platforms together, then each, most posts first.
    pub(crate) platforms: Vec<PlatformTimes>,
}

/// The hours of one platform.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PlatformTimes {
    /// The platform; empty for all together.
    pub(crate) source: String,
    /// Posts that were held against the median of their own author's 30 days before.
    pub(crate) posts: u64,
    /// Posts whose authors published fewer than three in the 30 days before.
    pub(crate) without_history: u64,
    /// The mean of all hours, as a ratio.
    pub(crate) usual: Value,
    /// The hours of the week with enough posts, Monday's first hour first.
    pub(crate) hours: Vec<HourTimes>,
}

/// An hour of the week.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HourTimes {
    /// 0 for Monday's first hour in the zone, up to 167.
    pub(crate) hour: u16,
    /// What its posts met with ÷ what their authors are used to: the median, drawn toward all hours (empirical Bayes), with
    /// its 95 % interval; `n` are the posts.
    pub(crate) ratio: Value,
    /// The median as it was seen.
    pub(crate) seen: f64,
    /// Authors.
    pub(crate) authors: u32,
    /// The probability that chance alone sets it so far apart.
    pub(crate) p: f64,
    /// Whether it is beyond chance, when all hours of this answer are looked at together.
    pub(crate) beyond_chance: bool,
}

/// The hours of the week over four weeks that end with the period, or over all of it where it is longer: a single week has
/// too few posts of each hour.
pub(crate) fn over_four_weeks(g: &Ground<'_>) -> Result<BestTimes, Failure> {
    let from = g.from.min(g.to.saturating_sub(LONG));
    best_times(&Ground {
        filter: g.during(from, g.to),
        params: g.params.clone(),
        project: g.project.clone(),
        zone: g.zone.clone(),
        from,
        ..*g
    })
}

/// The hours of the week of the posts under the filter.
pub(crate) fn best_times(g: &Ground<'_>) -> Result<BestTimes, Failure> {
    let until = g.to.min(g.now - RIPE);
    let mut filter = g.during(g.from.saturating_sub(HISTORY), until.max(g.from + 1));
    // A repost meets with what the repeated post does.
    filter.kinds.exclude.push(Kind::Repost);
    let by_source = counts::breakdown(
        g.snapshot,
        &filter,
        Dimension::Source,
        PLATFORMS,
        Measures::default(),
    )?;
    let names = by_source.items.into_iter().map(|i| i.key);
    let mut platforms = vec![of_platform(g, &filter, String::new())?];
    for name in names {
        let theirs = Filter {
            sources: Choice::only([name.clone()]),
            ..filter.clone()
        };
        platforms.push(of_platform(g, &theirs, name)?);
    }
    let p: Vec<f64> = platforms
        .iter()
        .flat_map(|t| t.hours.iter().map(|h| h.p))
        .collect();
    let hours = platforms.iter_mut().flat_map(|t| t.hours.iter_mut());
    hours
        .zip(beyond(&p))
        .for_each(|(hour, beyond)| hour.beyond_chance = beyond);
    Ok(BestTimes {
        caveat: CAVEAT,
        until,
        least: LEAST as u64,
        platforms,
    })
}

fn of_platform(g: &Ground<'_>, filter: &Filter, source: String) -> Result<PlatformTimes, Failure> {
    let rows = g.snapshot.post_rows(filter, None, super::ROWS).map_err(refused)?;
    let posts: Vec<Posted> = rows
        .iter()
        .filter_map(|row| {
            Some(Posted {
                author: row.author?,
                at: row.at,
                hour: hour_of_week(row.at, &g.zone)?,
                engagement: row.engagement,
            })
        })
        .collect();
    let Times {
        hours,
        posts,
        without_history,
        usual,
        ..
    } = times(&posts, g.from);
    let hour = |h: trends::insight::HourOfWeek| HourTimes {
        hour: h.hour,
        ratio: shown(h.ratio, u64::from(h.posts)),
        seen: h.seen,
        authors: h.authors,
        p: h.p,
        beyond_chance: false,
    };
    Ok(PlatformTimes {
        source,
        posts,
        without_history,
        usual: plain((!hours.is_empty()).then_some(usual), posts),
        hours: hours.into_iter().map(hour).collect(),
    })
}

/// The hour of the week, from Monday's first in the zone.
fn hour_of_week(at: Millis, zone: &TimeZone) -> Option<u16> {
    let at = Timestamp::from_millisecond(at).ok()?.to_zoned(zone.clone());
    let day = u16::from(at.weekday().to_monday_zero_offset().unsigned_abs());
    Some(day * 24 + u16::from(at.hour().unsigned_abs()))
}
