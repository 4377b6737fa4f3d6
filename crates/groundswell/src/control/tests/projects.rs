use super::*;

fn named(name: &str) -> ProjectInput {
    ProjectInput {
        name: name.into(),
        objective: Objective::Competition,
    }
}

#[test]
fn projects_are_made_changed_and_deleted_with_their_monitors() {
    let (dir, control) = open();
    let project = control.create_project(&named(" Tea ")).unwrap();
    assert_eq!(
        (project.name.as_str(), project.objective),
        ("Tea", Objective::Competition)
    );
    let monitor = control
        .create_monitor(&project.id, &input("Green", "green tea"))
        .unwrap();
    let renamed = ProjectInput {
        name: "Coffee".into(),
        objective: Objective::Awareness,
    };
    control.update_project(&project.id, &renamed).unwrap();
    drop(control);
    let control = Control::open(place(dir.path())).unwrap();
    let kept = control.project(&project.id).unwrap();
    assert_eq!(
        (kept.name.as_str(), kept.objective),
        ("Coffee", Objective::Awareness)
    );
    let before = control.monitor_set().unwrap().version;
    assert_eq!(control.delete_project(&project.id).unwrap(), [monitor.id]);
    assert!(matches!(
        control.project(&project.id),
        Err(Error::NotFound("project"))
    ));
    assert!(control.all_monitors().unwrap().is_empty());
    assert!(control.monitor_set().unwrap().version > before);
}

#[test]
fn bad_names_taken_names_and_the_default_project_are_refused() {
    let (_dir, control) = open();
    control.create_project(&named("Tea")).unwrap();
    assert!(matches!(control.create_project(&named("tea")), Err(Error::NameTaken(n)) if n == "tea"));
    for bad in ["", "  ", "a\nb", &"x".repeat(201)] {
        assert!(
            matches!(control.create_project(&named(bad)), Err(Error::Invalid(_))),
            "{bad:?}"
        );
    }
    assert!(matches!(
        control.delete_project("default"),
        Err(Error::DefaultProject)
    ));
    assert!(matches!(
        control.delete_project("p_none"),
        Err(Error::NotFound(_))
    ));
    assert!(matches!(
        control.update_project("p_none", &named("x")),
        Err(Error::NotFound(_))
    ));
    let nowhere = control.create_monitor("p_none", &input("a", "b"));
    assert!(matches!(nowhere, Err(Error::NotFound("project"))));
}
