//! Claim: mentions scored and stored a second; bytes per mention on disk; memory.
//!
//! The demo's simulated posts, all of which match: language (identified), sentiment, index, commit every 20,000.

use crate::measure::{bytes_under, cost, peak_rss_mb, print_rates};
use groundswell::pipeline::Scorer;
use post::{Admission, Admitted, MentionId, Mode, Policy, Post, Pseudonyms};
use sources::demo::{DemoConfig, Simulator};
use store::{Change, Mention, Store};

const MENTIONS: usize = 100_000;
const COMMIT_AT: usize = 20_000;
const ROUNDS: usize = 3;

pub(crate) fn run() -> anyhow::Result<()> {
    let posts = admitted();
    let models = groundswell::weights::embedded()?;
    let (mut scoring, mut wall, mut cpu, mut bytes) = (Vec::new(), Vec::new(), Vec::new(), 0.0);
    for _ in 0..ROUNDS {
        let mut scorer = Scorer::new(&models);
        let (mentions, score_cost) =
            cost(|| posts.iter().map(|p| mention(&mut scorer, p)).collect::<Vec<_>>());
        scoring.push(posts.len() as f64 / score_cost.cpu);
        let folder = tempfile::tempdir()?;
        let (mut store, _) = Store::open(folder.path(), store::Options::default())?;
        let (stored, store_cost) = cost(|| write(&mut store, &mentions));
        stored?;
        wall.push(posts.len() as f64 / (score_cost.wall + store_cost.wall));
        cpu.push(posts.len() as f64 / (score_cost.cpu + store_cost.cpu));
        store.close()?;
        bytes = bytes_under(folder.path()) as f64 / posts.len() as f64;
    }
    print_rates(
        "language and sentiment of simulated posts",
        "posts/cpu-s",
        &mut scoring,
    );
    print_rates(
        "scored + stored, one thread beside the index's own",
        "mentions/s",
        &mut wall,
    );
    print_rates("the same", "mentions/cpu-s", &mut cpu);
    println!(
        "{bytes:.0} bytes a mention on disk, {:.0} bytes of text on average",
        text_bytes(&posts)
    );
    println!("memory up to here: {:.0} MB", peak_rss_mb());
    Ok(())
}

fn admitted() -> Vec<Post> {
    let admission = Admission::new(Pseudonyms::new(&[7; 32]), &Policy::default());
    let config = DemoConfig::default();
    let end = config.live_from();
    Simulator::new(config)
        .filter_map(|s| match admission.admit(s.post, Mode::Sealed, end) {
            Ok(Admitted::Post(post, ..)) => Some(*post),
            _ => None,
        })
        .take(MENTIONS)
        .collect()
}

fn mention(scorer: &mut Scorer<'_>, post: &Post) -> Mention {
    // As if no platform had claimed a language: every post is identified.
    let lang = scorer.language(post);
    Mention {
        id: MentionId::of(post.key, "m"),
        project: "default".to_owned(),
        monitor: "m".to_owned(),
        monitor_version: 1,
        primary: true,
        sentiment: scorer.sentiment(post, &lang),
        scores: store::Scores::default(),
        group: Some(Mention::own_group(post.key)),
        topic: None,
        post: post.clone(),
        lang,
    }
}

fn write(store: &mut Store, mentions: &[Mention]) -> anyhow::Result<()> {
    for (i, part) in mentions.chunks(COMMIT_AT).enumerate() {
        let changes = part
            .iter()
            .map(|m| Change::Put {
                post: m.post.key,
                mentions: vec![m.clone()],
            })
            .collect::<Vec<_>>();
        store.apply(changes, ((i + 1) * COMMIT_AT) as u64)?;
        store.commit()?;
    }
    Ok(())
}

fn text_bytes(posts: &[Post]) -> f64 {
    posts.iter().map(|p| p.text.len()).sum::<usize>() as f64 / posts.len().max(1) as f64
}
