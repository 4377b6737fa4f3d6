//! RSS of every version and Atom, as one walk over the tree: they borrow each other's elements freely.

use super::document::{Content, Entry, Feed, MAX_ENTRIES, MAX_PARTS, language, resolve};
use super::jsonfeed::kind_of;
use super::tree::Node;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use post::Media;
use url::Url;

/// Reads a feed; `None` where the root is none of a feed.
pub(super) fn read(root: &Node, base: Option<&Url>) -> Option<Feed> {
    let version = version(root)?;
    let base = under(root, base);
    // RSS 1.0 has its items beside the channel, RSS 2.0 in it, RSS 1.1 and netscape's in a list of their own.
    let channel = root.first("channel").unwrap_or(root);
    let base = under(channel, base.as_ref());
    let lang = lang(channel).or_else(|| lang(root));
    let places = if std::ptr::eq(channel, root) {
        vec![root]
    } else {
        vec![channel, root]
    };
    let items = places
        .into_iter()
        .flat_map(|n| n.nodes().chain(n.all("items").flat_map(Node::nodes)))
        .filter(|n| matches!(n.name.as_str(), "item" | "entry"));
    let authors = authors(channel);
    let entries = items.take(MAX_ENTRIES).map(|item| {
        let mut entry = entry(item, base.as_ref());
        if entry.authors.is_empty() {
            entry.authors.clone_from(&authors);
        }
        entry
    });
    let entries: Vec<Entry> = if root.name == "entry" {
        vec![entry(root, base.as_ref())]
    } else {
        entries.collect()
    };
    let skip = channel.first("skiphours").into_iter().flat_map(|s| s.all("hour"));
    Some(Feed {
        title: channel
            .first("title")
            .and_then(text)
            .map(|t| super::map::plain(&t).0),
        lang: lang.or_else(|| {
            channel
                .text_of("language")
                .or_else(|| channel.text_of("dc:language"))
                .as_deref()
                .and_then(language)
        }),
        site: link(channel, base.as_ref()),
        ttl: channel.text_of("ttl").and_then(|t| t.parse().ok()),
        skip_hours: skip
            .filter_map(|h| h.text()?.parse().ok())
            .filter(|h| *h < 24)
            .collect(),
        older: related(channel, "prev-archive")
            .or_else(|| related(channel, "next"))
            .map(|l| resolve(base.as_ref(), l)),
        version,
        entries,
        cut: false,
    })
}

fn version(root: &Node) -> Option<String> {
    let stated = root.attribute("version").unwrap_or_default();
    Some(match root.name.as_str() {
        "rss" => format!("rss{}", stated.replace('.', "")),
        "rdf:rdf"
            if root
                .attribute("xmlns")
                .is_some_and(|n| n.contains("netscape.com")) =>
        {
            "rss090".to_owned()
        }
        "rdf:rdf" => "rss10".to_owned(),
        "channel" => "rss11".to_owned(),
        "feed" if stated.starts_with("0.") => format!("atom{}", stated.replace('.', "")),
        "feed" | "entry" => "atom10".to_owned(),
        _ => return None,
    })
}

fn entry(item: &Node, base: Option<&Url>) -> Entry {
    let base = under(item, base);
    let base = base.as_ref();
    let first = |names: &[&str]| names.iter().find_map(|n| item.text_of(n));
    let content = [
        "content:encoded",
        "content",
        "xhtml:body",
        "fullitem",
        "description",
        "summary",
        "itunes:summary",
        "media:description",
    ]
    .iter()
    .find_map(|name| item.all(name).find_map(|n| text(n).map(|t| (n, t))));
    let permalink = item.first("guid").filter(|g| {
        g.attribute("ispermalink")
            .is_none_or(|p| p.eq_ignore_ascii_case("true"))
    });
    let guid_link = permalink.and_then(Node::text).filter(|g| g.starts_with("http"));
    let id_link = first(&["id"]).filter(|id| id.starts_with("http"));
    Entry {
        id: first(&["guid", "id", "dc:identifier"])
            .or_else(|| item.attribute("rdf:about").map(str::to_owned)),
        link: link(item, base).or(guid_link).or(id_link),
        title: ["title", "dc:title", "media:title"]
            .iter()
            .find_map(|n| item.first(n).and_then(text)),
        lang: lang(item).or_else(|| content.as_ref().and_then(|(n, _)| lang(n))),
        base: content
            .as_ref()
            .and_then(|(n, _)| under(n, base))
            .as_ref()
            .or(base)
            .map(ToString::to_string),
        text: content.map(|(_, t)| t),
        authors: authors(item),
        published: first(&[
            "published",
            "issued",
            "pubdate",
            "dc:date",
            "dcterms:issued",
            "created",
            "dcterms:created",
        ]),
        updated: first(&["updated", "modified", "dcterms:modified", "lastbuilddate"]),
        categories: categories(item),
        media: media(item, base),
        answers: item
            .first("thr:in-reply-to")
            .and_then(|r| r.attribute("ref"))
            .map(str::to_owned),
        comments: first(&["slash:comments", "thr:total"]).and_then(|c| c.parse().ok()),
    }
}

/// `xml:base`, itself relative to what stands above.
fn under(node: &Node, base: Option<&Url>) -> Option<Url> {
    match node.attribute("xml:base") {
        Some(own) => Url::parse(&resolve(base, own)).ok().or_else(|| base.cloned()),
        None => base.cloned(),
    }
}

fn lang(node: &Node) -> Option<String> {
    node.attribute("xml:lang").and_then(language)
}

/// The text of an element of Atom or RSS, by its type.
fn text(node: &Node) -> Option<Content> {
    let kind = node.attribute("type").unwrap_or_default().to_ascii_lowercase();
    let mode = node.attribute("mode").unwrap_or_default();
    let has_markup = node.nodes().next().is_some();
    let plain = || node.text();
    if mode == "base64" || (!kind.is_empty() && !is_text(&kind)) {
        let packed: String = plain()?.split_ascii_whitespace().collect();
        let bytes = BASE64_STANDARD.decode(packed).ok()?;
        return Some(guess(String::from_utf8(bytes).ok()?, kind.contains("html")));
    }
    if has_markup {
        return Some(Content::Html(node.markup())).filter(|c| !matches!(c, Content::Html(h) if h.is_empty()));
    }
    let text = plain()?;
    let html = kind.contains("html")
        || (kind.is_empty() && matches!(node.name.as_str(), "description" | "content:encoded"));
    let stated_plain = matches!(kind.as_str(), "text" | "text/plain" | "plain");
    Some(if stated_plain && mode != "escaped" {
        Content::Plain(text)
    } else {
        guess(text, html)
    })
}

fn is_text(kind: &str) -> bool {
    matches!(kind, "text" | "html" | "xhtml" | "xml" | "plain" | "escaped")
        || kind.starts_with("text/")
        || kind.ends_with("xml")
        || kind.contains("html")
}

/// HTML where it is said or seen: many titles hold some, though nothing says so.
fn guess(text: String, html: bool) -> Content {
    let entity = text.split('&').skip(1).any(|rest| {
        rest.split_once(';').is_some_and(|(name, _)| {
            !name.is_empty()
                && name.len() <= 10
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
        })
    });
    if html
        || entity
        || text.contains("</")
        || text.contains("/>")
        || text.contains("<br")
        || text.contains("<p>")
    {
        Content::Html(text)
    } else {
        Content::Plain(text)
    }
}

/// RSS writes the address as text, Atom as an attribute; the one without a relation, or `alternate`, is meant.
fn link(node: &Node, base: Option<&Url>) -> Option<String> {
    let atom = |n: &&Node| {
        n.attribute("rel")
            .is_none_or(|r| r == "alternate" || r.is_empty())
    };
    let written = node.all("link").find_map(Node::text);
    let stated = || {
        node.all("link")
            .filter(|n| n.attribute("href").is_some())
            .find(atom)
    };
    let link = written.or_else(|| stated().and_then(|n| n.attribute("href").map(str::to_owned)))?;
    let base = node
        .all("link")
        .find_map(|n| n.attribute("xml:base").and(under(n, base)))
        .or_else(|| base.cloned());
    Some(resolve(base.as_ref(), &link)).filter(|l| !l.is_empty())
}

fn related<'n>(node: &'n Node, rel: &str) -> Option<&'n str> {
    node.all("link")
        .find(|n| n.attribute("rel") == Some(rel))?
        .attribute("href")
}

/// Names; an address of mail is none.
fn authors(node: &Node) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in [
        "author",
        "dc:creator",
        "itunes:author",
        "media:credit",
        "managingeditor",
    ] {
        for author in node.all(name).take(MAX_PARTS) {
            let stated = author
                .text_of("name")
                .or_else(|| author.nodes().next().is_none().then(|| author.text()).flatten());
            if let Some(name) = stated.as_deref().and_then(without_mail)
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
        if !names.is_empty() {
            break;
        }
    }
    names
}

/// The name in `ann@acme.example (Ann)`, `Ann <ann@acme.example>` or `Ann`.
fn without_mail(text: &str) -> Option<String> {
    if !text.contains('@') {
        return Some(text.to_owned());
    }
    let in_brackets = text
        .split_once('(')
        .and_then(|(_, rest)| rest.split(')').next())
        .filter(|n| !n.contains('@'));
    let name = in_brackets.map_or_else(
        || {
            let words = text.split_whitespace().filter(|w| !w.contains('@'));
            words.collect::<Vec<_>>().join(" ")
        },
        str::to_owned,
    );
    let name = name.trim().trim_matches(['"', ',']).trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn categories(item: &Node) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let named = [
        "category",
        "dc:subject",
        "media:category",
        "itunes:keywords",
        "media:keywords",
    ];
    for node in named
        .iter()
        .flat_map(|n| item.all(n))
        .chain(item.all("media:group").flat_map(|g| g.all("media:category")))
    {
        let stated = node
            .attribute("term")
            .or(node.attribute("label"))
            .map(str::to_owned)
            .or_else(|| node.text());
        let parts = stated.iter().flat_map(|s| {
            s.split(if node.name.ends_with("keywords") {
                ','
            } else {
                '\u{0}'
            })
        });
        for part in parts.map(str::trim).filter(|p| !p.is_empty()) {
            if out.len() < MAX_PARTS && !out.iter().any(|o| o == part) {
                out.push(part.to_owned());
            }
        }
    }
    out
}

fn media(item: &Node, base: Option<&Url>) -> Vec<Media> {
    let mut out: Vec<Media> = Vec::new();
    let groups = item.all("media:group").flat_map(Node::nodes);
    let links = item
        .all("link")
        .filter(|n| n.attribute("rel") == Some("enclosure"));
    for node in item
        .all("enclosure")
        .chain(links)
        .chain(item.nodes())
        .chain(groups)
    {
        let (url, usual) = match node.name.as_str() {
            "enclosure" => (node.attribute("url"), ""),
            "link" if node.attribute("rel") == Some("enclosure") => (node.attribute("href"), ""),
            "media:content" => (node.attribute("url"), "video"),
            "media:thumbnail" => (node.attribute("url"), "image"),
            "itunes:image" => (node.attribute("href"), "image"),
            _ => continue,
        };
        let Some(url) = url.filter(|u| !u.trim().is_empty()) else {
            continue;
        };
        let url = resolve(base, url);
        let kind = node
            .attribute("type")
            .map(kind_of)
            .or(node.attribute("medium").map(str::to_owned));
        let alt = ["media:description", "media:title"]
            .iter()
            .find_map(|n| node.text_of(n));
        if out.len() < MAX_PARTS && !out.iter().any(|m| m.url.as_deref() == Some(url.as_str())) {
            out.push(Media {
                kind: kind.unwrap_or_else(|| usual.to_owned()),
                url: Some(url),
                alt,
            });
        }
    }
    out
}
