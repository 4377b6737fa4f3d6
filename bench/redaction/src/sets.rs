//! The texts and what is planted in them.

use crate::planted::{self, Part};
use serde_json::Value;
use std::path::PathBuf;

/// One text.
pub(crate) struct Text {
    pub(crate) set: &'static str,
    pub(crate) language: &'static str,
    pub(crate) text: String,
    /// First byte, the one behind the last, kind.
    pub(crate) planted: Vec<(usize, usize, &'static str)>,
}

pub(crate) fn all() -> Vec<Text> {
    let mut out = Vec::new();
    for (set, part) in [
        ("made up, development", Part::Development),
        ("made up, judged", Part::Judged),
    ] {
        out.extend(planted::texts(part).into_iter().map(|t| {
            Text {
                set,
                language: t.language,
                planted: t
                    .planted
                    .map(|(start, end)| (start, end, t.kind))
                    .into_iter()
                    .collect(),
                text: t.text,
            }
        }));
    }
    out.extend(synthetic());
    out
}

/// A file beside the project, unless it is not there.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let root =
        std::env::var_os("GROUNDSWELL_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let path = root.join(name);
    if !path.exists() {
        println!(
            "skipped: {} is not there (GROUNDSWELL_SHARED names the folder)",
            path.display()
        );
        return None;
    }
    Some(path)
}

/// Presidio's synthetic set: only what is structured personal data to both.
fn synthetic() -> Vec<Text> {
    let Some(file) =
        shared("data/pii/presidio_synth_v2/dev.jsonl").and_then(|p| std::fs::read_to_string(p).ok())
    else {
        return Vec::new();
    };
    let of_line = |line: &str| {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = value["text"].as_str()?.to_owned();
        // Places are counted in code points there.
        let places: Vec<usize> = text.char_indices().map(|c| c.0).chain([text.len()]).collect();
        let planted = value["spans"].as_array()?.iter().filter_map(|span| {
            let at = |key: &str| places.get(usize::try_from(span[key].as_u64()?).ok()?).copied();
            Some((at("start")?, at("end")?, kind(span["type"].as_str()?)?))
        });
        Some(Text {
            set: "presidio, development",
            language: "en",
            planted: planted.collect(),
            text,
        })
    };
    file.lines().filter_map(of_line).collect()
}

/// Our name for Presidio's kinds of what stands alone; `None` for names, dates and the rest.
pub(crate) fn kind(entity: &str) -> Option<&'static str> {
    Some(match entity {
        "EMAIL_ADDRESS" => "email",
        "PHONE_NUMBER" => "phone",
        "CREDIT_CARD" => "card",
        "IBAN_CODE" => "iban",
        "IP_ADDRESS" => "ip",
        "STREET_ADDRESS" => "address",
        id if id.ends_with("_SSN")
            || [
                "UK_NINO",
                "ES_NIF",
                "ES_NIE",
                "IT_FISCAL_CODE",
                "DE_TAX_ID",
                "FR_NIR",
                "BR_CPF",
                "PT_NIF",
                "NL_BSN",
            ]
            .contains(&id) =>
        {
            "id"
        }
        _ => return None,
    })
}
