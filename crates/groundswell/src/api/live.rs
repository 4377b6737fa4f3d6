//! The live stream: Server-Sent Events.

use super::extract::Params;
use super::types::{ApiError, LiveCommit};
use super::{Shared, status};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use serde::Deserialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use utoipa::IntoParams;

/// How often every client hears how the sources do.
const STATUS_EVERY: Duration = Duration::from_secs(5);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LiveParams {
    /// The project to hear of (default `default`).
    project: Option<String>,
}

/// New mentions and the state of the sources as they come: events `commit` and `status`. `Last-Event-ID` is the commit
/// generation last seen; a client that fell behind is told to ask again.
#[utoipa::path(get, path = "/live", operation_id = "live", tag = "live", params(LiveParams),
    responses((status = 200, content_type = "text/event-stream", body = LiveCommit), (status = 401, body = ApiError)))]
pub(super) async fn events(
    app: Shared,
    Params(params): Params<LiveParams>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let project = params.project.unwrap_or_else(|| "default".to_owned());
    let seen = headers
        .get("last-event-id")
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.parse::<u64>().ok());
    let commits = app.live.subscribe();
    let (out, stream) = mpsc::channel(16);
    tokio::spawn(feed(app.0, project, seen, commits, out));
    Sse::new(ReceiverStream::new(stream)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

type Out = mpsc::Sender<Result<Event, Infallible>>;

async fn feed(
    app: Arc<super::App>,
    project: String,
    seen: Option<u64>,
    mut commits: broadcast::Receiver<Arc<Vec<LiveCommit>>>,
    out: Out,
) {
    let mut ending = app.ending.clone();
    let mut ticks = tokio::time::interval(STATUS_EVERY);
    let generation = app.engine.store.generation();
    if seen.is_some_and(|s| s < generation)
        && !send(&out, "commit", generation, &refetch(&project, generation)).await
    {
        return;
    }
    loop {
        let sent = tokio::select! {
            () = ended(&mut ending) => return,
            () = out.closed() => return,
            _ = ticks.tick() => send(&out, "status", app.engine.store.generation(), &status::of(&app)).await,
            commit = commits.recv() => match commit {
                Ok(list) => match list.iter().find(|c| c.project == project) {
                    Some(commit) => send(&out, "commit", commit.generation, commit).await,
                    None => true,
                },
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    let generation = app.engine.store.generation();
                    send(&out, "commit", generation, &refetch(&project, generation)).await
                }
                Err(broadcast::error::RecvError::Closed) => return,
            },
        };
        if !sent {
            return;
        }
    }
}

async fn ended(ending: &mut watch::Receiver<bool>) {
    // A dropped sender means the same.
    let _ = ending.wait_for(|end| *end).await;
}

fn refetch(project: &str, generation: u64) -> LiveCommit {
    LiveCommit {
        generation,
        project: project.to_owned(),
        added: Vec::new(),
        newest: Vec::new(),
        refetch: true,
    }
}

async fn send(out: &Out, name: &str, generation: u64, data: &impl serde::Serialize) -> bool {
    let Ok(event) = Event::default().event(name).json_data(data) else {
        return true;
    };
    out.send(Ok(event.id(generation.to_string()))).await.is_ok()
}
