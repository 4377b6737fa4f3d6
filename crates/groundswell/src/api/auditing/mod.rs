//! Shares of the classes of sentiment, and the samples that tell how right the model is on a project's posts.

use super::access::Access;
use super::error::{blocking, to_the_end};
use super::extract::{Body, Params};
use super::monitors::{failure, writable};
use super::types::{ApiError, FilterParams, PostView};
use super::{App, Failure, Shared, filter, rules};
use crate::analytics::Honest;
use crate::auditing::{self, Bounds, Results, Used};
use crate::control::{Action, AuditSample};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use post::MentionId;
use serde::{Deserialize, Serialize};
use store::{Label, mention_number};
use utoipa::ToSchema;

/// Posts of a sample at most.
const MOST: usize = 1_000;
/// Posts labelled in one request at most.
const AT_ONCE: usize = 1_000;
/// The period drawn from where none is given: 30 days.
const MONTH: i64 = 30 * 24 * 3_600_000;

/// Shares of the classes of sentiment: `GET /api/v1/sentiment-shares`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SentimentShares {
    /// Start of the period.
    from: i64,
    /// Its end.
    to: i64,
    /// The shares.
    #[serde(flatten)]
    said: Honest,
    /// Labels of the project that corrected them.
    labels: Used,
}

/// The shares of negative, neutral and positive among the mentions under a filter, by PACC with EMQ beside it. Each part
/// is corrected by the mistakes known of its language and platform, or else of its language, or else of all.
#[utoipa::path(get, path = "/sentiment-shares", operation_id = "sentiment_shares", tag = "analytics", params(FilterParams),
    responses((status = 200, body = SentimentShares), (status = 400, body = ApiError)))]
pub(super) async fn shares(
    app: Shared,
    Params(params): Params<FilterParams>,
) -> Result<Json<SentimentShares>, Failure> {
    let asked = filter::ask(&app.engine, &params, crate::clock::now())?;
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let (known, labels) = app.shares.of(&app.engine, &asked.project).map_err(failure)?;
        let scores = match rules::check_person(&snapshot, &asked.filter)? {
            true => snapshot.soft_scores(&asked.filter)?,
            false => foldhash::HashMap::default(),
        };
        Ok(Json(SentimentShares {
            from: asked.from,
            to: asked.to,
            said: known.honest(&scores),
            labels,
        }))
    })
    .await
}

/// What a sample is to be drawn from.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SampleInput {
    /// Posts published from this time (default: 30 days before `to`).
    from: Option<i64>,
    /// Until this time, exclusive (default: now).
    to: Option<i64>,
    /// How many, 1 to 1,000 (default 50).
    size: Option<usize>,
}

/// A sample and what its labels say.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SampleView {
    /// Its id.
    id: String,
    /// Posts published from this time.
    from: i64,
    /// Until this time.
    to: i64,
    /// When it was drawn.
    drawn_at: i64,
    /// By whom; `server` at the end of a month.
    drawn_by: String,
    /// Posts that it was drawn from.
    population: u64,
    /// Posts drawn that are still there.
    posts: u64,
    /// Of these, labelled.
    labelled: u64,
    /// Of these, skipped.
    skipped: u64,
    /// What the labels say of *these* posts.
    results: Results,
}

/// A post of a sample. What the model says of it is not told: it would be repeated.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct QueuedPost {
    /// The mention.
    mention: String,
    /// Its monitor: sentiment is meant toward what that is about.
    monitor: String,
    /// The post.
    post: PostView,
    /// Whether sentiment toward the monitor's subject is asked for, rather than of the whole post.
    toward: bool,
    /// What it was labelled.
    label: Option<String>,
    /// Whether it was skipped.
    skipped: bool,
}

/// Labels of posts of a sample.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SampleLabels {
    /// At most 1,000.
    labels: Vec<PostLabel>,
}

/// The label of a post.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostLabel {
    /// The mention.
    mention: String,
    /// `negative`, `neutral`, `positive`; `null` skips it: it cannot be told, or is not about the subject.
    label: Option<String>,
}

fn view(app: &App, sample: AuditSample) -> Result<SampleView, Failure> {
    let posts = app.engine.control.audit_posts(&sample.id).map_err(failure)?;
    Ok(SampleView {
        results: auditing::results(&posts),
        id: sample.id,
        from: sample.from,
        to: sample.to,
        drawn_at: sample.drawn_at,
        drawn_by: sample.drawn_by,
        population: sample.population,
        posts: sample.posts,
        labelled: sample.labelled,
        skipped: sample.skipped,
    })
}

/// A project's samples, newest first.
#[utoipa::path(get, path = "/projects/{project}/audit-samples", operation_id = "list_audit_samples", tag = "auditing",
    params(("project" = String, Path)), responses((status = 200, body = [SampleView])))]
pub(super) async fn list(app: Shared, Path(project): Path<String>) -> Result<Json<Vec<SampleView>>, Failure> {
    blocking(move || {
        let samples = app.engine.control.audit_samples(&project).map_err(failure)?;
        let views = samples.into_iter().map(|s| view(&app, s));
        Ok(Json(views.collect::<Result<_, _>>()?))
    })
    .await
}

/// Draws a sample now, besides the one of each month.
#[utoipa::path(post, path = "/projects/{project}/audit-samples", operation_id = "draw_audit_sample", tag = "auditing",
    params(("project" = String, Path)), request_body = SampleInput,
    responses((status = 201, body = SampleView), (status = 400, body = ApiError)))]
pub(super) async fn draw(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(input): Body<SampleInput>,
) -> Result<(StatusCode, Json<SampleView>), Failure> {
    writable(&app)?;
    let to = input.to.unwrap_or_else(crate::clock::now);
    let from = input.from.unwrap_or(to.saturating_sub(MONTH));
    let size = input.size.unwrap_or(auditing::SIZE);
    if from >= to || size == 0 || size > MOST {
        return Err(Failure::Bad(format!(
            "say a `from` before `to`, and a `size` of 1 to {MOST}"
        )));
    }
    let by = access.event(Action::AuditDrawn);
    to_the_end(blocking(move || {
        let drawn = auditing::draw(&app.engine, &project, Bounds { from, to, size }, &by);
        let drawn = drawn.map_err(|e| Failure::Internal(e.to_string()))?;
        let id = drawn.ok_or_else(|| {
            Failure::Bad(format!(
                "fewer than {size} scored mentions in this time: take a longer one"
            ))
        })?;
        let sample = app.engine.control.audit_sample(&project, &id).map_err(failure)?;
        Ok((StatusCode::CREATED, Json(view(&app, sample)?)))
    }))
    .await
}

/// One sample, with what its labels say.
#[utoipa::path(get, path = "/projects/{project}/audit-samples/{sample}", operation_id = "get_audit_sample", tag = "auditing",
    params(("project" = String, Path), ("sample" = String, Path)),
    responses((status = 200, body = SampleView), (status = 404, body = ApiError)))]
pub(super) async fn get(
    app: Shared,
    Path((project, sample)): Path<(String, String)>,
) -> Result<Json<SampleView>, Failure> {
    blocking(move || {
        let sample = app
            .engine
            .control
            .audit_sample(&project, &sample)
            .map_err(failure)?;
        Ok(Json(view(&app, sample)?))
    })
    .await
}

/// The posts of a sample in the order they are to be labelled in, those done already among them.
#[utoipa::path(get, path = "/projects/{project}/audit-samples/{sample}/queue", operation_id = "audit_queue", tag = "auditing",
    params(("project" = String, Path), ("sample" = String, Path)),
    responses((status = 200, body = [QueuedPost]), (status = 404, body = ApiError)))]
pub(super) async fn queue(
    app: Shared,
    Path((project, sample)): Path<(String, String)>,
) -> Result<Json<Vec<QueuedPost>>, Failure> {
    blocking(move || {
        let control = &app.engine.control;
        let sample = control.audit_sample(&project, &sample).map_err(failure)?;
        let (snapshot, live) = (app.engine.store.snapshot(), app.engine.live.load());
        let mut queue = Vec::new();
        for drawn in control.audit_posts(&sample.id).map_err(failure)? {
            let Some(mention) = snapshot.numbered(drawn.drawn.number)? else {
                continue;
            };
            let query = live.query(&mention.monitor);
            queue.push(QueuedPost {
                mention: mention.id.to_string(),
                monitor: mention.monitor.clone(),
                post: crate::view::post(&mention.post, &mention.lang, query, &live),
                toward: drawn.drawn.is_toward,
                label: drawn.label.map(|l| l.name().to_owned()),
                skipped: drawn.skipped,
            });
        }
        Ok(Json(queue))
    })
    .await
}

/// Labels posts of a sample, or skips them.
#[utoipa::path(post, path = "/projects/{project}/audit-samples/{sample}/labels", operation_id = "label_audit_sample", tag = "auditing",
    params(("project" = String, Path), ("sample" = String, Path)), request_body = SampleLabels,
    responses((status = 200, body = SampleView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn label(
    app: Shared,
    access: Access,
    Path((project, sample)): Path<(String, String)>,
    Body(input): Body<SampleLabels>,
) -> Result<Json<SampleView>, Failure> {
    writable(&app)?;
    if input.labels.is_empty() || input.labels.len() > AT_ONCE {
        return Err(Failure::Bad(format!("say 1 to {AT_ONCE} labels")));
    }
    let labels = input.labels.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let by = access.event(Action::AuditLabelled);
    to_the_end(blocking(move || {
        let control = &app.engine.control;
        let missing = control.label_audit_posts(&project, &sample, &labels, &by);
        if let Some(number) = missing.map_err(failure)?.first() {
            return Err(Failure::Bad(format!(
                "the mention {number:016x}… is not in this sample; the others are labelled"
            )));
        }
        let sample = control.audit_sample(&project, &sample).map_err(failure)?;
        Ok(Json(view(&app, sample)?))
    }))
    .await
}

fn read(input: &PostLabel) -> Result<(u64, Option<Label>), Failure> {
    let id = MentionId::from_hex(&input.mention);
    let id = id.ok_or_else(|| Failure::Bad(format!("`{:.64}` is no id of a mention", input.mention)))?;
    let label = match input.label.as_deref() {
        Some(name) => Some(Label::from_name(name).ok_or_else(|| {
            Failure::Bad(format!(
                "`{name:.40}` is no sentiment; known: negative, neutral, positive"
            ))
        })?),
        None => None,
    };
    Ok((mention_number(id), label))
}
