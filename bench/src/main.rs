//! What this machine does: one module per claim. `cargo run --release -p bench [-- NAME…]`
//!
//! Machines are shared and noisy: every figure is a median of several rounds with its spread, and where it can be, per
//! second of processor time as well as per second on the clock.

mod delay;
mod firehose;
mod input;
mod measure;
mod mentions;
mod sources;

/// A program that measures one claim and prints it.
type Claim = fn() -> anyhow::Result<()>;

fn main() -> anyhow::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let all: [(&str, Claim); 4] = [
        ("firehose", firehose::run),
        ("mentions", mentions::run),
        ("delay", delay::run),
        ("sources", sources::run),
    ];
    for (name, run) in all {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            println!("== {name}");
            run()?;
        }
    }
    println!("peak memory of this process: {:.0} MB", measure::peak_rss_mb());
    Ok(())
}
