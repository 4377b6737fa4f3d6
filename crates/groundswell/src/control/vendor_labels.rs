//! What other vendors say of posts: that their query found it, and what their people call its sentiment.

use super::error::Result;
use super::{Control, to_sql};
use crate::control::sql::{self, Transaction, params};
use post::{AuthorKey, PostKey};
use store::Label;

/// One row of a vendor's export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorLabel {
    /// The post.
    pub post: PostKey,
    /// When it was published, in milliseconds.
    pub at: i64,
    /// Their query's name.
    pub query: String,
    /// What they call its sentiment, where they say.
    pub sentiment: Option<Label>,
}

impl Control {
    /// Keeps what a vendor says; what it said before of the same post and query gives way.
    pub fn keep_vendor_labels(&self, project: &str, vendor: &str, labels: &[VendorLabel]) -> Result<()> {
        self.write(|db| {
            super::projects::find(db, project)?;
            let mut put = db.prepare(
                "INSERT INTO vendor_labels (project, vendor, query, post, at, sentiment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (project, vendor, query, post) DO UPDATE SET at = excluded.at, sentiment = excluded.sentiment",
            )?;
            for label in labels {
                let sentiment = label.sentiment.map(Label::name);
                put.execute(params![project, vendor, label.query, label.post.0, label.at, sentiment])?;
            }
            Ok(())
        })
    }

    /// What a vendor says of posts of some time, each post once for each of its queries; all its queries, or one.
    pub fn vendor_labels(
        &self,
        project: &str,
        vendor: &str,
        query: Option<&str>,
        (from, to): (i64, i64),
        most: usize,
    ) -> Result<Vec<VendorLabel>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT post, at, query, sentiment FROM vendor_labels
                 WHERE project = ?1 AND vendor = ?2 AND (?3 IS NULL OR query = ?3) AND at >= ?4 AND at < ?5
                 ORDER BY at, post, query LIMIT ?6",
            )?;
            let rows = rows.query_map(
                params![project, vendor, query, from, to, to_sql(most as u64)],
                |row| {
                    let sentiment: Option<String> = row.get(3)?;
                    Ok(VendorLabel {
                        post: PostKey(row.get(0)?),
                        at: row.get(1)?,
                        query: row.get(2)?,
                        sentiment: sentiment.as_deref().and_then(Label::from_name),
                    })
                },
            )?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// The newest posts of a project that a vendor's people rated, each once.
    pub fn rated_posts(&self, project: &str, most: usize) -> Result<Vec<(PostKey, Label)>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT post, sentiment FROM (
                     SELECT post, sentiment, at, row_number() OVER (PARTITION BY post ORDER BY at DESC, vendor, query) AS place
                     FROM vendor_labels WHERE project = ?1 AND sentiment IS NOT NULL) AS rated
                 WHERE place = 1 ORDER BY at DESC, post LIMIT ?2",
            )?;
            let rows = rows.query_map(params![project, to_sql(most as u64)], |row| {
                let sentiment: String = row.get(1)?;
                Ok((PostKey(row.get(0)?), Label::from_name(&sentiment)))
            })?;
            let rows = rows.collect::<sql::Result<Vec<_>>>()?;
            Ok(rows
                .into_iter()
                .filter_map(|(post, label)| Some((post, label?)))
                .collect())
        })
    }

    /// The vendors that a project knows labels of, each with its queries.
    pub fn vendors(&self, project: &str) -> Result<Vec<(String, String)>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT DISTINCT vendor, query FROM vendor_labels WHERE project = ?1 ORDER BY 1, 2",
            )?;
            let rows = rows.query_map([project], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }
}

/// Takes what is said of a post that is gone.
pub(super) fn forget(db: &Transaction<'_>, post: PostKey) -> Result<()> {
    db.prepare_cached("DELETE FROM vendor_labels WHERE post = ?1")?
        .execute([post.0])?;
    Ok(())
}

/// Takes what is said of an author's posts, while the vault still knows them.
pub(super) fn forget_author(db: &Transaction<'_>, author: AuthorKey) -> Result<()> {
    db.prepare_cached(
        "DELETE FROM vendor_labels WHERE post IN (SELECT post FROM post_links WHERE author = ?1)",
    )?
    .execute([author.0])?;
    Ok(())
}
