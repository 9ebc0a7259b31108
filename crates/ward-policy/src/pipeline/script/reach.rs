//! What a script never gets to: commands after an `exit`, in branches that no run takes, in functions that nobody calls.

use std::collections::BTreeMap;

use crate::pipeline::{
    expression::DYNAMIC,
    shell::{Command, Join, List, Node, Pipe, Sequence},
};

/// Functions of a script by their names.
pub(super) type Functions<'t> = BTreeMap<&'t str, &'t Sequence>;

/// Whether the walk through a script still stands where a run would come, and else what ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Open,
    /// `break`, `continue`: up to the end of the loop.
    LeftLoop,
    /// `return`: up to the end of the function or the sourced file.
    Returned,
    /// `exit`, `exec`, a command that always fails under `set -e`; whether it ended well, where that is known.
    Ended(Option<bool>),
}

impl Reach {
    /// After one of two branches, of which nobody knows which: what ends less.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Reach::Open, _) | (_, Reach::Open) => Reach::Open,
            (Reach::LeftLoop, _) | (_, Reach::LeftLoop) => Reach::LeftLoop,
            (Reach::Returned, _) | (_, Reach::Returned) => Reach::Returned,
            (Reach::Ended(one), Reach::Ended(two)) => Reach::Ended(one.filter(|_| one == two)),
        }
    }
}

/// Every function that a script defines.
pub(super) fn functions<'t>(sequence: &'t Sequence, out: &mut Functions<'t>) {
    for node in sequence
        .iter()
        .flat_map(|list| &list.parts)
        .flat_map(|(_, pipe)| &pipe.nodes)
    {
        match node {
            Node::Simple(_) => {}
            Node::Group(inner) | Node::Subshell(inner) => functions(inner, out),
            Node::Function(name, inner) => {
                out.insert(name, inner);
                functions(inner, out);
            }
            Node::If(conditions, bodies) => conditions.iter().chain(bodies).for_each(|one| functions(one, out)),
            Node::Loop(_, condition, body) => [condition, body].into_iter().for_each(|one| functions(one, out)),
            Node::Case(bodies) => bodies.iter().for_each(|one| functions(one, out)),
        }
    }
}

/// How the last list of a condition comes out, where every run says the same.
pub(super) fn of_condition(sequence: &Sequence, functions: &Functions<'_>) -> Option<bool> {
    of_list(sequence.last()?, functions)
}

fn of_list(list: &List, functions: &Functions<'_>) -> Option<bool> {
    let mut status = None;
    for (join, pipe) in &list.parts {
        status = match (join, status) {
            (None, _) | (Some(Join::And), Some(true)) | (Some(Join::Or), Some(false)) => of_pipe(pipe, functions),
            (Some(Join::And), Some(false)) | (Some(Join::Or), Some(true)) => status,
            (Some(_), None) => None,
        };
    }
    status.filter(|_| !list.background)
}

/// How a pipe comes out, where every run says the same.
pub(super) fn of_pipe(pipe: &Pipe, functions: &Functions<'_>) -> Option<bool> {
    let status = match &pipe.nodes[..] {
        [Node::Simple(command)] => of_command(command, functions),
        [Node::Group(inner) | Node::Subshell(inner)] if inner.len() == 1 => of_condition(inner, functions),
        _ => None,
    };
    status.map(|status| status != pipe.negated)
}

fn of_command(command: &Command, functions: &Functions<'_>) -> Option<bool> {
    let (first, rest) = command.words.split_first()?;
    if functions.contains_key(first.as_str()) || !command.inside.is_empty() {
        return None;
    }
    match first.as_str() {
        "true" | ":" | "echo" | "printf" => Some(true),
        // Where `return` ends nothing it is a fault.
        "false" | "return" => Some(false),
        "test" => of_test(rest),
        "[" => of_test(rest.strip_suffix(&["]".to_owned()])?),
        "[[" => of_test(rest.strip_suffix(&["]]".to_owned()])?),
        _ => None,
    }
}

/// A test of words that are written out.
fn of_test(words: &[String]) -> Option<bool> {
    if words
        .iter()
        .any(|word| word.contains(['$', '`', '*', '?']) || word.contains(DYNAMIC))
    {
        return None;
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["!", ref rest @ ..] => {
            let rest: Vec<String> = rest.iter().map(|word| (*word).to_owned()).collect();
            of_test(&rest).map(|status| !status)
        }
        [one] => Some(!one.is_empty()),
        ["-n", one] => Some(!one.is_empty()),
        ["-z", one] => Some(one.is_empty()),
        [one, "=" | "==", two] => Some(one == two),
        [one, "!=", two] => Some(one != two),
        [one, operator, two] => {
            let (one, two): (i64, i64) = (one.parse().ok()?, two.parse().ok()?);
            match operator {
                "-eq" => Some(one == two),
                "-ne" => Some(one != two),
                "-lt" => Some(one < two),
                "-le" => Some(one <= two),
                "-gt" => Some(one > two),
                "-ge" => Some(one >= two),
                _ => None,
            }
        }
        _ => None,
    }
}
