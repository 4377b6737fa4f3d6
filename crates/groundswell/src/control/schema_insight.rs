//! The table of what projects want to reach.

/// The target of a project, kept whole as JSON.
pub(super) const TARGETS: &str = "
CREATE TABLE targets (
    project TEXT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
    target TEXT NOT NULL
) STRICT;
";
