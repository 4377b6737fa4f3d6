//! What Graph says is wrong.

use crate::http::{Allowance, Dialect, Reply, Trouble, TroubleKind};
use jiff::Timestamp;
use serde::Deserialize;

#[derive(Deserialize)]
struct Envelope {
    error: GraphError,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct GraphError {
    code: Option<i64>,
    error_subcode: Option<i64>,
    message: String,
    is_transient: bool,
}

/// The answer, unless it is an error: Graph answers errors with 400 for the most part, and some with 200. Its message
/// may name ids and people, so that ours is told instead.
pub(super) fn checked(reply: Reply, label: &str) -> Result<Reply, Trouble> {
    let told = std::str::from_utf8(&reply.body)
        .ok()
        .and_then(|body| serde_json::from_str::<Envelope>(body.trim()).ok());
    let Some(Envelope { error }) = told else {
        return reply.success();
    };
    let (kind, what) = error.meaning();
    let code = error.code().map_or(String::new(), |c| format!(" (error {c})"));
    let wait = match kind {
        TroubleKind::Limited => Allowance::read(Dialect::Graph, &reply.headers, Timestamp::now()),
        _ => None,
    };
    Err(Trouble::new(kind, format!("{label}: {what}{code}")).after(wait.and_then(|a| a.pause())))
}

impl GraphError {
    /// The code, which old errors write into the message: `(#200) …`.
    fn code(&self) -> Option<i64> {
        self.code.or_else(|| {
            let written = self.message.trim_start().strip_prefix("(#")?;
            written.split_once(')')?.0.parse().ok()
        })
    }

    fn meaning(&self) -> (TroubleKind, &'static str) {
        match (self.code(), self.error_subcode) {
            // Application, user, page, custom and business-use-case limits.
            (Some(4 | 17 | 32 | 341 | 368 | 613 | 80000..=80099), _) => {
                (TroubleKind::Limited, "the platform's rate limit is used up")
            }
            (Some(102 | 190), _) => (
                TroubleKind::Unauthorized,
                "the token has expired or was taken back: sign in again",
            ),
            (Some(3 | 10 | 200..=299), _) => {
                (TroubleKind::Forbidden, "the token lacks a permission for this")
            }
            (Some(100), Some(33)) | (Some(803), _) => (
                TroubleKind::Missing,
                "there is no such thing, or none for this token",
            ),
            (Some(1 | 2), _) => (TroubleKind::Server, "the platform is unavailable"),
            _ if self.is_transient => (TroubleKind::Server, "the platform is unavailable"),
            (None, _) if self.message.contains("validating access token") => (
                TroubleKind::Unauthorized,
                "the token has expired or was taken back: sign in again",
            ),
            _ => (TroubleKind::Rejected, "the platform refuses the request"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn codes_mean_what_meta_says() {
        let kind = |json: &str| {
            let Envelope { error } = serde_json::from_str(json).unwrap();
            error.meaning().0
        };
        for code in [4, 17, 32, 613, 80001] {
            assert_eq!(
                kind(&format!(r#"{{"error":{{"code":{code}}}}}"#)),
                TroubleKind::Limited
            );
        }
        assert_eq!(
            kind(r#"{"error":{"code":190,"error_subcode":463}}"#),
            TroubleKind::Unauthorized
        );
        assert_eq!(
            kind(r#"{"error":{"message":"Error validating access token: x"}}"#),
            TroubleKind::Unauthorized
        );
        assert_eq!(
            kind(r#"{"error":{"message":"(#200) Permissions error"}}"#),
            TroubleKind::Forbidden
        );
        assert_eq!(kind(r#"{"error":{"code":10}}"#), TroubleKind::Forbidden);
        assert_eq!(
            kind(r#"{"error":{"code":100,"error_subcode":33}}"#),
            TroubleKind::Missing
        );
        assert_eq!(
            kind(r#"{"error":{"code":100}}"#),
            TroubleKind::Rejected,
            "a missing permission may hide behind it"
        );
        assert_eq!(
            kind(r#"{"error":{"code":2,"is_transient":true}}"#),
            TroubleKind::Server
        );
    }
}
