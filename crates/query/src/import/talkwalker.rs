//! Fields of Talkwalker, from its pages on query syntax and its API's workshop.

use super::rule::{IMAGES, INFERRED, ONE_POST, PLACE, Rule, To, VIEW};
use crate::ast::{FieldName, Region};

const CASE: &str = "the product compares case here, we do not";

pub(super) const RULES: &[Rule] = &[
    Rule::new(&["title"], To::In(Region::Title)),
    Rule::new(&["content"], To::In(Region::Text)),
    Rule::new(&["authorshort"], To::Field(FieldName::Author)).changed("case", CASE),
    Rule::new(&["author", "author.name"], To::Field(FieldName::Author))
        .changed("author", "the author's handle is compared, not the name shown"),
    Rule::new(&["mention"], To::Field(FieldName::AtMentions)).changed("case", CASE),
    Rule::new(&["hashtag"], To::Field(FieldName::Hashtags)).changed("case", CASE),
    Rule::new(&["lang", "language"], To::Field(FieldName::Lang)),
    Rule::new(&["authorcountry"], To::Country),
    Rule::new(&["sourcecountry"], To::Country).changed(
        "country",
        "the country of the post or its author is compared, not that of the site",
    ),
    Rule::new(
        &[
            "site",
            "domainurl",
            "domain_url",
            "rooturl",
            "root_url",
            "hosturl",
            "host_url",
            "url",
        ],
        To::Site,
    ),
    Rule::new(
        &["is"],
        To::Values(&[
            ("comment", "kind:comment"),
            ("retweet", "kind:repost"),
            ("twitter_reply", "source:x AND kind:reply"),
        ]),
    ),
    Rule::new(
        &["contains"],
        To::Values(&[
            ("image", "has:image"),
            ("audio", "has:audio"),
            ("video", "has:video"),
        ]),
    ),
    Rule::new(
        &["posttype"],
        To::Values(&[
            ("IMAGE", "has:image"),
            ("LINK", "has:link"),
            ("VIDEO", "has:video"),
            ("AUDIO", "has:audio"),
        ]),
    )
    .unsure("posttype", "read as a post that has one, whatever else it has"),
    Rule::new(
        &["sourcetype"],
        To::Values(&[
            ("SOCIALMEDIA_TWITTER", "source:x"),
            ("SOCIALMEDIA_FACEBOOK", "source:facebook"),
            ("SOCIALMEDIA_INSTAGRAM", "source:instagram"),
            ("SOCIALMEDIA_YOUTUBE", "source:youtube"),
            ("SOCIALMEDIA_REDDIT", "source:reddit"),
        ]),
    )
    .unsure("source", "read as the platform of the same name"),
    Rule::new(&["followers", "twitter_followers"], To::Followers),
    Rule::nothing(&["gender", "demographic", "device"], "not-inferred", INFERRED),
    Rule::nothing(
        &["sourcegeo", "authorgeo", "sourceregion", "sourcecity"],
        "place",
        PLACE,
    ),
    Rule::nothing(
        &[
            "sentiment",
            "engagement",
            "reach",
            "score",
            "published",
            "indexed",
            "search_indexed",
            "trending_score",
            "facebook_likes",
            "facebook_shares",
            "twitter_retweets",
            "twitter_shares",
            "twitter_likes",
            "youtube_views",
            "youtube_likes",
            "instagram_likes",
            "comment_count",
            "tag",
        ],
        "view-filter",
        VIEW,
    ),
    Rule::nothing(&["image"], "image", IMAGES),
    Rule::nothing(&["author_id", "source_id", "thread_id"], "one-post", ONE_POST),
    Rule::nothing(
        &["authordescription", "customerentity", "cluster"],
        "no-equivalent",
        "posts do not carry this here",
    ),
];
