//! Models, data sets and spaces of a model hub, as Python code and adapters name them.
//!
//! The reading is of tokens and not of a syntax tree: the name of a loader, a bracket, a string with an identifier in it,
//! and a `revision=` before the bracket closes. What is computed is not known and not said.

use super::{
    Component, Ecosystem, Version,
    reader::{Reading, Text},
};

/// What a manifest of such references is called.
pub const FORMAT: &str = "Python source";

/// Loaders whose first argument (or the one called `repo_id`, `path`, `model`) names something on a hub.
const LOADERS: &[&str] = &[
    "from_pretrained",
    "hf_hub_download",
    "snapshot_download",
    "load_dataset",
    "pipeline",
    "SentenceTransformer",
    "CrossEncoder",
    "load_lora_weights",
    "from_single_file",
    "from_hub",
    "create_model",
];

/// Most bytes of the arguments of one call that are looked at.
const MAX_CALL: usize = 4_000;

/// The base of an adapter (PEFT's `adapter_config.json`).
pub(super) fn adapter(text: &Text<'_>, reading: &mut Reading) {
    let Some(json) = text.json(reading) else { return };
    let root = json.tree.root();
    let Some(node) = json.tree.get(root, "base_model_name_or_path") else {
        return;
    };
    let Some(name) = json.tree.str(node).filter(|name| is_id(name)) else {
        return;
    };
    let revision = json.str_of(root, "revision");
    reading.push(Component {
        version: revision.map_or(Version::Any, version_of),
        direct: Some(true),
        ..Component::new(Ecosystem::HuggingFace, name, json.line(node))
    });
}

/// A revision of 40 hexadecimal digits is exact; a branch or tag can move.
fn version_of(revision: &str) -> Version {
    if super::requirement::is_commit(revision) {
        Version::Exact(revision.to_owned())
    } else {
        Version::Range(revision.to_owned())
    }
}

/// Whether a text is an identifier of a hub: `owner/name`. A name without an owner could be anything.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let good = |part: &str| {
        !part.is_empty()
            && part.len() <= 96
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
            && part.bytes().any(|b| b.is_ascii_alphanumeric())
            && !part.starts_with(['-', '.'])
    };
    match text.split_once('/') {
        Some((owner, name)) => good(owner) && good(name) && !text.ends_with(".py") && !text.ends_with(".json"),
        None => false,
    }
}

/// The hub identifiers that Python source loads, as components with their lines. Linear.
#[must_use]
pub fn of_python(source: &str) -> Vec<Component> {
    let mut out = Vec::new();
    let bytes = source.as_bytes();
    let mut line = 1_u32;
    let mut counted = 0;
    for open in memchr::memchr_iter(b'(', bytes) {
        let Some(before) = bytes.get(..open) else { continue };
        let name_length = before
            .iter()
            .rev()
            .take(40)
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
            .count();
        let Some(name) = source.get(open - name_length..open) else {
            continue;
        };
        if !LOADERS.contains(&name) || is_commented(before) {
            continue;
        }
        let Some(component) = call(source, open + 1, name) else {
            continue;
        };
        line += u32::try_from(memchr::memchr_iter(b'\n', bytes.get(counted..open).unwrap_or_default()).count())
            .unwrap_or_default();
        counted = open;
        let (id, version) = component;
        out.push(Component {
            version,
            direct: Some(true),
            ..Component::new(Ecosystem::HuggingFace, id, line)
        });
    }
    out
}

/// Whether the line up to here is a comment or a definition.
fn is_commented(before: &[u8]) -> bool {
    let start = memchr::memrchr(
        b'\n',
        before.get(before.len().saturating_sub(400)..).unwrap_or_default(),
    );
    let base = before.len().saturating_sub(400);
    let line = before
        .get(start.map_or(base, |at| base + at + 1)..)
        .unwrap_or_default()
        .trim_ascii_start();
    line.starts_with(b"#") || line.starts_with(b"def ") || line.starts_with(b">>>") || line.starts_with(b"class ")
}

/// The identifier and revision in the arguments of a call.
fn call(source: &str, start: usize, loader: &str) -> Option<(String, Version)> {
    let bytes = source.as_bytes();
    let end = start.saturating_add(MAX_CALL).min(bytes.len());
    let (mut at, mut depth) = (start, 0_u32);
    let mut position = 0_u32;
    let mut keyword: Option<&str> = None;
    let (mut id, mut revision): (Option<&str>, Option<&str>) = (None, None);
    let mut value_start = true;
    while at < end {
        match *bytes.get(at)? {
            b')' if depth == 0 => break,
            b'(' | b'[' | b'{' => {
                depth += 1;
                value_start = false;
                at += 1;
            }
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b',' if depth == 0 => {
                position += 1;
                keyword = None;
                value_start = true;
                at += 1;
            }
            b'#' => at += memchr::memchr(b'\n', bytes.get(at..end)?)?,
            quote @ (b'"' | b'\'') => {
                let rest = bytes.get(at + 1..end)?;
                let length = memchr::memchr3(quote, b'\\', b'\n', rest)?;
                if rest.get(length) != Some(&quote) {
                    return None;
                }
                let text = source.get(at + 1..at + 1 + length)?;
                // A string that is joined to something is not the whole value.
                let after = source.get(at + length + 2..)?.trim_start();
                let whole = value_start && after.starts_with([',', ')']) && depth == 0;
                let names_it = match keyword {
                    Some(
                        "repo_id"
                        | "model"
                        | "path"
                        | "pretrained_model_name_or_path"
                        | "model_name_or_path"
                        | "model_name",
                    ) => true,
                    Some(_) => false,
                    // The first argument of a pipeline is the task.
                    None => position == u32::from(loader == "pipeline"),
                };
                if whole && keyword == Some("revision") {
                    revision = Some(text);
                } else if whole && names_it {
                    id = Some(text);
                }
                value_start = false;
                at += length + 2;
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                let length = bytes
                    .get(at..end)?
                    .iter()
                    .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
                    .count();
                let word = source.get(at..at + length)?;
                let after = source.get(at + length..)?.trim_start();
                if depth == 0 && value_start && after.starts_with('=') && !after.starts_with("==") {
                    keyword = Some(word);
                    at = source.len() - after.len() + 1;
                } else {
                    // `f"..."`, a name: no literal.
                    value_start = false;
                    at += length;
                }
            }
            b' ' | b'\n' | b'\t' | b'\r' => at += 1,
            byte if byte < 0x80 => {
                value_start = false;
                at += 1;
            }
            _ => at += 1,
        }
    }
    let id = id.filter(|id| is_id(id))?;
    Some((id.to_owned(), revision.map_or(Version::Any, version_of)))
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown};
    use super::*;

    #[test]
    fn calls_with_literals() {
        let source = "# from_pretrained('a/b')\nx = M.from_pretrained(\"o/n\", revision=\"0123456789012345678901234567890123456789\")\n\
            y = M.from_pretrained(name)\nz = pipeline('text-generation', model='o/m', device=f(1, 'x/y'))\n\
            hf_hub_download(repo_id = 'o/d',\n  filename='a/b', revision='main')\nfrom_pretrained('o/' + n)\nfrom_pretrained('./local/x')\nload_dataset('o/set')\n\
            from_pretrained(f'o/{x}')\nfrom_pretrained('";
        let reading = Reading {
            manifest: super::super::Manifest {
                components: of_python(source),
                ..Default::default()
            },
            problems: Vec::new(),
        };
        assert_eq!(
            shown(&reading),
            "2 o/n =0123456789012345678901234567890123456789 direct\n4 o/m * direct\n5 o/d main direct\n9 o/set * direct\n"
        );
        let adapter = "{\"base_model_name_or_path\": \"o/base\",\n \"revision\": null}";
        assert_eq!(
            shown(&read_text("m/adapter_config.json", adapter)),
            "1 o/base * direct\n"
        );
    }
}
