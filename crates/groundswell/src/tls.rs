//! TLS with a certificate and a key from files, read anew at SIGHUP.

mod validity;

pub(crate) use validity::validity;

use crate::config;
use anyhow::{Context, ensure};
use arc_swap::ArcSwap;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::server::TlsStream;

/// Who has not shaken hands by then is hung up on.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes at the same time.
const AT_ONCE: usize = 256;

/// The certificate in force.
#[derive(Debug)]
pub struct Certificate {
    files: config::Tls,
    now: ArcSwap<CertifiedKey>,
}

impl Certificate {
    /// Reads certificate and key, and checks that they belong together.
    pub fn read(files: config::Tls) -> anyhow::Result<Arc<Self>> {
        let now = ArcSwap::new(read(&files)?);
        Ok(Arc::new(Self { files, now }))
    }

    /// Reads the files anew; what was in force stays so where they cannot be used.
    pub fn reload(&self) -> anyhow::Result<()> {
        self.now.store(read(&self.files)?);
        Ok(())
    }

    /// The SHA-256 of the server's own certificate, in hexadecimal: what programs on this machine know it by.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.now.load().cert.first().map_or(&[], |c| c.as_ref()))
    }
}

/// The SHA-256 of a certificate in DER, in hexadecimal.
pub fn fingerprint(der: &[u8]) -> String {
    Sha256::digest(der).iter().map(|b| format!("{b:02x}")).collect()
}

/// The files' own certificate in DER, where they can be read and belong together.
pub(crate) fn own(files: &config::Tls) -> anyhow::Result<Vec<u8>> {
    let certified = read(files)?;
    Ok(certified.cert.first().map_or_else(Vec::new, |c| c.to_vec()))
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now.load_full())
    }
}

fn read(files: &config::Tls) -> anyhow::Result<Arc<CertifiedKey>> {
    let cert = || format!("server.tls.cert: {}", files.cert.display());
    let key = || format!("server.tls.key: {}", files.key.display());
    let chain: Vec<_> = CertificateDer::pem_file_iter(&files.cert)
        .with_context(cert)?
        .collect::<Result<_, _>>()
        .with_context(cert)?;
    ensure!(!chain.is_empty(), "{}: it holds no certificate", cert());
    let der = PrivateKeyDer::from_pem_file(&files.key).with_context(key)?;
    let certified = CertifiedKey::from_der(chain, der, &ring::default_provider());
    let certified = certified.with_context(|| format!("{} does not go with {}", key(), cert()))?;
    Ok(Arc::new(certified))
}

/// Connections that have shaken hands.
pub struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl TlsListener {
    /// Speaks TLS on the connections of a listener. One that is slow to shake hands holds up no other.
    pub fn new(listener: TcpListener, certificate: Arc<Certificate>) -> anyhow::Result<Self> {
        let address = listener.local_addr()?;
        let mut settings = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(certificate);
        settings.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(settings));
        let (done, ready) = mpsc::channel(AT_ONCE);
        tokio::spawn(accept(listener, acceptor, done));
        Ok(Self { ready, address })
    }
}

async fn accept(
    mut listener: TcpListener,
    acceptor: TlsAcceptor,
    done: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    while !done.is_closed() {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        // Axum's own listener waits out what accepting can fail with.
        let (stream, peer) = tokio::select! {
            accepted = axum::serve::Listener::accept(&mut listener) => accepted,
            () = done.closed() => return,
        };
        let (acceptor, done) = (acceptor.clone(), done.clone());
        tokio::spawn(async move {
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                // The server ends where nobody takes it.
                let _ = done.send((stream, peer)).await;
            }
            drop(place);
        });
    }
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(accepted) => accepted,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        Ok(self.address)
    }
}
