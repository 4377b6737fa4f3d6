//! An XML document as a small tree, as far as it can be read: what is broken ends the tree, not the feed.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// More elements than this are not read.
const MAX_NODES: usize = 200_000;
/// Deeper ones are read as if they stood here.
const MAX_DEPTH: usize = 64;
/// Entities a document may declare, and how long each.
const MAX_ENTITIES: usize = 100;
const MAX_ENTITY: usize = 1_024;

/// An element. Names are in lower case; prefixes are those usual for the namespace, and none for those of Atom and RSS.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Child>,
}

/// What stands in an element.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Child {
    Node(Node),
    Text(String),
}

impl Node {
    /// An attribute's value.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The elements in it.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.children.iter().filter_map(|c| match c {
            Child::Node(node) => Some(node),
            Child::Text(_) => None,
        })
    }

    /// The elements of this name.
    pub(super) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.nodes().filter(move |n| n.name == name)
    }

    /// The first element of this name.
    pub(super) fn first(&self, name: &str) -> Option<&Node> {
        self.nodes().find(|n| n.name == name)
    }

    /// The trimmed text of the first element of this name that has any.
    pub(super) fn text_of(&self, name: &str) -> Option<String> {
        self.nodes().filter(|n| n.name == name).find_map(Node::text)
    }

    /// All text in it, trimmed; `None` where there is none.
    pub(super) fn text(&self) -> Option<String> {
        let mut out = String::new();
        self.collect(&mut out);
        let trimmed = out.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    fn collect(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(text) => out.push_str(text),
                Child::Node(node) => node.collect(out),
            }
        }
    }

    /// Its content written as markup again.
    pub(super) fn markup(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out.trim().to_owned()
    }

    fn write(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(text) => out.push_str(&quick_xml::escape::partial_escape(text.as_str())),
                Child::Node(node) => {
                    let name = node.name.rsplit(':').next().unwrap_or_default();
                    out.push_str(&format!("<{name}"));
                    for (key, value) in node.attributes.iter().filter(|(k, _)| k != "xmlns") {
                        out.push_str(&format!(
                            " {key}=\"{}\"",
                            quick_xml::escape::escape(value.as_str())
                        ));
                    }
                    out.push('>');
                    node.write(out);
                    if !matches!(name, "br" | "img" | "hr") {
                        out.push_str(&format!("</{name}>"));
                    }
                }
            }
        }
    }
}

/// The root element, and whether the document was read to its end.
pub(super) fn read(text: &str) -> Option<(Node, bool)> {
    // Blanks or rubbish before the declaration are common.
    let mut reader = Reader::from_str(text.get(text.find('<')?..)?);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut builder = Builder::default();
    let whole = loop {
        match reader.read_event() {
            Ok(Event::Eof) => break builder.open.len() <= 1,
            Ok(_) if builder.count > MAX_NODES => break false,
            Ok(event) => builder.take(event),
            Err(_) => break false,
        }
    };
    builder.finish().map(|root| (root, whole))
}

#[derive(Default)]
struct Builder {
    root: Option<Node>,
    /// The elements not closed yet, outermost first, with the name that closes each.
    open: Vec<(Node, String)>,
    /// Prefixes and what they are read as.
    prefixes: BTreeMap<String, &'static str>,
    entities: BTreeMap<String, String>,
    count: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => {
                let node = self.node(&tag);
                // Deeper elements are left out; their text stays.
                if self.open.len() < MAX_DEPTH {
                    self.open.push((node, tag.name().0.to_owned()));
                }
            }
            Event::Empty(tag) => {
                let node = self.node(&tag);
                self.append(Child::Node(node));
            }
            Event::End(tag) => self.end(tag.name().0),
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let text = match reference.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    _ => self.entity(&name),
                };
                self.text(&text);
            }
            Event::DocType(text) => self.declare(&text.xml10_content()),
            _ => {}
        }
    }

    fn node(&mut self, tag: &BytesStart<'_>) -> Node {
        self.count += 1;
        let mut attributes = Vec::new();
        for attribute in tag.html_attributes().with_checks(false).flatten() {
            let key = attribute.key.0.to_ascii_lowercase();
            let value = quick_xml::escape::unescape_with(&attribute.value, |name| self.value(name))
                .map_or_else(|_| attribute.value.to_string(), |v| v.into_owned());
            if let Some(prefix) = key.strip_prefix("xmlns:") {
                if let Some(usual) = usual(&value) {
                    self.prefixes.insert(prefix.to_owned(), usual);
                }
            } else {
                attributes.push((key, value));
            }
        }
        Node {
            name: self.name(tag.name().0),
            attributes,
            children: Vec::new(),
        }
    }

    fn name(&self, name: &str) -> String {
        let lower = name.to_ascii_lowercase();
        let Some((prefix, local)) = lower.split_once(':') else {
            return lower;
        };
        match self.prefixes.get(prefix).copied().unwrap_or(prefix) {
            "" | "atom" | "rss" => local.to_owned(),
            prefix => format!("{prefix}:{local}"),
        }
    }

    fn append(&mut self, child: Child) {
        match (self.open.last_mut(), child) {
            (Some((parent, _)), child) => parent.children.push(child),
            (None, Child::Node(node)) if self.root.is_none() => self.root = Some(node),
            _ => {}
        }
    }

    /// Closes the nearest element of this name and those in it; an end without a beginning is no end.
    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|(_, n)| n == name) else {
            return;
        };
        while self.open.len() > at {
            if let Some((node, _)) = self.open.pop() {
                self.append(Child::Node(node));
            }
        }
    }

    fn text(&mut self, text: &str) {
        let Some((parent, _)) = self.open.last_mut() else {
            return;
        };
        match parent.children.last_mut() {
            Some(Child::Text(before)) => before.push_str(text),
            _ => parent.children.push(Child::Text(text.to_owned())),
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        quick_xml::escape::resolve_predefined_entity(name)
            .or_else(|| self.entities.get(name).map(String::as_str))
    }

    /// An entity's text. One that nobody declared stays as it is: it is HTML's, and is read where the HTML is.
    fn entity(&self, name: &str) -> String {
        self.value(name)
            .map_or_else(|| format!("&{name};"), str::to_owned)
    }

    /// Entities of the internal subset, not expanded in one another.
    fn declare(&mut self, doctype: &str) {
        for declaration in doctype.split("<!ENTITY").skip(1).take(MAX_ENTITIES) {
            let mut parts = declaration.trim_start().splitn(2, char::is_whitespace);
            let (Some(name), Some(rest)) = (parts.next(), parts.next()) else {
                continue;
            };
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            if let Some(value) = quote.and_then(|q| rest[1..].split(q).next())
                && value.len() <= MAX_ENTITY
            {
                self.entities.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn finish(mut self) -> Option<Node> {
        while let Some((node, _)) = self.open.pop() {
            self.append(Child::Node(node));
        }
        self.root
    }
}

/// The prefix usually used for a namespace; nothing for those of Atom and RSS.
fn usual(namespace: &str) -> Option<&'static str> {
    const USUAL: &[(&str, &str)] = &[
        ("w3.org/2005/atom", ""),
        ("purl.org/atom/ns", ""),
        ("purl.org/atom/app", "app"),
        ("purl.org/dc/elements", "dc"),
        ("purl.org/dc/terms", "dcterms"),
        ("purl.org/rss/1.0/modules/content", "content"),
        ("purl.org/rss/1.0/modules/syndication", "sy"),
        ("purl.org/rss/1.0/modules/slash", "slash"),
        ("purl.org/rss/1.0/modules", "module"),
        ("purl.org/net/rss1.1", ""),
        ("purl.org/rss/1.0", ""),
        ("my.netscape.com/rdf/simple", ""),
        ("1999/02/22-rdf-syntax-ns", "rdf"),
        ("search.yahoo.com/mrss", "media"),
        ("itunes.com/dtds/podcast", "itunes"),
        ("www.w3.org/1999/xhtml", "xhtml"),
        ("purl.org/syndication/thread", "thr"),
        ("purl.org/syndication/history", "fh"),
    ];
    let lower = namespace.to_ascii_lowercase();
    USUAL
        .iter()
        .find(|(part, _)| lower.contains(part))
        .map(|(_, usual)| *usual)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn prefixes_are_read_by_their_namespace() {
        let text = "<x:feed xmlns:x='http://www.w3.org/2005/Atom' xmlns:d='http://purl.org/dc/elements/1.1/'>\
                    <x:Title>a&amp;b &eacute;&#8212;<![CDATA[<i>]]></x:Title><d:creator>c</d:creator></x:feed>";
        let (root, whole) = read(text).unwrap();
        assert!(whole && root.name == "feed");
        assert_eq!(root.text_of("title").as_deref(), Some("a&b &eacute;—<i>"));
        assert_eq!(root.text_of("dc:creator").as_deref(), Some("c"));
    }

    #[test]
    fn what_is_broken_is_read_as_far_as_it_goes() {
        let (root, whole) = read("junk <?xml version='1.0'?><rss><a>1</b></a><c x=1 y>2 & 3<d>").unwrap();
        assert!(!whole);
        assert_eq!(root.text_of("a").as_deref(), Some("1"));
        assert_eq!(root.text_of("c").as_deref(), Some("2 & 3"));
        assert!(read("no markup").is_none());
    }

    #[test]
    fn declared_entities_are_known_and_do_not_grow() {
        let (root, _) = read("<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><r>&a;&b;&c;</r>").unwrap();
        assert_eq!(root.text().as_deref(), Some("x&a;&a;&c;"));
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let deep = "<a>".repeat(5_000);
        assert!(read(&deep).is_some());
        let (root, whole) = read(&format!("<r>{}", "<a/>".repeat(MAX_NODES + 10))).unwrap();
        assert!(!whole && root.children.len() <= MAX_NODES + 1);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[<>/!?&;a-c\\[\\]\"'= xé-]{0,200}") {
            let _ = read(&text).map(|(root, _)| root.markup());
        }
    }
}
