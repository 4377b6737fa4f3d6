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
    /// A strong entity tag without quotes: the SHA-256 of the content in hexadecimal.
    pub etag: String,
    /// Whether the name changes with the content, so that it may be kept by browsers for ever.
    pub immutable: bool,
}

/// Whether the app was built when this binary was (in debug builds: whether it is built now).
pub fn built() -> bool {
    Build::get("index.html").is_some()
}

/// The file at `path` (without a leading slash); the app's page for every path that names no file, as the app routes itself.
///
/// `None` for a path under `assets/` that does not exist (an old page asking for an old build), and where nothing was built.
pub fn asset(path: &str) -> Option<Asset> {
    if let Some(file) = Build::get(path) {
        return Some(describe(path, file));
    }
    if path.starts_with("assets/") {
        return None;
    }
    Build::get("index.html").map(|file| describe("index.html", file))
}

fn describe(path: &str, file: rust_embed::EmbeddedFile) -> Asset {
    let hash = file.metadata.sha256_hash();
    Asset {
        mime: file.metadata.mimetype().to_owned(),
        etag: hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        immutable: path.starts_with("assets/"),
        bytes: file.data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_pages_are_the_app_and_unknown_assets_are_nothing() {
        assert!(asset("assets/no-such-file.js").is_none());
        let page = asset("monitors/some-id");
        assert_eq!(page.is_some(), built());
        if let Some(page) = page {
            assert_eq!(
                (page.mime.as_str(), page.immutable, page.etag.len()),
                ("text/html", false, 64)
            );
        }
    }
}
