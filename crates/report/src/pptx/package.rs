//! The parts of the file and how they hang together.

use super::{Slide, chart, shapes, workbook};
use crate::Error;
use crate::html::escape;
use crate::model::Report;
use std::fmt::Write as _;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

pub(super) struct Package {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    options: SimpleFileOptions,
    charts: usize,
    has_logo: bool,
}

impl Package {
    pub(super) fn new(report: &Report) -> Result<Self, Error> {
        // Equal reports give equal bytes: no entry has the time of its making.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let mut package = Self {
            zip: ZipWriter::new(Cursor::new(Vec::new())),
            options,
            charts: 0,
            has_logo: report.logo.is_some(),
        };
        package.add("_rels/.rels", &relations(&[
            ("rId1", "officeDocument", "ppt/presentation.xml"),
            ("rId2", "extended-properties", "docProps/app.xml"),
        ]).replace("</Relationships>", &format!(
            "<Relationship Id=\"rId3\" Type=\"{PACKAGE}/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>"
        )))?;
        package.add("docProps/core.xml", &core(report))?;
        package.add(
            "docProps/app.xml",
            &format!("{HEAD}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>Groundswell</Application></Properties>"),
        )?;
        package.add("ppt/theme/theme1.xml", shapes::THEME)?;
        package.add(
            "ppt/slideMasters/slideMaster1.xml",
            &format!("{HEAD}{}", shapes::master()),
        )?;
        package.add(
            "ppt/slideMasters/_rels/slideMaster1.xml.rels",
            &relations(&[
                ("rId1", "slideLayout", "../slideLayouts/slideLayout1.xml"),
                ("rId2", "theme", "../theme/theme1.xml"),
            ]),
        )?;
        package.add(
            "ppt/slideLayouts/slideLayout1.xml",
            &format!("{HEAD}{}", shapes::layout()),
        )?;
        package.add(
            "ppt/slideLayouts/_rels/slideLayout1.xml.rels",
            &relations(&[("rId1", "slideMaster", "../slideMasters/slideMaster1.xml")]),
        )?;
        if let Some(logo) = &report.logo {
            package.bytes("ppt/media/logo.png", logo)?;
        }
        Ok(package)
    }

    pub(super) fn slide(
        &mut self,
        number: usize,
        count: usize,
        slide: Slide<'_>,
        report: &Report,
    ) -> Result<(), Error> {
        let mut relation = vec![(
            "rId1",
            "slideLayout",
            "../slideLayouts/slideLayout1.xml".to_owned(),
        )];
        if let Some(body) = slide.chart {
            self.charts += 1;
            let n = self.charts;
            self.add(
                &format!("ppt/charts/chart{n}.xml"),
                &format!("{HEAD}{}", chart::xml(body)),
            )?;
            self.add(
                &format!("ppt/charts/_rels/chart{n}.xml.rels"),
                &relations(&[("rId1", "package", &format!("../embeddings/chart{n}.xlsx"))]),
            )?;
            let workbook = workbook::bytes(body, report.made_at)?;
            self.bytes(&format!("ppt/embeddings/chart{n}.xlsx"), &workbook)?;
            relation.push(("rId2", "chart", format!("../charts/chart{n}.xml")));
        }
        if slide.logo && self.has_logo {
            relation.push(("rId3", "image", "../media/logo.png".to_owned()));
        }
        let relation: Vec<_> = relation
            .iter()
            .map(|(id, kind, to)| (*id, *kind, to.as_str()))
            .collect();
        let foot = shapes::foot(report, number, count);
        self.add(
            &format!("ppt/slides/slide{number}.xml"),
            &format!("{HEAD}{}", shapes::slide(&slide.shapes, &foot)),
        )?;
        self.add(
            &format!("ppt/slides/_rels/slide{number}.xml.rels"),
            &relations(&relation),
        )
    }

    pub(super) fn finish(mut self, slides: usize) -> Result<Vec<u8>, Error> {
        let mut list = String::new();
        let mut relation = vec![(
            "rId1".to_owned(),
            "slideMaster",
            "slideMasters/slideMaster1.xml".to_owned(),
        )];
        for n in 1..=slides {
            let _ = write!(list, "<p:sldId id=\"{}\" r:id=\"rId{}\"/>", 255 + n, n + 1);
            relation.push((format!("rId{}", n + 1), "slide", format!("slides/slide{n}.xml")));
        }
        relation.push((
            format!("rId{}", slides + 2),
            "theme",
            "theme/theme1.xml".to_owned(),
        ));
        let relation: Vec<_> = relation
            .iter()
            .map(|(id, kind, to)| (id.as_str(), *kind, to.as_str()))
            .collect();
        self.add("ppt/_rels/presentation.xml.rels", &relations(&relation))?;
        self.add(
            "ppt/presentation.xml",
            &format!(
                "{HEAD}<p:presentation {}><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst>\
                 <p:sldIdLst>{list}</p:sldIdLst><p:sldSz cx=\"{}\" cy=\"{}\"/><p:notesSz cx=\"6858000\" cy=\"9144000\"/></p:presentation>",
                shapes::SPACES,
                shapes::emu(shapes::WIDTH),
                shapes::emu(shapes::HEIGHT)
            ),
        )?;
        let types = self.content_types(slides);
        self.add("[Content_Types].xml", &types)?;
        Ok(self.zip.finish()?.into_inner())
    }

    fn content_types(&self, slides: usize) -> String {
        let office = "application/vnd.openxmlformats-officedocument";
        let mut out = format!("{HEAD}<Types xmlns=\"{PACKAGE}/content-types\">");
        for (ending, kind) in [
            (
                "rels",
                "application/vnd.openxmlformats-package.relationships+xml".to_owned(),
            ),
            ("xml", "application/xml".to_owned()),
            ("png", "image/png".to_owned()),
            ("xlsx", format!("{office}.spreadsheetml.sheet")),
        ] {
            let _ = write!(out, "<Default Extension=\"{ending}\" ContentType=\"{kind}\"/>");
        }
        let mut part = |name: String, kind: &str| {
            let _ = write!(out, "<Override PartName=\"/{name}\" ContentType=\"{kind}\"/>");
        };
        let slide = format!("{office}.presentationml");
        part(
            "ppt/presentation.xml".into(),
            &format!("{slide}.presentation.main+xml"),
        );
        part(
            "ppt/slideMasters/slideMaster1.xml".into(),
            &format!("{slide}.slideMaster+xml"),
        );
        part(
            "ppt/slideLayouts/slideLayout1.xml".into(),
            &format!("{slide}.slideLayout+xml"),
        );
        part("ppt/theme/theme1.xml".into(), &format!("{office}.theme+xml"));
        part(
            "docProps/app.xml".into(),
            &format!("{office}.extended-properties+xml"),
        );
        part(
            "docProps/core.xml".into(),
            "application/vnd.openxmlformats-package.core-properties+xml",
        );
        for n in 1..=slides {
            part(format!("ppt/slides/slide{n}.xml"), &format!("{slide}.slide+xml"));
        }
        for n in 1..=self.charts {
            part(
                format!("ppt/charts/chart{n}.xml"),
                &format!("{office}.drawingml.chart+xml"),
            );
        }
        out + "</Types>"
    }

    fn add(&mut self, name: &str, text: &str) -> Result<(), Error> {
        self.bytes(name, text.as_bytes())
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.zip.start_file(name, self.options)?;
        Ok(self.zip.write_all(bytes)?)
    }
}

fn relations(list: &[(&str, &str, &str)]) -> String {
    let mut out = format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for (id, kind, to) in list {
        let _ = write!(
            out,
            "<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{to}\"/>"
        );
    }
    out + "</Relationships>"
}

fn core(report: &Report) -> String {
    let made = jiff::Timestamp::from_second(report.made_at).unwrap_or_default();
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title>\
         <dc:subject>{}</dc:subject><dc:creator>Groundswell</dc:creator><dcterms:created xsi:type=\"dcterms:W3CDTF\">{made}</dcterms:created></cp:coreProperties>",
        escape(&report.title),
        escape(&report.subject)
    )
}
