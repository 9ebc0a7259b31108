//! What the guard costs: time to ready, memory, and latency over a bare upstream, in one run.
//!
//! `cargo bench -p ward --bench guard`. The upstream is a process-local server that answers at once, so
//! what is measured is Ward: TLS, key, limits, de-identification, compression, output checks, two durable
//! ledger entries, restoring. Bare and guarded requests alternate, in layers: a key that is refused, a list that needs a key,
//! a short question, a note. Then as many requests as a few connections can send, and many streams that say nothing. Everything
//! stays on loopback and bounded; clients, upstream and Ward share the machine's cores.
//!
//! Thousands of streams need as many open files twice over: `ulimit -n 20000` first, or they are said to be fewer.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench may fail loudly, and prints its table"
)]

#[path = "../tests/e2e/support/http.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use all of it")]
mod http;
#[path = "../tests/e2e/support/ward.rs"]
#[expect(dead_code, unreachable_pub, reason = "shared with the tests, which use all of it")]
mod ward;

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

const STARTS: usize = 15;
const REQUESTS: usize = 1500;
const WARM: usize = 100;
/// Connections that send as fast as they can, and how long.
const BUSY: usize = 16;
const BUSY_FOR: Duration = Duration::from_secs(10);
/// Streams that have begun and say nothing.
const IDLE: usize = 5_000;

fn main() {
    // `cargo test --benches` runs this too; a bench is no test.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    println!("| measure | p50 | p99 |\n|---|---|---|");
    starts();
    latency();
    sustained();
    idle();
}

fn starts() {
    let data = ward::folder();
    drop(ward::Ward::start(data.path(), &[]));
    let mut times = Vec::new();
    let mut resident = Vec::new();
    for _ in 0..STARTS {
        let began = Instant::now();
        let running = ward::Ward::start(data.path(), &[]);
        times.push(began.elapsed());
        resident.push(memory(running.pid()));
    }
    row("start to ready, existing data folder", &mut times);
    resident.sort_unstable();
    println!(
        "| resident memory when ready, KiB | {} | {} |",
        resident[STARTS / 2],
        resident[STARTS - 1]
    );
}

/// VmRSS in KiB, where the system says.
fn memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

fn latency() {
    let upstream = upstream();
    let prompt = prompt();
    println!("| prompt, bytes | {} | |", prompt.len());
    let body = json!({"model": "mock", "messages": [{"role": "user", "content": prompt}]}).to_string();
    let whole = Guarded::start(upstream, "compress = false");
    pairs(&whole.ward, upstream, &body, "every guard, records whole");
    drop(whole);
    let Guarded { ward: running, .. } = &Guarded::start(upstream, "compress = true");
    layers(running, upstream);
    pairs(running, upstream, &body, "every guard, records compressed");
    println!(
        "| resident memory after {} requests, KiB | {} | |",
        WARM + REQUESTS,
        memory(running.pid())
    );

    let mut guarded = running.client().connect().unwrap();
    let cite = json!({"model": "ward-cite", "messages": [{"role": "user", "content": prompt}]}).to_string();
    let cite_request = request(&cite, "localhost", running.key.as_deref());
    let mut times: Vec<Duration> = (0..WARM + REQUESTS / 3)
        .map(|_| timed(&mut guarded, &cite_request))
        .skip(WARM)
        .collect();
    row("ward-cite, whole request", &mut times);
}

/// Ward before an upstream, with settings of the guard's.
struct Guarded {
    ward: ward::Ward,
    _data: tempfile::TempDir,
}

impl Guarded {
    fn start(upstream: std::net::SocketAddr, guard: &str) -> Self {
        let data = ward::folder();
        let text = format!("[serve.upstream]\nurl = \"http://{upstream}\"\nmodel = \"mock\"\n[serve.guard]\n{guard}\n");
        fs::write(data.path().join("ward.toml"), text).unwrap();
        Self {
            ward: ward::Ward::start(data.path(), &[]),
            _data: data,
        }
    }
}

/// One exchange bare and one through Ward, in turn.
fn pairs(running: &ward::Ward, upstream: std::net::SocketAddr, body: &str, name: &str) {
    let mut bare = TcpStream::connect(upstream).unwrap();
    bare.set_nodelay(true).unwrap();
    let bare_request = request(body, "upstream", None);
    let mut guarded = running.client().connect().unwrap();
    let guarded_request = request(body, "localhost", running.key.as_deref());
    let (mut bare_times, mut guarded_times, mut added) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..WARM + REQUESTS {
        let one = timed(&mut bare, &bare_request);
        let two = timed(&mut guarded, &guarded_request);
        if index >= WARM {
            bare_times.push(one);
            guarded_times.push(two);
            added.push(two.saturating_sub(one));
        }
    }
    row("bare upstream, plain HTTP, keep-alive", &mut bare_times);
    row(
        &format!("through Ward, TLS 1.3, keep-alive: {name}"),
        &mut guarded_times,
    );
    row(&format!("added by Ward (pair by pair): {name}"), &mut added);
}

/// What the layers before the guard's own work add to the same exchange without them.
fn layers(running: &ward::Ward, upstream: std::net::SocketAddr) {
    let mut bare = TcpStream::connect(upstream).unwrap();
    bare.set_nodelay(true).unwrap();
    let mut guarded = running.client().connect().unwrap();
    let list = |key: Option<&str>| {
        let key = key.map_or(String::new(), |key| format!("Authorization: Bearer {key}\r\n"));
        format!("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n{key}\r\n").into_bytes()
    };
    let chat = json!({"model": "mock", "messages": [{"role": "user", "content": "Any allergies?"}]}).to_string();
    let key = running.key.as_deref();
    let layers = [
        ("TLS; no key, so refused", list(None), list(None)),
        ("TLS, key, limits: a list of models", list(key), list(None)),
        (
            "TLS, key, limits, policy, two durable ledger entries, guard: a question of 14 bytes",
            request(&chat, "localhost", key),
            request(&chat, "upstream", None),
        ),
    ];
    for (name, through, without) in layers {
        let mut added: Vec<Duration> = (0..WARM + REQUESTS)
            .map(|_| {
                let one = timed(&mut bare, &without);
                timed(&mut guarded, &through).saturating_sub(one)
            })
            .skip(WARM)
            .collect();
        row(&format!("added by {name}"), &mut added);
    }
}

/// Requests in a second when a few connections send one after the other, all guards on.
fn sustained() {
    let upstream = upstream();
    for (name, text, guard) in [
        ("a question of 14 bytes", "Any allergies?".to_owned(), "compress = true"),
        ("a note of 2 KB, whole", prompt(), "compress = false"),
        ("a note of 2 KB, compressed", prompt(), "compress = true"),
    ] {
        let Guarded { ward: running, .. } = &Guarded::start(upstream, guard);
        let body = json!({"model": "mock", "messages": [{"role": "user", "content": text}]}).to_string();
        let request = request(&body, "localhost", running.key.as_deref());
        let spent = cpu(running.pid());
        let began = Instant::now();
        let mut times: Vec<Duration> = thread::scope(|scope| {
            let threads: Vec<_> = (0..BUSY)
                .map(|_| {
                    scope.spawn(|| {
                        let mut stream = running.client().connect().unwrap();
                        let mut times = Vec::new();
                        while began.elapsed() < BUSY_FOR {
                            times.push(timed(&mut stream, &request));
                        }
                        times
                    })
                })
                .collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        let seconds = began.elapsed().as_secs_f64();
        let each = (cpu(running.pid()) - spent) / times.len() as f64 * 1e3;
        println!(
            "| requests in a second over {BUSY} connections, {name} (Ward's processor time for one) | {:.0} ({each:.2} ms) | |",
            times.len() as f64 / seconds
        );
        row(&format!("one of these, {name}"), &mut times);
    }
}

/// Seconds of processor time that a process used, in hundredths as Linux counts them.
fn cpu(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |n: usize| {
        after
            .split_whitespace()
            .nth(n)
            .and_then(|text| text.parse::<f64>().ok())
    };
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

/// Memory that streams take which have begun and say nothing.
fn idle() {
    let upstream = upstream();
    let data = ward::folder();
    let settings = "[serve.limits]\nmax_connections = 8000\nmax_requests = 8000\n[serve.upstream]\n";
    let beside = ward::folder();
    let file = beside.path().join("ward.toml");
    fs::write(
        &file,
        format!("{settings}url = \"http://{upstream}\"\nmodel = \"mock\"\n"),
    )
    .unwrap();
    let running = ward::Ward::start(data.path(), &["--config", file.to_str().unwrap()]);
    let before = memory(running.pid());
    let chat = json!({"model": "mock", "stream": true, "messages": [{"role": "user", "content": "Hold the line?"}]})
        .to_string();
    let request = request(&chat, "localhost", running.key.as_deref());
    let client = running.client();
    let mut streams = Vec::new();
    for _ in 0..IDLE {
        let Ok(mut stream) = client.connect() else { break };
        stream.write_all(&request).unwrap();
        let mut begun = [0; 12];
        if stream.read_exact(&mut begun).is_err() {
            break;
        }
        assert_eq!(&begun, b"HTTP/1.1 200");
        streams.push(stream);
    }
    let after = memory(running.pid());
    println!(
        "| resident memory with {} idle streams, KiB (before, each) | {after} ({before}, {:.1}) | |",
        streams.len(),
        (after - before) as f64 / streams.len().max(1) as f64
    );
}

/// A note of 2 KB with a question.
fn prompt() -> String {
    let text = fs::read_to_string(ward::root().join("examples/maria-alvarez.txt")).unwrap();
    let mut note: String = text.chars().take(1950).collect();
    note.push_str("\n\nWhat is she allergic to, and what is her dose of metformin?");
    note
}

fn request(body: &str, host: &str, key: Option<&str>) -> Vec<u8> {
    let key = key.map_or(String::new(), |key| format!("Authorization: Bearer {key}\r\n"));
    format!(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\n{key}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// One exchange on a connection that stays open.
fn timed(stream: &mut (impl Read + Write), request: &[u8]) -> Duration {
    let began = Instant::now();
    stream.write_all(request).unwrap();
    stream.flush().unwrap();
    let mut bytes = Vec::with_capacity(8 << 10);
    let mut buffer = [0; 16 << 10];
    loop {
        let n = stream.read(&mut buffer).unwrap();
        assert!(n > 0, "the connection was closed");
        bytes.extend_from_slice(&buffer[..n]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let expected = ["http/1.1 200", "http/1.1 401"]
            .iter()
            .any(|status| head.starts_with(status));
        assert!(expected, "{}", String::from_utf8_lossy(&bytes));
        let length: usize = head
            .lines()
            .find_map(|l| l.strip_prefix("content-length:")?.trim().parse().ok())
            .unwrap();
        if bytes.len() >= end + 4 + length {
            return began.elapsed();
        }
    }
}

/// A server that answers every chat at once with the same completion.
fn upstream() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for socket in listener.incoming().map_while(Result::ok) {
            // Thousands of them may be waiting.
            let small = thread::Builder::new().stack_size(128 << 10);
            small.spawn(move || serve(socket)).unwrap();
        }
    });
    address
}

fn serve(mut socket: TcpStream) {
    socket.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(socket.try_clone().unwrap());
    let chat = json!({"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content":
        "She is allergic to penicillin (hives). Metformin was stopped when the eGFR fell. Follow up in three months."}}],
        "usage": {"prompt_tokens": 500, "completion_tokens": 30}})
    .to_string();
    let models = json!({"object": "list", "data": [{"id": "mock"}]}).to_string();
    loop {
        let (mut head, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
            head.push_str(&line);
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        if body.windows(8).any(|window| window == b"Hold the") {
            let chunk = json!({"choices": [{"index": 0, "delta": {"content": "Wait. "}}]});
            let begins = format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {chunk}\n\n");
            let _ = socket.write_all(begins.as_bytes());
            // Until the other end lets go.
            let _ = reader.read(&mut [0]);
            return;
        }
        let reply = if head.starts_with("GET") { &models } else { &chat };
        let reply = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{reply}",
            reply.len()
        );
        if socket.write_all(reply.as_bytes()).is_err() {
            return;
        }
    }
}

fn row(name: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |q: f64| times[((times.len() - 1) as f64 * q) as usize].as_secs_f64() * 1e3;
    println!("| {name} | {:.3} ms | {:.3} ms |", at(0.5), at(0.99));
}
