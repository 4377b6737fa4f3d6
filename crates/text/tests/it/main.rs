//! Tests of `text` through its public interface.
#![allow(clippy::unwrap_used)]

mod cleaning;
mod emoji;
mod finding;
mod html;
mod places;
mod reference;
mod words;

use text::{Token, TokenKind, Tokens};

/// What a test wants to know of every token, in order: sigil key or key.
fn keys(text: &str) -> Vec<String> {
    let tokens = Tokens::of(text);
    tokens
        .iter()
        .map(|t| tokens.sigil_key(t).unwrap_or(tokens.key(t)).to_owned())
        .collect()
}

fn plains(text: &str) -> Vec<Option<String>> {
    let tokens = Tokens::of(text);
    tokens
        .iter()
        .map(|t| tokens.plain(t).map(str::to_owned))
        .collect()
}

fn of_kind(text: &str, kind: TokenKind) -> Vec<String> {
    let tokens = Tokens::of(text);
    tokens
        .iter()
        .filter(|t| t.kind == kind)
        .map(|t| text[t.start as usize..t.end as usize].to_owned())
        .collect()
}

fn written<'t>(text: &'t str, token: &Token) -> &'t str {
    &text[token.start as usize..token.end as usize]
}
