//! Lines of notebooks that are no Python.

use ruff_python_ast::{Expr, IpyEscapeKind, Stmt};
use ruff_text_size::{Ranged, TextRange};
use ward_evidence::{RuleMeta, Severity, controls::DEP_2A};

use super::super::super::rule::{Hit, Node, On, Rule};

pub(super) static INSTALL: Rule = Rule {
    meta: RuleMeta {
        id: "ml/notebook-install",
        severity: Severity::Low,
        controls: &[DEP_2A],
        summary: "A notebook installs packages whose version nothing fixes.",
        docs: "Each run gets what is newest then: the same notebook gives other results, or runs what somebody published this \
            morning. From a repository or an address without a commit it is whatever stands there.\n\n\
            Example: `!pip install git+https://example.org/tool`\n\n\
            **Instead:** `%pip install tool==1.4.2`, or a requirements file with hashes beside the notebook.\n\n\
            Source: pip documentation, repeatable installs; CWE-829. An unpinned package of the usual index is shown in the \
            thorough profile only.",
    },
    on: &[On::Module],
    check: |_, site, out| {
        let Node::Module(body) = site.node else { return };
        for stmt in body {
            let Some((command, range)) = escape(stmt) else { continue };
            match judge(command) {
                Some(Install::Address) => {
                    let note = "a notebook installs from an address that no commit or digest fixes";
                    out.report(Hit::at(range).severity(Severity::Medium).note(note));
                }
                Some(Install::Unpinned) => out.report(Hit::at(range).thorough()),
                None => {}
            }
        }
    },
    bad: &[
        "!pip install -q torch transformers==4.1",
        "%pip install git+https://example.org/tool.git",
    ],
    good: &[
        "!pip install torch==2.1.0",
        "%pip install -r requirements.txt",
        "!ls",
        "x = 1",
    ],
};

/// A line for the shell or a magic, without its sign.
fn escape(stmt: &Stmt) -> Option<(&str, TextRange)> {
    let (kind, value, range) = match stmt {
        Stmt::IpyEscapeCommand(line) => (line.kind, &*line.value, line.range()),
        Stmt::Expr(line) => match &*line.value {
            Expr::IpyEscapeCommand(inner) => (inner.kind, &*inner.value, inner.range()),
            _ => return None,
        },
        _ => return None,
    };
    let shell = matches!(
        kind,
        IpyEscapeKind::Shell | IpyEscapeKind::ShCap | IpyEscapeKind::Magic | IpyEscapeKind::Magic2
    );
    shell.then_some((value, range))
}

enum Install {
    Address,
    Unpinned,
}

fn judge(command: &str) -> Option<Install> {
    let mut words = command
        .split_whitespace()
        .skip_while(|word| *word != "pip" && *word != "pip3");
    words.next()?;
    if words.next()? != "install" {
        return None;
    }
    let mut unpinned = false;
    let mut value_of = false;
    for word in words {
        if std::mem::take(&mut value_of) {
            continue;
        }
        if word.starts_with('-') {
            // Options with a value, and files that pin for themselves.
            value_of = matches!(
                word,
                "-r" | "-c" | "-i" | "-f" | "-t" | "--index-url" | "--extra-index-url" | "--find-links" | "--target"
            );
            continue;
        }
        if matches!(word, "&&" | ";" | "|" | ">" | "#") {
            break;
        }
        let address = word.contains("://");
        if address {
            let commit = word
                .split(['@', '#'])
                .any(|part| part.len() == 40 && part.bytes().all(|b| b.is_ascii_hexdigit()));
            if !commit && !word.contains("sha256=") {
                return Some(Install::Address);
            }
        } else if !word.contains("==") && !word.starts_with(['.', '/', '$', '{', '<', '>']) && !word.ends_with(".whl") {
            unpinned = true;
        }
    }
    unpinned.then_some(Install::Unpinned)
}
