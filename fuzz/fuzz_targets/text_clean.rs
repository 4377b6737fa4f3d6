//! Any bytes as text: cleaning is idempotent, tokens and entities lie in the text they came from.
#![no_main]

use libfuzzer_sys::fuzz_target;
use text::{Tokens, clean, entities, html_to_text, site};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let cleaned = clean(&text, 4096).text;
    assert!(cleaned.len() <= 4096);
    assert_eq!(clean(&cleaned, 4096).text, cleaned);
    let tokens = Tokens::of(&text);
    for t in tokens.iter() {
        assert!(t.start < t.end);
        assert!(text.get(t.start as usize..t.end as usize).is_some());
        let _ = (tokens.key(t), tokens.plain(t), tokens.sigil_key(t), tokens.surface(t));
    }
    for e in entities(&text) {
        assert!(text[e.start..e.end].ends_with(&e.value));
    }
    let _ = (html_to_text(&text), site(&text));
});
