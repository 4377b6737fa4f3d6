//! Trends of the monitors of one project.

use super::NEWS;
use super::finding::{Detail, Finding, FindingKind, TrendWord};
use super::open::Place;
use super::read::{head, text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Mention, mention_number};
use trends::bursts::{Bursts, Config, Post, Trend};
use trends::copies::Normal;
use trends::hash;
use trends::terms::Terms;

/// Seconds of a slot.
const SLOT: i64 = 900;
/// A trend that was not seen for so long is over.
const OVER: i64 = 2 * 3_600;
/// Cells of the sketches, for each project.
const WIDTH: usize = 1 << 16;

/// A trend that goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Going {
    monitor: String,
    id: String,
    from: i64,
    until: i64,
    found_at: i64,
    strength: f64,
    terms: Vec<TrendWord>,
    mentions: Vec<u64>,
}

/// The state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Trending {
    bursts: Bursts,
    going: Vec<Going>,
    scopes: BTreeMap<u64, String>,
}

impl Default for Trending {
    fn default() -> Self {
        let config = Config {
            slot: SLOT as u32,
            width: WIDTH,
            exact: 1 << 13,
            strength: 6.0,
            most: 5,
            ..Config::default()
        };
        Self {
            bursts: Bursts::new(config),
            going: Vec::new(),
            scopes: BTreeMap::new(),
        }
    }
}

impl Trending {
    /// Takes in a mention of a bin that ends at `now`.
    pub(super) fn observe(&mut self, mention: &Mention, now: i64, terms: &mut Terms, normal: &mut Normal) {
        let post = &mention.post;
        if post.indexable == Some(false) || post.repost_of.is_some() {
            return;
        }
        let text = text(mention);
        normal.read(&text);
        let number = mention_number(mention.id);
        let scope = hash::text(&mention.monitor);
        self.scopes
            .entry(scope)
            .or_insert_with(|| mention.monitor.clone());
        terms.read(&text);
        let seen = Post {
            key: number,
            author: post.author.as_ref().map_or(number, |a| head(a.key.0)),
            group: normal.hash().unwrap_or(number),
            at: post.created_at.div_euclid(1000),
            scope,
        };
        self.bursts.observe(&seen, terms, now);
    }

    /// Closes the slot where `at` lies behind it: findings that are new or have grown.
    pub(super) fn tick(&mut self, project: &str, at: i64, now: i64) -> Vec<Finding> {
        let trends = self.bursts.tick(at);
        let mut findings = Vec::new();
        for trend in trends {
            // Scopes are known again with the first mention; a trend has mentions.
            let Some(monitor) = self.scopes.get(&trend.scope).cloned() else {
                continue;
            };
            let place = Place {
                project,
                monitor: &monitor,
                now,
            };
            findings.push(self.follow(&place, trend));
        }
        self.going.retain(|g| g.until + OVER > at);
        findings
    }

    fn follow(&mut self, place: &Place, trend: Trend) -> Finding {
        let word = |t: &trends::bursts::TrendTerm| TrendWord {
            text: t.text.clone(),
            authors: t.authors,
            expected: t.expected,
        };
        let terms: Vec<TrendWord> = trend.terms.iter().map(word).collect();
        let strength = trend.terms.first().map_or(0.0, |t| t.strength);
        let until = trend.at + SLOT;
        let leads = |g: &&mut Going| {
            let mut leading = g.terms.iter().take(3);
            g.monitor == place.monitor && leading.any(|w| terms.iter().any(|t| t.text == w.text))
        };
        let going = match self.going.iter_mut().find(leads) {
            Some(going) => {
                going.until = until;
                if strength > going.strength {
                    (going.strength, going.terms, going.mentions) = (strength, terms, trend.posts);
                }
                going.clone()
            }
            None => {
                let lead = terms.first().map_or("", |t| &t.text);
                let named = format!(
                    "{}\n{}\ntrend\n{lead}\n{}",
                    place.project, place.monitor, trend.at
                );
                let going = Going {
                    monitor: place.monitor.to_owned(),
                    id: format!("f_{:016x}", hash::text(&named)),
                    from: trend.at,
                    until,
                    found_at: place.now,
                    strength,
                    terms,
                    mentions: trend.posts,
                };
                self.going.push(going.clone());
                going
            }
        };
        going.finding(place)
    }

    /// A trend is known under another id already.
    pub(super) fn rename(&mut self, from: &str, to: &str) {
        let same = self.going.iter_mut().filter(|g| g.id == from);
        same.for_each(|g| g.id = to.to_owned());
    }
}

impl Going {
    fn finding(&self, place: &Place) -> Finding {
        Finding {
            id: self.id.clone(),
            project: place.project.to_owned(),
            monitor: Some(self.monitor.clone()),
            kind: FindingKind::Trend,
            from: self.from * 1000,
            until: self.until * 1000,
            found_at: self.found_at * 1000,
            strength: self.strength,
            is_past: self.until < place.now - NEWS,
            detail: Detail::Terms {
                terms: self.terms.clone(),
                mentions: self.mentions.iter().map(|n| format!("{n:016x}")).collect(),
            },
        }
    }
}
