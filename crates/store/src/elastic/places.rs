//! Where mentions are: the index of each time partition, and the one that takes its place.
//!
//! Every index that is read stands under one alias, so that one whose documents are laid out otherwise can be filled
//! beside it (`reindex.rs`) and take its place in one step.

use super::api::Cluster;
use super::mapping::{self, FORMAT};
use crate::Error;
use crate::period::Span;
use foldhash::HashSet;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The indices of all partitions, by the names of the partitions.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) by_partition: BTreeMap<String, Place>,
}

/// The indices of a partition.
#[derive(Debug)]
pub(super) struct Place {
    /// The one that is read.
    pub(super) live: String,
    /// Where the live one is of an older format: the fields it knows.
    pub(super) old_fields: Option<HashSet<String>>,
    /// The one that is being filled to take its place.
    pub(super) next: Option<String>,
}

impl Place {
    /// A document as the live index takes it.
    pub(super) fn fitted<'d>(&self, document: &'d Value) -> std::borrow::Cow<'d, Value> {
        let (Some(known), Some(all)) = (&self.old_fields, document.as_object()) else {
            return std::borrow::Cow::Borrowed(document);
        };
        let fields = all.iter().filter(|(name, _)| known.contains(name.as_str()));
        let fields: Map<String, Value> = fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        std::borrow::Cow::Owned(Value::Object(fields))
    }
}

/// An index as the cluster has it.
pub(super) struct Found {
    name: String,
    format: u32,
    is_read: bool,
    fields: HashSet<String>,
}

impl Places {
    /// What there is. What a copy that was cut short left is removed, and an index of a newer program is refused.
    pub(super) fn find(cluster: &Cluster) -> Result<Self, Error> {
        let mut by_partition: BTreeMap<String, Vec<Found>> = BTreeMap::new();
        for found in indices(cluster)? {
            if let Some(partition) = partition_of(cluster, &found.name) {
                by_partition.entry(partition).or_default().push(found);
            }
        }
        let mut places = Self::default();
        for (partition, mut found) in by_partition {
            // The one that is read, else the oldest: what is younger and not read was not filled to its end.
            found.sort_by_key(|index| (!index.is_read, index.format));
            let rest = found.split_off(1);
            for index in &rest {
                cluster.delete_index(&index.name)?;
            }
            for live in found {
                if !live.is_read {
                    cluster.alias(&[("add", &live.name)])?;
                }
                places.by_partition.insert(
                    partition.clone(),
                    Place {
                        live: live.name,
                        old_fields: Some(live.fields).filter(|_| live.format < FORMAT),
                        next: None,
                    },
                );
            }
        }
        Ok(places)
    }

    /// Makes the index of a partition, if there is none.
    pub(super) fn make(&mut self, cluster: &Cluster, partition: &str) -> Result<(), Error> {
        if self.by_partition.contains_key(partition) {
            return Ok(());
        }
        let live = cluster.settings.index(partition);
        let mut body = mapping::mentions(&cluster.settings);
        body["aliases"] = json!({cluster.settings.all_mentions(): {}});
        cluster.make(&live, &body)?;
        self.add(partition, live);
        Ok(())
    }

    /// Takes note of an index that was made for a partition.
    pub(super) fn add(&mut self, partition: &str, live: String) {
        let place = Place {
            live,
            old_fields: None,
            next: None,
        };
        self.by_partition.insert(partition.to_owned(), place);
    }

    /// The indices of a partition.
    pub(super) fn of(&self, partition: &str) -> Option<&Place> {
        self.by_partition.get(partition)
    }

    /// The names of the indices that are read.
    pub(super) fn live(&self) -> Vec<String> {
        self.by_partition
            .values()
            .map(|place| place.live.clone())
            .collect()
    }
}

/// The partition of an index; `None` for one that is none of ours.
pub(super) fn partition_of(cluster: &Cluster, index: &str) -> Option<String> {
    let rest = index
        .strip_prefix(&cluster.settings.all_mentions())?
        .strip_prefix('-')?;
    let is_format = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit());
    let name = match rest.rsplit_once("-v") {
        Some((name, format)) if is_format(format) => name,
        _ => rest,
    };
    Span::of_folder(name).map(|_| name.to_owned())
}

/// The indices of mentions there are; one of a newer program is an error.
pub(super) fn indices(cluster: &Cluster) -> Result<Vec<Found>, Error> {
    let pattern = format!("{}-*", cluster.settings.all_mentions());
    let mappings = cluster.about(&format!("{pattern}/_mapping"))?;
    let aliases = cluster.about(&format!("{pattern}/_alias"))?;
    let mut all = Vec::new();
    for (name, of) in mappings.as_object().into_iter().flatten() {
        let mapping = &of["mappings"];
        let format = mapping["_meta"]["format"].as_u64().unwrap_or(0);
        let format = u32::try_from(format).unwrap_or(u32::MAX);
        if format > FORMAT {
            return Err(Error::Newer {
                path: cluster.place_of(name).into(),
                what: "format",
                found: format,
                known: FORMAT,
            });
        }
        let fields = mapping["properties"].as_object().into_iter().flatten();
        all.push(Found {
            name: name.clone(),
            format,
            is_read: aliases[name]["aliases"]
                .get(cluster.settings.all_mentions())
                .is_some(),
            fields: fields.map(|(name, _)| name.clone()).collect(),
        });
    }
    Ok(all)
}
