//! The database file: its settings and its schema, which only moves forward.

use super::error::{Error, Result};
use super::schema_alert::{ALERTS, BUDGET_READINGS};
use super::schema_cluster::{LEASES, SOURCE_STATES};
use super::schema_dashboard::DASHBOARDS;
use super::schema_detect::FINDINGS;
use super::schema_insight::TARGETS;
use super::schema_lab::EXPECTATIONS;
use super::schema_relevance::RELEVANCE;
use super::schema_respond::RESPONDING;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::cmp::Ordering;
use std::path::Path;

/// `GSC1`: tells our databases from others.
const APPLICATION: u32 = 0x4753_4331;
/// `GSCF`: a database that a move is filling. It is nobody's until the move has ended.
const FILLING: u32 = 0x4753_4346;

/// Each step leads from the schema of its index to the next. A released step is never changed.
pub(super) const STEPS: &[&str] = &[
    FIRST,
    CHANGES_AND_LISTS,
    PRIVACY,
    SOURCES,
    POLICIES,
    SWEEPS,
    CLASSIFIERS,
    MARKS,
    PERMALINKS,
    PEOPLE,
    REPORTS,
    VENDOR_LABELS,
    OUTBOX,
    RESPONDING,
    FINDINGS,
    ALERTS,
    TARGETS,
    RELEVANCE,
    DASHBOARDS,
    EXPECTATIONS,
    BUDGET_READINGS,
    LEASES,
    SOURCE_STATES,
];

const FIRST: &str = "
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
CREATE TABLE projects (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    objective TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE monitors (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    role TEXT NOT NULL,
    color INTEGER NOT NULL CHECK (color BETWEEN 0 AND 7),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    origin TEXT NOT NULL CHECK (origin IN ('ui', 'file')),
    version INTEGER NOT NULL CHECK (version > 0),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (project, name)
) STRICT;
CREATE TABLE monitor_versions (
    monitor TEXT NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    query TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (monitor, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE backfills (
    monitor TEXT PRIMARY KEY REFERENCES monitors (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
    from_position INTEGER NOT NULL DEFAULT 0,
    next_position INTEGER NOT NULL DEFAULT 0,
    until_position INTEGER,
    found INTEGER NOT NULL DEFAULT 0,
    from_time INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE identities (
    author BLOB PRIMARY KEY,
    wrapped_key BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE post_links (
    post BLOB PRIMARY KEY,
    author BLOB,
    wrapped_key BLOB,
    sealed BLOB NOT NULL,
    CHECK ((author IS NULL) = (wrapped_key IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX post_links_author ON post_links (author) WHERE author IS NOT NULL;
";

/// `changed` is the version of the monitor set with the last change of a row.
const CHANGES_AND_LISTS: &str = "
ALTER TABLE monitors ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX monitors_changed ON monitors (changed);
CREATE TABLE removed_monitors (
    monitor TEXT PRIMARY KEY,
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE monitor_versions ADD COLUMN restored_from INTEGER;
ALTER TABLE monitor_versions ADD COLUMN list TEXT;
ALTER TABLE monitor_versions ADD COLUMN in_force_from INTEGER;
ALTER TABLE monitor_versions ADD COLUMN in_force_at INTEGER;
CREATE TABLE lists (
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('ui', 'file')),
    terms TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (project, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE removed_lists (
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (project, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE list_uses (
    monitor TEXT NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    list TEXT NOT NULL,
    PRIMARY KEY (monitor, list)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_uses_list ON list_uses (list);
";

/// Rows of the audit log are only ever added.
const PRIVACY: &str = "
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT,
    project TEXT,
    reason TEXT,
    details TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to');
END;
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('aggregate', 'viewer', 'analyst', 'responder', 'admin')),
    project TEXT REFERENCES projects (id) ON DELETE CASCADE,
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE erasures (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done')),
    actor TEXT NOT NULL,
    reason TEXT,
    target TEXT NOT NULL,
    receipt TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE suppressions (
    kind TEXT NOT NULL CHECK (kind IN ('author', 'handle')),
    platform TEXT NOT NULL,
    pseudonym TEXT NOT NULL,
    erasure TEXT NOT NULL REFERENCES erasures (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, platform, pseudonym)
) STRICT, WITHOUT ROWID;
CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY,
    public BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT, WITHOUT ROWID;
";

const SOURCES: &str = "
CREATE TABLE sources (
    name TEXT PRIMARY KEY,
    connector TEXT NOT NULL,
    options TEXT NOT NULL,
    secrets BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE paused_sources (
    name TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE source_memory (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE coverage (
    source TEXT NOT NULL,
    at INTEGER NOT NULL,
    width INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    lag_p50 INTEGER,
    lag_p95 INTEGER,
    refused TEXT NOT NULL,
    live INTEGER NOT NULL,
    PRIMARY KEY (source, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE coverage_gaps (
    source TEXT NOT NULL,
    from_time INTEGER NOT NULL,
    until_time INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('gap', 'partial')),
    reason TEXT NOT NULL,
    repaired INTEGER NOT NULL CHECK (repaired IN (0, 1)),
    PRIMARY KEY (source, from_time, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX coverage_gaps_until ON coverage_gaps (until_time);
CREATE TABLE past_searches (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    monitor TEXT REFERENCES monitors (id) ON DELETE CASCADE,
    from_time INTEGER NOT NULL,
    until_time INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('estimated', 'running', 'done', 'failed')),
    posts INTEGER NOT NULL DEFAULT 0,
    report TEXT NOT NULL,
    error TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// `retention` has the limits of a project under the empty platform where they are for all. `platform` and `seen_at` in
/// the vault are those of the newest post of an author; they are missing where an older program wrote them.
const POLICIES: &str = "
CREATE TABLE policy_acceptances (
    platform TEXT NOT NULL,
    version TEXT NOT NULL,
    who TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (platform, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE retention (
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    text_days INTEGER,
    features_days INTEGER,
    aggregates_days INTEGER,
    PRIMARY KEY (project, platform)
) STRICT, WITHOUT ROWID;
CREATE TABLE full_exports (
    person TEXT NOT NULL,
    platform TEXT NOT NULL,
    day INTEGER NOT NULL,
    posts INTEGER NOT NULL,
    PRIMARY KEY (person, platform, day)
) STRICT, WITHOUT ROWID;
ALTER TABLE identities ADD COLUMN platform TEXT;
ALTER TABLE identities ADD COLUMN seen_at INTEGER;
CREATE INDEX identities_seen ON identities (platform, seen_at) WHERE platform IS NOT NULL;
";

/// When the platform was last asked whether a post is still there; missing where an older program wrote the link.
const SWEEPS: &str = "
ALTER TABLE post_links ADD COLUMN platform TEXT;
ALTER TABLE post_links ADD COLUMN checked_at INTEGER;
CREATE INDEX post_links_checked ON post_links (platform, checked_at) WHERE platform IS NOT NULL;
";

/// A labelled row is a post, whose text stays in the store, or a text brought along. `row` is a digest of either.
const CLASSIFIERS: &str = "
CREATE TABLE classifiers (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    active INTEGER,
    created_at INTEGER NOT NULL,
    UNIQUE (project, name)
) STRICT;
CREATE TABLE classifier_labels (
    classifier TEXT NOT NULL REFERENCES classifiers (id) ON DELETE CASCADE,
    row BLOB NOT NULL,
    post BLOB,
    text TEXT,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (classifier, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX classifier_labels_post ON classifier_labels (post) WHERE post IS NOT NULL;
CREATE TABLE classifier_versions (
    classifier TEXT NOT NULL REFERENCES classifiers (id) ON DELETE CASCADE,
    version INTEGER NOT NULL CHECK (version > 0),
    artefact BLOB NOT NULL,
    card TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (classifier, version)
) STRICT;
";

/// Marks by the number of their mention; what each change found is kept to undo it.
const MARKS: &str = "
CREATE TABLE marks (
    number INTEGER PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    mark TEXT NOT NULL
) STRICT;
CREATE TABLE mark_changes (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    change TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;
CREATE INDEX mark_changes_project ON mark_changes (project, at);
CREATE TABLE mark_undo (
    change TEXT NOT NULL REFERENCES mark_changes (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (change, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX mark_undo_number ON mark_undo (number);
CREATE TABLE rules (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL COLLATE NOCASE,
    filter TEXT NOT NULL,
    change TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    UNIQUE (project, name)
) STRICT;
";

/// Pinned questions with their answers, what stands on the time axis, and which accounts are a monitor's own.
const PERMALINKS: &str = "
CREATE TABLE permalinks (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    question TEXT NOT NULL,
    generation INTEGER NOT NULL,
    pins TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    answer TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE annotations (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    until INTEGER,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX annotations_project ON annotations (project, at);
CREATE TABLE monitor_accounts (
    monitor TEXT NOT NULL REFERENCES monitors (id) ON DELETE CASCADE,
    platform TEXT NOT NULL,
    handle TEXT NOT NULL,
    PRIMARY KEY (monitor, platform, handle)
) STRICT, WITHOUT ROWID;
";

/// A role of `memberships` without a project is one everywhere; a session without a user is that of the installation's
/// password. Tokens stand here as hashes only, answers to be repeated sealed.
const PEOPLE: &str = "
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL COLLATE NOCASE UNIQUE,
    name TEXT NOT NULL,
    password TEXT,
    subject TEXT UNIQUE,
    disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    signed_in_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE memberships (
    user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    project TEXT REFERENCES projects (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('aggregate', 'viewer', 'analyst', 'responder', 'privacy', 'admin'))
) STRICT;
CREATE UNIQUE INDEX memberships_of ON memberships (user, ifnull(project, ''));
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    user TEXT REFERENCES users (id) ON DELETE CASCADE,
    agent TEXT,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user);
CREATE TABLE links (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reset')),
    user TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE api_keys_with_scopes (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('aggregate', 'viewer', 'analyst', 'responder', 'privacy', 'admin')),
    scopes TEXT NOT NULL DEFAULT '',
    project TEXT REFERENCES projects (id) ON DELETE CASCADE,
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO api_keys_with_scopes (id, name, role, project, hash, created_at)
    SELECT id, name, role, project, hash, created_at FROM api_keys;
DROP TABLE api_keys;
ALTER TABLE api_keys_with_scopes RENAME TO api_keys;
CREATE TABLE shares (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    level TEXT NOT NULL CHECK (level IN ('aggregate', 'mentions')),
    filter TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE repeats (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    at INTEGER NOT NULL,
    sealed BLOB,
    PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX repeats_at ON repeats (at);
";

/// A rendition outlives its definition: `report` is no reference. Its files are in the data folder.
const REPORTS: &str = "
CREATE TABLE reports (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    definition TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_due INTEGER NOT NULL
) STRICT;
CREATE TABLE renditions (
    id TEXT PRIMARY KEY,
    report TEXT NOT NULL,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    form TEXT NOT NULL,
    from_time INTEGER NOT NULL,
    until_time INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    approved_by TEXT,
    approved_at INTEGER,
    recipients TEXT NOT NULL
) STRICT;
CREATE INDEX renditions_made ON renditions (project, made_at);
";

/// What other vendors' exports say of posts. A post is named by its key, as everywhere.
const VENDOR_LABELS: &str = "
CREATE TABLE vendor_labels (
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    vendor TEXT NOT NULL,
    query TEXT NOT NULL,
    post BLOB NOT NULL,
    at INTEGER NOT NULL,
    sentiment TEXT CHECK (sentiment IN ('negative', 'neutral', 'positive')),
    PRIMARY KEY (project, vendor, query, post)
) STRICT, WITHOUT ROWID;
CREATE INDEX vendor_labels_post ON vendor_labels (post);
CREATE INDEX vendor_labels_at ON vendor_labels (project, vendor, at);
";

/// Letters that wait to be sent. The name says what a letter tells, and whom.
const OUTBOX: &str = "
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    letter TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    tries INTEGER NOT NULL,
    at INTEGER NOT NULL,
    said TEXT,
    UNIQUE (project, name)
) STRICT;
CREATE INDEX outbox_due ON outbox (state, at);
";

/// Opens or makes the database and brings its schema forward.
pub(super) fn open(path: &Path) -> Result<Connection> {
    open_as(path, APPLICATION)
}

/// The same of a database that a move fills.
pub(super) fn open_filling(path: &Path) -> Result<Connection> {
    open_as(path, FILLING)
}

/// Whether a move fills the database of a file. One that is empty was just made for that.
pub(super) fn is_filling(path: &Path) -> Result<bool> {
    let at = |source| Error::Open {
        path: path.to_path_buf(),
        source,
    };
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(at)?;
    let found: u32 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(at)?;
    Ok(found == FILLING || found == 0)
}

/// Makes a filled database one like any other, as part of a change.
pub(super) fn end_filling(connection: &Connection) -> Result<()> {
    Ok(connection.pragma_update(None, "application_id", APPLICATION)?)
}

fn open_as(path: &Path, application: u32) -> Result<Connection> {
    let at = |source| Error::Open {
        path: path.to_path_buf(),
        source,
    };
    private_file(path)?;
    let mut connection = Connection::open(path).map_err(at)?;
    configure(&connection).map_err(at)?;
    migrate(&mut connection, path, application)?;
    Ok(connection)
}

/// Opens a database of exactly this program's schema to be read, while a server may be writing it. Changes nothing.
pub(super) fn open_to_read(path: &Path) -> Result<Connection> {
    let at = |source| Error::Open {
        path: path.to_path_buf(),
        source,
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(at)?;
    connection
        .busy_timeout(std::time::Duration::from_secs(5))
        .map_err(at)?;
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    let (application, found) = (
        number("application_id").map_err(at)?,
        number("user_version").map_err(at)?,
    );
    let (path, supported) = (path.to_path_buf(), STEPS.len() as u32);
    match found.cmp(&supported) {
        _ if application != APPLICATION => Err(Error::Foreign { path }),
        Ordering::Greater => Err(Error::Newer {
            path,
            found,
            supported,
        }),
        Ordering::Less => Err(Error::Older {
            path,
            found,
            supported,
        }),
        Ordering::Equal => Ok(connection),
    }
}

/// The file is the owner's alone from its first byte on; SQLite gives its side files the same mode.
fn private_file(path: &Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop).map_err(Error::io("open", path))
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    connection.pragma_update(None, "trusted_schema", false)
}

fn migrate(connection: &mut Connection, path: &Path, ours: u32) -> Result<()> {
    let supported = STEPS.len() as u32;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number = |name| transaction.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
    let (application, found) = (number("application_id")?, number("user_version")?);
    let tables: u32 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != ours && (application, found, tables) != (0, 0, 0) {
        return Err(Error::Foreign {
            path: path.to_path_buf(),
        });
    }
    if found > supported {
        return Err(Error::Newer {
            path: path.to_path_buf(),
            found,
            supported,
        });
    }
    for step in &STEPS[found as usize..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", ours)?;
    transaction.pragma_update(None, "user_version", supported)?;
    transaction.commit()?;
    Ok(())
}
