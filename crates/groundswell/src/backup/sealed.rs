//! The installation's keys under a passphrase: Argon2id (RFC 9106) and XChaCha20-Poly1305.

use crate::control::{Keys, hex};
use anyhow::{Context, anyhow, ensure};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};

/// 64 MiB and three passes: above the second recommendation of RFC 9106, section 4, in memory-poor places too.
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;
/// More is not asked of the machine that reads a foreign archive.
const MOST_MEMORY_KIB: u32 = 1 << 20;
const MOST_PASSES: u32 = 64;
const BOUND: &[u8] = b"groundswell backup keys 1";

/// Wrapped keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    kdf: String,
    memory_kib: u32,
    passes: u32,
    salt: String,
    nonce: String,
    sealed: String,
}

/// Keys, unwrapped: `K_id`, `K_wrap` and `K_sign`.
pub(super) type Opened = [[u8; 32]; 3];

impl Sealed {
    pub(super) fn seal(keys: &Keys, passphrase: &str) -> anyhow::Result<Sealed> {
        let (mut salt, mut nonce) = ([0u8; 16], [0u8; 24]);
        getrandom::fill(&mut salt).map_err(|e| anyhow!("no randomness from the system: {e}"))?;
        getrandom::fill(&mut nonce).map_err(|e| anyhow!("no randomness from the system: {e}"))?;
        let plain = [keys.id, keys.wrap, keys.sign].concat();
        let sealed = derive(passphrase, &salt, MEMORY_KIB, PASSES)?.encrypt(
            &XNonce::from(nonce),
            Payload {
                msg: &plain,
                aad: BOUND,
            },
        );
        Ok(Sealed {
            kdf: "argon2id".to_owned(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            salt: hex(&salt),
            nonce: hex(&nonce),
            sealed: hex(&sealed.map_err(|_| anyhow!("the keys cannot be sealed"))?),
        })
    }

    pub(super) fn open(&self, passphrase: &str) -> anyhow::Result<Opened> {
        ensure!(
            self.kdf == "argon2id",
            "the keys are wrapped by {}, which is not known here",
            self.kdf
        );
        ensure!(
            self.memory_kib <= MOST_MEMORY_KIB && self.passes <= MOST_PASSES,
            "opening the keys would take more memory or time than any backup of ours"
        );
        let bytes = |digits: &str| crate::control::from_hex(digits).context("the wrapped keys are damaged");
        let nonce: [u8; 24] = bytes(&self.nonce)?
            .try_into()
            .map_err(|_| anyhow!("the wrapped keys are damaged"))?;
        let plain = derive(passphrase, &bytes(&self.salt)?, self.memory_kib, self.passes)?
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: &bytes(&self.sealed)?,
                    aad: BOUND,
                },
            )
            .map_err(|_| anyhow!("the passphrase is wrong, or the keys were changed"))?;
        ensure!(plain.len() == 96, "the wrapped keys are damaged");
        let mut keys = Opened::default();
        for (key, bytes) in keys.iter_mut().zip(plain.chunks_exact(32)) {
            key.copy_from_slice(bytes);
        }
        Ok(keys)
    }
}

fn derive(passphrase: &str, salt: &[u8], memory_kib: u32, passes: u32) -> anyhow::Result<XChaCha20Poly1305> {
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(|e| anyhow!("Argon2: {e}"))?;
    let mut key = [0u8; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut key)
        .map_err(|e| anyhow!("Argon2: {e}"))?;
    Ok(XChaCha20Poly1305::new(&key.into()))
}
