//! `ward db` from outside: importing, the state of what is there, damage, fetching from a server, and scans that use it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    process::Output,
    thread,
};

use serde_json::Value;

use crate::support::ward::{command, folder};

fn advisory(id: &str, fixed: &str, modified: &str) -> String {
    format!(
        "{{\"id\":\"{id}\",\"modified\":\"{modified}\",\"aliases\":[\"CVE-2020-1\"],\"summary\":\"Something.\",\"affected\":[{{\"package\":{{\"ecosystem\":\"PyPI\",\
        \"name\":\"faulty\"}},\"ranges\":[{{\"type\":\"ECOSYSTEM\",\"events\":[{{\"introduced\":\"0\"}},{{\"fixed\":\"{fixed}\"}}]}}]}}]}}"
    )
}

fn ward(args: &[&str], data: &Path) -> Output {
    let mut args = args.to_vec();
    args.extend(["--data", data.to_str().unwrap()]);
    command(&args).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn what_was_imported_is_found_and_damage_is_not_clean() {
    let (work, data, from) = (folder(), folder(), folder());
    fs::write(work.path().join("requirements.txt"), "faulty==1.4\n").unwrap();
    let work = work.path().to_str().unwrap();
    let scan = || {
        let output = ward(&["scan", work, "--engines", "dependencies", "--json"], data.path());
        (output.status.code(), json(&output))
    };

    // Without advisories a scan says so.
    assert_eq!(ward(&["db", "status"], data.path()).status.code(), Some(3));
    let (_, said) = scan();
    assert!(
        said["not_examined"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("advisories"),
        "{said}"
    );

    fs::write(
        from.path().join("a.json"),
        advisory("GHSA-1", "1.5", "2024-01-01T00:00:00Z"),
    )
    .unwrap();
    fs::write(from.path().join("README.md"), "# Read me\n").unwrap();
    let from = from.path().to_str().unwrap();
    let output = ward(&["db", "import", from, "--json"], data.path());
    assert_eq!(
        (output.status.code(), &json(&output)["imported"]["advisories"]),
        (Some(0), &Value::from(1))
    );
    let status = json(&ward(&["db", "status", "--json"], data.path()));
    assert_eq!(status["database"]["ecosystems"]["PyPI"]["as_of"], "2024-01-01");

    let (code, said) = scan();
    let found = said["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["rule"] == "dependencies/vulnerable")
        .unwrap();
    assert_eq!(code, Some(1));
    assert_eq!(
        (&found["package"], &found["version"], &found["fixed"]),
        (&"faulty".into(), &"1.4".into(), &"1.5".into())
    );
    assert_eq!(
        (&found["advisory"], &found["aliases"][0], &found["line"]),
        (&"GHSA-1".into(), &"CVE-2020-1".into(), &1.into())
    );
    // The data is years old.
    assert!(
        said["not_examined"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("2024-01-01"),
        "{said}"
    );
    assert_eq!(said["stats"]["advisories"], "2024-01-01");

    // A file that is no advisory is named, and changes nothing.
    fs::write(Path::new(from).join("b.json"), "{").unwrap();
    assert_eq!(ward(&["db", "import", from], data.path()).status.code(), Some(3));
    let nothing = ward(&["db", "import", &format!("{from}/b.json")], data.path());
    assert_eq!(nothing.status.code(), Some(2));

    let file = data.path().join("advisories.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let status = ward(&["db", "status"], data.path());
    assert_eq!(status.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&status.stderr).contains("damaged"));
    let (_, said) = scan();
    assert!(said["not_examined"].to_string().contains("damaged"), "{said}");
    // Importing into what is damaged is refused; beginning anew is not.
    assert_eq!(ward(&["db", "import", from], data.path()).status.code(), Some(2));
    assert_eq!(
        ward(&["db", "import", from, "--replace"], data.path()).status.code(),
        Some(3)
    );
}

/// CRC-32 as zip has it (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}

/// A zip archive of stored files.
fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let mut about = Vec::new();
        about.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x58]);
        about.extend(crc32(text.as_bytes()).to_le_bytes());
        let length = u32::try_from(text.len()).unwrap().to_le_bytes();
        about.extend(length);
        about.extend(length);
        about.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        about.extend([0, 0]);
        central.extend(b"PK\x01\x02\x14\x00");
        central.extend(&about);
        central.extend([0; 10]);
        central.extend(u32::try_from(out.len()).unwrap().to_le_bytes());
        central.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&about);
        out.extend(name.as_bytes());
        out.extend(text.as_bytes());
    }
    let (start, count) = (u32::try_from(out.len()).unwrap(), u16::try_from(files.len()).unwrap());
    out.extend(&central);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(u32::try_from(central.len()).unwrap().to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// A server that answers one request with a body.
fn served(body: Vec<u8>) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 2048];
        let length = stream.read(&mut request).unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        String::from_utf8_lossy(&request[..length])
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    (address, server)
}

#[test]
fn fetching_replaces_only_by_what_is_whole() {
    let data = folder();
    let update = |body: Vec<u8>| {
        let (address, server) = served(body);
        let output = ward(
            &["db", "update", "--ecosystems", "PyPI", "--from", &address, "--json"],
            data.path(),
        );
        assert_eq!(server.join().unwrap(), "GET /PyPI/all.zip HTTP/1.1");
        output
    };
    let old = "2019-01-01T00:00:00Z";
    let names: Vec<String> = (0..4).map(|n| format!("GHSA-{n}.json")).collect();
    let texts: Vec<String> = (0..4).map(|n| advisory(&format!("GHSA-{n}"), "1.5", old)).collect();
    let files: Vec<(&str, &str)> = names
        .iter()
        .map(String::as_str)
        .zip(texts.iter().map(String::as_str))
        .collect();
    let output = update(zip(&files));
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let said = json(&output);
    // Fetched today, however old the newest advisory.
    assert_eq!(said["database"]["ecosystems"]["PyPI"]["days_old"], 0);
    assert_eq!(said["database"]["ecosystems"]["PyPI"]["advisories"], 4);
    let before = fs::read(data.path().join("advisories.db")).unwrap();
    for bad in [
        zip(&files[..1]),
        b"<html>".to_vec(),
        zip(&[("x.json", "{}")]),
        zip(&files)[..200].to_vec(),
    ] {
        let output = update(bad);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        assert_eq!(fs::read(data.path().join("advisories.db")).unwrap(), before);
    }
    assert_eq!(
        fs::read_dir(data.path())
            .unwrap()
            .filter(|one| one
                .as_ref()
                .unwrap()
                .path()
                .extension()
                .is_some_and(|end| end == "part"))
            .count(),
        0
    );
    // Where nothing arrives no data folder is made.
    let new = data.path().join("new");
    for nowhere in ["http://mirror.example", "http://127.0.0.1:1"] {
        let refused = ward(&["db", "update", "--from", nowhere], &new);
        assert_eq!((refused.status.code(), new.exists()), (Some(2), false), "{nowhere}");
    }
    assert_eq!(
        ward(&["db", "update", "--ecosystems", "Maven"], data.path())
            .status
            .code(),
        Some(2)
    );
}
