//! The people, companies and machines behind the posts.

use super::lang::Lang;
use super::pick::weighted;
use super::platforms::{Platform, base32};
use super::world::Brand;
use post::RawAuthor;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, Zipf};

/// What an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Person,
    Journalist,
    Official(Brand),
    Spammer,
    Robot,
    /// One of the accounts of the copypasta campaign.
    Puppet,
}

/// An account.
#[derive(Debug, Clone)]
pub(super) struct Author {
    pub(super) platform: Platform,
    pub(super) lang: Lang,
    pub(super) role: Role,
    pub(super) id: String,
    pub(super) handle: String,
    pub(super) name: String,
    pub(super) followers: u64,
    pub(super) verified: bool,
}

impl Author {
    /// The account as its platform tells it.
    pub(super) fn raw(&self) -> Option<RawAuthor> {
        use Platform::{
            Bluesky, Facebook, Hackernews, Instagram, Mastodon, News, Reddit, Telegram, X, Youtube,
        };
        let known = |shown: bool| shown.then_some(self.followers);
        let public = !matches!(self.role, Role::Person | Role::Spammer | Role::Puppet);
        Some(match self.platform {
            // A hashtag search names nobody; only business accounts are known by name.
            Instagram if !public => return None,
            News => RawAuthor {
                name: Some(self.name.clone()),
                ..RawAuthor::default()
            },
            Hackernews | Reddit => RawAuthor {
                id: None,
                handle: Some(self.handle.clone()),
                ..RawAuthor::default()
            },
            platform => RawAuthor {
                id: Some(self.id.clone()),
                handle: Some(self.handle.clone()),
                name: Some(self.name.clone()),
                followers: known(matches!(platform, Mastodon | X | Youtube | Telegram | Bluesky)),
                verified: matches!(platform, X | Facebook | Instagram | Youtube).then_some(self.verified),
                // Only Mastodon has a box to tick for it; half of its robots do.
                organisation: matches!(self.role, Role::Official(_)).then_some(true),
                location: None,
                bot: (platform == Mastodon)
                    .then_some(self.role == Role::Robot && self.followers.is_multiple_of(2)),
            },
        })
    }
}

/// Everybody.
#[derive(Debug)]
pub(super) struct Authors {
    all: Vec<Author>,
    people: [Vec<u32>; 10],
    journalists: [Vec<u32>; 10],
    officials: Vec<u32>,
    spammers: Vec<u32>,
    robots: Vec<u32>,
    puppets: Vec<u32>,
}

const SPAMMERS: usize = 220;
const ROBOTS: usize = 14;
const PUPPETS: usize = 60;
const JOURNALISTS_PER_LANGUAGE: usize = 8;
const OFFICIAL_PLATFORMS: [Platform; 4] = [
    Platform::X,
    Platform::Bluesky,
    Platform::Facebook,
    Platform::Instagram,
];

impl Authors {
    /// Invents `count` ordinary people and the special accounts.
    pub(super) fn invent(count: usize, rng: &mut ChaCha8Rng) -> Self {
        let mut them = Self {
            all: Vec::with_capacity(count + 600),
            people: Default::default(),
            journalists: Default::default(),
            officials: Vec::new(),
            spammers: Vec::new(),
            robots: Vec::new(),
            puppets: Vec::new(),
        };
        for (i, lang) in Lang::ALL.into_iter().enumerate() {
            let share = ((count as f64 * lang.share()) as usize).max(40);
            them.people[i] = (0..share).map(|_| them.add(lang, Role::Person, rng)).collect();
            them.journalists[i] = (0..JOURNALISTS_PER_LANGUAGE)
                .map(|_| them.add(lang, Role::Journalist, rng))
                .collect();
        }
        them.spammers = (0..SPAMMERS).map(|_| them.add_any(Role::Spammer, rng)).collect();
        them.robots = (0..ROBOTS).map(|_| them.add_any(Role::Robot, rng)).collect();
        them.puppets = (0..PUPPETS)
            .map(|_| them.add(Lang::En, Role::Puppet, rng))
            .collect();
        for brand in Brand::ALL {
            for platform in OFFICIAL_PLATFORMS {
                them.officials.push(them.all.len() as u32);
                them.all.push(official(brand, platform));
            }
        }
        them
    }

    fn add_any(&mut self, role: Role, rng: &mut ChaCha8Rng) -> u32 {
        let lang = Lang::ALL[weighted(&Lang::ALL.map(Lang::share), rng)];
        self.add(lang, role, rng)
    }

    fn add(&mut self, lang: Lang, role: Role, rng: &mut ChaCha8Rng) -> u32 {
        let number = self.all.len();
        self.all.push(invent(number as u64, lang, role, rng));
        number as u32
    }

    pub(super) fn get(&self, author: u32) -> &Author {
        &self.all[author as usize]
    }

    /// Somebody who writes the language; the n-th most active posts about 1/n as often as the first.
    pub(super) fn person(&self, lang: Lang, rng: &mut ChaCha8Rng) -> u32 {
        let them = &self.people[lang as usize];
        let rank = Zipf::new(them.len() as f64, 0.95).map_or(1.0, |z| z.sample(rng));
        them[(rank as usize).clamp(1, them.len()) - 1]
    }

    pub(super) fn journalist(&self, lang: Lang, rng: &mut ChaCha8Rng) -> u32 {
        one_of(&self.journalists[lang as usize], rng)
    }

    pub(super) fn spammer(&self, rng: &mut ChaCha8Rng) -> u32 {
        one_of(&self.spammers, rng)
    }

    pub(super) fn robots(&self) -> &[u32] {
        &self.robots
    }

    pub(super) fn puppets(&self) -> &[u32] {
        &self.puppets
    }

    /// The brand's account on a platform, if it has one there.
    pub(super) fn official(&self, brand: Brand, platform: Platform) -> Option<u32> {
        let is = |a: &Author| a.role == Role::Official(brand) && a.platform == platform;
        self.officials.iter().copied().find(|&i| is(self.get(i)))
    }
}

fn one_of(them: &[u32], rng: &mut ChaCha8Rng) -> u32 {
    them[rng.random_range(0..them.len())]
}

fn official(brand: Brand, platform: Platform) -> Author {
    let handle = match platform {
        Platform::Bluesky => format!("{}.example", brand.handle()),
        Platform::X => brand.handle().to_owned(),
        _ => format!("{}_help", brand.handle()),
    };
    let number = 7_000 + brand as u64 * 10 + platform as u64;
    Author {
        platform,
        lang: Lang::En,
        role: Role::Official(brand),
        id: author_id(platform, number),
        handle,
        name: brand.name().to_owned(),
        followers: 180_000 + 65_000 * brand as u64,
        verified: true,
    }
}

fn invent(number: u64, lang: Lang, role: Role, rng: &mut ChaCha8Rng) -> Author {
    let platform = match role {
        Role::Person => Platform::ALL[weighted(&Platform::weights(lang), rng)],
        Role::Puppet | Role::Journalist => pick(&[Platform::X, Platform::X, Platform::Bluesky], rng),
        _ => pick(
            &[
                Platform::X,
                Platform::Mastodon,
                Platform::Bluesky,
                Platform::Telegram,
            ],
            rng,
        ),
    };
    let name = display_name(lang, rng);
    let handle = handle(number, role, platform, rng);
    // A Pareto tail: most have about a hundred followers, a few have hundreds of thousands.
    let tail = rng.random_range(0.0..1.0f64).max(1e-6).powf(-0.85);
    let followers = match role {
        Role::Journalist => 18_000.0 + 9_000.0 * tail,
        Role::Puppet | Role::Spammer => 3.0 + 4.0 * tail,
        _ => 30.0 + 45.0 * tail,
    };
    let verified = role == Role::Journalist || (role == Role::Person && followers > 50_000.0);
    let id = author_id(platform, number);
    Author {
        platform,
        lang,
        role,
        id,
        handle,
        name,
        followers: followers as u64,
        verified,
    }
}

fn author_id(platform: Platform, number: u64) -> String {
    let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    match platform {
        Platform::Bluesky => format!("did:plc:{}{}", base32(mixed >> 4), &base32(!mixed >> 8)[2..]),
        Platform::Youtube => format!("UC{}", base32(mixed)),
        _ => (mixed >> 12).to_string(),
    }
}

fn handle(number: u64, role: Role, platform: Platform, rng: &mut ChaCha8Rng) -> String {
    const FIRST: [&str; 20] = [
        "quiet", "sunny", "brave", "tiny", "lazy", "blue", "odd", "late", "north", "mellow", "rusty",
        "swift", "salty", "paper", "velvet", "wild", "cosmic", "plain", "loud", "amber",
    ];
    const SECOND: [&str; 20] = [
        "otter", "kettle", "fox", "pixel", "cloud", "baker", "pilot", "river", "sock", "violin", "lemon",
        "badger", "teapot", "comet", "gull", "noodle", "anchor", "moth", "garden", "radio",
    ];
    let joint = pick(&["", "_", "", "."], rng);
    let stem = format!("{}{joint}{}{number}", pick(&FIRST, rng), pick(&SECOND, rng));
    match (role, platform) {
        (Role::Robot, _) => format!("{stem}_bot"),
        (_, Platform::Bluesky) => format!("{}.bsky.example", stem.replace(['_', '.'], "-")),
        _ => stem.replace('.', "_"),
    }
}

fn display_name(lang: Lang, rng: &mut ChaCha8Rng) -> String {
    let first: &[&str] = match lang {
        Lang::En => &[
            "Sam", "Alex", "Jordan", "Priya", "Tom", "Grace", "Ben", "Zoe", "Maya", "Leo",
        ],
        Lang::Es => &["Lucía", "Mateo", "Carmen", "Diego", "Sofía", "Pablo", "Elena"],
        Lang::Pt => &["Ana", "João", "Beatriz", "Rafael", "Larissa", "Tiago", "Camila"],
        Lang::Fr => &["Camille", "Hugo", "Chloé", "Louis", "Inès", "Jules", "Manon"],
        Lang::De => &["Lena", "Jonas", "Anke", "Felix", "Mia", "Jürgen", "Paula"],
        Lang::It => &["Giulia", "Luca", "Chiara", "Marco", "Elisa", "Paolo"],
        Lang::Nl => &["Sanne", "Daan", "Femke", "Bram", "Lotte", "Sem"],
        Lang::Ja => &["さくら", "はると", "ゆい", "そら", "みお", "りく"],
        Lang::Ar => &["ليلى", "عمر", "نور", "يوسف", "سلمى", "كريم"],
        Lang::Hi => &["अनन्या", "रोहन", "प्रिया", "आरव", "मीरा", "करण"],
    };
    let initial = char::from(b'A' + rng.random_range(0..26u8));
    format!("{} {initial}.", pick(first, rng))
}

fn pick<T: Copy>(list: &[T], rng: &mut ChaCha8Rng) -> T {
    list[rng.random_range(0..list.len())]
}
