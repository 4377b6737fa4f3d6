//! Keyed pseudonyms. The key `K_id` belongs to the installation and never rotates.

use crate::id::{AuthorKey, MentionId, PostKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Makes pseudonyms: HMAC-SHA-256 under the installation's `K_id`, truncated. The keyed state is prepared once.
#[derive(Clone)]
pub struct Pseudonyms {
    keyed: Hmac<Sha256>,
}

impl Pseudonyms {
    /// Pseudonyms under this key.
    pub fn new(key: &[u8; 32]) -> Self {
        // A 32-byte key is shorter than the hash's block, so it is always taken.
        let keyed = <Hmac<Sha256> as KeyInit>::new(&(*key).into_block());
        Self { keyed }
    }

    fn mac(&self, parts: &[&str]) -> [u8; 32] {
        let mut mac = self.keyed.clone();
        for part in parts {
            mac.update(&(part.len() as u32).to_le_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }

    /// The key of a post, from its `uid`.
    pub fn post(&self, uid: &str) -> PostKey {
        PostKey(first16(&self.mac(&["post", uid])))
    }

    /// The pseudonym of an author, from the platform and its stable id there.
    pub fn author(&self, platform: &str, id: &str) -> AuthorKey {
        AuthorKey(first16(&self.mac(&["author", platform, id])))
    }

    /// The token that stands for a handle in text: `p_` and twelve characters. It is one word to the tokeniser, the
    /// same on every platform and in every case, so that a query's `@name` or `name` can be compared with it.
    pub fn handle(&self, handle: &str) -> String {
        const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let folded = text::fold(handle.trim_start_matches('@'));
        let hash = self.mac(&["handle", &folded]);
        let mut bits = u64::from_le_bytes([
            hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7],
        ]);
        let mut token = String::with_capacity(14);
        token.push_str("p_");
        for _ in 0..12 {
            token.push(char::from(ALPHABET[(bits & 31) as usize]));
            bits >>= 5;
        }
        token
    }
}

/// The HMAC block of a short key: the key, padded with zeros (RFC 2104).
trait IntoBlock {
    fn into_block(self) -> hmac::digest::Key<Hmac<Sha256>>;
}

impl IntoBlock for [u8; 32] {
    fn into_block(self) -> hmac::digest::Key<Hmac<Sha256>> {
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        block[..32].copy_from_slice(&self);
        block
    }
}

impl MentionId {
    /// The id of the mention of one post by one monitor.
    pub fn of(post: PostKey, monitor: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(post.0);
        hash.update(monitor.as_bytes());
        Self(first16(&hash.finalize().into()))
    }
}

fn first16(hash: &[u8; 32]) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&hash[..16]);
    out
}
