//! Where the cluster is and how the store is laid out in it.

use super::mapping::FORMAT;
use crate::period::{Period, Span};
use crate::{Error, Mention};
use post::Millis;
use reqwest::Url;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Where the cluster is and how the store is laid out in it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The addresses of nodes of the cluster: `https://search.internal:9200`. The first is asked, and the next where it does
    /// not answer. Without user and password: those are [`Settings::login`].
    pub urls: Vec<String>,
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
    /// A store of this prefix on the cluster at `url`, one address; months, years for the archive, one shard, one copy, a minute.
    pub fn new(url: impl Into<String>, prefix: impl Into<String>) -> Self {
        Self {
            urls: vec![url.into()],
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

    /// The address of the cluster: that of its first node.
    pub fn address(&self) -> &str {
        self.urls.first().map_or("", String::as_str)
    }

    /// Whether it names nodes, each by an address that one can have.
    pub fn check_addresses(&self) -> Result<(), Error> {
        self.bases().map(drop)
    }

    /// The addresses; each ends with a slash.
    pub(super) fn bases(&self) -> Result<Vec<Url>, Error> {
        if self.urls.is_empty() {
            return Err(Error::Question("the cluster has no address".to_owned()));
        }
        let name = |n: usize| match self.urls.len() {
            1 => "the cluster's address".to_owned(),
            _ => format!("the cluster's address number {}", n + 1),
        };
        let urls = self.urls.iter().enumerate();
        urls.map(|(n, url)| {
            // What is written is not repeated: a password may stand in it.
            base(url).map_err(|why| Error::Question(format!("{} {why}", name(n))))
        })
        .collect()
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

fn base(url: &str) -> Result<Url, String> {
    let mut base = Url::parse(url).map_err(|e| format!("is none: {e}"))?;
    if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
        return Err("must begin with http:// or https://".to_owned());
    }
    if !base.username().is_empty() || base.password().is_some() {
        return Err("must not hold user and password: give them as a login".to_owned());
    }
    base.set_query(None);
    base.set_fragment(None);
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    Ok(base)
}
