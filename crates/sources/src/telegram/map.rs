//! An update of the Bot API becomes a post.

use super::PLATFORM;
use crate::time::from_seconds;
use post::{Event, Kind, Media, RawAuthor, RawMention, RawPost};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// An update. Kinds that are not posts (reactions, callbacks, kinds not known yet) are not read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Update {
    /// Its number. The next question confirms it.
    pub update_id: Option<i64>,
    message: Option<Message>,
    edited_message: Option<Message>,
    channel_post: Option<Message>,
    edited_channel_post: Option<Message>,
}

/// A message of a channel or group.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Message {
    message_id: Option<i64>,
    from: Option<User>,
    sender_chat: Option<Chat>,
    chat: Option<Chat>,
    date: Option<i64>,
    edit_date: Option<i64>,
    text: Option<String>,
    entities: Vec<Entity>,
    caption: Option<String>,
    caption_entities: Vec<Entity>,
    photo: Option<IgnoredAny>,
    video: Option<IgnoredAny>,
    video_note: Option<IgnoredAny>,
    animation: Option<IgnoredAny>,
    audio: Option<IgnoredAny>,
    voice: Option<IgnoredAny>,
    document: Option<IgnoredAny>,
    sticker: Option<IgnoredAny>,
    has_media_spoiler: bool,
    poll: Option<Poll>,
    quote: Option<Quote>,
    reply_to_message: Option<Box<Message>>,
    forward_origin: Option<Origin>,
    // What older servers say instead of `forward_origin`.
    forward_date: Option<i64>,
    forward_from_chat: Option<Chat>,
    forward_from_message_id: Option<i64>,
}

/// A channel, group or private chat.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Chat {
    /// Up to 52 bits, negative for groups and channels.
    id: Option<i64>,
    #[serde(rename = "type")]
    kind: Option<String>,
    title: Option<String>,
    username: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct User {
    id: Option<i64>,
    is_bot: Option<bool>,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Entity {
    #[serde(rename = "type")]
    kind: String,
    /// In UTF-16 code units.
    offset: usize,
    length: usize,
    url: Option<String>,
    user: Option<User>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Poll {
    question: String,
    options: Vec<Choice>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Choice {
    text: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Quote {
    text: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Origin {
    /// Of a post of a channel.
    chat: Option<Chat>,
    message_id: Option<i64>,
}

impl Update {
    /// The post it tells of (recordings put several into one update); none for another kind of update, a private
    /// chat, a service message.
    pub fn posts(self) -> impl Iterator<Item = RawPost> {
        [
            (self.channel_post, Event::Create),
            (self.message, Event::Create),
            (self.edited_channel_post, Event::Edit),
            (self.edited_message, Event::Edit),
        ]
        .into_iter()
        .filter_map(|(message, event)| message?.post(event))
    }
}

impl Message {
    /// The post it is, `None` where it is none: in a private chat, or nothing but a notice (somebody joined, a group
    /// moved).
    pub fn post(self, event: Event) -> Option<RawPost> {
        let chat = self.chat.clone()?;
        if !matches!(chat.kind.as_deref(), Some("channel" | "group" | "supergroup")) {
            return None;
        }
        let (chat_id, number) = (chat.id?, self.message_id?);
        let mut post = RawPost {
            uid: Some(uid(chat_id, number)),
            platform: Some(PLATFORM.to_owned()),
            event,
            author: Some(self.author(&chat)),
            created_at: self.date.and_then(from_seconds),
            edited_at: self.edit_date.and_then(from_seconds),
            community: chat.username.clone().or_else(|| chat.title.clone()),
            media: self.media(),
            quoted_text: self.quote.map(|q| q.text).filter(|t| !t.is_empty()),
            reply_to: self
                .reply_to_message
                .as_ref()
                .and_then(|r| Some(uid(chat_id, r.message_id?))),
            permalink: chat
                .username
                .as_ref()
                .map(|n| format!("https://t.me/{n}/{number}")),
            // Without a public name only members can read it.
            visibility: Some(
                if chat.username.is_some() {
                    "public"
                } else {
                    "members"
                }
                .to_owned(),
            ),
            sensitive: self.has_media_spoiler.then_some(true),
            ..RawPost::default()
        };
        let origin = self.forward_origin.as_ref();
        let forwarded = origin.is_some() || self.forward_date.is_some();
        let origin_chat = origin
            .and_then(|o| o.chat.as_ref())
            .or(self.forward_from_chat.as_ref());
        let origin_number = origin.and_then(|o| o.message_id).or(self.forward_from_message_id);
        post.repost_of = origin_chat
            .and_then(|c| c.id)
            .zip(origin_number)
            .map(|(chat, number)| uid(chat, number));
        post.kind = match (forwarded, &post.reply_to) {
            (true, _) => Kind::Repost,
            (false, Some(_)) => Kind::Reply,
            (false, None) => Kind::Post,
        };
        match (self.text, self.caption, self.poll) {
            (Some(text), ..) => fill_text(&mut post, text, self.entities),
            (None, Some(caption), _) => fill_text(&mut post, caption, self.caption_entities),
            (None, None, Some(poll)) => {
                let lines = std::iter::once(poll.question).chain(poll.options.into_iter().map(|o| o.text));
                post.text = lines.collect::<Vec<_>>().join("\n");
            }
            (None, None, None) => {}
        }
        if let Some(answered) = self.reply_to_message.and_then(|r| r.from) {
            put_first(&mut post.mentions, answered);
        }
        (!post.text.is_empty() || !post.media.is_empty()).then_some(post)
    }

    /// A channel, or a group in whose name an administrator writes, stands before the account that types.
    fn author(&self, chat: &Chat) -> RawAuthor {
        let of_chat = |c: &Chat| RawAuthor {
            id: c.id.map(|id| id.to_string()),
            handle: c.username.clone(),
            name: c.title.clone(),
            ..RawAuthor::default()
        };
        match (&self.sender_chat, &self.from) {
            (Some(sender), _) => of_chat(sender),
            (None, Some(user)) => RawAuthor {
                id: user.id.map(|id| id.to_string()),
                handle: user.username.clone(),
                name: user.name(),
                bot: user.is_bot,
                ..RawAuthor::default()
            },
            (None, None) => of_chat(chat),
        }
    }

    /// What is shown. A file's address holds the bot's token, so there is none.
    fn media(&self) -> Vec<Media> {
        // An animation is sent as a document as well.
        let document = self.document.filter(|_| self.animation.is_none());
        [
            (self.photo, "image"),
            (self.video, "video"),
            (self.video_note, "video"),
            (self.animation, "gif"),
            (self.audio, "audio"),
            (self.voice, "audio"),
            (document, "document"),
            (self.sticker, "sticker"),
        ]
        .into_iter()
        .filter(|(found, _)| found.is_some())
        .map(|(_, kind)| Media {
            kind: kind.to_owned(),
            ..Media::default()
        })
        .collect()
    }
}

impl User {
    fn name(&self) -> Option<String> {
        let names: Vec<&str> = [&self.first_name, &self.last_name]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        (!names.is_empty()).then(|| names.join(" "))
    }
}

/// `telegram:<chat>/<message>`; a message's number is its chat's own.
fn uid(chat: i64, message: i64) -> String {
    format!("{PLATFORM}:{chat}/{message}")
}

fn fill_text(post: &mut RawPost, text: String, entities: Vec<Entity>) {
    for entity in entities {
        let shown = slice(&text, entity.offset, entity.length);
        match (entity.kind.as_str(), shown) {
            ("hashtag", Some(tag)) => post.hashtags.push(bare(tag, '#')),
            ("mention", Some(name)) => post.mentions.push(RawMention {
                id: None,
                handle: Some(bare(name, '@')),
            }),
            ("text_mention", _) => post.mentions.extend(entity.user.map(mention)),
            ("url", Some(url)) => post.urls.push(url.to_owned()),
            ("text_link", _) => post.urls.extend(entity.url),
            _ => {}
        }
    }
    post.text = text;
}

/// `#tag` without its sign, and without the name of the channel that may follow (`#tag@channel`).
fn bare(shown: &str, sign: char) -> String {
    let name = shown.trim_start_matches(sign);
    name.split('@').next().unwrap_or(name).to_owned()
}

fn mention(user: User) -> RawMention {
    RawMention {
        id: user.id.map(|id| id.to_string()),
        handle: user.username,
    }
}

fn put_first(mentions: &mut Vec<RawMention>, answered: User) {
    let answered = mention(answered);
    mentions.retain(|m| m.id.is_none() || m.id != answered.id);
    mentions.retain(|m| m.handle.is_none() || m.handle != answered.handle);
    mentions.insert(0, answered);
}

/// The part of a text that begins and ends at these UTF-16 code units.
fn slice(text: &str, offset: usize, length: usize) -> Option<&str> {
    let end = offset.checked_add(length)?;
    let start = byte_of(text, offset)?;
    text.get(start..byte_of(text, end)?)
}

/// The byte at which a UTF-16 code unit begins; `None` inside a character or behind the text.
fn byte_of(text: &str, unit: usize) -> Option<usize> {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        if units >= unit {
            return (units == unit).then_some(at);
        }
        units += c.len_utf16();
    }
    (units == unit).then_some(text.len())
}
