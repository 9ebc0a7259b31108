//! From what a pickle would do to findings: known and harmless, known and harmful, or unknown.

use std::collections::{HashMap, HashSet};

use ward_evidence::{RuleMeta, Severity};
use ward_formats::{
    input::Input,
    pickle::{Called, Effect, Global, How, Id, Node, Text, Values, What},
};

mod arguments;
mod faults;

use super::{
    allow::{self, Use},
    attributes, dtype, gadgets, later, rules,
};
use faults::Fault;

/// Contents inside a pickle that are looked at in turn.
const MOST_NESTED: usize = 64;

/// What the judge heard of one file.
pub(super) struct Judge<'a> {
    input: Input<'a>,
    /// True in a TorchScript archive, where `__torch__` names the program's own classes.
    script: bool,
    /// True when only names that are known to be harmful count.
    strict: bool,
    faults: HashMap<(&'static str, String), Fault>,
    more: u64,
    /// Whether a name was imported.
    pub(super) imports: bool,
    /// Bytes that a call would load in turn.
    pub(super) nested: Vec<Text>,
    /// The same, of bytes that are put together from others, with where that is done.
    pub(super) assembled: Vec<(u64, Vec<u8>)>,
    /// Names that may be called but not handed over, and where they are imported.
    guarded: HashMap<Id, Effect>,
    /// What was given a state.
    built: HashSet<Id>,
    /// Names that were already judged harmless, by what they were used for.
    harmless: HashMap<(String, String), Use>,
    /// Lengths in bytes of the storages of tensors, by key: for the end of PyTorch's old format.
    pub(super) storages: HashMap<String, u64>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(input: Input<'a>, script: bool) -> Self {
        Self {
            input,
            script,
            strict: false,
            faults: HashMap::new(),
            more: 0,
            imports: false,
            nested: Vec::new(),
            assembled: Vec::new(),
            guarded: HashMap::new(),
            built: HashSet::new(),
            harmless: HashMap::new(),
            storages: HashMap::new(),
        }
    }

    /// A judge for bytes that are perhaps no pickle: only what is known to be harmful counts.
    pub(super) fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// True when nothing was noticed.
    pub(super) fn is_silent(&self) -> bool {
        self.faults.is_empty()
    }

    /// Hears one effect.
    pub(super) fn hear(&mut self, values: &Values<'a>, effect: &Effect) {
        match effect.what {
            What::Import(id) => {
                self.imports = true;
                if let Some(global) = values.global(id) {
                    if later::only_called(global).is_some() {
                        self.guarded.insert(id, *effect);
                    }
                    self.import(effect, global);
                }
            }
            What::Call(id) => {
                if let Some(called) = values.called(id) {
                    self.call(values, effect, called);
                }
            }
            What::Build { target, state } => self.build(values, effect, target, state),
            What::Mutate { target } => self.mutate(values, effect, target),
            What::Persistent(id) => self.persistent(values, effect, id),
            What::Extension(id) => {
                let note = format!(
                    "loading looks up {} in copyreg's registry: nobody can tell what that is",
                    values.render(id)
                );
                self.fault(effect, &rules::UNKNOWN, Severity::Medium, 2, values.render(id), note);
            }
        }
    }

    fn use_of(&mut self, global: &Global) -> Option<Use> {
        if global.computed {
            return None;
        }
        if self.script && (global.module == "__torch__" || global.module.starts_with("__torch__.")) {
            return Some(Use::Call);
        }
        let key = (global.module.clone(), global.name.clone());
        if let Some(known) = self.harmless.get(&key) {
            return Some(*known);
        }
        let found = allow::of(&global.module, &global.name)?;
        self.harmless.insert(key, found);
        Some(found)
    }

    fn import(&mut self, effect: &Effect, global: &Global) {
        if self.use_of(global).is_some() {
            return;
        }
        let path = global.path();
        if global.computed {
            if self.strict {
                return;
            }
            let note = "loading imports a name that is computed while loading: nobody can tell what it is".to_owned();
            return self.fault(effect, &rules::REACHES, Severity::High, 1, path, note);
        }
        match gadgets::find(&global.module, &global.name) {
            Some(gadget) => {
                let note = format!("loading imports {path}, which {}", gadget.does);
                self.fault(effect, rule_of(gadget.severity), gadget.severity, 1, path, note);
            }
            None => {
                let note = format!("loading imports {path}, which Ward does not know");
                self.fault(effect, &rules::UNKNOWN, Severity::Low, 1, path, note);
            }
        }
    }

    fn call(&mut self, values: &Values<'a>, effect: &Effect, called: &Called) {
        let what = match called.how {
            How::Call => "calls",
            How::New | How::NewKeywords => "makes an instance by",
        };
        let member = self.written_otherwise(values, called.callee);
        let Some(global) = values.global(called.callee).or(member.as_ref()) else {
            if self.strict {
                return;
            }
            let shown = format!("{}({})", values.render(called.callee), values.render_arguments(called));
            let note = format!("loading {what} {shown}: what is called is the result of something else");
            let value = values.render(called.callee);
            return self.fault(effect, &rules::REACHES, Severity::High, 2, value, note);
        };
        let shown = format!("{}({})", global.path(), values.render_arguments(called));
        let allowed = self.use_of(global);
        let needed = match called.how {
            How::Call if is_type_of_nothing(values, global, called) => Use::Refer,
            How::Call if values.items(called.args).is_empty() && matches!(values.get(called.args), Node::Tuple(_)) => {
                Use::Make
            }
            How::Call => Use::Call,
            How::New | How::NewKeywords => Use::Make,
        };
        if allowed.is_some_and(|allowed| allowed >= needed) {
            if let Some((severity, why)) = self.unusual(values, global, called, effect.at) {
                let note = format!("loading {what} {shown}: {why}");
                self.fault(effect, rule_of(severity), severity, 2, global.path(), note);
            }
            return;
        }
        let path = global.path();
        if allowed.is_none() && global.computed {
            if self.strict {
                return;
            }
            let note = format!("loading {what} {shown}: the name is computed while loading");
            return self.fault(effect, &rules::REACHES, Severity::High, 2, path, note);
        }
        match gadgets::find(&global.module, &global.name).filter(|_| allowed.is_none()) {
            Some(gadget) => {
                if path_loads(&global.name) {
                    self.nest(values, called);
                }
                let note = format!("loading {what} {shown}, which {}", gadget.does);
                self.fault(effect, rule_of(gadget.severity), gadget.severity, 2, path, note);
            }
            None => {
                let why = if allowed.is_some() {
                    "which is not called to rebuild a model"
                } else {
                    "which Ward does not know"
                };
                let note = format!("loading {what} {shown}, {why}");
                self.fault(effect, &rules::UNKNOWN, Severity::Medium, 2, path, note);
            }
        }
    }

    fn build(&mut self, values: &Values<'a>, effect: &Effect, target: Id, state: Id) {
        if let Some(global) = values.global(target) {
            let note = format!(
                "loading sets attributes of {} itself, for everybody who uses it",
                global.path()
            );
            return self.fault(effect, &rules::REACHES, Severity::High, 2, global.path(), note);
        }
        let again = !self.built.insert(target);
        let wrong = later::state(values, target, state, again)
            .or_else(|| dtype::state(values, target, state))
            .or_else(|| attributes::state(values, target, state));
        if let Some((severity, why)) = wrong {
            let shown = values.render(target);
            let note = format!("loading sets the state of {shown}: {why}");
            self.fault(effect, rule_of(severity), severity, 2, shown, note);
        }
        // (state, slots): the slots are set one by one, also those that change what the object is.
        if let [_, slots] = values.items(state) {
            let hidden = values.pairs(*slots).take(1000).any(|(key, _)| {
                values
                    .text(key)
                    .is_some_and(|key| key.starts_with("__") && key.ends_with("__"))
            });
            if hidden && values.called(target).is_some() {
                let note = format!("loading sets special attributes of {}", values.render(target));
                return self.fault(effect, &rules::REACHES, Severity::High, 2, values.render(target), note);
            }
        }
        match values.get(target) {
            // Whether what was called is known was judged when it was called.
            Node::Called(called) if !takes_attribute(values, called) => {}
            Node::Called(_) => {
                let note = format!("loading changes {}, which is not its own", values.render(target));
                self.fault(effect, &rules::REACHES, Severity::High, 2, values.render(target), note);
            }
            Node::Persistent(_) | Node::Extension(_) => {
                let note = format!("loading sets the state of {}", values.render(target));
                self.fault(
                    effect,
                    &rules::UNKNOWN,
                    Severity::Medium,
                    2,
                    values.render(target),
                    note,
                );
            }
            _ => {
                let note = "loading sets the state of something that is no object".to_owned();
                self.fault(effect, &rules::UNKNOWN, Severity::Medium, 2, String::new(), note);
            }
        }
    }

    fn mutate(&mut self, values: &Values<'a>, effect: &Effect, target: Id) {
        if values
            .called(target)
            .is_some_and(|called| takes_attribute(values, called))
        {
            let note = format!("loading changes {}, which is not its own", values.render(target));
            return self.fault(effect, &rules::REACHES, Severity::High, 2, values.render(target), note);
        }
        if let Some(global) = values.global(target) {
            let note = format!("loading changes {} itself, for everybody who uses it", global.path());
            return self.fault(effect, &rules::REACHES, Severity::High, 2, global.path(), note);
        }
        let wrong =
            later::items(values, target, self.built.contains(&target)).or_else(|| attributes::items(values, target));
        if let Some((severity, why)) = wrong {
            let shown = values.render(target);
            let note = format!("loading adds items to {shown}: {why}");
            self.fault(effect, rule_of(severity), severity, 2, shown, note);
        }
    }

    /// Looks, at the end of a pickle, for names that are handed over and may only be called.
    pub(super) fn finish(&mut self, values: &Values<'a>) {
        let guarded = std::mem::take(&mut self.guarded);
        self.built.clear();
        if guarded.is_empty() {
            return;
        }
        for id in values.ids() {
            let (items, state): (&[Id], Option<Id>) = match values.get(id) {
                Node::Tuple(items)
                | Node::List(items)
                | Node::Dict(items)
                | Node::Set(items)
                | Node::FrozenSet(items) => (items, None),
                Node::Called(called) => (&called.items, called.state),
                _ => continue,
            };
            for item in items.iter().copied().chain(state) {
                let Some(effect) = guarded.get(&item) else { continue };
                let Some(global) = values.global(item) else { continue };
                if let Some((severity, why)) = later::only_called(global) {
                    let note = format!("{} {why}", global.path());
                    self.fault(effect, rule_of(severity), severity, 2, global.path(), note);
                }
            }
        }
    }

    /// PyTorch keeps tensors outside the pickle: `("storage", type, key, device, length)`. Anything else is unknown.
    fn persistent(&mut self, values: &Values<'a>, effect: &Effect, id: Id) {
        let Node::Persistent(pid) = values.get(id) else { return };
        let parts = values.items(*pid);
        let first = parts.first().and_then(|part| values.text(*part));
        let text = |n: usize| parts.get(n).and_then(|part| values.text(*part));
        match first.as_deref() {
            Some("storage") if parts.len() >= 4 => {
                let kind = parts.get(1).and_then(|part| values.global(*part));
                let size = kind.and_then(|kind| super::torch::item_size(&kind.name));
                let count = parts
                    .get(4)
                    .and_then(|part| values.int(*part))
                    .and_then(|n| u64::try_from(n).ok());
                if let (Some(key), Some(size), Some(count), true) =
                    (text(2), size, count, self.storages.len() < 1_000_000)
                {
                    self.storages.insert(key, count.saturating_mul(size));
                }
            }
            Some("module") if parts.len() == 4 => {}
            _ => {
                let note = format!("loading asks its loader for {}", values.render(id));
                self.fault(effect, &rules::UNKNOWN, Severity::Medium, 2, values.render(id), note);
            }
        }
    }
}

/// True for the way in which Python writes `type(None)`, `type(Ellipsis)` and `type(NotImplemented)`.
fn is_type_of_nothing(values: &Values<'_>, global: &Global, called: &Called) -> bool {
    let [of] = values.items(called.args) else { return false };
    let single = |one: &Global| {
        gadgets::modern(&one.module) == "builtins" && matches!(one.name.as_str(), "Ellipsis" | "NotImplemented")
    };
    gadgets::modern(&global.module) == "builtins"
        && global.name == "type"
        && (matches!(values.get(*of), Node::None) || values.global(*of).is_some_and(single))
}

/// True for the result of `getattr`.
fn takes_attribute(values: &Values<'_>, called: &Called) -> bool {
    values
        .global(called.callee)
        .is_some_and(|global| global.name == "getattr")
}

fn rule_of(severity: Severity) -> &'static RuleMeta {
    match severity {
        Severity::Critical => &rules::EXECUTES,
        Severity::High => &rules::REACHES,
        _ => &rules::UNKNOWN,
    }
}

/// True for functions that load what they are given.
fn path_loads(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    matches!(
        last,
        "loads" | "load" | "_loads" | "b64decode" | "decompress" | "decode" | "BytesIO" | "StringIO"
    )
}
