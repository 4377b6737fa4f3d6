//! Writes texts: from an order to words in the ten languages.

use super::draft::{Draft, Order};
use super::grammar::{Fill, Grammar, Slots};
use super::lang::Lang;
use super::pick::weighted;
use super::style;
use super::truth::{Intent, Polarity};
use super::world::{Aspect, Brand, CAMPAIGN_TAG};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// The grammars of all languages.
#[derive(Debug)]
pub(super) struct Writer {
    grammars: [Grammar; 10],
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            grammars: Lang::ALL.map(|l| Grammar::parse(l.phrases())),
        }
    }

    pub(super) fn grammar(&self, lang: Lang) -> &Grammar {
        &self.grammars[lang as usize]
    }

    /// Writes what is ordered.
    pub(super) fn write(&self, order: &Order, rng: &mut ChaCha8Rng) -> Draft {
        let mut blanks = Blanks::new(order);
        let mut text = String::with_capacity(160);
        let mood = mood(order.polarity);
        if order.casual && mood != "chat" && rng.random_bool(0.25) {
            self.part(order, &format!("open.{mood}"), &mut blanks, rng, &mut text);
        }
        self.part(order, order.symbol, &mut blanks, rng, &mut text);
        if order.casual {
            self.decorate(order, mood, &mut blanks, rng, &mut text);
        }
        Draft::new(order, text)
    }

    fn decorate(
        &self,
        order: &Order,
        mood: &str,
        blanks: &mut Blanks,
        rng: &mut ChaCha8Rng,
        text: &mut String,
    ) {
        if mood != "chat" && order.brand.is_some() && rng.random_bool(0.2) {
            if !text.ends_with(['.', '!', '?', '؟', '。', '！', '？']) {
                text.push('.');
            }
            self.part(order, &format!("close.{mood}"), blanks, rng, text);
        }
        style::dress(text, order.lang, order.polarity, rng);
        if order.tags && rng.random_bool(0.12) {
            let set = if order.brand.is_some() { mood } else { "chat" };
            self.part(order, &format!("tags.{set}"), blanks, rng, text);
        }
    }

    fn part(
        &self,
        order: &Order,
        symbol: &str,
        blanks: &mut Blanks,
        rng: &mut ChaCha8Rng,
        text: &mut String,
    ) {
        if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
        self.grammar(order.lang).write(symbol, blanks, rng, text);
    }

    /// Something ordinary about a brand: an opinion on an aspect, a question, a comparison, plain news.
    pub(super) fn about(&self, brand: Brand, lang: Lang, tags: bool, rng: &mut ChaCha8Rng) -> Draft {
        use Polarity::{Negative, Neutral, Positive};
        let rival = brand.rivals()[rng.random_range(0..2)];
        let order = match rng.random_range(0..100) {
            0..60 => return self.opinion(brand, lang, tags, rng),
            60..69 => Order::new("question", lang, Intent::Question, Neutral).against(rival),
            69..80 => Order::new("neutral", lang, Intent::News, Neutral),
            80..91 => Order::new("compare", lang, Intent::Comparison, Positive).against(rival),
            91..95 => Order::new("irony", lang, Intent::Complaint, Negative),
            _ => Order::new("help", lang, Intent::Help, Negative).on(Aspect::Support),
        };
        let mut draft = self.write(&order.about(brand).tags(tags), rng);
        if order.intent == Intent::Help && rng.random_bool(0.3) {
            self.add_contact(lang, &mut draft, rng);
        }
        draft
    }

    fn opinion(&self, brand: Brand, lang: Lang, tags: bool, rng: &mut ChaCha8Rng) -> Draft {
        let at = weighted(&brand.aspect_weights(), rng);
        let aspect = Aspect::ALL[at];
        let order = if rng.random_bool(brand.praise_rates()[at]) {
            Order::new(aspect.praise(), lang, Intent::Praise, Polarity::Positive)
        } else {
            Order::new(aspect.complaint(), lang, Intent::Complaint, Polarity::Negative)
        };
        let mut draft = self.write(&order.about(brand).on(aspect).tags(tags), rng);
        if order.intent == Intent::Complaint && rng.random_bool(0.03) {
            self.add_contact(lang, &mut draft, rng);
        }
        draft
    }

    /// People do write their number under a complaint. All of it is from ranges reserved for fiction and tests.
    fn add_contact(&self, lang: Lang, draft: &mut Draft, rng: &mut ChaCha8Rng) {
        let order = Order::new("contact", lang, Intent::Help, Polarity::Neutral);
        let mut blanks = Blanks::new(&order);
        self.part(&order, order.symbol, &mut blanks, rng, &mut draft.text);
        draft.truth.personal = blanks.personal;
    }

    /// Everyday talk that names no brand.
    pub(super) fn chatter(&self, lang: Lang, tags: bool, rng: &mut ChaCha8Rng) -> Draft {
        let (symbol, polarity) = match rng.random_range(0..100) {
            0..30 => ("chat.pos", Polarity::Positive),
            30..55 => ("chat.neg", Polarity::Negative),
            _ => ("chat.neu", Polarity::Neutral),
        };
        self.write(
            &Order::new(symbol, lang, Intent::Chatter, polarity).tags(tags),
            rng,
        )
    }

    /// The word that is also a brand, in its everyday sense.
    pub(super) fn everyday_maple(&self, lang: Lang, tags: bool, rng: &mut ChaCha8Rng) -> Draft {
        let (symbol, polarity) = [
            ("maple.pos", Polarity::Positive),
            ("maple.neg", Polarity::Negative),
            ("maple.neu", Polarity::Neutral),
        ][rng.random_range(0..3)];
        self.write(
            &Order::new(symbol, lang, Intent::Chatter, polarity).tags(tags),
            rng,
        )
    }

    /// Advertising nobody asked for; some of it borrows a brand's name.
    pub(super) fn spam(&self, brand: Option<Brand>, lang: Lang, rng: &mut ChaCha8Rng) -> Draft {
        let symbol = if brand.is_some() { "spam.brand" } else { "spam" };
        let order = Order::new(symbol, lang, Intent::Promotion, Polarity::Neutral)
            .event("spam")
            .formal();
        let mut draft = self.write(&Order { brand, ..order }, rng);
        draft.truth.is_spam = true;
        draft.link = Some(format!(
            "https://win-{}.example/{}",
            rng.random_range(1..40),
            rng.random_range(100..999)
        ));
        draft
    }

    /// A newspaper's article: headline and first lines.
    pub(super) fn article(&self, title: &'static str, order: Order, rng: &mut ChaCha8Rng) -> Draft {
        let model = order.model.or_else(|| {
            order
                .brand
                .map(|b| b.models()[rng.random_range(0..b.models().len())])
        });
        let order = Order { model, ..order }.formal().tags(false);
        let headline = self
            .write(
                &Order {
                    symbol: title,
                    ..order
                },
                rng,
            )
            .text;
        let mut draft = self.write(&order, rng);
        draft.title = Some(headline);
        draft
    }

    /// A headline for platforms where every opening post has one.
    pub(super) fn headline(&self, draft: &Draft, rng: &mut ChaCha8Rng) -> String {
        if let Some(target) = draft.truth.targets.first() {
            return target.brand.models()[rng.random_range(0..4)].to_owned();
        }
        let order = Order::new("food", draft.truth.lang, Intent::Chatter, Polarity::Neutral).formal();
        let symbol = ["food", "place", "show", "hobby"][rng.random_range(0..4)];
        self.write(&Order { symbol, ..order }, rng).text
    }

    /// One copy of the campaign's text, which leads to a page. `years` holds it together, synonyms and slips tell the
    /// copies apart.
    pub(super) fn campaign(&self, lang: Lang, years: u32, page: &str, rng: &mut ChaCha8Rng) -> Draft {
        let order = Order::new("campaign", lang, Intent::Promotion, Polarity::Positive)
            .about(Brand::Ozenti)
            .against(Brand::Kelvora)
            .event("campaign");
        let mut blanks = Blanks {
            number: Some(years),
            plain: true,
            ..Blanks::new(&order)
        };
        let mut text = String::new();
        self.part(&order, order.symbol, &mut blanks, rng, &mut text);
        if rng.random_bool(0.3) {
            text.push_str([" 🔥", " 👇", "!!", " 💯"][rng.random_range(0..4)]);
        }
        let link = format!("https://ozenti-switch.example/{page}");
        text.push_str(&format!(" #{CAMPAIGN_TAG} {link}"));
        Draft {
            link: Some(link),
            ..Draft::new(&order, text)
        }
    }
}

fn mood(polarity: Polarity) -> &'static str {
    match polarity {
        Polarity::Positive => "pos",
        Polarity::Negative => "neg",
        Polarity::Neutral => "chat",
    }
}

/// Fills the capital slots of a grammar for one order.
struct Blanks {
    lang: Lang,
    brand: Brand,
    rival: Brand,
    model: Option<&'static str>,
    number: Option<u32>,
    plain: bool,
    personal: Vec<&'static str>,
}

impl Blanks {
    fn new(order: &Order) -> Self {
        let brand = order.brand.unwrap_or(Brand::Kelvora);
        Self {
            lang: order.lang,
            brand,
            rival: order.rival.unwrap_or(brand.rivals()[0]),
            model: order.model,
            number: None,
            plain: !order.tags || !order.casual,
            personal: Vec::new(),
        }
    }

    /// The brand as people write it: mostly its name, sometimes a product, a tag, its handle, or their own script.
    fn name(&self, brand: Brand, rng: &mut ChaCha8Rng) -> String {
        let own_script = match self.lang {
            Lang::Ja => brand.spellings().get(1),
            Lang::Ar => brand.spellings().get(2),
            Lang::Hi => brand.spellings().get(3),
            _ => None,
        };
        match rng.random_range(0..100) {
            0..40 if own_script.is_some() => own_script.map_or("", |s| s).to_owned(),
            40..52 if !self.plain => format!("#{}", brand.hashtag()),
            52..58 if !self.plain => format!("@{}", brand.handle()),
            58..70 => brand.models()[rng.random_range(0..4)].to_owned(),
            _ => brand.name().to_owned(),
        }
    }

    fn number(&self, rng: &mut ChaCha8Rng) -> u32 {
        self.number.unwrap_or_else(|| rng.random_range(2..31))
    }
}

impl Slots for Blanks {
    fn fill(&mut self, slot: Fill, rng: &mut ChaCha8Rng, out: &mut String) {
        match slot {
            Fill::Brand if self.number.is_some() => out.push_str(self.brand.name()),
            Fill::Rival if self.number.is_some() => out.push_str(self.rival.name()),
            Fill::Brand => out.push_str(&self.name(self.brand, rng)),
            Fill::Rival => out.push_str(&self.name(self.rival, rng)),
            Fill::Model => {
                let model = self
                    .model
                    .unwrap_or_else(|| self.brand.models()[rng.random_range(0..4)]);
                out.push_str(model);
            }
            Fill::Handle => out.push_str(&format!("@{}", self.brand.handle())),
            Fill::Number => out.push_str(&self.number(rng).to_string()),
            Fill::Price => out.push_str(&price(self.lang, rng)),
            Fill::Email => {
                self.personal.push("email");
                let name = ["anna.k", "j.silva", "m_tan", "paul77", "noor.h"][rng.random_range(0..5)];
                out.push_str(&format!("{name}{}@mail.example", rng.random_range(1..99)));
            }
            Fill::Phone => {
                self.personal.push("phone");
                out.push_str(&format!("+1 202 555 01{:02}", rng.random_range(0..100)));
            }
            Fill::Card => {
                self.personal.push("card");
                let cards = ["4111 1111 1111 1111", "5555 5555 5555 4444", "3782 822463 10005"];
                out.push_str(cards[rng.random_range(0..3)]);
            }
        }
    }
}

fn price(lang: Lang, rng: &mut ChaCha8Rng) -> String {
    let amount = rng.random_range(3..25) * 10 - 1;
    match lang {
        Lang::En => format!("${amount}"),
        Lang::Pt => format!("R${}", amount * 5),
        Lang::Ja => format!("{}円", amount * 150),
        Lang::Hi => format!("₹{}", amount * 80),
        Lang::Ar => format!("{amount} دولار"),
        _ => format!("{amount} €"),
    }
}
