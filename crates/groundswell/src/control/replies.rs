//! What our own accounts answered: noted before the store has absorbed the post, so that no crash loses it.

use super::Control;
use super::error::Result;
use crate::control::sql::{self, params};
use post::{Millis, PostKey};

/// Replies are looked at for so long: what they answer may be found by a search of the past.
const KEPT: Millis = 90 * 24 * 3_600_000;

/// A reply by one of our own accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnReply {
    /// The reply.
    pub post: PostKey,
    /// What it answers.
    pub reply_to: PostKey,
    /// The account, as [`store::account`] writes it.
    pub account: String,
    /// When it was published.
    pub at: Millis,
}

impl Control {
    /// Notes replies; those known already stay as they are.
    pub fn note_replies(&self, replies: &[OwnReply]) -> Result<()> {
        if replies.is_empty() {
            return Ok(());
        }
        self.write(|db| {
            let mut put = db.prepare_cached(
                "INSERT INTO own_replies (post, reply_to, account, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            )?;
            for reply in replies {
                put.execute(params![reply.post.0, reply.reply_to.0, reply.account, reply.at])?;
            }
            Ok(())
        })
    }

    /// Replies whose mention is still looked for, newest first.
    pub fn open_replies(&self, most: usize) -> Result<Vec<OwnReply>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT post, reply_to, account, at FROM own_replies WHERE settled = 0 ORDER BY at DESC LIMIT ?1",
            )?;
            let rows = all.query_map([most as i64], |row| {
                Ok(OwnReply {
                    post: PostKey(row.get(0)?),
                    reply_to: PostKey(row.get(1)?),
                    account: row.get(2)?,
                    at: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Notes that nothing is left to be done for a reply.
    pub fn settle_reply(&self, post: PostKey) -> Result<()> {
        self.write(|db| {
            db.execute("UPDATE own_replies SET settled = 1 WHERE post = ?1", [post.0])?;
            Ok(())
        })
    }

    /// Lets go of replies that are too old.
    pub fn forget_old_replies(&self, now: Millis) -> Result<()> {
        self.write(|db| {
            db.execute("DELETE FROM own_replies WHERE at < ?1", [now - KEPT])?;
            Ok(())
        })
    }
}
