//! What becomes of a script when one of its commands fails.
//!
//! Each command of a script is asked: if this one ends with a fault, does the script? The answer follows `set -e`, pipes,
//! `&&` and `||`, conditions, groups, substitutions, and variables that carry an exit status to a later `exit`.
//!
//! Source: POSIX.1-2024, `set -e`; GNU Bash manual, "The Set Builtin".

use super::{
    Hollow,
    shell::{self, Command, Join, Node, Pipe, Sequence},
};

/// Scripts inside substitutions that are followed.
const DEPTH: usize = 4;

/// How a shell is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shell {
    /// `-e`.
    pub(super) errexit: bool,
    /// `-o pipefail`.
    pub(super) pipefail: bool,
}

/// What becomes of the script when a command fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It fails as well.
    Gates,
    /// It does not, for this reason.
    Lost(Hollow),
    /// That cannot be said.
    Unknown(&'static str),
}

impl Fate {
    /// What becomes of a whole whose part has this fate, when the whole's own is `outer`.
    pub(super) fn within(self, outer: Fate) -> Fate {
        match (self, outer) {
            (Fate::Gates, outer) => outer,
            (inner @ Fate::Lost(_), _) => inner,
            (Fate::Unknown(_), outer @ Fate::Lost(_)) => outer,
            (inner @ Fate::Unknown(_), _) => inner,
        }
    }
}

/// A command of a script with its fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// Its words.
    pub(super) words: Vec<String>,
    /// Files it writes to.
    pub(super) writes: Vec<String>,
    /// Line breaks before it in the script.
    pub(super) line: u32,
    /// What becomes of the script when it fails.
    pub(super) fate: Fate,
    /// The folder that `cd` went to before it, from where the script began; none when that is not known.
    pub(super) directory: Option<String>,
}

/// Every command of `text` with its fate, in order.
pub(super) fn commands(text: &str, shell: Shell) -> Vec<Run> {
    let mut out = Vec::new();
    part(text, 0, shell, Fate::Gates, 0, &mut out);
    out
}

fn part(text: &str, first_line: u32, shell: Shell, outer: Fate, depth: usize, out: &mut Vec<Run>) {
    let sequence = shell::read(text);
    let mut walk = Walk {
        text,
        words: Words::of(&sequence),
        shell,
        directory: Some(String::new()),
        breaks: (0, first_line),
        trapped: false,
        depth,
        out,
    };
    walk.trapped = walk.words.trap_zero;
    walk.sequence(&sequence, Fate::Gates.within(outer), true, false);
}

/// What the whole script says about exit statuses, read once.
#[derive(Debug, Default)]
struct Words {
    /// Names of variables that an `exit` or a test takes.
    exited: Vec<String>,
    /// Names of variables that a test, `jq`, `grep` or a program looks at, and words that name files those look at.
    looked_at: Vec<String>,
    trap_zero: bool,
    pipestatus: bool,
    waits: bool,
}

impl Words {
    fn of(sequence: &Sequence) -> Self {
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
fn variables(word: &str) -> Vec<String> {
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
fn each(sequence: &Sequence, with: &mut dyn FnMut(&Command)) {
    for list in sequence {
        for node in list.parts.iter().flat_map(|(_, pipe)| &pipe.nodes) {
            match node {
                Node::Simple(command) => with(command),
                Node::Group(inner) | Node::Function(_, inner) => each(inner, with),
                Node::If(conditions, bodies) => conditions.iter().chain(bodies).for_each(|one| each(one, with)),
                Node::Loop(condition, body) => [condition, body].into_iter().for_each(|one| each(one, with)),
                Node::Case(bodies) => bodies.iter().for_each(|one| each(one, with)),
            }
        }
    }
}

/// What a handler or a body does with a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Handler {
    Fails,
    ExitsZero,
    Succeeds,
    Unknown,
}

struct Walk<'t, 'o> {
    text: &'t str,
    words: Words,
    shell: Shell,
    directory: Option<String>,
    /// An offset, and the number of the line it stands on.
    breaks: (usize, u32),
    trapped: bool,
    depth: usize,
    out: &'o mut Vec<Run>,
}

impl Walk<'_, '_> {
    /// `sink` is what becomes of the script when the last list of `sequence` fails; `is_last`: nothing comes after it;
    /// `ignored`: `set -e` does not count here.
    fn sequence(&mut self, sequence: &Sequence, sink: Fate, is_last: bool, ignored: bool) {
        for (index, list) in sequence.iter().enumerate() {
            let last = index + 1 == sequence.len();
            // What becomes of a failure of this list as a whole.
            let at_end = if last && is_last {
                sink
            } else {
                Fate::Lost(Hollow::Overwritten)
            };
            let whole = |errexit: bool| if errexit && !ignored { sink } else { at_end };
            for (place, (_, pipe)) in list.parts.iter().enumerate() {
                let errexit = self.shell.errexit;
                let after = list.parts.get(place + 1..).unwrap_or_default();
                let or = after.iter().position(|(join, _)| *join == Some(Join::Or));
                let fate = if list.background {
                    if self.words.waits {
                        Fate::Unknown("it runs in the background")
                    } else {
                        Fate::Lost(Hollow::Captured)
                    }
                } else if let Some(or) = or {
                    let handler = after.get(or).map_or(Handler::Succeeds, |(_, pipe)| self.handler(pipe));
                    match handler {
                        Handler::Fails => sink,
                        Handler::ExitsZero => Fate::Lost(Hollow::OrExitZero),
                        Handler::Succeeds => Fate::Lost(Hollow::OrTrue),
                        Handler::Unknown => Fate::Unknown("what follows `||` decides"),
                    }
                } else if after.is_empty() {
                    match whole(errexit) {
                        Fate::Lost(Hollow::Overwritten) if !errexit => Fate::Lost(self.lost(sequence, index)),
                        fate => fate,
                    }
                } else {
                    // `set -e` does not count for what is not last in a list of `&&`.
                    at_end
                };
                let fate = if self.trapped && fate == Fate::Gates {
                    Fate::Lost(Hollow::OrExitZero)
                } else {
                    fate
                };
                self.pipe(
                    pipe,
                    fate,
                    last && is_last && after.is_empty(),
                    ignored || !after.is_empty(),
                );
            }
        }
    }

    /// Why a failure without `set -e` is lost: with `; true` at once, or later.
    fn lost(&self, sequence: &Sequence, index: usize) -> Hollow {
        let next = sequence.get(index + 1).and_then(|list| list.parts.first());
        let word = next.and_then(|(_, pipe)| match pipe.nodes.first() {
            Some(Node::Simple(command)) => command.words.first().map(String::as_str),
            _ => None,
        });
        match word {
            Some("true" | ":") => Hollow::ThenTrue,
            _ => Hollow::NoErrexit,
        }
    }

    fn pipe(&mut self, pipe: &Pipe, fate: Fate, is_last: bool, ignored: bool) {
        let count = pipe.nodes.len();
        for (index, node) in pipe.nodes.iter().enumerate() {
            let mut own = fate;
            if pipe.negated && !ignored {
                own = Fate::Lost(Hollow::Captured);
            } else if index + 1 < count && !self.shell.pipefail {
                own = if self.words.pipestatus {
                    fate
                } else {
                    Fate::Lost(Hollow::Pipe)
                };
            }
            self.node(node, own, is_last, ignored);
        }
    }

    fn node(&mut self, node: &Node, fate: Fate, is_last: bool, ignored: bool) {
        match node {
            Node::Simple(command) => self.simple(command, fate),
            Node::Group(inner) => self.sequence(inner, fate, true, ignored && fate != Fate::Gates),
            Node::Function(_, body) => self.sequence(body, fate, true, ignored),
            Node::If(conditions, bodies) => {
                let handlers: Vec<Handler> = bodies.iter().map(|body| self.body(body)).collect();
                let judged = if handlers.contains(&Handler::Fails) {
                    Fate::Gates
                } else if handlers.contains(&Handler::Unknown) {
                    Fate::Unknown("a condition decides over its result")
                } else {
                    Fate::Lost(Hollow::Captured)
                };
                for condition in conditions {
                    self.sequence(condition, judged.within(fate_of_exit(fate)), true, true);
                }
                for body in bodies {
                    self.sequence(body, fate, is_last, ignored);
                }
            }
            Node::Loop(condition, body) => {
                self.sequence(condition, Fate::Unknown("a loop decides over its result"), true, true);
                self.sequence(body, fate, false, ignored);
            }
            Node::Case(bodies) => {
                for body in bodies {
                    self.sequence(body, fate, is_last, ignored);
                }
            }
        }
    }

    /// What a failure leads to when `pipe` stands after `||`.
    fn handler(&self, pipe: &Pipe) -> Handler {
        match pipe.nodes.last() {
            Some(Node::Simple(command)) => self.answer(command),
            Some(Node::Group(inner)) => self.body(inner),
            Some(_) => Handler::Unknown,
            None => Handler::Succeeds,
        }
    }

    /// What a body does: it fails when any command in it exits with a fault or sets a variable that a later `exit` takes.
    fn body(&self, sequence: &Sequence) -> Handler {
        let mut all = Vec::new();
        each(sequence, &mut |command| all.push(self.answer(command)));
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

    fn answer(&self, command: &Command) -> Handler {
        let Some(program) = command.words.first() else {
            return Handler::Succeeds;
        };
        let rest = command.words.get(1..).unwrap_or_default();
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

    fn simple(&mut self, command: &Command, mut fate: Fate) {
        let (from, line) = self.breaks;
        if command.start >= from {
            let more = self.text.get(from..command.start).unwrap_or_default();
            self.breaks = (
                command.start,
                line + u32::try_from(more.matches('\n').count()).unwrap_or(0),
            );
        }
        let line = self.breaks.1;
        let first = command.words.first().map(String::as_str).unwrap_or_default();
        let rest = command.words.get(1..).unwrap_or_default();
        match first {
            "set" => self.set(rest),
            "cd" | "pushd" => {
                self.directory = match (self.directory.take(), rest.iter().find(|word| !word.starts_with('-'))) {
                    (Some(from), Some(to)) if !to.contains('$') => Some(join(&from, to)),
                    (_, None) => None,
                    _ => None,
                };
            }
            _ => {}
        }
        // A status that is kept in a variable and decides later: `scan; status=$?`.
        if let Fate::Lost(Hollow::NoErrexit | Hollow::ThenTrue | Hollow::Overwritten) = fate
            && self.keeps_status(command)
        {
            fate = Fate::Gates;
        }
        // What is written to a file, or into a variable, that something looks at.
        if let Fate::Lost(_) = fate {
            let mut names = command.writes.clone();
            names.extend(outputs(rest));
            if names.iter().any(|name| self.is_looked_at(name, command)) {
                fate = Fate::Unknown("a later command reads what it wrote");
            }
        }
        let simple_assignment = command.words.iter().all(|word| assignment(word).is_some());
        for range in command.inside.clone() {
            let Some(text) = self.text.get(range.clone()) else {
                continue;
            };
            if self.depth >= DEPTH {
                break;
            }
            let before = self
                .text
                .get(command.start..range.start)
                .unwrap_or_default()
                .matches('\n')
                .count();
            let captured = if simple_assignment && !command.words.is_empty() {
                let name = command
                    .words
                    .first()
                    .and_then(|word| assignment(word))
                    .map_or("", |(name, _)| name);
                let looked = self
                    .words
                    .looked_at
                    .iter()
                    .any(|word| variables(word).iter().any(|one| one == name));
                match fate {
                    Fate::Gates => Fate::Gates,
                    _ if looked => Fate::Unknown("a later command reads its output"),
                    fate => fate,
                }
            } else if matches!(first, "[" | "[[" | "test" | "grep" | "jq" | "if") {
                Fate::Unknown("a test reads its output")
            } else {
                Fate::Lost(Hollow::Captured)
            };
            // In an assignment whose text forgives the fault, a later look at the variable still decides.
            let name = command
                .words
                .first()
                .and_then(|word| assignment(word))
                .map(|(name, _)| name.to_owned());
            let from = self.out.len();
            part(
                text,
                line + u32::try_from(before).unwrap_or(0),
                self.shell,
                captured,
                self.depth + 1,
                self.out,
            );
            if let Some(name) = name {
                let looked = self.words.looked_at.iter().any(|word| variables(word).contains(&name));
                for run in self.out.iter_mut().skip(from) {
                    if looked && matches!(run.fate, Fate::Lost(_)) {
                        run.fate = Fate::Unknown("a later command reads its output");
                    }
                }
            }
        }
        if !command.words.is_empty() {
            self.out.push(Run {
                words: command.words.clone(),
                writes: command.writes.clone(),
                line,
                fate,
                directory: self.directory.clone(),
            });
        }
    }

    /// Whether the words that follow the command keep `$?` in a variable that an `exit` or a test takes.
    fn keeps_status(&self, command: &Command) -> bool {
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
    fn is_looked_at(&self, name: &str, own: &Command) -> bool {
        if name.len() < 3 || name.starts_with('/') && name.starts_with("/dev/") {
            return false;
        }
        let own = own.words.iter().filter(|word| word.contains(name)).count();
        self.words.looked_at.iter().filter(|word| word.contains(name)).count() > own
    }

    fn set(&mut self, words: &[String]) {
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let on = word.starts_with('-');
            let Some(letters) = word.strip_prefix(['-', '+']) else {
                break;
            };
            if letters.contains('e') && !letters.starts_with('-') {
                self.shell.errexit = on;
            }
            if letters.ends_with('o') {
                match words.next().map(String::as_str) {
                    Some("pipefail") => self.shell.pipefail = on,
                    Some("errexit") => self.shell.errexit = on,
                    _ => {}
                }
            }
        }
    }
}

/// In the body of a condition, an `exit` ends the script whatever becomes of the condition's own status, except where the
/// whole stands in a pipe or before `||`.
fn fate_of_exit(fate: Fate) -> Fate {
    match fate {
        Fate::Lost(Hollow::Overwritten | Hollow::NoErrexit | Hollow::ThenTrue) => Fate::Gates,
        other => other,
    }
}

/// The files that flags name as outputs.
pub(super) fn outputs(words: &[String]) -> Vec<String> {
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
pub(super) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    let good = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    good.then_some((name, value))
}

/// A path below `from`, without `.` and with `..` followed. Above the root, the root.
pub(super) fn join(from: &str, to: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    const ACTIONS: Shell = Shell {
        errexit: true,
        pipefail: false,
    };

    /// The fate of the command `scan` of `text`.
    #[track_caller]
    fn check_in(shell: Shell, text: &str, expect: Fate) {
        let runs = commands(text, shell);
        let run = runs.iter().find(|run| run.words.iter().any(|word| word == "scan"));
        assert_eq!(run.map(|run| run.fate), Some(expect), "{text}");
    }

    #[track_caller]
    fn check(text: &str, expect: Fate) {
        check_in(ACTIONS, text, expect);
    }

    #[test]
    fn what_gates() {
        for text in [
            "scan",
            "scan\necho done",
            "a\nscan x\nb",
            "cd x && scan",
            "scan || exit 1",
            "scan || { echo bad; exit 1; }",
            "scan || (cat log && exit 1)",
            "if ! scan; then\n echo bad\n exit 1\nfi\necho ok",
            "if scan; then echo ok; else exit 2; fi",
            "set -o pipefail\nscan | tee log",
            "set -euo pipefail; scan | tee log",
            "scan | tee log\nexit ${PIPESTATUS[0]}",
            "set +e\nscan\nstatus=$?\ncat log\nexit $status",
            "scan || failed=1\ncat log\nexit $failed",
            "rc=0\nscan || rc=$?\nif [ $rc -ne 0 ]; then exit 1; fi",
            "x=$(scan)\necho $x",
            "(scan; echo)",
            "for d in a b; do scan $d; done",
            "scan && echo ok",
            "set +e\nscan",
            "set +e\na\nset -e\nscan\nb",
            "f() { scan; }\nf",
            "case $x in a) scan;; esac",
        ] {
            check(text, Fate::Gates);
        }
    }

    #[test]
    fn what_is_lost() {
        for (text, expect) in [
            ("scan || true", Hollow::OrTrue),
            ("scan || :", Hollow::OrTrue),
            ("scan || echo 'found'", Hollow::OrTrue),
            ("scan && b || true", Hollow::OrTrue),
            ("(a; scan) || true", Hollow::OrTrue),
            ("scan || exit 0", Hollow::OrExitZero),
            ("scan || { echo; exit 0; }", Hollow::OrExitZero),
            ("trap 'exit 0' EXIT\nscan", Hollow::OrExitZero),
            ("scan | tee log", Hollow::Pipe),
            ("{ scan; } 2>&1 | tee log", Hollow::Pipe),
            ("set +e\nscan\necho done", Hollow::NoErrexit),
            ("set +e; scan; true", Hollow::ThenTrue),
            ("scan && echo ok\necho done", Hollow::Overwritten),
            ("if scan; then echo ok; else echo bad; fi", Hollow::Captured),
            ("if ! scan; then echo bad; fi", Hollow::Captured),
            ("echo \"$(scan)\"", Hollow::Captured),
            ("scan &", Hollow::Captured),
            ("! scan", Hollow::Captured),
            ("scan || failed=1\necho $failed", Hollow::OrTrue),
        ] {
            check(text, Fate::Lost(expect));
        }
        check_in(
            Shell {
                errexit: false,
                pipefail: false,
            },
            "scan; true",
            Fate::Lost(Hollow::ThenTrue),
        );
    }

    #[test]
    fn what_cannot_be_said() {
        for text in [
            "scan || ./report.sh",
            "scan -o out.json || true\njq -e '.x' out.json",
            "scan > out.txt || true\npython judge.py out.txt",
            "x=$(scan || true)\nif [ -n \"$x\" ]; then exit 1; fi",
            "if [ -n \"$(scan)\" ]; then exit 1; fi",
        ] {
            assert!(
                matches!(
                    commands(text, ACTIONS)
                        .iter()
                        .find(|run| run.words[0] == "scan")
                        .map(|run| run.fate),
                    Some(Fate::Unknown(_))
                ),
                "{text}"
            );
        }
    }

    #[test]
    fn folders_and_lines_are_followed() {
        let runs = commands("a\ncd sub\nb \\\n c\ncd ../$x\nd", ACTIONS);
        let of = |name: &str| runs.iter().find(|run| run.words[0] == name).unwrap();
        assert_eq!((of("a").line, of("a").directory.as_deref()), (0, Some("")));
        assert_eq!((of("b").line, of("b").directory.as_deref()), (2, Some("sub")));
        assert_eq!((of("d").line, of("d").directory.as_deref()), (5, None));
        assert_eq!(join("a/b", "../c/./d"), "a/c/d");
        assert_eq!(join("", "../.."), "");
    }
}
