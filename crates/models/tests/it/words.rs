//! Hashtags, names, phrases and aspects of made-up posts.

use crate::weights::{MODELS, ask};
use models::entities::{self, Entity, Gazetteer, Kind};
use models::hashtags::Hashtags;
use models::{Ask, Polarity, Reader, Said, Tier, aspects, phrases};
use proptest::prelude::*;
use std::ops::Range;
use std::sync::LazyLock;
use text::Tokens;

fn hashtags() -> &'static Hashtags {
    MODELS.hashtags.as_ref().unwrap()
}

static NAMES: LazyLock<Gazetteer> = LazyLock::new(|| {
    let names = [
        ("Nordkantine", Kind::Organisation),
        ("Leaf Phone", Kind::Product),
        ("Leaf", Kind::Organisation),
        ("Célia", Kind::Person),
        ("葉電話", Kind::Product),
        ("!!!", Kind::Other),
    ];
    Gazetteer::new(names.map(|(name, kind)| (name.to_owned(), kind)))
});

fn named(text: &str) -> Vec<(&str, &'static str)> {
    let found = NAMES.find(text, &Tokens::of(text));
    found
        .into_iter()
        .map(|e| (&text[e.place], e.kind.name()))
        .collect()
}

fn phrases_of(text: &str, lang: &str) -> Vec<String> {
    let found = phrases::of(text, &Tokens::of(text), lang, Some(hashtags()));
    found.into_iter().map(|p| p.text).collect()
}

fn words_of(text: &str) -> (Said, Said) {
    let mut reader = Reader::new(&MODELS).with_names(&NAMES);
    let ask = Ask {
        words: true,
        ..ask(text)
    };
    let fast = reader.fast(&ask);
    let full = reader.full(&[&ask], &[&fast]).remove(0);
    (fast, full)
}

#[test]
fn hashtags_say_their_words() {
    for (tag, expected) in [
        ("freshcoffeenow", "fresh coffee now"),
        ("#MorningCoffee", "morning coffee"),
        ("BBCNews", "bbc news"),
        ("my_first_day", "my first day"),
        ("bestof2019", "best of 2019"),
        ("ilovemondays", "i love mondays"),
        ("iPhone", "iphone"),
        ("gutenmorgen", "guten morgen"),
        ("buenosdias", "buenos dias"),
        ("東京タワー", "東京タワー"),
        ("", ""),
        ("___", ""),
    ] {
        assert_eq!(hashtags().spaced(tag), expected, "{tag}");
    }
}

#[test]
fn names_of_a_list_are_found_as_people_write_them() {
    assert_eq!(
        named("The leaf phone of LEAF, says celia"),
        [
            ("leaf phone", "product"),
            ("LEAF", "organisation"),
            ("celia", "person")
        ]
    );
    assert_eq!(
        named("#leafphone ＃Nordkantine @nordkantine 葉電話は"),
        [
            ("#leafphone", "product"),
            ("＃Nordkantine", "organisation"),
            ("@nordkantine", "organisation"),
            ("葉電話", "product")
        ]
    );
    assert!(named("overleaf https://leaf.example !!!").is_empty());
    assert!(Gazetteer::default().find("leaf", &Tokens::of("leaf")).is_empty());
}

#[test]
fn the_list_has_the_last_word() {
    let entity = |place: Range<usize>, kind| Entity {
        place,
        kind,
        confidence: 0.5,
        name: None,
    };
    let listed = vec![entity(4..8, Kind::Product)];
    let read = vec![entity(6..9, Kind::Person), entity(0..3, Kind::Location)];
    let merged = entities::merge(listed, read);
    let kinds: Vec<Kind> = merged.iter().map(|e| e.kind).collect();
    assert_eq!(kinds, [Kind::Location, Kind::Product]);
}

#[test]
fn phrases_are_runs_between_stop_words() {
    let found = phrases_of(
        "The battery life of my new phone is a joke, ask @help or https://leaf.example #BatteryLife",
        "en",
    );
    assert!(found.contains(&"battery life".to_owned()), "{found:?}");
    assert!(
        found.iter().all(|p| !p.contains("help") && !p.contains("leaf")),
        "{found:?}"
    );
    for (text, lang, expected) in [
        (
            "Der Kundendienst von der Nordkantine ist super",
            "de",
            "kundendienst",
        ),
        ("el servicio de la tienda es horrible", "es", "servicio"),
        ("связь в центре города пропала", "ru", "центре города пропала"),
        ("新宿のラーメンは美味しい", "ja", "ラーメン"),
        ("battery and Lieferung", "und", "lieferung"),
    ] {
        let found = phrases_of(text, lang);
        assert!(found.contains(&expected.to_owned()), "{text}: {found:?}");
    }
    let again = "great soup. great soup! great soup?";
    let found = phrases::of(again, &Tokens::of(again), "en", None);
    assert_eq!((found.len(), found[0].count), (1, 3));
}

#[test]
fn terms_of_many_languages_meet_in_a_cluster() {
    for (term, expected) in [
        ("customer service", Some("service")),
        ("kundendienst", Some("service")),
        ("servicio", Some("service")),
        ("delivery", Some("delivery")),
        ("lieferung", Some("delivery")),
        ("доставка", Some("delivery")),
        ("price", Some("price")),
        ("preise", Some("price")),
        ("battery life", Some("battery")),
        ("akku", Some("battery")),
        ("the soup", Some("food")),
        ("xyzzy", None),
        ("", None),
    ] {
        assert_eq!(aspects::cluster(term), expected, "{term}");
    }
}

#[test]
fn one_reading_gives_all_words() {
    let text = "The food at Nordkantine was great but the service was terrible. #neveragain";
    let (fast, full) = words_of(text);
    assert!(fast.aspects.is_empty(), "the fast tier has none");
    assert_eq!(fast.entities.len(), 1);
    assert_eq!(fast.hashtags, ["never again"]);
    assert_eq!(full.tier, Tier::Full);
    assert_eq!(full.phrases, fast.phrases);
    assert!(
        full.entities
            .iter()
            .any(|e| &text[e.place.clone()] == "Nordkantine")
    );
    let of = |cluster| {
        let aspect = full.aspects.iter().find(|a| a.cluster == Some(cluster));
        aspect.and_then(|a| a.sentiment).map(|s| s.label)
    };
    assert_eq!(of("food"), Some(Polarity::Positive), "{:?}", full.aspects);
    assert_eq!(of("service"), Some(Polarity::Negative), "{:?}", full.aspects);
}

#[test]
fn the_encoder_finds_people_and_places() {
    let text = "Maria Schneider flew from Berlin to London yesterday 🙂";
    let (_, full) = words_of(text);
    let found: Vec<(&str, Kind)> = full
        .entities
        .iter()
        .map(|e| (&text[e.place.clone()], e.kind))
        .collect();
    for expected in [
        ("Maria Schneider", Kind::Person),
        ("Berlin", Kind::Location),
        ("London", Kind::Location),
    ] {
        assert!(found.contains(&expected), "{found:?}");
    }
}

#[test]
fn words_are_given_only_when_asked_for() {
    let mut reader = Reader::new(&MODELS).with_names(&NAMES);
    let ask = ask("Nordkantine has great food #yum");
    let fast = reader.fast(&ask);
    let full = reader.full(&[&ask], &[&fast]).remove(0);
    for said in [fast, full] {
        assert!(said.entities.is_empty() && said.aspects.is_empty());
        assert!(said.phrases.is_empty() && said.hashtags.is_empty());
    }
}

/// Every place is within the text, on borders of characters, and not empty.
fn check(text: &str, said: &Said) {
    let places = said.entities.iter().map(|e| &e.place);
    let places = places.chain(said.aspects.iter().map(|a| &a.place));
    for place in places.chain(said.phrases.iter().map(|p| &p.place)) {
        let part = text.get(place.clone());
        assert!(part.is_some_and(|p| !p.is_empty()), "{place:?} in {text:?}");
    }
    assert!(said.phrases.iter().all(|p| (0.0..1.0).contains(&p.score)));
    assert!(
        said.aspects
            .iter()
            .all(|a| (0.0..=1.0001).contains(&a.confidence))
    );
}

#[test]
fn hostile_posts_are_read_as_any_other() {
    let long = |s: &str| s.repeat(100_000 / s.chars().count());
    for text in [
        String::new(),
        "\u{202E}gnol \u{2066}#tag\u{2069} @me\u{200F}".to_owned(),
        "👩‍👩‍👧‍👦👍🏽#️⃣ ＃ ＠ # @ _ #_ #👍".to_owned(),
        "＃ラーメン＠名前 ＃ｆｕｌｌｗｉｄｔｈ".to_owned(),
        "e\u{301}\u{301}\u{301} #e\u{301}té İstanbul #İSTANBUL ﬁne".to_owned(),
        long("a"),
        long("#a"),
        format!("#{}", long("ab")),
        long("Leaf Phone "),
        long("漢字"),
        long("#漢"),
        long("\u{202E}é🙂 "),
    ] {
        let (fast, full) = words_of(&text);
        check(&text, &fast);
        check(&text, &full);
    }
}

proptest! {
    #[test]
    fn the_words_of_a_tag_are_the_tag(tag in "[#_a-zA-Z0-9éßЖ漢ก🙂]{0,40}") {
        let words = hashtags().segment(&tag);
        prop_assert!(words.iter().all(|w| !w.is_empty()));
        let expected = tag.trim_start_matches('#').replace('_', "");
        prop_assert_eq!(words.concat(), expected);
    }

    #[test]
    fn any_tag_is_parted(tag in "\\PC{0,60}") {
        hashtags().segment(&tag);
    }

    #[test]
    fn names_and_phrases_stand_in_the_text(text in "(\\PC|#|@|leaf phone|＃|\u{202E}|🙂| ){0,60}") {
        let tokens = Tokens::of(&text);
        for entity in NAMES.find(&text, &tokens) {
            prop_assert!(text.get(entity.place).is_some());
        }
        for phrase in phrases::of(&text, &tokens, "und", Some(hashtags())) {
            prop_assert!(text.get(phrase.place).is_some());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn all_words_stand_in_the_text(text in "(\\PC|Berlin|Maria |the food|#|@|\n|\u{202E}|🙂| ){0,60}") {
        let (fast, full) = words_of(&text);
        check(&text, &fast);
        check(&text, &full);
    }
}
