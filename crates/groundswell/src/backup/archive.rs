//! Writing and reading the archive.

use super::checksums::{self, Checksums, Hashing};
use super::{FORMAT, Manifest, Sealed, files};
use crate::control::{self, Action, AuditEvent, Control, Place};
use crate::privacy::{LEDGER, staging::Staging};
use anyhow::{Context, bail, ensure};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

const MANIFEST: &str = "backup.json";
const MAX_MANIFEST: u64 = 64 << 10;
/// zstd's level: text packs well at once.
const LEVEL: i32 = 3;

/// Writes a backup of a data folder to a new file; the size in bytes.
pub fn write(data: &Path, to: &Path, passphrase: &str, by: &AuditEvent) -> anyhow::Result<u64> {
    ensure!(!to.exists(), "{} is there already", to.display());
    ensure!(
        !Place::from(data).is_on_server(),
        "the control state of {} is on PostgreSQL: back it up there with pg_dump, and keep a copy of the folder's keys",
        data.display()
    );
    ensure!(
        data.join(control::FILE).exists(),
        "{} is no data folder",
        data.display()
    );
    let control = Control::open(data)?;
    ensure!(
        control.old_wrap().is_none(),
        "a rotation of keys is not finished: run `groundswell key rotate wrap` or start the server once"
    );
    let manifest = Manifest {
        format: FORMAT,
        program: format!("groundswell {}", env!("CARGO_PKG_VERSION")),
        made_at: crate::clock::now(),
        keys: Sealed::seal(control.keys(), passphrase)?,
    };
    let event = AuditEvent {
        action: Action::Backup,
        ..by.clone()
    };
    control.audit(&event)?;
    let staging = Staging::open(data).context("cannot gather files")?;
    let gathered = staging.path().join("data");
    files::link_store(&data.join("store"), &gathered.join("store"))?;
    files::link_journal(&data.join("journal"), &gathered.join("journal"))?;
    control.copy_to(&gathered.join(control::FILE))?;
    if data.join(LEDGER).exists() {
        fs::copy(data.join(LEDGER), gathered.join(LEDGER))?;
    }
    let unfinished = to.with_extension("unfinished");
    pack(&manifest, &gathered, &unfinished)
        .inspect_err(|_| drop(fs::remove_file(&unfinished)))
        .with_context(|| format!("cannot write {}", unfinished.display()))?;
    fs::rename(&unfinished, to)?;
    Ok(fs::metadata(to)?.len())
}

fn pack(manifest: &Manifest, gathered: &Path, to: &Path) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = BufWriter::new(options.open(to)?);
    let mut encoder = zstd::Encoder::new(file, LEVEL)?;
    encoder.include_checksum(true)?;
    let mut tar = tar::Builder::new(encoder);
    let mut sums = Checksums::default();
    let json = serde_json::to_vec_pretty(manifest)?;
    append(&mut tar, Path::new(MANIFEST), json.len() as u64, json.as_slice())?;
    let mut open = vec![gathered.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let file = File::open(&path)?;
            let length = file.metadata()?.len();
            let name = path.strip_prefix(gathered)?;
            // The active segment grows meanwhile: what it is now is taken, and a torn end is cut at the next start.
            let mut hashing = Hashing::new(file.take(length));
            append(&mut tar, name, length, &mut hashing)?;
            sums.add(name, hashing);
        }
    }
    let json = serde_json::to_vec(&sums)?;
    append(
        &mut tar,
        Path::new(checksums::NAME),
        json.len() as u64,
        json.as_slice(),
    )?;
    let file = tar
        .into_inner()?
        .finish()?
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(())
}

fn append(tar: &mut tar::Builder<impl Write>, name: &Path, length: u64, bytes: impl Read) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(length);
    header.set_mode(0o600);
    tar.append_data(&mut header, name, bytes)
}

/// Puts a backup back into an empty folder, and checks that keys and database belong together.
pub fn read(from: &Path, data: &Path, passphrase: &str, by: &AuditEvent) -> anyhow::Result<Manifest> {
    let is_empty = !data.exists() || fs::read_dir(data)?.next().is_none();
    ensure!(
        is_empty,
        "{} is not empty: a backup goes into an empty folder",
        data.display()
    );
    // Whole or not at all: before anything is written, everything was read.
    super::verify(from, Some(passphrase))?;
    let file = File::open(from).with_context(|| format!("cannot open {}", from.display()))?;
    let mut tar = unpacked(file)?;
    fs::create_dir_all(data)?;
    let manifest = unpack(&mut tar, data, passphrase).inspect_err(|_| clear(data))?;
    let restored = Control::open(data).and_then(|control| {
        let event = AuditEvent {
            action: Action::Restore,
            ..by.clone()
        };
        control.audit(&event.with(serde_json::json!({"made_at": manifest.made_at})))
    });
    restored.inspect_err(|_| clear(data))?;
    Ok(manifest)
}

/// A folder that was filled by half is left as empty as it was.
fn clear(data: &Path) {
    for entry in fs::read_dir(data).into_iter().flatten().flatten() {
        let path = entry.path();
        // The error that brought us here is the one worth telling.
        let _ = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
    }
}

/// An archive without its compression.
pub(super) fn unpacked<R: Read>(from: R) -> anyhow::Result<tar::Archive<impl Read + use<R>>> {
    Ok(tar::Archive::new(zstd::Decoder::new(from)?))
}

/// The description at the beginning of an archive.
pub(super) fn manifest<R: Read>(entries: &mut tar::Entries<'_, R>) -> anyhow::Result<Manifest> {
    let no_backup = "this is no backup of groundswell, or its beginning is damaged";
    let first = entries
        .next()
        .context("the archive is empty")?
        .context(no_backup)?;
    ensure!(first.path()?.as_ref() == Path::new(MANIFEST), no_backup);
    let mut json = Vec::new();
    first
        .take(MAX_MANIFEST)
        .read_to_end(&mut json)
        .context(no_backup)?;
    let manifest: Manifest =
        serde_json::from_slice(&json).context("the archive's description cannot be read")?;
    ensure!(
        manifest.format <= FORMAT,
        "the archive has form {}, this program knows up to {FORMAT}: use a newer groundswell",
        manifest.format
    );
    Ok(manifest)
}

fn unpack(tar: &mut tar::Archive<impl Read>, data: &Path, passphrase: &str) -> anyhow::Result<Manifest> {
    let mut entries = tar.entries()?;
    let manifest = manifest(&mut entries)?;
    let keys = manifest.keys.open(passphrase)?;
    write_keys(&data.join("keys"), &keys)?;
    for entry in entries {
        let mut entry = entry?;
        ensure!(
            entry.header().entry_type().is_file(),
            "the archive holds something that is no file"
        );
        if entry.path()?.as_ref() == Path::new(checksums::NAME) {
            continue;
        }
        let path = place(data, &entry.path()?)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        io::copy(&mut entry, &mut file)?;
        file.sync_all()?;
    }
    Ok(manifest)
}

/// The place of an entry: below the folder, in what a backup holds and nowhere else.
pub(super) fn place(data: &Path, name: &Path) -> anyhow::Result<PathBuf> {
    let plain = name.components().all(|c| matches!(c, Component::Normal(_)));
    let first = name
        .components()
        .next()
        .map(|c| c.as_os_str().to_string_lossy().into_owned());
    match first.as_deref() {
        Some("store" | "journal" | control::FILE | LEDGER) if plain => Ok(data.join(name)),
        _ => bail!("the archive holds {}, which belongs to no backup", name.display()),
    }
}

fn write_keys(folder: &Path, keys: &super::sealed::Opened) -> anyhow::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    for (name, key) in ["id.key", "wrap.key", "sign.key"].iter().zip(keys) {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(folder.join(name))?;
        file.write_all(key)?;
        file.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_outside_the_folder() {
        let data = Path::new("data");
        assert!(place(data, Path::new("store/p-2026-01/meta.json")).is_ok());
        for name in ["../x", "/etc/x", "store/../../x", "keys/id.key", "other", ""] {
            assert!(place(data, Path::new(name)).is_err(), "{name}");
        }
    }
}
