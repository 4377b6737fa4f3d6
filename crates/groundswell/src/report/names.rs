//! What stands in a report for the codes of platforms and languages.

use store::Dimension;

/// A value of a dimension as it is read; one that is not known stands for itself.
pub(super) fn of(by: Dimension, key: &str) -> String {
    let known = |table: &[(&str, &str)]| {
        let found = table.iter().find(|(code, _)| *code == key);
        found.map(|(_, name)| (*name).to_owned())
    };
    match by {
        Dimension::Source => known(PLATFORMS).unwrap_or_else(|| capital(key)),
        Dimension::Lang => known(LANGUAGES).unwrap_or_else(|| key.to_owned()),
        Dimension::Hashtag => format!("#{}", key.trim_start_matches('#')),
        _ => key.to_owned(),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Those that are not written as a word with a capital letter.
const PLATFORMS: &[(&str, &str)] = &[
    ("feed", "RSS"),
    ("file", "Files"),
    ("gdelt", "GDELT"),
    ("hackernews", "Hacker News"),
    ("linkedin", "LinkedIn"),
    ("rss", "RSS"),
    ("tiktok", "TikTok"),
    ("youtube", "YouTube"),
];

/// ISO 639 codes.
const LANGUAGES: &[(&str, &str)] = &[
    ("af", "Afrikaans"),
    ("ar", "Arabic"),
    ("az", "Azerbaijani"),
    ("be", "Belarusian"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("bs", "Bosnian"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("cy", "Welsh"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("eo", "Esperanto"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("eu", "Basque"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fil", "Filipino"),
    ("fr", "French"),
    ("ga", "Irish"),
    ("gl", "Galician"),
    ("gu", "Gujarati"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("hy", "Armenian"),
    ("id", "Indonesian"),
    ("is", "Icelandic"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ka", "Georgian"),
    ("kk", "Kazakh"),
    ("kn", "Kannada"),
    ("ko", "Korean"),
    ("la", "Latin"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("mk", "Macedonian"),
    ("ml", "Malayalam"),
    ("mn", "Mongolian"),
    ("mr", "Marathi"),
    ("ms", "Malay"),
    ("nb", "Norwegian Bokmål"),
    ("nl", "Dutch"),
    ("nn", "Norwegian Nynorsk"),
    ("no", "Norwegian"),
    ("pa", "Punjabi"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("so", "Somali"),
    ("sq", "Albanian"),
    ("sr", "Serbian"),
    ("sv", "Swedish"),
    ("sw", "Swahili"),
    ("ta", "Tamil"),
    ("te", "Telugu"),
    ("th", "Thai"),
    ("tl", "Tagalog"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("und", "Not known"),
    ("ur", "Urdu"),
    ("uz", "Uzbek"),
    ("vi", "Vietnamese"),
    ("yo", "Yoruba"),
    ("zh", "Chinese"),
    ("zu", "Zulu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_names() {
        let all = [
            of(Dimension::Source, "hackernews"),
            of(Dimension::Source, "mastodon"),
            of(Dimension::Source, "x"),
            of(Dimension::Lang, "de"),
            of(Dimension::Lang, "xx"),
            of(Dimension::Hashtag, "kelvora"),
        ];
        assert_eq!(all, ["Hacker News", "Mastodon", "X", "German", "xx", "#kelvora"]);
    }
}
