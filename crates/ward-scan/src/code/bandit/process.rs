//! Other programs that are started: B601 to B607, B609.

use ruff_python_ast::{Expr, Number};
use ward_evidence::Severity::{High, Low, Medium};

use super::{
    values::{self, Value},
    walk::{Call, Walk},
};

/// How a function starts a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Starts {
    /// `subprocess` without a shell of its own.
    Subprocess,
    /// Through a shell.
    Shell,
    /// In place of, or beside, the running program, without a shell.
    Directly,
}

fn starts(name: &str) -> Option<Starts> {
    Some(match name {
        "subprocess.Popen"
        | "subprocess.call"
        | "subprocess.check_call"
        | "subprocess.check_output"
        | "subprocess.run" => Starts::Subprocess,
        "os.system"
        | "os.popen"
        | "os.popen2"
        | "os.popen3"
        | "os.popen4"
        | "popen2.popen2"
        | "popen2.popen3"
        | "popen2.popen4"
        | "popen2.Popen3"
        | "popen2.Popen4"
        | "commands.getoutput"
        | "commands.getstatusoutput"
        | "subprocess.getoutput"
        | "subprocess.getstatusoutput" => Starts::Shell,
        "os.execl" | "os.execle" | "os.execlp" | "os.execlpe" | "os.execv" | "os.execve" | "os.execvp"
        | "os.execvpe" | "os.spawnl" | "os.spawnle" | "os.spawnlp" | "os.spawnlpe" | "os.spawnv" | "os.spawnve"
        | "os.spawnvp" | "os.spawnvpe" | "os.startfile" => Starts::Directly,
        _ => return None,
    })
}

/// All tests of this file.
pub(super) fn call<'a>(walk: &mut Walk<'a>, call: &Call<'a>) {
    let how = starts(&call.full);
    let shell = call.keyword("shell").is_some_and(is_true);
    let literal = call.arg(0).map(values::is_string);
    if how == Some(Starts::Subprocess) {
        match (shell, literal) {
            (true, Some(true)) => walk.about_argument("B602", Low, call, "shell"),
            (true, Some(false)) => walk.about_argument("B602", High, call, "shell"),
            (true, None) => {}
            (false, _) => walk.about_argument("B603", Low, call, "shell"),
        }
    } else if shell {
        walk.about_argument("B604", Medium, call, "shell");
    }
    match (how, literal) {
        (Some(Starts::Shell), Some(true)) => walk.about("B605", Low, call),
        (Some(Starts::Shell), Some(false)) => walk.about("B605", High, call),
        (Some(Starts::Directly), _) => walk.about("B606", Low, call),
        _ => {}
    }
    if how.is_some() && call.arg(0).is_some_and(is_partial_path) {
        walk.about("B607", Low, call);
    }
    let through_shell = how == Some(Starts::Shell) || how == Some(Starts::Subprocess) && call.is("shell", "True");
    if through_shell && call.arg(0).is_some_and(is_wildcard_command) {
        walk.about_argument("B609", High, call, "shell");
    }
    if call.last() == "exec_command" && walk.imported_like("paramiko") {
        walk.about("B601", Medium, call);
    }
}

/// Whether Bandit takes `shell=..` for true: whatever is not plainly empty, zero, false or none.
fn is_true(expr: &Expr) -> bool {
    match expr {
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(int) => int.as_i64() != Some(0),
            Number::Float(float) => *float != 0.0,
            Number::Complex { real, imag } => *real != 0.0 || *imag != 0.0,
        },
        Expr::List(list) => !list.elts.is_empty(),
        Expr::Dict(dict) => !dict.items.is_empty(),
        Expr::BooleanLiteral(literal) => literal.value,
        Expr::NoneLiteral(_) => false,
        Expr::StringLiteral(text) => !text.value.is_empty(),
        Expr::BytesLiteral(bytes) => !bytes.value.is_empty(),
        _ => true,
    }
}

/// Whether a command's first word, a literal, is no path from a root or from the current folder.
fn is_partial_path(expr: &Expr) -> bool {
    let first = match expr {
        Expr::List(list) => list.elts.first().unwrap_or(expr),
        other => other,
    };
    let Expr::StringLiteral(text) = first else { return false };
    let mut bytes = text.value.to_str().bytes();
    match (bytes.next(), bytes.next()) {
        (Some(b'/' | b'\\' | b'.'), _) => false,
        (Some(letter), Some(b':')) => !letter.is_ascii_alphabetic(),
        _ => true,
    }
}

/// Whether a command names a program that takes file names for options, and a star.
fn is_wildcard_command(expr: &Expr) -> bool {
    let mut text = String::new();
    match values::of(expr) {
        Some(Value::Word(word)) => text.push_str(&word),
        Some(Value::List(elements)) => {
            for word in elements.iter().flatten().filter_map(Value::word) {
                text.push(' ');
                text.push_str(word);
            }
        }
        _ => {}
    }
    text.contains('*')
        && ["chown", "chmod", "tar", "rsync"]
            .iter()
            .any(|name| text.contains(name))
}
