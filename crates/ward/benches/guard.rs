//! What the guard costs: time to ready, memory, and latency over a bare upstream, in one run.
//!
//! `cargo bench -p ward --bench guard`. The upstream is a process-local server that answers at once, so
//! what is measured is Ward: TLS, key, limits, de-identification, compression, output checks, two durable
//! ledger entries, restoring. Bare and guarded requests alternate. Everything stays on loopback; the
//! number of requests is fixed.

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

fn main() {
    // `cargo test --benches` runs this too; a bench is no test.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    println!("| measure | p50 | p99 |\n|---|---|---|");
    starts();
    latency();
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
    let data = ward::folder();
    let running = ward::Ward::start(data.path(), &["--upstream", &format!("http://{upstream}")]);
    let prompt = prompt();
    println!("| prompt, bytes | {} | |", prompt.len());
    let body = json!({"model": "mock", "messages": [{"role": "user", "content": prompt}]}).to_string();

    let mut bare = TcpStream::connect(upstream).unwrap();
    bare.set_nodelay(true).unwrap();
    let bare_request = request(&body, "upstream", None);
    let mut guarded = running.client().connect().unwrap();
    let guarded_request = request(&body, "localhost", running.key.as_deref());

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
    row("through Ward, TLS 1.3, keep-alive", &mut guarded_times);
    row("added by Ward (pair by pair)", &mut added);
    println!(
        "| resident memory after {} requests, KiB | {} | |",
        WARM + REQUESTS,
        memory(running.pid())
    );

    let cite = json!({"model": "ward-cite", "messages": [{"role": "user", "content": prompt}]}).to_string();
    let cite_request = request(&cite, "localhost", running.key.as_deref());
    let mut times: Vec<Duration> = (0..WARM + REQUESTS / 3)
        .map(|_| timed(&mut guarded, &cite_request))
        .skip(WARM)
        .collect();
    row("ward-cite, whole request", &mut times);
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
        assert!(head.starts_with("http/1.1 200"), "{}", String::from_utf8_lossy(&bytes));
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
            thread::spawn(move || serve(socket));
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
