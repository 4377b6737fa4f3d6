//! The page about the sources is fresh, and says of each what an operator must know.

use sources::{reference::page, registry};

#[test]
fn the_page_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/sources.md");
    let written = std::fs::read_to_string(path).unwrap();
    assert!(
        written == page(),
        "the registry changed; `make reference` renews docs/reference/sources.md"
    );
}

#[test]
fn every_connector_and_every_key_is_there() {
    let page = page();
    for connector in registry() {
        assert!(
            page.contains(&format!("\n## {}\n", connector.title)),
            "{}",
            connector.name
        );
        let doc = connector.doc;
        for said in [doc.terms, doc.keys_from, doc.costs, doc.unseen] {
            assert!(!said.is_empty() && page.contains(said), "{}", connector.name);
        }
        for key in connector.keys {
            assert!(
                page.contains(&format!("| `{}` |", key.name)),
                "{}: {}",
                connector.name,
                key.name
            );
        }
    }
}
