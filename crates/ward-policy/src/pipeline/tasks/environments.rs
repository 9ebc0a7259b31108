//! Environments and sessions of tox and nox.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    pipeline::{
        Hollow,
        expression::DYNAMIC,
        ini,
        script::{self, Fate, Shell},
        setting::{Origin, Reader, Setting},
    },
    promise::Place,
};

pub(super) fn tox(reader: &mut Reader<'_>, words: &[String], mut own: Setting, place: &Place) {
    let mut named: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let value = match word.as_str() {
            "-e" | "--env" | "-m" | "-f" => words.get(at + 1).map(String::as_str),
            word => word
                .strip_prefix("-e")
                .filter(|rest| !rest.is_empty() && !word.starts_with("--")),
        };
        named.extend(
            value
                .into_iter()
                .flat_map(|value| value.split(','))
                .map(|name| name.trim_start_matches('=').to_owned()),
        );
    }
    own.installed = true;
    let Some(mut folder) = own.directory.clone() else {
        return;
    };
    // Commands run in the folder of the configuration.
    let conf = words.iter().enumerate().find_map(|(at, word)| match word.as_str() {
        "-c" | "--conf" => words.get(at + 1).map(String::as_str),
        word => word.strip_prefix("--conf="),
    });
    if let Some(conf) = conf {
        if conf.contains('$') || conf.contains(DYNAMIC) {
            let reason = "it calls tox with a configuration that is known only when it runs";
            return reader.out.opaque.push((place.clone(), reason));
        }
        let path = script::join(&folder, conf);
        folder = match path.rsplit_once('/') {
            _ if reader.is_folder(&path) => path,
            Some((above, _)) => above.to_owned(),
            None => String::new(),
        };
        own.directory = Some(folder.clone());
    }
    let at = |name: &str| script::join(&folder, name);
    let from_toml = reader
        .text(&at("pyproject.toml"))
        .and_then(|text| text.parse::<toml::Table>().ok());
    let legacy = from_toml.as_ref().and_then(|table| {
        table
            .get("tool")?
            .get("tox")?
            .get("legacy_tox_ini")?
            .as_str()
            .map(str::to_owned)
    });
    let (path, text) = match (reader.text(&at("tox.ini")), legacy, reader.text(&at("setup.cfg"))) {
        (Some(text), ..) => (at("tox.ini"), text.to_owned()),
        (None, Some(text), _) => (at("pyproject.toml"), text),
        (None, None, Some(text)) if text.contains("[tox:tox]") => (at("setup.cfg"), text.to_owned()),
        _ => {
            if reader.exists(&at("tox.toml")) {
                reader.skipped(&at("tox.toml"), "tox in this form is not read");
            }
            return;
        }
    };
    let sections = ini::sections(&text);
    if named.iter().any(|name| name.contains('$') || name.contains(DYNAMIC)) {
        own.unknown = own
            .unknown
            .or(Some("which environment of tox runs is known only when it runs"));
        named.clear();
    }
    if named.is_empty() || named.iter().any(|name| name == "ALL") {
        let list = sections
            .iter()
            .find(|section| section.name == "tox" || section.name == "tox:tox");
        let list = list
            .map(|section| {
                section
                    .value("envlist")
                    .or_else(|| section.value("env_list"))
                    .unwrap_or_default()
            })
            .unwrap_or_default();
        named = list
            .split([',', '\n', ' '])
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
    }
    if named.is_empty() {
        named.push("py".to_owned());
    }
    for name in named.iter().take(50) {
        let own_section = sections.iter().find(|section| {
            let names = section.name.strip_prefix("testenv:").unwrap_or_default();
            names.split(',').any(|one| one.trim() == name) || braces(names).iter().any(|one| one == name)
        });
        let base = sections.iter().find(|section| section.name == "testenv");
        let get = |key: &str| {
            own_section
                .and_then(|section| section.field(key))
                .or_else(|| base.and_then(|section| section.field(key)))
        };
        let mut setting = own.clone();
        let says = |key: &str| get(key).is_some_and(|field| field.0.trim().eq_ignore_ascii_case("true"));
        if says("ignore_outcome") || says("ignore_errors") {
            setting.hollow.push(Hollow::ContinueStep);
        }
        for (line, number) in get("commands").map(|field| field.1.clone()).unwrap_or_default() {
            let mut inner = setting.clone();
            let mut command = line.trim();
            if let Some((factor, rest)) = command.split_once(": ")
                && factor
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, ',' | '-' | '!'))
            {
                let fits = factor.split(',').any(|one| name.split('-').any(|part| part == one));
                if !fits && !factor.starts_with('!') {
                    continue;
                }
                command = rest.trim();
            }
            if let Some(rest) = command.strip_prefix('-') {
                inner.hollow.push(Hollow::ContinueStep);
                command = rest.trim();
            }
            let command = command
                .trim_start_matches('!')
                .replace("{toxinidir}", ".")
                .replace("{posargs:", "")
                .replace("{posargs}", "")
                .replace('}', "");
            let origin = Origin::on(&path, number);
            if origin.path == place.path && origin.line == place.line {
                continue;
            }
            reader.script(
                &command,
                Shell {
                    errexit: true,
                    pipefail: true,
                },
                &mut inner,
                &origin,
                Fate::Gates,
            );
        }
    }
}

/// The names that `{a,b}-c` stands for.
fn braces(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    if let Some((before, rest)) = text.split_once('{')
        && let Some((inner, after)) = rest.split_once('}')
    {
        out.extend(
            inner
                .split(',')
                .take(50)
                .map(|one| format!("{before}{}{after}", one.trim())),
        );
    }
    out
}

/// Sessions of nox: the commands that the session's `run` is given as plain texts. What is put together is not read.
pub(super) fn nox(reader: &mut Reader<'_>, words: &[String], mut own: Setting) {
    static SESSION: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?m)^(?:@nox\.session.*|def (\w+)\(\s*(\w*).*|\s+(\w+)\.run\(([^)]*)\))"#).ok());
    let path = "noxfile.py".to_owned();
    let (Some(text), Some(regex)) = (reader.text(&path), SESSION.as_ref()) else {
        return;
    };
    let named: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|(_, word)| matches!(word.as_str(), "-s" | "--session" | "--sessions" | "-e"))
        .filter_map(|(at, _)| words.get(at + 1).map(String::as_str))
        .collect();
    own.installed = true;
    let (mut session, mut called) = (String::new(), String::new());
    let mut found = false;
    let mut line = 1_u32;
    let mut from = 0;
    for captures in regex.captures_iter(text).take(2_000) {
        let Some(whole) = captures.get(0) else { continue };
        line += u32::try_from(text.get(from..whole.start()).unwrap_or_default().matches('\n').count()).unwrap_or(0);
        from = whole.start();
        if let Some(name) = captures.get(1) {
            session = name.as_str().to_owned();
            called = captures.get(2).map_or("", |one| one.as_str()).to_owned();
        }
        let (Some(receiver), Some(arguments)) = (captures.get(3), captures.get(4)) else {
            continue;
        };
        if receiver.as_str() != called {
            continue;
        }
        if !named.is_empty()
            && !named
                .iter()
                .any(|name| name.split('-').next() == Some(session.as_str()) || name.replace('-', "_") == session)
        {
            continue;
        }
        let arguments = arguments.as_str();
        let mut setting = own.clone();
        if arguments.contains("success_codes") {
            setting.hollow.push(Hollow::ExitZeroFlag);
        }
        // What is named comes after what is not.
        let parts = arguments
            .split(',')
            .map(str::trim)
            .take_while(|part| !part.contains('='));
        let texts: Option<Vec<&str>> = parts
            .filter(|part| !part.is_empty() && !part.starts_with('*'))
            .map(|part| {
                part.strip_prefix(['"', '\''])
                    .and_then(|rest| rest.strip_suffix(['"', '\'']))
            })
            .collect();
        found = true;
        let origin = Origin::on(&path, line + u32::from(whole.as_str().starts_with('\n')));
        match texts {
            None => {
                let why = "a session of nox whose command is put together when it runs";
                reader.out.opaque.push((origin.place(0), why));
            }
            Some(texts) => {
                reader.script(
                    &texts.join(" "),
                    Shell {
                        errexit: true,
                        pipefail: true,
                    },
                    &mut setting,
                    &origin,
                    Fate::Gates,
                );
            }
        }
    }
    if !found {
        let why = "its sessions run nothing that can be read";
        reader.out.opaque.push((Origin::on(&path, 1).place(0), why));
    }
}
