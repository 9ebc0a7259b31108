//! Source code that comes with weights: TorchScript programs, handlers of TorchServe, modules of `torch.package`, and
//! settings that name what to build.

use std::{borrow::Cow, collections::BTreeSet};

use memchr::memmem;
use ward_evidence::Severity;
use ward_formats::{Budget, yaml::Yaml};

use super::{Walk, gadgets, rules};
use crate::{
    Blob,
    report::{Found, More, Value},
    secrets::decode::utf16::{self, Endian},
};

/// Longest source that is read.
const LONGEST: usize = 16 << 20;

/// Operators of PyTorch that open files, as the code of a TorchScript archive writes them.
const OPERATORS: &[(&str, &str)] = &[
    ("from_file(", "maps a file into a tensor"),
    ("torch.save(", "writes a file"),
    ("aten.save(", "writes a file"),
    ("torch.load(", "loads a pickle"),
    ("read_file(", "reads a file"),
    ("write_file(", "writes a file"),
    ("decode_image_from_file(", "reads a file"),
    ("ops.fbgemm.", "calls a library outside PyTorch"),
    ("ops.tensorrt.", "calls a library outside PyTorch"),
    ("torch.ops.load_library(", "loads a library"),
];

/// Words of Python source that run commands, code or connections.
const WORDS: &[(&str, &str)] = &[
    ("os.system", "runs commands"),
    ("os.popen", "runs commands"),
    ("os.exec", "runs commands"),
    ("os.spawn", "runs commands"),
    ("subprocess", "runs commands"),
    ("pty.spawn", "runs commands"),
    ("eval(", "runs code"),
    ("exec(", "runs code"),
    ("__import__", "runs code"),
    ("importlib", "runs code"),
    ("socket", "speaks to the network"),
    ("urllib.request", "speaks to the network"),
    ("requests.", "speaks to the network"),
    ("ctypes", "calls native code"),
    ("pickle.load", "loads a pickle"),
    ("marshal", "runs code"),
];

/// True for a member that holds source of Python or TorchScript.
pub(super) fn is_source(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".py") || name.ends_with(".py.debug_pkl.py")
}

/// True for settings in YAML beside weights, which may name classes to build.
pub(super) fn is_settings(name: &str, _head: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Looks at one source file.
pub(super) fn scan(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    let text = match blob.content.whole(LONGEST) {
        Ok(Some(text)) => text,
        _ => {
            walk.findings
                .not_examined(blob.place.clone(), "this source is too long or cannot be read");
            return;
        }
    };
    if is_settings(&blob.name(), &text) {
        return settings(blob, &text, walk);
    }
    if walk.script {
        let dense = dense(&text);
        for (word, does) in OPERATORS {
            let hidden = || {
                memmem::find(&dense, word.as_bytes())?;
                let name = word.trim_end_matches(['(', '.']);
                let last = name.rsplit('.').next().unwrap_or(name);
                Some(memmem::find(&text, last.as_bytes()).unwrap_or(0))
            };
            if let Some(at) = memmem::find(&text, word.as_bytes()).or_else(hidden) {
                let note = format!(
                    "the program inside the model {does}: it names `{}`",
                    word.trim_end_matches('(')
                );
                found(blob, walk, &rules::SCRIPT, Severity::High, at, word, note, &text);
            }
        }
        if let Some((at, module)) = foreign_import(&text) {
            let shown = ward_formats::pickle::plain(&module);
            let note = format!("the program inside the model is no TorchScript: it imports {shown}");
            found(blob, walk, &rules::SCRIPT, Severity::High, at, &module, note, &text);
        }
        return;
    }
    let hit = WORDS
        .iter()
        .find_map(|(word, does)| Some((*word, *does, memmem::find(&text, word.as_bytes())?)));
    match hit {
        Some((word, does, at)) => {
            let note = format!(
                "Python code that comes with the model {does}: it names `{}`",
                word.trim_end_matches('(')
            );
            found(blob, walk, &rules::CODE, Severity::High, at, word, note, &text);
        }
        None => {
            let note = "Python code comes with the model, and its loader may run it".to_owned();
            found(blob, walk, &rules::CODE, Severity::Low, 0, "code", note, &text);
        }
    }
}

/// The text without white space, continued lines and remarks, none of which part a name from its call.
fn dense(text: &[u8]) -> Vec<u8> {
    let mut dense = Vec::with_capacity(text.len());
    for line in text.split(|byte| *byte == b'\n') {
        let code = line.split(|byte| *byte == b'#').next().unwrap_or_default();
        dense.extend(
            code.iter()
                .filter(|byte| !byte.is_ascii_whitespace() && **byte != b'\\'),
        );
    }
    dense
}

/// The first module that a line of TorchScript's code imports and that is none of the program's own.
fn foreign_import(text: &[u8]) -> Option<(usize, String)> {
    let mut at = 0;
    for line in text.split(|byte| *byte == b'\n') {
        let words = line.trim_ascii();
        let module = words.strip_prefix(b"import ").or(words.strip_prefix(b"from "));
        if let Some(module) = module
            .map(<[u8]>::trim_ascii)
            .filter(|module| !module.starts_with(b"__torch__"))
        {
            let name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.');
            let name: Vec<u8> = module.iter().take_while(name).take(60).copied().collect();
            return Some((at, String::from_utf8_lossy(&name).into_owned()));
        }
        at += line.len() + 1;
    }
    None
}

/// The field by which Hydra names what is called.
const TARGET: &str = "_target_";

/// What comes before a name that is called: the field of Hydra, the tags of YAML's Python, those of HyperPyYAML.
const BUILDS: &[&str] = &[
    TARGET,
    "python/object/apply:",
    "python/object/new:",
    "python/object:",
    "python/name:",
    "!new:",
    "!apply:",
    "!name:",
];

/// True for YAML that may write a tag of Python's without saying so: by a handle of its own, or with letters as `%61`.
fn disguises(text: &[u8]) -> bool {
    let escaped = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        let tag = rest.get(..LONGEST_TAG).unwrap_or(rest);
        let tag = tag.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        tag.contains(&b'%')
    };
    memmem::find(text, b"%TAG").is_some()
        || memchr::memchr(b'%', text).is_some() && memchr::memchr_iter(b'!', text).any(escaped)
}

/// The text in UTF-8: readers of YAML take UTF-16 by its mark.
fn in_utf8(text: &[u8]) -> Cow<'_, [u8]> {
    match text {
        [0xff, 0xfe, rest @ ..] if !rest.starts_with(&[0, 0]) => Cow::Owned(utf16::decode(text, Endian::Little)),
        [0xfe, 0xff, ..] => Cow::Owned(utf16::decode(text, Endian::Big)),
        _ => Cow::Borrowed(text),
    }
}

/// True for a file of settings that has something called.
pub(super) fn builds(blob: &Blob<'_>, _: &[u8]) -> bool {
    let name = blob.name();
    let yaml = is_settings(&name, &[]);
    let words = match yaml {
        true => BUILDS,
        false if name.ends_with(".json") => &[TARGET],
        false => return false,
    };
    matches!(
        blob.content.whole(LONGEST).map(|text| text.map(|text| {
            let text = in_utf8(&text);
            let text = unescaped(&text);
            let named = words.iter().any(|word| memmem::find(&text, word.as_bytes()).is_some());
            named || yaml && disguises(&text)
        })),
        Ok(Some(true))
    )
}

/// Functions that run commands and code, and nothing that settings of a program would have called, by module.
const RUNNERS: &[(&[&str], &str)] = &[
    (
        &["os", "posix", "nt"],
        "system popen popen2 popen3 popen4 execl execle execlp execlpe execv execve execvp execvpe spawnl spawnle spawnlp \
        spawnlpe spawnv spawnve spawnvp spawnvpe posix_spawn posix_spawnp startfile",
    ),
    (
        &["subprocess", "commands"],
        "run call check_call check_output getoutput getstatusoutput Popen",
    ),
    (&["builtins", "__builtin__"], "eval exec execfile __import__"),
    (&["pty"], "spawn"),
    (&["runpy"], "run_path run_module"),
    (&["code"], "interact InteractiveConsole InteractiveInterpreter"),
    (&["pickle", "cPickle", "_pickle"], "loads"),
    (&["timeit"], "timeit repeat"),
];

fn is_runner(module: &str, name: &str) -> bool {
    RUNNERS
        .iter()
        .any(|(modules, names)| modules.contains(&module) && names.split_whitespace().any(|one| one == name))
}

/// Looks at settings that stand by themselves: a program's own may have anything called but what runs commands. Only what
/// a reader of YAML would call counts, and neither remarks nor texts.
pub(super) fn lone_settings(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    if let Ok(Some(text)) = blob.content.whole(LONGEST) {
        built(blob, &text, true, walk);
    }
}

fn settings(blob: &Blob<'_>, text: &[u8], walk: &mut Walk<'_>) {
    built(blob, text, false, walk);
}

/// `_target_: os.system`, `!!python/object/apply:os.system`: what is named there is called. Of settings that stand `alone`
/// only what runs commands and code is told. What YAML makes of the text counts; where it is none that can be read, how the text looks.
fn built(blob: &Blob<'_>, text: &[u8], alone: bool, walk: &mut Walk<'_>) {
    let text: &[u8] = &in_utf8(text);
    let mut calls = read(text);
    if calls.is_none() || !alone {
        calls.get_or_insert_default().extend(written(text));
    }
    let mut told = BTreeSet::new();
    for (at, name) in calls.unwrap_or_default() {
        let (module, last) = match name.rsplit_once('.') {
            Some(parts) => parts,
            None => ("builtins", name.as_str()),
        };
        if alone && !is_runner(module, last) || !told.insert(name.clone()) {
            continue;
        }
        if let Some(gadget) = gadgets::find(module, last) {
            let shown = ward_formats::pickle::plain(&name);
            let note = format!("these settings have {shown} called, which {}", gadget.does);
            let rule = if gadget.severity == Severity::Critical {
                &rules::EXECUTES
            } else {
                &rules::REACHES
            };
            found(blob, walk, rule, gadget.severity, at, &name, note, text);
        }
    }
}

/// What the nodes of a text have called, each with its place: by a tag of Python's, however its handle is called, or as a `_target_`.
fn read(text: &[u8]) -> Option<Vec<(usize, String)>> {
    let budget = Budget {
        bytes: LONGEST,
        depth: 128,
        items: 1_000_000,
    };
    let yaml = Yaml::parse(text, budget).ok()?;
    let mut calls = Vec::new();
    for node in yaml.nodes() {
        let tag = plain_tag(node.tag().unwrap_or_default());
        let tags = BUILDS.iter().filter(|word| **word != TARGET);
        if let Some((word, at)) = tags.filter_map(|word| Some((word, tag.find(word)?))).next() {
            let name = tag.get(at + word.len()..).unwrap_or_default();
            // PyYAML takes a bare name for a built-in one.
            if name.contains('.') || word.starts_with("python/") {
                calls.push((place_of_tag(text, node.span().start, name), name.to_owned()));
            }
        }
        for (key, value) in node.entries().filter(|(key, _)| key.text() == Some(TARGET)) {
            let name = value.text().unwrap_or_default().trim();
            if name.contains('.') {
                calls.push((key.span().start, name.to_owned()));
            }
        }
    }
    Some(calls)
}

/// A tag whose letters are written as themselves, and not as `%61`.
fn plain_tag(tag: &str) -> String {
    let mut parts = tag.split('%');
    let mut plain = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let digits = part
            .get(..2)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                plain.push(byte);
                plain.extend(part.bytes().skip(2));
            }
            None => {
                plain.push(b'%');
                plain.extend(part.bytes());
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Where the tag of a value stands that begins at `start`: before it, perhaps on another line.
fn place_of_tag(text: &[u8], start: usize, name: &str) -> usize {
    let from = start.saturating_sub(2 * LONGEST_TAG);
    let before = text.get(from..start).unwrap_or_default();
    // A value without a place of its own begins where its tag does.
    if text.get(start) == Some(&b'!') || name.len() > LONGEST_TAG {
        return start;
    }
    memmem::rfind(before, name.as_bytes()).map_or(start, |at| from + at)
}

/// The longest tag whose place is looked for.
const LONGEST_TAG: usize = 200;

/// What a text seems to have called. Neither remarks nor words amid others count.
fn written(text: &[u8]) -> Vec<(usize, String)> {
    let text: &[u8] = &unescaped(text);
    let prose = prose(text);
    let places = BUILDS.iter().flat_map(|word| {
        memmem::find_iter(text, word.as_bytes())
            .take(10_000)
            .map(|at| (at, *word))
    });
    let mut calls = Vec::new();
    for (at, word) in places {
        if is_within(&prose, at) || !is_node(text, at, word) {
            continue;
        }
        let line = text.get(at + word.len()..).unwrap_or_default();
        let end = memchr::memchr(b'\n', line).unwrap_or(line.len()).min(300);
        let value = String::from_utf8_lossy(line.get(..end).unwrap_or_default()).into_owned();
        let name: String = value
            .trim_start_matches([':', '"', '\'', ' ', '\t'])
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
            .take(200)
            .collect();
        if name.contains('.') || word.starts_with("python/") && is_runner("builtins", &name) {
            calls.push((at, name));
        }
    }
    calls
}

/// Where remarks and texts of several lines (`about: |`) stand in YAML: spans in the order of the text.
fn prose(text: &[u8]) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut at = 0;
    // The indentation of the line that began a text.
    let mut block: Option<usize> = None;
    for line in text.split(|byte| *byte == b'\n') {
        let bare = line.trim_ascii();
        let indent = line.len() - line.trim_ascii_start().len();
        if block.is_some_and(|begun| !bare.is_empty() && indent <= begun) {
            block = None;
        }
        if block.is_some() || bare.starts_with(b"#") {
            spans.push((at, at + line.len()));
        } else if begins_text(bare) {
            block = Some(indent);
        }
        at += line.len() + 1;
    }
    spans
}

/// `about: |`, `- about: >-`: a plain key, and what is indented below is its text.
fn begins_text(line: &[u8]) -> bool {
    let Some(colon) = memchr::memchr(b':', line) else {
        return false;
    };
    let (key, mark) = line.split_at(colon);
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b' ' | b'/');
    let mark = mark.get(1..).unwrap_or_default().trim_ascii();
    key.iter().all(plain)
        && matches!(mark.first(), Some(b'|' | b'>'))
        && mark
            .iter()
            .skip(1)
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-'))
}

fn is_within(spans: &[(usize, usize)], at: usize) -> bool {
    let after = spans.partition_point(|(start, _)| *start <= at);
    after
        .checked_sub(1)
        .and_then(|last| spans.get(last))
        .is_some_and(|(_, end)| at < *end)
}

/// How much of a line is looked at before a name.
const LONGEST_LINE: usize = 4_096;

/// Whether `word` at `at` is where YAML has a key or a tag, and not amid words or in quotes.
fn is_node(text: &[u8], at: usize, word: &str) -> bool {
    let mut before = text.get(at.saturating_sub(LONGEST_LINE)..at).unwrap_or_default();
    before = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    if word == "_target_" {
        let after = text.get(at + word.len()..).unwrap_or_default();
        let quote = before.last().copied().filter(|byte| matches!(byte, b'"' | b'\''));
        let after = match quote {
            Some(quote) if after.first() == Some(&quote) => after.get(1..).unwrap_or_default(),
            Some(_) => return false,
            None => after,
        };
        if !after.trim_ascii_start().starts_with(b":") {
            return false;
        }
        before = before
            .get(..before.len() - usize::from(quote.is_some()))
            .unwrap_or_default();
    } else if word.starts_with("python/") {
        let tag = before
            .strip_suffix(b"!!")
            .or_else(|| before.strip_suffix(b"!<tag:yaml.org,2002:"));
        match tag {
            Some(tag) => before = tag,
            None => return false,
        }
    }
    let (mut quoted, mut last) = ([false; 2], b' ');
    for byte in before {
        match byte {
            b'"' => quoted = [!quoted[0], quoted[1]],
            b'\'' => quoted = [quoted[0], !quoted[1]],
            // The rest is a remark.
            b'#' if last.is_ascii_whitespace() && quoted == [false; 2] => return false,
            _ => {}
        }
        last = *byte;
    }
    let mut lead = before.trim_ascii_end();
    // An anchor may stand between.
    let last = lead.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
    if last.starts_with(b"&") {
        lead = lead.get(..lead.len() - last.len()).unwrap_or_default().trim_ascii_end();
    }
    lead.is_empty() || lead.ends_with(b"---") || matches!(lead.last(), Some(b':' | b'-' | b'?' | b'[' | b'{' | b','))
}

/// A text in which the escapes of YAML's double quotes are resolved that name a character by its number.
fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    if memmem::find(text, b"\\x").is_none() && memmem::find(text, b"\\u").is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (before, from) = rest.split_at(at);
        plain.extend_from_slice(before);
        let len = match from.get(1) {
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => 0,
        };
        let digits = from.get(2..2 + len).filter(|digits| !digits.is_empty());
        let number = digits.and_then(|digits| u32::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        match number.and_then(char::from_u32) {
            Some(c) => {
                plain.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                rest = from.get(2 + len..).unwrap_or_default();
            }
            None => {
                plain.push(b'\\');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    plain.extend_from_slice(rest);
    Cow::Owned(plain)
}

/// True for programs and libraries of the common systems, by their first bytes.
pub(super) fn is_native(head: &[u8]) -> bool {
    const MAGICS: &[&[u8]] = &[
        b"\x7fELF",
        b"\xcf\xfa\xed\xfe",
        b"\xce\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe\0\0\0\x02",
        b"!<arch>\n",
    ];
    let windows = head.starts_with(b"MZ")
        && head
            .get(..1024)
            .is_some_and(|head| memmem::find(head, b"PE\0\0").is_some());
    windows || MAGICS.iter().any(|magic| head.starts_with(magic))
}

/// Tells of native code in an archive of a model.
pub(super) fn native(blob: &Blob<'_>, walk: &mut Walk<'_>) {
    let note = "the archive brings native code, which its loader runs".to_owned();
    found(blob, walk, &rules::CODE, Severity::High, 0, "native", note, b"");
}

#[expect(clippy::too_many_arguments, reason = "the parts of one finding")]
fn found(
    blob: &Blob<'_>,
    walk: &mut Walk<'_>,
    rule: &'static ward_evidence::RuleMeta,
    severity: Severity,
    at: usize,
    value: &str,
    note: String,
    text: &[u8],
) {
    let before = text.get(..at).unwrap_or_default();
    let line = 1 + memchr::memchr_iter(b'\n', before).count();
    let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let column = 1 + String::from_utf8_lossy(text.get(start..at).unwrap_or_default())
        .chars()
        .count();
    let at = blob.place.clone().at(
        u32::try_from(line).unwrap_or(u32::MAX),
        u32::try_from(column).unwrap_or(u32::MAX),
    );
    walk.findings.found.push(Found {
        rule,
        severity,
        at,
        note: note.into(),
        details: Vec::new(),
        value: Value::new(value),
        more: More::default(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_of_python_are_no_torchscript() {
        let find = |text: &str| foreign_import(text.as_bytes());
        assert_eq!(
            find("class A(Module):\n  import os, sys\n"),
            Some((17, "os".to_owned()))
        );
        assert_eq!(find("from sub.process import x"), Some((0, "sub.process".to_owned())));
        assert_eq!(
            find("import __torch__.a\nclass A(Module):\n  important : Tensor\n"),
            None
        );
    }

    #[test]
    fn a_call_stands_where_its_tag_does() {
        for text in [
            "a: 1\nb: !new:os.system\n  [ls]\n",
            "a: 1\nb: !new:os.system [ls]\n",
            "a: 1\nb: !!python/object/apply:os.system\n- ls\n",
            "a: 1\nb: {_target_: os.system}\n",
        ] {
            let calls = read(text.as_bytes()).unwrap_or_default();
            let lines = calls.iter().map(|(at, _)| text[..*at].matches('\n').count() + 1);
            assert_eq!(lines.collect::<Vec<_>>(), [2], "{text}");
        }
    }

    /// The severities of what is told of settings that stand alone.
    fn told(name: &str, text: &str) -> Vec<Severity> {
        told_of(name, text.as_bytes())
    }

    fn told_of(name: &str, text: &[u8]) -> Vec<Severity> {
        let blob = Blob::of_bytes(name, text);
        let mut findings = crate::Findings::default();
        if builds(&blob, b"") {
            lone_settings(&blob, &mut Walk::new(&mut findings));
        }
        findings.found.iter().map(|one| one.severity).collect()
    }

    #[test]
    fn settings_are_read_as_yaml_reads_them() {
        for text in [
            "m:\n  _target_: os.system\n",
            "m:\n  _target_: >-\n    os.system\n",
            "m:\n  _target_:\n    os.system\n",
            "m:\n  _target_: &run os.system\n",
            "m:\n  _target_: !!str os.system\n",
            "m:\n  _target_: \"os.\\\n    system\"\n",
            "m:\n  ? _target_\n  : os.system\n",
            "k: &key _target_\nm:\n  *key : os.system\n",
            "x: !!python/object/apply:os.system [id]\n",
            "x: !!python%2Fobject%2Fapply:os.system [id]\n",
            "%TAG !p! tag:yaml.org,2002:python/object/apply:\n---\nx: !p!os.system [id]\n",
            "%TAG !! tag:yaml.org,2002:python/\n---\nx: !!object/apply:os.system [id]\n",
            "x: !!python/object/%61pply:os.system [id]\n",
            "x: !!%70ython/object/apply:os.syste%6d [id]\n",
            "x: !<tag:yaml.org,2002:python/object/appl%79:os.system> [id]\n",
            "x: !!python/object/apply:eval [\"1\"]\n",
            // No YAML that can be read.
            "{{ name }}:\n  _target_: os.system\n\t- x\n",
        ] {
            assert_eq!(told("a.yaml", text), [Severity::Critical], "{text}");
        }
        assert_eq!(
            told("a.json", r#"{"m":{"_target_":"os.system"}}"#),
            [Severity::Critical]
        );
        for text in [
            "m:\n  _target_: >-\n    acme.models.Net\n",
            "m:\n  _target_: os\n",
            "m:\n  about: \"_target_: os.system\"\n",
            "about: |\n  _target_: os.system\n",
            "# _target_: os.system\nm: 1\n",
            "%TAG ! tag:host.test,2000:app/\n---\nx: !os.system [id]\n",
            "x: !!python/tuple [1, 2]\n",
            "x: !%61pp 1\ny: 90% of !!python/object/%61pply:os.system\n",
            "x: !!python/object/%6gpply:os.system [id]\n",
        ] {
            assert_eq!(told("a.yaml", text), [], "{text}");
        }
        for (text, expect) in [
            ("m:\n  _target_: os.system\n", &[Severity::Critical][..]),
            ("x: !!python/object/apply:os.system [id]\n", &[Severity::Critical]),
            ("# _target_: os.system\nm: 1\n", &[]),
            ("m:\n  _target_: acme.models.Net\n", &[]),
        ] {
            let units: Vec<u16> = format!("\u{feff}{text}").encode_utf16().collect();
            let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            assert_eq!(told_of("a.yaml", &little), expect, "{text}");
            assert_eq!(told_of("a.yaml", &big), expect, "{text}");
        }
        assert_eq!(told("a.json", r#"{"m":{"target":"os.system"}}"#), []);
    }

    #[test]
    fn white_space_hides_no_call() {
        let holds = |text: &str| memmem::find(&dense(text.as_bytes()), b"torch.from_file(").is_some();
        assert!(holds("return torch . from_file \\\n  (x)"));
        assert!(holds("return (torch.from_file # why\n  (x))"));
        assert!(!holds("# torch.from_file(x)"));
        assert!(!holds("return torch.from_files(x)"));
        assert!(!holds("from_file = 1"));
    }

    #[test]
    fn escapes_of_settings_are_resolved() {
        for (text, expect) in [
            (&b"a: \"\\x5ftarget_\""[..], &b"a: \"_target_\""[..]),
            (b"\\u0041\\U00000042\\n\\x4", b"AB\\n\\x4"),
            (b"plain", b"plain"),
            (b"\\x", b"\\x"),
        ] {
            assert_eq!(&*unescaped(text), expect);
        }
    }
}
