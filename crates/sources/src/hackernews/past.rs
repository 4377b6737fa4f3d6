//! Searching the past (Algolia), newest first, slice by slice: a question shows at most 1,000 hits.

use super::config::Config;
use super::map::{Item, map};
use crate::http::{Http, Request, Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round};
use crate::report::{Covered, Estimate};
use crate::source::{Context, Delivery, Past, SourceEvent};
use crate::wanted::{Alternative, Sought};
use serde::Deserialize;
use std::collections::VecDeque;

/// Hits asked for at once, the most there are.
const PAGE: u64 = 1000;
/// Searches of one wish; a wish that needs more is left to what is live.
const MOST: usize = 40;

pub(super) struct Search {
    config: Config,
    http: Http,
    asked: Past,
    /// Words to search for, and the second from which on there is nothing left to ask.
    searches: VecDeque<(String, i64)>,
    /// Whether some wish cannot be asked.
    partial: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    hits: Vec<Hit>,
    #[serde(default)]
    nb_hits: u64,
}

#[derive(Deserialize)]
struct Hit {
    #[serde(rename = "objectID")]
    id: String,
    author: Option<String>,
    created_at_i: i64,
    title: Option<String>,
    url: Option<String>,
    story_text: Option<String>,
    comment_text: Option<String>,
    parent_id: Option<u64>,
    points: Option<i64>,
    num_comments: Option<i64>,
    #[serde(default, rename = "_tags")]
    tags: Vec<String>,
}

impl Search {
    pub(super) fn new(config: Config, http: Http, asked: Past, context: &Context) -> Self {
        let wanted = context.wanted.borrow().clone();
        let until = asked.until.div_euclid(1000) + 1;
        let (mut searches, mut partial) = (VecDeque::new(), false);
        for wish in wanted.iter() {
            match wish
                .sought
                .alternatives(MOST)
                .map(|all| all.iter().map(query).collect::<Option<Vec<_>>>())
            {
                Some(Some(queries)) => searches.extend(queries.into_iter().map(|q| (q, until))),
                _ => {
                    partial = true;
                    context
                        .report
                        .say("a monitor is too wide to be searched for here: only what is new is followed");
                }
            }
        }
        Self {
            config,
            http,
            asked,
            searches,
            partial,
        }
    }

    fn request(&self, query: &str, until: i64, hits: u64) -> Request {
        let from = self.asked.from.div_euclid(1000);
        Request::get(&self.config.search_url, "/api/v1/search_by_date")
            .query("query", query)
            .query("tags", "(story,comment,poll,job)")
            .query(
                "numericFilters",
                format!("created_at_i>={from},created_at_i<{until}"),
            )
            .query("hitsPerPage", hits.to_string())
            .query("typoTolerance", "false")
    }

    fn finished(&self, context: &Context) -> Round {
        context.report.covered(Covered {
            from: self.asked.from,
            until: self.asked.until,
            whole: !self.partial,
        });
        Round {
            next: Next::Done,
            ..Round::default()
        }
    }
}

impl Poll for Search {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let Some((query, until)) = self.searches.front().cloned() else {
            return Ok(self.finished(context));
        };
        let hits = if self.asked.estimate { 0 } else { PAGE };
        let page: Page = self.http.json(self.request(&query, until, hits)).await?;
        if self.asked.estimate {
            context.report.estimate(Estimate {
                posts: Some(page.nb_hits),
                requests: Some(page.nb_hits / PAGE + 1),
                money: Some(0.0),
                days: Some(0.0),
            });
            self.searches.pop_front();
            return Ok(Round::default());
        }
        let count = page.hits.len() as u64;
        let oldest = page.hits.iter().map(|h| h.created_at_i).min();
        match oldest {
            // More were found than shown: go on before the oldest; its second is asked again, whole.
            Some(oldest) if count >= PAGE && oldest + 1 < until => {
                if let Some(search) = self.searches.front_mut() {
                    search.1 = oldest + 1;
                }
            }
            Some(_) if count >= PAGE => {
                return Err(Trouble::new(
                    TroubleKind::Malformed,
                    "more than 1,000 hits within a second",
                ));
            }
            _ => {
                self.searches.pop_front();
            }
        }
        let events = page.hits.into_iter().filter_map(Hit::post).collect();
        Ok(Round {
            delivery: Delivery {
                events,
                ..Delivery::default()
            },
            next: Next::Now,
        })
    }
}

impl Hit {
    fn post(self) -> Option<SourceEvent> {
        let kind = ["story", "comment", "poll", "job"]
            .into_iter()
            .find(|k| self.tags.iter().any(|t| t == k));
        let post = map(Item {
            id: self.id.parse().ok()?,
            kind: kind.map(str::to_owned),
            by: self.author,
            time: Some(self.created_at_i),
            text: self.comment_text.or(self.story_text),
            title: self.title,
            url: self.url,
            parent: self.parent_id,
            score: self.points,
            descendants: self.num_comments,
            ..Item::default()
        })?;
        Some(SourceEvent::Post(Box::new(post)))
    }
}

/// The words of a search; `None` where there is nothing to search by.
fn query(alternative: &Alternative) -> Option<String> {
    let words: Vec<String> = alternative.must.iter().filter_map(term).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn term(sought: &Sought) -> Option<String> {
    match sought {
        Sought::Word(word) | Sought::Prefix(word) | Sought::Hashtag(word) | Sought::Mention(word) => {
            Some(word.clone())
        }
        Sought::Phrase(words) => Some(format!("\"{}\"", words.join(" "))),
        Sought::Link(site) => Some(site.clone()),
        Sought::From(_) | Sought::Lang(_) | Sought::All(_) | Sought::Any(_) | Sought::Not(_) => None,
    }
}
