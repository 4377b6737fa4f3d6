//! Following an instance without a token: its timelines are asked for in turn.

use super::instance::{Instance, PAGE, Part, Recent, within_budget};
use super::timeline::{Positions, Timeline};
use crate::http::{Http, Trouble};
use crate::poll::{Next, Poll, Round, now_ms};
use crate::source::{Context, Delivery};
use std::time::Duration;

/// Asks for the timelines of one instance.
pub(super) struct Asking {
    pub(super) instance: Instance,
    pub(super) http: Http,
    pub(super) timelines: Vec<Timeline>,
    pub(super) pause: Duration,
    pub(super) positions: Positions,
    pub(super) turn: usize,
    pub(super) recent: Recent,
}

impl Asking {
    /// To the next timeline, or, behind the last, to the first after a pause.
    fn next(&mut self) -> Next {
        self.turn += 1;
        if self.turn < self.timelines.len() {
            return Next::Now;
        }
        self.turn = 0;
        Next::After(self.pause)
    }
}

impl Poll for Asking {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let Some(timeline) = self.timelines.get(self.turn) else {
            return Ok(Round {
                next: Next::Done,
                ..Round::default()
            });
        };
        let place = self.instance.place(timeline);
        let before = self.positions.0.get(&place).map(|p| p.id.clone());
        let (part, limit) = match &before {
            Some(id) => (Part::After(id), PAGE),
            // The first run starts with what comes next.
            None => (Part::Newest, 1),
        };
        let asked = self.instance.page(&self.http, timeline, part, limit);
        let page = within_budget(context, limit, asked, |p| p.statuses.len()).await?;
        let newest = page.newest.clone().unwrap_or_else(|| "0".to_owned());
        self.positions.advance(&place, &newest, now_ms());
        let mut delivery = match &before {
            Some(_) => page.deliver(&mut self.recent, &context.health),
            None => Delivery::default(),
        };
        delivery.cursor = self.positions.write();
        // A page may be short though there is more: what comes behind it is asked for next time.
        let more = before.is_some_and(|b| b != newest) && page.statuses.len() as u64 > PAGE / 2;
        let next = if more { Next::Now } else { self.next() };
        Ok(Round { delivery, next })
    }
}
