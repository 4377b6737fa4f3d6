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

/// Follows every instance until told to stop. Each line gets the whole cursor and tells its own places; one that fails
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
        let start = Context {
            cursor: positions.write(),
            out,
            shutdown,
            health: context.health.clone(),
            wanted: context.wanted.clone(),
            budget: context.budget.clone(),
            keep: context.keep.clone(),
            report: context.report.clone(),
            pace: context.pace,
        };
        for instance in config.each_instance() {
            spawn(&config, instance, &plan, &start, &mut lines)?;
        }
        drop(start);
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
            ended = lines.join_next() => match ended {
                Some(Ok(Err(error))) => return Err(error),
                Some(_) => {}
                None => return Ok(End::Stopped),
            },
        }
    }
}

fn spawn(
    config: &Config,
    instance: Instance,
    plan: &Plan,
    start: &Context,
    lines: &mut Lines,
) -> Result<(), SourceError> {
    let seconds = Duration::from_secs_f64;
    let context = || Context {
        cursor: None,
        out: start.out.clone(),
        health: start.health.clone(),
        shutdown: start.shutdown.clone(),
        wanted: start.wanted.clone(),
        budget: start.budget.clone(),
        keep: start.keep.clone(),
        report: start.report.clone(),
        pace: start.pace,
    };
    // Every instance has limits of its own.
    let http = || Http::new(Dialect::IsoTime, &start.health);
    let places = |timelines: &[Timeline]| {
        let mut positions = Positions::read(start.cursor.as_deref());
        let own: Vec<String> = timelines.iter().map(|t| instance.place(t)).collect();
        positions.0.retain(|place, _| own.contains(place));
        positions
    };
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
        lines.spawn(poll::follow(asking, context()));
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
        lines.spawn(stream::follow(live, context()));
    }
    Ok(())
}
