//! Which request needs what: the one table of methods, paths, scopes, and where the project comes from.
//!
//! What is not in it is refused, and a test holds it against the OpenAPI document.

use crate::control::Scope;
use axum::http::Method;

/// What lets a request in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: what lies behind checks for itself, or says nothing of anybody.
    Open,
    /// To be anybody who is known.
    Known,
    /// A scope, in the project that the request is about.
    Scope(Scope, Place),
}

/// Where it says which project a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// About the installation: the scope is needed everywhere.
    All,
    /// About no project's things: the scope is needed anywhere, and the handler leaves out what is not the asker's.
    Any,
    /// A part of the path is the project's id.
    Path(&'static str),
    /// `project=`, or the default project.
    Query,
    /// The path's `id` is a monitor's; it says the project.
    Monitor,
    /// The path's `id` is a share link's; it says the project.
    Share,
    /// The body or the thing itself says: the handler asks with `need_in`.
    Handler,
}

/// How the audit log hears of a request that succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Not at all: it changes nothing that is kept, or it is the data itself.
    No,
    /// The handler puts it down, with what it was about.
    Own,
    /// The guard puts it down as `changed`.
    Guard,
}

/// One route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The method; `HEAD` is `GET`.
    pub method: &'static str,
    /// The path as it is routed.
    pub path: &'static str,
    /// What lets a request in.
    pub need: Need,
    /// Who puts it down.
    pub log: Log,
}

const fn route(method: &'static str, path: &'static str, need: Need, log: Log) -> Route {
    Route {
        method,
        path,
        need,
        log,
    }
}

const fn get(path: &'static str, scope: Scope, place: Place) -> Route {
    route("GET", path, Need::Scope(scope, place), Log::No)
}

const fn ask(path: &'static str, scope: Scope, place: Place) -> Route {
    route("POST", path, Need::Scope(scope, place), Log::No)
}

const fn change(method: &'static str, path: &'static str, scope: Scope, place: Place) -> Route {
    route(method, path, Need::Scope(scope, place), Log::Guard)
}

const fn own(method: &'static str, path: &'static str, scope: Scope, place: Place) -> Route {
    route(method, path, Need::Scope(scope, place), Log::Own)
}

const fn open(method: &'static str, path: &'static str) -> Route {
    route(method, path, Need::Open, Log::Own)
}

use Place::{All, Any, Handler, Monitor, Path, Query, Share};
use Scope::{Admin, Export, Open, Privacy, Push, Read, Reveal, Sums, Write};

/// Every route there is.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    // For those who run it.
    open("GET", "/health"), open("GET", "/health/ready"), open("GET", "/health/live"),
    get("/metrics", Read, All),
    get("/api/v1/openapi.json", Sums, Any),
    get("/api/v1/status", Read, Any),
    // Coming in. A platform's call is let in by its signature.
    open("GET", "/hooks/{source}"), open("POST", "/hooks/{source}"), open("POST", "/hooks/desks/{desk}"),
    get("/oauth/callback", Admin, All),
    open("GET", "/api/v1/sign-in"), open("POST", "/api/v1/sign-in"),
    open("POST", "/api/v1/sign-in/link"), open("GET", "/api/v1/sign-in/oidc"), open("GET", "/api/v1/sign-in/oidc/callback"),
    route("POST", "/api/v1/sign-out", Need::Known, Log::Own),
    // About whoever asks.
    route("GET", "/api/v1/session", Need::Known, Log::No),
    route("PUT", "/api/v1/session/password", Need::Known, Log::Own),
    own("POST", "/api/v1/session/purpose", Open, Handler),
    route("GET", "/api/v1/sessions", Need::Known, Log::No),
    route("DELETE", "/api/v1/sessions/{id}", Need::Known, Log::Own),
    // Share links: the link itself is what lets in.
    get("/api/v1/projects/{project}/shares", Export, Path("project")),
    own("POST", "/api/v1/projects/{project}/shares", Export, Path("project")),
    own("DELETE", "/api/v1/shares/{id}", Export, Share),
    open("GET", "/api/v1/share/{token}"), open("GET", "/api/v1/share/{token}/overview"),
    open("GET", "/api/v1/share/{token}/series"), open("GET", "/api/v1/share/{token}/breakdown"),
    open("GET", "/api/v1/share/{token}/mentions"),
    open("GET", "/api/v1/share/{token}/dashboard"), open("GET", "/api/v1/share/{token}/widgets/{widget}"),
    // People and keys.
    get("/api/v1/users", Admin, All), own("POST", "/api/v1/users", Admin, All),
    own("PUT", "/api/v1/users/{id}", Admin, All), own("DELETE", "/api/v1/users/{id}", Admin, All),
    get("/api/v1/projects/{project}/members", Admin, Path("project")),
    own("POST", "/api/v1/projects/{project}/members", Admin, Path("project")),
    own("DELETE", "/api/v1/projects/{project}/members/{id}", Admin, Path("project")),
    own("POST", "/api/v1/users/{id}/links", Admin, All),
    get("/api/v1/links", Admin, All), own("DELETE", "/api/v1/links/{id}", Admin, All),
    get("/api/v1/keys", Admin, All), own("POST", "/api/v1/keys", Admin, All), own("DELETE", "/api/v1/keys/{id}", Admin, All),
    // Projects and what is in them.
    get("/api/v1/projects", Sums, Any), change("POST", "/api/v1/projects", Write, All),
    change("PUT", "/api/v1/projects/{id}", Write, Path("id")),
    get("/api/v1/projects/{id}/retention", Read, Path("id")),
    own("PUT", "/api/v1/projects/{id}/retention", Privacy, Path("id")),
    get("/api/v1/projects/{project}/monitors", Read, Path("project")),
    change("POST", "/api/v1/projects/{project}/monitors", Write, Path("project")),
    get("/api/v1/monitors/{id}", Read, Monitor), get("/api/v1/monitors/{id}/versions", Read, Monitor),
    change("PUT", "/api/v1/monitors/{id}", Write, Monitor), change("DELETE", "/api/v1/monitors/{id}", Write, Monitor),
    change("POST", "/api/v1/monitors/{id}/rollback", Write, Monitor),
    get("/api/v1/monitors/{id}/accounts", Read, Monitor), own("PUT", "/api/v1/monitors/{id}/accounts", Write, Monitor),
    get("/api/v1/monitors/{id}/context", Read, Monitor), own("PUT", "/api/v1/monitors/{id}/context", Write, Monitor),
    get("/api/v1/monitors/{id}/relevance", Read, Monitor), get("/api/v1/monitors/{id}/relevance/next", Read, Monitor),
    own("PUT", "/api/v1/monitors/{id}/relevance/judgments", Write, Monitor),
    own("PUT", "/api/v1/monitors/{id}/relevance/threshold", Write, Monitor),
    get("/api/v1/monitors/{id}/relevance/refinements", Read, Monitor),
    get("/api/v1/monitors/{id}/relevance/versions", Read, Monitor),
    own("PUT", "/api/v1/monitors/{id}/relevance/active", Write, Monitor),
    own("POST", "/api/v1/monitors/{id}/relevance/train", Write, Monitor),
    change("POST", "/api/v1/monitors/{id}/relevance/apply", Write, Monitor),
    change("DELETE", "/api/v1/monitors/{id}/relevance/job", Write, Monitor),
    get("/api/v1/projects/{project}/lists", Read, Path("project")),
    get("/api/v1/projects/{project}/lists/{name}", Read, Path("project")),
    change("PUT", "/api/v1/projects/{project}/lists/{name}", Write, Path("project")),
    change("DELETE", "/api/v1/projects/{project}/lists/{name}", Write, Path("project")),
    ask("/api/v1/queries/check", Read, Handler), ask("/api/v1/queries/preview", Read, Handler),
    ask("/api/v1/queries/diff", Read, Handler),
    get("/api/v1/monitors/{id}/expectations", Read, Monitor), own("PUT", "/api/v1/monitors/{id}/expectations", Write, Monitor),
    get("/api/v1/monitors/{id}/expectations/versions", Read, Monitor),
    ask("/api/v1/queries/expectations", Read, Handler), ask("/api/v1/queries/expectations/read", Read, Any),
    ask("/api/v1/queries/expectations/write", Read, Handler),
    get("/api/v1/projects/{project}/classifiers", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/classifiers", Write, Path("project")),
    get("/api/v1/projects/{project}/classifiers/{id}", Read, Path("project")),
    own("DELETE", "/api/v1/projects/{project}/classifiers/{id}", Write, Path("project")),
    get("/api/v1/projects/{project}/classifiers/{id}/versions", Read, Path("project")),
    get("/api/v1/projects/{project}/classifiers/{id}/suggest", Read, Path("project")),
    own("PUT", "/api/v1/projects/{project}/classifiers/{id}/active", Write, Path("project")),
    own("POST", "/api/v1/projects/{project}/classifiers/{id}/rollback", Write, Path("project")),
    change("POST", "/api/v1/projects/{project}/classifiers/{id}/labels", Write, Path("project")),
    own("POST", "/api/v1/projects/{project}/classifiers/{id}/import", Write, Path("project")),
    own("POST", "/api/v1/projects/{project}/classifiers/{id}/train", Write, Path("project")),
    change("POST", "/api/v1/projects/{project}/classifiers/{id}/apply", Write, Path("project")),
    change("DELETE", "/api/v1/projects/{project}/classifiers/{id}/job", Write, Path("project")),
    ask("/api/v1/projects/{project}/classifiers/{id}/classify", Read, Path("project")),
    // Figures, mentions, posts.
    get("/api/v1/overview", Sums, Query), get("/api/v1/series", Sums, Query), get("/api/v1/breakdown", Sums, Query),
    get("/api/v1/measure", Sums, Query), get("/api/v1/compare", Read, Query),
    get("/api/v1/projects/{project}/overview", Sums, Path("project")),
    get("/api/v1/projects/{project}/behaviour", Read, Path("project")),
    get("/api/v1/projects/{project}/preferences", Read, Path("project")),
    get("/api/v1/projects/{project}/perceptions", Read, Path("project")),
    get("/api/v1/projects/{project}/awareness", Read, Path("project")),
    get("/api/v1/projects/{project}/market", Read, Path("project")),
    get("/api/v1/projects/{project}/entity", Read, Path("project")),
    get("/api/v1/projects/{project}/channels", Read, Path("project")),
    get("/api/v1/projects/{project}/posts/{key}/thread", Read, Path("project")),
    get("/api/v1/projects/{project}/topics", Read, Path("project")),
    get("/api/v1/projects/{project}/topics/tree", Read, Path("project")),
    get("/api/v1/projects/{project}/topics/compare", Read, Path("project")),
    get("/api/v1/projects/{project}/copies", Read, Path("project")),
    get("/api/v1/projects/{project}/mentions/{mention}/copies", Read, Path("project")),
    get("/api/v1/projects/{project}/insights/times", Read, Path("project")),
    get("/api/v1/projects/{project}/insights/drivers", Read, Path("project")),
    get("/api/v1/projects/{project}/insights/gaps", Read, Path("project")),
    get("/api/v1/projects/{project}/insights/influencers", Read, Path("project")),
    get("/api/v1/projects/{project}/insights/weekly", Read, Path("project")),
    get("/api/v1/projects/{project}/objective", Read, Path("project")),
    change("PUT", "/api/v1/projects/{project}/objective", Write, Path("project")),
    get("/api/v1/projects/{project}/permalinks", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/permalinks", Write, Path("project")),
    get("/api/v1/projects/{project}/permalinks/{id}", Read, Path("project")),
    get("/api/v1/projects/{project}/annotations", Read, Path("project")),
    change("POST", "/api/v1/projects/{project}/annotations", Write, Path("project")),
    change("PUT", "/api/v1/projects/{project}/annotations/{id}", Write, Path("project")),
    change("DELETE", "/api/v1/projects/{project}/annotations/{id}", Write, Path("project")),
    get("/api/v1/projects/{project}/annotations/{id}/around", Read, Path("project")),
    // Dashboards.
    get("/api/v1/projects/{project}/dashboards", Read, Path("project")),
    get("/api/v1/projects/{project}/dashboard-templates", Read, Path("project")),
    change("POST", "/api/v1/projects/{project}/dashboards", Write, Path("project")),
    get("/api/v1/projects/{project}/dashboards/{id}", Read, Path("project")),
    change("PUT", "/api/v1/projects/{project}/dashboards/{id}", Write, Path("project")),
    change("DELETE", "/api/v1/projects/{project}/dashboards/{id}", Write, Path("project")),
    change("POST", "/api/v1/projects/{project}/dashboards/{id}/restore", Write, Path("project")),
    change("POST", "/api/v1/projects/{project}/dashboards/{id}/duplicate", Write, Path("project")),
    get("/api/v1/mentions", Read, Query), get("/api/v1/live", Read, Query),
    own("POST", "/api/v1/projects/{project}/marks", Write, Path("project")),
    get("/api/v1/projects/{project}/marks/changes", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/marks/changes/{change}/undo", Write, Path("project")),
    get("/api/v1/projects/{project}/rules", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/rules", Write, Path("project")),
    own("PUT", "/api/v1/projects/{project}/rules/{rule}", Write, Path("project")),
    own("DELETE", "/api/v1/projects/{project}/rules/{rule}", Write, Path("project")),
    own("POST", "/api/v1/projects/{project}/rules/{rule}/apply", Write, Path("project")),
    // What detectors found.
    get("/api/v1/projects/{project}/findings", Read, Path("project")),
    get("/api/v1/projects/{project}/findings/{id}", Read, Path("project")),
    change("PUT", "/api/v1/projects/{project}/findings/{id}", Write, Path("project")),
    get("/api/v1/projects/{project}/findings/{id}/explanation", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/findings/{id}/rephrasing", Write, Path("project")),
    get("/api/v1/projects/{project}/coordination", Read, Path("project")),
    get("/api/v1/projects/{project}/automation", Read, Path("project")),
    get("/api/v1/projects/{project}/detection", Read, Path("project")),
    change("PUT", "/api/v1/projects/{project}/detection", Write, Path("project")),
    own("DELETE", "/api/v1/projects/{project}/rules/{rule}/run", Write, Path("project")),
    // Responding.
    get("/api/v1/projects/{project}/mentions/{mention}", Read, Path("project")),
    get("/api/v1/projects/{project}/items", Read, Path("project")),
    own("PUT", "/api/v1/projects/{project}/items/{mention}/due", Write, Path("project")),
    get("/api/v1/projects/{project}/response-target", Read, Path("project")),
    own("PUT", "/api/v1/projects/{project}/response-target", Write, Path("project")),
    get("/api/v1/projects/{project}/responses", Read, Path("project")),
    get("/api/v1/projects/{project}/mentions/{mention}/notes", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/mentions/{mention}/notes", Write, Path("project")),
    own("PUT", "/api/v1/projects/{project}/notes/{note}", Write, Path("project")),
    own("DELETE", "/api/v1/projects/{project}/notes/{note}", Write, Path("project")),
    route("GET", "/api/v1/notices", Need::Known, Log::No), route("POST", "/api/v1/notices", Need::Known, Log::No),
    get("/api/v1/projects/{project}/desks", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/desks", Admin, Path("project")),
    own("DELETE", "/api/v1/projects/{project}/desks/{desk}", Admin, Path("project")),
    get("/api/v1/projects/{project}/handovers", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/handovers", Export, Path("project")),
    own("POST", "/api/v1/projects/{project}/handovers/{handover}/settle", Export, Path("project")),
    // Shares of classes, and the samples that tell how right the models are.
    get("/api/v1/sentiment-shares", Read, Query),
    get("/api/v1/projects/{project}/audit-samples", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/audit-samples", Write, Path("project")),
    get("/api/v1/projects/{project}/audit-samples/{sample}", Read, Path("project")),
    get("/api/v1/projects/{project}/audit-samples/{sample}/queue", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/audit-samples/{sample}/labels", Write, Path("project")),
    route("GET", "/api/v1/export", Need::Scope(Export, Query), Log::Own),
    ask("/api/v1/posts", Push, All),
    route("GET", "/api/v1/posts/{key}/open", Need::Scope(Open, Query), Log::Own),
    own("POST", "/api/v1/posts/{key}/reveal", Reveal, Handler),
    // Reports and what other vendors say.
    get("/api/v1/projects/{project}/reports", Read, Path("project")),
    change("POST", "/api/v1/projects/{project}/reports", Write, Path("project")),
    get("/api/v1/projects/{project}/reports/{id}", Read, Path("project")),
    change("PUT", "/api/v1/projects/{project}/reports/{id}", Write, Path("project")),
    change("DELETE", "/api/v1/projects/{project}/reports/{id}", Write, Path("project")),
    own("POST", "/api/v1/projects/{project}/reports/{id}/render", Export, Path("project")),
    get("/api/v1/projects/{project}/renditions", Read, Path("project")),
    route("GET", "/api/v1/projects/{project}/renditions/{id}", Need::Scope(Export, Path("project")), Log::Own),
    own("POST", "/api/v1/projects/{project}/renditions/{id}/approve", Export, Path("project")),
    change("DELETE", "/api/v1/projects/{project}/renditions/{id}", Write, Path("project")),
    get("/api/v1/projects/{project}/outbox", Read, Path("project")),
    change("POST", "/api/v1/projects/{project}/outbox/{id}/retry", Export, Path("project")),
    change("DELETE", "/api/v1/projects/{project}/outbox/{id}", Export, Path("project")),
    get("/api/v1/projects/{project}/outbox/{id}/tries", Read, Path("project")),
    own("POST", "/api/v1/mail/test", Admin, All),
    // Alerts, and where they go.
    get("/api/v1/projects/{project}/alerts", Read, Path("project")),
    change("POST", "/api/v1/projects/{project}/alerts", Write, Path("project")),
    ask("/api/v1/projects/{project}/alerts/backtest", Write, Path("project")),
    get("/api/v1/projects/{project}/alerts/{alert}", Read, Path("project")),
    change("PUT", "/api/v1/projects/{project}/alerts/{alert}", Write, Path("project")),
    change("DELETE", "/api/v1/projects/{project}/alerts/{alert}", Write, Path("project")),
    change("PUT", "/api/v1/projects/{project}/alerts/{alert}/mute", Write, Path("project")),
    get("/api/v1/projects/{project}/alert-events", Read, Path("project")),
    get("/api/v1/projects/{project}/alert-events/{event}", Read, Path("project")),
    change("POST", "/api/v1/projects/{project}/alert-events/{event}/acknowledge", Write, Path("project")),
    change("PUT", "/api/v1/projects/{project}/alert-events/{event}/useful", Write, Path("project")),
    get("/api/v1/projects/{project}/destinations", Read, Path("project")),
    own("POST", "/api/v1/projects/{project}/destinations", Admin, Path("project")),
    own("DELETE", "/api/v1/projects/{project}/destinations/{destination}", Admin, Path("project")),
    own("POST", "/api/v1/projects/{project}/destinations/{destination}/test", Admin, Path("project")),
    own("POST", "/api/v1/projects/{project}/destinations/{destination}/rotate", Admin, Path("project")),
    own("POST", "/api/v1/projects/{project}/vendor-mentions", Push, Path("project")),
    get("/api/v1/projects/{project}/vendor-queries", Read, Path("project")), get("/api/v1/vendor-comparison", Read, Query),
    get("/api/v1/models", Read, Any),
    // Privacy.
    get("/api/v1/audit", Privacy, All),
    get("/api/v1/erasures", Privacy, All), own("POST", "/api/v1/erasures", Privacy, All), get("/api/v1/erasures/{id}", Privacy, All),
    get("/api/v1/suppressions", Privacy, All),
    own("POST", "/api/v1/purge", Privacy, All),
    get("/api/v1/policies", Read, Any), own("POST", "/api/v1/policies/{platform}/acceptance", Privacy, All),
    get("/api/v1/notice", Read, Any),
    // Sources are the installation's.
    get("/api/v1/connectors", Read, Any), get("/api/v1/coverage", Read, Any),
    get("/api/v1/sources", Read, All), get("/api/v1/sources/{name}", Read, All),
    own("PUT", "/api/v1/sources/{name}", Admin, All), own("DELETE", "/api/v1/sources/{name}", Admin, All),
    change("POST", "/api/v1/sources/{name}/pause", Admin, All), change("POST", "/api/v1/sources/{name}/resume", Admin, All),
    ask("/api/v1/sources/{name}/test", Admin, All), change("POST", "/api/v1/sources/{name}/sign-in", Admin, All),
    change("POST", "/api/v1/sources/{name}/past", Admin, All),
    get("/api/v1/past-searches", Read, All), change("DELETE", "/api/v1/past-searches/{id}", Admin, All),
];

/// The entry of a request, by its method and its path as it was routed.
pub(super) fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let method = match method.as_str() {
        "HEAD" => "GET",
        other => other,
    };
    ROUTES.iter().find(|r| r.method == method && r.path == path)
}

/// The methods of a path, as `Allow` names them.
pub(super) fn methods(path: &str) -> String {
    let methods: Vec<&str> = ROUTES
        .iter()
        .filter(|r| r.path == path)
        .map(|r| r.method)
        .collect();
    methods.join(", ")
}

/// `docs/reference/routes.md`: the table for people.
pub fn reference() -> String {
    use crate::control::AccessRole;
    use std::fmt::Write;
    let mut out = String::from(
        "# Who may call what\n\nMade by `make reference` from `crates/groundswell/src/api/routes.rs`; \
         `docs/concepts/access.md` explains it.\n\n## Scopes and roles\n| scope |",
    );
    let mut line = |text: String| {
        // Writing to a string does not fail.
        let _ = write!(out, "{text}");
    };
    AccessRole::ALL
        .iter()
        .for_each(|r| line(format!(" {} |", r.name())));
    line(format!("\n|---|{}\n", ":-:|".repeat(AccessRole::ALL.len())));
    for scope in Scope::ALL {
        line(format!("| `{}` |", scope.name()));
        for role in AccessRole::ALL {
            line(if role.scopes().has(scope) { " ✓ |" } else { "  |" }.to_owned());
        }
        line("\n".to_owned());
    }
    line("\n## Routes\n| method | path | needs | in |\n|---|---|---|---|\n".to_owned());
    for route in ROUTES {
        let (needs, place) = match route.need {
            Need::Open => ("nothing".to_owned(), ""),
            Need::Known => ("anybody who is known".to_owned(), "whatever is one's own"),
            Need::Scope(scope, place) => (
                format!("`{}`", scope.name()),
                match place {
                    All => "the whole installation",
                    Any => "any project; shows what is one's own or nobody's",
                    Path(_) | Monitor | Share => "the project of the path",
                    Query => "the project of `project=`",
                    Handler => "the project of the body or of the post",
                },
            ),
        };
        line(format!(
            "| {} | `{}` | {needs} | {place} |\n",
            route.method, route.path
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_in_the_documentation_is_this_one() {
        let kept = include_str!("../../../../docs/reference/routes.md");
        assert!(
            kept == reference(),
            "the routes changed; `make reference` renews docs/reference/routes.md"
        );
    }

    #[test]
    fn a_request_is_found_by_method_and_path() {
        assert!(find(&Method::HEAD, "/api/v1/status").is_some_and(|r| r.method == "GET"));
        assert!(find(&Method::POST, "/api/v1/status").is_none());
        assert_eq!(methods("/api/v1/monitors/{id}"), "GET, PUT, DELETE");
        assert_eq!(methods("/api/v1/nothing"), "");
    }
}
