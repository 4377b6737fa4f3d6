use super::*;

fn entry(name: &str, query: &str) -> MonitorEntry {
    MonitorEntry {
        name: name.into(),
        role: Role::Brand,
        query: query.into(),
    }
}

fn monitor(control: &Control, name: &str) -> Monitor {
    control
        .monitors("default")
        .unwrap()
        .into_iter()
        .find(|m| m.name == name)
        .unwrap()
}

#[test]
fn the_file_decides_about_its_monitors() {
    let (_dir, control) = open();
    let search = control
        .import_monitors(&[entry("Lamp", "lamp"), entry("Light", "light")])
        .unwrap();
    let lamp = monitor(&control, "Lamp");
    assert_eq!(search, [lamp.id.clone(), monitor(&control, "Light").id]);
    assert_eq!(lamp.origin, "file");
    let version = control.monitor_set().unwrap().version;
    assert!(
        control
            .import_monitors(&[entry("Lamp", "lamp"), entry("Light", "light")])
            .unwrap()
            .is_empty()
    );
    assert_eq!(control.monitor_set().unwrap().version, version);

    let changed = MonitorInput {
        role: Role::Brand,
        ..input("Lamp", "mine")
    };
    assert!(
        matches!(control.update_monitor(&lamp.id, &changed), Err(Error::FromFile(name)) if name == "Lamp")
    );
    assert!(matches!(
        control.delete_monitor(&lamp.id),
        Err(Error::FromFile(_))
    ));
    let paused = MonitorInput {
        role: Role::Brand,
        active: false,
        color: Some(6),
        ..input("Lamp", "lamp")
    };
    control.update_monitor(&lamp.id, &paused).unwrap();

    let search = control
        .import_monitors(&[entry("Lamp", "lamp"), entry("Light", "light OR lit")])
        .unwrap();
    assert_eq!(search, [monitor(&control, "Light").id]);
    let lamp = monitor(&control, "Lamp");
    assert_eq!((lamp.active, lamp.color), (false, 6), "a pause survives a start");
    assert_eq!(monitor(&control, "Light").version, 2);
}

#[test]
fn what_leaves_the_file_is_paused_and_can_come_back() {
    let (_dir, control) = open();
    control.import_monitors(&[entry("Lamp", "lamp")]).unwrap();
    assert!(control.import_monitors(&[]).unwrap().is_empty());
    let left = monitor(&control, "Lamp");
    assert_eq!((left.origin.as_str(), left.active), ("ui", false));
    let search = control.import_monitors(&[entry("Lamp", "lamp")]).unwrap();
    let back = monitor(&control, "Lamp");
    assert_eq!(search, std::slice::from_ref(&left.id));
    assert_eq!(
        (back.id, back.origin.as_str(), back.active, back.version),
        (left.id, "file", true, 1)
    );
}

#[test]
fn a_monitor_of_the_app_that_the_file_names_becomes_the_files() {
    let (_dir, control) = open();
    let made = control.create_monitor("default", &input("lamp", "lamp")).unwrap();
    assert!(
        control
            .import_monitors(&[entry("Lamp", "lamp")])
            .unwrap()
            .is_empty(),
        "nothing new to search"
    );
    let now = control.monitor(&made.id).unwrap();
    assert_eq!(
        (now.origin.as_str(), now.name.as_str(), now.role),
        ("file", "Lamp", Role::Brand)
    );
}
