//! Requests to the API.

use super::config::Config;
use super::frame::{self, Given, Version};
use crate::budget::Budget;
use crate::health::Health;
use crate::http::{Dialect, Http, Request, Trouble, TroubleKind};
use jiff::Timestamp;
use std::sync::Arc;

/// The app's clients. X counts requests apart for each sort of endpoint, so each has a client that keeps to its limit.
pub(super) struct Api {
    pub(super) config: Config,
    pub(super) rules: Http,
    pub(super) stream: Http,
    pub(super) search: Http,
    pub(super) jobs: Http,
}

const TWEET_FIELDS: &str = "attachments,author_id,community_id,conversation_id,created_at,edit_history_tweet_ids,\
    entities,geo,in_reply_to_user_id,lang,note_tweet,possibly_sensitive,public_metrics,referenced_tweets,text,withheld";
const EXPANSIONS: &str = "attachments.media_keys,author_id,edit_history_tweet_ids,geo.place_id,in_reply_to_user_id,\
    referenced_tweets.id,referenced_tweets.id.attachments.media_keys";
const USER_FIELDS: &str = "location,name,protected,public_metrics,username,verified,verified_type";
const MEDIA_FIELDS: &str = "alt_text,media_key,preview_image_url,type,url";
const PLACE_FIELDS: &str = "country,country_code,full_name,id,name,place_type";

/// Posts of a page, at least and at most.
pub(super) const SEARCHED: (u64, u64) = (10, 100);
/// Posts looked up at once.
pub(super) const LOOKED_UP: (u64, u64) = (1, 100);

impl Api {
    pub(super) fn new(config: Config, health: &Arc<Health>) -> Result<Self, Trouble> {
        let client = || Http::new(Dialect::UnixSeconds, health);
        Ok(Self {
            config,
            rules: client()?,
            stream: client()?,
            search: client()?,
            jobs: client()?,
        })
    }

    pub(super) fn get(&self, path: &str) -> Request {
        Request::get(&self.config.url, path).bearer(&self.config.bearer_token)
    }

    pub(super) fn post(&self, path: &str) -> Request {
        Request::post(&self.config.url, path).bearer(&self.config.bearer_token)
    }

    /// A page of posts, paid for before it is asked for: up to `sizes.1` posts are taken from the budget, as many as
    /// are left of it but no fewer than `sizes.0`; what did not come is given back. An answer that broke on the way is paid for when it comes again: X
    /// bills a post once a day.
    pub(super) async fn page(
        &self,
        request: impl FnOnce(u64) -> Request,
        sizes: (u64, u64),
        version: Version,
        budget: &Budget,
    ) -> Result<Given, Trouble> {
        let size = sizes.1.min(budget.posts_left().max(sizes.0));
        budget.take_posts(size)?;
        let asked = self.search.ok(with_fields(request(size))).await;
        let given = asked.and_then(|reply| frame::page(&reply.body, &self.config.withheld_in, version));
        let read = given.as_ref().map_or(0, |g| g.read);
        budget.give_back_posts(size.saturating_sub(read));
        given
    }
}

/// Asks for everything a post is made from.
pub(super) fn with_fields(request: Request) -> Request {
    request
        .query("tweet.fields", TWEET_FIELDS)
        .query("expansions", EXPANSIONS)
        .query("user.fields", USER_FIELDS)
        .query("media.fields", MEDIA_FIELDS)
        .query("place.fields", PLACE_FIELDS)
}

/// A time as the API wants it: whole seconds.
pub(super) fn seconds(millis: i64) -> String {
    let whole = Timestamp::from_second(millis.div_euclid(1000)).unwrap_or(Timestamp::UNIX_EPOCH);
    whole.to_string()
}

/// An address that the platform handed out is used where it leads to the API itself or is encrypted.
pub(super) fn handed_out(config: &Config, url: Option<&str>) -> Result<String, Trouble> {
    url.filter(|u| u.starts_with("https://") || u.starts_with(&config.url))
        .map(str::to_owned)
        .ok_or_else(|| {
            Trouble::new(
                TroubleKind::Malformed,
                "the platform handed out no address to use",
            )
        })
}
