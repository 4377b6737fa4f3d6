//! Shapes, text and what all slides share. Places and sizes are in points; the file counts in EMU.

use crate::colour::{INK, INK_3, Rgb, WARN, hex};
use crate::html::escape;
use crate::model::Report;
use std::fmt::Write;

pub(super) const WIDTH: f32 = 960.0;
pub(super) const HEIGHT: f32 = 540.0;
pub(super) const LEFT: f32 = 48.0;
/// Between the margins.
pub(super) const ROOM: f32 = WIDTH - 2.0 * LEFT;
/// Where what a slide shows begins and ends.
pub(super) const TOP: f32 = 104.0;
pub(super) const BOTTOM: f32 = 496.0;

pub(super) const SPACES: &str = "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\"";

pub(super) const THEME: &str = include_str!("theme.xml");

/// Left, top, width, height.
pub(super) type Place = (f32, f32, f32, f32);

/// Points in EMU.
pub(super) fn emu(points: f32) -> i64 {
    (points * 12_700.0).round() as i64
}

/// Words that look alike.
#[derive(Clone)]
pub(super) struct Words {
    pub(super) text: String,
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) colour: Rgb,
    /// Room above the paragraph that they begin.
    pub(super) above: f32,
}

impl Words {
    pub(super) fn new(text: impl Into<String>, size: f32, bold: bool, colour: Rgb) -> Self {
        Self {
            text: text.into(),
            size,
            bold,
            colour,
            above: 0.0,
        }
    }

    pub(super) fn below(mut self, above: f32) -> Self {
        self.above = above;
        self
    }
}

/// The shapes of a slide, each with a number of its own.
#[derive(Default)]
pub(super) struct Shapes {
    xml: String,
    count: u32,
}

impl Shapes {
    fn next(&mut self) -> u32 {
        self.count += 1;
        // The tree itself is 1.
        self.count + 1
    }

    /// The heading, which is the slide's title in outlines and for screen readers.
    pub(super) fn title(&mut self, text: &str, place: Option<(Place, f32)>) {
        let id = self.next();
        let (xfrm, size) = match place {
            Some((place, size)) => (xfrm("a", place), format!(" sz=\"{:.0}\"", size * 100.0)),
            None => Default::default(),
        };
        let _ = write!(
            self.xml,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Title {id}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"title\"/></p:nvPr></p:nvSpPr>\
             <p:spPr>{xfrm}</p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr lang=\"en\"{size}/><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>",
            escape(text)
        );
    }

    /// A box of paragraphs.
    pub(super) fn text(&mut self, place: Place, list: &[Words]) {
        let id = self.next();
        let _ = write!(
            self.xml,
            "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Text {id}\"/><p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr>\
             <p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>\
             <p:txBody><a:bodyPr wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\"><a:noAutofit/></a:bodyPr><a:lstStyle/>",
            xfrm("a", place)
        );
        for words in list {
            self.xml.push_str(&paragraph(words, "l"));
        }
        self.xml.push_str("</p:txBody></p:sp>");
    }

    /// A picture of the relation `rId3`.
    pub(super) fn logo(&mut self, place: Place) {
        let id = self.next();
        let _ = write!(
            self.xml,
            "<p:pic><p:nvPicPr><p:cNvPr id=\"{id}\" name=\"Logo\" descr=\"Logo\"/><p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>\
             <p:blipFill><a:blip r:embed=\"rId3\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>\
             <p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>",
            xfrm("a", place)
        );
    }

    /// The chart of the relation `rId2`.
    pub(super) fn chart(&mut self, place: Place, name: &str) {
        let id = self.next();
        let _ = write!(
            self.xml,
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"Chart {id}\" descr=\"{}\"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>{}\
             <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\">\
             <c:chart xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" r:id=\"rId2\"/></a:graphicData></a:graphic></p:graphicFrame>",
            escape(name),
            xfrm("p", place)
        );
    }

    /// A table, from its inner XML.
    pub(super) fn table(&mut self, place: Place, inner: &str) {
        let id = self.next();
        let _ = write!(
            self.xml,
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"Table {id}\"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>{}\
             <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\">{inner}</a:graphicData></a:graphic></p:graphicFrame>",
            xfrm("p", place)
        );
    }
}

fn xfrm(space: &str, (x, y, width, height): Place) -> String {
    format!(
        "<{space}:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></{space}:xfrm>",
        emu(x),
        emu(y),
        emu(width),
        emu(height)
    )
}

/// A paragraph; text of right-to-left scripts begins at the right.
pub(super) fn paragraph(words: &Words, align: &str) -> String {
    let from_right = unicode_bidi::BidiInfo::new(&words.text, None)
        .paragraphs
        .first()
        .is_some_and(|p| p.level.is_rtl());
    let side = if from_right {
        " algn=\"r\" rtl=\"1\"".to_owned()
    } else {
        format!(" algn=\"{align}\"")
    };
    let mut out = format!(
        "<a:p><a:pPr{side}><a:spcBef><a:spcPts val=\"{:.0}\"/></a:spcBef></a:pPr>",
        words.above * 100.0
    );
    let look = |tag: &str| {
        format!(
            "<a:{tag} lang=\"en\" sz=\"{:.0}\"{} dirty=\"0\"><a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill></a:{tag}>",
            words.size * 100.0,
            if words.bold { " b=\"1\"" } else { "" },
            hex(words.colour)
        )
    };
    for (place, line) in words.text.lines().enumerate() {
        if place > 0 {
            out.push_str("<a:br/>");
        }
        let _ = write!(out, "<a:r>{}<a:t>{}</a:t></a:r>", look("rPr"), escape(line));
    }
    if words.text.is_empty() {
        out.push_str(&look("endParaRPr"));
    }
    out + "</a:p>"
}

/// A whole slide.
pub(super) fn slide(shapes: &Shapes, foot: &Shapes) -> String {
    // The foot's numbers go on from the slide's.
    let mut last = foot.xml.clone();
    for id in (2..=foot.count + 1).rev() {
        last = last.replace(&format!("id=\"{id}\""), &format!("id=\"{}\"", id + 1000));
    }
    format!(
        "<p:sld {SPACES}><p:cSld><p:spTree>{TREE}{}{last}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>",
        shapes.xml
    )
}

const TREE: &str = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>\
    <p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>";

/// What stands at the foot of every slide.
pub(super) fn foot(report: &Report, number: usize, count: usize) -> Shapes {
    let mut shapes = Shapes::default();
    if number > 1 {
        let words = format!("{} · {}", report.title, report.period);
        shapes.text(
            (LEFT, 510.0, ROOM - 90.0, 14.0),
            &[Words::new(words, 9.0, false, INK_3)],
        );
    }
    let place = format!("{number} / {count}");
    shapes.text(
        (LEFT + ROOM - 60.0, 510.0, 60.0, 14.0),
        &[Words::new(place, 9.0, false, INK_3)],
    );
    if report.draft {
        let words = Words::new("Draft: not approved yet", 10.0, true, WARN);
        shapes.text((LEFT, 18.0, 300.0, 14.0), &[words]);
    }
    shapes
}

/// The place and look of titles, for master and layout.
fn title_shape() -> String {
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Title\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"title\"/></p:nvPr></p:nvSpPr>\
         <p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr>\
         <p:txBody><a:bodyPr lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"b\"><a:normAutofit/></a:bodyPr><a:lstStyle/><a:p><a:r><a:rPr lang=\"en\"/><a:t>Title</a:t></a:r></a:p></p:txBody></p:sp>",
        xfrm("a", (LEFT, 36.0, ROOM, 34.0))
    )
}

pub(super) fn master() -> String {
    format!(
        "<p:sldMaster {SPACES}><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"bg1\"/></a:solidFill><a:effectLst/></p:bgPr></p:bg><p:spTree>{TREE}{}</p:spTree></p:cSld>\
         <p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>\
         <p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/></p:sldLayoutIdLst>\
         <p:txStyles><p:titleStyle><a:lvl1pPr algn=\"l\"><a:defRPr sz=\"2400\" b=\"1\"><a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill><a:latin typeface=\"+mj-lt\"/></a:defRPr></a:lvl1pPr></p:titleStyle><p:bodyStyle/><p:otherStyle/></p:txStyles></p:sldMaster>",
        title_shape(),
        hex(INK)
    )
}

pub(super) fn layout() -> String {
    format!(
        "<p:sldLayout {SPACES} type=\"titleOnly\" preserve=\"1\"><p:cSld name=\"Title only\"><p:spTree>{TREE}{}</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>",
        title_shape()
    )
}
