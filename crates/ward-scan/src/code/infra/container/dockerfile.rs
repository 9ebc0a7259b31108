//! The rules about Dockerfiles.
//!
//! Source: Dockerfile reference, <https://docs.docker.com/reference/dockerfile/>.

use std::collections::BTreeMap;

use ward_evidence::Severity;

use super::{
    image_is_pinned,
    rules::{
        ADD_URL, APT_LOOSE, COPY_EVERYTHING, CREDENTIAL_COPIED, EXPOSED_LOGIN, INSECURE_BUILD, NO_HEALTHCHECK, ROOT,
        SECRET_IN_BUILD, SUDO,
    },
};
use crate::{
    code::infra::{
        command::{self, Downloads, Origin},
        file::{At, File},
        shell,
    },
    repository,
};

/// One instruction: its word in capitals, where it begins, and what follows, with as many bytes as in the file: comment
/// lines between continued lines are blank.
struct Instruction {
    word: String,
    start: usize,
    /// Where `rest` begins in the file.
    from: usize,
    rest: String,
    /// The bodies of here-documents, with their place.
    documents: Vec<(usize, String)>,
}

/// Reads the instructions. `escape` is the character that continues a line.
fn instructions(text: &str) -> Vec<Instruction> {
    let escape = text
        .lines()
        .take_while(|line| line.starts_with('#'))
        .find_map(|line| {
            line.trim_start_matches('#')
                .trim()
                .strip_prefix("escape=")?
                .trim()
                .chars()
                .next()
        })
        .unwrap_or('\\');
    let mut out: Vec<Instruction> = Vec::new();
    let mut lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    while let Some((start, line)) = lines.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let mut whole = line.to_owned();
        let mut last = line;
        while last.trim_end().ends_with(escape) || last.trim_start().starts_with('#') || last.trim().is_empty() {
            let Some((_, next)) = lines.next() else { break };
            if next.trim_start().starts_with('#') {
                whole.extend(next.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
                // A comment continues what was continued.
                if let Some(at) = whole.rfind('\n') {
                    whole.replace_range(at..=at, " ");
                }
            } else {
                whole.push_str(next);
            }
            last = next;
        }
        let indent = whole.len() - whole.trim_start().len();
        let body = whole.get(indent..).unwrap_or_default();
        let length = body.find(char::is_whitespace).unwrap_or(body.len());
        let (word, after) = body.split_at_checked(length).unwrap_or((body, ""));
        let gap = after.len() - after.trim_start().len();
        let rest = after.trim_start().trim_end().to_owned();
        let mut documents = Vec::new();
        if rest.contains("<<") && matches!(word.to_ascii_uppercase().as_str(), "RUN" | "COPY" | "ADD") {
            let ends: Vec<String> = shell::commands(&rest)
                .iter()
                .flat_map(|command| &command.redirects)
                .filter(|(operator, _)| operator.starts_with("<<") && !operator.starts_with("<<<"))
                .map(|(_, word)| word.text.clone())
                .collect();
            for end in ends {
                let mut body = String::new();
                let mut begin = None;
                for (start, line) in lines.by_ref() {
                    begin.get_or_insert(start);
                    if line.trim() == end {
                        break;
                    }
                    body.push_str(line);
                }
                documents.push((begin.unwrap_or(text.len()), body));
            }
        }
        out.push(Instruction {
            word: word.to_ascii_uppercase(),
            start: start + indent,
            from: start + indent + length + gap,
            rest,
            documents,
        });
    }
    out
}

/// Says what is wrong with a Dockerfile.
pub(in super::super) fn dockerfile(file: &mut File<'_>) {
    let all = instructions(file.text);
    let mut arguments: BTreeMap<String, String> = BTreeMap::new();
    let mut stages: Vec<String> = Vec::new();
    // Of the last stage: who runs it, and where it begins.
    let mut user: Option<(String, At)> = None;
    let mut base: Option<(String, At)> = None;
    let (mut starts_something, mut health) = (false, false);
    let mut downloads = Downloads::of_image();
    for one in &all {
        let at = file.at(one.start);
        match one.word.as_str() {
            "FROM" => {
                let words: Vec<&str> = one
                    .rest
                    .split_whitespace()
                    .filter(|word| !word.starts_with("--"))
                    .collect();
                let Some(image) = words.first() else { continue };
                let image = expand(image, &arguments);
                let of_stage = stages.iter().any(|stage| stage.eq_ignore_ascii_case(&image));
                if !of_stage {
                    // A stage that is built upon hands on its user.
                    user = None;
                }
                if !of_stage && image != "scratch" {
                    image_is_pinned(file, &image, at);
                }
                if let [_, word, name] = words[..]
                    && word.eq_ignore_ascii_case("as")
                {
                    stages.push(name.to_owned());
                }
                base = Some((image, at));
                (starts_something, health) = (false, false);
            }
            "ARG" | "ENV" => {
                for (name, value, offset) in settings(one) {
                    let at = file.at(one.from + offset);
                    if one.word == "ARG" && base.is_none() {
                        arguments.insert(name.clone(), value.clone().unwrap_or_default());
                    }
                    setting(file, &one.word, &name, value.as_deref(), at);
                }
            }
            "USER" => user = Some((expand(one.rest.trim(), &arguments), at)),
            "ADD" => add(file, one, at),
            "COPY" => copy(file, one, at),
            "EXPOSE" => {
                for port in one.rest.split_whitespace() {
                    let number = port.split('/').next().unwrap_or_default();
                    if matches!(number, "22" | "23" | "3389" | "5900") {
                        let note = format!("port {number} is for logging in: a container is entered by its runtime");
                        file.report(&EXPOSED_LOGIN, at, note, number);
                    }
                }
            }
            "HEALTHCHECK" => health = true,
            "CMD" | "ENTRYPOINT" => {
                starts_something = true;
                run(file, one, &mut Downloads::of_image());
            }
            "RUN" => {
                if one.rest.contains("--security=insecure") {
                    let note = "the step has all rights of the machine that builds";
                    file.report(&INSECURE_BUILD, at, note, "insecure");
                }
                run(file, one, &mut downloads);
            }
            _ => {}
        }
    }
    downloads.finish(file);
    let Some((image, at)) = base else { return };
    let known_user = ["nonroot", "distroless", "rootless", "unprivileged"]
        .iter()
        .any(|word| image.contains(word));
    match user {
        Some((name, at)) if matches!(name.split(':').next().unwrap_or_default(), "root" | "0") => {
            let note = "the image runs as root: what breaks out of the program has root in the container";
            file.report_as(&ROOT, Severity::Medium, at, note, "root");
        }
        None if image != "scratch" && !known_user => {
            let note = "no USER is set: unless the base image sets one, the program runs as root";
            if starts_something {
                file.report(&ROOT, at, note, "none");
            } else {
                file.report_thorough(&ROOT, Severity::Low, at, note, "none");
            }
        }
        _ => {}
    }
    if starts_something && !health {
        let note = "nothing says whether the program in the container still answers";
        file.report_thorough(&NO_HEALTHCHECK, Severity::Info, at, note, "none");
    }
}

/// Puts the defaults of arguments that stand before the first FROM into a name.
fn expand(text: &str, arguments: &BTreeMap<String, String>) -> String {
    let mut out = text.trim_matches('"').to_owned();
    for (name, value) in arguments {
        if value.is_empty() {
            continue;
        }
        for form in [format!("${{{name}}}"), format!("${name}")] {
            if out.len() < 4_000 && out.contains(&form) {
                out = out.replace(&form, value);
            }
        }
    }
    out
}

/// Names and values of ENV and ARG, each with its place in `rest`.
fn settings(one: &Instruction) -> Vec<(String, Option<String>, usize)> {
    let commands = shell::commands(&one.rest);
    let Some(words) = commands.first().map(|command| &command.words) else {
        return Vec::new();
    };
    // `ENV NAME value with spaces` is the old form.
    if one.word == "ENV"
        && let [name, value, ..] = &words[..]
        && !name.text.contains('=')
    {
        let value = one.rest.get(value.start..).unwrap_or_default();
        return vec![(name.text.clone(), Some(value.to_owned()), name.start)];
    }
    words
        .iter()
        .map(|word| match word.text.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned()), word.start),
            None => (word.text.clone(), None, word.start),
        })
        .collect()
}

fn setting(file: &mut File<'_>, word: &str, name: &str, value: Option<&str>, at: At) {
    match value {
        Some(value) => {
            if let Some(what) = command::switches_tls_off(name, value) {
                file.report(&command::TLS_OFF, at, format!("`{name}` {what}"), name);
            }
            if command::is_secret_name(name) && command::is_secret_value(value) {
                let note = format!("the value of `{name}` is part of the image");
                file.report_secret(&SECRET_IN_BUILD, SECRET_IN_BUILD.severity, at, note, value);
            } else if word == "ENV" && command::is_secret_name(name) && value.contains('$') {
                let note = format!("`{name}` is kept in the image, whatever gave it to the build");
                file.report_as(&SECRET_IN_BUILD, Severity::Medium, at, note, name);
            }
        }
        None if word == "ARG" && command::is_secret_name(name) => {
            let note = format!("what the build is given as `{name}` stands in the history of the image");
            file.report_as(&SECRET_IN_BUILD, Severity::Medium, at, note, name);
        }
        None => {}
    }
}

fn add(file: &mut File<'_>, one: &Instruction, at: At) {
    for word in one.rest.split_whitespace() {
        let http = word.starts_with("http://");
        if (http || word.starts_with("https://")) && !one.rest.contains("--checksum") {
            let severity = if http { Severity::High } else { ADD_URL.severity };
            let how = if http { ", unencrypted and" } else { "," };
            let note = format!("what the address sends goes into the image{how} without a check of its digest");
            file.report_as(&ADD_URL, severity, at, note, word);
        }
    }
    copy(file, one, at);
}

fn copy(file: &mut File<'_>, one: &Instruction, at: At) {
    if one.rest.contains("--from=") {
        return;
    }
    let words: Vec<&str> = one
        .rest
        .split([' ', '\t', '\n', ',', '[', ']', '"'])
        .filter(|word| !word.is_empty() && !word.starts_with("--") && !word.starts_with("<<"))
        .collect();
    let Some((_, sources)) = words.split_last() else { return };
    for source in sources {
        let lower = source.trim_end_matches('/').to_ascii_lowercase();
        let name = lower.rsplit('/').next().unwrap_or_default();
        let folder = matches!(name, ".ssh" | ".aws" | ".kube" | ".gnupg");
        if let Some(kind) = repository::credential_file(name).or_else(|| folder.then_some("a folder of credentials")) {
            let note = format!("{kind} becomes part of the image: everybody who pulls it has it");
            file.report(&CREDENTIAL_COPIED, at, note, source);
        }
        if matches!(*source, "." | "./") {
            let note = "everything beside the Dockerfile goes into the image that `.dockerignore` does not name, `.git` and `.env` too";
            file.report_thorough(&COPY_EVERYTHING, Severity::Info, at, note, source);
        }
    }
}

/// The commands of RUN, CMD and ENTRYPOINT.
fn run(file: &mut File<'_>, one: &Instruction, downloads: &mut Downloads) {
    for (from, document) in &one.documents {
        let shell = document.starts_with("#!") && !document.lines().next().is_some_and(|line| line.contains("sh"));
        if !shell {
            downloads.examine(file, document, Origin::Byte(*from));
        }
    }
    let trimmed = one.rest.trim_start();
    if trimmed.starts_with('[') {
        // The exec form: words in quotes. One that is run by a shell holds the commands.
        let filled: String = one
            .rest
            .chars()
            .map(|c| if matches!(c, '[' | ']' | ',') { ' ' } else { c })
            .collect();
        downloads.examine(file, &filled, Origin::Byte(one.from));
        return;
    }
    let flags: usize = flags(&one.rest);
    let text = one.rest.get(flags..).unwrap_or_default();
    downloads.examine(file, text, Origin::Byte(one.from + flags));
    for found in shell::commands(text) {
        if let Some(sudo) = found.sudo() {
            let at = file.at(one.from + flags + sudo.start);
            file.report_thorough(
                &SUDO,
                Severity::Low,
                at,
                "a build needs no `sudo`: it is root, or should not be",
                "sudo",
            );
        }
        let Some(("apt-get" | "apt", words)) = found.program() else {
            continue;
        };
        if words.iter().any(|word| word.text == "install") {
            let at = file.at(one.from + flags + found.start());
            if !words.iter().any(|word| word.text == "--no-install-recommends") {
                let note = "packages that were only recommended come along";
                file.report_thorough(&APT_LOOSE, Severity::Info, at, note, "recommends");
            }
            let named: Vec<_> = words.iter().skip_while(|word| word.text != "install").skip(1).collect();
            let loose = named
                .iter()
                .filter(|word| !word.text.starts_with('-') && !word.text.contains('='));
            let count = loose.count();
            if count > 0 {
                let note = format!("{count} packages without a version: the image is another one tomorrow");
                file.report_thorough(&APT_LOOSE, Severity::Info, at, note, "versions");
            }
        }
    }
}

/// The length of `--mount=.. --network=..` before the commands.
fn flags(rest: &str) -> usize {
    let mut at = 0;
    loop {
        let part = rest.get(at..).unwrap_or_default();
        let gap = part.len() - part.trim_start_matches([' ', '\t', '\\', '\n', '\r']).len();
        let word = part.get(gap..).unwrap_or_default();
        if !word.starts_with("--") {
            return if at == 0 { 0 } else { at + gap };
        }
        at += gap + word.find(char::is_whitespace).unwrap_or(word.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_keep_their_place() {
        let text = "# escape=\\\nFROM a AS b\nRUN --mount=type=cache,target=/x \\\n  # why\n  pip install y && \\\n\n  z\nrun <<EOF\nset -e\nEOF\nUSER 1";
        let all = instructions(text);
        let words: Vec<_> = all.iter().map(|one| one.word.as_str()).collect();
        assert_eq!(words, ["FROM", "RUN", "RUN", "USER"]);
        for one in &all {
            assert_eq!(text.get(one.from..one.from + 1), one.rest.get(..1));
        }
        let offset = all[1].rest.find("pip").unwrap();
        assert_eq!(text.get(all[1].from + offset..all[1].from + offset + 3), Some("pip"));
        assert_eq!(
            flags(&all[1].rest),
            all[1].rest.find("pip").unwrap_or(0).min(flags(&all[1].rest))
        );
        assert_eq!(all[2].documents[0].1, "set -e\n");
        let (from, body) = &all[2].documents[0];
        assert_eq!(text.get(*from..from + body.len()), Some(body.as_str()));
    }

    #[test]
    fn names_are_expanded_and_settings_read() {
        let arguments = BTreeMap::from([("V".to_owned(), "3".to_owned())]);
        assert_eq!(expand("a:${V}-$V", &arguments), "a:3-3");
        let one = |word: &str, rest: &str| Instruction {
            word: word.to_owned(),
            start: 0,
            from: 0,
            rest: rest.to_owned(),
            documents: Vec::new(),
        };
        let read = |word, rest| {
            settings(&one(word, rest))
                .into_iter()
                .map(|(name, value, _)| (name, value.unwrap_or_default()))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            read("ENV", "A=1 B=\"2 3\""),
            [("A".into(), "1".into()), ("B".into(), "2 3".into())]
        );
        assert_eq!(read("ENV", "A 1 2"), [("A".into(), "1 2".into())]);
        assert_eq!(read("ARG", "A"), [("A".into(), String::new())]);
    }
}
