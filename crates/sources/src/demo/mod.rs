//! The demo stream: lifelike, seeded, made up, with its truth written beside it.
//!
//! [`Simulator`] is a pure generator: the same [`DemoConfig`] gives the same posts. The stream has the shape of the
//! real thing (ten languages on ten platforms, a few authors who post most, nights and weekends, threads, reposts,
//! advertising, machines, deletes) and holds events that a monitoring system should find: a product recall, a
//! coordinated campaign, launches and outages. Whatever is planted in a post is said in its [`Truth`], so that every
//! detector can be judged on it.
//!
//! Where to look: `world` invents the market, `phrases/*.txt` are the words, `grammar` expands them, `style` makes
//! them look typed, `background` is the ordinary stream, `episodes` and `perform` are what happens beside it,
//! `publish` dresses a draft as a platform's post.

mod agenda;
mod authors;
mod background;
mod config;
mod draft;
mod episodes;
mod grammar;
mod lang;
mod monitors;
mod perform;
mod pick;
mod platforms;
mod publish;
mod recent;
mod rhythm;
mod simulator;
mod style;
mod truth;
mod world;
mod writer;

#[cfg(test)]
mod tests;

pub use config::DemoConfig;
pub use lang::Lang;
pub use monitors::{DemoMonitor, monitors, public_handles};
pub use simulator::{Simulated, Simulator};
pub use truth::{Intent, Polarity, Target, Truth};
pub use world::{Aspect, Brand, CAMPAIGN_TAG, RECALLED};
