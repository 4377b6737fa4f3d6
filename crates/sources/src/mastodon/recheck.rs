//! Asking whether posts are still there, and what instances say of themselves.

use super::PLATFORM;
use super::instance::{Instance, Part, is_public, unreadable};
use super::live::gone;
use super::map::{host_of, read_post};
use super::timeline::Timeline;
use crate::error::SourceError;
use crate::http::{Http, Request, Trouble, TroubleKind};
use crate::poll::{Next, Poll, Round};
use crate::source::{Context, Delivery, SourceEvent};
use post::{Event, RawPost};
use serde::Deserialize;
use std::collections::VecDeque;

/// Asks the configured instance where a post is at home, or else, as any server of the fediverse may, for the object at
/// its address: without a token, never through redirects and over TLS, so that an address made up by a stranger reaches
/// nothing that does not prove its name.
pub(super) struct Recheck {
    instances: Vec<(Instance, Http)>,
    others: Http,
    objects_url: String,
    uids: VecDeque<String>,
    /// Posts of which nobody would say.
    unknown: usize,
}

#[derive(Deserialize)]
struct Object {
    #[serde(rename = "type")]
    kind: String,
}

impl Recheck {
    pub(super) fn new(
        instances: Vec<(Instance, Http)>,
        others: Http,
        objects_url: String,
        uids: Vec<String>,
    ) -> Self {
        let ours = |uid: &String| uid.starts_with(PLATFORM) && uid.contains("://");
        Self {
            instances,
            others,
            objects_url,
            uids: uids.into_iter().filter(ours).collect(),
            unknown: 0,
        }
    }

    async fn ask(&self, uid: &str) -> Result<Answer, Trouble> {
        let uri = uid.split_once(':').map_or("", |(_, uri)| uri);
        let (host, number) = (host_of(uri), uri.rsplit('/').next().unwrap_or_default());
        let home = self.instances.iter().find(|(i, _)| host_of(&i.base) == host);
        let numbered = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        match (home, host) {
            (Some((instance, http)), _) if numbered => at_home(instance, http, number, uid).await,
            (_, Some(host)) if is_name(host) => self.elsewhere(uri, host, uid).await,
            _ => Ok(Answer::Unknown),
        }
    }

    async fn elsewhere(&self, uri: &str, host: &str, uid: &str) -> Result<Answer, Trouble> {
        let path = uri.split_once(host).map_or("", |(_, path)| path);
        let base = self.objects_url.replace("{host}", host);
        let request = Request::get(&base, path)
            .label("another instance")
            .header("accept", "application/activity+json");
        match self.others.json::<Object>(request).await {
            Ok(object) if object.kind == "Tombstone" => Ok(Answer::told(gone(uid.to_owned()))),
            Ok(_) => Ok(Answer::Same),
            Err(trouble) if trouble.kind == TroubleKind::Missing => Ok(Answer::told(gone(uid.to_owned()))),
            // One server that is down, or that answers only to whom it knows, does not hold up the others.
            Err(_) => Ok(Answer::Unknown),
        }
    }
}

enum Answer {
    Told(Box<RawPost>),
    Same,
    Unknown,
}

impl Answer {
    fn told(post: RawPost) -> Self {
        Answer::Told(Box::new(post))
    }
}

async fn at_home(instance: &Instance, http: &Http, number: &str, uid: &str) -> Result<Answer, Trouble> {
    let label = format!("{} /api/v1/statuses", instance.name);
    let request = instance.get(&format!("/api/v1/statuses/{number}")).label(&label);
    let reply = match http.ok(instance.signed(request)).await {
        Ok(reply) => reply,
        Err(trouble) if trouble.kind == TroubleKind::Missing => {
            return Ok(Answer::told(gone(uid.to_owned())));
        }
        Err(trouble) if matches!(trouble.kind, TroubleKind::Unauthorized | TroubleKind::Forbidden) => {
            return Ok(Answer::Unknown);
        }
        Err(trouble) => return Err(trouble),
    };
    let malformed = |what| Trouble::new(TroubleKind::Malformed, format!("{label}: {what}"));
    let text = String::from_utf8_lossy(&reply.body);
    let read = read_post(&text, &()).map_err(|e| malformed(unreadable(&e).to_string()))?;
    let (_, mut post) = read.ok_or_else(|| malformed("no status".to_owned()))?;
    if !is_public(&post) {
        return Ok(Answer::told(gone(uid.to_owned())));
    }
    if post.event == Event::Create {
        post.event = Event::Engagement;
    }
    Ok(Answer::told(post))
}

/// A host by name: no address, and nothing of this network.
fn is_name(host: &str) -> bool {
    let ends_in_letters = host
        .rsplit('.')
        .next()
        .is_some_and(|l| !l.bytes().any(|b| b.is_ascii_digit()));
    host.contains('.')
        && ends_in_letters
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
        && ![".local", ".localhost", ".internal"]
            .iter()
            .any(|end| host.ends_with(end))
}

impl Poll for Recheck {
    async fn round(&mut self, context: &mut Context) -> Result<Round, Trouble> {
        let Some(uid) = self.uids.front() else {
            if self.unknown > 0 {
                let message = format!(
                    "of {} posts their servers would not say whether they are there",
                    self.unknown
                );
                context.report.say(message);
            }
            return Ok(Round {
                next: Next::Done,
                ..Round::default()
            });
        };
        let answer = self.ask(uid).await?;
        self.uids.pop_front();
        let mut delivery = Delivery::default();
        match answer {
            Answer::Told(post) => delivery.events.push(SourceEvent::Post(post)),
            Answer::Same => {}
            Answer::Unknown => self.unknown += 1,
        }
        Ok(Round {
            delivery,
            next: Next::Now,
        })
    }
}

/// Says of each instance what it is and what it lets be read.
pub(super) async fn test(instances: &[(Instance, Http)], context: &Context) -> Result<(), SourceError> {
    let mut last = None;
    let mut good = 0;
    for (instance, http) in instances {
        match look(instance, http).await {
            Ok(line) => {
                good += 1;
                context.report.say(format!("{}: {line}", instance.name));
            }
            Err(trouble) => {
                context.report.say(trouble.message.clone());
                last = Some(trouble);
            }
        }
    }
    match last {
        Some(trouble) if good == 0 => Err(trouble.into()),
        _ => Ok(()),
    }
}

async fn look(instance: &Instance, http: &Http) -> Result<String, Trouble> {
    let about = instance.about(http).await?;
    let version: String = about
        .version
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || ".-+~".contains(*c))
        .take(40)
        .collect();
    if instance.token.is_some() {
        let request = instance.get("/api/v1/accounts/verify_credentials");
        http.ok(instance.signed(request)).await?;
        let streams = if about.streaming().is_some() {
            "streamed"
        } else {
            "streamed from itself"
        };
        return Ok(format!("version {version}, the token is good, {streams}"));
    }
    let page = instance.page(http, &Timeline::Public, Part::Newest, 1).await;
    Ok(match page {
        Ok(_) => format!("version {version}, its timeline can be read without a token"),
        Err(_) => format!("version {version}, it needs a token to show its timeline"),
    })
}
