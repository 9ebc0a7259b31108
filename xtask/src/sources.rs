//! What source code must not touch: files, environment, network, clock and processes outside the crates that may,
//! printing outside the programs, and `unsafe` anywhere.

use crate::{
    Project,
    report::{Fault, Report},
    rust_text,
    tree::{File, Tree},
};
use anyhow::Result;

/// One thing that only some files may touch.
struct Touch {
    rule: &'static str,
    /// Paths and words that mean it. A path of modules also matches as the beginning of a `use`.
    words: &'static [&'static str],
    /// Beginnings of the paths of files that may.
    may: &'static [&'static str],
    /// Whether test code may too.
    tests_may: bool,
    mend: &'static str,
}

/// The crates where the program meets the world. Of ward-seal only the store, of ward-scan only the sources.
const OUTSIDE: &[&str] = &[
    "crates/ward/",
    "crates/ward-serve/",
    "crates/ward-seal/src/store",
    "crates/ward-seal/src/ledger",
    "crates/ward-seal/src/apikey",
    "crates/ward-seal/src/random",
    "crates/ward-seal/src/vault",
    "crates/ward-scan/src/source",
    "xtask/",
];

const PROGRAMS: &[&str] = &["crates/ward/", "xtask/"];

const TOUCHES: &[Touch] = &[
    Touch {
        rule: "file access",
        words: &["std::fs", "tokio::fs", "std::os"],
        may: OUTSIDE,
        tests_may: true,
        mend: "take bytes as an argument; ward, ward-serve and ward-seal's store read and write files",
    },
    Touch {
        rule: "environment",
        words: &["std::env"],
        may: OUTSIDE,
        tests_may: true,
        mend: "take the value as an argument; ward reads the environment",
    },
    Touch {
        rule: "network",
        // By name and not as `std::net`, whose addresses are plain values that anybody may parse.
        words: &[
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "UnixStream",
            "UnixListener",
            "UnixDatagram",
            "ToSocketAddrs",
            "to_socket_addrs",
            "tokio::net",
        ],
        may: OUTSIDE,
        tests_may: true,
        mend: "only ward-serve and ward open connections",
    },
    Touch {
        rule: "clock",
        words: &["SystemTime", "Instant::now"],
        may: OUTSIDE,
        tests_may: true,
        mend: "take the time as an argument",
    },
    Touch {
        rule: "process",
        words: &["std::process"],
        may: OUTSIDE,
        tests_may: true,
        mend: "return an error; only ward ends or starts processes",
    },
    Touch {
        rule: "terminal",
        words: &[
            "std::io::stdin",
            "std::io::stdout",
            "std::io::stderr",
            "io::stdin",
            "io::stdout",
            "io::stderr",
        ],
        may: PROGRAMS,
        tests_may: true,
        mend: "take a reader or a writer as an argument",
    },
    Touch {
        rule: "printing",
        words: &["println!", "eprintln!", "print!", "eprint!", "dbg!"],
        may: PROGRAMS,
        tests_may: true,
        mend: "return what is to be said; ward prints",
    },
    Touch {
        rule: "hidden standard library",
        words: &["std as"],
        may: &[],
        tests_may: false,
        mend: "call it std, so that these checks see what is used",
    },
    Touch {
        rule: "unsafe",
        words: &["unsafe"],
        may: &[],
        tests_may: false,
        mend: "write it in safe Rust; there is no exception yet",
    },
];

pub(crate) fn check(project: &Project) -> Result<Report> {
    let files = rust_files(&project.tree).count();
    Ok(Report::new(
        format!("{files} Rust files, {} rules", TOUCHES.len()),
        faults_of(&project.tree),
    ))
}

fn rust_files(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.files().iter().filter(|file| file.is_rust())
}

fn faults_of(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in rust_files(tree) {
        let Some(text) = file.text() else {
            let what = "a Rust file that is not UTF-8";
            faults.push(Fault::new(&file.path, None, "encoding", what, "save it as UTF-8"));
            continue;
        };
        let all = rust_text::mask(text);
        let shipped = if file.is_test() {
            String::new()
        } else {
            rust_text::without_tests(&all)
        };
        for touch in TOUCHES {
            if touch.may.iter().any(|start| file.path.starts_with(start)) {
                continue;
            }
            let code = if touch.tests_may { &shipped } else { &all };
            for (line, word) in touched(code, touch.words) {
                let what = format!("`{word}` is not allowed here");
                faults.push(Fault::new(&file.path, Some(line), touch.rule, what, touch.mend));
            }
        }
    }
    faults
}

/// Where `code` names one of `words`, once per line.
fn touched(code: &str, words: &'static [&'static str]) -> Vec<(usize, &'static str)> {
    let mut places = Vec::new();
    for word in words {
        places.extend(
            rust_text::lines_with_word(code, word)
                .into_iter()
                .map(|line| (line, *word)),
        );
    }
    for (line, path) in rust_text::use_paths(code) {
        let named = words.iter().find(|word| {
            path.strip_prefix(**word)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::") || rest.starts_with(" as"))
        });
        places.extend(named.map(|word| (line, *word)));
    }
    places.sort_unstable();
    places.dedup_by_key(|(line, _)| *line);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, source: &str, expect: &[(&str, usize)]) {
        let faults = faults_of(&Tree::of(&[(path, source)]));
        let found: Vec<_> = faults.iter().map(|fault| (fault.rule, fault.line.unwrap())).collect();
        assert_eq!(found, expect, "{source}");
    }

    const DEID: &str = "crates/ward-deid/src/lib.rs";

    #[test]
    fn what_touches_the_world_is_found_however_it_is_written() {
        check(DEID, "fn a() {\n    std::fs::read(p);\n}", &[("file access", 2)]);
        check(DEID, "use std::{\n    fmt,\n    fs,\n};", &[("file access", 3)]);
        check(DEID, "use std::env::var;", &[("environment", 1)]);
        check(DEID, "use std::{net::TcpStream as T};", &[("network", 1)]);
        check(DEID, "let t = std::time::Instant::now();", &[("clock", 1)]);
        check(DEID, "use std::time::{Duration, SystemTime};", &[("clock", 1)]);
        check(DEID, "std::process::exit(1)", &[("process", 1)]);
        check(DEID, "use std::io::{self}; io::stdin()", &[("terminal", 1)]);
        check(DEID, "use std as s;", &[("hidden standard library", 1)]);
        check(DEID, "println!(); eprint!();", &[("printing", 1)]);
        check(DEID, "unsafe { x() }", &[("unsafe", 1)]);
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        check(
            DEID,
            "// std::fs\nlet a = \"std::env\"; env!(\"CARGO_PKG_VERSION\");",
            &[],
        );
        check(
            DEID,
            "#![forbid(unsafe_code)] use crate::fs; use std::fmt; let Instant = Kind::Instant;",
            &[],
        );
        check(DEID, "my_println!(); writeln!(f)", &[]);
    }

    #[test]
    fn the_crates_that_may_do() {
        for path in [
            "crates/ward/src/main.rs",
            "crates/ward-serve/src/tls.rs",
            "crates/ward-seal/src/store/file.rs",
        ] {
            check(path, "use std::fs; UdpSocket::bind(x); SystemTime::now();", &[]);
        }
        check("crates/ward-seal/src/hash.rs", "use std::fs;", &[("file access", 1)]);
        check("crates/ward-serve/src/tls.rs", "println!()", &[("printing", 1)]);
        check("crates/ward-server/src/a.rs", "use std::fs;", &[("file access", 1)]);
    }

    #[test]
    fn tests_may_too_but_nobody_may_be_unsafe() {
        check(
            DEID,
            "#[cfg(test)]\nmod tests { fn a() { std::fs::read(p); println!(); } }",
            &[],
        );
        check("crates/ward-deid/tests/replay.rs", "use std::fs; println!();", &[]);
        check("fuzz/bodies/json.rs", "use std::fs;", &[]);
        check(
            DEID,
            "#[cfg(test)]\nmod tests { fn a() { unsafe {} } }",
            &[("unsafe", 2)],
        );
        check("crates/ward/src/main.rs", "unsafe {}", &[("unsafe", 1)]);
    }
}
