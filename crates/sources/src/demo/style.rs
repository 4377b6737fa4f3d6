//! How people really type: case, slips, stretched vowels, emoji, hashtags.

use super::lang::Lang;
use super::truth::Polarity;
use super::world::Brand;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

const GLAD: [&str; 12] = [
    "😍", "🎉", "🔥", "🙌", "❤️", "😊", "👏", "✨", "💯", "🥳", "👍🏽", "😂",
];
const SORRY: [&str; 12] = [
    "😡",
    "🤬",
    "😤",
    "👎",
    "🙄",
    "😭",
    "💔",
    "🤦",
    "😠",
    "🤦🏻‍♀️",
    "😩",
    "😞",
];
const PLAIN: [&str; 8] = ["🤔", "👀", "📷", "☕", "🎧", "🌧️", "🙃", "📦"];

/// Gives a plain sentence the looks of a post. Names of brands, handles, tags and addresses are left alone.
pub(super) fn dress(text: &mut String, lang: Lang, mood: Polarity, rng: &mut ChaCha8Rng) {
    if lang.is_latin() {
        dress_latin(text, mood, rng);
    }
    if rng.random_bool(0.3) {
        let list: &[&str] = match mood {
            Polarity::Positive => &GLAD,
            Polarity::Negative => &SORRY,
            Polarity::Neutral => &PLAIN,
        };
        let emoji = list[rng.random_range(0..list.len())];
        text.push(' ');
        for _ in 0..[1, 1, 1, 2, 3][rng.random_range(0..5)] {
            text.push_str(emoji);
        }
    }
}

fn dress_latin(text: &mut String, mood: Polarity, rng: &mut ChaCha8Rng) {
    if rng.random_bool(0.06) {
        change_word(text, rng, slip);
    }
    if rng.random_bool(0.07) {
        change_word(text, rng, stretch);
    }
    match rng.random_range(0..100) {
        0..45 => capitalise(text),
        45..65 => *text = map_words(text, str::to_lowercase),
        65..69 if mood == Polarity::Negative => *text = map_words(text, str::to_uppercase),
        _ => {}
    }
    if mood != Polarity::Neutral && rng.random_bool(0.15) {
        text.push_str(["!", "!!", "!!!", "..."][rng.random_range(0..4)]);
    }
}

/// Names, tags, handles, addresses and numbers stay as they are.
fn is_fixed(word: &str) -> bool {
    word.contains(['#', '@', '/', '.', '€', '$', '£'])
        || word.chars().any(|c| c.is_ascii_digit())
        || Brand::ALL.iter().any(|b| b.is_named_in(word))
}

/// Applies a change to every word except handles, tags and addresses; brand names follow the case of the rest.
fn map_words(text: &str, change: fn(&str) -> String) -> String {
    let keeps = |w: &str| w.contains(['#', '@', '/']);
    text.split(' ')
        .map(|w| if keeps(w) { w.to_owned() } else { change(w) })
        .collect::<Vec<_>>()
        .join(" ")
}

fn change_word(text: &mut String, rng: &mut ChaCha8Rng, change: fn(&str, &mut ChaCha8Rng) -> String) {
    let mut words: Vec<&str> = text.split(' ').collect();
    let at = rng.random_range(0..words.len());
    let word = words[at];
    if word.len() < 3 || is_fixed(word) || !word.is_ascii() {
        return;
    }
    let changed = change(word, rng);
    words[at] = &changed;
    *text = words.join(" ");
}

/// Two neighbouring letters in the wrong order.
fn slip(word: &str, rng: &mut ChaCha8Rng) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let at = rng.random_range(1..letters.len());
    letters.swap(at - 1, at);
    letters.into_iter().collect()
}

/// "so" becomes "sooo".
fn stretch(word: &str, rng: &mut ChaCha8Rng) -> String {
    match word.rfind(['a', 'e', 'i', 'o', 'u']) {
        Some(at) => format!(
            "{}{}{}",
            &word[..at],
            word[at..=at].repeat(rng.random_range(3..6)),
            &word[at + 1..]
        ),
        None => word.to_owned(),
    }
}

fn capitalise(text: &mut String) {
    if let Some(first) = text.chars().next().filter(|c| c.is_lowercase()) {
        let upper: String = first.to_uppercase().collect();
        text.replace_range(..first.len_utf8(), &upper);
    }
}
