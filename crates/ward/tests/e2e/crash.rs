//! `kill -9` while requests are answered: no acknowledged entry may be lost.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::json;

use crate::support::ward::{Ward, folder, ledger_entries, run};

#[test]
fn kill_under_load_loses_no_acknowledged_entry() {
    let data = folder();
    let acknowledged: Arc<Mutex<HashSet<String>>> = Arc::default();
    let mut key = None;
    for round in 0..4 {
        let ward = Ward::start(data.path(), &[]);
        key = key.or(ward.key.clone());
        let client = ward.client().with_key(key.as_deref());
        let over = Arc::new(AtomicBool::new(false));
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let (client, over, acknowledged) = (client.clone(), over.clone(), acknowledged.clone());
                thread::spawn(move || {
                    let body = json!({"model": "ward-cite", "messages": [{"role": "user", "content": "Anything?"}]}).to_string();
                    while !over.load(Ordering::Relaxed) {
                        let head = format!(
                            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
                             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                            client.key.as_deref().unwrap_or_default(),
                            body.len()
                        );
                        let Ok(response) = client.raw(head.as_bytes()) else { continue };
                        let whole = serde_json::from_slice::<serde_json::Value>(&response.body).is_ok();
                        if response.status == 200 && whole {
                            acknowledged.lock().unwrap().insert(response.header("ward-receipt").unwrap().to_owned());
                        }
                    }
                })
            })
            .collect();
        thread::sleep(Duration::from_millis(300 + 170 * round));
        ward.kill();
        over.store(true, Ordering::Relaxed);
        workers.into_iter().for_each(|worker| worker.join().unwrap());
    }
    // Opening repairs what a crash left unfinished; then every byte must verify.
    Ward::start(data.path(), &[]).stop();
    let verified = run(&["ledger", "verify", "--data", data.path().to_str().unwrap()]);
    assert!(
        verified.status.success(),
        "{}",
        String::from_utf8_lossy(&verified.stdout)
    );
    let answered: HashSet<String> = ledger_entries(data.path())
        .iter()
        .filter(|entry| entry["event"] == "answered")
        .map(|entry| entry["receipt"].as_str().unwrap().to_owned())
        .collect();
    let acknowledged = acknowledged.lock().unwrap();
    assert!(
        acknowledged.len() > 20,
        "too little load to prove anything: {}",
        acknowledged.len()
    );
    let lost: Vec<_> = acknowledged.difference(&answered).collect();
    assert!(
        lost.is_empty(),
        "{} of {} acknowledged entries were lost",
        lost.len(),
        acknowledged.len()
    );
}
