//! Walking lists back into the past.

use super::{Ask, Found, Reader};
use crate::error::Refused;
use crate::http::{Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round};
use crate::report::Covered;
use crate::source::{Context, Delivery, Past, SourceEvent};
use std::collections::{HashSet, VecDeque};

/// Lists of answers walked in one search.
const MOST_LISTS: usize = 20_000;

/// Lists walked back, one after the other.
pub(super) struct Back<R: Reader> {
    reader: R,
    asked: Past,
    lists: VecDeque<R::List>,
    whole: bool,
    after: Option<String>,
    /// Met in this walk: a page without anything else is the last.
    met: HashSet<Option<String>>,
    /// The oldest time reached.
    oldest: i64,
    queued: usize,
    /// Whether a list could be read.
    read: bool,
}

impl<R: Reader> Back<R> {
    pub(super) fn new(reader: R, asked: Past, context: &Context) -> Self {
        let (lists, whole) = reader.past(context);
        Self {
            reader,
            oldest: asked.until,
            asked,
            lists: lists.into(),
            whole,
            after: None,
            met: HashSet::new(),
            queued: 0,
            read: false,
        }
    }

    fn finish(&self, context: &Context, from: i64, whole: bool) -> Round {
        context.report.covered(Covered {
            from,
            until: self.asked.until,
            whole,
        });
        Round {
            delivery: Delivery::default(),
            next: Next::Done,
        }
    }

    /// What is used up ends the search; a list that the platform will not show is left out, unless it is the first.
    fn troubled(&mut self, context: &Context, trouble: Trouble) -> Result<Round, Trouble> {
        let refusals = [
            TroubleKind::Missing,
            TroubleKind::Forbidden,
            TroubleKind::Rejected,
        ];
        if trouble.kind == TroubleKind::Exhausted {
            context.report.say(trouble.message);
            return Ok(self.finish(context, self.oldest, false));
        }
        if !self.read || !refusals.contains(&trouble.kind) {
            return Err(trouble);
        }
        // The answers to a post that is gone are gone too.
        self.whole &= trouble.kind == TroubleKind::Missing;
        self.next_list();
        Ok(Round {
            delivery: Delivery {
                refused: vec![Refused::new(trouble.kind.code(), "list", trouble.message)],
                ..Delivery::default()
            },
            next: Next::Now,
        })
    }

    fn next_list(&mut self) {
        self.lists.pop_front();
        self.after = None;
        self.met.clear();
    }

    fn wanted(&self, found: &Found) -> bool {
        found
            .created()
            .is_none_or(|at| (self.asked.from..=self.asked.until).contains(&at))
    }

    /// What answers a post is asked for too, where there is something.
    fn follow_up(&mut self, found: &Found) {
        let id = found
            .post
            .uid
            .as_deref()
            .and_then(|u| u.split_once(':'))
            .map(|u| u.1);
        if found.watch
            && found.post.counts.replies != Some(0)
            && self.queued < MOST_LISTS
            && let Some(list) = id.and_then(|id| self.reader.answers(id))
        {
            self.queued += 1;
            self.lists.push_back(list);
        }
    }
}

impl<R: Reader> Poll for Back<R> {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        if self.asked.estimate {
            let estimate = self.reader.estimate(context, &self.asked).await?;
            context.report.estimate(estimate);
            return Ok(Round {
                next: Next::Done,
                ..Round::default()
            });
        }
        let Some(list) = self.lists.front().cloned() else {
            return Ok(self.finish(context, self.asked.from, self.whole));
        };
        let most = self
            .reader
            .page_size(&list)
            .min(context.budget.posts_left())
            .max(1);
        if let Err(trouble) = context.budget.take_posts(most) {
            context.report.say(trouble.message);
            return Ok(self.finish(context, self.oldest, false));
        }
        let ask = Ask {
            from: Some(self.asked.from),
            until: Some(self.asked.until),
            after: self.after.clone(),
            most,
        };
        let page = match self.reader.page(context, &list, &ask).await {
            Ok(page) => page,
            Err(trouble) => {
                context.budget.give_back_posts(most);
                return self.troubled(context, trouble);
            }
        };
        self.read = true;
        let mut delivery = Delivery {
            refused: page.refused,
            ..Delivery::default()
        };
        let (mut fresh, mut all_older) = (false, !page.found.is_empty());
        for found in page.found {
            all_older &= found.at().is_some_and(|at| at < self.asked.from);
            if !self.met.insert(found.post.uid.clone()) {
                continue;
            }
            fresh = true;
            if self.wanted(&found) {
                self.follow_up(&found);
                self.oldest = self.oldest.min(found.created().unwrap_or(self.oldest));
                delivery.events.push(SourceEvent::Post(Box::new(found.post)));
            }
        }
        let came = delivery.events.len() as u64;
        context.budget.give_back_posts(most.saturating_sub(came));
        let past_the_end = all_older && self.reader.ordered(&list);
        self.after = page.after.filter(|_| fresh && !past_the_end);
        if self.after.is_none() {
            self.next_list();
        }
        Ok(Round {
            delivery,
            next: Next::Now,
        })
    }
}
