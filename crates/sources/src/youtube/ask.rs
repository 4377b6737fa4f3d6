//! The requests of following.

use super::api::{Api, PAGE, SEARCH, UNITS};
use super::wire::{Found, Thread};
use crate::http::{Request, Trouble};
use crate::poll::now_ms;

/// Pages walked back at most, of one list.
const MAX_PAGES: u32 = 40;
/// … of one search: there are 100 a day.
const MAX_SEARCH_PAGES: u32 = 3;
/// Searches find videos late: each looks back this far behind the one before.
const OVERLAP_MS: i64 = 6 * 3_600_000;
/// How far back the first search looks.
const FIRST_MS: i64 = 24 * 3_600_000;
/// The mark of all searches.
const SEARCHED: &str = "search";

/// A request that is due, and how many pages of its list were read before.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ask {
    pub(super) what: What,
    pub(super) page: Option<String>,
    pub(super) pages: u32,
    /// The newest of the pages before.
    pub(super) top: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum What {
    Channels(Vec<String>),
    Handle(String),
    /// The list of uploads of a channel.
    Uploads(String, String),
    Videos(Vec<String>),
    /// All comments that concern a channel.
    ChannelComments(String),
    VideoComments(String),
    Replies(Thread),
    Search(String),
}

impl Ask {
    /// The next page of the same list; `top` is the newest so far.
    pub(super) fn next(&self, found: &Found, top: i64) -> Self {
        Self {
            what: self.what.clone(),
            page: found.next.clone(),
            pages: self.pages + 1,
            top,
        }
    }

    /// Whether no page behind this one is read.
    pub(super) fn is_last(&self) -> bool {
        let most = match self.what {
            What::Search(_) => MAX_SEARCH_PAGES,
            _ => MAX_PAGES,
        };
        self.pages + 1 >= most
    }

    fn request(&self, api: &Api, mark: Option<i64>) -> Request {
        let comments = || {
            api.list("commentThreads", "snippet,replies")
                .query("order", "time")
        };
        let request = match &self.what {
            What::Channels(ids) => channels(api).query("id", ids.join(",")),
            What::Handle(handle) => channels(api).query("forHandle", handle),
            What::Uploads(_, list) => api
                .list("playlistItems", "snippet,contentDetails")
                .query("playlistId", list),
            What::Videos(ids) => videos(api).query("id", ids.join(",")),
            What::ChannelComments(id) => comments().query("allThreadsRelatedToChannelId", id),
            What::VideoComments(id) => comments().query("videoId", id),
            What::Replies(thread) => api.list("comments", "snippet").query("parentId", &thread.id),
            What::Search(query) => {
                let since = mark.unwrap_or_else(|| now_ms() - FIRST_MS) - OVERLAP_MS;
                search(api, query).query("publishedAfter", time(since))
            }
        };
        let request = match self.what {
            What::ChannelComments(_) | What::VideoComments(_) | What::Replies(_) => request
                .query("maxResults", "100")
                .query("textFormat", "plainText"),
            What::Uploads(..) | What::Search(_) => request.query("maxResults", PAGE.to_string()),
            // What is asked for by id comes whole.
            What::Channels(_) | What::Handle(_) | What::Videos(_) => request,
        };
        request.query_if("pageToken", self.page.as_ref())
    }

    /// Sends it; `mark` is up to when a search was done before.
    pub(super) async fn send(&self, api: &Api, mark: Option<i64>) -> Result<Found, Trouble> {
        let request = self.request(api, mark);
        match self.what {
            What::Search(_) => api.ask(request, SEARCH).await,
            What::Videos(_) => api.posts(request, PAGE).await,
            What::ChannelComments(_) | What::VideoComments(_) | What::Replies(_) => {
                api.posts(request, 2 * PAGE).await
            }
            What::Channels(_) | What::Handle(_) | What::Uploads(..) => api.ask(request, UNITS).await,
        }
    }
}

impl From<What> for Ask {
    fn from(what: What) -> Self {
        Self {
            what,
            page: None,
            pages: 0,
            top: 0,
        }
    }
}

/// Names the mark of a list.
pub(super) fn key(what: &What) -> String {
    match what {
        What::Uploads(channel, _) => format!("uploads/{channel}"),
        What::ChannelComments(channel) => format!("comments/{channel}"),
        What::VideoComments(video) => format!("video/{video}"),
        What::Search(_) => SEARCHED.to_owned(),
        What::Channels(_) | What::Handle(_) | What::Videos(_) | What::Replies(_) => String::new(),
    }
}

pub(super) fn channels(api: &Api) -> Request {
    api.list("channels", "snippet,contentDetails,statistics")
}

pub(super) fn videos(api: &Api) -> Request {
    api.list("videos", "snippet,contentDetails,statistics,status")
}

/// A search for videos, newest first.
pub(super) fn search(api: &Api, query: &str) -> Request {
    api.list("search", "snippet")
        .query("type", "video")
        .query("order", "date")
        .query("q", query)
}

/// RFC 3339, as the API wants times.
pub(super) fn time(ms: i64) -> String {
    crate::time::from_millis(ms.max(0) / 1000 * 1000).unwrap_or_default()
}
