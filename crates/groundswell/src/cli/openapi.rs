//! `groundswell openapi`

use std::process::ExitCode;

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    println!("{}", crate::api::openapi());
    Ok(ExitCode::SUCCESS)
}
