//! Handing one message over.

use super::{Mailer, Telling, Trouble, channels};
use crate::control::{Channel, Content, Destination, DestinationSecrets, Outgoing};
use crate::pipeline::Engine;
use crate::report;
use post::Millis;
use sources::http::outgoing::{self, Sent};
use std::sync::Arc;

/// Characters of a text that go along.
const EXCERPT: usize = 280;
/// Texts of one alert that go along.
const EXCERPTS: usize = 3;

/// Sends a message of the outbox; gives what the other side said.
pub(super) async fn hand_over(
    engine: &Arc<Engine>,
    mailer: Option<&Arc<Mailer>>,
    waiting: Outgoing,
) -> Result<String, Trouble> {
    let (id, engine) = (waiting.id.clone(), engine.clone());
    match (waiting.content, waiting.destination) {
        (Content::Letter(letter), _) => {
            let mailer = mailer.cloned().ok_or_else(no_mail)?;
            blocking(move || {
                let file = match &letter.attachment {
                    None => None,
                    Some(a) => Some(file(&engine, a)?),
                };
                mailer.send(&id, &letter, file)
            })
            .await
        }
        (Content::Telling(telling), Some(destination)) => {
            let reader = engine.clone();
            let found = blocking(move || Ok(reader.control.destination(&destination))).await?;
            let (destination, secrets) = found.map_err(|e| Trouble::Never(e.to_string()))?;
            tell(&engine, mailer, &id, (destination, secrets), telling).await
        }
        (Content::Telling(_), None) => Err(Trouble::Never("it has no destination".to_owned())),
    }
}

/// Sends a telling to a destination now, under an id.
pub(crate) async fn tell(
    engine: &Arc<Engine>,
    mailer: Option<&Arc<Mailer>>,
    id: &str,
    (destination, secrets): (Destination, DestinationSecrets),
    telling: Telling,
) -> Result<String, Trouble> {
    let settings = destination.settings;
    let excerpts = if settings.internal {
        let (engine, telling) = (engine.clone(), telling.clone());
        blocking(move || excerpts(&engine, &telling)).await?
    } else {
        Vec::new()
    };
    if settings.channel == Channel::Email {
        let to = settings.to.as_deref().unwrap_or_default();
        let letter = channels::letter(to, &telling, &excerpts);
        let (mailer, id) = (mailer.cloned().ok_or_else(no_mail)?, id.to_owned());
        return blocking(move || mailer.send(&id, &letter, None)).await;
    }
    let now = crate::clock::now();
    let request = channels::request(&settings, &secrets, id, (&telling, &excerpts), now);
    said(outgoing::send(request.map_err(Trouble::Never)?).await)
}

/// What an answer means. Its words hold neither the address nor what was sent nor the other side's words.
fn said(sent: Sent) -> Result<String, Trouble> {
    match sent {
        Sent::Answered {
            status: status @ 200..=299,
            ..
        } => Ok(format!("it answered {status}")),
        Sent::Answered {
            status, retry_after, ..
        } => {
            let words = format!("it answered {status}");
            let asked = retry_after.map(|d| Millis::try_from(d.as_millis()).unwrap_or(Millis::MAX));
            Err(match (status, asked) {
                (429 | 503, Some(asked)) => Trouble::Busy(words, asked),
                (408 | 425 | 429 | 500.., _) => Trouble::Later(words),
                _ => Trouble::Never(words),
            })
        }
        Sent::Refused(words) => Err(Trouble::Never(words)),
        Sent::NotSent(words) | Sent::Unknown(words) => Err(Trouble::Later(words)),
    }
}

fn no_mail() -> Trouble {
    Trouble::Later("there is no mail server: [mail] of the configuration names one".to_owned())
}

/// The texts that go along, by item: of mentions that are still there.
fn excerpts(engine: &Engine, telling: &Telling) -> Result<Vec<Vec<String>>, Trouble> {
    let snapshot = engine.store.snapshot();
    let text = |number: &String| {
        let number = u64::from_str_radix(number, 16).ok()?;
        let found = snapshot.numbered(number).ok().flatten()?;
        (found.project == telling.project).then(|| short(&found.post.text))
    };
    let of = |mentions: &[String]| mentions.iter().filter_map(text).take(EXCERPTS).collect();
    Ok(telling.items.iter().map(|item| of(&item.mentions)).collect())
}

fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(EXCERPT) {
        None => line,
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}

/// The file of a letter, read now: what an erasure took away does not leave.
fn file(engine: &Engine, a: &super::Attachment) -> Result<Vec<u8>, Trouble> {
    match report::open(&engine.data, &a.rendition, a.form, false) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(Trouble::Never(
            "the file was deleted, or an erasure took it away".to_owned(),
        )),
        Err(error) => Err(Trouble::Later(format!("the file cannot be read: {error}"))),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(_) => Err(Trouble::Later("sending failed here".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn answered(status: u16, retry_after: Option<u64>) -> Result<String, Trouble> {
        said(Sent::Answered {
            status,
            body: b"secret words".to_vec(),
            retry_after: retry_after.map(Duration::from_secs),
        })
    }

    #[test]
    fn answers_are_taken_refusals_or_reasons_to_come_again() {
        assert_eq!(answered(204, None), Ok("it answered 204".to_owned()));
        for status in [408, 425, 429, 500, 503] {
            assert!(
                matches!(answered(status, None), Err(Trouble::Later(_))),
                "{status}"
            );
        }
        assert_eq!(
            answered(429, Some(7)),
            Err(Trouble::Busy("it answered 429".to_owned(), 7_000))
        );
        for status in [301, 400, 401, 404, 410] {
            assert!(
                matches!(answered(status, None), Err(Trouble::Never(_))),
                "{status}"
            );
        }
        assert!(matches!(
            said(Sent::Refused("leading elsewhere".into())),
            Err(Trouble::Never(_))
        ));
        assert!(matches!(said(Sent::Unknown("".into())), Err(Trouble::Later(_))));
    }
}
