//! The tables of alerts and of where they go.

/// A definition is kept whole, as JSON, with how far its evaluation has come; so is each alert. What was told of a post is
/// remembered for as long as it could be told again.
pub(super) const ALERTS: &str = "
CREATE TABLE destinations (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    settings TEXT NOT NULL,
    secrets BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (project, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    definition TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    muted_until INTEGER,
    fault TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX alerts_project ON alerts (project, created_at);
CREATE TABLE alert_events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    alert TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    event TEXT NOT NULL,
    told TEXT NOT NULL CHECK (told IN ('told', 'held', 'muted')),
    held_until INTEGER,
    acknowledged_by TEXT,
    acknowledged_at INTEGER,
    useful INTEGER CHECK (useful IN (0, 1)),
    useful_by TEXT
) STRICT;
CREATE INDEX alert_events_project ON alert_events (project, number);
CREATE INDEX alert_events_alert ON alert_events (alert, number);
CREATE INDEX alert_events_held ON alert_events (held_until) WHERE told = 'held';
CREATE TABLE alert_seen (
    alert TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    post BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (alert, post)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_seen_at ON alert_seen (at);
ALTER TABLE outbox ADD COLUMN destination TEXT REFERENCES destinations (id) ON DELETE CASCADE;
CREATE INDEX outbox_destination ON outbox (destination) WHERE destination IS NOT NULL;
CREATE TABLE outbox_tries (
    message TEXT NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    said TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_tries_message ON outbox_tries (message);
";

/// What was left of each source's budgets, each time it had changed.
pub(super) const BUDGET_READINGS: &str = "
CREATE TABLE budget_readings (
    source TEXT NOT NULL,
    unit TEXT NOT NULL,
    period TEXT NOT NULL,
    at INTEGER NOT NULL,
    most INTEGER NOT NULL,
    rest INTEGER NOT NULL,
    resets_at INTEGER NOT NULL,
    PRIMARY KEY (source, unit, period, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX budget_readings_at ON budget_readings (at);
";
