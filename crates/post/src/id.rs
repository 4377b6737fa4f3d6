//! Keyed identifiers: what stands in for a platform's ids everywhere behind admission.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id128 {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub [u8; 16]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }

        impl $name {
            /// Reads the 32 hexadecimal digits that `Display` writes.
            pub fn from_hex(hex: &str) -> Option<Self> {
                if hex.len() != 32 || !hex.is_ascii() {
                    return None;
                }
                let mut out = [0u8; 16];
                for (i, byte) in out.iter_mut().enumerate() {
                    *byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()?;
                }
                Some(Self(out))
            }
        }
    };
}

id128! {
    /// `HMAC(K_id, "post" ‖ uid)`: one post, without saying whose.
    PostKey
}
id128! {
    /// `HMAC(K_id, "author" ‖ platform ‖ author id)`: one author's pseudonym.
    AuthorKey
}
id128! {
    /// `hash(post key, monitor id)`: one mention.
    MentionId
}
