//! Sources that fall silent, and budgets that run low.

use super::windows::{self, Judged, Slots, Sum};
use super::{Definition, Fired, Ground, State};
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
    let mut told = Vec::new();
    let running = ground.supervisor.map(|s| s.sources()).unwrap_or_default();
    for source in running {
        if !wanted.is_empty() && !wanted.contains(&source.name) {
            continue;
        }
        for left in source.budget.left().into_iter().filter(|l| l.most > 0) {
            let key = format!("{} {} {}", source.name, left.unit, left.period);
            let is = left.left as f64 / left.most as f64;
            if is > share {
                state.low.remove(&key);
            } else if state.low.insert(key) {
                told.push(Fired {
                    at: now,
                    from: now,
                    until: left.resets_at,
                    subject: Some(source.name.clone()),
                    title: super::words::budget(&source.name, &left),
                    why: vec![super::words::limit(share)],
                    value: Some(is),
                    expected: Some(share),
                    ..Fired::default()
                });
            }
        }
    }
    told
}
