//! Fields of Meltwater. Few are documented in public; the module above says which are read as their names say.

use super::rule::{INFERRED, PLACE, Rule, To, VIEW};
use crate::ast::{FieldName, Region};

const NAME_ONLY: &str = "no documentation of this field was found; it is read as its name says";

pub(super) const RULES: &[Rule] = &[
    Rule::new(&["title"], To::In(Region::Title)),
    Rule::new(&["ingress"], To::Anywhere).changed(
        "ingress",
        "the lead of an article is not told apart: the whole post is searched",
    ),
    Rule::new(&["from", "author"], To::Field(FieldName::Author)).unsure("undocumented", NAME_ONLY),
    Rule::new(&["to"], To::Field(FieldName::ReplyTo)).unsure("undocumented", NAME_ONLY),
    Rule::new(&["hashtag", "hashtags"], To::Field(FieldName::Hashtags)).unsure("undocumented", NAME_ONLY),
    Rule::new(&["country"], To::Country).unsure("undocumented", NAME_ONLY),
    Rule::new(&["language", "lang"], To::Field(FieldName::Lang)).unsure("undocumented", NAME_ONLY),
    Rule::new(&["site", "url", "domain"], To::Site).unsure("undocumented", NAME_ONLY),
    Rule::nothing(&["city", "region", "state"], "place", PLACE),
    Rule::nothing(&["gender"], "not-inferred", INFERRED),
    Rule::nothing(
        &["sentiment", "reach", "ave", "followers", "engagement"],
        "view-filter",
        VIEW,
    ),
    Rule::nothing(
        &["bio"],
        "no-equivalent",
        "posts do not carry the author's description here",
    ),
    Rule::nothing(
        &["minoccur", "startswith"],
        "undocumented",
        "no documentation of this operator was found, so it is left out",
    ),
];
