//! Recorded statuses, events of streams, and exchanges.

use super::instance::{Recent, is_public, unreadable};
use super::live::{Told, read_event};
use super::map::read_post;
use crate::error::Refused;
use crate::recorded::{self, Recorded};
use crate::registry::{Each, ParseInput};
use crate::source::SourceEvent;
use crate::stream::{Frame, recorded_events};
use serde_json::{Map, Value};
use std::io;

/// Reads statuses wherever they lie in JSON, Server-Sent Events, messages of a WebSocket, recorded exchanges. What is
/// not public is left out, as when it is followed.
pub fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    let mut refused: Vec<Refused> = Vec::new();
    let mut recent = Recent::default();
    recorded::read(
        input,
        &mut |place, recorded| {
            let mut reader = Reader {
                place,
                recent: &mut recent,
                each: &mut *each,
            };
            match recorded {
                Recorded::Json(value) => reader.walk(value),
                Recorded::Text(text) => reader.events(&text),
                Recorded::Exchange { status, body, .. } => reader.body(status, &body),
            }
        },
        &mut |r| refused.push(r),
    )?;
    refused.into_iter().for_each(|r| each(Err(r)));
    Ok(())
}

struct Reader<'r, 'e> {
    place: &'r str,
    recent: &'r mut Recent,
    each: Each<'e>,
}

impl Reader<'_, '_> {
    fn body(&mut self, status: u16, body: &str) {
        match crate::json::parse(body) {
            Ok(value) => self.walk(value),
            Err(_) if body.contains("event:") => self.events(body),
            // Errors and health checks are plain text at times.
            Err(_) if status >= 400 || !body.trim_start().starts_with(['{', '[']) => {}
            Err(e) => self.refuse(unreadable(&e)),
        }
    }

    fn events(&mut self, text: &str) {
        for frame in recorded_events(text) {
            if let Frame::Event(name, data) = frame {
                self.event(&name, &data);
            }
        }
    }

    fn event(&mut self, name: &str, data: &str) {
        match read_event(name, data, self.recent) {
            Ok(Told::Post(_, post) | Told::Gone(post)) => (self.each)(Ok(SourceEvent::Post(post))),
            Ok(Told::Nothing) => {}
            Err(refused) => self.refuse(refused),
        }
    }

    /// Finds statuses wherever they lie. One that is found is not searched for those that it repeats or quotes.
    fn walk(&mut self, value: Value) {
        match value {
            Value::Array(items) => items.into_iter().for_each(|v| self.walk(v)),
            Value::Object(fields) if is_status(&fields) => self.status(&Value::Object(fields).to_string()),
            Value::Object(fields) => match (fields.get("event"), fields.get("payload")) {
                (Some(Value::String(name)), Some(Value::String(payload))) => self.event(name, payload),
                _ => fields.into_iter().for_each(|(_, v)| self.walk(v)),
            },
            _ => {}
        }
    }

    fn status(&mut self, json: &str) {
        match read_post(json, self.recent) {
            Ok(Some((id, post))) if is_public(&post) => {
                self.recent.note(&id, &post);
                (self.each)(Ok(SourceEvent::Post(Box::new(post))));
            }
            Ok(_) => {}
            Err(e) => self.refuse(unreadable(&e)),
        }
    }

    fn refuse(&mut self, refused: Refused) {
        let place = if refused.place.is_empty() {
            self.place
        } else {
            &refused.place
        };
        (self.each)(Err(Refused::new(
            refused.code,
            format!("{} {place}", self.place).trim(),
            refused.message,
        )));
    }
}

fn is_status(fields: &Map<String, Value>) -> bool {
    ["uri", "account", "content", "visibility"]
        .iter()
        .all(|k| fields.contains_key(*k))
}
