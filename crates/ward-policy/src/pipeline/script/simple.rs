//! One command of a script: what it runs, and what it does to the commands after it.

use std::collections::BTreeSet;

use super::{
    DEPTH, Fate, Frame, Run, Walk, part,
    reach::Reach,
    words::{assignment, join, outputs, variables},
};
use crate::pipeline::{Hollow, shell::Command};

impl<'t> Walk<'t, '_> {
    pub(super) fn simple(&mut self, command: &'t Command, mut fate: Fate, ignored: bool) {
        let breaks = self.breaks.partition_point(|at| *at < command.start);
        let line = self.frame.line + u32::try_from(breaks).unwrap_or(0);
        let dead = self.reach != Reach::Open;
        let first = command.words.first().map(String::as_str).unwrap_or_default();
        let rest = command.words.get(1..).unwrap_or_default();
        match first {
            _ if dead => {}
            "set" => self.set(rest),
            "shopt" if rest.iter().any(|word| word == "expand_aliases") => self.aliases = Some(BTreeSet::new()),
            "alias" => self.alias(rest),
            "cd" | "pushd" => {
                self.directory = match (self.directory.take(), rest.iter().find(|word| !word.starts_with('-'))) {
                    (Some(from), Some(to)) if !to.contains('$') => Some(join(&from, to)),
                    (_, None) => None,
                    _ => None,
                };
            }
            _ => {}
        }
        let mut aside = false;
        // A status that is kept in a variable and decides later: `scan; status=$?`.
        if let Fate::Lost(Hollow::NoErrexit | Hollow::ThenTrue | Hollow::Overwritten) = fate
            && self.keeps_status(command)
        {
            fate = Fate::Gates;
            aside = true;
        }
        if dead {
            fate = Fate::Lost(Hollow::Unreachable);
        } else if self.aliases.as_ref().is_some_and(|names| names.contains(first)) {
            fate = Fate::Lost(Hollow::StandIn);
        }
        // What is written to a file, or into a variable, that something looks at.
        if let Fate::Lost(_) = fate
            && !dead
        {
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
            if self.frame.depth >= DEPTH {
                break;
            }
            let before = self
                .text
                .get(command.start..range.start)
                .unwrap_or_default()
                .matches('\n')
                .count();
            let captured = if dead {
                fate
            } else if simple_assignment && !command.words.is_empty() {
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
            let frame = Frame {
                line: line + u32::try_from(before).unwrap_or(0),
                depth: self.frame.depth + 1,
                sourced: self.frame.sourced,
            };
            part(text, self.shell, captured, frame, self.out);
            let calls: Vec<(String, Fate)> = self
                .out
                .get(from..)
                .unwrap_or_default()
                .iter()
                .filter_map(|run| Some((run.words.first()?.clone(), run.fate)))
                .collect();
            for (name, fate) in calls {
                self.apart(|walk| walk.call(&name, fate, true));
            }
            if let Some(name) = name.filter(|_| !dead) {
                let looked = self.words.looked_at.iter().any(|word| variables(word).contains(&name));
                for run in self.out.iter_mut().skip(from) {
                    if looked && matches!(run.fate, Fate::Lost(_)) {
                        run.fate = Fate::Unknown("a later command reads its output");
                    }
                }
            }
        }
        if command.words.is_empty() {
            return;
        }
        let is_function = self.functions.contains_key(first) && !dead;
        self.out.push(Run {
            words: command.words.clone(),
            writes: command.writes.clone(),
            line,
            // A function of the script answers to the name.
            fate: if is_function { Fate::Lost(Hollow::StandIn) } else { fate },
            directory: self.directory.clone(),
            sure: self.perhaps == 0 && !dead,
            doubtful: self.doubts > 0 || self.left,
            aside: self.aside || aside,
        });
        self.follow(command, fate, ignored);
        if !dead {
            self.leaves(first, rest, ignored);
        }
    }

    /// What ends the script, the function or the loop.
    fn leaves(&mut self, first: &str, rest: &[String], ignored: bool) {
        let is_fault = |code: &String| code.parse::<u32>().is_ok_and(|code| code != 0);
        if self.doubts > 0 && matches!(first, "exit" | "return") && !rest.first().is_some_and(is_fault) {
            self.left = true;
        }
        self.reach = match first {
            "exit" => Reach::Ended(match rest.first().map(String::as_str) {
                Some("0") => Some(true),
                Some(code) if code.parse::<u32>().is_ok() => Some(false),
                _ => None,
            }),
            "exec" if rest.iter().any(|word| !word.starts_with('-')) => Reach::Ended(None),
            "return" if !self.calls.active.is_empty() || self.frame.sourced => Reach::Returned,
            // Outside of a function it is a fault.
            "return" if self.shell.errexit && !ignored => Reach::Ended(Some(false)),
            "break" | "continue" if self.loops > 0 => Reach::LeftLoop,
            _ => return,
        };
    }

    /// Names that `alias a=b` gives to something else. A script's shell expands aliases only where it is told to.
    fn alias(&mut self, words: &[String]) {
        let Some(names) = &mut self.aliases else { return };
        for (name, value) in words.iter().filter_map(|word| assignment(word)) {
            if value.split_whitespace().all(|word| word != name) {
                names.insert(name.to_owned());
            }
        }
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
