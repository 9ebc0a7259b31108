//! How the shell of a step is started.

use crate::pipeline::{
    expression::{Known, Value},
    script::Shell,
};

/// How a step's shell is started, as it is by default on its system; none where what is named runs no script.
///
/// Source: GitHub Docs, "Workflow syntax", `jobs.<job_id>.steps[*].shell`.
pub(super) fn shell_of(named: Option<&str>, known: &Known) -> Option<Shell> {
    let windows = known.get("runner.os") == Some(&Value::Text("Windows".to_owned()));
    let (errexit, pipefail) = match named.map(str::trim) {
        None if windows => (false, true),
        None | Some("sh") => (true, false),
        Some("bash") => (true, true),
        Some("pwsh" | "powershell" | "cmd") => (false, true),
        Some(line) => return runs(line).then(|| started(line)),
    };
    Some(Shell { errexit, pipefail })
}

fn started(line: &str) -> Shell {
    let short = |word: &str| word.starts_with('-') && !word.starts_with("--");
    Shell {
        errexit: line.split_whitespace().any(|word| short(word) && word.contains('e')),
        pipefail: line.contains("pipefail"),
    }
}

/// Whether a line runs the script that it is given as `{0}`: it must name it, and not a program that only reads it or does
/// nothing at all.
fn runs(line: &str) -> bool {
    const IDLE: &[&str] = &[
        "true", "false", ":", "cat", "echo", "printf", "test", "ls", "head", "tail", "wc", "rm", "cp", "mv", "touch",
        "tee", "grep", "stat", "file", "sleep", "exit",
    ];
    let words: Vec<&str> = line
        .split_whitespace()
        .skip_while(|word| matches!(*word, "env" | "sudo" | "nice"))
        .collect();
    let program = words
        .first()
        .map_or("", |first| first.rsplit('/').next().unwrap_or(first));
    let shell = matches!(program, "bash" | "sh" | "dash" | "zsh" | "ksh");
    // `bash -n {0}` reads it and runs nothing; `bash -c true {0}` runs something else.
    let short = |word: &str, letter: char| word.starts_with('-') && !word.starts_with("--") && word.contains(letter);
    let reads = shell && words.iter().any(|word| short(word, 'n'));
    let other = shell
        && words
            .iter()
            .position(|word| short(word, 'c'))
            .is_some_and(|at| words.get(at + 1).is_some_and(|next| !next.contains("{0}")));
    !IDLE.contains(&program) && !reads && !other && (line.contains("{0}") || line.contains("${{") || line.contains('@'))
}
