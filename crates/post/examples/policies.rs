//! Prints the reference page of the policy profiles, docs/reference/policies.md.

#![allow(clippy::print_stdout, reason = "that is what it is for")]

fn main() {
    print!("{}", post::profile::page());
}
