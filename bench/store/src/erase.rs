//! Erasing an author.

use crate::clock::{line, process_time};
use crate::made::Numbers;
use anyhow::Result;
use post::AuthorKey;
use std::path::Path;
use std::time::Instant;
use store::{Change, Choice, Filter, Options, Store};

/// Erases one busy author, then takes the bytes off the disk; at last asks whether they are gone after a start.
pub(crate) fn erase(mut store: Store, folder: &Path) -> Result<()> {
    // Merges that run are waited for, so that they are not counted here.
    store.close()?;
    store = Store::open(folder, Options::default())?.0;
    let author = AuthorKey(Numbers(0).key());
    let filter = Filter {
        authors: Choice::only([author]),
        ..Filter::default()
    };
    let theirs = store.reader().snapshot().count(&filter)?;
    let begin = Instant::now();
    store.apply([Change::DeleteAuthor(author)], 0)?;
    store.commit()?;
    assert_eq!(store.reader().snapshot().count(&filter)?, 0);
    let invisible = begin.elapsed().as_secs_f64();
    let before = process_time();
    let begin = Instant::now();
    let purged = store.purge()?;
    let busy = process_time().saturating_sub(before).as_secs_f64();
    let living = store.reader().snapshot().total()?;
    println!("\nErasure of an author of {theirs} mentions");
    line("erasure invisible after", &format!("{invisible:.2} s"), "≤ 2 s");
    let each = busy * 1e6 / living as f64;
    line("processor µs a surviving post", &format!("{each:.1}"), "≤ 25");
    line(
        "segments written anew, wall",
        &format!("{} in {:.0} s", purged.segments, begin.elapsed().as_secs_f64()),
        "",
    );
    drop(store);
    let begin = Instant::now();
    let (store, _) = Store::open(folder, Options::default())?;
    let left = store.reader().snapshot().count(&filter)?;
    let opened = begin.elapsed().as_secs_f64() * 1e3;
    assert_eq!((left, store.reader().snapshot().total()?), (0, living));
    line(
        "opened and asked again, still gone",
        &format!("{opened:.0} ms"),
        "",
    );
    Ok(())
}
