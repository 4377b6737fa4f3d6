//! What the demo project listens for.

use super::world::{Brand, CAMPAIGN_TAG};

/// A monitor of the demo project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoMonitor {
    /// Its name.
    pub name: &'static str,
    /// `brand`, `competitor`, `topic` or `campaign`.
    pub role: &'static str,
    /// The query, in the product's own dialect.
    pub query: &'static str,
}

/// The monitors of the demo project: our brand, two competitors, the recall, and the campaign's hashtag.
pub fn monitors() -> Vec<DemoMonitor> {
    vec![
        DemoMonitor {
            name: "Kelvora",
            role: "brand",
            query: KELVORA,
        },
        DemoMonitor {
            name: "Ozenti",
            role: "competitor",
            query: OZENTI,
        },
        DemoMonitor {
            name: "Maple",
            role: "competitor",
            query: MAPLE,
        },
        DemoMonitor {
            name: "Dock 3 recall",
            role: "topic",
            query: RECALL,
        },
        DemoMonitor {
            name: "#SwitchToOzenti",
            role: "campaign",
            query: CAMPAIGN,
        },
    ]
}

/// The handles of the brands' own accounts, without `@`; they act in public and stay readable.
pub fn public_handles() -> Vec<String> {
    let own = |b: Brand| {
        [
            b.handle().to_owned(),
            format!("{}_help", b.handle()),
            format!("{}.example", b.handle()),
        ]
    };
    Brand::ALL.into_iter().flat_map(own).collect()
}

const KELVORA: &str = "Kelvora* OR @kelvora OR @kelvora_help OR ケルボラ OR كيلفورا OR केल्वोरा";

const OZENTI: &str = "Ozenti* OR @ozenti OR @ozenti_help OR オゼンティ OR أوزنتي OR ओज़ेंटी";

// The everyday word: the exclusions are what an analyst would add after the first look.
const MAPLE: &str = concat!(
    "(Maple OR #MapleSound OR @maple_sound OR @maple_sound_help) NOT (syrup OR sirup OR \"Maple Leafs\" OR ",
    "\"maple leaf\" OR pancake* OR tree OR trees OR jarabe OR xarope OR sciroppo OR siroop OR érable OR ahorn* OR シロップ)"
);

const RECALL: &str = concat!(
    "(Kelvora* OR ケルボラ OR كيلفورا OR केल्वोरा OR \"Dock 3\") AND (recall* OR overheat* OR smoke OR smoking OR melt* OR fire OR retirada OR ",
    "sobrecalienta OR humo OR recolhimento OR superaquec* OR fumaça OR rappel* OR surchauff* OR fumée OR Rückruf* OR ",
    "überhitz* OR Rauch OR richiam* OR surriscald* OR fumo OR terugroep* OR oververhit* OR rook OR リコール OR 発熱 OR 煙 OR ",
    "استدعاء OR سخونة OR دخان OR रिकॉल OR धुआं OR ओवरहीट)"
);

const CAMPAIGN: &str = "#SwitchToOzenti";

// The query is written out so that a reader can grep for it; this keeps the two from drifting apart.
const _: () = assert!(CAMPAIGN.len() == CAMPAIGN_TAG.len() + 1);
