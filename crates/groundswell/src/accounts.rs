//! Which accounts are whose: kept beside the pipeline for every question, read anew when they change.

use crate::control::{Control, Error};
use arc_swap::ArcSwap;
use post::Pseudonyms;
use std::collections::BTreeMap;

/// The own accounts of all monitors, by project.
#[derive(Debug, Default)]
pub struct OwnAccounts(ArcSwap<BTreeMap<String, Vec<store::Accounts>>>);

impl OwnAccounts {
    /// Reads them.
    pub fn refresh(&self, control: &Control, pseudonyms: &Pseudonyms) -> Result<(), Error> {
        let mut by_project = BTreeMap::new();
        for project in control.projects()? {
            let mut by_monitor: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (monitor, account) in control.accounts_of_project(&project.id)? {
                let token = pseudonyms.handle(&account.handle);
                let found = by_monitor.entry(monitor).or_default();
                found.push(store::account(&account.platform, &token));
            }
            let accounts = by_monitor
                .into_iter()
                .map(|(monitor, accounts)| store::Accounts { monitor, accounts });
            by_project.insert(project.id, accounts.collect());
        }
        self.0.store(by_project.into());
        Ok(())
    }

    /// Those of a project's monitors that have some.
    pub fn of(&self, project: &str) -> Vec<store::Accounts> {
        self.0.load().get(project).cloned().unwrap_or_default()
    }
}
