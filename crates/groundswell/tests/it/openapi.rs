//! The OpenAPI document is locked: a change of the API shows in a diff, and `make api` renews it.

#[test]
fn the_openapi_document_is_the_snapshot() {
    let locked = include_str!("snapshots/openapi.json");
    let now = groundswell::api::openapi();
    assert!(
        now.trim() == locked.trim(),
        "the API changed; `make api` renews the snapshot and the web app's client"
    );
}
