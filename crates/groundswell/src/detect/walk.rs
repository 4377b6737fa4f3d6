//! One bin after the other.

use super::BIN;
use super::finding::Finding;
use super::heard::Heard;
use super::open::Place;
use super::pulse::{Pulse, Said, Tally};
use super::read::{engagement, head};
use super::settings::Sensitivity;
use super::state::Walked;
use crate::policy::Gate;
use std::collections::BTreeMap;
use store::{Label, Mention, Sentiment, mention_number};
use trends::copies::Normal;
use trends::hash;
use trends::peaks::accept;
use trends::terms::Terms;

/// Of what is told at one time about many series, this share may be false.
const FALSE: f64 = 0.1;

/// What a bin is read by.
pub(super) struct Reading<'a> {
    pub(super) project: &'a str,
    pub(super) gate: &'a Gate,
    pub(super) sensitivity: &'a Sensitivity,
    /// Now by the clock, Unix seconds.
    pub(super) now: i64,
}

impl Walked {
    /// Takes in the bin that begins at the cursor, with its mentions, the oldest first: findings that are new or have
    /// grown.
    pub(super) fn bin(&mut self, mentions: &[Mention], heard: Heard, by: &Reading) -> Vec<Finding> {
        let at = self.cursor;
        self.cursor = at + BIN;
        self.mentions += mentions.len() as u64;
        let tallies = self.tallies(mentions, at);
        // Where others of the project were mentioned, somebody listened.
        let listened = heard == Heard::Yes || (heard == Heard::Unmeasured && !tallies.is_empty());
        let mut findings = self.pulses(&tallies, at, (heard, listened), by);
        let (mut terms, mut normal) = (Terms::new(), Normal::default());
        for mention in mentions.iter().filter(|m| self.monitors.contains_key(&m.monitor)) {
            self.trending.observe(mention, at + BIN, &mut terms, &mut normal);
            if mention.primary {
                self.rings.observe(mention, at + BIN, &mut normal);
                self.machines.observe(mention, by.gate, &mut normal);
            }
        }
        findings.extend(self.trending.tick(by.project, at + BIN, by.now));
        findings.extend(self.rings.tick(by.project, at + BIN, by.now));
        self.machines.tick(at + BIN);
        findings
    }

    fn tallies<'m>(&mut self, mentions: &'m [Mention], at: i64) -> BTreeMap<&'m str, Tally> {
        let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
        for mention in mentions {
            if !self.monitors.contains_key(&mention.monitor) {
                continue;
            }
            let tally = tallies.entry(&mention.monitor).or_default();
            tally.mentions += 1;
            let author = mention.post.author.as_ref().map(|a| head(a.key.0));
            let author = author.unwrap_or_else(|| mention_number(mention.id));
            let heard_of = hash::pair(hash::text(&mention.monitor), author);
            tally.new_authors += u32::from(self.seen.insert(heard_of, at));
            tally.engagement += engagement(&mention.post.counts);
            if let Some(label) = mention.sentiment.as_ref().map(Sentiment::label) {
                tally.scored += 1;
                tally.negative += u32::from(label == Label::Negative);
            }
        }
        tallies
    }

    /// Every series of the project in one tick: what stands out among all of them is followed up.
    fn pulses(
        &mut self,
        tallies: &BTreeMap<&str, Tally>,
        at: i64,
        (heard, listened): (Heard, bool),
        by: &Reading,
    ) -> Vec<Finding> {
        let mut said: Vec<(&str, &mut Pulse, Vec<Said>)> = Vec::new();
        for (id, watched) in &mut self.monitors {
            let tally = tallies.get(&**id);
            if tally.is_none() && watched.pulse.is_none() {
                watched.silent += u32::from(listened && at >= watched.begin);
                continue;
            }
            let pulse: &mut Pulse = watched
                .pulse
                .get_or_insert_with(|| Box::new(Pulse::after_silence(at, watched.silent)));
            let readings = pulse.push(at, tally.unwrap_or(&Tally::default()), heard);
            said.push((id.as_str(), pulse, readings));
        }
        let all = said.iter().flat_map(|(_, _, readings)| readings);
        // Those of a warm-up are no tests.
        let p: Vec<f64> = all.map(|r| if r.p() < 1.0 { r.p() } else { f64::NAN }).collect();
        let mut accepted = accept(&p, FALSE).into_iter();
        let mut findings = Vec::new();
        for (monitor, pulse, readings) in said {
            let marked: Vec<(Said, bool)> = readings
                .into_iter()
                .map(|r| (r, accepted.next().unwrap_or(false)))
                .collect();
            let place = Place {
                project: by.project,
                monitor,
                now: by.now,
            };
            findings.extend(pulse.follow(&place, at, &marked, by.sensitivity.per_week(monitor)));
        }
        findings
    }
}
