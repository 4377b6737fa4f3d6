//! The cookie of who is signed in, and the token a browser must send along with each change.

use crate::control::{ABSOLUTE_LIMIT, TokenKind, hex};
use sha2::{Digest, Sha256};

/// Where the cookie travels over TLS only, its prefix makes browsers hold us to that (RFC 6265bis, section 4.1.3.2).
const SECURE: &str = "__Host-groundswell";
const PLAIN: &str = "groundswell";

/// The header that carries the token.
pub(in crate::api) const CSRF: &str = "x-csrf-token";

/// A session's token out of the cookies of a request.
pub(in crate::api) fn cookie_of(cookies: &str, secure: bool) -> Option<&str> {
    let wanted = if secure { SECURE } else { PLAIN };
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, value)| *name == wanted && TokenKind::Session.is(value))?;
    Some(value)
}

/// Sets the cookie. `Strict` works with sign-ins elsewhere, too: they lead back to the web app, whose own requests carry it.
pub(in crate::api) fn set(token: &str, secure: bool) -> String {
    let age = ABSOLUTE_LIMIT / 1_000;
    match secure {
        true => format!("{SECURE}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict; Secure"),
        false => format!("{PLAIN}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict"),
    }
}

/// Takes the cookie away.
pub(in crate::api) fn clear(secure: bool) -> String {
    match secure {
        true => format!("{SECURE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure"),
        false => format!("{PLAIN}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"),
    }
}

/// What a browser with this session must send along with each change. It follows from the session's token, which no page
/// can read, and says nothing about it.
pub(in crate::api) fn csrf_of(token: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"groundswell csrf\0");
    digest.update(token.as_bytes());
    hex(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sessions_token_under_the_right_name_is_read() {
        let token = format!("gss_{}", "0a".repeat(32));
        assert_eq!(
            cookie_of(&format!("a=b; {PLAIN}={token}"), false),
            Some(token.as_str())
        );
        assert_eq!(cookie_of(&format!("{PLAIN}={token}"), true), None);
        assert_eq!(
            cookie_of(&format!("{SECURE}={token}"), true),
            Some(token.as_str())
        );
        assert_eq!(
            cookie_of(&format!("{PLAIN}=gsk_{}", "0a".repeat(32)), false),
            None
        );
        assert_ne!(csrf_of(&token), csrf_of("gss_"));
    }
}
