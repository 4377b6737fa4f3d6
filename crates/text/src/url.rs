//! Where a link in running text ends.

use crate::chars::{Classes, EMOJI, SOLO};

const SCHEMES: [&str; 3] = ["https://", "http://", "www."];

/// The length of the link at the start of `rest`, if one begins there: `http://`, `https://` or `www.`, up to white
/// space, a quote, an angle bracket, an emoji or a character of a script without spaces (Japanese goes on right behind
/// a link), without the punctuation that ends a sentence. A closing bracket belongs to the link if it was opened in it.
pub(crate) fn url_length(rest: &str, classes: Classes) -> Option<usize> {
    let head = rest.as_bytes();
    let scheme = SCHEMES
        .iter()
        .find(|s| head.len() > s.len() && head[..s.len()].eq_ignore_ascii_case(s.as_bytes()))?
        .len();
    let stop = |c: char| {
        if c.is_ascii() {
            return c.is_ascii_whitespace() || matches!(c, '"' | '<' | '>');
        }
        c.is_whitespace()
            || matches!(c, '“' | '”' | '„' | '«' | '»' | '…' | '\u{3000}'..='\u{303F}' | '\u{200B}'..='\u{200F}')
            || classes.of(c) & (SOLO | EMOJI) != 0
    };
    let mut end = rest.find(stop).unwrap_or(rest.len());
    let mut unopened = unopened(&head[..end]);
    while end > scheme {
        let last = head[end - 1];
        match last {
            b')' if unopened > 0 => unopened -= 1,
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b']' | b'}' | b'*' => {}
            _ => break,
        }
        end -= 1;
    }
    (end > scheme).then_some(end)
}

/// How many more brackets close than open.
fn unopened(bytes: &[u8]) -> usize {
    let count = |wanted: u8| bytes.iter().filter(|b| **b == wanted).count();
    count(b')').saturating_sub(count(b'('))
}
