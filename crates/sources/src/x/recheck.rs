//! Asking whether posts are still there: few by looking them up, many by a compliance job, which costs nothing.

use super::PLATFORM;
use super::api::{Api, LOOKED_UP, handed_out};
use super::compliance::{Verdict, gone};
use super::fields::is_id;
use super::frame::{Item, Version};
use crate::http::{Reply, Request, Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round};
use crate::source::{Context, Delivery, SourceEvent};
use post::Event;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// Ids of one job: its result must fit into one answer.
const JOB: usize = 100_000;
/// How often a job is looked at.
const LOOK: Duration = Duration::from_secs(30);
/// … so many times: jobs take minutes, at worst hours.
const LOOKS: u32 = 600;
/// Deletes of one delivery.
const TOGETHER: usize = 500;

pub(super) struct Recheck {
    api: Api,
    /// Posts that no job was made for yet.
    many: Vec<String>,
    /// Posts to look up.
    few: VecDeque<String>,
    /// Newer versions that were asked for.
    again: BTreeSet<String>,
    job: Option<Stage>,
    found: VecDeque<SourceEvent>,
}

/// How far a job is.
#[derive(Clone)]
enum Stage {
    Uploading(Job),
    Waiting(String, u32),
    Downloading(String),
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Job {
    id: String,
    status: Option<String>,
    upload_url: Option<String>,
    download_url: Option<String>,
}

#[derive(Deserialize)]
struct One {
    data: Job,
}

impl Recheck {
    pub(super) fn new(api: Api, uids: &[String]) -> Self {
        let id = |uid: &String| {
            let id = uid.strip_prefix(PLATFORM)?.strip_prefix(':')?;
            is_id(id).then(|| id.to_owned())
        };
        let ids: Vec<String> = uids.iter().filter_map(id).collect();
        let is_many = ids.len() >= api.config.jobs_from;
        let (many, few) = if is_many {
            (ids, VecDeque::new())
        } else {
            (Vec::new(), ids.into())
        };
        Self {
            api,
            many,
            few,
            again: BTreeSet::new(),
            job: None,
            found: VecDeque::new(),
        }
    }

    async fn look_up(&mut self, context: &Context) -> Result<Delivery, Trouble> {
        let most = (self.few.len() as u64).min(LOOKED_UP.1);
        let request = |size: u64| {
            let ids: Vec<&str> = self.few.iter().take(size as usize).map(String::as_str).collect();
            self.api.get("/2/tweets").query("ids", ids.join(","))
        };
        let asked = most.min(context.budget.posts_left().max(LOOKED_UP.0));
        let given = self
            .api
            .page(request, (LOOKED_UP.0, most), Version::Newest, &context.budget)
            .await?;
        self.few.drain(..(asked as usize).min(self.few.len()));
        // The newest version of an edited post that did not come along, asked for once.
        let again = given.again.into_iter().filter(|id| self.again.insert(id.clone()));
        self.few.extend(again);
        let mut delivery = Delivery {
            refused: given.refused,
            ..Delivery::default()
        };
        for mut post in given.posts {
            if post.event == Event::Create {
                post.event = Event::Edit;
            }
            delivery.events.push(SourceEvent::Post(Box::new(post)));
        }
        let gone = given.gone.iter().filter_map(|id| event(gone(id, Event::Delete)));
        delivery.events.extend(gone);
        Ok(delivery)
    }

    /// Makes the next job. Where the app may not, the posts are looked up.
    async fn create(&mut self, context: &Context) -> Result<(), Trouble> {
        let request = self
            .api
            .post("/2/compliance/jobs")
            .json(&json!({"type": "tweets"}));
        match self.api.jobs.json::<One>(request).await {
            Ok(made) => self.job = Some(Stage::Uploading(made.data)),
            Err(trouble) if matches!(trouble.kind, TroubleKind::Forbidden | TroubleKind::Missing) => {
                context
                    .report
                    .say("the app may make no compliance jobs: posts are looked up instead");
                self.few.extend(std::mem::take(&mut self.many));
            }
            Err(trouble) => return Err(trouble),
        }
        Ok(())
    }

    async fn stage(&mut self, stage: Stage, context: &Context) -> Result<Round, Trouble> {
        let wait = |time| Round {
            next: Next::After(time),
            ..Round::default()
        };
        match stage {
            Stage::Uploading(job) => {
                let url = handed_out(&self.api.config, job.upload_url.as_deref())?;
                let ids = &self.many[..self.many.len().min(JOB)];
                let request = Request::put_signed(&url, "compliance upload", ids.join("\n"));
                self.api.jobs.ok(request).await?;
                self.job = Some(Stage::Waiting(job.id, 0));
                Ok(wait(LOOK))
            }
            Stage::Waiting(id, looks) => {
                let request = self
                    .api
                    .get(&format!("/2/compliance/jobs/{id}"))
                    .label("/2/compliance/jobs");
                let job = self.api.jobs.json::<One>(request).await?.data;
                match job.status.as_deref() {
                    Some("complete") => {
                        let url = handed_out(&self.api.config, job.download_url.as_deref())?;
                        self.job = Some(Stage::Downloading(url));
                        Ok(Round::default())
                    }
                    Some("created" | "in_progress") if looks < LOOKS => {
                        self.job = Some(Stage::Waiting(id, looks + 1));
                        Ok(wait(LOOK))
                    }
                    _ => {
                        self.job = None;
                        Err(Trouble::new(TroubleKind::Rejected, "the compliance job failed"))
                    }
                }
            }
            Stage::Downloading(url) => {
                let reply = self
                    .api
                    .jobs
                    .ok(Request::get_signed(&url, "compliance result"))
                    .await?;
                let refused = self.results(&reply);
                self.many.drain(..self.many.len().min(JOB));
                self.job = None;
                let said = format!("a compliance job named {} posts", self.found.len());
                context.report.say(said);
                Ok(Round {
                    delivery: Delivery {
                        refused,
                        ..Delivery::default()
                    },
                    next: Next::Now,
                })
            }
        }
    }

    /// Reads result lines.
    fn results(&mut self, reply: &Reply) -> Vec<crate::error::Refused> {
        let text = String::from_utf8_lossy(&reply.body);
        let mut refused = Vec::new();
        for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            match serde_json::from_str::<Verdict>(line) {
                Ok(Verdict { id, .. }) if id.0.is_none() => {}
                // The post stands, without its place.
                Ok(verdict) if verdict.is_place_only() => self.few.extend(verdict.id.0),
                Ok(verdict) => self.found.extend(verdict.item().and_then(event)),
                Err(e) => refused.push(super::frame::malformed(&format!("line {}", number + 1), &e)),
            }
        }
        refused
    }
}

fn event(item: Item) -> Option<SourceEvent> {
    match item {
        Item::Post(post) => Some(SourceEvent::Post(post)),
        _ => None,
    }
}

impl Poll for Recheck {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        if !self.found.is_empty() {
            let some = self.found.len().min(TOGETHER);
            let delivery = Delivery {
                events: self.found.drain(..some).collect(),
                ..Delivery::default()
            };
            return Ok(Round {
                delivery,
                next: Next::Now,
            });
        }
        if let Some(stage) = self.job.take() {
            // After trouble the same stage is tried again, unless the job itself failed.
            self.job = Some(stage.clone());
            return self.stage(stage, context).await;
        }
        if !self.many.is_empty() {
            self.create(context).await?;
            return Ok(Round::default());
        }
        let delivery = match self.few.is_empty() {
            true => Delivery::default(),
            false => self.look_up(context).await?,
        };
        let next = if self.few.is_empty() {
            Next::Done
        } else {
            Next::Now
        };
        Ok(Round { delivery, next })
    }
}
