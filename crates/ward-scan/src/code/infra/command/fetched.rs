//! Scripts that nobody looked at before they are run: fetched and handed on at once, fetched to a file that is started a
//! few lines later, and unpacked from an encoding that hides them.

use std::collections::HashMap;

use ward_evidence::Severity;

use super::{
    Look,
    rules::{DECODED_SCRIPT, DOWNLOADED_SCRIPT},
};
use crate::code::infra::shell::{Command, Then, Word};

/// What of the commands before may be run by the next one.
#[derive(Default)]
pub(super) struct Before<'c> {
    /// What writes into the pipe.
    piped: Option<&'c Command>,
    /// Whether that, or what stands before it in the pipe, decodes.
    decoded: bool,
    /// Files that were fetched, by their own name, with where they come from and where that is said.
    files: HashMap<String, (String, usize)>,
}

impl<'c> Before<'c> {
    /// Takes note of a command that was looked at.
    pub(super) fn note(&mut self, command: &'c Command) {
        let Some((program, words)) = command.program() else {
            return;
        };
        if is_verification(program, words) {
            self.files.clear();
        }
        if let Some(address) = download(command)
            && let Some(name) = saved_as(program, words, command)
        {
            self.files.insert(name, (address.to_owned(), command.start()));
        }
        // A pipe hands on what was downloaded, whatever `gunzip` or `tee` do to it on the way.
        (self.piped, self.decoded) = match command.then {
            Then::Pipe => (
                download(command).map(|_| command).or(self.piped),
                self.decoded || decodes(program, words),
            ),
            _ => (None, false),
        };
    }
}

/// The address that a command downloads, empty where it stands in a variable. None when it downloads nothing.
pub(super) fn download(command: &Command) -> Option<&str> {
    let (program, words) = command.program()?;
    matches!(program, "curl" | "wget" | "fetch" | "aria2c" | "http" | "https").then(|| {
        let address = words.iter().find(|word| word.text.contains("://"));
        address.map_or("", |word| &word.text)
    })
}

/// The name of the file that a download is written to.
pub(super) fn saved_as(program: &str, words: &[Word], command: &Command) -> Option<String> {
    let redirected = command.redirects.iter().find(|(operator, _)| operator.starts_with('>'));
    let option = |word: &Word| match (program, word.text.as_str()) {
        ("wget", "-O" | "--output-document") | ("aria2c", "-o" | "--out") => true,
        ("curl" | "fetch", "--output") => true,
        ("curl" | "fetch", text) => !text.starts_with("--") && text.starts_with('-') && text.ends_with('o'),
        _ => false,
    };
    let named = words.windows(2).find_map(|pair| match pair {
        [flag, value] if option(flag) => Some(value),
        _ => None,
    });
    if let Some(file) = redirected.map(|(_, file)| file).or(named) {
        return Some(own_name(&file.text)).filter(|name| !matches!(name.as_str(), "-" | "null" | "stdout" | ""));
    }
    let keeps = match program {
        "wget" => words.iter().all(|word| word.text != "--spider"),
        "aria2c" => true,
        "curl" => words.iter().any(|word| {
            let flags = word.text.starts_with('-') && !word.text.starts_with("--");
            word.text == "--remote-name" || flags && word.text.contains('O')
        }),
        _ => false,
    };
    let address = words.iter().find(|word| keeps && word.text.contains("://"))?;
    let path = address.text.split(['?', '#']).next().unwrap_or_default();
    Some(own_name(path)).filter(|name| !name.is_empty())
}

pub(super) fn own_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// Whether a command compares a digest or a signature.
pub(super) fn is_verification(program: &str, words: &[Word]) -> bool {
    let first = words.first().map_or("", |word| &word.text);
    match program {
        "sha256sum" | "sha512sum" | "sha1sum" | "sha384sum" | "shasum" | "b2sum" | "b3sum" | "md5sum" | "minisign"
        | "signify" | "slsa-verifier" | "rhash" => true,
        "gpg" | "gpg2" | "gpgv" => program == "gpgv" || words.iter().any(|word| word.text == "--verify"),
        "cosign" => first.starts_with("verify"),
        "openssl" => matches!(first, "dgst" | "sha256" | "sha512"),
        _ if asks_packages(program) => match program {
            "debsig-verify" => true,
            "dpkg-sig" => first == "--verify",
            // `--nosignature` and `--nodigest` leave out what is asked for.
            _ => matches!(first, "-K" | "--checksig") && words.iter().all(|word| !word.text.starts_with("--no")),
        },
        "gh" => first == "attestation",
        _ => false,
    }
}

/// Programs that ask a package for the signature that it brings.
pub(super) fn asks_packages(program: &str) -> bool {
    matches!(program, "rpm" | "rpmkeys" | "dpkg-sig" | "debsig-verify")
}

/// Whether a program turns an encoding into what it hides.
fn decodes(program: &str, words: &[Word]) -> bool {
    let has = |flags: &[&str]| words.iter().any(|word| flags.contains(&word.text.as_str()));
    match program {
        "base64" | "base32" | "basenc" | "gbase64" => {
            has(&["-d", "-D", "--decode", "-di", "-id"]) || words.iter().any(|word| word.text.ends_with("--decode"))
        }
        "openssl" => has(&["-d"]) && has(&["base64", "enc"]),
        "xxd" => has(&["-r", "-rp", "-r-p"]),
        "uudecode" => true,
        _ => false,
    }
}

/// Whether a program runs what it reads.
pub(super) fn is_interpreter(program: &str) -> bool {
    let stem = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    matches!(
        stem,
        "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash" | "fish" | "python" | "perl" | "ruby" | "node" | "php" | "pwsh"
    )
}

fn reads_standard_input(words: &[Word]) -> bool {
    // `bash -s -- arguments` and `sh -` read it too; `python -m json.tool` and `bash script.sh` do something else.
    match words
        .iter()
        .find(|word| word.text != "-e" && word.text != "-x" && word.text != "-eux" && word.text != "-ex")
    {
        None => true,
        Some(word) => matches!(word.text.as_str(), "-" | "-s" | "--" | "/dev/stdin"),
    }
}

/// What is run is what `curl` printed, and not what a filter made of it.
const FILTERS: &[&str] = &["| jq", "|jq", "| grep", "| sed", "| cut", "| awk", "| head"];

fn downloads_inside(text: &str) -> bool {
    [
        "$(curl ", "$(wget ", "<(curl ", "<(wget ", "`curl ", "`wget ", "$( curl ", "<( curl ",
    ]
    .iter()
    .any(|start| text.contains(start))
        && !FILTERS.iter().any(|filter| text.contains(filter))
}

fn decodes_inside(text: &str) -> bool {
    let substituted = text.contains("$(") || text.contains("<(") || text.contains('`');
    substituted
        && [
            "base64 -d",
            "base64 -D",
            "base64 --decode",
            "base32 -d",
            "xxd -r",
            "uudecode",
        ]
        .iter()
        .any(|decoder| text.contains(decoder))
}

impl Look<'_, '_> {
    /// `curl .. | sh`, `bash <(curl ..)`, `sh -c "$(curl ..)"`, `eval "$(curl ..)"`; `curl -o x ..` and then `./x`;
    /// `base64 -d | sh` and `eval "$(.. | base64 -d)"`.
    pub(super) fn unseen_script(&mut self, before: &Before<'_>) {
        let Some((program, words)) = self.command.program() else {
            return;
        };
        let runs = is_interpreter(program);
        let takes = runs || matches!(program, "eval" | "source" | ".");
        let reads = runs && reads_standard_input(words);
        if reads && before.decoded || takes && words.iter().any(|word| !word.literal && decodes_inside(&word.text)) {
            let note =
                format!("`{program}` runs what was encoded, so that nobody who reads the script sees what it does");
            let at = self.start();
            self.file.report(&DECODED_SCRIPT, at, note, program);
        }
        let inside = || {
            let word = words
                .iter()
                .find(|word| !word.literal && downloads_inside(&word.text))?;
            let from = word.text.find("://").and_then(|at| {
                let start = word
                    .text
                    .get(..at)?
                    .rfind(|c: char| !c.is_ascii_alphabetic())
                    .map_or(0, |at| at + 1);
                word.text.get(start..)
            });
            Some(from.unwrap_or_default())
        };
        let piped = if reads { before.piped.and_then(download) } else { None };
        if let Some(address) = piped.or_else(|| if takes { inside() } else { None }) {
            let start = before.piped.map_or(self.command.start(), Command::start);
            self.report_script(program, address, start, "at once");
            return;
        }
        // Started by its name, or handed to what runs files.
        let handed = words.iter().find(|word| takes && !word.text.starts_with('-'));
        let started = handed.map_or(program, |word| word.text.rsplit('/').next().unwrap_or_default());
        if let Some((address, start)) = before.files.get(started) {
            self.report_script(program, address, *start, "afterwards");
        }
    }

    fn report_script(&mut self, program: &str, address: &str, start: usize, when: &str) {
        let address = address.split([' ', ')', '"', '\'', '`']).next().unwrap_or_default();
        let plain = address.starts_with("http://");
        let severity = match when {
            _ if plain => Severity::High,
            "at once" => DOWNLOADED_SCRIPT.severity,
            _ => Severity::Low,
        };
        let from = match super::host(address) {
            "" => "an address that is not known here".to_owned(),
            host => host.to_owned(),
        };
        let how = if plain { ", without encryption" } else { "" };
        let note = format!("what {from} sends{how} is run {when} by `{program}`, unseen and unchecked");
        let at = self.origin.at(self.file, start);
        self.file
            .report_as(&DOWNLOADED_SCRIPT, severity, at, note, &format!("{program} {address}"));
    }
}
