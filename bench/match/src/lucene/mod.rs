//! Lucene Monitor: its queries, its posts, its runs.

pub(crate) mod files;
pub(crate) mod lower;
pub(crate) mod terms;

use crate::measure::Spread;
use anyhow::{Context, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Seconds of rounds that do not count, for the compiler of the JVM to settle.
const WARM: f64 = 5.0;
/// Rounds that count, at most.
const TIMED: usize = 7;

/// The Java side, built.
#[derive(Debug)]
pub(crate) struct Lucene {
    project: PathBuf,
}

/// What one configuration did.
#[derive(Debug, Clone)]
pub(crate) struct Figures {
    pub(crate) config: String,
    /// Posts per second of the matching thread.
    pub(crate) thread: Spread,
    /// Posts per second of processor time of the whole process, collector and compiler included.
    pub(crate) process: Spread,
    /// Queries run per post.
    pub(crate) candidates: f64,
    /// Java heap per query.
    pub(crate) bytes: f64,
    /// Seconds of the thread to index the parsed queries.
    pub(crate) build: f64,
    /// Seconds of the thread for one more query.
    pub(crate) add: Spread,
}

impl Lucene {
    /// Builds the Java side where it is not built; `None`, with a notice, where Java or Maven is missing.
    pub(crate) fn find(wanted: bool) -> anyhow::Result<Option<Self>> {
        if !wanted {
            return Ok(None);
        }
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("lucene");
        let works = |program: &str| {
            let quiet = Command::new(program)
                .arg("-version")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            quiet.is_ok_and(|s| s.success())
        };
        let jar = project.join("target/bench-lucene.jar");
        if !works("java") || (!jar.exists() && !works("mvn")) {
            println!("Java or Maven is not there: ours alone, without Lucene Monitor");
            return Ok(None);
        }
        if is_stale(&jar, &project)? {
            println!("building {} with Maven", project.display());
            let built = Command::new("mvn")
                .args(["-q", "-B", "package"])
                .current_dir(&project)
                .status()?;
            ensure!(built.success(), "Maven could not build the Java side");
        }
        Ok(Some(Self { project }))
    }

    /// Runs a configuration on a folder that [`files::write`] filled, in a JVM of its own.
    pub(crate) fn run(&self, folder: &Path, config: &str) -> anyhow::Result<Figures> {
        let target = self.project.join("target");
        let classes = format!("{0}/bench-lucene.jar:{0}/lib/*", target.display());
        let out = Command::new("java")
            .args([
                "-Xms4g",
                "-Xmx8g",
                "-XX:+UseSerialGC",
                "-cp",
                &classes,
                "bench.Main",
            ])
            .arg(folder)
            .args([config, &WARM.to_string(), &TIMED.to_string()])
            .stderr(Stdio::inherit())
            .output()?;
        ensure!(out.status.success(), "Lucene Monitor failed: {}", out.status);
        figures(&String::from_utf8(out.stdout)?)
    }
}

fn figures(line: &str) -> anyhow::Result<Figures> {
    let v: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
    let number = |key: &str| v[key].as_f64().unwrap_or_default();
    let spread = |key: &str| {
        Spread::of(
            v[key]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_f64)
                .collect(),
        )
    };
    Ok(Figures {
        config: v["config"].as_str().unwrap_or_default().to_owned(),
        thread: spread("thread"),
        process: spread("process"),
        candidates: number("candidates"),
        bytes: number("bytes"),
        build: number("build"),
        add: spread("add"),
    })
}

/// Whether some source is newer than the jar.
fn is_stale(jar: &Path, project: &Path) -> anyhow::Result<bool> {
    let Ok(built) = jar.metadata().and_then(|m| m.modified()) else {
        return Ok(true);
    };
    let mut sources = vec![project.join("pom.xml")];
    for entry in project.join("src/main/java/bench").read_dir()? {
        sources.push(entry?.path());
    }
    for source in sources {
        if source.metadata()?.modified()? > built {
            return Ok(true);
        }
    }
    Ok(false)
}
