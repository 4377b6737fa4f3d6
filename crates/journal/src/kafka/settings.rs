//! How the cluster is reached, and how its topics are kept.

use crate::kafka::error::{Error, Result};
use rdkafka::ClientConfig;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// How the cluster is reached and its topics are kept. Every process of an installation has the same.
#[derive(Clone)]
pub struct Settings {
    /// `host:port` of some brokers, separated by commas.
    pub brokers: String,
    /// What the names of the topics begin with.
    pub prefix: String,
    /// The installation key that wraps the data keys.
    pub key: [u8; 32],
    /// Partitions of the posts; never changed after the topics were made.
    pub partitions: usize,
    /// Copies of each record.
    pub replication: usize,
    /// How long records are kept.
    pub retention: Duration,
    /// How many bytes the posts' topic keeps in all partitions together, one copy counted; `None`: by time alone.
    pub retention_bytes: Option<u64>,
    /// The longest that what a tombstone covers stays on the brokers' disks before compaction comes for it; at most
    /// a day, which is what is promised of deletions.
    pub compaction_lag: Duration,
    /// How long dead letters are kept; at most a day, since no erasure looks into them.
    pub dead_letters: Duration,
    /// Every data key seals what was seen within one period of this length.
    pub key_period: Duration,
    /// The most a record may wait for its acknowledgement before [`crate::kafka::Producer::append`] fails.
    pub deliver_within: Duration,
    /// The most a question to the cluster (end of a topic, committed offsets) may take.
    pub answer_within: Duration,
    /// How the connection is secured.
    pub security: Security,
    /// Further properties of librdkafka, for both producers and consumers. Those that the guarantees hang on are
    /// refused.
    pub properties: BTreeMap<String, String>,
}

/// How the connection is secured. All but [`Security::Plain`] need the cargo feature `kafka-tls`.
#[derive(Clone, Default)]
pub enum Security {
    /// Not at all: for a network of one's own.
    #[default]
    Plain,
    /// TLS, and the client's own certificate where it has one.
    Tls(Tls),
    /// TLS, and a user's password.
    Sasl {
        /// The TLS part.
        tls: Tls,
        /// `PLAIN`, `SCRAM-SHA-256` or `SCRAM-SHA-512`.
        mechanism: String,
        /// The user.
        user: String,
        /// The password.
        password: String,
    },
}

/// Files of certificates, PEM.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// Who is trusted; `None`: whom the system trusts.
    pub authorities: Option<String>,
    /// The client's certificate and its key.
    pub certificate: Option<(String, String)>,
}

/// What the guarantees hang on, or what has a setting of its own.
const OURS: [&str; 19] = [
    "acks",
    "auto.offset.reset",
    "bootstrap.servers",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.idempotence",
    "enable.partition.eof",
    "group.id",
    "group.protocol",
    "isolation.level",
    "max.in.flight",
    "max.in.flight.requests.per.connection",
    "message.timeout.ms",
    "metadata.broker.list",
    "partition.assignment.strategy",
    "request.required.acks",
    "retries",
    "sasl.password",
    "transactional.id",
];

/// The longest a deletion may take to reach the disks.
const DAY: Duration = Duration::from_secs(24 * 3600);

impl Settings {
    /// 12 partitions in 3 copies, kept for 7 days; compaction after 12 hours, dead letters for a day, a data key a
    /// day.
    pub fn new(brokers: &str, key: [u8; 32]) -> Self {
        Self {
            brokers: brokers.to_owned(),
            prefix: "groundswell".to_owned(),
            key,
            partitions: 12,
            replication: 3,
            retention: 7 * DAY,
            retention_bytes: None,
            compaction_lag: DAY / 2,
            dead_letters: DAY,
            key_period: DAY,
            deliver_within: Duration::from_secs(30),
            answer_within: Duration::from_secs(30),
            security: Security::Plain,
            properties: BTreeMap::new(),
        }
    }

    /// Everything that is wrong with them.
    pub fn faults(&self) -> Vec<Error> {
        let mut faults = Vec::new();
        let mut fault = |key: &str, wrong: bool, reason: &str| {
            if wrong {
                faults.push(Error::Setting {
                    key: key.to_owned(),
                    reason: reason.to_owned(),
                });
            }
        };
        fault("brokers", self.brokers.trim().is_empty(), "names no broker");
        let is_name = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        let named = !self.prefix.is_empty() && self.prefix.len() <= 200 && self.prefix.chars().all(is_name);
        fault(
            "prefix",
            !named,
            "must be letters, digits, '.', '-' and '_', at most 200 of them",
        );
        let partitions = (1..=10_000).contains(&self.partitions);
        fault("partitions", !partitions, "must be between 1 and 10000");
        let replication = (1..=100).contains(&self.replication);
        fault("replication", !replication, "must be at least 1");
        let short = "is shorter than an hour: a worker that stops for a while would lose posts";
        fault("retention", self.retention < Duration::from_secs(3600), short);
        let promised = "is longer than a day, by which a deletion is to have reached the disks";
        fault("compaction_lag", self.compaction_lag > DAY, promised);
        fault("dead_letters", self.dead_letters > DAY, promised);
        fault(
            "key_period",
            self.key_period < Duration::from_secs(60),
            "is shorter than a minute",
        );
        for key in self.properties.keys() {
            let reason = "is set by Groundswell, since its guarantees hang on it";
            fault(&format!("properties.{key}"), OURS.contains(&key.as_str()), reason);
        }
        if let Security::Sasl { mechanism, .. } = &self.security {
            let known = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"].contains(&mechanism.as_str());
            fault(
                "security.mechanism",
                !known,
                "must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512",
            );
        }
        let plain = matches!(self.security, Security::Plain);
        let built = cfg!(feature = "kafka-tls") || plain;
        fault(
            "security",
            !built,
            "this program was built without TLS: build it with the feature kafka-tls",
        );
        faults
    }

    /// The first of [`Settings::faults`].
    pub(crate) fn check(&self) -> Result<()> {
        self.faults().into_iter().next().map_or(Ok(()), Err)
    }

    /// What every client has.
    fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        for (key, value) in &self.properties {
            config.set(key, value);
        }
        config
            .set("bootstrap.servers", &self.brokers)
            .set("client.id", "groundswell");
        self.security.apply(&mut config);
        config
    }

    pub(crate) fn producer(&self) -> ClientConfig {
        let mut config = self.client();
        let within = self.deliver_within.as_millis().to_string();
        let defaults = [
            ("compression.type", "lz4"),
            // Longer than a full batch takes to be handed to the library; see `Sender`.
            ("linger.ms", "15"),
            ("message.max.bytes", "33554432"),
        ];
        for (key, value) in defaults {
            if config.get(key).is_none() {
                config.set(key, value);
            }
        }
        config
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("message.timeout.ms", within);
        config
    }

    /// A consumer of the group; without a group one that reads what it is told to.
    pub(crate) fn consumer(&self, group: Option<&str>) -> ClientConfig {
        let mut config = self.client();
        config
            .set("enable.auto.commit", "false")
            .set("enable.auto.offset.store", "false")
            .set("auto.offset.reset", "earliest");
        match group {
            Some(group) => {
                // A dead worker's share is with the others within this time.
                if config.get("session.timeout.ms").is_none() {
                    config.set("session.timeout.ms", "10000");
                }
                config
                    .set("group.id", group)
                    .set("partition.assignment.strategy", "cooperative-sticky")
            }
            // The library wants a group, which nothing is ever committed for and nobody joins.
            None => config.set("group.id", format!("{}.tables", self.prefix)),
        };
        config
    }

    pub(crate) fn admin(&self) -> ClientConfig {
        self.client()
    }

    /// The topic of the posts and what is said of them.
    pub fn posts(&self) -> String {
        format!("{}.posts", self.prefix)
    }

    /// The topic of where the sources resume.
    pub fn cursors(&self) -> String {
        format!("{}.cursors", self.prefix)
    }

    /// The topic of the monitor sets.
    pub fn monitors(&self) -> String {
        format!("{}.monitors", self.prefix)
    }

    /// The topic of the data keys.
    pub fn keys(&self) -> String {
        format!("{}.keys", self.prefix)
    }

    /// The topic of what workers found, on its way to the process that writes it down.
    pub fn matched(&self) -> String {
        format!("{}.matched", self.prefix)
    }

    /// The topic of what could not be taken up.
    pub fn dead(&self) -> String {
        format!("{}.dead", self.prefix)
    }
}

impl Security {
    fn apply(&self, config: &mut ClientConfig) {
        let tls = match self {
            Security::Plain => return,
            Security::Tls(tls) => {
                config.set("security.protocol", "ssl");
                tls
            }
            Security::Sasl {
                tls,
                mechanism,
                user,
                password,
            } => {
                config
                    .set("security.protocol", "sasl_ssl")
                    .set("sasl.mechanism", mechanism)
                    .set("sasl.username", user)
                    .set("sasl.password", password);
                tls
            }
        };
        if let Some(authorities) = &tls.authorities {
            config.set("ssl.ca.location", authorities);
        }
        if let Some((certificate, key)) = &tls.certificate {
            config
                .set("ssl.certificate.location", certificate)
                .set("ssl.key.location", key);
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("brokers", &self.brokers)
            .field("prefix", &self.prefix)
            .field("partitions", &self.partitions)
            .field("replication", &self.replication)
            .field("retention", &self.retention)
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Security {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Security::Plain => "plain",
            Security::Tls(_) => "TLS",
            Security::Sasl { .. } => "TLS and SASL",
        })
    }
}
