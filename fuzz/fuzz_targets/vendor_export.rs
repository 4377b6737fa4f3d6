//! Any bytes as another vendor's export, CSV or workbook: read or refused, and every problem on a line of the file.
#![no_main]

use groundswell::vendor;
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

/// A header that is found, so that what follows is read as rows.
const HEADER: &[u8] = b"Date,Url,Title,Full Text,Author,Language,Sentiment,Query Name\n";

fuzz_target!(|bytes: &[u8]| {
    let zone = TimeZone::UTC;
    let _ = vendor::try_read(bytes, &zone);
    if let Ok((usable, problems)) = vendor::try_read(&[HEADER, bytes].concat(), &zone) {
        assert!(usable <= bytes.len());
        assert!(problems.iter().all(|p| p.line >= 1));
    }
});
