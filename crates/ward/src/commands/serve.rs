//! `ward serve`.

pub mod settings;

use std::{
    fmt::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use tokio::sync::mpsc;
use ward_serve::{
    Config, Memory, Running,
    app::now,
    config::News,
    listen::{self, Reload, WARN_MS},
    log::LogSink,
    settings::{at_start::AtStart, read::Read},
};

use crate::{cli, commands::settings as typed, exit::Exit, folder, process, terminal};

/// Serves until it is told to stop.
///
/// # Errors
/// What keeps it from starting.
pub fn run(args: cli::Serve) -> Result<Exit> {
    let began = Instant::now();
    let folder = folder::data(args.data.data.clone())?;
    let file = settings::file(args.config.as_deref(), &folder);
    let (config, at_start) = configure(&args, file.as_deref(), &folder)?;
    let memory = config.memory;
    let upstream = config.upstream.as_ref().map(|upstream| upstream.url.clone());
    let beyond = !config.listen.ip().is_loopback();

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start threads")?;
    runtime.block_on(async move {
        process::tolerate_file_limits();
        let running = ward_serve::start(config).await?;
        // Before anything is printed: whoever reads that it is ready may ask it to stop at once.
        let stop = stop()?;
        let asked = hang_up();
        let took = began.elapsed();
        terminal::result(&banner(&running, upstream.as_deref(), took.as_millis()))?;
        if beyond {
            terminal::note(
                "listening beyond this machine: everyone who can reach it can try keys. TLS and keys stay required; `ward \
                 doctor` tells what is risky",
            );
        }
        if memory == Some(Memory::MayBeSwapped) {
            terminal::note("the system may write what Ward holds to its swap; `ward doctor` says how to keep it from that");
        }
        if running.certificate_ends_unix_ms.is_some_and(|ends| ends < now().saturating_add(WARN_MS)) {
            terminal::note("the certificate ends within 30 days; put a new one in its place, it is taken up without a restart");
        }
        let trouble = running.upstream_trouble();
        tokio::spawn(async move {
            if let Some(refusal) = trouble.await {
                terminal::note(&format!("the upstream cannot be used now: {refusal}"));
            }
        });
        let (sender, reloads) = mpsc::channel(1);
        let watching = match file {
            Some(file) => tokio::spawn(watch(args, file, folder, at_start, asked, sender)),
            None => tokio::spawn(nothing_to_read(asked, sender)),
        };
        running.serve(stop, reloads).await?;
        watching.abort();
        terminal::note("stopped; the ledger is closed");
        Ok(Exit::Clean)
    })
}

/// The settings of the file, and of the flags over them.
fn configure(args: &cli::Serve, file: Option<&Path>, folder: &Path) -> Result<(Config, AtStart)> {
    let mut flags: Vec<(&'static str, String)> = Vec::new();
    if let Some(listen) = args.listen {
        flags.push(("listen", format!("\"{listen}\"")));
    }
    if let Some(bytes) = args.max_body {
        flags.push(("limits.max_body", bytes.to_string()));
    }
    if let Some(requests) = args.max_requests {
        flags.push(("limits.max_requests", requests.to_string()));
    }
    let Read {
        mut config,
        log,
        at_start,
        ..
    } = settings::read(file, &flags, folder.to_owned())?;
    config.memory = Some(process::lock_memory());
    config.records.clone_from(&args.records);
    if let Some(named) = typed::upstream(&args.upstream)? {
        // Pins and authorities of the file were meant for the upstream of the file.
        config.upstream = Some(named);
    }
    config.told = Some(Arc::new(|news| match news {
        News::TakenUp => terminal::note("a file that the settings name was read again"),
        News::NotTakenUp(error) => {
            terminal::complain(&anyhow::anyhow!("{error}"));
            terminal::note("what stood in that file before stays in force");
        }
        News::Undelivered(to, why) => {
            terminal::note(&format!(
                "alerts do not arrive at the {to}: {why}; they wait in the data folder and are tried again"
            ));
        }
        News::Delivered(to) => terminal::note(&format!("alerts arrive at the {to} again")),
    }));
    if log == "json" {
        config.log = Some(LogSink::new(|line| terminal::line(&line.json())));
    }
    Ok((config, at_start))
}

/// The settings as they stand now, if everything that they name can be read. An empty file is taken for one that is being
/// written: it would switch every control off.
fn reread(args: &cli::Serve, file: &Path, folder: &Path) -> Result<(Config, AtStart)> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    if text.trim().is_empty() {
        bail!(
            "{} is empty; to serve without settings, stop and start without --config",
            file.display()
        );
    }
    let read = configure(args, Some(file), folder)?;
    listen::check(&read.0)?;
    Ok(read)
}

/// Reads the settings again when they change, and when the system asks for it.
async fn watch(
    args: cli::Serve,
    file: PathBuf,
    folder: PathBuf,
    at_start: AtStart,
    mut asked: HangUp,
    sender: mpsc::Sender<Reload>,
) {
    let stamp = || {
        std::fs::metadata(&file)
            .ok()
            .and_then(|about| Some((about.len(), about.modified().ok()?)))
    };
    let mut seen = stamp();
    let mut complained = String::new();
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {
                let now = stamp();
                if now == seen {
                    continue;
                }
                seen = now;
            }
            // Whoever changed the file and then asks is answered once.
            () = asked.next() => seen = stamp(),
        }
        let reload = match reread(&args, &file, &folder) {
            Ok((config, now)) => {
                complained.clear();
                terminal::note(&format!("settings read again{}", waiting(&args, &at_start, &now)));
                Ok(config)
            }
            Err(error) => {
                // What the settings name may be mended without them: it is tried again, and said once.
                seen = None;
                let text = format!("{error:#}");
                if text == complained {
                    continue;
                }
                complained = text;
                terminal::complain(&error);
                terminal::note("the settings stay as they were");
                Err(ward_serve::StartError::setting("The settings could not be read."))
            }
        };
        if sender.send(reload).await.is_err() {
            return;
        }
    }
}

/// Which of the settings that changed wait for the next start.
fn waiting(args: &cli::Serve, before: &AtStart, now: &AtStart) -> String {
    let names: Vec<String> = before
        .waits(now)
        .into_iter()
        // The upstream of the command line takes the place of the file's, whatever the file says.
        .filter(|name| args.upstream.upstream.is_none() || !name.starts_with("upstream."))
        .map(|name| format!("serve.{name}"))
        .collect();
    if names.is_empty() {
        return String::new();
    }
    format!("; these changes wait for a new start: {}", names.join(", "))
}

/// Without a file of settings: whoever asks for it to be read again is told, and the service goes on.
async fn nothing_to_read(mut asked: HangUp, _kept_open: mpsc::Sender<Reload>) {
    loop {
        asked.next().await;
        terminal::note("there are no settings to read again; to serve with some, stop and start with --config");
    }
}

/// SIGHUP, where there is one.
#[cfg(unix)]
struct HangUp(Option<tokio::signal::unix::Signal>);

#[cfg(unix)]
fn hang_up() -> HangUp {
    use tokio::signal::unix::{SignalKind, signal};
    HangUp(signal(SignalKind::hangup()).ok())
}

#[cfg(unix)]
impl HangUp {
    async fn next(&mut self) {
        match &mut self.0 {
            Some(signal) => {
                let _ = signal.recv().await;
            }
            None => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
struct HangUp;

#[cfg(not(unix))]
fn hang_up() -> HangUp {
    HangUp
}

#[cfg(not(unix))]
impl HangUp {
    async fn next(&mut self) {
        std::future::pending().await
    }
}

/// What a person needs to begin: address, certificate, key, and two lines to try.
fn banner(running: &Running, upstream: Option<&str>, took_ms: u128) -> String {
    let mut port_host = running.address.to_string();
    if running.address.ip().is_unspecified() {
        port_host = format!("127.0.0.1:{}", running.address.port());
    }
    let url = format!("https://{port_host}");
    let certificate = running.certificate.display();
    let fingerprint = running
        .fingerprint
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect::<Vec<_>>()
        .join(":");
    let age = if running.certificate_is_new { "made now" } else { "kept" };
    let mut text = format!(
        "Ward {} is ready ({took_ms} ms).\n\n  URL          {url}\n  Certificate  {certificate} ({age})\n  SHA-256      {fingerprint}\n",
        env!("CARGO_PKG_VERSION")
    );
    let key = match &running.first_key {
        Some(key) => {
            let _ = writeln!(
                text,
                "  Key          {}\n               shown this once; only a keyed hash is kept",
                key.expose()
            );
            key.expose().to_owned()
        }
        None => {
            text.push_str("  Key          as given earlier; `ward key new` makes another\n");
            "$WARD_KEY".to_owned()
        }
    };
    if let Some(upstream) = upstream {
        let _ = writeln!(
            text,
            "  Upstream     {upstream} (sees text in which what Ward found was replaced)"
        );
    }
    if let Some(admin) = running.admin {
        let _ = writeln!(
            text,
            "  Metrics      https://{admin}/metrics (for keys with the scope metrics)"
        );
    }
    let question = "Allergies: penicillin (hives).\\n\\nWhat is the patient allergic to?";
    let body = format!("{{\"model\":\"ward-cite\",\"messages\":[{{\"role\":\"user\",\"content\":\"{question}\"}}]}}");
    let (header, entry) = running.purpose.as_ref().map_or_else(Default::default, |purpose| {
        (
            format!(" -H 'Ward-Purpose: {purpose}'"),
            format!(",\"Ward-Purpose\":\"{purpose}\""),
        )
    });
    let _ = write!(
        text,
        "\nTry it:\n\n  curl --cacert '{certificate}' {url}/v1/chat/completions -H \"Authorization: Bearer {key}\" \
         -H 'Content-Type: application/json'{header} -d '{body}'\n\n  \
         SSL_CERT_FILE='{certificate}' python3 -c 'import json,sys,urllib.request as u; \
         r=u.Request(sys.argv[1]+\"/v1/chat/completions\", sys.argv[3].encode(), {{\"Authorization\":\"Bearer \"+sys.argv[2],\"Content-Type\":\"application/json\"{entry}}}); \
         print(json.load(u.urlopen(r))[\"choices\"][0][\"message\"][\"content\"])' {url} \"{key}\" '{body}'\n\n\
         Stop with Ctrl-C.\n"
    );
    text
}

/// Ctrl-C, or a polite request of the system's. Listens for them from now on.
#[cfg(unix)]
fn stop() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for signals")?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ctrl-C.
#[cfg(not(unix))]
fn stop() -> Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
