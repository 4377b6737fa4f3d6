//! What is outside: mail server, sign-on provider, destinations of alerts, sources. Nothing is sent, nothing spent.

use super::report::Report;
use crate::config::Config;
use crate::connections::{Definition, in_words, try_out};
use crate::control::{Channel, Control, DestinationSettings};
use crate::delivery::{self, Mailer};
use crate::oidc;
use sources::keep::Memory;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;

/// Who has not taken a connection by then does not.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn look(settings: Option<&Config>, control: Option<&Control>, report: &mut Report) {
    if let Some(settings) = settings {
        match &settings.mail {
            Some(mail) => letters(mail, report).await,
            None => report.skipped("mail", "", "the configuration names no mail server"),
        }
        if let Some(oidc) = &settings.oidc {
            sign_on(oidc, report).await;
        }
        for definition in &settings.sources {
            source(definition, report).await;
        }
    }
    if let Some(control) = control {
        kept_sources(control, report);
        destinations(control, settings.is_some_and(|s| s.mail.is_some()), report).await;
    }
}

async fn letters(mail: &delivery::Settings, report: &mut Report) {
    let place = format!("{}:{}", mail.server, mail.port);
    let mailer = Mailer::new(mail);
    let tried = tokio::task::spawn_blocking(move || mailer.map_err(|e| e.to_string())?.try_out()).await;
    match tried.unwrap_or_else(|e| Err(e.to_string())) {
        Ok(()) => report.ok("mail", place, "it lets us in"),
        Err(error) => report.fault(
            "mail",
            place,
            error,
            "compare [mail] server, port, security, user and password with what the provider says",
        ),
    }
}

async fn sign_on(settings: &oidc::Settings, report: &mut Report) {
    let place = settings.issuer.clone();
    let asked = match oidc::Provider::new(settings.clone()) {
        Ok(provider) => provider.begin("http://127.0.0.1/").await.map(drop),
        Err(fault) => Err(fault),
    };
    match asked {
        Ok(()) => report.ok("sign-on", place, "it says how to sign in, and its keys"),
        Err(fault) => report.fault(
            "sign-on",
            place,
            fault,
            "compare [access.oidc] issuer with what the provider says; people with a password can sign in meanwhile",
        ),
    }
}

async fn source(definition: &Definition, report: &mut Report) {
    let place = &definition.name;
    let advice = "`groundswell source list` says what it needs; docs/reference/sources.md how to get it";
    match try_out(definition, Arc::new(Memory::default())).await {
        Ok(trial) if trial.works => report.ok("source", place, trial.lines.join("; ")),
        Ok(trial) => report.fault("source", place, trial.lines.join("; "), advice),
        Err(faults) => report.fault("source", place, in_words(&faults), advice),
    }
}

/// Sources made in the app: a trial here could use up a sign-in's token that the server needs.
fn kept_sources(control: &Control, report: &mut Report) {
    let kept = match control.kept_sources() {
        Ok(kept) => kept,
        Err(error) => {
            let advice = "restore database and keys from one backup";
            report.fault("source", "made in the app", error, advice);
            return;
        }
    };
    for source in kept {
        let name = source.name.clone();
        match crate::serve::kept_source(source) {
            Ok(_) => report.skipped("source", name, "it can be read; the app tries it out (Sources)"),
            Err(error) => report.fault(
                "source",
                name,
                format!("{error:#}"),
                "change it in the app, under Sources",
            ),
        }
    }
}

async fn destinations(control: &Control, has_mail: bool, report: &mut Report) {
    let projects = control.projects().unwrap_or_default();
    for project in projects {
        for destination in control.destinations(&project.id).unwrap_or_default() {
            let place = format!("{} of {}", destination.name, project.name);
            let settings = destination.settings;
            if settings.channel == Channel::Email {
                match has_mail {
                    true => report.ok("destination", place, "letters go by the mail server"),
                    false => report.fault(
                        "destination",
                        place,
                        "there is no mail server",
                        "name one in [mail]",
                    ),
                }
                continue;
            }
            if let Err(error) = control.destination(&destination.id) {
                let advice = "restore database and keys from one backup, or make the destination anew";
                report.fault("destination", &place, error, advice);
            }
            match connect(&settings).await {
                Ok(host) => report.ok("destination", place, format!("{host} takes a connection")),
                Err(error) => report.fault(
                    "destination",
                    place,
                    error,
                    "see whether the address is right and a firewall lets it through (Channels); messages wait meanwhile",
                ),
            }
        }
    }
}

/// Connects to the destination's host. The address itself is a secret, and asking it could send something.
async fn connect(settings: &DestinationSettings) -> Result<String, String> {
    let host = settings.host.as_deref().unwrap_or_default();
    let url = sources::http::outgoing::check(host)?;
    let port = url.port_or_known_default().unwrap_or(443);
    let name = url
        .host_str()
        .unwrap_or_default()
        .trim_matches(['[', ']'])
        .to_owned();
    let connected = tokio::time::timeout(PATIENCE, TcpStream::connect((name.as_str(), port))).await;
    match connected {
        Ok(Ok(_)) => Ok(host.to_owned()),
        Ok(Err(error)) => Err(format!("{host}: {error}")),
        Err(_) => Err(format!("{host}: no connection in {} s", PATIENCE.as_secs())),
    }
}
