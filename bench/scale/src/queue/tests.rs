use super::*;

/// The probability that an arrival waits at `servers` servers of load `load` = arrivals × service time (Erlang C).
fn erlang_c(servers: u32, load: f64) -> f64 {
    // Erlang B by its recursion, which does not overflow.
    let blocked = (1..=servers).fold(1.0, |b, n| load * b / (f64::from(n) + load * b));
    let free = 1.0 - load / f64::from(servers);
    blocked / (free + (1.0 - free) * blocked)
}

/// The mean wait of an M/M/c queue, in the unit of `service`.
fn mean_wait(servers: u32, rate: f64, service: f64) -> f64 {
    let load = rate * service;
    erlang_c(servers, load) * service / (f64::from(servers) - load)
}

fn quiet(machines: usize, cores: usize, load: f64) -> Setting {
    let service = 0.01;
    Setting {
        rate: load * (machines * cores) as f64 / service,
        service,
        machines,
        cores,
        partitions: machines * 4,
        hot: 0.0,
        death: None,
        until: 6_000.0 / (machines * cores) as f64,
        seed: 7,
    }
}

/// Each machine is an M/M/c queue of its own: arrivals are split at random by partition.
#[test]
fn waits_are_those_of_the_closed_form() {
    for (machines, cores, load) in [(1, 1, 0.5), (1, 1, 0.8), (1, 8, 0.8), (4, 4, 0.7), (4, 16, 0.85)] {
        let setting = quiet(machines, cores, load);
        let said = mean_wait(cores as u32, setting.rate / machines as f64, setting.service);
        let found = simulate(&setting).wait;
        // Waits that follow one another are alike: a long run still strays by some per cent.
        assert!(
            (found / said - 1.0).abs() < 0.12,
            "{machines} × {cores} at {load}: {found} instead of {said}"
        );
    }
}

#[test]
fn erlang_c_knows_its_simple_cases() {
    // One server: an arrival waits as often as the server is busy. Two servers: ρ²·2/(1+ρ).
    assert!((erlang_c(1, 0.3) - 0.3).abs() < 1e-12);
    let half: f64 = 0.4;
    assert!((erlang_c(2, 2.0 * half) - 2.0 * half * half / (1.0 + half)).abs() < 1e-12);
    // From a printed table: 10 servers, 8 erlangs.
    assert!((erlang_c(10, 8.0) - 0.409).abs() < 0.001);
}

#[test]
fn nothing_is_lost_or_doubled_when_a_machine_dies() {
    let setting = Setting {
        death: Some((20.0, 35.0)),
        until: 200.0,
        ..quiet(4, 2, 0.5)
    };
    let found = simulate(&setting);
    assert_eq!(found.arrived, found.done + found.left);
    assert!(found.left < 100, "{found:?}");
}

/// As of a fluid: what gathered while nobody owned the partitions is worked off by the cores of those who get them.
#[test]
fn recovery_takes_what_the_cores_of_the_heirs_say() {
    let (machines, cores, load) = (10, 8, 0.6);
    let setting = Setting {
        death: Some((50.0, 65.0)),
        until: 300.0,
        ..quiet(machines, cores, load)
    };
    let found = simulate(&setting).recovered;
    // 15 s of a tenth of the stream go to as many machines as the dead one had partitions; all their cores work on it, for
    // what arrives later stands behind it.
    let heirs = (setting.partitions / machines).min(machines - 1) as f64;
    let said = 15.0 + 15.0 * load * cores as f64 / heirs / cores as f64;
    let found = found.unwrap_or(f64::INFINITY);
    assert!((found - said).abs() < 1.0, "{found} instead of {said}");
}

#[test]
fn a_hot_partition_is_the_bound_of_its_machine_alone() {
    let cold = simulate(&quiet(8, 4, 0.5));
    let hot = simulate(&Setting {
        hot: 0.05,
        ..quiet(8, 4, 0.5)
    });
    assert!(
        hot.busiest > cold.busiest + 0.1,
        "{} {}",
        hot.busiest,
        cold.busiest
    );
}

#[test]
fn the_same_seed_gives_the_same_run() {
    let setting = quiet(3, 2, 0.7);
    assert_eq!(simulate(&setting), simulate(&setting));
}
