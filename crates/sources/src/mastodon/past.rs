//! The past: the search of instances with a token, and hashtag timelines of all, newest first.

use super::instance::{Instance, PAGE, Page, Part, Recent, created, within_budget};
use super::timeline::{Timeline, later, tag};
use crate::http::{Http, Trouble};
use crate::poll::{Next, Poll, Round};
use crate::report::{Covered, Estimate};
use crate::source::{Context, Past, SourceEvent};
use crate::wanted::{Alternative, Sought};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::VecDeque;

/// Searches of one wish; a wish that needs more is left to what is live.
const MOST: usize = 40;

/// One way back.
struct Way {
    instance: usize,
    what: What,
    before: Option<String>,
}

#[derive(Clone)]
enum What {
    Search(String),
    Tag(Timeline),
}

pub(super) struct Search {
    instances: Vec<(Instance, Http)>,
    asked: Past,
    ways: VecDeque<Way>,
    recent: Recent,
}

#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    statuses: Vec<Box<RawValue>>,
}

impl Search {
    pub(super) fn new(instances: Vec<(Instance, Http)>, asked: Past, context: &Context) -> Self {
        let mut ways = VecDeque::new();
        let mut partial = false;
        for wish in context.wanted.borrow().iter() {
            let alternatives = wish.sought.alternatives(MOST);
            partial |= alternatives.is_none();
            for alternative in alternatives.iter().flatten() {
                let before = ways.len();
                ways.extend(ways_of(alternative, &instances));
                partial |= ways.len() == before;
            }
        }
        if partial {
            context.report.say(
                "a monitor cannot be searched for here: without a token only hashtags can be, and no monitor that is too wide",
            );
        }
        Self {
            instances,
            asked,
            ways,
            recent: Recent::default(),
        }
    }

    async fn page(&self, way: &Way) -> Result<Page, Trouble> {
        let Some((instance, http)) = self.instances.get(way.instance) else {
            return Ok(Page::default());
        };
        match &way.what {
            What::Tag(timeline) => {
                let part = way.before.as_deref().map_or(Part::Newest, Part::Before);
                instance.page(http, timeline, part, PAGE).await
            }
            What::Search(query) => {
                let request = instance
                    .get("/api/v2/search")
                    .query("q", query)
                    .query("type", "statuses")
                    .query("limit", PAGE.to_string())
                    .query_if("max_id", way.before.as_deref());
                let found: Found = http.json(instance.signed(request)).await?;
                Ok(Page::of(found.statuses))
            }
        }
    }
}

/// With a token an instance searches all it knows; a hashtag's timeline needs none.
fn ways_of(alternative: &Alternative, instances: &[(Instance, Http)]) -> Vec<Way> {
    let query = query(alternative).map(What::Search);
    let tag = tag(alternative).map(|t| What::Tag(Timeline::Tag(t)));
    let way = |(number, (instance, _)): (usize, &(Instance, Http))| {
        let searched = query.clone().filter(|_| instance.token.is_some());
        let both = [searched, tag.clone()];
        both.into_iter().flatten().map(move |what| Way {
            instance: number,
            what,
            before: None,
        })
    };
    instances.iter().enumerate().flat_map(way).collect()
}

/// A search in the instance's own language; `None` where there is nothing to search by.
fn query(alternative: &Alternative) -> Option<String> {
    let terms: Vec<String> = alternative.must.iter().filter_map(term).collect();
    let words = |m: &Sought| term(m).is_some() && !matches!(m, Sought::Lang(_));
    alternative.must.iter().any(words).then(|| terms.join(" "))
}

fn term(sought: &Sought) -> Option<String> {
    Some(match sought {
        Sought::Word(word) => word.clone(),
        Sought::Phrase(words) => format!("\"{}\"", words.join(" ")),
        Sought::Hashtag(tag) => format!("#{tag}"),
        Sought::From(handle) => format!("from:{handle}"),
        Sought::Lang(lang) => format!("language:{lang}"),
        _ => return None,
    })
}

impl Poll for Search {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let done = Round {
            next: Next::Done,
            ..Round::default()
        };
        if self.asked.estimate {
            // Instances do not say how much there is.
            context.report.estimate(Estimate {
                posts: None,
                requests: None,
                money: Some(0.0),
                days: Some(0.0),
            });
            return Ok(done);
        }
        let Some(way) = self.ways.front() else {
            context.report.covered(Covered {
                from: self.asked.from,
                until: self.asked.until,
                // No instance knows all posts.
                whole: false,
            });
            return Ok(done);
        };
        let page = within_budget(context, PAGE, self.page(way), |p| p.statuses.len()).await?;
        let mut delivery = page.deliver(&mut self.recent, &context.health);
        let time = |event: &SourceEvent| match event {
            SourceEvent::Post(post) => created(post),
            SourceEvent::AuthorGone { .. } => None,
        };
        let reached = delivery
            .events
            .iter()
            .filter_map(time)
            .any(|t| t < self.asked.from);
        let asked = self.asked.from..=self.asked.until;
        delivery
            .events
            .retain(|e| time(e).is_none_or(|t| asked.contains(&t)));
        if let Some(way) = self.ways.front_mut() {
            let on = |o: &String| way.before.as_ref().is_none_or(|b| later(b, o));
            match page.oldest.filter(on) {
                Some(oldest) if !reached && !page.statuses.is_empty() => way.before = Some(oldest),
                _ => {
                    self.ways.pop_front();
                }
            }
        }
        Ok(Round {
            delivery,
            next: Next::Now,
        })
    }
}
