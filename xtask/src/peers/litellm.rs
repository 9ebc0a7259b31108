//! The LiteLLM proxy, and Presidio's analyzer: two well-known programs that Ward is measured beside, in one run.
//!
//! One upstream that answers at once (`mock.rs`), and in front of it Ward and LiteLLM. One client (`client.py`) sends the
//! same chat to all of them, one after the other, over connections that stay open. Ward does what it does by default, once
//! with its data on the disk of this folder and once in memory, which shows what waiting for the disk costs. LiteLLM has its
//! defaults and a master key: no TLS, no de-identification, no ledger. Presidio's analyzer runs alone on the same text.
//! Prints Markdown tables. The packages are pinned in `xtask/peers/litellm/requirements.txt`. On Linux only.

use crate::{
    peers::{
        Options, llama, mock,
        process::Running,
        timer::{Server, Timer},
        vitals,
    },
    tree,
};
use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Starts of each proxy.
const STARTS: usize = 7;
/// Chats to each server before times are taken, to the programs and then on the connections that are timed; and while.
const WARM: usize = 50;
const WARM_CONNECTION: usize = 5;
const CHATS: usize = 500;
/// Texts that Presidio analyzes before and while times are taken.
const TEXTS_WARM: usize = 5;
const TEXTS: usize = 100;
/// How long a proxy may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(120);
/// What LiteLLM is to ask of its clients. It guards nothing: the proxy listens on loopback while this program runs.
const MASTER_KEY: &str = "sk-measured-on-loopback";

/// Prepares and measures. True: there is nothing here that could fail to hold.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let root = tree::root();
    let folder = root.join("target/peers/litellm");
    let runs = folder.join("run");
    if runs.exists() {
        fs::remove_dir_all(&runs).with_context(|| runs.display().to_string())?;
    }
    fs::create_dir_all(&runs).with_context(|| runs.display().to_string())?;
    let kit = root.join("xtask/peers/litellm");
    let python = match &options.python {
        Some(python) => python.clone(),
        None => llama::environment(&folder, &kit.join("requirements.txt"))?,
    };
    let ward = release(options)?;
    let mut timer = Timer::start(&python, &kit.join("client.py"), &runs.join("client.log"))?;
    println!("| what | version |\n|---|---|\n| Ward | {} |", version(&ward)?);
    for (package, version) in timer.versions(&["litellm", "presidio-analyzer"])? {
        println!("| {package} | {version} |");
    }

    let upstream = mock::start()?;
    let memory = Memory::folder()?;
    let mut proxies = [
        Proxy::ward("Ward", &ward, &runs, &runs, upstream)?,
        Proxy::ward("Ward, data in memory", &ward, &memory.0, &runs, upstream)?,
        Proxy::litellm(&python, &runs, upstream)?,
    ];
    println!("\nLoad averages before: {}\n", vitals::load()?);
    starts(&mut proxies, &mut timer)?;
    let text = prompt(&root)?;
    chats(&mut proxies, &mut timer, upstream, &text)?;
    presidio(&python, &kit.join("presidio.py"), &runs, &text)?;
    println!("\nLoad averages after: {}", vitals::load()?);
    Ok(true)
}

/// The program to measure: a release build.
fn release(options: &Options) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let built = here.ancestors().nth(2).map(|target| target.join("release/ward"));
    let ward = options.ward.clone().or(built).filter(|file| file.is_file());
    ward.context("there is no release build; run `cargo build --release --package ward`, or name one with --ward")
}

fn version(ward: &Path) -> Result<String> {
    let said = Command::new(ward).arg("--version").output()?.stdout;
    let said = String::from_utf8_lossy(&said);
    Ok(said.trim().trim_start_matches("ward ").to_owned())
}

/// A note of 2 KB with a question: the text of `cargo bench -p ward --bench guard`.
fn prompt(root: &Path) -> Result<String> {
    let file = root.join("examples/maria-alvarez.txt");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let mut note: String = text.chars().take(1950).collect();
    note.push_str("\n\nWhat is she allergic to, and what is her dose of metformin?");
    Ok(note)
}

/// A folder in the memory of Linux, removed when dropped.
struct Memory(PathBuf);

impl Memory {
    fn folder() -> Result<Self> {
        let folder = PathBuf::from(format!("/dev/shm/ward-peer-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| folder.display().to_string())?;
        Ok(Self(folder))
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A program that stands between a client and the upstream.
struct Proxy {
    name: &'static str,
    /// Everything but the port.
    command: Box<dyn Fn(u16) -> Command>,
    log: PathBuf,
    server: Server,
    running: Option<Running>,
}

impl Proxy {
    /// Ward with its data folder made, as it is at every start but the first, in the folder `above`.
    fn ward(name: &'static str, program: &Path, above: &Path, runs: &Path, upstream: SocketAddr) -> Result<Self> {
        let (program, data, log) = (
            program.to_path_buf(),
            above.join("ward"),
            runs.join(format!("{name}.log")),
        );
        let folder = data.clone();
        let command = move |port: u16| {
            let mut command = Command::new(&program);
            command
                .env_remove("WARD_DATA")
                .env_remove("WARD_UPSTREAM_KEY")
                .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--upstream"])
                .arg(format!("http://{upstream}"))
                .arg("--data")
                .arg(&folder);
            command
        };
        let mut first = Running::start(command(0), &log)?;
        let key = first.until(PATIENCE, |said| {
            let mut words = said.contains("Stop with").then(|| said.split_whitespace())?;
            words.find(|word| word.starts_with("wk_")).map(str::to_owned)
        });
        let server = Server {
            port: 0,
            key: Some(key.context("ward serve showed no key")?),
            ca: Some(data.join("tls/cert.pem").display().to_string()),
        };
        first.stop(PATIENCE)?;
        Ok(Self {
            name,
            command: Box::new(command),
            log,
            server,
            running: None,
        })
    }

    /// LiteLLM with one model and a master key.
    fn litellm(python: &Path, runs: &Path, upstream: SocketAddr) -> Result<Self> {
        let program = python.with_file_name("litellm");
        let (config, home) = (runs.join("litellm.yaml"), runs.to_path_buf());
        let text = format!(
            "model_list:\n  - model_name: mock\n    litellm_params:\n      model: openai/mock\n      \
             api_base: http://{upstream}/v1\n      api_key: none\ngeneral_settings:\n  master_key: {MASTER_KEY}\n"
        );
        fs::write(&config, text).with_context(|| config.display().to_string())?;
        let command = move |port: u16| {
            let mut command = Command::new(&program);
            // Settings also come from the environment. Prices of models would be fetched at every start: the proxy uses
            // those it brings along, which spares it the wait.
            command.env_clear().env("LITELLM_LOCAL_MODEL_COST_MAP", "True");
            if let Some(path) = std::env::var_os("PATH") {
                command.env("PATH", path);
            }
            command
                .env("HOME", &home)
                .current_dir(&home)
                .arg("--config")
                .arg(&config)
                .args(["--host", "127.0.0.1", "--port", &port.to_string()]);
            command
        };
        let server = Server {
            port: 0,
            key: Some(MASTER_KEY.to_owned()),
            ca: None,
        };
        Ok(Self {
            name: "LiteLLM",
            command: Box::new(command),
            log: runs.join("litellm.log"),
            server,
            running: None,
        })
    }

    /// Starts it on a free port. Returns the time to its first answer.
    fn start(&mut self, timer: &mut Timer) -> Result<Duration> {
        // A port that was free a moment ago; if somebody takes it the proxy does not start, and says so.
        self.server.port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let began = Instant::now();
        self.running = Some(Running::start((self.command)(self.server.port), &self.log)?);
        timer
            .ready(&self.server, PATIENCE)
            .with_context(|| format!("{} did not start; {} says more", self.name, self.log.display()))?;
        Ok(began.elapsed())
    }

    fn stop(&mut self) -> Result<()> {
        // A program that does not stop in time is killed.
        self.running.take().map_or(Ok(true), |running| running.stop(PATIENCE))?;
        Ok(())
    }

    fn vitals(&self) -> Result<vitals::Vitals> {
        vitals::of(self.running.as_ref().context("it does not run")?.pid())
    }
}

/// Starts both proxies in turn; leaves them stopped.
fn starts(proxies: &mut [Proxy], timer: &mut Timer) -> Result<()> {
    let mut times = vec![Vec::new(); proxies.len()];
    let mut resident = vec![Vec::new(); proxies.len()];
    for _ in 0..STARTS {
        for ((proxy, times), resident) in proxies.iter_mut().zip(&mut times).zip(&mut resident) {
            times.push(proxy.start(timer)?.as_secs_f64() * 1e3);
            resident.push(proxy.vitals()?.resident_kib as f64 / 1024.0);
            proxy.stop()?;
        }
    }
    println!("| {STARTS} starts | median | slowest | resident when ready, median |\n|---|---|---|---|");
    for ((proxy, times), resident) in proxies.iter().zip(&mut times).zip(&mut resident) {
        println!(
            "| {}, start to first answer | {} | {} | {:.0} MiB |",
            proxy.name,
            ms(quantile(times, 0.5)),
            ms(quantile(times, 1.0)),
            quantile(resident, 0.5)
        );
    }
    println!();
    Ok(())
}

/// The same chat to the bare upstream and through both proxies, in turn.
fn chats(proxies: &mut [Proxy], timer: &mut Timer, upstream: SocketAddr, text: &str) -> Result<()> {
    for proxy in proxies.iter_mut() {
        proxy.start(timer)?;
    }
    let bare = Server {
        port: upstream.port(),
        key: None,
        ca: None,
    };
    let mut servers = vec![&bare];
    servers.extend(proxies.iter().map(|proxy| &proxy.server));
    let body = json!({"model": "mock", "messages": [{"role": "user", "content": text}]});
    timer.chats(&servers, WARM, 0, &body)?;
    let before = proxies.iter().map(Proxy::vitals).collect::<Result<Vec<_>>>()?;
    let times = timer.chats(&servers, WARM_CONNECTION, CHATS, &body)?;
    let after = proxies.iter().map(Proxy::vitals).collect::<Result<Vec<_>>>()?;
    let (bare, proxied) = times.split_first().context("the client gave no times")?;

    let (mut table, mut memory) = (String::new(), String::new());
    row(&mut table, "bare upstream", bare)?;
    for (proxy, times) in proxies.iter().zip(proxied) {
        row(&mut table, &format!("through {}", proxy.name), times)?;
    }
    for (proxy, times) in proxies.iter().zip(proxied) {
        let added: Vec<f64> = times.iter().zip(bare).map(|(through, bare)| through - bare).collect();
        row(&mut table, &format!("added by {} (pair by pair)", proxy.name), &added)?;
    }
    for ((proxy, before), after) in proxies.iter().zip(&before).zip(&after) {
        let cpu = after.cpu.saturating_sub(before.cpu).as_secs_f64() * 1e3 / (WARM_CONNECTION + CHATS) as f64;
        let resident = after.resident_kib as f64 / 1024.0;
        writeln!(memory, "| {} | {} | {resident:.0} MiB |", proxy.name, ms(cpu))?;
    }
    println!(
        "| {CHATS} chats, prompt of {} bytes | p50 | p99 |\n|---|---|---|\n{table}",
        text.len()
    );
    println!("| the same chats | processor time per chat | resident afterwards |\n|---|---|---|\n{memory}");
    for proxy in proxies.iter_mut() {
        proxy.stop()?;
    }
    Ok(())
}

/// Presidio's analyzer alone on the same text.
fn presidio(python: &Path, script: &Path, runs: &Path, text: &str) -> Result<()> {
    #[derive(Deserialize)]
    struct Answer {
        times_ms: Vec<f64>,
        found: BTreeMap<String, usize>,
        resident_kib: u64,
    }
    let (input, output) = (runs.join("prompt.txt"), runs.join("presidio.json"));
    fs::write(&input, text).with_context(|| input.display().to_string())?;
    let status = Command::new(python)
        .arg(script)
        .args([TEXTS_WARM.to_string(), TEXTS.to_string()])
        // It keeps a list of domain suffixes in its home.
        .env("HOME", runs)
        .stdin(File::open(&input)?)
        .stdout(File::create(&output)?)
        .stderr(Stdio::null())
        .status()?;
    let answer = fs::read_to_string(&output)?;
    let answer: Answer =
        serde_json::from_str(&answer).with_context(|| format!("Presidio gave no figures ({status})"))?;
    let mut table = String::new();
    row(&mut table, "Presidio's analyzer, by patterns only", &answer.times_ms)?;
    let found: Vec<String> = answer.found.iter().map(|(kind, n)| format!("{kind} {n}")).collect();
    println!("| {TEXTS} texts | p50 | p99 |\n|---|---|---|\n{table}");
    let resident = answer.resident_kib / 1024;
    println!(
        "Presidio: resident {resident} MiB afterwards; found {}.",
        found.join(", ")
    );
    Ok(())
}

fn row(table: &mut String, name: &str, times: &[f64]) -> Result<()> {
    let mut times = times.to_vec();
    let (half, most) = (quantile(&mut times, 0.5), quantile(&mut times, 0.99));
    writeln!(table, "| {name} | {} | {} |", ms(half), ms(most))?;
    Ok(())
}

/// Milliseconds to three digits that mean something.
fn ms(value: f64) -> String {
    let digits = match value.abs() {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{value:.digits$} ms")
}

/// The value below or at which that part of the values lies; not a number when there is none.
fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len().saturating_sub(1)) as f64 * part;
    values.get(at as usize).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_seen() {
        let mut values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        assert_eq!(
            [0.0, 0.5, 0.99, 1.0].map(|part| quantile(&mut values, part)),
            [0.0, 50.0, 99.0, 100.0]
        );
        assert!(quantile(&mut [], 0.5).is_nan());
    }

    #[test]
    fn milliseconds_have_three_digits() {
        assert_eq!(
            [0.2345, 12.34, -4.5, 5678.9].map(ms),
            ["0.23 ms", "12.3 ms", "-4.50 ms", "5679 ms"]
        );
    }
}
