//! The own accounts of what monitors are about: what they publish is owned, the rest is earned.

use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::{Control, monitors};
use crate::control::sql::{self, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Accounts of one monitor at most.
const MOST: usize = 200;

/// An account on a platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The platform, as in `source`.
    pub platform: String,
    /// The handle, without `@`.
    pub handle: String,
}

impl Control {
    /// A monitor's own accounts.
    pub fn accounts(&self, monitor: &str) -> Result<Vec<Account>> {
        let of = self.accounts_where("a.monitor = ?1", monitor)?;
        Ok(of.into_iter().map(|(_, account)| account).collect())
    }

    /// The accounts of all monitors of a project, with the monitors.
    pub fn accounts_of_project(&self, project: &str) -> Result<Vec<(String, Account)>> {
        self.accounts_where("m.project = ?1", project)
    }

    fn accounts_where(&self, which: &str, value: &str) -> Result<Vec<(String, Account)>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!(
                "SELECT a.monitor, a.platform, a.handle FROM monitor_accounts a JOIN monitors m ON m.id = a.monitor
                 WHERE {which} ORDER BY a.monitor, a.platform, a.handle"
            ))?;
            let rows = all.query_map([value], |row| {
                let account = Account {
                    platform: row.get(1)?,
                    handle: row.get(2)?,
                };
                Ok((row.get(0)?, account))
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Sets a monitor's own accounts, in place of those it had.
    pub fn set_accounts(&self, monitor: &str, accounts: &[Account], by: &Event) -> Result<()> {
        if accounts.len() > MOST {
            return Err(Error::Invalid("a monitor has at most 200 accounts"));
        }
        self.write(|db| {
            let project = monitors::find(db, monitor)?.project;
            db.execute("DELETE FROM monitor_accounts WHERE monitor = ?1", [monitor])?;
            for account in accounts {
                let platform = account.platform.trim().to_lowercase();
                let handle = account.handle.trim().trim_start_matches('@').to_lowercase();
                let is_fine =
                    |text: &str| !text.is_empty() && text.len() <= 200 && !text.contains(char::is_whitespace);
                if !is_fine(&platform) || !is_fine(&handle) {
                    return Err(Error::Invalid(
                        "an account is a platform and a handle without spaces",
                    ));
                }
                db.execute(
                    "INSERT INTO monitor_accounts (monitor, platform, handle) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    params![monitor, platform, handle],
                )?;
            }
            let event = Event {
                action: Action::AccountsChanged,
                ..by.clone()
            };
            let details = serde_json::json!({"monitor": monitor, "accounts": accounts.len()});
            audit::append(db, &self.keys().id, &event.within(project).with(details))
        })
    }
}
