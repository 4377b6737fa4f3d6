//! The wire forms of `/api/v1`. The OpenAPI document and the web app's client are generated from these.
//!
//! Times are milliseconds since the Unix epoch, UTC. Ids are opaque strings. `null` means "not known".

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An error, always in this form.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ApiError {
    /// A stable code, such as `not_found`.
    pub code: String,
    /// What happened.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// The state of the whole installation: `GET /api/v1/status`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// The program's version.
    pub version: String,
    /// `demo` or `run`. The app says DEMO on every page in the first case.
    pub mode: Mode,
    /// When this process started.
    pub started_at: i64,
    /// The server's clock now.
    pub now: i64,
    /// Each source and how it does.
    pub sources: Vec<SourceStatus>,
    /// Posts admitted since the start.
    pub posts: u64,
    /// Posts refused since the start, by reason.
    pub refused: Vec<Refused>,
    /// Mentions in the store.
    pub mentions: u64,
    /// Commit generation: grows by one whenever new mentions can be seen.
    pub generation: u64,
    /// What of the past can be asked.
    pub journal: JournalStatus,
    /// Whether writing is stopped, and why (a full disk, for example).
    pub blocked: Option<String>,
    /// Parts of the store that answers leave out, wholly or in part, for they are damaged or gone.
    pub left_out: Vec<LeftOutPart>,
    /// Why nothing is deleted by its age, where the clock is not believed.
    pub clock: Option<String>,
}

/// A part of the store that answers leave out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LeftOutPart {
    /// Its period, such as `month-2026-01-01`.
    pub partition: String,
    /// What is wrong with it.
    pub reason: String,
}

/// How this process was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The simulated stream.
    Demo,
    /// The real thing.
    Run,
}

/// A count of refused posts.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Refused {
    /// Why, as a short code.
    pub reason: String,
    /// How many.
    pub posts: u64,
}

/// One source's health.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SourceStatus {
    /// Its name in the configuration.
    pub name: String,
    /// Its connector: `bluesky`, `demo`, `file`, `push`.
    pub connector: String,
    /// `idle` (nothing to watch for yet), `connecting`, `live`, `waiting` (will retry), `done`, `failed`, `paused`.
    pub state: String,
    /// Posts it delivered since the start.
    pub posts: u64,
    /// Milliseconds between a post's own time and its arrival, for the newest post.
    pub lag_ms: Option<i64>,
    /// When the newest post arrived.
    pub last_post_at: Option<i64>,
    /// What went wrong last, in words.
    pub error: Option<String>,
    /// When it tries again.
    pub retry_at: Option<i64>,
}

/// The interval the journal covers.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct JournalStatus {
    /// Oldest post kept, by arrival.
    pub from: Option<i64>,
    /// Newest post kept, by arrival.
    pub to: Option<i64>,
    /// Posts and events kept.
    pub entries: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// A workspace.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Project {
    /// Its id; the first one is `default`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub objective: Objective,
    /// When it was made.
    pub created_at: i64,
}

/// What a project is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Who talks about us, and how.
    #[default]
    BrandMentions,
    /// What rises.
    Trends,
    /// What customers say and need.
    CustomerFeedback,
    /// We and the others.
    Competition,
    /// Whether a campaign or cause is noticed.
    Awareness,
}

/// What to make or change of a project.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProjectInput {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub objective: Objective,
}

/// What a monitor stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Ours.
    #[default]
    Brand,
    /// Theirs.
    Competitor,
    /// A subject.
    Topic,
    /// A campaign.
    Campaign,
}

/// A standing query.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Monitor {
    /// Its id.
    pub id: String,
    /// Its project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub role: Role,
    /// Its place in the eight-colour set, 0 to 7; stable for its life.
    pub color: u8,
    /// The query as written.
    pub query: String,
    /// Grows by one with each change of the query.
    pub version: u32,
    /// Whether it is matched now.
    pub active: bool,
    /// `ui` or `file`: what stands in the configuration file is imported at start.
    pub origin: String,
    /// When it was made.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
    /// Mentions found so far.
    pub mentions: u64,
    /// Journal position from which on every post is matched under this version; `null` where it never was, or where
    /// an older program put it in force.
    pub in_force_from: Option<u64>,
    /// When that was journaled.
    pub in_force_at: Option<i64>,
    /// Search of the journal's past, if one runs or ran.
    pub backfill: Option<Backfill>,
    /// What matching it costs since this version came into force in this process; `null` where it is not matched.
    pub cost: Option<MonitorCost>,
}

/// What matching a monitor costs, from one post in sixteen.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct MonitorCost {
    /// When the metering began.
    pub since: i64,
    /// Posts metered since.
    pub posts: u64,
    /// Posts a day that match; `null` under ten minutes.
    pub matches_per_day: Option<f64>,
    /// Posts a day for which the query has to be run, matching or not; `null` under ten minutes and before it was run
    /// for a metered post.
    pub candidates_per_day: Option<f64>,
    /// Time the query takes, divided by all posts metered; `null` before it was run for one.
    pub microseconds_per_post: Option<f64>,
}

/// A version of a monitor's query: `GET /api/v1/monitors/{id}/versions`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MonitorVersion {
    /// The version, from 1.
    pub version: u32,
    /// The query as written.
    pub query: String,
    /// When it was written.
    pub created_at: i64,
    /// The version it was restored from, where it was.
    pub restored_from: Option<u32>,
    /// The keyword list whose change made it, where one did.
    pub list: Option<String>,
    /// Journal position from which on posts were matched under it; `null` where none were, or where an older program
    /// put it in force.
    pub in_force_from: Option<u64>,
    /// When that was journaled.
    pub in_force_at: Option<i64>,
}

/// Which version to restore: `POST /api/v1/monitors/{id}/rollback`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Rollback {
    /// The version whose query is wanted again.
    pub version: u32,
}

/// A keyword list, named in the queries of its project as `list:name`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct KeywordList {
    /// Its project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// Its terms, one of which must match.
    pub terms: Vec<String>,
    /// `ui` or `file`: what stands in the configuration file is imported at start.
    pub origin: String,
    /// When it was last changed.
    pub updated_at: i64,
    /// Ids of the monitors that use it, oldest first.
    pub used_by: Vec<String>,
}

/// The terms of a list: `PUT /api/v1/projects/{project}/lists/{name}`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct KeywordListInput {
    /// One term each; empty ones and repetitions are left out.
    pub terms: Vec<String>,
}

/// The search of the past for a new or edited monitor.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Backfill {
    /// `running`, `done` or `failed`.
    pub state: String,
    /// Journal entries searched.
    pub done: u64,
    /// Journal entries to search.
    pub total: u64,
    /// Mentions found by it.
    pub found: u64,
    /// Arrival of the oldest post searched.
    pub from: Option<i64>,
}

/// What to make or change of a monitor.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MonitorInput {
    /// Its name.
    pub name: String,
    /// What it stands for.
    #[serde(default)]
    pub role: Role,
    /// The query.
    pub query: String,
    /// Whether to match it.
    #[serde(default = "yes")]
    pub active: bool,
    /// Its colour, 0 to 7; the next free one where absent.
    pub color: Option<u8>,
}

fn yes() -> bool {
    true
}

/// A query to check or try.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QueryInput {
    /// The query.
    pub query: String,
    /// At most this many posts in a preview (default 20, at most 100).
    pub limit: Option<usize>,
    /// The project whose keyword lists it names (default `default`).
    pub project: Option<String>,
    /// Whether a check is to say what the query would find and cost, and which clauses find nothing or very much; it then
    /// searches the end of the journal.
    #[serde(default)]
    pub estimate: bool,
}

/// Whether a query is right: `POST /api/v1/queries/check`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QueryCheck {
    /// Whether it can be saved.
    pub ok: bool,
    /// The query as the parser prints it back, where it parses.
    pub canonical: Option<String>,
    /// Faults and hints, in the order of their place.
    pub problems: Vec<QueryProblem>,
    /// The query's parts, for highlighting.
    pub spans: Vec<QuerySpan>,
    /// What it would find and cost, where that was asked for and the query parses.
    pub estimate: Option<QueryEstimate>,
}

/// What a query would find and cost, from the end of the journal.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct QueryEstimate {
    /// Posts searched.
    pub searched: u64,
    /// How many of them match.
    pub matched: u64,
    /// For how many of them the query has to be run.
    pub candidates: u64,
    /// Arrival of the oldest post searched.
    pub from: Option<i64>,
    /// Arrival of the newest.
    pub to: Option<i64>,
    /// Matches a day at the rate of that interval; `null` under ten minutes.
    pub matches_per_day: Option<f64>,
    /// Candidates a day at the rate of that interval; `null` under ten minutes.
    pub candidates_per_day: Option<f64>,
}

/// A part of a query, for highlighting.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QuerySpan {
    /// First byte (UTF-8).
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// `operator`, `term`, `phrase`, `tag`, `handle`, `field`, `value`, `wildcard`, `case`, `bracket`, `comment`.
    pub kind: String,
}

/// A fault in a query.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QueryProblem {
    /// `error`, `warning` or `hint`.
    pub severity: String,
    /// A stable code, such as `unclosed_quote`.
    pub code: String,
    /// First byte (UTF-8) of the place.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What is wrong.
    pub message: String,
    /// The whole query as it should be, where one fix is obvious.
    pub fix: Option<String>,
}

/// Recent posts a query would have matched: `POST /api/v1/queries/preview`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct QueryPreview {
    /// Newest first.
    pub posts: Vec<PostView>,
    /// Posts searched.
    pub searched: u64,
    /// How many of them match.
    pub matched: u64,
    /// Arrival of the oldest post searched.
    pub from: Option<i64>,
    /// Arrival of the newest.
    pub to: Option<i64>,
    /// Estimated matches a day.
    pub per_day: Option<f64>,
}

/// The author of a post: a pseudonym, unless the account acts in public.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AuthorView {
    /// The pseudonym (32 hexadecimal digits); also the seed of the glyph shown.
    pub key: String,
    /// A readable handle, for accounts that act in public.
    pub handle: Option<String>,
    /// A readable name, for accounts that act in public.
    pub name: Option<String>,
    /// Followers when seen.
    pub followers: Option<u64>,
    /// Verified by the platform.
    pub verified: Option<bool>,
}

/// A post as shown.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PostView {
    /// The post's key.
    pub key: String,
    /// The platform: `bluesky`, `mastodon`, `x`, …
    pub source: String,
    /// `post`, `reply`, `repost`, `quote`, `comment`, `article`, `video`, `review`.
    pub kind: String,
    /// Who.
    pub author: Option<AuthorView>,
    /// Published.
    pub created_at: i64,
    /// Arrived here.
    pub seen_at: i64,
    /// Edited.
    pub edited_at: Option<i64>,
    /// Headline.
    pub title: Option<String>,
    /// Text, with personal data replaced by placeholders such as `[email]`.
    pub text: String,
    /// Places in `text` that matched: byte ranges of its UTF-8 form.
    pub highlights: Vec<[usize; 2]>,
    /// ISO 639-1, or `und`.
    pub lang: String,
    /// Hashtags without `#`.
    pub hashtags: Vec<String>,
    /// Links.
    pub urls: Vec<String>,
    /// Subreddit, channel, site.
    pub community: Option<String>,
    /// Likes and so on; `null` where the platform does not say.
    pub likes: Option<u64>,
    /// Reposts.
    pub reposts: Option<u64>,
    /// Replies.
    pub replies: Option<u64>,
}

/// What a model says: calibrated probabilities.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SentimentScore {
    /// `negative`, `neutral` or `positive`.
    pub label: String,
    /// Probability of negative.
    pub negative: f32,
    /// Probability of neutral.
    pub neutral: f32,
    /// Probability of positive.
    pub positive: f32,
    /// Model and version, such as `sentiment@1`.
    pub model: String,
    /// Whether it is toward what the monitor is about, rather than of the whole post.
    pub is_toward: bool,
}

/// What a model says for a task other than sentiment.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ClassScore {
    /// The task: `emotion`, `intent`, `spam`, …, or the name of a classifier of one's own.
    pub task: String,
    /// The label.
    pub label: String,
    /// Its calibrated probability.
    pub probability: f32,
    /// Model and version.
    pub model: String,
}

/// A name in a text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EntityView {
    /// As written first.
    pub name: String,
    /// `person`, `organisation`, `location`, `product` or `other`.
    pub kind: String,
}

/// Something that is judged in a text.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AspectView {
    /// The term.
    pub term: String,
    /// `negative`, `neutral` or `positive`; `null` where nobody can say.
    pub sentiment: Option<String>,
}

/// One post that matched one monitor.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MentionView {
    /// Its id.
    pub id: String,
    /// The monitor.
    pub monitor: String,
    /// The monitor's version that matched; 0 where none did, and the post is context.
    pub monitor_version: u32,
    /// Whether it did not match itself, but answers or quotes what did.
    #[serde(default)]
    pub context: bool,
    /// The post.
    pub post: PostView,
    /// Sentiment toward what the monitor is about, or of the whole post where none of its names stands in it; where
    /// the language is covered.
    pub sentiment: Option<SentimentScore>,
    /// Sentiment of the whole post, where the other is toward the monitor.
    pub post_sentiment: Option<SentimentScore>,
    /// What models say for other tasks.
    pub classes: Vec<ClassScore>,
    /// Whom and what the text names.
    pub entities: Vec<EntityView>,
    /// What is judged in the text.
    pub aspects: Vec<AspectView>,
    /// What people and rules did with it.
    pub mark: MarkView,
    /// The copies that its post belongs to, for `copies_of`; `null` where nobody looked for copies.
    #[serde(default)]
    pub group: Option<String>,
    /// How many posts of the project say the same as the first of them; `null` where they were not counted.
    #[serde(default)]
    pub copies: Option<u64>,
    /// The number of its topic, for `topic`.
    #[serde(default)]
    pub topic: Option<String>,
}

/// A page of mentions, newest first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct MentionPage {
    /// The mentions.
    pub items: Vec<MentionView>,
    /// Pass as `cursor` for the next page; `null` at the end.
    pub next: Option<String>,
    /// All mentions under the filter.
    pub total: u64,
    /// What platforms whose data is part of this ask to be said with it.
    pub policy_labels: Vec<PolicyLabel>,
}

/// What people and rules did with a mention.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct MarkView {
    /// Tags.
    pub tags: Vec<String>,
    /// The category, as `parent/child`.
    pub category: Option<String>,
    /// `open`, `pending` or `closed`.
    pub status: Option<String>,
    /// Who answers.
    pub assignee: Option<String>,
    /// Whether it is starred.
    pub starred: bool,
    /// Whether it is muted.
    pub muted: bool,
    /// The sentiment as corrected by hand.
    pub sentiment: Option<String>,
    /// Whether it is about what the monitor is for, as said by hand.
    pub relevant: Option<bool>,
}

/// The filter that every question takes, as query parameters. Lists are comma-separated; `-` before a value excludes it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct FilterParams {
    /// The project (default `default`).
    pub project: Option<String>,
    /// Monitor ids. All of the project's where absent; then each post counts once.
    pub monitor: Option<String>,
    /// From this time, inclusive (default: a day before `to`).
    pub from: Option<i64>,
    /// To this time, exclusive (default: now).
    pub to: Option<i64>,
    /// Hours of the week on the clocks of a time zone, from Monday's first, 0, to Sunday's last, 167: `33@Europe/Berlin`
    /// is Tuesday from nine to ten there, in summer and in winter. UTC where no zone is said.
    pub week_hour: Option<String>,
    /// Platforms.
    pub source: Option<String>,
    /// Languages.
    pub lang: Option<String>,
    /// `negative`, `neutral`, `positive`.
    pub sentiment: Option<String>,
    /// Kinds of post.
    pub kind: Option<String>,
    /// Hashtags, without `#`.
    pub hashtag: Option<String>,
    /// Author pseudonyms.
    pub author: Option<String>,
    /// Sites linked to, or communities posted in.
    pub site: Option<String>,
    /// Words of the text.
    pub term: Option<String>,
    /// `anger`, `joy`, `optimism`, `sadness`.
    pub emotion: Option<String>,
    /// `complaint`, `question`, `praise`, `purchase`, `suggestion`, `promotion`, `news`, `other`.
    pub intent: Option<String>,
    /// Labels of other tasks and of classifiers of one's own, as `task:label`.
    pub class: Option<String>,
    /// Topics, by their numbers: `GET /api/v1/projects/{project}/topics` lists them.
    pub topic: Option<String>,
    /// Groups of copies, as mentions name theirs: every post with the same text, or nearly.
    pub copies_of: Option<String>,
    /// Names in the text.
    pub entity: Option<String>,
    /// What is judged in the text.
    pub aspect: Option<String>,
    /// Countries (ISO 3166-1 alpha-2), by evidence.
    pub country: Option<String>,
    /// What is shown beside the text: `image`, `video`, `link`, `none`, …
    pub media: Option<String>,
    /// Links.
    pub link: Option<String>,
    /// Models of the sentiment, as `encoder@2`.
    pub model: Option<String>,
    /// Keys of posts: only what answers, repeats or quotes them, and their threads.
    pub thread: Option<String>,
    /// Followers of the author: `1000..25000`, `1000..` or `..1000`, the end exclusive.
    pub followers: Option<String>,
    /// Engagement, in the same form.
    pub engagement: Option<String>,
    /// Tags.
    pub tag: Option<String>,
    /// Categories, as `parent/child`.
    pub category: Option<String>,
    /// Where the answering stands: `open`, `pending`, `closed`.
    pub status: Option<String>,
    /// Who answers.
    pub assignee: Option<String>,
    /// `starred`, `muted`, `corrected`, `relevant`, `irrelevant`. Muted ones are left out unless asked for here.
    pub mark: Option<String>,
    /// What monitors' models of relevance say: `relevant`: all but what they call irrelevant; `irrelevant`: that alone;
    /// `all`. Where absent, what is irrelevant to monitors that hide it is left out.
    pub relevance: Option<String>,
    /// `earned` (default): all but what the monitors' own accounts published; `owned`: that alone; `all`.
    pub voice: Option<String>,
    /// `with` (default): every account counts; `without`: accounts that are likely automated are left out, and the
    /// overview tells how many posts that takes away.
    pub automation: Option<String>,
    /// `without` (default): only what matched; `with`: what was kept as context, too; `only`: that alone.
    pub context: Option<String>,
    /// A commit generation: leave out what was written later.
    pub upto: Option<u64>,
    /// A query searched within the mentions.
    pub q: Option<String>,
}

/// The headline figures and what they were in the period before: `GET /api/v1/overview`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    /// Start of the period.
    pub from: i64,
    /// End of the period, exclusive.
    pub to: i64,
    /// The figures.
    pub now: Figures,
    /// The same of the period of equal length before; `null` where the store does not reach back.
    pub before: Option<Figures>,
    /// Posts of the period by accounts that are likely automated; `null` where these are not left out.
    pub left_out: Option<u64>,
    /// Commit generation the answer belongs to.
    pub generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    pub policy_labels: Vec<PolicyLabel>,
}

/// Figures of a period.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// Mentions (posts, where all monitors are asked together).
    pub mentions: u64,
    /// People: distinct authors.
    pub authors: u64,
    /// The 95 % interval of people, both ends, where they are so many that they are estimated; `null` where they are counted.
    #[serde(default)]
    pub authors_interval: Option<[u64; 2]>,
    /// Likes, reposts, replies and quotes, where known.
    pub engagement: u64,
    /// Scored negative. Nothing is, under a filter by author where a policy profile forbids to score people.
    pub negative: u64,
    /// Scored neutral.
    pub neutral: u64,
    /// Scored positive.
    pub positive: u64,
    /// (positive − negative) ÷ scored, with its 95 % interval; `null` under 30 scored mentions.
    pub net_sentiment: Option<Estimate>,
}

/// A figure with its 95 % interval.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl From<trends::Estimate> for Estimate {
    fn from(e: trends::Estimate) -> Self {
        Self {
            value: e.value,
            low: e.low,
            high: e.high,
        }
    }
}

/// How to cut a series: added to the filter of `GET /api/v1/series`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct SeriesParams {
    /// One line per value of: `monitor`, `sentiment`, `source`, `lang`; one line in all where absent.
    pub by: Option<String>,
    /// `minute`, `5m`, `15m`, `hour`, `6h`, `day`, `week`; chosen to give 40 to 120 points where absent.
    pub interval: Option<String>,
}

/// Mentions over time.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Series {
    /// Length of a bucket.
    pub interval_ms: i64,
    /// Starts of the buckets, ascending, without holes.
    pub times: Vec<i64>,
    /// The lines, largest first.
    pub lines: Vec<SeriesLine>,
    /// Commit generation the answer belongs to.
    pub generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    pub policy_labels: Vec<PolicyLabel>,
}

/// One line of a series.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SeriesLine {
    /// The value: a monitor id, `negative`, a platform; empty where there is one line in all.
    pub key: String,
    /// All of it.
    pub total: u64,
    /// A count per bucket.
    pub counts: Vec<u64>,
}

/// What to count by: added to the filter of `GET /api/v1/breakdown`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct BreakdownParams {
    /// `monitor`, `sentiment`, `source`, `lang`, `kind`, `hashtag`, `term`, `author`, `site`.
    pub by: String,
    /// At most this many values (default 10, at most 200).
    pub limit: Option<usize>,
}

/// Mentions counted by one dimension, most first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Breakdown {
    /// The values.
    pub items: Vec<BreakdownItem>,
    /// Mentions with any other value.
    pub other: u64,
    /// Mentions in all.
    pub total: u64,
    /// Commit generation the answer belongs to.
    pub generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    pub policy_labels: Vec<PolicyLabel>,
}

/// One value and its count.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BreakdownItem {
    /// The value.
    pub key: String,
    /// What to show for it: a monitor's name; the value itself otherwise.
    pub label: String,
    /// Mentions.
    pub mentions: u64,
    /// Distinct authors, where asked for by `hashtag`, `term`, `site`.
    pub authors: Option<u64>,
    /// Share of all mentions with its 95 % interval (Wilson); `null` under 30 mentions in all.
    pub share: Option<Estimate>,
    /// Of the mentions, scored negative, neutral, positive; `null` where a policy profile does not let it be split so:
    /// by author, and in answers that leave the project.
    pub sentiment: Option<[u64; 3]>,
}

/// One platform's policy profile, with the settings in force: `GET /api/v1/policies`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Policy {
    /// The platform, as in `source`.
    pub platform: String,
    /// Other names of it.
    pub also: Vec<String>,
    /// Its name for people.
    pub name: String,
    /// How long text, headline, links, tags and media are kept.
    pub text: PolicyLimit,
    /// How long pseudonyms, references to other posts and the platform's counts are kept.
    pub features: PolicyLimit,
    /// How long the author's sealed handle and name are kept.
    pub profile: PolicyLimit,
    /// Days after which mentions go, where the configuration sets any.
    pub aggregates_days: Option<u32>,
    /// What must go when somebody deletes.
    pub deletion: PolicyRule,
    /// Deleted posts are looked for at least this often; `null` where they are told of, or cannot be asked for.
    pub recheck_hours: Option<u32>,
    /// How deleted posts are found.
    pub recheck: PolicyRule,
    /// Inference about a person: `forbidden`, `aggregate only`, `allowed`.
    pub per_person: PolicyRule,
    /// Which models may run.
    pub models: Vec<PolicyModel>,
    /// What leaves in an export.
    pub export: PolicyRule,
    /// What a language model elsewhere may be sent of it, where one was set up.
    pub passing_on: PolicyRule,
    /// What must stand beside a post that is shown.
    pub attribution: PolicyRule,
    /// What an answer must say where the platform's data is part of it.
    pub label: Option<PolicyRule>,
    /// What can be accepted, and what it opens.
    pub amendment: Option<PolicyAmendment>,
    /// That it was.
    pub accepted: Option<crate::control::Acceptance>,
}

/// A rule in words.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicyRule {
    /// The rule.
    pub rule: String,
    /// The document it was read from, `practice, not verified` or `our own rule`.
    pub source: String,
}

/// How long something is kept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicyLimit {
    /// Days in force, in projects without limits of their own; `null` is until deleted.
    pub days: Option<u32>,
    /// The most the platform allows; `null` is no limit.
    pub most_days: Option<u32>,
    /// The document the rule was read from.
    pub source: String,
}

/// Whether a model may run.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicyModel {
    /// The task.
    pub task: String,
    /// The rule.
    pub rule: String,
    /// Whether its scores are made and shown now.
    pub allowed: bool,
    /// The document the rule was read from.
    pub source: String,
}

/// An amendment of a platform's terms.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PolicyAmendment {
    /// What it is called.
    pub name: String,
    /// Which text: its date.
    pub version: String,
    /// What it opens.
    pub opens: String,
    /// The document.
    pub source: String,
}

/// Who accepts which text: `POST /api/v1/policies/{platform}/acceptance`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AcceptanceInput {
    /// Who accepted it for the operator.
    pub who: String,
    /// Which text: its date, as in `amendment.version`.
    pub version: String,
}

/// A project's own limits and those in force: `GET /api/v1/projects/{id}/retention`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ProjectRetention {
    /// What the project sets.
    pub own: crate::policy::Retention,
    /// What is in force in it, by platform.
    pub in_force: std::collections::BTreeMap<String, crate::policy::Days>,
}

/// What a platform's terms ask an answer to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PolicyLabel {
    /// The platform whose data is part of the answer.
    pub source: String,
    /// What to say.
    pub text: String,
}

/// The form of an export: added to the filter of `GET /api/v1/export`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ExportParams {
    /// `jsonl` (default), `csv`, `as2`, `xlsx`, `parquet`.
    pub format: Option<String>,
    /// Whether posts of platforms that let only ids leave are wanted in full, as far as the day's allowance goes.
    pub full: Option<bool>,
}

/// How to page through mentions: added to the filter of `GET /api/v1/mentions`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PageParams {
    /// `next` of the page before, in the same order.
    pub cursor: Option<String>,
    /// At most this many (default 50, at most 500).
    pub limit: Option<usize>,
    /// The order: `newest` (default), `oldest`, `engagement` (most first), `audience` (authors with most followers first,
    /// unknown ones last), `negative`, `positive` (most surely so first, unscored ones last), `relevance` (what answers the
    /// search in `q` best first, by BM25; refused without `q`). What is equal stands newest first.
    pub sort: Option<String>,
}

/// What the push endpoint answers: `POST /api/v1/posts`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PushReceipt {
    /// Posts now in the journal, on disk.
    pub accepted: usize,
    /// Posts whose uid was already there.
    pub duplicates: usize,
    /// Posts refused, each with its place in the batch.
    pub refused: Vec<PushRefusal>,
}

/// A refused post of a pushed batch.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PushRefusal {
    /// Place in the batch, from 0.
    pub index: usize,
    /// Why, as a short code.
    pub reason: String,
    /// Why, in words.
    pub message: String,
}

/// Event `commit` of `GET /api/v1/live`: new mentions can be seen.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LiveCommit {
    /// Commit generation, also the event's id.
    pub generation: u64,
    /// The project these belong to.
    pub project: String,
    /// New mentions per monitor and minute of their creation, to tick a chart without asking again.
    pub added: Vec<LiveCount>,
    /// The newest of them, at most 20, newest first.
    pub newest: Vec<MentionView>,
    /// Set where this client fell behind and should ask again.
    pub refetch: bool,
}

/// New mentions of one monitor in one minute.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LiveCount {
    /// The monitor.
    pub monitor: String,
    /// Start of the minute of `created_at`.
    pub minute: i64,
    /// Mentions.
    pub mentions: u64,
    /// Scored negative, neutral, positive.
    pub sentiment: [u64; 3],
}
