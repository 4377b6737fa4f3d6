//! The audit log: who opened, revealed, erased or changed what. Rows are only ever added.
//!
//! Each row holds `HMAC-SHA-256(K, hash of the row before ‖ its own content)`, where `K` is derived from `K_id`; what the
//! newest row is stands in the settings under the same kind of mark. A row that was changed, taken out, put in or cut
//! off the end breaks the chain, unless whoever did it has the keys. Receipts carry the newest row's number and hash,
//! so that a log set back as a whole can be told from the outside.

use super::access::AccessRole;
use super::error::{Error, Result};
use super::{Control, from_sql, settings, to_sql};
use crate::control::sql::{self, Connection, OptionalExtension, Row, Transaction, params};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

const HEAD: &str = "audit.head";
const MAX_TEXT: usize = 500;
type Hash = [u8; 32];

/// What somebody did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The purpose of opening originals was picked.
    Purpose,
    /// An original was opened.
    Open,
    /// The person behind a pseudonym was shown.
    Reveal,
    /// An erasure was asked for.
    Erase,
    /// An erasure came to its end.
    Erased,
    /// Bytes of what was deleted were taken off the disk.
    Purge,
    /// Data left the installation.
    Export,
    /// A key of the installation was replaced.
    KeyRotated,
    /// An API key was made.
    ApiKeyMade,
    /// An API key was withdrawn.
    ApiKeyRevoked,
    /// A backup was written.
    Backup,
    /// A backup was put back.
    Restore,
    /// All mentions were moved to another store, or the control state to another database.
    Moved,
    /// Authors were put on the suppression list.
    Suppress,
    /// A source was added.
    SourceAdded,
    /// A source was changed.
    SourceChanged,
    /// A source was removed.
    SourceRemoved,
    /// A platform's terms were accepted.
    PolicyAccepted,
    /// How long data is kept was changed.
    RetentionChanged,
    /// A classifier of one's own was made, labelled, put in force or removed.
    ClassifierChanged,
    /// A classifier of one's own was trained.
    ClassifierTrained,
    /// A monitor's mentions were judged relevant or not, its relevance model trained, put in force or set.
    RelevanceChanged,
    /// Marks of mentions were changed, or a change undone.
    MarksChanged,
    /// A rule was made, changed or removed.
    RuleChanged,
    /// The own accounts of a monitor were set.
    AccountsChanged,
    /// What is expected of a monitor's query was changed.
    ExpectationsChanged,
    /// A user was added.
    UserAdded,
    /// A user's name, roles or state was changed.
    UserChanged,
    /// A user was removed.
    UserRemoved,
    /// A password was set.
    PasswordSet,
    /// An invitation or a reset was made.
    LinkMade,
    /// An invitation or a reset was made void.
    LinkRevoked,
    /// Somebody signed in.
    SignedIn,
    /// A session was ended.
    SignedOut,
    /// A share link was made.
    ShareMade,
    /// A share link was withdrawn.
    ShareRevoked,
    /// Something else was changed: the details say which route.
    Changed,
    /// A report was made.
    ReportMade,
    /// A report was approved: it may be handed out.
    ReportApproved,
    /// A trial letter was sent.
    MailTested,
    /// A report left the installation.
    ReportDownloaded,
    /// What another vendor says of posts was brought along.
    VendorImport,
    /// A note on a mention was written, changed or removed.
    NoteChanged,
    /// When an item is due was set, or a project's target.
    DueSet,
    /// Our own account answered a mention.
    Answered,
    /// Where mentions are handed over to was set up, changed or removed.
    DeskChanged,
    /// A mention was handed over to another system.
    HandedOver,
    /// Another system told of a ticket.
    TicketChanged,
    /// Whether a monitor keeps context was set.
    ContextChanged,
    /// A sample of posts was drawn to be labelled.
    AuditDrawn,
    /// Posts of a sample were labelled.
    AuditLabelled,
    /// Where alerts go was set up, changed, tried or removed.
    DestinationChanged,
    /// An explanation was sent to the language model of `[rephrase]`.
    Rephrased,
}

impl Action {
    /// The name in the log.
    pub fn name(self) -> &'static str {
        match self {
            Action::Purpose => "purpose",
            Action::Open => "open",
            Action::Reveal => "reveal",
            Action::Erase => "erase",
            Action::Erased => "erased",
            Action::Purge => "purge",
            Action::Export => "export",
            Action::KeyRotated => "key_rotated",
            Action::ApiKeyMade => "api_key_made",
            Action::ApiKeyRevoked => "api_key_revoked",
            Action::Backup => "backup",
            Action::Restore => "restore",
            Action::Moved => "moved",
            Action::Suppress => "suppress",
            Action::SourceAdded => "source_added",
            Action::SourceChanged => "source_changed",
            Action::SourceRemoved => "source_removed",
            Action::PolicyAccepted => "policy_accepted",
            Action::RetentionChanged => "retention_changed",
            Action::ClassifierChanged => "classifier_changed",
            Action::ClassifierTrained => "classifier_trained",
            Action::RelevanceChanged => "relevance_changed",
            Action::MarksChanged => "marks_changed",
            Action::RuleChanged => "rule_changed",
            Action::AccountsChanged => "accounts_changed",
            Action::ExpectationsChanged => "expectations_changed",
            Action::UserAdded => "user_added",
            Action::UserChanged => "user_changed",
            Action::UserRemoved => "user_removed",
            Action::PasswordSet => "password_set",
            Action::LinkMade => "link_made",
            Action::LinkRevoked => "link_revoked",
            Action::SignedIn => "signed_in",
            Action::SignedOut => "signed_out",
            Action::ShareMade => "share_made",
            Action::ShareRevoked => "share_revoked",
            Action::Changed => "changed",
            Action::ReportMade => "report_made",
            Action::ReportApproved => "report_approved",
            Action::MailTested => "mail_tested",
            Action::ReportDownloaded => "report_downloaded",
            Action::VendorImport => "vendor_import",
            Action::NoteChanged => "note_changed",
            Action::DueSet => "due_set",
            Action::Answered => "answered",
            Action::DeskChanged => "desk_changed",
            Action::HandedOver => "handed_over",
            Action::TicketChanged => "ticket_changed",
            Action::ContextChanged => "context_changed",
            Action::AuditDrawn => "audit_drawn",
            Action::AuditLabelled => "audit_labelled",
            Action::DestinationChanged => "destination_changed",
            Action::Rephrased => "rephrased",
        }
    }
}

/// Something to be put down. It names no person: `subject` is a post key or a pseudonym, and `reason` is the
/// operator's own words (see [`crate::privacy::plain_reason`]).
#[derive(Debug, Clone)]
pub struct Event {
    /// Who: `local`, `password`, `user:<id>`, `key:<id>`, `share:<id>`, `single sign-on`, `command line`, `server`.
    pub actor: String,
    /// With which role.
    pub role: AccessRole,
    /// What.
    pub action: Action,
    /// To which post or author, as a pseudonym.
    pub subject: Option<String>,
    /// In which project.
    pub project: Option<String>,
    /// Purpose or reason.
    pub reason: Option<String>,
    /// More, such as counts.
    pub details: serde_json::Value,
}

impl Event {
    /// An event of this actor with nothing but its action.
    pub fn new(actor: &str, role: AccessRole, action: Action) -> Self {
        Self {
            actor: actor.to_owned(),
            role,
            action,
            subject: None,
            project: None,
            reason: None,
            details: serde_json::Value::Null,
        }
    }

    /// The same with a subject.
    pub fn on(mut self, subject: impl ToString) -> Self {
        self.subject = Some(subject.to_string());
        self
    }

    /// The same in a project.
    pub fn within(mut self, project: impl ToString) -> Self {
        self.project = Some(project.to_string());
        self
    }

    /// The same with a purpose or reason.
    pub fn because(mut self, reason: impl ToString) -> Self {
        self.reason = Some(reason.to_string());
        self
    }

    /// The same with details.
    pub fn with(mut self, details: serde_json::Value) -> Self {
        self.details = details;
        self
    }
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    /// From 1, without holes.
    pub number: u64,
    /// When.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// With which role.
    pub role: String,
    /// What.
    pub action: String,
    /// To which post or author, as a pseudonym.
    pub subject: Option<String>,
    /// In which project.
    pub project: Option<String>,
    /// Purpose or reason.
    pub reason: Option<String>,
    /// More, as JSON.
    pub details: String,
    /// The chain's mark of this row, in hexadecimal digits.
    pub hash: String,
}

/// Whether the log is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// Rows.
    pub rows: u64,
    /// The mark of the newest row, in hexadecimal digits.
    pub head: Option<String>,
    /// What does not hold; `None` where all does.
    pub fault: Option<String>,
}

impl Control {
    /// Puts something down, durably.
    pub fn audit(&self, event: &Event) -> Result<()> {
        self.write(|db| append(db, &self.keys().id, event))
    }

    /// Rows below `before` (the newest where `None`), newest first.
    pub fn audit_page(&self, before: Option<u64>, limit: usize) -> Result<Vec<AuditRow>> {
        self.read(|db| {
            let mut find = db.prepare_cached(&format!(
                "{COLUMNS} WHERE number < ?1 ORDER BY number DESC LIMIT ?2"
            ))?;
            let before = before.map_or(i64::MAX, to_sql);
            let rows = find.query_map(params![before, to_sql(limit as u64)], |row| Ok(read(row)?.0))?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Follows the chain from its first row to its last.
    pub fn audit_chain(&self) -> Result<Chain> {
        let key = chain_key(&self.keys().id);
        self.read(|db| verify(db, &key))
    }
}

impl Control {
    /// A mark of this installation under a line of the ledger of erasures.
    pub(crate) fn ledger_mark(&self, line: &[u8]) -> String {
        hex(&mac(&mac(&self.keys().id, &[b"ledger"]), &[line]))
    }
}

/// Rows of the chain that are read at once.
const PAGE: u32 = 1_000;

const COLUMNS: &str =
    "SELECT number, at, actor, role, action, subject, project, reason, details, hash FROM audit";

fn read(row: &Row<'_>) -> sql::Result<(AuditRow, Vec<u8>)> {
    let hash: Vec<u8> = row.get(9)?;
    let read = AuditRow {
        number: from_sql(row.get(0)?),
        at: row.get(1)?,
        actor: row.get(2)?,
        role: row.get(3)?,
        action: row.get(4)?,
        subject: row.get(5)?,
        project: row.get(6)?,
        reason: row.get(7)?,
        details: row.get(8)?,
        hash: hex(&hash),
    };
    Ok((read, hash))
}

/// Puts something down as part of a change.
pub(super) fn append(db: &Transaction<'_>, id_key: &[u8; 32], event: &Event) -> Result<()> {
    let key = chain_key(id_key);
    let newest: Option<(i64, Hash)> = db
        .query_row(
            "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let (last, previous) = newest.unwrap_or((0, [0; 32]));
    let cut = |text: &Option<String>| {
        text.as_ref()
            .map(|t| t.chars().take(MAX_TEXT).collect::<String>())
    };
    let row = AuditRow {
        number: from_sql(last + 1),
        at: crate::clock::now(),
        actor: event.actor.clone(),
        role: event.role.name().to_owned(),
        action: event.action.name().to_owned(),
        subject: cut(&event.subject),
        project: cut(&event.project),
        reason: cut(&event.reason),
        details: event.details.to_string(),
        hash: String::new(),
    };
    let hash = mark(&key, &previous, &row);
    db.execute(
        "INSERT INTO audit (number, at, actor, role, action, subject, project, reason, details, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            last + 1,
            row.at,
            row.actor,
            row.role,
            row.action,
            row.subject,
            row.project,
            row.reason,
            row.details,
            hash
        ],
    )?;
    settings::set(db, HEAD, &head_mark(&key, row.number, &hash))
}

fn verify(db: &Connection, key: &Hash) -> Result<Chain> {
    let mut all = db.prepare(&format!("{COLUMNS} WHERE number > ?1 ORDER BY number LIMIT ?2"))?;
    let (mut previous, mut number) = ([0; 32], 0);
    let mut fault = None;
    // In pages: a server sends an answer whole.
    while fault.is_none() {
        let page = all.query_map(params![to_sql(number), PAGE], read)?;
        let page = page.collect::<sql::Result<Vec<_>>>()?;
        let is_last = page.is_empty();
        for (row, hash) in page {
            let expected = mark(key, &previous, &row);
            fault = match () {
                () if row.number != number + 1 => Some(format!("row {} is missing", number + 1)),
                () if hash != expected => Some(format!("row {} or one beside it was changed", row.number)),
                () => None,
            };
            if fault.is_some() {
                break;
            }
            (previous, number) = (expected, row.number);
        }
        if is_last {
            break;
        }
    }
    if fault.is_none() {
        let head = settings::get(db, HEAD)?;
        let expected = (number > 0).then(|| head_mark(key, number, &previous));
        fault = (head != expected).then(|| format!("rows after row {number} were cut off"));
    }
    Ok(Chain {
        rows: number,
        head: (number > 0).then(|| hex(&previous)),
        fault,
    })
}

fn chain_key(id_key: &[u8; 32]) -> Hash {
    mac(id_key, &[b"audit chain"])
}

fn mark(key: &Hash, previous: &Hash, row: &AuditRow) -> Hash {
    let (number, at) = (row.number.to_le_bytes(), row.at.to_le_bytes());
    let optional = |text: &Option<String>| text.as_ref().map(|t| format!("={t}")).unwrap_or_default();
    let (subject, project, reason) = (
        optional(&row.subject),
        optional(&row.project),
        optional(&row.reason),
    );
    mac(
        key,
        &[
            previous,
            &number,
            &at,
            row.actor.as_bytes(),
            row.role.as_bytes(),
            row.action.as_bytes(),
            subject.as_bytes(),
            project.as_bytes(),
            reason.as_bytes(),
            row.details.as_bytes(),
        ],
    )
}

fn head_mark(key: &Hash, number: u64, hash: &Hash) -> String {
    hex(&mac(key, &[b"head", &number.to_le_bytes(), hash]))
}

/// HMAC-SHA-256 over parts, each with its length before it.
pub(super) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Hash {
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    block[..32].copy_from_slice(key);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block);
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The bytes behind hexadecimal digits.
pub(crate) fn from_hex(digits: &str) -> Result<Vec<u8>> {
    let bad = Error::Invalid("these are no hexadecimal digits");
    if !digits.is_ascii() || !digits.len().is_multiple_of(2) {
        return Err(bad);
    }
    let pair = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    let bytes: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(pair).collect();
    bytes.ok_or(bad)
}
