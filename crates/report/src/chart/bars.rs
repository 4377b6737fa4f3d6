//! Ranked bars, with the number at the end of each.

use super::LABEL;
use crate::colour::{INK, INK_3};
use crate::draw::{Anchor, Drawing};
use crate::model::Bar;
use crate::scale;
use crate::text::Shaper;

const ROW: f32 = 24.0;
const THICK: f32 = 14.0;

pub(super) fn draw(list: &[Bar], width: f32, shaper: &Shaper<'_>) -> Drawing {
    let mut out = Drawing::new(width, list.len() as f32 * ROW + 4.0);
    let names = list
        .iter()
        .map(|b| shaper.width(&b.label, LABEL, false))
        .fold(0.0, f32::max)
        .min(width * 0.32);
    let behind = |bar: &Bar| {
        let note = bar
            .note
            .as_deref()
            .map_or(0.0, |n| shaper.width(n, LABEL, false) + 8.0);
        shaper.width(&scale::exact(bar.value), LABEL, true) + note
    };
    let numbers = list.iter().map(behind).fold(0.0, f32::max);
    let (left, room) = (names + 12.0, (width - names - numbers - 28.0).max(20.0));
    let most = list.iter().map(|b| b.value).fold(0.0, f64::max).max(1e-9);
    for (row, bar) in list.iter().enumerate() {
        let y = row as f32 * ROW;
        let length = ((bar.value / most) as f32 * room).max(if bar.value > 0.0 { 1.0 } else { 0.0 });
        let name = shaper.fit(&bar.label, LABEL, false, names + 1.0);
        out.text((0.0, y + 15.5), &name, (LABEL, false), Anchor::Start, INK);
        out.rect(
            (left, y + (ROW - THICK) / 2.0),
            (length, THICK),
            bar.colour.rgb(),
            None,
        );
        let number = scale::exact(bar.value);
        let at = left + length + 8.0;
        out.text((at, y + 15.5), &number, (LABEL, true), Anchor::Start, INK);
        if let Some(note) = &bar.note {
            let at = at + shaper.width(&number, LABEL, true) + 8.0;
            out.text((at, y + 15.5), note, (LABEL, false), Anchor::Start, INK_3);
        }
    }
    out
}
