//! The score, and what speaks for it.

use super::account::Account;
use crate::intervals::Z;
use serde::{Deserialize, Serialize};

/// Below so many posts nothing is said.
const POSTS: u32 = 5;
/// Seconds after the last post at which a score expires.
const EXPIRY: i64 = 30 * 86_400;

/// What a platform says about an account.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Profile {
    /// The account, or its platform, calls itself automated.
    pub declared: bool,
    /// Age in days.
    pub age_days: Option<f64>,
    /// Followers, and accounts that it follows.
    pub followers: Option<(u64, u64)>,
    /// No picture, no description.
    pub default_profile: bool,
}

/// What speaks for automation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// It says so itself.
    Declared,
    /// Many posts a day.
    Rate,
    /// Many posts within one hour.
    Burst,
    /// Posts at even distances.
    Regular,
    /// Posts around the clock.
    NoSleep,
    /// The same text again and again.
    CopiesItself,
    /// The texts of others as its own.
    CopiesOthers,
    /// Mostly links, mostly to one site.
    OneSite,
    /// Many hashtags.
    Hashtags,
    /// Many handles.
    Mentions,
    /// A new account without a profile that follows many and is followed by few.
    Profile,
}

/// The score of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// From 0 to 1: how much its posting is like a machine's. By weights that were set by hand, so an order, not a share of
    /// accounts; a caller with labels calibrates it (`relevance::Calibration`).
    pub value: f64,
    /// The value's 95 % interval, as far as the number of posts goes.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// What speaks for it, with the log-odds that it adds, the most first.
    pub reasons: Vec<(Reason, f64)>,
    /// Unix seconds from which on it is not to be used.
    pub expires: i64,
}

/// What can be said of an account.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Too few posts, or too long ago.
    InsufficientEvidence,
    /// The score.
    Scored(Score),
}

/// Log-odds of an account of which nothing speaks for automation.
const BASE: f64 = -3.0;

impl Account {
    /// The score at `now`.
    pub fn score(&self, profile: &Profile, now: i64) -> Verdict {
        let expires = self.last.saturating_add(EXPIRY);
        if self.posts() < POSTS || now >= expires {
            return Verdict::InsufficientEvidence;
        }
        let mut reasons: Vec<(Reason, f64)> = self.reasons(profile);
        reasons.retain(|(_, odds)| *odds > 0.05);
        reasons.sort_by(|a, b| b.1.total_cmp(&a.1));
        let odds = BASE + reasons.iter().map(|(_, o)| o).sum::<f64>();
        // Shares of n posts are known to about 1 ÷ (2 √n); the steepest of the weights is 5.
        let half = Z * 5.0 * 0.5 / f64::from(self.posts()).sqrt();
        let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
        Verdict::Scored(Score {
            value: logistic(odds),
            low: logistic(odds - half),
            high: logistic(odds + half),
            reasons,
            expires,
        })
    }

    /// Each reason with the log-odds it adds: 0 up to where people do so too, then rising to its full weight.
    fn reasons(&self, profile: &Profile) -> Vec<(Reason, f64)> {
        let posts = f64::from(self.posts());
        let share = |n: u16| f64::from(n) / posts;
        let ramp =
            |x: f64, from: f64, to: f64, weight: f64| weight * ((x - from) / (to - from)).clamp(0.0, 1.0);
        let days = ((self.last - self.first) as f64 / 86_400.0).max(1.0);
        let gaps = (posts - 1.0).max(1.0);
        let one_site = 1.0 - evenness(&self.sites);
        // How much of the clock is covered; a person sleeps a quarter of it. It takes some posts to see.
        let awake = evenness(&self.hours) * (posts / 60.0).min(1.0);
        let profile_odds = {
            let young = profile.age_days.map_or(0.0, |d| ramp(30.0 - d, 0.0, 30.0, 0.5));
            let ratio = profile.followers.map_or(0.0, |(followers, following)| {
                ramp(
                    (following as f64 + 1.0) / (followers as f64 + 1.0),
                    5.0,
                    50.0,
                    0.5,
                )
            });
            young + ratio + if profile.default_profile { 0.5 } else { 0.0 }
        };
        vec![
            (Reason::Declared, if profile.declared { 6.0 } else { 0.0 }),
            (
                Reason::Rate,
                ramp((posts / days).ln(), 50f64.ln(), 500f64.ln(), 2.5),
            ),
            (Reason::Burst, ramp(f64::from(self.busiest), 20.0, 80.0, 1.5)),
            (
                Reason::Regular,
                ramp(f64::from(self.regular) / gaps, 0.2, 0.8, 3.0),
            ),
            (Reason::NoSleep, ramp(awake, 0.9, 1.0, 1.5)),
            (Reason::CopiesItself, ramp(share(self.copies_self), 0.1, 0.7, 3.0)),
            (
                Reason::CopiesOthers,
                ramp(share(self.copies_other), 0.1, 0.6, 3.0),
            ),
            (Reason::OneSite, ramp(share(self.links) * one_site, 0.5, 1.0, 1.5)),
            (Reason::Hashtags, ramp(share(self.hashtags), 3.0, 10.0, 1.5)),
            (Reason::Mentions, ramp(share(self.mentions), 3.0, 10.0, 1.5)),
            (Reason::Profile, profile_odds),
        ]
    }
}

/// Entropy of counts over that of even ones: 0 for one kind, 1 for all alike.
fn evenness(counts: &[u16]) -> f64 {
    let all: f64 = counts.iter().map(|n| f64::from(*n)).sum();
    if all == 0.0 {
        return 1.0;
    }
    let entropy: f64 = counts
        .iter()
        .filter(|n| **n > 0)
        .map(|n| f64::from(*n) / all)
        .map(|p| -p * p.ln())
        .sum();
    entropy / (counts.len() as f64).ln()
}
