//! Files of posts: JSON Lines, JSON arrays, CSV, Parquet and ActivityStreams 2.0, plain or compressed with gzip or zstd;
//! and files of any platform's recorded form, which its own connector reads.
//!
//! `reader` yields posts with their line numbers, `input` decompresses, `lines` and `elements` cut within bounds, `columns` says
//! which column means what, `row` makes the post, `activity` those of ActivityStreams, `parquet` rows, `dates` reads times, `replay` is the source.

mod activity;
mod columns;
mod config;
mod dates;
mod elements;
mod input;
mod lines;
mod parquet;
mod reader;
mod replay;
mod row;

pub use columns::{ColumnMap, MapError};
pub use config::{Config, Speed};
pub use dates::to_rfc3339;
pub use lines::MAX_LINE_BYTES;
pub use reader::{BadLine, FileOptions, FileReader, Format};
pub use replay::{Replay, parse_with};
pub(crate) use row::{Doubt, Mapper};

use crate::error::SourceError;
use crate::registry::{Doc, Each, ParseInput, Registration};
use crate::source::{Ability, Source, SourceEvent};
use std::io;

/// This connector's name.
pub const CONNECTOR: &str = "file";

/// This connector's line in the registry.
pub const REGISTRATION: Registration = Registration {
    name: CONNECTOR,
    title: "Files",
    doc: Doc {
        reads: "Files of posts: JSON Lines (the interchange form or similar columns), a JSON array, CSV with a header, \
                Parquet, or ActivityStreams 2.0; gzip and zstd are read as they are. With `connector`, archives in a \
                platform's own form. At the recorded pace, faster, or as fast as possible.",
        needs: "The files.",
        limits: "10 MB a line.",
        keys_from: "No key is needed.",
        costs: "Nothing.",
        unseen: "What happened after the files were written: later edits and deletions do not reach them.",
        terms: "Those of whoever the posts come from.",
    },
    keys: config::KEYS,
    abilities: &[Ability::Follow],
    price: 0,
    quotas: &[],
    flow: None,
    configure,
    hook: None,
    parse,
};

fn configure(table: toml::Table) -> Result<Box<dyn Source>, SourceError> {
    Ok(Box::new(Replay::new(Config::from_table(table)?)?))
}

fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    for item in FileReader::from_reader(input.reader, &input.name, input.file)? {
        each(match item {
            Ok((_, post)) => Ok(SourceEvent::Post(Box::new(post))),
            Err(bad) => Err(bad.into()),
        });
    }
    Ok(())
}
