//! Social text: cleaning, tokens and entities.
//!
//! There is one tokeniser in Groundswell and it lives here: the matcher, the index and the models all see the tokens
//! of [`Tokens`]. Its rules are versioned by [`TOKENISER_VERSION`], which is recorded wherever tokens are persisted.
//!
//! Everything here is pure: text in, data out.

mod chars;
mod clean;
mod emoji;
mod entities;
mod fold;
mod html;
mod nfkc;
mod offsets;
mod scan;
mod stopwords;
mod tokens;
mod url;

pub use chars::{is_hiragana, is_katakana, is_unspaced};
pub use clean::{Cleaned, clean};
pub use entities::{Entity, EntityKind, entities, hashtags, site};
pub use fold::{fold, strip_marks};
pub use html::{HtmlText, html_to_text};
pub use offsets::{chars_to_bytes, utf16_to_bytes};
pub use stopwords::{Stopwords, UnknownStopwords, stopwords, stopwords_of};
pub use tokens::{Token, TokenKind, Tokens};

/// The version of the tokeniser's rules. Anything that persists tokens records it.
pub const TOKENISER_VERSION: u32 = 1;
