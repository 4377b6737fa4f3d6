//! What a source is: its connector, its options, and what every source has.

use post::Mode;
use serde::{Deserialize, Serialize};
use sources::budget::{Budget, BudgetConfig};
use sources::keep::Keep;
use sources::webhook::Hook;
use sources::{KeyKind, Registration, Source};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use toml::{Table, Value};

/// Where a source was defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In the configuration file, whose folder is named: its secrets are `env:NAME` or `file:PATH`.
    File(PathBuf),
    /// Through the API: its secrets are sealed in the control state.
    Api,
}

/// A source as it is to run.
#[derive(Clone)]
pub struct Definition {
    /// Its name, unique.
    pub name: String,
    /// Its connector.
    pub connector: &'static Registration,
    /// The connector's own keys; secrets as they were written.
    pub options: Table,
    /// What its posts keep of who wrote them.
    pub mode: Mode,
    /// What it may spend.
    pub budget: BudgetConfig,
    /// Where it was defined.
    pub origin: Origin,
}

impl std::fmt::Debug for Definition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The options may hold secrets.
        write!(f, "Definition({}: {})", self.name, self.connector.name)
    }
}

/// Faults of a definition, each with its key.
pub type Faults = Vec<(String, String)>;

/// Faults in one sentence.
pub fn in_words(faults: &Faults) -> String {
    let words = faults.iter().map(|(key, message)| match key.as_str() {
        "" => message.clone(),
        key => format!("{key}: {message}"),
    });
    words.collect::<Vec<_>>().join("; ")
}

/// The keys every source may have.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Shared {
    mode: Mode,
    budget: BudgetConfig,
}

impl Definition {
    /// Reads a source's table (without `type` and `name`) and checks all of it.
    pub fn read(name: &str, connector: &str, mut options: Table, origin: Origin) -> Result<Self, Faults> {
        let connector =
            sources::find(connector).ok_or_else(|| vec![("type".to_owned(), unknown(connector))])?;
        let mut shared = Table::new();
        for key in ["mode", "budget"] {
            shared.extend(options.remove(key).map(|value| (key.to_owned(), value)));
        }
        let Shared { mode, budget } = Shared::deserialize(shared)
            .map_err(|e| vec![("budget".to_owned(), e.message().trim().to_owned())])?;
        let definition = Self {
            name: name.to_owned(),
            connector,
            options,
            mode,
            budget,
            origin,
        };
        definition.source()?;
        Ok(definition)
    }

    /// The source, ready to run.
    pub fn source(&self) -> Result<Box<dyn Source>, Faults> {
        let fault = |e: sources::SourceError| vec![(String::new(), e.to_string())];
        (self.connector.configure)(self.resolved()?).map_err(fault)
    }

    /// What answers its webhook, where its connector has one.
    pub fn hook(&self) -> Result<Option<Box<dyn Hook>>, Faults> {
        let fault = |e: sources::SourceError| vec![(String::new(), e.to_string())];
        match self.connector.hook {
            None => Ok(None),
            Some(make) => make(self.resolved()?).map(Some).map_err(fault),
        }
    }

    /// Its purse, with what it spent so far.
    pub fn purse(&self, keep: Arc<dyn Keep>) -> Budget {
        Budget::new(self.budget, self.connector.quotas, self.connector.price, keep)
    }

    /// What every source has.
    pub fn shared(&self) -> Shared {
        Shared {
            mode: self.mode,
            budget: self.budget,
        }
    }

    /// The options that are no secrets, and the secrets.
    pub fn split(&self) -> (Table, BTreeMap<String, String>) {
        let (mut plain, mut secrets) = (Table::new(), BTreeMap::new());
        for (key, value) in &self.options {
            match value {
                Value::String(secret) if is_secret(self.connector, key) => {
                    secrets.insert(key.clone(), secret.clone());
                }
                _ => drop(plain.insert(key.clone(), value.clone())),
            }
        }
        (plain, secrets)
    }

    /// The connector's table with every secret filled in.
    pub(super) fn resolved(&self) -> Result<Table, Faults> {
        let Origin::File(folder) = &self.origin else {
            return Ok(self.options.clone());
        };
        let (mut table, mut faults) = (self.options.clone(), Vec::new());
        for (key, value) in &mut table {
            if !is_secret(self.connector, key) {
                continue;
            }
            let Value::String(text) = value else { continue };
            match crate::config::secret(text, folder) {
                Ok(secret) => *value = Value::String(secret.0),
                Err(message) => faults.push((key.clone(), message)),
            }
        }
        if faults.is_empty() { Ok(table) } else { Err(faults) }
    }
}

/// Whether a key of a connector holds a secret.
fn is_secret(connector: &Registration, key: &str) -> bool {
    connector
        .keys
        .iter()
        .any(|k| k.name == key && k.kind == KeyKind::Secret)
}

fn unknown(connector: &str) -> String {
    let names = || sources::registry().iter().map(|r| r.name);
    let hint = crate::config::nearest(connector, names()).map_or_else(
        || format!("known: {}", names().collect::<Vec<_>>().join(", ")),
        |n| format!("did you mean `{n}`?"),
    );
    format!("no connector `{connector}`; {hint}")
}
