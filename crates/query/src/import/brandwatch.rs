//! Fields of Brandwatch, from its help page "Query Operators".

use super::rule::{IMAGES, INFERRED, ONE_POST, PLACE, Rule, To, VIEW};
use crate::ast::{FieldName, Region};

pub(super) const RULES: &[Rule] = &[
    Rule::new(&["title"], To::In(Region::Title)),
    Rule::new(&["raw"], To::Case),
    Rule::new(&["site", "domain"], To::Site),
    Rule::new(&["url"], To::Site),
    Rule::new(&["links"], To::Link),
    Rule::new(&["author"], To::Field(FieldName::Author)),
    Rule::new(&["weblogTitle", "blogName"], To::Field(FieldName::Author))
        .changed("author", "the author's handle is compared, on every platform"),
    Rule::new(&["country"], To::Country),
    Rule::new(&["language", "lang"], To::Field(FieldName::Lang)),
    Rule::new(&["hashtags"], To::Field(FieldName::Hashtags)),
    Rule::new(&["tags"], To::Field(FieldName::Hashtags)).changed(
        "tags",
        "hashtags of every platform are compared, not only Tumblr's",
    ),
    Rule::new(&["at_mentions"], To::Field(FieldName::AtMentions)),
    Rule::new(&["replyTo"], To::Field(FieldName::ReplyTo)),
    Rule::new(&["engagingWith"], To::Field(FieldName::ReplyTo))
        .changed("reposts", "replies to the account are found, its reposts are not"),
    Rule::new(
        &["engagementType"],
        To::Values(&[
            ("COMMENT", "kind:comment"),
            ("REPLY", "kind:reply"),
            ("RETWEET", "kind:repost"),
            ("QUOTE", "kind:quote"),
        ]),
    ),
    Rule::new(&["authorFollowers", "followers"], To::Followers),
    Rule::new(&["subreddit"], To::Subreddit),
    Rule::new(&["imageType"], To::Values(&[("image", "has:image")])),
    Rule::new(
        &["publisherSubType"],
        To::Values(&[("IMAGE", "has:image"), ("VIDEO", "has:video")]),
    ),
    Rule::nothing(
        &[
            "continent",
            "region",
            "county",
            "state",
            "city",
            "latitude",
            "longitude",
        ],
        "place",
        PLACE,
    ),
    Rule::nothing(
        &["authorGender", "authorVerified", "authorVerifiedType"],
        "not-inferred",
        INFERRED,
    ),
    Rule::nothing(
        &[
            "rating",
            "minuteOfDay",
            "sentiment",
            "reach",
            "impact",
            "monthlyVisitors",
            "engagement",
        ],
        "view-filter",
        VIEW,
    ),
    Rule::nothing(
        &[
            "guid",
            "engagingWithGuid",
            "parentPostId",
            "rootPostId",
            "parentBlogName",
            "rootBlogName",
        ],
        "one-post",
        ONE_POST,
    ),
    Rule::nothing(&["brandIds", "objects"], "image", IMAGES),
    Rule::nothing(
        &["topLevelDomain"],
        "site-ending",
        "sites are compared from the whole domain down: name the domains with site:",
    ),
    Rule::nothing(
        &[
            "channelId",
            "itemReview",
            "pubType",
            "publication",
            "redditAuthorFlair",
            "redditPostFlair",
            "redditSpoiler",
            "sensitiveContent",
            "subredditNSFW",
            "subredditTopics",
        ],
        "no-equivalent",
        "posts do not carry this here",
    ),
];
