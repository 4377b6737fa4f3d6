//! Which accounts are whose: kept beside the pipeline for every question, read anew when they change.

use crate::control::{Control, Error};
use arc_swap::ArcSwap;
use post::{Post, Pseudonyms};
use std::collections::{BTreeMap, HashSet};

/// The own accounts of all monitors.
#[derive(Debug, Default)]
pub struct OwnAccounts(ArcSwap<Known>);

#[derive(Debug, Default)]
struct Known {
    by_project: BTreeMap<String, Vec<store::Accounts>>,
    all: HashSet<String>,
}

impl OwnAccounts {
    /// Reads them.
    pub fn refresh(&self, control: &Control, pseudonyms: &Pseudonyms) -> Result<(), Error> {
        let mut known = Known::default();
        for project in control.projects()? {
            let mut by_monitor: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (monitor, account) in control.accounts_of_project(&project.id)? {
                let token = pseudonyms.handle(&account.handle);
                let account = store::account(&account.platform, &token);
                known.all.insert(account.clone());
                by_monitor.entry(monitor).or_default().push(account);
            }
            let accounts = by_monitor
                .into_iter()
                .map(|(monitor, accounts)| store::Accounts { monitor, accounts });
            known.by_project.insert(project.id, accounts.collect());
        }
        self.0.store(known.into());
        Ok(())
    }

    /// Those of a project's monitors that have some.
    pub fn of(&self, project: &str) -> Vec<store::Accounts> {
        self.0.load().by_project.get(project).cloned().unwrap_or_default()
    }

    /// The account that published a post, where it is somebody's own.
    pub fn author_of(&self, post: &Post) -> Option<String> {
        let known = self.0.load();
        // Nearly every post is nobody's here: nothing is made for it.
        let token = post.author.as_ref()?.handle_token.as_deref()?;
        if known.all.is_empty() {
            return None;
        }
        let account = store::account(&post.platform, token);
        known.all.contains(&account).then_some(account)
    }
}
