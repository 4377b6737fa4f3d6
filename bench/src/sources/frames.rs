//! What each platform sends, made up.

use super::words::Words;
use serde_json::{Value, json};

/// Items of a page of most APIs.
const PAGE: usize = 100;

/// One item a line.
fn lines(words: &mut Words, posts: usize, item: fn(&mut Words) -> Value) -> Vec<String> {
    let all: Vec<String> = (0..posts).map(|_| item(words).to_string()).collect();
    vec![all.join("\n")]
}

/// A page of items a line, each page made of its items.
fn pages(
    words: &mut Words,
    posts: usize,
    item: fn(&mut Words) -> Value,
    page: fn(Vec<Value>) -> Value,
) -> Vec<String> {
    let all: Vec<String> = (0..posts.div_ceil(PAGE))
        .map(|_| page((0..PAGE).map(|_| item(words)).collect()).to_string())
        .collect();
    vec![all.join("\n")]
}

/// Jetstream v1 frames: nineteen new posts in twenty, of which a third answer, and deletes.
pub(super) fn bluesky(words: &mut Words, posts: usize) -> Vec<String> {
    lines(words, posts, |w| {
        let did = format!("did:plc:{:024}", w.below(1 << 31));
        let rkey = format!("3l{:011}", w.below(1 << 31));
        if w.often(5) {
            return json!({"did": did, "time_us": 1_767_225_600_000_000u64 + w.below(1 << 31), "kind": "commit",
                "commit": {"rev": "3lb", "operation": "delete", "collection": "app.bsky.feed.post", "rkey": rkey}});
        }
        let mut record = json!({"$type": "app.bsky.feed.post", "createdAt": w.time(), "langs": ["en"], "text": w.text(110)});
        if w.often(35) {
            let uri = format!(
                "at://did:plc:{:024}/app.bsky.feed.post/3k{:011}",
                w.below(1 << 31),
                w.below(1 << 31)
            );
            let cid = "bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
            record["reply"] = json!({"parent": {"cid": cid, "uri": uri}, "root": {"cid": cid, "uri": uri}});
        }
        if w.often(15) {
            record["embed"] = json!({"$type": "app.bsky.embed.images", "images": [{"alt": w.text(60), "image": {"$type": "blob",
                "ref": {"$link": "bafkreib3"}, "mimeType": "image/jpeg", "size": 400_000}, "aspectRatio": {"width": 4, "height": 3}}]});
        }
        if w.often(12) {
            record["facets"] = json!([{"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": w.handle()}], "index": {"byteStart": 0, "byteEnd": 4}}]);
        }
        json!({"did": did, "time_us": 1_767_225_600_000_000u64 + w.below(1 << 31), "kind": "commit",
            "commit": {"rev": "3lb2c", "operation": "create", "collection": "app.bsky.feed.post", "rkey": rkey, "record": record,
                       "cid": "bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"}})
    })
}

/// Lines of the v2 filtered stream.
pub(super) fn x(words: &mut Words, posts: usize) -> Vec<String> {
    lines(words, posts, |w| {
        let (id, author) = (w.id().to_string(), w.id().to_string());
        let tag = w.handle();
        let mut data = json!({"id": id, "author_id": author, "text": format!("#{tag} {}", w.text(120)), "created_at": w.time(), "lang": "en",
            "conversation_id": id, "edit_history_tweet_ids": [id], "possibly_sensitive": false, "reply_settings": "everyone",
            "public_metrics": {"retweet_count": w.below(9), "reply_count": w.below(9), "like_count": w.below(99), "quote_count": 0, "bookmark_count": 0, "impression_count": w.below(999)},
            "entities": {"hashtags": [{"start": 0, "end": tag.len() + 1, "tag": tag}], "urls": [{"start": 30, "end": 53, "url": "https://t.co/abcdefghij",
                "expanded_url": "https://acme.example/a", "display_url": "acme.example/a"}]}});
        let mut includes = json!({"users": [{"id": author, "name": w.word(), "username": w.handle(), "created_at": "2015-01-01T00:00:00.000Z", "verified": false,
            "description": w.text(60), "public_metrics": {"followers_count": w.below(9000), "following_count": 10, "tweet_count": 100, "listed_count": 0}}]});
        if w.often(30) {
            let parent = w.id().to_string();
            data["referenced_tweets"] = json!([{"type": "replied_to", "id": parent}]);
            includes["tweets"] = json!([{"id": parent, "author_id": author, "text": w.text(120), "created_at": w.time(), "edit_history_tweet_ids": [parent]}]);
        }
        json!({"data": data, "includes": includes, "matching_rules": [{"id": "1", "tag": "m1"}]})
    })
}

/// Statuses, one a line, as timelines and streams carry them.
pub(super) fn mastodon(words: &mut Words, posts: usize) -> Vec<String> {
    lines(words, posts, |w| {
        let (id, handle) = (w.id().to_string(), w.handle());
        json!({"id": id, "created_at": w.time(), "in_reply_to_id": null, "in_reply_to_account_id": null, "sensitive": false, "spoiler_text": "", "visibility": "public",
            "language": "en", "uri": format!("https://town.example/users/{handle}/statuses/{id}"), "url": format!("https://town.example/@{handle}/{id}"),
            "replies_count": 0, "reblogs_count": w.below(9), "favourites_count": w.below(9), "edited_at": null, "reblog": null, "poll": null, "card": null,
            "content": format!("<p>{}</p><p><a href=\"https://town.example/tags/tea\" class=\"mention hashtag\" rel=\"tag\">#<span>tea</span></a></p>", w.text(200)),
            "account": {"id": w.id().to_string(), "username": handle, "acct": handle, "display_name": w.word(), "bot": false, "locked": false, "indexable": true,
                "note": "<p>hello</p>", "followers_count": w.below(900), "following_count": 3, "statuses_count": 10, "url": format!("https://town.example/@{handle}"), "emojis": [], "fields": []},
            "media_attachments": [], "mentions": [], "emojis": [], "tags": [{"name": "tea", "url": "https://town.example/tags/tea"}]})
    })
}

/// Listings of new comments and posts.
pub(super) fn reddit(words: &mut Words, posts: usize) -> Vec<String> {
    let item = |w: &mut Words| {
        let id = format!("k{:06x}", w.below(1 << 24));
        let common = |kind: &str, w: &mut Words| {
            json!({"id": id, "name": format!("{kind}_{id}"), "subreddit": "tea", "subreddit_id": "t5_2abc", "author": w.handle(), "author_fullname": format!("t2_{:06x}", w.below(1 << 24)),
            "created_utc": 1_767_225_600.0 + w.below(86_400) as f64, "score": w.below(99), "ups": w.below(99), "downs": 0, "edited": false, "permalink": format!("/r/tea/comments/{id}/x/"),
            "distinguished": null, "stickied": false, "gilded": 0, "over_18": false, "archived": false, "author_flair_text": null, "subreddit_type": "public"})
        };
        if w.often(70) {
            let mut comment = common("t1", w);
            comment["body"] = json!(w.text(180));
            comment["body_html"] = json!("<div class=\"md\"><p>x</p></div>");
            comment["link_id"] = json!("t3_abc123");
            comment["parent_id"] = json!("t3_abc123");
            comment["replies"] = json!("");
            json!({"kind": "t1", "data": comment})
        } else {
            let mut post = common("t3", w);
            post["title"] = json!(w.text(70));
            post["selftext"] = json!(w.text(400));
            post["num_comments"] = json!(w.below(50));
            post["is_self"] = json!(true);
            post["url"] = json!(format!("https://www.reddit.com/r/tea/comments/{id}/x/"));
            json!({"kind": "t3", "data": post})
        }
    };
    pages(
        words,
        posts,
        item,
        |items| json!({"kind": "Listing", "data": {"after": "t1_x", "before": null, "dist": items.len(), "modhash": "", "children": items}}),
    )
}

/// Pages of comment threads.
pub(super) fn youtube(words: &mut Words, posts: usize) -> Vec<String> {
    let item = |w: &mut Words| {
        let id = format!("Ug{:022}", w.below(1 << 31));
        let text = w.text(100);
        json!({"kind": "youtube#commentThread", "etag": "e", "id": id, "snippet": {"channelId": "UC0123456789012345678901", "videoId": "abcdefghijk", "canReply": true, "totalReplyCount": 0, "isPublic": true,
            "topLevelComment": {"kind": "youtube#comment", "etag": "e", "id": id, "snippet": {"channelId": "UC0123456789012345678901", "videoId": "abcdefghijk", "textDisplay": text, "textOriginal": text,
                "authorDisplayName": format!("@{}", w.handle()), "authorProfileImageUrl": "https://yt3.example/a.jpg", "authorChannelUrl": "http://www.youtube.com/@a", "authorChannelId": {"value": format!("UC{:022}", w.below(1 << 31))},
                "canRate": true, "viewerRating": "none", "likeCount": w.below(30), "publishedAt": "2026-01-01T10:00:00Z", "updatedAt": "2026-01-01T10:00:00Z"}}}})
    };
    pages(
        words,
        posts,
        item,
        |items| json!({"kind": "youtube#commentThreadListResponse", "etag": "e", "nextPageToken": "x", "pageInfo": {"totalResults": 100, "resultsPerPage": 100}, "items": items}),
    )
}

/// Pages of a page's feed.
pub(super) fn facebook(words: &mut Words, posts: usize) -> Vec<String> {
    let item = |w: &mut Words| {
        let id = format!("1234567890_{}", w.id());
        json!({"id": id, "message": w.text(250), "created_time": "2026-01-01T10:00:00+0000", "updated_time": "2026-01-01T10:00:00+0000", "from": {"name": w.word(), "id": "1234567890"},
            "permalink_url": format!("https://www.facebook.com/{id}"), "shares": {"count": w.below(20)}, "reactions": {"data": [], "summary": {"total_count": w.below(300)}}, "comments": {"data": [], "summary": {"order": "ranked", "total_count": w.below(40), "can_comment": true}},
            "attachments": {"data": [{"media": {"image": {"height": 720, "src": "https://scontent.example/a.jpg", "width": 720}}, "type": "photo", "url": "https://www.facebook.com/photo"}]}})
    };
    pages(words, posts, item, graph_page)
}

fn graph_page(items: Vec<Value>) -> Value {
    json!({"data": items, "paging": {"cursors": {"before": "b", "after": "a"}}})
}

/// Pages of an account's media.
pub(super) fn instagram(words: &mut Words, posts: usize) -> Vec<String> {
    let item = |w: &mut Words| {
        json!({"id": w.id().to_string(), "caption": w.text(180), "media_type": "IMAGE", "media_product_type": "FEED", "media_url": "https://scontent.example/i.jpg", "permalink": "https://www.instagram.com/p/abc/",
            "timestamp": "2026-01-01T10:00:00+0000", "username": "acme", "like_count": w.below(900), "comments_count": w.below(30), "owner": {"id": "17841400000000000"}, "shortcode": "abc"})
    };
    pages(words, posts, item, graph_page)
}

/// Pages of a keyword search.
pub(super) fn threads(words: &mut Words, posts: usize) -> Vec<String> {
    let item = |w: &mut Words| {
        json!({"id": w.id().to_string(), "text": w.text(150), "media_type": "TEXT_POST", "media_product_type": "THREADS", "permalink": "https://www.threads.net/@a/post/b", "timestamp": "2026-01-01T10:00:00+0000",
            "username": w.handle(), "shortcode": "b", "has_replies": false, "is_quote_post": false, "is_reply": false})
    };
    pages(words, posts, item, graph_page)
}

/// Pages of an organisation's posts.
pub(super) fn linkedin(words: &mut Words, posts: usize) -> Vec<String> {
    let item = |w: &mut Words| {
        json!({"id": format!("urn:li:share:{}", w.id()), "author": "urn:li:organization:1234567", "commentary": format!("{} {{hashtag|\\#|tea}}", w.text(300)), "createdAt": 1_767_225_600_000u64 + w.below(86_400_000),
            "publishedAt": 1_767_225_600_000u64, "lastModifiedAt": 1_767_225_600_000u64, "lifecycleState": "PUBLISHED", "visibility": "PUBLIC", "isReshareDisabledByAuthor": false,
            "distribution": {"feedDistribution": "MAIN_FEED", "thirdPartyDistributionChannels": []}, "lifecycleStateInfo": {"isEditedByAuthor": false}})
    };
    pages(
        words,
        posts,
        item,
        |items| json!({"paging": {"start": 0, "count": items.len(), "links": [], "total": 500}, "elements": items}),
    )
}

/// Updates with channel posts.
pub(super) fn telegram(words: &mut Words, posts: usize) -> Vec<String> {
    let item = |w: &mut Words| {
        json!({"update_id": w.below(1 << 31), "channel_post": {"message_id": w.below(1 << 31), "sender_chat": {"id": -1_001_234_567_890i64, "title": "Acme news", "username": "acme_news", "type": "channel"},
            "chat": {"id": -1_001_234_567_890i64, "title": "Acme news", "username": "acme_news", "type": "channel"}, "date": 1_767_225_600 + w.below(86_400), "text": format!("#tea {}", w.text(250)),
            "entities": [{"offset": 0, "length": 4, "type": "hashtag"}]}})
    };
    pages(words, posts, item, |items| json!({"ok": true, "result": items}))
}

/// Items of the Firebase API.
pub(super) fn hackernews(words: &mut Words, posts: usize) -> Vec<String> {
    lines(words, posts, |w| {
        json!({"id": 40_000_000 + w.below(1 << 20), "type": "comment", "by": w.handle(), "parent": 40_000_000, "time": 1_767_225_600 + w.below(86_400),
               "text": format!("{}<p>{} <a href=\"https:&#x2F;&#x2F;acme.example&#x2F;a\" rel=\"nofollow\">https:&#x2F;&#x2F;acme.example&#x2F;a</a>", w.text(200), w.text(150))})
    })
}

/// RSS 2.0 documents of thirty entries.
pub(super) fn feed(words: &mut Words, posts: usize) -> Vec<String> {
    let item = |w: &mut Words| {
        let (title, text, more, author, id) =
            (w.text(70), w.text(200), w.text(900), w.word(), w.below(1 << 31));
        format!(
            "<item><title>{title}</title><link>https://acme.example/a/{id}</link><guid isPermaLink=\"false\">https://acme.example/?p={id}</guid>\
             <pubDate>Thu, 01 Jan 2026 10:00:00 +0000</pubDate><dc:creator><![CDATA[{author}]]></dc:creator><category><![CDATA[tea]]></category>\
             <description><![CDATA[<p>{text}</p>]]></description><content:encoded><![CDATA[<p>{text}</p><p><a href=\"https://acme.example/b\">{more}</a></p>]]></content:encoded></item>"
        )
    };
    let document = |w: &mut Words| {
        let items: String = (0..30).map(|_| item(w)).collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
             <channel><title>Acme</title><link>https://acme.example</link><language>en-US</language>{items}</channel></rss>"
        )
    };
    (0..posts.div_ceil(30)).map(|_| document(words)).collect()
}

/// Lists of 250 articles.
pub(super) fn gdelt(words: &mut Words, posts: usize) -> Vec<String> {
    let item = |w: &mut Words| {
        let (domain, number) = (w.handle(), w.below(1 << 31));
        json!({"url": format!("https://{domain}.example/2026/01/01/{number}.html"), "url_mobile": "", "title": w.text(80), "seendate": "20260101T101500Z", "socialimage": format!("https://{domain}.example/i.jpg"),
               "domain": format!("{domain}.example"), "language": "Spanish", "sourcecountry": "Mexico"})
    };
    pages(words, posts, item, |items| json!({"articles": items}))
}

/// Lines of the interchange form.
pub(super) fn interchange(words: &mut Words, posts: usize) -> Vec<String> {
    // A push holds at most 10,000.
    lines(words, posts.min(10_000), |w| {
        let id = w.id();
        json!({"uid": format!("forum:{id}"), "platform": "forum", "created_at": w.time(), "kind": "post", "text": w.text(150), "author": {"id": w.id().to_string(), "handle": w.handle(), "name": w.word(), "followers": w.below(900)},
               "lang_claimed": ["en"], "counts": {"likes": w.below(9), "replies": 0}, "permalink": format!("https://forum.example/{id}")})
    })
}
