//! Tickets in the shape of Zendesk and of Jira: what is posted, what is answered, what is told later.

use crate::control::{DeskKind, DeskSettings};
use serde_json::{Value, json};

/// Characters of a ticket's title at most; Jira takes 255.
const MAX_TITLE: usize = 200;

/// What a ticket says of a mention.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// The monitor's name.
    pub(crate) monitor: String,
    /// The platform.
    pub(crate) platform: String,
    /// When the post was published, RFC 3339.
    pub(crate) published: String,
    /// The sentiment, where there is one.
    pub(crate) sentiment: Option<String>,
    /// Where the mention is seen here.
    pub(crate) link: String,
    /// The text, where it may leave.
    pub(crate) text: Option<String>,
}

/// What another system tells of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Told {
    /// The ticket.
    pub(crate) ticket: Option<String>,
    /// The hand-over, where the system gives back what it was given.
    pub(crate) key: Option<String>,
    /// Its status.
    pub(crate) status: Option<String>,
    /// Whether it is done.
    pub(crate) done: bool,
    /// Its address.
    pub(crate) url: Option<String>,
}

/// What is posted to make a ticket; `key` is the hand-over's id.
pub(crate) fn body(settings: &DeskSettings, key: &str, facts: &Facts) -> Value {
    let title = match facts.text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => format!("{}: {}", facts.monitor, text.replace(['\n', '\r'], " ")),
        None => format!("{}: a mention on {}", facts.monitor, facts.platform),
    };
    let title: String = title.chars().take(MAX_TITLE).collect();
    match settings.kind {
        DeskKind::Zendesk => json!({"ticket": {
            "subject": title,
            "comment": {"body": lines(facts).join("\n")},
            "external_id": key,
            "tags": ["groundswell"],
        }}),
        DeskKind::Jira => {
            let paragraph =
                |line: String| json!({"type": "paragraph", "content": [{"type": "text", "text": line}]});
            let content: Vec<Value> = lines(facts).into_iter().map(paragraph).collect();
            json!({"fields": {
                "project": {"key": settings.jira_project},
                "issuetype": {"name": settings.issue_type.as_deref().unwrap_or("Task")},
                "summary": title,
                "description": {"type": "doc", "version": 1, "content": content},
                "labels": ["groundswell", key],
            }})
        }
    }
}

fn lines(facts: &Facts) -> Vec<String> {
    let text = facts.text.as_deref().unwrap_or_default().lines();
    let mut lines: Vec<String> = text.filter(|l| !l.trim().is_empty()).map(str::to_owned).collect();
    let sentiment = facts
        .sentiment
        .as_deref()
        .map(|s| format!(", {s}"))
        .unwrap_or_default();
    lines.push(format!(
        "{} on {}, published {}{sentiment}",
        facts.monitor, facts.platform, facts.published
    ));
    lines.push(facts.link.clone());
    lines
}

/// Reads an answer or a call; `None` where it tells of no ticket.
pub(crate) fn told(kind: DeskKind, body: &[u8]) -> Option<Told> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let told = match kind {
        DeskKind::Zendesk => zendesk(&value),
        DeskKind::Jira => jira(&value),
    };
    (told.ticket.is_some() || told.key.is_some()).then_some(told)
}

/// `{"ticket": {"id", "status", "external_id", "url"}}` as the API answers and as a trigger's webhook can be told to
/// send, and `{"detail": {"id", "status"}}` of event webhooks.
fn zendesk(value: &Value) -> Told {
    let ticket = ["ticket", "detail"]
        .iter()
        .map(|name| &value[*name])
        .find(|t| t.is_object());
    let ticket = ticket.unwrap_or(value);
    let status = text(&ticket["status"]).map(|s| s.to_lowercase());
    Told {
        ticket: text(&ticket["id"]),
        key: text(&ticket["external_id"]),
        done: matches!(status.as_deref(), Some("solved" | "closed")),
        status,
        url: text(&ticket["url"]),
    }
}

/// `{"id", "key", "self"}` as the API answers, `{"issue": {"key", "fields": {"status"}}}` as webhooks send.
fn jira(value: &Value) -> Told {
    let issue = if value["issue"].is_object() {
        &value["issue"]
    } else {
        value
    };
    let status = &issue["fields"]["status"];
    let labels = issue["fields"]["labels"].as_array().into_iter().flatten();
    let key = labels.filter_map(Value::as_str).find(|l| l.starts_with("h_"));
    Told {
        ticket: text(&issue["key"]).or_else(|| text(&issue["id"])),
        key: key.map(str::to_owned),
        status: text(&status["name"]),
        done: status["statusCategory"]["key"] == "done",
        url: text(&issue["self"]),
    }
}

/// A short text, or a number as one.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text.len() <= 500).then_some(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn settings(kind: DeskKind) -> DeskSettings {
        DeskSettings {
            kind,
            address: "https://desk.example".into(),
            user: None,
            jira_project: Some("CARE".into()),
            issue_type: None,
            internal: true,
            allow_private: false,
            idempotent: None,
        }
    }

    #[test]
    fn tickets_have_the_shape_of_each_product() {
        let facts = Facts {
            monitor: "Acme".into(),
            platform: "x".into(),
            published: "2026-01-02T03:04:05Z".into(),
            sentiment: Some("negative".into()),
            link: "https://here.example/m/1".into(),
            text: Some("My kettle\nleaks".into()),
        };
        let zendesk = body(&settings(DeskKind::Zendesk), "h_1", &facts);
        assert_eq!(zendesk["ticket"]["subject"], "Acme: My kettle leaks");
        assert_eq!(zendesk["ticket"]["external_id"], "h_1");
        assert!(
            zendesk["ticket"]["comment"]["body"]
                .as_str()
                .unwrap()
                .contains("leaks\nAcme on x")
        );
        let jira = body(&settings(DeskKind::Jira), "h_1", &Facts { text: None, ..facts });
        assert_eq!(jira["fields"]["summary"], "Acme: a mention on x");
        assert_eq!(jira["fields"]["project"]["key"], "CARE");
        assert_eq!(jira["fields"]["issuetype"]["name"], "Task");
        assert_eq!(
            jira["fields"]["description"]["content"].as_array().unwrap().len(),
            2
        );
        assert!(!jira.to_string().contains("kettle"), "no text leaves");
    }

    #[test]
    fn answers_and_calls_of_both_are_read() {
        let of = |kind, value: Value| told(kind, value.to_string().as_bytes());
        let made = of(
            DeskKind::Zendesk,
            json!({"ticket": {"id": 35436, "status": "new", "external_id": "h_1"}}),
        )
        .unwrap();
        assert_eq!(
            (made.ticket.as_deref(), made.status.as_deref(), made.done),
            (Some("35436"), Some("new"), false)
        );
        let event = json!({"type": "zen:event-type:ticket.status_changed", "detail": {"id": "35436", "status": "SOLVED"}});
        assert!(of(DeskKind::Zendesk, event).unwrap().done);
        let made = of(
            DeskKind::Jira,
            json!({"id": "10000", "key": "CARE-24", "self": "https://j/10000"}),
        )
        .unwrap();
        assert_eq!((made.ticket.as_deref(), made.status), (Some("CARE-24"), None));
        let status = json!({"name": "Fertig", "statusCategory": {"key": "done"}});
        let call = json!({"issue": {"key": "CARE-24", "fields": {"status": status, "labels": ["a", "h_1"]}}});
        let call = of(DeskKind::Jira, call).unwrap();
        assert_eq!(
            (call.key.as_deref(), call.status.as_deref(), call.done),
            (Some("h_1"), Some("Fertig"), true)
        );
        for nothing in [json!({}), json!([1]), json!({"ticket": {"id": ""}}), json!(null)] {
            assert_eq!(of(DeskKind::Zendesk, nothing), None);
        }
        assert_eq!(told(DeskKind::Jira, b"<html>"), None);
    }
}
