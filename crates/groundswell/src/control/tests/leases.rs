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
    let renewed = control.renew_lease("source:a", "one", 180_000).unwrap().unwrap();
    assert!(longer.until > taken.until && renewed.until > longer.until);
    assert_eq!(control.renew_lease("source:a", "two", 60_000).unwrap(), None);

    assert!(!control.release_lease("source:a", "two").unwrap());
    assert!(control.release_lease("source:a", "one").unwrap());
    assert_eq!(control.lease("source:a").unwrap(), None);

    // One that has run out is nobody's, and the next one's who asks.
    control.take_lease("source:a", "one", -1).unwrap().unwrap();
    assert_eq!(control.lease("source:a").unwrap(), None);
    assert_eq!(control.renew_lease("source:a", "one", 60_000).unwrap(), None);
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

#[test]
fn of_all_who_ask_at_once_one_has_the_lease() {
    let (dir, first) = open();
    // Each with a connection of its own, as processes have.
    let others: Vec<Control> = (0..3)
        .map(|_| Control::open(place(dir.path())).unwrap())
        .collect();
    for round in 0..10 {
        let name = format!("source:{round}");
        let won: usize = std::thread::scope(|scope| {
            let asked: Vec<_> = others
                .iter()
                .chain([&first])
                .enumerate()
                .map(|(n, control)| {
                    let name = &name;
                    scope.spawn(move || {
                        control
                            .take_lease(name, &n.to_string(), 60_000)
                            .unwrap()
                            .is_some()
                    })
                })
                .collect();
            asked.into_iter().map(|a| usize::from(a.join().unwrap())).sum()
        });
        assert_eq!(won, 1, "{name}");
    }
}
