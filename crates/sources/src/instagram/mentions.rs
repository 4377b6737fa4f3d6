//! Mentions by others: the webhook names only ids, and the follower asks for the text. No list shows them.

use crate::graph::shape::text;
use crate::graph::webhook::Change;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// A mention that was heard of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heard {
    account: String,
    pub(super) medium: String,
    pub(super) comment: Option<String>,
}

/// Mentions heard of and not asked about yet, of all accounts; of more, the oldest are given up.
static HEARD: Mutex<VecDeque<Heard>> = Mutex::new(VecDeque::new());
const MOST: usize = 1000;

/// Notes a mention.
pub(super) fn heard(change: &Change<'_>) {
    #[derive(Deserialize)]
    struct Value<'a> {
        #[serde(borrow)]
        media_id: Option<&'a RawValue>,
        #[serde(borrow, default)]
        comment_id: Option<&'a RawValue>,
    }
    let Ok(value) = serde_json::from_str::<Value<'_>>(change.value.get()) else {
        return;
    };
    let (Some(account), Some(medium)) = (change.account.clone(), text(value.media_id)) else {
        return;
    };
    let mention = Heard {
        account,
        medium,
        comment: text(value.comment_id),
    };
    let mut all = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    if !all.contains(&mention) {
        all.push_back(mention);
    }
    if all.len() > MOST {
        all.pop_front();
    }
}

/// The oldest mention of an account that was not asked about yet.
pub(super) fn next(account: &str) -> Option<Heard> {
    let all = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    all.iter().find(|h| h.account == account).cloned()
}

/// A mention was asked about.
pub(super) fn settled(mention: &Heard) {
    let mut all = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|h| h != mention);
}
