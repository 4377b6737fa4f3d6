//! How fast a control state moves to PostgreSQL and back:
//! `cargo run -p groundswell --example move_speed ADDRESS [IDENTITIES] [AUDIT]` (default 300,000 and 100,000), with the
//! address of an empty database, as `[control] postgres` has it; `scripts/cluster/test-postgres.sh` starts a server.
//!
//! Made-up identities, two posts each, and audit entries. It prints for each way what the first pass took, one that finds
//! nothing, and the end.

use groundswell::control::moving::{Finished, Move, To};
use groundswell::control::{AccessRole, Action, AuditEvent, Control, Place, Postgres, VaultItem};
use post::{AuthorKey, Identity, PostKey};
use std::path::Path;
use std::time::Instant;

fn main() -> anyhow::Result<()> {
    let mut given = std::env::args().skip(1);
    let address = given
        .next()
        .ok_or_else(|| anyhow::anyhow!("the address of a database is missing"))?;
    let server = Postgres::new(&address, None, None).map_err(|e| anyhow::anyhow!("the address {e}"))?;
    let mut number = |default: u32| given.next().map_or(Ok(default), |n| n.parse());
    let (identities, entries) = (number(300_000)?, number(100_000)?);
    let folder = tempfile::tempdir()?;
    let started = Instant::now();
    fill(folder.path(), identities, entries)?;
    println!(
        "{identities} identities and {entries} audit entries made in {:.1?}",
        started.elapsed()
    );
    for (to, name) in [(To::Postgres, "to PostgreSQL"), (To::Sqlite, "back to SQLite")] {
        let moving = Move::new(folder.path(), &server, to);
        moving.begin(false)?;
        for pass in ["first pass", "a pass that finds nothing"] {
            let started = Instant::now();
            let rows = moving.pass(&mut |_| ())?.rows();
            tell(name, pass, rows, started);
        }
        let started = Instant::now();
        let by = AuditEvent::new("command line", AccessRole::Admin, Action::Moved);
        let Finished::Moved(Some(pass)) = moving.finish(&by, &mut |_| ())? else {
            anyhow::bail!("the two sides differ");
        };
        tell(name, "the end", pass.rows(), started);
        let place = Place {
            data: folder.path().to_path_buf(),
            postgres: (to == To::Postgres).then(|| server.clone()),
        };
        let started = Instant::now();
        let chain = Control::open(place)?.audit_chain()?;
        anyhow::ensure!(chain.fault.is_none(), "the audit log is broken: {chain:?}");
        println!(
            "{name}: {} audit entries verified in {:.1?}",
            chain.rows,
            started.elapsed()
        );
    }
    Ok(())
}

fn tell(way: &str, what: &str, rows: u64, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{way}: {what}: {rows} rows in {seconds:.1} s, {:.0} rows/s",
        rows as f64 / seconds
    );
}

fn fill(folder: &Path, identities: u32, entries: u32) -> anyhow::Result<()> {
    let control = Control::open(folder)?;
    let numbers: Vec<u32> = (0..identities * 2).collect();
    for some in numbers.chunks(2_000) {
        let items: Vec<VaultItem> = some.iter().map(|n| item(*n)).collect();
        control.vault_put(&items)?;
    }
    for n in 0..entries {
        let event = AuditEvent::new("local", AccessRole::Admin, Action::Open);
        control.audit(&event.within("default").because(format!("reason {n}")))?;
    }
    Ok(())
}

fn item(n: u32) -> VaultItem {
    // Scattered over the keys, as digests are.
    let scattered = |n: u32, salt: u8| {
        let mut key = [salt; 16];
        key[..4].copy_from_slice(&n.wrapping_mul(2_654_435_761).to_be_bytes());
        key
    };
    let author = n / 2;
    VaultItem {
        post: PostKey(scattered(n, 1)),
        author: Some(AuthorKey(scattered(author, 2))),
        identity: Identity {
            uid: format!("bluesky:at://did:plc:{author}/app.bsky.feed.post/{n}"),
            permalink: Some(format!("https://bsky.example/profile/{author}/post/{n}")),
            author_id: Some(format!("did:plc:{author}")),
            handle: Some(format!("person{author}.example")),
            name: Some(format!("Person {author}")),
        },
        seen_at: i64::from(n),
    }
}
