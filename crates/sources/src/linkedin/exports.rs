//! Exports of page data as warehouses keep it (Fivetran): tables of posts, and of their figures.

use super::{PLATFORM, little, map};
use crate::error::Refused;
use crate::registry::Each;
use crate::source::SourceEvent;
use crate::time::in_utc;
use post::{Counts, Event, RawAuthor, RawPost};

/// Reads a CSV table: rows with `commentary` are posts, rows with `_share_entity_urn` are figures. Others are none.
pub(super) fn read(table: &str, each: Each<'_>) {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(table.as_bytes());
    let Ok(head) = reader.headers().cloned() else {
        return each(Err(Refused::new("malformed", "", "neither JSON nor a table")));
    };
    let column = |name: &str| head.iter().position(|h| h == name);
    let is_posts = column("commentary").is_some() && column("id").is_some();
    if !is_posts && column("_share_entity_urn").is_none() && column("ugc_post_id").is_none() {
        return each(Err(Refused::new(
            "malformed",
            "",
            "neither JSON nor a known table",
        )));
    }
    for (at, row) in reader.records().enumerate() {
        let row = match row {
            Ok(row) => row,
            Err(e) => {
                each(Err(Refused::new(
                    "malformed",
                    format!("line {}", at + 2),
                    e.to_string(),
                )));
                continue;
            }
        };
        let field = |name: &str| {
            let value = row.get(column(name)?)?.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        let read = if is_posts { post(&field) } else { figures(&field) };
        if let Some(post) = read {
            each(Ok(SourceEvent::Post(Box::new(post))));
        }
    }
}

type Field<'f> = &'f dyn Fn(&str) -> Option<String>;

fn post(field: Field<'_>) -> Option<RawPost> {
    if field("lifecycle_state").is_some_and(|s| s != "PUBLISHED") {
        return None;
    }
    let written = little::read(&field("commentary")?);
    let author = field("author");
    let time = |name: &str| field(name).map(|t| in_utc(t.trim_end_matches(" UTC")));
    Some(RawPost {
        uid: Some(map::uid(&field("id")?)),
        platform: Some(PLATFORM.to_owned()),
        created_at: time("first_published_at").or_else(|| time("created_time")),
        community: author.clone().filter(|a| a.starts_with("urn:li:organization")),
        author: author.map(|urn| RawAuthor {
            organisation: urn.starts_with("urn:li:organization").then_some(true),
            id: Some(urn),
            ..RawAuthor::default()
        }),
        text: written.text,
        hashtags: written.hashtags,
        mentions: written.mentions,
        visibility: field("visibility").map(|v| v.to_lowercase()),
        ..RawPost::default()
    })
}

fn figures(field: Field<'_>) -> Option<RawPost> {
    let number = |name: &str| field(name)?.parse().ok();
    Some(RawPost {
        uid: Some(map::uid(&field("_share_entity_urn")?)),
        platform: Some(PLATFORM.to_owned()),
        event: Event::Engagement,
        counts: Counts {
            likes: number("like_count"),
            reposts: number("share_count"),
            replies: number("comment_count"),
            views: number("impression_count"),
            ..Counts::default()
        },
        ..RawPost::default()
    })
}
