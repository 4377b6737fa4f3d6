//! The source, opened while a server may be using it.

use crate::backup::link_store;
use crate::privacy::staging::Staging;
use anyhow::Context;
use std::path::Path;
use store::Location;
use store::moving::Source;

/// The source as it was when it was opened. What it holds of a folder goes when it is dropped.
pub(super) struct Opened {
    // Before the folder it reads.
    pub(super) source: Source,
    _staging: Option<Staging>,
}

impl Opened {
    /// Of a folder, links to its files are opened: they cost nothing, and stay as they are. A cluster is read as it is.
    pub(super) fn new(data: &Path, from: &Location) -> anyhow::Result<Self> {
        let Location::Folder(folder, options) = from else {
            let source = Source::open(from).context("the source cannot be read")?;
            return Ok(Self {
                source,
                _staging: None,
            });
        };
        let staging = Staging::open(data).context("cannot gather the store's files")?;
        let linked = staging.path().join("store");
        link_store(folder, &linked)?;
        let source = Source::open(&Location::Folder(linked, options.clone()));
        Ok(Self {
            source: source.context("the source cannot be read")?,
            _staging: Some(staging),
        })
    }
}
