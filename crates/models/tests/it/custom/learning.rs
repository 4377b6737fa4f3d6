//! Training: what is learnt, how it is judged, what is warned of, what is refused.

use super::{LABELS, rows, sentence, trained};
use models::custom::{CustomError, Embeddings, Options, Row, Scratch, Stage, Warning, train, train_on};

fn row(text: &str, label: &str) -> Row {
    Row {
        text: text.to_owned(),
        label: label.to_owned(),
        lang: None,
    }
}

#[test]
fn sixty_labels_make_a_classifier_of_new_sentences() {
    let trained = trained(20);
    let model = &trained.model;
    let mut scratch = Scratch::new();
    let mut right = 0;
    for (label, name) in LABELS.into_iter().enumerate() {
        for i in 40..60 {
            let class = model.classify(&sentence(label, i), None, &mut scratch);
            right += usize::from(class.label == name);
            let sum: f32 = scratch.probabilities().iter().sum();
            assert!((sum - 1.0).abs() < 1e-4);
        }
    }
    assert!(right >= 57, "{right} of 60");
    let report = &trained.report;
    assert_eq!((report.rows, report.folds), (60, 10));
    assert!(report.quality.accuracy > 0.9, "{}", report.quality.accuracy);
    let [low, high] = report.quality.intervals.accuracy;
    assert!(low <= report.quality.accuracy && report.quality.accuracy <= high);
    assert!((report.most_frequent - 1.0 / 3.0).abs() < 1e-9);
    assert!(report.abstention.answered >= 0.95);
    assert!(report.warnings.contains(&Warning::FewRows { rows: 60 }));
    assert!(report.words.is_none());
}

#[test]
fn two_labels_are_told_apart_by_one_value() {
    let rows: Vec<Row> = rows(30).into_iter().filter(|r| r.label != "defect").collect();
    let trained = train(&rows, &Options::named("late@1"), None, &mut |_| true).unwrap();
    let mut scratch = Scratch::new();
    let class = trained
        .model
        .classify("the parcel never arrived", None, &mut scratch);
    assert_eq!((class.label, class.place), ("delivery", 1));
    let class = trained.model.classify("refund my money", None, &mut scratch);
    assert_eq!(class.label, "billing");
}

#[test]
fn what_belongs_to_no_label_is_abstained_on() {
    let trained = trained(60);
    let mut scratch = Scratch::new();
    for text in [
        "",
        "🎉",
        "lovely sunset over the hills tonight",
        "who won the chess final yesterday",
    ] {
        let class = trained.model.classify(text, None, &mut scratch);
        assert!(class.abstain, "{text}: {class:?}");
    }
    let class = trained.model.classify(&sentence(0, 61), None, &mut scratch);
    assert!(!class.abstain, "{class:?}");
}

#[test]
fn repeated_texts_do_not_make_figures_better() {
    // Labels drawn without regard to the text: nothing can be learnt but what is repeated.
    let mut noise = Vec::new();
    for i in 0..60 {
        let label = if (i * 7919 + i * i) % 11 < 5 { "yes" } else { "no" };
        let text = sentence(i % 3, i / 3);
        noise.push(row(&text, label));
        noise.push(row(&text.to_uppercase(), label));
        noise.push(row(&format!("@someone {text}!! https://x.example/{i}"), label));
    }
    let trained = train(&noise, &Options::named("noise@1"), None, &mut |_| true).unwrap();
    let report = &trained.report;
    assert!(report.quality.accuracy < 0.7, "{}", report.quality.accuracy);
    let repeats = report.warnings.iter().find_map(|w| match w {
        Warning::Duplicates { rows, texts } => Some((*rows, *texts)),
        _ => None,
    });
    assert_eq!(repeats, Some((120, 60)));
    assert!(
        report
            .warnings
            .iter()
            .any(|w| matches!(w, Warning::NoBetter { .. })),
        "{:?}",
        report.warnings
    );
}

#[test]
fn faults_of_the_labels_are_warned_of() {
    let mut all = rows(40);
    all.push(row("the same words", "delivery"));
    all.push(row("The same words!", "billing"));
    all.push(row("…", "billing"));
    all.push(row("once only", "praise"));
    let report = train(&all, &Options::named("topic@1"), None, &mut |_| true)
        .unwrap()
        .report;
    let has = |wanted: &dyn Fn(&Warning) -> bool| report.warnings.iter().any(wanted);
    assert!(
        has(&|w| *w
            == Warning::Contradictions {
                texts: 1,
                examples: vec![vec![120, 121]]
            }),
        "{:?}",
        report.warnings
    );
    assert!(
        has(&|w| *w == Warning::Wordless { rows: 1 }),
        "{:?}",
        report.warnings
    );
    assert!(has(
        &|w| matches!(w, Warning::FewOfLabel { labels } if labels[0].label == "praise")
    ));
    for i in 0..800 {
        all.push(row(&format!("{} number {i}", sentence(0, i)), "delivery"));
    }
    let options = Options {
        most_rows: 500,
        ..Options::named("topic@1")
    };
    let report = train(&all, &options, None, &mut |_| true).unwrap().report;
    assert!(
        report.warnings.contains(&Warning::Sampled { used: 500, of: 924 }),
        "{:?}",
        report.warnings
    );
    assert!(
        report
            .warnings
            .iter()
            .any(|w| matches!(w, Warning::Imbalance { label, .. } if label == "delivery"))
    );
    assert!(report.warnings.iter().all(|w| !w.to_string().is_empty()));
}

#[test]
fn what_cannot_be_learnt_from_is_refused_with_the_reason() {
    let refused = |rows: &[Row]| train(rows, &Options::named("t@1"), None, &mut |_| true).unwrap_err();
    assert_eq!(refused(&rows(1)), CustomError::FewRows { found: 3, needed: 10 });
    let one: Vec<Row> = rows(40).into_iter().filter(|r| r.label == "defect").collect();
    let error = refused(&one);
    assert!(
        error.to_string().contains("every post has the label \"defect\""),
        "{error}"
    );
    let many: Vec<Row> = (0..400)
        .map(|i| row("some words", &format!("label {i}")))
        .collect();
    assert_eq!(
        refused(&many),
        CustomError::ManyLabels {
            found: 400,
            most: 300
        }
    );
    let options = Options {
        folds: 1,
        ..Options::named("t@1")
    };
    let error = train(&rows(20), &options, None, &mut |_| true).unwrap_err();
    assert_eq!(error.to_string(), "folds: is 0, or 2 to 20");
}

#[test]
fn the_same_rows_give_the_same_model_and_progress_is_told() {
    let mut news = Vec::new();
    let a = train(&rows(20), &Options::named("t@1"), None, &mut |p| {
        news.push(p);
        true
    })
    .unwrap();
    let b = train(&rows(20), &Options::named("t@1"), None, &mut |_| true).unwrap();
    assert_eq!(a.model.save().unwrap(), b.model.save().unwrap());
    assert_eq!(a.report, b.report);
    let validating: Vec<usize> = news
        .iter()
        .filter(|p| p.stage == Stage::Validating)
        .map(|p| p.done)
        .collect();
    assert_eq!(validating, (0..10).collect::<Vec<_>>());
    assert_eq!(news.last().map(|p| (p.stage, p.done)), Some((Stage::Fitting, 1)));
    let report: models::custom::Report =
        serde_json::from_str(&serde_json::to_string(&a.report).unwrap()).unwrap();
    assert_eq!(report.labels, a.report.labels);
}

#[test]
fn training_ends_where_it_is_told_to() {
    for stage in [Stage::Reading, Stage::Validating, Stage::Fitting] {
        let until = &mut |p: models::custom::Progress| p.stage != stage;
        let error = train(&rows(20), &Options::named("t@1"), None, until).unwrap_err();
        assert_eq!(error, models::custom::CustomError::Stopped, "{stage:?}");
    }
}

#[test]
fn with_an_encoder_states_are_read_too_and_words_still_answer_alone() {
    let encoder = crate::weights::MODELS.encoder.as_ref().unwrap();
    let rows = rows(20);
    let texts: Vec<&str> = rows.iter().map(|r| r.text.as_str()).collect();
    let all = Embeddings::of(encoder, &texts, &mut |_| {});
    let trained = train_on(&rows, &Options::named("topic@1"), &all, &mut |_| true).unwrap();
    assert_eq!(trained.model.encoder(), Some(encoder.id()));
    assert!(trained.report.words.is_some());
    assert!(
        trained.report.quality.accuracy > 0.9,
        "{}",
        trained.report.quality.accuracy
    );
    let loaded = models::custom::CustomModel::load(&trained.model.save().unwrap()).unwrap();
    let (mut a, mut b) = (Scratch::new(), Scratch::new());
    let said = trained.model.classify(texts[0], Some(all.post(0)), &mut a);
    assert_eq!(loaded.classify(texts[0], Some(all.post(0)), &mut b), said);
    assert_eq!(said.label, rows[0].label);
    assert_eq!(loaded.classify(texts[0], None, &mut b).label, rows[0].label);
    let whole = train(&rows, &Options::named("topic@1"), Some(encoder), &mut |_| true).unwrap();
    assert_eq!(
        whole.model.save().unwrap().len(),
        trained.model.save().unwrap().len()
    );
    let error = train_on(&rows[1..], &Options::named("topic@1"), &all, &mut |_| true).unwrap_err();
    assert_eq!(error.to_string(), "embeddings: are 60, there are 59 rows");
}
