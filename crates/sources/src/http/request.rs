//! One request.

use crate::secret::Secret;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};

/// A request to be sent. Its address may hold a token; its `label` never does, and stands for it in every message.
#[derive(Clone)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: String,
    pub(super) label: String,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Option<Vec<u8>>,
    separator: char,
}

impl Request {
    /// A GET of `base` and `path`. The path is the label: it must hold no secret.
    pub fn get(base: &str, path: &str) -> Self {
        Self::new(Method::GET, base, path)
    }

    /// A POST of `base` and `path`.
    pub fn post(base: &str, path: &str) -> Self {
        Self::new(Method::POST, base, path)
    }

    /// A GET of an address that the platform handed out; it may hold a signature, so a label is needed.
    pub fn get_signed(url: &str, label: &str) -> Self {
        Self::new(Method::GET, url, "").label(label)
    }

    /// A PUT of plain text to an address that the platform handed out.
    pub fn put_signed(url: &str, label: &str, text: String) -> Self {
        let mut request = Self::new(Method::PUT, url, "").label(label);
        request.body = Some(text.into_bytes());
        request.header("content-type", "text/plain")
    }

    fn new(method: Method, base: &str, path: &str) -> Self {
        let url = format!("{}{path}", base.trim_end_matches('/'));
        Self {
            method,
            separator: if url.contains('?') { '&' } else { '?' },
            url,
            label: path.split('?').next().unwrap_or_default().to_owned(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// Names it otherwise in messages: where the path itself holds a token (Telegram).
    #[must_use]
    pub fn label(mut self, label: &str) -> Self {
        label.clone_into(&mut self.label);
        self
    }

    /// Adds a query parameter, percent-encoded.
    #[must_use]
    pub fn query(mut self, key: &str, value: impl AsRef<str>) -> Self {
        self.url.push(self.separator);
        self.separator = '&';
        self.url.push_str(&percent(key));
        self.url.push('=');
        self.url.push_str(&percent(value.as_ref()));
        self
    }

    /// Adds a query parameter where there is a value.
    #[must_use]
    pub fn query_if(self, key: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.query(key, value),
            None => self,
        }
    }

    /// Adds a header; one that HTTP cannot carry is left out.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        if let Ok(value) = HeaderValue::from_str(value.as_ref()) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }

    /// `Authorization: <scheme> <secret>`, marked so that nothing prints it.
    #[must_use]
    pub fn authorization(mut self, scheme: &str, secret: &Secret) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(&format!("{scheme} {}", secret.expose())) {
            value.set_sensitive(true);
            self.headers.push((AUTHORIZATION, value));
        }
        self
    }

    /// `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer(self, token: &Secret) -> Self {
        self.authorization("Bearer", token)
    }

    /// A JSON body.
    #[must_use]
    pub fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = Some(body.to_string().into_bytes());
        self.header("content-type", "application/json")
    }

    /// A form body.
    #[must_use]
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(k, v)| format!("{}={}", percent(k), percent(v)))
            .collect();
        self.body = Some(pairs.join("&").into_bytes());
        self.header("content-type", "application/x-www-form-urlencoded")
    }
}

/// RFC 3986: everything but unreserved characters is written `%XX`.
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_encoded_and_labels_hold_none() {
        let request = Request::get("http://h/", "/2/search?v=1")
            .query("query", "a b & #c")
            .query_if("next", None::<&str>);
        assert_eq!(request.url, "http://h/2/search?v=1&query=a%20b%20%26%20%23c");
        assert_eq!(request.label, "/2/search");
        let form = Request::post("http://h", "/token").form(&[("a", "x y"), ("b", "ü")]);
        assert_eq!(form.body.as_deref(), Some(&b"a=x%20y&b=%C3%BC"[..]));
    }

    #[test]
    fn tokens_are_not_printed() {
        let request = Request::get("http://h", "/").bearer(&Secret::new("abc"));
        assert!(!format!("{:?}", request.headers).contains("abc"));
    }
}
