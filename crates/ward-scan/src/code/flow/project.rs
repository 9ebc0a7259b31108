//! All files together: what goes from one function into another.
//!
//! Each function is known by its summary. What a function returns and where its parameters do harm is worked out from the
//! functions it calls, again and again until nothing changes, within a budget; a flow that begins at a source and ends where
//! it does harm is a finding.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    ops::Range,
};

use ward_evidence::Location;

use super::{
    cleaners, rules,
    sinks::{self, ALL, Sink, Which},
    sources::Source,
    summary::{Argument, CallAt, Flow, Function, SinkAt, Summary},
    value::{JOINED, Origin},
};
use crate::{
    Fact, Findings, Project,
    report::{Found, More, Step, Value},
};

/// Most entries of one set of a function.
const MOST: usize = 24;
/// Times that one function is looked at again, on average.
const ROUNDS: usize = 12;
/// Calls in one way.
const LONGEST: usize = 8;
/// Calls inside the arguments of calls.
const DEEPEST: u32 = 5;

/// Where a part of a value comes from, seen from outside of the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Root {
    /// A source of a file.
    Source(u32, u32),
    /// A parameter of the function.
    Parameter(u32),
    /// A field, by its place in the list of all.
    Field(u32),
}

/// A place that a parameter or a field reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    /// It does harm: function, its sink.
    Sink(u32, u32),
    /// It is kept in a field.
    Field(u32),
}

#[derive(Debug, Clone)]
struct Reach {
    root: Root,
    live: u32,
    target: Target,
    /// The calls between, outermost first.
    calls: Vec<(u32, u32)>,
}

/// What is known of a function.
#[derive(Default)]
struct Known {
    returns: Vec<(Root, u32)>,
    reaches: Vec<Reach>,
}

struct Join<'a> {
    /// Summary and function.
    functions: Vec<(u32, &'a Function)>,
    summaries: Vec<&'a Summary>,
    /// For each function, what each of its calls calls.
    callees: Vec<Vec<Option<u32>>>,
    callers: Vec<Vec<u32>>,
    /// For each function, where it calls under the project's own name what does harm.
    renamed: Vec<Vec<SinkAt>>,
    known: Vec<Known>,
    fields: HashMap<&'a str, u32>,
    field_values: HashMap<u32, Vec<(Root, u32)>>,
    field_reaches: HashMap<u32, Vec<Reach>>,
    findings: Vec<Found>,
    said: HashSet<(String, u64, u64, u32, u32)>,
}

/// Joins what the files say.
pub(crate) fn conclude(project: &Project<'_>, findings: &mut Findings) {
    let summaries: Vec<&Summary> = project
        .facts
        .iter()
        .filter_map(|(_, fact)| match fact {
            Fact::Python(summary) => Some(&**summary),
            _ => None,
        })
        .collect();
    let mut join = Join::of(summaries);
    let finished = join.run();
    findings.found.append(&mut once(join.findings));
    if !finished {
        findings.not_examined(
            Location::of_file("."),
            "flows between functions were not followed to their end: too many calls for the budget",
        );
    }
}

/// Of calls inside each other that one value reaches, `execute(text(..))`, the innermost: it is where the harm begins.
fn once(findings: Vec<Found>) -> Vec<Found> {
    type Key = (&'static str, String, Option<(String, Option<u32>, Option<u32>)>);
    let key = |one: &Found| -> Key {
        let from = one.more.flow.first();
        let from = from.map(|step| (step.at.full_path(), step.at.line, step.at.column));
        (one.rule.id, one.at.full_path(), from)
    };
    let mut spans: HashMap<Key, Vec<Range<u64>>> = HashMap::new();
    for one in &findings {
        let known = spans.entry(key(one)).or_default();
        if let Some(span) = one.at.span.filter(|_| known.len() < MOST) {
            known.push(span.start..span.end);
        }
    }
    let holds_another = |one: &Found| {
        let (Some(span), Some(known)) = (one.at.span, spans.get(&key(one))) else {
            return false;
        };
        known.iter().any(|other| {
            span.start <= other.start && other.end <= span.end && other.end - other.start < span.end - span.start
        })
    };
    let kept: Vec<bool> = findings.iter().map(|one| !holds_another(one)).collect();
    findings
        .into_iter()
        .zip(kept)
        .filter_map(|(one, kept)| kept.then_some(one))
        .collect()
}

/// What is left after one way and then another.
fn compose(a: u32, b: u32) -> u32 {
    (a & b & ALL) | ((a | b) & JOINED)
}

/// Whether anything is left for a sink.
fn reaches(live: u32, sink: Sink) -> bool {
    sink == Sink::Prompt || live & sink.bit() != 0
}

impl<'a> Join<'a> {
    fn of(summaries: Vec<&'a Summary>) -> Self {
        let mut functions = Vec::new();
        let mut fields = HashMap::new();
        for (index, summary) in summaries.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            functions.extend(summary.functions.iter().map(|function| (index, function)));
            for field in &summary.fields {
                let next = u32::try_from(fields.len()).unwrap_or(u32::MAX);
                fields.entry(&**field).or_insert(next);
            }
        }
        let names = Names::of(&summaries, &functions);
        let callees: Vec<Vec<Option<u32>>> = functions
            .iter()
            .map(|(_, function)| function.calls.iter().map(|call| names.find(&call.callee)).collect())
            .collect();
        let renamed = renamed(&summaries, &functions, &callees);
        let mut callers = vec![Vec::new(); functions.len()];
        for (caller, callees) in callees.iter().enumerate() {
            for callee in callees.iter().flatten() {
                if let Some(list) = callers.get_mut(*callee as usize) {
                    list.push(u32::try_from(caller).unwrap_or(u32::MAX));
                }
            }
        }
        let known = functions.iter().map(|_| Known::default()).collect();
        Self {
            functions,
            summaries,
            callees,
            callers,
            renamed,
            known,
            fields,
            field_values: HashMap::new(),
            field_reaches: HashMap::new(),
            findings: Vec::new(),
            said: HashSet::new(),
        }
    }

    /// False when the budget ended before the work.
    fn run(&mut self) -> bool {
        let mut queue: VecDeque<u32> = (0..self.functions.len())
            .filter_map(|index| u32::try_from(index).ok())
            .collect();
        let mut waiting = vec![true; self.functions.len()];
        let mut budget = self.functions.len() * ROUNDS + 1_000;
        while let Some(index) = queue.pop_front() {
            if budget == 0 {
                return false;
            }
            budget -= 1;
            if let Some(waits) = waiting.get_mut(index as usize) {
                *waits = false;
            }
            if self.look(index) {
                for caller in self.callers.get(index as usize).cloned().unwrap_or_default() {
                    if let Some(waits) = waiting.get_mut(caller as usize)
                        && !std::mem::replace(waits, true)
                    {
                        queue.push_back(caller);
                    }
                }
            }
        }
        self.through_fields();
        true
    }

    fn function(&self, index: u32) -> Option<(u32, &'a Function)> {
        self.functions.get(index as usize).copied()
    }

    fn callee(&self, function: u32, call: u32) -> Option<u32> {
        *self.callees.get(function as usize)?.get(call as usize)?
    }

    /// Works one function out. True when something about it is new.
    fn look(&mut self, index: u32) -> bool {
        let Some((_, function)) = self.function(index) else {
            return false;
        };
        let mut returns: Vec<(Root, u32)> = Vec::new();
        for flow in &function.returns {
            for (root, live) in self.roots(index, *flow, 0) {
                add(&mut returns, root, live);
            }
        }
        let mut reaches_: Vec<Reach> = Vec::new();
        let renamed = self.renamed.get(index as usize).map_or(&[][..], Vec::as_slice);
        let flows: Vec<Flow> = function.sinks.iter().chain(renamed).map(|sink| sink.flow).collect();
        for (number, flow) in flows.into_iter().enumerate() {
            let target = Target::Sink(index, u32::try_from(number).unwrap_or(u32::MAX));
            for (root, live) in self.roots(index, flow, 0) {
                self.reach(root, live, &target, &[], &mut reaches_);
            }
        }
        for (field, flow) in &function.writes {
            let Some(field) = self.field(index, *field) else {
                continue;
            };
            for (root, live) in self.roots(index, *flow, 0) {
                self.reach(root, live, &Target::Field(field), &[], &mut reaches_);
            }
        }
        for (number, call) in function.calls.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let Some(callee) = self.callee(index, number) else {
                continue;
            };
            let Some(inner) = self.known.get(callee as usize).map(|known| known.reaches.clone()) else {
                continue;
            };
            for reach in inner {
                let Root::Parameter(parameter) = reach.root else {
                    continue;
                };
                if reach.calls.len() >= LONGEST {
                    continue;
                }
                let mut calls = Vec::with_capacity(reach.calls.len() + 1);
                calls.push((index, number));
                calls.extend(&reach.calls);
                for flow in self.bound(callee, call, parameter) {
                    for (root, live) in self.roots(index, flow, 0) {
                        self.reach(root, compose(live, reach.live), &reach.target, &calls, &mut reaches_);
                    }
                }
            }
        }
        let Some(known) = self.known.get_mut(index as usize) else {
            return false;
        };
        let mut is_new = false;
        for (root, live) in returns {
            is_new |= add(&mut known.returns, root, live);
        }
        for reach in reaches_ {
            let full = known.reaches.len() >= MOST * 2;
            match known
                .reaches
                .iter_mut()
                .find(|old| old.root == reach.root && old.target == reach.target)
            {
                Some(old) => {
                    is_new |= old.live | reach.live != old.live;
                    old.live |= reach.live;
                }
                None if !full => {
                    known.reaches.push(reach);
                    is_new = true;
                }
                None => {}
            }
        }
        is_new
    }

    /// A root gets to a target: a finding, or something to remember.
    fn reach(&mut self, root: Root, live: u32, target: &Target, calls: &[(u32, u32)], remembered: &mut Vec<Reach>) {
        if let Target::Sink(function, number) = target
            && let Some(sink) = self.sink(*function, *number)
            && !reaches(live, sink.sink)
        {
            return;
        }
        let reach = || Reach {
            root,
            live,
            target: target.clone(),
            calls: calls.to_vec(),
        };
        match (root, target) {
            (Root::Source(summary, source), Target::Sink(function, number)) => {
                self.say(summary, source, live, *function, *number, calls);
            }
            (Root::Source(..), Target::Field(field)) => {
                let values = self.field_values.entry(*field).or_default();
                if values.len() < MOST {
                    add(values, root, live);
                }
            }
            (Root::Field(field), _) => {
                let list = self.field_reaches.entry(field).or_default();
                if list.len() < MOST && !list.iter().any(|old| old.target == *target) {
                    list.push(reach());
                }
            }
            (Root::Parameter(_), _) => remembered.push(reach()),
        }
    }

    /// What fields hold goes where fields are read.
    fn through_fields(&mut self) {
        let mut open: Vec<(u32, Root, u32)> = self
            .field_values
            .iter()
            .flat_map(|(field, values)| values.iter().map(|(root, live)| (*field, *root, *live)))
            .collect();
        // Hash maps have no order; a report has.
        open.sort_by_key(|(field, root, _)| match root {
            Root::Source(summary, source) => (*field, *summary, *source),
            Root::Parameter(_) | Root::Field(_) => (*field, u32::MAX, u32::MAX),
        });
        let mut seen: HashSet<(u32, Root)> = HashSet::new();
        while let Some((field, root, live)) = open.pop() {
            if !seen.insert((field, root)) {
                continue;
            }
            for reach in self.field_reaches.get(&field).cloned().unwrap_or_default() {
                let live = compose(live, reach.live);
                match reach.target {
                    Target::Sink(function, number) => {
                        let alive = self.sink(function, number).is_some_and(|sink| reaches(live, sink.sink));
                        if let Root::Source(summary, source) = root
                            && alive
                        {
                            self.say(summary, source, live, function, number, &reach.calls);
                        }
                    }
                    Target::Field(next) if live & ALL != 0 => open.push((next, root, live)),
                    Target::Field(_) => {}
                }
            }
        }
    }

    fn sink(&self, function: u32, number: u32) -> Option<&SinkAt> {
        let own = &self.function(function)?.1.sinks;
        let number = number as usize;
        own.get(number)
            .or_else(|| self.renamed.get(function as usize)?.get(number.checked_sub(own.len())?))
    }

    fn field(&self, function: u32, field: u32) -> Option<u32> {
        let (summary, _) = self.function(function)?;
        let name = self.summaries.get(summary as usize)?.fields.get(field as usize)?;
        self.fields.get(&**name).copied()
    }

    /// The flows of the arguments of a call that become one parameter.
    fn bound(&self, callee: u32, call: &CallAt, parameter: u32) -> Vec<Flow> {
        let Some((_, function)) = self.function(callee) else {
            return Vec::new();
        };
        let is_bound = |which: &Argument| match which {
            Argument::All => true,
            Argument::Position(position) => {
                *position == parameter || parameter == u32::MAX && *position as usize >= function.parameters.len()
            }
            Argument::Name(name) => {
                let index = function.parameters.iter().position(|known| known == name);
                match index {
                    Some(index) => u32::try_from(index) == Ok(parameter),
                    None => parameter == u32::MAX,
                }
            }
        };
        let arguments = call.arguments.iter().filter(|(which, _)| is_bound(which));
        arguments.map(|(_, flow)| *flow).collect()
    }

    /// Where a flow in a function comes from, seen from outside of it.
    fn roots(&self, index: u32, flow: Flow, depth: u32) -> Vec<(Root, u32)> {
        let Some((summary, function)) = self.function(index) else {
            return Vec::new();
        };
        match flow.origin {
            Origin::Source(source) => vec![(Root::Source(summary, source), flow.live)],
            Origin::Parameter(parameter) => vec![(Root::Parameter(parameter), flow.live)],
            Origin::Field(field) => self
                .field(index, field)
                .map(|field| (Root::Field(field), flow.live))
                .into_iter()
                .collect(),
            Origin::Result(call) => {
                let mut found = Vec::new();
                if depth >= DEEPEST {
                    return found;
                }
                let (Some(callee), Some(at)) = (self.callee(index, call), function.calls.get(call as usize)) else {
                    return found;
                };
                // A function that says that it cleans, and does something, is believed.
                let believed = cleaners::by_word(&at.callee).is_some()
                    && self.function(callee).is_some_and(|(_, function)| !function.hollow);
                if believed {
                    return found;
                }
                let returns = self
                    .known
                    .get(callee as usize)
                    .map(|known| known.returns.as_slice())
                    .unwrap_or_default();
                for (root, live) in returns {
                    let live = compose(flow.live, *live);
                    match root {
                        Root::Parameter(parameter) => {
                            for argument in self.bound(callee, at, *parameter) {
                                for (root, inner) in self.roots(index, argument, depth + 1) {
                                    add(&mut found, root, compose(live, inner));
                                }
                            }
                        }
                        root => {
                            add(&mut found, *root, live);
                        }
                    }
                    if found.len() >= MOST {
                        break;
                    }
                }
                found
            }
        }
    }

    fn say(&mut self, summary: u32, source: u32, live: u32, function: u32, number: u32, calls: &[(u32, u32)]) {
        let Some(from) = self
            .summaries
            .get(summary as usize)
            .and_then(|one| one.sources.get(source as usize))
        else {
            return;
        };
        let (Some((home, _)), Some(sink)) = (self.function(function), self.sink(function, number).cloned()) else {
            return;
        };
        let is_test = self.summaries.get(home as usize).is_some_and(|summary| summary.test);
        let Some(verdict) = rules::judge(from.source, sink.sink, live) else {
            return;
        };
        let place = |at: &Location| at.span.map_or(0, |span| span.start);
        let key = (
            format!("{}|{}|{}", verdict.rule.id, from.at.full_path(), sink.at.full_path()),
            place(&from.at),
            place(&sink.at),
            from.at.line.unwrap_or(0),
            sink.at.line.unwrap_or(0),
        );
        if self.findings.len() >= 10_000 || !self.said.insert(key) {
            return;
        }
        let mut flow = vec![Step {
            at: from.at.clone(),
            note: format!("{} comes in", from.source.words()).into(),
        }];
        for (caller, call) in calls {
            if let Some(call) = self
                .function(*caller)
                .and_then(|(_, caller)| caller.calls.get(*call as usize))
            {
                flow.push(Step {
                    at: call.at.clone(),
                    note: format!("it is handed to `{}`", call.callee.trim_start_matches('~')).into(),
                });
            }
        }
        flow.push(Step {
            at: sink.at.clone(),
            note: sink.sink.words().into(),
        });
        self.findings.push(Found {
            rule: verdict.rule,
            severity: verdict.severity,
            at: sink.at.clone(),
            note: verdict.note(from.source, sink.sink, &sink.name).into(),
            details: Vec::new(),
            value: Value::new(format!("{}|{}", Source::words(from.source), sink.value)),
            more: More {
                thorough: verdict.thorough || is_test,
                excerpt: Some(sink.excerpt.to_string()).filter(|line| !line.is_empty()),
                flow,
                ..More::default()
            },
        });
    }
}

/// Calls of what a module of the project only hands on under a name of its own: `from os import system as run`.
fn renamed(summaries: &[&Summary], functions: &[(u32, &Function)], callees: &[Vec<Option<u32>>]) -> Vec<Vec<SinkAt>> {
    let mut names: HashMap<String, &str> = HashMap::new();
    // By the module's last part and the name, for imports from a root that is not the root of the scan.
    let mut by_end: HashMap<String, Option<&str>> = HashMap::new();
    for summary in summaries {
        let last = summary.module.rsplit('.').next().unwrap_or(&summary.module);
        for (bound, name) in &summary.aliases {
            names.insert(format!("{}.{bound}", summary.module), name);
            by_end
                .entry(format!("{last}.{bound}"))
                .and_modify(|known| *known = known.filter(|known| *known == &**name))
                .or_insert(Some(name));
        }
    }
    let of_function = |((_, function), callees): (&(u32, &Function), &Vec<Option<u32>>)| {
        let mut found = Vec::new();
        if names.is_empty() {
            return found;
        }
        for (call, _) in function
            .calls
            .iter()
            .zip(callees)
            .filter(|(_, callee)| callee.is_none())
        {
            let plain = call.callee.trim_start_matches('~');
            let mut ends = plain
                .rmatch_indices('.')
                .map(|(at, _)| plain.get(at + 1..).unwrap_or_default());
            let end = ends.nth(1).unwrap_or(plain);
            let name = names.get(plain).copied();
            let Some(name) = name.or_else(|| by_end.get(end).copied().flatten()) else {
                continue;
            };
            let last = name.rsplit('.').next().unwrap_or(name);
            for (which, sink) in sinks::of_call(name, last, false) {
                let meant = |argument: &Argument| match (which, argument) {
                    (Which::Receiver, _) => false,
                    (Which::Any, _) | (_, Argument::All) => true,
                    (Which::At(position, _), Argument::Position(at)) => position == *at as usize,
                    (Which::At(_, keyword), Argument::Name(name)) => keyword == &**name,
                };
                found.extend(
                    call.arguments
                        .iter()
                        .filter(|(argument, _)| meant(argument))
                        .map(|(_, flow)| SinkAt {
                            sink,
                            flow: *flow,
                            at: call.at.clone(),
                            name: name.into(),
                            excerpt: "".into(),
                            value: call.callee.clone(),
                        }),
                );
            }
        }
        found
    };
    functions.iter().zip(callees).map(of_function).collect()
}

/// Adds a root. True when it, or a use of it, is new.
fn add(list: &mut Vec<(Root, u32)>, root: Root, live: u32) -> bool {
    let full = list.len() >= MOST;
    match list.iter_mut().find(|(known, _)| *known == root) {
        Some((_, known)) => {
            let is_new = *known | live != *known;
            *known |= live;
            is_new
        }
        None if !full => {
            list.push((root, live));
            true
        }
        None => false,
    }
}

/// Functions by the names that callers use.
struct Names<'a> {
    whole: HashMap<&'a str, u32>,
    /// By the last part; for imports from a root that is not the root of the scan.
    by_end: HashMap<&'a str, Vec<u32>>,
    functions: Vec<&'a str>,
    modules: HashMap<&'a str, &'a Summary>,
}

impl<'a> Names<'a> {
    fn of(summaries: &[&'a Summary], functions: &[(u32, &'a Function)]) -> Self {
        let mut whole = HashMap::new();
        let mut by_end: HashMap<&str, Vec<u32>> = HashMap::new();
        for (index, (_, function)) in functions.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            whole.entry(function.name.as_str()).or_insert(index);
            let end = function.name.rsplit('.').next().unwrap_or(&function.name);
            by_end.entry(end).or_default().push(index);
        }
        Self {
            whole,
            by_end,
            functions: functions.iter().map(|(_, function)| function.name.as_str()).collect(),
            modules: summaries
                .iter()
                .map(|summary| (summary.module.as_str(), *summary))
                .collect(),
        }
    }

    fn find(&self, name: &str) -> Option<u32> {
        let mut name = name.to_owned();
        for _ in 0..4 {
            if let Some(found) = self.exact(&name) {
                return Some(found);
            }
            // What a package imports can be had from the package.
            let plain = name.strip_prefix('~').unwrap_or(&name);
            let (module, end) = plain.rsplit_once('.')?;
            let summary = self.modules.get(module)?;
            let import = summary.imports.iter().find(|import| {
                import
                    .strip_suffix(end)
                    .is_some_and(|rest| rest.ends_with('.') && **import != name)
            })?;
            name.clone_from(import);
        }
        None
    }

    fn exact(&self, name: &str) -> Option<u32> {
        let plain = name.strip_prefix('~').unwrap_or(name);
        let owned = format!("~{plain}");
        let made = format!("~{plain}.__init__");
        if let Some(found) = self.whole.get(owned.as_str()).or_else(|| self.whole.get(made.as_str())) {
            return Some(*found);
        }
        if name.starts_with('~') || !name.contains('.') {
            return None;
        }
        // `import pkg.module` where the package lies below the root of the scan, as in `src/pkg`.
        let suffix = format!(".{plain}");
        let made = format!(".{plain}.__init__");
        let end = plain.rsplit('.').next().unwrap_or(plain);
        let candidates = [(end, &suffix), ("__init__", &made)];
        for (end, suffix) in candidates {
            let list = self.by_end.get(end).map(Vec::as_slice).unwrap_or_default();
            let mut fitting = list.iter().take(2_000).filter(|index| {
                self.functions
                    .get(**index as usize)
                    .is_some_and(|function| function.ends_with(suffix.as_str()))
            });
            if let (Some(only), None) = (fitting.next(), fitting.next()) {
                return Some(*only);
            }
        }
        None
    }
}
