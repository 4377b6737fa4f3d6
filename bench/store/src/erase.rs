//! Erasing an author.

use crate::clock::{line, process_time};
use crate::made::Numbers;
use anyhow::Result;
use post::AuthorKey;
use std::time::Instant;
use store::{Change, Choice, Filter, Store};

/// Erases one busy author, then takes the bytes off the disk.
pub(crate) fn erase(store: &mut Store) -> Result<()> {
    // Wait for merges that run, so that they are not counted here.
    let author = AuthorKey(Numbers(0).key());
    let filter = Filter {
        authors: Choice::only([author]),
        ..Filter::default()
    };
    let theirs = store.reader().snapshot().count(&filter)?;
    let begin = Instant::now();
    store.apply([Change::DeleteAuthor(author)], 0)?;
    store.commit()?;
    let invisible = begin.elapsed().as_secs_f64();
    assert_eq!(store.reader().snapshot().count(&filter)?, 0);
    let before = process_time();
    let begin = Instant::now();
    let purged = store.purge()?;
    let busy = process_time().saturating_sub(before).as_secs_f64();
    let living = store.reader().snapshot().total();
    println!("\nErasure of an author of {theirs} mentions");
    line("invisible after", &format!("{invisible:.2} s"), "≤ 2 s");
    let each = busy * 1e6 / living as f64;
    line("processor µs a mention that stays", &format!("{each:.1}"), "≤ 25");
    line(
        "segments written anew, wall",
        &format!("{} in {:.0} s", purged.segments, begin.elapsed().as_secs_f64()),
        "",
    );
    Ok(())
}
