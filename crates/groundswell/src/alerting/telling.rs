//! From what happened to what goes out.

use super::{Definition, Fired, Ground, quiet};
use crate::control::{AlertRow, Content, Error, NewEvent, NewOutgoing, event_id};
use crate::delivery::{Telling, Told};
use post::Millis;

/// Alerts of one message; of more it says how many.
const ITEMS: usize = 20;

/// Alerts to be kept, and the messages of those that are told now.
pub(super) fn out(
    ground: &Ground<'_>,
    row: &AlertRow,
    fired: Vec<Fired>,
    now: Millis,
) -> Result<(Vec<NewEvent>, Vec<NewOutgoing>), Error> {
    let (told, held_until) = match quiet::end(&row.definition, now) {
        _ if is_muted(row, now) => ("muted", None),
        Some(end) => ("held", Some(end)),
        None => ("told", None),
    };
    let events = fired
        .into_iter()
        .map(|fired| {
            let id = event_id()?;
            Ok(NewEvent {
                id,
                fired,
                told,
                held_until,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let items: Vec<(&str, &Fired)> = events.iter().map(|e| (e.id.as_str(), &e.fired)).collect();
    let messages = match told {
        "told" => messages(ground, row, &items)?,
        _ => Vec::new(),
    };
    Ok((events, messages))
}

pub(super) fn is_muted(row: &AlertRow, now: Millis) -> bool {
    row.muted_until.is_some_and(|until| now < until)
}

/// One message to each recipient, about all of these alerts. It goes by the name of the first: the same alerts are
/// never put into the outbox twice.
pub(super) fn messages(
    ground: &Ground<'_>,
    row: &AlertRow,
    items: &[(&str, &Fired)],
) -> Result<Vec<NewOutgoing>, Error> {
    let Some((first, _)) = items.first() else {
        return Ok(Vec::new());
    };
    let project = ground.engine.control.project(&row.project)?;
    let telling = telling(ground, row, &project.name, items);
    let to = |destination: &String| NewOutgoing {
        name: format!("alert {first} to {destination}"),
        destination: Some(destination.clone()),
        content: Content::Telling(telling.clone()),
    };
    Ok(row.definition.recipients.iter().map(to).collect())
}

fn telling(ground: &Ground<'_>, row: &AlertRow, project_name: &str, items: &[(&str, &Fired)]) -> Telling {
    let definition: &Definition = &row.definition;
    let told = |(id, fired): &(&str, &Fired)| Told {
        id: (*id).to_owned(),
        at: fired.at,
        title: fired.title.clone(),
        why: fired.why.clone(),
        value: fired.value,
        expected: fired.expected,
        count: fired.count,
        from: fired.from,
        until: fired.until,
        link: link(ground.public_url, &row.project, id),
        mentions: fired.mentions.clone(),
    };
    Telling {
        project: row.project.clone(),
        project_name: project_name.to_owned(),
        alert: Some(row.id.clone()),
        name: definition.name.clone(),
        kind: definition.when.name().to_owned(),
        severity: definition.severity,
        items: items.iter().take(ITEMS).map(told).collect(),
        more: items.len().saturating_sub(ITEMS) as u64,
    }
}

/// Where an alert is seen in the web app.
fn link(public_url: Option<&str>, project: &str, id: &str) -> Option<String> {
    let base = public_url?.trim_end_matches('/');
    Some(format!("{base}/alerts?project={project}&event={id}"))
}
