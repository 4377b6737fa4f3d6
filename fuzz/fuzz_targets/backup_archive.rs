//! Any bytes as a backup: refused without a panic, whether compressed or not. What is packed here has no list of
//! checksums, so nothing of form 2 is ever found whole.
#![no_main]

use groundswell::backup;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = backup::verify_bytes(bytes, None);
    if let Ok(packed) = zstd::encode_all(bytes, 1) {
        let _ = backup::verify_bytes(packed.as_slice(), None);
    }
});
