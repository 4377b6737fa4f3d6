//! Signing in at a platform: the operator's browser goes there, comes back with a code, and the tokens are sealed.

use super::definition::in_words;
use super::memory::Kept;
use super::supervisor::{Running, Supervisor};
use sources::http::{Dialect, Http};
use sources::oauth::{Flow, Returned, authorize_url, exchange};
use sources::{Health, Secret};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use thiserror::Error;

/// A sign-in must come back within this time.
const VALID: Duration = Duration::from_secs(600);
/// Sign-ins under way.
const MOST: usize = 100;

/// Why a sign-in cannot be begun or ended.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignInFault {
    /// The connector has none, or lacks what it needs.
    #[error("{0}")]
    Cannot(String),
    /// Nobody began it here, or too long ago.
    #[error("this sign-in was not begun here, or too long ago: begin again")]
    Unknown,
    /// The platform did not give a token.
    #[error("{0}")]
    Refused(String),
}

/// Sign-ins that have not come back.
#[derive(Default)]
pub struct SignIn(Mutex<HashMap<String, Begun>>);

struct Begun {
    source: String,
    verifier: Option<String>,
    redirect: String,
    at: Instant,
}

/// What a source's configuration says of its application at the platform.
struct Application {
    flow: Flow,
    host: String,
    client_id: String,
    client_secret: Option<Secret>,
}

impl SignIn {
    /// Where the operator's browser goes. `redirect` is our own address that it comes back to.
    pub fn begin(
        &self,
        supervisor: &Supervisor,
        source: &str,
        redirect: &str,
    ) -> Result<String, SignInFault> {
        let application = application(&found(supervisor, source)?)?;
        let state = random()?;
        let verifier = application.flow.pkce.then(random).transpose()?;
        let url = authorize_url(
            &application.flow,
            &application.host,
            &application.client_id,
            redirect,
            &state,
            verifier.as_deref(),
        );
        let mut begun = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        begun.retain(|_, b| b.at.elapsed() < VALID);
        if begun.len() >= MOST {
            return Err(SignInFault::Cannot("too many sign-ins are under way".to_owned()));
        }
        begun.insert(
            state,
            Begun {
                source: source.to_owned(),
                verifier,
                redirect: redirect.to_owned(),
                at: Instant::now(),
            },
        );
        Ok(url)
    }

    /// Takes a sign-in that came back; gives the source's name.
    pub async fn end(&self, supervisor: &Supervisor, state: &str, code: &str) -> Result<String, SignInFault> {
        let begun = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(state);
        let begun = begun
            .filter(|b| b.at.elapsed() < VALID)
            .ok_or(SignInFault::Unknown)?;
        let application = application(&found(supervisor, &begun.source)?)?;
        let refused = |e: sources::http::Trouble| SignInFault::Refused(e.to_string());
        let http = Http::new(Dialect::Silent, &Arc::new(Health::default())).map_err(refused)?;
        let returned = Returned {
            flow: &application.flow,
            host: &application.host,
            client_id: &application.client_id,
            client_secret: application.client_secret.as_ref(),
            redirect: &begun.redirect,
            code,
            verifier: begun.verifier.as_deref(),
        };
        let keep = Kept::new(&supervisor.intake().control, &begun.source);
        exchange(&http, &returned, &keep).await.map_err(refused)?;
        Ok(begun.source)
    }
}

fn found(supervisor: &Supervisor, source: &str) -> Result<Running, SignInFault> {
    supervisor
        .find(source)
        .map_err(|e| SignInFault::Cannot(e.to_string()))
}

fn application(running: &Running) -> Result<Application, SignInFault> {
    let cannot = |what: &str| SignInFault::Cannot(what.to_owned());
    let definition = running
        .definition
        .as_ref()
        .ok_or_else(|| cannot("this source needs no sign-in"))?;
    let flow = definition
        .connector
        .flow
        .ok_or_else(|| cannot("this platform has no sign-in: its tokens are put into the configuration"))?;
    let table = definition
        .resolved()
        .map_err(|faults| SignInFault::Cannot(in_words(&faults)))?;
    let text = |key: &str| table.get(key).and_then(|v| v.as_str()).map(str::to_owned);
    Ok(Application {
        flow,
        host: text("host").or_else(|| text("instance")).unwrap_or_default(),
        client_id: text("client_id").ok_or_else(|| cannot("client_id is missing"))?,
        client_secret: text("client_secret").map(Secret::new),
    })
}

/// 256 random bits as hexadecimal digits: unreserved characters, as RFC 7636 wants them.
fn random() -> Result<String, SignInFault> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| SignInFault::Cannot(e.to_string()))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}
