//! What the words of a script say: variables, assignments, files that are written, what carries an exit status on.

use crate::pipeline::shell::{Command, Node, Sequence};

/// What the whole script says about exit statuses, read once.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Names of variables that an `exit` or a test takes.
    pub(super) exited: Vec<String>,
    /// Names of variables that a test, `jq`, `grep` or a program looks at, and words that name files those look at.
    pub(super) looked_at: Vec<String>,
    pub(super) trap_zero: bool,
    pub(super) pipestatus: bool,
    pub(super) waits: bool,
}

impl Words {
    pub(super) fn of(sequence: &Sequence) -> Self {
        const MOST: usize = 2_000;
        let mut words = Self::default();
        each(sequence, &mut |command| {
            let Some(program) = command.words.first() else { return };
            let rest = command.words.get(1..).unwrap_or_default();
            let variables = || rest.iter().flat_map(|word| variables(word));
            match program.as_str() {
                "exit" | "return" => {
                    words.exited.extend(variables());
                    words.pipestatus |= rest.iter().any(|word| word.contains("PIPESTATUS"));
                }
                "[" | "[[" | "test" | "((" | "if" => {
                    words.pipestatus |= rest.iter().any(|word| word.contains("PIPESTATUS"));
                    words.exited.extend(variables());
                    words.looked_at.extend(rest.iter().cloned());
                }
                "trap" => {
                    let zero = rest
                        .first()
                        .is_some_and(|action| action.contains("exit 0") || action == "true");
                    words.trap_zero |= zero;
                }
                "wait" => words.waits = true,
                "echo" | "cat" | "printf" | "ls" | "tee" | "cp" | "mv" | "rm" | "touch" | "mkdir" | "head" | "tail" => {
                    let to_output = command.writes.iter().any(|file| file.contains("GITHUB_"));
                    if to_output {
                        words.looked_at.extend(variables());
                    }
                }
                _ => words.looked_at.extend(rest.iter().cloned()),
            }
        });
        words.exited.truncate(MOST);
        words.looked_at.truncate(MOST);
        words
    }
}

/// Names of the variables in a word.
pub(super) fn variables(word: &str) -> Vec<String> {
    let parts = word.split('$').skip(1);
    parts
        .map(|part| part.trim_start_matches('{'))
        .map(|part| {
            part.chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect::<String>()
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// Every simple command below `sequence`.
pub(super) fn each(sequence: &Sequence, with: &mut dyn FnMut(&Command)) {
    for list in sequence {
        for node in list.parts.iter().flat_map(|(_, pipe)| &pipe.nodes) {
            match node {
                Node::Simple(command) => with(command),
                Node::Group(inner) | Node::Subshell(inner) | Node::Function(_, inner) => each(inner, with),
                Node::If(conditions, bodies) => conditions.iter().chain(bodies).for_each(|one| each(one, with)),
                Node::Loop(_, condition, body) => [condition, body].into_iter().for_each(|one| each(one, with)),
                Node::Case(bodies) => bodies.iter().for_each(|one| each(one, with)),
            }
        }
    }
}

/// The files that flags name as outputs.
pub(in crate::pipeline) fn outputs(words: &[String]) -> Vec<String> {
    const FLAGS: &[&str] = &[
        "-o",
        "--output",
        "--output-file",
        "--report-path",
        "-r",
        "--out",
        "--json",
        "--output_file",
    ];
    let mut out = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if FLAGS.contains(&word.as_str())
            && word != "-r"
            && let Some(next) = words.get(index + 1).filter(|next| !next.starts_with('-'))
        {
            out.push(next.clone());
        } else if let Some((flag, value)) = word.split_once('=')
            && FLAGS.contains(&flag)
        {
            out.push(value.to_owned());
        }
    }
    out
}

/// The name and the value of an assignment.
pub(in crate::pipeline) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    let good = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    good.then_some((name, value))
}

/// `path` as it is named from `folder`, where it lies below it.
pub(in crate::pipeline) fn below<'p>(folder: &str, path: &'p str) -> &'p str {
    let rest = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
    rest.filter(|_| !folder.is_empty()).unwrap_or(path)
}

/// A path below `from`, without `.` and with `..` followed. Above the root, the root.
pub(in crate::pipeline) fn join(from: &str, to: &str) -> String {
    let mut parts: Vec<&str> = if to.starts_with('/') {
        Vec::new()
    } else {
        from.split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .collect()
    };
    for part in to.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
