//! The series of one monitor: mentions, new authors, engagement, the share of negative mentions.

use super::finding::{Finding, FindingKind, Metric};
use super::heard::Heard;
use super::open::{Open, Place};
use super::{BIN, DAY};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use trends::peaks::{Config, Direction, Kind, Reading, Scale, Series, ShareReading, ShareSeries};

/// Metrics that are counted.
const COUNTED: [Metric; 3] = [Metric::Mentions, Metric::NewAuthors, Metric::Engagement];
/// Bins kept one by one: as many as an alarm may look back on.
const RECENT: usize = 12;

/// What a bin brought a monitor.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) mentions: u32,
    pub(super) new_authors: u32,
    pub(super) engagement: u64,
    pub(super) negative: u32,
    pub(super) scored: u32,
}

impl Tally {
    fn of(&self, metric: Metric) -> f64 {
        match metric {
            Metric::Mentions => f64::from(self.mentions),
            Metric::NewAuthors => f64::from(self.new_authors),
            Metric::Engagement => self.engagement as f64,
            Metric::NegativeShare => f64::from(self.negative),
        }
    }
}

/// The series of a monitor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Pulse {
    counts: [Series; 3],
    mood: ShareSeries,
    /// Value and expected value of the last bins, by metric.
    recent: [VecDeque<(f32, f32)>; 3],
    /// Begin of the first empty bin since the last mention.
    quiet: Option<i64>,
    open: Vec<Open>,
}

/// What a bin says, before it is known whether it stands out among all series.
pub(super) enum Said {
    Count(usize, Reading),
    Mood(ShareReading),
}

impl Said {
    /// The probability of the reading by chance.
    pub(super) fn p(&self) -> f64 {
        match self {
            Self::Count(_, reading) => reading.p,
            Self::Mood(said) => said.reading.p,
        }
    }
}

fn config(metric: Metric) -> Config {
    let (scale, direction) = match metric {
        Metric::Mentions | Metric::NewAuthors => (Scale::Count, Direction::Up),
        Metric::Engagement => (Scale::Sum, Direction::Up),
        Metric::NegativeShare => (Scale::Figure, Direction::Both),
    };
    Config {
        // On the second day the first evening looks like a peak; and a young series sets a record every other day.
        warm_up: 2 * DAY as u32,
        record: 1.0,
        ..Config::new(scale, direction, BIN as u32)
    }
}

/// Empty bins that a series begins with at most: a fortnight says all that a longer silence does.
const SILENT: u32 = 14 * (DAY / BIN) as u32;

impl Pulse {
    /// One that was empty for so many bins before the one at `at`.
    pub(super) fn after_silence(at: i64, bins: u32) -> Self {
        let mut pulse = Self::default();
        for back in (1..=i64::from(bins.min(SILENT))).rev() {
            // What is read of an empty bin of an empty series is nothing.
            pulse.push(at - back * BIN, &Tally::default(), Heard::Unmeasured);
        }
        pulse
    }

    /// Takes in the bin at `at`.
    pub(super) fn push(&mut self, at: i64, tally: &Tally, heard: Heard) -> Vec<Said> {
        let mut said = Vec::new();
        for (i, metric) in COUNTED.into_iter().enumerate() {
            let config = config(metric);
            let value = tally.of(metric);
            let usual = self.counts[i].expected(at, &config);
            // In a gap only part of what there was is heard: it counts where even that is more than usual.
            let known = heard != Heard::Gap || value > usual;
            let reading = self.counts[i].push(at, known.then_some(value), &config);
            let recent = &mut self.recent[i];
            recent.push_back((value as f32, usual as f32));
            if recent.len() > RECENT {
                recent.pop_front();
            }
            // Nobody is known to have listened to an unmeasured silence, and only mentions are silent.
            let silence = |r: &Reading| r.kind == Kind::Silence && (heard != Heard::Yes || i > 0);
            said.extend(reading.filter(|r| !silence(r)).map(|r| Said::Count(i, r)));
        }
        match (tally.mentions, self.quiet) {
            (0, None) => self.quiet = Some(at),
            (0, Some(_)) => {}
            _ => self.quiet = None,
        }
        let (negative, scored) = (u64::from(tally.negative), u64::from(tally.scored));
        let mood = self
            .mood
            .push(at, negative, scored, &config(Metric::NegativeShare));
        said.extend(mood.map(Said::Mood));
        said
    }

    /// What follows from readings of the bin at `at`, of which `accepted` stand out among all series: findings that are
    /// new or have grown.
    pub(super) fn follow(
        &mut self,
        place: &Place,
        at: i64,
        readings: &[(Said, bool)],
        per_week: f64,
    ) -> Vec<Finding> {
        let mut changed = self.grow(at, readings);
        for (said, _) in readings.iter().filter(|(_, accepted)| *accepted) {
            let begun = match said {
                Said::Count(i, reading) => self.peak(place, *i, reading, per_week),
                Said::Mood(reading) => self.shift(place, reading, per_week),
            };
            changed.extend(begun);
        }
        let told = |o: &&Open| changed.contains(&o.id);
        let findings = self.open.iter().filter(told).map(|o| o.finding(place)).collect();
        self.open.retain(|o| !o.is_over(at));
        findings
    }

    /// Lets what is open grow; the ids of what did.
    fn grow(&mut self, at: i64, readings: &[(Said, bool)]) -> Vec<String> {
        let mut grown = Vec::new();
        for open in &mut self.open {
            let said = readings.iter().map(|(said, _)| said).find_map(|said| match said {
                Said::Count(i, r) if COUNTED[*i] == open.metric => Some(*r),
                Said::Mood(r) if open.metric == Metric::NegativeShare => Some(r.reading),
                _ => None,
            });
            let Some(r) = said else {
                open.grow(at, 0.0, 0.0, false);
                continue;
            };
            let goes_on = match open.kind {
                FindingKind::Silence => r.value == 0.0,
                FindingKind::SentimentShift => r.p <= 0.05,
                _ => r.value > 1.0 + 1.5 * r.expected || (r.p <= 0.05 && open.adds_up(r.value, r.expected)),
            };
            if open.grow(at, r.value, r.expected, goes_on) {
                grown.push(open.id.clone());
            }
        }
        grown
    }

    fn peak(&mut self, place: &Place, i: usize, reading: &Reading, per_week: f64) -> Option<String> {
        let metric = COUNTED[i];
        let alarm = self.counts[i].alarm(reading, per_week, &config(metric))?;
        let kind = match reading.kind {
            Kind::Rise => FindingKind::Peak,
            Kind::Drop => FindingKind::Drop,
            Kind::Silence => FindingKind::Silence,
        };
        let same = |o: &&mut Open| o.metric == metric && o.kind == kind;
        if let Some(open) = self.open.iter_mut().find(same) {
            open.strength = open.strength.max(strength(reading.p));
            open.per_week = open.per_week.min(alarm.per_week);
            return Some(open.id.clone());
        }
        let bins = reading.bins.clamp(1, self.recent[i].len().max(1));
        let from = match kind {
            FindingKind::Silence => self.quiet.unwrap_or(reading.at),
            _ => reading.at - (bins as i64 - 1) * BIN,
        };
        let mut open = Open::new(place, kind, metric, from, reading.at);
        for (value, expected) in self.recent[i].iter().rev().take(bins) {
            open.value += f64::from(*value);
            open.expected += f64::from(*expected);
        }
        if kind == FindingKind::Silence {
            open.expected = reading.expected * ((open.until - from) / BIN) as f64;
        }
        // A day that is a little more than usual may end in hours that are less: there is nothing to show.
        if kind == FindingKind::Peak && open.value <= open.expected {
            return None;
        }
        (open.strength, open.per_week) = (strength(reading.p), alarm.per_week);
        let id = open.id.clone();
        self.open.push(open);
        Some(id)
    }

    fn shift(&mut self, place: &Place, said: &ShareReading, per_week: f64) -> Option<String> {
        if !self.mood.alarm(said, per_week, &config(Metric::NegativeShare)) {
            return None;
        }
        let reading = &said.reading;
        let from = reading.at - (reading.bins as i64 - 1) * BIN;
        let (kind, metric) = (FindingKind::SentimentShift, Metric::NegativeShare);
        let mut open = Open::new(place, kind, metric, from, reading.at);
        (open.value, open.expected) = (reading.value, reading.expected);
        open.strength = strength(reading.p);
        open.per_week = per_week_of(reading.p);
        let id = open.id.clone();
        self.open.push(open);
        Some(id)
    }

    /// What goes on now.
    pub(super) fn open_mut(&mut self) -> &mut Vec<Open> {
        &mut self.open
    }
}

fn strength(p: f64) -> f64 {
    -p.max(1e-300).log10()
}

/// False alarms per week that readings of this probability bring: a week has 28 blocks of six hours.
fn per_week_of(p: f64) -> f64 {
    -(-p.min(1.0 - 1e-12)).ln_1p() * 28.0
}
