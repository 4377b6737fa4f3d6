use models::calibrate::{brier, ece, reliability};
use models::metrics::{Answer, Confusion, bootstrap, evaluate};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// Truth a: 3 right, 1 as b; truth b: 2 right, 2 as c; truth c: 1 right, 1 as a.
fn pairs() -> Vec<(u16, u16)> {
    vec![
        (0, 0),
        (0, 0),
        (0, 0),
        (0, 1),
        (1, 1),
        (1, 1),
        (1, 2),
        (1, 2),
        (2, 2),
        (2, 0),
    ]
}

#[test]
fn figures_of_a_matrix_worked_out_by_hand() {
    let c = Confusion::of(3, pairs());
    assert!(close(c.accuracy(), 0.6));
    assert!(close(c.macro_recall(), (0.75 + 0.5 + 0.5) / 3.0));
    // F1 = 2 right / (texts + answers): a 6/8, b 4/7, c 2/5
    assert!(close(c.macro_f1(), (0.75 + 4.0 / 7.0 + 0.4) / 3.0));
    assert!(close(c.class(2).precision, 1.0 / 3.0));
    assert_eq!(c.rows(), [[3, 1, 0], [0, 2, 2], [1, 0, 1]]);
}

#[test]
fn classes_that_do_not_occur_do_not_count() {
    let c = Confusion::of(4, [(0, 0), (1, 3)]);
    assert!(close(c.macro_recall(), 0.5));
    assert!(close(Confusion::of(3, []).macro_f1(), 0.0));
}

#[test]
fn calibration_error_and_brier_score_by_hand() {
    // Two answers of confidence 0.9, one right; two of 0.6, both right.
    let p = vec![vec![0.9, 0.1], vec![0.9, 0.1], vec![0.6, 0.4], vec![0.4, 0.6]];
    let truth = [0, 1, 0, 1];
    assert!((ece(&p, &truth) - (0.5 * 0.4 + 0.5 * 0.4)).abs() < 1e-6);
    assert!((brier(&p, &truth) - (0.02 + 1.62 + 0.32 + 0.32) / 4.0).abs() < 1e-6);
    let bins = reliability(&p, &truth);
    assert_eq!(bins.iter().map(|b| b.n).sum::<usize>(), 4);
    assert!((bins[13].accuracy - 0.5).abs() < 1e-9 && (bins[13].confidence - 0.9).abs() < 1e-6);
}

#[test]
fn intervals_hold_the_figure_and_repeat_for_a_seed() {
    let many: Vec<_> = pairs().into_iter().cycle().take(500).collect();
    let run = |seed| bootstrap(3, &many, 400, seed, |c| [c.accuracy()]);
    let [[low, high]] = run(7);
    assert!(low < 0.6 && 0.6 < high, "{low} {high}");
    // Standard error of 0.6 over 500: 0.0219; 95 % is about 1.96 of it either way.
    assert!((high - low - 0.086).abs() < 0.02, "{low} {high}");
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn a_report_groups_by_language_and_keeps_unknown_labels() {
    let labels = ["a".to_owned(), "b".to_owned()];
    let answer = |p: [f32; 2], truth, lang: &str| Answer::of(p.to_vec(), truth, Some(lang.to_owned()));
    let report = evaluate(
        &labels,
        &[
            answer([0.8, 0.2], 0, "en"),
            answer([0.7, 0.3], 1, "en"),
            answer([0.1, 0.9], 1, "de"),
            answer([0.6, 0.4], 2, "de"),
        ],
    );
    assert_eq!(report.n, 4);
    assert!(close(report.accuracy, 0.5));
    assert!(close(report.by_lang["en"].accuracy, 0.5));
    assert_eq!(report.by_lang["de"].n, 2);
    assert_eq!(
        report.labels.len(),
        3,
        "a label the model does not know gets its own row"
    );
    assert_eq!(report.confusion[2], [1, 0, 0]);
}
