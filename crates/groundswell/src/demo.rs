//! The demo stream as a source: the simulated past at once, then live at its own pace, the planted truth in a file for those who judge detectors.

use anyhow::Context as _;
use sources::demo::{DemoConfig, Simulated, Simulator};
use sources::{Context, Delivery, RunFuture, Source, SourceError, SourceEvent, State, Task};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

/// Posts of the past delivered together.
const HISTORY_BATCH: usize = 2_000;
/// How often due posts are delivered.
const TICK: Duration = Duration::from_millis(100);

/// Plays a simulated stream.
pub struct DemoSource {
    config: DemoConfig,
    truth: Option<BufWriter<File>>,
}

impl DemoSource {
    /// A stream whose past ends at `now`; its truth is written to a file as JSON Lines, where one is given.
    pub fn new(now: i64, seed: u64, truth: Option<&Path>) -> anyhow::Result<Self> {
        let create = |path: &Path| {
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            anyhow::Ok(BufWriter::new(file))
        };
        Ok(Self {
            config: DemoConfig::ending_at(now, seed),
            truth: truth.map(create).transpose()?,
        })
    }

    async fn play(mut self, mut context: Context) -> Result<(), SourceError> {
        context.health.connected();
        let live_from = self.config.live_from();
        let mut posts = Simulator::new(self.config.clone()).peekable();
        loop {
            let mut due = Vec::new();
            while due.len() < HISTORY_BATCH && posts.peek().is_some_and(|p| p.at <= crate::clock::now()) {
                due.extend(posts.next());
            }
            let live = due.last().is_some_and(|p| p.at >= live_from);
            if let Some(last) = due.last() {
                let now = crate::clock::now();
                context.health.arrived(now, live.then_some(now - last.at));
            }
            if !due.is_empty() && !context.deliver(self.deliver(due)).await? {
                return Ok(());
            }
            if posts.peek().is_some_and(|p| p.at <= crate::clock::now()) {
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(TICK) => {}
                () = context.stopped() => {
                    context.health.set_state(State::Done);
                    return Ok(());
                }
            }
        }
    }

    fn deliver(&mut self, due: Vec<Simulated>) -> Delivery {
        let mut delivery = Delivery::default();
        for simulated in due {
            // The truth is for judging detectors; a demo goes on without it.
            if let (Some(truth), Ok(line)) = (&mut self.truth, serde_json::to_string(&simulated.truth)) {
                let _ = writeln!(truth, "{line}");
            }
            let mut raw = simulated.post;
            raw.seen_at = Some(post::to_rfc3339(simulated.at));
            delivery.events.push(SourceEvent::Post(Box::new(raw)));
        }
        if let Some(truth) = &mut self.truth {
            let _ = truth.flush();
        }
        delivery
    }
}

impl Source for DemoSource {
    fn run(self: Box<Self>, _: Task, context: Context) -> RunFuture {
        Box::pin(self.play(context))
    }
}
