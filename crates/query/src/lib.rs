//! The Boolean query language and the exact matcher.

pub mod ast;
mod document;
mod explain;
mod leaf;
mod lexer;
mod matcher;
pub mod naive;
mod operand;
mod parser;
mod print;
mod problem;
mod query;
mod reading;
mod spans;

pub use document::Document;
pub use explain::{Clause, explain, highlights, title_highlights};
pub use matcher::{Atom, Checker, DocumentFrequency, MonitorSet, Scratch, Work};
pub use naive::Pseudonyms;
pub use parser::{MAX_CHARS, MAX_DEPTH, MAX_REACH, MAX_TERMS};
pub use problem::{Problem, Severity};
pub use query::{Query, check, parse};
pub use spans::{Span, SpanKind, spans};
