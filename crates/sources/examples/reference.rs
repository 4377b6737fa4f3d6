//! Prints the reference page of the sources, docs/reference/sources.md.

#![allow(clippy::print_stdout, reason = "that is what it is for")]

fn main() {
    print!("{}", sources::reference::page());
}
