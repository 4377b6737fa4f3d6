//! The brokers that keep the journal, where that is not the data folder: `[kafka]`.

use super::check::Fault;
use super::load::secret;
use super::reader::Reader;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::Table;

/// What a program says that was built without the feature.
pub const WITHOUT_KAFKA: &str =
    "this program was built without Kafka: build it with `cargo build --release --features kafka`";

/// `[kafka]`
#[derive(Debug, Clone)]
pub struct Kafka {
    /// `host:port` of some brokers, separated by commas.
    pub brokers: String,
    /// What the names of the topics begin with.
    pub prefix: String,
    /// Partitions of the posts; never changed after the topics were made.
    pub partitions: usize,
    /// Copies of each record.
    pub replication: usize,
    /// How long posts are kept, in hours.
    pub max_hours: u64,
    /// Bytes that the posts may take in all partitions together, one copy counted.
    pub max_bytes: Option<u64>,
    /// How the connection is secured.
    pub security: Security,
    /// Further properties of librdkafka.
    pub properties: BTreeMap<String, String>,
}

/// How the connection to the brokers is secured.
#[derive(Debug, Clone, Default)]
pub struct Security {
    /// Whether TLS is spoken.
    pub tls: bool,
    /// Whose certificates are trusted; `None`: those the system trusts.
    pub ca: Option<PathBuf>,
    /// The client's certificate and its key.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// Mechanism, user and password of SASL.
    pub login: Option<(String, String, super::Secret)>,
}

pub(super) fn read_kafka(table: &Table, base: &Path, faults: &mut Vec<Fault>) -> Option<Kafka> {
    let mut r = Reader::new(table, "kafka", faults);
    if !cfg!(feature = "kafka") {
        r.fault("brokers", WITHOUT_KAFKA);
    }
    let brokers = r.required_text("brokers").map(str::to_owned);
    let kafka = Kafka {
        brokers: brokers.clone().unwrap_or_default(),
        prefix: r.text("prefix").unwrap_or("groundswell").to_owned(),
        partitions: r.number("partitions", 1, 10_000).unwrap_or(12) as usize,
        replication: r.number("replication", 1, 100).unwrap_or(3) as usize,
        max_hours: r.number("max_hours", 1, 24 * 366).unwrap_or(7 * 24),
        max_bytes: r.number("max_mb", 1, u64::MAX >> 21).map(|mb| mb << 20),
        security: read_security(&mut r, base),
        properties: read_properties(&mut r),
    };
    #[cfg(feature = "kafka")]
    for fault in kafka.settings([0; 32]).faults() {
        r.fault("prefix", fault.to_string());
    }
    r.finish();
    brokers.map(|_| kafka)
}

fn read_properties(r: &mut Reader<'_, '_>) -> BTreeMap<String, String> {
    let mut properties = BTreeMap::new();
    for (key, value) in r.table("properties").into_iter().flatten() {
        match value.as_str() {
            Some(text) => drop(properties.insert(key.clone(), text.to_owned())),
            None => r.fault("properties", format!("`{key}` must be text, such as \"100\"")),
        }
    }
    properties
}

fn read_security(r: &mut Reader<'_, '_>, base: &Path) -> Security {
    let password = r.text("password").map(|text| secret(text, base));
    let password = password.and_then(|read| read.map_err(|message| r.fault("password", message)).ok());
    let user = r.text("user").map(str::to_owned);
    let mechanism = r.text("mechanism").unwrap_or("SCRAM-SHA-512").to_owned();
    let login = match (user, password) {
        (Some(user), Some(password)) => Some((mechanism, user, password)),
        (None, None) => None,
        _ => {
            r.fault("user", "user and password go together");
            None
        }
    };
    let file = |key: &'static str, r: &mut Reader<'_, '_>| r.text(key).map(|path| base.join(path));
    let (ca, certificate, key) = (file("ca", r), file("certificate", r), file("certificate_key", r));
    let certificate = match (certificate, key) {
        (Some(certificate), Some(key)) => Some((certificate, key)),
        (None, None) => None,
        _ => {
            r.fault("certificate", "certificate and certificate_key go together");
            None
        }
    };
    let asked = match r.text("security").unwrap_or("plain") {
        "plain" => false,
        "tls" => true,
        other => {
            r.fault("security", format!("`{other}` is none of plain, tls"));
            false
        }
    };
    if !asked && (ca.is_some() || certificate.is_some() || login.is_some()) {
        r.fault("security", "certificates and logins need security = \"tls\"");
    }
    Security {
        tls: asked,
        ca,
        certificate,
        login,
    }
}

#[cfg(feature = "kafka")]
impl Kafka {
    /// The same as the journal takes it.
    pub fn settings(&self, key: [u8; 32]) -> journal::kafka::Settings {
        use journal::kafka::{Security as Secured, Settings, Tls};
        let text = |path: &PathBuf| path.display().to_string();
        let tls = Tls {
            authorities: self.security.ca.as_ref().map(text),
            certificate: self
                .security
                .certificate
                .as_ref()
                .map(|(c, k)| (text(c), text(k))),
        };
        let security = match (&self.security.login, self.security.tls) {
            (Some((mechanism, user, password)), true) => Secured::Sasl {
                tls,
                mechanism: mechanism.clone(),
                user: user.clone(),
                password: password.0.clone(),
            },
            (None, true) => Secured::Tls(tls),
            (_, false) => Secured::Plain,
        };
        Settings {
            prefix: self.prefix.clone(),
            partitions: self.partitions,
            replication: self.replication,
            retention: std::time::Duration::from_secs(self.max_hours * 3600),
            retention_bytes: self.max_bytes,
            security,
            properties: self.properties.clone(),
            ..Settings::new(&self.brokers, key)
        }
    }
}
