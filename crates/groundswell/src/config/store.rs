//! Where mentions are kept, where that is not the data folder: `[store]`.

use super::check::Fault;
use super::load::secret;
use super::reader::Reader;
use std::path::Path;
use std::time::Duration;
use store::Period;
use store::elastic::{Login, Settings};
use toml::Table;

pub(super) fn read_store(table: &Table, base: &Path, faults: &mut Vec<Fault>) -> Option<Settings> {
    let mut r = Reader::new(table, "store", faults);
    let urls = r.required_texts("url");
    let prefix = r.text("prefix").unwrap_or("groundswell").to_owned();
    let user = r.text("user").map(str::to_owned);
    let hidden = |key: &'static str, r: &mut Reader<'_, '_>| {
        let read = r.text(key).map(|text| secret(text, base));
        read.and_then(|read| read.map_err(|message| r.fault(key, message)).ok())
    };
    let (password, api_key) = (hidden("password", &mut r), hidden("api_key", &mut r));
    let login = match (user, password, api_key) {
        (Some(user), Some(password), None) => Some(Login::Basic {
            user,
            password: password.0,
        }),
        (None, None, Some(key)) => Some(Login::ApiKey(key.0)),
        (None, None, None) => None,
        (_, _, Some(_)) => {
            r.fault("api_key", "user and password, or an API key, not both");
            None
        }
        _ => {
            r.fault("user", "user and password go together");
            None
        }
    };
    let ca = r.text("ca").map(|path| base.join(path));
    let period = match r.text("period").unwrap_or("month") {
        "day" => Period::Day,
        "week" => Period::Week,
        "month" => Period::Month,
        other => {
            r.fault("period", format!("`{other}` is none of day, week, month"));
            Period::Month
        }
    };
    let shards = r.number("shards", 1, 1_024).unwrap_or(1) as u32;
    let replicas = r.number("replicas", 0, 16).unwrap_or(1) as u32;
    let timeout = Duration::from_secs(r.number("timeout_seconds", 1, 3_600).unwrap_or(60));
    let settings = urls.map(|urls| Settings {
        urls,
        login,
        ca,
        shards,
        replicas,
        period,
        timeout,
        ..Settings::new("", prefix)
    });
    if let Some(Err(error)) = settings.as_ref().map(Settings::check) {
        r.fault("prefix", error.to_string());
    }
    if let Some(Err(error)) = settings.as_ref().map(Settings::check_addresses) {
        r.fault("url", error.to_string());
    }
    r.finish();
    settings
}
