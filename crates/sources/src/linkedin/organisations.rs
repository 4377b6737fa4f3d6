//! Asking for organisations' posts and the comments under them.

use super::client::{Client, Listing};
use super::config::Config;
use super::{PLATFORM, map};
use crate::error::Refused;
use crate::http::{Trouble, TroubleKind, percent};
use crate::report::Estimate;
use crate::source::{Context, Past};
use crate::sweep::{Again, Ask, Found, Page, Reach, Reader};
use post::{Counts, RawMention, RawPost};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// A list.
#[derive(Debug, Clone)]
pub(super) enum List {
    Posts(String),
    /// Of a post or, for replies, of a comment.
    Comments(String),
}

/// Asks for the configured organisations.
pub(super) struct Organisations {
    config: Config,
    client: Client,
    /// Whether it was said that counts cannot be read.
    said: AtomicBool,
}

#[derive(Deserialize)]
struct Results {
    #[serde(default)]
    results: BTreeMap<String, Box<RawValue>>,
}

#[derive(Deserialize)]
struct Organisation {
    #[serde(rename = "localizedName", default)]
    name: Option<String>,
}

impl Organisations {
    pub(super) fn new(config: Config, context: &Context) -> Result<Self, Trouble> {
        Ok(Self {
            client: Client::new(&config, context)?,
            config,
            said: AtomicBool::new(false),
        })
    }

    /// Reactions and comments of several posts. Where the token may not read them, they stay unknown.
    async fn counts(&self, context: &Context, urns: &[String]) -> Result<BTreeMap<String, Counts>, Trouble> {
        if urns.is_empty() {
            return Ok(BTreeMap::new());
        }
        let list: Vec<String> = urns.iter().map(|u| percent(u)).collect();
        let path = format!("/rest/socialMetadata?ids=List({})", list.join(","));
        match self.client.ask::<Results>("social metadata", &path).await {
            Ok(answer) => Ok(answer
                .results
                .iter()
                .map(|(urn, raw)| (urn.clone(), map::counted(raw)))
                .collect()),
            Err(trouble)
                if matches!(
                    trouble.kind,
                    TroubleKind::Forbidden | TroubleKind::Missing | TroubleKind::Rejected
                ) =>
            {
                if !self.said.swap(true, Relaxed) {
                    context
                        .report
                        .say("reactions cannot be counted: the token lacks r_organization_social_feed");
                }
                Ok(BTreeMap::new())
            }
            Err(trouble) => Err(trouble),
        }
    }

    fn path(list: &List, ask: &Ask) -> String {
        let start = ask.after.as_deref().unwrap_or("0");
        let count = ask.most;
        match list {
            List::Posts(number) => {
                let author = percent(&format!("urn:li:organization:{number}"));
                format!(
                    "/rest/posts?q=author&author={author}&sortBy=LAST_MODIFIED&start={start}&count={count}"
                )
            }
            List::Comments(urn) => {
                let urn = percent(urn);
                format!("/rest/socialActions/{urn}/comments?start={start}&count={count}")
            }
        }
    }

    /// Who a comment on an organisation's post answers: the organisation, where the posts of one only are read.
    fn answered(&self) -> Option<RawMention> {
        let [number] = self.config.organisations.as_slice() else {
            return None;
        };
        Some(RawMention {
            id: Some(format!("urn:li:organization:{number}")),
            handle: None,
        })
    }

    fn found(&self, mut read: map::Read, list: &List, counts: &BTreeMap<String, Counts>) -> Found {
        let id = read.post.uid.as_deref().and_then(|u| u.split_once(':'));
        let id = id.map(|u| u.1.to_owned()).unwrap_or_default();
        match list {
            List::Posts(_) => read.post.counts = counts.get(&id).copied().unwrap_or_default(),
            List::Comments(under) if !is_comment(under) => {
                if let Some(answered) = self.answered() {
                    read.post.mentions.retain(|m| m.id != answered.id);
                    read.post.mentions.insert(0, answered);
                }
            }
            List::Comments(_) => {}
        }
        let replies = read.post.counts.replies;
        Found {
            at: read.changed,
            watch: match list {
                List::Posts(_) => self.config.comments,
                // Replies to comments; to replies there are none.
                List::Comments(under) => !is_comment(under) && replies.is_some_and(|r| r > 0),
            },
            post: read.post,
        }
    }
}

fn is_comment(urn: &str) -> bool {
    urn.starts_with("urn:li:comment:")
}

impl Reader for Organisations {
    type List = List;

    fn platform(&self) -> &'static str {
        PLATFORM
    }

    fn lists(&self, _: &Context) -> Vec<List> {
        self.config
            .organisations
            .iter()
            .cloned()
            .map(List::Posts)
            .collect()
    }

    fn past(&self, context: &Context) -> (Vec<List>, bool) {
        context.report.say(
            "of the past, the organisations' own posts and their comments are read: LinkedIn has no search",
        );
        (self.lists(context), true)
    }

    async fn estimate(&self, _: &Context, _: &Past) -> Result<Estimate, Trouble> {
        let mut posts = Some(0);
        for number in &self.config.organisations {
            let ask = Ask {
                most: 1,
                ..Ask::default()
            };
            let path = Self::path(&List::Posts(number.clone()), &ask);
            let listing: Listing = self.client.ask("posts", &path).await?;
            let total = listing.paging.and_then(|p| p.total);
            posts = posts.zip(total).map(|(a, b): (u64, u64)| a + b);
        }
        Ok(Estimate {
            posts,
            requests: posts.map(|p| p + p / 50 + 1),
            money: Some(0.0),
            days: Some(0.0),
        })
    }

    fn answers(&self, id: &str) -> Option<List> {
        self.config.comments.then(|| List::Comments(id.to_owned()))
    }

    fn key(&self, list: &List) -> String {
        match list {
            List::Posts(number) => format!("o:{number}"),
            List::Comments(urn) => format!("c:{urn}"),
        }
    }

    fn reach(&self, list: &List) -> Reach {
        match list {
            List::Posts(_) => Reach::Recent,
            List::Comments(_) => Reach::Whole,
        }
    }

    fn ordered(&self, list: &List) -> bool {
        matches!(list, List::Posts(_))
    }

    fn page_size(&self, _: &List) -> u64 {
        50
    }

    async fn page(&self, context: &Context, list: &List, ask: &Ask) -> Result<Page, Trouble> {
        let (label, under) = match list {
            List::Posts(_) => ("posts", None),
            List::Comments(urn) => ("comments", Some(urn.as_str())),
        };
        let listing: Listing = self.client.ask(label, &Self::path(list, ask)).await?;
        let mut out = Page::default();
        let mut read = Vec::new();
        for raw in &listing.elements {
            match map::item(raw, map::Place { under }) {
                Ok(item) => read.extend(item),
                Err(message) => out.refused.push(Refused::new("malformed", "list", message)),
            }
        }
        let urns: Vec<String> = read
            .iter()
            .filter(|_| under.is_none())
            .filter_map(|r| Some(r.post.uid.as_deref()?.split_once(':')?.1.to_owned()))
            .collect();
        let counts = self.counts(context, &urns).await?;
        out.found = read.into_iter().map(|r| self.found(r, list, &counts)).collect();
        let came = listing.elements.len() as u64;
        let start: u64 = ask.after.as_deref().and_then(|a| a.parse().ok()).unwrap_or(0);
        out.after = (came >= ask.most).then(|| (start + came).to_string());
        Ok(out)
    }

    async fn again(&self, context: &Context, id: &str) -> Result<Again, Trouble> {
        let path = if let Some((on, number)) = comment_of(id) {
            format!("/rest/socialActions/{}/comments/{}", percent(on), percent(number))
        } else {
            format!("/rest/posts/{}", percent(id))
        };
        let asked = self.client.ask::<Box<RawValue>>("post", &path).await;
        let Ok(raw) = &asked else {
            return Again::of(asked.map(|_| RawPost::default()));
        };
        let Ok(Some(mut read)) = map::item(raw, map::Place::default()) else {
            // A post that is there and not published is withdrawn.
            return Ok(Again::Gone);
        };
        if !is_comment(id) {
            let counts = self.counts(context, &[id.to_owned()]).await?;
            read.post.counts = counts.get(id).copied().unwrap_or_default();
        }
        Ok(Again::There(Box::new(read.post)))
    }

    async fn probe(&self, _: &Context) -> Result<Vec<String>, Trouble> {
        let mut lines = Vec::new();
        for (at, number) in self.config.organisations.iter().enumerate() {
            let path = format!("/rest/organizations/{number}");
            let found: Organisation = self.client.ask("organisation", &path).await?;
            lines.push(match found.name {
                Some(_) => format!("organisation {} of the configuration can be read", at + 1),
                None => format!("organisation {} of the configuration tells no name", at + 1),
            });
        }
        Ok(lines)
    }
}

/// What a comment stands on and its number: `urn:li:comment:(<urn>,<number>)`.
fn comment_of(urn: &str) -> Option<(&str, &str)> {
    let inner = urn.strip_prefix("urn:li:comment:(")?.strip_suffix(')')?;
    inner.rsplit_once(',')
}
