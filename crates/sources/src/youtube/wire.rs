//! What the Data API sends: lists of resources.

use super::config::is_token;
use super::map;
use post::RawPost;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::HashMap;

/// What an answer holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Videos and comments, in the answer's order.
    pub(super) posts: Vec<RawPost>,
    /// Comments that have replies.
    pub(super) threads: Vec<Thread>,
    /// Channels.
    pub(super) channels: Vec<Channel>,
    /// What could not be read, and why.
    pub(super) refused: Vec<String>,
    /// Resources that are no posts.
    pub(super) ignored: usize,
    /// Resources in the list.
    pub(super) items: usize,
    /// Names the next page.
    pub(super) next: Option<String>,
}

/// A comment and how many replies it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thread {
    pub(super) id: String,
    pub(super) video: Option<String>,
    /// Who wrote it.
    pub(super) author: Option<String>,
    pub(super) replies: u64,
    /// How many of them came with it.
    pub(super) here: u64,
}

/// A channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Channel {
    pub(super) id: String,
    pub(super) title: Option<String>,
    /// Without `@`.
    pub(super) handle: Option<String>,
    /// ISO 3166-1 alpha-2, as the channel says.
    pub(super) country: Option<String>,
    pub(super) uploads: Option<String>,
    pub(super) followers: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct List {
    kind: Option<String>,
    items: Option<Vec<Box<RawValue>>>,
    next_page_token: Option<String>,
}

/// A resource of any kind. Fields not listed are left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Item {
    pub(super) kind: Option<String>,
    pub(super) id: Option<Id>,
    pub(super) snippet: Option<Snippet>,
    pub(super) statistics: Option<Statistics>,
    pub(super) status: Option<Status>,
    pub(super) content_details: Option<ContentDetails>,
    pub(super) replies: Option<Replies>,
}

/// A text, or (in search results) an object that says of what kind the thing found is.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Id {
    Text(String),
    Resource(Resource),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Resource {
    pub(super) video_id: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Snippet {
    pub(super) published_at: Option<String>,
    pub(super) updated_at: Option<String>,
    pub(super) channel_id: Option<String>,
    pub(super) channel_title: Option<String>,
    pub(super) video_owner_channel_id: Option<String>,
    pub(super) video_owner_channel_title: Option<String>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) thumbnails: Option<HashMap<String, Thumbnail>>,
    pub(super) default_language: Option<String>,
    pub(super) default_audio_language: Option<String>,
    pub(super) resource_id: Option<Resource>,
    /// Of an activity: `upload`, `like`, ….
    #[serde(rename = "type")]
    pub(super) activity: Option<String>,
    pub(super) video_id: Option<String>,
    pub(super) parent_id: Option<String>,
    pub(super) text_original: Option<String>,
    pub(super) text_display: Option<String>,
    pub(super) author_display_name: Option<String>,
    pub(super) author_channel_id: Option<ChannelId>,
    #[serde(deserialize_with = "count")]
    pub(super) like_count: Option<u64>,
    pub(super) top_level_comment: Option<Box<Item>>,
    #[serde(deserialize_with = "count")]
    pub(super) total_reply_count: Option<u64>,
    pub(super) is_public: Option<bool>,
    pub(super) country: Option<String>,
    pub(super) custom_url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Thumbnail {
    pub(super) url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChannelId {
    pub(super) value: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Statistics {
    #[serde(deserialize_with = "count")]
    pub(super) view_count: Option<u64>,
    #[serde(deserialize_with = "count")]
    pub(super) like_count: Option<u64>,
    #[serde(deserialize_with = "count")]
    pub(super) comment_count: Option<u64>,
    #[serde(deserialize_with = "count")]
    subscriber_count: Option<u64>,
    hidden_subscriber_count: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Status {
    pub(super) privacy_status: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ContentDetails {
    pub(super) video_id: Option<String>,
    pub(super) video_published_at: Option<String>,
    pub(super) upload: Option<Resource>,
    pub(super) content_rating: Option<Rating>,
    related_playlists: Option<Playlists>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Rating {
    pub(super) yt_rating: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Playlists {
    uploads: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Replies {
    pub(super) comments: Vec<Item>,
}

/// A number, or a number written as text; anything else is not known.
fn count<'de, D: Deserializer<'de>>(d: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Plain(u64),
        Text(String),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Number::deserialize(d)? {
        Number::Plain(n) => Some(n),
        Number::Text(text) => text.parse().ok(),
        Number::Other(_) => None,
    })
}

/// Reads an answer: a list, or one resource. A resource that cannot be read is refused alone.
pub(super) fn read(text: &str) -> Result<Found, String> {
    let said = |e: serde_json::Error| format!("no such JSON at line {}, column {}", e.line(), e.column());
    let list: List = crate::json::parse(text).map_err(said)?;
    let mut found = Found::default();
    match list.items {
        Some(items) => {
            found.items = items.len();
            found.next = list.next_page_token.filter(|t| !t.is_empty());
            items.iter().for_each(|i| found.item(i.get()));
        }
        None if list.kind.as_deref().is_some_and(|k| !k.ends_with("Response")) => found.item(text),
        None => {}
    }
    Ok(found)
}

impl Found {
    fn item(&mut self, text: &str) {
        let item: Item = match crate::json::parse(text) {
            Ok(item) => item,
            Err(e) => {
                return self.refused.push(format!(
                    "a resource that cannot be read, at column {}",
                    e.column()
                ));
            }
        };
        match item.kind.as_deref() {
            Some("youtube#video" | "youtube#searchResult" | "youtube#playlistItem" | "youtube#activity") => {
                match map::video(item) {
                    Some(post) => self.posts.push(post),
                    // A channel or a playlist that was found, a video that was liked.
                    None => self.ignored += 1,
                }
            }
            Some("youtube#comment") => self.posts.extend(map::comment(item, None, None)),
            Some("youtube#commentThread") => self.thread(item),
            Some("youtube#channel") => self.channels.extend(channel(item)),
            _ => self.ignored += 1,
        }
    }

    fn thread(&mut self, item: Item) {
        let snippet = item.snippet.unwrap_or_default();
        let (video, replies) = (snippet.video_id, snippet.total_reply_count);
        let Some(mut post) = snippet
            .top_level_comment
            .and_then(|top| map::comment(*top, video.as_deref(), None))
        else {
            return self.refused.push("a thread without its comment".to_owned());
        };
        post.counts.replies = replies;
        if snippet.is_public == Some(false) {
            post.visibility = Some("private".to_owned());
        }
        let author = post.author.clone().and_then(|a| a.handle);
        let answers = item.replies.map(|r| r.comments).unwrap_or_default();
        let id = post
            .uid
            .as_deref()
            .and_then(|u| u.split_once(':'))
            .map(|(_, id)| id.to_owned());
        self.threads.extend(id.map(|id| Thread {
            id,
            video: video.clone(),
            author: author.clone(),
            replies: replies.unwrap_or(0),
            here: answers.len() as u64,
        }));
        self.posts.push(post);
        let answers = answers.into_iter();
        self.posts
            .extend(answers.filter_map(|a| map::comment(a, video.as_deref(), author.as_deref())));
    }
}

fn channel(item: Item) -> Option<Channel> {
    let Some(Id::Text(id)) = item.id else { return None };
    let snippet = item.snippet.unwrap_or_default();
    let statistics = item.statistics.unwrap_or_default();
    let hidden = statistics.hidden_subscriber_count == Some(true);
    Some(Channel {
        id: Some(id).filter(|id| is_token(id))?,
        title: snippet.title,
        handle: snippet.custom_url.map(|u| u.trim_start_matches('@').to_owned()),
        country: snippet.country.filter(|c| c.len() == 2),
        uploads: item.content_details.and_then(|d| d.related_playlists?.uploads),
        followers: statistics.subscriber_count.filter(|_| !hidden),
    })
}
