//! From the text of `ward.toml` to settings.

use std::{
    collections::HashMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use ward_seal::hash;

use super::{
    Effective, Kind, Setting, SettingsError, Source, Value,
    at_start::AtStart,
    leaves::{Leaf, Leaves, Raw, wrong},
    profiles::{BEYOND_THIS_MACHINE, PROFILES},
    secrets, table,
};
use crate::{config::Config, identity::Role, identity::oidc::KeySource};

pub use super::leaves::MAX_BYTES;

/// `ward.toml` as it was found.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// What errors call it.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
    /// The folder it stands in: files that it names stand beside it.
    pub folder: &'a Path,
}

/// What was said on the command line, as TOML: the setting's name below `[serve]`, its value.
pub type Flags = [(&'static str, String)];

/// Settings, read.
pub struct Read {
    /// The settings.
    pub config: Config,
    /// Each setting with its value and where that comes from, in the order of the table.
    pub effective: Vec<Effective>,
    /// The profile.
    pub profile: &'static str,
    /// What `log` says.
    pub log: String,
    /// What only a start takes up.
    pub at_start: AtStart,
}

/// Reads settings: defaults, then the profile, then the file, then flags.
///
/// # Errors
/// The first thing that is wrong, with its file and line.
pub fn read(
    document: Option<Document<'_>>,
    flags: &Flags,
    data: PathBuf,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Read, SettingsError> {
    layered(document, flags, data, env).map_err(|error| SettingsError {
        // Only what stands in the file has a line.
        file: error
            .file
            .or_else(|| error.line.and(document).map(|document| document.name.to_owned())),
        ..error
    })
}

/// Reads a file by its text alone: no secret that it names is looked up, and no other file is opened.
///
/// # Errors
/// What is wrong with it, as [`read`] would say.
pub fn by_text(document: Document<'_>) -> Result<Read, SettingsError> {
    let mut file = Leaves::parse(document.text, true)?;
    for setting in table::all().filter(|setting| setting.kind.may_be_elsewhere()) {
        if let Some(Raw::Text(text)) = file.single.get_mut(setting.path).map(|leaf| &mut leaf.value)
            && secrets::is_elsewhere(text)
        {
            let stand_in = match setting.kind {
                Kind::Address => "https://an-address.nobody-looked-up.example",
                _ => "env:SECRET",
            };
            stand_in.clone_into(text);
        }
    }
    let stand_in = |_: &str| Some("a secret that nobody looked up".to_owned());
    of_leaves(file, Some(document), &[], PathBuf::new(), &stand_in)
}

fn layered(
    document: Option<Document<'_>>,
    flags: &Flags,
    data: PathBuf,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Read, SettingsError> {
    let file = match document {
        None => Leaves::default(),
        Some(document) => Leaves::parse(document.text, true).map_err(|error| SettingsError {
            file: Some(document.name.to_owned()),
            ..error
        })?,
    };
    of_leaves(file, document, flags, data, env)
}

fn of_leaves(
    file: Leaves,
    document: Option<Document<'_>>,
    flags: &Flags,
    data: PathBuf,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Read, SettingsError> {
    let folder = document.map_or(Path::new(""), |document| document.folder);
    let profile = match file.profile {
        None => PROFILES.first(),
        Some((ref name, line)) => Some(PROFILES.iter().find(|profile| profile.name == name).ok_or_else(|| {
            let names: Vec<_> = PROFILES.iter().map(|profile| profile.name).collect();
            wrong(line, "serve.profile", format!("profiles are {}", names.join(", ")))
        })?),
    };
    let (name, settings) = profile.map_or(("dev", ""), |profile| (profile.name, profile.settings));
    let mut layers = vec![(Source::Profile, Leaves::parse(settings, false)?), (Source::File, file)];
    let mut text = String::new();
    for (path, value) in flags {
        text.push_str(&format!("{path} = {value}\n"));
    }
    layers.push((Source::Flag, Leaves::parse(&text, false)?));
    if name == "dev" && is_beyond(&layers) && !says(&layers, "unsafe_unlimited", "true") {
        layers.insert(0, (Source::Profile, Leaves::parse(BEYOND_THIS_MACHINE, false)?));
    }

    let mut config = Config::new(data);
    config.digest = document.map(|document| hash::sha256(document.text.as_bytes()));
    let mut effective = Vec::new();
    let mut at_start = AtStart::default();
    for setting in table::all().filter(|setting| !setting.path.contains("[]")) {
        let said = layers
            .iter()
            .rev()
            .find_map(|(source, leaves)| leaves.single.get(setting.path).map(|leaf| (*source, leaf)));
        let Some((source, leaf)) = said else {
            effective.push(Effective {
                path: setting.path,
                value: setting.default.to_owned(),
                source: Source::Default,
            });
            continue;
        };
        let value = set(&mut config, setting, leaf, folder, env)?;
        let shown = leaf.value.shown_as(setting.kind);
        if setting.restart && shown != setting.default {
            at_start.add(setting.path, &value);
        }
        effective.push(Effective {
            path: setting.path,
            value: shown,
            source,
        });
    }
    for (source, leaves) in &layers {
        for (list, line, members) in &leaves.lists {
            entry(&mut config, list, *line, members, folder, env)?;
            for setting in of_list(list) {
                if let Some(leaf) = members.get(setting.path) {
                    effective.push(Effective {
                        path: setting.path,
                        value: leaf.value.shown_as(setting.kind),
                        source: *source,
                    });
                }
            }
        }
    }
    complete(&config, &layers)?;
    if let Some(settings) = &mut config.oidc
        && let KeySource::File(path) = &settings.keys
    {
        settings.keys = KeySource::File(folder.join(path));
    }
    let log = layers.iter().rev().find_map(|(_, leaves)| leaves.single.get("log"));
    let log = log.map_or_else(
        || "none".to_owned(),
        |leaf| leaf.value.shown().trim_matches('"').to_owned(),
    );
    Ok(Read {
        config,
        effective,
        profile: name,
        log,
        at_start,
    })
}

/// Sets one thing, and gives what it was set to.
fn set(
    config: &mut Config,
    setting: &Setting,
    leaf: &Leaf,
    folder: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Value, SettingsError> {
    let path = format!("serve.{}", setting.path);
    let value = leaf
        .value
        .of_kind(setting.kind, folder, env)
        .map_err(|what| wrong(leaf.line, &path, what))?;
    (setting.set)(config, &value).map_err(|what| wrong(leaf.line, &path, format!("{what}.")))?;
    Ok(value)
}

/// The settings of one entry of a list, in the order in which they are set.
fn of_list(list: &str) -> impl Iterator<Item = &'static Setting> {
    table::all().filter(move |setting| {
        let member = setting.path.strip_prefix(list);
        member.is_some_and(|member| member.starts_with("[]."))
    })
}

/// Sets one entry of a list.
fn entry(
    config: &mut Config,
    list: &str,
    line: Option<usize>,
    members: &HashMap<String, Leaf>,
    folder: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<(), SettingsError> {
    for setting in of_list(list) {
        match members.get(setting.path) {
            Some(leaf) => drop(set(config, setting, leaf, folder, env)?),
            None if setting.default == "must be set" => {
                return Err(wrong(line, format!("serve.{}", setting.path), "this must be set."));
            }
            None => {}
        }
    }
    if config
        .clients
        .last()
        .is_some_and(|client| client.role == Role::BreakGlass)
    {
        let what = "break-glass is given by `ward key new`, with a reason and an end, and not by a certificate.";
        return Err(wrong(line, "serve.client[].role", what));
    }
    Ok(())
}

/// What only shows when everything is set.
fn complete(config: &Config, layers: &[(Source, Leaves)]) -> Result<(), SettingsError> {
    let line = |path: &str| {
        layers
            .iter()
            .rev()
            .find_map(|(_, leaves)| leaves.single.get(path))
            .and_then(|leaf| leaf.line)
    };
    if let Some(oidc) = &config.oidc {
        let missing = [
            ("oidc.audience", oidc.audiences.is_empty()),
            ("oidc.keys", oidc.keys == KeySource::Url(String::new())),
            ("oidc.roles", oidc.roles.is_empty()),
        ];
        for (path, is_missing) in missing {
            if is_missing {
                return Err(wrong(
                    line("oidc.issuer"),
                    format!("serve.{path}"),
                    "an issuer needs this too.",
                ));
            }
        }
    }
    if config.tls.certificate.is_some() != config.tls.key.is_some() {
        let at = line("tls.certificate").or(line("tls.key"));
        return Err(wrong(
            at,
            "serve.tls",
            "a certificate and its key go together; name both or neither.",
        ));
    }
    if !config.clients.is_empty() && config.tls.client_ca.is_none() {
        let what = "client certificates need the authority that they are believed by.";
        let named = layers.iter().flat_map(|(_, leaves)| &leaves.lists);
        let at = named
            .filter(|(list, ..)| *list == "client")
            .find_map(|(_, line, _)| *line);
        return Err(wrong(at, "serve.tls.client_ca", what));
    }
    Ok(())
}

fn says(layers: &[(Source, Leaves)], path: &str, value: &str) -> bool {
    let leaf = layers.iter().rev().find_map(|(_, leaves)| leaves.single.get(path));
    leaf.is_some_and(|leaf| leaf.value.shown() == value)
}

/// Whether these settings listen beyond this machine.
fn is_beyond(layers: &[(Source, Leaves)]) -> bool {
    let leaf = layers.iter().rev().find_map(|(_, leaves)| leaves.single.get("listen"));
    let text = leaf.map(|leaf| leaf.value.shown());
    let address = text.and_then(|text| text.trim_matches('"').parse::<SocketAddr>().ok());
    address.is_some_and(|address| !address.ip().is_loopback())
}

#[cfg(test)]
mod tests;
