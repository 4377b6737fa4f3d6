//! A reply by one of our own accounts is an answer: it is measured, and closes the item.

use crate::control::{AccessRole, Action, AuditEvent, Error, OwnReply};
use crate::marking::MarkChange;
use crate::pipeline::Engine;
use post::PostKey;
use std::collections::HashSet;
use store::{Mention, mention_number};

/// Replies looked at in one round at most.
const MOST: usize = 500;

/// Takes up replies that are new, or whose mention was not there; gives those that are still open.
pub(super) fn pass(engine: &Engine, tried: HashSet<PostKey>) -> anyhow::Result<HashSet<PostKey>> {
    let control = &engine.control;
    if tried.is_empty() {
        control.forget_old_replies(crate::clock::now())?;
    }
    let mut open = HashSet::new();
    for reply in control.open_replies(MOST)? {
        if tried.contains(&reply.post) || !take_up(engine, &reply)? {
            open.insert(reply.post);
            continue;
        }
        control.settle_reply(reply.post)?;
    }
    Ok(open)
}

/// Whether the reply answered a mention that is there.
fn take_up(engine: &Engine, reply: &OwnReply) -> anyhow::Result<bool> {
    let snapshot = engine.store.snapshot();
    let mut found = false;
    for mention in snapshot.of_post(reply.reply_to)? {
        if mention.is_context() || engine.accounts.author_of(&mention.post).is_some() {
            continue;
        }
        let Some(name) = account(engine, &mention, reply)? else {
            continue;
        };
        found = true;
        let by = AuditEvent::new(
            &format!("account:{name}"),
            AccessRole::Responder,
            Action::MarksChanged,
        );
        let place = (mention_number(mention.id), mention.post.created_at);
        engine
            .control
            .note_response(&mention.project, place, reply.at, &by)?;
        close(engine, &mention, &by)?;
    }
    Ok(found)
}

/// Closes a mention that somebody was to answer. One that nobody was to answer stays as it is.
pub(super) fn close(engine: &Engine, mention: &Mention, by: &AuditEvent) -> Result<(), Error> {
    let place = (mention_number(mention.id), mention.post.created_at);
    let snapshot = engine.store.snapshot();
    let mark = snapshot.marks().by_number(place.0);
    let is_open = mark.is_some_and(|m| match m.status.as_deref() {
        Some(status) => status != "closed",
        None => m.assignee.is_some(),
    });
    if !is_open {
        return Ok(());
    }
    let change = MarkChange {
        status: Some("closed".to_owned()),
        ..MarkChange::default()
    };
    engine
        .marking
        .apply(&engine.control, &mention.project, &[place], &change, by)?;
    Ok(())
}

/// The account as the operator wrote it, where it is one of the mention's project.
fn account(engine: &Engine, mention: &Mention, reply: &OwnReply) -> Result<Option<String>, Error> {
    let pseudonyms = engine.admission.pseudonyms();
    let all = engine.control.accounts_of_project(&mention.project)?;
    let is_it = |a: &crate::control::Account| {
        store::account(&a.platform, &pseudonyms.handle(&a.handle)) == reply.account
    };
    let found = all.into_iter().map(|(_, account)| account).find(is_it);
    Ok(found.map(|a| format!("{}:{}", a.platform, a.handle)))
}

/// Closes the mention of a ticket that is done there.
pub(crate) fn ticket_done(engine: &Engine, number: u64, by: &AuditEvent) -> anyhow::Result<()> {
    if let Some(mention) = engine.store.snapshot().numbered(number)? {
        close(engine, &mention, by)?;
    }
    Ok(())
}
