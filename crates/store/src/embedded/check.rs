//! Whether a store's files hold what was written: checksums, formats, every document, and what should be there.
//!
//! Nothing is changed. The store must not be open elsewhere.

use super::faults::{LeftOut, Register, SET_ASIDE, in_words};
use super::files::{self, Fault};
use super::open::lock;
use super::schema::Fields;
use super::tokenizer::{self, SocialTokenizer};
use crate::format::{FORMAT_VERSION, Stamp};
use crate::period::Span;
use crate::{Error, mention_number};
use foldhash::HashSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use tantivy::{Index, Searcher};

/// Documents that cannot be read are named one by one up to this many of a partition.
const MOST_NAMED: usize = 20;
/// Blocks kept while documents are read in order.
const CACHE_BLOCKS: usize = 4;

/// What is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file or folder, with the document where it is one's.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub advice: &'static str,
    /// Whether something stored cannot be read or is missing. Else it is a leftover that harms nothing.
    pub is_damage: bool,
}

/// A partition as it was found.
#[derive(Debug, Clone, Default)]
pub struct PartitionReport {
    /// Its name, such as `month-2026-01-01`.
    pub partition: String,
    /// The version of its format; `None` where that cannot be read.
    pub format: Option<u32>,
    /// Its segments.
    pub segments: usize,
    /// Its mentions.
    pub mentions: u64,
    /// Its bytes on disk.
    pub bytes: u64,
    /// The next journal position that it had not absorbed when it was last written.
    pub position: Option<u64>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

/// A store as it was found.
#[derive(Debug, Clone, Default)]
pub struct StoreReport {
    /// Its partitions, by name.
    pub partitions: Vec<PartitionReport>,
    /// What is wrong beside them.
    pub problems: Vec<Problem>,
    /// The journal position up to which everything is stored.
    pub position: u64,
    /// The number of its newest commit.
    pub generation: u64,
    /// Partitions that answers leave out already.
    pub left_out: Vec<LeftOut>,
    /// The numbers of its mentions ([`crate::mention_number`]), ascending.
    pub numbers: Vec<u64>,
}

const REBUILD: &str = "`groundswell store check --repair` sets it aside and makes it anew from the journal";
const RESTORE: &str = "restore the folder from a backup, or let `groundswell store check --repair` make it anew from the journal";
const SWEPT: &str = "nothing: it goes at the next start or commit";
const YOURS: &str = "nothing of ours: move it away if it is not yours";

/// Checks the store in this folder. Fails only where it cannot be checked: another process has it, or it is no folder.
pub fn check(dir: &Path) -> Result<StoreReport, Error> {
    let mut report = StoreReport::default();
    if !dir.exists() {
        return Ok(report);
    }
    let _lock = lock(dir)?;
    match Stamp::load(dir) {
        Ok(stamp) => {
            report.position = stamp.map_or(0, |s| s.position);
            report.generation = stamp.map_or(0, |s| s.generation);
        }
        Err(error) => report.problems.push(Problem {
            place: dir.join("store.json").display().to_string(),
            what: error.to_string(),
            advice: "restore store.json from a backup; without the file the store replays what its partitions miss",
            is_damage: true,
        }),
    }
    let register = Register::load(dir)?;
    let fields = Fields::new();
    let mut numbers = Numbers::default();
    let mut entries: Vec<PathBuf> = fs::read_dir(dir)
        .map_err(Error::io("read", dir))?
        .map(|entry| entry.map(|e| e.path()).map_err(Error::io("read", dir)))
        .collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        match Span::of_folder(&name) {
            Some(span) => report
                .partitions
                .push(partition(&path, span, &fields, &register, &mut numbers)),
            None => report.problems.extend(stranger(&path, &name, &register)),
        }
    }
    report.problems.extend(missed(dir, &register, &report.partitions));
    report.left_out = register.left_out;
    report.numbers = numbers.into_sorted();
    Ok(report)
}

/// Partitions that are known and not there, and those set aside earlier.
pub(super) fn missed(dir: &Path, register: &Register, found: &[PartitionReport]) -> Vec<Problem> {
    let mut noted = register.clone();
    noted.add(found.iter().filter_map(|p| Span::of_folder(&p.partition)));
    noted.miss(dir);
    let problem = |left: &LeftOut| Problem {
        place: dir.join(&left.partition).display().to_string(),
        what: match &left.aside {
            Some(aside) => format!(
                "it is left out of answers and set aside as {aside}: {}",
                left.reason
            ),
            None => format!("it is left out of answers: {}", left.reason),
        },
        advice: RESTORE,
        is_damage: true,
    };
    noted.left_out.iter().map(problem).collect()
}

/// What is no partition.
fn stranger(path: &Path, name: &str, register: &Register) -> Option<Problem> {
    let is_ours = matches!(name, "store.lock" | "store.json" | "partitions.json" | SET_ASIDE);
    let is_aside = register.left_out.iter().any(|l| l.aside.as_deref() == Some(name));
    if is_ours || is_aside {
        return None;
    }
    let leftover =
        [".tmp", ".new", ".old"].iter().any(|end| name.ends_with(end)) || name == super::rebuild::FOLDER;
    Some(Problem {
        place: path.display().to_string(),
        what: if leftover {
            "a leftover of an unclean end"
        } else {
            "it belongs to no store"
        }
        .to_owned(),
        advice: if leftover { SWEPT } else { YOURS },
        is_damage: false,
    })
}

fn partition(
    path: &Path,
    span: Span,
    fields: &Fields,
    register: &Register,
    numbers: &mut Numbers,
) -> PartitionReport {
    let mut report = PartitionReport {
        partition: span.folder(),
        bytes: bytes_of(path),
        ..PartitionReport::default()
    };
    if !path.join("meta.json").exists() {
        let is_known = register.knows(span);
        report.problems.push(Problem {
            place: path.join("meta.json").display().to_string(),
            what: if is_known {
                "it is gone"
            } else {
                "its making was cut short"
            }
            .to_owned(),
            advice: if is_known { REBUILD } else { SWEPT },
            is_damage: is_known,
        });
        return report;
    }
    let looked = catch_unwind(AssertUnwindSafe(|| {
        look(path, span, fields, numbers, &mut report)
    }));
    let what = match looked {
        Ok(Ok(())) => return report,
        Ok(Err(error)) => error.to_string(),
        Err(panic) => in_words(&*panic),
    };
    // Where files are named already, that reading the partition fails says nothing more.
    if report.problems.iter().all(|p| !p.is_damage) {
        report.problems.push(damaged(path.display().to_string(), what));
    }
    report
}

pub(super) fn damaged(place: String, what: String) -> Problem {
    Problem {
        place,
        what,
        advice: REBUILD,
        is_damage: true,
    }
}

fn look(
    path: &Path,
    span: Span,
    fields: &Fields,
    numbers: &mut Numbers,
    report: &mut PartitionReport,
) -> Result<(), Error> {
    let failed = Error::index(path);
    let index = Index::open_in_dir(path).map_err(&failed)?;
    index
        .tokenizers()
        .register(tokenizer::NAME, SocialTokenizer::default());
    let payload = index.load_metas().map_err(&failed)?.payload;
    let stamp = payload.map(|json| Stamp::parse(&json, path)).transpose()?;
    report.format = stamp.map(|s| s.format);
    report.position = stamp.map(|s| s.position);
    for (file, fault) in files::faults(&index, path) {
        let what = match fault {
            Fault::Changed => "its checksum is not that of what was written".to_owned(),
            Fault::Gone => "it is gone".to_owned(),
            Fault::Unreadable(why) => why,
        };
        report.problems.push(damaged(file.display().to_string(), what));
    }
    let orphans = files::orphans(&index, path).into_iter().map(|file| Problem {
        place: file.display().to_string(),
        what: "it belongs to no segment".to_owned(),
        advice: SWEPT,
        is_damage: false,
    });
    report.problems.extend(orphans);
    if stamp.is_some_and(|s| s.format < FORMAT_VERSION) {
        report.problems.push(Problem {
            place: path.display().to_string(),
            what: "it has an older format".to_owned(),
            advice: "nothing: the next start writes it anew in this program's format",
            is_damage: false,
        });
        return Ok(());
    }
    if index.schema() != fields.schema {
        let what = "its fields are not those of its format".to_owned();
        report.problems.push(damaged(path.display().to_string(), what));
        return Ok(());
    }
    let searcher = index.reader().map_err(&failed)?.searcher();
    report.segments = searcher.segment_readers().len();
    report.mentions = searcher.num_docs();
    documents(&searcher, path, span, fields, numbers, report)
}

/// Reads every living document.
fn documents(
    searcher: &Searcher,
    path: &Path,
    span: Span,
    fields: &Fields,
    numbers: &mut Numbers,
    report: &mut PartitionReport,
) -> Result<(), Error> {
    let (mut unreadable, mut doubled, mut elsewhere) = (0, 0, 0);
    for segment in searcher.segment_readers() {
        let id = segment.segment_id().uuid_string();
        let store = segment
            .get_store_reader(CACHE_BLOCKS)
            .map_err(Error::io("read", path))?;
        for doc in segment.doc_ids_alive() {
            let read = catch_unwind(AssertUnwindSafe(|| {
                let document = store.get(doc).map_err(Error::index(path))?;
                fields.mention(&document, path)
            }));
            let mention = match read {
                Ok(Ok(mention)) => mention,
                failed => {
                    unreadable += 1;
                    if unreadable <= MOST_NAMED {
                        let what = match failed {
                            Ok(Err(error)) => error.to_string(),
                            Err(panic) => in_words(&*panic),
                            Ok(Ok(_)) => String::new(),
                        };
                        let place = format!("{}, document {doc}", path.join(&id).display());
                        report.problems.push(damaged(place, what));
                    }
                    continue;
                }
            };
            doubled += u64::from(!numbers.insert(mention_number(mention.id)));
            elsewhere += u64::from(!span.holds(mention.post.created_at));
        }
    }
    if unreadable > MOST_NAMED {
        let what = format!("{} more documents cannot be read", unreadable - MOST_NAMED);
        report.problems.push(damaged(path.display().to_string(), what));
    }
    for (count, what) in [
        (doubled, "mentions that are stored twice"),
        (elsewhere, "mentions whose time is another partition's"),
    ] {
        if count > 0 {
            report.problems.push(damaged(
                path.display().to_string(),
                format!("it holds {count} {what}"),
            ));
        }
    }
    Ok(())
}

/// The numbers of the mentions met.
#[derive(Default)]
struct Numbers(HashSet<u64>);

impl Numbers {
    fn insert(&mut self, number: u64) -> bool {
        self.0.insert(number)
    }

    fn into_sorted(self) -> Vec<u64> {
        let mut all: Vec<u64> = self.0.into_iter().collect();
        all.sort_unstable();
        all
    }
}

fn bytes_of(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries.filter_map(|e| e.metadata().ok()).map(|m| m.len()).sum()
}
