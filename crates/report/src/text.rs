//! Setting text: fonts, glyphs, directions, lines.
//!
//! The same widths are used for charts in HTML, whose reader has Inter or something close to it.

use crate::Error;
use rustybuzz::{Direction, Face, UnicodeBuffer};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level};

/// The fonts that come along, in the order in which they are asked for a character.
const OURS: [&[u8]; 4] = [
    include_bytes!("../fonts/Inter-Regular.ttf"),
    include_bytes!("../fonts/NotoSansArabic-Regular.ttf"),
    include_bytes!("../fonts/NotoSansHebrew-Regular.ttf"),
    include_bytes!("../fonts/NotoEmoji-Regular.ttf"),
];
/// Takes the place of the first where text is bold.
const BOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");

/// The fonts a report is set in.
#[derive(Debug, Clone, Default)]
pub struct Fonts {
    extra: Vec<Vec<u8>>,
}

impl Fonts {
    /// Ours, and these (TrueType or OpenType) for what ours lack, such as Chinese, Japanese and Korean.
    pub fn with(extra: Vec<Vec<u8>>) -> Result<Self, Error> {
        match extra.iter().position(|data| Face::from_slice(data, 0).is_none()) {
            Some(place) => Err(Error::Font(place)),
            None => Ok(Self { extra }),
        }
    }

    /// The bytes of every face, the bold one last.
    pub(crate) fn data(&self) -> impl Iterator<Item = &[u8]> {
        OURS.into_iter()
            .chain(self.extra.iter().map(Vec::as_slice))
            .chain(std::iter::once(BOLD))
    }
}

/// Sets text in some fonts.
pub(crate) struct Shaper<'f> {
    faces: Vec<Face<'f>>,
}

/// Glyphs of one face, left to right. Measures are parts of the size.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) face: usize,
    pub(crate) text: String,
    pub(crate) glyphs: Vec<Glyph>,
    pub(crate) width: f32,
}

#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    pub(crate) id: u32,
    pub(crate) advance: f32,
    pub(crate) offset: (f32, f32),
    /// The bytes of the run's text that it shows.
    pub(crate) range: Range<usize>,
}

/// A line, ready to be drawn from left to right.
#[derive(Debug, Clone, Default)]
pub(crate) struct SetLine {
    pub(crate) runs: Vec<Run>,
    /// In units of the page.
    pub(crate) width: f32,
    /// Whether it begins at the right.
    pub(crate) from_right: bool,
}

impl<'f> Shaper<'f> {
    pub(crate) fn new(fonts: &'f Fonts) -> Self {
        // All were read before: ours by a test, others by `Fonts::with`.
        Self {
            faces: fonts
                .data()
                .filter_map(|data| Face::from_slice(data, 0))
                .collect(),
        }
    }

    /// The width of a text on one line.
    pub(crate) fn width(&self, text: &str, size: f32, bold: bool) -> f32 {
        self.line(text, size, bold).width
    }

    /// The text, or as much of it as fits, ending in an ellipsis.
    pub(crate) fn fit(&self, text: &str, size: f32, bold: bool, room: f32) -> String {
        if self.width(text, size, bold) <= room {
            return text.to_owned();
        }
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let fits = |end: usize| self.width(&format!("{}…", text[..end].trim_end()), size, bold) <= room;
        let kept = ends.partition_point(|end| fits(*end)).saturating_sub(1);
        let end = ends.get(kept).copied().unwrap_or_default();
        format!("{}…", text[..end].trim_end())
    }

    /// A text on one line.
    pub(crate) fn line(&self, text: &str, size: f32, bold: bool) -> SetLine {
        let clean: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let bidi = BidiInfo::new(&clean, None);
        let mut line = SetLine::default();
        let Some(paragraph) = bidi.paragraphs.first() else {
            return line;
        };
        line.from_right = paragraph.level.is_rtl();
        let (levels, ranges) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for range in ranges {
            let level: Level = levels[range.start];
            let mut parts = self.by_face(&clean, range, bold);
            if level.is_rtl() {
                parts.reverse();
            }
            for (face, part) in parts {
                line.runs.push(self.shape(face, &clean[part], level.is_rtl()));
            }
        }
        line.width = line.runs.iter().map(|r| r.width).sum::<f32>() * size;
        line
    }

    /// A text in lines no wider than `room`.
    pub(crate) fn wrap(&self, text: &str, size: f32, bold: bool, room: f32) -> Vec<SetLine> {
        let mut out: Vec<SetLine> = Vec::new();
        for paragraph in text.lines() {
            let first = out.len();
            let from_right = self.line(paragraph, size, bold).from_right;
            let mut line = String::new();
            let mut width = 0.0;
            for word in words(paragraph) {
                let wide = self.width(word, size, bold);
                let bare = self.width(word.trim_end(), size, bold);
                if !line.is_empty() && width + bare > room {
                    out.push(self.line(line.trim_end(), size, bold));
                    (line, width) = (String::new(), 0.0);
                }
                if bare <= room {
                    line.push_str(word);
                    width += wide;
                    continue;
                }
                // A word wider than the page is broken where the page ends.
                for c in word.chars() {
                    let wide = self.width(c.encode_utf8(&mut [0; 4]), size, bold);
                    if !line.is_empty() && width + wide > room {
                        out.push(self.line(&line, size, bold));
                        (line, width) = (String::new(), 0.0);
                    }
                    line.push(c);
                    width += wide;
                }
            }
            out.push(self.line(line.trim_end(), size, bold));
            // A line takes the side of its paragraph, whatever it begins with.
            out[first..]
                .iter_mut()
                .for_each(|line| line.from_right = from_right);
        }
        out
    }

    /// The text cut where another face has to take over. Marks, joiners and most spaces stay with what
    /// they follow.
    fn by_face(&self, text: &str, range: Range<usize>, bold: bool) -> Vec<(usize, Range<usize>)> {
        let begin = range.start;
        let mut out: Vec<(usize, Range<usize>)> = Vec::new();
        for (at, c) in text[range].char_indices() {
            let at = begin + at;
            let end = at + c.len_utf8();
            let joins =
                matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{300}'..='\u{36f}');
            match out.last_mut() {
                // The face of emoji has no space.
                Some((face, last)) if joins || (c.is_whitespace() && self.has(*face, c)) => last.end = end,
                last => {
                    let face = self.face_of(c, bold);
                    match last {
                        Some((same, last)) if *same == face => last.end = end,
                        _ => out.push((face, at..end)),
                    }
                }
            }
        }
        out
    }

    fn face_of(&self, c: char, bold: bool) -> usize {
        let heavy = self.faces.len() - 1;
        let main = if bold { heavy } else { 0 };
        std::iter::once(main)
            .chain(1..heavy)
            .find(|face| self.has(*face, c))
            .unwrap_or(main)
    }

    fn has(&self, face: usize, c: char) -> bool {
        self.faces[face].glyph_index(c).is_some()
    }

    fn shape(&self, face: usize, text: &str, from_right: bool) -> Run {
        let font = &self.faces[face];
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(if from_right {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        });
        let shaped = rustybuzz::shape(font, &[], buffer);
        let em = font.units_per_em() as f32;
        let mut begins: Vec<usize> = shaped.glyph_infos().iter().map(|g| g.cluster as usize).collect();
        begins.sort_unstable();
        begins.dedup();
        let end_of = |begin: usize| {
            let next = begins.partition_point(|b| *b <= begin);
            begins.get(next).copied().unwrap_or(text.len())
        };
        let glyphs: Vec<Glyph> = shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, place)| Glyph {
                id: info.glyph_id,
                advance: place.x_advance as f32 / em,
                offset: (place.x_offset as f32 / em, place.y_offset as f32 / em),
                range: info.cluster as usize..end_of(info.cluster as usize),
            })
            .collect();
        Run {
            face,
            text: text.to_owned(),
            width: glyphs.iter().map(|g| g.advance).sum(),
            glyphs,
        }
    }
}

/// A paragraph cut where a line may end: behind spaces and hyphens, and between characters of scripts without spaces.
fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut begin = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        let Some((_, next)) = chars.peek() else { break };
        let behind_space = c.is_whitespace() && !next.is_whitespace() && c != '\u{a0}' && c != '\u{202f}';
        let behind_mark = matches!(c, '-' | '–' | '/') && next.is_alphanumeric() && at > begin;
        let between = (is_spaceless(c) || is_spaceless(*next)) && !is_closing(*next);
        if behind_space || behind_mark || between {
            out.push(&text[begin..end]);
            begin = end;
        }
    }
    out.push(&text[begin..]);
    out
}

fn is_spaceless(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '、' | '。' | '」' | '』' | '）' | '！' | '？' | '，' | '.' | ',' | ')' | '!' | '?'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(lines: &[SetLine]) -> Vec<String> {
        let text = |line: &SetLine| line.runs.iter().map(|r| r.text.as_str()).collect();
        lines.iter().map(text).collect()
    }

    #[test]
    fn our_fonts_can_be_read() {
        let fonts = Fonts::default();
        assert_eq!(Shaper::new(&fonts).faces.len(), OURS.len() + 1);
        assert!(Fonts::with(vec![b"no font".to_vec()]).is_err());
    }

    #[test]
    fn lines_end_at_spaces_and_long_words_are_broken() {
        let fonts = Fonts::default();
        let shaper = Shaper::new(&fonts);
        let lines = shaper.wrap("the kettle leaks again", 10.0, false, 60.0);
        assert_eq!(text_of(&lines), ["the kettle", "leaks again"]);
        assert!(lines.iter().all(|l| l.width <= 60.0));
        let long = shaper.wrap(&"x".repeat(100), 10.0, false, 60.0);
        assert!(long.len() > 5 && long.iter().all(|l| l.width <= 61.0));
        assert_eq!(shaper.wrap("a\n\nb", 10.0, false, 60.0).len(), 3);
        assert_eq!(
            words("水壶漏水，很糟。"),
            ["水", "壶", "漏", "水，", "很", "糟。"]
        );
    }

    #[test]
    fn each_script_finds_its_face_and_its_side() {
        let fonts = Fonts::default();
        let shaper = Shaper::new(&fonts);
        let faces = |text: &str| -> Vec<usize> {
            shaper
                .line(text, 10.0, false)
                .runs
                .iter()
                .map(|r| r.face)
                .collect()
        };
        assert_eq!(faces("чайник Ελλάς"), [0]);
        assert_eq!(faces("الغلاية"), [1]);
        assert_eq!(faces("קומקום"), [2]);
        assert_eq!(faces("tea 🔥 hot"), [0, 3, 0]);
        // What no face knows is drawn as a box, and keeps its text.
        assert_eq!(faces("水"), [0]);
        assert!(shaper.line("الغلاية tea", 10.0, false).from_right);
        let mixed = shaper.wrap("الغلاية hot tea now", 10.0, false, 40.0);
        assert!(mixed.len() > 1 && mixed.iter().all(|l| l.from_right));
        // Every glyph names text of its run.
        for text in ["الغلاية", "e\u{301}a", "ffi"] {
            for run in shaper.line(text, 10.0, false).runs {
                assert!(
                    run.glyphs
                        .iter()
                        .all(|g| run.text.get(g.range.clone()).is_some_and(|t| !t.is_empty()))
                );
            }
        }
    }

    #[test]
    fn a_text_is_cut_to_its_room() {
        let fonts = Fonts::default();
        let shaper = Shaper::new(&fonts);
        assert_eq!(shaper.fit("tea", 10.0, false, 100.0), "tea");
        let cut = shaper.fit("a very long name of a monitor", 10.0, false, 60.0);
        assert!(
            cut.ends_with('…') && shaper.width(&cut, 10.0, false) <= 60.0,
            "{cut}"
        );
        assert_eq!(shaper.fit("tea", 10.0, false, 1.0), "…");
    }
}
