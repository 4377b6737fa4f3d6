//! Every connector there is.

use crate::budget::Limit;
use crate::error::{Refused, SourceError};
use crate::file::FileOptions;
use crate::oauth::Flow;
use crate::source::{Ability, Source, SourceEvent};
use crate::webhook::Hook;
use std::io;

/// A connector.
pub struct Registration {
    /// Its name: `type` in the configuration, `--source` of `parse`.
    pub name: &'static str,
    /// The platform's own name, for people.
    pub title: &'static str,
    /// What the documentation says.
    pub doc: Doc,
    /// The keys its configuration table may hold, besides those of every source (`type`, `name`, `budget`, …).
    pub keys: &'static [Key],
    /// The tasks it can be given.
    pub abilities: &'static [Ability],
    /// What a post costs, in millionths of a US dollar.
    pub price: u64,
    /// The platform's own quotas.
    pub quotas: &'static [Limit],
    /// How an operator signs in at the platform, where that is a way to get a token.
    pub flow: Option<Flow>,
    /// Makes a source from its configuration table, secrets filled in. The error names every fault.
    pub configure: fn(toml::Table) -> Result<Box<dyn Source>, SourceError>,
    /// Makes what answers the platform's webhook, where it has one.
    pub hook: Option<MakeHook>,
    /// Reads recorded input of this platform and hands on what it finds, in order.
    pub parse: fn(ParseInput, Each<'_>) -> io::Result<()>,
}

/// Makes a hook from a configuration table, secrets filled in.
pub type MakeHook = fn(toml::Table) -> Result<Box<dyn Hook>, SourceError>;

/// What the documentation says of a connector. Sentences.
#[derive(Debug, Clone, Copy)]
pub struct Doc {
    /// What it reads.
    pub reads: &'static str,
    /// What it needs: keys, approvals.
    pub needs: &'static str,
    /// The platform's limits, and what the connector does about them.
    pub limits: &'static str,
    /// Where its keys come from.
    pub keys_from: &'static str,
    /// What it costs.
    pub costs: &'static str,
    /// What it cannot see.
    pub unseen: &'static str,
    /// What the platform's terms demand of who runs it.
    pub terms: &'static str,
}

/// A key of a connector's configuration.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: KeyKind,
    /// Whether it must be there.
    pub needed: bool,
    /// What it means.
    pub doc: &'static str,
}

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// Text.
    Text,
    /// A secret, written `env:NAME` or `file:PATH`.
    Secret,
    /// A number.
    Number,
    /// A list of texts.
    Texts,
    /// Yes or no.
    Flag,
    /// A table of its own.
    Table,
}

impl Key {
    /// A key that may be there.
    pub const fn may(name: &'static str, kind: KeyKind, doc: &'static str) -> Self {
        Self {
            name,
            kind,
            needed: false,
            doc,
        }
    }

    /// A key that must be there.
    pub const fn must(name: &'static str, kind: KeyKind, doc: &'static str) -> Self {
        Self {
            name,
            kind,
            needed: true,
            doc,
        }
    }
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

/// One line a connector.
static REGISTRY: &[Registration] = &[
    crate::facebook::REGISTRATION,
    crate::instagram::REGISTRATION,
    crate::threads::REGISTRATION,
    crate::x::REGISTRATION,
    crate::linkedin::REGISTRATION,
    crate::bluesky::REGISTRATION,
    crate::mastodon::REGISTRATION,
    crate::reddit::REGISTRATION,
    crate::youtube::REGISTRATION,
    crate::telegram::REGISTRATION,
    crate::hackernews::REGISTRATION,
    crate::feed::REGISTRATION,
    crate::gdelt::REGISTRATION,
    crate::inbox::REGISTRATION,
    crate::file::REGISTRATION,
];

/// Every connector, in the order of the documentation.
pub fn registry() -> &'static [Registration] {
    REGISTRY
}

/// The connector of this name.
pub fn find(name: &str) -> Option<&'static Registration> {
    REGISTRY.iter().find(|r| r.name == name)
}
