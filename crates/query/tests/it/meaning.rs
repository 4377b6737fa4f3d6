//! What queries match, case by case; the matcher and the plain evaluator are asked together.

use query::{Checker, Document, Pseudonyms, naive, parse};

fn hits_with(query: &str, document: &Document<'_>, pseudonyms: Pseudonyms<'_>) -> bool {
    let query = parse(query).unwrap_or_else(|p| panic!("{query}: {p:?}"));
    let found = Checker::new(&query, pseudonyms).matches(document);
    assert_eq!(
        found,
        naive::matches(query.ast(), document, pseudonyms),
        "{query} on {document:?}"
    );
    found
}

#[track_caller]
fn hits(query: &str, text: &str) {
    assert!(
        hits_with(query, &Document::of_text(text), None),
        "{query} should match {text}"
    );
}

#[track_caller]
fn misses(query: &str, text: &str) {
    assert!(
        !hits_with(query, &Document::of_text(text), None),
        "{query} should not match {text}"
    );
}

#[test]
fn words_ignore_case_and_sigils_but_sigils_are_kept() {
    hits("apple", "An APPLE a day");
    hits("apple", "I love #Apple");
    hits("#apple", "I love #Apple");
    misses("#apple", "I love apple");
    misses("apple", "pineapple");
    hits("$tsla", "long $TSLA");
    misses("$tsla", "tsla");
}

#[test]
fn diacritics_match_both_ways_only_when_left_out() {
    hits("cafe", "Café Central");
    hits("cafe", "cafe central");
    hits("café", "CAFÉ");
    misses("café", "cafe");
    hits("#cafe", "#café");
    hits("caf*", "#Cafés");
}

#[test]
fn phrases_need_neighbours() {
    hits("\"love apple\"", "I love #apple");
    hits("\"love apple\"", "love, apple!");
    hits("\"love apple\"", "love 🔥 apple");
    misses("\"love apple\"", "love an apple");
    misses("\"love apple\"", "apple love");
    hits("\"great 🔥 phone\"", "great 😍🔥 phone");
    misses("\"great 🔥 phone\"", "great phone 🔥");
    hits("\"wond* phone\"", "a wonderful phone");
}

#[test]
fn near_measures_words_between_any_operands() {
    hits("apple NEAR/2 pie", "pie of apple");
    misses("apple NEAR/1 pie", "pie of apple");
    misses("apple NEAR/3f pie", "pie of apple");
    hits("apple ONEAR/3 pie", "apple and pie");
    hits("(apple OR pear) NEAR/2 \"hot pie\"", "hot pie with pear");
    misses("apple NEAR/5 apple", "one apple");
    hits("apple NEAR/5 apple", "apple apple");
    hits("🔥 NEAR/1 😍", "🔥😍");
}

#[test]
fn chains_bind_each_operand_to_the_one_before() {
    hits("a NEAR/1f b NEAR/1f c", "a b c");
    misses("a NEAR/1f b NEAR/1f c", "b a c b");
    misses("a NEAR/2f b NEAR/2f c", "a c b");
    hits("(a NEAR/1 b) NEAR/1 c", "c a b");
    misses("a NEAR/1 b NEAR/1 c", "c a b");
}

#[test]
fn tilde_wants_every_word_at_a_place_of_its_own() {
    hits("\"apple pie hot\"~3", "hot tasty apple pie");
    misses("\"apple pie hot\"~3", "hot and tasty apple pie");
    misses("\"ha ha\"~3", "ha");
    hits("\"ha ha\"~3", "ha ho ha");
    hits("\"app* apple\"~2", "apple apps");
    misses("\"app* apple\"~2", "apple");
}

#[test]
fn punctuated_names_are_taken_as_written() {
    hits("AT&T", "my at&t bill");
    misses("AT&T", "at t");
    hits("C++", "I write C++.");
    misses("C++", "I write C.");
    hits(".NET", "with .net 9");
    misses(".NET", "the net");
    hits("7-Eleven", "a 7–eleven shop");
    misses("7-Eleven", "7 eleven");
    hits("don't", "I DON’T know");
    hits("\"C++ developer\"", "a C++ developer");
    misses("\"C++ developer\"", "a C developer");
}

#[test]
fn scripts_without_spaces_match_as_substrings() {
    hits("東京", "昨日東京都へ");
    misses("東京", "東の京");
    misses("東京", "大東。京都");
    hits("安*", "安心");
    hits("ラーメン", "豚骨ラーメン最高");
    hits("#東京", "#東京 です");
    misses("#東京", "#東京都");
    hits("#東京*", "#東京都");
    hits("สวัสดี", "สวัสดีครับ");
    hits("안녕", "안녕하세요");
    hits("iPhone", "新iPhone発売");
}

#[test]
fn emoji_are_terms() {
    hits("🔥", "so hot🔥🔥");
    hits("👍", "👍🏽");
    misses("👍🏽", "👍");
    misses("👩", "👨‍👩‍👧");
    hits("❤", "❤️");
}

#[test]
fn braces_compare_case() {
    hits("{BT}", "my BT line");
    misses("{BT}", "my bt line");
    hits("{BT}", "#BT");
    misses("{#BT}", "BT");
    hits("{New York}", "in New York");
    misses("{New York}", "in new york");
}

#[test]
fn links_are_no_words_and_titles_stand_apart() {
    misses("example", "see https://example.com/example");
    let document = Document {
        title: Some("apple"),
        text: "pie",
        ..Document::default()
    };
    assert!(hits_with("apple AND pie", &document, None));
    assert!(!hits_with("\"apple pie\"", &document, None));
    assert!(!hits_with("apple NEAR/1000 pie", &document, None));
}

#[test]
fn fields_compare_normalised_values() {
    let document = Document {
        text: "apple",
        lang: Some("pt-BR"),
        source: "twitter",
        author: Some("Ann.Example"),
        site: Some("news.example.com"),
        kind: post::Kind::Reply,
        ..Document::default()
    };
    for query in [
        "lang:pt",
        "lang:pt-br",
        "lang:(de OR pt)",
        "source:x",
        "source:twitter",
        "author:@ann.example",
        "site:example.com",
        "kind:reply",
    ] {
        assert!(
            hits_with(&format!("apple AND {query}"), &document, None),
            "{query}"
        );
    }
    for query in [
        "lang:de",
        "source:bluesky",
        "author:ann",
        "site:ample.com",
        "kind:post",
    ] {
        assert!(
            !hits_with(&format!("apple AND {query}"), &document, None),
            "{query}"
        );
    }
}

#[test]
fn pseudonyms_stand_for_the_handles_they_replace() {
    let pseudonym = |handle: &str| format!("p_{}", handle.replace('.', "0"));
    let on = |query: &str, text: &str| hits_with(query, &Document::of_text(text), Some(&pseudonym));
    assert!(on("acme", "thanks @p_acme"));
    assert!(on("@acme", "thanks @p_acme"));
    assert!(on("\"thanks acme\"", "thanks @p_acme"));
    assert!(on("thanks NEAR/1 acme", "thanks @p_acme"));
    assert!(on("@acme.example", "thanks @p_acme0example"));
    assert!(on("@acme", "@acme is readable"));
    assert!(!on("#acme", "thanks @p_acme"));
    assert!(!on("@acm*", "thanks @p_acme"));
    let document = Document {
        text: "x",
        author_token: Some("p_acme"),
        ..Document::default()
    };
    assert!(hits_with("author:acme", &document, Some(&pseudonym)));
    assert!(!hits_with("author:acme", &document, None));
}

fn marked(query: &str, text: &str) -> Vec<String> {
    let query = parse(query).unwrap();
    let ranges = query::highlights(&query, &Document::of_text(text), None);
    ranges.into_iter().map(|r| text[r].to_owned()).collect()
}

#[test]
fn highlights_mark_what_matched_in_bytes_of_the_text() {
    assert_eq!(
        marked("#apple OR pie OR nothing", "ｈot #Apple 🔥 Pie"),
        ["#Apple", "Pie"]
    );
    assert_eq!(
        marked(
            "(apple NEAR/2 pie) NOT cake",
            "apple, hot pie; a lone apple is far"
        ),
        ["apple", "pie"]
    );
    assert_eq!(marked("東京 OR 京都", "大東京都"), ["東京都"]);
    assert_eq!(marked("apple AND cake", "apple"), Vec::<String>::new());
    assert_eq!(marked("apple OR (pie AND cake)", "apple pie"), ["apple"]);
    assert_eq!(marked("\"hot pie\"", "a hot 🔥 pie"), ["hot 🔥 pie"]);
}

#[test]
fn the_subject_is_the_name_and_not_what_tells_it_apart() {
    let subject = |query: &str, text: &str| -> Vec<String> {
        let found = query::subject(&parse(query).unwrap(), &Document::of_text(text), None);
        found.text.into_iter().map(|r| text[r].to_owned()).collect()
    };
    let text = "Delta was late, my flight with #delta is gone";
    assert_eq!(
        subject("(delta OR #delta) AND (flight OR airline)", text),
        ["Delta", "#delta"]
    );
    assert_eq!(subject("lang:en OR delta NEAR/5 late", text), ["Delta", "#delta"]);
    assert_eq!(subject("(NOT train) AND flight AND delta", text), ["flight"]);
    assert_eq!(subject("delta AND train", text), Vec::<String>::new());
}

#[test]
fn an_explanation_judges_every_clause() {
    let query = parse("(apple OR pear) AND NOT cake AND lang:de").unwrap();
    let document = Document {
        text: "apple cake",
        lang: Some("de"),
        ..Document::default()
    };
    let whole = query::explain(&query, &document, None);
    let judged: Vec<(&str, bool)> = whole
        .clauses
        .iter()
        .map(|c| (c.query.as_str(), c.holds))
        .collect();
    assert!(!whole.holds);
    assert_eq!(
        judged,
        [("apple OR pear", true), ("NOT cake", false), ("lang:de", true)]
    );
    assert_eq!(whole.clauses[0].clauses[0].text, vec![0..5]);
    assert_eq!(whole.clauses[1].clauses[0].text, vec![6..10]);
}
