//! An upstream that keeps every byte it receives and answers as it is told.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// How to answer a chat request.
#[derive(Clone)]
pub enum Behaviour {
    /// Stream this text in pieces of so many bytes (at character borders).
    Say(String, usize),
    /// Stream, saying back the whole of the last message in small pieces.
    Echo,
    /// The same, in pieces of so many bytes.
    EchoIn(usize),
    /// Stream, saying the placeholder of the request that has this one's class so many times.
    SayBack(String, usize),
    /// Stream, saying back the first message: Ward's own instructions.
    EchoSystem,
    /// Stream, with this text where a model says that it will not answer.
    Refuse(String),
    /// One `chat.completion` in place of a stream.
    Whole(String),
    /// Accept and never answer.
    Hang,
    /// A stream that sends a byte now and then, for ever.
    Drip,
    /// A stream that begins with this text and is then reset.
    Reset(String),
    /// A stream that begins with this text and ends without a finish.
    CutOff(String),
    /// The same, with `[DONE]` at its end.
    Interrupted(String),
    /// A stream of a server that never says why an answer ends.
    NoReasons(String),
    /// A stream that begins with this text and then holds an event that is not JSON.
    Malformed(String),
    /// A stream that says this text and then an error event.
    ErrorEvent(String),
    /// An HTTP status with a body that must not reach the client.
    Status(u16),
    /// Not HTTP at all.
    Garbage,
    /// An event without end.
    Endless,
}

/// A server on a free port of this machine.
pub struct Upstream {
    pub url: String,
    received: Arc<Mutex<Vec<u8>>>,
    behaviour: Arc<Mutex<Behaviour>>,
}

/// The model it offers.
pub const MODEL: &str = "test-model";

impl Upstream {
    pub fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let behaviour = Arc::new(Mutex::new(behaviour));
        let (kept, current) = (received.clone(), behaviour.clone());
        thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let (kept, current) = (kept.clone(), current.clone());
                thread::spawn(move || serve(socket, &kept, &current));
            }
        });
        Self {
            url,
            received,
            behaviour,
        }
    }

    pub fn behave(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    /// Every byte it received, from every connection.
    pub fn received(&self) -> Vec<u8> {
        self.received.lock().unwrap().clone()
    }

    /// The body of the last chat request.
    pub fn last_request(&self) -> Value {
        let received = self.received();
        let text = String::from_utf8_lossy(&received);
        let start = text.rfind("POST /v1/chat/completions").unwrap();
        let body = text[start..].find("\r\n\r\n").unwrap() + start + 4;
        serde_json::from_str(text[body..].trim()).unwrap()
    }
}

fn serve(mut socket: TcpStream, kept: &Mutex<Vec<u8>>, current: &Mutex<Behaviour>) {
    while let Some((head, body)) = read_request(&mut socket, kept) {
        if head.starts_with("GET /v1/models") {
            let list = json!({"object": "list", "data": [{"id": MODEL, "object": "model"}]}).to_string();
            if respond(&mut socket, "200 OK", "application/json", &list).is_err() {
                return;
            }
            continue;
        }
        let behaviour = current.lock().unwrap().clone();
        let request: Value = serde_json::from_slice(&body).unwrap_or_default();
        if answer(&mut socket, behaviour, &request).is_err() {
            return;
        }
    }
}

fn read_request(socket: &mut TcpStream, kept: &Mutex<Vec<u8>>) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length:")
                        .map(|n| n.trim().to_owned())
                })
                .and_then(|n| n.parse().ok())
                .unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                return Some((head, bytes[end + 4..end + 4 + length].to_vec()));
            }
        }
        let n = socket.read(&mut buffer).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&buffer[..n]);
        kept.lock().unwrap().extend_from_slice(&buffer[..n]);
    }
}

fn respond(socket: &mut TcpStream, status: &str, kind: &str, body: &str) -> std::io::Result<()> {
    write!(
        socket,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

const STREAM: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

fn chunk(text: &str) -> String {
    let chunk = json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]});
    format!("data: {chunk}\n\n")
}

/// The text of the last message, or of the first.
fn message(request: &Value, last: bool) -> String {
    let empty = Vec::new();
    let messages = request["messages"].as_array().unwrap_or(&empty);
    let message = if last { messages.last() } else { messages.first() };
    message
        .and_then(|message| message["content"].as_str())
        .unwrap_or_default()
        .to_owned()
}

/// A whole stream.
fn say(socket: &mut TcpStream, text: &str, size: usize) -> std::io::Result<()> {
    socket.write_all(STREAM.as_bytes())?;
    for piece in pieces(text, size) {
        socket.write_all(chunk(piece).as_bytes())?;
    }
    let stop = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    socket.write_all(stop.as_bytes())
}

fn answer(socket: &mut TcpStream, behaviour: Behaviour, request: &Value) -> std::io::Result<()> {
    match behaviour {
        Behaviour::Say(text, size) => say(socket, &text, size)?,
        Behaviour::Echo => say(socket, &message(request, true), 3)?,
        Behaviour::EchoIn(size) => say(socket, &message(request, true), size)?,
        Behaviour::SayBack(like, times) => {
            // Placeholders differ from request to request: this request's own is said.
            let said = message(request, true);
            let class = like.split('_').next().unwrap_or_default();
            let start = said.find(class).unwrap_or(0);
            let end = said[start..].find(']').map_or(said.len(), |end| start + end + 1);
            let one = format!("{} ", &said[start..end]);
            say(socket, &one.repeat(times), 4096)?;
        }
        Behaviour::EchoSystem => say(socket, &message(request, false), 3)?,
        Behaviour::Whole(text) => {
            let body = json!({
                "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
            });
            return respond(socket, "200 OK", "application/json", &body.to_string());
        }
        Behaviour::Hang => {
            thread::sleep(Duration::from_secs(120));
        }
        Behaviour::Drip => {
            socket.write_all(STREAM.as_bytes())?;
            loop {
                socket.write_all(b":")?;
                socket.flush()?;
                thread::sleep(Duration::from_millis(200));
            }
        }
        Behaviour::Reset(text) => {
            let chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100000\r\n\r\n";
            socket.write_all(chunked.as_bytes())?;
            socket.write_all(chunk(&text).as_bytes())?;
            socket.flush()?;
            thread::sleep(Duration::from_millis(100));
        }
        Behaviour::CutOff(text) => {
            socket.write_all(STREAM.as_bytes())?;
            socket.write_all(chunk(&text).as_bytes())?;
        }
        Behaviour::Interrupted(text) => {
            socket.write_all(STREAM.as_bytes())?;
            socket.write_all(chunk(&text).as_bytes())?;
            socket.write_all(b"data: [DONE]\n\n")?;
        }
        Behaviour::Refuse(text) => {
            socket.write_all(STREAM.as_bytes())?;
            for piece in pieces(&text, 3) {
                let delta = json!({"content": null, "refusal": piece});
                let chunk = json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]});
                socket.write_all(format!("data: {chunk}\n\n").as_bytes())?;
            }
            socket.write_all(b"data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")?;
        }
        Behaviour::NoReasons(text) => {
            socket.write_all(STREAM.as_bytes())?;
            for piece in pieces(&text, 3) {
                let chunk = json!({"choices": [{"delta": {"content": piece}}]});
                socket.write_all(format!("data: {chunk}\n\n").as_bytes())?;
            }
            socket.write_all(b"data: [DONE]\n\n")?;
        }
        Behaviour::Malformed(text) => {
            socket.write_all(STREAM.as_bytes())?;
            socket.write_all(chunk(&text).as_bytes())?;
            socket.write_all(b"data: {\"choices\": [{\n\n")?;
        }
        Behaviour::ErrorEvent(text) => {
            socket.write_all(STREAM.as_bytes())?;
            socket.write_all(chunk(&text).as_bytes())?;
            socket.write_all(b"data: {\"error\":{\"message\":\"UPSTREAM-INTERNAL-DETAIL\"}}\n\n")?;
        }
        Behaviour::Status(status) => {
            return respond(
                socket,
                &format!("{status} X"),
                "application/json",
                "{\"error\":\"UPSTREAM-INTERNAL-DETAIL\"}",
            );
        }
        Behaviour::Garbage => {
            socket.write_all(b"\x00\xff\xfe not http at all\r\n\r\n")?;
        }
        Behaviour::Endless => {
            socket.write_all(STREAM.as_bytes())?;
            socket.write_all(b"data: ")?;
            let block = vec![b'x'; 64 << 10];
            loop {
                socket.write_all(&block)?;
            }
        }
    }
    let _ = socket.shutdown(Shutdown::Both);
    Err(std::io::ErrorKind::ConnectionAborted.into())
}

/// Cuts a text into pieces of about `size` bytes.
fn pieces(text: &str, size: usize) -> Vec<&str> {
    let mut cuts = vec![0];
    for (at, _) in text.char_indices() {
        if at - cuts.last().unwrap() >= size {
            cuts.push(at);
        }
    }
    cuts.push(text.len());
    cuts.windows(2).map(|two| &text[two[0]..two[1]]).collect()
}
