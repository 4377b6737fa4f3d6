use super::*;
use crate::control::{Chosen, Judgment, VaultItem};

fn judgment(number: u64, relevant: bool) -> (Judgment, Option<bool>) {
    let judgment = Judgment {
        number,
        post: PostKey([number as u8; 16]),
        relevant,
        how: Chosen::Random,
        by: "ann".to_owned(),
        at: number as i64,
    };
    (judgment, Some(relevant))
}

fn numbers(control: &Control, monitor: &str) -> Vec<(u64, bool)> {
    let all = control.judgments(monitor).unwrap();
    all.iter().map(|j| (j.number, j.relevant)).collect()
}

#[test]
fn judgments_are_kept_changed_taken_away_and_go_with_their_posts() {
    let (_dir, control) = open();
    let id = control
        .create_monitor("default", &input("Apple", "apple"))
        .unwrap()
        .id;
    let large = judgment(u64::MAX - 7, true);
    let all = [judgment(1, true), judgment(2, true), judgment(3, false), large];
    control.judge(&id, &all).unwrap();
    assert_eq!(numbers(&control, &id).len(), 4, "numbers fill 64 bits");
    let taken = (judgment(2, true).0, None);
    let gone = (judgment(u64::MAX - 7, true).0, None);
    control.judge(&id, &[judgment(1, false), taken, gone]).unwrap();
    assert_eq!(numbers(&control, &id), [(1, false), (3, false)]);
    assert_eq!(control.judgments(&id).unwrap()[0].how, Chosen::Random);
    control.vault_forget(&[PostKey([1; 16])], &[]).unwrap();
    assert_eq!(numbers(&control, &id), [(3, false)]);
    let item = VaultItem {
        post: PostKey([3; 16]),
        author: Some(AuthorKey([9; 16])),
        identity: Identity {
            uid: "bluesky:uid".to_owned(),
            ..Identity::default()
        },
        seen_at: 5,
    };
    control.vault_put(&[item]).unwrap();
    control.vault_forget(&[], &[AuthorKey([9; 16])]).unwrap();
    assert_eq!(numbers(&control, &id), []);
    assert!(matches!(control.judge("m_none", &[]), Err(Error::NotFound(_))));
}

#[test]
fn five_versions_are_kept_and_any_of_them_can_be_in_force() {
    let (_dir, control) = open();
    let id = control
        .create_monitor("default", &input("Apple", "apple"))
        .unwrap()
        .id;
    for version in 1..=7 {
        assert_eq!(control.next_relevance_version(&id).unwrap(), version);
        control
            .add_relevance_version(&id, version, &[version as u8], "{}")
            .unwrap();
        assert_eq!(control.relevance(&id).unwrap().active, Some(version));
    }
    let kept = control.relevance_versions(&id).unwrap();
    let kept: Vec<u32> = kept.iter().map(|v| v.version).collect();
    assert_eq!(kept, [7, 6, 5, 4, 3]);
    control.activate_relevance(&id, Some(4)).unwrap();
    assert!(matches!(
        control.activate_relevance(&id, Some(1)),
        Err(Error::NotFound(_))
    ));
    control.set_relevance(&id, 0.95, true).unwrap();
    assert!(matches!(
        control.set_relevance(&id, 1.2, true),
        Err(Error::Invalid(_))
    ));
    let active = control.active_relevance().unwrap();
    let (monitor, project, row) = &active[0];
    assert_eq!((monitor, project.as_str()), (&id, "default"));
    assert_eq!((row.active, row.wanted, row.hide), (Some(4), 0.95, true));
    assert_eq!(control.relevance_artefact(&id, 4).unwrap(), [4]);
    control.activate_relevance(&id, None).unwrap();
    assert!(control.active_relevance().unwrap().is_empty());
    control.delete_monitor(&id).unwrap();
    assert!(control.relevance_versions(&id).unwrap().is_empty());
}
