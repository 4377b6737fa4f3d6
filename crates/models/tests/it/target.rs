//! Where names are found.

use text::Tokens;

fn found(text: &str, name: &str) -> Vec<String> {
    let places = models::target::find(text, &Tokens::of(text), name);
    places.into_iter().map(|r| text[r].to_owned()).collect()
}

#[test]
fn names_are_found_as_people_write_them() {
    for (text, name, expected) in [
        ("The Leaf is better than #Leaf", "leaf", vec!["Leaf", "#Leaf"]),
        ("ask @LeafPhoneHelp now", "Leaf Phone", vec!["@LeafPhoneHelp"]),
        (
            "my leaf phone, my leafphone",
            "Leaf Phone",
            vec!["leaf phone", "leafphone"],
        ),
        (
            "в Листбанке очередь, Листбанк!",
            "листбанк",
            vec!["Листбанке", "Листбанк"],
        ),
        ("связь Теплофона пропала", "teplofon", vec!["Теплофона"]),
        ("the teplofon is down", "теплофон", vec!["teplofon"]),
        ("un café Célia", "celia", vec!["Célia"]),
        ("приложение Альфы висит", "альфа", vec!["Альфы"]),
        ("🙂 葉電話 は遅い", "葉電話", vec!["葉電話"]),
        // Full-width sigils are three bytes long.
        ("遅い ＃葉電話 と ＠LeafPhone", "葉電話", vec!["＃葉電話"]),
        ("遅い ＃葉電話 と ＠LeafPhone", "leafphone", vec!["＠LeafPhone"]),
    ] {
        assert_eq!(found(text, name), expected, "{name} in {text}");
    }
}

#[test]
fn other_words_are_not_names() {
    for (text, name) in [
        ("leaflet and overleaf", "leaf"),
        ("a tea party", "te"),
        ("https://leaf.example/leaf", "leaf"),
        ("nothing here", ""),
        ("", "leaf"),
        ("a leaf, a phone", "leaf phone"),
    ] {
        assert_eq!(found(text, name), Vec::<String>::new(), "{name} in {text}");
    }
}
