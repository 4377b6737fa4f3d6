//! What is told of alerts: facts while it waits, words when it leaves.

use jiff::Timestamp;
use post::Millis;
use serde::{Deserialize, Serialize};

/// How urgent it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// To be known.
    #[default]
    Info,
    /// To be looked at.
    Warning,
    /// To be acted on.
    Critical,
}

impl Severity {
    /// The word in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// Alerts of one definition, told together. It holds counts and links and no text of anybody: excerpts are read when it
/// is sent, and only for destinations of the house, so that what an erasure took away meanwhile does not leave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Telling {
    /// The project's id.
    pub project: String,
    /// The project's name.
    pub project_name: String,
    /// The definition's id; none of a trial.
    pub alert: Option<String>,
    /// The definition's name.
    pub name: String,
    /// The kind of alert.
    pub kind: String,
    /// How urgent it is.
    pub severity: Severity,
    /// The alerts, the oldest first.
    pub items: Vec<Told>,
    /// How many more there were.
    pub more: u64,
}

/// One alert of a [`Telling`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub at: Millis,
    /// What happened, in a line.
    pub title: String,
    /// Why it is told.
    pub why: Vec<String>,
    /// What was measured.
    pub value: Option<f64>,
    /// What was to be expected.
    pub expected: Option<f64>,
    /// Mentions.
    pub count: u64,
    /// Begin of what it is about.
    pub from: Millis,
    /// Its end.
    pub until: Millis,
    /// Where it is seen in the web app.
    pub link: Option<String>,
    /// Mentions that are its evidence, by their numbers in hexadecimal digits.
    pub mentions: Vec<String>,
}

impl Telling {
    /// A trial: what the button sends.
    pub fn trial(project: &str, project_name: &str, link: Option<String>, now: Millis) -> Self {
        Self {
            project: project.to_owned(),
            project_name: project_name.to_owned(),
            alert: None,
            name: "Trial".to_owned(),
            kind: "trial".to_owned(),
            severity: Severity::Info,
            items: vec![Told {
                id: "trial".to_owned(),
                at: now,
                title: "Groundswell can send alerts here".to_owned(),
                why: vec!["Somebody pressed the button to see whether this arrives.".to_owned()],
                value: None,
                expected: None,
                count: 0,
                from: now,
                until: now,
                link,
                mentions: Vec::new(),
            }],
            more: 0,
        }
    }

    /// One line that says it all.
    pub fn subject(&self) -> String {
        let what = match self.items.as_slice() {
            [one] if self.more == 0 => one.title.clone(),
            all => format!("{} alerts", all.len() as u64 + self.more),
        };
        match self.severity {
            Severity::Info => format!("{}: {what}", self.name),
            other => format!("[{}] {}: {what}", other.name(), self.name),
        }
    }

    /// What ends it.
    pub fn foot(&self) -> String {
        let more = match self.more {
            0 => String::new(),
            n => format!("{n} more are listed on the page of alerts. "),
        };
        format!("{more}Project {}.", self.project_name)
    }

    /// As plain text; `excerpts` belong to the items, in their order.
    pub fn text(&self, excerpts: &[Vec<String>]) -> String {
        let mut out = String::new();
        for (place, item) in self.items.iter().enumerate() {
            out.push_str(&item.title);
            out.push_str(&format!("\n{}\n", moment(item.at)));
            for line in &item.why {
                out.push_str(&format!("- {line}\n"));
            }
            for excerpt in excerpts.get(place).into_iter().flatten() {
                out.push_str(&format!("> {excerpt}\n"));
            }
            if let Some(link) = &item.link {
                out.push_str(&format!("{link}\n"));
            }
            out.push('\n');
        }
        out.push_str(&self.foot());
        out.push('\n');
        out
    }

    /// As HTML without styles or pictures.
    pub fn html(&self, excerpts: &[Vec<String>]) -> String {
        let mut out = String::new();
        for (place, item) in self.items.iter().enumerate() {
            let title = escape(&item.title);
            out.push_str(&match &item.link {
                Some(link) => format!("<h3><a href=\"{}\">{title}</a></h3>", escape(link)),
                None => format!("<h3>{title}</h3>"),
            });
            out.push_str(&format!("<p>{}</p><ul>", moment(item.at)));
            for line in &item.why {
                out.push_str(&format!("<li>{}</li>", escape(line)));
            }
            out.push_str("</ul>");
            for excerpt in excerpts.get(place).into_iter().flatten() {
                out.push_str(&format!("<blockquote>{}</blockquote>", escape(excerpt)));
            }
        }
        out.push_str(&format!("<p>{}</p>", escape(&self.foot())));
        out
    }
}

/// A time as messages say it.
pub(super) fn moment(at: Millis) -> String {
    Timestamp::from_millisecond(at)
        .map(|t| t.strftime("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_default()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}
