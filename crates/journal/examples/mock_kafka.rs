//! Brokers for tests: the client library's own mock of a cluster, with the topics of an installation on it. Prints its
//! address and lives until its standard input ends. Usage: `mock_kafka PREFIX PARTITIONS`.

use journal::kafka::Settings;
use rdkafka::mocking::MockCluster;
use std::io::Read as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let prefix = args.next().ok_or("no prefix")?;
    let partitions: usize = args.next().ok_or("no number of partitions")?.parse()?;
    let mock = MockCluster::new(3)?;
    let settings = Settings {
        prefix,
        ..Settings::new(&mock.bootstrap_servers(), [0; 32])
    };
    mock.create_topic(&settings.posts(), partitions as i32, 3)?;
    for topic in [
        settings.cursors(),
        settings.monitors(),
        settings.keys(),
        settings.matched(),
        settings.dead(),
    ] {
        mock.create_topic(&topic, 1, 3)?;
    }
    println!("{}", mock.bootstrap_servers());
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
