//! New scores for what is stored.

use crate::made;
use store::{Change, Choice, Class, Filter, Mention, Options, Scores, Store};

/// The mention with one label of the task `topic`.
fn labelled(mention: &Mention, label: &str) -> Scores {
    let mut scores = mention.scores.clone();
    scores.classes.retain(|c| c.task != "topic");
    scores.classes.push(Class {
        task: "topic".to_owned(),
        label: label.to_owned(),
        probability: 0.9,
        model: "topic@1".to_owned(),
    });
    scores
}

#[test]
fn new_scores_are_found_and_everything_else_stays() {
    let dir = made::folder();
    let (mut store, _) = Store::open(dir.path(), Options::default()).unwrap();
    let mentions = vec![made::mention(1, 0, 0), made::mention(1, 0, 3)];
    let put = |n: u8, mentions| Change::Put {
        post: made::post_key(n),
        mentions,
    };
    let changes = [put(1, mentions), put(2, vec![made::mention(2, 0, 0)])];
    store.apply(changes, 1).unwrap();
    // Of the project alpha alone, and before the commit as well as after it.
    for label in ["first", "second"] {
        let of_alpha = |m: &Mention| (m.project == "alpha").then(|| labelled(m, label));
        assert!(store.rescore(made::post_key(1), &mut { of_alpha }).unwrap());
        store.commit().unwrap();
        let filter = Filter {
            classes: Choice::only([format!("topic:{label}")]),
            ..Filter::default()
        };
        let page = store.reader().snapshot().mentions(&filter, None, 10).unwrap();
        assert_eq!(page.total, 1, "{label}");
        assert_eq!(page.items[0].project, "alpha");
        assert!(page.items[0].primary);
        let all = store.reader().snapshot().of_post(made::post_key(1)).unwrap();
        assert_eq!(all.len(), 2);
    }
    assert_eq!(store.reader().snapshot().total().unwrap(), 3);
    assert!(!store.rescore(made::post_key(1), &mut |_| None).unwrap());
    assert!(
        !store
            .rescore(made::post_key(9), &mut |m| Some(m.scores.clone()))
            .unwrap()
    );
}
