//! Evaluating what has come in since the last time.

use super::{
    DAY, Every, Fired, Ground, HOUR, Kind, State, due, found, scope, sources, stream, telling, windows, words,
};
use crate::connections::Supervisor;
use crate::control::{AlertEvent, AlertRow, Error, Evaluated, Released};
use crate::pipeline::Engine;
use post::{Millis, PostKey};
use std::sync::Arc;
use std::time::Duration;
use store::{Filter, Label};
use tokio::sync::watch;

/// How often there is something to be looked for.
const LOOK: Duration = Duration::from_secs(1);
/// What was published in the last moments is still on its way into the store.
const SETTLE: Millis = 10_000;
/// Windows that ended longer ago, while this program did not run, are not looked at any more.
const CATCH_UP: Millis = DAY;
/// Findings looked at in one pass.
const FINDINGS: usize = 500;
/// Commits that are looked at again after a restart at most.
const COMMITS: u64 = 30;
/// How long alerts, and messages about them, are kept.
const ALERTS_KEPT: Millis = 400 * DAY;
const MESSAGES_KEPT: Millis = 90 * DAY;
/// Zones lie a whole number of quarters of an hour from UTC.
pub(super) const QUARTER: Millis = 15 * super::MINUTE;

/// Evaluates every definition, until the process ends.
pub(crate) async fn run(
    engine: Arc<Engine>,
    supervisor: Arc<Supervisor>,
    public_url: Option<String>,
    mut ending: watch::Receiver<bool>,
) {
    let mut cleaned: Millis = 0;
    loop {
        let (engine, supervisor, public_url) = (engine.clone(), supervisor.clone(), public_url.clone());
        let now = crate::clock::now();
        let is_time = now - cleaned > HOUR;
        let done = tokio::task::spawn_blocking(move || {
            let ground = Ground {
                engine: &engine,
                supervisor: Some(&supervisor),
                public_url: public_url.as_deref(),
            };
            if is_time {
                forget(&ground, now)?;
            }
            pass(&ground, now)
        })
        .await;
        if is_time {
            cleaned = now;
        }
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "alerts could not be evaluated; they are tried again"),
            Err(error) => tracing::error!(%error, "evaluating alerts failed"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = ending.wait_for(|end| *end) => return,
        }
    }
}

fn forget(ground: &Ground<'_>, now: Millis) -> Result<(), Error> {
    let control = &ground.engine.control;
    control.forget_old_alerts(now - ALERTS_KEPT, stream::seen_until(now))?;
    control.forget_old_outgoing(now - MESSAGES_KEPT)
}

/// Evaluates every definition once. One that cannot be evaluated says why and does not stop the others.
pub(super) fn pass(ground: &Ground<'_>, now: Millis) -> Result<(), Error> {
    let control = &ground.engine.control;
    for row in control.enabled_alerts()? {
        let mut state = row.state.clone();
        let (found, fault) = match evaluate(ground, &row, &mut state, now) {
            Ok(found) => (found, None),
            Err(error) => {
                // Nothing was looked at: it is tried again from where it stood.
                state = row.state.clone();
                (Found::default(), Some(format!("{error:#}")))
            }
        };
        if found.fired.is_empty()
            && found.seen.is_empty()
            && fault == row.fault
            && is_as_good(&row.state, &state)
        {
            continue;
        }
        if let Some(fault) = fault.as_ref().filter(|f| row.fault.as_ref() != Some(f)) {
            tracing::warn!(alert = %row.id, fault, "an alert cannot be evaluated");
        }
        let (events, messages) = telling::out(ground, &row, found.fired, now)?;
        let made = events.len();
        let done = Evaluated {
            row: &row,
            state,
            events,
            seen: found.seen,
            messages,
            fault,
        };
        if control.put_evaluated(&done)? {
            ground.engine.counters.alerts.add(made);
        }
    }
    release(ground, now)
}

/// Whether the state before is as good as the one after: of commits that brought nothing only every so many are written
/// down, for looking at them again brings nothing, either.
fn is_as_good(before: &State, after: &State) -> bool {
    let commits = after.generation.saturating_sub(before.generation);
    let moved = State {
        generation: after.generation,
        ..before.clone()
    };
    moved == *after && commits < COMMITS && after.generation >= before.generation
}

/// Tells what was held until now, of each definition in one message.
fn release(ground: &Ground<'_>, now: Millis) -> Result<(), Error> {
    let control = &ground.engine.control;
    for ((project, alert), events) in control.held_events(now)? {
        let row = control.alert(&project, &alert)?;
        let told = !telling::is_muted(&row, now);
        let items: Vec<(&str, &Fired)> = events
            .iter()
            .map(|e: &AlertEvent| (e.id.as_str(), &e.fired))
            .collect();
        let messages = match told {
            true => telling::messages(ground, &row, &items)?,
            false => Vec::new(),
        };
        control.release_events(&Released {
            row: &row,
            events: events.iter().map(|e| e.number).collect(),
            told,
            messages,
        })?;
    }
    Ok(())
}

/// What an evaluation found.
#[derive(Default)]
struct Found {
    fired: Vec<Fired>,
    seen: Vec<(PostKey, Millis)>,
}

impl From<Vec<Fired>> for Found {
    fn from(fired: Vec<Fired>) -> Self {
        Self {
            fired,
            seen: Vec::new(),
        }
    }
}

fn evaluate(ground: &Ground<'_>, row: &AlertRow, state: &mut State, now: Millis) -> anyhow::Result<Found> {
    let definition = &row.definition;
    match &definition.when {
        when if when.is_stream() => {
            let filter = scope::filter(ground, &row.project, definition)?;
            let seen = stream::arrived(ground, (&row.id, &filter), state, now)?;
            let due = stream::take(definition, state, now);
            let fired = due.map(|due| named(ground, row, stream::fired(due, now)));
            Ok(Found {
                fired: fired.into_iter().collect(),
                seen,
            })
        }
        Kind::Digest { every, hour } => digest(ground, row, state, (*every, *hour), now).map(Found::from),
        Kind::Threshold { .. } | Kind::Silence { .. } => {
            over_windows(ground, row, state, now).map(Found::from)
        }
        Kind::SilentSource { sources, .. } => {
            silent_sources(ground, row, state, sources, now).map(Found::from)
        }
        Kind::Budget { sources, left } => Ok(sources::low(ground, (sources, *left), state, now).into()),
        _ => findings(ground, row, state, now).map(Found::from),
    }
}

fn digest(
    ground: &Ground<'_>,
    row: &AlertRow,
    state: &mut State,
    (every, hour): (Every, u8),
    now: Millis,
) -> anyhow::Result<Vec<Fired>> {
    let times = due::all(&row.definition, (every, hour), state.due.max(now - 60 * DAY), now);
    // Those that were missed are told together.
    let (Some(first), Some(last)) = (times.first(), times.last()) else {
        return Ok(Vec::new());
    };
    let (from, until) = (first.0, last.1);
    state.due = until;
    let filter = scope::filter(ground, &row.project, &row.definition)?;
    let slots = windows::load(ground, &filter, (from, until), QUARTER)?;
    let sum = slots.between(from, until);
    if sum.mentions < row.definition.min_sample {
        return Ok(Vec::new());
    }
    let mut fired = digested(&sum, (from, until), &scope_name(ground, row));
    fired.mentions = scope::evidence(ground, &filter, (from, until), None)?;
    Ok(vec![fired])
}

pub(super) fn digested(sum: &windows::Sum, (from, until): (Millis, Millis), scope: &str) -> Fired {
    let scored = sum.sentiment.iter().sum();
    let negative = trends::share(sum.sentiment[0], scored).filter(|_| scored >= trends::MIN_SAMPLE);
    let why = negative.map(|e| {
        format!(
            "{:.0} % negative (95 % interval {:.0} to {:.0}, of {scored} with a sentiment)",
            e.value * 100.0,
            e.low * 100.0,
            e.high * 100.0
        )
    });
    Fired {
        at: until,
        from,
        until,
        title: format!(
            "{} in {} ({scope})",
            words::mentions(sum.mentions),
            words::length(until - from)
        ),
        why: why.into_iter().collect(),
        value: Some(sum.mentions as f64),
        count: sum.mentions,
        ..Fired::default()
    }
}

/// The moments of a window that are to be looked at, from which slots have to be counted, and how long those are.
fn moments(row: &AlertRow, state: &mut State, now: Millis) -> Option<(Millis, Millis, Millis)> {
    let window = row.definition.when.window()?;
    let step = windows::step(window);
    let last = (now - SETTLE).div_euclid(step) * step;
    if state.tick > now + HOUR {
        // The clock was set back.
        state.tick = now;
    }
    let from = state.tick.max(last - CATCH_UP);
    (last > from && last.div_euclid(step) > from.div_euclid(step)).then_some((from, last, step))
}

/// The slots that the windows ending within `(from, last]` need.
pub(super) fn span(window: Millis, step: Millis, from: Millis, last: Millis) -> (Millis, Millis) {
    (from.div_euclid(step) * step - 2 * window - step, last)
}

fn over_windows(
    ground: &Ground<'_>,
    row: &AlertRow,
    state: &mut State,
    now: Millis,
) -> anyhow::Result<Vec<Fired>> {
    let Some((from, last, step)) = moments(row, state, now) else {
        return Ok(Vec::new());
    };
    let window = row.definition.when.window().unwrap_or(step);
    let filter = scope::filter(ground, &row.project, &row.definition)?;
    let slots = windows::load_for(ground, row, &filter, span(window, step, from, last), step)?;
    let ends = slots.ends(from, last);
    let told = windows::look(&row.definition, state, &slots, "", ends, |from, to| {
        heard(ground, from, to)
    });
    state.tick = last;
    let scope = scope_name(ground, row);
    told.iter()
        .map(|judged| windowed(ground, (&row.definition.when, &filter, &scope), judged))
        .collect::<Result<_, _>>()
        .map_err(Into::into)
}

/// Whether sources were heard; where that cannot be read, they were.
pub(super) fn heard(ground: &Ground<'_>, from: Millis, to: Millis) -> bool {
    ground.engine.control.anything_heard(from, to).unwrap_or(true)
}

/// The event of a window over its limit.
pub(super) fn windowed(
    ground: &Ground<'_>,
    (when, filter, scope): (&Kind, &Filter, &str),
    judged: &windows::Judged,
) -> Result<Fired, store::Error> {
    let window = when.window().unwrap_or(0);
    let from = judged.tick - window;
    let (title, why) = match when {
        Kind::Threshold {
            measure, condition, ..
        } => words::threshold((*measure, window, condition), judged, scope),
        _ => words::silence(window, judged, scope),
    };
    let sentiment = match when {
        Kind::Threshold {
            measure: super::Measure::Negative | super::Measure::NegativeShare,
            ..
        } => Some(Label::Negative),
        _ => None,
    };
    let mentions = match judged.count {
        0 => Vec::new(),
        _ => scope::evidence(ground, filter, (from, judged.tick), sentiment)?,
    };
    Ok(Fired {
        at: judged.tick,
        from,
        until: judged.tick,
        title,
        why,
        value: Some(judged.value),
        low: judged.interval.map(|i| i.0),
        high: judged.interval.map(|i| i.1),
        expected: Some(judged.expected),
        count: judged.count,
        mentions,
        ..Fired::default()
    })
}

fn silent_sources(
    ground: &Ground<'_>,
    row: &AlertRow,
    state: &mut State,
    wanted: &[String],
    now: Millis,
) -> anyhow::Result<Vec<Fired>> {
    let Some((from, last, step)) = moments(row, state, now) else {
        return Ok(Vec::new());
    };
    let window = row.definition.when.window().unwrap_or(step);
    let mut fired = Vec::new();
    for source in sources::names(ground, wanted) {
        let slots = sources::load(ground, &source, span(window, step, from, last), step)?;
        let ends = slots.0.ends(from, last);
        let told = sources::silent(&row.definition, state, &source, &slots, ends);
        fired.extend(told.iter().map(|judged| silenced(&source, window, judged)));
    }
    state.tick = last;
    Ok(fired)
}

/// The event of a silent source.
pub(super) fn silenced(source: &str, window: Millis, judged: &windows::Judged) -> Fired {
    let (title, why) = words::silent_source(source, window, judged);
    Fired {
        at: judged.tick,
        from: judged.tick - window,
        until: judged.tick,
        subject: Some(source.to_owned()),
        title,
        why,
        value: Some(0.0),
        expected: Some(judged.expected),
        ..Fired::default()
    }
}

fn findings(
    ground: &Ground<'_>,
    row: &AlertRow,
    state: &mut State,
    now: Millis,
) -> anyhow::Result<Vec<Fired>> {
    let rows = ground.engine.control.findings_after(state.finding, FINDINGS)?;
    let Some(last) = rows.last().map(|r| r.number) else {
        return Ok(Vec::new());
    };
    state.finding = last;
    let ours = rows
        .iter()
        .filter(|r| r.finding.project == row.project && !r.finding.is_past);
    let told = found::look(&row.definition, state, ours, |_| now);
    Ok(told.into_iter().map(|fired| named(ground, row, fired)).collect())
}

/// The same with the monitor's name, or the scope's, before its title.
pub(super) fn named(ground: &Ground<'_>, row: &AlertRow, fired: Fired) -> Fired {
    let title = match &fired.subject {
        Some(id) => format!("{}: {}", monitor_name(ground, id), fired.title),
        None if fired.title.is_empty() => {
            format!("{} ({})", words::mentions(fired.count), scope_name(ground, row))
        }
        None => fired.title.clone(),
    };
    Fired { title, ..fired }
}

fn monitor_name(ground: &Ground<'_>, id: &str) -> String {
    let found = ground.engine.control.monitor(id);
    found.map_or_else(|_| "a removed monitor".to_owned(), |m| m.name)
}

/// What a definition is about, in words.
pub(super) fn scope_name(ground: &Ground<'_>, row: &AlertRow) -> String {
    match row.definition.monitors.as_slice() {
        [] => "all monitors".to_owned(),
        [one] => monitor_name(ground, one),
        many => format!("{} monitors", many.len()),
    }
}
