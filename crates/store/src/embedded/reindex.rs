//! Bringing a partition of an older format forward: every mention is read from the old index and written to a new one,
//! which then takes the old one's place.
//!
//! The new index is made beside the old one, as `<partition>.new`, and the old one is set aside as `<partition>.old` for
//! the moment of the exchange, so that a kill at any point leaves one whole partition ([`resume`]).

use super::schema::Fields;
use super::tokenizer::{self, SocialTokenizer};
use crate::document::written;
use crate::format::{FORMAT_VERSION, Stamp};
use crate::{Error, body};
use std::fs;
use std::path::{Path, PathBuf};
use tantivy::schema::Value;
use tantivy::{Index, IndexWriter, TantivyDocument};
use text::Tokens;

/// Bytes the new index may buffer.
const MEMORY: usize = 128 << 20;
/// Blocks of the old index kept while it is read in order.
const CACHE_BLOCKS: usize = 4;

/// Writes a partition anew in this program's format. `old` is its stamp.
pub(super) fn partition(path: &Path, fields: &Fields, old: Stamp) -> Result<(), Error> {
    tracing::info!(
        partition = %path.display(),
        from = old.format,
        to = FORMAT_VERSION,
        "writing a partition of an older format anew; this may take minutes"
    );
    let (new, aside) = (beside(path, "new"), beside(path, "old"));
    remove(&new)?;
    copy(path, &new, fields, old)?;
    fs::rename(path, &aside).map_err(Error::io("rename", path))?;
    fs::rename(&new, path).map_err(Error::io("rename", &new))?;
    remove(&aside)
}

/// Ends what a kill cut short in a store's folder, and says how many folders were removed.
pub(super) fn resume(dir: &Path) -> Result<usize, Error> {
    let mut removed = 0;
    for entry in fs::read_dir(dir).map_err(Error::io("read", dir))? {
        let path = entry.map_err(Error::io("read", dir))?.path();
        match path.extension().and_then(|e| e.to_str()) {
            // The exchange was under way: the new index was whole by then.
            Some("old") => {
                let (place, new) = (path.with_extension(""), path.with_extension("new"));
                if !place.exists() {
                    let whole = if new.exists() { &new } else { &path };
                    fs::rename(whole, &place).map_err(Error::io("rename", whole))?;
                }
                remove(&path)?;
                removed += 1;
            }
            Some("new") if path.with_extension("").exists() => {
                remove(&path)?;
                removed += 1;
            }
            _ => {}
        }
    }
    Ok(removed)
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    path.with_extension(extension)
}

fn remove(path: &Path) -> Result<(), Error> {
    if !path.exists() {
        return Ok(());
    }
    fs::remove_dir_all(path).map_err(Error::io("remove", path))
}

fn copy(from: &Path, to: &Path, fields: &Fields, old: Stamp) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(Error::io("create", to))?;
    let index = Index::create_in_dir(to, fields.schema.clone()).map_err(Error::index(to))?;
    index
        .tokenizers()
        .register(tokenizer::NAME, SocialTokenizer::default());
    let mut writer: IndexWriter<TantivyDocument> = index
        .writer_with_num_threads(1, MEMORY)
        .map_err(Error::index(to))?;
    let mut tokens = Tokens::new();
    each_body(from, |bytes| {
        let damaged = |e: postcard::Error| Error::Damaged {
            path: from.to_owned(),
            reason: format!("a mention cannot be read: {e}"),
        };
        let mention = body::read(bytes).map_err(damaged)?;
        let document = fields
            .document(&mention, written(old.generation, false), &mut tokens)
            .map_err(damaged)?;
        writer.add_document(document).map_err(Error::index(to))?;
        Ok(())
    })?;
    let mut prepared = writer.prepare_commit().map_err(Error::index(to))?;
    prepared.set_payload(&Stamp::at(old.position, old.generation).to_json());
    prepared.commit().map_err(Error::index(to))?;
    writer.wait_merging_threads().map_err(Error::index(to))?;
    let counts = from.join(super::counts::FILE);
    if counts.exists() {
        fs::copy(&counts, to.join(super::counts::FILE)).map_err(Error::io("copy", &counts))?;
    }
    Ok(())
}

/// Calls `each` with the stored form of every living mention of a partition of any format.
pub(super) fn each_body(path: &Path, mut each: impl FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
    let failed = Error::index(path);
    let index = Index::open_in_dir(path).map_err(&failed)?;
    let body = index.schema().get_field("body").map_err(&failed)?;
    let searcher = index.reader().map_err(&failed)?.searcher();
    for segment in searcher.segment_readers() {
        let store = segment
            .get_store_reader(CACHE_BLOCKS)
            .map_err(Error::io("read", path))?;
        for doc in segment.doc_ids_alive() {
            let document: TantivyDocument = store.get(doc).map_err(&failed)?;
            if let Some(bytes) = document.get_first(body).and_then(|v| v.as_bytes()) {
                each(bytes)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{Filter, Options, Store};
    use post::{MentionId, PostKey};
    use tantivy::schema::{STORED, Schema};

    /// A store of format 2 whose only partition is an index of bodies, written as that format wrote them.
    fn old_store(dir: &Path, mentions: u8) -> PathBuf {
        let partition = dir.join("month-2026-01-01");
        fs::create_dir_all(&partition).unwrap();
        let mut schema = Schema::builder();
        let field = schema.add_bytes_field("body", STORED);
        let index = Index::create_in_dir(&partition, schema.build()).unwrap();
        let mut writer: IndexWriter<TantivyDocument> = index.writer_with_num_threads(1, 15 << 20).unwrap();
        for n in 0..mentions {
            let mut mention = body::example();
            (mention.id, mention.post.key) = (MentionId([n; 16]), PostKey([n; 16]));
            let mut document = TantivyDocument::default();
            document.add_bytes(field, &body::write(&mention).unwrap());
            writer.add_document(document).unwrap();
        }
        let mut prepared = writer.prepare_commit().unwrap();
        prepared.set_payload(
            &Stamp {
                format: 2,
                ..Stamp::at(7, 3)
            }
            .to_json(),
        );
        prepared.commit().unwrap();
        Stamp {
            format: 2,
            ..Stamp::at(7, 3)
        }
        .save(dir)
        .unwrap();
        partition
    }

    fn count(dir: &Path) -> u64 {
        let (store, recovery) = Store::open(dir, Options::default()).unwrap();
        assert_eq!(recovery.position, 7);
        store.reader().snapshot().count(&Filter::default()).unwrap()
    }

    #[test]
    fn a_store_of_an_older_format_is_brought_forward() {
        let dir = tempfile::tempdir().unwrap();
        old_store(dir.path(), 9);
        assert_eq!(count(dir.path()), 9);
        assert_eq!(count(dir.path()), 9, "and stays so");
    }

    #[test]
    fn a_kill_at_any_point_of_the_exchange_leaves_one_whole_partition() {
        for killed_after in 0..3 {
            let dir = tempfile::tempdir().unwrap();
            let partition_dir = old_store(dir.path(), 5);
            let (new, aside) = (beside(&partition_dir, "new"), beside(&partition_dir, "old"));
            copy(
                &partition_dir,
                &new,
                &Fields::new(),
                Stamp {
                    format: 2,
                    ..Stamp::at(7, 3)
                },
            )
            .unwrap();
            if killed_after > 0 {
                fs::rename(&partition_dir, &aside).unwrap();
            }
            if killed_after > 1 {
                fs::rename(&new, &partition_dir).unwrap();
            }
            assert_eq!(count(dir.path()), 5, "killed after {killed_after} renames");
            assert!(!new.exists() && !aside.exists());
        }
    }
}
