//! Which words of a command a program runs as text: what stands behind `-c` of a shell or an interpreter.

use ruff_python_ast::Expr;

use super::{function::Following, value::Value};

/// Shells, which read `$1` in a command.
const SHELLS: &[&str] = &["sh", "bash", "zsh", "dash", "ksh", "ash", "fish"];
/// Programs that take a command or a program's text wherever the option stands among their words.
const ANYWHERE: &[&str] = &[
    "su",
    "runuser",
    "script",
    "flock",
    "xterm",
    "pwsh",
    "powershell",
    "mysql",
    "mariadb",
    "psql",
    "sed",
    "gsed",
    "gawk",
];
/// Interpreters, whose options end where their script's name stands.
const INTERPRETERS: &[&str] = &[
    "git", "perl", "ruby", "node", "nodejs", "deno", "php", "r", "rscript", "lua", "pypy",
];
/// Options of shells and interpreters behind which a value stands.
const WITH_VALUE: &[&str] = &[
    "-o",
    "-O",
    "+o",
    "+O",
    "-W",
    "-X",
    "-I",
    "-r",
    "--rcfile",
    "--init-file",
];
/// Words of a language that run text.
const RUNS_TEXT: &[&str] = &[
    "exec",
    "eval",
    "system",
    "popen",
    "subprocess",
    "spawn",
    "import_",
    "__import__",
    "compile",
    "child_process",
    "Function",
    "qx",
    "`",
];
/// Commands that run what they are given, or keep it for later.
const RUNS_ARGUMENTS: &[&str] = &[
    "eval", "exec", "source", ".", "xargs", "env", "sudo", "doas", "su", "ssh", "command", "builtin", "nohup",
    "timeout", "time", "nice", "ionice", "setsid", "stdbuf", "chroot", "strace", "parallel", "flock", "watch", "trap",
    "alias", "export", "declare", "local", "readonly", "typeset", "set", "awk", "gawk", "sed", "find", "docker",
    "podman", "kubectl", "srun", "busybox", "xvfb-run", "read",
];
/// Words of the shell behind which a command begins.
const KEYWORDS: &[&str] = &[
    "if", "then", "else", "elif", "while", "until", "do", "!", "{", "(", "&&", "||",
];

/// What a program runs of the words that follow it.
pub(super) enum Given {
    /// What these hold.
    Held(Value),
    /// Every word may be run.
    All,
}

/// What a program is, by the word that names it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Program {
    Shell,
    Interpreter,
    Anywhere,
    Other,
}

impl<'a> Following<'_, 'a> {
    /// What a program is given to run: the text behind `-c`, everything where a command of Windows begins. `filled` says that
    /// the words stand in a variable, to which more may have been added.
    pub(super) fn handed_over(&mut self, items: &'a [Expr], filled: bool) -> Given {
        let mut words: Vec<&'a Expr> = Vec::new();
        for item in items {
            match item {
                Expr::Starred(inner) => match self.ctx.behind(&inner.value) {
                    Expr::List(list) => words.extend(&list.elts),
                    Expr::Tuple(tuple) => words.extend(&tuple.elts),
                    _ => words.push(item),
                },
                _ => words.push(item),
            }
        }
        let mut value = Value::default();
        // What is not known may be a shell.
        let mut program = Program::Interpreter;
        let mut takes_value = false;
        for (at, word) in words.iter().enumerate() {
            let Some(text) = self.ctx.str(word) else { continue };
            let rest = words.get(at + 1..).unwrap_or_default();
            if matches!(&*text, "/c" | "/C" | "eval" | "-Command") {
                for one in rest {
                    value = value.join(&self.eval(one));
                }
                return Given::Held(value);
            }
            let is_value = std::mem::replace(&mut takes_value, WITH_VALUE.contains(&&*text));
            let runs = program != Program::Other && is_run(&text, program);
            if !runs {
                if !text.starts_with(['-', '+']) && !is_value {
                    let named = program_of(&text);
                    let ends = at == 0 || named != Program::Other || program != Program::Anywhere;
                    program = if ends { named } else { program };
                }
                continue;
            }
            let of_options = |word: &&&'a Expr| self.ctx.str(word).is_some_and(|text| text.starts_with('-'));
            let options = rest.iter().take_while(of_options).count();
            let Some(run) = rest.get(options) else {
                // The text is added later.
                return if filled { Given::All } else { Given::Held(value) };
            };
            let others = rest.get(options + 1..).unwrap_or_default();
            match self.ctx.str(run) {
                Some(text) if runs_arguments(&text, program) => return Given::All,
                Some(text) => {
                    // Text that takes no words was put in the place of this one.
                    if filled && others.is_empty() && program == Program::Shell && !text.contains('$') {
                        return Given::All;
                    }
                }
                None if filled && run.is_none_literal_expr() => return Given::All,
                None => value = value.join(&self.eval(run)),
            }
            // The text is no name of a script, and more may follow: `perl -e a -e b`.
            takes_value = true;
            if program == Program::Shell {
                program = Program::Other;
            }
        }
        Given::Held(value)
    }
}

fn program_of(word: &str) -> Program {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word).to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if SHELLS.contains(&plain) {
        Program::Shell
    } else if ANYWHERE.contains(&plain) {
        Program::Anywhere
    } else if plain == "python" || INTERPRETERS.contains(&plain) {
        Program::Interpreter
    } else {
        Program::Other
    }
}

/// Whether text to run stands behind an option: `-c`, `-lc`, `-e`, `-r`.
fn is_run(option: &str, program: Program) -> bool {
    if matches!(option, "-e" | "-E" | "-r" | "--eval" | "--command") {
        return program != Program::Shell;
    }
    let letters = option.strip_prefix('-').unwrap_or_default();
    !letters.is_empty()
        && letters.len() <= 6
        && letters.ends_with('c')
        && letters.bytes().all(|c| c.is_ascii_alphabetic())
}

/// Whether the text behind `-c` of a shell may run the words that follow it.
pub(in crate::code) fn shell_runs_arguments(text: &str) -> bool {
    runs_arguments(text, Program::Shell)
}

/// Whether text that is run may run the words behind it. In a shell it does not where they are arguments, in quotes, of a
/// command that has a name.
fn runs_arguments(text: &str, program: Program) -> bool {
    match program {
        Program::Shell => {}
        _ => return RUNS_TEXT.iter().any(|word| text.contains(word)),
    }
    if !text.contains('$') && !text.contains("for ") {
        return false;
    }
    if ["`", "$(", "<(", "<<"].iter().any(|sign| text.contains(sign)) || text.contains("for ") && !text.contains(" in ")
    {
        return true;
    }
    let mut quote = None;
    let mut first = String::new();
    let mut in_first = true;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (Some('\''), _) => {}
            (_, '\\') => {
                chars.next();
            }
            (None, '\'' | '"') => quote = Some(c),
            (_, '$') => {
                let mut next = chars.clone().skip_while(|c| matches!(c, '{' | '#' | '!'));
                let is_word = next
                    .next()
                    .is_some_and(|c| c.is_ascii_digit() || matches!(c, '@' | '*'));
                let name = first.rsplit('/').next().unwrap_or_default();
                let named = !in_first && !RUNS_ARGUMENTS.contains(&name) && program_of(name) == Program::Other;
                if is_word && (quote.is_none() || !named) {
                    return true;
                }
            }
            (None, ';' | '|' | '&' | '\n' | '(') => {
                first.clear();
                in_first = true;
            }
            (None, c) if c.is_whitespace() => {
                if KEYWORDS.contains(&first.as_str()) {
                    first.clear();
                    in_first = true;
                } else {
                    in_first &= first.is_empty();
                }
            }
            (_, c) if in_first => first.push(c),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Program, runs_arguments};

    #[test]
    fn text_of_a_shell_that_only_names_its_words_runs_none() {
        for (text, runs) in [
            ("echo \"$1\"", false),
            ("cd /srv && ls \"$0\"", false),
            ("if [ -f \"$1\" ]; then cat \"$1\"; fi", false),
            ("awk '{print $1}' /srv/x", false),
            ("ls", false),
            ("echo $HOME", false),
            ("$0", true),
            ("\"$1\"", true),
            ("ping $1", true),
            ("eval \"$1\"", true),
            ("exec \"$@\"", true),
            ("set -e; \"$@\"", true),
            ("/bin/sh -c \"$1\"", true),
            ("sh -c \"$1\"", true),
            ("a=\"$1\"; echo b", true),
            ("if true; then \"$1\"; fi", true),
            ("for f in $1; do rm $f; done", true),
            ("echo \"$(cat \"$1\")\"", true),
        ] {
            assert_eq!(runs_arguments(text, Program::Shell), runs, "{text}");
        }
    }
}
