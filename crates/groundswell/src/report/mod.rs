//! Reports: what is to be in one (`definition`), for which period (`period`), when (`schedule`), how it is made from the
//! store (`make`), where its files are kept (`files`) and with which
//! letter it leaves (`letter`). How it looks is the crate `report`'s.
//!
//! A report that is not marked internal leaves the house: it shows no post, no small cell, and is not made of a filter
//! that singles out few people.

mod definition;
mod files;
mod letter;
mod make;
mod names;
mod narrative;
mod period;
mod schedule;
mod sections;
mod words;

#[cfg(test)]
mod tests;

pub use definition::{Definition, Form, SectionKind};
pub use files::{folder, open, remove, write};
pub(crate) use files::{fonts, private};
pub use letter::letters;
pub use make::{Made, make};
pub use period::{Period, Span};
pub use schedule::{Every, Schedule, run};
