//! Data keys of the vault, and what is sealed under them.

use super::error::{Error, Result};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

const NONCE: usize = 24;

/// A key that seals; its own bytes are only ever stored wrapped.
pub(super) struct Sealer(XChaCha20Poly1305);

impl Sealer {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Nonce and ciphertext of `plain`, bound to what it belongs to.
    pub(super) fn seal(&self, plain: &[u8], kind: &str, id: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0u8; NONCE];
        getrandom::fill(&mut nonce).map_err(Error::Random)?;
        let aad = [kind.as_bytes(), id].concat();
        let sealed = self.0.encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: plain,
                aad: &aad,
            },
        );
        Ok([&nonce[..], &sealed.map_err(|_| Error::Sealed)?].concat())
    }

    /// What was sealed for the same thing.
    pub(super) fn open(&self, sealed: &[u8], kind: &str, id: &[u8]) -> Result<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(Error::Sealed)?;
        let aad = [kind.as_bytes(), id].concat();
        self.0
            .decrypt(
                &XNonce::from(*nonce),
                Payload {
                    msg: sealed,
                    aad: &aad,
                },
            )
            .map_err(|_| Error::Sealed)
    }

    /// A new data key and its form wrapped under this one.
    pub(super) fn create_key(&self, kind: &str, id: &[u8]) -> Result<(Sealer, Vec<u8>)> {
        let mut key = [0u8; 32];
        getrandom::fill(&mut key).map_err(Error::Random)?;
        let wrapped = self.seal(&key, kind, id)?;
        Ok((Sealer::new(&key), wrapped))
    }

    /// The data key behind its wrapped form.
    pub(super) fn unwrap_key(&self, wrapped: &[u8], kind: &str, id: &[u8]) -> Result<Sealer> {
        let key: [u8; 32] = self
            .open(wrapped, kind, id)?
            .try_into()
            .map_err(|_| Error::Sealed)?;
        Ok(Sealer::new(&key))
    }
}
