//! Budgets and quotas: what a source may still spend, counted before it is spent.
//!
//! What is taken is written down first, so that a crash can only make a source poorer than it is: it never overspends.

use crate::http::{Trouble, TroubleKind};
use crate::keep::Keep;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Posts read.
pub const POSTS: &str = "posts";
/// Money, in millionths of a US dollar.
pub const MONEY: &str = "money";

/// When a meter starts again from nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// At midnight UTC.
    Day,
    /// At midnight in Los Angeles (YouTube).
    PacificDay,
    /// On the first of the month, UTC.
    Month,
}

impl Period {
    /// The name in messages and keys.
    pub fn name(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::PacificDay => "Pacific day",
            Period::Month => "month",
        }
    }

    /// The present period's name, and when it ends.
    fn at(self, now: Timestamp) -> (String, Timestamp) {
        let zone = match self {
            Period::PacificDay => TimeZone::get("America/Los_Angeles").unwrap_or(TimeZone::UTC),
            Period::Day | Period::Month => TimeZone::UTC,
        };
        let today = now.to_zoned(zone.clone()).date();
        let (name, next) = match self {
            Period::Month => (
                today.strftime("%Y-%m").to_string(),
                today.last_of_month().tomorrow(),
            ),
            _ => (today.to_string(), today.tomorrow()),
        };
        let end = next
            .ok()
            .and_then(|d| d.to_zoned(zone).ok())
            .map_or(now, |z| z.timestamp());
        (name, end)
    }
}

/// A limit on one unit in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// What is counted: [`POSTS`], [`MONEY`] or a bucket of the platform.
    pub unit: &'static str,
    /// In which period.
    pub period: Period,
    /// How much at most.
    pub most: u64,
}

/// `[source.budget]`: what the operator lets a source spend. A missing key is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetConfig {
    /// Posts read a day (UTC).
    pub posts_per_day: Option<u64>,
    /// Posts read a month.
    pub posts_per_month: Option<u64>,
    /// US dollars a day.
    pub money_per_day: Option<f64>,
    /// US dollars a month.
    pub money_per_month: Option<f64>,
}

impl BudgetConfig {
    fn limits(self) -> impl Iterator<Item = Limit> {
        let money = |m: Option<f64>| m.map(|m| (m.max(0.0) * 1e6) as u64);
        [
            (POSTS, Period::Day, self.posts_per_day),
            (POSTS, Period::Month, self.posts_per_month),
            (MONEY, Period::Day, money(self.money_per_day)),
            (MONEY, Period::Month, money(self.money_per_month)),
        ]
        .into_iter()
        .filter_map(|(unit, period, most)| {
            let most = most?;
            Some(Limit { unit, period, most })
        })
    }
}

/// What is left of one limit, for the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// The unit.
    pub unit: &'static str,
    /// `day`, `Pacific day` or `month`.
    pub period: &'static str,
    /// The limit.
    pub most: u64,
    /// What is left of it.
    pub left: u64,
    /// When it is full again, milliseconds since 1970.
    pub resets_at: i64,
}

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Spent {
    period: String,
    amount: u64,
}

/// What one source may spend.
pub struct Budget {
    /// Millionths of a dollar a post.
    price: u64,
    keep: Arc<dyn Keep>,
    meters: Mutex<Vec<(Limit, Spent)>>,
}

impl std::fmt::Debug for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Budget")
            .field("price", &self.price)
            .finish_non_exhaustive()
    }
}

impl Budget {
    /// The operator's limits and the platform's own, at `price` millionths of a dollar a post.
    pub fn new(config: BudgetConfig, quotas: &[Limit], price: u64, keep: Arc<dyn Keep>) -> Self {
        let meter = |limit: Limit| {
            let spent = keep.get(&key(&limit)).and_then(|v| serde_json::from_str(&v).ok());
            (limit, spent.unwrap_or_default())
        };
        let meters = config.limits().chain(quotas.iter().cloned()).map(meter).collect();
        Self {
            price,
            keep,
            meters: Mutex::new(meters),
        }
    }

    /// No limit at all.
    pub fn unlimited() -> Self {
        Self::new(
            BudgetConfig::default(),
            &[],
            0,
            Arc::new(crate::keep::Memory::default()),
        )
    }

    /// What `posts` cost, in millionths of a dollar.
    pub fn price_of(&self, posts: u64) -> u64 {
        posts.saturating_mul(self.price)
    }

    /// How many posts may still be read.
    pub fn posts_left(&self) -> u64 {
        let now = Timestamp::now();
        let meters = self.meters();
        let left = |m: &(Limit, Spent)| {
            let left = room(m, now);
            match m.0.unit {
                POSTS => left,
                MONEY if self.price > 0 => left / self.price,
                _ => u64::MAX,
            }
        };
        meters.iter().map(left).min().unwrap_or(u64::MAX)
    }

    /// Takes the right to read `posts` posts, before they are asked for; all or nothing.
    pub fn take_posts(&self, posts: u64) -> Result<(), Trouble> {
        self.take(&[(POSTS, posts), (MONEY, self.price_of(posts))])
    }

    /// Gives back what was taken for posts that did not come.
    pub fn give_back_posts(&self, posts: u64) {
        self.give_back(&[(POSTS, posts), (MONEY, self.price_of(posts))]);
    }

    /// Takes amounts of several units, all or nothing. What cannot be written down is not taken.
    pub fn take(&self, amounts: &[(&str, u64)]) -> Result<(), Trouble> {
        let now = Timestamp::now();
        let mut meters = self.meters();
        for (unit, amount) in amounts {
            let short = meters
                .iter()
                .filter(|m| m.0.unit == *unit && room(m, now) < *amount)
                .max_by_key(|m| m.0.period.at(now).1);
            if let Some((limit, _)) = short {
                return Err(exhausted(limit, now));
            }
        }
        self.change(&mut meters, amounts, now, u64::saturating_add)
    }

    /// Gives amounts back.
    pub fn give_back(&self, amounts: &[(&str, u64)]) {
        // What cannot be written down stays taken.
        let _ = self.change(&mut self.meters(), amounts, Timestamp::now(), u64::saturating_sub);
    }

    /// What is left, for people.
    pub fn left(&self) -> Vec<Left> {
        let now = Timestamp::now();
        let left = |m: &(Limit, Spent)| Left {
            unit: m.0.unit,
            period: m.0.period.name(),
            most: m.0.most,
            left: room(m, now),
            resets_at: m.0.period.at(now).1.as_millisecond(),
        };
        self.meters().iter().map(left).collect()
    }

    fn change(
        &self,
        meters: &mut [(Limit, Spent)],
        amounts: &[(&str, u64)],
        now: Timestamp,
        with: fn(u64, u64) -> u64,
    ) -> Result<(), Trouble> {
        for (limit, spent) in meters {
            let Some((_, amount)) = amounts.iter().find(|(u, a)| *u == limit.unit && *a > 0) else {
                continue;
            };
            let (period, _) = limit.period.at(now);
            let before = if spent.period == period { spent.amount } else { 0 };
            let after = Spent {
                period,
                amount: with(before, *amount),
            };
            let text = serde_json::to_string(&after).unwrap_or_default();
            self.keep.put(&key(limit), &text).map_err(|e| {
                Trouble::new(TroubleKind::Exhausted, format!("the budget's book: {e}"))
                    .after(Duration::from_secs(60))
            })?;
            *spent = after;
        }
        Ok(())
    }

    fn meters(&self) -> MutexGuard<'_, Vec<(Limit, Spent)>> {
        self.meters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(limit: &Limit) -> String {
    format!("spent.{}.{}", limit.unit, limit.period.name())
}

fn room((limit, spent): &(Limit, Spent), now: Timestamp) -> u64 {
    if spent.period == limit.period.at(now).0 {
        limit.most.saturating_sub(spent.amount)
    } else {
        limit.most
    }
}

fn exhausted(limit: &Limit, now: Timestamp) -> Trouble {
    let what = match limit.unit {
        MONEY => format!("{:.2} dollars", limit.most as f64 / 1e6),
        unit => format!("{} {unit}", limit.most),
    };
    let message = format!("the budget of {what} a {} is used up", limit.period.name());
    let wait = Duration::try_from(limit.period.at(now).1.duration_since(now)).ok();
    Trouble::new(TroubleKind::Exhausted, message).after(wait)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::keep::Memory;

    fn config(text: &str) -> BudgetConfig {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn nothing_is_spent_beyond_the_limit_and_a_restart_remembers() {
        let keep: Arc<dyn Keep> = Arc::new(Memory::default());
        let open = || {
            Budget::new(
                config("posts_per_day = 100\nmoney_per_month = 1.0"),
                &[],
                5_000,
                keep.clone(),
            )
        };
        let budget = open();
        assert_eq!(budget.posts_left(), 100, "a dollar is 200 posts at half a cent");
        budget.take_posts(60).unwrap();
        let trouble = budget.take_posts(41).unwrap_err();
        assert_eq!(trouble.kind, TroubleKind::Exhausted);
        assert!(trouble.retry_after.unwrap() <= Duration::from_secs(86_400));
        let again = open();
        assert_eq!(again.posts_left(), 40);
        again.give_back_posts(10);
        again.take_posts(50).unwrap();
        assert_eq!(open().posts_left(), 0);
        let money = &open().left()[1];
        assert_eq!((money.unit, money.left), (MONEY, 500_000));
    }

    #[test]
    fn quotas_of_the_platform_are_meters_like_others() {
        let quota = Limit {
            unit: "search",
            period: Period::PacificDay,
            most: 2,
        };
        let budget = Budget::new(BudgetConfig::default(), &[quota], 0, Arc::new(Memory::default()));
        budget.take(&[("search", 1), ("units", 7)]).unwrap();
        budget.take(&[("search", 1)]).unwrap();
        assert!(budget.take(&[("search", 1)]).is_err());
        assert_eq!(budget.posts_left(), u64::MAX);
    }

    #[test]
    fn periods_end_where_they_should() {
        let now: Timestamp = "2026-02-28T23:30:00Z".parse().unwrap();
        let end = |p: Period| p.at(now).1.to_string();
        assert_eq!(end(Period::Day), "2026-03-01T00:00:00Z");
        assert_eq!(end(Period::Month), "2026-03-01T00:00:00Z");
        assert_eq!(end(Period::PacificDay), "2026-03-01T08:00:00Z");
        assert_eq!(Period::PacificDay.at(now).0, "2026-02-28");
    }
}
