//! A row (a JSON object, or a CSV record as one) becomes a post.

use super::columns::{ColumnMap, Field};
use super::dates::to_rfc3339;
use foldhash::HashMap;
use post::{Event, Kind, Media, RawAuthor, RawMention, RawPost};
use serde::Deserialize;
use serde_json::{Map, Value};

/// What a column turned out to be.
#[derive(Debug, Clone, Copy)]
enum Column {
    Field(Field, usize),
    /// Mapped by hand: read by path before the others.
    Mapped,
    Unknown,
}

/// The most column names remembered (and warned of).
const MAX_COLUMNS: usize = 1000;

/// Turns rows into posts, remembering what each column means.
#[derive(Debug)]
pub(crate) struct Mapper {
    map: ColumnMap,
    platform: Option<String>,
    keep_ids: bool,
    columns: HashMap<String, Column>,
}

/// A column that is not understood, or a value that is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// No field has this name.
    UnknownColumn(String),
    /// The value of this field is not of its kind, and was left out.
    BadValue(&'static str),
}

impl Mapper {
    pub(crate) fn new(map: ColumnMap, platform: Option<String>, keep_ids: bool) -> Self {
        Self {
            map,
            platform,
            keep_ids,
            columns: HashMap::default(),
        }
    }

    /// Makes a post of a row; calls `doubt` for each column or value it could not use, except for unknown columns
    /// it called of before.
    pub(crate) fn post(&mut self, mut row: Map<String, Value>, doubt: &mut dyn FnMut(Doubt)) -> RawPost {
        let mut post = RawPost::default();
        let mut kind_known = false;
        let mut filled = [usize::MAX; Field::Visibility as usize + 1];
        let mapped: Vec<_> = self
            .map
            .entries
            .iter()
            .filter_map(|(f, path)| Some((*f, at_path(&mut row, path)?)))
            .collect();
        for (field, value) in mapped {
            filled[field as usize] = 0;
            kind_known |= field == Field::Kind;
            set(&mut post, field, value, doubt);
        }
        for (name, value) in row {
            let Column::Field(field, rank) = self.column(&name, doubt) else {
                continue;
            };
            // Of two columns with the same meaning the better name wins, whatever their order.
            if value.is_null() || filled[field as usize] <= rank {
                continue;
            }
            filled[field as usize] = rank;
            kind_known |= field == Field::Kind;
            set(&mut post, field, value, doubt);
        }
        self.finish(&mut post, kind_known);
        post
    }

    fn column(&mut self, name: &str, doubt: &mut dyn FnMut(Doubt)) -> Column {
        if let Some(known) = self.columns.get(name) {
            return *known;
        }
        let by_hand =
            |path: &str| path == name || path.strip_prefix(name).is_some_and(|r| r.starts_with('.'));
        let column = if self.map.entries.iter().any(|(_, path)| by_hand(path)) {
            Column::Mapped
        } else {
            Field::of_column(name).map_or(Column::Unknown, |(f, rank)| Column::Field(f, rank))
        };
        if self.columns.len() < MAX_COLUMNS {
            self.columns.insert(name.to_owned(), column);
            if matches!(column, Column::Unknown) {
                doubt(Doubt::UnknownColumn(name.to_owned()));
            }
        }
        column
    }

    fn finish(&self, post: &mut RawPost, kind_known: bool) {
        if post.platform.is_none() {
            post.platform.clone_from(&self.platform);
        }
        if !kind_known && post.kind == Kind::Post {
            post.kind = match post {
                RawPost {
                    repost_of: Some(_), ..
                } => Kind::Repost,
                RawPost {
                    reply_to: Some(_), ..
                } => Kind::Reply,
                RawPost {
                    quote_of: Some(_), ..
                } => Kind::Quote,
                _ => Kind::Post,
            };
        }
        if let (false, Some(platform)) = (self.keep_ids, &post.platform) {
            let ids = [
                &mut post.uid,
                &mut post.reply_to,
                &mut post.thread_root,
                &mut post.repost_of,
                &mut post.quote_of,
            ];
            for id in ids.into_iter().flatten().chain(&mut post.edit_of) {
                qualify(id, platform);
            }
        }
    }
}

/// Makes `<platform>:<native id>` of a native id.
pub(super) fn qualify(id: &mut String, platform: &str) {
    let qualified = id
        .strip_prefix(platform)
        .is_some_and(|rest| rest.starts_with(':'));
    if !qualified {
        *id = format!("{platform}:{id}");
    }
}

/// Takes what lies at a dotted path, or under the path as one name.
fn at_path(row: &mut Map<String, Value>, path: &str) -> Option<Value> {
    if let Some(value) = row.get(path) {
        return Some(value.clone());
    }
    let (first, rest) = path.split_once('.')?;
    let mut value = row.get(first)?;
    for part in rest.split('.') {
        value = match value {
            Value::Object(fields) => fields.get(part)?,
            Value::Array(items) => items.get(part.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value.clone()).filter(|v| !v.is_null())
}

fn set(post: &mut RawPost, field: Field, value: Value, doubt: &mut dyn FnMut(Doubt)) {
    if try_set(post, field, value).is_none() {
        doubt(Doubt::BadValue(field.name()));
    }
}

/// `None` where the value cannot be read as this field. An empty string is "not known".
fn try_set(post: &mut RawPost, field: Field, value: Value) -> Option<()> {
    match field {
        Field::Text => post.text = text(value)?.unwrap_or_default(),
        Field::Uid => post.uid = id(value)?,
        Field::Platform => post.platform = text(value)?.map(|p| p.to_lowercase()),
        Field::Event => {
            if let Some(name) = text(value)? {
                post.event = Event::deserialize(Value::String(name.to_lowercase())).ok()?;
            }
        }
        Field::Kind => {
            if let Some(name) = text(value)? {
                post.kind = Kind::from_name(&name.to_lowercase())?;
            }
        }
        Field::IsRepost => {
            if flag(value)? == Some(true) {
                post.kind = Kind::Repost;
            }
        }
        Field::CreatedAt => post.created_at = time(value)?,
        Field::SeenAt => post.seen_at = time(value)?,
        Field::EditedAt => post.edited_at = time(value)?,
        Field::Title => post.title = text(value)?,
        Field::ContentWarning => post.content_warning = text(value)?,
        Field::Lang => post.lang = text(value)?,
        Field::LangClaimed => post.lang_claimed = list(value)?,
        Field::Community => post.community = text(value)?,
        Field::ReplyTo => post.reply_to = id(value)?,
        Field::ThreadRoot => post.thread_root = id(value)?,
        Field::RepostOf => post.repost_of = id(value)?,
        Field::QuoteOf => post.quote_of = id(value)?,
        Field::EditOf => post.edit_of = list(value)?,
        Field::Hashtags => {
            post.hashtags = list(value)?
                .into_iter()
                .map(|t| t.trim_start_matches(['#', '＃']).to_owned())
                .collect();
        }
        Field::Mentions => post.mentions = mentions(value)?,
        Field::Urls => post.urls = links(value)?,
        Field::Media => post.media = media(value)?,
        Field::Country => post.country = text(value)?,
        Field::Permalink => post.permalink = text(value)?,
        Field::Visibility => post.visibility = text(value)?,
        Field::Counts => counts(post, value)?,
        Field::Likes => post.counts.likes = count(value)?,
        Field::Reposts => post.counts.reposts = count(value)?,
        Field::Replies => post.counts.replies = count(value)?,
        Field::Quotes => post.counts.quotes = count(value)?,
        Field::Views => post.counts.views = count(value)?,
        _ => return set_author(post.author.get_or_insert_default(), field, value),
    }
    Some(())
}

fn set_author(author: &mut RawAuthor, field: Field, value: Value) -> Option<()> {
    match field {
        Field::AuthorId => author.id = id(value)?,
        Field::AuthorHandle => author.handle = text(value)?.map(|h| without_at(&h)),
        Field::AuthorName => author.name = text(value)?,
        Field::AuthorFollowers => author.followers = count(value)?,
        Field::AuthorVerified => author.verified = flag(value)?,
        Field::AuthorBot => author.bot = flag(value)?,
        _ => whole_author(author, value)?,
    }
    Some(())
}

/// An author as an object (of the interchange form, or Twitter's), or as a bare handle.
fn whole_author(author: &mut RawAuthor, value: Value) -> Option<()> {
    let Value::Object(fields) = value else {
        author.handle = text(value)?.map(|h| without_at(&h));
        return Some(());
    };
    for (name, value) in fields {
        let field = match name.as_str() {
            "id" | "id_str" => Field::AuthorId,
            "handle" | "screen_name" | "username" => Field::AuthorHandle,
            "name" | "displayName" => Field::AuthorName,
            "followers" | "followers_count" => Field::AuthorFollowers,
            "verified" => Field::AuthorVerified,
            "bot" => Field::AuthorBot,
            _ => continue,
        };
        set_author(author, field, value)?;
    }
    Some(())
}

fn counts(post: &mut RawPost, value: Value) -> Option<()> {
    let Value::Object(fields) = value else {
        return value.is_null().then_some(());
    };
    for (name, value) in fields {
        let slot = match name.as_str() {
            "likes" => &mut post.counts.likes,
            "reposts" => &mut post.counts.reposts,
            "replies" => &mut post.counts.replies,
            "quotes" => &mut post.counts.quotes,
            "views" => &mut post.counts.views,
            _ => continue,
        };
        *slot = count(value)?;
    }
    Some(())
}

fn without_at(handle: &str) -> String {
    handle.trim().trim_start_matches('@').to_owned()
}

/// The outer `None` means "not readable", the inner one "not known".
fn text(value: Value) -> Option<Option<String>> {
    match value {
        Value::Null => Some(None),
        Value::String(s) => Some((!s.is_empty()).then_some(s)),
        Value::Number(n) => Some(Some(n.to_string())),
        Value::Bool(b) => Some(Some(b.to_string())),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// An id; what a spreadsheet made of a whole number (`3.0`) is made a whole number again.
fn id(value: Value) -> Option<Option<String>> {
    let text = text(value)?
        .map(|t| t.trim().to_owned())
        .filter(|t| !t.is_empty());
    Some(text.map(|t| match t.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole.to_owned(),
        _ => t,
    }))
}

/// A time; what cannot be read is handed on, for admission to count.
fn time(value: Value) -> Option<Option<String>> {
    Some(text(value)?.map(|t| to_rfc3339(&t).unwrap_or(t)))
}

fn flag(value: Value) -> Option<Option<bool>> {
    let Some(text) = text(value)? else {
        return Some(None);
    };
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "t" => Some(Some(true)),
        "false" | "0" | "no" | "f" => Some(Some(false)),
        _ => None,
    }
}

/// A count: a whole number, as such, as text, with thousands' commas, or as a spreadsheet's float. A score below
/// zero is no count and not known.
fn count(value: Value) -> Option<Option<u64>> {
    let Some(text) = id(value)? else { return Some(None) };
    let digits = if text.contains(',') {
        text.replace(',', "")
    } else {
        text
    };
    match digits.strip_prefix('-') {
        Some(below) => below.parse::<u64>().ok().map(|_| None),
        None => digits.parse().ok().map(Some),
    }
}

/// A list, or its elements in one string, parted by blanks, commas, semicolons or bars.
fn list(value: Value) -> Option<Vec<String>> {
    parted(value, ",;|")
}

/// The same of links, which may hold commas and semicolons.
fn links(value: Value) -> Option<Vec<String>> {
    parted(value, "|")
}

fn parted(value: Value, separators: &str) -> Option<Vec<String>> {
    let text_list = match value {
        Value::Array(items) => {
            let texts: Option<Vec<_>> = items.into_iter().map(text).collect();
            return texts.map(|t| t.into_iter().flatten().collect());
        }
        other => text(other)?.unwrap_or_default(),
    };
    // A CSV column may hold a list as JSON.
    if let Some(items) = text_list
        .starts_with('[')
        .then(|| serde_json::from_str(&text_list).ok())
        .flatten()
    {
        return parted(Value::Array(items), separators);
    }
    let parts = text_list.split(|c: char| c.is_whitespace() || separators.contains(c));
    Some(parts.filter(|p| !p.is_empty()).map(str::to_owned).collect())
}

fn mentions(value: Value) -> Option<Vec<RawMention>> {
    let of_name = |name: String| RawMention {
        id: None,
        handle: Some(without_at(&name)),
    };
    let Value::Array(items) = value else {
        return Some(list(value)?.into_iter().map(of_name).collect());
    };
    let of_item = |item| match item {
        Value::Object(mut fields) => Some(RawMention {
            id: id(fields.remove("id").unwrap_or_default())?,
            handle: text(fields.remove("handle").unwrap_or_default())?.map(|h| without_at(&h)),
        }),
        other => text(other)?.map(of_name),
    };
    items.into_iter().map(of_item).collect()
}

fn media(value: Value) -> Option<Vec<Media>> {
    match value {
        Value::Array(items) => items
            .into_iter()
            .map(|item| match item {
                Value::String(url) => Some(Media {
                    url: Some(url),
                    ..Media::default()
                }),
                other => Media::deserialize(other).ok(),
            })
            .collect(),
        other => Some(
            links(other)?
                .into_iter()
                .map(|u| Media {
                    url: Some(u),
                    ..Media::default()
                })
                .collect(),
        ),
    }
}
