//! Mentions as they may leave the installation.

use super::access::Access;
use super::error::blocking;
use super::extract::Params;
use super::types::{ApiError, ExportParams, FilterParams};
use super::{Failure, Shared, filter};
use crate::control::Action;
use crate::export::{self, Format, Request};
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::io::{self, BufWriter, Write};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Bytes handed on together.
const CHUNK: usize = 64 << 10;

/// Every mention under a filter, each in the form that its platform's policy profile allows. The manifest says first
/// what is withheld and why.
#[utoipa::path(get, path = "/export", tag = "mentions", params(FilterParams, ExportParams),
    responses((status = 200, description = "JSON Lines, CSV, an ActivityStreams 2.0 collection, XLSX or Parquet"),
        (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(super) async fn export(
    app: Shared,
    access: Access,
    Params(params): Params<FilterParams>,
    Params(how): Params<ExportParams>,
) -> Result<Response, Failure> {
    let now = crate::clock::now();
    let asked = filter::ask(&app.engine, &params, now)?;
    let format = match how.format.as_deref() {
        None => Format::default(),
        Some(name) => Format::from_name(name)
            .ok_or_else(|| Failure::Bad(format!("`{name}` is no format; known: {}", known())))?,
    };
    let request = Request {
        filter: asked.filter,
        project: asked.project,
        format,
        full: how.full.unwrap_or(false),
        person: access.actor.clone(),
        now,
    };
    let engine = app.engine.clone();
    let prepared = blocking(move || {
        let prepared = export::prepare(&engine.control, engine.store.snapshot(), request)
            .map_err(|e| Failure::Internal(e.to_string()))?;
        let event = export::event(access.event(Action::Export), &prepared.manifest);
        engine.control.audit(&event).map_err(super::monitors::failure)?;
        Ok(prepared)
    })
    .await?;
    let (send, chunks) = mpsc::channel(4);
    let engine = app.engine.clone();
    tokio::task::spawn_blocking(move || {
        let mut out = BufWriter::with_capacity(CHUNK, Chunks(send.clone()));
        if let Err(error) = prepared.write(&engine.control, &engine.gate, &mut out) {
            tracing::warn!(%error, "an export was cut short");
            // Dropping the connection tells the client that the file is not whole; it may have gone already.
            let _ = send.blocking_send(Err(io::ErrorKind::Other.into()));
        }
    });
    let name = format!("attachment; filename=\"mentions.{}\"", format.extension());
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    let body = Body::from_stream(ReceiverStream::new(chunks));
    Ok((headers, body).into_response())
}

fn known() -> String {
    Format::ALL.map(|(name, _)| name).join(", ")
}

/// Hands what is written to the response.
struct Chunks(mpsc::Sender<io::Result<Bytes>>);

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .blocking_send(Ok(Bytes::copy_from_slice(bytes)))
            .map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
