//! Figures over windows, held against limits. The same for what comes in and for what is stored.

use super::{Against, Condition, Definition, Ground, HOUR, Kind, MINUTE, Measure, Side, State};
use crate::control::AlertRow;
use post::Millis;
use std::collections::HashSet;
use std::ops::{Add, Sub};
use store::{Calendar, Cell, Cut, Filter, Key, Measures, Question, Step};

/// Slots asked of the store in one question.
const AT_ONCE: Millis = 20_000;
/// Mentions whose authors are told apart at most.
const MOST: usize = 1_000_000;

/// Sums over mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sum {
    pub(super) mentions: u64,
    /// Distinct authors, where a threshold is about them.
    pub(super) authors: u64,
    pub(super) engagement: u64,
    pub(super) sentiment: [u64; 3],
}

impl Sum {
    fn of(cell: &Cell) -> Self {
        Self {
            mentions: cell.mentions,
            authors: 0,
            engagement: cell.engagement,
            sentiment: cell.sentiment,
        }
    }

    fn each(self, other: Self, work: fn(u64, u64) -> u64) -> Self {
        let [a, b, c] = self.sentiment;
        let [x, y, z] = other.sentiment;
        Self {
            mentions: work(self.mentions, other.mentions),
            // Nobody is counted by adding: see `Slots::within`.
            authors: 0,
            engagement: work(self.engagement, other.engagement),
            sentiment: [work(a, x), work(b, y), work(c, z)],
        }
    }
}

impl Add for Sum {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.each(other, u64::saturating_add)
    }
}

impl Sub for Sum {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.each(other, u64::saturating_sub)
    }
}

/// Sums of slots of one length, from a full one on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slots {
    begin: Millis,
    step: Millis,
    /// The sum of all slots before this one; one more than there are slots.
    before: Vec<Sum>,
    /// Who wrote when, the oldest first, where authors are counted.
    authors: Vec<(Millis, u64)>,
}

impl Slots {
    pub(super) fn new(begin: Millis, step: Millis, slots: impl IntoIterator<Item = Sum>) -> Self {
        let mut before = vec![Sum::default()];
        let mut sum = Sum::default();
        for slot in slots {
            sum = sum + slot;
            before.push(sum);
        }
        Self {
            begin,
            step,
            before,
            authors: Vec::new(),
        }
    }

    /// The same with who wrote when.
    pub(super) fn by(mut self, mut authors: Vec<(Millis, u64)>) -> Self {
        authors.sort_unstable();
        self.authors = authors;
        self
    }

    /// What lies in `[from, to)`, with its distinct authors.
    fn within(&self, from: Millis, to: Millis) -> Sum {
        let place = |moment: Millis| self.authors.partition_point(|(at, _)| *at < moment);
        let wrote = &self.authors[place(from)..place(to).max(place(from))];
        let authors: HashSet<u64> = wrote.iter().map(|(_, author)| *author).collect();
        Sum {
            authors: authors.len() as u64,
            ..self.between(from, to)
        }
    }

    /// What lies in `[from, to)`, which are ends of slots; nothing lies outside of them.
    pub(super) fn between(&self, from: Millis, to: Millis) -> Sum {
        let at = |moment: Millis| {
            let place = (moment - self.begin).div_euclid(self.step);
            let place = usize::try_from(place).unwrap_or(0).min(self.before.len() - 1);
            self.before[place]
        };
        at(to) - at(from)
    }

    /// The ends of the slots within `(from, to]`.
    pub(super) fn ends(&self, from: Millis, to: Millis) -> impl Iterator<Item = Millis> + use<> {
        let first = (from.div_euclid(self.step) + 1) * self.step;
        (first..=to).step_by(usize::try_from(self.step).unwrap_or(1))
    }
}

/// How often a window of this length is looked at: a twelfth of it or so, between a minute and an hour.
pub(super) fn step(window: Millis) -> Millis {
    let steps = [HOUR, 15 * MINUTE, 5 * MINUTE, MINUTE];
    let fits = |step: &Millis| window % step == 0 && step * 4 <= window;
    steps.into_iter().find(fits).unwrap_or(MINUTE)
}

/// Counts mentions in slots from `from` to `to`, both ends of slots.
pub(super) fn load(
    ground: &Ground<'_>,
    filter: &Filter,
    (from, to): (Millis, Millis),
    step: Millis,
) -> Result<Slots, store::Error> {
    let snapshot = ground.engine.store.snapshot();
    let length = match step {
        HOUR => Step::Hours(1),
        _ => Step::Minutes(u8::try_from(step / MINUTE).unwrap_or(1)),
    };
    let mut sums = vec![Sum::default(); usize::try_from((to - from) / step).unwrap_or(0)];
    let mut at = from;
    while at < to {
        let end = (at + AT_ONCE * step).min(to);
        let table = snapshot.table(&Question {
            filter: Filter {
                from: Some(at),
                to: Some(end),
                ..filter.clone()
            },
            cuts: vec![Cut::Time(Calendar::utc(length))],
            measures: Measures {
                engagement: true,
                sentiment: true,
                ..Measures::default()
            },
        })?;
        let keys = table
            .axes
            .first()
            .map(|axis| axis.keys.as_slice())
            .unwrap_or_default();
        for (key, cell) in keys.iter().zip(&table.cells) {
            let Key::Time(begin, _) = key else { continue };
            let place = usize::try_from((begin - from).div_euclid(step)).ok();
            if let Some(sum) = place.and_then(|p| sums.get_mut(p)) {
                *sum = Sum::of(cell);
            }
        }
        at = end;
    }
    Ok(Slots::new(from, step, sums))
}

/// What the windows of a definition need: counts, and who wrote when where distinct authors are asked for.
pub(super) fn load_for(
    ground: &Ground<'_>,
    row: &AlertRow,
    filter: &Filter,
    (from, to): (Millis, Millis),
    step: Millis,
) -> anyhow::Result<Slots> {
    let slots = load(ground, filter, (from, to), step)?;
    let Kind::Threshold {
        measure: Measure::Authors,
        ..
    } = &row.definition.when
    else {
        return Ok(slots);
    };
    let monitors = match filter.monitors.include.is_empty() {
        false => filter.monitors.include.clone(),
        true => {
            let all = ground.engine.control.monitors(&row.project)?;
            all.into_iter().map(|m| m.id).collect()
        }
    };
    let filter = Filter {
        from: Some(from),
        to: Some(to),
        ..filter.clone()
    };
    let rows = ground.engine.store.snapshot().rows(&filter, &monitors, MOST)?;
    Ok(slots.by(rows.into_iter().map(|r| (r.at, r.author)).collect()))
}

/// What a window was found to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judged {
    /// The end of the window.
    pub(super) tick: Millis,
    pub(super) value: f64,
    /// The 95 % interval of a share.
    pub(super) interval: Option<(f64, f64)>,
    /// The limit, or what was there before.
    pub(super) expected: f64,
    pub(super) count: u64,
}

/// Looks at the windows that end at these moments; what is to be told, with the cooldown heeded. `heard` says whether in a
/// window that looks silent anything could have been heard.
pub(super) fn look(
    definition: &Definition,
    state: &mut State,
    slots: &Slots,
    subject: &str,
    ticks: impl Iterator<Item = Millis>,
    heard: impl Fn(Millis, Millis) -> bool,
) -> Vec<Judged> {
    let Some(window) = definition.when.window() else {
        return Vec::new();
    };
    let mut told = Vec::new();
    for tick in ticks {
        let judged = match &definition.when {
            Kind::Threshold {
                measure, condition, ..
            } => {
                let (now, before) = (
                    slots.within(tick - window, tick),
                    slots.within(tick - 2 * window, tick - window),
                );
                judge(*measure, condition, definition.min_sample, (now, before))
            }
            _ => silent(slots, tick, window, definition.min_sample).filter(|_| heard(tick - window, tick)),
        };
        let Some(judged) = judged else { continue };
        if state.may(subject, tick, definition.cooldown_ms()) {
            state.told(subject, tick);
            told.push(Judged { tick, ..judged });
        }
    }
    told
}

/// The 95 % interval of a share.
type Interval = Option<(f64, f64)>;

/// The figure with its interval, and what it is a figure of; `None` where there is nothing to take it from.
fn figure(measure: Measure, sum: &Sum) -> Option<(f64, Interval, u64)> {
    let [negative, neutral, positive] = sum.sentiment;
    let scored = sum.sentiment.iter().sum();
    let estimate = match measure {
        Measure::Mentions => return Some((sum.mentions as f64, None, sum.mentions)),
        Measure::Authors => return Some((sum.authors as f64, None, sum.mentions)),
        Measure::Engagement => return Some((sum.engagement as f64, None, sum.mentions)),
        Measure::Negative => return Some((negative as f64, None, sum.mentions)),
        Measure::Positive => return Some((positive as f64, None, sum.mentions)),
        Measure::NegativeShare => trends::share(negative, scored),
        Measure::PositiveShare => trends::share(positive, scored),
        Measure::NetSentiment => trends::net_sentiment(negative, neutral, positive),
    };
    let value = match measure {
        Measure::NetSentiment if scored > 0 => (positive as f64 - negative as f64) / scored as f64,
        _ => estimate.as_ref()?.value,
    };
    Some((value, estimate.map(|e| (e.low, e.high)), scored))
}

fn judge(
    measure: Measure,
    condition: &Condition,
    min_sample: u64,
    (now, before): (Sum, Sum),
) -> Option<Judged> {
    let (value, interval, sample) = figure(measure, &now)?;
    // Few mentions are what a count below a limit is about; of anything else they are too little to tell of.
    let is_of_few = condition.side == Side::Below && !measure.is_share();
    if sample < min_sample && !is_of_few {
        return None;
    }
    let (limit, expected) = match condition.against {
        Against::Value(limit) => (limit, limit),
        Against::Previous(change) => {
            let (was, _, sample) = figure(measure, &before)?;
            if sample < min_sample.max(1) {
                return None;
            }
            let change = match condition.side {
                Side::Above => change,
                Side::Below => -change,
            };
            match measure.is_share() {
                true => (was + change, was),
                false => (was * (1.0 + change), was),
            }
        }
    };
    let is_over = match condition.side {
        Side::Above => value >= limit,
        Side::Below => value <= limit,
    };
    is_over.then_some(Judged {
        tick: 0,
        value,
        interval,
        expected,
        count: now.mentions,
    })
}

/// Whether the window has just become empty: the slot before it was not, and there was enough in the window before.
fn silent(slots: &Slots, tick: Millis, window: Millis, min_sample: u64) -> Option<Judged> {
    let begin = tick - window;
    let left = slots.between(begin - slots.step, begin).mentions;
    if left == 0 || slots.between(begin, tick).mentions > 0 {
        return None;
    }
    let before = slots.between(begin - window, begin).mentions;
    (before >= min_sample.max(1)).then_some(Judged {
        tick: 0,
        value: 0.0,
        interval: None,
        expected: before as f64,
        count: 0,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn definition(when: serde_json::Value, more: serde_json::Value) -> Definition {
        let mut whole = json!({"name": "a", "when": when, "cooldown": 0});
        for (key, value) in more.as_object().unwrap() {
            whole[key] = value.clone();
        }
        serde_json::from_value(whole).unwrap()
    }

    fn sum(mentions: u64, negative: u64) -> Sum {
        Sum {
            mentions,
            authors: 0,
            engagement: 0,
            sentiment: [negative, mentions - negative, 0],
        }
    }

    /// When, in minutes, it is told over slots of a minute.
    fn told(definition: &Definition, slots: &[Sum]) -> Vec<Millis> {
        let slots = Slots::new(0, MINUTE, slots.iter().copied());
        let ends = slots.ends(0, (slots.before.len() as Millis - 1) * MINUTE);
        let told = look(definition, &mut State::default(), &slots, "", ends, |_, _| true);
        told.iter().map(|j| j.tick / MINUTE).collect()
    }

    fn above(measure: &str, limit: f64) -> serde_json::Value {
        json!({"kind": "threshold", "measure": measure, "window": 5, "condition": {"side": "above", "against": {"value": limit}}})
    }

    #[test]
    fn a_count_is_told_when_its_window_holds_enough_and_again_after_the_cooldown() {
        let mut slots = vec![sum(0, 0); 30];
        slots[10] = sum(6, 0);
        let every = definition(above("mentions", 5.0), json!({}));
        assert_eq!(told(&every, &slots), [11, 12, 13, 14, 15]);
        let cooled = definition(above("mentions", 5.0), json!({"cooldown": 3}));
        assert_eq!(told(&cooled, &slots), [11, 14]);
    }

    #[test]
    fn authors_are_counted_once_however_often_they_write() {
        let mut slots = vec![sum(0, 0); 20];
        (slots[5], slots[7]) = (sum(40, 0), sum(2, 0));
        let mut wrote: Vec<(Millis, u64)> = (0..40).map(|n| (5 * MINUTE + n, 1)).collect();
        wrote.extend([(7 * MINUTE + 1, 2), (7 * MINUTE, 3)]);
        let slots = Slots::new(0, MINUTE, slots).by(wrote);
        let three = definition(above("authors", 3.0), json!({}));
        let ends = slots.ends(0, 20 * MINUTE);
        let told = look(&three, &mut State::default(), &slots, "", ends, |_, _| true);
        let told: Vec<_> = told.iter().map(|j| (j.tick / MINUTE, j.value)).collect();
        // From minute 8 on all three are in the window, until the first has left it.
        assert_eq!(told, [(8, 3.0), (9, 3.0), (10, 3.0)]);
    }

    #[test]
    fn a_share_of_few_is_not_told() {
        let mut slots = vec![sum(0, 0); 10];
        slots[3] = sum(40, 40);
        assert_eq!(
            told(
                &definition(above("negative_share", 0.5), json!({"cooldown": 60})),
                &slots
            ),
            [4]
        );
        let enough = definition(above("negative_share", 0.5), json!({"min_sample": 41}));
        assert!(told(&enough, &slots).is_empty());
        slots[3] = sum(29, 29);
        let few = definition(above("negative_share", 0.5), json!({}));
        assert!(told(&few, &slots).is_empty(), "below 30 there is no share");
    }

    #[test]
    fn a_change_is_held_against_the_window_before() {
        let when = json!({"kind": "threshold", "measure": "mentions", "window": 5,
            "condition": {"side": "above", "against": {"previous": 1.0}}});
        let mut slots = vec![sum(2, 0); 20];
        slots[12] = sum(20, 0);
        // Ten mentions to compare with: the begin of the stream after nothing is no change.
        let found = told(
            &definition(when.clone(), json!({"cooldown": 60, "min_sample": 10})),
            &slots,
        );
        // 10 before, 28 with the burst.
        assert_eq!(found, [13]);
        let few = definition(when, json!({"min_sample": 11}));
        assert!(
            told(&few, &slots).is_empty(),
            "ten mentions are too few to compare with"
        );
    }

    #[test]
    fn silence_is_told_once_and_only_of_those_who_spoke() {
        let silence = definition(json!({"kind": "silence", "window": 5}), json!({}));
        let mut slots = vec![sum(1, 0); 10];
        slots.extend(vec![sum(0, 0); 20]);
        assert_eq!(told(&silence, &slots), [15]);
        assert!(told(&silence, &vec![sum(0, 0); 30]).is_empty());
        let enough = definition(json!({"kind": "silence", "window": 5}), json!({"min_sample": 6}));
        assert!(told(&enough, &slots).is_empty());
    }

    #[test]
    fn windows_are_looked_at_in_even_steps() {
        for window in super::super::WINDOWS {
            let window = Millis::from(window) * MINUTE;
            assert_eq!(window % step(window), 0, "{window}");
        }
        assert_eq!(
            (step(5 * MINUTE), step(HOUR), step(24 * HOUR)),
            (MINUTE, 15 * MINUTE, HOUR)
        );
    }

    proptest! {
        /// Looking at everything at once tells what looking step by step tells: a back-test says what would have come.
        #[test]
        fn in_one_go_and_step_by_step_the_same_is_told(
            counts in prop::collection::vec(0u64..6, 1..120), limit in 1u8..12, cooldown in 0u32..20, cut in 1usize..40,
        ) {
            let slots: Vec<Sum> = counts.iter().map(|n| sum(*n, n / 2)).collect();
            let definition = definition(above("negative", f64::from(limit)), json!({"cooldown": cooldown, "min_sample": 2}));
            let all = told(&definition, &slots);
            let (mut state, mut parts, mut from) = (State::default(), Vec::new(), 0);
            while from < slots.len() {
                let to = (from + cut).min(slots.len());
                // Only what the windows of this part need is at hand.
                let begin = from.saturating_sub(10);
                let part = Slots::new(begin as Millis * MINUTE, MINUTE, slots[begin..to].iter().copied());
                let ends = part.ends(from as Millis * MINUTE, to as Millis * MINUTE);
                parts.extend(look(&definition, &mut state, &part, "", ends, |_, _| true).iter().map(|j| j.tick / MINUTE));
                from = to;
            }
            prop_assert_eq!(all, parts);
        }
    }
}
