//! `ward db`: the advisories that `ward scan` compares packages with.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use ward_formats::input::Input;
use ward_scan::{
    advisories::{self, Added, Advisories, Builder, Facts, Known, package::ECOSYSTEMS},
    inventory::Ecosystem,
    suppress::{self, Day},
};
use ward_seal::store::DataDir;
use ward_serve::fetch;

use crate::{cli::db as cli, exit::Exit, folder, terminal};

/// Most files that are named on standard error when they could not be read.
const MOST_NAMED: usize = 20;

/// Runs a subcommand.
///
/// # Errors
/// What went wrong and what to do.
pub fn run(command: &cli::Db) -> Result<Exit> {
    match command {
        cli::Db::Import(args) => import(args),
        cli::Db::Update(args) => update(args),
        cli::Db::Status(args) => status(args),
    }
}

/// The advisories of a data folder, for a scan. There being none is no error.
#[must_use]
pub fn known(data: Option<PathBuf>) -> Known {
    let Ok(data) = folder::data(data) else {
        return Known::None;
    };
    match open(&data.join(advisories::FILE)) {
        Ok(None) => Known::None,
        Ok(Some(Ok(opened))) => Known::Open(Box::new(opened)),
        Ok(Some(Err(error))) => Known::Refused(error),
        Err(_) => Known::Refused(ward_scan::Error::new(
            ward_scan::ErrorKind::Environment,
            "the advisory database cannot be read",
        )),
    }
}

/// Opens a database; none when there is no file.
fn open(path: &Path) -> Result<Option<Result<Advisories, ward_scan::Error>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    let about = file
        .metadata()
        .with_context(|| format!("{} cannot be read", path.display()))?;
    if !about.is_file() {
        bail!("{} is no file", path.display());
    }
    Ok(Some(Advisories::open(about.len(), positional(file))))
}

#[cfg(unix)]
fn positional(file: File) -> advisories::Reader {
    use std::os::unix::fs::FileExt as _;
    Box::new(move |at, buffer| file.read_exact_at(buffer, at))
}

#[cfg(not(unix))]
fn positional(file: File) -> advisories::Reader {
    let file = Mutex::new(file);
    Box::new(move |at, buffer| {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(buffer)
    })
}

fn import(args: &cli::Import) -> Result<Exit> {
    let mut builder = Builder::new();
    builder.on(today());
    if let Some(text) = &args.as_of {
        let day = suppress::read_day(text).with_context(|| "--as-of takes a day as YYYY-MM-DD")?;
        if day > today() {
            bail!("--as-of is a day that has not come yet");
        }
        builder.fetched(day);
    }
    for path in &args.paths {
        if fs::symlink_metadata(path).is_err() {
            bail!("there is nothing at {}", path.display());
        }
        add(&mut builder, path)?;
    }
    finish(builder, args.data.data.clone(), args.replace, args.json)
}

/// Writes what was brought, together with what is there.
fn finish(mut builder: Builder, data: Option<PathBuf>, replace: bool, json: bool) -> Result<Exit> {
    let added = builder.added().clone();
    if added.advisories + added.withdrawn + added.exploited + added.rated == 0 {
        complain(&added);
        bail!("there are no advisories in what was named; the guide to dependencies lists the formats");
    }
    let data = folder::data(data)?;
    let folder = DataDir::open(&data)?;
    let path = data.join(advisories::FILE);
    if !replace && let Some(older) = open(&path)? {
        let older = older.with_context(|| path.display().to_string())?;
        builder.keep(&older).with_context(|| path.display().to_string())?;
    }
    let (bytes, facts) = builder.write(today())?;
    folder.write_private(advisories::FILE, &bytes)?;
    complain(&added);
    if json {
        terminal::json(&json!({
            "imported": {
                "advisories": added.advisories,
                "withdrawn": added.withdrawn,
                "elsewhere": added.elsewhere,
                "exploited": added.exploited,
                "rated": added.rated,
                "others": added.others,
                "rejected": added.rejected.iter().map(|one| json!({"path": one.name, "reason": one.why})).collect::<Vec<_>>(),
            },
            "database": described(&facts, bytes.len() as u64),
        }))?;
    } else {
        terminal::result(&format!(
            "imported {} advisories; {} were withdrawn, {} are about other ecosystems\n{}",
            added.advisories,
            added.withdrawn,
            added.elsewhere,
            text(&facts, bytes.len() as u64)
        ))?;
    }
    Ok(if added.rejected_count == 0 {
        Exit::Clean
    } else {
        Exit::NotExamined
    })
}

/// Largest archive of one ecosystem: that of npm has about 200 MB.
const MOST_ARCHIVE: u64 = 4 << 30;

/// Fetches what osv.dev publishes and imports it. Nothing is changed unless all of it arrived, and none of it lost half of
/// what was there.
fn update(args: &cli::Update) -> Result<Exit> {
    let names: Vec<&str> = if args.ecosystems.is_empty() {
        ECOSYSTEMS.iter().map(|one| one.name()).collect()
    } else {
        let known = |name: &String| {
            let of = |one: &Ecosystem| one.name().eq_ignore_ascii_case(name);
            ECOSYSTEMS
                .into_iter()
                .find(of)
                .with_context(|| format!("Ward reads no advisories about {name}"))
        };
        args.ecosystems
            .iter()
            .map(|name| known(name).map(Ecosystem::name))
            .collect::<Result<_>>()?
    };
    let data = folder::data(args.data.data.clone())?;
    let mut builder = Builder::new();
    builder.on(today());
    builder.fetched(today());
    for name in names {
        let before = (builder.added().advisories, builder.added().rejected_count);
        let url = format!(
            "{}/{}/all.zip",
            args.from.trim_end_matches('/'),
            name.replace(' ', "%20")
        );
        terminal::note(&format!("fetching {url}"));
        let path = data.join(format!("advisories-{}.zip.part", std::process::id()));
        let fetched = archive(&url, &data, &path, &mut builder);
        let _ = fs::remove_file(&path);
        fetched.with_context(|| format!("the advisories about {name} were not fetched, so nothing was changed"))?;
        let brought = builder.added().advisories - before.0;
        if brought == 0 || builder.added().rejected_count - before.1 > brought / 10 {
            complain(builder.added());
            bail!("what {url} serves is no archive of advisories, so nothing was changed");
        }
    }
    if let Some(Ok(older)) = open(&data.join(advisories::FILE))? {
        for (name, kept) in &older.facts().ecosystems {
            let now = builder.advisories_of(name);
            if now > 0 && now < kept.advisories / 2 {
                bail!(
                    "there were {} advisories about {name} and now there are {now}, so nothing was changed; if that is right, \
                     import them with --replace",
                    kept.advisories
                );
            }
        }
    }
    finish(builder, Some(data), false, args.json)
}

/// Fetches one archive into the file `path` of the data folder, and adds it. Before a byte has arrived there is neither.
fn archive(url: &str, data: &Path, path: &Path, builder: &mut Builder) -> Result<()> {
    use std::io::Write as _;
    let mut file = None;
    let limits = fetch::Limits {
        bytes: MOST_ARCHIVE,
        silence: Duration::from_secs(60),
    };
    fetch::fetch(url, limits, &mut |piece| {
        if file.is_none() {
            DataDir::open(data).map_err(io::Error::other)?;
            file = Some(File::create(path)?);
        }
        file.as_mut().map_or(Ok(()), |file| file.write_all(piece))
    })?;
    if file.take().is_none() {
        bail!("{url} serves an empty file");
    }
    add(builder, path)
}

fn complain(added: &Added) {
    for one in added.rejected.iter().take(MOST_NAMED) {
        terminal::note(&format!("{} was not imported: {}", one.name, one.why));
    }
    let more = added.rejected_count.saturating_sub(MOST_NAMED as u64);
    if more > 0 {
        terminal::note(&format!("{more} more were not imported"));
    }
}

/// Adds a file, or every file of a folder. Links are not followed out of what was named.
fn add(builder: &mut Builder, path: &Path) -> Result<()> {
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        let named = || format!("cannot read {}", path.display());
        if path.is_dir() {
            let mut inside: Vec<PathBuf> = Vec::new();
            for entry in fs::read_dir(&path).with_context(named)? {
                let entry = entry.with_context(named)?;
                let kind = entry.file_type().with_context(named)?;
                if !kind.is_symlink() && entry.file_name() != ".git" {
                    inside.push(entry.path());
                }
            }
            // In the order of names, last first: the end is taken off first.
            inside.sort_unstable_by(|a, b| b.cmp(a));
            open.extend(inside);
            continue;
        }
        let file = File::open(&path).with_context(named)?;
        let about = file.metadata().with_context(named)?;
        if !about.is_file() {
            continue;
        }
        if about.len() <= SMALL {
            let mut bytes = Vec::new();
            file.take(SMALL).read_to_end(&mut bytes).with_context(named)?;
            builder.add(&path.display().to_string(), &Input::of_bytes(&bytes));
            continue;
        }
        let file = Mutex::new(file);
        let read = |at: u64, buffer: &mut [u8]| {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(buffer)
        };
        builder.add(&path.display().to_string(), &Input::of_reader(about.len(), &read));
    }
    Ok(())
}

/// Files up to this size are read whole.
const SMALL: u64 = 64 << 20;

fn status(args: &cli::Status) -> Result<Exit> {
    let data = folder::data(args.data.data.clone())?;
    let path = data.join(advisories::FILE);
    let Some(opened) = open(&path)? else {
        if args.json {
            terminal::json(&json!({"database": null}))?;
        } else {
            terminal::result("there are no advisories; `ward db import` takes them from files\n")?;
        }
        return Ok(Exit::NotExamined);
    };
    let opened = opened.with_context(|| path.display().to_string())?;
    for record in opened.all() {
        record.with_context(|| path.display().to_string())?;
    }
    let length = fs::metadata(&path).map_or(0, |about| about.len());
    if args.json {
        terminal::json(&json!({"database": described(opened.facts(), length)}))?;
    } else {
        terminal::result(&text(opened.facts(), length))?;
    }
    Ok(Exit::Clean)
}

fn described(facts: &Facts, length: u64) -> serde_json::Value {
    let ecosystems: serde_json::Map<String, serde_json::Value> = facts
        .ecosystems
        .iter()
        .map(|(name, kept)| {
            let about = json!({
                "packages": kept.packages,
                "advisories": kept.advisories,
                "as_of": suppress::write_day(kept.as_of),
                "days_old": today().saturating_sub(kept.as_of),
            });
            (name.clone(), about)
        })
        .collect();
    json!({
        "imported": suppress::write_day(facts.imported),
        "bytes": length,
        "ecosystems": ecosystems,
        "sources": facts.sources,
        "exploited": facts.exploited.len(),
        "rated": facts.rated,
    })
}

fn text(facts: &Facts, length: u64) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "advisories imported on {}, {:.1} MB",
        suppress::write_day(facts.imported),
        length as f64 / 1e6
    );
    for (name, kept) in &facts.ecosystems {
        let age = today().saturating_sub(kept.as_of);
        let _ = writeln!(
            out,
            "  {name:<16} {:>7} advisories about {:>7} packages, as of {} ({age} days old)",
            kept.advisories,
            kept.packages,
            suppress::write_day(kept.as_of)
        );
    }
    let sources: Vec<String> = facts
        .sources
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    if !sources.is_empty() {
        let _ = writeln!(out, "  from {}", sources.join(", "));
    }
    let _ = writeln!(
        out,
        "  {} faults known to be exploited, {} rated by their likelihood of being exploited",
        facts.exploited.len(),
        facts.rated
    );
    out
}

fn today() -> Day {
    super::scan::today()
}
