//! A heat map: shades by row and column, with a key of what the darkest means.

use super::SMALL;
use crate::colour::{INK_3, shade};
use crate::draw::{Anchor, Drawing};
use crate::model::Heat;
use crate::scale;
use crate::text::Shaper;

const ROW: f32 = 20.0;

pub(super) fn draw(heat: &Heat, width: f32, shaper: &Shaper<'_>) -> Drawing {
    let mut out = Drawing::new(width, 0.0);
    let left = heat
        .rows
        .iter()
        .map(|r| shaper.width(r, SMALL, false))
        .fold(0.0, f32::max)
        + 10.0;
    let most = heat.values.iter().flatten().copied().fold(0.0, f64::max);
    let cell = (width - left) / heat.columns.len().max(1) as f32;
    for (row, values) in heat.values.iter().enumerate() {
        let y = row as f32 * ROW;
        let name = heat.rows.get(row).map_or("", String::as_str);
        out.text((left - 10.0, y + 13.5), name, (SMALL, false), Anchor::End, INK_3);
        for (column, value) in values.iter().enumerate() {
            let hint = format!(
                "{name} {}: {}",
                heat.columns.get(column).map_or("", String::as_str),
                scale::exact(*value)
            );
            let part = if most > 0.0 { value / most } else { 0.0 };
            let at = (left + column as f32 * cell, y);
            out.rect(at, (cell - 1.5, ROW - 1.5), shade(part), Some(hint));
        }
    }
    let mut y = heat.values.len() as f32 * ROW + 12.0;
    let widest = heat
        .columns
        .iter()
        .map(|c| shaper.width(c, SMALL, false))
        .fold(0.0, f32::max);
    let every = scale::every(heat.columns.len(), width - left, widest + 8.0);
    for (column, name) in heat.columns.iter().enumerate().step_by(every) {
        let x = left + (column as f32 + 0.5) * cell;
        out.text((x, y), name, (SMALL, false), Anchor::Middle, INK_3);
    }
    y += 12.0;
    let words = scale::exact(most);
    let end = width - shaper.width(&words, SMALL, false) - 6.0;
    for step in 0..5 {
        let x = end - (5 - step) as f32 * 16.0;
        out.rect((x, y), (15.0, 9.0), shade(f64::from(step) / 4.0), None);
    }
    out.text((end - 86.0, y + 8.0), "0", (SMALL, false), Anchor::End, INK_3);
    out.text((width, y + 8.0), &words, (SMALL, false), Anchor::End, INK_3);
    out.height = y + 14.0;
    out
}
