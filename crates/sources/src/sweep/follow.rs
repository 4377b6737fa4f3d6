//! Sweep after sweep: the lists, then the answers to recent posts.

use super::known::Known;
use super::{Ask, Found, Pace, Page, Reach, Reader, millis};
use crate::error::Refused;
use crate::health::Gap;
use crate::http::{Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round, now_ms};
use crate::source::{Context, Delivery, SourceEvent};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// Lists are walked back so far beyond the newest item seen: platforms show items a little late.
const OVERLAP_MS: i64 = 10 * 60 * 1000;
/// Answers are looked for this often even where their number did not change: one may have come for one that went.
const ANSWERS_MS: i64 = 3_600_000;
/// Recent posts whose answers are followed; the newest.
const MOST_WATCHED: usize = 150;
/// Pages of one walk.
const MOST_PAGES: usize = 200;

/// Where to resume: the newest time seen of each list, and the posts whose answers are followed.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Place {
    #[serde(rename = "m")]
    marks: BTreeMap<String, i64>,
    /// Native id, time.
    #[serde(rename = "w")]
    watched: Vec<(String, i64)>,
}

/// What is due.
#[derive(Clone, Copy)]
enum Turn {
    Lists,
    Answers,
    Rest,
}

/// The walk through one list.
#[derive(Default)]
struct Walk {
    from: Option<i64>,
    after: Option<String>,
    pages: usize,
    newest: Option<i64>,
    /// Met in this walk: a page without anything else is the last.
    met: HashSet<Option<String>>,
}

/// What is known of the answers to a post.
#[derive(Default, Clone, Copy)]
struct Answers {
    /// How many there are, where that is told.
    there: Option<u64>,
    /// How many there were when they were last walked.
    then: Option<u64>,
    /// Whether the platform would not show them.
    shut: bool,
}

pub(super) struct Sweep<R: Reader> {
    reader: R,
    pace: Pace,
    place: Place,
    /// The cursor that was delivered last.
    told: Option<String>,
    known: Known,
    turn: Turn,
    queue: VecDeque<R::List>,
    walk: Option<Walk>,
    /// When a list was last walked to its end, by key.
    walked: HashMap<String, i64>,
    /// The answers of each watched post.
    answers: HashMap<String, Answers>,
    /// Whether some list of this sweep was read, and why one was not.
    read: bool,
    unreadable: Option<Trouble>,
}

impl<R: Reader> Sweep<R> {
    pub(super) fn new(reader: R, pace: Pace, context: &Context) -> Self {
        let cursor = context.cursor.as_deref();
        let place = cursor.and_then(|c| serde_json::from_str(c).ok());
        if place.is_none() && cursor.is_some() {
            tracing::warn!(
                "{}: the stored cursor is none, starting with the recent days",
                reader.platform()
            );
        }
        Self {
            reader,
            pace,
            place: place.unwrap_or_default(),
            told: context.cursor.clone(),
            known: Known::default(),
            turn: Turn::Lists,
            queue: VecDeque::new(),
            walk: None,
            walked: HashMap::new(),
            answers: HashMap::new(),
            read: false,
            unreadable: None,
        }
    }

    /// The cursor, where it is another than before.
    fn cursor(&mut self) -> Option<String> {
        let cursor = serde_json::to_string(&self.place).ok()?;
        let changed = self.told.as_ref() != Some(&cursor);
        self.told = Some(cursor.clone());
        changed.then_some(cursor)
    }

    /// What comes after a queue is empty.
    fn turn(&mut self, context: &Context) -> Result<Round, Trouble> {
        let now = now_ms();
        let next = match self.turn {
            Turn::Lists => {
                let lists = self.reader.lists(context);
                self.tidy(&lists, now);
                let due = |l: &R::List| {
                    let walked = self.walked.get(&self.reader.key(l));
                    walked.is_none_or(|at| now - at >= scaled(self.reader.every(l), context.pace))
                };
                self.queue = lists.into_iter().filter(due).collect();
                self.turn = Turn::Answers;
                self.read = false;
                Next::Now
            }
            Turn::Answers => {
                // Where no list could be read at all, the source has a trouble, not a list.
                if let Some(trouble) = self.unreadable.take()
                    && !self.read
                {
                    self.turn = Turn::Lists;
                    self.walked.clear();
                    return Err(trouble);
                }
                let ids = self.place.watched.iter().map(|(id, _)| id);
                let due = ids.filter(|id| self.is_due(id, now));
                self.queue = due.filter_map(|id| self.reader.answers(id)).collect();
                self.turn = Turn::Rest;
                Next::Now
            }
            Turn::Rest => {
                self.turn = Turn::Lists;
                Next::After(self.pace.poll)
            }
        };
        Ok(Round {
            delivery: Delivery::default(),
            next,
        })
    }

    /// A list that the platform will not show is left out of this sweep; other trouble holds the sweep up.
    fn leave_out(&mut self, list: &R::List, trouble: Trouble) -> Result<Round, Trouble> {
        let refusals = [
            TroubleKind::Missing,
            TroubleKind::Forbidden,
            TroubleKind::Rejected,
        ];
        if !refusals.contains(&trouble.kind) {
            return Err(trouble);
        }
        self.walk = None;
        self.walked(self.reader.key(list), true);
        let refused = Refused::new(trouble.kind.code(), "list", trouble.message.clone());
        self.unreadable = Some(trouble);
        Ok(Round {
            delivery: Delivery {
                refused: vec![refused],
                ..Delivery::default()
            },
            next: Next::Now,
        })
    }

    /// Forgets posts that are no longer recent and marks of lists that are not asked any more.
    fn tidy(&mut self, lists: &[R::List], now: i64) {
        let oldest = now - millis(self.pace.recent);
        self.place.watched.retain(|(_, at)| *at >= oldest);
        let answers = self.place.watched.iter();
        let answers = answers.filter_map(|(id, _)| self.reader.answers(id));
        let keys: HashSet<String> = lists
            .iter()
            .cloned()
            .chain(answers)
            .map(|l| self.reader.key(&l))
            .collect();
        self.place.marks.retain(|key, _| keys.contains(key));
        self.walked.retain(|key, _| keys.contains(key));
        let watched: HashSet<&String> = self.place.watched.iter().map(|(id, _)| id).collect();
        self.answers.retain(|id, _| watched.contains(id));
    }

    fn is_due(&self, id: &str, now: i64) -> bool {
        let Some(list) = self.reader.answers(id) else {
            return false;
        };
        let Answers { there, then, shut } = self.answers.get(id).copied().unwrap_or_default();
        let changed = !shut && (there.is_none() || there != then);
        match self.walked.get(&self.reader.key(&list)) {
            None => there != Some(0),
            Some(at) => changed || now - at >= ANSWERS_MS,
        }
    }

    /// Where a walk ends: at what was seen before.
    fn from(&self, list: &R::List, context: &Context) -> Option<i64> {
        let now = now_ms();
        let recent = now - millis(self.pace.recent);
        let mark = self.place.marks.get(&self.reader.key(list)).copied();
        let seen = mark.map(|m| m - OVERLAP_MS);
        match self.reader.reach(list) {
            Reach::Recent => Some(seen.unwrap_or(recent).min(recent)),
            Reach::New => Some(seen.unwrap_or(recent)),
            Reach::Whole => seen,
            Reach::All => None,
            Reach::Short(held) => {
                let oldest = now - millis(held);
                if let Some(mark) = mark.filter(|m| *m < oldest) {
                    context.health.gap(Gap {
                        from: mark,
                        until: oldest,
                        reason: "the platform shows only what is newer".to_owned(),
                        repaired: false,
                    });
                }
                Some(seen.unwrap_or(oldest).max(oldest))
            }
        }
    }

    fn take(&mut self, context: &Context, list: &R::List, page: Page) -> (Delivery, bool) {
        let mark = self.place.marks.get(&self.reader.key(list)).copied();
        let recent = now_ms() - millis(self.pace.recent);
        let mut walk = self.walk.take().unwrap_or_default();
        let mut delivery = Delivery {
            refused: page.refused,
            ..Delivery::default()
        };
        let (mut fresh, mut all_older) = (!delivery.refused.is_empty(), !page.found.is_empty());
        for found in page.found {
            let (created, at) = (found.created(), found.at());
            walk.newest = walk.newest.max(at);
            let older = walk.from.is_some_and(|from| at.is_some_and(|a| a < from));
            all_older &= older;
            if !walk.met.insert(found.post.uid.clone()) {
                continue;
            }
            fresh = true;
            if found.watch {
                self.watch(&found, created, recent);
            }
            if older {
                continue;
            }
            let before = created.zip(mark).is_some_and(|(c, m)| c < m);
            if let Some(post) = self.known.news(found.post, before) {
                let lag = created.filter(|_| post.event == post::Event::Create && !before && mark.is_some());
                context.health.arrived(now_ms(), lag.map(|c| now_ms() - c));
                delivery.events.push(SourceEvent::Post(Box::new(post)));
            }
        }
        walk.pages += 1;
        let past_the_end = all_older && self.reader.ordered(list);
        walk.after = page.after.filter(|_| fresh && !past_the_end);
        let more = walk.after.is_some() && walk.pages < MOST_PAGES;
        if walk.after.is_some() && !more {
            context.health.gap(Gap {
                from: walk.from.unwrap_or_default(),
                until: now_ms(),
                reason: "a list is longer than is read at once".to_owned(),
                repaired: false,
            });
        }
        self.walk = Some(walk);
        (delivery, more)
    }

    /// Follows the answers to a post.
    fn watch(&mut self, found: &Found, created: Option<i64>, recent: i64) {
        let uid = found.post.uid.as_deref().and_then(|u| u.split_once(':'));
        let (Some((_, id)), Some(at)) = (uid, created.filter(|at| *at >= recent)) else {
            return;
        };
        let watched = &mut self.place.watched;
        if !watched.iter().any(|(i, _)| i == id) {
            watched.push((id.to_owned(), at));
            watched.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
            watched.truncate(MOST_WATCHED);
        }
        self.answers.entry(id.to_owned()).or_default().there = found.post.counts.replies;
    }

    /// A list was walked to its end: the next walk ends where this one began.
    fn finish(&mut self, list: &R::List) {
        let key = self.reader.key(list);
        let newest = self.walk.take().and_then(|w| w.newest);
        if let Some(newest) = newest.filter(|_| self.reader.reach(list) != Reach::All) {
            let mark = self.place.marks.entry(key.clone()).or_insert(newest);
            *mark = newest.max(*mark);
        }
        self.walked(key, false);
    }

    /// Notes that a list was walked, or shut.
    fn walked(&mut self, key: String, shut: bool) {
        if matches!(self.turn, Turn::Rest) {
            let ids = self.place.watched.iter().map(|(id, _)| id);
            let mut of = ids.filter(|id| {
                self.reader
                    .answers(id)
                    .is_some_and(|l| self.reader.key(&l) == key)
            });
            if let Some(answers) = of.next().and_then(|id| self.answers.get_mut(id)) {
                answers.then = answers.there;
                answers.shut = shut;
            }
        }
        self.walked.insert(key, now_ms());
        self.queue.pop_front();
    }
}

impl<R: Reader> Poll for Sweep<R> {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let Some(list) = self.queue.front().cloned() else {
            return self.turn(context);
        };
        if self.walk.is_none() {
            self.walk = Some(Walk {
                from: self.from(&list, context),
                ..Walk::default()
            });
        }
        let most = self
            .reader
            .page_size(&list)
            .min(context.budget.posts_left())
            .max(1);
        context.budget.take_posts(most)?;
        let walk = self.walk.as_ref();
        let ask = Ask {
            from: walk.and_then(|w| w.from),
            until: None,
            after: walk.and_then(|w| w.after.clone()),
            most,
        };
        let page = match self.reader.page(context, &list, &ask).await {
            Ok(page) => page,
            Err(trouble) => {
                context.budget.give_back_posts(most);
                return self.leave_out(&list, trouble);
            }
        };
        self.read = true;
        let (mut delivery, more) = self.take(context, &list, page);
        // What was read before costs nothing again.
        let news = delivery.events.len() as u64;
        context.budget.give_back_posts(most.saturating_sub(news));
        if !more {
            self.finish(&list);
        }
        delivery.cursor = self.cursor();
        Ok(Round {
            delivery,
            next: Next::Now,
        })
    }
}

/// Waits in tests go faster than in the world.
fn scaled(time: std::time::Duration, pace: f64) -> i64 {
    millis(time.mul_f64(pace))
}
