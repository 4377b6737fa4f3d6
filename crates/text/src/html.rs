//! HTML to text: what a reader would see, with paragraphs as line breaks.

use html5gum::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};

/// The text of a piece of HTML and the links in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HtmlText {
    /// What a reader sees.
    pub text: String,
    /// `href`s of its links, in order, each once.
    pub links: Vec<String>,
}

/// More links of one text are not kept.
const MAX_LINKS: usize = 256;

/// Turns HTML into text. Scripts, styles and what a platform hides from readers (`class="invisible"`) are left out,
/// except inside a link: Mastodon shortens links that way, and whole they are read as one link, not as words. Never
/// fails: broken HTML is read as browsers read it.
pub fn html_to_text(html: &str) -> HtmlText {
    let mut reader = Reader::default();
    let mut emitter = DefaultEmitter::default();
    // Otherwise the content of a script is read as markup.
    emitter.naively_switch_states(true);
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&tag.name),
            Token::String(s) if reader.skip.is_none() => {
                push_text(&String::from_utf8_lossy(&s), &mut reader.out.text)
            }
            _ => {}
        }
    }
    let mut out = reader.out;
    out.text.truncate(out.text.trim_end().len());
    out
}

#[derive(Default)]
struct Reader {
    out: HtmlText,
    /// The element whose content is left out, and how often it is open.
    skip: Option<(Vec<u8>, usize)>,
    in_link: bool,
}

impl Reader {
    fn start(&mut self, tag: &StartTag<()>) {
        let name: &[u8] = &tag.name;
        if let Some((skipped, depth)) = &mut self.skip {
            *depth += usize::from(skipped == name);
            return;
        }
        let hidden = !self.in_link
            && attribute(tag, b"class").is_some_and(|c| c.split_ascii_whitespace().any(|c| c == "invisible"));
        if !is_void(name) && (hidden || matches!(name, b"script" | b"style")) {
            self.skip = Some((name.to_vec(), 1));
            return;
        }
        if name == b"a" {
            self.in_link = true;
            let href = attribute(tag, b"href")
                .filter(|h| self.out.links.len() < MAX_LINKS && !self.out.links.contains(h));
            self.out.links.extend(href);
        }
        open(name, &mut self.out.text);
    }

    fn end(&mut self, name: &[u8]) {
        if let Some((skipped, depth)) = &mut self.skip {
            *depth -= usize::from(skipped == name);
            if *depth == 0 {
                self.skip = None;
            }
            return;
        }
        self.in_link &= name != b"a";
        if is_block(name) {
            break_line(&mut self.out.text, 2);
        }
    }
}

fn attribute(tag: &StartTag<()>, key: &[u8]) -> Option<String> {
    let (_, value) = tag.attributes.iter().find(|(k, _)| k.as_slice() == key)?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// Elements that have no end tag.
fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"br"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"source"
            | b"wbr"
            | b"area"
            | b"col"
            | b"embed"
    )
}

fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"div"
            | b"blockquote"
            | b"ul"
            | b"ol"
            | b"pre"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"table"
            | b"tr"
    )
}

fn open(name: &[u8], text: &mut String) {
    match name {
        b"br" => break_line(text, 1),
        b"li" => {
            break_line(text, 1);
            text.push_str("• ");
        }
        n if is_block(n) => break_line(text, 2),
        _ => {}
    }
}

/// Ends the line so that at most `lines` breaks follow each other.
fn break_line(text: &mut String, lines: usize) {
    text.truncate(text.trim_end_matches([' ', '\t']).len());
    if text.is_empty() {
        return;
    }
    let have = text.len() - text.trim_end_matches('\n').len();
    for _ in have..lines {
        text.push('\n');
    }
}

/// Appends text with runs of white space as one space.
fn push_text(s: &str, text: &mut String) {
    for c in s.chars() {
        if c.is_ascii_whitespace() {
            if !text.is_empty() && !text.ends_with([' ', '\n']) {
                text.push(' ');
            }
        } else {
            text.push(c);
        }
    }
}
