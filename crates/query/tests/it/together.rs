//! `~` against its definition, tried out on every choice of places.

use proptest::collection::vec;
use proptest::prelude::*;
use query::{Checker, Document, naive, parse};

fn holds(asked: &[&str], said: &[&str], words: usize, chosen: &mut Vec<usize>) -> bool {
    let Some(word) = asked.get(chosen.len()) else {
        let (first, last) = (chosen.iter().min().unwrap(), chosen.iter().max().unwrap());
        return last - first <= words;
    };
    (0..said.len()).any(|i| {
        let fits =
            said[i].starts_with(word.trim_end_matches('*')) && (word.ends_with('*') || said[i] == *word);
        if !fits || chosen.contains(&i) {
            return false;
        }
        chosen.push(i);
        let found = holds(asked, said, words, chosen);
        chosen.pop();
        found
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_part_has_a_place_of_its_own_within_the_stretch(
        asked in vec(proptest::sample::select(&["abc", "abc*", "abcd", "x"][..]), 2..5),
        said in vec(proptest::sample::select(&["abc", "abcd", "abcde", "x", "y"][..]), 0..9),
        extra in 0usize..4,
    ) {
        let words = asked.len() - 1 + extra;
        let query = parse(&format!("\"{}\"~{words}", asked.join(" "))).unwrap();
        let text = said.join(" ");
        let document = Document::of_text(&text);
        let expected = holds(&asked, &said, words, &mut Vec::new());
        prop_assert_eq!(Checker::new(&query, None).matches(&document), expected, "{} in {}", query, text);
        prop_assert_eq!(naive::matches(query.ast(), &document, None), expected);
    }
}
