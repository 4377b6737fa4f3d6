//! The pitfalls of platforms.md that YouTube has, and bytes of any kind.

use super::{ACME, channel, comment, hit, id, posts, thread, time, upload, video};
use crate::support::facts;
use crate::support::shared::shared;
use post::{Event, RawPost};
use proptest::prelude::*;
use serde_json::{Value, json};
use sources::ParseInput;

fn parse(bytes: Vec<u8>) -> Vec<RawPost> {
    let input = ParseInput {
        reader: Box::new(std::io::Cursor::new(bytes)),
        name: "made up".to_owned(),
        file: Default::default(),
    };
    let mut found = Vec::new();
    (sources::find("youtube").unwrap().parse)(input, &mut |item| {
        if let Ok(event) = item {
            found.push(event);
        }
    })
    .unwrap();
    posts(&found)
}

fn of(items: Vec<Value>) -> Vec<RawPost> {
    parse(
        json!({"kind": "youtube#listResponse", "items": items})
            .to_string()
            .into_bytes(),
    )
}

#[test]
fn pitfall_12_an_id_is_a_text_or_an_object_by_kind() {
    let found = of(vec![
        video(1),
        hit(2),
        upload(3),
        json!({"kind": "youtube#searchResult", "id": {"kind": "youtube#channel", "channelId": ACME}, "snippet": {"title": "Acme"}}),
        json!({"kind": "youtube#searchResult", "id": {"kind": "youtube#playlist", "playlistId": "PL1"}, "snippet": {"title": "All"}}),
        channel(),
        json!({"kind": "youtube#activity", "id": "MTU1", "snippet": {"type": "upload", "publishedAt": time(4), "title": "4",
            "thumbnails": {"default": {"url": format!("https://pictures.example/vi/{}/default.jpg", id(4))}}}}),
        json!({"kind": "youtube#activity", "id": "MTU2", "snippet": {"type": "like", "publishedAt": time(5), "title": "5"}}),
    ]);
    let uids: Vec<&str> = found.iter().filter_map(|p| p.uid.as_deref()).collect();
    assert_eq!(
        uids,
        [
            "youtube:video000001",
            "youtube:video000002",
            "youtube:video000003",
            "youtube:video000004"
        ],
        "the same video has one uid wherever it is named"
    );
}

#[test]
fn pitfall_12_recorded_channels_are_no_posts() {
    let Some(folder) = shared("fixtures/youtube") else {
        return;
    };
    for file in [
        "search_channels",
        "info",
        "info_multiple",
        "update_resp",
        "error_permission_resp",
        "error_response_simple",
    ] {
        let found = facts::parse("youtube", &folder.join(format!("python-youtube__{file}.json")));
        assert!(found.is_empty(), "{file}");
    }
}

#[test]
fn pitfall_15_what_is_hidden_is_not_nothing() {
    let mut hidden = video(1);
    hidden["statistics"] = json!({"viewCount": "7"});
    let counts = of(vec![hidden]).remove(0).counts;
    assert_eq!(
        (counts.views, counts.likes, counts.replies),
        (Some(7), None, None)
    );
    let mut none = video(1);
    none["statistics"] = json!({"viewCount": "0", "likeCount": "0"});
    let counts = of(vec![none]).remove(0).counts;
    assert_eq!((counts.views, counts.likes), (Some(0), Some(0)));
}

#[test]
fn a_video_that_is_not_out_yet_and_one_for_adults_are_read() {
    let mut premiere = video(1);
    premiere["snippet"]["liveBroadcastContent"] = json!("upcoming");
    premiere["contentDetails"] = json!({"contentRating": {"ytRating": "ytAgeRestricted"}});
    premiere["status"]["privacyStatus"] = json!("unlisted");
    let told = of(vec![premiere]).remove(0);
    assert_eq!(
        (told.event, told.sensitive, told.visibility.as_deref()),
        (Event::Create, Some(true), Some("unlisted"))
    );
    let held = of(vec![thread("UgA", 1, 1, vec![comment("UgA.1", 2, Some("UgA"))])]);
    assert_eq!(held.len(), 2);
    assert_eq!(held[1].thread_root.as_deref(), Some("youtube:video000001"));
}

/// JSON of any shape, made of the names that the API uses.
fn any_json() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(vec![
        "kind",
        "id",
        "items",
        "nextPageToken",
        "snippet",
        "statistics",
        "status",
        "contentDetails",
        "replies",
        "comments",
        "publishedAt",
        "updatedAt",
        "channelId",
        "title",
        "description",
        "thumbnails",
        "default",
        "url",
        "resourceId",
        "videoId",
        "type",
        "topLevelComment",
        "totalReplyCount",
        "authorChannelId",
        "value",
        "likeCount",
        "textDisplay",
        "parentId",
        "viewCount",
        "relatedPlaylists",
        "uploads",
        "customUrl",
        "isPublic",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "video000001",
            "UgA",
            "UgA.1",
            "upload",
            "7",
            "2026-07-04T12:00:00Z",
            "/vi/é",
            "@é #é"
        ])
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let kinds = [
        "video",
        "searchResult",
        "playlistItem",
        "activity",
        "comment",
        "commentThread",
        "channel",
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner.clone()), 0..8).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
            }),
            (prop::sample::select(kinds.to_vec()), inner.clone()).prop_map(|(kind, snippet)| {
                json!({"items": [{"kind": format!("youtube#{kind}"), "id": "video000001", "snippet": snippet}]})
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(value in any_json()) {
        for post in parse(value.to_string().into_bytes()) {
            prop_assert!(post.uid.is_some_and(|uid| uid.starts_with("youtube:")));
        }
    }
}
