//! What a post and a mention cost, as measured, and what is only assumed. `docs/concepts/scale.md` says where each figure is from.

/// A figure that may be given as `NAME=VALUE` on the command line.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// Where it comes from; what nobody measured says so.
    pub(crate) from: &'static str,
}

const fn input(name: &'static str, value: f64, unit: &'static str, from: &'static str) -> Input {
    Input {
        name,
        value,
        unit,
        from,
    }
}

/// Every input with its default.
const DEFAULTS: [Input; 24] = [
    input(
        "parse_us",
        3.6,
        "µs a post",
        "measured: bench sources, Jetstream frames, 279k posts a core-second",
    ),
    input(
        "ingest_us",
        12.3,
        "µs a post",
        "measured: bench firehose, 81.5k posts/s through the one ingest thread",
    ),
    input(
        "match_us",
        6.0,
        "µs a post",
        "measured: bench firehose, 10,000 monitors, 18.3 µs in all less ingest",
    ),
    input(
        "mention_us",
        210.0,
        "µs a mention",
        "measured: replay of 195,325 posts, everything matched less nothing matched, encoder off",
    ),
    input(
        "encoder_us",
        3_571.0,
        "µs a mention read",
        "measured: bench models, 8 layers, VNNI, 280 posts a core-second",
    ),
    input(
        "encoder_share",
        0.5,
        "of mentions",
        "assumed: what the cascade sends at most by its goal",
    ),
    input(
        "detect_us",
        20.0,
        "µs a mention",
        "measured: bench trends, the whole trend stage",
    ),
    input(
        "broker_post_us",
        6.2,
        "µs a post",
        "measured: bench/cluster/workers.py overhead, one post in fifty a mention: three roles less one process",
    ),
    input(
        "broker_mention_us",
        7.0,
        "µs a mention",
        "measured: the same, one post in two, less what its posts cost",
    ),
    input(
        "post_bytes",
        205.0,
        "B a post",
        "measured: the same replay, journal on disk, texts of 90 characters",
    ),
    input(
        "mention_bytes",
        800.0,
        "B a mention",
        "measured: bench store at ten million, 527, and the vault of the same replay, 273",
    ),
    input(
        "frame_bytes",
        900.0,
        "B a post",
        "assumed: a frame of a platform with its envelope",
    ),
    input(
        "mentions_per_post",
        0.02,
        "",
        "assumed: depends on what is looked for",
    ),
    input(
        "hot_share",
        0.05,
        "of posts",
        "assumed: most that one partition key carries in a burst",
    ),
    input("journal_days", 7.0, "days", "default of [journal]"),
    input("kept_days", 30.0, "days", "assumed: retention of mentions"),
    input(
        "busy",
        0.6,
        "of a core",
        "chosen: what a core may be busy, so that a doubled stream is survived",
    ),
    input("cores", 16.0, "a machine", "assumed"),
    input(
        "disk_mb_s",
        400.0,
        "MB/s a machine",
        "assumed: a network disk of the better sort",
    ),
    input("disk_tb", 8.0, "TB a machine", "assumed"),
    input(
        "net_mb_s",
        1_000.0,
        "MB/s a machine",
        "assumed: 10 Gbit/s, 80 % of it",
    ),
    input(
        "copies",
        3.0,
        "",
        "assumed: replicas of journal partitions; shards have 2",
    ),
    input(
        "core_month",
        30.0,
        "€",
        "assumed: a core with 4 GB, rented for a month",
    ),
    input("gb_month", 0.08, "€", "assumed: a gigabyte of SSD for a month"),
];

/// The inputs of one run.
#[derive(Debug, Clone)]
pub(crate) struct Costs(Vec<Input>);

impl Costs {
    /// The defaults, with `NAME=VALUE` in their place.
    pub(crate) fn read(given: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut all = DEFAULTS.to_vec();
        for text in given {
            let (name, value) = text
                .split_once('=')
                .ok_or_else(|| anyhow::anyhow!("`{text}` is no NAME=VALUE"))?;
            let value: f64 = value
                .parse()
                .map_err(|_| anyhow::anyhow!("{name}: `{value}` is no number"))?;
            anyhow::ensure!(value.is_finite() && value >= 0.0, "{name}: {value} is below 0");
            let known = all.iter_mut().find(|i| i.name == name);
            let input = known.ok_or_else(|| anyhow::anyhow!("there is no input `{name}`"))?;
            (input.value, input.from) = (value, "given");
        }
        Ok(Self(all))
    }

    pub(crate) fn all(&self) -> &[Input] {
        &self.0
    }

    /// The value of an input; the names in this crate are those of the table above.
    pub(crate) fn get(&self, name: &str) -> f64 {
        self.0
            .iter()
            .find(|i| i.name == name)
            .map_or(f64::NAN, |i| i.value)
    }

    /// Core-microseconds of a post that is admitted, journaled and matched.
    pub(crate) fn post_us(&self) -> f64 {
        self.get("parse_us") + self.get("ingest_us") + self.get("match_us")
    }

    /// Core-microseconds of a mention: scored, placed, stored, watched, and its share of the encoder.
    pub(crate) fn mention_us(&self) -> f64 {
        self.get("mention_us") + self.get("detect_us") + self.get("encoder_us") * self.get("encoder_share")
    }
}
