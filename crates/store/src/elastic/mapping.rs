//! The fields of a mention's document, the same as the embedded store's.

use super::settings::Settings;
use crate::document::{CONTEXT, engagement, thousandths};
use crate::{Dimension, Mention, Stage, body, words};
use crate::{account, mention_number};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use foldhash::HashSet;
use post::{MentionId, Millis};
use serde_json::{Map, Value, json};
use text::{TokenKind, Tokens};

/// The layout of documents. Bump on any change: an index of an older one is laid out anew. Format 3 knows when a post was
/// received, its stage, whether it stood there before, and what its score is toward.
pub(super) const FORMAT: u32 = 3;

/// Longer values are stored but not indexed: Lucene takes no term of more than 32,766 bytes, which is so many
/// characters at least.
const MAX_KEYWORD: usize = 8_191;

const QUARTER: Millis = 15 * 60_000;
/// Quarters of an hour in a week.
pub(super) const QUARTERS: i64 = 7 * 24 * 4;
/// Quarters from 1970-01-01, a Thursday, back to the Monday before.
const THURSDAY: i64 = 3 * 24 * 4;

/// Names of fields.
pub(super) mod field {
    /// First 8 bytes of the mention id, 16 hexadecimal digits: the order of pages.
    pub(in crate::elastic) const ID: &str = "id";
    pub(in crate::elastic) const POST: &str = "post";
    pub(in crate::elastic) const AUTHOR: &str = "author";
    pub(in crate::elastic) const PROJECT: &str = "project";
    pub(in crate::elastic) const MONITOR: &str = "monitor";
    pub(in crate::elastic) const PRIMARY: &str = "primary";
    /// Milliseconds since 1970, as a number: nobody has to read a date.
    pub(in crate::elastic) const CREATED: &str = "created";
    /// The quarter of an hour within the week, UTC, see [`super::quarter`].
    pub(in crate::elastic) const QUARTER: &str = "quarter";
    pub(in crate::elastic) const SOURCE: &str = "source";
    pub(in crate::elastic) const LANG: &str = "lang";
    pub(in crate::elastic) const KIND: &str = "kind";
    /// The label's name; absent without a score.
    pub(in crate::elastic) const SENTIMENT: &str = "sentiment";
    /// Probabilities in thousandths, in the order of the labels.
    pub(in crate::elastic) const PROBABILITIES: [&str; 3] = ["p_negative", "p_neutral", "p_positive"];
    pub(in crate::elastic) const ENGAGEMENT: &str = "engagement";
    pub(in crate::elastic) const FOLLOWERS: &str = "followers";
    pub(in crate::elastic) const TEXT_HASH: &str = "text_hash";
    pub(in crate::elastic) const WRITTEN: &str = "written";
    pub(in crate::elastic) const RELATED: &str = "related";
    /// The author's account, see [`crate::account`].
    pub(in crate::elastic) const ACCOUNT: &str = "account";
    /// Whether it stood there before in another form.
    pub(in crate::elastic) const AGAIN: &str = "again";
    /// The letter of its [`crate::Stage`].
    pub(in crate::elastic) const STAGE: &str = "stage";
    /// When its post was received, in milliseconds since 1970.
    pub(in crate::elastic) const SEEN: &str = "seen";
    /// 1 where its sentiment is toward the monitor's subject, else 0; absent without a score.
    pub(in crate::elastic) const TOWARD: &str = "toward";
    /// Every token of the text in every form, each once.
    pub(in crate::elastic) const TOKEN: &str = "token";
    /// The words of the text in order, without marks and sigils: what phrases are looked up in.
    pub(in crate::elastic) const TEXT: &str = "text";
    /// The whole mention, see [`crate::body`], in base64.
    pub(in crate::elastic) const BODY: &str = "body";

    /// The fields of [`crate::Dimension`]s that have no other use here.
    pub(super) const OF_DIMENSIONS: [&str; 14] = [
        "hashtag", "word", "site", "emotion", "intent", "class", "entity", "aspect", "country", "media",
        "link", "model", "topic", "copies",
    ];
}

/// The field that holds the values of a dimension; `None` for those that stand in marks.
pub(super) fn field_of(dimension: Dimension) -> Option<&'static str> {
    Some(match dimension {
        Dimension::Monitor => field::MONITOR,
        Dimension::Sentiment => field::SENTIMENT,
        Dimension::Source => field::SOURCE,
        Dimension::Lang => field::LANG,
        Dimension::Kind => field::KIND,
        Dimension::Author => field::AUTHOR,
        Dimension::Hashtag => "hashtag",
        Dimension::Term => "word",
        Dimension::Site => "site",
        Dimension::Emotion => "emotion",
        Dimension::Intent => "intent",
        Dimension::Class => "class",
        Dimension::Entity => "entity",
        Dimension::Aspect => "aspect",
        Dimension::Country => "country",
        Dimension::Media => "media",
        Dimension::Link => "link",
        Dimension::Model => "model",
        Dimension::Topic => "topic",
        Dimension::Copies => "copies",
        Dimension::Tag | Dimension::Category | Dimension::Status | Dimension::Assignee => return None,
    })
}

/// What an index of mentions is made with.
pub(super) fn mentions(settings: &Settings) -> Value {
    let keyword = json!({"type": "keyword", "ignore_above": MAX_KEYWORD});
    let number = json!({"type": "long"});
    let mut fields = Map::new();
    let keywords = [
        field::ID,
        field::POST,
        field::AUTHOR,
        field::PROJECT,
        field::MONITOR,
        field::SOURCE,
        field::LANG,
        field::KIND,
        field::SENTIMENT,
        field::RELATED,
        field::ACCOUNT,
        field::STAGE,
    ];
    for name in keywords.into_iter().chain(field::OF_DIMENSIONS) {
        fields.insert(name.to_owned(), keyword.clone());
    }
    let numbers = [
        field::CREATED,
        field::QUARTER,
        field::ENGAGEMENT,
        field::FOLLOWERS,
        field::TEXT_HASH,
        field::WRITTEN,
        field::SEEN,
        field::TOWARD,
    ];
    for name in numbers.into_iter().chain(field::PROBABILITIES) {
        fields.insert(name.to_owned(), number.clone());
    }
    for name in [field::PRIMARY, field::AGAIN] {
        fields.insert(name.to_owned(), json!({"type": "boolean"}));
    }
    fields.insert(
        field::TOKEN.to_owned(),
        json!({"type": "keyword", "ignore_above": MAX_KEYWORD, "doc_values": false}),
    );
    fields.insert(
        field::TEXT.to_owned(),
        json!({"type": "text", "analyzer": "whitespace", "norms": false}),
    );
    fields.insert(field::BODY.to_owned(), json!({"type": "binary"}));
    json!({
        "settings": {
            "number_of_shards": settings.shards,
            "number_of_replicas": settings.replicas,
            // A commit refreshes: readers see whole commits.
            "refresh_interval": "-1",
            // A purge writes every segment anew that holds something deleted.
            "index.merge.policy.expunge_deletes_allowed": 0,
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"format": FORMAT},
            // Everything else is made from the body.
            "_source": {"includes": [field::BODY, field::WRITTEN]},
            "properties": fields,
        },
    })
}

/// What the index of the store's position is made with.
pub(super) fn state(settings: &Settings) -> Value {
    json!({
        "settings": {"number_of_shards": 1, "number_of_replicas": settings.replicas},
        "mappings": {"dynamic": false},
    })
}

/// The `_id` of a mention.
pub(super) fn document_id(id: MentionId) -> String {
    id.to_string()
}

/// The sort key of a mention, which orders as its number does.
pub(super) fn place_of(number: u64) -> String {
    format!("{number:016x}")
}

/// The quarter of an hour of a time within the week from Monday, UTC: every clock of the world differs from UTC by whole
/// quarters.
pub(super) fn quarter(at: Millis) -> i64 {
    (at.div_euclid(QUARTER) + THURSDAY).rem_euclid(QUARTERS)
}

/// How many quarters of an hour so many milliseconds are.
pub(super) fn quarters(ms: Millis) -> i64 {
    ms.div_euclid(QUARTER)
}

/// A count as the cluster's whole numbers hold it.
pub(super) fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A number of which only matters whether it equals another.
pub(super) fn same_bits(n: u64) -> i64 {
    n as i64
}

/// The document of a mention; `tokens` is a buffer.
pub(super) fn document(m: &Mention, written: u64, tokens: &mut Tokens) -> Result<Value, postcard::Error> {
    let mut d = Map::new();
    let mut set = |name: &str, value: Value| {
        d.insert(name.to_owned(), value);
    };
    set(field::ID, place_of(mention_number(m.id)).into());
    set(field::POST, m.post.key.to_string().into());
    if let Some(author) = &m.post.author {
        set(field::AUTHOR, author.key.to_string().into());
        if let Some(token) = &author.handle_token {
            set(field::ACCOUNT, account(&m.post.platform, token).into());
        }
        if let Some(followers) = author.followers {
            set(field::FOLLOWERS, number(followers).into());
        }
    }
    let mut projects = vec![m.project.as_str()];
    projects.extend(m.is_context().then_some(CONTEXT));
    set(field::PROJECT, projects.into());
    set(field::MONITOR, m.monitor.as_str().into());
    set(field::PRIMARY, m.primary.into());
    set(field::CREATED, m.post.created_at.into());
    set(field::QUARTER, quarter(m.post.created_at).into());
    set(field::SOURCE, m.post.platform.as_str().into());
    set(field::LANG, m.lang.as_str().into());
    set(field::KIND, m.post.kind.name().into());
    set(field::ENGAGEMENT, number(engagement(&m.post.counts)).into());
    set(field::WRITTEN, number(written).into());
    set(field::AGAIN, (written & 1 == 1).into());
    set(field::STAGE, Stage::of(&m.post).letter().to_string().into());
    set(field::SEEN, m.post.seen_at.into());
    if let Some(sentiment) = &m.sentiment {
        set(field::SENTIMENT, sentiment.label().name().into());
        set("model", sentiment.model.as_str().into());
        set(field::TOWARD, u8::from(sentiment.is_toward).into());
        for (name, p) in field::PROBABILITIES.into_iter().zip(thousandths(sentiment)) {
            set(name, p.into());
        }
    }
    if let Some(number) = words::text_number(m, tokens) {
        set(field::TEXT_HASH, same_bits(number).into());
    }
    if let Some(topic) = m.topic {
        set("topic", topic.to_string().into());
    }
    if let Some(group) = m.copy_of() {
        set("copies", words::group(group).into());
    }
    let related = words::related(&m.post);
    set(
        field::RELATED,
        related.iter().map(ToString::to_string).collect::<Vec<_>>().into(),
    );
    set("country", m.post.country().into_iter().collect::<Vec<_>>().into());
    set("media", words::media(&m.post).into());
    set("link", words::links(&m.post).into());
    set("hashtag", words::hashtags(&m.post).into());
    set("site", words::sites(&m.post).into());
    set(
        "word",
        words::words(&m.post, &m.lang, tokens)
            .iter()
            .collect::<Vec<_>>()
            .into(),
    );
    set("entity", words::entities(&m.scores).into());
    set("aspect", words::aspects(&m.scores).into());
    let mut classes: [Vec<String>; 3] = Default::default();
    for class in &m.scores.classes {
        match class.task.as_str() {
            "emotion" => classes[0].push(class.label.clone()),
            "intent" => classes[1].push(class.label.clone()),
            task => classes[2].push(format!("{task}:{}", class.label)),
        }
    }
    for (name, values) in ["emotion", "intent", "class"].into_iter().zip(classes) {
        set(name, values.into());
    }
    let parts = m.post.title.iter().chain([&m.post.text]);
    let mut forms = HashSet::default();
    let lines: Vec<String> = parts.map(|part| line(part, tokens, &mut forms)).collect();
    set(field::TEXT, lines.into());
    set(field::TOKEN, forms.into_iter().collect::<Vec<_>>().into());
    set(field::BODY, STANDARD.encode(body::write(m)?).into());
    Ok(Value::Object(d))
}

/// The words of a part of the text in order, for phrases; adds every form of its tokens to `forms`.
///
/// Emoji take no place among words, and a link has no key: where the embedded index leaves a place for it, its
/// neighbours stand side by side here, which only adds candidates.
fn line(part: &str, tokens: &mut Tokens, forms: &mut HashSet<String>) -> String {
    tokens.read(part);
    let mut line = String::new();
    for t in tokens.iter() {
        let (key, plain) = (tokens.key(t), tokens.plain(t));
        if key.is_empty() {
            continue;
        }
        forms.insert(key.to_owned());
        forms.extend(plain.map(str::to_owned));
        if let Some(with_sigil) = tokens.sigil_key(t) {
            forms.insert(with_sigil.to_owned());
            forms.extend(plain.map(|plain| format!("{}{plain}", char::from(t.sigil))));
        }
        if t.kind != TokenKind::Emoji {
            line.push_str(&bare(key));
            line.push(' ');
        }
    }
    line
}

/// A word as phrases look it up: without any marks that may be left out. A key and its plain key have the same.
pub(super) fn bare(key: &str) -> String {
    let mut bare = key.to_owned();
    // Taking one mark away can uncover another.
    while let Some(less) = text::strip_marks(&bare) {
        bare = less;
    }
    bare
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_token_is_looked_up_and_phrases_go_by_plain_words() {
        let mut forms = HashSet::default();
        let line = line(
            "The #Café 👍🏽 https://a.example/b Ünder",
            &mut Tokens::new(),
            &mut forms,
        );
        assert_eq!(line, "the cafe under ");
        for form in [
            "the", "café", "cafe", "#café", "#cafe", "👍🏽", "👍", "ünder", "under",
        ] {
            assert!(forms.contains(form), "{form}");
        }
        assert_eq!(forms.len(), 9, "{forms:?}");
        assert_eq!((bare("ǿ"), bare("ø")), ("o".to_owned(), "o".to_owned()));
    }

    #[test]
    fn a_week_of_quarters_begins_on_monday() {
        // 2026-01-26 is a Monday.
        let monday = 1_769_385_600_000;
        assert_eq!((quarter(monday), quarter(monday - 1)), (0, QUARTERS - 1));
        assert_eq!(quarter(monday + 25 * 3_600_000), 100);
        assert_eq!((quarters(19_800_000), quarters(-3_600_000)), (22, -4));
    }

    #[test]
    fn every_dimension_has_a_field_of_the_mapping() {
        let mapping = mentions(&Settings::new("http://127.0.0.1", "gs"));
        for name in [
            "monitor",
            "sentiment",
            "source",
            "lang",
            "kind",
            "hashtag",
            "term",
            "author",
            "site",
            "emotion",
            "intent",
            "class",
            "entity",
            "aspect",
            "country",
            "media",
            "link",
            "model",
            "topic",
            "copies",
        ] {
            let field = field_of(Dimension::from_name(name).unwrap()).unwrap();
            assert_eq!(
                mapping["mappings"]["properties"][field]["type"], "keyword",
                "{name}"
            );
        }
    }
}
