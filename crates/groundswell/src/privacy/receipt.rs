//! Receipts of erasures: what was erased where, signed with the installation's Ed25519 key (RFC 8032).
//!
//! What is signed is the `receipt` part as JSON without spaces, the keys of each object in the order of their bytes. It
//! names nobody: the posts erased are there as one SHA-256 over their keys.

use crate::control::{Control, Found, SigningKeyInfo, from_hex, hex, key_id};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use post::PostKey;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const FORMAT: u64 = 1;

/// A signed receipt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    format: u64,
    /// What is signed.
    pub receipt: Value,
    key: Key,
    signature: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Key {
    algorithm: String,
    id: String,
    public: String,
}

/// What a check came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// It holds, signed by this key.
    Holds(String),
    /// It does not: each reason.
    Broken(Vec<String>),
}

/// What was done, for the receipt.
pub(super) struct Done<'a> {
    pub(super) erasure: &'a str,
    pub(super) asked_at: i64,
    pub(super) done_at: i64,
    pub(super) found: &'a Found,
    pub(super) purge: &'a super::Purge,
    pub(super) exports: u64,
    pub(super) suppressed: u64,
    /// Number and mark of the audit log's newest row.
    pub(super) audit: (u64, Option<String>),
}

impl Receipt {
    pub(super) fn sign(done: &Done<'_>, seed: &[u8; 32]) -> Receipt {
        let found = done.found;
        let receipt = json!({
            "program": format!("groundswell {}", env!("CARGO_PKG_VERSION")),
            "erasure": done.erasure,
            "asked_at": done.asked_at,
            "done_at": done.done_at,
            "erased": {
                "posts": found.posts.len(),
                "reposts": found.reposts.len(),
                "quotations": found.quotes,
                "mentions": found.mentions,
                "journal_entries": found.journal_entries,
                "vault_author_keys": found.author_keys,
                "vault_posts": found.vault_posts,
                "exports": done.exports,
            },
            "rewritten": {
                "journal_segments": done.purge.journal_segments,
                "store_segments": done.purge.store_segments,
                "database_log": done.purge.log_truncated,
            },
            "suppressed": done.suppressed,
            "tombstones": tombstones(found),
            "audit": {"row": done.audit.0, "mark": done.audit.1},
        });
        let key = SigningKey::from_bytes(seed);
        let public = key.verifying_key().to_bytes();
        let signature = key.sign(canonical(&receipt).as_bytes());
        Receipt {
            format: FORMAT,
            receipt,
            key: Key {
                algorithm: "Ed25519".to_owned(),
                id: key_id(&public),
                public: hex(&public),
            },
            signature: hex(&signature.to_bytes()),
        }
    }

    /// As a file.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Checks the text of a receipt against public keys that are trusted, and against the installation's own copy where
    /// that is at hand.
    pub fn check(text: &str, trusted: &[SigningKeyInfo], own: Option<&Control>) -> Checked {
        let receipt: Receipt = match serde_json::from_str(text) {
            Ok(receipt) => receipt,
            Err(error) => return Checked::Broken(vec![format!("it cannot be read: {error}")]),
        };
        let mut faults = Vec::new();
        if receipt.format != FORMAT {
            faults.push(format!(
                "format {} is not known here, only {FORMAT}",
                receipt.format
            ));
        }
        if !trusted.iter().any(|k| k.public == receipt.key.public) {
            faults.push(format!(
                "key {} is none of the keys trusted here: give the installation's public key",
                receipt.key.id
            ));
        }
        if let Err(fault) = receipt.check_signature() {
            faults.push(fault);
        }
        if let Some(control) = own {
            faults.extend(receipt.differences(control));
        }
        match faults.is_empty() {
            true => Checked::Holds(receipt.key.id),
            false => Checked::Broken(faults),
        }
    }

    fn check_signature(&self) -> Result<(), String> {
        let public: Option<[u8; 32]> = from_hex(&self.key.public).ok().and_then(|b| b.try_into().ok());
        let key = public.and_then(|p| VerifyingKey::from_bytes(&p).ok());
        let (Some(public), Some(key)) = (public, key) else {
            return Err("key.public is no Ed25519 key".to_owned());
        };
        if key_id(&public) != self.key.id {
            return Err(format!(
                "key.id is {}, but the key's is {}",
                self.key.id,
                key_id(&public)
            ));
        }
        let signature = from_hex(&self.signature)
            .ok()
            .and_then(|b| Signature::from_slice(&b).ok());
        let signature = signature.ok_or("signature is no Ed25519 signature")?;
        key.verify_strict(canonical(&self.receipt).as_bytes(), &signature)
            .map_err(|_| {
                "the signature does not belong to what the receipt says: one of them was changed".to_owned()
            })
    }

    /// What the receipt says otherwise than the installation's own copy.
    fn differences(&self, control: &Control) -> Vec<String> {
        let id = self.receipt["erasure"].as_str().unwrap_or_default();
        let own = control.erasure(id).ok().and_then(|e| e.receipt);
        let own: Option<Receipt> = own.and_then(|text| serde_json::from_str(&text).ok());
        let Some(own) = own else {
            return vec![format!("this installation has no erasure `{id}`")];
        };
        let mut found = Vec::new();
        compare("", &self.receipt, &own.receipt, &mut found);
        found
    }
}

fn compare(path: &str, given: &Value, own: &Value, found: &mut Vec<String>) {
    match (given, own) {
        (Value::Object(given), Value::Object(own)) => {
            let keys: std::collections::BTreeSet<&String> = given.keys().chain(own.keys()).collect();
            for key in keys {
                let at = |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or_default();
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                compare(&path, &at(given), &at(own), found);
            }
        }
        _ if given == own => {}
        _ => found.push(format!(
            "{path} is {given}, but {own} in the installation's own copy"
        )),
    }
}

/// One digest for all posts erased: SHA-256 over their keys in order.
fn tombstones(found: &Found) -> Value {
    let mut keys: Vec<&PostKey> = found.posts.iter().chain(&found.reposts).collect();
    keys.sort_unstable();
    let mut hash = Sha256::new();
    keys.iter().for_each(|key| hash.update(key.0));
    json!({"count": keys.len(), "sha256": hex(&hash.finalize())})
}

/// JSON without spaces, the keys of each object in order.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let sorted: std::collections::BTreeMap<&String, &Value> = map.iter().collect();
            let pairs: Vec<String> = sorted
                .into_iter()
                .map(|(key, value)| format!("{}:{}", json!(key), canonical(value)))
                .collect();
            format!("{{{}}}", pairs.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> (String, SigningKeyInfo) {
        let found = Found {
            posts: vec![PostKey([2; 16]), PostKey([1; 16])],
            mentions: 3,
            ..Found::default()
        };
        let done = Done {
            erasure: "er_1",
            asked_at: 1,
            done_at: 2,
            found: &found,
            purge: &super::super::Purge::default(),
            exports: 0,
            suppressed: 2,
            audit: (4, Some("ab".to_owned())),
        };
        let receipt = Receipt::sign(&done, &[5; 32]);
        let key = SigningKeyInfo {
            id: receipt.key.id.clone(),
            public: receipt.key.public.clone(),
            made_at: 0,
            retired_at: None,
        };
        (receipt.to_json(), key)
    }

    #[test]
    fn a_receipt_holds_until_a_letter_of_it_is_changed() {
        let (text, key) = signed();
        let trusted = [key.clone()];
        assert_eq!(
            Receipt::check(&text, &trusted, None),
            Checked::Holds(key.id.clone())
        );
        // Spaces and the order of keys are nothing that was signed.
        let spaced = text.replace("\": ", "\" :   ");
        assert_eq!(Receipt::check(&spaced, &trusted, None), Checked::Holds(key.id));
        for (from, to) in [
            ("\"mentions\": 3", "\"mentions\": 2"),
            ("\"count\": 2", "\"count\": 3"),
            ("\"erasure\": \"er_1\"", "\"erasure\": \"er_2\""),
            ("\"done_at\": 2", "\"done_at\": 2, \"more\": 1"),
        ] {
            let tampered = text.replace(from, to);
            assert_ne!(tampered, text);
            let Checked::Broken(faults) = Receipt::check(&tampered, &trusted, None) else {
                panic!("{to} holds");
            };
            assert!(faults[0].contains("signature does not belong"), "{faults:?}");
        }
    }

    #[test]
    fn a_receipt_signed_by_a_stranger_is_told() {
        let (text, key) = signed();
        let stranger = SigningKeyInfo {
            public: "00".repeat(32),
            ..key
        };
        let Checked::Broken(faults) = Receipt::check(&text, &[stranger], None) else {
            panic!("a stranger's key is trusted");
        };
        assert!(faults[0].contains("none of the keys trusted"), "{faults:?}");
        assert!(matches!(Receipt::check("{}", &[], None), Checked::Broken(_)));
    }
}
