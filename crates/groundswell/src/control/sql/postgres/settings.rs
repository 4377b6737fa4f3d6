//! Which server, and how it is reached.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// The longest a connection may take to be made, where the address says nothing else.
const CONNECT: Duration = Duration::from_secs(5);

/// The longest a server may say nothing at all on the network before it counts as away.
const SILENCE: Duration = Duration::from_secs(30);

/// A PostgreSQL database, and how it is reached.
#[derive(Clone)]
pub struct Postgres {
    config: Config,
    tls: Arc<ClientConfig>,
    place: String,
}

impl Postgres {
    /// The database of an address such as `postgres://groundswell@db.example/groundswell` or
    /// `host=/run/postgresql dbname=groundswell`. A server on another machine is spoken to by TLS alone, and its
    /// certificate is checked against the certificates in `ca` (PEM; the public authorities where there are none),
    /// unless the address says `sslmode=disable`. Errors say what is wrong and never quote the address.
    pub fn new(address: &str, password: Option<&str>, ca: Option<&[u8]>) -> Result<Self, String> {
        let mut config = Config::from_str(address).map_err(|_| {
            "is no address of a database, such as \"postgres://groundswell@localhost/groundswell\"".to_owned()
        })?;
        if config.get_password().is_some() {
            return Err("holds a password: give it as control.password instead".into());
        }
        if config.get_user().is_none() {
            return Err("names no user: postgres://USER@HOST/DATABASE".into());
        }
        if config.get_dbname().is_none() {
            return Err("names no database: postgres://USER@HOST/DATABASE".into());
        }
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err("names no host: postgres://USER@HOST/DATABASE".into());
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            config.ssl_mode(if is_here(&config) {
                SslMode::Prefer
            } else {
                SslMode::Require
            });
        }
        if let Some(password) = password {
            config.password(password);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        config
            .application_name("groundswell")
            .keepalives_idle(SILENCE)
            .tcp_user_timeout(SILENCE);
        let tls = Arc::new(client(ca)?);
        let place = place(&config);
        Ok(Self { config, tls, place })
    }

    /// The same for somebody who only reads: the server refuses every change.
    pub(in crate::control) fn to_read(&self) -> Self {
        let mut read = self.clone();
        let given = self.config.get_options().unwrap_or_default();
        let options = format!("{given} -c default_transaction_read_only=on");
        read.config.options(options.trim());
        read
    }

    /// Connects. What goes wrong is said in words that hold no secret.
    pub(super) async fn connect(&self) -> Result<tokio_postgres::Client, String> {
        let said = |error: tokio_postgres::Error| super::session::words(&error);
        // A machine's own server mostly has no certificate that anybody could check.
        if self.config.get_ssl_mode() != SslMode::Require {
            let (client, connection) = self.config.connect(NoTls).await.map_err(said)?;
            tokio::spawn(connection);
            return Ok(client);
        }
        let tls = MakeRustlsConnect::new((*self.tls).clone());
        let (client, connection) = self.config.connect(tls).await.map_err(said)?;
        tokio::spawn(connection);
        Ok(client)
    }
}

fn client(ca: Option<&[u8]>) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    match ca {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate =
                    certificate.map_err(|e| format!("its CA file holds no certificates in PEM: {e}"))?;
                roots
                    .add(certificate)
                    .map_err(|e| format!("a certificate of its CA file cannot be used: {e}"))?;
            }
            if roots.is_empty() {
                return Err("its CA file holds no certificate in PEM".into());
            }
        }
    }
    Ok(
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth(),
    )
}

/// Whether every host is this machine.
fn is_here(config: &Config) -> bool {
    let local = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|a: std::net::IpAddr| a.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(local) && config.get_hostaddrs().iter().all(|a| a.is_loopback())
}

fn place(config: &Config) -> String {
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        })
        .chain(config.get_hostaddrs().iter().map(ToString::to_string))
        .collect();
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let database = config.get_dbname().unwrap_or_default();
    format!("{}:{port}/{database}", hosts.join(","))
}

impl fmt::Display for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Postgres({})", self.place)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn mode(address: &str) -> SslMode {
        Postgres::new(address, Some("hush"), None)
            .unwrap()
            .config
            .get_ssl_mode()
    }

    #[test]
    fn another_machine_is_spoken_to_by_tls_unless_the_address_says_otherwise() {
        assert_eq!(mode("postgres://g@db.example/g"), SslMode::Require);
        assert_eq!(
            mode("postgres://g@db.example/g?sslmode=disable"),
            SslMode::Disable
        );
        assert_eq!(mode("postgres://g@127.0.0.1/g"), SslMode::Prefer);
        assert_eq!(mode("host=/run/postgresql user=g dbname=g"), SslMode::Prefer);
    }

    #[test]
    fn passwords_are_neither_taken_from_the_address_nor_shown() {
        let refused = Postgres::new("postgres://g:hush@db.example/g", None, None).unwrap_err();
        assert!(
            refused.contains("control.password") && !refused.contains("hush"),
            "{refused}"
        );
        let good = Postgres::new("postgres://g@db.example:5433/g", Some("hush"), None).unwrap();
        assert_eq!(
            format!("{good:?} {good}"),
            "Postgres(db.example:5433/g) db.example:5433/g"
        );
    }

    #[test]
    fn what_is_missing_is_said() {
        for (address, missing) in [
            ("postgres://db.example/g", "user"),
            ("postgres://g@db.example", "database"),
            ("user=g dbname=g", "host"),
            ("postgres://g@db.example:port/g", "no address"),
        ] {
            let refused = Postgres::new(address, None, None).unwrap_err();
            assert!(refused.contains(missing), "{address}: {refused}");
        }
        assert!(Postgres::new("postgres://g@db.example/g", None, Some(b"nothing")).is_err());
    }
}
