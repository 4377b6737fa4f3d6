//! Whom letters are handed to: `[mail]`.

use super::check::Fault;
use super::load::secret;
use super::reader::Reader;
use crate::delivery::{Security, Settings};
use std::net::IpAddr;
use std::path::Path;
use toml::Table;

pub(super) fn read_mail(table: &Table, base: &Path, faults: &mut Vec<Fault>) -> Option<Settings> {
    let mut r = Reader::new(table, "mail", faults);
    let server = r.required_text("server").map(str::to_owned);
    let security = match r.text("security").unwrap_or("starttls") {
        "tls" => Security::Tls,
        "starttls" => Security::StartTls,
        "none" => {
            if server.as_deref().is_some_and(|s| !is_here(s)) {
                r.fault("security", "`none` is for a mail server on this machine alone");
            }
            Security::None
        }
        other => {
            r.fault("security", format!("`{other}` is none of tls, starttls, none"));
            Security::StartTls
        }
    };
    let usual = match security {
        Security::Tls => 465,
        Security::StartTls => 587,
        Security::None => 25,
    };
    let port = r.number("port", 1, 65_535).unwrap_or(usual) as u16;
    let from = r.required_text("from").and_then(|text| match text.parse() {
        Ok(from) => Some(from),
        Err(_) => {
            r.fault(
                "from",
                format!("`{text}` is no mail address, such as Listening <listening@acme.example>"),
            );
            None
        }
    });
    let user = r.text("user").map(str::to_owned);
    let password = r.text("password").and_then(|text| match secret(text, base) {
        Ok(secret) => Some(secret),
        Err(message) => {
            r.fault("password", message);
            None
        }
    });
    if user.is_some() != password.is_some() {
        r.fault("user", "user and password go together");
    }
    r.finish();
    Some(Settings {
        server: server?,
        port,
        security,
        user: user.zip(password),
        from: from?,
    })
}

fn is_here(server: &str) -> bool {
    server == "localhost" || server.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
