//! Segment keys, and what is sealed under them.

use crate::error::{Error, Result};
use chacha20poly1305::aead::{Aead, AeadInOut, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::cell::RefCell;

pub(crate) const NONCE: usize = 24;
/// A wrapped key: 32 bytes and the 16 of its tag.
pub(crate) const WRAPPED: usize = 48;

/// The key of one segment, destroyed with it.
#[derive(Clone)]
pub(crate) struct SegmentKey(XChaCha20Poly1305);

/// A segment key as it lies in the header.
pub(crate) struct Wrapped {
    pub(crate) nonce: [u8; NONCE],
    pub(crate) bytes: [u8; WRAPPED],
}

impl SegmentKey {
    /// A new key and its wrapped form under the installation key. `place` is bound to the wrapped form.
    pub(crate) fn create(installation: &[u8; 32], place: &[u8]) -> Result<(SegmentKey, Wrapped)> {
        let mut key = [0u8; 32];
        getrandom::fill(&mut key).map_err(Error::Random)?;
        let nonce = random_nonce()?;
        let sealed = XChaCha20Poly1305::new(installation.into())
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &key,
                    aad: place,
                },
            )
            .map_err(|_| Error::Seal)?;
        let bytes = sealed.try_into().map_err(|_| Error::Seal)?;
        Ok((
            Self(XChaCha20Poly1305::new(&key.into())),
            Wrapped { nonce, bytes },
        ))
    }

    /// The key behind its wrapped form; `None` where the installation key is another.
    pub(crate) fn unwrap(installation: &[u8; 32], place: &[u8], wrapped: &Wrapped) -> Option<SegmentKey> {
        let key: [u8; 32] = XChaCha20Poly1305::new(installation.into())
            .decrypt(
                &XNonce::from(wrapped.nonce),
                Payload {
                    msg: &wrapped.bytes,
                    aad: place,
                },
            )
            .ok()?
            .try_into()
            .ok()?;
        Some(Self(XChaCha20Poly1305::new(&key.into())))
    }

    /// The same key wrapped by another installation key; `None` where it was not wrapped by `old`.
    pub(crate) fn rewrap(
        old: &[u8; 32],
        new: &[u8; 32],
        place: &[u8],
        wrapped: &Wrapped,
    ) -> Result<Option<Wrapped>> {
        let sealed = Payload {
            msg: &wrapped.bytes,
            aad: place,
        };
        let opened = XChaCha20Poly1305::new(old.into()).decrypt(&XNonce::from(wrapped.nonce), sealed);
        let Ok(key) = opened else { return Ok(None) };
        let nonce = random_nonce()?;
        let bytes = XChaCha20Poly1305::new(new.into())
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &key,
                    aad: place,
                },
            )
            .map_err(|_| Error::Seal)?;
        let bytes = bytes.try_into().map_err(|_| Error::Seal)?;
        Ok(Some(Wrapped { nonce, bytes }))
    }

    /// Seals `plain` in place, bound to `place`.
    pub(crate) fn seal(&self, nonce: [u8; NONCE], place: &[u8], plain: &mut Vec<u8>) -> Result<()> {
        self.0
            .encrypt_in_place(&XNonce::from(nonce), place, plain)
            .map_err(|_| Error::Seal)
    }

    /// What was sealed; `None` where bytes or place are not those sealed.
    pub(crate) fn open(&self, nonce: [u8; NONCE], place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.0
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: sealed,
                    aad: place,
                },
            )
            .ok()
    }
}

thread_local! {
    /// A cryptographic generator (ChaCha12) seeded by the system: asking the system itself for each record in Kafka is a
    /// call of its kernel each.
    static NONCES: RefCell<Option<StdRng>> = const { RefCell::new(None) };
}

/// A fresh nonce. Random, not counted from the position: a batch that failed on a full disk, or was cut as a torn
/// tail, gives its position to another one, and a counter would then seal two texts under one nonce.
pub(crate) fn random_nonce() -> Result<[u8; NONCE]> {
    NONCES.with_borrow_mut(|kept| {
        let generator = match kept {
            Some(generator) => generator,
            none => {
                let mut seed = [0u8; 32];
                getrandom::fill(&mut seed).map_err(Error::Random)?;
                none.insert(StdRng::from_seed(seed))
            }
        };
        let mut nonce = [0u8; NONCE];
        generator.fill_bytes(&mut nonce);
        Ok(nonce)
    })
}
