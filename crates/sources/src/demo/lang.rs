//! The ten languages of the demo: their share of the stream, where their speakers are awake, how they look.

use serde::Serialize;

/// A language of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are ISO 639-1 codes")]
pub enum Lang {
    En,
    Es,
    Pt,
    Fr,
    De,
    It,
    Nl,
    Ja,
    Ar,
    Hi,
}

impl Lang {
    /// All ten, in the order of tables by language.
    pub const ALL: [Lang; 10] = [
        Lang::En,
        Lang::Es,
        Lang::Pt,
        Lang::Fr,
        Lang::De,
        Lang::It,
        Lang::Nl,
        Lang::Ja,
        Lang::Ar,
        Lang::Hi,
    ];

    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Es => "es",
            Lang::Pt => "pt",
            Lang::Fr => "fr",
            Lang::De => "de",
            Lang::It => "it",
            Lang::Nl => "nl",
            Lang::Ja => "ja",
            Lang::Ar => "ar",
            Lang::Hi => "hi",
        }
    }

    /// Share of the background stream over a whole week; the ten add up to one.
    pub fn share(self) -> f64 {
        match self {
            Lang::En => 0.36,
            Lang::Es => 0.13,
            Lang::Pt => 0.10,
            Lang::Fr => 0.08,
            Lang::De => 0.08,
            Lang::It => 0.05,
            Lang::Nl => 0.03,
            Lang::Ja => 0.10,
            Lang::Ar => 0.04,
            Lang::Hi => 0.03,
        }
    }

    /// Where its speakers post from: offset from UTC in hours and share, adding up to one.
    pub(super) fn regions(self) -> &'static [(f64, f64)] {
        match self {
            Lang::En => &[(-5.0, 0.5), (-8.0, 0.2), (0.0, 0.22), (5.5, 0.08)],
            Lang::Es => &[(-6.0, 0.35), (-3.0, 0.25), (1.0, 0.4)],
            Lang::Pt => &[(-3.0, 0.85), (0.0, 0.15)],
            Lang::Fr => &[(1.0, 0.85), (-5.0, 0.15)],
            Lang::De | Lang::It | Lang::Nl => &[(1.0, 1.0)],
            Lang::Ja => &[(9.0, 1.0)],
            Lang::Ar => &[(3.0, 0.8), (2.0, 0.2)],
            Lang::Hi => &[(5.5, 1.0)],
        }
    }

    /// Countries that a platform may state, ISO 3166-1 alpha-2.
    pub(super) fn countries(self) -> &'static [&'static str] {
        match self {
            Lang::En => &["US", "US", "GB", "CA", "AU", "IN"],
            Lang::Es => &["ES", "MX", "AR", "CO"],
            Lang::Pt => &["BR", "BR", "PT"],
            Lang::Fr => &["FR", "FR", "BE", "CA"],
            Lang::De => &["DE", "DE", "AT", "CH"],
            Lang::It => &["IT"],
            Lang::Nl => &["NL", "BE"],
            Lang::Ja => &["JP"],
            Lang::Ar => &["EG", "SA", "AE", "MA"],
            Lang::Hi => &["IN"],
        }
    }

    /// Whether its script has letter case and ASCII-like words, so that casing and typing slips make sense.
    pub(super) fn is_latin(self) -> bool {
        !matches!(self, Lang::Ja | Lang::Ar | Lang::Hi)
    }

    /// The phrase file.
    pub(super) fn phrases(self) -> &'static str {
        match self {
            Lang::En => include_str!("phrases/en.txt"),
            Lang::Es => include_str!("phrases/es.txt"),
            Lang::Pt => include_str!("phrases/pt.txt"),
            Lang::Fr => include_str!("phrases/fr.txt"),
            Lang::De => include_str!("phrases/de.txt"),
            Lang::It => include_str!("phrases/it.txt"),
            Lang::Nl => include_str!("phrases/nl.txt"),
            Lang::Ja => include_str!("phrases/ja.txt"),
            Lang::Ar => include_str!("phrases/ar.txt"),
            Lang::Hi => include_str!("phrases/hi.txt"),
        }
    }
}
