//! The door: who comes in, by which way, and how often.

pub(crate) mod buckets;
mod cookies;
mod credentials;
pub(super) mod oidc;
pub(super) mod sign_in;
mod throttle;

pub(super) use cookies::{CSRF as CSRF_HEADER, clear, cookie_of, csrf_of, set};
pub(super) use credentials::{Given, given};
pub(super) use throttle::Throttle;

use super::{App, Failure};
use crate::control;
use crate::tls::TlsListener;
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, header};
use axum::serve::IncomingStream;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Passwords that are hashed at the same time: each takes 19 MiB.
const HASHED_AT_ONCE: usize = 4;

/// What the door remembers.
#[derive(Debug)]
pub struct Door {
    /// Tries at signing in.
    pub(super) throttle: Throttle,
    /// Requests.
    pub(super) requests: buckets::Buckets,
    /// Bounds how many passwords are hashed at the same time.
    pub(super) hashing: Semaphore,
    /// Proxies whose word about the client's address is taken.
    proxies: Vec<IpAddr>,
    /// Whether browsers come over TLS.
    pub(super) secure: bool,
}

impl Door {
    /// A door as the configuration has it.
    pub fn new(server: &crate::config::Server) -> Self {
        let public = server.public_url.as_deref().unwrap_or_default();
        Self {
            throttle: Throttle::default(),
            requests: buckets::Buckets::new(server.limits.burst, server.limits.per_minute),
            hashing: Semaphore::new(HASHED_AT_ONCE),
            proxies: server.trusted_proxies.clone(),
            secure: server.tls.is_some() || public.starts_with("https://"),
        }
    }

    /// The address a request comes from: the last one that no trusted proxy has, where proxies hand it on.
    pub(super) fn address(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer?;
        if !self.proxies.contains(&peer) {
            return Some(peer);
        }
        let chain: Vec<IpAddr> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|address| address.trim().parse().ok())
            .collect();
        let own = chain.into_iter().rev().find(|a| !self.proxies.contains(a));
        own.or(Some(peer))
    }
}

/// The address of the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Peer(*stream.remote_addr())
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        Peer(*stream.remote_addr())
    }
}

/// The address of the other end of a request's connection.
pub(super) fn peer(request: &Request) -> Option<IpAddr> {
    let info = request.extensions().get::<ConnectInfo<Peer>>();
    info.map(|ConnectInfo(Peer(address))| address.ip())
}

/// Whether whoever uses this machine may do everything: nobody was ever asked to sign in.
pub(super) fn is_open_to_the_machine(app: &App) -> Result<bool, Failure> {
    if app.password.is_some() || app.single_sign_on.is_some() {
        return Ok(false);
    }
    let has = app.engine.control.has_administrator();
    Ok(!has.map_err(super::monitors::failure)?)
}

/// Where browsers reach this server.
pub(super) fn base(app: &Arc<App>, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok());
    let scheme = if app.door.secure { "https" } else { "http" };
    let own = || format!("{scheme}://{}", host.unwrap_or("127.0.0.1:8080"));
    app.public_url.clone().unwrap_or_else(own)
}

/// A session of this user, or of who knows the installation's password, with its cookie and what to put down.
pub(super) fn begin(
    app: &App,
    user: Option<control::User>,
    agent: Option<&str>,
    way: &'static str,
) -> Result<(super::Access, String), Failure> {
    let control = &app.engine.control;
    let id = user.as_ref().map(|u| u.id.as_str());
    let (session, token) = control
        .begin_session(id, agent)
        .map_err(super::monitors::failure)?;
    let csrf = csrf_of(&token);
    let signed_in = control::SignedIn {
        session: session.id.clone(),
        user,
    };
    let access = super::Access::signed_in(signed_in, csrf);
    let event = access
        .event(control::Action::SignedIn)
        .with(serde_json::json!({"session": session.id, "way": way}));
    control.audit(&event).map_err(super::monitors::failure)?;
    Ok((access, set(&token, app.door.secure)))
}

/// How a browser calls itself.
pub(super) fn agent(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::USER_AGENT).and_then(|a| a.to_str().ok())
}
