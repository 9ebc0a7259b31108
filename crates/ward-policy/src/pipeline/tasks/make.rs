//! Recipes of make and just.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    pipeline::{
        Hollow,
        expression::DYNAMIC,
        script::{self, Fate, Shell},
        setting::{Origin, Reader, Setting},
    },
    promise::Place,
};

pub(super) fn make(reader: &mut Reader<'_>, words: &[String], mut own: Setting, place: &Place) {
    let rest = words.get(1..).unwrap_or_default();
    let mut targets = Vec::new();
    let mut folder = own.directory.clone();
    let mut file = None;
    let mut at = 0;
    let mut forgiving = false;
    while let Some(word) = rest.get(at) {
        match word.as_str() {
            "-C" | "--directory" => {
                let to = rest.get(at + 1).cloned().unwrap_or_default();
                folder = folder.map(|from| script::join(&from, &to));
                at += 1;
            }
            "-f" | "--file" => {
                file = rest.get(at + 1).cloned();
                at += 1;
            }
            "-i" | "--ignore-errors" => forgiving = true,
            "-n" | "--just-print" | "--dry-run" | "--recon" | "-q" | "--question" | "-t" | "--touch" => {
                own.hollow.push(Hollow::OnlyShown);
            }
            "-j" | "--jobs" => {
                at += usize::from(
                    rest.get(at + 1)
                        .is_some_and(|next| next.chars().all(|c| c.is_ascii_digit())),
                )
            }
            word if word.starts_with('-') || word.contains('=') => {}
            word => targets.push(word.to_owned()),
        }
        at += 1;
    }
    let Some(folder) = folder else { return };
    if folder.contains('$') || folder.contains(DYNAMIC) {
        let reason = "it calls make in a folder that is known only when it runs";
        reader.out.opaque.push((place.clone(), reason));
        return;
    }
    let names: Vec<String> = file.map_or_else(
        || ["GNUmakefile", "makefile", "Makefile"].map(str::to_owned).to_vec(),
        |file| vec![file],
    );
    let path = names
        .iter()
        .map(|name| script::join(&folder, name))
        .find(|path| reader.exists(path));
    let Some(text) = path.as_deref().and_then(|path| reader.text(path)) else {
        return;
    };
    let Some(path) = path else { return };
    if forgiving {
        own.hollow.push(Hollow::ContinueStep);
    }
    own.directory = Some(folder.clone());
    let rules = make_rules(text);
    let phony: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix(".PHONY"))
        .flat_map(|line| line.trim_start_matches([' ', ':']).split_whitespace())
        .collect();
    if text.lines().any(|line| line.trim() == ".IGNORE:") {
        own.hollow.push(Hollow::ContinueStep);
    }
    if targets.is_empty() {
        targets.extend(
            rules
                .iter()
                .find(|rule| !rule.0.starts_with('.'))
                .map(|rule| rule.0.clone()),
        );
    }
    let mut seen = Vec::new();
    let mut waiting = targets;
    while let Some(target) = waiting.pop() {
        if seen.contains(&target) || seen.len() > 100 {
            continue;
        }
        // A rule that is not here may stand in what is included, or make it.
        if !rules.iter().any(|rule| rule.0 == target) && !reader.exists(&script::join(&folder, &target)) {
            reader.open(&own, place, Fate::Gates, &["make".to_owned(), target.clone()]);
        }
        for (_, needs, lines) in rules.iter().filter(|rule| rule.0 == target) {
            waiting.extend(needs.iter().cloned());
            // A target that is a file, and needs nothing, is up to date.
            let done =
                needs.is_empty() && !phony.contains(&target.as_str()) && reader.exists(&script::join(&folder, &target));
            for (number, line) in lines {
                let mut setting = own.with(done.then_some(Hollow::Unreachable));
                let mut line = line.trim_start();
                while let Some(rest) = line.strip_prefix(['@', '-', '+']) {
                    if line.starts_with('-') {
                        setting.hollow.push(Hollow::ContinueStep);
                    }
                    line = rest.trim_start();
                }
                let text = expanded(line, text);
                let origin = Origin::on(&path, *number);
                let shell = Shell {
                    errexit: false,
                    pipefail: false,
                };
                let mut inner = setting.clone();
                if origin.path == place.path && origin.line == place.line {
                    continue;
                }
                reader.script(&text, shell, &mut inner, &origin, Fate::Gates);
                own.installed |= inner.installed;
            }
        }
        seen.push(target);
    }
}

/// Target, what it needs, lines of the recipe with their numbers.
type MakeRule = (String, Vec<String>, Vec<(u32, String)>);

/// Rules of a makefile: target, what it needs, lines of the recipe with their numbers, continued lines joined.
fn make_rules(text: &str) -> Vec<MakeRule> {
    let mut out: Vec<MakeRule> = Vec::new();
    let mut open = 0;
    let mut lines = text.lines().enumerate().take(50_000).peekable();
    while let Some((index, line)) = lines.next() {
        let mut whole = line.to_owned();
        while whole.ends_with('\\') {
            whole.pop();
            match lines.next() {
                Some((_, next)) => whole.push_str(next.trim_start_matches('\t')),
                None => break,
            }
        }
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        if let Some(recipe) = whole.strip_prefix('\t') {
            let from = out.len().saturating_sub(open);
            for rule in out.iter_mut().skip(from) {
                rule.2.push((number, recipe.to_owned()));
            }
            continue;
        }
        if whole.trim().is_empty() || whole.trim_start().starts_with('#') {
            continue;
        }
        open = 0;
        let Some((targets, rest)) = whole.split_once(':') else {
            continue;
        };
        if rest.starts_with('=') || targets.contains('=') || targets.contains('$') {
            continue;
        }
        let rest = rest.trim_start_matches(':');
        let (needs, recipe) = rest
            .split_once(';')
            .map_or((rest, None), |(needs, recipe)| (needs, Some(recipe)));
        let needs: Vec<String> = needs
            .split('#')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        for target in targets.split_whitespace().take(50) {
            let first = recipe.map(|recipe| (number, recipe.to_owned()));
            out.push((target.to_owned(), needs.clone(), first.into_iter().collect()));
            open += 1;
        }
    }
    out
}

/// `$(NAME)` and `${NAME}` by what the makefile says; `$$` is `$`.
fn expanded(line: &str, makefile: &str) -> String {
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\$[({]([A-Za-z_][A-Za-z0-9_]*)[)}]").ok());
    let Some(names) = NAME.as_ref() else {
        return line.to_owned();
    };
    let value = |name: &str| {
        let lines = makefile.lines().take(5_000);
        let mut found = lines.filter_map(|line| {
            let (left, right) = line.split_once('=')?;
            let left = left.trim_end_matches([':', '?', '+', ' ']).trim();
            (left == name).then(|| right.trim().to_owned())
        });
        found.next().filter(|value| !value.contains("$(shell"))
    };
    let mut text = line.to_owned();
    for _ in 0..3 {
        let next = names
            .replace_all(&text, |captures: &regex::Captures<'_>| {
                let name = captures.get(1).map_or("", |name| name.as_str());
                match name {
                    "MAKE" => "make".to_owned(),
                    name => value(name).unwrap_or_else(|| format!("$${name}")),
                }
            })
            .into_owned();
        if next == text || next.len() > 20_000 {
            break;
        }
        text = next;
    }
    text.replace("$$", "$")
}

pub(super) fn just(reader: &mut Reader<'_>, words: &[String], own: Setting) {
    let Some(folder) = own.directory.clone() else { return };
    let path = ["justfile", "Justfile", ".justfile"]
        .iter()
        .map(|name| script::join(&folder, name))
        .find(|path| reader.exists(path));
    let Some((path, text)) = path.and_then(|path| reader.text(&path).map(|text| (path, text))) else {
        return;
    };
    let mut waiting: Vec<String> = words
        .iter()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .take(1)
        .cloned()
        .collect();
    let mut seen = Vec::new();
    while let Some(target) = waiting.pop() {
        if seen.contains(&target) || seen.len() > 100 {
            continue;
        }
        let mut within = false;
        for (index, line) in text.lines().enumerate().take(50_000) {
            let head = line.trim_start_matches('@');
            if !line.starts_with([' ', '\t', '#']) && !line.trim().is_empty() {
                let name = head.split([' ', ':']).next().unwrap_or_default();
                within = name == target && head.contains(':') && !head.contains(":=");
                if within && let Some((_, needs)) = head.split_once(':') {
                    waiting.extend(
                        needs
                            .split_whitespace()
                            .map(|need| need.trim_matches(['(', ')']).to_owned()),
                    );
                }
            } else if within && line.starts_with([' ', '\t']) {
                let mut setting = own.clone();
                let mut command = line.trim();
                while let Some(rest) = command.strip_prefix(['@', '-']) {
                    if command.starts_with('-') {
                        setting.hollow.push(Hollow::ContinueStep);
                    }
                    command = rest;
                }
                let origin = Origin::on(&path, u32::try_from(index + 1).unwrap_or(u32::MAX));
                reader.script(
                    command,
                    Shell {
                        errexit: true,
                        pipefail: false,
                    },
                    &mut setting,
                    &origin,
                    Fate::Gates,
                );
            }
        }
        seen.push(target);
    }
}
