//! Tokens and the keys that sign them: JSON Web Signatures (RFC 7515) by RS256 and ES256 (RFC 7518, section 3), and no
//! other. The algorithm follows from the key, never from the token alone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

/// What a token says.
pub(super) type Claims = Map<String, Value>;

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    /// It is no signed token.
    #[error("it cannot be read")]
    Form,
    /// It is signed by an algorithm that is not taken; `none` is one of them.
    #[error("it is signed by an algorithm other than RS256 and ES256")]
    Algorithm,
    /// It is signed by a key that the provider does not publish.
    #[error("its key is not the provider's")]
    Key,
    /// The signature is another one.
    #[error("its signature does not hold")]
    Signature,
    /// It is another issuer's.
    #[error("it is another issuer's")]
    Issuer,
    /// It is for somebody else.
    #[error("it is for another client")]
    Audience,
    /// It has ended, or has not begun.
    #[error("it has ended, or has not begun")]
    Expired,
    /// It answers another sign-in.
    #[error("it is for another sign-in")]
    Nonce,
    /// It does not say who it is about.
    #[error("it names nobody, or nobody with an e-mail address")]
    Nobody,
}

/// The provider's keys (RFC 7517). Those of other kinds are left out.
#[derive(Debug, Deserialize)]
pub(super) struct Keys {
    keys: Vec<Key>,
}

#[derive(Debug, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

impl Keys {
    /// What a token says, once its signature holds.
    pub(super) fn verify(&self, token: &str) -> Result<Claims, Fault> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Fault::Form)?;
        let (header, payload) = signed.split_once('.').ok_or(Fault::Form)?;
        let header: Header = serde_json::from_slice(&decoded(header)?).map_err(|_| Fault::Form)?;
        if header.crit.is_some() {
            return Err(Fault::Form);
        }
        let kind = match header.alg.as_str() {
            "RS256" => "RSA",
            "ES256" => "EC",
            _ => return Err(Fault::Algorithm),
        };
        let signature = decoded(signature)?;
        let fits = |key: &&Key| {
            key.kty == kind
                && (header.kid.is_none() || key.kid == header.kid)
                && key.alg.as_ref().is_none_or(|a| *a == header.alg)
                && key.purpose.as_deref().is_none_or(|p| p == "sig")
        };
        let mut fault = Fault::Key;
        for key in self.keys.iter().filter(fits) {
            match key.verify(signed.as_bytes(), &signature) {
                Ok(()) => return serde_json::from_slice(&decoded(payload)?).map_err(|_| Fault::Form),
                Err(why) => fault = why,
            }
        }
        Err(fault)
    }
}

impl Key {
    fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<(), Fault> {
        let part = |text: &Option<String>| decoded(text.as_deref().unwrap_or_default());
        let verified = match self.kty.as_str() {
            "RSA" => {
                let (n, e) = (part(&self.n)?, part(&self.e)?);
                RsaPublicKeyComponents { n: &n, e: &e }.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature)
            }
            "EC" if self.crv.as_deref() == Some("P-256") => {
                // An uncompressed point (SEC 1, section 2.3.3).
                let point = [vec![4], part(&self.x)?, part(&self.y)?].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature)
            }
            _ => return Err(Fault::Key),
        };
        verified.map_err(|_| Fault::Signature)
    }
}

fn decoded(part: &str) -> Result<Vec<u8>, Fault> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Fault::Form)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `openssl`: a key of 2048 bits, and a token that it signed.
    const KEYS: &str = include_str!("fixtures/rs256.keys.json");
    const TOKEN: &str = include_str!("fixtures/rs256.token");

    fn keys() -> Keys {
        serde_json::from_str(KEYS).expect("keys")
    }

    #[test]
    fn a_token_of_rs256_is_believed_and_one_changed_is_not() {
        let token = TOKEN.trim();
        let claims = keys().verify(token);
        assert_eq!(claims.map(|c| c["sub"].clone()), Ok(Value::from("somebody")));
        let (signed, signature) = token.rsplit_once('.').expect("a token");
        let (header, _) = signed.split_once('.').expect("a token");
        let other = URL_SAFE_NO_PAD.encode(r#"{"sub":"else"}"#);
        let changed = format!("{header}.{other}.{signature}");
        assert_eq!(keys().verify(&changed), Err(Fault::Signature));
    }

    #[test]
    fn no_other_algorithm_is_taken() {
        let payload = URL_SAFE_NO_PAD.encode(r#"{"sub":"somebody"}"#);
        for alg in ["none", "None", "HS256", "RS512", ""] {
            let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}"}}"#));
            assert_eq!(
                keys().verify(&format!("{header}.{payload}.")),
                Err(Fault::Algorithm),
                "{alg}"
            );
        }
        for form in ["", "a", "a.b", "a.b.c", "e30.e30."] {
            assert_eq!(keys().verify(form), Err(Fault::Form), "{form}");
        }
    }
}
