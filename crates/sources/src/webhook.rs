//! Being called by a platform: what a webhook is asked and answers.

use crate::source::Delivery;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A call as it came.
#[derive(Debug, Clone, Copy)]
pub struct HookRequest<'r> {
    /// `GET` or `POST`.
    pub method: &'r str,
    /// The query of the address, without `?`.
    pub query: &'r str,
    /// The headers, names in lower case.
    pub headers: &'r [(String, String)],
    /// The raw body.
    pub body: &'r [u8],
    /// Now, milliseconds since 1970.
    pub now: i64,
}

impl HookRequest<'_> {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// A parameter of the query, decoded.
    pub fn param(&self, name: &str) -> Option<String> {
        self.query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key) == name).then(|| decode(value))
        })
    }
}

/// What is answered, once the delivery is journaled.
#[derive(Debug, Default)]
pub struct HookAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
    /// Its type.
    pub content_type: &'static str,
    /// What was told. Its cursor is not used.
    pub delivery: Delivery,
}

impl HookAnswer {
    /// An answer in plain text.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            body: body.into(),
            content_type: "text/plain; charset=utf-8",
            delivery: Delivery::default(),
        }
    }

    /// Taken.
    pub fn taken(delivery: Delivery) -> Self {
        Self {
            delivery,
            ..Self::text(200, "ok")
        }
    }
}

/// Answers the calls of one source: handshakes, and events whose signature over the raw body holds. Whatever is not
/// signed as it must be is answered with 401 or 403 and delivers nothing.
pub trait Hook: Send + Sync {
    /// The answer to a call.
    fn answer(&self, request: &HookRequest<'_>) -> HookAnswer;
}

/// Whether `hex` (with or without `sha256=`) is the HMAC-SHA-256 of `body` under `key`, in constant time.
pub fn signed(key: &[u8], body: &[u8], hex: &str) -> bool {
    let hex = hex.trim();
    let hex = hex.strip_prefix("sha256=").unwrap_or(hex);
    let digits = |i: usize| u8::from_str_radix(hex.get(2 * i..2 * i + 2)?, 16).ok();
    let wanted: Option<Vec<u8>> = (0..32).map(digits).collect();
    let (Some(wanted), Ok(mut mac)) = (wanted, Hmac::<Sha256>::new_from_slice(key)) else {
        return false;
    };
    mac.update(body);
    hex.len() == 64 && mac.verify_slice(&wanted).is_ok()
}

/// Whether two secrets are the same, in a time that does not depend on where they differ.
pub fn same_secret(a: &str, b: &str) -> bool {
    use subtle::ConstantTimeEq;
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// `%XX` and `+` as in forms.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = (byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match hex {
            Some(value) => {
                out.push(value);
                at += 3;
            }
            None => {
                out.push(if byte == b'+' { b' ' } else { byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_over_the_raw_body() {
        // RFC 4231, test case 2.
        let hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let body = b"what do ya want for nothing?";
        assert!(signed(b"Jefe", body, hex));
        assert!(signed(b"Jefe", body, &format!("sha256={hex}")));
        assert!(!signed(b"Jefe", b"what do ya want for nothing", hex));
        for bad in ["", "sha256=", &hex[..62], &format!("{hex}00"), "zz", "é"] {
            assert!(!signed(b"Jefe", body, bad), "{bad}");
        }
    }

    #[test]
    fn parameters_are_decoded() {
        let request = HookRequest {
            method: "GET",
            query: "hub.mode=subscribe&hub.challenge=1+2%2B3&x",
            headers: &[],
            body: b"",
            now: 0,
        };
        assert_eq!(request.param("hub.challenge").as_deref(), Some("1 2+3"));
        assert_eq!(request.param("x").as_deref(), Some(""));
        assert_eq!(request.param("y"), None);
    }
}
