//! Admission: from a raw post to a post.

use crate::id::PostKey;
use crate::links::without_people;
use crate::place::Place;
use crate::post::{Author, Identity, Millis, Post};
use crate::pseudonyms::Pseudonyms;
use crate::raw::{Counts, Event, Kind, Media, RawAuthor, RawPost};
use crate::redact::Redactor;
use crate::refusal::Refusal;
use crate::suppression::{HandleKey, Suppression};
use crate::time::parse_time;
use arc_swap::ArcSwap;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::Arc;
use text::{EntityKind, clean, entities, fold};

/// Longer texts are cut here, with a [`Note::Cut`].
pub const MAX_TEXT_BYTES: usize = 64 << 10;
/// Longer texts are refused.
pub const REFUSED_TEXT_BYTES: usize = 1 << 20;

const MAX_TITLE_BYTES: usize = 2 << 10;
const MAX_QUOTED_BYTES: usize = 8 << 10;
const MAX_FIELD_BYTES: usize = 512;
const MAX_LIST: usize = 64;

/// What the operator decided about admission.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Handles that stay readable: the operator's own, monitored brands', competitors', media's.
    pub public_handles: Vec<String>,
    /// Accounts with at least this many followers act in public; `None` switches the rule off.
    pub public_followers: Option<u64>,
    /// Own addresses, numbers, domains and handles that stay readable.
    pub keep: Vec<String>,
    /// The operator's own accounts, by handle or by the platform's id. They are public, and posts that speak to them
    /// are let in whatever their author's indexing flag.
    pub own: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            public_handles: Vec::new(),
            public_followers: Some(25_000),
            keep: Vec::new(),
            own: Vec::new(),
        }
    }
}

/// What a source's posts keep of who wrote them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The identity is sealed; strangers' names are not readable.
    #[default]
    Sealed,
    /// The author's handle and name stay readable as those of public accounts: for own pages and people who consented.
    /// What is personal in the text is redacted all the same, since it may be somebody else's.
    Clear,
    /// Nothing is sealed and nobody is named, public or not: the pseudonym, the text and the counts remain.
    None,
}

/// The step that lets posts in.
pub struct Admission {
    pseudonyms: Pseudonyms,
    public: HashSet<String>,
    own: Vec<String>,
    public_followers: Option<u64>,
    redactor: Redactor,
    suppressed: ArcSwap<Suppression>,
}

/// What became of a raw post.
#[derive(Debug, Clone, PartialEq)]
pub enum Admitted {
    /// A new or edited post, and the identity to seal beside it.
    Post(Box<Post>, Identity, Vec<Note>),
    /// A post is gone.
    Delete(PostKey, Millis),
    /// Newer counts of a post.
    Engagement(PostKey, Counts, Millis),
}

/// Something mended on the way in, to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Note {
    /// `created_at` was in the future and was set to the arrival.
    FutureTime,
    /// `created_at` was no date and was set to the arrival.
    BadTime,
    /// Control characters were taken out.
    Controls,
    /// The text was cut at [`MAX_TEXT_BYTES`].
    Cut,
    /// Personal data was replaced.
    Redacted,
}

impl Note {
    /// A stable code for counters.
    pub fn code(self) -> &'static str {
        match self {
            Note::FutureTime => "future_time",
            Note::BadTime => "bad_time",
            Note::Controls => "controls",
            Note::Cut => "cut",
            Note::Redacted => "redacted",
        }
    }
}

impl Admission {
    /// Admission under these pseudonyms and this policy, with nobody suppressed.
    pub fn new(pseudonyms: Pseudonyms, policy: &Policy) -> Self {
        let plain = |h: &String| fold(h.trim_start_matches('@'));
        let kept_handles = policy.keep.iter().filter(|k| k.starts_with('@'));
        Self {
            pseudonyms,
            public: policy
                .public_handles
                .iter()
                .chain(&policy.own)
                .chain(kept_handles)
                .map(plain)
                .collect(),
            own: policy.own.iter().map(plain).filter(|o| !o.is_empty()).collect(),
            public_followers: policy.public_followers,
            redactor: Redactor::new(&policy.keep),
            suppressed: ArcSwap::default(),
        }
    }

    /// From now on, posts of these authors are refused, and of no others. Admission going on meanwhile is not held up.
    pub fn suppress(&self, suppressed: Suppression) {
        self.suppressed.store(Arc::new(suppressed));
    }

    /// Whether the author of a post that was let in earlier is refused now.
    pub fn refuses(&self, post: &Post) -> bool {
        let author = post.author.as_ref();
        author.is_some_and(|a| self.suppressed.load().holds(&post.platform, a))
    }

    /// Lets a post in that arrived at `seen_at` from a source of this mode, or says why not.
    pub fn admit(&self, raw: RawPost, mode: Mode, seen_at: Millis) -> Result<Admitted, Refusal> {
        let platform = platform(raw.platform.as_deref());
        let uid = uid(&raw, &platform);
        match (raw.event, uid) {
            (Event::Delete | Event::Withhold, Some(uid)) => {
                Ok(Admitted::Delete(self.pseudonyms.post(&uid), seen_at))
            }
            (Event::Engagement, Some(uid)) => Ok(Admitted::Engagement(
                self.pseudonyms.post(&uid),
                raw.counts,
                seen_at,
            )),
            (Event::Create, uid) => self.admit_post(raw, platform, uid, mode, seen_at),
            (Event::Edit, Some(uid)) => self.admit_post(raw, platform, Some(uid), mode, seen_at),
            (Event::Delete | Event::Withhold, None) => Err(Refusal::NoUid { event: "delete" }),
            (Event::Engagement, None) => Err(Refusal::NoUid { event: "engagement" }),
            (Event::Edit, None) => Err(Refusal::NoUid { event: "edit" }),
        }
    }

    fn admit_post(
        &self,
        raw: RawPost,
        platform: String,
        uid: Option<String>,
        mode: Mode,
        seen_at: Millis,
    ) -> Result<Admitted, Refusal> {
        check(&raw)?;
        if raw.indexable == Some(false) && !speaks_to(&raw, &self.own) {
            return Err(Refusal::NotIndexable);
        }
        let person = raw.author.as_ref();
        let named = self.is_named(person, mode);
        let author = person.and_then(|a| self.author(a, &platform, named));
        if author
            .as_ref()
            .is_some_and(|a| self.suppressed.load().holds(&platform, a))
        {
            return Err(Refusal::Suppressed);
        }
        let mut notes = Vec::new();
        let uid = uid.unwrap_or_else(|| content_uid(&raw, &platform));
        let created_at = created(raw.created_at.as_deref(), seen_at, &mut notes);
        let secrets: Vec<&str> = match person {
            Some(a) if !named => [a.id.as_deref(), a.handle.as_deref()]
                .into_iter()
                .flatten()
                .collect(),
            _ => Vec::new(),
        };
        let cleaned = clean(&raw.text, MAX_TEXT_BYTES);
        if cleaned.cut {
            notes.push(Note::Cut);
        }
        if cleaned.controls > 0 {
            notes.push(Note::Controls);
        }
        let mut field = |s: &str, max: usize| self.protect(&clean(s, max).text, &secrets, &mut notes);
        let text = field(&cleaned.text, MAX_TEXT_BYTES);
        let stated: Vec<String> = raw
            .hashtags
            .iter()
            .take(MAX_LIST)
            .map(|h| field(h, 128))
            .collect();
        let mut filled = |s: &Option<String>, max: usize| {
            let s = s.as_deref().map(|s| field(s, max));
            s.filter(|s| !s.is_empty())
        };
        let post = Post {
            hashtags: hashtags(&stated, &text),
            key: self.pseudonyms.post(&uid),
            event: raw.event,
            kind: raw.kind,
            created_at,
            seen_at,
            edited_at: raw
                .edited_at
                .as_deref()
                .and_then(parse_time)
                .map(|t| t.min(seen_at)),
            author: author.map(|a| if mode == Mode::None { a.without_handle() } else { a }),
            title: filled(&raw.title, MAX_TITLE_BYTES),
            text,
            content_warning: filled(&raw.content_warning, MAX_FIELD_BYTES),
            lang_claimed: raw
                .lang_claimed
                .iter()
                .filter_map(|l| primary_language(l))
                .take(8)
                .collect(),
            lang: raw.lang.as_deref().and_then(primary_language),
            community: filled(&raw.community, MAX_FIELD_BYTES),
            quoted_text: filled(&raw.quoted_text, MAX_QUOTED_BYTES),
            reply_to: self.reference(raw.reply_to.as_deref(), &platform),
            thread_root: self.reference(raw.thread_root.as_deref(), &platform),
            repost_of: self.reference(raw.repost_of.as_deref(), &platform),
            quote_of: self.reference(raw.quote_of.as_deref(), &platform),
            mentions: self.mentions(&raw),
            urls: raw
                .urls
                .iter()
                .take(MAX_LIST)
                .map(|u| field(&without_people(u, &secrets), 4 * MAX_FIELD_BYTES))
                .collect(),
            media: raw
                .media
                .iter()
                .take(MAX_LIST)
                .map(|m| self.media(m, &secrets))
                .collect(),
            counts: raw.counts,
            place: Place::of(&raw),
            utc_offset: raw.utc_offset.and_then(offset),
            sensitive: raw.sensitive,
            indexable: raw.indexable,
            platform,
        };
        let identity = match mode {
            Mode::None => Identity::default(),
            Mode::Sealed | Mode::Clear => identity(uid, raw.permalink, raw.author),
        };
        Ok(Admitted::Post(Box::new(post), identity, notes))
    }

    /// Replaces personal data, people in links, the author's own id and handle, and handles that are not public.
    fn protect(&self, s: &str, secrets: &[&str], notes: &mut Vec<Note>) -> String {
        let redacted = self.redactor.redact(s);
        if redacted.is_some() && !notes.contains(&Note::Redacted) {
            notes.push(Note::Redacted);
        }
        let s = redacted.map_or_else(|| s.to_owned(), |r| r.0);
        self.without_author(self.without_handles(s, secrets), secrets)
    }

    fn without_handles(&self, s: String, secrets: &[&str]) -> String {
        if !s.contains(['@', '＠', '﹫']) && !s.contains("://") && !s.contains("www.") && !s.contains("WWW.")
        {
            return s;
        }
        let mut out = String::with_capacity(s.len());
        let mut at = 0;
        for e in entities(&s) {
            let new = match e.kind {
                EntityKind::Handle if !self.public.contains(&fold(&e.value)) => {
                    format!("@{}", self.pseudonyms.handle(&e.value))
                }
                EntityKind::Url => without_people(&s[e.start..e.end], secrets),
                _ => continue,
            };
            out.push_str(&s[at..e.start]);
            out.push_str(&new);
            at = e.end;
        }
        out.push_str(&s[at..]);
        out
    }

    /// An id or a handle that can be no ordinary word (`did:plc:…`, `ann.example`, `ann_77`) is replaced wherever the
    /// author writes it. A handle that is a word stays: it is met in any text about that word.
    fn without_author(&self, s: String, secrets: &[&str]) -> String {
        let telling = |w: &&&str| w.len() >= 5 && !w.chars().all(char::is_alphabetic);
        secrets.iter().filter(telling).fold(s, |s, w| {
            if s.contains(*w) {
                s.replace(*w, &self.pseudonyms.handle(w))
            } else {
                s
            }
        })
    }

    fn media(&self, m: &Media, secrets: &[&str]) -> Media {
        let alt = m
            .alt
            .as_deref()
            .map(|a| self.protect(&clean(a, MAX_TITLE_BYTES).text, secrets, &mut Vec::new()));
        // A media address often holds the author's id; without it the picture is one click away at the original.
        Media {
            kind: clean(&m.kind, 32).text,
            url: None,
            alt: alt.filter(|a| !a.is_empty()),
        }
    }

    fn mentions(&self, raw: &RawPost) -> Vec<String> {
        let handles = raw.mentions.iter().filter_map(|m| m.handle.as_deref());
        handles
            .take(MAX_LIST)
            .map(|h| {
                let folded = fold(h.trim_start_matches('@'));
                if self.public.contains(&folded) {
                    folded
                } else {
                    self.pseudonyms.handle(h)
                }
            })
            .collect()
    }

    /// Whether the author's handle and name stay readable: in public accounts, and where the source's mode says so.
    fn is_named(&self, author: Option<&RawAuthor>, mode: Mode) -> bool {
        match mode {
            Mode::Sealed => author.is_some_and(|a| self.acts_in_public(a)),
            Mode::Clear => true,
            Mode::None => false,
        }
    }

    fn acts_in_public(&self, a: &RawAuthor) -> bool {
        let listed = a
            .handle
            .as_deref()
            .is_some_and(|h| self.public.contains(&fold(h.trim_start_matches('@'))));
        let large = matches!((a.followers, self.public_followers), (Some(f), Some(min)) if f >= min);
        listed || large || a.organisation == Some(true)
    }

    fn author(&self, a: &RawAuthor, platform: &str, named: bool) -> Option<Author> {
        let id = a.id.as_deref().or(a.handle.as_deref()).or(a.name.as_deref())?;
        let bounded = |s: &Option<String>| s.as_deref().map(|s| clean(s, MAX_FIELD_BYTES).text);
        Some(Author {
            key: self.pseudonyms.author(platform, id),
            handle_token: a.handle.as_deref().map(|h| self.pseudonyms.handle(h)),
            public_handle: if named { bounded(&a.handle) } else { None },
            public_name: if named { bounded(&a.name) } else { None },
            followers: a.followers,
            verified: a.verified,
            bot: a.bot,
        })
    }

    fn reference(&self, uid: Option<&str>, platform: &str) -> Option<PostKey> {
        uid.filter(|u| !u.is_empty())
            .map(|u| self.pseudonyms.post(&with_platform(u, platform)))
    }

    /// The key of an author, for events about accounts and for suppressing them.
    pub fn author_key(&self, platform_name: &str, id: &str) -> crate::AuthorKey {
        self.pseudonyms.author(&platform(Some(platform_name)), id)
    }

    /// What stands for a handle on a platform, for suppressing whoever has it there.
    pub fn handle_key(&self, platform_name: &str, handle: &str) -> HandleKey {
        HandleKey {
            platform: platform(Some(platform_name)),
            token: self.pseudonyms.handle(handle),
        }
    }

    /// The pseudonyms in use, for compiling queries.
    pub fn pseudonyms(&self) -> &Pseudonyms {
        &self.pseudonyms
    }
}

fn identity(uid: String, permalink: Option<String>, author: Option<RawAuthor>) -> Identity {
    let author = author.unwrap_or_default();
    Identity {
        uid,
        permalink,
        author_id: author.id,
        handle: author.handle,
        name: author.name,
    }
}

/// Whether a post is by one of the operator's `own` accounts, names one or answers one.
fn speaks_to(raw: &RawPost, own: &[String]) -> bool {
    if own.is_empty() {
        return false;
    }
    let is_own = |name: &str| own.contains(&fold(name.trim_start_matches('@')));
    let named = |id: &Option<String>, handle: &Option<String>| {
        [id, handle].into_iter().flatten().any(|name| is_own(name))
    };
    // A uid may hold its author's id between signs, such as `at://did:plc:abc/…`.
    let answered = |uid: &String| uid.split('/').any(is_own);
    raw.author.as_ref().is_some_and(|a| named(&a.id, &a.handle))
        || raw.mentions.iter().any(|m| named(&m.id, &m.handle))
        || [&raw.reply_to, &raw.thread_root]
            .into_iter()
            .flatten()
            .any(answered)
        || entities(&raw.text)
            .iter()
            .any(|e| e.kind == EntityKind::Handle && is_own(&e.value))
}

fn check(raw: &RawPost) -> Result<(), Refusal> {
    let bytes = raw.text.len();
    if bytes > REFUSED_TEXT_BYTES {
        return Err(Refusal::TooLong {
            bytes,
            limit: REFUSED_TEXT_BYTES,
        });
    }
    let titled = raw.title.as_deref().is_some_and(|t| !t.trim().is_empty());
    let empty = raw.text.trim().is_empty() && !titled && raw.media.is_empty();
    if empty && raw.repost_of.is_none() && raw.kind != Kind::Repost {
        return Err(Refusal::Empty);
    }
    match raw.visibility.as_deref() {
        None | Some("public" | "unlisted") => Ok(()),
        Some(v) => Err(Refusal::NotPublic {
            visibility: v.chars().take(32).collect(),
        }),
    }
}

fn created(claimed: Option<&str>, seen_at: Millis, notes: &mut Vec<Note>) -> Millis {
    match claimed.map(parse_time) {
        None => seen_at,
        Some(Some(t)) if t <= seen_at => t,
        Some(Some(_)) => {
            notes.push(Note::FutureTime);
            seen_at
        }
        Some(None) => {
            notes.push(Note::BadTime);
            seen_at
        }
    }
}

/// Minutes that a clock on Earth may be ahead of UTC: from -12 to +14 hours.
fn offset(minutes: i32) -> Option<i16> {
    i16::try_from(minutes).ok().filter(|m| (-720..=840).contains(m))
}

fn platform(name: Option<&str>) -> String {
    let name = name.unwrap_or("file").trim().to_lowercase();
    match name.as_str() {
        "twitter" => "x".to_owned(),
        "" => "file".to_owned(),
        _ => name
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
            .take(32)
            .collect(),
    }
}

fn uid(raw: &RawPost, platform: &str) -> Option<String> {
    raw.uid
        .as_deref()
        .filter(|u| !u.is_empty())
        .map(|u| with_platform(u, platform))
}

/// `<platform>:<native id>`, whether or not the platform already stands in front.
fn with_platform(uid: &str, platform: &str) -> String {
    if uid
        .strip_prefix(platform)
        .is_some_and(|rest| rest.starts_with(':'))
    {
        return uid.to_owned();
    }
    let native = if platform == "x" {
        uid.strip_prefix("twitter:").unwrap_or(uid)
    } else {
        uid
    };
    format!("{platform}:{native}")
}

/// The uid of a post that brought none: the same content at the same time by the same author is the same post.
fn content_uid(raw: &RawPost, platform: &str) -> String {
    let author = raw.author.as_ref();
    let parts = [
        author
            .and_then(|a| a.id.as_deref().or(a.handle.as_deref()))
            .unwrap_or_default(),
        raw.created_at.as_deref().unwrap_or_default(),
        raw.title.as_deref().unwrap_or_default(),
        &raw.text,
    ];
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let hex: String = hash.finalize()[..16].iter().map(|b| format!("{b:02x}")).collect();
    format!("{platform}:content-{hex}")
}

/// The platform's list first, then what the text holds; folded duplicates once. Both are read after redaction: a tag
/// can be a telephone number.
fn hashtags(stated: &[String], text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    let found = if text.contains(['#', '＃']) {
        text::hashtags(text)
    } else {
        Vec::new()
    };
    for tag in stated
        .iter()
        .map(|h| h.trim_start_matches('#'))
        .chain(found.iter().map(String::as_str))
    {
        if !tag.is_empty() && out.len() < MAX_LIST && seen.insert(fold(tag)) {
            out.push(tag.to_owned());
        }
    }
    out
}

/// The primary subtag in lower case; `in` and `iw` as X writes them become `id` and `he`; `und` and worse are none.
fn primary_language(tag: &str) -> Option<String> {
    let primary = tag.split(['-', '_']).next()?.to_ascii_lowercase();
    match primary.as_str() {
        "in" => Some("id".to_owned()),
        "iw" => Some("he".to_owned()),
        "und" | "zxx" | "mul" => None,
        p if (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()) => Some(primary),
        _ => None,
    }
}
