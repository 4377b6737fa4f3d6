//! What widgets may be. Whatever is wrong is named by widget and field.

use super::types::{Widget, WidgetKind, WidgetPlace};
use crate::api::measure::{self, MeasureParams};
use crate::api::types::FilterParams;
use crate::api::{App, Failure, filter};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

const MAX_WIDGETS: usize = 40;
const MAX_TITLE: usize = 120;
const MAX_TEXT: usize = 4_000;
const COLUMNS: u32 = 12;
const MAX_HEIGHT: u32 = 24;
const MAX_ROWS: u32 = 1_000;

/// Refuses widgets that cannot be asked or shown.
pub(super) fn widgets(app: &App, project: &str, widgets: &[Widget]) -> Result<(), Failure> {
    if widgets.len() > MAX_WIDGETS {
        return Err(Failure::TooLarge(format!(
            "{} widgets are too many, a dashboard has at most {MAX_WIDGETS}",
            widgets.len()
        )));
    }
    for (at, widget) in widgets.iter().enumerate() {
        let wrong = |fault: String| Failure::Bad(format!("widgets[{at}].{fault}"));
        id(&widget.id).map_err(wrong)?;
        if widgets[..at].iter().any(|other| other.id == widget.id) {
            return Err(wrong(format!("id: `{}` is taken by another widget", widget.id)));
        }
        place(&widget.place).map_err(wrong)?;
        if let Some(other) = widgets[..at]
            .iter()
            .position(|o| overlap(&o.place, &widget.place))
        {
            return Err(wrong(format!("place: it covers a part of widgets[{other}]")));
        }
        texts(widget).map_err(wrong)?;
        question(app, project, widget).map_err(wrong)?;
    }
    Ok(())
}

fn id(id: &str) -> Result<(), String> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    match (1..=40).contains(&id.len()) && id.bytes().all(fits) {
        true => Ok(()),
        false => Err(format!(
            "id: `{id:.64}` is not 1 to 40 letters, digits, `-` and `_`"
        )),
    }
}

fn place(place: &WidgetPlace) -> Result<(), String> {
    let WidgetPlace { x, y, w, h } = *place;
    if !(1..=COLUMNS).contains(&w) || x > COLUMNS - w {
        return Err(format!(
            "place: columns {x} to {} are beyond the twelve",
            u64::from(x) + u64::from(w)
        ));
    }
    if !(1..=MAX_HEIGHT).contains(&h) {
        return Err(format!("place.h: {h} rows; a widget has 1 to {MAX_HEIGHT}"));
    }
    if y > MAX_ROWS {
        return Err(format!("place.y: row {y} is beyond the last, {MAX_ROWS}"));
    }
    Ok(())
}

fn overlap(a: &WidgetPlace, b: &WidgetPlace) -> bool {
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}

fn texts(widget: &Widget) -> Result<(), String> {
    let title = &widget.title;
    if title.chars().count() > MAX_TITLE || title.chars().any(char::is_control) {
        return Err(format!(
            "title: a title is one line of at most {MAX_TITLE} characters"
        ));
    }
    let is_note = widget.kind == WidgetKind::Note;
    match widget.text.chars().count() {
        0 if is_note => return Err("text: a note needs a text".to_owned()),
        1.. if !is_note => return Err("text: only a note has a text".to_owned()),
        length if length > MAX_TEXT => {
            return Err(format!(
                "text: {length} characters, a note has at most {MAX_TEXT}"
            ));
        }
        _ => {}
    }
    let is_list = matches!(
        widget.kind,
        WidgetKind::Mentions | WidgetKind::Topics | WidgetKind::Findings
    );
    match widget.limit {
        Some(_) if !is_list => Err("limit: only a list has one; measure.limit is that of a cut".to_owned()),
        Some(limit) if !(1..=50).contains(&limit) => {
            Err(format!("limit: {limit} entries; a list has 1 to 50"))
        }
        _ => Ok(()),
    }
}

/// Looks at filter and measures, field by field, so that the one at fault is named.
fn question(app: &App, project: &str, widget: &Widget) -> Result<(), String> {
    let now = crate::clock::now();
    let filter = fields(&widget.filter);
    if let Some(name) = ["project", "from", "to", "upto"]
        .into_iter()
        .find(|n| filter.contains_key(*n))
    {
        return Err(format!(
            "filter.{name}: project and period are those of whoever looks"
        ));
    }
    let mut one = FilterParams::default();
    for (name, part) in parts::<FilterParams>(filter) {
        filter::ask(&app.engine, &part, now).map_err(|e| format!("filter.{name}: {}", e.message()))?;
    }
    let said = fields(&widget.measure);
    if !widget.kind.is_measured() {
        let name = said.keys().next();
        return name.map_or(Ok(()), |name| {
            Err(format!(
                "measure.{name}: nothing is measured by a widget of the kind `{}`",
                widget.kind.name()
            ))
        });
    }
    one.project = Some(project.to_owned());
    let asked = filter::ask(&app.engine, &one, now).map_err(|e| format!("filter: {}", e.message()))?;
    for name in ["metric", "zone", "interval", "compare", "by"] {
        let mut alone = Map::new();
        alone.extend(said.get(name).map(|value| (name.to_owned(), value.clone())));
        if name == "interval" {
            alone.insert("by".to_owned(), "time".into());
        }
        let part: MeasureParams = serde_json::from_value(Value::Object(alone)).unwrap_or_default();
        measure::check(None, &part, &asked).map_err(|e| format!("measure.{name}: {}", e.message()))?;
    }
    measure::check(None, &widget.measure, &asked).map_err(|e| format!("measure.then: {}", e.message()))?;
    shape(widget.kind, &widget.measure)
}

/// The fields that say something.
fn fields(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields.into_iter().filter(|(_, field)| !field.is_null()).collect(),
        _ => Map::new(),
    }
}

/// Each field by itself.
fn parts<T: DeserializeOwned + Default>(fields: Map<String, Value>) -> impl Iterator<Item = (String, T)> {
    fields.into_iter().map(|(name, value)| {
        let alone = Map::from_iter([(name.clone(), value)]);
        (
            name,
            serde_json::from_value(Value::Object(alone)).unwrap_or_default(),
        )
    })
}

/// Whether the cuts are those that can be drawn so.
fn shape(kind: WidgetKind, measure: &MeasureParams) -> Result<(), String> {
    let cut = |name: &Option<String>| {
        name.as_deref()
            .map(str::trim)
            .filter(|n| !n.is_empty())
            .map(str::to_owned)
    };
    let (by, then) = (cut(&measure.by), cut(&measure.then));
    let (by, then) = (by.as_deref(), then.as_deref());
    let (fits, needed) = match kind {
        WidgetKind::Number => (by.is_none(), "no cut"),
        WidgetKind::Series => (
            by == Some("time") || then == Some("time"),
            "`time` as one of its cuts",
        ),
        WidgetKind::Bars => (
            by.is_some_and(|b| b != "time") && then.is_none(),
            "one cut, and not `time`",
        ),
        WidgetKind::Sentiment => (
            by.is_some() && then == Some("sentiment"),
            "`sentiment` as its second cut",
        ),
        WidgetKind::Heat => (
            by != Some("time") && then != Some("time") && (then.is_some() || by == Some("week_hour")),
            "two cuts without `time`, or `week_hour`",
        ),
        _ => (true, ""),
    };
    match fits {
        true => Ok(()),
        false => Err(format!(
            "measure.by: a widget of the kind `{}` needs {needed}",
            kind.name()
        )),
    }
}
