//! What is wrong with a table of hashtags is said precisely.

use models::ModelError;
use models::hashtags::Hashtags;
use proptest::prelude::*;
use std::sync::LazyLock;

static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/words/hashtags.gsw");
    std::fs::read(path).unwrap()
});

const PREFIX: usize = 20;

fn said(bytes: &[u8]) -> String {
    Hashtags::load(bytes).unwrap_err().to_string()
}

/// The file with another header, whose checksum is right.
fn with_header(change: impl Fn(&mut serde_json::Value)) -> Vec<u8> {
    let length = u32::from_le_bytes(*FILE[12..].first_chunk().unwrap()) as usize;
    let mut header = serde_json::from_slice(&FILE[PREFIX..PREFIX + length]).unwrap();
    change(&mut header);
    let json = serde_json::to_vec(&header).unwrap();
    let body = [&json, &FILE[PREFIX + length..]].concat();
    let mut out = FILE[..12].to_vec();
    out.extend((json.len() as u32).to_le_bytes());
    out.extend(crc32fast::hash(&body).to_le_bytes());
    out.extend(body);
    out
}

#[test]
fn the_shipped_table_loads_and_is_small() {
    let table = Hashtags::load(&FILE).unwrap();
    assert_eq!(table.id(), "hashtags@1");
    assert!(table.words() > 100_000);
    assert!(FILE.len() < 3 << 20, "{} bytes", FILE.len());
}

#[test]
fn what_is_damaged_is_named() {
    assert!(said(b"").contains("does not begin with GSWORDS"));
    assert!(said(b"GSMODEL\0").contains("does not begin with GSWORDS"));
    assert!(said(b"GSWORDS\0\x01").contains("cut off"));
    let cut = said(&FILE[..FILE.len() - 1]);
    assert!(cut.contains(&format!("{} bytes needed", FILE.len())), "{cut}");
    let mut other = FILE.clone();
    other[8] = 9;
    assert!(said(&other).contains("format 9 cannot be read"));
    let mut flipped = FILE.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert!(matches!(
        Hashtags::load(&flipped),
        Err(ModelError::Checksum { .. })
    ));
}

#[test]
fn a_header_that_lies_is_found_out() {
    let words = with_header(|h| h["words"] = 3.into());
    assert!(said(&words).contains("not what the header says"));
    let many = with_header(|h| h["words"] = u64::MAX.into());
    assert!(said(&many).contains("out of range"));
    let kind = with_header(|h| h["kind"] = "tea".into());
    assert!(said(&kind).contains("model is for tea"));
    let cost = with_header(|h| h["costs"]["single"] = "much".into());
    assert!(said(&cost).contains("model header"));
    let unknown = with_header(|h| h["costs"]["tea"] = 1.into());
    assert!(said(&unknown).contains("tea"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A byte may be anything without a panic, even where the checksum was made to fit.
    #[test]
    fn a_changed_byte_is_refused_or_read(at in 0usize..2_000_000, byte: u8) {
        let mut file = with_header(|_| ());
        let start = PREFIX + 2000;
        let at = start + at % (file.len() - start);
        file[at] = byte;
        let checksum = crc32fast::hash(&file[PREFIX..]);
        file[16..PREFIX].copy_from_slice(&checksum.to_le_bytes());
        if let Ok(table) = Hashtags::load(&file) {
            table.segment("FreshCoffeeNow2019");
        }
    }
}
