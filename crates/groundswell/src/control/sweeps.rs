//! Which posts a platform must be asked about again.

use super::Control;
use super::error::{Error, Result};
use crate::control::sql::{self, params};
use post::{Millis, PostKey};

impl Control {
    /// Posts of a platform about which it was last asked before `before`, the longest ago first, with their uids.
    pub fn posts_to_recheck(
        &self,
        platform: &str,
        before: Millis,
        most: usize,
    ) -> Result<Vec<(PostKey, String)>> {
        let keys: Vec<[u8; 16]> = self.read(|db| {
            let mut find = db.prepare_cached(
                "SELECT post FROM post_links WHERE platform = ?1 AND checked_at < ?2 ORDER BY checked_at LIMIT ?3",
            )?;
            let rows = find.query_map(params![platform, before, most as i64], |row| row.get(0))?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })?;
        let mut due = Vec::with_capacity(keys.len());
        for key in keys.into_iter().map(PostKey) {
            match self.open_post(key) {
                Ok(Some(identity)) => due.push((key, identity.uid)),
                // Nobody can ask about what cannot be opened.
                Ok(None) | Err(Error::Sealed) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(due)
    }

    /// Notes that the platform was asked about posts.
    pub fn note_rechecked(&self, posts: &[PostKey], at: Millis) -> Result<()> {
        self.write(|db| {
            let mut note = db.prepare_cached("UPDATE post_links SET checked_at = ?2 WHERE post = ?1")?;
            for post in posts {
                note.execute(params![post.0, at])?;
            }
            Ok(())
        })
    }
}
