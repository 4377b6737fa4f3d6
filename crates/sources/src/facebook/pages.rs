//! Asking for pages: their posts, what tags them, the comments.

use super::config::Config;
use super::{PLATFORM, map};
use crate::error::Refused;
use crate::graph::{Call, Graph, Listing, LongLived, Renewal};
use crate::http::{Trouble, TroubleKind};
use crate::report::Estimate;
use crate::secret::Secret;
use crate::source::{Context, Past};
use crate::sweep::{Again, Ask, Found, Page, Reach, Reader};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

const POST: &str = "id,message,created_time,updated_time,from,permalink_url,parent_id,message_tags,is_hidden,\
    is_published,privacy,shares,reactions.limit(0).summary(true),comments.limit(0).filter(stream).summary(true),\
    attachments{description,title,media,media_type,type,url,unshimmed_url,subattachments}";
const COMMENT: &str = "id,message,created_time,from,permalink_url,message_tags,is_hidden,like_count,comment_count,\
    parent{id,from},attachment";
/// What posts and comments both have.
const EITHER: &str = "id,message,created_time,from,permalink_url,message_tags";

/// A list of a page.
#[derive(Debug, Clone)]
pub(super) enum List {
    Feed(String),
    Tagged(String),
    Comments(String),
}

/// Asks for the configured pages.
pub(super) struct Pages {
    config: Config,
    graph: Graph,
    token: LongLived,
    /// Each page's own token and name.
    pages: Mutex<HashMap<String, Arc<PageToken>>>,
}

struct PageToken {
    token: Secret,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
}

impl Pages {
    pub(super) fn new(config: Config, context: &Context) -> Result<Self, Trouble> {
        let graph = Graph::new(
            &config.graph_url,
            &config.version,
            config.app_secret.clone(),
            &context.health,
        )?;
        let token = LongLived {
            configured: config.token.clone(),
            renewal: Renewal::Facebook,
            base: format!("{}/{}", config.graph_url.trim_end_matches('/'), config.version),
            app_id: config.app_id.clone(),
            app_secret: config.app_secret.clone(),
            keep: context.keep.clone(),
        };
        Ok(Self {
            config,
            graph,
            token,
            pages: Mutex::default(),
        })
    }

    /// The page's own token, where the configured one may ask for it; else the configured one.
    async fn page_token(&self, page: &str) -> Result<Arc<PageToken>, Trouble> {
        if let Some(known) = self.lock().get(page) {
            return Ok(known.clone());
        }
        let token = self.token.access(&self.graph.http).await?;
        let call = Call::new("page", format!("/{page}")).with("fields", "name,access_token");
        let asked: Asked = self.graph.ask(call, &token).await?;
        let own = Arc::new(PageToken {
            token: asked.access_token.map_or(token, Secret::new),
            name: asked.name,
        });
        self.lock().insert(page.to_owned(), own.clone());
        Ok(own)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<PageToken>>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The page whose token reads a post: its owner, or the first one.
    fn page_of<'s>(&'s self, id: &'s str) -> &'s str {
        let owner = map::owner(id).filter(|o| self.config.pages.iter().any(|p| p == o));
        owner.unwrap_or_else(|| self.config.pages.first().map_or("", String::as_str))
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, page: &str, call: Call<'_>) -> Result<T, Trouble> {
        let own = self.page_token(page).await?;
        let answer = self.graph.ask(call, &own.token).await;
        if matches!(&answer, Err(t) if t.kind == TroubleKind::Unauthorized) {
            // The next one is made from the configured token.
            self.lock().remove(page);
        }
        answer
    }

    fn call<'c>(list: &List, ask: &'c Ask) -> Call<'c> {
        let call = match list {
            List::Feed(page) => Call::new("feed", format!("/{page}/feed")).with("fields", POST),
            List::Tagged(page) => Call::new("tagged", format!("/{page}/tagged")).with("fields", POST),
            List::Comments(post) => Call::new("comments", format!("/{post}/comments"))
                .with("fields", COMMENT)
                .with("filter", "stream")
                .with("order", "reverse_chronological"),
        };
        let call = match list {
            List::Comments(_) => call,
            List::Feed(_) | List::Tagged(_) => call.seconds("since", ask.from).seconds("until", ask.until),
        };
        call.with("limit", ask.most.to_string())
            .after(ask.after.as_deref())
    }
}

impl Reader for Pages {
    type List = List;

    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn lists(&self, _: &Context) -> Vec<List> {
        let feeds = self.config.pages.iter().cloned().map(List::Feed);
        let tagged = self.config.pages.iter().filter(|_| self.config.tagged);
        feeds.chain(tagged.cloned().map(List::Tagged)).collect()
    }

    fn past(&self, context: &Context) -> (Vec<List>, bool) {
        (self.lists(context), true)
    }

    async fn estimate(&self, _: &Context, asked: &Past) -> Result<Estimate, Trouble> {
        let mut posts = Some(0);
        for page in &self.config.pages {
            let call = Call::new("published posts", format!("/{page}/published_posts"))
                .with("fields", "id")
                .with("summary", "total_count")
                .with("limit", "0")
                .seconds("since", Some(asked.from))
                .seconds("until", Some(asked.until));
            let total = self.ask::<Listing>(page, call).await?.total();
            posts = posts.zip(total).map(|(a, b): (u64, u64)| a + b);
        }
        Ok(Estimate {
            posts,
            // A page of posts, and the comments of each.
            requests: posts.map(|p| p + p / 100 + 1),
            money: Some(0.0),
            days: Some(0.0),
        })
    }

    fn answers(&self, id: &str) -> Option<List> {
        Some(List::Comments(id.to_owned()))
    }

    fn key(&self, list: &List) -> String {
        match list {
            List::Feed(page) => format!("f:{page}"),
            List::Tagged(page) => format!("t:{page}"),
            List::Comments(post) => format!("c:{post}"),
        }
    }

    fn reach(&self, list: &List) -> Reach {
        match list {
            List::Feed(_) => Reach::Recent,
            List::Tagged(_) => Reach::New,
            List::Comments(_) => Reach::Whole,
        }
    }

    fn page_size(&self, _: &List) -> u64 {
        100
    }

    async fn page(&self, _: &Context, list: &List, ask: &Ask) -> Result<Page, Trouble> {
        let (page, under) = match list {
            List::Feed(page) => (page.as_str(), None),
            List::Tagged(page) => (page.as_str(), None),
            List::Comments(post) => (self.page_of(post), Some(post.as_str())),
        };
        let listing: Listing = self.ask(page, Self::call(list, ask)).await?;
        let own = self.page_token(page).await?;
        let place = map::Place {
            page: Some(page).filter(|_| !matches!(list, List::Tagged(_))),
            name: own.name.as_deref(),
            under,
        };
        let mut out = Page {
            after: listing.after(false),
            ..Page::default()
        };
        for raw in &listing.data {
            match map::item(raw, place) {
                Ok(Some(post)) => out.found.push(Found {
                    at: None,
                    watch: under.is_none(),
                    post,
                }),
                Ok(None) => {}
                Err(message) => out.refused.push(Refused::new("malformed", "list", message)),
            }
        }
        Ok(out)
    }

    async fn again(&self, _: &Context, id: &str) -> Result<Again, Trouble> {
        if crate::graph::not_an_id("id", id).is_some() {
            return Ok(Again::Untold);
        }
        let page = self.page_of(id);
        let ours = map::owner(id) == Some(page);
        let fields = if ours { POST } else { EITHER };
        let call = Call::new("post", format!("/{id}")).with("fields", fields);
        let place = map::Place {
            page: ours.then_some(page),
            ..map::Place::default()
        };
        let asked = self.ask::<Box<RawValue>>(page, call).await;
        let Ok(raw) = &asked else {
            return Again::of(asked.map(|_| map::start(id)));
        };
        match map::item(raw, place) {
            Ok(Some(post)) => Again::of(Ok(post)),
            _ => Ok(Again::Untold),
        }
    }

    async fn probe(&self, _: &Context) -> Result<Vec<String>, Trouble> {
        let mut lines = Vec::new();
        for (number, page) in self.config.pages.iter().enumerate() {
            // Asked anew, so that a right that was taken back shows.
            self.lock().remove(page);
            let own = self.page_token(page).await?;
            lines.push(match &own.name {
                Some(_) => format!("page {} of the configuration can be read", number + 1),
                None => format!("page {} of the configuration tells no name", number + 1),
            });
        }
        Ok(lines)
    }
}
