//! Asking whether posts are still there.

use super::Reader;
use crate::error::Refused;
use crate::http::{Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round};
use crate::source::{Context, Delivery, SourceEvent};
use post::{Event, RawPost};
use std::collections::VecDeque;

/// What became of a post.
#[derive(Debug)]
pub(crate) enum Again {
    /// It is there.
    There(Box<RawPost>),
    /// It is gone.
    Gone,
    /// The platform does not tell us.
    Untold,
}

impl Again {
    /// Missing is gone; other trouble stays trouble.
    pub(crate) fn of(asked: Result<RawPost, Trouble>) -> Result<Self, Trouble> {
        match asked {
            Ok(post) => Ok(Again::There(Box::new(post))),
            Err(trouble) if trouble.kind == TroubleKind::Missing => Ok(Again::Gone),
            Err(trouble) => Err(trouble),
        }
    }
}

/// Asks post by post.
pub(super) struct Recheck<R> {
    reader: R,
    ids: VecDeque<String>,
    probed: bool,
    untold: usize,
}

impl<R: Reader> Recheck<R> {
    pub(super) fn new(reader: R, uids: &[String]) -> Self {
        let native = |uid: &String| {
            let id = uid.strip_prefix(reader.platform())?.strip_prefix(':')?;
            Some(id.to_owned())
        };
        Self {
            ids: uids.iter().filter_map(native).collect(),
            reader,
            probed: false,
            untold: 0,
        }
    }
}

impl<R: Reader> Poll for Recheck<R> {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let mut delivery = Delivery::default();
        let Some(id) = self.ids.front() else {
            if self.untold > 0 {
                let line = format!("{} posts cannot be asked about here: they expire", self.untold);
                context.report.say(line);
            }
            return Ok(done(delivery));
        };
        // A token that has lost its rights makes everything look as if it were gone: it is tried on what must be there.
        if !self.probed {
            self.reader.probe(context).await?;
            self.probed = true;
        }
        match self.reader.again(context, id).await {
            Ok(Again::There(mut post)) => {
                if post.event == Event::Create {
                    post.event = Event::Edit;
                }
                delivery.events.push(SourceEvent::Post(post));
            }
            Ok(Again::Gone) => delivery.events.push(SourceEvent::Post(Box::new(RawPost {
                uid: Some(format!("{}:{id}", self.reader.platform())),
                platform: Some(self.reader.platform().to_owned()),
                event: Event::Delete,
                ..RawPost::default()
            }))),
            Ok(Again::Untold) => self.untold += 1,
            // Asked again it would be refused again: the others are asked.
            Err(trouble) if trouble.kind == TroubleKind::Rejected => {
                let refused = Refused::new("rejected", "recheck", trouble.message);
                delivery.refused.push(refused);
            }
            Err(trouble) => return Err(trouble),
        }
        self.ids.pop_front();
        Ok(Round {
            delivery,
            next: Next::Now,
        })
    }
}

fn done(delivery: Delivery) -> Round {
    Round {
        delivery,
        next: Next::Done,
    }
}
