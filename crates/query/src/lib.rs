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
//! unary   = negated | "(" , or , ")" | term | phrase | case | part | field | range | list ;
//! negated = ( "NOT" | "-" ) , unary ;                              (* "-" right before its operand *)
//! phrase  = '"' , words , '"' , [ "~" , number ] ;                 (* ~n: up to 32, any order, within n words *)
//! case    = "{" , words , "}" ;                                    (* compares case; no wildcards *)
//! part    = ( "title:" | "text:" ) , ( term | phrase | case | "(" , or , ")" ) ;     (* no fields inside *)
//! field   = name , ":" , ( value | "(" , value , { "OR" , value } , ")" ) ;
//! name    = "lang" | "source" | "author" | "site" | "kind" | "country" | "hashtags" | "at_mentions" | "replyTo"
//!         | "url" | "links" | "has" ;                              (* in any case *)
//! value   = chunk | '"' , words , '"' ;
//! range   = "followers:" , ( "[" , bound , "TO" , bound , "]" | ( ">" | ">=" | "<" | "<=" ) , count ) ;
//! bound   = count | "*" ;
//! count   = number , [ "k" | "m" ] ;                               (* "_" and "," may part the digits *)
//! list    = "list:" , chunk ;                                      (* letters, digits, "-", "_" *)
//! term    = chunk ;
//! words   = chunk , { space , chunk } ;
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
//! - `*` stands for any characters of a word or none, `?` for one, anywhere in a word; a word with `*` needs three
//!   letters beside, one with `?` alone two. In quotes a `?` that ends a word is a question mark. In scripts without
//!   spaces a `*` at the border says nothing, since terms are substrings there, and no wildcard stands inside.
//! - A tag in a script without spaces is compared whole, unless a `*` follows.
//!
//! # Fields, parts and lists
//!
//! [`ast::FieldName`] says what each field compares. Where a post is silent about one, neither the condition nor its
//! opposite holds. `title:` and `text:` hold of that part of the post alone. `list:name` is any term of the list that
//! [`Lists`] holds under this name when the query is read. `engagement:` is refused, since it goes on changing after a
//! post has matched.
//!
//! # Strict, lenient, remarked
//!
//! [`parse`] refuses what it cannot read for sure, and names every [`Problem`] with its place, code and fix.
//! [`parse_lenient`] makes those fixes. Queries that are accepted carry warnings and hints; [`lint_against`] adds those
//! that need history. [`mod@reference`] lists every form and code with an example.
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
mod branches;
mod camel;
mod document;
mod explain;
mod field;
mod fields;
mod glob;
pub mod import;
mod joints;
mod leaf;
mod lenient;
mod lexer;
mod lint;
mod lists;
mod matcher;
mod mend;
pub mod naive;
mod operand;
mod parser;
mod print;
mod problem;
mod query;
mod reading;
pub mod reference;
mod spans;
mod suggest;
mod values;
mod why;
mod wildcard;

pub use branches::{Branch, DEAD_DAYS, Role, Seen, branches, lint_against};
pub use document::{Document, Names};
pub use explain::{Clause, Subject, explain, highlights, subject, title_highlights};
pub use lenient::{Lenient, parse_lenient};
pub use lists::{ListProblem, Lists, MAX_LIST_TERMS};
pub use matcher::{
    Atom, Checker, Cost, DocumentFrequency, FrequencySketch, LiveMonitors, LiveSnapshot, Meter, MonitorSet,
    Scratch, Work,
};
pub use naive::Pseudonyms;
pub use parser::{
    MAX_CHAIN, MAX_CHARS, MAX_DEPTH, MAX_PATTERN, MAX_PHRASE, MAX_REACH, MAX_TERMS, MAX_TOGETHER,
};
pub use problem::{Problem, Severity};
pub use query::{Query, check, check_with, parse, parse_with};
pub use spans::{Span, SpanKind, spans};
pub use why::{Found, Reason, why, why_not};
