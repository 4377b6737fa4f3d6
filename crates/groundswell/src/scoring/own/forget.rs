//! Taking a deleted classifier's labels off the stored mentions of its project.

use crate::pipeline::{Engine, UpkeepError};
use post::PostKey;
use std::sync::Arc;
use store::{Cursor, Filter, Mention, Scores, Store};

/// Mentions that are looked at before the writer is asked.
const PAGE: usize = 500;

/// Takes the labels of a task off, beside the stream. It ends early if a classifier of this name is made again, whose
/// labels these then are to replace. A restart ends it too: what is left then goes with the next deletion of that name.
pub(crate) fn forget(engine: &Arc<Engine>, project: String, task: String) {
    let engine = engine.clone();
    tokio::spawn(async move {
        match run(&engine, &project, &task).await {
            Ok(posts) => tracing::info!(task, posts, "a deleted classifier's labels were taken off"),
            Err(error) => {
                tracing::warn!(task, %error, "a deleted classifier's labels were not all taken off")
            }
        }
    });
}

async fn run(engine: &Arc<Engine>, project: &str, task: &str) -> Result<u64, UpkeepError> {
    let (mut cursor, mut changed) = (None, 0);
    while !engine.blocked.ending() && !is_made_again(engine, project, task) {
        let (reader, of, named) = (engine.clone(), project.to_owned(), task.to_owned());
        let (labelled, next) =
            tokio::task::spawn_blocking(move || page(&reader, of, &named, cursor)).await??;
        if !labelled.is_empty() {
            let (of, named) = (project.to_owned(), task.to_owned());
            changed += engine
                .with_store(move |store| take_off(store, &of, &named, &labelled))
                .await??;
        }
        cursor = next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(changed)
}

/// Whether the project has a classifier of this name; if that cannot be known, its labels are left alone.
fn is_made_again(engine: &Engine, project: &str, task: &str) -> bool {
    let all = engine.control.classifiers(project);
    all.map_or(true, |all| all.iter().any(|c| c.name == task))
}

/// The posts of a page that carry a label of the task, and where the next page begins.
fn page(
    engine: &Engine,
    project: String,
    task: &str,
    after: Option<Cursor>,
) -> Result<(Vec<PostKey>, Option<Cursor>), store::Error> {
    let filter = Filter {
        project: Some(project),
        ..Filter::default()
    };
    let page = engine.store.snapshot().mentions(&filter, after, PAGE)?;
    let labelled = page.items.iter().filter(|m| m.scores.class(task).is_some());
    Ok((labelled.map(|m| m.post.key).collect(), page.next))
}

/// Says of how many posts a label was taken off.
fn take_off(store: &mut Store, project: &str, task: &str, posts: &[PostKey]) -> Result<u64, store::Error> {
    let mut without = |mention: &Mention| -> Option<Scores> {
        mention
            .scores
            .class(task)
            .filter(|_| mention.project == project)?;
        let mut scores = mention.scores.clone();
        scores.classes.retain(|c| c.task != task);
        Some(scores)
    };
    let mut changed = 0;
    for post in posts {
        changed += u64::from(store.rescore(*post, &mut without)?);
    }
    Ok(changed)
}
