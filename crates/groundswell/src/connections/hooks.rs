//! Calls of platforms: answered once what they tell is on disk.

use super::supervisor::{Running, Supervisor};
use crate::pipeline::IngestError;
use sources::SourceEvent;
use sources::webhook::{HookAnswer, HookRequest};

/// What becomes of a call.
pub enum Called {
    /// The source's answer.
    Answer(HookAnswer),
    /// No source of this name takes calls.
    Nobody,
    /// What it tells cannot be taken now: the platform shall call again.
    Later(IngestError),
}

impl Supervisor {
    /// Answers a call to the webhook of the source `name`. A paused source takes nothing.
    pub async fn called(&self, name: &str, request: &HookRequest<'_>) -> Called {
        let Ok(running) = self.find(name) else {
            return Called::Nobody;
        };
        let Some(hook) = hook(&running) else {
            return Called::Nobody;
        };
        let mut answer = hook.answer(request);
        let events = std::mem::take(&mut answer.delivery.events);
        for refused in &answer.delivery.refused {
            running.health.refused(refused.code);
            self.intake().counters.refuse(refused.code);
        }
        if events.is_empty() {
            return Called::Answer(answer);
        }
        let posts = events
            .iter()
            .filter(|e| matches!(e, SourceEvent::Post(_)))
            .count();
        for _ in 0..posts {
            running.health.arrived(request.now, None);
        }
        match self.intake().ingest_as(name, running.mode(), events).await {
            Ok(_) => {
                running.health.delivered(posts as u64);
                Called::Answer(answer)
            }
            Err(error) => Called::Later(error),
        }
    }
}

fn hook(running: &Running) -> Option<Box<dyn sources::webhook::Hook>> {
    let definition = running.definition.as_ref().filter(|_| !running.paused)?;
    definition.hook().ok().flatten()
}
