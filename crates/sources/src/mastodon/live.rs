//! Streaming an instance with a token. A stream cannot be resumed: what was missed is fetched from the timelines.

use super::config::Transport;
use super::instance::{Instance, PAGE, Part, Recent, created, is_public, unreadable, within_budget};
use super::map::{Known, read_post};
use super::timeline::{Positions, Timeline};
use crate::error::Refused;
use crate::http::{Http, Request, Trouble, TroubleKind};
use crate::poll::now_ms;
use crate::source::{Context, Delivery, SourceEvent};
use crate::stream::{Batch, Frame, Repair, Stream, Wire};
use post::{Event, RawPost};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::time::Duration;

/// Streams timelines of one instance: over a WebSocket any number, as Server-Sent Events one.
pub(super) struct Live {
    pub(super) instance: Instance,
    pub(super) http: Http,
    pub(super) timelines: Vec<Timeline>,
    pub(super) transport: Transport,
    pub(super) idle: Duration,
    pub(super) positions: Positions,
    pub(super) recent: Recent,
    /// Where the timelines were when the stream was lost, while what was missed is fetched.
    anchors: Option<Positions>,
    /// Whether the next connection leaves a gap.
    broken: bool,
}

/// A message over a WebSocket.
#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    stream: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    event: Option<Cow<'a, str>>,
    /// A string that holds JSON.
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    status: Option<u16>,
}

impl Live {
    pub(super) fn new(
        (instance, http): (Instance, Http),
        timelines: Vec<Timeline>,
        (transport, idle): (Transport, Duration),
        positions: Positions,
    ) -> Self {
        Self {
            broken: !positions.0.is_empty(),
            instance,
            http,
            timelines,
            transport,
            idle,
            positions,
            recent: Recent::default(),
            anchors: None,
        }
    }

    /// Notes where timelines stand of which nothing was read yet.
    async fn find_places(&mut self) -> Result<(), Trouble> {
        for timeline in &self.timelines {
            let place = self.instance.place(timeline);
            if !self.positions.0.contains_key(&place) {
                let page = self.instance.page(&self.http, timeline, Part::Newest, 1).await?;
                let newest = page.newest.unwrap_or_else(|| "0".to_owned());
                self.positions.advance(&place, &newest, now_ms());
            }
        }
        Ok(())
    }

    async fn sse(&self, base: &str) -> Result<Wire, Trouble> {
        let timeline = self.timelines.first();
        let (path, _, tag) = timeline.map_or(("", "", None), Timeline::stream);
        let request = Request::get(base, path)
            .label(&format!("{} {path}", self.instance.name))
            .query_if("tag", tag)
            .header("accept", "text/event-stream");
        Ok(Wire::events(self.http.open(self.instance.signed(request)).await?))
    }

    async fn socket(&self, base: &str) -> Result<Wire, Trouble> {
        let url = format!("ws{}/api/v1/streaming", base.trim_start_matches("http"));
        let token = self
            .instance
            .token
            .as_ref()
            .map(|t| format!("Bearer {}", t.expose()));
        let headers: Vec<_> = token.into_iter().map(|t| ("authorization", t)).collect();
        let mut wire = Wire::socket(&url, &headers).await?;
        for timeline in &self.timelines {
            let (_, stream, tag) = timeline.stream();
            let mut message = json!({"type": "subscribe", "stream": stream});
            if let Some(tag) = tag {
                message["tag"] = json!(tag);
            }
            wire.say(message.to_string()).await?;
        }
        Ok(wire)
    }

    /// The timeline of a stream's name.
    fn timeline(&self, stream: &[Cow<'_, str>]) -> Option<&Timeline> {
        let (name, tag) = (stream.first()?, stream.get(1));
        self.timelines.iter().find(|t| {
            let (_, n, t) = t.stream();
            n == name && t.map(str::to_lowercase) == tag.map(|t| t.to_lowercase())
        })
    }

    fn message(&mut self, text: &str, batch: &mut Batch<'_>) -> Result<(), Trouble> {
        let Ok(message) = serde_json::from_str::<Message<'_>>(text) else {
            batch.refuse(Refused::new("malformed", "frame", "no such message"));
            return Ok(());
        };
        if message.error.is_some() {
            // Its words are in the instance's language, and may name what was asked for.
            let kind = match message.status {
                Some(401 | 403) => TroubleKind::Unauthorized,
                _ => TroubleKind::Rejected,
            };
            let what = format!("{}: the stream answers with an error", self.instance.name);
            return Err(Trouble::new(kind, what));
        }
        let raw = message.payload.map_or("", RawValue::get);
        let payload = match serde_json::from_str::<Cow<'_, str>>(raw) {
            Ok(inner) => inner,
            Err(_) => Cow::Borrowed(raw),
        };
        let timeline = self.timeline(&message.stream).cloned();
        self.event(
            timeline.as_ref(),
            message.event.as_deref().unwrap_or_default(),
            &payload,
            batch,
        );
        Ok(())
    }

    fn event(&mut self, timeline: Option<&Timeline>, name: &str, payload: &str, batch: &mut Batch<'_>) {
        let told = read_event(name, payload, &mut self.recent);
        match told {
            Ok(Told::Post(id, post)) => {
                let at = created(&post).filter(|_| post.event == Event::Create);
                if let Some(timeline) = timeline
                    && name == "update"
                {
                    let place = self.instance.place(timeline);
                    self.positions.advance(&place, &id, now_ms());
                }
                batch.event(SourceEvent::Post(post), at);
            }
            Ok(Told::Gone(post)) => batch.event(SourceEvent::Post(post), None),
            Ok(Told::Nothing) => batch.ignored(None),
            Err(refused) => batch.refuse(refused),
        }
    }
}

/// What an event of a stream tells.
pub(super) enum Told {
    /// A public status, and its number.
    Post(String, Box<RawPost>),
    /// A status is gone.
    Gone(Box<RawPost>),
    /// Nothing that is delivered: another kind, a status that is not public, a delete of what was not seen.
    Nothing,
}

/// Reads an event. Some servers send the bare word `undefined` where there is nothing to say.
pub(super) fn read_event(name: &str, payload: &str, recent: &mut Recent) -> Result<Told, Refused> {
    let payload = payload.trim();
    let edit = name == "status.update";
    match name {
        _ if payload.is_empty() || payload == "undefined" => Ok(Told::Nothing),
        "update" | "status.update" => match read_post(payload, recent) {
            Ok(Some((id, mut post))) if is_public(&post) => {
                recent.note(&id, &post);
                if edit {
                    post.event = Event::Edit;
                }
                Ok(Told::Post(id, Box::new(post)))
            }
            Ok(_) => Ok(Told::Nothing),
            Err(e) => Err(unreadable(&e)),
        },
        "delete" => Ok(recent
            .uid(payload.trim_matches('"'))
            .map_or(Told::Nothing, |uid| Told::Gone(Box::new(gone(uid))))),
        _ => Ok(Told::Nothing),
    }
}

/// A delete.
pub(super) fn gone(uid: String) -> RawPost {
    RawPost {
        uid: Some(uid),
        platform: Some(super::PLATFORM.to_owned()),
        event: Event::Delete,
        ..RawPost::default()
    }
}

impl Stream for Live {
    async fn open(&mut self, _: &mut Context) -> Result<Wire, Trouble> {
        if std::mem::replace(&mut self.broken, true) {
            // A place whose repair is still due stays where it was.
            let anchors = &mut self.anchors.get_or_insert_default().0;
            for (place, position) in &self.positions.0 {
                anchors.entry(place.clone()).or_insert_with(|| position.clone());
            }
        }
        self.find_places().await?;
        let base = self.instance.streaming(&self.http).await?;
        match self.transport {
            Transport::Websocket => self.socket(&base).await.map_err(|mut trouble| {
                trouble.message = format!("{}: {}", self.instance.name, trouble.message);
                trouble
            }),
            Transport::Sse => self.sse(&base).await,
        }
    }

    fn take(&mut self, frame: Frame, batch: &mut Batch<'_>) -> Result<(), Trouble> {
        match frame {
            Frame::Event(name, data) => {
                let timeline = self.timelines.first().cloned();
                self.event(timeline.as_ref(), &name, &data, batch);
            }
            Frame::Text(text) => self.message(&text, batch)?,
            Frame::TooLong(bytes) => {
                let message = format!("a frame of {bytes} bytes");
                batch.refuse(Refused::new("too_long", "frame", message));
            }
            Frame::Binary(_) => batch.refuse(Refused::new("binary", "frame", "a binary frame")),
            Frame::KeepAlive => {}
        }
        Ok(())
    }

    /// What is being repaired is not behind us yet.
    fn cursor(&self) -> Option<String> {
        let mut positions = self.positions.clone();
        positions.0.extend(self.anchors.iter().flat_map(|a| a.0.clone()));
        positions.write()
    }

    fn idle(&self) -> Duration {
        self.idle
    }

    fn missing_since(&self) -> Option<i64> {
        self.positions.0.values().map(|p| p.at).min()
    }

    async fn repair(&mut self, _: i64, until: i64, context: &mut Context) -> Result<Repair, Trouble> {
        let Some(anchors) = &mut self.anchors else {
            return Ok(Repair::NotNeeded);
        };
        let due = self.timelines.iter().find_map(|timeline| {
            let place = self.instance.place(timeline);
            Some((timeline, anchors.0.get(&place)?.id.clone(), place))
        });
        let Some((timeline, id, place)) = due else {
            self.anchors = None;
            return Ok(Repair::Done(Delivery::default()));
        };
        let asked = self.instance.page(&self.http, timeline, Part::After(&id), PAGE);
        let page = within_budget(context, PAGE, asked, |p| p.statuses.len()).await?;
        let delivery = page.deliver(&mut self.recent, &context.health);
        // From there on the stream has it.
        let reached = delivery.events.iter().any(|event| match event {
            SourceEvent::Post(post) => created(post).is_some_and(|at| at > until),
            SourceEvent::AuthorGone { .. } => false,
        });
        match page.newest.filter(|newest| *newest != id && !reached) {
            Some(newest) => anchors.advance(&place, &newest, now_ms()),
            None => {
                anchors.0.remove(&place);
            }
        }
        Ok(Repair::More(delivery))
    }
}
