//! Sources that fall silent, and budgets that run low.

use super::windows::{self, Judged, Slots, Sum};
use super::{Definition, Fired, Ground, State};
use crate::control::BudgetReading;
use post::Millis;

/// The sources a definition is about: those named, or all of this process that are not paused.
pub(super) fn names(ground: &Ground<'_>, wanted: &[String]) -> Vec<String> {
    if !wanted.is_empty() {
        return wanted.to_vec();
    }
    let running = ground.supervisor.map(|s| s.sources()).unwrap_or_default();
    running
        .into_iter()
        .filter(|s| !s.paused)
        .map(|s| s.name)
        .collect()
}

/// What a source delivered over slots, and for how many milliseconds of each that is known.
pub(super) fn load(
    ground: &Ground<'_>,
    source: &str,
    (from, to): (Millis, Millis),
    step: Millis,
) -> Result<(Slots, Slots), crate::control::Error> {
    let count = usize::try_from((to - from) / step).unwrap_or(0);
    let (mut seen, mut known) = (vec![Sum::default(); count], vec![Sum::default(); count]);
    for slot in ground.engine.control.coverage(source, from, to)? {
        // Of an hour it is not known when: something was there throughout.
        let parts = (slot.width / step).max(1);
        for part in 0..parts {
            let place = usize::try_from((slot.at + part * step - from).div_euclid(step));
            let Some(place) = place.ok().filter(|p| *p < count) else {
                continue;
            };
            seen[place].mentions += slot.seen.div_ceil(parts as u64);
            known[place].mentions += slot.width.min(step) as u64;
        }
    }
    Ok((Slots::new(from, step, seen), Slots::new(from, step, known)))
}

/// Looks at one source; a time of which nothing is known, as when this program did not run, is no silence.
pub(super) fn silent(
    definition: &Definition,
    state: &mut State,
    source: &str,
    (seen, known): &(Slots, Slots),
    ticks: impl Iterator<Item = Millis>,
) -> Vec<Judged> {
    let is_known = |from, to| 2 * known.between(from, to).mentions >= (to - from) as u64;
    windows::look(definition, state, seen, source, ticks, is_known)
}

/// Budgets that have just run low.
pub(super) fn low(
    ground: &Ground<'_>,
    (wanted, share): (&[String], f64),
    state: &mut State,
    now: Millis,
) -> Vec<Fired> {
    let running = ground.supervisor.map(|s| s.sources()).unwrap_or_default();
    let readings = running.iter().flat_map(|source| source.readings(now));
    readings
        .filter_map(|reading| ran_low((wanted, share), state, &reading))
        .collect()
}

/// What is to be told of one reading: that the budget, which was not, is low.
pub(super) fn ran_low(
    (wanted, share): (&[String], f64),
    state: &mut State,
    reading: &BudgetReading,
) -> Option<Fired> {
    if !wanted.is_empty() && !wanted.contains(&reading.source) {
        return None;
    }
    let key = format!("{} {} {}", reading.source, reading.unit, reading.period);
    let is = reading.left as f64 / reading.most as f64;
    if is > share {
        state.low.remove(&key);
        return None;
    }
    state.low.insert(key).then(|| Fired {
        at: reading.at,
        from: reading.at,
        until: reading.resets_at,
        subject: Some(reading.source.clone()),
        title: super::words::budget(reading),
        why: vec![super::words::limit(share)],
        value: Some(is),
        expected: Some(share),
        ..Fired::default()
    })
}
