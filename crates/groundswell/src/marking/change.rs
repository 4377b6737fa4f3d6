//! A change to marks.

use serde::{Deserialize, Serialize};
use store::{Label, Mark};
use utoipa::ToSchema;

/// Tags of one mention at most.
const MOST_TAGS: usize = 50;
/// Bytes of a tag, a category, a name at most.
const MOST_BYTES: usize = 80;
const STATUSES: [&str; 3] = ["open", "pending", "closed"];
/// What can be cleared.
const CLEARABLE: [&str; 6] = ["tags", "category", "status", "assignee", "sentiment", "relevant"];

/// What to change of a mark; what is not said stays.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MarkChange {
    /// Tags to add.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_tags: Vec<String>,
    /// Tags to take off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_tags: Vec<String>,
    /// The category, as `parent/child`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// `open`, `pending` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Who answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// Starred or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starred: Option<bool>,
    /// Left out of everything that does not ask for it, or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub muted: Option<bool>,
    /// The sentiment as it should be: `negative`, `neutral`, `positive`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<String>,
    /// Whether it is about what the monitor is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relevant: Option<bool>,
    /// What to take away: `tags`, `category`, `status`, `assignee`, `sentiment`, `relevant`. Done first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clear: Vec<String>,
}

impl MarkChange {
    /// What is wrong with it, if anything is.
    pub fn fault(&self) -> Option<String> {
        if *self == Self::default() {
            return Some("the change changes nothing".to_owned());
        }
        let named = [&self.category, &self.assignee].into_iter().flatten();
        let words = self.add_tags.iter().chain(&self.remove_tags).chain(named);
        for word in words {
            let bad = word.trim().is_empty()
                || word.len() > MOST_BYTES
                || word.contains(|c: char| c == ',' || c.is_control());
            if bad {
                return Some(format!(
                    "`{word:.100}` is no tag, category or name: 1 to {MOST_BYTES} bytes without commas"
                ));
            }
        }
        if let Some(status) = self.status.as_deref().filter(|s| !STATUSES.contains(s)) {
            return Some(format!(
                "`{status:.40}` is no status; known: {}",
                STATUSES.join(", ")
            ));
        }
        if let Some(label) = self
            .sentiment
            .as_deref()
            .filter(|s| Label::from_name(s).is_none())
        {
            return Some(format!(
                "`{label:.40}` is no sentiment; known: negative, neutral, positive"
            ));
        }
        let unknown = self.clear.iter().find(|c| !CLEARABLE.contains(&c.as_str()));
        unknown.map(|what| format!("`{what:.40}` cannot be cleared; known: {}", CLEARABLE.join(", ")))
    }

    /// A mark with the change.
    pub fn of(&self, before: &Mark) -> Mark {
        let mut mark = before.clone();
        for what in &self.clear {
            match what.as_str() {
                "tags" => mark.tags.clear(),
                "category" => mark.category = None,
                "status" => mark.status = None,
                "assignee" => mark.assignee = None,
                "sentiment" => mark.sentiment = None,
                _ => mark.relevant = None,
            }
        }
        mark.tags.retain(|tag| !self.remove_tags.contains(tag));
        for tag in &self.add_tags {
            if let Err(place) = mark.tags.binary_search(tag)
                && mark.tags.len() < MOST_TAGS
            {
                mark.tags.insert(place, tag.clone());
            }
        }
        let put = |to: &mut Option<String>, from: &Option<String>| {
            if from.is_some() {
                to.clone_from(from);
            }
        };
        put(&mut mark.category, &self.category);
        put(&mut mark.status, &self.status);
        put(&mut mark.assignee, &self.assignee);
        mark.starred = self.starred.unwrap_or(mark.starred);
        mark.muted = self.muted.unwrap_or(mark.muted);
        mark.sentiment = self
            .sentiment
            .as_deref()
            .and_then(Label::from_name)
            .or(mark.sentiment);
        mark.relevant = self.relevant.or(mark.relevant);
        mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_stays_and_clearing_comes_first() {
        let change = MarkChange {
            add_tags: vec!["b".into(), "a".into(), "b".into()],
            status: Some("open".into()),
            ..MarkChange::default()
        };
        let mark = change.of(&Mark {
            starred: true,
            ..Mark::default()
        });
        assert_eq!(
            (mark.tags.as_slice(), mark.status.as_deref(), mark.starred),
            (&["a".to_owned(), "b".to_owned()][..], Some("open"), true)
        );
        let again = MarkChange {
            clear: vec!["tags".into(), "status".into()],
            add_tags: vec!["c".into()],
            ..MarkChange::default()
        };
        let mark = again.of(&mark);
        assert_eq!((mark.tags.as_slice(), mark.status), (&["c".to_owned()][..], None));
    }

    #[test]
    fn faults_are_named() {
        let fault = |json: &str| {
            serde_json::from_str::<MarkChange>(json)
                .ok()
                .and_then(|c| c.fault())
        };
        assert!(fault("{}").is_some_and(|f| f.contains("nothing")));
        assert!(fault(r#"{"status": "lost"}"#).is_some_and(|f| f.contains("open, pending, closed")));
        assert!(fault(r#"{"add_tags": ["a,b"]}"#).is_some_and(|f| f.contains("a,b")));
        assert!(fault(r#"{"clear": ["text"]}"#).is_some_and(|f| f.contains("text")));
        assert_eq!(fault(r#"{"starred": true}"#), None);
    }
}
