//! What strangers send: slowly, at once, in halves, or as something else. Nothing of it ends the service, gets an answer,
//! or is repeated.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{Service, question, read, run};

const TLS_1_2: &[&rustls::SupportedProtocolVersion] = &[&rustls::version::TLS12];

#[test]
fn who_is_slow_is_left() {
    run(async {
        let service = Service::start("limits.handshake_s = 1\nlimits.header_s = 1\nlimits.body_s = 1\n").await;
        let key = &service.key;
        let whole = format!(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"model\":"
        );
        // A handshake that never begins.
        let mut silent = TcpStream::connect(("127.0.0.1", service.port)).await.unwrap();
        // A header a byte at a time, a body that stops, on as many connections as slowloris likes.
        let mut slow = Vec::new();
        for bytes in [&whole.as_bytes()[..20], whole.as_bytes()] {
            for _ in 0..20 {
                let mut stream = service.client().connect().await.unwrap();
                stream.write_all(bytes).await.unwrap();
                slow.push(stream);
            }
        }
        assert_eq!(
            service.client().asks().await.status,
            200,
            "the others are served meanwhile"
        );
        let mut byte = [0];
        let end = tokio::time::timeout(Duration::from_secs(10), silent.read(&mut byte)).await;
        assert!(matches!(end, Ok(Ok(0) | Err(_))), "the handshake's time is over");
        for (n, stream) in slow.iter_mut().enumerate() {
            let reply = tokio::time::timeout(Duration::from_secs(10), read(stream))
                .await
                .expect("an end");
            if n >= 20 {
                let reply = reply.unwrap();
                assert_eq!((reply.status, reply.code().as_str()), (408, "request_timeout"));
            }
        }
    });
}

#[test]
fn two_thousand_connections_are_bounded_and_disturb_nobody() {
    run(async {
        let service =
            Service::start("admin = \"127.0.0.1:0\"\nlimits.max_connections = 200\nlimits.handshake_s = 2\n").await;
        let (_, auditor) = service.new_key("auditor", |_| {});
        service.taken_up().await;
        let mut idle = Vec::new();
        for _ in 0..2000 {
            // Beyond the service's room and the system's queue a connection may wait or fail; both are the client's matter.
            let connecting = TcpStream::connect(("127.0.0.1", service.port));
            if let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(20), connecting).await {
                idle.push(stream);
            }
        }
        let metrics = service.admin().with_key(Some(&auditor)).get("/metrics").await;
        assert_eq!(metrics.status, 200, "the admin listener has room of its own");
        let line = metrics
            .body
            .lines()
            .find(|line| line.starts_with("ward_connections "))
            .unwrap()
            .to_owned();
        let open: u64 = line.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(open <= 201, "{line}");
        drop(idle);
        let reply = tokio::time::timeout(Duration::from_secs(60), service.client().asks())
            .await
            .unwrap();
        assert_eq!(reply.status, 200);
    });
}

#[test]
fn a_hundred_thousand_connections_come_and_go() {
    const ALL: usize = 100_000;
    const AT_ONCE: usize = 50;
    run(async {
        let service = Service::start("admin = \"127.0.0.1:0\"\nlimits.max_connections = 100\n").await;
        let (_, auditor) = service.new_key("auditor", |_| {});
        service.taken_up().await;
        let port = service.port;
        let coming: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                tokio::spawn(async move {
                    let mut came = 0;
                    for _ in 0..ALL / AT_ONCE {
                        if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)).await {
                            // Gone at once, without a word: the machine has no ports for so many to wait.
                            came += usize::from(stream.set_zero_linger().is_ok());
                        }
                    }
                    came
                })
            })
            .collect();
        let mut came = 0;
        for one in coming {
            came += one.await.unwrap();
        }
        assert!(came > ALL * 9 / 10, "{came}");
        let reply = tokio::time::timeout(Duration::from_secs(60), service.client().asks()).await;
        assert_eq!(reply.unwrap().status, 200);
        let metrics = service.admin().with_key(Some(&auditor)).get("/metrics").await;
        let open = metrics
            .body
            .lines()
            .find_map(|line| line.strip_prefix("ward_connections "));
        assert!(open.unwrap().parse::<u64>().unwrap() <= 101, "{open:?}");
    });
}

#[test]
fn what_is_not_tls_is_not_answered() {
    run(async {
        let service = Service::start("").await;
        let garbage: [&[u8]; 6] = [
            b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"\x16\x03\x01\xff\xff\x01\x00",
            b"\x16\x03\x03\x00\x05\x01\x00\x00\x01\x00",
            &[0; 70_000],
            &[0xff; 70_000],
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ];
        for bytes in garbage {
            let mut socket = TcpStream::connect(("127.0.0.1", service.port)).await.unwrap();
            let _ = socket.write_all(bytes).await;
            let _ = socket.shutdown().await;
            let mut reply = Vec::new();
            let _ = tokio::time::timeout(Duration::from_secs(20), socket.read_to_end(&mut reply))
                .await
                .expect("an end");
            // At most an alert of TLS: a record of its kind, with nothing of HTTP.
            assert!(reply.len() < 64 && !reply.starts_with(b"HTTP"), "{reply:?}");
        }
        let old = service.client().with_tls(TLS_1_2);
        assert!(old.connect().await.is_err(), "TLS 1.2 is not answered");
        assert_eq!(service.client().asks().await.status, 200);
        let opted = Service::start("unsafe_tls_1_2 = true").await;
        let old = opted.client().with_tls(TLS_1_2);
        assert_eq!(old.asks().await.status, 200);
        let entries = opted.stop().await;
        let configured = entries.iter().find(|entry| entry["event"] == "configured").unwrap();
        assert_eq!(
            configured["weakened"],
            json!(["unsafe_tls_1_2"]),
            "and that is evidence"
        );
        assert!(
            entries
                .iter()
                .any(|entry| entry["event"] == "alert" && entry["rule"] == "weakened")
        );
    });
}

#[test]
fn one_request_is_one_request() {
    run(async {
        let service = Service::start("").await;
        let key = &service.key;
        let client = service.client();
        let body = question("ward-cite").to_string();
        let length = body.len();
        let second = format!("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n");
        let head = |lines: &str| {
            format!(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
                 Content-Type: application/json\r\nConnection: close\r\n{lines}\r\n"
            )
        };
        let shapes = [
            head(&format!("Content-Length: {length}\r\nContent-Length: 4\r\n")),
            head(&format!("Content-Length: {length}, 4\r\n")),
            head(&format!("Content-Length: +{length}\r\n")),
            head("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
            head("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
            head("Transfer-Encoding: xchunked\r\n"),
            head("Transfer-Encoding: gzip, chunked\r\n"),
            head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
            head(&format!("Content-Length: {length}\n")),
            head(&format!("X: a\nContent-Length: {length}\r\n")),
            head(&format!("Content-Length: {length}\r\n")).replace("\r\n\r\n", "\r\n\n"),
            head(&format!("Content-Length: {length}\r\n")).replace("\r\n", "\n"),
            head("Transfer-Encoding: chunked, identity\r\n"),
            head("Transfer-Encoding : chunked\r\n"),
            head("Transfer-Encoding: \x0bchunked\r\n"),
            head("X: a\r\n b: folded\r\n"),
            head("X\0: a\r\n"),
            head("Content-Length: 99999999999999999999\r\n"),
            head("Content-Length: -1\r\n"),
            "GET /v1/models\r\n\r\n".to_owned(),
            "GET  /v1/models HTTP/1.1\r\n\r\n".to_owned(),
            "GET /v1/models HTTP/9.9\r\nHost: localhost\r\n\r\n".to_owned(),
        ];
        for shape in shapes {
            let bytes = [shape.as_bytes(), body.as_bytes(), second.as_bytes()].concat();
            let reply = client.raw(&bytes).await;
            if let Ok(reply) = reply {
                let answers = reply.head.matches("HTTP/1.1 200").count() + reply.body.matches("HTTP/1.1 200").count();
                assert_eq!(answers, 0, "{shape}\n{reply:?}");
                assert_eq!(
                    (reply.status, reply.code().as_str()),
                    (400, "broken_request"),
                    "it hears why, in the words of the table: {shape}"
                );
                assert!(
                    !reply.body.contains("\"object\":\"list\""),
                    "the second request is none: {shape}"
                );
            }
        }
        assert_eq!(client.asks().await.status, 200);
    });
}

#[test]
fn floods_of_headers_and_bombs_of_json_are_refused() {
    run(async {
        let service = Service::start("").await;
        let client = service.client();
        let many: String = (0..500).map(|n| format!("X-{n}: 1\r\n")).collect();
        let long = format!("X: {}\r\n", "a".repeat(100 << 10));
        // The last is small enough to be read whole in one piece.
        let some: String = (0..90).map(|n| format!("X-{n}: {}\r\n", "a".repeat(400))).collect();
        for headers in [many, long, some] {
            let bytes = format!("GET /v1/models HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
            if let Ok(reply) = client.raw(bytes.as_bytes()).await {
                assert_eq!(
                    (reply.status, reply.code().as_str()),
                    (431, "headers_too_large"),
                    "{reply:?}"
                );
            }
        }
        let path = format!("GET /{}", "a".repeat(70 << 10));
        if let Ok(reply) = client
            .raw(format!("{path} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes())
            .await
        {
            assert!((400..500).contains(&reply.status));
        }
        let deep = "[".repeat(1 << 20);
        let wide = format!("[{}1]", "1,".repeat(1 << 20));
        let keys: String = (0..100_000).map(|n| format!("\"k{n}\":1,")).collect();
        for body in [
            deep.clone(),
            format!("{{\"model\":{deep}"),
            wide,
            format!("{{{keys}\"z\":1}}"),
            "\"".repeat(1 << 20),
        ] {
            let reply = client.request("POST /v1/chat/completions", "", &body).await;
            assert_eq!(reply.status, 400, "{:.60}", body);
        }
        assert_eq!(client.asks().await.status, 200);
    });
}

#[test]
fn a_body_that_is_not_framed_as_it_says_is_told_so() {
    run(async {
        let service = Service::start("").await;
        let key = &service.key;
        for chunks in [
            "zz\r\n{}\r\n0\r\n\r\n",
            "2\r\n{}xx\r\n0\r\n\r\n",
            "fffffffffffffffff\r\n{}\r\n",
            "2\n{}\n0\n\n",
            // A line feed that one program takes for the end of the line, and another for a part of it.
            "2;a\nb\r\n{}\r\n0\r\n\r\n",
            "2;a=\"\n\"\r\n{}\r\n0\r\n\r\n",
            "2;a\rb\r\n{}\r\n0\r\n\r\n",
            "2\r\n{}\r\n0\r\nX: a\nY: b\r\n\r\n",
        ] {
            let bytes = format!(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
                 Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}\
                 GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n"
            );
            let reply = service.client().raw(bytes.as_bytes()).await.unwrap();
            assert_eq!((reply.status, reply.code().as_str()), (400, "broken_body"), "{chunks}");
            assert!(
                !reply.body.contains("HTTP/1.1 200"),
                "what follows is no request: {chunks}"
            );
        }
    });
}

#[test]
fn half_a_stream_is_no_request() {
    run(async {
        let service = Service::start("limits.body_s = 2\n").await;
        let key = &service.key;
        let head = format!(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: 400\r\n\r\n{{\"model\": \"PLANTED-77\""
        );
        for at in [10, 60, head.len()] {
            let mut stream = service.client().connect().await.unwrap();
            stream.write_all(&head.as_bytes()[..at]).await.unwrap();
            // The other half is closed, as by a proxy that died; nothing is answered as if it were whole.
            stream.shutdown().await.unwrap();
            if let Ok(reply) = tokio::time::timeout(Duration::from_secs(20), read(&mut stream))
                .await
                .expect("an end")
            {
                assert_ne!(reply.status, 200);
                assert!(!reply.body.contains("PLANTED"));
            }
        }
        assert_eq!(service.client().asks().await.status, 200);
        let entries = service.stop().await;
        assert!(!serde_json::to_string(&entries).unwrap().contains("PLANTED"));
    });
}

#[test]
fn a_name_of_a_strangers_is_refused() {
    run(async {
        let service = Service::start("hosts = [\"ward.example\"]").await;
        let client = service.client();
        for (host, expect) in [
            ("localhost", 200),
            ("127.0.0.1", 200),
            ("WARD.example:8443", 200),
            ("evil.example", 421),
            ("169.254.169.254.nip.example", 421),
            ("localhost.evil.example", 421),
            ("ward.example.evil", 421),
        ] {
            let reply = client.request("GET /v1/models", &format!("Host: {host}\r\n"), "").await;
            assert_eq!(reply.status, expect, "{host}");
            assert!(!reply.body.contains("evil"));
        }
        // Two names, none, and one that differs from that of the request line.
        let key = &service.key;
        for lines in [
            format!(
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
            ),
            format!("GET /v1/models HTTP/1.1\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"),
            format!(
                "GET https://evil.example/v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
            ),
            format!(
                "GET https://localhost/v1/models HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
            ),
        ] {
            let reply = client.raw(lines.as_bytes()).await.unwrap();
            assert!(matches!(reply.status, 400 | 421), "{lines}{reply:?}");
        }
    });
}

/// Frames of a POST over HTTP/2 with these fields and the beginning of a body of which more is to come.
fn frames(fields: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let frame = |kind: u8, flags: u8, stream: u32, payload: &[u8]| {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
    };
    // RFC 7541, section 6.2.2: literal fields without indexing, names and values as they are.
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            assert!(text.len() < 127);
            block.push(text.len() as u8);
            block.extend_from_slice(text.as_bytes());
        }
    }
    [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        frame(4, 0, 0, &[]),
        frame(1, 4, 1, &block),
        frame(0, 0, 1, body),
    ]
    .concat()
}

#[test]
fn who_is_refused_over_http_2_hears_why() {
    run(async {
        let service = Service::start("").await;
        for (path, length) in [
            ("/v1/chat/completions", "9000"),
            ("/nowhere", "200000"),
            ("/v1/models", "99999999"),
        ] {
            let request = frames(
                &[
                    (":method", "POST"),
                    (":scheme", "https"),
                    (":authority", "localhost"),
                    (":path", path),
                    ("content-type", "application/json"),
                    ("content-length", length),
                ],
                &[b' '; 4000],
            );
            let mut stream = service.client().with_http2().connect().await.unwrap();
            stream.write_all(&request).await.unwrap();
            let (mut ended, mut data) = (false, Vec::new());
            while !ended {
                let mut head = [0; 9];
                let reading = stream.read_exact(&mut head);
                tokio::time::timeout(Duration::from_secs(20), reading)
                    .await
                    .expect("an answer")
                    .unwrap();
                let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
                stream.read_exact(&mut payload).await.unwrap();
                match head[3] {
                    0 => {
                        data.extend_from_slice(&payload);
                        ended = head[4] & 1 != 0;
                    }
                    3 => panic!("the stream was reset: {payload:?}"),
                    _ => {}
                }
            }
            assert!(String::from_utf8(data).unwrap().contains("missing_api_key"), "{path}");
            // And nothing takes it back while the rest of the body arrives.
            let more = [&[0, 15, 160, 0, 0, 0, 0, 0, 1][..], &[b' '; 4000]].concat();
            stream.write_all(&more).await.unwrap();
            let mut head = [0; 9];
            while let Ok(read) = tokio::time::timeout(Duration::from_millis(300), stream.read_exact(&mut head)).await {
                read.unwrap();
                assert_ne!(head[3], 3, "the stream was reset");
                let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
                stream.read_exact(&mut payload).await.unwrap();
            }
        }
    });
}

#[test]
fn http_2_is_held_to_the_same() {
    run(async {
        let service = Service::start("limits.header_s = 1\n").await;
        // The preface, and then frames that are none: the connection ends, and nothing else does.
        for frames in [
            &[0xff; 64][..],
            b"\x00\x00\x00\x04\x00\x00\x00\x00\x00\xff\xff\xff\x09\x00\x00\x00\x00\x00",
            b"",
        ] {
            let mut stream = service.client().with_http2().connect().await.unwrap();
            stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
            stream.write_all(frames).await.unwrap();
            let mut bytes = Vec::new();
            if !frames.is_empty() {
                let reading = stream.read_to_end(&mut bytes);
                let _ = tokio::time::timeout(Duration::from_secs(40), reading)
                    .await
                    .expect("an end");
            }
        }
        // Said nothing at all after the handshake.
        let mut silent = service.client().with_http2().connect().await.unwrap();
        let mut bytes = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(20), silent.read_to_end(&mut bytes))
            .await
            .expect("an end");
        assert_eq!(service.client().asks().await.status, 200);
    });
}

#[test]
fn who_asks_or_takes_nothing_over_http_2_is_left() {
    run(async {
        let service = Service::start("limits.stalled_s = 1\n").await;
        let fields = [
            (":method", "POST"),
            (":scheme", "https"),
            (":authority", "localhost"),
            (":path", "/v1/chat/completions"),
            ("content-type", "application/json"),
        ];
        let asks = frames(&fields, b"{");
        // A preface and settings: no window for any answer.
        let no_window = [&asks[..24], &[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]].concat();
        for first in [no_window.clone(), [&no_window[..], &asks[24..]].concat()] {
            let stream = service.client().with_http2().connect().await.unwrap();
            let (mut from, mut to) = tokio::io::split(stream);
            to.write_all(&first).await.unwrap();
            let pings = tokio::spawn(async move {
                // The connection lives, as far as the protocol can tell.
                while to
                    .write_all(&[0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
                    .await
                    .is_ok()
                {
                    let _ = to.flush().await;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            });
            let mut bytes = Vec::new();
            let reading = from.read_to_end(&mut bytes);
            let _ = tokio::time::timeout(Duration::from_secs(20), reading)
                .await
                .expect("an end");
            pings.abort();
        }
        assert_eq!(service.client().asks().await.status, 200);
    });
}

#[test]
fn json_that_says_it_is_not_utf_8_is_not_taken() {
    run(async {
        let service = Service::start("").await;
        let client = service.client();
        let body = question("ward-cite").to_string();
        for (kind, status) in [
            ("application/json", 200),
            ("application/json; charset=UTF-8", 200),
            ("application/json;charset=\"utf-8\"", 200),
            ("application/json; charset=utf-16", 415),
            ("application/json; version=1; Charset = latin1", 415),
            ("application/json; charset", 200),
        ] {
            let head = format!(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
                 Content-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                service.key,
                body.len()
            );
            assert_eq!(client.raw(head.as_bytes()).await.unwrap().status, status, "{kind}");
        }
    });
}
