//! What each channel is sent: requests made of a [`Telling`].

use super::Telling;
use super::letter::Letter;
use super::telling::{Severity, moment};
use crate::control::{Channel, DestinationSecrets, DestinationSettings};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use post::Millis;
use serde_json::{Value, json};
use sha2::Sha256;
use sources::http::outgoing::{Method, Outgoing};

/// Secrets of webhooks begin so (Standard Webhooks).
pub const SECRET_PREFIX: &str = "whsec_";

/// Characters of a text that the platforms' cards take in one block.
const MAX_BLOCK: usize = 2_900;

/// The letter of a telling.
pub(super) fn letter(to: &str, telling: &Telling, excerpts: &[Vec<String>]) -> Letter {
    Letter {
        to: to.to_owned(),
        subject: telling.subject(),
        text: telling.text(excerpts),
        html: Some(telling.html(excerpts)),
        attachment: None,
    }
}

/// The request of a telling for every channel but mail, under an id that stays the same however often it is sent. `Err`
/// says in words what the destination lacks.
pub(super) fn request(
    settings: &DestinationSettings,
    secrets: &DestinationSecrets,
    id: &str,
    (telling, excerpts): (&Telling, &[Vec<String>]),
    now: Millis,
) -> Result<Outgoing, String> {
    let address = secrets.address.clone().ok_or("it has no address")?;
    let mut out = Outgoing {
        method: Method::Post,
        address,
        headers: Vec::new(),
        body: String::new(),
        allow_private: settings.allow_private,
    };
    match settings.channel {
        Channel::Email => return Err("letters are handed to the mail server".to_owned()),
        Channel::Webhook => {
            out.body = webhook(telling, excerpts).to_string();
            out.headers = signed(secrets, id, &out.body, now)?;
        }
        Channel::Slack => out.body = slack(telling, excerpts).to_string(),
        Channel::Teams => out.body = teams(telling, excerpts).to_string(),
        Channel::Matrix => {
            let room = settings.room.as_deref().ok_or("it has no room")?;
            let token = secrets.token.as_deref().ok_or("it has no token")?;
            out.method = Method::Put;
            out.address = format!(
                "{}/_matrix/client/v3/rooms/{}/send/m.room.message/{id}",
                out.address.trim_end_matches('/'),
                percent(room)
            );
            out.headers
                .push(("Authorization".to_owned(), format!("Bearer {token}")));
            out.body = matrix(telling, excerpts).to_string();
        }
    }
    Ok(out)
}

/// The headers of Standard Webhooks: id, time, and a signature by each secret in force.
fn signed(
    secrets: &DestinationSecrets,
    id: &str,
    body: &str,
    now: Millis,
) -> Result<Vec<(String, String)>, String> {
    let seconds = now.div_euclid(1000);
    let in_force = secrets
        .signing
        .iter()
        .filter(|s| s.until.is_none_or(|until| now < until));
    let signatures = in_force
        .map(|s| signature(&s.secret, id, seconds, body).ok_or("its secret cannot be read"))
        .collect::<Result<Vec<_>, _>>()?;
    if signatures.is_empty() {
        return Err("it has no secret to sign with".to_owned());
    }
    Ok(vec![
        ("webhook-id".to_owned(), id.to_owned()),
        ("webhook-timestamp".to_owned(), seconds.to_string()),
        ("webhook-signature".to_owned(), signatures.join(" ")),
    ])
}

/// `v1,` and the HMAC-SHA256 of `id.seconds.body` under the bytes that `whsec_…` holds in Base64 (Standard Webhooks).
pub fn signature(secret: &str, id: &str, seconds: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.strip_prefix(SECRET_PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

fn webhook(telling: &Telling, excerpts: &[Vec<String>]) -> Value {
    let at = telling.items.last().map_or(0, |i| i.at);
    let items: Vec<Value> = telling
        .items
        .iter()
        .enumerate()
        .map(|(place, item)| {
            let mut value = json!(item);
            if let Some(texts) = excerpts.get(place).filter(|t| !t.is_empty()) {
                value["excerpts"] = json!(texts);
            }
            value
        })
        .collect();
    json!({
        "type": if telling.alert.is_some() { "alert.fired" } else { "alert.trial" },
        "timestamp": Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH).to_string(),
        "data": {
            "project": telling.project, "alert": telling.alert, "name": telling.name, "kind": telling.kind,
            "severity": telling.severity, "subject": telling.subject(), "items": items, "more": telling.more,
        },
    })
}

/// The message of a Slack incoming webhook, in blocks.
fn slack(telling: &Telling, excerpts: &[Vec<String>]) -> Value {
    let mrkdwn = |text: String| json!({"type": "section", "text": {"type": "mrkdwn", "text": cut(text)}});
    let header: String = telling.subject().chars().take(150).collect();
    let mut blocks = vec![json!({"type": "header", "text": {"type": "plain_text", "text": header}})];
    for (place, item) in telling.items.iter().take(20).enumerate() {
        let title = match &item.link {
            Some(link) => format!("*<{link}|{}>*", slack_text(&item.title)),
            None => format!("*{}*", slack_text(&item.title)),
        };
        let lines = item.why.iter().map(|l| format!("\n• {}", slack_text(l)));
        let quotes = excerpts.get(place).into_iter().flatten();
        let quotes = quotes.map(|e| format!("\n> {}", slack_text(e)));
        blocks.push(mrkdwn(
            format!("{title}\n{}", moment(item.at)) + &lines.chain(quotes).collect::<String>(),
        ));
    }
    blocks.push(
        json!({"type": "context", "elements": [{"type": "mrkdwn", "text": slack_text(&telling.foot())}]}),
    );
    json!({"text": slack_text(&telling.subject()), "blocks": blocks})
}

/// Slack's three control characters.
fn slack_text(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// An Adaptive Card in the message that a Teams workflow's webhook takes.
fn teams(telling: &Telling, excerpts: &[Vec<String>]) -> Value {
    let colour = match telling.severity {
        Severity::Info => "Default",
        Severity::Warning => "Warning",
        Severity::Critical => "Attention",
    };
    let block = |text: &str| json!({"type": "TextBlock", "text": cut(text.to_owned()), "wrap": true});
    let mut body = vec![
        json!({"type": "TextBlock", "text": telling.subject(), "wrap": true,
        "weight": "Bolder", "size": "Medium", "color": colour}),
    ];
    let mut actions = Vec::new();
    for (place, item) in telling.items.iter().enumerate() {
        body.push(
            json!({"type": "TextBlock", "text": item.title, "wrap": true, "weight": "Bolder", "separator": true}),
        );
        let lines: Vec<String> = item.why.iter().map(|l| format!("- {l}")).collect();
        body.push(block(&format!("{}\n\n{}", moment(item.at), lines.join("\n"))));
        body.extend(
            excerpts
                .get(place)
                .into_iter()
                .flatten()
                .map(|e| block(&format!("“{e}”"))),
        );
        if let Some(link) = item.link.as_ref().filter(|_| actions.len() < 5) {
            let title: String = item.title.chars().take(40).collect();
            actions.push(json!({"type": "Action.OpenUrl", "title": title, "url": link}));
        }
    }
    body.push(
        json!({"type": "TextBlock", "text": telling.foot(), "wrap": true, "isSubtle": true, "size": "Small"}),
    );
    json!({"type": "message", "attachments": [{
        "contentType": "application/vnd.microsoft.card.adaptive",
        "content": {"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard",
            "version": "1.4", "body": body, "actions": actions},
    }]})
}

/// An `m.room.message` with its text and the same as HTML.
fn matrix(telling: &Telling, excerpts: &[Vec<String>]) -> Value {
    json!({
        "msgtype": "m.text",
        "body": format!("{}\n\n{}", telling.subject(), telling.text(excerpts)),
        "format": "org.matrix.custom.html",
        "formatted_body": telling.html(excerpts),
    })
}

fn cut(text: String) -> String {
    match text.char_indices().nth(MAX_BLOCK) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// A path segment: everything but letters, digits and `-._~` in percent signs.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::control::Signing;

    fn settings(channel: Channel) -> DestinationSettings {
        DestinationSettings {
            channel,
            to: None,
            host: None,
            room: Some("!room:acme.example".to_owned()),
            internal: false,
            allow_private: false,
        }
    }

    fn secrets() -> DestinationSecrets {
        let signing = |secret: &[u8], until| Signing {
            secret: format!("{SECRET_PREFIX}{}", STANDARD.encode(secret)),
            until,
        };
        DestinationSecrets {
            address: Some("https://acme.example".to_owned()),
            token: Some("syt_token".to_owned()),
            signing: vec![
                signing(b"the new secret of 24 bytes", None),
                signing(b"the old secret of 24 bytes", Some(5_000)),
            ],
        }
    }

    fn made(channel: Channel, now: Millis) -> Outgoing {
        let mut telling = Telling::trial("default", "Acme <&>", Some("https://x.example/a".into()), 1_000);
        telling.items[0].title = "5 < 6 & more".to_owned();
        let excerpts = vec![vec!["I <3 it".to_owned()]];
        request(&settings(channel), &secrets(), "m_1", (&telling, &excerpts), now).unwrap()
    }

    #[test]
    fn the_signature_is_that_of_the_standards_example() {
        // https://github.com/standard-webhooks/standard-webhooks, test vector of its libraries.
        let given = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(
            given.as_deref(),
            Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
        assert_eq!(signature("no prefix", "a", 1, "b"), None);
    }

    #[test]
    fn a_secret_that_was_replaced_signs_beside_the_new_one_until_it_ends() {
        let of = |now| {
            let header = made(Channel::Webhook, now).headers;
            let found = header.iter().find(|(name, _)| name == "webhook-signature");
            found.unwrap().1.split(' ').count()
        };
        assert_eq!((of(4_999), of(5_000)), (2, 1));
    }

    #[test]
    fn each_channel_gets_its_own_form() {
        let slack: Value = serde_json::from_str(&made(Channel::Slack, 1).body).unwrap();
        let text = slack["blocks"][1]["text"]["text"].as_str().unwrap();
        assert!(text.contains("<https://x.example/a|5 &lt; 6 &amp; more>") && text.contains("> I &lt;3 it"));
        let teams: Value = serde_json::from_str(&made(Channel::Teams, 1).body).unwrap();
        assert_eq!(teams["attachments"][0]["content"]["type"], "AdaptiveCard");
        let matrix = made(Channel::Matrix, 1);
        assert_eq!(matrix.method, Method::Put);
        assert_eq!(
            matrix.address,
            "https://acme.example/_matrix/client/v3/rooms/%21room%3Aacme.example/send/m.room.message/m_1"
        );
        let body: Value = serde_json::from_str(&matrix.body).unwrap();
        assert!(
            body["formatted_body"]
                .as_str()
                .unwrap()
                .contains("<blockquote>I &lt;3 it</blockquote>")
        );
    }
}
