//! What a project is for: what is measured of it, how far it got, and what is shown and told of first.

use super::claims::days;
use super::questions::unanswered;
use super::{Ground, of_monitors};
use crate::analytics::Value;
use crate::api::types::{Monitor, Objective, Role};
use crate::api::{Failure, control_failure};
use post::Millis;
use serde::{Deserialize, Serialize};
use store::{Choose, Cut, Dimension, Filter, Measures, Question};
use utoipa::ToSchema;

const DAY: Millis = 24 * 3_600_000;

/// What progress is measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TargetMetric {
    /// Mentions of our brands, each post once.
    Mentions,
    /// Distinct authors of those.
    Authors,
    /// (Positive − negative) ÷ labelled.
    NetSentiment,
    /// Negative ÷ labelled.
    NegativeShare,
    /// Mentions of our brands ÷ those of brands and competitors.
    ShareOfVoice,
    /// Questions and complaints with an answer ÷ all of them.
    Answered,
}

impl TargetMetric {
    /// The metric that an objective is measured by where nothing else is chosen.
    pub fn of(objective: Objective) -> Self {
        match objective {
            Objective::BrandMentions => Self::Mentions,
            Objective::Trends => Self::Authors,
            Objective::CustomerFeedback => Self::NetSentiment,
            Objective::Competition => Self::ShareOfVoice,
            Objective::Awareness => Self::Authors,
        }
    }

    fn is_count(self) -> bool {
        matches!(self, Self::Mentions | Self::Authors)
    }
}

/// What a project wants to reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectiveTarget {
    /// What is measured.
    pub metric: TargetMetric,
    /// The figure to be reached: a number of mentions or authors; a share or a balance as a fraction, 0.25 for 25 %.
    pub value: f64,
    /// Whether the figure is to be below it, rather than above.
    #[serde(default)]
    pub at_most: bool,
    /// Over so many days up to now, 7 to 366.
    #[serde(default = "days_of_target")]
    pub days: u32,
    /// By when.
    #[serde(default)]
    pub due: Option<i64>,
    /// When it was set. Given back; what is sent is not looked at.
    #[serde(default)]
    pub set_at: i64,
}

fn days_of_target() -> u32 {
    28
}

impl ObjectiveTarget {
    /// What cannot be used, in words.
    pub fn check(&self) -> Result<(), String> {
        let range = match self.metric {
            TargetMetric::Mentions | TargetMetric::Authors => 1.0..=1e12,
            TargetMetric::NetSentiment => -1.0..=1.0,
            _ => 0.0..=1.0,
        };
        if !range.contains(&self.value) {
            return Err(format!(
                "value: {} is outside {} to {}",
                self.value,
                range.start(),
                range.end()
            ));
        }
        if !(7..=366).contains(&self.days) {
            return Err(format!("days: {} is outside 7 to 366", self.days));
        }
        Ok(())
    }
}

/// How far a project got.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Progress {
    /// Begin of the days looked at.
    pub(crate) from: i64,
    /// Their end.
    pub(crate) to: i64,
    /// The figure now, with its 95 % interval: of counts that of as many days like these.
    pub(crate) now: Value,
    /// The figure of as many days before the target was set.
    pub(crate) then: Value,
    /// (now − then) ÷ (target − then); `null` where the figure then is not known or was the target.
    pub(crate) part: Option<f64>,
    /// `reached`, `not_reached`, or `open`: the interval of a share holds the target, or there is too little to say.
    pub(crate) state: &'static str,
}

/// An alert that goes with an objective, to be made by whoever wants it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AlertDraft {
    /// What it would be called.
    pub(crate) name: String,
    /// The kind: `peak`, `sentiment_shift`, `trend`, `new_topic`, `silence`, `mention`, `threshold`.
    pub(crate) kind: &'static str,
    /// Which mentions, as the parameters of a filter.
    #[schema(value_type = Object)]
    pub(crate) scope: serde_json::Value,
    /// What else the kind needs.
    #[schema(value_type = Object)]
    pub(crate) condition: serde_json::Value,
    /// Why it goes with the objective.
    pub(crate) why: &'static str,
}

/// How far a project got toward its target.
pub(crate) fn progress(g: &Ground<'_>, target: &ObjectiveTarget) -> Result<Progress, Failure> {
    let length = i64::from(target.days) * DAY;
    let to = g.now + 1;
    let now = figure(g, target.metric, to - length, to)?;
    let then = figure(g, target.metric, target.set_at - length, target.set_at)?;
    let part = now.value.zip(then.value).and_then(|(now, then)| {
        let way = target.value - then;
        (way.abs() > 1e-12).then(|| (now - then) / way)
    });
    Ok(Progress {
        from: to - length,
        to,
        state: state(&now, target),
        now,
        then,
        part,
    })
}

fn state(now: &Value, target: &ObjectiveTarget) -> &'static str {
    // What was counted was counted; its interval tells how much of a change would be beyond chance.
    let ends = match target.metric.is_count() {
        true => (now.value, now.value),
        false => (now.low, now.high),
    };
    let (Some(low), Some(high)) = ends else {
        return "open";
    };
    let (reached, missed) = match target.at_most {
        true => (high <= target.value, low > target.value),
        false => (low >= target.value, high < target.value),
    };
    match (reached, missed) {
        (true, _) => "reached",
        (_, true) => "not_reached",
        _ => "open",
    }
}

fn figure(g: &Ground<'_>, metric: TargetMetric, from: Millis, to: Millis) -> Result<Value, Failure> {
    let brands = g.with_role(Role::Brand)?;
    let filter = match brands.is_empty() {
        true => g.during(from, to),
        false => of_monitors(&g.during(from, to), &brands),
    };
    if metric.is_count() {
        return counted(g, metric, filter);
    }
    match metric {
        TargetMetric::ShareOfVoice => share_of_voice(g, &brands, from, to),
        TargetMetric::Answered => {
            let here = Ground {
                filter: g.during(from, to),
                params: g.params.clone(),
                project: g.project.clone(),
                zone: g.zone.clone(),
                from,
                to,
                ..*g
            };
            let all = unanswered(&here)?;
            let (open, asked) = all.iter().fold((0, 0), |(o, a), u| (o + u.open, a + u.mentions));
            Ok(Value::share(asked - open, asked))
        }
        _ => {
            let cell = total(g, filter)?;
            let [negative, neutral, positive] = cell.sentiment;
            let labelled = negative + neutral + positive;
            Ok(match metric {
                TargetMetric::NegativeShare => Value::share(negative, labelled),
                _ => Value::interval(trends::net_sentiment(negative, neutral, positive), labelled),
            })
        }
    }
}

/// Mentions or authors. What the days vary by stands for both: authors of several days are not added up.
fn counted(g: &Ground<'_>, metric: TargetMetric, filter: Filter) -> Result<Value, Failure> {
    let by_day = days(g, filter.clone())?;
    let mentions = trends::insight::total(&by_day);
    let cell = total(g, filter)?;
    let value = match metric {
        TargetMetric::Authors => cell.authors,
        _ => cell.mentions,
    };
    let wide = |end: f64| match mentions.value > 0.0 {
        true => value as f64 * end / mentions.value,
        false => end,
    };
    let estimate = trends::Estimate {
        value: value as f64,
        low: wide(mentions.low).min(value as f64),
        high: wide(mentions.high).max(value as f64),
    };
    Ok(Value::interval(Some(estimate), cell.mentions))
}

fn total(g: &Ground<'_>, filter: Filter) -> Result<store::Cell, Failure> {
    let question = Question {
        filter,
        cuts: Vec::new(),
        measures: Measures {
            authors: true,
            sentiment: true,
            ..Measures::default()
        },
    };
    Ok(g.snapshot.table(&question).map_err(super::refused)?.total)
}

fn share_of_voice(g: &Ground<'_>, brands: &[Monitor], from: Millis, to: Millis) -> Result<Value, Failure> {
    let others = g.with_role(Role::Competitor)?;
    let all: Vec<String> = brands.iter().chain(&others).map(|m| m.id.clone()).collect();
    if brands.is_empty() || others.is_empty() {
        return Ok(super::plain(None, 0));
    }
    let question = Question {
        filter: of_monitors(&g.during(from, to), brands.iter().chain(&others)),
        cuts: vec![Cut::Values(Dimension::Monitor, Choose::These(all))],
        measures: Measures::default(),
    };
    let table = g.snapshot.table(&question).map_err(super::refused)?;
    let sum = |cells: &[store::Cell]| cells.iter().map(|c| c.mentions).sum::<u64>();
    let rows = &table.rows[..table.rows.len().min(brands.len() + others.len())];
    Ok(Value::share(sum(&rows[..brands.len()]), sum(rows)))
}

/// The cards of the overview, the ones that an objective needs first. Every card is in the list.
pub(crate) fn cards(objective: Objective) -> Vec<&'static str> {
    const ALL: [&str; 9] = [
        "mentions",
        "sentiment",
        "source",
        "lang",
        "term",
        "hashtag",
        "author",
        "site",
        "newest",
    ];
    let first: &[&str] = match objective {
        Objective::BrandMentions => &["mentions", "newest", "source"],
        Objective::Trends => &["mentions", "term", "hashtag"],
        Objective::CustomerFeedback => &["sentiment", "newest", "term"],
        Objective::Competition => &["mentions", "sentiment", "site"],
        Objective::Awareness => &["mentions", "author", "source"],
    };
    let rest = ALL.iter().filter(|card| !first.contains(card));
    first.iter().chain(rest).copied().collect()
}

/// The alerts that go with an objective.
pub(crate) fn alerts(g: &Ground<'_>, objective: Objective) -> Result<Vec<AlertDraft>, Failure> {
    let (brands, others) = (g.with_role(Role::Brand)?, g.with_role(Role::Competitor)?);
    let scope = |monitors: &[Monitor]| match monitors.is_empty() {
        true => serde_json::json!({"project": g.project}),
        false => serde_json::json!({"project": g.project, "monitor": super::ids(monitors)}),
    };
    let name = g.control.project(&g.project).map_err(control_failure)?.name;
    let alert = |kind, what: &str, scope: serde_json::Value, condition, why| AlertDraft {
        name: format!("{name}: {what}"),
        kind,
        scope,
        condition,
        why,
    };
    let weekly = || serde_json::json!({"per_week": 0.25});
    let peak = || {
        alert(
            "peak",
            "more than expected",
            scope(&brands),
            weekly(),
            "Something is said of you by more people than usual.",
        )
    };
    let silence = || {
        alert(
            "silence",
            "nothing is heard",
            scope(&brands),
            weekly(),
            "Silence is either news or a query that no longer matches.",
        )
    };
    let shift = || {
        alert(
            "sentiment_shift",
            "sentiment shifts",
            scope(&brands),
            weekly(),
            "The share of negative mentions leaves its usual range.",
        )
    };
    Ok(match objective {
        Objective::BrandMentions => vec![peak(), shift(), silence()],
        Objective::Trends => vec![
            alert(
                "trend",
                "something comes up",
                scope(&[]),
                weekly(),
                "Words that several people say of a sudden.",
            ),
            alert(
                "new_topic",
                "a new topic",
                scope(&[]),
                weekly(),
                "A topic that was not there before.",
            ),
        ],
        Objective::CustomerFeedback => vec![
            shift(),
            alert(
                "mention",
                "complaints",
                scope(&brands),
                serde_json::json!({"intent": "complaint"}),
                "Each complaint is somebody who waits.",
            ),
        ],
        Objective::Competition => vec![
            alert(
                "peak",
                "competitors are talked of",
                scope(&others),
                weekly(),
                "A competitor is talked of more than usual.",
            ),
            shift(),
        ],
        Objective::Awareness => vec![peak(), silence()],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(low: f64, high: f64) -> Value {
        Value {
            value: Some(f64::midpoint(low, high)),
            low: Some(low),
            high: Some(high),
            ..Value::default()
        }
    }

    fn target(metric: TargetMetric, value: f64, at_most: bool) -> ObjectiveTarget {
        ObjectiveTarget {
            metric,
            value,
            at_most,
            days: 28,
            due: None,
            set_at: 0,
        }
    }

    #[test]
    fn a_target_is_reached_where_the_whole_interval_is_beyond_it() {
        let up = target(TargetMetric::NetSentiment, 0.2, false);
        assert_eq!(state(&value(0.21, 0.3), &up), "reached");
        assert_eq!(state(&value(0.1, 0.3), &up), "open");
        assert_eq!(state(&value(0.1, 0.19), &up), "not_reached");
        let mentions = target(TargetMetric::Mentions, 10.0, false);
        let counted = Value {
            value: Some(16.0),
            ..value(0.0, 40.0)
        };
        assert_eq!(state(&counted, &mentions), "reached", "a count is no estimate");
        let down = target(TargetMetric::NegativeShare, 0.2, true);
        assert_eq!(state(&value(0.1, 0.19), &down), "reached");
        assert_eq!(state(&value(0.21, 0.3), &down), "not_reached");
        assert_eq!(state(&Value::default(), &down), "open");
    }

    #[test]
    fn targets_that_cannot_be_are_refused_by_name() {
        assert!(
            target(TargetMetric::ShareOfVoice, 25.0, false)
                .check()
                .is_err_and(|e| e.starts_with("value"))
        );
        assert!(target(TargetMetric::Mentions, 25.0, false).check().is_ok());
        let short = ObjectiveTarget {
            days: 3,
            ..target(TargetMetric::Mentions, 25.0, false)
        };
        assert!(short.check().is_err_and(|e| e.starts_with("days")));
    }

    #[test]
    fn every_objective_shows_every_card_once() {
        let mut all = cards(Objective::Trends);
        all.sort_unstable();
        for objective in [
            Objective::BrandMentions,
            Objective::CustomerFeedback,
            Objective::Competition,
            Objective::Awareness,
        ] {
            let mut cards = cards(objective);
            cards.sort_unstable();
            assert_eq!(cards, all);
        }
    }
}
