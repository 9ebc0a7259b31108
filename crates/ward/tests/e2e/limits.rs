//! Bodies that are too large, too deep, not what they claim to be; clients that are slow or vanish.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use serde_json::json;

use crate::support::{
    upstream::{Behaviour, MODEL, Upstream},
    ward::{Ward, events_of, folder},
};

#[test]
fn bodies_are_read_strictly_and_every_refusal_is_on_the_ledger() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let user = json!([{"role": "user", "content": "Any allergies?"}]);
    let text = |body: serde_json::Value| body.to_string().into_bytes();
    let deep = format!("{{\"model\":{}1{}}}", "[".repeat(100), "]".repeat(100));
    let cases: Vec<(Vec<u8>, u16, &str, Option<&str>)> = vec![
        (b"not json".to_vec(), 400, "invalid_json", None),
        (b"".to_vec(), 400, "invalid_json", None),
        (b"{\"model\":\"ward-cite\"".to_vec(), 400, "invalid_json", None),
        (b"{\"model\":\"\xff\"}".to_vec(), 400, "invalid_encoding", None),
        (deep.into_bytes(), 400, "too_complex", None),
        (
            text(json!({"model": "ward-cite", "messages": user, "temprature": 1})),
            400,
            "unknown_field",
            Some("temprature"),
        ),
        (
            text(json!({"model": "ward-cite", "messages": user, "n": 2})),
            400,
            "unsupported_value",
            Some("n"),
        ),
        (
            text(json!({"model": "ward-cite", "messages": user, "temperature": 9})),
            400,
            "invalid_value",
            Some("temperature"),
        ),
        (
            text(json!({"model": "ward-cite"})),
            400,
            "missing_field",
            Some("messages"),
        ),
        (
            text(json!({"model": "nope", "messages": user})),
            404,
            "model_not_found",
            None,
        ),
        (
            text(json!({"model": "ward-cite", "messages": [{"role": "user", "content": " "}]})),
            400,
            "no_question",
            None,
        ),
        (
            text(json!({"model": "ward-cite", "messages": [{"role": "system", "content": "x"}]})),
            400,
            "no_question",
            None,
        ),
    ];
    for (body, status, code, param) in cases {
        let response = ward.client().post_bytes("/v1/chat/completions", &body);
        assert_eq!(
            (response.status, response.code().as_str()),
            (status, code),
            "{}",
            response.text()
        );
        if let Some(param) = param {
            assert_eq!(response.json()["error"]["param"], param);
        }
        assert_eq!(events_of(data.path(), &response), [format!("refused {code}")]);
    }
}

#[test]
fn documents_that_cannot_be_read_whole_are_refused_by_place() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "p1"}},
        {"resource": {"id": "PLANTED-ID-77"}},
    ]});
    for document in [
        bundle.to_string(),
        "MSH|^~".to_owned(),
        "{\"resourceType\":\"Patient\",".to_owned(),
    ] {
        let content = json!([{"type": "text", "text": document}, {"type": "text", "text": "Any allergies?"}]);
        let response = ward
            .client()
            .chat(&json!({"model": "ward-cite", "messages": [{"role": "user", "content": content}]}));
        assert_eq!(
            (response.status, response.code().as_str()),
            (400, "bad_document"),
            "{}",
            response.text()
        );
        assert!(
            response.json()["error"]["param"]
                .as_str()
                .unwrap()
                .starts_with("document 1")
        );
        assert!(!response.text().contains("PLANTED"));
        assert_eq!(events_of(data.path(), &response), ["refused bad_document"]);
    }
}

#[test]
fn the_body_limit_holds_at_its_border() {
    let data = folder();
    let ward = Ward::start(data.path(), &["--max-body", "4096"]);
    let body = |length: usize| {
        let empty = json!({"model": "ward-cite", "messages": [{"role": "user", "content": "?"}]}).to_string();
        let pad = "a".repeat(length - empty.len());
        json!({"model": "ward-cite", "messages": [{"role": "user", "content": format!("?{pad}")}]}).to_string()
    };
    for (length, status) in [(4095, 200), (4096, 200), (4097, 413)] {
        let body = body(length);
        assert_eq!(body.len(), length);
        assert_eq!(
            ward.client().post_bytes("/v1/chat/completions", body.as_bytes()).status,
            status,
            "{length}"
        );
        // The same without a declared length: the limit counts what comes.
        let key = ward.key.clone().unwrap();
        let head = format!(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n"
        );
        let request = [head.as_bytes(), body.as_bytes(), b"\r\n0\r\n\r\n"].concat();
        assert_eq!(ward.client().raw(&request).unwrap().status, status, "{length} chunked");
    }
}

#[test]
fn other_media_types_and_compressed_bodies_are_refused() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let body = b"{}";
    for headers in [
        &[("Content-Type", "text/plain")][..],
        &[],
        &[("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
        &[("Content-Type", "application/x-www-form-urlencoded")],
    ] {
        let response = ward.client().request("POST", "/v1/chat/completions", headers, body);
        assert_eq!(
            (response.status, response.code().as_str()),
            (415, "unsupported_media_type")
        );
    }
}

#[test]
fn garbage_half_requests_and_vanished_clients_disturb_nobody() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], b"\x16\x03\x01\xff\xff", &[0; 5000], b""] {
        let mut socket = TcpStream::connect(("127.0.0.1", ward.port)).unwrap();
        let _ = socket.write_all(garbage);
        drop(socket);
    }
    let key = ward.key.clone().unwrap();
    for cut in [
        "GET /v1/mod",
        "POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 100\r\n\r\n{\"model\"",
    ] {
        let mut stream = ward.client().connect().unwrap();
        stream
            .write_all(
                cut.replace(
                    "\r\nContent-Length",
                    &format!(
                        "\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length"
                    ),
                )
                .as_bytes(),
            )
            .unwrap();
        stream.flush().unwrap();
        drop(stream);
    }
    let huge = format!(
        "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n",
        "a".repeat(200 << 10)
    );
    if let Ok(response) = ward.client().raw(huge.as_bytes()) {
        assert_eq!(response.status, 431);
    }
    let smuggled = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n\
         Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n"
    );
    if let Ok(response) = ward.client().raw(smuggled.as_bytes()) {
        assert_ne!(response.status, 200);
        assert!(!response.text().contains("ward-cite\",\"object\""));
    }
    assert_eq!(ward.client().get("/v1/models").status, 200);
}

#[test]
fn a_slow_header_is_cut() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let mut stream = ward.client().connect().unwrap();
    stream
        .write_all(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n")
        .unwrap();
    stream.flush().unwrap();
    // The end of the connection, a 408 or a reset; a client that waits for ever gets its own time-out instead.
    let mut byte = [0];
    if let Err(error) = stream.read(&mut byte) {
        assert!(
            !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
            "the server still waits"
        );
    }
    assert_eq!(ward.client().get("/v1/models").status, 200);
}

#[test]
fn a_connection_that_stays_silent_ends() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    for client in [ward.client(), ward.client().with_http2()] {
        let mut stream = client.connect().unwrap();
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).unwrap();
        }
        // HTTP/2 servers say hello first; after that, the end must come.
        let mut bytes = [0; 256];
        loop {
            match stream.read(&mut bytes) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) => {
                    assert!(
                        !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
                        "the server still waits"
                    );
                    break;
                }
            }
        }
    }
}

#[test]
fn a_place_is_given_back_with_the_answer() {
    let data = folder();
    let ward = Ward::start(data.path(), &["--max-requests", "1"]);
    let body = json!({"model": "ward-cite", "messages": [{"role": "user", "content": "Any allergies?"}]});
    for _ in 0..20 {
        let response = ward.client().chat(&body);
        assert_eq!(
            response.status,
            200,
            "a place is given back with the answer: {}",
            response.text()
        );
    }
}

#[test]
fn one_request_too_many_is_told_to_come_back() {
    let data = folder();
    let upstream = Upstream::start(Behaviour::Hang);
    let ward = Ward::start(data.path(), &["--upstream", &upstream.url, "--max-requests", "2"]);
    let body = json!({"model": MODEL, "messages": [{"role": "user", "content": "Hello?"}]});
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let (client, body) = (ward.client(), body.to_string());
            thread::spawn(move || {
                let key = client.key.clone().unwrap();
                let head = format!(
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
                     Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
                let mut stream = client.connect().unwrap();
                stream.write_all(head.as_bytes()).unwrap();
                stream.flush().unwrap();
                stream
            })
        })
        .map(|thread| thread.join().unwrap())
        .collect();
    // Both are under way when the upstream has them.
    while String::from_utf8_lossy(&upstream.received())
        .matches("POST /v1/chat")
        .count()
        < 2
    {
        thread::sleep(Duration::from_millis(50));
    }
    let refused = ward.client().chat(&body);
    assert_eq!((refused.status, refused.code().as_str()), (503, "overloaded"));
    assert!(refused.header("retry-after").is_some());
    // A place becomes free when a client goes away.
    drop(waiting);
    upstream.behave(Behaviour::Say("Hello.".to_owned(), 3));
    while ward.client().chat(&body).status != 200 {
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn only_tls_1_3_is_answered() {
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    let mut plain = TcpStream::connect(("127.0.0.1", ward.port)).unwrap();
    plain
        .write_all(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut bytes = Vec::new();
    let _ = plain.read_to_end(&mut bytes);
    assert!(
        !String::from_utf8_lossy(&bytes).contains("HTTP"),
        "plain HTTP got an answer"
    );
    let old = ward.client().with_tls(&[&rustls::version::TLS12]);
    assert!(old.raw(b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n").is_err());
    assert_eq!(
        ward.client()
            .with_tls(&[&rustls::version::TLS13])
            .get("/v1/models")
            .status,
        200
    );
}
