//! `ward doctor`: the settings as they would count, and what is risky about them.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::json;
use ward_seal::{apikey::KeyStore, store::DataDir};
use ward_serve::{
    Memory,
    app::now,
    doctor::{self, Level, Surroundings},
    listen,
    settings::{Source, table},
    tls,
};

use crate::{cli::doctor::Doctor, commands::serve::settings, exit::Exit, folder, process, terminal};

/// Looks at settings, certificate and keys. Changes nothing and connects to nothing.
///
/// # Errors
/// When the settings cannot be read, or the data folder cannot be used.
pub fn run(args: &Doctor) -> Result<Exit> {
    let folder = folder::data(args.data.data.clone())?;
    let file = settings::file(args.config.as_deref(), &folder);
    let read = settings::read(file.as_deref(), &[], folder.clone())?;
    // Whatever keeps `ward serve` from starting keeps it from starting here, in the same words.
    listen::check(&read.config)?;
    DataDir::check(&folder)?;
    let mut keys = Vec::new();
    let mut around = Surroundings {
        may_be_swapped: process::memory() == Memory::MayBeSwapped,
        ..Surroundings::default()
    };
    // Before the first start there may be a folder with nothing but settings in it.
    let data = DataDir::is_begun(&folder)
        .then(|| DataDir::open_existing(&folder))
        .transpose()?;
    if let Some(data) = &data {
        keys = KeyStore::open(data)?.list();
    }
    around.certificate_ends_unix_ms =
        tls::ends(data.as_ref(), &read.config.tls).context("cannot read the certificate")?;
    if let Some(file) = &file {
        around.settings_writable_by_others = others_may(file, 0o022);
        let beside = file.parent().unwrap_or(Path::new(""));
        for one in &read.effective {
            if !table::named(one.path).is_some_and(|setting| setting.kind.may_be_elsewhere()) {
                continue;
            }
            let value = one.value.trim_matches('"');
            let readable = match value.strip_prefix("file:") {
                Some(path) => others_may(&beside.join(path), 0o044),
                // What stands in the settings themselves, and is shown only in part.
                None => value.ends_with("/***") && others_may(file, 0o044),
            };
            if readable {
                around.secrets_readable_by_others.push(one.path);
            }
        }
        if let Some(key) = &read.config.tls.key
            && others_may(key, 0o044)
        {
            around.secrets_readable_by_others.push("tls.key");
        }
    }
    let risks = doctor::risks(&read.config, &keys, &around, now());
    let shown = read
        .effective
        .iter()
        .filter(|one| args.all || one.source != Source::Default);
    if args.json {
        terminal::json(&json!({
            "file": file.as_ref().map(|file| file.display().to_string()),
            "profile": read.profile,
            "settings": shown
                .map(|one| json!({"name": one.path, "value": one.value, "source": one.source.word()}))
                .collect::<Vec<_>>(),
            "risks": risks
                .iter()
                .map(|risk| json!({"risk": risk.word, "level": risk.level.word(), "about": risk.about, "what": risk.what}))
                .collect::<Vec<_>>(),
        }))?;
    } else {
        let mut text = match &file {
            Some(file) => format!("Settings of {} (profile {})\n", file.display(), read.profile),
            None => "No ward.toml: the usual settings\n".to_owned(),
        };
        for one in shown {
            text.push_str(&format!("  {:<44} {}  ({})\n", one.path, one.value, one.source.word()));
        }
        if risks.is_empty() {
            text.push_str("No risks known\n");
        }
        for risk in &risks {
            text.push_str(&format!(
                "{:<7} {} {}: {}\n",
                risk.level.word(),
                risk.word,
                risk.about,
                risk.what
            ));
        }
        terminal::result(&text)?;
    }
    let bad = risks.iter().any(|risk| risk.level >= Level::Medium);
    Ok(if bad { Exit::Findings } else { Exit::Clean })
}

/// Whether others than the owner have any of these permissions on a file.
#[cfg(unix)]
fn others_may(file: &Path, bits: u32) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).is_ok_and(|about| about.permissions().mode() & bits != 0)
}

#[cfg(not(unix))]
fn others_may(file: &Path, _: u32) -> bool {
    // Without Unix modes there is nothing to look at.
    let _ = fs::metadata(file);
    false
}
