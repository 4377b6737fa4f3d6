//! Certificate and key.

use super::report::Report;
use crate::config::Tls;
use crate::tls::{own, validity};

const DAY: i64 = 24 * 3_600_000;
/// Whoever renews by hand needs some time.
const SOON: i64 = 14 * DAY;

pub(super) fn look(files: &Tls, report: &mut Report) {
    let place = files.cert.display();
    let renew = "renew it, and send the server SIGHUP: it reads both files anew";
    let der = match own(files) {
        Ok(der) => der,
        Err(error) => {
            let advice = "put certificate and key that belong together, in PEM, where the configuration says";
            report.fault("tls", place, format!("{error:#}"), advice);
            return;
        }
    };
    let now = crate::clock::now();
    match validity(&der) {
        None => report.skipped("tls", place, "its dates cannot be read"),
        Some((from, _)) if now < from => {
            let what = format!("it holds only from {} on", post::to_rfc3339(from));
            report.fault("tls", place, what, "wait, or set the clock");
        }
        Some((_, until)) if until < now => {
            report.fault(
                "tls",
                place,
                format!("it ended on {}", post::to_rfc3339(until)),
                renew,
            );
        }
        Some((_, until)) => {
            let what = format!("it holds for {} more days", (until - now) / DAY);
            match until - now < SOON {
                true => report.warning("tls", place, what, renew),
                false => report.ok("tls", place, what),
            }
        }
    }
}
