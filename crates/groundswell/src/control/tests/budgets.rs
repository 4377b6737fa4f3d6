use super::*;
use crate::control::BudgetReading;

fn reading(source: &str, at: i64, left: u64) -> BudgetReading {
    BudgetReading {
        source: source.to_owned(),
        unit: "posts".to_owned(),
        period: "day".to_owned(),
        at,
        most: 100,
        left,
        resets_at: 86_400_000,
    }
}

#[test]
fn what_is_left_of_budgets_is_kept_where_it_changed() {
    let (_dir, control) = open();
    assert_eq!(control.budgets_known_since().unwrap(), None);
    let noted = [
        ("x", 10, 100),
        ("x", 20, 100),
        ("y", 20, 7),
        ("x", 30, 60),
        ("x", 40, 100),
        ("y", 40, 7),
    ];
    for (source, at, left) in noted {
        control.note_budgets(&[reading(source, at, left)]).unwrap();
    }
    let found = |from, until| {
        let rows = control.budget_readings(from, until).unwrap();
        rows.into_iter()
            .map(|r| (r.source, r.at, r.left))
            .collect::<Vec<_>>()
    };
    let row = |source: &str, at, left| (source.to_owned(), at, left);
    let all = [
        row("x", 10, 100),
        row("y", 20, 7),
        row("x", 30, 60),
        row("x", 40, 100),
    ];
    assert_eq!(found(0, 100), all);
    assert_eq!(
        found(35, 40),
        [row("y", 20, 7), row("x", 30, 60)],
        "what stood before"
    );
    assert_eq!(control.budgets_known_since().unwrap(), Some(10));
    // A year later the old ones go.
    control
        .note_budgets(&[reading("x", 365 * 86_400_000, 1)])
        .unwrap();
    assert_eq!(control.budgets_known_since().unwrap(), Some(365 * 86_400_000));
}
