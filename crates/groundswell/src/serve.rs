//! A running installation: pipeline, sources and server, from start to a drained end.

use crate::api::{self, App, types::Mode};
use crate::config::Config;
use crate::connections::{self, Definition, Meter, Origin, Supervisor};
use crate::control::{Control, KeptSource};
use crate::delivery::{self, Mailer};
use crate::detect::Detectors;
use crate::live::Live;
use crate::oidc;
use crate::pipeline::{Engine, Settings};
use crate::policy::notice;
use crate::privacy::Clock;
use crate::retention;
use crate::spread::{Role, Serving};
use crate::tls::{Certificate, TlsListener};
use anyhow::{Context, bail};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// The name of the file in the data folder that holds the server's address.
pub const ADDRESS: &str = "server.address";

/// What distinguishes a demo from the real thing.
pub struct Plan {
    /// Demo or real.
    pub mode: Mode,
    /// What of the installation this process does.
    pub role: Role,
    /// The sources the configuration or the program names.
    pub sources: Vec<crate::connections::Plan>,
    /// Whether to take the next free port where the wanted one is taken.
    pub any_port: bool,
    /// Whether the clock is right, whatever it said before.
    pub trust_clock: bool,
    /// Called with the address once the server answers, and whether a monitor is active.
    pub ready: Box<dyn FnOnce(SocketAddr, bool) + Send>,
}

/// What the pipeline of a configuration is made with.
pub(crate) fn settings(config: &Config) -> Settings {
    Settings {
        data: config.data.clone(),
        postgres: config.postgres.clone(),
        store: config.store.clone(),
        journal: config.journal.clone(),
        kafka: config.kafka.clone(),
        policy: config.privacy.clone(),
        retention: config.policy.retention.clone(),
        scoring: config.scoring,
        onnx: config.onnx.clone(),
        threads: std::thread::available_parallelism().map_or(2, usize::from),
    }
}

/// Opens the data folder and starts the pipeline with the configuration's monitors in force; browsers and detectors hear
/// of every commit. Gives those that are new or have a new query, too.
pub async fn start_engine(
    config: &Config,
    live: &Live,
    detectors: &Arc<Detectors>,
) -> anyhow::Result<(Arc<Engine>, Vec<String>)> {
    let settings = settings(config);
    std::fs::create_dir_all(&settings.data)
        .with_context(|| format!("the data folder {} cannot be made", settings.data.display()))?;
    let models = crate::weights::embedded()?;
    let (live, detectors) = (live.clone(), detectors.clone());
    let engine = tokio::task::spawn_blocking(move || {
        Engine::start(&settings, models, move |commit, snapshot| {
            detectors.hear(&commit);
            live.announce(&commit, snapshot)
        })
    })
    .await??;
    // The set first: putting a changed monitor in force drops its mentions, and must not drop those found again.
    let changed = import(&engine, config).await?;
    engine.resume_backfills().await?;
    Ok((engine, changed))
}

/// Puts the lists and monitors of the configuration file into the default project.
async fn import(engine: &Arc<Engine>, config: &Config) -> anyhow::Result<Vec<String>> {
    // The lists first: queries name them.
    let mut changed = engine.control.import_lists(&config.lists)?;
    changed.extend(engine.control.import_monitors(&config.monitors)?);
    changed.sort_unstable();
    changed.dedup();
    engine.publish_monitors(&changed).await?;
    Ok(changed)
}

/// Runs until a signal asks to stop, then drains: what was taken is stored before this returns.
pub async fn run(config: Config, plan: Plan) -> anyhow::Result<()> {
    let mut asked_to_stop = std::pin::pin!(signal());
    let begun = Serving::begin(&config, plan.role, asked_to_stop.as_mut()).await?;
    let Some(mut serving) = begun else { return Ok(()) };
    let certificate = config.server.tls.clone().map(Certificate::read).transpose()?;
    let single_sign_on = config.oidc.clone().map(oidc::Provider::new).transpose()?;
    let listener = bind(config.server.listen, plan.any_port).await?;
    let listen = listener.local_addr()?;
    let live = Live::default();
    let detectors = Arc::<Detectors>::default();
    let (engine, changed) = start_engine(&config, &live, &detectors).await?;
    if plan.trust_clock {
        engine.age.trust(crate::clock::now());
        engine.age.keep(&engine.control)?;
    }
    detectors.start(engine.clone())?;
    let watching = engine.live.load().matched() > 0;
    engine.control.abandon_pasts()?;
    let password = config.server.password.as_ref().map(|p| p.0.as_str());
    engine.control.follow_password(password)?;
    let mut plans = plan.sources;
    plans.extend(kept_sources(&engine.control, &plans)?);
    let supervisor = Supervisor::start(&engine.intake, plans, config.kafka.is_some());
    supervisor.ask_past_of(changed);
    let (end, ending) = watch::channel(false);
    serving
        .start(&config, plan.role, &engine, &supervisor, ending.clone())
        .await?;
    let metering = tokio::spawn(Meter::new(&engine.control, &supervisor).run(ending.clone()));
    let sweeping = tokio::spawn(supervisor.clone().sweep(ending.clone()));
    let expiring = tokio::spawn(retention::run(
        engine.clone(),
        config
            .sources
            .iter()
            .map(|s| s.connector.name.to_owned())
            .collect(),
        crate::clock::now,
        ending.clone(),
    ));
    let ruling = tokio::spawn(crate::marking::run(engine.clone(), ending.clone()));
    let responding = tokio::spawn(crate::responding::run(engine.clone(), ending.clone()));
    let auditing = tokio::spawn(crate::auditing::run(engine.clone(), ending.clone()));
    let learning = tokio::spawn(crate::relevance::run(engine.clone(), ending.clone()));
    let small_cell = config.policy.small_cell;
    let mailer = config.mail.as_ref().map(Mailer::new).transpose()?.map(Arc::new);
    let sending = tokio::spawn(delivery::run(engine.clone(), mailer.clone(), ending.clone()));
    let alerting = tokio::spawn(crate::alerting::run(
        engine.clone(),
        supervisor.clone(),
        config.server.public_url.clone(),
        ending.clone(),
    ));
    let reporting = tokio::spawn(crate::report::run(engine.clone(), small_cell, ending.clone()));
    let app = Arc::new(App {
        engine: engine.clone(),
        supervisor: supervisor.clone(),
        live,
        detectors: detectors.clone(),
        mode: plan.mode,
        started_at: crate::clock::now(),
        notice: notice::Facts::of(&config),
        policy: config.policy,
        door: api::Door::new(&config.server),
        single_sign_on,
        mailer,
        rephraser: config.rephrase.map(crate::rephrase::Rephraser::new),
        password: config.server.password,
        public_url: config.server.public_url,
        sign_in: connections::SignIn::default(),
        shares: crate::auditing::Mixed::new(crate::analytics::Shares::shipped()?),
        sessions: api::Sessions::default(),
        ending: ending.clone(),
    });
    let address = Arc::new(Address::new(&config.data, listen));
    address.write(certificate.as_deref())?;
    let upkeep = tokio::spawn(upkeep(engine.clone(), config.purge));
    let mut stop = ending;
    let stopped = async move {
        // The sender lives in this function, so this ends with the signal.
        let _ = stop.wait_for(|end| *end).await;
    };
    let service = api::router(app).into_make_service_with_connect_info::<api::Peer>();
    let server = match certificate {
        None => tokio::spawn(
            axum::serve(listener, service)
                .with_graceful_shutdown(stopped)
                .into_future(),
        ),
        Some(certificate) => {
            tokio::spawn(renew(certificate.clone(), address.clone()));
            let listener = TlsListener::new(listener, certificate)?;
            tokio::spawn(
                axum::serve(listener, service)
                    .with_graceful_shutdown(stopped)
                    .into_future(),
            )
        }
    };
    (plan.ready)(listen, watching);
    let lost = tokio::select! {
        () = asked_to_stop => false,
        () = serving.lost() => true,
    };
    upkeep.abort();
    tracing::info!("stopping: what was taken is being stored");
    end.send_replace(true);
    // Before the sources are waited for: they would wait for a journal that waits for the disk.
    engine.blocked.end();
    supervisor.stop().await;
    for (what, task) in [
        ("coverage meter", metering),
        ("deletion sweeps", sweeping),
        ("rules", ruling),
        ("answers and hand-overs", responding),
        ("audit samples", auditing),
        ("alerts", alerting),
        ("scheduled reports", reporting),
        ("outbox", sending),
        ("models of relevance", learning),
    ] {
        if task.await.is_err() {
            tracing::error!("the {what} failed");
        }
    }
    // Connections that will not end must not keep what was taken from being stored.
    if tokio::time::timeout(std::time::Duration::from_secs(5), server)
        .await
        .is_err()
    {
        tracing::warn!("open connections were cut");
    }
    tokio::task::spawn_blocking(move || {
        detectors.stop();
        engine.stop();
    })
    .await?;
    // A pass under way ends with the writer.
    expiring.await?;
    serving.end().await;
    anyhow::ensure!(
        !lost,
        "the lease of the server was lost: another process may serve"
    );
    Ok(())
}

/// Reads the certificate anew whenever SIGHUP asks for it.
async fn renew(certificate: Arc<Certificate>, address: Arc<Address>) {
    #[cfg(unix)]
    if let Ok(mut hangup) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()) {
        while hangup.recv().await.is_some() {
            let renewed = certificate
                .reload()
                .and_then(|()| address.write(Some(&certificate)));
            match renewed {
                Ok(()) => tracing::info!("the certificate was read anew"),
                Err(error) => tracing::error!(error = format!("{error:#}"), "the old certificate stays"),
            }
        }
    }
}

/// Erasures that an earlier run began, and the purge for as long as the process lives.
async fn upkeep(engine: Arc<Engine>, clock: Clock) {
    let open = engine.open_erasures().unwrap_or_else(|error| {
        tracing::error!(%error, "erasures of an earlier run cannot be read");
        Vec::new()
    });
    let erasures = async {
        for begun in &open {
            engine.finish_erasure_at_last(begun).await;
            tracing::info!(
                erasure = begun.erasure.id,
                "an erasure of an earlier run is finished"
            );
        }
    };
    tokio::join!(erasures, clock.run(engine.clone()));
}

/// The file that says where the server of a data folder answers, for programs on this machine.
struct Address {
    path: PathBuf,
    listen: SocketAddr,
}

impl Address {
    fn new(data: &Path, listen: SocketAddr) -> Address {
        Address {
            path: data.join(ADDRESS),
            listen,
        }
    }

    /// `ADDRESS`, or `tls FINGERPRINT ADDRESS`: who may read the data folder knows the server by its certificate.
    fn write(&self, certificate: Option<&Certificate>) -> anyhow::Result<()> {
        let before = certificate.map_or_else(String::new, |c| format!("tls {} ", c.fingerprint()));
        std::fs::write(&self.path, format!("{before}{}", self.listen))
            .with_context(|| format!("cannot write {}", self.path.display()))
    }
}

impl Drop for Address {
    fn drop(&mut self) {
        // One that stays is seen to be old: nobody holds the journal's lock.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The sources made through the API. A name that the configuration file has taken since is the file's.
pub(crate) fn kept_sources(
    control: &Control,
    plans: &[connections::Plan],
) -> anyhow::Result<Vec<connections::Plan>> {
    let taken = |name: &str| {
        plans.iter().any(|p| match p {
            connections::Plan::Given { name: n, .. } => n == name,
            connections::Plan::Defined(d) => d.name == name,
        })
    };
    let mut kept = Vec::new();
    for source in control.kept_sources()? {
        if taken(&source.name) {
            tracing::warn!(source = %source.name, "the configuration file has a source of this name: it wins");
            continue;
        }
        let name = source.name.clone();
        match kept_source(source) {
            Ok(definition) => kept.push(connections::Plan::Defined(definition)),
            Err(error) => tracing::error!(source = %name, %error, "a source cannot be run"),
        }
    }
    Ok(kept)
}

/// The definition of a source made through the API.
pub(crate) fn kept_source(source: KeptSource) -> anyhow::Result<Definition> {
    let mut options: toml::Table = source.options.parse()?;
    let secrets = source.secrets.into_iter();
    options.extend(secrets.map(|(key, secret)| (key, toml::Value::String(secret))));
    Definition::read(&source.name, &source.connector, options, Origin::Api)
        .map_err(|faults| anyhow::anyhow!(connections::in_words(&faults)))
}

async fn bind(wanted: SocketAddr, any_port: bool) -> anyhow::Result<TcpListener> {
    let mut address = wanted;
    for _ in 0..100 {
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(e) if e.kind() == std::io::ErrorKind::AddrInUse && any_port => {
                address.set_port(address.port().checked_add(1).unwrap_or(1024));
            }
            Err(e) if e.kind() == std::io::ErrorKind::AddrInUse => {
                bail!(
                    "{address} is taken by another program: stop it, or set server.listen (or --listen) to another port"
                );
            }
            Err(e) => return Err(e).with_context(|| format!("cannot listen on {address}")),
        }
    }
    bail!("no free port from {wanted} on");
}

/// Resolves with Ctrl-C or a polite kill. Both are heard from the call on, not only once it is waited for: who stops a
/// server that has just begun to answer is heard, too.
fn signal() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    #[cfg(unix)]
    let interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
    async move {
        #[cfg(unix)]
        if let (Ok(mut term), Ok(mut interrupt)) = (term, interrupt) {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = term.recv() => {}
            }
            return;
        }
        // Without a way to hear signals the process can still be killed: nothing acknowledged is lost then.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
