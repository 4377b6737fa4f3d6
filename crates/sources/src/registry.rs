//! Every connector there is.

use crate::error::{Refused, SourceError};
use crate::file::FileOptions;
use crate::source::{Source, SourceEvent};
use std::io;

/// A connector.
pub struct Registration {
    /// Its name: `type` in the configuration, `--source` of `parse`.
    pub name: &'static str,
    /// What it reads and needs, for the documentation.
    pub doc: &'static str,
    /// The keys its configuration table may hold, besides `type` and `name`.
    pub keys: &'static [&'static str],
    /// Makes a source from its configuration table (without `type` and `name`). The error names every fault.
    pub configure: fn(toml::Table) -> Result<Box<dyn Source>, SourceError>,
    /// Reads recorded input of this platform and hands on what it finds, in order.
    pub parse: fn(ParseInput, Each<'_>) -> io::Result<()>,
}

/// Takes each thing that [`Registration::parse`] finds.
pub type Each<'a> = &'a mut dyn FnMut(Result<SourceEvent, Refused>);

/// What [`Registration::parse`] reads.
pub struct ParseInput {
    /// The bytes, not compressed or (for files of posts) compressed with gzip or zstd.
    pub reader: Box<dyn io::Read + Send>,
    /// What to call the input in messages.
    pub name: String,
    /// How to read files of posts; other connectors do not look at it.
    pub file: FileOptions,
}

static REGISTRY: &[Registration] = &[crate::bluesky::REGISTRATION, crate::file::REGISTRATION];

/// Every connector, in the order of the documentation.
pub fn registry() -> &'static [Registration] {
    REGISTRY
}

/// The connector of this name.
pub fn find(name: &str) -> Option<&'static Registration> {
    REGISTRY.iter().find(|r| r.name == name)
}
