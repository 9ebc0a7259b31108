//! Settings that change while the service runs, and those it does not start with.

use std::{path::Path, time::Duration};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use ward_serve::Config;

use crate::support::{Client, Service, config, folder, run};

fn certificate(folder: &Path, name: &str) {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    // As a tool would: the new files take the place of the old ones.
    for (end, text) in [("key", key.serialize_pem()), ("crt", certificate.pem())] {
        std::fs::write(folder.join("new"), text).unwrap();
        std::fs::rename(folder.join("new"), folder.join(format!("{name}.{end}"))).unwrap();
    }
}

#[test]
fn a_new_certificate_is_taken_up_and_no_connection_is_dropped() {
    run(async {
        let folder = folder();
        certificate(folder.path(), "tls");
        let text = "tls.certificate = \"tls.crt\"\ntls.key = \"tls.key\"\n";
        let service = Service::with(config(folder.path(), text)).await;
        let file = folder.path().join("tls.crt");
        let before = Client::new(service.port, &file, Some(&service.key));
        let request = format!(
            "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
            service.key
        );
        let mut open = before.connect().await.unwrap();
        let mut buffer = vec![0; 4096];
        open.write_all(request.as_bytes()).await.unwrap();
        assert!(open.read(&mut buffer).await.unwrap() > 0);
        certificate(folder.path(), "tls");
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert!(
            before.connect().await.is_err(),
            "the old certificate is not shown any more"
        );
        let after = Client::new(service.port, &file, Some(&service.key));
        assert_eq!(after.asks().await.status, 200);
        open.write_all(request.as_bytes()).await.unwrap();
        let n = open.read(&mut buffer).await.unwrap();
        assert!(
            buffer[..n].starts_with(b"HTTP/1.1 200"),
            "the connection that was open still is"
        );
        // A certificate whose key is another's changes nothing.
        std::fs::write(
            folder.path().join("tls.key"),
            rcgen::KeyPair::generate().unwrap().serialize_pem(),
        )
        .unwrap();
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert_eq!(after.asks().await.status, 200);
    });
}

#[test]
fn settings_are_taken_up_as_a_whole_or_not_at_all() {
    run(async {
        let folder = folder();
        let service = Service::with(config(folder.path(), "limits.requests_per_minute = 1000\n")).await;
        let client = service.client();
        assert_eq!(client.asks().await.status, 200);
        let reload = async |config: Config| {
            service.reloads.send(Ok(config)).await.unwrap();
            tokio::time::sleep(Duration::from_millis(500)).await;
        };
        reload(config(
            folder.path(),
            "purpose_required = true\nhosts = [\"w.example\"]\n",
        ))
        .await;
        assert_eq!(client.asks().await.code(), "purpose_needed");
        let named = client.request("GET /v1/models", "Host: w.example\r\n", "").await;
        assert_eq!(named.status, 200);
        // Policies that are not there: nothing of it counts.
        reload(config(folder.path(), "policies = \"none.cedar\"\n")).await;
        assert_eq!(client.asks().await.code(), "purpose_needed");
        reload(config(folder.path(), "unsafe_any_host = true\n")).await;
        assert_eq!(
            client
                .request("GET /v1/models", "Host: any.example\r\n", "")
                .await
                .status,
            200
        );
        let entries = service.stop().await;
        let changes: Vec<_> = entries
            .iter()
            .filter(|entry| entry["event"] == "reconfigured")
            .collect();
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[1]["weakened"], serde_json::json!(["unsafe_any_host"]));
        assert!(changes[0]["settings"].is_string());
    });
}

#[test]
fn beyond_this_machine_there_is_always_tls_a_key_and_a_limit() {
    run(async {
        let folder = folder();
        let mut settings = config(folder.path(), "");
        settings.admin = Some("0.0.0.0:0".parse().unwrap());
        let error = ward_serve::start(settings).await.err().unwrap();
        assert!(error.to_string().contains("loopback"), "{error}");
        let document = ward_serve::settings::read::Document {
            name: "ward.toml",
            text: "[serve]\nlisten = \"0.0.0.0:0\"\n",
            folder: folder.path(),
        };
        let read =
            ward_serve::settings::read::read(Some(document), &[], folder.path().join("data"), &|_| None).unwrap();
        assert!(!read.config.quotas.is_unlimited() && read.config.per_address.connections > 0);
        // A first key is made where there is none, so that somebody is known; without one nobody is answered, and
        // without TLS there is no answer at all.
        let service = Service::with(read.config).await;
        assert_eq!(service.client().with_key(None).asks().await.status, 401);
        assert_eq!(service.client().asks().await.status, 200);
        let mut plain = tokio::net::TcpStream::connect(("127.0.0.1", service.port))
            .await
            .unwrap();
        let request = format!(
            "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
            service.key
        );
        plain.write_all(request.as_bytes()).await.unwrap();
        let mut reply = Vec::new();
        let _ = plain.read_to_end(&mut reply).await;
        assert!(!reply.starts_with(b"HTTP"));
    });
}
