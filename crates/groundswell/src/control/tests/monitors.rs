use super::*;

#[test]
fn every_change_of_the_query_is_a_version_that_is_kept() {
    let (dir, control) = open();
    let m = control.create_monitor("default", &input("Lamp", "lamp")).unwrap();
    assert_eq!((m.version, m.origin.as_str(), m.mentions), (1, "ui", 0));
    let same = control.update_monitor(&m.id, &input("Lamps", " lamp ")).unwrap();
    assert_eq!((same.version, same.name.as_str()), (1, "Lamps"));
    let new = control
        .update_monitor(&m.id, &input("Lamps", "lamp OR light"))
        .unwrap();
    assert_eq!((new.version, new.color), (2, m.color));
    drop(control);
    let control = Control::open(place(dir.path())).unwrap();
    let versions = control.monitor_versions(&m.id).unwrap();
    let versions: Vec<_> = versions.iter().map(|v| (v.version, v.query.as_str())).collect();
    assert_eq!(versions, [(2, "lamp OR light"), (1, "lamp")]);
    assert_eq!(control.monitor(&m.id).unwrap().query, "lamp OR light");
    control.delete_monitor(&m.id).unwrap();
    assert!(matches!(
        control.monitor_versions(&m.id),
        Err(Error::NotFound("monitor"))
    ));
    assert!(matches!(
        control.delete_monitor(&m.id),
        Err(Error::NotFound("monitor"))
    ));
}

#[test]
fn the_set_holds_all_monitors_in_a_stable_order_and_its_version_grows() {
    let (_dir, control) = open();
    assert_eq!(control.monitor_set().unwrap().version, 0);
    let a = control.create_monitor("default", &input("a", "x")).unwrap();
    let b = control.create_monitor("default", &input("b", "y")).unwrap();
    let paused = MonitorInput {
        active: false,
        ..input("a", "x")
    };
    control.update_monitor(&a.id, &paused).unwrap();
    let set = control.monitor_set().unwrap();
    assert_eq!(set.version, 3);
    let seen: Vec<_> = set
        .monitors
        .iter()
        .map(|m| (m.id.as_str(), m.active, m.query.as_str()))
        .collect();
    assert_eq!(seen, [(a.id.as_str(), false, "x"), (b.id.as_str(), true, "y")]);
    control.delete_monitor(&a.id).unwrap();
    assert_eq!(control.monitor_set().unwrap().version, 4);
}

#[test]
fn colours_go_to_the_least_used_and_stay() {
    let (_dir, control) = open();
    let make = |n: usize, color| {
        let wanted = MonitorInput {
            color,
            ..input(&format!("m{n}"), "q")
        };
        control.create_monitor("default", &wanted).unwrap()
    };
    assert_eq!(make(0, Some(2)).color, 2);
    let rest: Vec<u8> = (1..9).map(|n| make(n, None).color).collect();
    assert_eq!(rest, [0, 1, 3, 4, 5, 6, 7, 0]);
    let freed = control
        .monitors("default")
        .unwrap()
        .into_iter()
        .find(|m| m.color == 5)
        .unwrap();
    control.delete_monitor(&freed.id).unwrap();
    assert_eq!(make(9, None).color, 5);
    let wrong = MonitorInput {
        color: Some(8),
        ..input("z", "q")
    };
    assert!(matches!(
        control.create_monitor("default", &wrong),
        Err(Error::Invalid(_))
    ));
}

#[test]
fn a_name_is_used_once_in_a_project_and_a_failed_change_leaves_nothing() {
    let (_dir, control) = open();
    control.create_monitor("default", &input("Lamp", "lamp")).unwrap();
    let other = control
        .create_monitor("default", &input("Light", "light"))
        .unwrap();
    let before = control.monitor_set().unwrap();
    assert!(matches!(
        control.create_monitor("default", &input("LAMP", "x")),
        Err(Error::NameTaken(name)) if name == "LAMP"
    ));
    assert!(matches!(
        control.update_monitor(&other.id, &input("lamp", "new")),
        Err(Error::NameTaken(_))
    ));
    assert!(matches!(
        control.create_monitor("default", &input("x", "  ")),
        Err(Error::Invalid(_))
    ));
    assert_eq!(control.monitor_set().unwrap(), before);
    assert_eq!(control.monitor_versions(&other.id).unwrap().len(), 1);
    let elsewhere = ProjectInput {
        name: "Two".into(),
        objective: Objective::Trends,
    };
    let project = control.create_project(&elsewhere).unwrap();
    assert!(
        control
            .create_monitor(&project.id, &input("Lamp", "lamp"))
            .is_ok()
    );
    assert_eq!(control.monitors("default").unwrap().len(), 2);
}
