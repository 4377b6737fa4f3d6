//! Any text as what a question for figures brings along: formulas, cursors, intervals over any period. Read or refused, and
//! what is read has a size that is known before anything is counted.
#![no_main]

use groundswell::analytics::formula::Formula;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use store::{Calendar, MAX_CELLS, Step};

const STEPS: [Step; 8] = [
    Step::Minutes(1),
    Step::Minutes(15),
    Step::Hours(1),
    Step::Hours(6),
    Step::Day,
    Step::Week,
    Step::Month,
    Step::Year,
];

fuzz_target!(|input: (&str, i64, i64, u8)| {
    let (text, from, to, which) = input;
    if let Ok(formula) = Formula::parse(text) {
        let value = formula.value(&|_| Some(2.0));
        assert!(value.is_none_or(f64::is_finite));
        assert!(!formula.metrics().iter().any(|name| name.is_empty()));
    }
    let _ = text.parse::<store::Cursor>();
    let zone = TimeZone::get(text.lines().next().unwrap_or("UTC")).unwrap_or(TimeZone::UTC);
    let step = STEPS[usize::from(which) % STEPS.len()];
    if let Ok(borders) = (Calendar { step, zone }).borders(from, to, MAX_CELLS) {
        assert!(borders.len() <= MAX_CELLS + 3);
        assert!(borders.is_sorted());
    }
});
