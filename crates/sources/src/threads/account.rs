//! Asking for an account's threads, replies and mentions, and searching by keyword.

use super::config::Config;
use super::search::{Search, searches};
use super::{PLATFORM, SEARCHES, SEARCHES_A_DAY, map};
use crate::error::Refused;
use crate::graph::{Call, Graph, Listing, LongLived, Renewal};
use crate::http::Trouble;
use crate::report::Estimate;
use crate::source::{Context, Past};
use crate::sweep::{Again, Ask, Found, Page, Reach, Reader};
use serde_json::value::RawValue;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

const FIELDS: &str = "id,media_product_type,media_type,media_url,gif_url,thumbnail_url,alt_text,permalink,owner,username,\
    text,timestamp,children{media_type,media_url,alt_text},topic_tag,link_attachment_url,is_quote_post,\
    quoted_post{id,text},reposted_post{id,text},is_reply,replied_to{id,username},root_post,has_replies";
/// Replies tell besides whether they are hidden.
const REPLY_EXTRA: &str = ",hide_status";

/// A list of threads.
#[derive(Debug, Clone)]
pub(super) enum List {
    Own,
    Mentions,
    Conversation(String),
    Search(Search),
}

/// Asks for one account.
pub(super) struct Account {
    config: Config,
    graph: Graph,
    token: LongLived,
    /// How many searches there are: they share the day's quota.
    searches: AtomicUsize,
    said: AtomicBool,
}

impl Account {
    pub(super) fn new(config: Config, context: &Context) -> Result<Self, Trouble> {
        let graph = Graph::new(&config.graph_url, &config.version, None, &context.health)?;
        let token = LongLived {
            configured: config.token.clone(),
            renewal: Renewal::Threads,
            base: config.graph_url.clone(),
            app_id: None,
            app_secret: config.app_secret.clone(),
            keep: context.keep.clone(),
        };
        Ok(Self {
            config,
            graph,
            token,
            searches: AtomicUsize::new(0),
            said: AtomicBool::new(false),
        })
    }

    async fn ask<T: serde::de::DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Trouble> {
        let token = self.token.access(&self.graph.http).await?;
        self.graph.ask(call, &token).await
    }

    /// The searches, and whether they find all that is wanted.
    fn searches(&self, context: &Context) -> (Vec<List>, bool) {
        let wanted = context.wanted.borrow().clone();
        let wishes: &[_] = if self.config.search_monitors { &wanted } else { &[] };
        let (found, all) = searches(&self.config.keywords, wishes);
        if !all && !self.said.swap(true, Relaxed) {
            context
                .report
                .say("Threads is searched by words only: some of what is looked for is not asked");
            tracing::warn!("threads: some of what is looked for cannot be asked by keyword");
        }
        self.searches.store(found.len(), Relaxed);
        (found.into_iter().map(List::Search).collect(), all)
    }

    fn call<'c>(&self, list: &List, ask: &'c Ask) -> Call<'c> {
        let user = &self.config.user;
        let call = match list {
            List::Own => Call::new("threads", format!("/{user}/threads")).with("fields", FIELDS),
            List::Mentions => Call::new("mentions", format!("/{user}/mentions")).with("fields", FIELDS),
            List::Conversation(id) => Call::new("conversation", format!("/{id}/conversation"))
                .with("fields", format!("{FIELDS}{REPLY_EXTRA}"))
                .with("reverse", "true"),
            List::Search(search) => Call::new("keyword search", "/keyword_search")
                .with("q", &search.q)
                .with("search_type", "RECENT")
                .with("search_mode", if search.tag { "TAG" } else { "KEYWORD" })
                .with("fields", FIELDS),
        };
        let call = match list {
            List::Conversation(_) => call,
            _ => call.seconds("since", ask.from).seconds("until", ask.until),
        };
        call.with("limit", ask.most.to_string())
            .after(ask.after.as_deref())
    }
}

impl Reader for Account {
    type List = List;

    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn lists(&self, context: &Context) -> Vec<List> {
        let own = self.config.own.then_some(List::Own);
        let mentions = self.config.mentions.then_some(List::Mentions);
        let searches = self.searches(context).0;
        own.into_iter().chain(mentions).chain(searches).collect()
    }

    fn past(&self, context: &Context) -> (Vec<List>, bool) {
        self.searches(context)
    }

    async fn estimate(&self, context: &Context, _: &Past) -> Result<Estimate, Trouble> {
        // How many there are is told by nothing but reading them.
        let searches = self.searches(context).0.len() as u64;
        Ok(Estimate {
            posts: None,
            requests: Some(searches),
            money: Some(0.0),
            days: Some(searches as f64 / SEARCHES_A_DAY as f64),
        })
    }

    fn answers(&self, id: &str) -> Option<List> {
        Some(List::Conversation(id.to_owned()))
    }

    fn key(&self, list: &List) -> String {
        match list {
            List::Own => "o".to_owned(),
            List::Mentions => "n".to_owned(),
            List::Conversation(id) => format!("c:{id}"),
            List::Search(search) => format!("{}:{}", if search.tag { "#" } else { "s" }, search.q),
        }
    }

    fn reach(&self, list: &List) -> Reach {
        match list {
            List::Own => Reach::Recent,
            List::Mentions | List::Search(_) => Reach::New,
            List::Conversation(_) => Reach::Whole,
        }
    }

    /// The searches of a day are spread over it, with a tenth for second pages.
    fn every(&self, list: &List) -> Duration {
        match list {
            List::Search(_) => {
                let each = 86_400.0 / (SEARCHES_A_DAY as f64 * 0.9);
                Duration::from_secs_f64(each * self.searches.load(Relaxed) as f64)
            }
            _ => Duration::ZERO,
        }
    }

    fn page_size(&self, _: &List) -> u64 {
        100
    }

    async fn page(&self, context: &Context, list: &List, ask: &Ask) -> Result<Page, Trouble> {
        let searching = matches!(list, List::Search(_));
        if searching {
            context.budget.take(&[(SEARCHES, 1)])?;
        }
        let listing: Listing = self.ask(self.call(list, ask)).await?;
        if searching && listing.data.is_empty() {
            // Empty answers are not counted by the platform.
            context.budget.give_back(&[(SEARCHES, 1)]);
        }
        let under = match list {
            List::Conversation(id) => Some(id.as_str()),
            _ => None,
        };
        let mut out = Page {
            after: listing.after(false),
            ..Page::default()
        };
        for raw in &listing.data {
            match map::item(raw, under) {
                Ok(Some(read)) => out.found.push(Found {
                    at: None,
                    watch: matches!(list, List::Own) && read.has_replies != Some(false),
                    post: read.post,
                }),
                Ok(None) => {}
                Err(message) => out.refused.push(Refused::new("malformed", "list", message)),
            }
        }
        Ok(out)
    }

    async fn again(&self, context: &Context, id: &str) -> Result<Again, Trouble> {
        if crate::graph::not_an_id("id", id).is_some() {
            return Ok(Again::Untold);
        }
        let call = Call::new("thread", format!("/{id}")).with("fields", FIELDS);
        let asked = self.ask::<Box<RawValue>>(call).await;
        let Ok(raw) = &asked else {
            let again = Again::of(asked.map(|_| Default::default()))?;
            // What was found by searching may not be readable by its id, gone or not.
            let others = !self.searches(context).0.is_empty();
            return Ok(if others { Again::Untold } else { again });
        };
        match map::item(raw, None) {
            Ok(Some(read)) => Again::of(Ok(read.post)),
            _ => Ok(Again::Untold),
        }
    }

    async fn probe(&self, context: &Context) -> Result<Vec<String>, Trouble> {
        let token = self.token.access(&self.graph.http).await?;
        let me = self.graph.who(&self.config.user, "id,username", &token).await?;
        let searches = self.searches(context).0.len();
        Ok(vec![
            match me.username {
                Some(_) => "the account can be read".to_owned(),
                None => "the account tells no name".to_owned(),
            },
            format!("{searches} searches would be made"),
        ])
    }
}
