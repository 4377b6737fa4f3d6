//! The web app's build (`ui/dist`), embedded into the binary.
//!
//! The crate builds without a build of the app: [`asset`] then answers `None` and [`built`] says so, and the server shows
//! [`MISSING`] instead. Debug builds read `ui/dist` from disk at each request, so that a rebuilt app needs no recompilation.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "ui/dist"]
#[allow_missing = true]
struct Build;

/// The page shown where the app was not built.
pub const MISSING: &str = include_str!("missing.html");

/// One file of the app.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type, such as `text/html`.
    pub mime: String,
    /// A strong entity tag without quotes: the SHA-256 of what is sent in hexadecimal, so that it differs by encoding.
    pub etag: String,
    /// How the content is compressed, as `Content-Encoding` says it; `None` where it is sent as it is.
    pub encoding: Option<&'static str>,
    /// Whether the name changes with the content, so that it may be kept by browsers for ever.
    pub immutable: bool,
}

/// Whether the app was built when this binary was (in debug builds: whether it is built now).
pub fn built() -> bool {
    Build::get("index.html").is_some()
}

/// The file at `path` (without a leading slash); the app's page for every path that names no file, as the app routes itself.
///
/// `brotli`: whether the reader takes what the build compressed beforehand (`name.br` beside `name`), which is far smaller than
/// what a server compresses while somebody waits.
///
/// `None` for a path under `assets/` that does not exist (an old page asking for an old build), and where nothing was built.
pub fn asset(path: &str, brotli: bool) -> Option<Asset> {
    if let Some(file) = Build::get(path) {
        return Some(describe(path, file, brotli));
    }
    if path.starts_with("assets/") {
        return None;
    }
    Build::get("index.html").map(|file| describe("index.html", file, brotli))
}

/// The media type is that of the plain file, whichever of the two is sent.
fn describe(path: &str, plain: rust_embed::EmbeddedFile, brotli: bool) -> Asset {
    let mime = plain.metadata.mimetype().to_owned();
    let packed = brotli.then(|| Build::get(&format!("{path}.br"))).flatten();
    let encoding = packed.is_some().then_some("br");
    let file = packed.unwrap_or(plain);
    let hash = file.metadata.sha256_hash();
    Asset {
        mime,
        etag: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        encoding,
        immutable: path.starts_with("assets/"),
        bytes: file.data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_pages_are_the_app_and_unknown_assets_are_nothing() {
        assert!(asset("assets/no-such-file.js", true).is_none());
        let page = asset("monitors/some-id", false);
        assert_eq!(page.is_some(), built());
        if let Some(page) = page {
            assert_eq!(
                (page.mime.as_str(), page.immutable, page.etag.len()),
                ("text/html", false, 64)
            );
        }
    }

    #[test]
    fn what_was_compressed_beforehand_is_sent_to_those_who_take_it() {
        let Some(plain) = asset("index.html", false) else {
            return;
        };
        let packed = asset("index.html", true).expect("the same file");
        assert_eq!((plain.encoding, plain.mime), (None, packed.mime));
        if packed.encoding == Some("br") {
            assert!(packed.bytes.len() < plain.bytes.len());
            assert_ne!(packed.etag, plain.etag);
        }
    }
}
