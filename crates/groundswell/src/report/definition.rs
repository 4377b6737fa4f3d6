//! What is to be in a report.

use super::{Period, Schedule};
use crate::api::types::FilterParams;
use crate::delivery::address_fault;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Characters of the analyst's text at most.
const MAX_TEXT: usize = 20_000;
/// Bytes of a logo at most.
const MAX_LOGO: usize = 512 << 10;
/// Recipients at most.
const MAX_RECIPIENTS: usize = 100;

/// What is to be in a report, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// What it is called.
    pub name: String,
    /// Which mentions, as the parameters of `GET /api/v1/overview`; `from`, `to` and `project` are set by the report.
    #[serde(default)]
    pub filter: FilterParams,
    /// Its sections, in order; all that may be shown where empty.
    #[serde(default)]
    pub sections: Vec<SectionKind>,
    /// The analyst's own text; an empty line begins a paragraph.
    #[serde(default)]
    pub text: String,
    /// The logo: a PNG, in Base64.
    #[serde(default)]
    pub logo: Option<String>,
    /// The period.
    #[serde(default)]
    pub period: Period,
    /// The time zone of days and hours, such as `Europe/Berlin`.
    #[serde(default = "utc")]
    pub zone: String,
    /// Whether it stays in the house: only then posts, and values behind which few people stand, are shown.
    #[serde(default)]
    pub internal: bool,
    /// When drafts are made of it by themselves.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// The forms that the schedule makes; PDF where empty.
    #[serde(default)]
    pub forms: Vec<Form>,
    /// Who is to get it once it is approved.
    #[serde(default)]
    pub recipients: Vec<String>,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// One page for browsers and paper.
    Html,
    /// A4 pages.
    Pdf,
    /// A presentation with charts that can be edited.
    Pptx,
    /// The numbers, a sheet for each section.
    Xlsx,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Html, Self::Pdf, Self::Pptx, Self::Xlsx];

    /// Its name, and the end of a file's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Pptx => "pptx",
            Self::Xlsx => "xlsx",
        }
    }

    /// The form of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == name)
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// A report in this form.
    pub fn render(self, report: &report::Report, fonts: &report::Fonts) -> Result<Vec<u8>, report::Error> {
        match self {
            Self::Html => report::html(report, fonts).map(String::into_bytes),
            Self::Pdf => report::pdf(report, fonts),
            Self::Pptx => report::pptx(report, fonts),
            Self::Xlsx => report::xlsx(report),
        }
    }
}

/// What a section shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// Headline figures with their changes.
    Figures,
    /// What changed and what to try, in sentences.
    Changes,
    /// Peaks, silences, trends: a sentence each.
    Peaks,
    /// Mentions over time.
    Volume,
    /// Mentions over time by monitor.
    Monitors,
    /// A table of monitors.
    MonitorTable,
    /// Sentiment over time.
    Sentiment,
    /// Sentiment by monitor.
    SentimentByMonitor,
    /// Platforms.
    Sources,
    /// Languages.
    Languages,
    /// Hashtags.
    Hashtags,
    /// Weekday and hour.
    Hours,
    /// Posts as examples; only in reports that stay in the house.
    Mentions,
    /// What the numbers mean.
    Definitions,
}

impl SectionKind {
    /// All of them, in the order in which they stand where none is chosen.
    pub const ALL: [Self; 14] = [
        Self::Figures,
        Self::Changes,
        Self::Peaks,
        Self::Volume,
        Self::Monitors,
        Self::MonitorTable,
        Self::Sentiment,
        Self::SentimentByMonitor,
        Self::Sources,
        Self::Languages,
        Self::Hashtags,
        Self::Hours,
        Self::Mentions,
        Self::Definitions,
    ];
}

impl Definition {
    /// A report of everything, with this name.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            filter: FilterParams::default(),
            sections: Vec::new(),
            text: String::new(),
            logo: None,
            period: Period::default(),
            zone: utc(),
            internal: false,
            schedule: None,
            forms: Vec::new(),
            recipients: Vec::new(),
        }
    }

    /// What cannot be used, in words.
    pub fn check(&self) -> Result<(), String> {
        let long = |what: &str, most: usize| Err(format!("{what} is longer than {most} characters"));
        if self.text.chars().count() > MAX_TEXT {
            return long("the text", MAX_TEXT);
        }
        if self.filter.from.is_some() || self.filter.to.is_some() || self.filter.project.is_some() {
            return Err(
                "a report's filter has no project, from or to: its project and period say that".to_owned(),
            );
        }
        if !self.internal && self.sections.contains(&SectionKind::Mentions) {
            return Err("posts are shown only in reports that stay in the house: set internal, or leave the section `mentions` out".to_owned());
        }
        if self.recipients.len() > MAX_RECIPIENTS {
            return Err(format!("more than {MAX_RECIPIENTS} recipients"));
        }
        if let Some(fault) = self.recipients.iter().find_map(|r| address_fault(r)) {
            return Err(fault);
        }
        self.logo()?;
        self.time_zone()?;
        self.period.check()?;
        self.schedule.as_ref().map_or(Ok(()), Schedule::check)
    }

    /// The logo's bytes.
    pub fn logo(&self) -> Result<Option<Vec<u8>>, String> {
        let Some(text) = self.logo.as_deref().filter(|l| !l.is_empty()) else {
            return Ok(None);
        };
        if text.len() > MAX_LOGO * 4 / 3 + 4 {
            return Err(format!("the logo is larger than {} kB", MAX_LOGO >> 10));
        }
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text)
            .map_err(|_| "the logo is no Base64".to_owned())?;
        report::logo_size(&bytes).map_err(|e| e.to_string())?;
        Ok(Some(bytes))
    }

    /// The time zone.
    pub fn time_zone(&self) -> Result<jiff::tz::TimeZone, String> {
        jiff::tz::TimeZone::get(&self.zone)
            .map_err(|_| format!("`{}` is no time zone; one is Europe/Berlin", self.zone))
    }

    /// The sections that are shown.
    pub fn chosen(&self) -> Vec<SectionKind> {
        let all = if self.sections.is_empty() {
            SectionKind::ALL.to_vec()
        } else {
            self.sections.clone()
        };
        all.into_iter()
            .filter(|s| self.internal || *s != SectionKind::Mentions)
            .collect()
    }
}
