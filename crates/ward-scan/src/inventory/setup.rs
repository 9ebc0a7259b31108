//! `setup.cfg`, and what a `setup.py` says in so many words. Nothing is executed: a list that is computed is named as not
//! examined.
//!
//! Source: the documentation of setuptools.

use super::{
    Described, Scope, ini,
    reader::{Reading, Text},
    requirement::normalised,
    requirements::component_of,
};

pub(super) fn cfg(text: &Text<'_>, reading: &mut Reading) {
    let mut project = Described::default();
    ini::settings(text, &['=', ':'], reading, &mut |found, reading| {
        let ini::Line {
            section, key, value, ..
        } = found;
        match (section, key) {
            ("metadata", "name") => project.name = Some(normalised(value)),
            ("metadata", "version") if !value.contains(':') => project.version = Some(value.to_owned()),
            ("metadata", "license") => project.licence = Some(value.to_owned()),
            ("options", "python_requires") => project.runtime = Some(value.to_owned()),
            _ => {}
        }
        let scope = match (section, key) {
            ("options", "install_requires") => Scope::Run,
            ("options", "setup_requires") => Scope::Build,
            ("options", "tests_require") => Scope::Development,
            ("options.extras_require", extra) => Scope::Optional(extra.to_owned().into()),
            _ => return,
        };
        if value.starts_with("file:") {
            reading.problem(
                Some(found.number),
                "dependencies that another file lists; that file is read by its own name only",
            );
            return;
        }
        // One a line; on the line of the key they may stand with semicolons or commas no reader agrees on.
        let body = found.body();
        if body.is_empty() {
            return;
        }
        if let Some(mut component) = found.component(text, body, reading) {
            component.scope = scope;
            reading.push(component);
        }
    });
    if project != Described::default() {
        reading.manifest.project = Some(project);
    }
}

/// Reads the literal lists of `install_requires`, `setup_requires`, `tests_require` and `extras_require`.
pub(super) fn py(text: &Text<'_>, reading: &mut Reading) {
    let source = text.text;
    for (key, scope) in [
        ("install_requires", Scope::Run),
        ("setup_requires", Scope::Build),
        ("tests_require", Scope::Development),
        ("extras_require", Scope::Optional("".into())),
    ] {
        for (at, _) in source.match_indices(key) {
            argument(text, at, key, &scope, reading);
        }
    }
}

/// `key = value` at an offset, if it is that.
fn argument(text: &Text<'_>, at: usize, key: &str, scope: &Scope, reading: &mut Reading) {
    let source = text.text;
    let before = source.get(..at).and_then(|before| before.chars().next_back());
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.') {
        return;
    }
    let line_start = source
        .get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |end| end + 1);
    if source.get(line_start..at).is_some_and(|before| before.contains('#')) {
        return;
    }
    let rest = source.get(at + key.len()..).unwrap_or_default();
    let Some(value) = rest
        .trim_start()
        .strip_prefix('=')
        .filter(|rest| !rest.starts_with('='))
    else {
        return;
    };
    let start = source.len() - value.len();
    let line = text.line(at);
    match Literal::read(source, start) {
        Some(literal) => {
            for string in literal.strings {
                let content = source.get(string.start..string.end).unwrap_or_default();
                let scope = match (scope, string.key) {
                    (Scope::Optional(_), Some(extra)) => Scope::Optional(extra.into()),
                    _ => scope.clone(),
                };
                let span = Some(text.span(string.start, string.end));
                if let Some(mut component) = component_of(content, text.line(string.start), span, reading) {
                    component.scope = scope;
                    reading.push(component);
                }
            }
            if literal.more {
                reading.problem(Some(line), computed(key));
            }
        }
        None => reading.problem(Some(line), computed(key)),
    }
}

fn computed(key: &str) -> String {
    format!(
        "{key} is computed; Ward executes nothing, so what it holds is not known: list the dependencies in pyproject.toml"
    )
}

/// A list, a tuple or a dictionary of strings as Python writes it.
#[derive(Default)]
struct Literal {
    strings: Vec<Piece>,
    /// Whether something stands in it that is no string.
    more: bool,
}

struct Piece {
    start: usize,
    end: usize,
    key: Option<String>,
}

impl Literal {
    /// Reads a literal that begins at an offset, after space. None when there is none, or it does not end.
    fn read(source: &str, start: usize) -> Option<Self> {
        let mut literal = Literal::default();
        let mut stack: Vec<u8> = Vec::new();
        let mut key: Option<String> = None;
        let bytes = source.as_bytes();
        let mut at = start;
        loop {
            let byte = *bytes.get(at)?;
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b'\\' => at += 1,
                b'#' => at += memchr::memchr(b'\n', bytes.get(at..)?)?,
                b'[' | b'(' | b'{' if stack.len() < 4 => {
                    stack.push(byte);
                    at += 1;
                }
                b']' | b')' | b'}' => {
                    stack.pop()?;
                    at += 1;
                    if stack.is_empty() {
                        let after = source.get(at..)?.trim_start_matches([' ', '\t']);
                        literal.more |= after.starts_with('+');
                        return Some(literal);
                    }
                }
                b',' if !stack.is_empty() => at += 1,
                b'"' | b'\'' if !stack.is_empty() => {
                    let (from, to, end) = string(source, at)?;
                    let colon = source.get(end..)?.trim_start().starts_with(':');
                    if colon && stack.last() == Some(&b'{') {
                        key = source.get(from..to).map(str::to_owned);
                        at = source.len() - source.get(end..)?.trim_start().len() + 1;
                    } else {
                        literal.strings.push(Piece {
                            start: from,
                            end: to,
                            key: key.clone(),
                        });
                        at = end;
                    }
                }
                _ if stack.is_empty() => return None,
                _ => {
                    literal.more = true;
                    // To the next comma or the end of this list, over brackets.
                    at = skip(source, at)?;
                }
            }
        }
    }
}

/// The inside of a string literal and what follows it.
fn string(source: &str, at: usize) -> Option<(usize, usize, usize)> {
    let rest = source.get(at..)?;
    let quote = rest.get(..1)?;
    let triple = rest.get(..3).filter(|three| *three == quote.repeat(3));
    let mark = triple.unwrap_or(quote);
    let from = at + mark.len();
    let length = source.get(from..)?.find(mark)?;
    Some((from, from + length, from + length + mark.len()))
}

/// Over an expression to the comma or bracket that ends it.
fn skip(source: &str, start: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut depth = 0_u32;
    let mut at = start;
    loop {
        match *bytes.get(at)? {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return Some(at),
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 0 => return Some(at),
            b'"' | b'\'' => {
                at = string(source, at)?.2;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::reader::{read_text, shown, spans};

    #[test]
    fn settings_files() {
        let text = "[metadata]\nname = x\n[options]\ninstall_requires =\n    a==1.0\n    b>=2  # why\n[options.extras_require]\nextra =\n  c\n";
        let reading = read_text("setup.cfg", text);
        assert_eq!(
            shown(&reading),
            "5 a =1.0 direct\n6 b >=2 direct\n9 c * extra:extra direct\n"
        );
        assert_eq!(spans(text, &reading), ["1.0", ">=2", "c"]);
    }

    #[test]
    fn only_literals_of_setup_scripts() {
        let text = "from setuptools import setup\nsetup(\n  name='x',  # install_requires = [1]\n  install_requires=[\n    'a==1.0', \"b>=2\",\n  ],\n\
              extras_require={'t': ['c', pick('d')]},\n  tests_require=read(),\n)\n";
        let reading = read_text("setup.py", text);
        assert_eq!(reading.manifest.components.len(), 3);
        let out = shown(&reading);
        assert!(
            out.starts_with("5 a =1.0 direct\n5 b >=2 direct\n7 c * extra:t direct\n"),
            "{out}"
        );
        assert_eq!(out.matches('!').count(), 2, "{out}");
        assert_eq!(spans(text, &reading), ["1.0", ">=2", "c"]);
        for bad in [
            "install_requires=[",
            "install_requires=['",
            "install_requires=[(((((((",
            "install_requires",
            "install_requires=[",
        ] {
            let _ = read_text("setup.py", bad);
        }
    }
}
