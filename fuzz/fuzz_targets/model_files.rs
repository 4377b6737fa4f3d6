//! Any bytes as files of models: a custom classifier, a table of hashtags, a panel of both formats, a blend. Each is read or
//! refused, and what is read answers. The first byte chooses the file, the second the format; the checksum is made to fit,
//! so that what comes after it is read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use models::Scratch;
use models::blend::{Blend, Question, Weights};
use models::custom::{self, CustomModel};
use models::hashtags::Hashtags;
use models::panel::{Panel, Readout};
use text::Tokens;

/// Magic, format, length of the header, CRC-32, body.
fn file(magic: &[u8; 8], format: u32, length: u32, body: &[u8]) -> Vec<u8> {
    let numbers = [format, length, crc32fast::hash(body)];
    let mut out = magic.to_vec();
    out.extend(numbers.iter().flat_map(|n| n.to_le_bytes()));
    out.extend_from_slice(body);
    out
}

fn custom(bytes: &[u8]) {
    if let Ok(model) = CustomModel::load(bytes) {
        let mut scratch = custom::Scratch::new();
        let class = model.classify("the parcel is late", None, &mut scratch);
        assert!(model.labels().iter().any(|l| l == class.label));
        assert_eq!(scratch.probabilities().len(), model.labels().len());
    }
}

fn hashtags(bytes: &[u8]) {
    if let Ok(table) = Hashtags::load(bytes) {
        let _ = table.spaced("freshcoffeenow");
    }
}

fn panel(bytes: &[u8]) {
    let Ok(panel) = Panel::load(bytes) else { return };
    let (tokens, mut scratch, mut readout) = (Tokens::of("so late again"), Scratch::new(), Readout::default());
    panel.read(&tokens, &mut scratch, &mut readout);
    for head in &panel.header().heads {
        assert_eq!(panel.probabilities(head, &readout, Some("en"), &mut scratch).len(), head.labels.len());
    }
    let _ = panel.target(&tokens, &readout, &[3..7], "en", &mut scratch);
}

fn blend(bytes: &[u8]) {
    let weights = Weights { panel: "", encoder: "" };
    let Ok(blend) = Blend::load(bytes, weights) else { return };
    let mut out = Vec::new();
    for question in Question::all() {
        let even = vec![1.0 / question.labels() as f32; question.labels()];
        blend.of(question).full("en", &even, &even, &mut out);
        assert_eq!(out.len(), question.labels());
    }
}

fuzz_target!(|input: &[u8]| {
    custom(input);
    hashtags(input);
    panel(input);
    blend(input);
    let Some(([which, format, short, long], body)) = input.split_first_chunk::<4>() else {
        return;
    };
    let (format, length) = (u32::from(*format), u32::from(u16::from_le_bytes([*short, *long])));
    match which % 4 {
        0 => custom(&file(b"GSCUSTM\0", format, length, body)),
        1 => hashtags(&file(b"GSWORDS\0", format, length, body)),
        2 => panel(&file(b"GSPANEL\0", format, length, body)),
        _ => {
            let mut bytes = b"GSBLEND\0".to_vec();
            bytes.extend(format.to_le_bytes());
            bytes.extend(crc32fast::hash(body).to_le_bytes());
            bytes.extend_from_slice(body);
            blend(&bytes);
        }
    }
});
