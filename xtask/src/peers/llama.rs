//! llama-cpp-python's server: llama.cpp behind an OpenAI-compatible API, with a model that says nothing.
//!
//! The packages are pinned in `xtask/peers/llama/requirements.txt` and installed in a virtual environment under
//! `target/peers/llama`; building llama.cpp there takes a C++ compiler and, once, up to half an hour. The model is made by
//! `xtask/peers/llama/make_gguf.py`. On Unix only.

use crate::{
    peers::{Options, built, process::Running, trial},
    tree,
};
use anyhow::{Context as _, Result, bail};
use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// The name under which the server offers its model.
pub(crate) const MODEL: &str = "ward-peer";

/// Building llama.cpp, at most.
const INSTALL: Duration = Duration::from_secs(45 * 60);
/// Any other step of the preparation, and a start of the server, at most.
const STEP: Duration = Duration::from_secs(120);
/// One exchange with the server itself, at most.
const EXCHANGE: Duration = Duration::from_secs(60);

/// Prepares and tries.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let root = tree::root();
    let ward = built(options)?;
    let folder = root.join("target/peers/llama");
    let runs = folder.join("run");
    if runs.exists() {
        std::fs::remove_dir_all(&runs).with_context(|| runs.display().to_string())?;
    }
    std::fs::create_dir_all(&runs).with_context(|| runs.display().to_string())?;

    let kit = root.join("xtask/peers/llama");
    let python = match &options.python {
        Some(python) => python.clone(),
        None => environment(&folder, &kit.join("requirements.txt"))?,
    };
    let model = folder.join("model.gguf");
    let mut command = Command::new(&python);
    command.arg(kit.join("make_gguf.py")).arg(&model);
    Running::start(command, &runs.join("make_gguf.log"))?
        .finish(STEP)
        .context("the model could not be made")?;

    // A port that was free a moment ago; if somebody takes it the server does not start, and says so.
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
    let program = Server {
        python,
        model,
        address: server,
    };
    trial::run(&root, &runs, &ward, &program)
}

/// A virtual environment with the pinned packages; made when it is not there, completed when it is.
pub(crate) fn environment(folder: &Path, requirements: &Path) -> Result<PathBuf> {
    let python = folder.join("venv/bin/python");
    if !python.is_file() {
        let mut command = Command::new("python3");
        command.args(["-m", "venv"]).arg(folder.join("venv"));
        Running::start(command, &folder.join("venv.log"))?
            .finish(STEP)
            .context("the virtual environment could not be made")?;
    }
    println!("installing {}; the first time takes long", requirements.display());
    let mut command = Command::new(&python);
    command
        .args([
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--requirement",
        ])
        .arg(requirements);
    Running::start(command, &folder.join("pip.log"))?
        .finish(INSTALL)
        .context("the packages could not be installed")?;
    Ok(python)
}

/// How to start the server.
pub(crate) struct Server {
    python: PathBuf,
    model: PathBuf,
    /// Where it listens, whenever it runs.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts it with a context of so many tokens and waits until it answers. `interrupt`: its default, a new request
    /// cuts the running one short.
    pub(crate) fn start(&self, context: u32, interrupt: bool, log: &Path) -> Result<Running> {
        let mut command = Command::new(&self.python);
        // Its settings also come from variables with names as common as MODEL and PORT.
        command.env_clear();
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
            .args([
                "-m",
                "llama_cpp.server",
                "--model_alias",
                MODEL,
                "--n_threads",
                "1",
                "--n_threads_batch",
                "1",
                "--host",
                "127.0.0.1",
            ])
            .args([
                "--port",
                &self.address.port().to_string(),
                "--n_ctx",
                &context.to_string(),
            ])
            .args([
                "--interrupt_requests",
                if interrupt { "true" } else { "false" },
                "--model",
            ])
            .arg(&self.model);
        let mut running = Running::start(command, log)?;
        let ready = running.until(STEP, |_| {
            let reply = self.exchange("GET", "/v1/models", "").ok()?;
            reply.starts_with("HTTP/1.1 200").then_some(())
        });
        ready.context("the server did not start")?;
        Ok(running)
    }

    /// One exchange with the server itself, past Ward: the reply as it came.
    pub(crate) fn exchange(&self, method: &str, path: &str, body: &str) -> Result<String> {
        let mut socket = TcpStream::connect_timeout(&self.address, EXCHANGE)?;
        socket.set_read_timeout(Some(EXCHANGE))?;
        socket.set_write_timeout(Some(EXCHANGE))?;
        write!(
            socket,
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        let mut reply = Vec::new();
        socket.take(16 << 20).read_to_end(&mut reply)?;
        if reply.is_empty() {
            bail!("the server closed the connection without a reply");
        }
        Ok(String::from_utf8_lossy(&reply).into_owned())
    }
}
