//! Which posts the full tier reads: those the fast tier is least sure of, as many as there is time for.
//!
//! The full tier may spend a share of the processor's time, saved up for a moment, so that a burst is let through at the
//! speed of the fast tier instead of standing behind the slow one. A post the fast tier is sure of is not sent even
//! where there is time.

use models::{Ask, Reader, Said};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How the tiers share the work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Probability of the fast tier's label from which on the full tier is not asked, 0 to 1. 0 never asks it.
    pub sure: f32,
    /// Share of the threads' time that the full tier may take, 0 to 1.
    pub share: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sure: 0.85,
            share: 0.6,
        }
    }
}

impl Settings {
    /// The fast tier alone.
    pub const FAST: Self = Self {
        sure: 0.0,
        share: 0.0,
    };

    /// The same with a part of the share.
    pub fn part(self, part: f32) -> Self {
        Self {
            share: self.share * part,
            ..self
        }
    }
}

/// Time that may be saved up while little comes.
const SAVED: Duration = Duration::from_secs(2);
/// What a post is taken to cost until the first was read.
const GUESS: Duration = Duration::from_millis(12);
/// How much one measurement moves what a post is taken to cost.
const MEMORY: f64 = 0.1;

/// Chooses; shared by all threads that score.
#[derive(Debug)]
pub struct Cascade {
    settings: Settings,
    threads: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Seconds of the processor that may be spent now.
    purse: f64,
    /// When the purse was last filled.
    filled: Option<Instant>,
    /// Seconds of the processor a post costs.
    cost: f64,
}

impl Cascade {
    /// A cascade for so many threads, whose purse is full.
    pub fn new(settings: Settings, threads: usize) -> Self {
        let state = State {
            purse: SAVED.as_secs_f64(),
            filled: None,
            cost: GUESS.as_secs_f64(),
        };
        Self {
            settings,
            threads,
            state: Mutex::new(state),
        }
    }

    /// What the models say of posts: the fast tier of all, both tiers of those chosen, whose words are asked for as well. A
    /// post at a place that is not `wanted` is not worth being made sure of.
    pub fn read(
        &self,
        reader: &mut Reader<'_>,
        asks: &mut [Ask<'_>],
        wanted: impl Fn(usize) -> bool,
    ) -> Vec<Said> {
        let mut said: Vec<Said> = asks.iter().map(|a| reader.fast(a)).collect();
        if !reader.has_full() {
            return said;
        }
        let confidence = |(i, s): (usize, &Said)| if wanted(i) { s.confidence() } else { Some(1.0) };
        let confidences: Vec<Option<f32>> = said.iter().enumerate().map(confidence).collect();
        let chosen = self.choose(&confidences, Instant::now());
        if chosen.is_empty() {
            return said;
        }
        let start = Instant::now();
        chosen.iter().for_each(|&i| asks[i].words = true);
        let some: Vec<&Ask<'_>> = chosen.iter().map(|&i| &asks[i]).collect();
        let fast: Vec<&Said> = chosen.iter().map(|&i| &said[i]).collect();
        let full = reader.full(&some, &fast);
        self.measured(chosen.len(), start.elapsed());
        for (i, answer) in chosen.into_iter().zip(full) {
            said[i] = answer;
        }
        said
    }

    /// The places of the posts the full tier should read, ascending. `confidences` are the fast tier's, `None` where it
    /// abstains; what they will cost is taken out of the purse.
    pub fn choose(&self, confidences: &[Option<f32>], now: Instant) -> Vec<usize> {
        let unsure = |c: &Option<f32>| c.unwrap_or(0.0) < self.settings.sure;
        let mut places: Vec<usize> = (0..confidences.len())
            .filter(|&i| unsure(&confidences[i]))
            .collect();
        if places.is_empty() {
            return places;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.fill(self.settings.share * self.threads as f32, now);
        let affordable = (state.purse / state.cost).max(0.0) as usize;
        let confidence = |i: &usize| confidences[*i].unwrap_or(0.0);
        places.sort_by(|a, b| confidence(a).total_cmp(&confidence(b)).then(a.cmp(b)));
        places.truncate(affordable);
        state.purse -= places.len() as f64 * state.cost;
        places.sort_unstable();
        places
    }

    /// Tells what reading some posts has cost.
    pub fn measured(&self, posts: usize, spent: Duration) {
        if posts == 0 {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // The purse was charged by what they were taken to cost.
        state.purse += posts as f64 * state.cost - spent.as_secs_f64();
        let each = spent.as_secs_f64() / posts as f64;
        state.cost = (state.cost + MEMORY * (each - state.cost)).max(1e-5);
    }
}

impl State {
    /// `rate`: seconds of the processor for each second that passes.
    fn fill(&mut self, rate: f32, now: Instant) {
        let since = self.filled.map_or(0.0, |then| (now - then).as_secs_f64());
        self.purse = (self.purse + since * f64::from(rate)).min(SAVED.as_secs_f64());
        self.filled = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fresh() -> Cascade {
        let settings = Settings {
            sure: 0.8,
            share: 0.5,
        };
        Cascade::new(settings, 2)
    }

    #[test]
    fn the_least_sure_are_read_and_the_sure_never() {
        let cascade = fresh();
        cascade.measured(1, Duration::from_millis(700));
        let now = Instant::now();
        let asked = [Some(0.9), Some(0.5), None, Some(0.79), Some(0.4)];
        let chosen = cascade.choose(&asked, now);
        assert!(!chosen.contains(&0));
        let all = fresh().choose(&asked, now);
        assert_eq!(all, [1, 2, 3, 4]);
    }

    #[test]
    fn a_burst_spends_the_savings_and_time_brings_them_back() {
        let cascade = fresh();
        let many = vec![Some(0.5); 10_000];
        let start = Instant::now();
        let first = cascade.choose(&many, start).len();
        assert_eq!(first, (2.0 / 0.012) as usize);
        assert_eq!(cascade.choose(&many, start).len(), 0);
        let later = cascade.choose(&many, start + Duration::from_secs(1)).len();
        assert!((80..=84).contains(&later), "{later}");
    }

    proptest! {
        #[test]
        fn never_more_is_spent_than_was_saved_and_came_in(
            batches in proptest::collection::vec((0u64..2_000, 0usize..400, 1u64..40), 1..40)
        ) {
            let cascade = fresh();
            let (start, mut at, mut spent) = (Instant::now(), Duration::ZERO, Duration::ZERO);
            let mut dearest = Duration::ZERO;
            for (pause, posts, cost) in batches {
                at += Duration::from_millis(pause);
                let chosen = cascade.choose(&vec![Some(0.5); posts], start + at);
                let cost = Duration::from_millis(cost) * chosen.len() as u32;
                cascade.measured(chosen.len(), cost);
                spent += cost;
                dearest = dearest.max(cost);
            }
            // One batch may cost more than it was taken to; the next ones pay for it.
            let budget = SAVED + at.mul_f64(0.5 * 2.0) + dearest;
            prop_assert!(spent <= budget, "{spent:?} of {budget:?}");
        }
    }
}
