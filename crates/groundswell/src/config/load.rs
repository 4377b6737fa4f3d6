//! From the file to a valid [`Config`], or all its faults.

use super::check::Fault;
use super::reader::Reader;
use super::{Config, Journal, ListEntry, MonitorEntry, Secret, Server};
use super::{access, control, kafka, mail, rephrase, store};
use crate::api::types::Role;
use crate::connections::{Definition, Origin};
use crate::lists::{self, Lists};
use crate::policy;
use crate::privacy::Clock;
use crate::scoring;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use toml::Table;

/// The commented configuration that `groundswell init` writes; a test reads it.
pub const TEMPLATE: &str = include_str!("template.toml");

/// Reads the file; without one, the default configuration (Bluesky's public stream, data in `data`).
pub fn load(path: Option<&Path>) -> Result<Config, Vec<Fault>> {
    let (text, base) = match path {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| {
                vec![Fault {
                    key: String::new(),
                    message: format!("{}: {e}", path.display()),
                }]
            })?;
            (text, path.parent().map(Path::to_path_buf).unwrap_or_default())
        }
        None => (TEMPLATE.to_owned(), PathBuf::new()),
    };
    parse(&text, &base)
}

/// Reads the text of a configuration whose relative paths start at `base`.
pub fn parse(text: &str, base: &Path) -> Result<Config, Vec<Fault>> {
    let table: Table = text.parse().map_err(|e: toml::de::Error| {
        let line = e
            .span()
            .map(|s| text[..s.start.min(text.len())].matches('\n').count() + 1);
        let place = line.map_or_else(String::new, |l| format!("line {l}: "));
        vec![Fault {
            key: String::new(),
            message: format!("{place}{}", e.message()),
        }]
    })?;
    let mut faults = Vec::new();
    let mut root = Reader::new(&table, "", &mut faults);
    let (
        server,
        access,
        letters,
        rephrasing,
        data,
        kept,
        cluster,
        journal,
        brokers,
        scoring,
        privacy,
        retention,
    ) = (
        root.table("server"),
        root.table("access"),
        root.table("mail"),
        root.table("rephrase"),
        root.table("data"),
        root.table("control"),
        root.table("store"),
        root.table("journal"),
        root.table("kafka"),
        root.table("scoring"),
        root.table("privacy"),
        root.table("retention"),
    );
    let (sources, lists, monitors) = (root.tables("source"), root.tables("list"), root.tables("monitor"));
    root.finish();
    let lists = read_lists(&lists, base, &mut faults);
    let empty = Table::new();
    let (privacy, policy, purge) = read_privacy(privacy.unwrap_or(&empty), &mut faults);
    let (scoring, onnx) = read_scoring(scoring.unwrap_or(&empty), &mut faults);
    let oidc = access::read_access(access.unwrap_or(&empty), base, &mut faults);
    let config = Config {
        server: read_server(server.unwrap_or(&empty), base, oidc.is_some(), &mut faults),
        oidc,
        mail: letters.and_then(|table| mail::read_mail(table, base, &mut faults)),
        rephrase: rephrasing.and_then(|table| rephrase::read_rephrase(table, base, &mut faults)),
        data: base.join(read_data(data.unwrap_or(&empty), &mut faults)),
        postgres: kept.and_then(|table| control::read_control(table, base, &mut faults)),
        store: cluster.and_then(|table| store::read_store(table, base, &mut faults)),
        journal: read_journal(journal.unwrap_or(&empty), &mut faults),
        kafka: brokers.and_then(|table| kafka::read_kafka(table, base, &mut faults)),
        scoring,
        onnx: onnx.iter().map(|folder| base.join(folder)).collect(),
        privacy,
        purge,
        policy: policy::Settings {
            retention: read_retention(retention.unwrap_or(&empty), &mut faults),
            ..policy
        },
        sources: read_sources(&sources, base, &mut faults),
        monitors: read_monitors(&monitors, &lists, &mut faults),
        lists,
    };
    if faults.is_empty() {
        Ok(config)
    } else {
        Err(faults)
    }
}

fn read_server(table: &Table, base: &Path, has_oidc: bool, faults: &mut Vec<Fault>) -> Server {
    let mut r = Reader::new(table, "server", faults);
    let default = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
    let listen = match r.text("listen") {
        None => default,
        Some(text) => text.parse().unwrap_or_else(|_| {
            r.fault(
                "listen",
                format!("`{text}` is no address with a port, such as 127.0.0.1:8080"),
            );
            default
        }),
    };
    let password = r.text("password").and_then(|text| match secret(text, base) {
        Ok(secret) => Some(secret),
        Err(message) => {
            r.fault("password", message);
            None
        }
    });
    if !listen.ip().is_loopback() && password.is_none() && !has_oidc {
        r.fault("listen", format!("`{listen}` can be reached from other machines: set server.password first (\"env:NAME\" or \"file:PATH\"), or [access.oidc]"));
    }
    let public_url = r
        .text("public_url")
        .map(|url| url.trim_end_matches('/').to_owned());
    if let Some(url) = public_url
        .as_ref()
        .filter(|u| !u.starts_with("https://") && !u.starts_with("http://"))
    {
        r.fault("public_url", format!("`{url}` is no http:// or https:// address"));
    }
    let mut trusted_proxies = Vec::new();
    for text in r.texts("trusted_proxies") {
        match text.parse() {
            Ok(address) => trusted_proxies.push(address),
            Err(_) => r.fault(
                "trusted_proxies",
                format!("`{text}` is no address such as 127.0.0.1"),
            ),
        }
    }
    let (tls, limits) = (r.table("tls"), r.table("limits"));
    r.finish();
    Server {
        listen,
        public_url,
        password,
        tls: tls.and_then(|table| access::read_tls(table, base, faults)),
        limits: access::read_limits(limits.unwrap_or(&Table::new()), faults),
        trusted_proxies,
    }
}

/// Secrets never stand in the file itself: `env:NAME` or `file:PATH`.
pub(crate) fn secret(text: &str, base: &Path) -> Result<Secret, String> {
    let value = if let Some(name) = text.strip_prefix("env:") {
        std::env::var(name).map_err(|_| format!("the environment has no variable {name}"))?
    } else if let Some(path) = text.strip_prefix("file:") {
        let path = base.join(path);
        std::fs::read_to_string(&path)
            .map_err(|e| format!("{}: {e}", path.display()))?
            .trim()
            .to_owned()
    } else {
        return Err("a secret is given as \"env:NAME\" or \"file:PATH\", not in the file itself".to_owned());
    };
    if value.is_empty() {
        Err("the secret is empty".to_owned())
    } else {
        Ok(Secret(value))
    }
}

fn read_data(table: &Table, faults: &mut Vec<Fault>) -> PathBuf {
    let mut r = Reader::new(table, "data", faults);
    let path = r.text("path").unwrap_or("data").to_owned();
    r.finish();
    PathBuf::from(path)
}

fn read_journal(table: &Table, faults: &mut Vec<Fault>) -> Journal {
    let mut r = Reader::new(table, "journal", faults);
    let max_mb = r.number("max_mb", 1, 100_000_000).unwrap_or(5_000);
    let max_hours = r.number("max_hours", 1, 1_000_000).unwrap_or(7 * 24);
    r.finish();
    Journal {
        max_bytes: max_mb * 1_000_000,
        max_hours,
    }
}

/// How the tiers share the work, and folders of ONNX classifiers.
fn read_scoring(table: &Table, faults: &mut Vec<Fault>) -> (scoring::Settings, Vec<String>) {
    let mut r = Reader::new(table, "scoring", faults);
    let default = scoring::Settings::default();
    let percent = |n: Option<u64>, default: f32| n.map_or(default, |n| n as f32 / 100.0);
    let settings = scoring::Settings {
        sure: percent(r.number("sure_percent", 0, 100), default.sure),
        share: percent(r.number("share_percent", 0, 100), default.share),
    };
    let onnx = r.texts("onnx");
    r.finish();
    (settings, onnx)
}

fn read_privacy(table: &Table, faults: &mut Vec<Fault>) -> (post::Policy, policy::Settings, Clock) {
    let mut r = Reader::new(table, "privacy", faults);
    let public_handles = r.texts("public");
    let keep = r.texts("keep");
    let own = r.texts("own");
    let followers = r.number("public_followers", 0, 1_000_000_000).unwrap_or(25_000);
    let purge_hours = r.number("purge_hours", 1, 24).unwrap_or(12);
    let settings = policy::Settings {
        small_cell: r.number("small_cell", 2, 1_000_000).unwrap_or(policy::SMALL_CELL),
        controller: r.text("controller").map(str::to_owned),
        contact: r.text("contact").map(str::to_owned),
        ..policy::Settings::default()
    };
    r.finish();
    let policy = post::Policy {
        public_handles,
        keep,
        own,
        public_followers: (followers > 0).then_some(followers),
    };
    let clock = Clock {
        after_ms: purge_hours as i64 * 3_600_000,
    };
    (policy, settings, clock)
}

fn read_retention(table: &Table, faults: &mut Vec<Fault>) -> policy::Retention {
    let mut r = Reader::new(table, "retention", faults);
    let mut out = policy::Retention {
        all: read_days(&mut r),
        ..policy::Retention::default()
    };
    let tables: Vec<_> = post::profile::ALL
        .iter()
        .filter_map(|p| Some((p.platform, r.table(p.platform)?)))
        .collect();
    r.finish();
    for (platform, table) in tables {
        let mut r = Reader::new(table, &format!("retention.{platform}"), faults);
        out.platforms.insert(platform.to_owned(), read_days(&mut r));
        r.finish();
    }
    let too_long = out.faults().into_iter();
    faults.extend(too_long.map(|(key, message)| Fault {
        key: format!("retention.{key}"),
        message,
    }));
    out
}

fn read_days(r: &mut Reader<'_, '_>) -> policy::Days {
    let mut days = |key| r.number(key, 1, 36_500).and_then(|n| u32::try_from(n).ok());
    policy::Days {
        text_days: days("text_days"),
        features_days: days("features_days"),
        aggregates_days: days("aggregates_days"),
    }
}

fn read_sources(tables: &[&Table], base: &Path, faults: &mut Vec<Fault>) -> Vec<Definition> {
    let mut out: Vec<Definition> = Vec::new();
    for (i, table) in tables.iter().enumerate() {
        let path = format!("source.{}", i + 1);
        let mut r = Reader::new(table, &path, faults);
        let connector = r.required_text("type").unwrap_or_default().to_owned();
        let name = r.text("name").unwrap_or(&connector).to_owned();
        if out.iter().any(|s| s.name == name) {
            r.fault("name", format!("`{name}` is taken by another source"));
        }
        let options = r.rest();
        if connector.is_empty() {
            continue;
        }
        match Definition::read(&name, &connector, options, Origin::File(base.to_path_buf())) {
            Ok(definition) => out.push(definition),
            Err(found) => faults.extend(found.into_iter().map(|(key, message)| Fault {
                key: if key.is_empty() {
                    path.clone()
                } else {
                    format!("{path}.{key}")
                },
                message,
            })),
        }
    }
    out
}

fn read_lists(tables: &[&Table], base: &Path, faults: &mut Vec<Fault>) -> Vec<ListEntry> {
    let mut out: Vec<ListEntry> = Vec::new();
    for (i, table) in tables.iter().enumerate() {
        let mut r = Reader::new(table, &format!("list.{}", i + 1), faults);
        let name = r.required_text("name").unwrap_or_default().to_owned();
        if !name.is_empty() && !lists::is_name(&name) {
            r.fault("name", format!("`{name}`: {}", lists::NAME_RULE));
        }
        if out.iter().any(|l| l.name == name) {
            r.fault("name", format!("`{name}` is taken by another list"));
        }
        let lines = match (r.texts("terms"), r.text("file")) {
            (terms, None) => Some(terms.join("\n")),
            (terms, Some(_)) if !terms.is_empty() => {
                r.fault("file", "a list has terms or a file, not both");
                None
            }
            (_, Some(file)) => std::fs::read_to_string(base.join(file))
                .inspect_err(|e| r.fault("file", format!("{file}: {e}")))
                .ok(),
        };
        let terms = lists::terms(lines.iter().flat_map(|l| l.lines()));
        if lines.is_some() && lists::is_name(&name) {
            let faults = lists::faults(&name, &terms);
            faults.into_iter().for_each(|fault| r.fault("terms", fault));
        }
        r.finish();
        out.push(ListEntry { name, terms });
    }
    out
}

fn read_monitors(tables: &[&Table], lists: &[ListEntry], faults: &mut Vec<Fault>) -> Vec<MonitorEntry> {
    let lists: Lists = lists.iter().map(|l| (l.name.clone(), l.terms.clone())).collect();
    let lists = lists::read(&lists);
    let mut out: Vec<MonitorEntry> = Vec::new();
    for (i, table) in tables.iter().enumerate() {
        let mut r = Reader::new(table, &format!("monitor.{}", i + 1), faults);
        let name = r.required_text("name").unwrap_or_default().to_owned();
        let role = r.text("role").unwrap_or("brand");
        let role = serde_json::from_value::<Role>(role.into()).unwrap_or_else(|_| {
            r.fault(
                "role",
                format!("`{role}` is no role; known: brand, competitor, topic, campaign"),
            );
            Role::Brand
        });
        let query = r.required_text("query").unwrap_or_default().to_owned();
        // As the database compares names.
        if out
            .iter()
            .any(|m| m.name.trim().eq_ignore_ascii_case(name.trim()))
        {
            r.fault("name", format!("`{name}` is taken by another monitor"));
        }
        if let (false, Err(problems)) = (query.is_empty(), query::parse_with(&query, &lists)) {
            for p in problems {
                r.fault("query", format!("at {}–{}: {}", p.at.start, p.at.end, p.message));
            }
        }
        r.finish();
        out.push(MonitorEntry { name, role, query });
    }
    out
}
