use super::*;
use crate::control::{Labelled, VaultItem};

fn text(of: &str, label: &str) -> (Labelled, String) {
    (Labelled::Text(of.to_owned()), label.to_owned())
}

#[test]
fn labels_are_given_changed_and_taken_away() {
    let (_dir, control) = open();
    let id = control.create_classifier("default", " Topic ").unwrap().id;
    assert_eq!(control.classifier(&id).unwrap().name, "Topic");
    assert!(matches!(
        control.create_classifier("default", "topic"),
        Err(Error::NameTaken(_))
    ));
    let post = (Labelled::Post(PostKey([7; 16])), "taste".to_owned());
    control
        .label(&id, &[text("too dear", "price"), text("too dear ", "cost"), post])
        .unwrap();
    assert_eq!(
        control.label_counts(&id).unwrap(),
        [("cost".to_owned(), 1), ("taste".to_owned(), 1)]
    );
    control.label(&id, &[text("too dear", "")]).unwrap();
    assert_eq!(control.labelled(&id).unwrap().len(), 1);
    control.vault_forget(&[PostKey([7; 16])], &[]).unwrap();
    assert_eq!(
        control.labelled(&id).unwrap(),
        [],
        "a post that is gone takes its label along"
    );
    control.delete_classifier(&id).unwrap();
    assert!(matches!(control.labelled(&id), Err(Error::NotFound(_))));
}

#[test]
fn the_labels_of_an_author_who_is_gone_go_too() {
    let (_dir, control) = open();
    let id = control.create_classifier("default", "topic").unwrap().id;
    let (post, author) = (PostKey([1; 16]), AuthorKey([2; 16]));
    let label = (Labelled::Post(post), "taste".to_owned());
    control.label(&id, &[label]).unwrap();
    let item = VaultItem {
        post,
        author: Some(author),
        identity: Identity {
            uid: "bluesky:uid".to_owned(),
            ..Identity::default()
        },
        seen_at: 5,
    };
    control.vault_put(&[item]).unwrap();
    control.vault_forget(&[], &[author]).unwrap();
    assert_eq!(control.labelled(&id).unwrap(), []);
}

#[test]
fn ten_versions_are_kept_and_the_one_in_force() {
    let (_dir, control) = open();
    let id = control.create_classifier("default", "topic").unwrap().id;
    for version in 1..=14 {
        assert_eq!(control.next_classifier_version(&id).unwrap(), version);
        control
            .add_classifier_version(&id, version, &[version as u8], "{}")
            .unwrap();
        if version == 2 {
            control.activate_classifier(&id, Some(2)).unwrap();
        }
    }
    let kept: Vec<u32> = control
        .classifier_versions(&id)
        .unwrap()
        .iter()
        .map(|v| v.version)
        .collect();
    assert_eq!(kept, [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 2]);
    assert!(matches!(
        control.activate_classifier(&id, Some(3)),
        Err(Error::NotFound(_))
    ));
    let active = control.active_classifiers().unwrap();
    assert_eq!(
        (active[0].0.active, active[0].1.as_slice()),
        (Some(2), &[2u8][..])
    );
    control.activate_classifier(&id, None).unwrap();
    assert_eq!(control.active_classifiers().unwrap(), []);
}
