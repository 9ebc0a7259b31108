//! Dependencies: versions beside `packaging` and `node-semver`, and what importing and comparing cost.
//!
//! - Versions and specifiers come from `pairs.py`, 100,000 of each kind, with what the two libraries say of them.
//! - Advisories come from `--data`: everything in its folder `osv` is imported anew.
//! - Licences are those of what the environment of the peers has installed, beside `pip-licenses`.
//! - The lockfile of 10,000 packages is made here: names of packages that advisories are about, and invented ones. It holds
//!   nothing that was copied from a project.

use crate::{
    peers::{llama, vitals},
    scoreboard::{self, Options},
    tree,
};
use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};
use ward_scan::{
    advisories::{Advisories, specifier, version::Scheme},
    inventory::Ecosystem,
};

/// Pairs of each kind.
const PAIRS: &str = "100000";
/// Packages of the lockfile.
const PACKAGES: usize = 10_000;
/// Rounds of each measurement; the median is shown.
const ROUNDS: usize = 7;

/// One line of `pairs.py`.
#[derive(Deserialize)]
struct Line {
    a: Option<String>,
    b: Option<String>,
    order: Option<i8>,
    spec: Option<String>,
    npm: Option<String>,
    version: Option<String>,
    #[serde(rename = "in")]
    inside: Option<bool>,
}

/// Compares and measures.
pub(crate) fn run(options: &Options) -> Result<bool> {
    let root = tree::root();
    let folder = root.join("target/scoreboard/deps");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    println!("Load averages before: {}\n", vitals::load()?);
    if !options.no_peers {
        let kit = root.join("xtask/scoreboard/deps");
        let python = match &options.python {
            Some(python) => python.clone(),
            None => llama::environment(&folder, &kit.join("requirements.txt"))?,
        };
        versions(&python, &kit)?;
        licences(&scoreboard::release(options)?, &python, &folder)?;
    }
    match &options.data {
        Some(data) if data.join("osv").is_dir() => costs(&scoreboard::release(options)?, &data.join("osv"), &folder)?,
        _ => println!("No folder with `osv` was named with --data, so importing and comparing were not measured."),
    }
    println!("\nLoad averages after: {}", vitals::load()?);
    Ok(true)
}

/// What `pip-licenses` says of a package.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Licensed {
    name: String,
    version: String,
    license: String,
}

/// Compares what is said of the licences of one environment.
fn licences(ward: &Path, python: &Path, folder: &Path) -> Result<()> {
    let environment = python
        .parent()
        .and_then(Path::parent)
        .context("a Python of no environment")?;
    let mut costs = Vec::new();
    let mut output = |command: &mut Command| -> Result<Vec<u8>> {
        let before = vitals::of_children()?;
        let done = command.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
        costs.push(vitals::of_children()?.saturating_sub(before));
        Ok(done.stdout)
    };
    let theirs = output(Command::new(python).args(["-m", "piplicenses", "--format=json", "--with-system"]))?;
    let theirs: Vec<Licensed> = serde_json::from_slice(&theirs).context("pip-licenses")?;
    let project = folder.join("installed");
    fs::create_dir_all(&project)?;
    let list: String = theirs
        .iter()
        .map(|one| format!("{}=={}\n", one.name, one.version))
        .collect();
    fs::write(project.join("requirements.txt"), list)?;
    let ours = output(
        Command::new(ward)
            .args(["sbom", "--format", "cyclonedx", "--no-ignore", "--environment"])
            .args([environment, &project]),
    )?;
    let ours: Value = serde_json::from_slice(&ours).context("ward sbom")?;
    let ours: BTreeMap<String, String> = ours["components"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Some((normalised(one["name"].as_str()?), words_of(&one["licenses"]))))
        .collect();
    let (mut named, mut by_them, mut same, mut others) = (0, 0, 0, Vec::new());
    for one in &theirs {
        let own = ours.get(&normalised(&one.name)).map_or("", String::as_str);
        let (own_family, family) = (family(own), family(&one.license));
        named += u32::from(!own.is_empty());
        by_them += u32::from(one.license != "UNKNOWN");
        let agree = own == one.license || own_family.is_some() && own_family == family;
        same += u32::from(agree);
        if !agree {
            others.push(format!("{}: Ward `{own}`, pip-licenses `{}`", one.name, one.license));
        }
    }
    println!(
        "| {} installed packages | licence named | the same family | CPU |\n|---|---|---|---|",
        theirs.len()
    );
    let milliseconds = |at: usize| costs.get(at).map_or(0, Duration::as_millis);
    println!(
        "| `ward sbom --environment` | {named} | {same} | {} ms |",
        milliseconds(1)
    );
    println!("| `pip-licenses` | {by_them} | {same} | {} ms |\n", milliseconds(0));
    for shown in others.iter().take(20) {
        println!("- {shown}");
    }
    println!();
    Ok(())
}

/// A package's name as PEP 503 compares it.
fn normalised(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// The identifiers, names and expressions in a list of licences of CycloneDX.
fn words_of(licences: &Value) -> String {
    let word = |one: &Value| {
        let all = [&one["license"]["id"], &one["license"]["name"], &one["expression"]];
        all.into_iter().find_map(|word| word.as_str().map(str::to_owned))
    };
    let words: Vec<String> = licences.as_array().into_iter().flatten().filter_map(word).collect();
    words.join(" AND ")
}

/// The family of licences that words speak of: one tool writes identifiers of SPDX, the other what packages say.
fn family(words: &str) -> Option<&'static str> {
    const FAMILIES: &[(&str, &str)] = &[
        ("Apache", "Apache"),
        ("MIT", "MIT"),
        ("BSD", "BSD"),
        ("MPL", "MPL"),
        ("Mozilla", "MPL"),
        ("PSF", "PSF"),
        ("Python", "PSF"),
        ("ISC", "ISC"),
        ("GPL", "GPL"),
    ];
    FAMILIES
        .iter()
        .find(|(sign, _)| words.contains(sign))
        .map(|(_, family)| *family)
}

fn versions(python: &Path, kit: &Path) -> Result<()> {
    let done = Command::new(python)
        .arg(kit.join("pairs.py"))
        .arg(PAIRS)
        .stdin(Stdio::null())
        .output()?;
    if !done.status.success() {
        bail!("pairs.py ended with {}", done.status);
    }
    let mut rows: BTreeMap<&str, (u64, Vec<String>)> = BTreeMap::new();
    for line in String::from_utf8(done.stdout)?.lines() {
        let line: Line = serde_json::from_str(line)?;
        let (row, agrees, shown) = compare(&line).context("a line of pairs.py that is not known")?;
        let (total, others) = rows.entry(row).or_default();
        *total += 1;
        if !agrees {
            others.push(shown);
        }
    }
    println!("| random cases | compared | the same | otherwise |\n|---|---|---|---|");
    for (row, (total, others)) in &rows {
        println!(
            "| {row} | {total} | {} | {} |",
            total - others.len() as u64,
            others.len()
        );
    }
    for (row, (_, others)) in &rows {
        for shown in others.iter().take(8) {
            println!("- {row}: {shown}");
        }
    }
    println!();
    Ok(())
}

/// The kind of a case, whether Ward says the same, and the case in words.
fn compare(line: &Line) -> Option<(&'static str, bool, String)> {
    if let (Some(a), Some(b), Some(order)) = (&line.a, &line.b, line.order) {
        let says = Scheme::Pep440
            .read(a)
            .zip(Scheme::Pep440.read(b))
            .map(|(a, b)| a.cmp(&b) as i8);
        return Some((
            "order of PEP 440 versions, `packaging`",
            says == Some(order),
            format!("`{a}` `{b}` {order}, Ward {says:?}"),
        ));
    }
    let (version, inside) = (line.version.as_ref()?, line.inside?);
    let (row, ecosystem, scheme, words) = match (&line.spec, &line.npm) {
        (Some(words), _) => (
            "PEP 440 specifiers, `packaging`",
            Ecosystem::PyPI,
            Scheme::Pep440,
            words,
        ),
        (_, Some(words)) => ("npm ranges, `node-semver`", Ecosystem::Npm, Scheme::Semver, words),
        _ => return None,
    };
    let says = specifier::allowed(ecosystem, words)
        .zip(scheme.read(version))
        .map(|(set, version)| set.contains(&version));
    Some((
        row,
        says == Some(inside),
        format!("`{version}` in `{words}`: {inside}, Ward {says:?}"),
    ))
}

/// Median and spread of wall clock and processor time.
struct Cost {
    wall: Duration,
    cpu: Duration,
}

fn measured(mut run: impl FnMut() -> Result<()>) -> Result<Cost> {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let before = vitals::of_children()?;
        let start = Instant::now();
        run()?;
        all.push((start.elapsed(), vitals::of_children()?.saturating_sub(before)));
    }
    let median = |mut times: Vec<Duration>| {
        times.sort();
        times.get(ROUNDS / 2).copied().unwrap_or_default()
    };
    Ok(Cost {
        wall: median(all.iter().map(|(wall, _)| *wall).collect()),
        cpu: median(all.iter().map(|(_, cpu)| *cpu).collect()),
    })
}

fn costs(ward: &Path, osv: &Path, folder: &Path) -> Result<()> {
    let data = folder.join("data");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    let before = vitals::of_children()?;
    let start = Instant::now();
    let done = Command::new(ward)
        .args(["db", "import", "--json", "--data"])
        .arg(&data)
        .arg(osv)
        .stdin(Stdio::null())
        .output()?;
    let (wall, cpu) = (start.elapsed(), vitals::of_children()?.saturating_sub(before));
    let said: Value =
        serde_json::from_slice(&done.stdout).with_context(|| format!("ward db import: {}", done.status))?;
    println!("| import | |\n|---|---|");
    println!("| advisories | {} |", said["imported"]["advisories"]);
    println!(
        "| withdrawn; not read | {}; {} |",
        said["imported"]["withdrawn"],
        said["imported"]["rejected"].as_array().map_or(0, Vec::len)
    );
    println!("| the file | {} bytes |", said["database"]["bytes"]);
    println!(
        "| time | {:.2} s, {:.2} CPU s |\n",
        wall.as_secs_f64(),
        cpu.as_secs_f64()
    );
    let names = names(&data.join("advisories.db"))?;
    println!("| {PACKAGES} packages in | findings | median wall | median CPU |\n|---|---|---|---|");
    for (file, text) in [
        ("requirements.txt", requirements(&names)),
        ("uv.lock", uv(&names)),
        ("package-lock.json", npm(&names)),
    ] {
        let project = folder.join("project");
        if project.exists() {
            fs::remove_dir_all(&project)?;
        }
        fs::create_dir_all(&project)?;
        fs::write(project.join(file), &text)?;
        let mut findings = 0;
        let cost = measured(|| {
            let done = Command::new(ward)
                .args(["scan", "--engines", "dependencies", "--no-ignore", "--json", "--data"])
                .arg(&data)
                .arg(&project)
                .stdin(Stdio::null())
                .stderr(Stdio::null())
                .output()?;
            let said: Value =
                serde_json::from_slice(&done.stdout).with_context(|| format!("ward scan: {}", done.status))?;
            findings = said["findings"].as_array().map_or(0, Vec::len);
            Ok(())
        })?;
        println!(
            "| `{file}`, {:.1} MB | {findings} | {:.0} ms | {:.0} ms |",
            text.len() as f64 / 1e6,
            cost.wall.as_secs_f64() * 1e3,
            cost.cpu.as_secs_f64() * 1e3
        );
    }
    Ok(())
}

/// The Python packages that advisories are about.
fn names(file: &Path) -> Result<Vec<String>> {
    let opened = Advisories::of_bytes(fs::read(file)?)?;
    let python = |record: Result<(_, _), _>| {
        let (package, _): (ward_scan::advisories::package::Package, Vec<_>) = record.ok()?;
        (package.ecosystem == Ecosystem::PyPI).then_some(package.name)
    };
    let mut names: Vec<String> = opened.all().filter_map(python).collect();
    names.sort();
    Ok(names)
}

/// A name and a version for each package: every tenth is one that advisories are about.
fn packages(names: &[String]) -> impl Iterator<Item = (String, String)> + '_ {
    (0..PACKAGES).map(|at| {
        let known = names.get(at / 10 % names.len().max(1)).filter(|_| at % 10 == 0);
        let name = known.cloned().unwrap_or_else(|| format!("invented-package-{at}"));
        (name, format!("{}.{}.{}", at % 7, at % 13, at % 5))
    })
}

fn hash(at: usize) -> String {
    format!(
        "{:064x}",
        (at as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c834)
    )
}

fn requirements(names: &[String]) -> String {
    packages(names)
        .enumerate()
        .fold(String::new(), |mut out, (at, (name, version))| {
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "{name}=={version} \\\n    --hash=sha256:{} \\\n    --hash=sha256:{}",
                hash(at),
                hash(at + PACKAGES)
            );
            out
        })
}

fn uv(names: &[String]) -> String {
    let head = "version = 1\nrequires-python = \">=3.11\"\n".to_owned();
    packages(names).enumerate().fold(head, |mut out, (at, (name, version))| {
        let _ = write!(
            out,
            "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = {{ registry = \"https://packages.example/simple\" }}\n\
             dependencies = [\n    {{ name = \"invented-package-{}\" }},\n]\nwheels = [\n    {{ url = \"https://files.example/{name}-{version}-py3-none-any.whl\", \
             hash = \"sha256:{}\", size = 1000 }},\n]\n",
            (at + 1) % PACKAGES,
            hash(at)
        );
        out
    })
}

fn npm(names: &[String]) -> String {
    let mut out = "{\"lockfileVersion\":3,\"packages\":{\"\":{}".to_owned();
    for (at, (name, version)) in packages(names).enumerate() {
        let _ = write!(
            out,
            ",\n\"node_modules/{name}\":{{\"version\":\"{version}\",\"resolved\":\"https://packages.example/{name}/-/{name}-{version}.tgz\",\"integrity\":\"sha512-{}\",\
             \"license\":\"MIT\",\"dependencies\":{{\"invented-package-{}\":\"^1.0.0\"}}}}",
            hash(at),
            (at + 1) % PACKAGES
        );
    }
    out.push_str("}}\n");
    out
}
