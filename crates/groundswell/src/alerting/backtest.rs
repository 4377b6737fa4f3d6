//! What a definition would have told of what is stored: the same evaluation, over the past.

use super::pass::{QUARTER, digested, heard, named, scope_name, silenced, span, windowed};
use super::{
    DAY, Definition, Fired, Ground, Kind, MINUTE, State, due, found, scope, sources, stream, windows,
};
use crate::control::{AlertRow, FindingFilter, FindingRow};
use post::Millis;
use serde::Serialize;
use store::{Calendar, Cut, Filter, Key, Measures, Question, Step};
use utoipa::ToSchema;

/// The longest back-test, in days.
pub(crate) const MOST_DAYS: u32 = 90;
/// Alerts that are listed, the newest; all are counted.
const LISTED: usize = 30;
/// Findings that are looked at.
const FINDINGS: usize = 20_000;

/// What a definition would have told.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = AlertBacktest)]
pub(crate) struct Backtest {
    /// Begin of what was looked at: not before the oldest mention that is kept.
    pub(crate) from: Millis,
    /// Its end.
    pub(crate) until: Millis,
    /// How often it would have told something.
    pub(crate) alerts: u64,
    /// The same per week, where a day or more was looked at.
    pub(crate) per_week: Option<f64>,
    /// Of those, how many would have come in quiet hours and been told at their end.
    pub(crate) held: u64,
    /// The newest of them, the newest first, with their evidence.
    pub(crate) newest: Vec<Fired>,
    /// What this answer does not know.
    pub(crate) notes: Vec<String>,
}

/// Looks at the last `days` days before `now`.
pub(crate) fn backtest(
    ground: &Ground<'_>,
    project: &str,
    definition: &Definition,
    days: u32,
    now: Millis,
) -> anyhow::Result<Backtest> {
    let row = AlertRow {
        id: String::new(),
        project: project.to_owned(),
        definition: definition.clone(),
        state: State::default(),
        revision: 0,
        muted_until: None,
        fault: None,
        created_at: now,
        updated_at: now,
    };
    let until = now.div_euclid(MINUTE) * MINUTE;
    let wanted = until - Millis::from(days.clamp(1, MOST_DAYS)) * DAY;
    let from = match &definition.when {
        Kind::Budget { .. } => {
            let since = ground.engine.control.budgets_known_since()?;
            since.map_or(until, |since| since.max(wanted))
        }
        when if when.is_of_sources() => wanted,
        _ => oldest(ground, project, wanted, until)?
            .unwrap_or(until)
            .max(wanted),
    };
    let from = from.div_euclid(MINUTE) * MINUTE;
    let mut notes = Vec::new();
    let told = told(ground, &row, (from, until), &mut notes)?;
    let span = until - from;
    Ok(Backtest {
        from,
        until,
        alerts: told.len() as u64,
        per_week: (span >= DAY).then(|| told.len() as f64 * (7 * DAY) as f64 / span as f64),
        held: told
            .iter()
            .filter(|t| super::quiet::end(definition, t.at()).is_some())
            .count() as u64,
        newest: told
            .iter()
            .rev()
            .take(LISTED)
            .map(|t| t.fired(ground, &row))
            .collect::<Result<_, _>>()?,
        notes,
    })
}

/// The day from which on the project has mentions, within the interval.
fn oldest(
    ground: &Ground<'_>,
    project: &str,
    from: Millis,
    until: Millis,
) -> Result<Option<Millis>, store::Error> {
    let table = ground.engine.store.snapshot().table(&Question {
        filter: Filter {
            project: Some(project.to_owned()),
            from: Some(from),
            to: Some(until),
            ..Filter::default()
        },
        cuts: vec![Cut::Time(Calendar::utc(Step::Hours(1)))],
        measures: Measures::default(),
    })?;
    let keys = table
        .axes
        .first()
        .map(|axis| axis.keys.as_slice())
        .unwrap_or_default();
    let first = keys.iter().zip(&table.cells).find(|(_, cell)| cell.mentions > 0);
    Ok(first.and_then(|(key, _)| match key {
        Key::Time(begin, _) => Some(*begin),
        _ => None,
    }))
}

/// Something that would have been told; its words and its evidence are looked up for those that are listed.
enum Would {
    Window(windows::Judged, Filter),
    Stream(stream::Due, Millis, Filter),
    Ready(Box<Fired>),
    Digest(windows::Sum, Millis, Millis, Filter),
}

impl Would {
    fn at(&self) -> Millis {
        match self {
            Self::Window(judged, _) => judged.tick,
            Self::Stream(_, at, _) => *at,
            Self::Ready(fired) => fired.at,
            Self::Digest(_, _, until, _) => *until,
        }
    }

    fn fired(&self, ground: &Ground<'_>, row: &AlertRow) -> Result<Fired, store::Error> {
        let scope = scope_name(ground, row);
        Ok(match self {
            Self::Window(judged, filter) => windowed(ground, (&row.definition.when, filter, &scope), judged)?,
            Self::Stream(due, at, filter) => {
                let fired = named(ground, row, stream::fired(due.clone(), *at));
                Fired {
                    mentions: scope::evidence(ground, filter, (due.from, *at), None)?,
                    ..fired
                }
            }
            Self::Ready(fired) => (**fired).clone(),
            Self::Digest(sum, from, until, filter) => Fired {
                mentions: scope::evidence(ground, filter, (*from, *until), None)?,
                ..digested(sum, (*from, *until), &scope)
            },
        })
    }
}

fn told(
    ground: &Ground<'_>,
    row: &AlertRow,
    (from, until): (Millis, Millis),
    notes: &mut Vec<String>,
) -> anyhow::Result<Vec<Would>> {
    if from >= until {
        notes.push(match &row.definition.when {
            Kind::Budget { .. } => {
                "what was left of budgets is not known yet: it is written down from now on".to_owned()
            }
            _ => "the project has no mentions in this time".to_owned(),
        });
        return Ok(Vec::new());
    }
    let (definition, mut state) = (&row.definition, State::default());
    let filter = || scope::filter(ground, &row.project, definition);
    Ok(match &definition.when {
        when if when.is_stream() => {
            notes.push("posts are taken to arrive in the minute they were published".to_owned());
            let filter = filter()?;
            let slots = windows::load(ground, &filter, (from, until), MINUTE)?;
            let mut told = Vec::new();
            for end in slots.ends(from, until) {
                let count = slots.between(end - MINUTE, end).mentions;
                stream::add(&mut state, count, end - MINUTE, []);
                let due = stream::take(definition, &mut state, end);
                told.extend(due.map(|due| Would::Stream(due, end, filter.clone())));
            }
            told
        }
        Kind::Digest { every, hour } => {
            let filter = filter()?;
            let times = due::all(definition, (*every, *hour), from, until);
            let begin = times.first().map_or(from, |t| t.0);
            let slots = windows::load(
                ground,
                &filter,
                (begin.div_euclid(QUARTER) * QUARTER, until),
                QUARTER,
            )?;
            let sums = times
                .into_iter()
                .map(|(from, until)| (slots.between(from, until), from, until));
            sums.filter(|(sum, ..)| sum.mentions >= definition.min_sample)
                .map(|(sum, from, until)| Would::Digest(sum, from, until, filter.clone()))
                .collect()
        }
        Kind::Threshold { .. } | Kind::Silence { .. } => {
            if let Kind::Threshold {
                measure: super::Measure::Engagement,
                ..
            } = &definition.when
            {
                notes
                    .push("engagement is what is known by now, which is more than was known then".to_owned());
            }
            let filter = filter()?;
            let window = definition.when.window().unwrap_or(MINUTE);
            let step = windows::step(window);
            let last = until.div_euclid(step) * step;
            let slots = windows::load_for(ground, row, &filter, span(window, step, from, last), step)?;
            // Before the first mentions there is nothing to compare with.
            let ends = slots.ends(from, last);
            let told = windows::look(definition, &mut state, &slots, "", ends, |a, b| {
                heard(ground, a, b)
            });
            told.into_iter()
                .map(|j| Would::Window(j, filter.clone()))
                .collect()
        }
        Kind::SilentSource { sources, window } => {
            notes.push("of times older than some days only whole hours are known".to_owned());
            silent_sources(
                ground,
                row,
                (sources, Millis::from(*window) * MINUTE),
                (from, until),
            )?
        }
        Kind::Budget {
            sources: wanted,
            left,
        } => {
            notes.push(
                "what is left of budgets is written down once a minute, since the begin of this time"
                    .to_owned(),
            );
            let readings = ground.engine.control.budget_readings(from, until)?;
            let told = readings
                .iter()
                .filter_map(|reading| sources::ran_low((wanted, *left), &mut state, reading));
            told.filter(|fired| fired.at >= from)
                .map(|fired| Would::Ready(Box::new(fired)))
                .collect()
        }
        _ => {
            let rows = findings(ground, row, (from, until), notes)?;
            let told = found::look(definition, &mut state, rows.iter(), found::moment);
            let whole = |fired| Would::Ready(Box::new(named(ground, row, fired)));
            told.into_iter().map(whole).collect()
        }
    })
}

fn silent_sources(
    ground: &Ground<'_>,
    row: &AlertRow,
    (wanted, window): (&[String], Millis),
    (from, until): (Millis, Millis),
) -> anyhow::Result<Vec<Would>> {
    let (step, mut state) = (windows::step(window), State::default());
    let last = until.div_euclid(step) * step;
    let mut told = Vec::new();
    for source in sources::names(ground, wanted) {
        let slots = sources::load(ground, &source, span(window, step, from, last), step)?;
        let ends = slots.0.ends(from, last);
        let found = sources::silent(&row.definition, &mut state, &source, &slots, ends);
        let fired = found.iter().map(|j| silenced(&source, window, j));
        told.extend(fired.map(|fired| Would::Ready(Box::new(fired))));
    }
    told.sort_by_key(Would::at);
    Ok(told)
}

/// Findings of the interval in the order of their moments, those of the past included.
fn findings(
    ground: &Ground<'_>,
    row: &AlertRow,
    (from, until): (Millis, Millis),
    notes: &mut Vec<String>,
) -> anyhow::Result<Vec<FindingRow>> {
    let filter = FindingFilter {
        monitor: None,
        kinds: found::kinds(&row.definition.when).to_vec(),
        from: Some(from),
        to: Some(until),
        dismissed: true,
    };
    let mut rows = ground
        .engine
        .control
        .findings(&row.project, &filter, None, FINDINGS)?;
    if rows.len() == FINDINGS {
        notes.push(format!("only the last {FINDINGS} findings were looked at"));
    }
    rows.retain(|r| (from..=until).contains(&found::moment(&r.finding)));
    rows.sort_by_key(|r| (found::moment(&r.finding), r.number));
    Ok(rows)
}
