//! The table of what several servers share out among themselves.

/// Who holds what, until when by the database's clock.
pub(super) const LEASES: &str = "
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// How sources do, as the processes that run them say.
pub(super) const SOURCE_STATES: &str = "
CREATE TABLE source_states (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";
