//! The tables of what detectors find.

/// What was found is kept whole, as JSON; the columns beside it are those it is asked by.
pub(super) const FINDINGS: &str = "
CREATE TABLE findings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    monitor TEXT REFERENCES monitors (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    from_time INTEGER NOT NULL,
    until_time INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    finding TEXT NOT NULL,
    seen_by TEXT,
    seen_at INTEGER,
    dismissed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX findings_project ON findings (project, number);
";
