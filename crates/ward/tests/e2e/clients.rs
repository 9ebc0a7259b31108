//! The official OpenAI clients, Python's and JavaScript's, against a running server.
//!
//! Their packages come from the registries, pinned by the lock files beside the suites, into a folder
//! under the build's target folder. Where an interpreter or a registry is missing, the test says so aloud
//! and passes: it can then not say anything about the client.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::support::ward::{WARD, Ward, folder, root, run};

/// Where the clients' packages are kept between runs.
fn kept(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients").join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn not_tested(client: &str, why: &str) {
    // Past the capture of test output, so that a run that skipped this says so.
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "\nNOT TESTED: the official {client} client: {why}\n");
}

fn ran(command: &mut Command) -> Result<Output, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(output)
    } else {
        let text = String::from_utf8_lossy(&output.stderr);
        Err(text.lines().last().unwrap_or("no reason given").to_owned())
    }
}

fn suite(command: &mut Command, ward: &Ward) {
    let output = command
        .env("WARD_URL", &ward.url)
        .env("WARD_KEY", ward.key.as_deref().unwrap())
        .env("WARD_CA", ward.certificate())
        .env("NODE_EXTRA_CA_CERTS", ward.certificate())
        .current_dir(root())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        said.lines().filter(|line| line.starts_with("ok ")).count() >= 10,
        "{said}"
    );
}

/// A Python with the packages of a suite; none, said aloud, where they cannot be had.
fn python(client: &str, material: &str, module: &str) -> Option<(PathBuf, PathBuf)> {
    let material = root().join("tests/clients").join(material);
    let venv = kept(client);
    let python = venv.join("bin/python");
    let installed = || ran(Command::new(&python).args(["-c", &format!("import {module}")]));
    if installed().is_err() {
        let made = ran(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv));
        if let Err(why) = made {
            not_tested(client, &format!("no python3 with venv here ({why})"));
            return None;
        }
        let requirements = material.join("requirements.txt");
        let install = ran(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(requirements));
        if let Err(why) = install {
            not_tested(client, &format!("its packages could not be installed ({why})"));
            return None;
        }
    }
    Some((python, material.join("suite.py")))
}

#[test]
fn the_official_mcp_client_works() {
    let Some((python, script)) = python("mcp", "mcp", "mcp") else {
        return;
    };
    let (data, records) = (folder(), folder());
    let below = records.path().join("roles/clinician");
    fs::create_dir_all(&below).unwrap();
    fs::write(
        below.join("Zelda Quillfeather.txt"),
        "Seen by Dr. Zelda Quillfeather. No fever.",
    )
    .unwrap();
    let ward = Ward::start(data.path(), &["--records", records.path().to_str().unwrap()]);
    let own = folder();
    let mut command = Command::new(python);
    command
        .arg(script)
        .env("WARD_BIN", WARD)
        .env("WARD_RECORDS", &below)
        .env("WARD_DATA_FOLDER", own.path());
    suite(&mut command, &ward);
}

#[test]
fn arrow_reads_what_a_batch_writes() {
    let Some((python, script)) = python("Apache Arrow", "columns", "pyarrow") else {
        return;
    };
    let work = folder();
    let (records, out) = (work.path().join("records.ndjson"), work.path().join("out"));
    let vitals = "BP 98/60, HR 112, RR 22, Temp 38.2 C, SpO2 95% on room air. Alert.";
    let lines = [
        r#"{"id":"a","text":"Seen by Dr. Zelda Quillfeather. Allergic to penicillin."}"#.to_owned(),
        format!("{{\"id\":\"b\",\"text\":\"{vitals}\"}}"),
        r#"{"id":"a","text":"No fever."}"#.to_owned(),
        "nonsense".to_owned(),
    ];
    fs::write(&records, lines.join("\n")).unwrap();
    let steps = "deid,facts,compress,triage,state";
    let done = run(&[
        "batch",
        records.to_str().unwrap(),
        "--steps",
        steps,
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(done.status.code(), Some(3), "{}", String::from_utf8_lossy(&done.stderr));
    let output = Command::new(python).arg(script).arg(&out).output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_official_python_client_works() {
    let Some((python, script)) = python("Python", "python", "openai") else {
        return;
    };
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    suite(Command::new(python).arg(script), &ward);
}

#[test]
fn the_official_javascript_client_works() {
    let material = root().join("tests/clients/node");
    let place = kept("node");
    for file in ["package.json", "package-lock.json", "suite.mjs"] {
        fs::copy(material.join(file), place.join(file)).unwrap();
    }
    if ran(Command::new("node").arg("--version")).is_err() {
        return not_tested("JavaScript", "no node here");
    }
    if !place.join("node_modules/openai").exists() {
        let install = ran(Command::new("npm")
            .args(["ci", "--silent", "--no-audit", "--no-fund"])
            .current_dir(&place));
        if let Err(why) = install {
            return not_tested("JavaScript", &format!("its packages could not be installed ({why})"));
        }
    }
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    suite(Command::new("node").arg(place.join("suite.mjs")), &ward);
}
