//! Made-up posts in seven languages with made-up personal data in them, and as many with numbers that are nobody's.
//!
//! The same every time. Numbers have valid checksums. Nobody's data stands here: every digit is drawn.

mod numbers;
mod sentences;

use numbers::Draw;

/// The kinds of structured personal data, by their placeholders without brackets.
pub(crate) const KINDS: [&str; 8] = ["email", "phone", "card", "iban", "ip", "id", "place", "address"];
pub(crate) const LANGUAGES: [&str; 7] = ["en", "de", "fr", "es", "it", "pt", "nl"];

/// How many texts of each kind and language; each sentence is used about equally often.
const EACH: usize = 40;

/// One text.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) language: &'static str,
    /// One of [`KINDS`]; `none` where everything must stay.
    pub(crate) kind: &'static str,
    pub(crate) text: String,
    /// Bytes of what must go.
    pub(crate) planted: Option<(usize, usize)>,
}

/// Every second sentence, form of a number and street is for tuning; nothing was tuned on the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Development = 0,
    Judged = 1,
}

/// The texts of a part.
pub(crate) fn texts(part: Part) -> Vec<Text> {
    let mut draw = Draw::new(part);
    let mut out = Vec::new();
    let mine = |of: &'static [&'static str]| {
        of.iter()
            .skip(part as usize)
            .step_by(2)
            .copied()
            .collect::<Vec<_>>()
    };
    for language in LANGUAGES {
        let carriers = mine(sentences::carriers(language));
        for kind in KINDS {
            for i in 0..EACH {
                let carrier = carriers[i % carriers.len()];
                let value = draw.value(kind, language);
                let (before, after) = carrier.split_once("{}").unwrap_or((carrier, ""));
                // The word that says what a number is may stay.
                let number = ["Steuer-ID ", "NIF ", "BSN "]
                    .iter()
                    .find_map(|w| value.strip_prefix(w))
                    .unwrap_or(&value);
                let end = before.len() + value.len();
                out.push(Text {
                    language,
                    kind,
                    text: format!("{before}{value}{after}"),
                    planted: Some((end - number.len(), end)),
                });
            }
        }
        let harmless = mine(sentences::harmless(language));
        for i in 0..KINDS.len() * EACH {
            let text = draw.filled(harmless[i % harmless.len()]);
            out.push(Text {
                language,
                kind: "none",
                text,
                planted: None,
            });
        }
    }
    out
}
