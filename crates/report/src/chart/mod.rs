//! The geometry of charts, once for HTML and PDF: scales, ticks, places and colours.

mod bars;
mod heat;
mod lines;
mod stacked;

use crate::colour::{INK_2, INK_3, LINE, Rgb};
use crate::draw::{Anchor, Drawing};
use crate::model::Body;
use crate::scale;
use crate::text::Shaper;

/// Text on axes and legends.
const SMALL: f32 = 10.0;
/// Text of labels.
const LABEL: f32 = 11.0;

/// Draws a section's chart to a width; `None` where it is none.
pub(crate) fn drawing(body: &Body, width: f32, shaper: &Shaper<'_>) -> Option<Drawing> {
    match body {
        Body::Lines(lines) => Some(lines::draw(lines, width, shaper)),
        Body::Bars(list) => Some(bars::draw(list, width, shaper)),
        Body::Stacked(stacked) if stacked.over_time => Some(stacked::columns(stacked, width, shaper)),
        Body::Stacked(stacked) => Some(stacked::lying(stacked, width, shaper)),
        Body::Heat(heat) => Some(heat::draw(heat, width, shaper)),
        _ => None,
    }
}

/// The part of a drawing with the data in it.
struct Plot {
    left: f32,
    top: f32,
    width: f32,
    height: f32,
    /// The value at its upper edge.
    most: f64,
}

impl Plot {
    fn y(&self, value: f64) -> f32 {
        self.top + self.height - (value / self.most) as f32 * self.height
    }

    fn bottom(&self) -> f32 {
        self.top + self.height
    }
}

/// Grid and numbers of a vertical axis that holds `most`; what is left of the drawing between `top` and `bottom`.
fn axis(out: &mut Drawing, top: f32, bottom: f32, most: f64, shaper: &Shaper<'_>) -> Plot {
    let (most, step) = scale::axis(most);
    let ticks = scale::ticks(most, step);
    let widest = ticks
        .iter()
        .map(|t| shaper.width(&scale::compact(*t), SMALL, false))
        .fold(0.0, f32::max);
    let plot = Plot {
        left: widest + 8.0,
        top,
        width: out.width - widest - 8.0,
        height: bottom - top,
        most,
    };
    for tick in ticks {
        let y = plot.y(tick);
        out.line(vec![(plot.left, y), (out.width, y)], LINE, 0.8, false);
        out.text(
            (plot.left - 8.0, y + 3.5),
            &scale::compact(tick),
            (SMALL, false),
            Anchor::End,
            INK_3,
        );
    }
    plot
}

/// Names below a plot, as many as there is room for; `x` says where each stands.
fn names(out: &mut Drawing, plot: &Plot, labels: &[String], x: impl Fn(usize) -> f32, shaper: &Shaper<'_>) {
    let widest = labels
        .iter()
        .map(|l| shaper.width(l, SMALL, false))
        .fold(0.0, f32::max);
    let every = scale::every(labels.len(), plot.width, widest + 16.0);
    for (place, label) in labels.iter().enumerate().step_by(every) {
        let half = shaper.width(label, SMALL, false) / 2.0;
        // What would stand out at an edge is moved inside.
        let at = x(place).clamp(plot.left.min(half), (out.width - half).max(half));
        out.text(
            (at, plot.bottom() + 16.0),
            label,
            (SMALL, false),
            Anchor::Middle,
            INK_3,
        );
    }
}

/// Names with their colours, in rows from `top` on; the height they take.
fn legend(out: &mut Drawing, top: f32, list: &[(&str, Rgb)], shaper: &Shaper<'_>) -> f32 {
    let (mut x, mut y) = (0.0, top);
    for (name, colour) in list {
        let name = shaper.fit(name, LABEL, false, out.width - 16.0);
        let width = 16.0 + shaper.width(&name, LABEL, false);
        if x > 0.0 && x + width > out.width {
            (x, y) = (0.0, y + 18.0);
        }
        out.rect((x, y + 1.0), (10.0, 10.0), *colour, None);
        out.text((x + 16.0, y + 10.0), &name, (LABEL, false), Anchor::Start, INK_2);
        x += width + 20.0;
    }
    if list.is_empty() { 0.0 } else { y + 18.0 - top }
}
