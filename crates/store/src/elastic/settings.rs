//! Where the cluster is and how the store is laid out in it.

use super::mapping::FORMAT;
use crate::period::{Period, Span};
use crate::{Error, Mention};
use post::Millis;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Where the cluster is and how the store is laid out in it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The cluster's address: `https://search.internal:9200`. Without user and password: those are [`Settings::login`].
    pub url: String,
    /// A file with the certificates (PEM) of who vouches for the cluster; the public ones, where `None`.
    pub ca: Option<PathBuf>,
    /// Who to sign in as; nobody, where `None`.
    pub login: Option<Login>,
    /// What the names of all indices begin with: lower-case letters, digits, `-` and `_`. One store per prefix.
    pub prefix: String,
    /// Shards of each index that is made from now on.
    pub shards: u32,
    /// Copies of each shard.
    pub replicas: u32,
    /// Length of the partitions of live posts.
    pub period: Period,
    /// Length of the partitions of old posts.
    pub archive_period: Period,
    /// Posts that were older than this many milliseconds when they were seen are old.
    pub archive_after_ms: Millis,
    /// How long a whole answer may take.
    pub timeout: Duration,
}

/// Who to sign in as.
#[derive(Clone, PartialEq, Eq)]
pub enum Login {
    /// Name and password.
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: String,
    },
    /// An Elasticsearch API key, in the encoded form that the cluster gives out.
    ApiKey(String),
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Login::Basic { user, .. } => write!(f, "Basic({user}, ***)"),
            Login::ApiKey(_) => f.write_str("ApiKey(***)"),
        }
    }
}

impl Settings {
    /// A store of this prefix on the cluster at `url`; months, years for the archive, one shard, one copy, a minute.
    pub fn new(url: impl Into<String>, prefix: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            ca: None,
            login: None,
            prefix: prefix.into(),
            shards: 1,
            replicas: 1,
            period: Period::Month,
            archive_period: Period::Year,
            archive_after_ms: 62 * 24 * 3_600_000,
            timeout: Duration::from_secs(60),
        }
    }

    /// Whether the names of indices can be made of it.
    pub fn check(&self) -> Result<(), Error> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        let starts = self.prefix.starts_with(|c: char| c.is_ascii_alphanumeric());
        match starts && self.prefix.len() <= 100 && self.prefix.chars().all(fits) {
            true => Ok(()),
            false => Err(Error::Question(format!(
                "`{:.100}` cannot begin the name of an index: lower-case letters, digits, `-` and `_` can",
                self.prefix
            ))),
        }
    }

    /// The partition of a mention.
    pub(super) fn partition_of(&self, mention: &Mention) -> String {
        let archive = (self.archive_period, self.archive_after_ms);
        Span::of_post(&mention.post, self.period, archive).folder()
    }

    /// The index that this program makes for a partition.
    pub(super) fn index(&self, partition: &str) -> String {
        format!("{}-{partition}-v{FORMAT}", self.all_mentions())
    }

    /// The alias of all indices of mentions that are read.
    pub(super) fn all_mentions(&self) -> String {
        format!("{}-mentions", self.prefix)
    }

    /// The index that holds the store's position.
    pub(super) fn state(&self) -> String {
        format!("{}-state", self.prefix)
    }
}
