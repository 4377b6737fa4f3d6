//! The Boolean query language and the exact matcher.
//!
//! [`parse`] reads a query, [`MonitorSet`] matches many of them against each [`Document`] of a stream, [`highlights`]
//! and [`explain`] say what matched where. All of them, and the index form of a query, mean the same: what
//! [`naive::matches`] says. Queries are cut into words by the tokeniser of the posts, [`text::Tokens`].
//!
//! # Grammar
//!
//! ```text
//! query   = or ;
//! or      = and , { "OR" , and } ;
//! and     = near , { [ "AND" ] , negated | "AND" , near } ;
//! near    = unary , { reach , unary } ;               (* operands: words, phrases, OR-groups and NEAR-groups of them *)
//! reach   = ( "NEAR/" | "ONEAR/" ) , number , [ "f" ] ;            (* 1 … 1,000 words; ONEAR and f: in this order *)
//! unary   = negated | "(" , or , ")" | term | phrase | case | field ;
//! negated = ( "NOT" | "-" ) , unary ;                              (* "-" right before its operand *)
//! phrase  = '"' , words , '"' , [ "~" , number ] ;                 (* ~n: any order, within n words *)
//! case    = "{" , words , "}" ;                                    (* compares case *)
//! field   = name , ":" , ( value | "(" , value , { "OR" , value } , ")" ) ;
//! name    = "lang" | "source" | "author" | "site" | "kind" ;
//! value   = chunk | '"' , words , '"' ;
//! term    = chunk , [ "*" ] ;                                      (* "*": words that begin so, 3 letters or more *)
//! words   = chunk , [ "*" ] , { space , chunk , [ "*" ] } ;
//! chunk   = ? characters other than white space, quotes, brackets and braces ? ;
//! comment = "<<<" , ? anything ? , ">>>" ;                         (* wherever space may be *)
//! ```
//!
//! NOT binds tightest, then NEAR, AND, OR. Full-width brackets and curly quotes count as the plain ones. Operators are
//! capitals; two operands side by side are refused, since every other product reads that differently.
//!
//! # Meaning of a chunk
//!
//! - One word matches a token of the same folded key, whatever its sigil, or of that key without diacritics or skin
//!   tones. So `cafe` matches "Café", and `café` does not match "cafe".
//! - `#tag`, `@name` and `$CASH` match only tokens with the sigil.
//! - A chunk of several tokens, such as `AT&T`, `7-Eleven`, `@ann.example` or a run of Chinese characters, matches the
//!   tokens with exactly that punctuation between, before and after them. Typographic apostrophes and dashes count as
//!   the plain ones. In quotes, the punctuation of sentences at a chunk's borders does not count.
//! - A tag in a script without spaces is compared whole, unless a `*` follows.
//!
//! # Distance
//!
//! Neighbouring words are 1 apart, measured from the end of one operand to the begin of the next. Emoji stand in the
//! gaps and take no place. The same token never serves two operands. A chain `A NEAR/n B NEAR/m C` holds where each
//! operand is in reach of the one before; a NEAR in brackets has, for the outer one, the places of those of its
//! operands that take part. The title stands out of reach of the text.
//!
//! # Pseudonyms
//!
//! Behind admission the handles of strangers are replaced by tokens. Where the caller gives the function that makes
//! them, `acme`, `@acme` and `author:acme` also match the token; prefixes and case-sensitive words do not.

mod address;
pub mod ast;
mod camel;
mod document;
mod explain;
mod field;
mod glob;
mod leaf;
mod lexer;
mod live;
mod matcher;
pub mod naive;
mod operand;
mod parser;
mod print;
mod problem;
mod query;
mod reading;
mod spans;
mod values;

pub use document::{Document, Names};
pub use explain::{Clause, explain, highlights, title_highlights};
pub use live::{LiveMonitors, LiveSnapshot};
pub use matcher::{Atom, Checker, DocumentFrequency, MonitorSet, Scratch, Work};
pub use naive::Pseudonyms;
pub use parser::{MAX_CHARS, MAX_DEPTH, MAX_REACH, MAX_TERMS};
pub use problem::{Problem, Severity};
pub use query::{Query, check, parse};
pub use spans::{Span, SpanKind, spans};
