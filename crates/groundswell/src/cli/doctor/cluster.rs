//! The cluster that keeps the mentions: asked without being written to.

use super::report::Report;
use store::Error;
use store::elastic::{Health, Settings, StoreReader, health, nodes};

pub(super) fn look(settings: &Settings, report: &mut Report) {
    if settings.urls.len() > 1 {
        each_node(settings, report);
    }
    let counted = StoreReader::open(settings.clone())
        .and_then(|reader| Ok((reader.snapshot().total()?, reader.bytes()?)));
    match counted {
        Ok((mentions, bytes)) => {
            let what = format!("{mentions} mentions, {} MB with copies", bytes / 1_000_000);
            report.ok("store", settings.address(), what);
            copies(settings, report);
        }
        Err(error) => {
            let advice = advice(&error, settings);
            report.fault("store", settings.address(), error, advice);
        }
    }
}

/// Each address that is named. One that does not answer is no fault as long as another does.
fn each_node(settings: &Settings, report: &mut Report) {
    let mut first: Option<String> = None;
    for (url, said) in nodes(settings) {
        match said {
            Err(error) => report.warning(
                "node",
                &url,
                error,
                "another one is asked in its place meanwhile; bring it back, or take it out of [store] url",
            ),
            Ok(node) => match (&first, node.cluster) {
                (Some(first), Some(its)) if *first != its => report.fault(
                    "node",
                    &url,
                    format!("it is of another cluster ({its}) than those before it ({first})"),
                    "name nodes of one cluster in [store] url; it is not asked meanwhile",
                ),
                (_, None) => report.warning(
                    "node",
                    &url,
                    "it does not say of which cluster it is: has it joined one?",
                    "see its log; it is taken for one of the same cluster if it comes to be asked",
                ),
                (_, its) => {
                    report.ok("node", &url, format!("{} answers", node.name).trim_start());
                    first = first.or(its);
                }
            },
        }
    }
}

/// Copies that are missing make no answer wrong, until what holds the only one goes.
fn copies(settings: &Settings, report: &mut Report) {
    match health(settings) {
        Ok(Some(Health { missing: 1.., nodes: 1, .. })) => report.warning(
            "copies",
            settings.address(),
            "there is one node, and copies are asked for that it cannot have",
            "add a node, or set [store] replicas = 0 for indices that are made from now on, and index.number_of_replicas of those there are",
        ),
        Ok(Some(Health { missing: missing @ 1.., .. })) => report.warning(
            "copies",
            settings.address(),
            format!("{missing} copies of shards are not there"),
            format!(
                "they come by themselves when their node is back; GET {}/_cluster/allocation/explain says what they wait for",
                settings.address().trim_end_matches('/')
            ),
        ),
        // Who may not ask, or a cluster that does not say, need not be told.
        Ok(_) | Err(_) => {}
    }
}

fn advice(error: &Error, settings: &Settings) -> String {
    let (url, prefix) = (settings.address().trim_end_matches('/'), &settings.prefix);
    match error {
        Error::Closed { .. } => "docs/guides/moving.md says how a move is ended, and how one goes back".to_owned(),
        Error::Newer { .. } => {
            "a newer groundswell wrote it: start that version here, too; this one must not write there".to_owned()
        }
        Error::Cluster { status: Some(401), .. } => {
            "compare [store] user and password, or api_key, with what the cluster knows".to_owned()
        }
        Error::Cluster { status: Some(403), .. } => {
            format!("give this user the right to make, read, write, name and remove the indices {prefix}-*")
        }
        Error::Cluster { status: Some(429), .. } => {
            "the cluster has too much to do: look at its load and memory; nothing is lost, writing waits meanwhile".to_owned()
        }
        Error::Cluster { action: "search" | "refresh", .. } => format!(
            "a shard does not answer: GET {url}/_cat/shards/{prefix}-*?v names it; bring its node back, or restore the index from a \
             snapshot of the cluster. No answer is given meanwhile, rather than a part of one"
        ),
        Error::Cluster { status: None, .. } => {
            "see whether the cluster runs, whether [store] url and ca are right, and whether a firewall lets this machine through".to_owned()
        }
        _ => "see [store] and the cluster's own log".to_owned(),
    }
}
