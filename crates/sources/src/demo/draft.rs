//! A post before it has an author, an id and a time.

use super::lang::Lang;
use super::truth::{Intent, Polarity, Target, Truth};
use super::world::{Aspect, Brand};

/// What to write.
#[derive(Debug, Clone, Copy)]
pub(super) struct Order {
    /// The grammar symbol.
    pub(super) symbol: &'static str,
    pub(super) lang: Lang,
    pub(super) brand: Option<Brand>,
    pub(super) rival: Option<Brand>,
    /// The product, where it must be a certain one.
    pub(super) model: Option<&'static str>,
    pub(super) polarity: Polarity,
    pub(super) aspect: Option<Aspect>,
    pub(super) intent: Intent,
    pub(super) event: Option<&'static str>,
    /// Whether openers, closers, slips, emoji and tags may be added.
    pub(super) casual: bool,
    /// Whether hashtags and `@` are in use where it will be posted.
    pub(super) tags: bool,
}

impl Order {
    pub(super) fn new(symbol: &'static str, lang: Lang, intent: Intent, polarity: Polarity) -> Self {
        Self {
            symbol,
            lang,
            brand: None,
            rival: None,
            model: None,
            polarity,
            aspect: None,
            intent,
            event: None,
            casual: true,
            tags: true,
        }
    }

    pub(super) fn about(self, brand: Brand) -> Self {
        Self {
            brand: Some(brand),
            ..self
        }
    }

    pub(super) fn against(self, rival: Brand) -> Self {
        Self {
            rival: Some(rival),
            ..self
        }
    }

    pub(super) fn on(self, aspect: Aspect) -> Self {
        Self {
            aspect: Some(aspect),
            ..self
        }
    }

    pub(super) fn model(self, model: &'static str) -> Self {
        Self {
            model: Some(model),
            ..self
        }
    }

    pub(super) fn event(self, event: &'static str) -> Self {
        Self {
            event: Some(event),
            ..self
        }
    }

    /// Without decoration: for companies, newsrooms and machines.
    pub(super) fn formal(self) -> Self {
        Self {
            casual: false,
            ..self
        }
    }

    pub(super) fn tags(self, tags: bool) -> Self {
        Self { tags, ..self }
    }
}

/// A written text with its truth, except for what publishing adds.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) title: Option<String>,
    pub(super) text: String,
    pub(super) link: Option<String>,
    pub(super) truth: Truth,
}

impl Draft {
    pub(super) fn new(order: &Order, text: String) -> Self {
        let truth = Truth {
            uid: String::new(),
            lang: order.lang,
            sentiment: order.polarity,
            targets: Vec::new(),
            intent: order.intent,
            event: order.event,
            is_spam: false,
            bot: false,
            ironic: order.symbol == "irony",
            ambiguous: order.symbol.starts_with("maple."),
            copy_of: None,
            personal: Vec::new(),
        };
        let mut draft = Self {
            title: None,
            text,
            link: None,
            truth,
        };
        if let Some(brand) = order.brand {
            draft.truth.targets.push(Target {
                brand,
                sentiment: order.polarity,
                aspect: order.aspect,
            });
        }
        if let Some(brand) = order.rival.filter(|r| r.is_named_in(&draft.text)) {
            let against = matches!(order.intent, Intent::Comparison) || order.event == Some("campaign");
            let sentiment = if against {
                order.polarity.opposite()
            } else {
                Polarity::Neutral
            };
            draft.truth.targets.push(Target {
                brand,
                sentiment,
                aspect: None,
            });
        }
        draft
    }

    /// Brings the targets in line with the words: a brand that is named (say, by `@` in a reply) is a target, one
    /// that is not named is none.
    pub(super) fn settle(&mut self) {
        let named =
            |b: Brand| b.is_named_in(&self.text) || self.title.as_deref().is_some_and(|t| b.is_named_in(t));
        self.truth.targets.retain(|t| named(t.brand));
        if self.truth.ambiguous {
            return;
        }
        for brand in Brand::ALL {
            if named(brand) && self.truth.targets.iter().all(|t| t.brand != brand) {
                self.truth.targets.push(Target {
                    brand,
                    sentiment: self.truth.sentiment,
                    aspect: None,
                });
            }
        }
    }
}
