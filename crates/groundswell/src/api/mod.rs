//! The HTTP API under `/api/v1`, the web app, `/health` and `/metrics`.
//!
//! The OpenAPI document is generated from the handlers and the types of [`types`]; a snapshot test locks it, and the web app's client
//! is generated from that snapshot.

mod access;
mod alerts;
mod analytics;
mod assets;
mod auditing;
mod classifiers;
mod dashboards;
mod diff;
mod door;
mod error;
mod expectations;
mod export;
mod extract;
mod filter;
mod findings;
mod guard;
mod lists;
mod live;
mod marking;
mod measure;
mod mentions;
mod metrics;
mod models;
mod monitors;
mod objectives;
mod ops;
mod outbox;
mod people;
mod policy;
mod posts;
mod privacy;
mod projects;
mod queries;
mod refusals;
mod relevance;
mod repeats;
mod reports;
mod responding;
mod routes;
pub(crate) mod rules;
mod sessions;
mod sources;
mod status;
pub mod types;
mod vendor;

pub use access::Access;
pub use door::{Door, Peer};
pub use error::Failure;
pub(crate) use filter::{ask as ask_filter, ask_offline};
pub(crate) use monitors::failure as control_failure;
pub use routes::{Log, Need, Place, ROUTES, Route, reference};
pub use sessions::Sessions;

use crate::config::Secret;
use crate::connections::{SignIn, Supervisor};
use crate::live::Live;
use crate::pipeline::Engine;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use std::sync::Arc;
use tower_http::compression::CompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

/// What the handlers share.
pub struct App {
    /// The pipeline.
    pub engine: Arc<Engine>,
    /// The sources.
    pub supervisor: Arc<Supervisor>,
    /// The broadcast of commits.
    pub live: Live,
    /// What watches over the stream.
    pub detectors: Arc<crate::detect::Detectors>,
    /// Demo or real.
    pub mode: types::Mode,
    /// When the process started.
    pub started_at: i64,
    /// The password, where one is set.
    pub password: Option<Secret>,
    /// Where browsers and platforms reach this server, where the operator says.
    pub public_url: Option<String>,
    /// Sign-ins at platforms that are under way.
    pub sign_in: SignIn,
    /// The operator's settings of policy.
    pub policy: crate::policy::Settings,
    /// What the authors' notice says, but for the sources.
    pub notice: crate::policy::notice::Facts,
    /// What is known of the models' mistakes.
    pub(crate) shares: crate::auditing::Mixed,
    /// What was said in which session.
    pub sessions: Sessions,
    /// Who comes in, and how often.
    pub door: Door,
    /// The identity provider that signs people in, where there is one.
    pub single_sign_on: Option<crate::oidc::Provider>,
    /// What hands letters to the mail server, where there is one.
    pub mailer: Option<Arc<crate::delivery::Mailer>>,
    /// The language model that may say explanations in other words, where there is one.
    pub rephraser: Option<crate::rephrase::Rephraser>,
    /// Becomes `true` when the process ends.
    pub ending: tokio::sync::watch::Receiver<bool>,
}

type Shared = axum::extract::State<Arc<App>>;

/// The largest request body: a pushed batch.
const MAX_BODY: usize = ::sources::MAX_PUSH_BYTES;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Groundswell",
        description = "Social media monitoring: projects, monitors, mentions and what they mean."
    ),
    components(schemas(types::ApiError, types::LiveCommit))
)]
struct Document;

fn documented() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Document::openapi()).nest(
        "/api/v1",
        OpenApiRouter::new()
            .routes(routes!(status::status))
            .routes(routes!(projects::list, projects::create))
            .routes(routes!(projects::update))
            .routes(routes!(monitors::list, monitors::create))
            .routes(routes!(monitors::get, monitors::update, monitors::delete))
            .routes(routes!(monitors::accounts::get, monitors::accounts::put))
            .routes(routes!(monitors::context::get, monitors::context::put))
            .routes(routes!(relevance::get))
            .routes(routes!(relevance::next))
            .routes(routes!(relevance::judge))
            .routes(routes!(relevance::threshold))
            .routes(routes!(relevance::refine::list))
            .routes(routes!(relevance::work::versions))
            .routes(routes!(relevance::work::activate))
            .routes(routes!(relevance::work::train))
            .routes(routes!(relevance::work::apply))
            .routes(routes!(relevance::work::stop))
            .routes(routes!(monitors::versions))
            .routes(routes!(monitors::rollback))
            .routes(routes!(lists::list))
            .routes(routes!(lists::get, lists::put, lists::delete))
            .routes(routes!(queries::check))
            .routes(routes!(queries::preview))
            .routes(routes!(diff::diff))
            .routes(routes!(expectations::keep::get, expectations::keep::put))
            .routes(routes!(expectations::keep::versions))
            .routes(routes!(expectations::run::run))
            .routes(routes!(expectations::run::read))
            .routes(routes!(expectations::run::write))
            .routes(routes!(analytics::overview))
            .routes(routes!(analytics::series))
            .routes(routes!(analytics::breakdown))
            .routes(routes!(measure::measure))
            .routes(routes!(measure::compare::compare))
            .routes(routes!(measure::named::overview::overview))
            .routes(routes!(measure::named::behaviour::behaviour))
            .routes(routes!(measure::named::preferences::preferences))
            .routes(routes!(measure::named::perceptions::perceptions))
            .routes(routes!(measure::named::awareness::awareness))
            .routes(routes!(measure::named::awareness::market))
            .routes(routes!(measure::named::entity::entity))
            .routes(routes!(measure::named::channels::channels))
            .routes(routes!(measure::named::thread::thread))
            .routes(routes!(measure::named::topics::topics))
            .routes(routes!(measure::named::topics_tree::tree))
            .routes(routes!(measure::named::topics_compared::compare))
            .routes(routes!(measure::named::copies::list))
            .routes(routes!(measure::named::copies::of_mention))
            .routes(routes!(measure::named::insights::times))
            .routes(routes!(measure::named::insights::drivers))
            .routes(routes!(measure::named::insights::gaps))
            .routes(routes!(measure::named::insights::influencers))
            .routes(routes!(measure::named::insights::weekly))
            .routes(routes!(objectives::get, objectives::put))
            .routes(routes!(measure::permalinks::list, measure::permalinks::create))
            .routes(routes!(measure::permalinks::get))
            .routes(routes!(measure::annotations::list, measure::annotations::create))
            .routes(routes!(
                measure::annotations::update,
                measure::annotations::delete
            ))
            .routes(routes!(measure::annotations::around))
            .routes(routes!(dashboards::list, dashboards::create))
            .routes(routes!(dashboards::templates))
            .routes(routes!(dashboards::get, dashboards::replace, dashboards::delete))
            .routes(routes!(dashboards::restore))
            .routes(routes!(dashboards::duplicate))
            .routes(routes!(mentions::page))
            .routes(routes!(marking::marks::change))
            .routes(routes!(marking::marks::changes))
            .routes(routes!(marking::marks::undo))
            .routes(routes!(marking::rules::list, marking::rules::create))
            .routes(routes!(marking::rules::update, marking::rules::delete))
            .routes(routes!(marking::rules::apply))
            .routes(routes!(findings::list))
            .routes(routes!(findings::get, findings::put))
            .routes(routes!(findings::explanation::get))
            .routes(routes!(findings::rephrasing::post))
            .routes(routes!(findings::accounts::coordination))
            .routes(routes!(findings::accounts::automation))
            .routes(routes!(findings::sensitivity, findings::set_sensitivity))
            .routes(routes!(marking::rules::stop))
            .routes(routes!(auditing::shares))
            .routes(routes!(auditing::list, auditing::draw))
            .routes(routes!(auditing::get))
            .routes(routes!(auditing::queue))
            .routes(routes!(auditing::label))
            .routes(routes!(responding::items::list))
            .routes(routes!(responding::items::get))
            .routes(routes!(responding::items::due))
            .routes(routes!(responding::items::target, responding::items::set_target))
            .routes(routes!(responding::items::responses))
            .routes(routes!(responding::notes::list, responding::notes::write))
            .routes(routes!(responding::notes::edit, responding::notes::delete))
            .routes(routes!(responding::notices::list, responding::notices::read))
            .routes(routes!(responding::desks::list, responding::desks::create))
            .routes(routes!(responding::desks::delete))
            .routes(routes!(
                responding::handovers::list,
                responding::handovers::create
            ))
            .routes(routes!(responding::handovers::settle))
            .routes(routes!(models::list))
            .routes(routes!(classifiers::list, classifiers::create))
            .routes(routes!(classifiers::get, classifiers::delete))
            .routes(routes!(classifiers::versions))
            .routes(routes!(classifiers::activate))
            .routes(routes!(classifiers::rollback))
            .routes(routes!(classifiers::labels::give))
            .routes(
                routes!(classifiers::labels::import)
                    .layer(DefaultBodyLimit::max(classifiers::labels::MAX_FILE)),
            )
            .routes(routes!(classifiers::labels::next))
            .routes(routes!(classifiers::work::train))
            .routes(routes!(classifiers::work::apply))
            .routes(routes!(classifiers::work::stop))
            .routes(routes!(classifiers::work::classify))
            .routes(routes!(posts::push))
            .routes(routes!(privacy::open::open))
            .routes(routes!(privacy::open::reveal))
            .routes(routes!(door::sign_in::ways, door::sign_in::sign_in))
            .routes(routes!(door::sign_in::link))
            .routes(routes!(door::oidc::go))
            .routes(routes!(door::oidc::back))
            .routes(routes!(door::sign_in::sign_out))
            .routes(routes!(people::me::get))
            .routes(routes!(people::me::set_purpose))
            .routes(routes!(people::me::change_password))
            .routes(routes!(people::sessions::list))
            .routes(routes!(people::sessions::delete))
            .routes(routes!(people::users::list, people::users::create))
            .routes(routes!(people::users::update, people::users::delete))
            .routes(routes!(people::members::list, people::members::put))
            .routes(routes!(people::members::remove))
            .routes(routes!(people::links::create))
            .routes(routes!(people::links::list))
            .routes(routes!(people::links::delete))
            .routes(routes!(people::keys::list, people::keys::create))
            .routes(routes!(people::keys::delete))
            .routes(routes!(people::shares::list, people::shares::create))
            .routes(routes!(people::shares::delete))
            .routes(routes!(people::shared::about))
            .routes(routes!(people::shared::overview))
            .routes(routes!(people::shared::series))
            .routes(routes!(people::shared::breakdown))
            .routes(routes!(people::shared::page))
            .routes(routes!(people::shared_dashboard::get))
            .routes(routes!(people::shared_dashboard::widget))
            .routes(routes!(privacy::audit::list))
            .routes(routes!(privacy::erasures::list, privacy::erasures::create))
            .routes(routes!(privacy::erasures::get))
            .routes(routes!(privacy::erasures::suppressions))
            .routes(routes!(privacy::erasures::purge))
            .routes(routes!(sources::connectors))
            .routes(routes!(sources::list))
            .routes(routes!(
                sources::get,
                sources::change::put,
                sources::change::delete
            ))
            .routes(routes!(sources::change::pause))
            .routes(routes!(sources::change::resume))
            .routes(routes!(sources::change::test))
            .routes(routes!(sources::sign_in::begin))
            .routes(routes!(sources::past::search))
            .routes(routes!(sources::past::list))
            .routes(routes!(sources::past::stop))
            .routes(routes!(sources::coverage::coverage))
            .routes(routes!(export::export))
            .routes(routes!(outbox::list))
            .routes(routes!(outbox::retry))
            .routes(routes!(outbox::withdraw))
            .routes(routes!(outbox::tries))
            .routes(routes!(outbox::test))
            .routes(routes!(alerts::list, alerts::create))
            .routes(routes!(alerts::backtest::backtest))
            .routes(routes!(alerts::get, alerts::update, alerts::delete))
            .routes(routes!(alerts::mute))
            .routes(routes!(alerts::events::list))
            .routes(routes!(alerts::events::get))
            .routes(routes!(alerts::events::acknowledge))
            .routes(routes!(alerts::events::rate))
            .routes(routes!(alerts::destinations::list, alerts::destinations::create))
            .routes(routes!(alerts::destinations::delete))
            .routes(routes!(alerts::destinations::test))
            .routes(routes!(alerts::destinations::rotate))
            .routes(routes!(reports::list, reports::create))
            .routes(routes!(reports::get, reports::put, reports::delete))
            .routes(routes!(reports::renditions::render))
            .routes(routes!(reports::renditions::list))
            .routes(routes!(
                reports::renditions::download,
                reports::renditions::delete
            ))
            .routes(routes!(reports::renditions::approve))
            .routes(routes!(vendor::import))
            .routes(routes!(vendor::queries))
            .routes(routes!(vendor::compare))
            .routes(routes!(policy::list))
            .routes(routes!(policy::accept))
            .routes(routes!(policy::retention, policy::set_retention))
            .routes(routes!(policy::notice))
            .routes(routes!(live::events)),
    )
}

/// The OpenAPI document as pretty JSON.
pub fn openapi() -> String {
    let mut document = documented().into_openapi();
    // The document is locked by a snapshot; a release must not change it by its number alone.
    document.info.version = "1".to_owned();
    refusals::document(&mut document);
    document.to_pretty_json().unwrap_or_default()
}

/// Everything the server answers.
pub fn router(app: Arc<App>) -> Router {
    let (api, _) = documented().split_for_parts();
    Router::new()
        .merge(api)
        .route(
            "/api/v1/openapi.json",
            axum::routing::get(|| async { ([("content-type", "application/json")], openapi()) }),
        )
        .route("/api/{*path}", axum::routing::any(error::no_route))
        .merge(ops::routes())
        .route(
            sources::sign_in::CALLBACK,
            axum::routing::get(sources::sign_in::end),
        )
        .merge(sources::hooks::routes())
        .merge(responding::hooks::routes())
        .fallback(assets::serve)
        .layer(axum::middleware::from_fn_with_state(app.clone(), guard::guard))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(CompressionLayer::new())
        .layer(axum::middleware::from_fn(crate::spans::of_request))
        .with_state(app)
}
