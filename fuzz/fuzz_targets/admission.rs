//! Any line of a file, and any text, through admission: no panic, and the author's id stays out of the post.
#![no_main]

use libfuzzer_sys::fuzz_target;
use post::{Admission, Admitted, Mode, Policy, Pseudonyms, RawAuthor, RawPost};

const SEEN_AT: i64 = 1_783_166_400_000;
const ID: &str = "did:plc:q7zk2m4xw9";

fuzz_target!(|bytes: &[u8]| {
    let admission = Admission::new(Pseudonyms::new(&[7; 32]), &Policy::default());
    if let Ok(raw) = serde_json::from_slice::<RawPost>(bytes) {
        let _ = admission.admit(raw, Mode::Sealed, SEEN_AT);
    }
    let text = format!("{} {ID}", String::from_utf8_lossy(bytes));
    let author = Some(RawAuthor { id: Some(ID.to_owned()), ..RawAuthor::default() });
    let raw = RawPost { text, author, ..RawPost::default() };
    if let Ok(Admitted::Post(post, ..)) = admission.admit(raw, Mode::Sealed, SEEN_AT) {
        assert!(!post.text.contains(ID));
    }
});
