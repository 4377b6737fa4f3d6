//! The platforms of the demo: how their ids look, what they tell and what they hide.

use super::lang::Lang;
use post::Millis;
use post::{Counts, Kind};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// A platform that the simulator imitates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Platform {
    Bluesky,
    Mastodon,
    X,
    Reddit,
    Youtube,
    Instagram,
    Facebook,
    Telegram,
    Hackernews,
    News,
}

use Platform::{Bluesky, Facebook, Hackernews, Instagram, Mastodon, News, Reddit, Telegram, X, Youtube};

impl Platform {
    pub(super) const ALL: [Platform; 10] = [
        Bluesky, Mastodon, X, Reddit, Youtube, Instagram, Facebook, Telegram, Hackernews, News,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Bluesky => "bluesky",
            Mastodon => "mastodon",
            X => "x",
            Reddit => "reddit",
            Youtube => "youtube",
            Instagram => "instagram",
            Facebook => "facebook",
            Telegram => "telegram",
            Hackernews => "hackernews",
            News => "news",
        }
    }

    /// Where the speakers of a language are, in the order of [`Platform::ALL`].
    pub(super) fn weights(lang: Lang) -> [f64; 10] {
        match lang {
            Lang::En => [0.22, 0.10, 0.24, 0.14, 0.08, 0.06, 0.07, 0.02, 0.04, 0.03],
            Lang::De => [0.18, 0.22, 0.14, 0.10, 0.10, 0.09, 0.09, 0.04, 0.0, 0.04],
            Lang::Ja => [0.14, 0.04, 0.56, 0.0, 0.10, 0.10, 0.03, 0.0, 0.0, 0.03],
            Lang::Pt => [0.24, 0.02, 0.22, 0.04, 0.12, 0.16, 0.12, 0.05, 0.0, 0.03],
            Lang::Ar | Lang::Hi => [0.03, 0.01, 0.36, 0.01, 0.16, 0.12, 0.16, 0.12, 0.0, 0.03],
            _ => [0.14, 0.08, 0.26, 0.05, 0.10, 0.14, 0.12, 0.07, 0.0, 0.04],
        }
    }

    /// What an answer is called there; `None` where nobody answers.
    pub(super) fn answer(self) -> Option<Kind> {
        match self {
            Bluesky | Mastodon | X | Telegram => Some(Kind::Reply),
            Reddit | Youtube | Instagram | Facebook | Hackernews => Some(Kind::Comment),
            News => None,
        }
    }

    /// What an opening post is called there.
    pub(super) fn opening(self) -> Kind {
        match self {
            Youtube => Kind::Video,
            News => Kind::Article,
            _ => Kind::Post,
        }
    }

    pub(super) fn has_reposts(self) -> bool {
        matches!(self, Bluesky | Mastodon | X | Facebook | Telegram)
    }

    pub(super) fn has_quotes(self) -> bool {
        matches!(self, Bluesky | Mastodon | X)
    }

    /// Whether an edit keeps the post's id and is told to listeners.
    pub(super) fn tells_edits(self) -> bool {
        matches!(self, Mastodon | Reddit | Youtube | Facebook | Telegram)
    }

    /// Whether people use hashtags and `@` there.
    pub(super) fn has_tags(self) -> bool {
        !matches!(self, Reddit | Hackernews | News)
    }

    /// Whether opening posts carry a headline.
    pub(super) fn has_titles(self) -> bool {
        matches!(self, Reddit | Youtube | Hackernews | News)
    }

    /// The languages claimed with a post: the author's setting, sometimes wrong, sometimes missing.
    pub(super) fn claimed(self, lang: Lang, rng: &mut ChaCha8Rng) -> Vec<String> {
        if !matches!(self, Bluesky | Mastodon | X) || rng.random_bool(0.07) {
            return Vec::new();
        }
        let claim = if rng.random_bool(0.06) { "en" } else { lang.code() };
        vec![claim.to_owned()]
    }

    /// A community where the language is spoken, for platforms that have such a thing.
    pub(super) fn community(self, lang: Lang, rng: &mut ChaCha8Rng) -> Option<String> {
        let pick = |list: &[&str], rng: &mut ChaCha8Rng| list[rng.random_range(0..list.len())].to_owned();
        match self {
            Mastodon => Some(pick(
                &["social.example", "tooters.example", "town.example", "art.example"],
                rng,
            )),
            Reddit => {
                let topics = [
                    "headphones",
                    "gadgets",
                    "AskAnything",
                    "mildlyfunny",
                    "food",
                    "running",
                    "audio",
                ];
                let sub = pick(&topics, rng);
                Some(if lang == Lang::En {
                    sub
                } else {
                    format!("{sub}_{}", lang.code())
                })
            }
            Telegram => Some(format!(
                "{}_{}",
                pick(&["tech_news", "deals", "city_talk", "music_club"], rng),
                lang.code()
            )),
            Youtube => Some(format!(
                "{} {}",
                pick(&["Sound Check", "Daily Gadget", "Kitchen Sink"], rng),
                lang.code()
            )),
            News => Some(format!(
                "{}.{}.example",
                pick(&["herald", "courier", "techpost", "observer"], rng),
                lang.code()
            )),
            _ => None,
        }
    }

    /// Engagement at the time the post is seen; `appeal` is about the number of likes it will have.
    pub(super) fn counts(self, appeal: f64, rng: &mut ChaCha8Rng) -> Counts {
        let share =
            |part: f64, rng: &mut ChaCha8Rng| Some((appeal * part * rng.random_range(0.5..1.5)) as u64);
        let mut c = Counts::default();
        match self {
            Bluesky | News => {}
            Mastodon => {
                (c.likes, c.reposts, c.replies) = (share(0.5, rng), share(0.25, rng), share(0.1, rng))
            }
            X => {
                (c.likes, c.reposts, c.replies) = (share(1.0, rng), share(0.2, rng), share(0.12, rng));
                (c.quotes, c.views) = (share(0.03, rng), share(40.0, rng));
            }
            Reddit => (c.likes, c.replies) = (share(1.0, rng), share(0.3, rng)),
            Youtube => (c.likes, c.replies, c.views) = (share(0.8, rng), share(0.1, rng), share(25.0, rng)),
            // Likes can be hidden by the author.
            Instagram => (c.likes, c.replies) = (share(1.2, rng).filter(|_| appeal > 2.0), share(0.1, rng)),
            Facebook => (c.likes, c.reposts, c.replies) = (share(0.8, rng), share(0.1, rng), share(0.2, rng)),
            Telegram => c.views = share(60.0, rng),
            Hackernews => c.replies = share(0.2, rng),
        }
        c
    }
}

/// Mints ids that look like the platforms' own and never repeat within a stream.
#[derive(Debug, Default)]
pub(super) struct Mint {
    serial: u64,
}

/// An id and the address where the post could be read.
pub(super) struct Minted {
    pub(super) uid: String,
    pub(super) permalink: String,
}

impl Mint {
    /// The id of a new post by the author.
    pub(super) fn post(
        &mut self,
        platform: Platform,
        at: Millis,
        author: (&str, &str),
        kind: Kind,
        community: Option<&str>,
    ) -> Minted {
        self.serial += 1;
        let (serial, ms) = (self.serial, at.max(0) as u64);
        let (author_id, handle) = author;
        let community = community.unwrap_or("town.example");
        let (native, link) = match platform {
            Bluesky => {
                let rkey = base32(((ms * 1000 + serial % 1000) << 10) | ((serial / 1000) % 1024));
                (
                    format!("at://{author_id}/app.bsky.feed.post/{rkey}"),
                    format!("profile/{handle}/post/{rkey}"),
                )
            }
            Mastodon => {
                let id = (ms << 20) | (serial % (1 << 20));
                (
                    format!("https://{community}/users/{handle}/statuses/{id}"),
                    format!("@{handle}/{id}"),
                )
            }
            X => {
                let id = (ms.saturating_sub(1_288_834_974_657) << 22) | (serial % (1 << 22));
                (id.to_string(), format!("{handle}/status/{id}"))
            }
            Reddit => {
                let prefix = if kind == Kind::Comment { "t1" } else { "t3" };
                let id = base36(60_000_000_000 + serial);
                (format!("{prefix}_{id}"), format!("r/{community}/comments/{id}"))
            }
            Youtube => {
                let id = scrambled(serial);
                let id = if kind == Kind::Comment {
                    format!("Ug{id}4AaABAg")
                } else {
                    id
                };
                (id.clone(), format!("watch?v={id}"))
            }
            Instagram => (
                format!("{}", 17_900_000_000_000_000 + serial),
                format!("p/{}", scrambled(serial)),
            ),
            Facebook => (
                format!("{author_id}_{}", 900_000_000_000 + serial),
                format!("{handle}/posts/{serial}"),
            ),
            Telegram => (format!("{community}/{serial}"), format!("{community}/{serial}")),
            Hackernews => (
                (48_000_000 + serial).to_string(),
                format!("item?id={}", 48_000_000 + serial),
            ),
            News => (
                format!("https://{community}/{serial}"),
                format!("{community}/{serial}"),
            ),
        };
        let permalink = match platform {
            News => format!("https://{link}"),
            _ => format!("https://{}.example/{link}", platform.name()),
        };
        Minted {
            uid: format!("{}:{native}", platform.name()),
            permalink,
        }
    }
}

fn digits(mut n: u64, alphabet: &[u8], width: usize) -> String {
    let mut out = Vec::with_capacity(width);
    while out.len() < width || n > 0 {
        out.push(char::from(alphabet[(n % alphabet.len() as u64) as usize]));
        n /= alphabet.len() as u64;
    }
    out.iter().rev().collect()
}

/// The sortable base 32 of AT Protocol record keys.
pub(super) fn base32(n: u64) -> String {
    digits(n, b"234567abcdefghijklmnopqrstuvwxyz", 13)
}

fn base36(n: u64) -> String {
    digits(n, b"0123456789abcdefghijklmnopqrstuvwxyz", 1)
}

/// Eleven characters that look random and differ for different numbers.
fn scrambled(n: u64) -> String {
    // An odd multiplier permutes the 64-bit numbers.
    let mixed = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    digits(
        mixed,
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        11,
    )
}
