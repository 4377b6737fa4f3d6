//! Every file of an archive with its SHA-256, and the archive compared with them.

use super::{Manifest, archive};
use crate::control::hex;
use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The archive's last entry.
pub(super) const NAME: &str = "checksums.json";
/// The list of a store of very many partitions has some megabytes.
const MOST: u64 = 256 << 20;

/// What the archive holds, by name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Checksums {
    files: BTreeMap<String, Sum>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sum {
    bytes: u64,
    sha256: String,
}

impl Checksums {
    /// Adds a file that was read to its end.
    pub(super) fn add<R>(&mut self, name: &Path, read: Hashing<R>) {
        self.files.insert(name.to_string_lossy().into_owned(), read.sum());
    }
}

/// Hashes what is read through it.
pub(super) struct Hashing<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R> Hashing<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn sum(self) -> Sum {
        Sum {
            bytes: self.bytes,
            sha256: hex(&self.hash.finalize()),
        }
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.hash.update(&buffer[..n]);
        self.bytes += n as u64;
        Ok(n)
    }
}

/// An archive that is what was written.
#[derive(Debug)]
pub struct Verified {
    /// What it says about itself.
    pub manifest: Manifest,
    /// Files in it.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// Reads a backup to its end and compares each file with its checksum, without writing anything; where a passphrase is
/// given, tries whether it opens the keys. The error names the file that is damaged or missing.
pub fn verify(from: &Path, passphrase: Option<&str>) -> anyhow::Result<Verified> {
    let file = File::open(from).with_context(|| format!("cannot open {}", from.display()))?;
    verify_bytes(file, passphrase)
}

/// The same of an archive that is read from anywhere.
pub fn verify_bytes(from: impl Read, passphrase: Option<&str>) -> anyhow::Result<Verified> {
    let mut tar = archive::unpacked(from)?;
    let mut entries = tar.entries()?;
    let manifest = archive::manifest(&mut entries)?;
    if let Some(passphrase) = passphrase {
        manifest.keys.open(passphrase)?;
    }
    let (mut found, mut listed) = (Checksums::default(), None);
    let mut last = "the description".to_owned();
    for entry in entries {
        let mut entry = entry.with_context(|| format!("it is cut short or damaged behind {last}"))?;
        let name = entry.path()?.into_owned();
        let is_list = name == Path::new(NAME);
        last = name.display().to_string();
        if !is_list {
            archive::place(Path::new(""), &name)?;
        }
        let damaged = || format!("it is cut short or damaged within {last}");
        if is_list {
            let mut json = Vec::new();
            (&mut entry)
                .take(MOST)
                .read_to_end(&mut json)
                .with_context(damaged)?;
            listed = Some(serde_json::from_slice(&json).context("its list of checksums cannot be read")?);
            continue;
        }
        ensure!(!found.files.contains_key(&last), "it holds {last} twice");
        let mut hashing = Hashing::new(&mut entry);
        io::copy(&mut hashing, &mut io::sink()).with_context(damaged)?;
        found.add(&name, hashing);
    }
    drained(tar)?;
    match listed {
        Some(listed) => compare(&listed, &found)?,
        None if manifest.format == 1 => {}
        None => bail!("it is cut short behind {last}: its list of checksums is missing"),
    }
    Ok(Verified {
        manifest,
        files: found.files.len(),
        bytes: found.files.values().map(|s| s.bytes).sum(),
    })
}

/// Reads the rest, which holds the checksum of the compression.
fn drained(tar: tar::Archive<impl Read>) -> anyhow::Result<()> {
    io::copy(&mut tar.into_inner(), &mut io::sink()).context("it is cut short or damaged at its end")?;
    Ok(())
}

fn compare(listed: &Checksums, found: &Checksums) -> anyhow::Result<()> {
    for (name, sum) in &listed.files {
        match found.files.get(name) {
            None => bail!("{name} is missing from it"),
            Some(other) if other.bytes != sum.bytes => {
                bail!("{name} has {} bytes in it instead of {}", other.bytes, sum.bytes)
            }
            Some(other) if other != sum => bail!(
                "{name} is damaged: its SHA-256 is {}, not {}",
                other.sha256,
                sum.sha256
            ),
            Some(_) => {}
        }
    }
    match found.files.keys().find(|name| !listed.files.contains_key(*name)) {
        Some(name) => bail!("{name} does not belong into it"),
        None => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::backup::{read, write};
    use crate::control::{AccessRole, Action, AuditEvent, Control};
    use std::fs;
    use std::path::PathBuf;

    const SECRET: &str = "twelve and more";

    fn by() -> AuditEvent {
        AuditEvent::new("test", AccessRole::Admin, Action::Backup)
    }

    /// A backup of a small data folder.
    fn backup(folder: &Path) -> PathBuf {
        let data = folder.join("data");
        drop(Control::open(&data).unwrap());
        fs::create_dir_all(data.join("store/month-2026-01-01")).unwrap();
        fs::create_dir_all(data.join("journal")).unwrap();
        fs::write(data.join("store/store.json"), "{}").unwrap();
        fs::write(data.join("store/month-2026-01-01/meta.json"), "{}").unwrap();
        let noise: Vec<u8> = (0..20_000u32)
            .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        fs::write(data.join("store/month-2026-01-01/a.store"), &noise).unwrap();
        fs::write(data.join("journal/seg-00000000000000000000.gsj"), &noise[..5_000]).unwrap();
        let to = folder.join("b.tar.zst");
        write(&data, &to, SECRET, &by()).unwrap();
        to
    }

    /// The archive's entries, changed and packed again.
    fn repacked(from: &Path, change: impl Fn(&mut Vec<(PathBuf, Vec<u8>)>)) -> PathBuf {
        let mut tar = archive::unpacked(fs::File::open(from).unwrap()).unwrap();
        let mut entries: Vec<(PathBuf, Vec<u8>)> = Vec::new();
        for entry in tar.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            entries.push((entry.path().unwrap().into_owned(), bytes));
        }
        change(&mut entries);
        let to = from.with_extension("changed");
        let mut tar = tar::Builder::new(zstd::Encoder::new(fs::File::create(&to).unwrap(), 1).unwrap());
        for (name, bytes) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o600);
            tar.append_data(&mut header, name, bytes.as_slice()).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap();
        to
    }

    fn said(file: &Path) -> String {
        format!("{:#}", verify(file, None).unwrap_err())
    }

    #[test]
    fn a_whole_backup_is_verified_with_and_without_its_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let file = backup(folder.path());
        assert_eq!(verify(&file, None).unwrap().files, 5);
        assert!(verify(&file, Some(SECRET)).is_ok());
        assert!(
            format!("{:#}", verify(&file, Some("another passphrase")).unwrap_err())
                .contains("passphrase is wrong")
        );
    }

    #[test]
    fn what_is_damaged_or_missing_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = backup(folder.path());
        let store = Path::new("store/month-2026-01-01/a.store");
        let flipped = repacked(&file, |all| {
            let entry = all.iter_mut().find(|(name, _)| name == store).unwrap();
            entry.1[777] ^= 1;
        });
        assert!(
            said(&flipped).starts_with("store/month-2026-01-01/a.store is damaged: its SHA-256 is "),
            "{}",
            said(&flipped)
        );
        let missing = repacked(&file, |all| all.retain(|(name, _)| name != store));
        assert_eq!(
            said(&missing),
            "store/month-2026-01-01/a.store is missing from it"
        );
        let short = repacked(&file, |all| {
            all.iter_mut()
                .filter(|e| e.0 == store)
                .for_each(|e| e.1.truncate(9))
        });
        assert_eq!(
            said(&short),
            "store/month-2026-01-01/a.store has 9 bytes in it instead of 80000"
        );
        let more = repacked(&file, |all| all.push((PathBuf::from("store/more"), vec![1])));
        assert_eq!(said(&more), "store/more does not belong into it");
        let unlisted = repacked(&file, |all| drop(all.pop()));
        assert!(
            said(&unlisted).contains("its list of checksums is missing"),
            "{}",
            said(&unlisted)
        );
    }

    #[test]
    fn no_byte_of_the_file_can_change_and_no_end_go_unseen() {
        let folder = tempfile::tempdir().unwrap();
        let file = backup(folder.path());
        let whole = fs::read(&file).unwrap();
        let damaged = folder.path().join("damaged");
        for part in 0..40 {
            let mut bytes = whole.clone();
            let at = (whole.len() - 1) * part / 39;
            bytes[at] ^= 0x10;
            fs::write(&damaged, &bytes).unwrap();
            assert!(verify(&damaged, None).is_err(), "byte {at}");
            fs::write(&damaged, &whole[..at]).unwrap();
            assert!(verify(&damaged, None).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_damaged_backup_is_not_restored_by_half() {
        let folder = tempfile::tempdir().unwrap();
        let file = backup(folder.path());
        let flipped = repacked(&file, |all| {
            let last = all.len() - 2;
            let bytes = &mut all[last].1;
            bytes[0] ^= 1;
        });
        let to = folder.path().join("to");
        assert!(read(&flipped, &to, SECRET, &by()).is_err());
        assert!(!to.exists(), "nothing was touched");
        read(&file, &to, SECRET, &by()).unwrap();
        assert_eq!(
            fs::metadata(to.join("store/month-2026-01-01/a.store"))
                .unwrap()
                .len(),
            80_000
        );
        assert!(!to.join(NAME).exists());
    }
}
