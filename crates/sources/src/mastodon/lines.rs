//! Following many instances at once: one line of events for each connection, brought together under one cursor.

use super::ask::Asking;
use super::config::{Config, Transport};
use super::instance::{Instance, Recent};
use super::live::Live;
use super::timeline::{Plan, Positions, Timeline, plan};
use crate::error::SourceError;
use crate::health::State;
use crate::http::{Dialect, Http};
use crate::source::{Context, Delivery};
use crate::{poll, stream};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

type Lines = JoinSet<Result<(), SourceError>>;

/// Why the lines are left.
enum End {
    Stopped,
    /// Other timelines are to be followed.
    Replanned,
}

/// Follows every instance until told to stop. Each line is given its own places and tells them; one that fails
/// tries again without holding up the others.
pub(super) async fn follow(config: Config, mut context: Context) -> Result<(), SourceError> {
    let mut positions = Positions::read(context.cursor.as_deref());
    loop {
        let wanted = context.wanted.borrow_and_update().clone();
        let plan = plan(&config, &wanted);
        if plan.partial {
            let message =
                "not all that is looked for can be followed by hashtags: follow the public timeline for it";
            context.report.say(message);
            tracing::warn!("mastodon: {message}");
        }
        let (out, mut received) = mpsc::channel(1);
        let (stop, shutdown) = watch::channel(false);
        let mut lines = Lines::new();
        for instance in config.each_instance() {
            let branch = || branch(&context, &out, &shutdown);
            spawn(&config, instance, &plan, &positions, &mut lines, &branch)?;
        }
        drop(out);
        let end = gather(
            &config,
            &plan,
            &mut positions,
            &mut received,
            &mut lines,
            &mut context,
        )
        .await;
        stop.send_replace(true);
        lines.shutdown().await;
        if let End::Stopped = end? {
            context.health.set_state(State::Done);
            return Ok(());
        }
    }
}

/// Hands on what the lines deliver, each time with the places of all.
async fn gather(
    config: &Config,
    now: &Plan,
    positions: &mut Positions,
    received: &mut mpsc::Receiver<Delivery>,
    lines: &mut Lines,
    context: &mut Context,
) -> Result<End, SourceError> {
    let (out, mut wanted) = (context.out.clone(), context.wanted.clone());
    loop {
        tokio::select! {
            biased;
            () = context.stopped() => return Ok(End::Stopped),
            Some(mut delivery) = received.recv() => {
                if let Some(cursor) = delivery.cursor.take() {
                    positions.0.extend(Positions::read(Some(&cursor)).0);
                }
                delivery.cursor = positions.write();
                tokio::select! {
                    biased;
                    sent = out.send(delivery) => sent.map_err(|_| SourceError::Closed)?,
                    () = context.stopped() => return Ok(End::Stopped),
                }
            }
            Ok(()) = wanted.changed() => {
                if plan(config, &wanted.borrow_and_update()) != *now {
                    return Ok(End::Replanned);
                }
            }
            // Without lines there is nothing to follow until something is wanted.
            Some(ended) = lines.join_next(), if !lines.is_empty() => {
                if let Ok(Err(error)) = ended {
                    return Err(error);
                }
            }
        }
    }
}

/// The context of one line. It gets its places apart, so that it needs no cursor.
fn branch(context: &Context, out: &mpsc::Sender<Delivery>, shutdown: &watch::Receiver<bool>) -> Context {
    Context {
        cursor: None,
        out: out.clone(),
        health: context.health.clone(),
        shutdown: shutdown.clone(),
        wanted: context.wanted.clone(),
        budget: context.budget.clone(),
        keep: context.keep.clone(),
        report: context.report.clone(),
        pace: context.pace,
    }
}

fn spawn(
    config: &Config,
    instance: Instance,
    plan: &Plan,
    positions: &Positions,
    lines: &mut Lines,
    branch: &dyn Fn() -> Context,
) -> Result<(), SourceError> {
    let seconds = Duration::from_secs_f64;
    // Every instance has limits of its own.
    let http = || Http::new(Dialect::IsoTime, &branch().health);
    let places = |timelines: &[Timeline]| {
        let mut positions = positions.clone();
        let own: Vec<String> = timelines.iter().map(|t| instance.place(t)).collect();
        positions.0.retain(|place, _| own.contains(place));
        positions
    };
    if plan.asked.is_empty() {
        return Ok(());
    }
    if instance.token.is_none() {
        let asking = Asking {
            positions: places(&plan.asked),
            http: http()?,
            timelines: plan.asked.clone(),
            pause: seconds(config.poll_seconds),
            turn: 0,
            recent: Recent::default(),
            instance,
        };
        lines.spawn(poll::follow(asking, branch()));
        return Ok(());
    }
    let groups = match config.transport {
        Transport::Websocket => vec![plan.streamed.clone()],
        Transport::Sse => plan.streamed.iter().map(|t| vec![t.clone()]).collect(),
    };
    for timelines in groups {
        let positions = places(&timelines);
        let how = (config.transport, seconds(config.idle_seconds));
        let live = Live::new((instance.clone(), http()?), timelines, how, positions);
        lines.spawn(stream::follow(live, branch()));
    }
    Ok(())
}
