//! `groundswell openapi` and `groundswell metrics`: what is generated from the code.

use std::process::ExitCode;

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    println!("{}", crate::api::openapi());
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn metrics() -> anyhow::Result<ExitCode> {
    print!("{}", crate::analytics::reference::page());
    Ok(ExitCode::SUCCESS)
}
