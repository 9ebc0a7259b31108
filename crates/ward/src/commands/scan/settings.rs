//! From what was typed to the settings of a scan.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context, Result, bail};
use ward_scan::{
    ENGINES, Engine, archive,
    baseline::{self, Baseline},
    bom, code,
    config::{self, Config},
    dependencies, engine, licences,
    scan::Settings,
    source::{
        disk,
        git::{cache::Cache, history},
    },
    suppress::{self, Day, PathRules},
};
use ward_seal::{Secret32, hash, random, store::DataDir};

use super::verify;
use crate::{
    cli::scan::{Compat, Profile, Scan},
    folder, terminal,
};

/// Largest `.wardignore` and `ward.toml` that is read.
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// Checked settings.
///
/// # Errors
/// When an engine does not exist, or a file that was named cannot be read.
pub(super) fn of(args: &Scan) -> Result<Settings> {
    let baseline = read_baseline(args)?;
    let key = match &baseline {
        Some(baseline) => baseline.key().clone(),
        None => key(args)?,
    };
    Ok(Settings {
        engines: engines(&args.engines, args.compat.is_some())?,
        key,
        baseline,
        paths: path_rules(args)?,
        config: config(args)?,
        ask: args.verify.then(verify::asker),
        profile: args.profile.map(|profile| match profile {
            Profile::Default => config::Profile::Default,
            Profile::Thorough => config::Profile::Thorough,
        }),
        compat: args.compat.map(|compat| match compat {
            Compat::Bandit => "bandit",
        }),
        foreign_markers: args.foreign_markers,
        advisories: crate::commands::db::known(args.data.data.clone()),
        limits: archive::Limits::default(),
        today: today(),
        clock: Some(clock),
    })
}

/// What was typed, and what `ward.toml` says where nothing was typed: threshold, engines, baseline.
///
/// # Errors
/// When `ward.toml` cannot be read.
pub(super) fn with_defaults(args: &Scan) -> Result<Scan> {
    let (mut args, config) = (args.clone(), config(args)?);
    for (field, value) in config.lets_pass() {
        let typed = match field {
            "threshold" => args.threshold.is_some(),
            "engines" => !args.engines.is_empty() || args.compat.is_some(),
            _ => args.baseline.is_some() || args.write_baseline.is_some(),
        };
        if !typed {
            terminal::note(&format!("ward.toml: {field} is {value}"));
        }
    }
    args.threshold = args.threshold.or(config.threshold);
    if args.engines.is_empty() && args.compat.is_none() {
        args.engines = config.engines;
    }
    if args.baseline.is_none() && args.write_baseline.is_none() {
        let root = args.paths.first().filter(|root| root.is_dir());
        args.baseline = root.zip(config.baseline).map(|(root, file)| root.join(file));
    }
    Ok(args)
}

fn engines(names: &[String], compat: bool) -> Result<Vec<&'static Engine>> {
    // Another tool's names are names for findings in programs.
    if names.is_empty() && compat {
        return Ok(vec![&code::ENGINE]);
    }
    if names.is_empty() {
        return Ok(ENGINES.iter().collect());
    }
    let known = || ENGINES.iter().map(|engine| engine.name).collect::<Vec<_>>().join(", ");
    let named = names.iter().map(|name| {
        engine::by_name(name).with_context(|| format!("there is no engine `{name}`; there are {}", known()))
    });
    let mut engines: Vec<&'static Engine> = named.collect::<Result<_>>()?;
    // Licences are judged of what manifests name, which the engine of dependencies reads when it runs.
    let runs = |name: &str| engines.iter().any(|engine| engine.name == name);
    if runs(licences::ENGINE.name) && !runs(dependencies::ENGINE.name) {
        engines.push(&bom::MANIFESTS);
    }
    Ok(engines)
}

/// The baseline that was named. One that is to be written is read first when it is there.
fn read_baseline(args: &Scan) -> Result<Option<Baseline>> {
    if let Some(file) = &args.baseline {
        return one_baseline(file).map(Some);
    }
    match &args.write_baseline {
        Some(file) if file.exists() => one_baseline(file).map(Some),
        Some(_) => Ok(Some(Baseline::new(Secret32::new(random::bytes()?)))),
        None => Ok(None),
    }
}

fn one_baseline(file: &Path) -> Result<Baseline> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    if bytes.len() > baseline::MAX_FILE {
        bail!("{} is larger than any baseline", file.display());
    }
    Baseline::read(&bytes).with_context(|| file.display().to_string())
}

/// The data folder's key for fingerprints, made on first use. Where there can be no data folder, a scan still works: its
/// fingerprints are then its own.
fn key(args: &Scan) -> Result<Secret32> {
    let named = args.data.data.is_some();
    let kept = folder::data(args.data.data.clone()).and_then(|path| Ok(DataDir::open(&path)?.secret("scan")?));
    match kept {
        Ok(key) => Ok(key),
        Err(error) if named => Err(error),
        Err(error) => {
            terminal::note(&format!(
                "fingerprints will differ next time: there is no key for them ({error:#})"
            ));
            Ok(Secret32::new(random::bytes()?))
        }
    }
}

/// Where what is known of histories is kept. None when it is not wanted, or there is nowhere to keep it or its key.
pub(super) fn cache(args: &Scan) -> Option<Cache> {
    if args.no_cache {
        return None;
    }
    let data = folder::data(args.data.data.clone()).ok()?;
    Some(Cache {
        folder: folder::cache()?.join("scan"),
        key: DataDir::open(&data).ok()?.secret("scan").ok()?,
        context: context(args),
    })
}

/// A hash of everything that decides what is found in a blob.
fn context(args: &Scan) -> [u8; 32] {
    let mut text = format!(
        "{} {:?} {:?}\n",
        env!("CARGO_PKG_VERSION"),
        args.engines,
        archive::Limits::default()
    );
    // Rules also change between two builds of one version.
    let built = std::env::current_exe().and_then(fs::metadata);
    let time = built.as_ref().ok().and_then(|meta| meta.modified().ok());
    text += &format!("{:?} {time:?}\n", built.as_ref().map(fs::Metadata::len).ok());
    for rule in engine::all_rules() {
        text += &format!("{} {}\n", rule.id, rule.severity);
    }
    hash::sha256(text.as_bytes())
}

/// What `.wardignore` at the root of what is scanned says.
fn path_rules(args: &Scan) -> Result<PathRules> {
    let bytes = at_root(args, suppress::FILE)?;
    Ok(bytes.map_or_else(PathRules::default, |(_, bytes)| {
        PathRules::read(&String::from_utf8_lossy(&bytes), today())
    }))
}

/// What `ward.toml` at the root of what is scanned says.
pub(super) fn config(args: &Scan) -> Result<Config> {
    let Some((file, bytes)) = at_root(args, config::FILE)? else {
        return Ok(Config::default());
    };
    let text = std::str::from_utf8(&bytes).with_context(|| format!("{} is no UTF-8", file.display()))?;
    Config::read(text).with_context(|| file.display().to_string())
}

/// A file at the root of what is scanned, with its name: of the index where that is scanned, for what is only in the work
/// tree is no part of a commit.
fn at_root(args: &Scan, name: &str) -> Result<Option<(PathBuf, Vec<u8>)>> {
    let [root] = args.paths.as_slice() else {
        return Ok(None);
    };
    let file = root.join(name);
    let cannot = || format!("cannot read {}", file.display());
    let bytes = if args.staged {
        let Some(repository) = super::repository(args, root) else {
            return Ok(None);
        };
        let (top, whole) = (
            repository.work_tree.clone().unwrap_or_default(),
            root.canonicalize().with_context(cannot)?,
        );
        let below = top
            .canonicalize()
            .ok()
            .and_then(|top| Some(whole.strip_prefix(top).ok()?.join(name)));
        let below = below.map(|below| disk::path_text(&below)).unwrap_or_default();
        history::staged(&repository, &below).with_context(cannot)?
    } else {
        match disk::read_small(&file, MAX_IGNORE_FILE) {
            Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => None,
            other => other.with_context(cannot)?,
        }
    };
    Ok(bytes.map(|bytes| (file, bytes)))
}

/// How many threads scan.
pub(super) fn threads(args: &Scan) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    args.jobs.map_or_else(cores, usize::from)
}

/// Time since the program asked first.
fn clock() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    BEGUN.get_or_init(Instant::now).elapsed()
}

/// Today, in UTC.
pub(in crate::commands) fn today() -> Day {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| Day::try_from(since.as_secs() / 86_400).unwrap_or_default())
}
