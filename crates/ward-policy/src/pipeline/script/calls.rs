//! Functions of a script, walked through where they are called.

use super::{CALLS, COMMANDS, FOLLOWED, Fate, Walk, reach::Reach};
use crate::pipeline::{Hollow, shell::Command};

impl<'t> Walk<'t, '_> {
    /// The body of a function, where it is called.
    pub(super) fn call(&mut self, name: &str, fate: Fate, ignored: bool) {
        let Some((name, body)) = self.functions.get_key_value(name).map(|(name, body)| (*name, *body)) else {
            return;
        };
        self.calls.seen.insert(name);
        if self.calls.active.len() >= CALLS
            || self.calls.active.contains(&name)
            || self.calls.count >= FOLLOWED
            || self.out.len() >= COMMANDS
        {
            return;
        }
        self.calls.count += 1;
        self.calls.active.push(name);
        self.sequence(body, fate, true, ignored);
        self.calls.active.pop();
        if self.reach == Reach::Returned {
            self.reach = Reach::Open;
        }
    }

    /// Functions that no command calls: nothing reaches what they hold, unless something may call them that is not here.
    pub(super) fn uncalled(&mut self, outer: Fate) {
        let fate = if self.calls.open || self.frame.sourced {
            Fate::Unknown("which function is called is known only when it runs").within(outer)
        } else {
            Fate::Lost(Hollow::Unreachable)
        };
        let names: Vec<&'t str> = self.functions.keys().copied().collect();
        self.perhaps += 1;
        // Of those that call one another, each is walked through once.
        for name in names {
            if !self.calls.seen.contains(name) {
                self.reach = match fate {
                    Fate::Lost(Hollow::Unreachable) => Reach::Ended(None),
                    _ => Reach::Open,
                };
                self.call(name, fate, false);
            }
        }
    }

    /// Calls of functions in `command`: by name, or by a command that is given the name.
    pub(super) fn follow(&mut self, command: &Command, fate: Fate, ignored: bool) {
        if self.functions.is_empty() || self.reach != Reach::Open && self.calls.active.is_empty() {
            return;
        }
        let words = match command.words.first().map(String::as_str) {
            Some("time" | "nohup") => command.words.get(1..).unwrap_or_default(),
            _ => &command.words[..],
        };
        let Some((first, rest)) = words.split_first() else {
            return;
        };
        if first.starts_with('$') || first == "eval" {
            self.calls.open = true;
        }
        let is_known = self.functions.contains_key(first.as_str());
        if is_known {
            self.call(first, fate, ignored);
        }
        if matches!(
            first.as_str(),
            "echo" | "printf" | "unset" | "type" | "declare" | "local" | "[" | "[[" | "test" | "alias"
        ) {
            return;
        }
        let given = if is_known || matches!(first.as_str(), "retry" | "nice" | "sudo") {
            fate
        } else {
            Fate::Unknown("a function is given to another command").within(fate)
        };
        for word in rest.iter().flat_map(|word| word.split_whitespace()).take(64) {
            if self.functions.contains_key(word) {
                self.branch(|walk| walk.call(word, given, ignored));
            }
        }
    }
}
