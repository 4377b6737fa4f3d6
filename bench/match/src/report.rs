//! The figures, printed.

use crate::lucene::Figures;
use crate::measure::Spread;

/// What was measured on one workload.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) monitors: usize,
    /// Ours, per second of processor time.
    pub(crate) posts: Spread,
    /// Two threads' rate in that of one.
    pub(crate) two_threads: f64,
    /// Per post.
    pub(crate) candidates: f64,
    /// Per post.
    pub(crate) matches: f64,
    pub(crate) bytes: usize,
    pub(crate) scratch: usize,
    /// Seconds of processor time.
    pub(crate) compile: f64,
    /// Seconds of processor time.
    pub(crate) add: Spread,
    /// Posts per second of processor time.
    pub(crate) tokenise: Spread,
    pub(crate) theirs: Option<Figures>,
}

impl Row {
    /// One line a figure: ours, then Lucene's.
    pub(crate) fn print(&self) {
        let l = self.theirs.as_ref();
        let beside = |show: &dyn Fn(&Figures) -> String| l.map_or_else(|| "-".to_owned(), show);
        let line = |what: &str, ours: String, theirs: String| println!("  {what:<34}{ours:<34}{theirs}");
        line(
            "",
            "ours".into(),
            beside(&|f| format!("Lucene Monitor ({})", f.config)),
        );
        line(
            "posts/cpu-s of a thread",
            range(self.posts),
            beside(&|f| range(f.thread)),
        );
        line(
            "posts/cpu-s of the process",
            "the same".into(),
            beside(&|f| range(f.process)),
        );
        line(
            "times as fast",
            beside(&|f| format!("{:.0}", self.posts.median / f.thread.median)),
            "1".into(),
        );
        line(
            "two threads in one",
            format!("{:.2}", self.two_threads),
            "-".into(),
        );
        line(
            "candidates a post",
            format!("{:.2}", self.candidates),
            beside(&|f| format!("{:.2}", f.candidates)),
        );
        line(
            "matches a post",
            format!("{:.3}", self.matches),
            "the same".into(),
        );
        let each = self.bytes as f64 / self.monitors.max(1) as f64;
        line(
            "bytes a monitor",
            format!("{each:.0}"),
            beside(&|f| format!("{:.0}", f.bytes)),
        );
        line("scratch of a thread, bytes", self.scratch.to_string(), "-".into());
        line(
            "compile, cpu-s",
            format!("{:.3}", self.compile),
            beside(&|f| format!("{:.3}", f.build)),
        );
        line(
            "one addition, cpu-ms",
            millis(self.add),
            beside(&|f| millis(f.add)),
        );
        line("tokenise, posts/cpu-s", range(self.tokenise), "not timed".into());
    }
}

/// The main figures of every workload, as Markdown.
pub(crate) fn table(rows: &[Row]) {
    println!(
        "\n| workload | ours, posts/cpu-s | Lucene Monitor, posts/cpu-s | ratio | candidates a post: ours, Lucene | bytes a monitor: ours, Lucene |"
    );
    println!("|---|---|---|---|---|---|");
    for r in rows {
        let each = r.bytes / r.monitors.max(1);
        let (rate, ratio, candidates, bytes) = r.theirs.as_ref().map_or_else(Default::default, |f| {
            let ratio = format!("{:.0}", r.posts.median / f.thread.median);
            let name = format!("{} ({})", range(f.thread), f.config);
            (
                name,
                ratio,
                format!("{:.1}", f.candidates),
                format!("{:.0}", f.bytes),
            )
        });
        println!(
            "| {} | {} | {rate} | {ratio} | {:.1}, {candidates} | {each}, {bytes} |",
            r.name,
            range(r.posts),
            r.candidates
        );
    }
}

fn range(s: Spread) -> String {
    format!("{:.0} ({:.0} to {:.0})", s.median, s.low, s.high)
}

fn millis(s: Spread) -> String {
    let ms = |seconds: f64| seconds * 1e3;
    format!("{:.3} ({:.3} to {:.3})", ms(s.median), ms(s.low), ms(s.high))
}
