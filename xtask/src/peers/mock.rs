//! An upstream that answers at once, so that what is measured is what stands in front of it.

use anyhow::Result;
use serde_json::json;
use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    thread,
};

/// The longest request body that is read.
const MOST: usize = 1 << 20;

/// Serves on a free port for as long as this program runs: every `POST` gets the same completion, every `GET` the list of
/// its one model, `mock`.
pub(crate) fn start() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let models =
        json!({"object": "list", "data": [{"id": "mock", "object": "model", "created": 0, "owned_by": "mock"}]});
    let chat = json!({
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "mock",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content":
            "She is allergic to penicillin (hives). Metformin was stopped when the eGFR fell. Follow up in three months."}}],
        "usage": {"prompt_tokens": 500, "completion_tokens": 30, "total_tokens": 530},
    });
    let replies = Arc::new([reply(&models.to_string()), reply(&chat.to_string())]);
    thread::spawn(move || {
        for socket in listener.incoming().map_while(Result::ok) {
            let replies = replies.clone();
            // A client that goes away ends its thread; nobody waits for it.
            thread::spawn(move || serve(&socket, &replies));
        }
    });
    Ok(address)
}

fn reply(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Answers one connection until it ends.
fn serve(mut socket: &TcpStream, [models, chat]: &[String; 2]) -> Result<()> {
    socket.set_nodelay(true)?;
    let mut reader = BufReader::new(socket);
    loop {
        let (mut first, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse::<usize>()?.min(MOST);
            }
            if line == "\r\n" {
                break;
            }
            if first.is_empty() {
                first = line;
            }
        }
        reader.read_exact(&mut vec![0; length])?;
        let reply = if first.starts_with("GET") { models } else { chat };
        socket.write_all(reply.as_bytes())?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_connection_takes_several_requests() {
        let mut socket = TcpStream::connect(start().unwrap()).unwrap();
        for (request, expect) in [
            ("GET /v1/models HTTP/1.1\r\n\r\n", r#""id":"mock""#),
            (
                "POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
                "penicillin",
            ),
        ] {
            socket.write_all(request.as_bytes()).unwrap();
            let mut text = String::new();
            while !text.ends_with('}') || !text.contains(expect) {
                let mut buffer = [0; 4096];
                let n = socket.read(&mut buffer).unwrap();
                assert!(n > 0, "closed after {text}");
                text.push_str(&String::from_utf8_lossy(&buffer[..n]));
            }
        }
    }
}
