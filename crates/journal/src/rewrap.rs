//! Another installation key.

use crate::error::{At, Error, Result};
use crate::journal::Lock;
use crate::seal::{NONCE, SegmentKey, WRAPPED, Wrapped};
use crate::segment::{self, HEADER, PLACE};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

impl Lock {
    /// Wraps the key of every segment by `new` instead of `old`, and says how many there were. Called again after a
    /// crash, it goes on where it was.
    pub fn rewrap(&self, old: &[u8; 32], new: &[u8; 32]) -> Result<usize> {
        let dir = &self.dir;
        segment::remove_unfinished(dir)?;
        let mut wrapped = 0;
        for (_, path) in segment::list(dir)? {
            let mut file = File::open(&path).at("open", &path)?;
            if segment::read_header(&path, &mut file, new).is_ok() {
                continue;
            }
            // Whatever else is wrong with it is said here.
            if segment::read_header(&path, &mut File::open(&path).at("open", &path)?, old)?.is_none() {
                continue;
            }
            let mut header = [0u8; HEADER];
            let mut file = File::open(&path).at("open", &path)?;
            file.read_exact(&mut header).at("read", &path)?;
            let header = header_under(header, old, new)?;
            let unfinished = path.with_extension(segment::UNFINISHED);
            copy_behind(&header, file, &unfinished).at("write", &unfinished)?;
            fs::rename(&unfinished, &path).at("replace", &path)?;
            wrapped += 1;
        }
        segment::sync_folder(dir)?;
        Ok(wrapped)
    }
}

fn header_under(mut header: [u8; HEADER], old: &[u8; 32], new: &[u8; 32]) -> Result<[u8; HEADER]> {
    let mut wrapped = Wrapped {
        nonce: [0; NONCE],
        bytes: [0; WRAPPED],
    };
    wrapped.nonce.copy_from_slice(&header[PLACE..PLACE + NONCE]);
    wrapped.bytes.copy_from_slice(&header[PLACE + NONCE..HEADER - 4]);
    let wrapped = SegmentKey::rewrap(old, new, &header[..PLACE], &wrapped)?.ok_or(Error::Seal)?;
    header[PLACE..PLACE + NONCE].copy_from_slice(&wrapped.nonce);
    header[PLACE + NONCE..HEADER - 4].copy_from_slice(&wrapped.bytes);
    let crc = crc32fast::hash(&header[..HEADER - 4]).to_le_bytes();
    header[HEADER - 4..].copy_from_slice(&crc);
    Ok(header)
}

/// Writes the header and what is left of `rest` durably.
fn copy_behind(header: &[u8], mut rest: File, to: &Path) -> io::Result<()> {
    let mut file = File::create(to)?;
    file.write_all(header)?;
    io::copy(&mut rest, &mut file)?;
    file.sync_all()
}
