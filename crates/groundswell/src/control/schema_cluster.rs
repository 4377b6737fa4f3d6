//! The table of what several servers share out among themselves.

/// Who holds what, until when by the database's clock.
pub(super) const LEASES: &str = "
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";
