//! Bars made of parts: columns along time, or lying bars that fill the width.

use super::{LABEL, SMALL, axis, legend, names};
use crate::colour::{INK, INK_3, SURFACE};
use crate::draw::{Anchor, Drawing};
use crate::model::{Part, Stacked};
use crate::scale;
use crate::text::Shaper;

/// Of the plot, as a part of the width.
const HEIGHT: f32 = 0.28;
const ROW: f32 = 30.0;
const THICK: f32 = 18.0;

pub(super) fn columns(stacked: &Stacked, width: f32, shaper: &Shaper<'_>) -> Drawing {
    let mut out = Drawing::new(width, 0.0);
    let top = parts(&mut out, stacked, shaper) + 10.0;
    let count = stacked.labels.len();
    let most = (0..count).map(|place| total(stacked, place)).fold(0.0, f64::max);
    let plot = axis(&mut out, top, top + HEIGHT * width, most, shaper);
    let slot = plot.width / count.max(1) as f32;
    let thick = (slot * 0.72).clamp(1.0, 36.0);
    let middle = |place: usize| plot.left + slot * (place as f32 + 0.5);
    for place in 0..count {
        let mut below = 0.0;
        for part in &stacked.parts {
            let value = at(part, place);
            let (low, high) = (plot.y(below), plot.y(below + value));
            let hint = format!(
                "{}, {}: {}",
                stacked.labels[place],
                part.name,
                scale::exact(value)
            );
            out.rect(
                (middle(place) - thick / 2.0, high),
                (thick, low - high),
                part.colour.rgb(),
                Some(hint),
            );
            below += value;
        }
    }
    names(&mut out, &plot, &stacked.labels, middle, shaper);
    out.height = plot.bottom() + 26.0;
    out
}

pub(super) fn lying(stacked: &Stacked, width: f32, shaper: &Shaper<'_>) -> Drawing {
    let mut out = Drawing::new(width, 0.0);
    let top = parts(&mut out, stacked, shaper) + 6.0;
    let widest = |texts: &mut dyn Iterator<Item = f32>| texts.fold(0.0, f32::max);
    let left =
        widest(&mut stacked.labels.iter().map(|l| shaper.width(l, LABEL, false))).min(width * 0.32) + 12.0;
    let totals: Vec<f64> = (0..stacked.labels.len())
        .map(|place| total(stacked, place))
        .collect();
    let right = widest(
        &mut totals
            .iter()
            .map(|t| shaper.width(&scale::exact(*t), LABEL, true)),
    ) + 10.0;
    let room = width - left - right;
    for (place, label) in stacked.labels.iter().enumerate() {
        let y = top + place as f32 * ROW;
        let base = y + ROW / 2.0 + 4.0;
        let name = shaper.fit(label, LABEL, false, left - 11.0);
        out.text((0.0, base), &name, (LABEL, false), Anchor::Start, INK);
        let mut x = left;
        for part in stacked.parts.iter().filter(|p| at(p, place) > 0.0) {
            let share = at(part, place) / totals[place];
            let length = share as f32 * room;
            let hint = format!("{label}, {}: {}", part.name, scale::exact(at(part, place)));
            out.rect(
                (x, y + (ROW - THICK) / 2.0),
                ((length - 1.0).max(0.5), THICK),
                part.colour.rgb(),
                Some(hint),
            );
            // Below 30, counts only.
            let words = if totals[place] >= 30.0 {
                format!("{:.0} %", share * 100.0)
            } else {
                scale::exact(at(part, place))
            };
            if shaper.width(&words, SMALL, true) + 10.0 < length {
                out.text(
                    (x + 6.0, base - 0.5),
                    &words,
                    (SMALL, true),
                    Anchor::Start,
                    SURFACE,
                );
            }
            x += length;
        }
        let words = scale::exact(totals[place]);
        out.text((width, base), &words, (LABEL, true), Anchor::End, INK_3);
    }
    out.height = top + stacked.labels.len() as f32 * ROW + 4.0;
    out
}

fn parts(out: &mut Drawing, stacked: &Stacked, shaper: &Shaper<'_>) -> f32 {
    let list: Vec<_> = stacked
        .parts
        .iter()
        .map(|p| (p.name.as_str(), p.colour.rgb()))
        .collect();
    legend(out, 0.0, &list, shaper)
}

fn at(part: &Part, place: usize) -> f64 {
    part.values.get(place).copied().unwrap_or_default().max(0.0)
}

fn total(stacked: &Stacked, place: usize) -> f64 {
    stacked.parts.iter().map(|p| at(p, place)).sum()
}
