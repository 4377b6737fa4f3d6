//! Pages: where things are put, and when a new page begins. First all is laid out, then written, since every page says
//! how many there are.

use crate::Error;
use crate::colour::{INK_3, LINE, Rgb, WARN};
use crate::draw::Drawing;
use crate::model::Report;
use crate::text::{Fonts, SetLine, Shaper};
use krilla::Document;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

/// A4 in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = 52.0;
const TOP: f32 = 56.0;
const BOTTOM: f32 = PAGE.1 - 62.0;
/// Between the margins.
pub(super) const WIDTH: f32 = PAGE.0 - 2.0 * LEFT;

/// Something on a page; places are from the left margin and the page's upper edge.
pub(super) enum Put {
    Line {
        x: f32,
        y: f32,
        size: f32,
        colour: Rgb,
        line: SetLine,
    },
    Rule {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        colour: Rgb,
    },
    Chart {
        y: f32,
        drawing: Drawing,
    },
    Logo {
        x: f32,
        y: f32,
        size: (f32, f32),
        png: Vec<u8>,
    },
    Link {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        to: String,
    },
}

/// Where a section begins.
pub(super) struct Mark {
    pub(super) title: String,
    page: usize,
    y: f32,
}

impl Mark {
    pub(super) fn destination(&self) -> XyzDestination {
        XyzDestination::new(self.page, Point::from_xy(0.0, self.y))
    }
}

/// The pages so far.
pub(super) struct Pages<'s> {
    pub(super) shaper: &'s Shaper<'s>,
    pages: Vec<Vec<Put>>,
    pub(super) marks: Vec<Mark>,
    /// Where the next thing goes.
    pub(super) y: f32,
}

/// How text looks.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) leading: f32,
    pub(super) bold: bool,
    pub(super) colour: Rgb,
}

impl<'s> Pages<'s> {
    pub(super) fn new(shaper: &'s Shaper<'s>) -> Self {
        Self {
            shaper,
            pages: vec![Vec::new()],
            marks: Vec::new(),
            y: TOP,
        }
    }

    /// Begins a page where less than `height` is left; a page is never left empty.
    pub(super) fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > TOP {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
    }

    /// Room, but not at the head of a page.
    pub(super) fn space(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    pub(super) fn mark(&mut self, title: &str) {
        self.marks.push(Mark {
            title: title.to_owned(),
            page: self.pages.len() - 1,
            y: self.y,
        });
    }

    pub(super) fn put(&mut self, what: Put) {
        if let Some(page) = self.pages.last_mut() {
            page.push(what);
        }
    }

    /// A set line at a place, without moving on.
    pub(super) fn set(&mut self, (x, y): (f32, f32), line: SetLine, style: Style) {
        self.put(Put::Line {
            x,
            y,
            size: style.size,
            colour: style.colour,
            line,
        });
    }

    /// Text in lines, from `x` on and no wider than `width`; a page may end between two of them.
    pub(super) fn text(&mut self, text: &str, style: Style, (x, width): (f32, f32)) {
        let lines = self.shaper.wrap(text, style.size, style.bold, width);
        let count = lines.len();
        for (place, line) in lines.into_iter().enumerate() {
            // No single line is left behind or sent ahead.
            let together = if (place == 0 && count > 1) || place + 2 == count {
                2.0
            } else {
                1.0
            };
            self.need(style.leading * together);
            let at = if line.from_right {
                x + width - line.width
            } else {
                x
            };
            let base = self.y + style.leading * 0.5 + style.size * 0.36;
            self.set((at, base), line, style);
            self.y += style.leading;
        }
    }

    pub(super) fn rule(&mut self, colour: Rgb) {
        let y = self.y;
        self.put(Put::Rule {
            x: 0.0,
            y,
            width: WIDTH,
            height: 0.75,
            colour,
        });
    }

    pub(super) fn drawing(&mut self, drawing: Drawing) {
        self.need(drawing.height);
        let (y, height) = (self.y, drawing.height);
        self.put(Put::Chart { y, drawing });
        self.y += height;
    }

    pub(super) fn write(self, document: &mut Document, report: &Report, fonts: &Fonts) -> Result<(), Error> {
        let faces = fonts
            .data()
            .map(|data| Font::new(data.to_vec().into(), 0).ok_or_else(|| Error::Pdf("a font".to_owned())))
            .collect::<Result<Vec<_>, _>>()?;
        let settings =
            PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| Error::Pdf("the page".to_owned()))?;
        let count = self.pages.len();
        for (number, things) in (1..).zip(self.pages) {
            let mut page = document.start_page_with(settings.clone());
            let mut links = Vec::new();
            let mut surface = page.surface();
            let mut pen = Pen {
                surface: &mut surface,
                faces: &faces,
                shaper: self.shaper,
            };
            for put in things {
                match put {
                    Put::Line {
                        x,
                        y,
                        size,
                        colour,
                        line,
                    } => pen.line((LEFT + x, y), &line, size, colour),
                    Put::Rule {
                        x,
                        y,
                        width,
                        height,
                        colour,
                    } => pen.rect((LEFT + x, y), (width, height), colour),
                    Put::Chart { y, drawing } => pen.drawing((LEFT, y), &drawing),
                    Put::Logo { x, y, size, png } => pen.logo((LEFT + x, y), size, png)?,
                    Put::Link {
                        x,
                        y,
                        width,
                        height,
                        to,
                    } => links.push((LEFT + x, y, width, height, to)),
                }
            }
            running(&mut pen, report, number, count);
            surface.finish();
            for (x, y, width, height, to) in links {
                if let Some(rect) = Rect::from_xywh(x, y, width, height) {
                    let action = Target::Action(Action::Link(LinkAction::new(to)));
                    page.add_annotation(Annotation::new_link(LinkAnnotation::new(rect, action), None));
                }
            }
            page.finish();
        }
        Ok(())
    }
}

/// What stands at the foot of every page.
fn running(pen: &mut Pen<'_, '_>, report: &Report, number: usize, count: usize) {
    let y = PAGE.1 - 34.0;
    pen.rect((LEFT, y - 14.0), (WIDTH, 0.5), LINE);
    let words = pen.shaper.fit(
        &format!("{} · {}", report.title, report.period),
        8.0,
        false,
        WIDTH * 0.7,
    );
    pen.line((LEFT, y), &pen.shaper.line(&words, 8.0, false), 8.0, INK_3);
    let pages = pen.shaper.line(&format!("{number} / {count}"), 8.0, false);
    pen.line((LEFT + WIDTH - pages.width, y), &pages, 8.0, INK_3);
    if report.draft {
        let words = pen.shaper.line("Draft: not approved yet", 8.0, true);
        pen.line((LEFT + WIDTH - words.width, 34.0), &words, 8.0, WARN);
    }
}

/// Draws on a page.
pub(super) struct Pen<'p, 'd> {
    pub(super) surface: &'p mut Surface<'d>,
    faces: &'p [Font],
    pub(super) shaper: &'p Shaper<'p>,
}

impl Pen<'_, '_> {
    pub(super) fn fill(&mut self, [r, g, b]: Rgb, opacity: f32) {
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill {
            paint: rgb::Color::new(r, g, b).into(),
            opacity: NormalizedF32::new(opacity).unwrap_or(NormalizedF32::ONE),
            rule: Default::default(),
        }));
    }

    pub(super) fn line(&mut self, (x, y): (f32, f32), line: &SetLine, size: f32, colour: Rgb) {
        self.fill(colour, 1.0);
        let mut x = x;
        for run in &line.runs {
            let Some(face) = self.faces.get(run.face) else {
                continue;
            };
            let glyphs: Vec<KrillaGlyph> = run
                .glyphs
                .iter()
                .map(|g| {
                    let (right, up) = g.offset;
                    KrillaGlyph::new(
                        GlyphId::new(g.id),
                        g.advance,
                        right,
                        up,
                        0.0,
                        g.range.clone(),
                        None,
                    )
                })
                .collect();
            if !glyphs.is_empty() {
                self.surface.draw_glyphs(
                    Point::from_xy(x, y),
                    &glyphs,
                    face.clone(),
                    &run.text,
                    size,
                    false,
                );
            }
            x += run.width * size;
        }
    }

    pub(super) fn rect(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), colour: Rgb) {
        let Some(rect) = Rect::from_xywh(x, y, width, height) else {
            return;
        };
        let mut path = PathBuilder::new();
        path.push_rect(rect);
        if let Some(path) = path.finish() {
            self.fill(colour, 1.0);
            self.surface.draw_path(&path);
        }
    }

    fn logo(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), png: Vec<u8>) -> Result<(), Error> {
        let image = Image::from_png(png.into(), true).map_err(|_| Error::Logo)?;
        let size = Size::from_wh(width, height).ok_or(Error::Logo)?;
        self.surface.push_transform(&Transform::from_translate(x, y));
        self.surface.draw_image(image, size);
        self.surface.pop();
        Ok(())
    }
}
