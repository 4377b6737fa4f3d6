//! Why the journal in Kafka cannot do what was asked.

use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use std::time::Duration;

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Why the journal in Kafka cannot do what was asked. None of them holds text or a name.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting cannot be.
    #[error("setting {key}: {reason}")]
    Setting {
        /// The setting's name.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The client library or a broker refused.
    #[error("cannot {action}: {source}")]
    Kafka {
        /// What was tried.
        action: &'static str,
        /// What was answered.
        source: KafkaError,
    },
    /// Not all brokers acknowledged in time. What was acknowledged stays; the same batch can be appended again.
    #[error(
        "not acknowledged by all in-sync replicas: {unacknowledged} of {records} records, the first because of: {source}"
    )]
    NotAcknowledged {
        /// Records that were sent.
        records: usize,
        /// Records among them that were not acknowledged.
        unacknowledged: usize,
        /// Why the first of them was not.
        source: KafkaError,
    },
    /// The end of a topic was not reached in time.
    #[error("{action} took longer than {} ms", within.as_millis())]
    TimedOut {
        /// What took so long.
        action: &'static str,
        /// The time it had.
        within: Duration,
    },
    /// A topic is not there, or has another number of partitions than the settings say. The partition of a post
    /// follows from that number, so it must never change.
    #[error(
        "topic {topic} has {found} partitions, the settings say {wanted}: its number of partitions cannot change, since it decides where a post lies"
    )]
    Partitions {
        /// The topic.
        topic: String,
        /// The partitions it has; 0 where it is not there.
        found: usize,
        /// The partitions it should have.
        wanted: usize,
    },
    /// A topic that holds what is read as a table has something else in it.
    #[error("topic {topic} holds at offset {offset} what cannot be read: {reason}")]
    Foreign {
        /// The topic.
        topic: String,
        /// Where.
        offset: i64,
        /// What is wrong there.
        reason: &'static str,
    },
    /// A newer program wrote it.
    #[error("{place} has format {found}, this program reads up to {supported}: use a newer groundswell")]
    NewerFormat {
        /// What it is.
        place: String,
        /// Its format.
        found: u16,
        /// The newest format known here.
        supported: u16,
    },
    /// The installation key is not the one that wrapped a data key.
    #[error(
        "topic {topic} was written under another installation key: give every process of the cluster the same key file"
    )]
    WrongKey {
        /// The topic of the keys.
        topic: String,
    },
    /// A post says it belongs to a version of the monitor set that the topic of the monitors does not have.
    #[error("monitor set {version} is in force for a post, but topic {topic} ends with {newest}")]
    UnknownMonitors {
        /// The version wanted.
        version: u64,
        /// The newest version there is.
        newest: u64,
        /// The topic of the monitors.
        topic: String,
    },
    /// A record cannot be made, or a key cannot be sealed.
    #[error(transparent)]
    Record(#[from] crate::Error),
}

impl Error {
    /// Whether the same call can succeed later without anybody changing anything.
    pub fn is_passing(&self) -> bool {
        match self {
            Error::Kafka { source, .. } | Error::NotAcknowledged { source, .. } => !is_lasting(source),
            Error::TimedOut { .. } => true,
            Error::Setting { .. }
            | Error::Partitions { .. }
            | Error::Foreign { .. }
            | Error::NewerFormat { .. }
            | Error::WrongKey { .. }
            | Error::UnknownMonitors { .. }
            | Error::Record(_) => false,
        }
    }
}

fn is_lasting(error: &KafkaError) -> bool {
    use RDKafkaErrorCode as Code;
    let fatal = matches!(
        error,
        KafkaError::ClientConfig(..) | KafkaError::ClientCreation(_) | KafkaError::MessageConsumptionFatal(_)
    );
    let refused = [
        Code::Authentication,
        Code::SaslAuthenticationFailed,
        Code::TopicAuthorizationFailed,
        Code::GroupAuthorizationFailed,
        Code::ClusterAuthorizationFailed,
        Code::MessageSizeTooLarge,
        Code::InvalidSessionTimeout,
        Code::InconsistentGroupProtocol,
    ];
    fatal
        || error
            .rdkafka_error_code()
            .is_some_and(|code| refused.contains(&code))
}

/// Says what was tried when the client library refused.
pub(crate) trait Doing<T> {
    fn doing(self, action: &'static str) -> Result<T>;
}

impl<T> Doing<T> for std::result::Result<T, KafkaError> {
    fn doing(self, action: &'static str) -> Result<T> {
        self.map_err(|source| Error::Kafka { action, source })
    }
}
