//! What a request shows to be let in.

use crate::control::TokenKind;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// What was shown.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::api) enum Given {
    /// Nothing.
    Nothing,
    /// An API key.
    Key(String),
    /// What may be the installation's password.
    Password(Vec<u8>),
}

/// What a request shows: an API key as a bearer token (RFC 6750), or the password, as a bearer token or as that of HTTP
/// Basic (RFC 7617) with any user name. A header that cannot be read shows a wrong password.
pub(in crate::api) fn given(headers: &HeaderMap) -> Given {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Given::Nothing;
    };
    let shown = value.to_str().ok().and_then(credential).unwrap_or_default();
    match std::str::from_utf8(&shown) {
        Ok(text) if text.starts_with(TokenKind::ApiKey.prefix()) => Given::Key(text.to_owned()),
        _ => Given::Password(shown),
    }
}

fn credential(value: &str) -> Option<Vec<u8>> {
    match value.split_once(' ')? {
        (scheme, token) if scheme.eq_ignore_ascii_case("bearer") => Some(token.trim().as_bytes().to_vec()),
        (scheme, code) if scheme.eq_ignore_ascii_case("basic") => {
            let pair = BASE64.decode(code.trim()).ok()?;
            pair.splitn(2, |&b| b == b':').nth(1).map(<[u8]>::to_vec)
        }
        _ => None,
    }
}

/// Padding is optional: not all programs write it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_password_comes_as_basic_or_bearer() {
        let with = |value: &str| {
            let mut h = HeaderMap::new();
            h.insert(
                header::AUTHORIZATION,
                HeaderValue::from_str(value).expect("a header"),
            );
            given(&h) == Given::Password(b"open:sesame".to_vec())
        };
        assert!(with("Basic YW55Om9wZW46c2VzYW1l"));
        assert!(with("bearer open:sesame"));
        assert!(!with("Basic YW55Om90aGVy"));
        assert!(!with("Basic ???"));
        assert!(!with("open:sesame"));
        assert_eq!(given(&HeaderMap::new()), Given::Nothing);
    }
}
