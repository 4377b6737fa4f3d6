use models::features::{FeatureSpec, Features};
use text::Tokens;

fn of(text: &str) -> Features {
    let mut f = Features::new();
    f.read(&Tokens::of(text), &FeatureSpec::posts(20));
    f
}

fn shared(a: &Features, b: &Features) -> usize {
    a.words().iter().filter(|w| b.words().contains(w)).count()
}

/// Weights are bound to these numbers: a change here makes every shipped model wrong and asks for new weights.
#[test]
fn buckets_of_a_sentence_stay_what_they_are() {
    let f = of("I can't believe it!! SOOO good 😍 #win @ann https://a.example/x");
    let sum = |list: &[u32]| {
        list.iter()
            .enumerate()
            .map(|(i, &b)| (i as u64 + 1) * u64::from(b))
            .sum::<u64>()
    };
    assert_eq!((f.words().len(), sum(f.words())), GOLDEN_WORDS);
    assert_eq!((f.chars().len(), sum(f.chars())), GOLDEN_CHARS);
}

const GOLDEN_WORDS: (usize, u64) = (38, 347_939_770);
const GOLDEN_CHARS: (usize, u64) = (82, 1_787_000_774);

#[test]
fn handles_and_links_do_not_matter() {
    assert_eq!(of("@ann nice").words(), of("@someone_else nice").words());
    assert_eq!(
        of("see https://a.example/x").words(),
        of("see https://b.example/longer?q=1").words()
    );
}

#[test]
fn a_post_to_a_service_desk_says_so_whoever_it_is() {
    let extra = |text: &str| of(text).words().len() - of("the parcel is late").words().len();
    assert_eq!(extra("the parcel is late @ann"), 1, "a handle");
    assert_eq!(
        extra("@ann the parcel is late"),
        2,
        "a handle that begins the post"
    );
    assert_eq!(extra("@acmeHelp the parcel is late"), 3, "of a service desk");
    assert_eq!(
        of("@acme_support the parcel is late").words(),
        of("@AskOther the parcel is late").words()
    );
}

#[test]
fn lengthening_is_shortened_to_two() {
    assert_eq!(of("sooooo").chars(), of("soooooooooo").chars());
    assert_eq!(of("sooooo").chars(), of("soo").chars());
    assert_ne!(
        of("sooooo").words(),
        of("soo").words(),
        "that it was lengthened is a feature"
    );
}

#[test]
fn negation_reaches_the_words_after_it_up_to_the_clause() {
    let plain = of("good phone");
    let denied = of("not good phone");
    let contracted = of("isn't good phone");
    let ended = of("not. good phone");
    // A negated word is a feature beside the word itself.
    let extra = |f: &Features| f.words().len();
    assert_eq!(
        extra(&denied),
        extra(&plain) + 3 + 2,
        "a unit more, two n-grams more, two negated words"
    );
    assert_eq!(shared(&denied, &contracted), shared(&plain, &contracted) + 2);
    assert_eq!(
        shared(&denied, &ended),
        shared(&plain, &ended) + 1,
        "only `not` itself"
    );
}

#[test]
fn scripts_without_spaces_give_n_grams_across_characters() {
    let f = of("最高だ");
    assert_eq!(f.chars().len(), 3 + 2 + 1);
    assert!(f.words().is_empty());
}

#[test]
fn a_text_without_content_has_no_features() {
    for empty in ["", "   ", "\u{200B}\u{200D}"] {
        assert!(of(empty).is_empty(), "{empty:?}");
    }
}

#[test]
fn the_longest_text_is_bounded() {
    let f = of(&"word ".repeat(50_000));
    assert!(f.words().len() <= models::features::MAX_FEATURES);
    assert!(f.chars().len() <= models::features::MAX_FEATURES);
}
