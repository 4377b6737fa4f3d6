//! Dashboards to begin with. Titles are left empty: the web app names widgets in the reader's language.

use super::types::{Widget, WidgetKind, WidgetPlace};
use crate::api::measure::MeasureParams;
use crate::api::types::{FilterParams, Monitor, Objective, Role};
use WidgetKind::{Bars, Findings, Heat, Mentions, Number, Sentiment, Series, Table, Topics};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Template {
    /// How our brands are talked about.
    BrandHealth,
    /// We beside the others.
    Competitors,
    /// Whether a campaign is noticed.
    Campaign,
    /// What is said against us, where and how fast.
    Crisis,
    /// What customers praise, miss and ask.
    ProductFeedback,
}

/// Columns and rows: where a widget stands.
type At = (u32, u32, u32, u32);

/// A widget of a template: what it is, where it stands, metrics, the cuts, the filter.
struct Draft(WidgetKind, At, &'static str, [&'static str; 2], Own);

/// The filter of a widget of a template.
#[derive(Clone, Copy)]
enum Own {
    All,
    Negative,
    Wishes,
}
use Own::{All, Negative, Wishes};

const NO: [&str; 2] = ["", ""];

const BRAND_HEALTH: &[Draft] = &[
    Draft(Number, (0, 0, 3, 2), "mentions", NO, All),
    Draft(Number, (3, 0, 3, 2), "authors", NO, All),
    Draft(Number, (6, 0, 3, 2), "net_sentiment", NO, All),
    Draft(Number, (9, 0, 3, 2), "engagement", NO, All),
    Draft(Series, (0, 2, 8, 5), "mentions", ["time", "monitor"], All),
    Draft(Findings, (8, 2, 4, 5), "", NO, All),
    Draft(Sentiment, (0, 7, 6, 5), "mentions", ["time", "sentiment"], All),
    Draft(Bars, (6, 7, 3, 5), "mentions", ["source", ""], All),
    Draft(Bars, (9, 7, 3, 5), "mentions", ["term", ""], All),
    Draft(Topics, (0, 12, 6, 7), "", NO, All),
    Draft(Mentions, (6, 12, 6, 7), "", NO, All),
];

const COMPETITORS: &[Draft] = &[
    Draft(Bars, (0, 0, 4, 5), "share_of_voice", ["monitor", ""], All),
    Draft(Series, (4, 0, 8, 5), "mentions", ["time", "monitor"], All),
    Draft(
        Table,
        (0, 5, 7, 5),
        "mentions,authors,share_of_voice,net_sentiment",
        ["monitor", ""],
        All,
    ),
    Draft(Sentiment, (7, 5, 5, 5), "mentions", ["monitor", "sentiment"], All),
    Draft(Series, (0, 10, 6, 5), "net_sentiment", ["time", "monitor"], All),
    Draft(Heat, (6, 10, 6, 5), "mentions", ["monitor", "source"], All),
    Draft(Findings, (0, 15, 6, 6), "", NO, All),
    Draft(Mentions, (6, 15, 6, 6), "", NO, All),
];

const CAMPAIGN: &[Draft] = &[
    Draft(Number, (0, 0, 3, 2), "mentions", NO, All),
    Draft(Number, (3, 0, 3, 2), "authors", NO, All),
    Draft(Number, (6, 0, 3, 2), "engagement", NO, All),
    Draft(Number, (9, 0, 3, 2), "audience", NO, All),
    Draft(Series, (0, 2, 8, 5), "mentions", ["time", ""], All),
    Draft(Bars, (8, 2, 4, 5), "mentions", ["hashtag", ""], All),
    Draft(Sentiment, (0, 7, 6, 5), "mentions", ["time", "sentiment"], All),
    Draft(Heat, (6, 7, 6, 5), "mentions", ["week_hour", ""], All),
    Draft(Bars, (0, 12, 4, 5), "mentions", ["country", ""], All),
    Draft(Bars, (4, 12, 4, 5), "mentions", ["source", ""], All),
    Draft(Bars, (8, 12, 4, 5), "mentions", ["link", ""], All),
    Draft(Mentions, (0, 17, 12, 6), "", NO, All),
];

const CRISIS: &[Draft] = &[
    Draft(Number, (0, 0, 3, 2), "negative", NO, All),
    Draft(Number, (3, 0, 3, 2), "negative_share", NO, All),
    Draft(Number, (6, 0, 3, 2), "authors", NO, Negative),
    Draft(Number, (9, 0, 3, 2), "copy_share", NO, Negative),
    Draft(Sentiment, (0, 2, 8, 5), "mentions", ["time", "sentiment"], All),
    Draft(Findings, (8, 2, 4, 5), "", NO, All),
    Draft(Bars, (0, 7, 4, 5), "mentions", ["term", ""], Negative),
    Draft(Bars, (4, 7, 4, 5), "mentions", ["source", ""], Negative),
    Draft(Bars, (8, 7, 4, 5), "mentions", ["link", ""], Negative),
    Draft(Mentions, (0, 12, 7, 8), "", NO, Negative),
    Draft(Topics, (7, 12, 5, 8), "", NO, Negative),
];

const PRODUCT_FEEDBACK: &[Draft] = &[
    Draft(Number, (0, 0, 4, 2), "mentions", NO, All),
    Draft(Number, (4, 0, 4, 2), "net_sentiment", NO, All),
    Draft(Number, (8, 0, 4, 2), "mentions", NO, Wishes),
    Draft(Bars, (0, 2, 4, 5), "mentions", ["intent", ""], All),
    Draft(Series, (4, 2, 8, 5), "net_sentiment", ["time", ""], All),
    Draft(Table, (0, 7, 6, 6), "mentions,net_sentiment", ["aspect", ""], All),
    Draft(Sentiment, (6, 7, 6, 6), "mentions", ["aspect", "sentiment"], All),
    Draft(Topics, (0, 13, 6, 7), "", NO, All),
    Draft(Mentions, (6, 13, 6, 7), "", NO, Wishes),
];

impl Template {
    /// All of them.
    pub(super) const ALL: [Template; 5] = [
        Template::BrandHealth,
        Template::Competitors,
        Template::Campaign,
        Template::Crisis,
        Template::ProductFeedback,
    ];

    /// The one that suits an objective.
    pub(super) fn of(objective: Objective) -> Self {
        match objective {
            Objective::BrandMentions => Template::BrandHealth,
            Objective::Competition => Template::Competitors,
            Objective::Awareness | Objective::Trends => Template::Campaign,
            Objective::CustomerFeedback => Template::ProductFeedback,
        }
    }

    /// Its widgets for a project with these monitors: each looks at those it is about, where there are some.
    pub(super) fn widgets(self, monitors: &[Monitor]) -> Vec<Widget> {
        let (drafts, roles): (_, &[Role]) = match self {
            Template::BrandHealth => (BRAND_HEALTH, &[Role::Brand]),
            Template::Competitors => (COMPETITORS, &[Role::Brand, Role::Competitor]),
            Template::Campaign => (CAMPAIGN, &[Role::Campaign]),
            Template::Crisis => (CRISIS, &[Role::Brand]),
            Template::ProductFeedback => (PRODUCT_FEEDBACK, &[Role::Brand]),
        };
        let about: Vec<&str> = monitors
            .iter()
            .filter(|m| roles.contains(&m.role))
            .map(|m| m.id.as_str())
            .collect();
        let about = (!about.is_empty() && about.len() < monitors.len()).then(|| about.join(","));
        let drafts = drafts.iter().enumerate();
        drafts
            .map(|(at, draft)| widget(at, draft, about.clone()))
            .collect()
    }
}

fn widget(
    at: usize,
    Draft(kind, (x, y, w, h), metric, [by, then], own): &Draft,
    about: Option<String>,
) -> Widget {
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let compared = matches!(kind, Number | Table);
    Widget {
        id: format!("w_{}", at + 1),
        kind: *kind,
        title: String::new(),
        place: WidgetPlace {
            x: *x,
            y: *y,
            w: *w,
            h: *h,
        },
        filter: FilterParams {
            monitor: about,
            sentiment: matches!(own, Negative).then(|| "negative".to_owned()),
            intent: matches!(own, Wishes).then(|| "complaint,suggestion,question".to_owned()),
            ..FilterParams::default()
        },
        measure: MeasureParams {
            metric: said(metric),
            by: said(by),
            then: said(then),
            compare: compared.then(|| "previous".to_owned()),
            limit: matches!(kind, Bars).then_some(8),
            ..MeasureParams::default()
        },
        text: String::new(),
        limit: None,
    }
}
