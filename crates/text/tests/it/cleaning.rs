//! Cleaning.

use proptest::prelude::*;
use text::clean;
use unicode_normalization::is_nfc;

#[test]
fn text_is_composed_trimmed_and_without_controls() {
    let cleaned = clean(" cafe\u{301}\u{0}\u{7} \u{FEFF}ok\u{FFFE}\n", 100);
    assert_eq!(cleaned.text, "café ok");
    assert_eq!(cleaned.controls, 4);
    assert!(!cleaned.cut);
}

#[test]
fn line_ends_become_line_feeds_without_being_counted() {
    let cleaned = clean("a\r\nb\rc\td", 100);
    assert_eq!((cleaned.text.as_str(), cleaned.controls), ("a\nb\nc\td", 0));
}

#[test]
fn cuts_fall_between_characters() {
    let cleaned = clean("aé😀", 4);
    assert_eq!((cleaned.text.as_str(), cleaned.cut), ("aé", true));
    assert!(!clean("aé", 3).cut);
    // U+1D15E composes to two characters of eight bytes: the limit holds for the result.
    assert_eq!(clean(&"\u{1D15E}".repeat(3), 12).text.len(), 12);
}

#[test]
fn joiners_and_directions_stay() {
    let text = "👩\u{200D}🚀 \u{200F}שלום";
    assert_eq!(clean(text, 100).text, text);
}

proptest! {
    #[test]
    fn cleaning_twice_changes_nothing(text in "(\\PC|[\u{0}-\u{20}]|[e\u{301}\u{FEFF}\u{1D15E}]){0,30}", max in 0usize..80) {
        let once = clean(&text, max);
        prop_assert!(once.text.len() <= max);
        prop_assert!(is_nfc(&once.text));
        prop_assert!(!once.text.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
        let twice = clean(&once.text, max);
        prop_assert_eq!(&twice.text, &once.text);
        prop_assert!(!twice.cut && twice.controls == 0);
    }
}
