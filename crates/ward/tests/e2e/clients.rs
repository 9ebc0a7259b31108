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

use crate::support::ward::{Ward, folder, root};

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

#[test]
fn the_official_python_client_works() {
    let material = root().join("tests/clients/python");
    let venv = kept("python");
    let python = venv.join("bin/python");
    let installed = || ran(Command::new(&python).args(["-c", "import openai"]));
    if installed().is_err() {
        let made = ran(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv));
        if let Err(why) = made {
            return not_tested("Python", &format!("no python3 with venv here ({why})"));
        }
        let requirements = material.join("requirements.txt");
        let install = ran(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(requirements));
        if let Err(why) = install {
            return not_tested("Python", &format!("its packages could not be installed ({why})"));
        }
    }
    let data = folder();
    let ward = Ward::start(data.path(), &[]);
    suite(Command::new(&python).arg(material.join("suite.py")), &ward);
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
