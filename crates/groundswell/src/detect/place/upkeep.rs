//! What is done beside the stream: findings, merges, the state on disk.

use super::Placer;
use crate::control::Control;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::StoreReader;

/// How often findings are put down.
const TICK: Duration = Duration::from_secs(20);
/// How often the state is saved.
const SAVE: Duration = Duration::from_secs(300);
/// How often topics are merged.
const MERGE: Duration = Duration::from_secs(3600);

/// The thread that does it.
pub struct Upkeep {
    end: Mutex<Option<Sender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Upkeep {
    /// Starts it.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start(placer: Arc<Placer>, control: Arc<Control>, store: StoreReader) -> std::io::Result<Self> {
        let (end, ended) = channel::<()>();
        let run = move || {
            let (mut saved, mut merged) = (Instant::now(), Instant::now());
            while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                tell(&placer, &control);
                if merged.elapsed() >= MERGE {
                    merged = Instant::now();
                    placer.merge();
                }
                if saved.elapsed() >= SAVE {
                    saved = Instant::now();
                    save(&placer, &store);
                }
            }
            tell(&placer, &control);
            save(&placer, &store);
        };
        let thread = std::thread::Builder::new()
            .name("placing".to_owned())
            .spawn(run)?;
        Ok(Self {
            end: Mutex::new(Some(end)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Saves a last time and ends; called when everything that was placed is committed.
    pub fn stop(&self) {
        drop(self.end.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|t| t.join().is_err()) {
            tracing::error!("the thread that keeps copies and topics panicked");
        }
    }
}

fn tell(placer: &Placer, control: &Control) {
    let found = placer.news(crate::clock::now());
    if let Err(error) = control.put_findings(&found) {
        tracing::error!(%error, topics = found.len(), "new topics cannot be put down");
    }
}

fn save(placer: &Placer, store: &StoreReader) {
    // What this generation shows was placed before: the state knows at least that much.
    if let Err(error) = placer.save(store.generation()) {
        tracing::error!(%error, "the state of copies and topics is not saved; the next start takes longer");
    }
}
