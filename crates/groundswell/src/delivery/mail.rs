//! Sending by SMTP (RFC 5321).

use super::Letter;
use crate::config::Secret;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Message, SmtpTransport, Transport};
use post::Millis;
use std::time::Duration;
use thiserror::Error;

/// Whoever does not answer by then is tried again later.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How the connection to the mail server is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte, usually on port 465.
    Tls,
    /// TLS after a greeting, usually on port 587; without it nothing is sent.
    StartTls,
    /// None: for a mail server on this machine.
    None,
}

/// `[mail]`
#[derive(Debug, Clone)]
pub struct Settings {
    /// The mail server's name or address.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in there.
    pub user: Option<(String, Secret)>,
    /// Whom letters come from.
    pub from: Mailbox,
}

/// Why a letter was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Trouble {
    /// It may be taken later.
    #[error("{0}")]
    Later(String),
    /// It may be taken later, but not before so many milliseconds.
    #[error("{0}")]
    Busy(String, Millis),
    /// It never will be.
    #[error("{0}")]
    Never(String),
}

/// Hands letters to a mail server.
pub struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Mailer {
    /// A mailer; the server is first spoken to when there is something to send.
    pub fn new(settings: &Settings) -> anyhow::Result<Self> {
        let server = settings.server.as_str();
        let builder = match settings.security {
            Security::Tls => SmtpTransport::relay(server)?,
            Security::StartTls => SmtpTransport::starttls_relay(server)?,
            Security::None => SmtpTransport::builder_dangerous(server),
        };
        let mut builder = builder.port(settings.port).timeout(Some(TIMEOUT));
        if let Some((user, password)) = &settings.user {
            builder = builder.credentials(Credentials::new(user.clone(), password.0.clone()));
        }
        Ok(Self {
            transport: builder.build(),
            from: settings.from.clone(),
        })
    }

    /// Sends a letter under an id that stays the same however often it is sent, with a file where it has one. Gives the
    /// server's answer. Blocks.
    pub fn send(&self, id: &str, letter: &Letter, file: Option<Vec<u8>>) -> Result<String, Trouble> {
        let message = self.message(id, letter, file)?;
        match self.transport.send(&message) {
            Ok(answer) => Ok(answer.message().collect::<Vec<_>>().join(" ")),
            Err(error) if error.is_permanent() => Err(Trouble::Never(said(&error))),
            Err(error) => Err(Trouble::Later(said(&error))),
        }
    }

    /// Connects, protects the connection, signs in and says good-bye; sends nothing. Blocks.
    pub fn try_out(&self) -> Result<(), String> {
        match self.transport.test_connection() {
            Ok(true) => Ok(()),
            Ok(false) => Err("it answers, and takes no commands".to_owned()),
            Err(error) => Err(said(&error)),
        }
    }

    fn message(&self, id: &str, letter: &Letter, file: Option<Vec<u8>>) -> Result<Message, Trouble> {
        let never = |what: &str| Trouble::Never(format!("the letter cannot be written: {what}"));
        let to: Mailbox = letter.to.parse().map_err(|_| never("its address is none"))?;
        let builder = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&letter.subject)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())));
        let text = SinglePart::plain(letter.text.clone());
        let written = match (letter.attachment.as_ref().zip(file), &letter.html) {
            (None, None) => builder.singlepart(text),
            (None, Some(html)) => {
                let html = SinglePart::html(html.clone());
                builder.multipart(MultiPart::alternative().singlepart(text).singlepart(html))
            }
            (Some((attachment, bytes)), _) => {
                let kind = ContentType::parse(attachment.form.media_type())
                    .map_err(|_| never("its file has no media type"))?;
                let file = Attachment::new(attachment.name.clone()).body(bytes, kind);
                builder.multipart(MultiPart::mixed().singlepart(text).singlepart(file))
            }
        };
        written.map_err(|e| never(&e.to_string()))
    }
}

/// An error with what lies behind it; a server's answer is cut to a readable length.
fn said(error: &lettre::transport::smtp::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    text.chars().take(300).collect()
}
