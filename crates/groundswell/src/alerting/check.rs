//! What is wrong with a definition, each fault with its place.

use super::{Against, Definition, Every, Ground, Kind, Measure, Quiet, WINDOWS, scope};
use jiff::tz::TimeZone;
use std::collections::BTreeSet;

/// Recipients of one alert at most.
const MOST_RECIPIENTS: usize = 20;
/// Monitors of one alert at most.
const MOST_MONITORS: usize = 100;
/// The longest cooldown: four weeks.
const LONGEST_COOLDOWN: u32 = 4 * 7 * 24 * 60;

/// What is wrong, in words that begin with the place.
pub(crate) fn faults(
    ground: &Ground<'_>,
    project: &str,
    definition: &Definition,
) -> Result<Vec<String>, crate::control::Error> {
    let mut faults = Vec::new();
    when(&definition.when, &mut faults);
    times(definition, &mut faults);
    monitors(ground, project, definition, &mut faults)?;
    recipients(ground, project, definition, &mut faults)?;
    filter(ground, project, definition, &mut faults);
    Ok(faults)
}

fn when(kind: &Kind, faults: &mut Vec<String>) {
    let mut say = |at: &str, what: String| faults.push(format!("when.{at}: {what}"));
    let is_window = |window: &u32| WINDOWS.contains(window);
    match kind {
        Kind::Threshold { window, .. } | Kind::Silence { window } | Kind::SilentSource { window, .. }
            if !is_window(window) =>
        {
            let all: Vec<String> = WINDOWS.iter().map(u32::to_string).collect();
            say(
                "window",
                format!("{window} minutes are none of {}", all.join(", ")),
            );
        }
        Kind::Keyword { query } if query.trim().is_empty() => say("query", "it is empty".to_owned()),
        Kind::InfluentialAuthor { followers: 0 } => {
            say(
                "followers",
                "everybody has that many: say from how many on".to_owned(),
            );
        }
        Kind::Digest { hour, .. } if *hour > 23 => say("hour", format!("`{hour}` is no hour: 0 to 23")),
        Kind::Digest {
            every: Every::Week(day),
            ..
        } if !(1..=7).contains(day) => say(
            "every.week",
            format!("`{day}` is no day of the week: 1 (Monday) to 7"),
        ),
        Kind::Peak { per_week, .. } | Kind::Drop { per_week } | Kind::SentimentShift { per_week }
            if !(*per_week > 0.0 && *per_week <= 1_000.0) =>
        {
            say("per_week", "more than 0, at most 1000".to_owned());
        }
        Kind::Budget { left, .. } if !(*left > 0.0 && *left < 1.0) => {
            say("left", "a share between 0 and 1, such as 0.1".to_owned());
        }
        _ => {}
    }
    if let Kind::Threshold {
        measure, condition, ..
    } = kind
        && let Some(what) = limit(*measure, condition.against)
    {
        say("condition.against", what.to_owned());
    }
}

fn limit(measure: Measure, against: Against) -> Option<&'static str> {
    match against {
        Against::Value(v) | Against::Previous(v) if !v.is_finite() => Some("it is no number"),
        Against::Value(v) if measure == Measure::NetSentiment && !(-1.0..=1.0).contains(&v) => {
            Some("a net sentiment lies between -1 and 1")
        }
        Against::Value(v)
            if measure.is_share() && measure != Measure::NetSentiment && !(0.0..=1.0).contains(&v) =>
        {
            Some("a share lies between 0 and 1")
        }
        Against::Value(v) if !measure.is_share() && v < 0.0 => Some("a count is not below 0"),
        Against::Previous(v) if v <= 0.0 => Some("a change is more than 0; `side` says which way"),
        _ => None,
    }
}

fn times(definition: &Definition, faults: &mut Vec<String>) {
    if TimeZone::get(&definition.zone).is_err() {
        faults.push(format!(
            "zone: `{:.64}` is no time zone such as Europe/Berlin",
            definition.zone
        ));
    }
    if definition.cooldown > LONGEST_COOLDOWN {
        faults.push(format!("cooldown: at most {LONGEST_COOLDOWN} minutes"));
    }
    let Quiet { hours, days } = &definition.quiet;
    for (at, hour) in hours.iter().flat_map(|h| [("from", h.from), ("until", h.until)]) {
        if hour > 23 {
            faults.push(format!("quiet.hours.{at}: `{hour}` is no hour: 0 to 23"));
        }
    }
    if hours.is_some_and(|h| h.from == h.until) {
        faults.push("quiet.hours: they begin and end at the same hour".to_owned());
    }
    if let Some(day) = days.iter().find(|d| !(1..=7).contains(*d)) {
        faults.push(format!(
            "quiet.days: `{day}` is no day of the week: 1 (Monday) to 7"
        ));
    }
    if days.iter().collect::<BTreeSet<_>>().len() == 7 {
        faults.push("quiet.days: nobody would ever be told; switch the alert off instead".to_owned());
    }
}

fn monitors(
    ground: &Ground<'_>,
    project: &str,
    definition: &Definition,
    faults: &mut Vec<String>,
) -> Result<(), crate::control::Error> {
    let named = &definition.monitors;
    if named.len() > MOST_MONITORS {
        faults.push(format!("monitors: at most {MOST_MONITORS}"));
    }
    if definition.when.is_of_sources() && !named.is_empty() {
        faults.push("monitors: an alert about sources is about no monitor".to_owned());
    }
    let known = ground.engine.control.monitors(project)?;
    if let Some(unknown) = named.iter().find(|id| !known.iter().any(|m| m.id == **id)) {
        faults.push(format!("monitors: the project has no monitor `{unknown:.64}`"));
    }
    Ok(())
}

fn recipients(
    ground: &Ground<'_>,
    project: &str,
    definition: &Definition,
    faults: &mut Vec<String>,
) -> Result<(), crate::control::Error> {
    let named = &definition.recipients;
    if named.len() > MOST_RECIPIENTS {
        faults.push(format!("recipients: at most {MOST_RECIPIENTS}"));
    }
    if named.iter().collect::<BTreeSet<_>>().len() < named.len() {
        faults.push("recipients: one is named twice".to_owned());
    }
    let known = ground.engine.control.destinations(project)?;
    if let Some(unknown) = named.iter().find(|id| !known.iter().any(|d| d.id == **id)) {
        faults.push(format!(
            "recipients: the project has no destination `{unknown:.64}`"
        ));
    }
    Ok(())
}

fn filter(ground: &Ground<'_>, project: &str, definition: &Definition, faults: &mut Vec<String>) {
    let given = serde_json::json!(definition.filter);
    let set = |name: &str| !given[name].is_null();
    for name in ["project", "monitor", "from", "to", "upto"] {
        if set(name) {
            faults.push(format!("filter.{name}: an alert has no place for it"));
        }
    }
    let taken = match &definition.when {
        Kind::Keyword { .. } => Some(("q", "the query says it")),
        Kind::InfluentialAuthor { .. } => Some(("followers", "the kind of alert says it")),
        _ => None,
    };
    if let Some((name, why)) = taken.filter(|(name, _)| set(name)) {
        faults.push(format!("filter.{name}: {why}"));
    }
    if !definition.when.takes_filter() {
        let any = given
            .as_object()
            .into_iter()
            .flatten()
            .find(|(_, v)| !v.is_null());
        if let Some((name, _)) = any {
            faults.push(format!(
                "filter.{name}: a {} is about whole monitors or sources, not about a part of their mentions",
                definition.when.name()
            ));
        }
    } else if let Err(error) = scope::filter(ground, project, definition) {
        let at = match &definition.when {
            Kind::Keyword { .. } => "when.query",
            _ => "filter",
        };
        faults.push(format!("{at}: {error}"));
    }
}
