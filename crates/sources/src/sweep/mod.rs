//! The driver of connectors that read lists: one's own posts, the comments under them, mentions, searches.
//!
//! A [`Reader`] knows the platform: which lists there are and how a page of one is asked for and mapped. The rest is
//! here: walking each list from its newest item back to what was seen before, telling edits and new counts from what
//! is known already, looking again for comments where their number changed, the cursor, the budget, the past.

mod again;
mod back;
mod follow;
mod known;

use crate::error::{Refused, SourceError};
use crate::http::Trouble;
use crate::report::Estimate;
use crate::source::{Context, Past, Task};
use post::RawPost;
use std::future::Future;
use std::time::Duration;

pub(crate) use again::Again;

/// How a platform's lists are asked.
pub(crate) trait Reader: Send + Sync + 'static {
    /// Names a list.
    type List: Clone + Send + Sync;

    /// The platform's name in uids.
    fn platform(&self) -> &'static str;

    /// The lists of a sweep. What is wanted and cannot be asked is said in the report.
    fn lists(&self, context: &Context) -> Vec<Self::List>;

    /// The lists that show the past, and whether they show all that is wanted of it.
    fn past(&self, context: &Context) -> (Vec<Self::List>, bool);

    /// What searching the past would take.
    fn estimate(
        &self,
        context: &Context,
        asked: &Past,
    ) -> impl Future<Output = Result<Estimate, Trouble>> + Send;

    /// The list of what answers a post (its native id); `None` where that is not followed.
    fn answers(&self, id: &str) -> Option<Self::List>;

    /// The list's name in the cursor: the same for as long as the list means the same.
    fn key(&self, list: &Self::List) -> String;

    /// How far a list is walked.
    fn reach(&self, list: &Self::List) -> Reach;

    /// Whether a list is newest first, so that a page of old items is the last to be read.
    fn ordered(&self, _list: &Self::List) -> bool {
        true
    }

    /// The shortest time between two walks of a list.
    fn every(&self, _list: &Self::List) -> Duration {
        Duration::ZERO
    }

    /// Items of a page, the most there are.
    fn page_size(&self, list: &Self::List) -> u64;

    /// A page of a list.
    fn page(
        &self,
        context: &Context,
        list: &Self::List,
        ask: &Ask,
    ) -> impl Future<Output = Result<Page, Trouble>> + Send;

    /// The present state of a post (its native id).
    fn again(&self, context: &Context, id: &str) -> impl Future<Output = Result<Again, Trouble>> + Send;

    /// Whether token and configuration work: sentences for the operator.
    fn probe(&self, context: &Context) -> impl Future<Output = Result<Vec<String>, Trouble>> + Send;
}

/// How far a list is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Every item of the recent days, each time: for edits and counts of one's own posts.
    Recent,
    /// What is new since the last walk; the recent days at first.
    New,
    /// What is new since the last walk; everything at first.
    Whole,
    /// What is new, of a list that holds items for only so long: what is older is lost.
    Short(Duration),
    /// Everything, each time: the list is short, and its order says nothing of time.
    All,
}

/// What is asked of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ask {
    /// No older than this, milliseconds since 1970.
    pub(crate) from: Option<i64>,
    /// No newer than this.
    pub(crate) until: Option<i64>,
    /// The platform's own word for the next page.
    pub(crate) after: Option<String>,
    /// Items at most.
    pub(crate) most: u64,
}

/// A page of a list.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// What is on it, in the platform's order.
    pub(crate) found: Vec<Found>,
    /// What could not be read.
    pub(crate) refused: Vec<Refused>,
    /// The platform's own word for the next page; `None` at the end.
    pub(crate) after: Option<String>,
}

/// Something found on a page.
#[derive(Debug)]
pub(crate) struct Found {
    /// The post.
    pub(crate) post: RawPost,
    /// The time the list is ordered by, milliseconds since 1970; that of the post where it is `None`.
    pub(crate) at: Option<i64>,
    /// Whether its answers are to be followed.
    pub(crate) watch: bool,
}

impl Found {
    /// A post whose answers are not followed.
    pub(crate) fn only(post: RawPost) -> Self {
        Self {
            post,
            at: None,
            watch: false,
        }
    }

    fn created(&self) -> Option<i64> {
        crate::time::millis(self.post.created_at.as_deref()?)
    }

    fn at(&self) -> Option<i64> {
        self.at.or_else(|| self.created())
    }
}

/// How often and how far back a reader is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Between two sweeps.
    pub(crate) poll: Duration,
    /// How long a post and its answers are followed.
    pub(crate) recent: Duration,
}

impl Pace {
    /// Seconds between sweeps, days of following.
    pub(crate) fn new(poll_seconds: f64, days: f64) -> Self {
        Self {
            poll: Duration::from_secs_f64(poll_seconds),
            recent: Duration::from_secs_f64(days * 86_400.0),
        }
    }
}

/// Does a task with a reader.
pub(crate) async fn run<R: Reader>(
    reader: R,
    pace: Pace,
    task: Task,
    context: Context,
) -> Result<(), SourceError> {
    match task {
        Task::Follow => crate::poll::follow(follow::Sweep::new(reader, pace, &context), context).await,
        Task::Past(asked) => crate::poll::complete(back::Back::new(reader, asked, &context), context).await,
        Task::Recheck(uids) => crate::poll::complete(again::Recheck::new(reader, &uids), context).await,
        Task::Test => {
            for line in reader.probe(&context).await? {
                context.report.say(line);
            }
            Ok(())
        }
    }
}

/// Milliseconds of a duration.
fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
