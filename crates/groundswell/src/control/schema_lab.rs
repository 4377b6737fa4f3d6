//! The tables of the query lab: what is expected of a monitor's query.

/// Each change of a monitor's expectations is a version, kept whole. A post that an expectation was taken from is named
/// with its author, so that its text goes with either, out of every version.
pub(super) const EXPECTATIONS: &str = "
CREATE TABLE expectation_versions (
    monitor TEXT NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    version INTEGER NOT NULL CHECK (version > 0),
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (monitor, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE expectations (
    monitor TEXT NOT NULL,
    version INTEGER NOT NULL,
    place INTEGER NOT NULL,
    post BLOB,
    author BLOB,
    body TEXT NOT NULL,
    PRIMARY KEY (monitor, version, place),
    FOREIGN KEY (monitor, version) REFERENCES expectation_versions (monitor, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX expectations_post ON expectations (post) WHERE post IS NOT NULL;
CREATE INDEX expectations_author ON expectations (author) WHERE author IS NOT NULL;
";
