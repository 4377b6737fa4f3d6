//! The tables of responding, of context, and of audit samples.

/// Mentions go by their number, as marks do, and accounts of people by their ids. What hangs on a mention goes with it.
pub(super) const RESPONDING: &str = "
CREATE TABLE monitor_context (
    monitor TEXT PRIMARY KEY REFERENCES monitors (id) ON DELETE CASCADE,
    depth INTEGER NOT NULL CHECK (depth > 0),
    most INTEGER NOT NULL CHECK (most > 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE notes (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX notes_number ON notes (number);
CREATE TABLE items (
    number INTEGER PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    status TEXT,
    assignee TEXT,
    due_at INTEGER,
    due_by_hand INTEGER NOT NULL DEFAULT 0,
    responded_at INTEGER,
    responded_by TEXT,
    response_change TEXT,
    closed_at INTEGER
) STRICT;
CREATE INDEX items_project ON items (project, created_at);
CREATE INDEX items_due ON items (project, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX items_change ON items (response_change) WHERE response_change IS NOT NULL;
CREATE TABLE response_targets (
    project TEXT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
    first_response INTEGER NOT NULL CHECK (first_response > 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user TEXT NOT NULL,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    read_at INTEGER
) STRICT;
CREATE INDEX notices_user ON notices (user, id);
CREATE INDEX notices_number ON notices (number);
CREATE TABLE own_replies (
    post BLOB PRIMARY KEY,
    reply_to BLOB NOT NULL,
    account TEXT NOT NULL,
    at INTEGER NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX own_replies_open ON own_replies (at) WHERE settled = 0;
CREATE TABLE desks (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    settings TEXT NOT NULL,
    secrets BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (project, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE handovers (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    desk TEXT NOT NULL REFERENCES desks (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'unsure', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    problem TEXT,
    ticket TEXT,
    ticket_status TEXT,
    ticket_url TEXT,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX handovers_number ON handovers (number);
CREATE INDEX handovers_open ON handovers (next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX handovers_ticket ON handovers (desk, ticket);
CREATE TABLE audit_samples (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    from_time INTEGER NOT NULL,
    until_time INTEGER NOT NULL,
    drawn_at INTEGER NOT NULL,
    drawn_by TEXT NOT NULL,
    population INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_samples_project ON audit_samples (project, until_time);
CREATE TABLE audit_posts (
    sample TEXT NOT NULL REFERENCES audit_samples (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    place INTEGER NOT NULL,
    lang TEXT NOT NULL,
    platform TEXT NOT NULL,
    toward INTEGER NOT NULL,
    negative INTEGER NOT NULL,
    neutral INTEGER NOT NULL,
    positive INTEGER NOT NULL,
    weight REAL NOT NULL CHECK (weight > 0),
    label TEXT CHECK (label IN ('negative', 'neutral', 'positive')),
    skipped INTEGER NOT NULL DEFAULT 0,
    actor TEXT,
    labelled_at INTEGER,
    PRIMARY KEY (sample, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_posts_number ON audit_posts (number);
";
