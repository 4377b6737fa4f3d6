//! Prints `docs/reference/routes.md`.

fn main() {
    print!("{}", groundswell::api::reference());
}
