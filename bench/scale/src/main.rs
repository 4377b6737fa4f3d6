//! Measured costs carried to streams that no single machine takes: `cargo run --release -p bench-scale [-- NAME=VALUE…]`
//!
//! `docs/concepts/scale.md` says what comes of it, and what it was checked against.

mod costs;
mod plan;
mod queue;

use costs::Costs;
use plan::{Plan, death, plan};

/// Posts a second that are planned for.
const STEPS: [f64; 3] = [6_000.0, 100_000.0, 1_000_000.0];

fn main() -> anyhow::Result<()> {
    let costs = Costs::read(std::env::args().skip(1))?;
    println!("== inputs");
    for input in costs.all() {
        println!(
            "{:<18} {:>10} {:<18} {}",
            input.name, input.value, input.unit, input.from
        );
    }
    println!(
        "so a post costs {:.1} µs of a core, and a mention {:.0} µs more",
        costs.post_us(),
        costs.mention_us()
    );
    for posts in STEPS {
        let plan = plan(&costs, posts);
        print(&plan);
        if plan.machines > 1 {
            let found = death(&costs, &plan);
            println!(
                "a machine dies: {} of {} batches done, {:.1} s until what gathered was taken up; waits {:.1} ms in the mean, \
                 {:.2} s at 99 %; busiest machine {:.0} %",
                found.done,
                found.arrived,
                found.recovered.unwrap_or(f64::NAN),
                found.wait * 1e3,
                found.wait_99,
                found.busiest * 100.0
            );
        }
    }
    Ok(())
}

fn print(plan: &Plan) {
    println!("== {} posts/s, {} mentions/s", plan.posts, plan.mentions);
    for (stage, cores) in &plan.cores {
        println!("{stage:<24} {cores:>8.2} cores");
    }
    println!(
        "{} machines (by {}), {} journal partitions, {} shards; journal {:.1} TB, store {:.1} TB; {:.0} € a month",
        plan.machines,
        plan.decided_by,
        plan.partitions,
        plan.shards,
        plan.journal_gb / 1e3,
        plan.store_gb / 1e3,
        plan.money
    );
    let shares: Vec<String> = plan
        .on_one
        .iter()
        .map(|(name, share)| format!("{name} {:.0} %", share * 100.0))
        .collect();
    println!("of one machine it would take: {}", shares.join(", "));
}
