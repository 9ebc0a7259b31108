//! From what a pickle would do to findings: known and harmless, known and harmful, or unknown.

use std::collections::{HashMap, HashSet};

use ward_evidence::{Location, RuleMeta, Severity};
use ward_formats::{
    input::Input,
    pickle::{Called, Effect, Global, How, Id, Node, Sniffed, Text, Values, What, explain, sniff},
};

use super::{
    allow::{self, Use},
    gadgets, later, rules,
};
use crate::{
    Findings,
    report::{Found, More, Value},
};

/// Distinct faults that are kept of one pickle file. More are counted.
const MOST: usize = 60;
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

struct Fault {
    rule: &'static RuleMeta,
    severity: Severity,
    /// An import is weaker than a call of the same name.
    weight: u8,
    at: u64,
    note: String,
    details: Vec<String>,
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

    /// What is wrong with a call of an allowed name, if anything: a few are harmless only with the right arguments.
    fn unusual(&mut self, values: &Values<'a>, global: &Global, called: &Called, at: u64) -> later::Wrong {
        let args = values.items(called.args);
        let module = gadgets::modern(&global.module);
        match (module, global.name.as_str()) {
            // Python writes bound methods this way, members of nested classes, and in 3.11 those of enumerations. It is a
            // mere reference: calling it is judged as a call of something unknown.
            ("builtins", "getattr") => {
                let name = args.get(1).and_then(|id| values.text(*id)).unwrap_or_default();
                let plain = gadgets::find("", &name).is_none() && !name.contains('.') && !name.is_empty();
                let of_text = args
                    .first()
                    .and_then(|id| values.global(*id))
                    .is_some_and(|global| later::method_of_text(global, &name));
                let of_known = of_text || args.first().is_some_and(|id| self.is_known_object(values, *id));
                (!of_known || !plain || args.len() != 2).then_some((Severity::High, "it takes attributes by name"))
            }
            ("copyreg", "_reconstructor" | "__newobj__" | "__newobj_ex__") => {
                let class = args.first().and_then(|id| values.global(*id));
                let known = class.is_some_and(|class| self.use_of(class).is_some_and(|kind| kind >= Use::Make));
                // A class that is imported by name is judged as an import too; here it is made.
                if known && global.name == "_reconstructor" {
                    return later::base(values, args.get(1).copied());
                }
                (!known).then(
                    || match class.and_then(|class| gadgets::find(&class.module, &class.name)) {
                        Some(gadget) => (gadget.severity, "it makes an instance of something dangerous"),
                        None => (
                            Severity::Medium,
                            "it makes an instance of something that Ward does not know",
                        ),
                    },
                )
            }
            (_, "_ufunc_reconstruct") => {
                let part = |n: usize| args.get(n).and_then(|id| values.text(*id)).unwrap_or_default();
                let (module, name) = (part(0), part(1));
                let plain = matches!(
                    module.as_str(),
                    "numpy"
                        | "numpy.core._multiarray_umath"
                        | "numpy.core.umath"
                        | "scipy.special"
                        | "scipy.special._ufuncs"
                );
                let known = allow::of(&module, &name).is_some()
                    || plain
                        && !name.contains('.')
                        && gadgets::find(&module, &name).is_none()
                        && allow::of("numpy", &name).is_some();
                (!known).then(|| match gadgets::find(&module, &name) {
                    Some(gadget) => (gadget.severity, "it imports a function by the names it is given"),
                    None => (Severity::Medium, "it imports a function by the names it is given"),
                })
            }
            ("torch._tensor", "_rebuild_from_type_v2" | "_rebuild_from_type") => {
                let function = args.first().and_then(|id| values.global(*id));
                let known = function.is_some_and(|f| f.module == "torch._utils" && self.use_of(f) == Some(Use::Call));
                (!known).then_some((Severity::High, "it calls what it is given"))
            }
            ("functools", "partial") => later::partial(values, args.first().copied()),
            ("collections", "defaultdict") => later::factory(values, args.first().copied()),
            ("numpy.random._pickle", _) => later::generator(values, args),
            ("dateutil.tz.tz", "tzfile") => args
                .first()
                .is_some_and(|id| !matches!(values.get(*id), Node::None))
                .then_some((Severity::High, "it opens a file")),
            ("torch.storage", "_load_from_bytes") => {
                self.nest(values, called);
                let first = *args.first()?;
                if matches!(values.get(first), Node::Bytes(_) | Node::ByteArray(_)) {
                    return None;
                }
                match later::resolved(values, first) {
                    Some(bytes)
                        if self.assembled.len() < MOST_NESTED
                            && (sniff(&bytes) != Sniffed::Not || bytes.starts_with(b"PK")) =>
                    {
                        self.assembled.push((at, bytes));
                        None
                    }
                    _ => Some((Severity::Medium, "nobody can tell what it loads")),
                }
            }
            _ => None,
        }
    }

    /// A callee that is written as the result of something else and is a plain name all the same:
    /// `getattr(module.Class, "name")` when `module.Class.name` is allowed, and the classes of PyTorch's old format, which
    /// come as `("module", class, file, source)`.
    fn written_otherwise(&mut self, values: &Values<'a>, callee: Id) -> Option<Global> {
        if let Node::Persistent(pid) = values.get(callee) {
            let parts = values.items(*pid);
            let is_module = parts
                .first()
                .and_then(|id| values.text(*id))
                .is_some_and(|word| word == "module");
            return parts
                .get(1)
                .filter(|_| is_module)
                .and_then(|class| values.global(*class))
                .cloned();
        }
        let called = values.called(callee)?;
        let [of, name] = values.items(called.args) else {
            return None;
        };
        let getattr = values.global(called.callee)?;
        if gadgets::modern(&getattr.module) != "builtins" || getattr.name != "getattr" {
            return None;
        }
        let of = values.global(*of)?;
        let whole = Global {
            module: of.module.clone(),
            name: format!("{}.{}", of.name, values.text(*name)?),
            computed: false,
        };
        self.use_of(&whole).map(|_| whole)
    }

    /// True for a class of a framework that is known, and for an instance of one.
    fn is_known_object(&mut self, values: &Values<'a>, id: Id) -> bool {
        let class = match values.called(id) {
            None => values.global(id),
            Some(called) => match values.global(called.callee) {
                Some(global) if gadgets::modern(&global.module) == "copyreg" => values
                    .items(called.args)
                    .first()
                    .and_then(|class| values.global(*class)),
                other => other,
            },
        };
        class.is_some_and(|class| {
            let of_python = matches!(
                gadgets::modern(&class.module),
                "builtins"
                    | "copyreg"
                    | "functools"
                    | "operator"
                    | "_codecs"
                    | "logging"
                    | "pathlib"
                    | "pathlib._local"
                    | "types"
                    | "argparse"
                    | "collections"
                    | "array"
                    | "random"
            );
            !of_python && self.use_of(class).is_some_and(|kind| kind >= Use::Make)
        })
    }

    /// Remembers the bytes among the arguments, to be looked into.
    fn nest(&mut self, values: &Values<'a>, called: &Called) {
        for id in values.items(called.args) {
            if let Node::Bytes(text) | Node::Str(text) | Node::ByteArray(text) = values.get(*id)
                && self.nested.len() < MOST_NESTED
            {
                self.nested.push(*text);
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
        if let Some((severity, why)) = later::state(values, target, state, again) {
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
        if let Some((severity, why)) = later::items(values, target, self.built.contains(&target)) {
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

    fn fault(
        &mut self,
        effect: &Effect,
        rule: &'static RuleMeta,
        severity: Severity,
        weight: u8,
        value: String,
        note: String,
    ) {
        if self.strict && severity < Severity::High {
            return;
        }
        // One name, one finding: the worst thing done with it, and the first place where that is done.
        let old = self.faults.keys().find(|(_, known)| *known == value).cloned();
        if let Some(key) = old {
            let weaker = self
                .faults
                .get(&key)
                .is_none_or(|old| (old.severity, old.weight) < (severity, weight));
            if !weaker {
                return;
            }
            self.faults.remove(&key);
        } else if self.faults.len() >= MOST {
            self.more += 1;
            // The worst are kept whatever their number.
            let Some(mildest) = self
                .faults
                .iter()
                .min_by_key(|(_, fault)| (fault.severity, fault.weight))
            else {
                return;
            };
            if (mildest.1.severity, mildest.1.weight) >= (severity, weight) {
                return;
            }
            let key = mildest.0.clone();
            self.faults.remove(&key);
        }
        let fault = Fault {
            rule,
            severity,
            weight,
            at: effect.at,
            note,
            details: explain(self.input, effect),
        };
        self.faults.insert((rule.id, value), fault);
    }

    /// Takes over what another judge noticed of the same bytes.
    pub(super) fn absorb(&mut self, other: Judge<'a>) {
        for (key, fault) in other.faults {
            if self.faults.len() < MOST && !self.faults.keys().any(|(_, known)| *known == key.1) {
                self.faults.insert(key, fault);
            }
        }
    }

    /// Adds the findings, each at `place`.
    pub(super) fn tell(self, place: &Location, findings: &mut Findings) {
        let mut faults: Vec<_> = self.faults.into_iter().collect();
        faults.sort_by(|((_, a), x), ((_, b), y)| (x.at, a).cmp(&(y.at, b)));
        let last = faults.len().saturating_sub(1);
        for (n, ((_, value), mut fault)) in faults.into_iter().enumerate() {
            if n == last && self.more > 0 {
                fault
                    .details
                    .push(format!("{} more names of this kind are not listed", self.more));
            }
            findings.found.push(Found {
                rule: fault.rule,
                severity: fault.severity,
                at: place.clone().over(fault.at, fault.at + 1),
                note: fault.note.into(),
                details: fault.details,
                value: Value::new(value),
                more: More::default(),
            });
        }
    }
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
