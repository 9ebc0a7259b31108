//! The program as a child process.

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use super::http::{Client, Response};

/// The binary under test.
pub const WARD: &str = env!("CARGO_BIN_EXE_ward");

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// A command with nothing of the surroundings that could change what it does.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(WARD);
    command
        .args(args)
        .env_remove("WARD_DATA")
        .env_remove("WARD_UPSTREAM_KEY")
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(args: &[&str]) -> Output {
    command(args).output().unwrap()
}

/// Runs a command to its end, with `input` on its standard input.
pub fn piped(args: &[&str], input: &[u8]) -> Output {
    let mut child = command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// A data folder of a test's own.
pub fn folder() -> tempfile::TempDir {
    let mut builder = tempfile::Builder::new();
    builder.prefix("ward-test-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir().unwrap()
}

/// A running `ward serve`.
pub struct Ward {
    child: Child,
    pub data: PathBuf,
    pub url: String,
    pub port: u16,
    /// The first key, when it was shown.
    pub key: Option<String>,
    /// All it printed to stdout before it was ready.
    pub banner: String,
    stderr: Arc<Mutex<Vec<u8>>>,
}

impl Ward {
    /// Starts on a free port and waits until it is ready.
    pub fn start(data: &Path, more: &[&str]) -> Self {
        let mut args = vec!["serve", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()];
        args.extend(more);
        Self::start_as(&mut command(&args), data)
    }

    /// The same, with files that may not grow beyond so many blocks of the shell's.
    #[cfg(unix)]
    pub fn start_with_file_limit(data: &Path, more: &[&str], blocks: u32) -> Self {
        let mut shell = Command::new("sh");
        let script = format!("ulimit -f {blocks}; exec \"$0\" serve --listen 127.0.0.1:0 --data \"$@\"");
        shell.args(["-c", &script, WARD, data.to_str().unwrap()]).args(more);
        shell
            .env_remove("WARD_DATA")
            .env_remove("WARD_UPSTREAM_KEY")
            .stdin(Stdio::null());
        Self::start_as(&mut shell, data)
    }

    fn start_as(command: &mut Command, data: &Path) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = Arc::new(Mutex::new(Vec::new()));
        let (mut pipe, kept) = (child.stderr.take().unwrap(), stderr.clone());
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n @ 1..) = pipe.read(&mut buffer) {
                kept.lock().unwrap().extend_from_slice(&buffer[..n]);
            }
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut banner = String::new();
        while !banner.contains("Stop with") {
            if stdout.read_line(&mut banner).unwrap() == 0 {
                thread::sleep(Duration::from_millis(100));
                panic!(
                    "ward serve did not start: {}",
                    String::from_utf8_lossy(&stderr.lock().unwrap())
                );
            }
        }
        let url = word_with(&banner, "https://127.0.0.1:");
        let port = url.rsplit(':').next().unwrap().parse().unwrap();
        let key = banner.contains("wk_").then(|| word_with(&banner, "wk_"));
        Self {
            child,
            data: data.to_owned(),
            url,
            port,
            key,
            banner,
            stderr,
        }
    }

    /// A client that trusts its certificate and shows its first key.
    pub fn client(&self) -> Client {
        Client::new(self.port, &self.certificate(), self.key.as_deref())
    }

    /// The certificate's file.
    pub fn certificate(&self) -> PathBuf {
        self.data.join("tls/cert.pem")
    }

    /// Makes a key of a role. Returns (id, key).
    pub fn new_key(&self, role: &str) -> (String, String) {
        self.new_key_with(role, &["--reason", "a test"])
    }

    /// Makes a key of a role, with more arguments. Returns (id, key).
    pub fn new_key_with(&self, role: &str, more: &[&str]) -> (String, String) {
        let mut args = vec![
            "key",
            "new",
            "--role",
            role,
            "--data",
            self.data.to_str().unwrap(),
            "--json",
        ];
        args.extend(more);
        let output = run(&args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (
            value["id"].as_str().unwrap().to_owned(),
            value["key"].as_str().unwrap().to_owned(),
        )
    }

    /// What it wrote to stderr so far.
    pub fn stderr(&self) -> Vec<u8> {
        self.stderr.lock().unwrap().clone()
    }

    /// For what the system says of the process.
    #[allow(dead_code, reason = "only the bench asks")]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it at once, as a crash would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to read its settings again, as a service manager would.
    #[allow(dead_code, reason = "the bench does not ask")]
    pub fn hang_up(&self) {
        self.signal(rustix::process::Signal::HUP);
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// Asks it to stop, as a service manager would, and waits.
    pub fn stop(mut self) -> Vec<u8> {
        self.signal(rustix::process::Signal::TERM);
        let status = self.child.wait().unwrap();
        assert!(
            status.success(),
            "{status}: {}",
            String::from_utf8_lossy(&self.stderr())
        );
        thread::sleep(Duration::from_millis(20));
        self.stderr()
    }
}

impl Drop for Ward {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The word of a text that begins so.
fn word_with(text: &str, start: &str) -> String {
    text.split_whitespace()
        .find(|word| word.starts_with(start))
        .unwrap_or_else(|| panic!("no {start} in: {text}"))
        .to_owned()
}

/// The entries of a data folder's ledgers.
pub fn ledger_entries(data: &Path) -> Vec<serde_json::Value> {
    let output = run(&["ledger", "export", "--data", data.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The events on the ledger under a reply's receipt, in order.
pub fn events_of(data: &Path, response: &Response) -> Vec<String> {
    let receipt = response.header("ward-receipt").expect("a receipt");
    ledger_entries(data)
        .iter()
        .filter(|entry| entry["receipt"] == receipt)
        .map(|entry| match entry["refusal"].as_str() {
            Some(refusal) => format!("refused {refusal}"),
            None => entry["event"].as_str().unwrap().to_owned(),
        })
        .collect()
}
