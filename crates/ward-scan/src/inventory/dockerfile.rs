//! Dockerfiles: base images, and the packages that `RUN` installs.
//!
//! Source: Docker's *Dockerfile reference*; the distribution specification for the names of images.

use super::{
    Component, Ecosystem, Origin, Version,
    install::commands,
    reader::{Name, Reading, Text},
};

/// `Dockerfile`, `Dockerfile.gpu`, `gpu.Dockerfile`, `Containerfile`.
pub(super) fn is(name: &Name<'_>) -> bool {
    let file = name.file;
    file == "dockerfile"
        || file == "containerfile"
        || file.ends_with(".dockerfile")
        || file.ends_with(".containerfile")
        || (file.starts_with("dockerfile.") || file.starts_with("dockerfile-") || file.starts_with("containerfile."))
            && ![".md", ".py", ".sh", ".j2", ".txt", ".dockerignore"]
                .iter()
                .any(|end| file.ends_with(end))
}

pub(super) fn read(text: &Text<'_>, reading: &mut Reading) {
    let mut stages: Vec<String> = Vec::new();
    let mut defaults: Vec<(String, String)> = Vec::new();
    for instruction in instructions(text) {
        let body = instruction.text.trim();
        let (verb, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
        match verb.to_ascii_uppercase().as_str() {
            "FROM" => {
                let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
                let Some(name) = words.first() else {
                    reading.problem(Some(instruction.line), "FROM without an image");
                    continue;
                };
                let name = expanded(name, &defaults);
                if let [_, as_word, stage, ..] = words.as_slice()
                    && as_word.eq_ignore_ascii_case("as")
                {
                    stages.push(stage.to_lowercase());
                }
                let known = |stage: &String| *stage == name.to_lowercase();
                if name == "scratch" || stages.iter().any(known) {
                    continue;
                }
                if name.contains('$') {
                    reading.problem(
                        Some(instruction.line),
                        "a base image whose name is an argument without a default",
                    );
                    continue;
                }
                reading.push(image_of(&name, instruction.line));
            }
            "ARG" => {
                for word in rest.split_whitespace() {
                    if let Some((name, value)) = word.split_once('=') {
                        defaults.push((name.to_owned(), value.trim_matches(['"', '\'']).to_owned()));
                    }
                }
            }
            "COPY" => {
                let from = rest.split_whitespace().find_map(|word| word.strip_prefix("--from="));
                if let Some(image) = from
                    && image.contains(['/', ':'])
                    && !image.contains('$')
                {
                    reading.push(image_of(image, instruction.line));
                }
            }
            "RUN" => {
                for line in &instruction.lines {
                    commands(&line.1, line.0, reading);
                }
            }
            _ => {}
        }
    }
}

/// One instruction, with its lines joined.
struct Instruction {
    line: u32,
    text: String,
    /// For `RUN`: each command line with the line it begins on.
    lines: Vec<(u32, String)>,
}

fn instructions(text: &Text<'_>) -> Vec<Instruction> {
    let mut out = Vec::new();
    let mut open: Option<Instruction> = None;
    let mut heredoc: Option<String> = None;
    for (number, _, line) in text.lines() {
        if let (Some(end), Some(instruction)) = (&heredoc, &mut open) {
            if line.trim() == end {
                heredoc = None;
                out.extend(open.take());
            } else {
                instruction.lines.push((number, line.to_owned()));
            }
            continue;
        }
        let trimmed = line.trim();
        if trimmed.starts_with('#') || trimmed.is_empty() {
            continue;
        }
        let continues = trimmed.ends_with('\\') || trimmed.ends_with('`') && trimmed.len() > 1;
        let body = if continues {
            trimmed.get(..trimmed.len() - 1).unwrap_or_default()
        } else {
            trimmed
        };
        match &mut open {
            Some(instruction) => {
                instruction.text.push(' ');
                instruction.text.push_str(body);
                // A list of packages goes on over lines; each keeps its own line number.
                instruction.lines.push((number, body.to_owned()));
            }
            None => {
                let first = body.split_once(char::is_whitespace).map_or("", |(_, rest)| rest);
                open = Some(Instruction {
                    line: number,
                    text: body.to_owned(),
                    lines: vec![(number, first.to_owned())],
                });
            }
        }
        if !continues {
            let marker = open
                .as_ref()
                .filter(|one| one.text.len() < 1 << 16)
                .and_then(|one| heredoc_of(&one.text));
            match marker {
                Some(end) => heredoc = Some(end),
                None => {
                    if let Some(mut done) = open.take() {
                        done.lines = joined(std::mem::take(&mut done.lines));
                        out.push(done);
                    }
                }
            }
        }
    }
    out.extend(open);
    out
}

/// Joins the lines of one command: a line that does not begin a new command belongs to the one before.
fn joined(lines: Vec<(u32, String)>) -> Vec<(u32, String)> {
    let mut out: Vec<(u32, String)> = Vec::new();
    for (number, line) in lines {
        match out.last_mut() {
            Some((_, before)) => {
                before.push('\n');
                before.push_str(&line);
            }
            None => out.push((number, line)),
        }
    }
    out
}

/// The word that ends a here-document of `RUN <<EOF`.
fn heredoc_of(text: &str) -> Option<String> {
    let (verb, rest) = text.split_once(char::is_whitespace)?;
    if !verb.eq_ignore_ascii_case("run") {
        return None;
    }
    let after = rest
        .split_once("<<")?
        .1
        .trim_start_matches('-')
        .trim_start_matches(['"', '\'']);
    let word: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// Puts in the defaults of arguments.
fn expanded(name: &str, defaults: &[(String, String)]) -> String {
    let mut out = name.trim_matches(['"', '\'']).to_owned();
    for (key, value) in defaults.iter().rev() {
        if out.contains('$') && out.len() < 4096 {
            out = out
                .replace(&format!("${{{key}}}"), value)
                .replace(&format!("${key}"), value);
        }
    }
    out
}

/// `registry/name:tag@digest`. Without a tag it is `latest`.
pub(super) fn image_of(reference: &str, line: u32) -> Component {
    let (rest, digest) = reference
        .split_once('@')
        .map_or((reference, None), |(a, b)| (a, Some(b)));
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match rest.get(slash..).unwrap_or_default().split_once(':') {
        Some((_, tag)) => (rest.get(..rest.len() - tag.len() - 1).unwrap_or(rest), Some(tag)),
        None => (rest, None),
    };
    let version = match (tag, digest) {
        (Some(tag), _) => Version::Range(tag.to_owned()),
        (None, Some(_)) => Version::Any,
        (None, None) => Version::Range("latest".to_owned()),
    };
    let first = name.split('/').next().unwrap_or(name);
    let elsewhere = name.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    Component {
        version,
        origin: if elsewhere {
            Origin::OtherRegistry(first.to_owned())
        } else {
            Origin::Registry
        },
        hashes: digest.map(str::to_owned).into_iter().collect(),
        direct: Some(true),
        ..Component::new(Ecosystem::Oci, name, line)
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown};

    #[test]
    fn images_and_installations() {
        let text = "ARG V=3.12\nFROM --platform=x python:${V}-slim AS base\nFROM base\nFROM r.example:5000/o/n@sha256:00\nCOPY --from=busybox:1 /a /b\n\
            RUN apt-get update && apt-get install -y --no-install-recommends \\\n    curl=7.1 \\\n    # why\n    git && rm -rf x\n\
            RUN pip install --no-cache-dir \\\n  'a==1' b>=2 \\\n  -r req.txt git+https://h.example/c@main && npm install -g d@1.0.0 @s/e\n\
            RUN <<EOF\npython -m pip install f==2; cargo install g@1\nEOF\nFROM $X\n";
        let reading = read_text("Dockerfile", text);
        assert_eq!(
            shown(&reading),
            "2 python 3.12-slim direct\n4 r.example:5000/o/n * registry:r.example:5000 direct hashes:1\n5 busybox 1 direct\n7 curl =7.1 direct\n8 git * direct\n\
             11 a =1 direct\n11 b >=2 direct\n12 c main git:https://h.example/c#? direct\n12 d =1.0.0 direct\n12 @s/e * direct\n14 f =2 direct\n14 g =1 build direct\n\
             ! Some(16) a base image whose name is an argument without a default\n"
        );
        assert_eq!(reading.manifest.includes[0].path, "req.txt");
    }
}
