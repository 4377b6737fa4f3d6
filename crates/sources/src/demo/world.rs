//! The invented market: three brands that do not exist, what people say about each, and how often.

use serde::Serialize;

/// One of the three competing makers of headphones, speakers and chargers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Brand {
    /// The brand of the demo project; it has to recall a charger.
    Kelvora,
    /// A competitor: cheap, with poor support; a campaign is run in its favour.
    Ozenti,
    /// A competitor whose name is also a tree, a syrup and half a hockey team.
    Maple,
}

impl Brand {
    /// All three.
    pub const ALL: [Brand; 3] = [Brand::Kelvora, Brand::Ozenti, Brand::Maple];

    /// The name as its owner writes it.
    pub fn name(self) -> &'static str {
        match self {
            Brand::Kelvora => "Kelvora",
            Brand::Ozenti => "Ozenti",
            Brand::Maple => "Maple",
        }
    }

    /// Lower-cased spellings of the name that posts use; every post about the brand contains one of them.
    pub fn spellings(self) -> &'static [&'static str] {
        match self {
            Brand::Kelvora => &["kelvora", "ケルボラ", "كيلفورا", "केल्वोरा"],
            Brand::Ozenti => &["ozenti", "オゼンティ", "أوزنتي", "ओज़ेंटी"],
            Brand::Maple => &["maple"],
        }
    }

    /// Whether one of the spellings occurs in the text, in any letter case.
    pub fn is_named_in(self, text: &str) -> bool {
        let folded = text.to_lowercase();
        self.spellings().iter().any(|s| folded.contains(s))
    }

    /// The main account's handle, without `@`.
    pub fn handle(self) -> &'static str {
        match self {
            Brand::Kelvora => "kelvora",
            Brand::Ozenti => "ozenti",
            Brand::Maple => "maple_sound",
        }
    }

    /// The hashtag people use, without `#`.
    pub(super) fn hashtag(self) -> &'static str {
        match self {
            Brand::Kelvora => "Kelvora",
            Brand::Ozenti => "Ozenti",
            Brand::Maple => "MapleSound",
        }
    }

    /// What it sells. The first is what it launches in episodes; [`RECALLED`] is Kelvora's last.
    pub(super) fn models(self) -> &'static [&'static str] {
        match self {
            Brand::Kelvora => &["Kelvora Halo", "Kelvora Air", "Kelvora Air 2", "Kelvora Dock 3"],
            Brand::Ozenti => &["Ozenti Loop", "Ozenti One", "Ozenti One S", "Ozenti Mini"],
            Brand::Maple => &["Maple Buds Pro", "Maple Buds", "Maple Soundbar", "Maple Go"],
        }
    }

    /// Share of the conversation about the three brands.
    pub(super) fn weight(self) -> f64 {
        match self {
            Brand::Kelvora => 0.42,
            Brand::Ozenti => 0.31,
            Brand::Maple => 0.27,
        }
    }

    /// The two others.
    pub(super) fn rivals(self) -> [Brand; 2] {
        match self {
            Brand::Kelvora => [Brand::Ozenti, Brand::Maple],
            Brand::Ozenti => [Brand::Kelvora, Brand::Maple],
            Brand::Maple => [Brand::Kelvora, Brand::Ozenti],
        }
    }

    /// How often each aspect comes up for the brand, in the order of [`Aspect::ALL`].
    pub(super) fn aspect_weights(self) -> [f64; 8] {
        match self {
            Brand::Kelvora => [1.5, 1.4, 0.9, 0.9, 0.7, 1.1, 1.3, 0.8],
            Brand::Ozenti => [1.0, 1.0, 1.7, 1.4, 1.3, 0.6, 0.8, 0.8],
            Brand::Maple => [0.9, 1.5, 1.2, 0.6, 0.7, 1.4, 0.9, 1.3],
        }
    }

    /// The probability that an opinion on the aspect is praise, in the order of [`Aspect::ALL`].
    pub(super) fn praise_rates(self) -> [f64; 8] {
        match self {
            Brand::Kelvora => [0.70, 0.78, 0.38, 0.66, 0.60, 0.74, 0.30, 0.62],
            Brand::Ozenti => [0.48, 0.50, 0.84, 0.18, 0.32, 0.40, 0.46, 0.52],
            Brand::Maple => [0.36, 0.88, 0.26, 0.70, 0.64, 0.90, 0.68, 0.76],
        }
    }
}

/// The charger that is recalled.
pub const RECALLED: &str = "Kelvora Dock 3";

/// The hashtag of the copypasta campaign, without `#`.
pub const CAMPAIGN_TAG: &str = "SwitchToOzenti";

/// What about a brand is praised or complained about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Aspect {
    Battery,
    Sound,
    Price,
    Support,
    Delivery,
    Design,
    App,
    Comfort,
}

impl Aspect {
    /// All of them.
    pub const ALL: [Aspect; 8] = [
        Aspect::Battery,
        Aspect::Sound,
        Aspect::Price,
        Aspect::Support,
        Aspect::Delivery,
        Aspect::Design,
        Aspect::App,
        Aspect::Comfort,
    ];

    /// The grammar symbol of praise for it.
    pub(super) fn praise(self) -> &'static str {
        match self {
            Aspect::Battery => "praise.battery",
            Aspect::Sound => "praise.sound",
            Aspect::Price => "praise.price",
            Aspect::Support => "praise.support",
            Aspect::Delivery => "praise.delivery",
            Aspect::Design => "praise.design",
            Aspect::App => "praise.app",
            Aspect::Comfort => "praise.comfort",
        }
    }

    /// The grammar symbol of a complaint about it.
    pub(super) fn complaint(self) -> &'static str {
        match self {
            Aspect::Battery => "complaint.battery",
            Aspect::Sound => "complaint.sound",
            Aspect::Price => "complaint.price",
            Aspect::Support => "complaint.support",
            Aspect::Delivery => "complaint.delivery",
            Aspect::Design => "complaint.design",
            Aspect::App => "complaint.app",
            Aspect::Comfort => "complaint.comfort",
        }
    }
}
