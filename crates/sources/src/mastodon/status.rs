//! A status as the API and the streams write it.

use serde::Deserialize;
use std::borrow::Cow;

/// A status. Only what is used is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Status<'a> {
    /// The reading instance's own number of it, opaque.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// Its address, the same everywhere.
    #[serde(borrow)]
    pub uri: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) created_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) edited_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) in_reply_to_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) in_reply_to_account_id: Option<Cow<'a, str>>,
    pub(super) sensitive: Option<bool>,
    #[serde(borrow)]
    pub(super) spoiler_text: Option<Cow<'a, str>>,
    /// `public`, `unlisted`, `private` or `direct`.
    #[serde(borrow)]
    pub visibility: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) language: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) content: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) account: Option<Account<'a>>,
    #[serde(borrow)]
    pub(super) reblog: Option<Box<Status<'a>>>,
    #[serde(borrow)]
    pub(super) quote: Option<Quote<'a>>,
    #[serde(borrow)]
    pub(super) media_attachments: Vec<Attachment<'a>>,
    #[serde(borrow)]
    pub(super) mentions: Vec<Mention<'a>>,
    #[serde(borrow)]
    pub(super) tags: Vec<Tag<'a>>,
    #[serde(borrow)]
    pub(super) card: Option<Card<'a>>,
    #[serde(borrow)]
    pub(super) poll: Option<Poll<'a>>,
    /// -1 where it is hidden.
    pub(super) favourites_count: Option<i64>,
    pub(super) reblogs_count: Option<i64>,
    pub(super) replies_count: Option<i64>,
    pub(super) quotes_count: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Account<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    /// `name`, or `name@host` where the account is another instance's.
    #[serde(borrow)]
    pub(super) acct: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) display_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) uri: Option<Cow<'a, str>>,
    pub(super) bot: Option<bool>,
    pub(super) indexable: Option<bool>,
    pub(super) noindex: Option<bool>,
    pub(super) followers_count: Option<i64>,
}

/// A quote (4.5 and later), or the quoted status itself (other servers).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quote<'a> {
    #[serde(borrow)]
    pub(super) state: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) quoted_status: Option<Box<Quoted<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quoted<'a> {
    #[serde(borrow)]
    pub(super) uri: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) visibility: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) content: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) account: Option<Account<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attachment<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) remote_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    pub(super) description: Option<Cow<'a, str>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Mention<'a> {
    #[serde(borrow)]
    pub(super) id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) acct: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) url: Option<Cow<'a, str>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Tag<'a> {
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Card<'a> {
    #[serde(borrow)]
    pub(super) url: Option<Cow<'a, str>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Poll<'a> {
    #[serde(borrow)]
    pub(super) options: Vec<Choice<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice<'a> {
    #[serde(borrow)]
    pub(super) title: Option<Cow<'a, str>>,
}
