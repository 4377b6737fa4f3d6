//! Which mentions a definition is about.

use super::{Definition, Ground, Kind};
use crate::api::ask_filter;
use crate::api::types::FilterParams;
use post::Millis;
use store::{Filter, Label, mention_number};

/// The filter of a definition, of all times.
pub(super) fn filter(ground: &Ground<'_>, project: &str, definition: &Definition) -> anyhow::Result<Filter> {
    let mut params = FilterParams {
        project: Some(project.to_owned()),
        from: None,
        to: None,
        upto: None,
        monitor: (!definition.monitors.is_empty()).then(|| definition.monitors.join(",")),
        ..definition.filter.clone()
    };
    match &definition.when {
        Kind::Keyword { query } => params.q = Some(query.clone()),
        Kind::InfluentialAuthor { followers } => params.followers = Some(format!("{followers}..")),
        _ => {}
    }
    let asked = ask_filter(ground.engine, &params, crate::clock::now())
        .map_err(|e| anyhow::anyhow!("{}", e.message()))?;
    Ok(Filter {
        from: None,
        to: None,
        ..asked.filter
    })
}

/// Numbers of the newest mentions of a period, as they are written.
pub(super) fn evidence(
    ground: &Ground<'_>,
    filter: &Filter,
    (from, to): (Millis, Millis),
    sentiment: Option<Label>,
) -> Result<Vec<String>, store::Error> {
    let mut filter = Filter {
        from: Some(from),
        to: Some(to),
        ..filter.clone()
    };
    if let Some(label) = sentiment.filter(|_| filter.sentiments.is_all()) {
        filter.sentiments.include.push(label);
    }
    let page = ground
        .engine
        .store
        .snapshot()
        .mentions(&filter, None, super::fired::EVIDENCE)?;
    Ok(page.items.iter().map(|m| number(mention_number(m.id))).collect())
}

/// A mention's number as it is written.
pub(super) fn number(number: u64) -> String {
    format!("{number:016x}")
}
