//! Recorded input of a platform: a JSON document, JSON Lines, or recorded HTTP exchanges.

use crate::error::Refused;
use crate::json;
use crate::registry::{Each, ParseInput};
use crate::source::SourceEvent;
use post::RawPost;
use serde_json::Value;
use std::io::{self, Read};

/// The most bytes of one recording that is read whole.
const MAX_DOCUMENT: u64 = 256 << 20;
/// A longer line is refused.
const MAX_LINE: usize = 32 << 20;

/// One recorded thing.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// A JSON document, or a line of JSON Lines.
    Json(Value),
    /// The answer of a recorded exchange (`{"method","url","status","headers","body"}`).
    Exchange {
        /// The request's address.
        url: String,
        /// The answer's status.
        status: u16,
        /// Its body as it came.
        body: String,
    },
    /// Text that is no JSON, whole (an XML feed, Server-Sent Events).
    Text(String),
}

/// Takes each recorded thing, with its place.
pub type EachRecorded<'a> = &'a mut dyn FnMut(&str, Recorded);

/// Reads a recording: one JSON document, else JSON Lines, else text. Lines that are no JSON among those that are go to
/// `refuse`; half a surrogate pair is mended.
pub fn read(
    mut input: ParseInput,
    each: EachRecorded<'_>,
    refuse: &mut dyn FnMut(Refused),
) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.reader.by_ref().take(MAX_DOCUMENT).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Ok(());
    }
    let looks_like_json = text.trim_start().starts_with(['{', '[', '"']);
    if !looks_like_json {
        each("", Recorded::Text(text.to_owned()));
        return Ok(());
    }
    match json::parse::<Value>(text) {
        Ok(value) => each("", recorded(value)),
        Err(whole) => lines(text, whole.to_string(), each, refuse),
    }
    Ok(())
}

/// What an answer of a platform holds: its posts, and why others cannot be read; or why it is no answer.
pub(crate) type Answer = Result<(Vec<RawPost>, Vec<String>), String>;

/// Reads recorded answers of a JSON API: documents, one a line, or exchanges. Those that are no success hold no posts.
pub(crate) fn answers(input: ParseInput, each: Each<'_>, answer: impl Fn(&str) -> Answer) -> io::Result<()> {
    let mut refused: Vec<Refused> = Vec::new();
    let mut take = |place: &str, recorded: Recorded| {
        let text = match recorded {
            Recorded::Json(value) => value.to_string(),
            Recorded::Exchange { status, .. } if !(200..300).contains(&status) => return,
            Recorded::Exchange { body, .. } => body,
            Recorded::Text(_) => return each(Err(Refused::new("malformed", place, "no JSON"))),
        };
        let (posts, bad) = answer(&text).unwrap_or_else(|why| (Vec::new(), vec![why]));
        let posts = posts.into_iter();
        posts.for_each(|post| each(Ok(SourceEvent::Post(Box::new(post)))));
        let bad = bad.into_iter();
        bad.for_each(|why| each(Err(Refused::new("malformed", place, why))));
    };
    read(input, &mut take, &mut |r| refused.push(r))?;
    refused.into_iter().for_each(|r| each(Err(r)));
    Ok(())
}

fn lines(text: &str, whole: String, each: EachRecorded<'_>, refuse: &mut dyn FnMut(Refused)) {
    let mut any = false;
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let place = format!("line {}", number + 1);
        if line.len() > MAX_LINE {
            refuse(Refused::new(
                "too_long",
                place,
                format!("a line of {} bytes", line.len()),
            ));
            continue;
        }
        match json::parse::<Value>(line) {
            Ok(value) => {
                any = true;
                each(&place, recorded(value));
            }
            Err(_)
                if !any && number > 0 && text.lines().count() > 1 && !line.trim_start().starts_with('{') =>
            {
                // A document over several lines that is broken somewhere.
                refuse(Refused::new("malformed", "", whole));
                return;
            }
            Err(e) => refuse(Refused::new("malformed", place, e.to_string())),
        }
    }
}

fn recorded(value: Value) -> Recorded {
    let exchange = value.get("url").is_some() && value.get("status").is_some() && value.get("body").is_some();
    if !exchange {
        return Recorded::Json(value);
    }
    let body = match &value["body"] {
        Value::String(body) => body.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Recorded::Exchange {
        url: value["url"].as_str().unwrap_or_default().to_owned(),
        status: value["status"]
            .as_u64()
            .and_then(|s| u16::try_from(s).ok())
            .unwrap_or(0),
        body,
    }
}

/// Takes one document of a recording, JSON or text, and hands on what is in it.
pub(crate) type EachDocument<'a> = &'a mut dyn FnMut(&Recorded, crate::registry::Each<'_>);

/// Reads a recording of documents and of exchanges whose bodies are JSON; what is refused gets its place.
pub(crate) fn documents(
    input: ParseInput,
    each: crate::registry::Each<'_>,
    document: EachDocument<'_>,
) -> io::Result<()> {
    let mut refused = Vec::new();
    read(
        input,
        &mut |place, recorded| {
            let recorded = match recorded {
                Recorded::Exchange { body, .. } if body.trim().is_empty() => return,
                Recorded::Exchange { body, .. } => match json::parse(&body) {
                    Ok(value) => Recorded::Json(value),
                    Err(e) => return each(Err(Refused::new("malformed", place, e.to_string()))),
                },
                other => other,
            };
            document(&recorded, &mut |item| {
                each(item.map_err(|r| Refused {
                    place: if r.place.is_empty() {
                        place.to_owned()
                    } else {
                        r.place
                    },
                    ..r
                }));
            });
        },
        &mut |r| refused.push(r),
    )?;
    refused.into_iter().for_each(|r| each(Err(r)));
    Ok(())
}

/// Hands on the posts in a JSON document.
pub(crate) type MapDocument = fn(&Value, &mut dyn FnMut(Result<post::RawPost, String>));

/// [`documents`] of which each is JSON, read by a map.
pub(crate) fn posts(input: ParseInput, each: crate::registry::Each<'_>, map: MapDocument) -> io::Result<()> {
    documents(input, each, &mut |recorded, each| match recorded {
        Recorded::Json(value) => map(value, &mut |read| {
            each(match read {
                Ok(post) => Ok(crate::SourceEvent::Post(Box::new(post))),
                Err(message) => Err(Refused::new("malformed", "", message)),
            });
        }),
        _ => each(Err(Refused::new("malformed", "", "no JSON"))),
    })
}
