//! HTML to text: what a reader would see, with paragraphs as line breaks.

use html5gum::{Token, Tokenizer};

/// The text of a piece of HTML and the links in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HtmlText {
    /// What a reader sees.
    pub text: String,
    /// `href`s of its links, in order, each once.
    pub links: Vec<String>,
}

/// Turns HTML into text. Scripts, styles and the parts a platform hides from readers (`class="invisible"`, as Mastodon
/// uses it to shorten links) are left out. Never fails: broken HTML is read as browsers read it.
pub fn html_to_text(html: &str) -> HtmlText {
    let mut out = HtmlText::default();
    let mut skip: Option<(Vec<u8>, usize)> = None;
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => {
                let name: &[u8] = &tag.name;
                if let Some((skipped, depth)) = &mut skip {
                    if skipped == name && !tag.self_closing {
                        *depth += 1;
                    }
                    continue;
                }
                let attribute = |key: &[u8]| {
                    tag.attributes.iter().find(|(k, _)| k.as_slice() == key).map(|(_, v)| String::from_utf8_lossy(v).into_owned())
                };
                let hidden = attribute(b"class").is_some_and(|c| c.split_whitespace().any(|c| c == "invisible"));
                if !tag.self_closing && (hidden || matches!(name, b"script" | b"style")) {
                    skip = Some((name.to_vec(), 1));
                    continue;
                }
                if name == b"a"
                    && let Some(href) = attribute(b"href")
                    && !out.links.contains(&href)
                {
                    out.links.push(href);
                }
                open(name, &mut out.text);
            }
            Token::EndTag(tag) => {
                if let Some((skipped, depth)) = &mut skip {
                    if *skipped == **tag.name {
                        *depth -= 1;
                        if *depth == 0 {
                            skip = None;
                        }
                    }
                    continue;
                }
                if is_block(&tag.name) {
                    break_line(&mut out.text, 2);
                }
            }
            Token::String(s) if skip.is_none() => push_text(&String::from_utf8_lossy(&s), &mut out.text),
            _ => {}
        }
    }
    out.text.truncate(out.text.trim_end().len());
    out
}

fn is_block(name: &[u8]) -> bool {
    matches!(name, b"p" | b"div" | b"blockquote" | b"ul" | b"ol" | b"pre" | b"h1" | b"h2" | b"h3" | b"h4" | b"table" | b"tr")
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
