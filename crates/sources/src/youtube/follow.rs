//! Following what is new: channels, their videos and comments, and searches.

use super::api::{Api, PAGE};
use super::ask::{Ask, What, key};
use super::config::{self, Config, is_video, video_id};
use super::map::published_by;
use super::query::queries;
use super::wire::{Channel, Found, Thread};
use crate::error::Refused;
use crate::health::Gap;
use crate::http::{Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round, now_ms};
use crate::seen::Seen;
use crate::source::{Context, Delivery, SourceEvent};
use crate::wanted::Wanted;
use post::{Kind, RawPost};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// Posts remembered so that they are not delivered again.
const REMEMBERED: usize = 20_000;
/// Searches a day that are spread over it; the rest of the 100 is left to searches of the past.
const SEARCHES_A_DAY: f64 = 80.0;
/// How often channels are asked what they are called and where they are.
const CHANNELS_MS: i64 = 86_400_000;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// Up to when each list is known, milliseconds since 1970.
    marks: BTreeMap<String, i64>,
    /// Videos found by searching whose comments are read.
    videos: VecDeque<String>,
}

/// The state of following.
pub(super) struct Follow {
    config: Config,
    api: Api,
    due: VecDeque<Ask>,
    cursor: Cursor,
    channels: BTreeMap<String, Channel>,
    channels_at: i64,
    searched_at: i64,
    wanted: Option<Arc<Vec<Wanted>>>,
    searches: Vec<String>,
    /// How many replies a comment had when they were last read.
    replies: HashMap<String, u64>,
    seen: Seen,
    read: bool,
    trouble: Option<Trouble>,
    /// The cursor delivered last.
    told: Option<String>,
    started_at: i64,
}

impl Follow {
    pub(super) fn new(config: Config, api: Api, context: &Context) -> Self {
        let cursor = context.cursor.as_deref().map(serde_json::from_str::<Cursor>);
        if let Some(Err(_)) = &cursor {
            tracing::warn!("youtube: the stored cursor is none, starting now");
        }
        Self {
            config,
            api,
            due: VecDeque::new(),
            cursor: cursor.and_then(Result::ok).unwrap_or_default(),
            channels: BTreeMap::new(),
            channels_at: 0,
            searched_at: 0,
            wanted: None,
            searches: Vec::new(),
            replies: HashMap::new(),
            seen: Seen::new(REMEMBERED).counting(),
            read: false,
            trouble: None,
            told: context.cursor.clone(),
            started_at: now_ms(),
        }
    }

    /// What a cycle asks.
    fn plan(&mut self, context: &Context) -> Vec<Refused> {
        let now = now_ms();
        if now - self.channels_at >= CHANNELS_MS {
            self.channels_at = now;
            self.ask_for_channels();
        }
        let known = self
            .channels
            .values()
            .filter_map(|c| Some((c.id.clone(), c.uploads.clone()?)));
        let uploads: Vec<What> = known.map(|(id, list)| What::Uploads(id, list)).collect();
        self.due.extend(uploads.into_iter().map(Ask::from));
        if self.config.comments {
            let channels = self.channels.keys().cloned().map(What::ChannelComments);
            let named = self
                .config
                .videos
                .iter()
                .filter_map(|v| video_id(v))
                .map(str::to_owned);
            let videos = named
                .chain(self.cursor.videos.iter().cloned())
                .map(What::VideoComments);
            self.due.extend(channels.chain(videos).map(Ask::from));
        }
        let refused = self.search_for(context);
        let spread = self.searches.len() as f64 * 86_400.0 / SEARCHES_A_DAY;
        let every = (self.config.search_seconds.max(spread) * 1000.0) as i64;
        if now - self.searched_at >= every {
            self.searched_at = now;
            self.due
                .extend(self.searches.iter().cloned().map(What::Search).map(Ask::from));
        }
        refused
    }

    fn ask_for_channels(&mut self) {
        let named = self.config.channels.iter().filter_map(|c| config::channel(c));
        let (mut ids, mut asks) = (Vec::new(), Vec::new());
        for channel in named {
            match channel {
                config::Channel::Id(id) => ids.push(id),
                config::Channel::Handle(handle) => asks.push(What::Handle(handle)),
            }
        }
        asks.extend(ids.chunks(PAGE).map(|c| What::Channels(c.to_vec())));
        self.due.extend(asks.into_iter().map(Ask::from));
    }

    fn search_for(&mut self, context: &Context) -> Vec<Refused> {
        let wanted = context.wanted.borrow().clone();
        if self.wanted.as_ref() == Some(&wanted) {
            return Vec::new();
        }
        let (mut asked, unasked) = match self.config.search_wanted {
            true => queries(&wanted),
            false => (Vec::new(), 0),
        };
        asked.extend(self.config.searches.iter().cloned());
        if self.searches != asked {
            self.searched_at = 0;
        }
        self.searches = asked;
        self.wanted = Some(wanted);
        let why = "a monitor is too wide to be searched for: only the channels named are read for it";
        (0..unasked).map(|_| Refused::new("too_wide", "", why)).collect()
    }

    /// Takes an answer: what is to be delivered, and what is to be asked next.
    fn took(&mut self, ask: Ask, mut found: Found, context: &Context) -> Delivery {
        let mut delivery = Delivery::default();
        let refused = found.refused.drain(..);
        delivery.refused = refused.map(|why| Refused::new("malformed", "", why)).collect();
        (0..found.ignored).for_each(|_| context.health.ignored());
        match &ask.what {
            What::Channels(_) | What::Handle(_) => {
                self.meet(found.channels);
            }
            What::Uploads(..) => self.look_at(&ask, &found, context),
            What::Search(_) => {
                self.look_at(&ask, &found, context);
                self.adopt(&found);
            }
            What::Videos(_) => self.deliver(found.posts, None, context, &mut delivery),
            What::ChannelComments(id) => {
                self.read_replies(&found.threads);
                self.walk(&ask, &found, context);
                let channel = self.channels.get(id).cloned();
                self.deliver(found.posts, channel.as_ref(), context, &mut delivery);
            }
            What::VideoComments(_) => {
                self.read_replies(&found.threads);
                self.walk(&ask, &found, context);
                self.deliver(found.posts, None, context, &mut delivery);
            }
            What::Replies(thread) => {
                if found.next.is_some() && !ask.is_last() {
                    self.due.push_front(ask.next(&found, 0));
                }
                let posts = found.posts.into_iter().map(|p| within(p, thread)).collect();
                self.deliver(posts, None, context, &mut delivery);
            }
        }
        delivery
    }

    /// Channels are known now: they are read at once.
    fn meet(&mut self, channels: Vec<Channel>) {
        for channel in channels {
            if !self.channels.contains_key(&channel.id) {
                let uploads = channel.uploads.clone();
                self.due
                    .extend(uploads.map(|list| What::Uploads(channel.id.clone(), list).into()));
                let comments = self
                    .config
                    .comments
                    .then(|| What::ChannelComments(channel.id.clone()).into());
                self.due.extend(comments);
            }
            self.channels.insert(channel.id.clone(), channel);
        }
    }

    /// Asks for the videos of a list whole, and for the list's next page.
    fn look_at(&mut self, ask: &Ask, found: &Found, context: &Context) {
        let ids: Vec<String> = found.posts.iter().filter_map(native).collect();
        self.walk(ask, found, context);
        if !ids.is_empty() {
            self.due.push_front(What::Videos(ids).into());
        }
    }

    /// Comments of videos found by searching are read too, of the latest ones.
    fn adopt(&mut self, found: &Found) {
        for id in found.posts.iter().rev().filter_map(native) {
            if !self.cursor.videos.contains(&id) {
                self.cursor.videos.push_front(id);
            }
        }
        self.cursor.videos.truncate(self.config.followed_videos);
        let videos = &self.cursor.videos;
        let is_old = |key: &String| {
            key.strip_prefix("video/")
                .is_some_and(|id| is_video(id) && !videos.iter().any(|v| v == id))
        };
        let named: Vec<&str> = self.config.videos.iter().filter_map(|v| video_id(v)).collect();
        self.cursor
            .marks
            .retain(|key, _| !is_old(key) || named.iter().any(|n| key.ends_with(n)));
    }

    /// Goes on to the next page until what is known is reached; then the newest of all pages is the mark.
    fn walk(&mut self, ask: &Ask, found: &Found, context: &Context) {
        let times = || found.posts.iter().filter(|p| !is_reply(p)).filter_map(created);
        let top = times().max().unwrap_or(0).max(ask.top);
        let mark = self.mark(&ask.what);
        let reached = match (&ask.what, mark) {
            // A search asks only for what is newer.
            (What::Search(_), _) => false,
            (_, None) => true,
            (_, Some(mark)) => times().any(|at| at <= mark),
        };
        match (!reached && found.next.is_some(), mark) {
            (true, _) if !ask.is_last() => return self.due.push_front(ask.next(found, top)),
            (true, Some(mark)) => context.health.gap(Gap {
                from: mark,
                until: times().min().unwrap_or(mark),
                reason: format!("this list is read back {} pages at most", ask.pages + 1),
                repaired: false,
            }),
            _ => {}
        }
        let last = self.due.iter().all(|a| !matches!(a.what, What::Search(_)));
        let top = match ask.what {
            What::Search(_) if !last => return,
            What::Search(_) => self.searched_at,
            _ => top,
        };
        if top > mark.unwrap_or(-1) {
            self.cursor.marks.insert(key(&ask.what), top);
        }
    }

    /// At most five replies come with a comment; where there are more, or new ones, they are asked for.
    fn read_replies(&mut self, threads: &[Thread]) {
        if self.replies.len() > REMEMBERED {
            self.replies.clear();
        }
        for thread in threads {
            let before = self.replies.insert(thread.id.clone(), thread.replies);
            if thread.replies > thread.here && before != Some(thread.replies) {
                self.due.push_front(What::Replies(thread.clone()).into());
            }
        }
    }

    fn deliver(
        &mut self,
        posts: Vec<RawPost>,
        channel: Option<&Channel>,
        context: &Context,
        delivery: &mut Delivery,
    ) {
        for mut post in posts.into_iter().rev() {
            let is_video = post.kind == Kind::Video;
            let author = post
                .author
                .as_ref()
                .and_then(|a| a.id.as_ref())
                .filter(|_| is_video);
            if let Some(channel) = channel.or_else(|| self.channels.get(author?)) {
                published_by(&mut post, channel);
            }
            if self.seen.news(&mut post) {
                // What was published before is late by intent.
                let fresh = created(&post).filter(|at| *at >= self.started_at);
                let lag = fresh.map(|at| now_ms() - at);
                context.health.arrived(now_ms(), lag);
                delivery.events.push(SourceEvent::Post(Box::new(post)));
            }
        }
    }

    fn mark(&self, what: &What) -> Option<i64> {
        self.cursor.marks.get(&key(what)).copied()
    }

    /// This list cannot be read (comments switched off, gone, private): the others still can.
    fn left_out(&mut self, ask: &Ask, trouble: Trouble) -> Delivery {
        if matches!(ask.what, What::Channels(_) | What::Handle(_)) {
            self.channels_at = 0;
        }
        let place = match &ask.what {
            What::Channels(_) | What::Handle(_) | What::Uploads(..) => "a channel",
            What::Videos(_) => "a list of videos",
            What::ChannelComments(_) | What::VideoComments(_) | What::Replies(_) => "comments",
            What::Search(_) => "a search",
        };
        let refused = vec![Refused::new(trouble.kind.code(), place, trouble.message.clone())];
        self.trouble = Some(trouble);
        Delivery {
            refused,
            ..Delivery::default()
        }
    }
}

impl Poll for Follow {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let Some(ask) = self.due.front().cloned() else {
            if let Some(trouble) = self.trouble.take().filter(|_| !self.read) {
                return Err(trouble);
            }
            self.read = false;
            let refused = self.plan(context);
            let delivery = Delivery {
                refused,
                ..Delivery::default()
            };
            let next = match self.due.is_empty() {
                true => Next::After(Duration::from_secs_f64(self.config.poll_seconds)),
                false => Next::Now,
            };
            return Ok(Round { delivery, next });
        };
        let answer = ask.send(&self.api, self.mark(&ask.what)).await;
        let mut delivery = match answer {
            // The bucket of searches is empty until tomorrow: channels go on.
            Err(trouble) if matches!(ask.what, What::Search(_)) && trouble.kind == TroubleKind::Exhausted => {
                self.due.retain(|a| !matches!(a.what, What::Search(_)));
                self.read = true;
                self.left_out(&ask, trouble)
            }
            Err(trouble) if stays(&trouble) => {
                self.due.pop_front();
                self.left_out(&ask, trouble)
            }
            Err(trouble) => return Err(trouble),
            Ok(found) => {
                self.due.pop_front();
                self.read = true;
                self.took(ask, found, context)
            }
        };
        // What a list only names is delivered by requests behind it: only then is its mark durable.
        let pending = |a: &Ask| matches!(a.what, What::Videos(_) | What::Replies(_));
        if !self.due.iter().any(pending) {
            let cursor = serde_json::to_string(&self.cursor).ok();
            if cursor != self.told {
                self.told.clone_from(&cursor);
                delivery.cursor = cursor;
            }
        }
        let next = match self.due.is_empty() {
            true if self.read => Next::After(Duration::from_secs_f64(self.config.poll_seconds)),
            _ => Next::Now,
        };
        Ok(Round { delivery, next })
    }
}

/// Trouble with one list, which asking again soon does not heal.
fn stays(trouble: &Trouble) -> bool {
    matches!(
        trouble.kind,
        TroubleKind::Forbidden | TroubleKind::Missing | TroubleKind::Rejected
    )
}

/// The id of a video or comment.
pub(super) fn native(post: &RawPost) -> Option<String> {
    Some(post.uid.as_deref()?.split_once(':')?.1.to_owned())
}

pub(super) fn created(post: &RawPost) -> Option<i64> {
    crate::time::millis(post.created_at.as_deref()?)
}

fn is_reply(post: &RawPost) -> bool {
    post.reply_to.is_some() && post.reply_to != post.thread_root
}

/// What a list of replies does not say: the video, and who is answered.
fn within(mut post: RawPost, thread: &Thread) -> RawPost {
    if let (Some(video), Some(id)) = (&thread.video, native(&post)) {
        post.thread_root = Some(super::map::uid(video));
        post.permalink = Some(format!("https://www.youtube.com/watch?v={video}&lc={id}"));
    }
    let answered = thread
        .author
        .clone()
        .filter(|a| !post.mentions.iter().any(|m| m.handle.as_ref() == Some(a)));
    if let Some(handle) = answered {
        let mention = post::RawMention {
            id: None,
            handle: Some(handle),
        };
        post.mentions.insert(0, mention);
    }
    post
}
