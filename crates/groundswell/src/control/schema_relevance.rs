//! The tables of relevance: what people judged, and the models that learned from it.

/// A judgment names its mention by number, and its post, so that it goes with either.
pub(super) const RELEVANCE: &str = "
CREATE TABLE relevance (
    monitor TEXT PRIMARY KEY REFERENCES monitors (id) ON DELETE CASCADE,
    active INTEGER,
    wanted REAL NOT NULL,
    hide INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE relevance_judgments (
    monitor TEXT NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    post BLOB NOT NULL,
    relevant INTEGER NOT NULL,
    how TEXT NOT NULL,
    judged_by TEXT NOT NULL,
    judged_at INTEGER NOT NULL,
    PRIMARY KEY (monitor, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX relevance_judgments_post ON relevance_judgments (post);
CREATE TABLE relevance_versions (
    monitor TEXT NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    version INTEGER NOT NULL CHECK (version > 0),
    artefact BLOB NOT NULL,
    card TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (monitor, version)
) STRICT;
";
