//! What a script does with a failure: what follows `||`, the body of a condition, a status that is kept for later.

use super::{
    CALLS, Walk,
    words::{assignment, each, variables},
};
use crate::pipeline::shell::{Command, Node, Pipe, Sequence};

/// What a handler or a body does with a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handler {
    Fails,
    ExitsZero,
    Succeeds,
    Unknown,
}

/// Whether what stands after `||` only keeps a failure in a variable, and ends nothing.
pub(super) fn puts_aside(pipe: &Pipe) -> bool {
    let first = |command: &'_ Command| command.words.first().map(String::to_owned);
    let mut names: Vec<String> = Vec::new();
    match pipe.nodes.last() {
        Some(Node::Simple(command)) => names.extend(first(command)),
        Some(Node::Group(inner) | Node::Subshell(inner)) => each(inner, &mut |command| names.extend(first(command))),
        _ => {}
    }
    let ends = names
        .iter()
        .any(|word| matches!(word.as_str(), "exit" | "return" | "false"));
    !ends && names.iter().any(|word| assignment(word).is_some())
}

impl Walk<'_, '_> {
    /// What a failure leads to when `pipe` stands after `||`.
    pub(super) fn handler(&self, pipe: &Pipe) -> Handler {
        match pipe.nodes.last() {
            Some(Node::Simple(command)) => self.answer(command, 0),
            Some(Node::Group(inner) | Node::Subshell(inner)) => self.body(inner, 0),
            Some(_) => Handler::Unknown,
            None => Handler::Succeeds,
        }
    }

    /// What a body does: it fails when any command in it exits with a fault or sets a variable that a later `exit` takes.
    pub(super) fn body(&self, sequence: &Sequence, depth: usize) -> Handler {
        let mut all = Vec::new();
        each(sequence, &mut |command| all.push(self.answer(command, depth)));
        for kind in [Handler::Fails, Handler::ExitsZero] {
            if all.contains(&kind) {
                return kind;
            }
        }
        match all.last() {
            Some(last) if *last == Handler::Unknown && self.shell.errexit => Handler::Succeeds,
            Some(last) => *last,
            None => Handler::Succeeds,
        }
    }

    fn answer(&self, command: &Command, depth: usize) -> Handler {
        let Some(program) = command.words.first() else {
            return Handler::Succeeds;
        };
        let rest = command.words.get(1..).unwrap_or_default();
        if let Some(body) = self.functions.get(program.as_str()) {
            let left = self.asked.get();
            if depth >= CALLS || left == 0 {
                return Handler::Unknown;
            }
            self.asked.set(left - 1);
            return self.body(body, depth + 1);
        }
        match program.as_str() {
            "exit" | "return" => match rest.first().map(String::as_str) {
                Some("0") => Handler::ExitsZero,
                _ => Handler::Fails,
            },
            "false" => Handler::Fails,
            "true" | ":" | "echo" | "printf" | "cat" | "sleep" | "touch" | "mkdir" | "tee" | "ls" | "rm" | "cp"
            | "mv" => {
                // `>> $GITHUB_OUTPUT`: another step decides.
                if command
                    .writes
                    .iter()
                    .any(|file| file.contains("GITHUB_OUTPUT") || file.contains("GITHUB_ENV"))
                {
                    Handler::Unknown
                } else {
                    Handler::Succeeds
                }
            }
            "set" | "export" | "local" | "continue" | "break" => Handler::Succeeds,
            _ => match assignment(program) {
                Some((name, _)) if rest.is_empty() => {
                    if self.words.exited.iter().any(|one| one == name) {
                        Handler::Fails
                    } else if self
                        .words
                        .looked_at
                        .iter()
                        .any(|word| variables(word).iter().any(|one| one == name))
                    {
                        Handler::Unknown
                    } else {
                        Handler::Succeeds
                    }
                }
                _ => Handler::Unknown,
            },
        }
    }

    /// Whether the words that follow the command keep `$?` in a variable that an `exit` or a test takes.
    pub(super) fn keeps_status(&self, command: &Command) -> bool {
        let rest = self.text.get(command.start..).unwrap_or_default();
        let end = rest.char_indices().nth(600).map_or(rest.len(), |(at, _)| at);
        let near = rest.get(..end).unwrap_or_default();
        near.split(['\n', ';']).skip(1).take(3).any(|line| {
            let line = line.trim();
            let kept = line
                .split_once("=$?")
                .or_else(|| line.split_once("=\"$?\""))
                .or_else(|| line.split_once("=${PIPESTATUS"));
            let exits = line.starts_with("exit $?") || line.starts_with("exit ${PIPESTATUS");
            exits || kept.is_some_and(|(name, _)| self.words.exited.iter().any(|one| one == name.trim()))
        })
    }

    /// Whether another command of this script takes the file `name`.
    pub(super) fn is_looked_at(&self, name: &str, own: &Command) -> bool {
        if name.len() < 3 || name.starts_with('/') && name.starts_with("/dev/") {
            return false;
        }
        let own = own.words.iter().filter(|word| word.contains(name)).count();
        self.words.looked_at.iter().filter(|word| word.contains(name)).count() > own
    }
}
