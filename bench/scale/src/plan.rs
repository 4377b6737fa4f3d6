//! From a rate of posts to machines, partitions, shards and money; and what gives way first.

use crate::costs::Costs;
use crate::queue::{self, Outcome, Setting};

/// What one partition of the journal is given at most, in MB/s.
const PARTITION_MB_S: f64 = 10.0;
/// What one shard holds at most, in GB.
const SHARD_GB: f64 = 40.0;
/// Posts of a batch.
const BATCH: f64 = 500.0;
const DAY: f64 = 86_400.0;
/// A dead worker is missed after so many seconds, and its partitions have new owners.
const MISSED: f64 = 15.0;

/// What a stream needs.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) posts: f64,
    pub(crate) mentions: f64,
    /// Cores that are busy, by stage.
    pub(crate) cores: [(&'static str, f64); 5],
    pub(crate) machines: usize,
    /// The resource that says how many.
    pub(crate) decided_by: &'static str,
    pub(crate) partitions: usize,
    pub(crate) shards: usize,
    pub(crate) journal_gb: f64,
    pub(crate) store_gb: f64,
    pub(crate) money: f64,
    /// How much of each resource of one machine the stream would take, the worst first: 1 is all of it.
    pub(crate) on_one: Vec<(&'static str, f64)>,
}

/// Plans for this many posts a second.
pub(crate) fn plan(costs: &Costs, posts: f64) -> Plan {
    let get = |name: &str| costs.get(name);
    let mentions = posts * get("mentions_per_post");
    let seconds = |us: f64, rate: f64| us * 1e-6 * rate;
    let mut cores = [
        (
            "parse, admit, journal",
            seconds(get("parse_us") + get("ingest_us"), posts),
        ),
        ("match", seconds(get("match_us"), posts)),
        (
            "score by the encoder",
            seconds(get("encoder_us") * get("encoder_share"), mentions),
        ),
        (
            "score, store, watch",
            seconds(get("mention_us") + get("detect_us"), mentions),
        ),
        ("hand over by brokers", 0.0),
    ];
    let busy: f64 = cores.iter().map(|(_, n)| n).sum();
    let journal_mb_s = posts * get("post_bytes") / 1e6;
    let store_mb_s = mentions * get("mention_bytes") / 1e6;
    let one_journal_gb = journal_mb_s / 1e3 * DAY * get("journal_days");
    let one_store_gb = store_mb_s / 1e3 * DAY * get("kept_days");
    // Segments are written anew about once by merging.
    let disk = journal_mb_s + 2.0 * store_mb_s;
    let net = posts * get("frame_bytes") / 1e6;
    let mut on_one = vec![
        ("the one ingest thread", seconds(get("ingest_us"), posts)),
        ("cores", busy / (get("cores") * get("busy"))),
        ("disk, written", disk / get("disk_mb_s")),
        (
            "disk, kept",
            (one_journal_gb + one_store_gb) / 1e3 / get("disk_tb"),
        ),
        ("network", net / get("net_mb_s")),
    ];
    on_one.sort_by(|a, b| b.1.total_cmp(&a.1));
    let alone = on_one.iter().all(|(_, share)| *share <= 1.0);
    let (copies, shard_copies) = if alone { (1.0, 1.0) } else { (get("copies"), 2.0) };
    if !alone {
        cores[4].1 = seconds(get("broker_post_us"), posts) + seconds(get("broker_mention_us"), mentions);
    }
    let busy = busy + cores[4].1;
    let (journal_gb, store_gb) = (one_journal_gb * copies, one_store_gb * shard_copies);
    let needed = [
        ("cores", busy / (get("cores") * get("busy"))),
        ("disk, written", disk * copies / get("disk_mb_s")),
        ("disk, kept", (journal_gb + store_gb) / 1e3 / get("disk_tb")),
        // In from the platforms, to the journal's replicas, out to workers.
        ("network", (net + journal_mb_s * (copies + 1.0)) / get("net_mb_s")),
    ];
    let decides = needed.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let (decided_by, most) = decides.unwrap_or(("cores", 1.0));
    let machines = match alone {
        true => 1.0,
        // One more, so that one may be missing.
        false => most.ceil().max(2.0) + 1.0,
    };
    let partitions = match alone {
        true => 1.0,
        // Enough for the cores of twice the workers, so that workers can be added.
        false => (journal_mb_s / PARTITION_MB_S).max(2.0 * machines * 4.0).ceil(),
    };
    Plan {
        posts,
        mentions,
        cores,
        machines: machines as usize,
        decided_by,
        partitions: partitions as usize,
        shards: ((one_store_gb / SHARD_GB).ceil() * shard_copies) as usize,
        journal_gb,
        store_gb,
        money: machines * get("cores") * get("core_month") + (journal_gb + store_gb) * get("gb_month"),
        on_one,
    }
}

/// Two minutes of the workers of a plan with more than one machine, one of which dies.
pub(crate) fn death(costs: &Costs, plan: &Plan) -> Outcome {
    let (post, mention) = (costs.get("broker_post_us"), costs.get("broker_mention_us"));
    let mentions = costs.get("mentions_per_post");
    let per_post = costs.post_us() + post + (costs.mention_us() + mention) * mentions;
    queue::simulate(&Setting {
        rate: plan.posts / BATCH,
        service: per_post * 1e-6 * BATCH,
        machines: plan.machines,
        cores: costs.get("cores") as usize,
        partitions: plan.partitions,
        hot: costs.get("hot_share"),
        death: Some((30.0, 30.0 + MISSED)),
        until: 120.0,
        seed: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(given: &[&str]) -> Costs {
        #[allow(clippy::unwrap_used)]
        Costs::read(given.iter().map(|g| (*g).to_owned())).unwrap()
    }

    #[test]
    fn more_posts_need_no_less_of_anything() {
        let costs = costs(&[]);
        let plans: Vec<Plan> = [1e3, 6e3, 5e4, 1e5, 1e6].map(|n| plan(&costs, n)).into();
        for pair in plans.windows(2) {
            assert!(pair[0].machines <= pair[1].machines && pair[0].partitions <= pair[1].partitions);
            assert!(pair[0].money < pair[1].money && pair[0].shards <= pair[1].shards);
        }
    }

    #[test]
    fn what_gives_way_first_is_named() {
        let worst = |given: &[&str]| plan(&costs(given), 1e5).on_one[0].0;
        assert_eq!(
            worst(&["encoder_share=0", "journal_days=0", "kept_days=0", "cores=64"]),
            "the one ingest thread"
        );
        assert_eq!(
            worst(&["mentions_per_post=0.5", "journal_days=0", "kept_days=0"]),
            "cores"
        );
        assert_eq!(worst(&[]), "disk, kept");
    }
}
