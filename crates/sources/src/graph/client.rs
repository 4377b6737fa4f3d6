//! Asking the Graph API. Addresses hold the token: they are never followed as they come, named or logged.

use super::error;
use crate::http::{Dialect, Http, Request, Trouble};
use crate::secret::Secret;
use crate::webhook::HookRequest;
use hmac::{Hmac, KeyInit, Mac};
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::sync::Arc;

/// A client of one Graph host.
pub(crate) struct Graph {
    /// For questions about tokens.
    pub(crate) http: Http,
    base: String,
    secret: Option<Secret>,
}

/// One question.
pub(crate) struct Call<'c> {
    /// Its name in messages.
    pub(crate) label: &'static str,
    /// The path, from the version on.
    pub(crate) path: String,
    /// Its parameters.
    pub(crate) params: Vec<(&'static str, String)>,
    /// The page asked for, as [`super::Listing`] wrote it.
    pub(crate) after: Option<&'c str>,
}

impl<'c> Call<'c> {
    /// A question.
    pub(crate) fn new(label: &'static str, path: impl Into<String>) -> Self {
        Self {
            label,
            path: path.into(),
            params: Vec::new(),
            after: None,
        }
    }

    /// … with a parameter.
    #[must_use]
    pub(crate) fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.params.push((key, value.into()));
        self
    }

    /// … with a time in seconds, where there is one.
    #[must_use]
    pub(crate) fn seconds(self, key: &'static str, millis: Option<i64>) -> Self {
        match millis {
            Some(at) => self.with(key, at.div_euclid(1000).to_string()),
            None => self,
        }
    }

    /// … for a page.
    #[must_use]
    pub(crate) fn after(mut self, after: Option<&'c str>) -> Self {
        self.after = after;
        self
    }
}

impl Graph {
    /// A client of `base` and version. With the app's secret every question carries its proof (`appsecret_proof`).
    pub(crate) fn new(
        base: &str,
        version: &str,
        secret: Option<Secret>,
        health: &Arc<crate::Health>,
    ) -> Result<Self, Trouble> {
        Ok(Self {
            http: Http::new(Dialect::Graph, health)?,
            base: format!("{}/{version}", base.trim_end_matches('/')),
            secret,
        })
    }

    /// Asks with a token.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        call: Call<'_>,
        token: &Secret,
    ) -> Result<T, Trouble> {
        let label = call.label;
        let mut request = Request::get(&self.base, &call.path).label(label);
        let after = call.after.map(page_params).unwrap_or_default();
        for (key, value) in &call.params {
            // The next page's own bounds count.
            if !after.iter().any(|(k, _)| k == key) {
                request = request.query(key, value);
            }
        }
        for (key, value) in &after {
            request = request.query(key, value);
        }
        request = request.query("access_token", token.expose());
        if let Some(secret) = &self.secret {
            request = request.query("appsecret_proof", proof(secret, token));
        }
        let reply = self.http.send(request).await?;
        error::checked(reply, label)?.json()
    }
}

/// Parameters that lead to another page: no other is taken over from an address that the platform wrote.
pub(super) const PAGING: [&str; 5] = ["after", "until", "since", "__paging_token", "offset"];

/// The parameters of a page as [`super::Listing`] wrote them.
fn page_params(after: &str) -> Vec<(&'static str, String)> {
    let read = HookRequest {
        method: "GET",
        query: after,
        headers: &[],
        body: b"",
        now: 0,
    };
    let value = |key: &'static str| Some((key, read.param(key).filter(|v| !v.is_empty())?));
    PAGING.into_iter().filter_map(value).collect()
}

/// `appsecret_proof`: the token's HMAC-SHA-256 under the app's secret, in hexadecimal.
fn proof(secret: &Secret, token: &Secret) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else {
        return String::new();
    };
    mac.update(token.expose().as_bytes());
    super::shape::hex(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_the_hmac_of_the_token() {
        // RFC 4231, test case 2.
        let proof = proof(&Secret::new("Jefe"), &Secret::new("what do ya want for nothing?"));
        assert_eq!(
            proof,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_page_takes_over_nothing_but_its_place() {
        let params = page_params("after=a%3D&access_token=x&until=5&limit=9");
        assert_eq!(params, [("after", "a=".to_owned()), ("until", "5".to_owned())]);
    }
}
