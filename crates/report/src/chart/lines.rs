//! Lines over time. One line is named by its section; a few are named at their ends; many by a legend.

use super::{LABEL, SMALL, axis, legend, names};
use crate::colour::{INK, INK_2, SURFACE};
use crate::draw::{Anchor, Drawing};
use crate::model::Lines;
use crate::scale;
use crate::text::Shaper;

/// Of the plot, as a part of the width.
const HEIGHT: f32 = 0.3;

pub(super) fn draw(lines: &Lines, width: f32, shaper: &Shaper<'_>) -> Drawing {
    let mut out = Drawing::new(width, 0.0);
    let mut top = 4.0;
    if lines.lines.len() > 1 {
        let list: Vec<_> = lines
            .lines
            .iter()
            .map(|l| (l.name.as_str(), l.colour.rgb()))
            .collect();
        top += legend(&mut out, 0.0, &list, shaper) + 8.0;
    }
    if !lines.marks.is_empty() {
        top += 18.0;
    }
    let values = lines.lines.iter().flat_map(|l| {
        l.values
            .iter()
            .flatten()
            .copied()
            .chain(l.band.iter().map(|b| b.1))
    });
    let most = values.fold(0.0, f64::max);
    let plot = axis(&mut out, top, top + HEIGHT * width, most, shaper);
    let last = lines.labels.len().saturating_sub(1);
    let x = |place: usize| match last {
        0 => plot.left + plot.width / 2.0,
        _ => plot.left + 2.0 + (plot.width - 4.0) * place as f32 / last as f32,
    };
    for line in &lines.lines {
        let colour = line.colour.rgb();
        let upper = line.band.iter().enumerate().map(|(i, b)| (x(i), plot.y(b.1)));
        let lower = line
            .band
            .iter()
            .enumerate()
            .rev()
            .map(|(i, b)| (x(i), plot.y(b.0)));
        out.area(upper.chain(lower).collect(), colour, 0.15);
        for (begin, stretch) in stretches(&line.values) {
            let points: Vec<(f32, f32)> = (begin..).map(x).zip(stretch.iter().map(|v| plot.y(*v))).collect();
            let end = begin + stretch.len() - 1;
            if lines.filled
                && let (Some(first), Some(close)) = (points.first(), points.last())
            {
                let floor = [(close.0, plot.bottom()), (first.0, plot.bottom())];
                out.area(points.iter().copied().chain(floor).collect(), colour, 0.12);
            }
            let open = lines.open_end && end == last && points.len() > 1;
            let (firm, dotted) = match open {
                true => (
                    points[..points.len() - 1].to_vec(),
                    points[points.len() - 2..].to_vec(),
                ),
                false => (points.clone(), Vec::new()),
            };
            out.line(firm, colour, 1.8, false);
            out.line(dotted, colour, 1.8, true);
            // A single point is no line, and few points are shown as such.
            let radius = if stretch.len() == 1 { 2.5 } else { 1.6 };
            for (place, point) in (begin..).zip(points) {
                if lines.labels.len() <= 62 {
                    let hint = format!(
                        "{}: {}{}",
                        lines.labels.get(place).map_or("", String::as_str),
                        scale::exact(stretch[place - begin]),
                        if lines.lines.len() > 1 {
                            format!(" ({})", line.name)
                        } else {
                            String::new()
                        }
                    );
                    out.dot(point, radius, colour, Some(hint));
                }
            }
        }
    }
    names(&mut out, &plot, &lines.labels, x, shaper);
    let mut bottom = plot.bottom() + 22.0;
    for (number, mark) in (1..).zip(&lines.marks) {
        let highest = lines
            .lines
            .iter()
            .filter_map(|l| l.values.get(mark.at).copied().flatten())
            .fold(0.0, f64::max);
        let at = (x(mark.at.min(last)), plot.y(highest) - 12.0);
        badge(&mut out, at, number);
        bottom += 18.0;
        badge(&mut out, (8.0, bottom - 4.0), number);
        let words = shaper.fit(&mark.words, LABEL, false, width - 24.0);
        out.text((22.0, bottom), &words, (LABEL, false), Anchor::Start, INK_2);
    }
    out.height = bottom + 4.0;
    out
}

fn badge(out: &mut Drawing, (x, y): (f32, f32), number: usize) {
    out.dot((x, y), 7.0, INK, None);
    out.text(
        (x, y + 3.2),
        &number.to_string(),
        (SMALL - 1.0, true),
        Anchor::Middle,
        SURFACE,
    );
}

/// The stretches without holes, with the place of their first value.
fn stretches(values: &[Option<f64>]) -> Vec<(usize, Vec<f64>)> {
    let mut out: Vec<(usize, Vec<f64>)> = Vec::new();
    for (place, value) in values.iter().enumerate() {
        let Some(value) = value else { continue };
        match out.last_mut() {
            Some((begin, stretch)) if *begin + stretch.len() == place => stretch.push(*value),
            _ => out.push((place, vec![*value])),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::stretches;

    #[test]
    fn holes_part_a_line() {
        let values = [None, Some(1.0), Some(2.0), None, Some(3.0)];
        assert_eq!(stretches(&values), [(1, vec![1.0, 2.0]), (4, vec![3.0])]);
        assert_eq!(stretches(&[None]), []);
    }
}
