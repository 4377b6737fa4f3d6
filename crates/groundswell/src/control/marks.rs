//! Marks of mentions, the changes made to them, and the rules that make some.

use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::{Control, clean_name, items, new_id, projects, settings};
use crate::control::sql::{self, OptionalExtension, Row, Transaction, params};
use crate::marking::MarkChange;
use post::Millis;
use serde::Serialize;
use store::{Label, Mark};
use utoipa::ToSchema;

/// The setting that says up to which generation rules were applied.
const RULES_UPTO: &str = "rules_upto";
/// Rules of a project at most.
const MOST_RULES: i64 = 500;

/// A mark and what it was before.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkRow {
    /// The mention, by [`store::mention_number`].
    pub number: u64,
    /// Its project.
    pub project: String,
    /// When its post was published.
    pub created_at: Millis,
    /// The mark before.
    pub before: Mark,
    /// The mark from now on.
    pub after: Mark,
}

/// A change that was made to marks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MarksChanged {
    /// Its id, by which it is undone.
    pub id: String,
    /// When.
    pub at: i64,
    /// Who made it; a rule as `rule:<id>`.
    pub actor: String,
    /// What was changed.
    #[schema(value_type = crate::marking::MarkChange)]
    pub change: serde_json::Value,
    /// In how many mentions.
    pub mentions: u64,
    /// When it was undone.
    pub undone_at: Option<i64>,
}

/// A rule: if a mention passes the filter, its mark is changed.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// Its project.
    pub project: String,
    /// What it is for.
    pub name: String,
    /// The filter, as the parameters of a question.
    pub filter: serde_json::Value,
    /// The change.
    pub change: MarkChange,
    /// Whether new mentions are changed.
    pub active: bool,
    /// When it was made.
    pub created_at: i64,
    /// The generation after which mentions are new to it.
    pub since: u64,
}

impl Control {
    /// Every mark.
    pub fn marks(&self) -> Result<Vec<MarkRow>> {
        self.read(|db| {
            let mut all = db.prepare("SELECT number, project, created_at, mark FROM marks")?;
            let rows = all.query_map([], |row| {
                Ok(MarkRow {
                    number: row.get::<_, i64>(0)? as u64,
                    project: row.get(1)?,
                    created_at: row.get(2)?,
                    before: Mark::default(),
                    after: read_mark(&row.get::<_, String>(3)?),
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// The newest mentions of a project whose sentiment was corrected by hand.
    pub fn corrected(&self, project: &str, most: usize) -> Result<Vec<(u64, Label)>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT number, mark FROM marks WHERE project = ?1 AND mark LIKE '%\"sentiment\"%'
                 ORDER BY created_at DESC, number LIMIT ?2",
            )?;
            let rows = all.query_map(params![project, most as i64], |row| {
                Ok((
                    row.get::<_, i64>(0)? as u64,
                    read_mark(&row.get::<_, String>(1)?).sentiment,
                ))
            })?;
            let rows = rows.collect::<sql::Result<Vec<_>>>()?;
            Ok(rows
                .into_iter()
                .filter_map(|(number, label)| Some((number, label?)))
                .collect())
        })
    }

    /// The newest mentions of a project that were said to be relevant or not.
    pub fn relevance_marks(&self, project: &str, most: usize) -> Result<Vec<(u64, bool)>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT number, mark FROM marks WHERE project = ?1 AND mark LIKE '%\"relevant\"%'
                 ORDER BY created_at DESC, number LIMIT ?2",
            )?;
            let rows = all.query_map(params![project, most as i64], |row| {
                let mark = read_mark(&row.get::<_, String>(1)?);
                Ok((row.get::<_, i64>(0)? as u64, mark.relevant))
            })?;
            let rows = rows.collect::<sql::Result<Vec<_>>>()?;
            Ok(rows
                .into_iter()
                .filter_map(|(number, relevant)| Some((number, relevant?)))
                .collect())
        })
    }

    /// The numbers of the mentions on which something hangs: a mark, a note, an item, a ticket, a label of a sample, a
    /// judgment.
    pub fn marked_numbers(&self) -> Result<Vec<u64>> {
        self.read(|db| {
            let mut all = db.prepare(
                "SELECT number FROM marks UNION SELECT number FROM notes UNION SELECT number FROM items
                 UNION SELECT number FROM notices UNION SELECT number FROM handovers UNION SELECT number FROM audit_posts
                 UNION SELECT number FROM relevance_judgments",
            )?;
            let rows = all.query_map([], |row| row.get::<_, i64>(0))?;
            Ok(rows
                .map(|n| n.map(|n| n as u64))
                .collect::<sql::Result<_>>()?)
        })
    }

    /// Keeps marks, and what they were before under the id of the change.
    pub fn put_marks(
        &self,
        project: &str,
        rows: &[MarkRow],
        change: &MarkChange,
        by: &Event,
    ) -> Result<MarksChanged> {
        let made = MarksChanged {
            id: new_id("mc_")?,
            at: crate::clock::now(),
            actor: by.actor.clone(),
            change: serde_json::json!(change),
            mentions: rows.len() as u64,
            undone_at: None,
        };
        self.write(|db| {
            db.execute(
                "INSERT INTO mark_changes (id, project, at, actor, change, mentions) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![made.id, project, made.at, made.actor, made.change.to_string(), rows.len() as i64],
            )?;
            let mut keep = db.prepare_cached(
                "INSERT INTO mark_undo (change, number, created_at, before, after) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for row in rows {
                let (before, after) = (write_mark(&row.before), write_mark(&row.after));
                keep.execute(params![made.id, row.number as i64, row.created_at, before, after])?;
                items::follow(db, row, &made, by)?;
                put(db, project, row.number, row.created_at, &row.after)?;
            }
            let details = serde_json::json!({"change": made.id, "mentions": rows.len()});
            let event = Event { action: Action::MarksChanged, ..by.clone() };
            audit::append(db, &self.keys().id, &event.within(project).with(details))
        })?;
        Ok(made)
    }

    /// The changes made in a project, newest first.
    pub fn mark_changes(&self, project: &str, most: usize) -> Result<Vec<MarksChanged>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT id, at, actor, change, mentions, undone_at FROM mark_changes WHERE project = ?1
                 ORDER BY at DESC, id DESC LIMIT ?2",
            )?;
            let rows = all.query_map(params![project, most as i64], |row| {
                Ok(MarksChanged {
                    id: row.get(0)?,
                    at: row.get(1)?,
                    actor: row.get(2)?,
                    change: serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default(),
                    mentions: row.get::<_, i64>(4)?.max(0) as u64,
                    undone_at: row.get(5)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Puts back what a change found, where nothing was changed since, and gives the marks put back.
    pub fn undo_marks(&self, project: &str, change: &str, by: &Event) -> Result<Vec<MarkRow>> {
        self.write(|db| {
            let undone: Option<Option<i64>> = db
                .query_row(
                    "SELECT undone_at FROM mark_changes WHERE id = ?1 AND project = ?2",
                    [change, project],
                    |row| row.get(0),
                )
                .optional()?;
            match undone {
                None => return Err(Error::NotFound("change")),
                Some(Some(_)) => return Err(Error::Invalid("the change is undone already")),
                Some(None) => {}
            }
            let rows = changed_rows(db, project, change)?;
            items::unfollow(db, change, &rows)?;
            for row in &rows {
                put(db, project, row.number, row.created_at, &row.after)?;
            }
            db.execute(
                "UPDATE mark_changes SET undone_at = ?2 WHERE id = ?1",
                params![change, crate::clock::now()],
            )?;
            let details = serde_json::json!({"undone": change, "mentions": rows.len()});
            let event = Event {
                action: Action::MarksChanged,
                ..by.clone()
            };
            audit::append(db, &self.keys().id, &event.within(project).with(details))?;
            Ok(rows)
        })
    }

    /// Lets go of marks, of what they were before, and of all else that hangs on these mentions.
    pub fn forget_marks(&self, numbers: &[u64]) -> Result<()> {
        self.write(|db| {
            for number in numbers {
                db.prepare_cached("DELETE FROM marks WHERE number = ?1")?
                    .execute([*number as i64])?;
                db.prepare_cached("DELETE FROM mark_undo WHERE number = ?1")?
                    .execute([*number as i64])?;
                for table in [
                    "notes",
                    "items",
                    "notices",
                    "handovers",
                    "audit_posts",
                    "relevance_judgments",
                ] {
                    db.prepare_cached(&format!("DELETE FROM {table} WHERE number = ?1"))?
                        .execute([*number as i64])?;
                }
            }
            Ok(())
        })
    }

    /// A project's rules, oldest first.
    pub fn rules(&self, project: &str) -> Result<Vec<Rule>> {
        self.rules_where("project = ?1", project)
    }

    /// The rules that new mentions are changed by, of all projects.
    pub fn active_rules(&self) -> Result<Vec<Rule>> {
        self.rules_where("active = 1 AND ?1 = ''", "")
    }

    fn rules_where(&self, which: &str, value: &str) -> Result<Vec<Rule>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!(
                "SELECT id, project, name, filter, change, active, created_at, since FROM rules WHERE {which}
                 ORDER BY created_at, id"
            ))?;
            let rows = all.query_map([value], rule)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// One rule of a project.
    pub fn rule(&self, project: &str, id: &str) -> Result<Rule> {
        let found = self.rules(project)?.into_iter().find(|rule| rule.id == id);
        found.ok_or(Error::NotFound("rule"))
    }

    /// Makes a rule, or changes the one with this id.
    pub fn put_rule(&self, rule: Rule, by: &Event) -> Result<Rule> {
        let mut rule = Rule {
            name: clean_name(&rule.name)?.to_owned(),
            ..rule
        };
        self.write(|db| {
            projects::find(db, &rule.project)?;
            if rule.id.is_empty() {
                let count: i64 = db.query_row(
                    "SELECT count(*) FROM rules WHERE project = ?1",
                    [&rule.project],
                    |row| row.get(0),
                )?;
                if count >= MOST_RULES {
                    return Err(Error::Invalid("a project has at most 500 rules"));
                }
                rule.id = new_id("r_")?;
            }
            db.execute(
                "INSERT INTO rules (id, project, name, filter, change, active, created_at, since)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (id) DO UPDATE SET name = ?3, filter = ?4, change = ?5, active = ?6, since = ?8",
                params![
                    rule.id,
                    rule.project,
                    rule.name,
                    rule.filter.to_string(),
                    serde_json::json!(rule.change).to_string(),
                    rule.active,
                    rule.created_at,
                    rule.since as i64
                ],
            )
            .map_err(|e| Error::or_taken(e, &rule.name))?;
            let details = serde_json::json!({"rule": rule.id, "active": rule.active});
            let event = Event {
                action: Action::RuleChanged,
                ..by.clone()
            };
            audit::append(db, &self.keys().id, &event.within(&rule.project).with(details))
        })?;
        Ok(rule)
    }

    /// Removes a rule. What it changed stays.
    pub fn delete_rule(&self, project: &str, id: &str, by: &Event) -> Result<()> {
        self.write(|db| {
            if db.execute("DELETE FROM rules WHERE id = ?1 AND project = ?2", [id, project])? == 0 {
                return Err(Error::NotFound("rule"));
            }
            let event = Event {
                action: Action::RuleChanged,
                ..by.clone()
            };
            let details = serde_json::json!({"rule": id, "removed": true});
            audit::append(db, &self.keys().id, &event.within(project).with(details))
        })
    }

    /// The generation up to which rules were applied; `None` before the first time.
    pub fn rules_upto(&self) -> Result<Option<u64>> {
        Ok(self.setting(RULES_UPTO)?.and_then(|n| n.parse().ok()))
    }

    /// Notes up to which generation rules were applied.
    pub fn note_rules_upto(&self, generation: u64) -> Result<()> {
        self.write(|db| settings::set(db, RULES_UPTO, &generation.to_string()))
    }
}

impl Event {
    /// What a rule does.
    pub fn of_rule(id: &str) -> Self {
        Self::new(
            &format!("rule:{id}"),
            super::AccessRole::Analyst,
            Action::MarksChanged,
        )
    }
}

fn put(db: &Transaction<'_>, project: &str, number: u64, created_at: Millis, mark: &Mark) -> Result<()> {
    if mark.is_empty() {
        db.prepare_cached("DELETE FROM marks WHERE number = ?1")?
            .execute([number as i64])?;
        return Ok(());
    }
    db.prepare_cached(
        "INSERT INTO marks (number, project, created_at, mark) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (number) DO UPDATE SET project = excluded.project, created_at = excluded.created_at, mark = excluded.mark",
    )?
    .execute(params![number as i64, project, created_at, write_mark(mark)])?;
    Ok(())
}

/// The marks that a change left and that are so still, with what they were before as what they are to be.
fn changed_rows(db: &Transaction<'_>, project: &str, change: &str) -> Result<Vec<MarkRow>> {
    let mut all = db.prepare_cached(
        "SELECT u.number, u.created_at, u.before, u.after FROM mark_undo u LEFT JOIN marks m ON m.number = u.number
         WHERE u.change = ?1 AND coalesce(m.mark, ?2) = u.after",
    )?;
    let rows = all.query_map([change, &write_mark(&Mark::default())], |row| {
        Ok(MarkRow {
            number: row.get::<_, i64>(0)? as u64,
            project: project.to_owned(),
            created_at: row.get(1)?,
            before: read_mark(&row.get::<_, String>(3)?),
            after: read_mark(&row.get::<_, String>(2)?),
        })
    })?;
    Ok(rows.collect::<sql::Result<_>>()?)
}

fn rule(row: &Row<'_>) -> sql::Result<Rule> {
    let json = |text: String| serde_json::from_str(&text).unwrap_or_default();
    Ok(Rule {
        id: row.get(0)?,
        project: row.get(1)?,
        name: row.get(2)?,
        filter: json(row.get(3)?),
        change: serde_json::from_str(&row.get::<_, String>(4)?).unwrap_or_default(),
        active: row.get(5)?,
        created_at: row.get(6)?,
        since: row.get::<_, i64>(7)?.max(0) as u64,
    })
}

/// A mark as it is kept: as a change that makes it of nothing.
fn write_mark(mark: &Mark) -> String {
    let flag = |is: bool| is.then_some(true);
    let change = MarkChange {
        add_tags: mark.tags.clone(),
        category: mark.category.clone(),
        status: mark.status.clone(),
        assignee: mark.assignee.clone(),
        starred: flag(mark.starred),
        muted: flag(mark.muted),
        sentiment: mark.sentiment.map(Label::name).map(str::to_owned),
        relevant: mark.relevant,
        ..MarkChange::default()
    };
    serde_json::json!(change).to_string()
}

fn read_mark(text: &str) -> Mark {
    let change: MarkChange = serde_json::from_str(text).unwrap_or_default();
    change.of(&Mark::default())
}
