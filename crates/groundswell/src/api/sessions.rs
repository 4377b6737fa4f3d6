//! Sessions: for which purpose originals are opened, and why people are looked up, each said once.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The cookie of a browser's session. It opens nothing: it only remembers what was said.
pub(super) const COOKIE: &str = "groundswell_session";
/// Sessions remembered; the oldest is forgotten then.
const MOST: usize = 10_000;
/// Projects of one session with a purpose.
const MOST_PROJECTS: usize = 1_000;

/// What was said in a session.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// Why originals are opened, by project.
    pub(super) purposes: BTreeMap<String, String>,
    /// Why people are looked up.
    pub(super) reveal_reason: Option<String>,
}

/// All sessions of this process.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    said: HashMap<String, Said>,
    order: VecDeque<String>,
}

impl Sessions {
    /// What was said in a session so far.
    pub(super) fn said(&self, session: &str) -> Said {
        self.inner().said.get(session).cloned().unwrap_or_default()
    }

    /// Notes why originals of a project are opened in this session.
    pub(super) fn set_purpose(&self, session: &str, project: &str, purpose: &str) {
        self.change(session, |said| {
            if said.purposes.len() < MOST_PROJECTS {
                said.purposes.insert(project.to_owned(), purpose.to_owned());
            }
        });
    }

    /// Notes why people are looked up in this session.
    pub(super) fn set_reveal_reason(&self, session: &str, reason: &str) {
        self.change(session, |said| said.reveal_reason = Some(reason.to_owned()));
    }

    fn change(&self, session: &str, change: impl FnOnce(&mut Said)) {
        let mut inner = self.inner();
        if !inner.said.contains_key(session) {
            if inner.order.len() >= MOST
                && let Some(oldest) = inner.order.pop_front()
            {
                inner.said.remove(&oldest);
            }
            inner.order.push_back(session.to_owned());
        }
        change(inner.said.entry(session.to_owned()).or_default());
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The session a request's cookies name.
pub(super) fn of_cookies(cookies: &str) -> Option<&str> {
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == COOKIE)?;
    (value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit())).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_nothing_else_is_taken_for_one() {
        let id = "0123456789abcdef0123456789abcdef";
        assert_eq!(of_cookies(&format!("a=b; {COOKIE}={id}; c=d")), Some(id));
        assert_eq!(of_cookies(&format!("x{COOKIE}={id}")), None);
        assert_eq!(of_cookies(&format!("{COOKIE}=short")), None);
        assert_eq!(of_cookies(""), None);
    }

    #[test]
    fn the_oldest_session_is_forgotten_first() {
        let sessions = Sessions::default();
        for n in 0..=MOST {
            sessions.set_purpose(&n.to_string(), "default", "press work");
        }
        assert!(sessions.said("0").purposes.is_empty());
        assert_eq!(sessions.said("1").purposes["default"], "press work");
        assert_eq!(sessions.inner().said.len(), MOST);
    }
}
