//! Measures as aggregations, and the cells they give.

use crate::elastic::mapping::field;
use crate::elastic::marked::Overlay;
use crate::{Cell, Error, Label, Measures};
use serde_json::{Map, Value, json};

/// Up to so many distinct values per shard the cluster counts nearly exactly; beyond, within some percent.
const PRECISION: u32 = 40_000;

/// Names of aggregations.
const AUTHORS: &str = "authors";
const TEXTS: &str = "texts";
const SIGNED: &str = "signed";
const WORDED: &str = "worded";
const ENGAGEMENT: &str = "engagement";
const LABELS: &str = "labels";

/// The aggregations that measure a bucket; what is summed over authors has its own.
pub(super) fn measures(wanted: Measures, overlay: &Overlay) -> Result<Map<String, Value>, Error> {
    let mut aggs = Map::new();
    let distinct = |name: &str| json!({"cardinality": {"field": name, "precision_threshold": PRECISION}});
    if wanted.authors {
        aggs.insert(AUTHORS.to_owned(), distinct(field::AUTHOR));
        aggs.insert(
            SIGNED.to_owned(),
            json!({"value_count": {"field": field::AUTHOR}}),
        );
    }
    if wanted.texts {
        aggs.insert(TEXTS.to_owned(), distinct(field::TEXT_HASH));
        aggs.insert(
            WORDED.to_owned(),
            json!({"value_count": {"field": field::TEXT_HASH}}),
        );
    }
    if wanted.engagement {
        aggs.insert(
            ENGAGEMENT.to_owned(),
            json!({"sum": {"field": field::ENGAGEMENT}}),
        );
    }
    if wanted.sentiment {
        let labels = match overlay.corrects() {
            false => json!({"terms": {"field": field::SENTIMENT, "size": Label::ALL.len()}}),
            true => {
                let names = Label::ALL.iter().map(|label| label.name().to_owned());
                let named: Map<String, Value> = names.zip(overlay.labels()?).collect();
                json!({"filters": {"filters": named}})
            }
        };
        aggs.insert(LABELS.to_owned(), labels);
        for name in field::PROBABILITIES {
            aggs.insert(name.to_owned(), json!({"stats": {"field": name}}));
        }
    }
    Ok(aggs)
}

/// How many buckets a measured cell makes.
pub(super) fn buckets(wanted: Measures) -> usize {
    1 + if wanted.sentiment { Label::ALL.len() } else { 0 }
}

/// The cell of a bucket that was measured; `mentions` are its documents.
pub(super) fn cell(mentions: u64, bucket: &Value) -> Cell {
    let mut cell = Cell {
        mentions,
        authors: whole(&bucket[AUTHORS]["value"]),
        signed: whole(&bucket[SIGNED]["value"]),
        texts: whole(&bucket[TEXTS]["value"]),
        worded: whole(&bucket[WORDED]["value"]),
        engagement: whole(&bucket[ENGAGEMENT]["value"]),
        ..Cell::default()
    };
    // A list where the cluster knows the labels, by name where some are corrected.
    for label in Label::ALL {
        let buckets = &bucket[LABELS]["buckets"];
        let listed = || {
            buckets
                .as_array()?
                .iter()
                .find(|b| b["key"].as_str() == Some(label.name()))
        };
        let found = buckets.get(label.name()).or_else(listed);
        cell.sentiment[label as usize] = found.map_or(0, |b| whole(&b["doc_count"]));
    }
    for (sum, name) in cell.probabilities.iter_mut().zip(field::PROBABILITIES) {
        *sum = whole(&bucket[name]["sum"]);
    }
    cell.scored = whole(&bucket[field::PROBABILITIES[0]]["count"]);
    cell
}

/// A number of the cluster, which is a fraction in form where it is a sum.
pub(super) fn whole(value: &Value) -> u64 {
    let rounded = || value.as_f64().map(|n| n.max(0.0).round() as u64);
    value.as_u64().or_else(rounded).unwrap_or(0)
}
