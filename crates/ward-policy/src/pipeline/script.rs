//! What becomes of a script when one of its commands fails.
//!
//! Each command of a script is asked: if this one ends with a fault, does the script? The answer follows `set -e`, pipes,
//! `&&` and `||`, conditions, groups, functions where they are called, substitutions, and variables that carry an exit
//! status to a later `exit`. What no run comes to is lost as well, whatever it would have done.
//!
//! Source: POSIX.1-2024, `set -e`; GNU Bash manual, "The Set Builtin".

mod calls;
mod handler;
mod reach;
mod simple;
mod words;

use std::{cell::Cell, collections::BTreeSet};

use super::{
    Hollow,
    shell::{self, Join, List, Node, Pipe, Repeat, Sequence},
};
use handler::{Handler, puts_aside};
use reach::{Functions, Reach, of_condition, of_pipe};
use words::{Words, each};

pub(super) use words::{assignment, below, join, outputs};

/// Scripts inside substitutions that are followed.
const DEPTH: usize = 4;
/// Functions that call functions that are followed.
const CALLS: usize = 4;
/// Calls of functions that are followed in one script, and asked what they do with a failure.
const FOLLOWED: usize = 400;
/// Commands of one script that are looked at.
const COMMANDS: usize = 50_000;

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
    /// Every run of the script comes to it.
    pub(super) sure: bool,
    /// A test before or around it lets some runs that end well pass it over.
    pub(super) doubtful: bool,
    /// Its failure is kept in a variable, and the commands after it run before an `exit` takes that.
    pub(super) aside: bool,
}

/// Every command of `text` with its fate, in order; those of a function where it is called. In a file that others source
/// (`.`, `source`) they may call what it does not.
pub(super) fn commands(text: &str, shell: Shell, sourced: bool) -> Vec<Run> {
    let mut out = Vec::new();
    let frame = Frame {
        line: 0,
        depth: 0,
        sourced,
    };
    part(text, shell, Fate::Gates, frame, &mut out);
    out
}

/// Whether every run of `text` ends with a fault.
pub(super) fn always_fails(text: &str, shell: Shell) -> bool {
    let frame = Frame {
        line: 0,
        depth: 0,
        sourced: false,
    };
    part(text, shell, Fate::Gates, frame, &mut Vec::new()) == Reach::Ended(Some(false))
}

/// Where a text stands: the line of its first line, how many substitutions it stands in, whether another file sources it.
#[derive(Debug, Clone, Copy)]
struct Frame {
    line: u32,
    depth: usize,
    sourced: bool,
}

/// Walks through `text`; gives what ended it.
fn part(text: &str, shell: Shell, outer: Fate, frame: Frame, out: &mut Vec<Run>) -> Reach {
    let sequence = shell::read(text);
    let mut functions = Functions::new();
    reach::functions(&sequence, &mut functions);
    let words = Words::of(&sequence);
    let mut walk = Walk {
        text,
        trapped: words.trap_zero,
        words,
        shell,
        directory: Some(String::new()),
        breaks: text.match_indices('\n').map(|(at, _)| at).collect(),
        frame,
        functions,
        calls: Calls::default(),
        asked: Cell::new(FOLLOWED),
        reach: Reach::Open,
        perhaps: 0,
        doubts: 0,
        aside: false,
        left: false,
        loops: 0,
        aliases: None,
        out,
    };
    walk.sequence(&sequence, Fate::Gates.within(outer), true, false);
    let end = walk.reach;
    // A last command that always fails is the script's own end.
    let last = sequence.last().filter(|list| list.parts.len() == 1 && !list.background);
    let failed = last
        .and_then(|list| list.parts.first())
        .is_some_and(|(_, pipe)| of_pipe(pipe, &walk.functions) == Some(false));
    walk.uncalled(outer);
    if failed && end == Reach::Open {
        Reach::Ended(Some(false))
    } else {
        end
    }
}

/// Which functions were called, and which are being walked through.
#[derive(Debug, Default)]
struct Calls<'t> {
    active: Vec<&'t str>,
    seen: BTreeSet<&'t str>,
    count: usize,
    /// A command whose name only a run knows may call any of them.
    open: bool,
}

struct Walk<'t, 'o> {
    text: &'t str,
    words: Words,
    shell: Shell,
    directory: Option<String>,
    /// Where the lines of the text end.
    breaks: Vec<usize>,
    trapped: bool,
    frame: Frame,
    functions: Functions<'t>,
    calls: Calls<'t>,
    /// How many more functions may be asked what they do with a failure.
    asked: Cell<usize>,
    reach: Reach,
    /// Branches around this place of which nobody knows whether they are taken.
    perhaps: usize,
    /// Those of them that stand behind a test: a run that does not take them may end well.
    doubts: usize,
    /// What stands here has its failure kept in a variable for later.
    aside: bool,
    /// What came before may have ended the script without a fault.
    left: bool,
    loops: usize,
    /// Names that aliases give to something else, once the shell expands aliases.
    aliases: Option<BTreeSet<String>>,
    out: &'o mut Vec<Run>,
}

/// Whether a pipe asks something, and does nothing that is wanted for itself.
/// Whether a test of a script asks what started it, or for which branch it runs.
pub(super) fn asks_what_started(text: &str) -> bool {
    const NAMES: &[&str] = &[
        "GITHUB_EVENT_NAME",
        "GITHUB_REF",
        "GITHUB_HEAD_REF",
        "GITHUB_BASE_REF",
        "CI_PIPELINE_SOURCE",
        "CI_COMMIT_BRANCH",
        "CI_COMMIT_TAG",
        "CI_COMMIT_REF_NAME",
        "CI_MERGE_REQUEST",
        crate::pipeline::expression::DYNAMIC,
    ];
    text.lines().any(|line| {
        let tests = ["[ ", "[[", "test ", "case "].iter().any(|word| line.contains(word));
        tests && NAMES.iter().any(|name| line.contains(name))
    })
}

fn is_test(pipe: &Pipe) -> bool {
    let asks = |command: &shell::Command| {
        let first = command.words.first().map(String::as_str).unwrap_or_default();
        matches!(
            first,
            "[" | "[[" | "test" | "((" | "grep" | "command" | "which" | "type" | "expr"
        )
    };
    match &pipe.nodes[..] {
        [Node::Simple(command)] => pipe.negated || asks(command),
        _ => true,
    }
}

impl<'t> Walk<'t, '_> {
    /// `sink` is what becomes of the script when the last list of `sequence` fails; `is_last`: nothing comes after it;
    /// `ignored`: `set -e` does not count here.
    fn sequence(&mut self, sequence: &'t Sequence, sink: Fate, is_last: bool, ignored: bool) {
        for (index, list) in sequence.iter().enumerate() {
            let last = index + 1 == sequence.len();
            // What becomes of a failure of this list as a whole.
            let at_end = if last && is_last {
                sink
            } else {
                Fate::Lost(Hollow::Overwritten)
            };
            let whole = |errexit: bool| if errexit && !ignored { sink } else { at_end };
            let before = self.reach;
            let mut status = None;
            for (place, (join, pipe)) in list.parts.iter().enumerate() {
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
                let aside = self.aside;
                let handler = or.and_then(|or| after.get(or));
                self.aside |= handler.is_some_and(|(_, pipe)| puts_aside(pipe));
                let is_last = last && is_last && after.is_empty();
                let deaf = ignored || !after.is_empty();
                let own = of_pipe(pipe, &self.functions);
                match (join, status) {
                    (None, _) | (Some(Join::And), Some(true)) | (Some(Join::Or), Some(false)) => {
                        self.pipe(pipe, fate, is_last, deaf);
                        status = own;
                    }
                    (Some(Join::And), Some(false)) | (Some(Join::Or), Some(true)) => {
                        self.never(|walk| walk.pipe(pipe, fate, is_last, deaf));
                    }
                    (Some(_), None) => {
                        let left = self.reach;
                        let before = place.checked_sub(1).and_then(|before| list.parts.get(before));
                        // `cd src && scan` comes to the scan, or to a fault of its own; `[ .. ] && scan` asks.
                        let asks = *join == Some(Join::Or) || before.is_none_or(|(_, pipe)| is_test(pipe));
                        self.doubts += usize::from(asks);
                        self.perhaps += 1;
                        self.pipe(pipe, fate, is_last, deaf);
                        self.perhaps -= 1;
                        self.doubts -= usize::from(asks);
                        self.reach = self.reach.or(left);
                    }
                }
                self.aside = aside;
            }
            if list.background {
                self.reach = before;
            }
            self.fails_under_errexit(list, status, ignored);
        }
    }

    /// `false` under `set -e` ends a script.
    fn fails_under_errexit(&mut self, list: &List, status: Option<bool>, ignored: bool) {
        let alone = matches!(&list.parts[..], [(_, pipe)] if !pipe.negated);
        if alone && status == Some(false) && self.shell.errexit && !ignored && self.reach == Reach::Open {
            self.reach = Reach::Ended(Some(false));
        }
    }

    /// Walks through what some runs may come to.
    fn branch(&mut self, walk: impl FnOnce(&mut Self)) {
        self.perhaps += 1;
        self.doubts += 1;
        walk(self);
        self.doubts -= 1;
        self.perhaps -= 1;
    }

    /// Walks through what no run comes to.
    fn never(&mut self, walk: impl FnOnce(&mut Self)) {
        let reach = std::mem::replace(&mut self.reach, Reach::Ended(None));
        walk(self);
        self.reach = reach;
    }

    /// Walks through a shell of its own: its end and its folder are not those of the script.
    fn apart(&mut self, walk: impl FnOnce(&mut Self)) {
        let (reach, directory) = (self.reach, self.directory.clone());
        walk(self);
        self.reach = reach;
        self.directory = directory;
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

    fn pipe(&mut self, pipe: &'t Pipe, fate: Fate, is_last: bool, ignored: bool) {
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
            if count > 1 {
                self.apart(|walk| walk.node(node, own, is_last, ignored));
            } else {
                self.node(node, own, is_last, ignored);
            }
        }
    }

    fn node(&mut self, node: &'t Node, fate: Fate, is_last: bool, ignored: bool) {
        match node {
            Node::Simple(command) => self.simple(command, fate, ignored),
            Node::Group(inner) => self.sequence(inner, fate, true, ignored && fate != Fate::Gates),
            Node::Subshell(inner) => {
                self.apart(|walk| walk.sequence(inner, fate, true, ignored && fate != Fate::Gates));
            }
            // It is walked through where it is called.
            Node::Function(..) => {}
            Node::If(conditions, bodies) => self.branches(conditions, bodies, fate, is_last, ignored),
            Node::Loop(repeat, condition, body) => self.repeated(*repeat, condition, body, fate, ignored),
            Node::Case(bodies) => {
                let before = self.reach;
                for body in bodies {
                    self.reach = before;
                    self.branch(|walk| walk.sequence(body, fate, is_last, ignored));
                }
                // No pattern may fit.
                self.reach = before;
            }
        }
    }

    fn branches(
        &mut self,
        conditions: &'t [Sequence],
        bodies: &'t [Sequence],
        fate: Fate,
        is_last: bool,
        ignored: bool,
    ) {
        let handlers: Vec<Handler> = bodies.iter().map(|body| self.body(body, 0)).collect();
        let judged = if handlers.contains(&Handler::Fails) {
            Fate::Gates
        } else if handlers.contains(&Handler::Unknown) {
            Fate::Unknown("a condition decides over its result")
        } else {
            Fate::Lost(Hollow::Captured)
        };
        let judged = judged.within(fate_of_exit(fate));
        // What the branches that may be taken leave, and whether one of those before is always taken, or may be.
        let (mut end, mut taken, mut perhaps) = (None::<Reach>, false, false);
        for (index, body) in bodies.iter().enumerate() {
            let condition = conditions.get(index);
            let holds = condition.map_or(Some(true), |condition| of_condition(condition, &self.functions));
            if let Some(condition) = condition {
                self.guarded(!taken, perhaps, |walk| walk.sequence(condition, judged, true, true));
            }
            let live = !taken && holds != Some(false);
            let before = self.reach;
            let sure = holds == Some(true) && !perhaps;
            self.guarded(live, !sure, |walk| walk.sequence(body, fate, is_last, ignored));
            if live {
                let left = std::mem::replace(&mut self.reach, before);
                end = Some(end.map_or(left, |end| end.or(left)));
            }
            taken |= holds == Some(true);
            perhaps |= holds.is_none();
        }
        self.reach = match end {
            Some(end) if taken => end,
            Some(end) => end.or(self.reach),
            None => self.reach,
        };
    }

    /// Walks through what is come to always, perhaps, or never.
    fn guarded(&mut self, live: bool, perhaps: bool, walk: impl FnOnce(&mut Self)) {
        match (live, perhaps) {
            (false, _) => self.never(walk),
            (true, true) => self.branch(walk),
            (true, false) => walk(self),
        }
    }

    fn repeated(&mut self, repeat: Repeat, condition: &'t Sequence, body: &'t Sequence, fate: Fate, ignored: bool) {
        let decides = Fate::Unknown("a loop decides over its result");
        self.sequence(condition, decides, true, true);
        let holds = match repeat {
            Repeat::While => of_condition(condition, &self.functions),
            Repeat::Until => of_condition(condition, &self.functions).map(|holds| !holds),
            Repeat::Some => Some(true),
            Repeat::Perhaps => None,
            Repeat::Never => Some(false),
        };
        let before = self.reach;
        self.loops += 1;
        self.guarded(holds != Some(false), holds.is_none(), |walk| {
            walk.sequence(body, fate, false, ignored)
        });
        self.loops -= 1;
        let mut leaves = false;
        each(body, &mut |command| {
            let first = command.words.first().map(String::as_str).unwrap_or_default();
            leaves |= matches!(first, "break" | "exit" | "return" | "exec");
        });
        self.reach = match (repeat, holds, self.reach) {
            (Repeat::While | Repeat::Until, Some(true), _) if !leaves => Reach::Ended(None),
            (_, Some(true), end @ (Reach::Ended(_) | Reach::Returned)) => end,
            _ => before,
        };
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
        let runs = commands(text, shell, false);
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
                    commands(text, ACTIONS, false)
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
        let runs = commands("a\ncd sub\nb \\\n c\ncd ../$x\nd", ACTIONS, false);
        let of = |name: &str| runs.iter().find(|run| run.words[0] == name).unwrap();
        assert_eq!((of("a").line, of("a").directory.as_deref()), (0, Some("")));
        assert_eq!((of("b").line, of("b").directory.as_deref()), (2, Some("sub")));
        assert_eq!((of("d").line, of("d").directory.as_deref()), (5, None));
        assert_eq!(join("a/b", "../c/./d"), "a/c/d");
        assert_eq!(join("", "../.."), "");
    }
}
