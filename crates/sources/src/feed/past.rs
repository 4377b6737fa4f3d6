//! What feeds still show of the past, and the older documents they name (RFC 5005); and trying them.

use super::config::Config;
use super::fetch::{Known, fetch};
use super::follow::says_nothing;
use super::map;
use crate::error::SourceError;
use crate::http::{Http, Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round};
use crate::report::{Covered, Estimate};
use crate::source::{Context, Delivery, Past, SourceEvent};
use std::collections::VecDeque;

/// Older documents read of one feed.
const MAX_PAGES: usize = 50;

/// Reading every feed once.
pub(super) struct Search {
    http: Http,
    country: Option<String>,
    asked: Past,
    /// Name, address, how many pages of it were read.
    left: VecDeque<(String, String, usize)>,
}

impl Search {
    pub(super) fn new(config: Config, http: Http, asked: Past) -> Self {
        let name = |(number, url): (usize, String)| (format!("feed {}", number + 1), url, 0);
        Self {
            http,
            asked,
            country: config.country,
            left: config.urls.into_iter().enumerate().map(name).collect(),
        }
    }
}

impl Poll for Search {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let Some((name, url, pages)) = self.left.front().cloned() else {
            // A feed shows what its publisher keeps in it: never known to be all.
            context.report.covered(Covered {
                from: self.asked.from,
                until: self.asked.until,
                whole: false,
            });
            return Ok(Round {
                next: Next::Done,
                ..Round::default()
            });
        };
        let feed = match fetch(&self.http, &url, &name, &Known::default()).await {
            Ok(fetched) => fetched.feed.unwrap_or_default(),
            // One that is not there, or none, is left out.
            Err(e)
                if matches!(
                    e.kind,
                    TroubleKind::Missing
                        | TroubleKind::Forbidden
                        | TroubleKind::Unauthorized
                        | TroubleKind::Rejected
                ) =>
            {
                context.report.say(e.message);
                Default::default()
            }
            Err(e) => return Err(e),
        };
        self.left.pop_front();
        let when = |p: &post::RawPost| p.created_at.as_deref().and_then(crate::time::millis);
        let all: Vec<post::RawPost> = map::posts(&feed)
            .into_iter()
            .filter(|p| !says_nothing(p))
            .collect();
        let reached = all
            .iter()
            .filter_map(when)
            .min()
            .is_some_and(|oldest| oldest < self.asked.from);
        if let Some(older) = feed
            .older
            .filter(|_| !reached && pages < MAX_PAGES && !all.is_empty())
        {
            self.left.push_front((name, older, pages + 1));
        }
        let range = self.asked.from..=self.asked.until;
        let found: Vec<post::RawPost> = all
            .into_iter()
            .filter(|p| when(p).is_some_and(|t| range.contains(&t)))
            .collect();
        let mut delivery = Delivery::default();
        if self.asked.estimate {
            context.report.estimate(Estimate {
                posts: Some(found.len() as u64),
                requests: Some(1),
                money: Some(0.0),
                days: Some(0.0),
            });
        } else {
            delivery.events = found
                .into_iter()
                .map(|p| {
                    SourceEvent::Post(Box::new(post::RawPost {
                        site_country: self.country.clone(),
                        ..p
                    }))
                })
                .collect();
        }
        Ok(Round {
            delivery,
            next: Next::Now,
        })
    }
}

/// Says what every feed shows now.
pub(super) async fn test(config: Config, http: &Http, context: &Context) -> Result<(), SourceError> {
    let mut last = None;
    let mut good = 0;
    for (number, url) in config.urls.iter().enumerate() {
        let name = format!("feed {}", number + 1);
        match fetch(http, url, &name, &Known::default()).await {
            Ok(fetched) => {
                good += 1;
                let feed = fetched.feed.unwrap_or_default();
                context.report.say(format!(
                    "{name}: {}, {} entries",
                    feed.version,
                    feed.entries.len()
                ));
            }
            Err(trouble) => {
                context.report.say(trouble.message.clone());
                last = Some(trouble);
            }
        }
    }
    match last {
        Some(trouble) if good == 0 => Err(trouble.into()),
        _ => Ok(()),
    }
}
