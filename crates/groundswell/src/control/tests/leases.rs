use super::*;

#[test]
fn a_lease_has_one_owner_until_it_runs_out() {
    let (_dir, control) = open();
    let taken = control.take_lease("source:a", "one", 60_000).unwrap().unwrap();
    assert_eq!(control.lease("source:a").unwrap(), Some(taken.clone()));
    assert_eq!(control.take_lease("source:a", "two", 60_000).unwrap(), None);
    assert_eq!(
        control
            .take_lease("source:b", "two", 60_000)
            .unwrap()
            .unwrap()
            .owner,
        "two"
    );
    let longer = control.take_lease("source:a", "one", 120_000).unwrap().unwrap();
    assert!(longer.until > taken.until);

    assert!(!control.release_lease("source:a", "two").unwrap());
    assert!(control.release_lease("source:a", "one").unwrap());
    assert_eq!(control.lease("source:a").unwrap(), None);

    // One that has run out is nobody's, and the next one's who asks.
    control.take_lease("source:a", "one", -1).unwrap().unwrap();
    assert_eq!(control.lease("source:a").unwrap(), None);
    assert!(!control.release_lease("source:a", "one").unwrap());
    assert_eq!(
        control
            .take_lease("source:a", "two", 60_000)
            .unwrap()
            .unwrap()
            .owner,
        "two"
    );
}
