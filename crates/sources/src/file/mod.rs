//! Files of posts: JSON Lines, JSON arrays and CSV, plain or compressed with gzip or zstd.
//!
//! `reader` yields posts with their line numbers, `input` decompresses, `lines` and `elements` cut within bounds, `columns` says
//! which column means what, `row` makes the post, `dates` reads times, `replay` is the source.

mod columns;
mod config;
mod dates;
mod elements;
mod input;
mod lines;
mod reader;
mod replay;
mod row;

pub use columns::{ColumnMap, MapError};
pub use config::{Config, Speed};
pub use dates::to_rfc3339;
pub use lines::MAX_LINE_BYTES;
pub use reader::{BadLine, FileOptions, FileReader, Format};
pub use replay::Replay;
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
        reads: "Files of posts: JSON Lines (the interchange form or similar columns), a JSON array, or CSV with a header; \
                gzip and zstd are read as they are. At the recorded pace, faster, or as fast as possible.",
        needs: "The files.",
        limits: "10 MB a line.",
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
