//! The table of dashboards, and the share links that show one.

/// A dashboard's widgets are kept whole as JSON of the API's own form; a deleted one stays for a while, to be restored.
pub(super) const DASHBOARDS: &str = "
CREATE TABLE dashboards (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX dashboards_project ON dashboards (project, created_at);
ALTER TABLE shares ADD COLUMN dashboard TEXT REFERENCES dashboards (id) ON DELETE CASCADE;
";
