//! The wire forms of dashboards. What is kept is the same, without what is absent.

use super::templates::Template;
use crate::api::measure::MeasureParams;
use crate::api::types::FilterParams;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The form in which widgets are kept; a newer one is refused.
pub(super) const FORM: u32 = 1;

/// What a widget is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WidgetKind {
    /// One figure of the whole period, or a few.
    Number,
    /// Lines over time: `time` is one of the cuts.
    Series,
    /// Bars by one cut.
    Bars,
    /// Parts by sentiment, stacked: over time, or by another first cut.
    Sentiment,
    /// A field of squares: two cuts, or the hours of the week.
    Heat,
    /// The figures as a table.
    Table,
    /// The newest mentions.
    Mentions,
    /// A text of one's own.
    Note,
    /// Topics with their growth.
    Topics,
    /// What detectors found.
    Findings,
}

impl WidgetKind {
    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            WidgetKind::Number => "number",
            WidgetKind::Series => "series",
            WidgetKind::Bars => "bars",
            WidgetKind::Sentiment => "sentiment",
            WidgetKind::Heat => "heat",
            WidgetKind::Table => "table",
            WidgetKind::Mentions => "mentions",
            WidgetKind::Note => "note",
            WidgetKind::Topics => "topics",
            WidgetKind::Findings => "findings",
        }
    }

    /// Whether it shows the answer to a question of `GET /api/v1/measure`.
    pub(crate) fn is_measured(self) -> bool {
        use WidgetKind::{Bars, Heat, Number, Sentiment, Series, Table};
        matches!(self, Number | Series | Bars | Sentiment | Heat | Table)
    }
}

/// Where a widget stands on the grid of twelve columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WidgetPlace {
    /// The first column, from 0.
    pub(crate) x: u32,
    /// The first row, from 0.
    pub(crate) y: u32,
    /// Columns, 1 to 12.
    pub(crate) w: u32,
    /// Rows, 1 to 24.
    pub(crate) h: u32,
}

/// A widget: a question, how its answer is shown, and where.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Widget {
    /// Its id within the dashboard: 1 to 40 letters, digits, `-` and `_`.
    pub(crate) id: String,
    /// What it is.
    pub(crate) kind: WidgetKind,
    /// Its title; where empty, what is measured names it.
    #[serde(default)]
    pub(crate) title: String,
    /// Where it stands.
    pub(crate) place: WidgetPlace,
    /// Its own filter, monitors included. The period is the reader's: `project`, `from`, `to` and `upto` stay absent.
    #[serde(default, deserialize_with = "known")]
    pub(crate) filter: FilterParams,
    /// What is measured and how it is cut, in the words of `GET /api/v1/measure`.
    #[serde(default, deserialize_with = "known")]
    pub(crate) measure: MeasureParams,
    /// The text of a note.
    #[serde(default)]
    pub(crate) text: String,
    /// Entries of a list, 1 to 50.
    #[serde(default)]
    pub(crate) limit: Option<u32>,
}

/// An object whose every field is known; a misspelled filter would show too much.
fn known<'de, D, T>(input: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Serialize + DeserializeOwned,
{
    let fields: Map<String, Value> = Map::deserialize(input)?;
    if let Ok(Value::Object(all)) = serde_json::to_value(T::default())
        && let Some(unknown) = fields.keys().find(|name| !all.contains_key(*name))
    {
        return Err(D::Error::custom(format!("there is no field `{unknown:.64}`")));
    }
    serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)
}

/// A dashboard to make: from a template, of given widgets, or empty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewDashboard {
    /// Its name.
    pub(crate) name: String,
    /// What it is for.
    #[serde(default)]
    pub(crate) description: String,
    /// Takes the widgets of a template, made for the project's monitors.
    #[serde(default)]
    pub(crate) template: Option<Template>,
    /// The widgets, at most 40.
    #[serde(default)]
    pub(crate) widgets: Vec<Widget>,
}

/// A dashboard as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DashboardInput {
    /// The version that was read. Another one is refused: somebody changed the dashboard meanwhile.
    pub(crate) version: u32,
    /// Its name.
    pub(crate) name: String,
    /// What it is for.
    #[serde(default)]
    pub(crate) description: String,
    /// The widgets, at most 40.
    pub(crate) widgets: Vec<Widget>,
}

/// A dashboard.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Dashboard {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// What it is for.
    pub(crate) description: String,
    /// The widgets.
    pub(crate) widgets: Vec<Widget>,
    /// Grows by one with each change.
    pub(crate) version: u32,
    /// Who changed it last, as in the audit log.
    pub(crate) by: String,
    /// When it was made.
    pub(crate) created_at: i64,
    /// When it was last changed.
    pub(crate) updated_at: i64,
}

/// A dashboard in a list: what its widgets are and where they stand.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DashboardItem {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// What it is for.
    description: String,
    /// Its widgets, in outline.
    outline: Vec<Outline>,
    /// Grows by one with each change.
    version: u32,
    /// Who changed it last, as in the audit log.
    by: String,
    /// When it was last changed.
    updated_at: i64,
}

/// A widget in outline.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Outline {
    /// What it is.
    kind: WidgetKind,
    /// Where it stands.
    place: WidgetPlace,
}

impl From<&Widget> for Outline {
    fn from(widget: &Widget) -> Self {
        Self {
            kind: widget.kind,
            place: widget.place,
        }
    }
}

impl From<Dashboard> for DashboardItem {
    fn from(dashboard: Dashboard) -> Self {
        Self {
            outline: dashboard.widgets.iter().map(Outline::from).collect(),
            id: dashboard.id,
            name: dashboard.name,
            description: dashboard.description,
            version: dashboard.version,
            by: dashboard.by,
            updated_at: dashboard.updated_at,
        }
    }
}

/// A template, made for the project's monitors.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TemplateView {
    /// Its name: `POST …/dashboards` takes it.
    pub(super) template: Template,
    /// Whether it is the one that suits the project's objective.
    pub(super) suggested: bool,
    /// Its widgets, in outline.
    pub(super) outline: Vec<Outline>,
}
