//! `ward serve`.

use std::{fmt::Write, time::Instant};

use anyhow::{Context, Result};
use ward_serve::{Config, Running};

use crate::{cli, commands::settings, exit::Exit, folder, process, terminal};

/// Serves until it is told to stop.
///
/// # Errors
/// What keeps it from starting.
pub fn run(args: cli::Serve) -> Result<Exit> {
    let began = Instant::now();
    let mut config = Config::new(folder::data(args.data.data)?);
    config.listen = args.listen;
    config.max_body = usize::try_from(args.max_body).context("--max-body is too large for this machine")?;
    config.max_requests = usize::try_from(args.max_requests).context("--max-requests is too large for this machine")?;
    config.upstream = settings::upstream(&args.upstream)?;
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
        let took = began.elapsed();
        terminal::result(&banner(&running, upstream.as_deref(), took.as_millis()))?;
        if beyond {
            terminal::note(
                "listening beyond this machine: everyone who can reach it can try keys. TLS and keys stay required",
            );
        }
        let trouble = running.upstream_trouble();
        tokio::spawn(async move {
            if let Some(refusal) = trouble.await {
                terminal::note(&format!("the upstream cannot be used now: {refusal}"));
            }
        });
        running.serve(stop).await?;
        terminal::note("stopped; the ledger is closed");
        Ok(Exit::Clean)
    })
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
    let model = match upstream {
        Some(upstream) => {
            let _ = writeln!(
                text,
                "  Upstream     {upstream} (sees text in which what Ward found was replaced)"
            );
            "ward-cite"
        }
        None => "ward-cite",
    };
    let question = "Allergies: penicillin (hives).\\n\\nWhat is the patient allergic to?";
    let body = format!("{{\"model\":\"{model}\",\"messages\":[{{\"role\":\"user\",\"content\":\"{question}\"}}]}}");
    let _ = write!(
        text,
        "\nTry it:\n\n  curl --cacert '{certificate}' {url}/v1/chat/completions -H \"Authorization: Bearer {key}\" \
         -H 'Content-Type: application/json' -d '{body}'\n\n  \
         SSL_CERT_FILE='{certificate}' python3 -c 'import json,sys,urllib.request as u; \
         r=u.Request(sys.argv[1]+\"/v1/chat/completions\", sys.argv[3].encode(), {{\"Authorization\":\"Bearer \"+sys.argv[2],\"Content-Type\":\"application/json\"}}); \
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
