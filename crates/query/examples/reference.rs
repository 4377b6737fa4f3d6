//! Prints the reference page of the query language, docs/reference/query-language.md.

#![allow(clippy::print_stdout, reason = "that is what it is for")]

fn main() {
    print!("{}", query::reference::page());
}
