//! What is unusual is told: to the ledger, a webhook, a syslog server; later, when these were away.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::Mutex,
};
use ward_serve::app::now;

use crate::support::{Service, config, folder, run};

/// A TLS listener for `localhost` that keeps what it is sent; its own certificate stands in `file`.
async fn tls_log(file: &std::path::Path) -> (u16, Arc<Mutex<Vec<String>>>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(file, made.cert.pem()).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keeps = kept.clone();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let text = match acceptor.accept(socket).await {
                Ok(mut socket) => {
                    let mut text = String::new();
                    socket.read_to_string(&mut text).await.unwrap();
                    text
                }
                Err(_) => "refused".to_owned(),
            };
            keeps.lock().await.push(text);
        }
    });
    (port, kept)
}

#[test]
fn a_log_over_tls_is_told_if_its_certificate_is_believed() {
    run(async {
        for believed in [true, false] {
            let folder = folder();
            let (port, logged) = tls_log(&folder.path().join("log.pem")).await;
            let (_, _) = tls_log(&folder.path().join("other.pem")).await;
            let ca = if believed { "log.pem" } else { "other.pem" };
            let text = format!(
                "alerts.syslog = \"tls:localhost:{port}\"\nalerts.ca = \"{ca}\"\nalerts.not_known_per_minute = 3\n"
            );
            let mut settings = config(folder.path(), &text);
            let news = Arc::new(std::sync::Mutex::new(Vec::new()));
            let hears = news.clone();
            settings.told = Some(Arc::new(move |one| hears.lock().unwrap().push(format!("{one:?}"))));
            let service = Service::with(settings).await;
            let stranger = service.client().with_key(Some("wk_no"));
            for _ in 0..6 {
                assert_eq!(stranger.get("/v1/models").await.status, 401);
            }
            let logged = waits_for(&logged, 1).await;
            let why = "Undelivered(\"syslog server\", \"its certificate is not believed\")";
            let expect = if believed { vec![] } else { vec![why.to_owned()] };
            for _ in 0..100 {
                if *news.lock().unwrap() == expect {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(*news.lock().unwrap(), expect);
            assert_eq!(service.data.join("syslog.jsonl").exists(), !believed, "it waits");
            if believed {
                assert!(
                    logged[0].contains(" <") && logged[0].contains("auth_storm"),
                    "{}",
                    logged[0]
                );
            } else {
                assert_eq!(logged[0], "refused");
            }
        }
    });
}

#[test]
fn every_failed_sign_in_is_on_the_ledger_by_network_and_count() {
    run(async {
        let service = Service::start("").await;
        // What a request says about where it comes from is not believed.
        let says = "X-Forwarded-For: 203.0.113.9\r\nForwarded: for=203.0.113.9\r\nX-Real-IP: 203.0.113.9\r\n";
        for key in [Some("wk_no"), Some("wk_no"), None] {
            let client = service.client().with_key(key);
            assert_eq!(client.request("GET /v1/models", says, "").await.status, 401);
        }
        let entries = service.stop().await;
        let failed: Vec<_> = entries.iter().filter(|entry| entry["event"] == "not_known").collect();
        let counted: u64 = failed.iter().map(|entry| entry["count"].as_u64().unwrap()).sum();
        assert_eq!(counted, 3, "{failed:?}");
        assert!(failed.iter().all(|entry| entry["from"] == "127.0.0.1"), "{failed:?}");
        let reasons: std::collections::BTreeSet<_> =
            failed.iter().map(|entry| entry["refusal"].as_str().unwrap()).collect();
        assert_eq!(
            reasons.into_iter().collect::<Vec<_>>(),
            ["invalid_api_key", "missing_api_key"]
        );
    });
}

/// Keeps the bodies of what is posted, and every header.
async fn webhook(listener: TcpListener) -> Arc<Mutex<Vec<String>>> {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let keeps = kept.clone();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            let mut buffer = [0; 4096];
            let whole = |bytes: &[u8]| {
                let text = String::from_utf8_lossy(bytes).to_lowercase();
                let (head, body) = text.split_once("\r\n\r\n")?;
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
                (body.len() >= length.trim().parse().ok()?).then_some(())
            };
            while whole(&bytes).is_none() {
                match socket.read(&mut buffer).await {
                    Ok(n @ 1..) => bytes.extend_from_slice(&buffer[..n]),
                    _ => break,
                }
            }
            let _ = socket
                .write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                .await;
            keeps.lock().await.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    });
    kept
}

async fn waits_for(kept: &Mutex<Vec<String>>, count: usize) -> Vec<String> {
    for _ in 0..200 {
        let kept = kept.lock().await;
        if kept.len() >= count {
            return kept.clone();
        }
        drop(kept);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{count} did not come: {:?}", kept.lock().await);
}

#[test]
fn storms_and_emergencies_are_told_once() {
    run(async {
        let folder = folder();
        let hook = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let log = TcpListener::bind("127.0.0.1:0").await.unwrap();
        std::fs::write(folder.path().join("token"), "hook-secret\n").unwrap();
        let text = format!(
            "alerts.webhook = \"http://{}/x\"\nalerts.webhook_token = \"file:token\"\nalerts.syslog = \"tcp:{}\"\nalerts.not_known_per_minute = 5\n",
            hook.local_addr().unwrap(),
            log.local_addr().unwrap()
        );
        let posted = webhook(hook).await;
        let logged = Arc::new(Mutex::new(Vec::new()));
        let keeps = logged.clone();
        tokio::spawn(async move {
            loop {
                let (mut socket, _) = log.accept().await.unwrap();
                let mut text = String::new();
                socket.read_to_string(&mut text).await.unwrap();
                keeps.lock().await.push(text);
            }
        });
        let service = Service::with(config(folder.path(), &text)).await;
        let stranger = service.client().with_key(Some("wk_no"));
        for _ in 0..12 {
            assert_eq!(stranger.get("/v1/models").await.status, 401);
        }
        let (id, key) = service.new_key("break-glass", |terms| {
            terms.expires_unix_ms = Some(now() + 60_000);
            terms.reason = Some("a test".to_owned());
        });
        service.taken_up().await;
        // Every use counts, not questions alone.
        let emergency = service.client().with_key(Some(&key));
        assert_eq!(emergency.get("/v1/models").await.status, 200);
        assert_eq!(waits_for(&posted, 2).await.len(), 2);
        for _ in 0..3 {
            assert_eq!(emergency.asks().await.status, 200);
        }
        let posted = waits_for(&posted, 2).await;
        let logged = waits_for(&logged, 2).await;
        assert_eq!(
            (posted.len(), logged.len()),
            (2, 2),
            "once, not for every request: {posted:?}"
        );
        let bodies: Vec<Value> = posted
            .iter()
            .map(|post| serde_json::from_str(post.split_once("\r\n\r\n").unwrap().1).unwrap())
            .collect();
        assert_eq!(
            (&bodies[0]["rule"], &bodies[0]["subject"]),
            (&Value::from("auth_storm"), &Value::from("127.0.0.1"))
        );
        assert_eq!(
            (&bodies[1]["rule"], &bodies[1]["subject"]),
            (&Value::from("break_glass"), &Value::from(id))
        );
        assert!(posted[0].to_lowercase().contains("authorization: bearer hook-secret"));
        for (message, rule) in logged.iter().zip(["auth_storm", "break_glass"]) {
            let (length, rest) = message.split_once(' ').unwrap();
            assert_eq!(length.parse::<usize>().unwrap(), rest.len());
            assert!(
                rest.contains(&format!(" ward - {rule} [ward@32473 ")) && rest.contains("CEF:0|Ward|"),
                "{rest}"
            );
        }
        let entries = service.stop().await;
        assert_eq!(entries.iter().filter(|entry| entry["event"] == "alert").count(), 2);
        assert!(!serde_json::to_string(&entries).unwrap().contains("hook-secret"));
    });
}

#[test]
fn what_cannot_be_told_now_is_told_later() {
    run(async {
        let folder = folder();
        // A port that nobody listens on, for now.
        let hook = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = hook.local_addr().unwrap();
        drop(hook);
        let text = format!(
            "alerts.webhook = \"http://{address}/x\"\nalerts.not_known_per_minute = 1\nalerts.forbidden_per_minute = 1\n"
        );
        let service = Service::with(config(folder.path(), &text)).await;
        assert_eq!(service.client().with_key(None).get("/v1/models").await.status, 401);
        assert_eq!(service.client().get("/ward/v1/ledger/checkpoint").await.status, 403);
        let spool = service.data.join("webhook.jsonl");
        for _ in 0..100 {
            if std::fs::read_to_string(&spool).is_ok_and(|text| text.lines().count() == 2) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(std::fs::read_to_string(&spool).unwrap().lines().count(), 2);
        assert_eq!(service.client().asks().await.status, 200, "nothing waits for a webhook");
        let posted = webhook(TcpListener::bind(address).await.unwrap()).await;
        let posted = waits_for(&posted, 2).await;
        assert!(
            posted[0].contains("auth_storm") && posted[1].contains("forbidden_storm"),
            "in order"
        );
        for _ in 0..100 {
            if !spool.exists() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("what was told does not wait any more");
    });
}

#[test]
fn a_collector_hears_how_much_and_how_long_and_never_what() {
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let kept = webhook(listener).await;
        let service = Service::start(&format!("otlp.url = \"http://127.0.0.1:{port}\"\notlp.every_s = 1\n")).await;
        let body = serde_json::json!({"model": "ward-cite", "messages": [
            {"role": "user", "content": "Allergies: PLANTED-77, call 555-123-9876.\n\nAny allergies?"}]});
        assert_eq!(service.client().ask("", &body).await.status, 200);
        assert_eq!(service.client().get("/PLANTED-78").await.status, 404);
        // They may come in several messages.
        let mut spans: Vec<Value> = Vec::new();
        for _ in 0..100 {
            let all = kept.lock().await.join("\n");
            assert!(
                !all.contains("PLANTED") && !all.contains("555-123") && !all.contains(&service.key),
                "{all}"
            );
            let messages = all.lines().filter(|line| line.starts_with("{\"resourceSpans\""));
            spans = messages
                .filter_map(|line| serde_json::from_str::<Value>(line).ok())
                .flat_map(|message| {
                    let spans = &message["resourceSpans"][0]["scopeSpans"][0]["spans"];
                    spans.as_array().cloned().unwrap_or_default()
                })
                .collect();
            let told = |what: &dyn Fn(&Value) -> bool| spans.iter().any(what);
            if told(&|span| span["name"] == "question")
                && told(&|span| span["status"]["code"] == 2)
                && all.contains("POST /v1/metrics")
            {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let names: Vec<_> = spans
            .iter()
            .map(|span| span["name"].as_str().unwrap().to_owned())
            .collect();
        assert!(
            names.contains(&"question".to_owned()) && names.contains(&"request".to_owned()),
            "{names:?}"
        );
        let refused = spans.iter().find(|span| span["status"]["code"] == 2).unwrap();
        assert!(refused["attributes"].to_string().contains("not_found"), "{refused}");
    });
}
