//! Which modules Python source imports.

use memchr::memmem;

/// The first parts of the names of modules that are imported, sorted, each once. Works line by line, so that notebooks are
/// read too; what stands in a text is taken for an import as well, which only ever makes a package count as used.
pub(super) fn of(source: &[u8]) -> Vec<Box<str>> {
    let mut out: Vec<Box<str>> = Vec::new();
    for at in memmem::find_iter(source, b"import") {
        let start = memchr::memrchr(b'\n', source.get(..at).unwrap_or_default()).map_or(0, |end| end + 1);
        // Lines of code are short; a longer one is data.
        if at - start > 400 {
            continue;
        }
        let before = source.get(start..at).unwrap_or_default().trim_ascii_start();
        let before = before.strip_prefix(b"\"").unwrap_or(before).trim_ascii_start();
        let after = source.get(at + 6..).unwrap_or_default();
        let after = after.get(..400).unwrap_or(after);
        if let Some(module) = before.strip_prefix(b"from ") {
            push(&mut out, module.trim_ascii());
        } else if before.is_empty() || before.ends_with(b"; ") || before.ends_with(b": ") {
            let Some(names) = after.strip_prefix(b" ") else {
                continue;
            };
            let end = names
                .iter()
                .position(|b| matches!(b, b'\n' | b'\r' | b'#' | b';' | b'"' | b'\\' | b'('));
            for name in names
                .get(..end.unwrap_or(names.len()))
                .unwrap_or_default()
                .split(|b| *b == b',')
            {
                push(&mut out, name.trim_ascii());
            }
        } else if let Some(rest) = after.strip_prefix(b"_module(").or_else(|| after.strip_prefix(b"__(")) {
            // importlib.import_module("name"), __import__("name")
            let rest = rest.trim_ascii_start();
            if let Some((b'"' | b'\'', name)) = rest.split_first() {
                push(&mut out, name);
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

fn push(out: &mut Vec<Box<str>>, module: &[u8]) {
    let length = module
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || **b >= 0x80)
        .count();
    if let Some(name) = module.get(..length).filter(|name| !name.is_empty())
        && let Ok(name) = std::str::from_utf8(name)
        && out.last().is_none_or(|last| **last != *name)
    {
        out.push(name.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expect: &[&str]) {
        let got = of(source.as_bytes());
        assert_eq!(got.iter().map(|one| &**one).collect::<Vec<_>>(), expect, "{source}");
    }

    #[test]
    fn imports_of_every_form() {
        check(
            "import os, numpy.linalg as la\nfrom yaml import load\n  from PIL.Image import (\n",
            &["PIL", "numpy", "os", "yaml"],
        );
        check("from . import x\nfrom .a import b\n", &[]);
        check(
            "  \"import cv2\\n\",\n   \"from torch import nn\\n\"",
            &["cv2", "torch"],
        );
        check(
            "try: import a\nx = importlib.import_module('b.c')\n__import__(\"d\")\nimportant = 1\nimportlib.x\n",
            &["a", "b", "d"],
        );
        check("import", &[]);
        check("from", &[]);
    }
}
