//! Asking for an account: its media, comments, tags, mentions, and hashtags.

use super::config::{Config, Login};
use super::hashtags::{self, Book};
use super::{PLATFORM, map, mentions};
use crate::error::Refused;
use crate::graph::{Call, Graph, Listing, LongLived, Renewal};
use crate::http::{Trouble, TroubleKind};
use crate::report::Estimate;
use crate::source::{Context, Past};
use crate::sweep::{Again, Ask, Found, Page, Reach, Reader};
use post::RawPost;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

const MEDIUM: &str = "id,caption,media_type,media_url,thumbnail_url,alt_text,permalink,timestamp,username,owner,\
    like_count,comments_count,children{media_type,media_url,thumbnail_url,alt_text}";
/// Of others' media.
const OTHERS: &str = "id,caption,media_type,media_url,permalink,timestamp,username,like_count,comments_count";
/// What a hashtag shows: no author.
const TAGGED: &str = "id,caption,media_type,media_url,permalink,timestamp,like_count,comments_count,\
    children{media_type,media_url}";
const COMMENT: &str = "id,text,timestamp,username,from,like_count,hidden,media,parent_id,\
    replies{id,text,timestamp,username,from,like_count,hidden}";
/// A hashtag's recent media are those of so long.
const RECENT_MEDIA: Duration = Duration::from_secs(86_400);

/// A list of the account.
#[derive(Debug, Clone)]
pub(super) enum List {
    Media,
    Tags,
    Mentions,
    Hashtag { name: String, top: bool },
    Comments(String),
}

/// Asks for one account.
pub(super) struct Account {
    config: Config,
    graph: Graph,
    token: LongLived,
    book: Book,
    /// Whether it was said that a wish cannot be asked.
    said: AtomicBool,
}

#[derive(Deserialize)]
struct Mentioned {
    #[serde(default)]
    mentioned_media: Option<Box<RawValue>>,
    #[serde(default)]
    mentioned_comment: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Counted {
    #[serde(default)]
    media_count: Option<u64>,
}

#[derive(Deserialize)]
struct Tag {
    id: String,
}

impl Account {
    pub(super) fn new(config: Config, context: &Context) -> Result<Self, Trouble> {
        let facebook = config.login == Login::Facebook;
        // Proofs are of Facebook's tokens.
        let secret = config.app_secret.clone().filter(|_| facebook);
        let graph = Graph::new(config.graph_url(), &config.version, secret, &context.health)?;
        let base = config.graph_url().trim_end_matches('/').to_owned();
        let token = LongLived {
            configured: config.token.clone(),
            renewal: if facebook {
                Renewal::Facebook
            } else {
                Renewal::Instagram
            },
            base: if facebook {
                format!("{base}/{}", config.version)
            } else {
                base
            },
            app_id: config.app_id.clone(),
            app_secret: config.app_secret.clone(),
            keep: context.keep.clone(),
        };
        Ok(Self {
            book: Book::open(context.keep.clone()),
            config,
            graph,
            token,
            said: AtomicBool::new(false),
        })
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Trouble> {
        let token = self.token.access(&self.graph.http).await?;
        self.graph.ask(call, &token).await
    }

    /// The hashtags of the configuration and the monitors, as many as the quota allows.
    fn hashtags(&self, context: &Context) -> Vec<String> {
        if self.config.login != Login::Facebook {
            return Vec::new();
        }
        let mut names: Vec<String> = self
            .config
            .hashtags
            .iter()
            .filter_map(|t| hashtags::cleaned(t))
            .collect();
        let (mut wanted, mut all) = (BTreeSet::new(), true);
        if self.config.search_monitors {
            (wanted, all) = hashtags::wanted(&context.wanted.borrow());
        }
        names.extend(wanted);
        let before = names.len();
        let mut seen = BTreeSet::new();
        names.retain(|n| seen.insert(n.clone()) && self.book.has_room(n));
        names.truncate(hashtags::MOST);
        if (!all || names.len() < before) && !self.said.swap(true, Relaxed) {
            context.report.say(
                "Instagram is searched by hashtags only, 30 different ones in 7 days: some of what is looked for is not asked",
            );
            tracing::warn!("instagram: some of what is looked for cannot be asked by hashtags");
        }
        names
    }

    async fn hashtag_id(&self, name: &str) -> Result<String, Trouble> {
        if let Some(id) = self.book.take(name)? {
            return Ok(id);
        }
        let call = Call::new("hashtag search", "/ig_hashtag_search")
            .with("user_id", &self.config.user)
            .with("q", name);
        let found: Listing = self.ask(call).await?;
        let tag: Option<Tag> = found
            .data
            .first()
            .and_then(|d| serde_json::from_str(d.get()).ok());
        let Some(tag) = tag.filter(|t| crate::graph::not_an_id("id", &t.id).is_none()) else {
            return Err(Trouble::new(TroubleKind::Missing, "there is no such hashtag"));
        };
        self.book.learn(name, &tag.id)?;
        Ok(tag.id)
    }

    async fn call<'c>(&self, list: &List, ask: &'c Ask) -> Result<Call<'c>, Trouble> {
        let user = &self.config.user;
        let call = match list {
            List::Media => Call::new("media", format!("/{user}/media"))
                .with("fields", MEDIUM)
                .seconds("since", ask.from)
                .seconds("until", ask.until),
            List::Tags => Call::new("tags", format!("/{user}/tags")).with("fields", OTHERS),
            List::Comments(medium) => {
                Call::new("comments", format!("/{medium}/comments")).with("fields", COMMENT)
            }
            List::Hashtag { name, top } => {
                let id = self.hashtag_id(name).await?;
                let edge = if *top { "top_media" } else { "recent_media" };
                Call::new("hashtag media", format!("/{id}/{edge}"))
                    .with("user_id", user)
                    .with("fields", TAGGED)
            }
            List::Mentions => Call::new("mentions", format!("/{user}")),
        };
        Ok(call
            .with("limit", ask.most.to_string())
            .after(ask.after.as_deref()))
    }

    /// The next mention that the webhook told of.
    async fn mention(&self) -> Result<Page, Trouble> {
        let mut page = Page::default();
        let Some(heard) = mentions::next(&self.config.user) else {
            return Ok(page);
        };
        let asked = match &heard.comment {
            Some(comment) => self.mentioned("comment", comment).await,
            None => self.mentioned("media", &heard.medium).await,
        };
        match asked {
            Ok(found) => page.found.extend(found.into_iter().map(Found::only)),
            // Deleted since, or on a medium whose comments are off.
            Err(t) if matches!(t.kind, TroubleKind::Missing | TroubleKind::Rejected) => {
                page.refused
                    .push(Refused::new(t.kind.code(), "mention", t.message));
            }
            Err(trouble) => return Err(trouble),
        }
        mentions::settled(&heard);
        page.after = Some("next".to_owned());
        Ok(page)
    }

    async fn mentioned(&self, what: &str, id: &str) -> Result<Vec<RawPost>, Trouble> {
        if crate::graph::not_an_id("id", id).is_some() {
            return Ok(Vec::new());
        }
        let inner = if what == "media" {
            OTHERS
        } else {
            "id,text,timestamp,like_count,media"
        };
        let fields = format!("mentioned_{what}.{what}_id({id}){{{inner}}}");
        let call = Call::new("mention", format!("/{}", self.config.user)).with("fields", fields);
        let answer: Mentioned = self.ask(call).await?;
        let mut found = Vec::new();
        for raw in [answer.mentioned_media, answer.mentioned_comment]
            .into_iter()
            .flatten()
        {
            let read = map::item(&raw, map::Place::default(), &mut |post| found.push(post));
            read.map_err(|_| Trouble::new(TroubleKind::Malformed, "mention: no such JSON"))?;
        }
        Ok(found)
    }

    async fn one(&self, id: &str, fields: &str, ours: bool) -> Result<RawPost, Trouble> {
        let call = Call::new("post", format!("/{id}")).with("fields", fields);
        let raw: Box<RawValue> = self.ask(call).await?;
        let mut found = Vec::new();
        let place = map::Place {
            ours,
            ..map::Place::default()
        };
        let _ = map::item(&raw, place, &mut |post| found.push(post));
        let first = found.into_iter().next();
        first.ok_or_else(|| Trouble::new(TroubleKind::Rejected, "post: the answer is none"))
    }
}

impl Reader for Account {
    type List = List;

    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn lists(&self, context: &Context) -> Vec<List> {
        let mut lists = vec![List::Media];
        if self.config.login == Login::Facebook {
            lists.extend([List::Tags, List::Mentions]);
        }
        for name in self.hashtags(context) {
            if self.config.top_media {
                let name = name.clone();
                lists.push(List::Hashtag { name, top: true });
            }
            lists.push(List::Hashtag { name, top: false });
        }
        lists
    }

    fn past(&self, context: &Context) -> (Vec<List>, bool) {
        context.report.say(
            "of the past, the account's own posts and their comments are read: Instagram has no other search",
        );
        (vec![List::Media], context.wanted.borrow().is_empty())
    }

    async fn estimate(&self, _: &Context, _: &Past) -> Result<Estimate, Trouble> {
        let call = Call::new("account", format!("/{}", self.config.user)).with("fields", "media_count");
        let posts = self.ask::<Counted>(call).await?.media_count;
        Ok(Estimate {
            posts,
            requests: posts.map(|p| p + p / 50 + 1),
            money: Some(0.0),
            days: Some(0.0),
        })
    }

    fn answers(&self, id: &str) -> Option<List> {
        Some(List::Comments(id.to_owned()))
    }

    fn key(&self, list: &List) -> String {
        match list {
            List::Media => "m".to_owned(),
            List::Tags => "t".to_owned(),
            List::Mentions => "n".to_owned(),
            List::Hashtag { name, top: true } => format!("p:{name}"),
            List::Hashtag { name, top: false } => format!("h:{name}"),
            List::Comments(medium) => format!("c:{medium}"),
        }
    }

    fn reach(&self, list: &List) -> Reach {
        match list {
            List::Media => Reach::Recent,
            List::Tags => Reach::New,
            List::Hashtag { top: false, .. } => Reach::Short(RECENT_MEDIA),
            List::Comments(_) => Reach::Whole,
            List::Hashtag { top: true, .. } | List::Mentions => Reach::All,
        }
    }

    fn ordered(&self, list: &List) -> bool {
        // A new reply stands under an old comment.
        !matches!(list, List::Comments(_))
    }

    fn page_size(&self, _: &List) -> u64 {
        50
    }

    async fn page(&self, _: &Context, list: &List, ask: &Ask) -> Result<Page, Trouble> {
        if matches!(list, List::Mentions) {
            return self.mention().await;
        }
        let listing: Listing = self.ask(self.call(list, ask).await?).await?;
        // Tags name no next page.
        let mut out = Page {
            after: listing.after(matches!(list, List::Tags)),
            ..Page::default()
        };
        let under = match list {
            List::Comments(medium) => Some(medium.as_str()),
            _ => None,
        };
        let place = map::Place {
            under,
            answered: under.map(|_| (Some(self.config.user.as_str()), None)),
            ours: matches!(list, List::Media),
            ..map::Place::default()
        };
        let watch = matches!(list, List::Media);
        let community = match list {
            List::Hashtag { name, .. } => Some(format!("#{name}")),
            _ => None,
        };
        for raw in &listing.data {
            let read = map::item(raw, place, &mut |mut post| {
                post.community.clone_from(&community);
                out.found.push(Found {
                    at: None,
                    watch,
                    post,
                });
            });
            if let Err(message) = read {
                out.refused.push(Refused::new("malformed", "list", message));
            }
        }
        Ok(out)
    }

    async fn again(&self, context: &Context, id: &str) -> Result<Again, Trouble> {
        if crate::graph::not_an_id("id", id).is_some() {
            return Ok(Again::Untold);
        }
        let mut asked = self.one(id, MEDIUM, true).await;
        // A comment has other fields.
        if matches!(&asked, Err(t) if t.kind == TroubleKind::Rejected) {
            asked = self.one(id, COMMENT, false).await;
        }
        let missing = matches!(&asked, Err(t) if t.kind == TroubleKind::Missing);
        if missing && self.config.login == Login::Facebook {
            for what in ["media", "comment"] {
                if let Ok(mut found) = self.mentioned(what, id).await
                    && let Some(post) = found.pop()
                {
                    return Ok(Again::There(Box::new(post)));
                }
            }
            // What was found by hashtags or tags cannot be read by its id, gone or not.
            let others = !self.hashtags(context).is_empty();
            return Ok(if others { Again::Untold } else { Again::Gone });
        }
        Again::of(asked)
    }

    async fn probe(&self, _: &Context) -> Result<Vec<String>, Trouble> {
        let token = self.token.access(&self.graph.http).await?;
        let me = self.graph.who(&self.config.user, "username", &token).await?;
        let mut lines = vec![match me.username {
            Some(_) => "the account can be read".to_owned(),
            None => "the account tells no name".to_owned(),
        }];
        if self.config.login == Login::Instagram {
            lines.push("tags, mentions and hashtags need login = \"facebook\"".to_owned());
        }
        Ok(lines)
    }
}
