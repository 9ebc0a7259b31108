//! What a rule can ask about the program around a place: names, scopes, arguments, constants, what encloses it.

use std::{
    borrow::Cow,
    cell::Cell,
    collections::{HashMap, HashSet},
};

use ruff_python_ast::{Expr, ExprCall, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::Ranged;

use super::entries::MOST_ENTRIES;

/// What a name stands for in a scope.
#[derive(Debug, Clone)]
pub(super) enum Binding<'a> {
    /// An import, by its qualified name.
    Import(Box<str>),
    /// A function or class of this project, by its qualified name: `~` and the module's path.
    Defined(Box<str>),
    /// The result of an expression; `constant` when nothing else was assigned on another way through the program.
    Value { expr: &'a Expr, constant: bool },
    /// A parameter, with its annotation and its default.
    Parameter(Option<&'a Expr>, Option<&'a Expr>),
    /// The first parameter of a method: an instance of the class whose scope this is.
    Instance(usize),
    /// Something that is not followed.
    Unknown,
}

/// What a scope belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Module,
    Class,
    Function,
    Comprehension,
}

/// One scope.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) kind: ScopeKind,
    pub(super) parent: Option<usize>,
    pub(super) names: HashMap<&'a str, Binding<'a>>,
    /// For a class: what its methods assign to `self.NAME`; none when they assign different things.
    pub(super) attributes: HashMap<&'a str, Option<&'a Expr>>,
    /// What is put into its dictionaries and lists by assignments to entries: key and value.
    pub(super) filled: HashMap<&'a str, Vec<(&'a Expr, &'a Expr)>>,
    /// For a class: the qualified names of its bases.
    pub(super) bases: Vec<String>,
    /// The qualified name of what it belongs to.
    pub(super) path: String,
}

/// What the last statement of a function gives back, when that is a name.
#[derive(Debug)]
pub(super) struct GivenBack<'a> {
    pub(super) expr: &'a Expr,
    /// The scope around the function.
    pub(super) outer: usize,
    /// The function's own scope, once its body was met.
    pub(super) own: Option<usize>,
    /// Whether it is a property: reading its name gives that already.
    pub(super) property: bool,
}

/// An argument of a call.
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    /// It is given.
    Given(&'a Expr),
    /// It is not given.
    Absent,
    /// Nobody can say: the call has `*args` or `**kwargs`.
    Unknown,
}

impl<'a> Arg<'a> {
    /// The argument, when it is given.
    #[must_use]
    pub fn given(self) -> Option<&'a Expr> {
        match self {
            Arg::Given(expr) => Some(expr),
            Arg::Absent | Arg::Unknown => None,
        }
    }

    /// Whether it is certainly not given.
    #[must_use]
    pub fn is_absent(self) -> bool {
        matches!(self, Arg::Absent)
    }
}

/// The program around the place that a rule looks at.
pub struct Ctx<'a> {
    /// The program. Ranges of nodes are offsets into it.
    pub source: &'a str,
    /// The file's path below the scanned root.
    pub path: &'a str,
    pub(super) module: String,
    pub(super) test: bool,
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) current: usize,
    /// The statements around the place, outermost first, the one it stands in last.
    pub(super) stmts: Vec<&'a Stmt>,
    /// The expressions around the place, within its statement, itself not included.
    pub(super) exprs: Vec<&'a Expr>,
    /// How many statements enclose the place that may not be executed.
    pub(super) conditional: u32,
    /// Modules that `from MODULE import *` names.
    pub(super) stars: Vec<String>,
    /// Every import, as a qualified name.
    pub(super) imports: Vec<String>,
    /// Scopes of classes, by the qualified name of the class.
    pub(super) classes: HashMap<String, usize>,
    /// Functions of the file that only give back what they get, or say yes to everything, by qualified name.
    pub(super) hollow: HashSet<String>,
    /// What functions of the file give back, by qualified name.
    pub(super) gives: HashMap<String, GivenBack<'a>>,
    /// Scopes of functions that other functions stand in, and are seen from there.
    pub(super) enclosing: HashSet<usize>,
    /// While a function that is handed over is judged in place of the call that it is handed to: how many arguments of that
    /// call stand before those of the function, and whether more may come when it is called.
    pub(super) handed: Cell<Option<(usize, bool)>>,
}

impl<'a> Ctx<'a> {
    /// Whether the file is a test: by its path, as `tests/`, `test_x.py`, `conftest.py`.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.test
    }

    /// The text of a node.
    #[must_use]
    pub fn text(&self, node: impl Ranged) -> &'a str {
        self.source.get(node.range().to_std_range()).unwrap_or_default()
    }

    /// The module's name as its path gives it, as `pkg.module`.
    #[must_use]
    pub fn module(&self) -> &str {
        &self.module
    }

    /// Every import of the file that was met until now, as a qualified name. In [`On::Module`](super::rule::On::Module) that is all of them.
    #[must_use]
    pub fn imports(&self) -> &[String] {
        &self.imports
    }

    /// Whether the file imports `name` or anything in it.
    #[must_use]
    pub fn has_import(&self, name: &str) -> bool {
        self.imports.iter().any(|import| is_within(import, name))
    }

    /// The statements around the place, outermost first; the one it stands in is the last.
    #[must_use]
    pub fn statements(&self) -> &[&'a Stmt] {
        &self.stmts
    }

    /// The expressions around the place within its statement, outermost first, the place itself not included.
    #[must_use]
    pub fn expressions(&self) -> &[&'a Expr] {
        &self.exprs
    }

    /// The expression that directly holds the place.
    #[must_use]
    pub fn parent(&self) -> Option<&'a Expr> {
        self.exprs.last().copied()
    }

    /// The innermost function around the place.
    #[must_use]
    pub fn function(&self) -> Option<&'a StmtFunctionDef> {
        self.stmts.iter().rev().find_map(|stmt| match stmt {
            Stmt::FunctionDef(function) => Some(function),
            _ => None,
        })
    }

    /// The innermost class around the place.
    #[must_use]
    pub fn class(&self) -> Option<&'a StmtClassDef> {
        self.stmts.iter().rev().find_map(|stmt| match stmt {
            Stmt::ClassDef(class) => Some(class),
            _ => None,
        })
    }

    /// The qualified names of the bases of the innermost class around the place.
    #[must_use]
    pub fn bases(&self) -> &[String] {
        let mut scope = Some(self.current);
        while let Some(one) = scope.and_then(|index| self.scopes.get(index)) {
            if one.kind == ScopeKind::Class {
                return &one.bases;
            }
            scope = one.parent;
        }
        &[]
    }

    /// Whether the place is within the body of a `with` whose item's call has this qualified name.
    #[must_use]
    pub fn is_within_with(&self, name: &str) -> bool {
        self.stmts.iter().any(|stmt| match stmt {
            Stmt::With(with) => with.items.iter().any(|item| match &item.context_expr {
                Expr::Call(call) => self.callee(call).as_deref() == Some(name),
                other => self.name(other).as_deref() == Some(name),
            }),
            _ => false,
        })
    }

    /// The qualified names of a function's or class's decorators: of what is called where one is a call.
    #[must_use]
    pub fn decorators(&self, decorators: &'a [ruff_python_ast::Decorator]) -> Vec<String> {
        let name = |expr: &'a Expr| match expr {
            Expr::Call(call) => self.callee(call),
            other => self.name(other),
        };
        decorators.iter().filter_map(|one| name(&one.expression)).collect()
    }

    /// An argument by its position (from 0; none when it is keyword-only) and its name (empty when it is
    /// positional-only).
    #[must_use]
    pub fn arg(&self, call: &'a ExprCall, position: impl Into<Option<usize>>, name: &str) -> Arg<'a> {
        let partial = self.partial_behind(call);
        let (skipped, mut unknown) = self.handed.get().unwrap_or_default();
        let bound = partial.map(|partial| &partial.arguments);
        for keyword in call
            .arguments
            .keywords
            .iter()
            .chain(bound.iter().flat_map(|bound| &bound.keywords))
        {
            match &keyword.arg {
                Some(given) if !name.is_empty() && given.as_str() == name => return Arg::Given(&keyword.value),
                Some(_) => {}
                None => match self.in_dictionary(&keyword.value, name) {
                    Some(Some(value)) => return Arg::Given(value),
                    Some(None) => {}
                    None => unknown = true,
                },
            }
        }
        if let Some(position) = position.into() {
            let before = bound.and_then(|bound| bound.args.get(1..)).unwrap_or_default();
            let own = call.arguments.args.get(skipped..).unwrap_or_default();
            for (index, arg) in before.iter().chain(own).enumerate() {
                if matches!(arg, Expr::Starred(_)) {
                    return Arg::Unknown;
                }
                if index == position {
                    return Arg::Given(arg);
                }
            }
        }
        if unknown { Arg::Unknown } else { Arg::Absent }
    }

    /// The `functools.partial(..)` that made what is called: its arguments come before those of the call.
    #[must_use]
    pub fn partial_behind(&self, call: &'a ExprCall) -> Option<&'a ExprCall> {
        let made = match &*call.func {
            Expr::Call(inner) => inner,
            Expr::Name(name) => match self.lookup(self.current, name.id.as_str()) {
                Some((
                    Binding::Value {
                        expr: Expr::Call(inner),
                        ..
                    },
                    _,
                )) => inner,
                _ => return None,
            },
            Expr::Attribute(attribute) => match &*attribute.value {
                Expr::Name(base) => match self.lookup(self.current, base.id.as_str()) {
                    Some((Binding::Instance(class), _)) => {
                        let class = self.scopes.get(*class)?;
                        match class.attributes.get(attribute.attr.as_str()) {
                            Some(Some(Expr::Call(inner))) => inner,
                            _ => return None,
                        }
                    }
                    _ => return None,
                },
                _ => return None,
            },
            _ => return None,
        };
        let end = match &*made.func {
            Expr::Name(name) => name.id.as_str(),
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            _ => return None,
        };
        let likely = end.starts_with("partial") || matches!(&*made.func, Expr::Name(_));
        (likely && self.name(&made.func).is_some_and(|name| is_partial(&name))).then_some(made)
    }

    /// The value of `name` in a literal dictionary (or a name for one). `Some(None)`: certainly not in it.
    fn in_dictionary(&self, expr: &'a Expr, name: &str) -> Option<Option<&'a Expr>> {
        let mut found = None;
        for (key, value) in self.named_entries(expr)? {
            let Expr::StringLiteral(key) = key? else { return None };
            if key.value.to_str() == name {
                found = Some(value);
            }
        }
        Some(found)
    }

    /// The entries of a literal dictionary (or a name for one), and those that are put into it later, in order.
    pub(super) fn named_entries(&self, expr: &'a Expr) -> Option<Vec<(Option<&'a Expr>, &'a Expr)>> {
        let bound = match expr {
            Expr::Name(name) => self.lookup(self.current, name.id.as_str()).map(|found| (name, found)),
            _ => None,
        };
        let (dict, filled) = match bound {
            Some((name, (Binding::Value { expr, constant }, at))) => {
                let filled = self.scopes.get(at).and_then(|scope| scope.filled.get(name.id.as_str()));
                // What else was assigned to the name is not known; what is put under a key is.
                if !*constant && filled.is_none() {
                    return None;
                }
                (*expr, filled)
            }
            _ => (self.behind(expr), None),
        };
        let Expr::Dict(dict) = dict else { return None };
        let own = dict.items.iter().map(|item| (item.key.as_ref(), &item.value));
        let later = filled.into_iter().flatten().map(|(key, value)| (Some(*key), *value));
        Some(own.chain(later).collect())
    }

    /// A name's expression where it was assigned once, or the expression itself.
    #[must_use]
    pub fn behind(&self, expr: &'a Expr) -> &'a Expr {
        let mut expr = expr;
        for _ in 0..8 {
            let Expr::Name(name) = expr else { break };
            match self.lookup(self.current, name.id.as_str()) {
                Some((
                    Binding::Value {
                        expr: value,
                        constant: true,
                    },
                    _,
                )) => expr = value,
                _ => break,
            }
        }
        expr
    }

    /// The default of a parameter: what a name stands for where a caller gives nothing.
    #[must_use]
    pub fn default_of(&self, expr: &'a Expr) -> Option<&'a Expr> {
        let Expr::Name(name) = expr else { return None };
        match self.lookup(self.current, name.id.as_str())? {
            (Binding::Parameter(_, default), _) => *default,
            _ => None,
        }
    }

    /// The call whose result a name holds, also where it is not known to be the only one.
    #[must_use]
    pub fn made_by(&self, expr: &'a Expr) -> Option<&'a ExprCall> {
        let Expr::Name(name) = expr else { return None };
        match self.lookup(self.current, name.id.as_str())? {
            (
                Binding::Value {
                    expr: Expr::Call(call), ..
                },
                _,
            ) => Some(call),
            _ => None,
        }
    }

    /// Whether an argument is the literal `True` (also through a name).
    #[must_use]
    pub fn is_true(&self, expr: &'a Expr) -> bool {
        self.constant(expr).as_bool() == Some(true)
    }

    /// Whether an argument is the literal `False` (also through a name).
    #[must_use]
    pub fn is_false(&self, expr: &'a Expr) -> bool {
        self.constant(expr).as_bool() == Some(false)
    }

    /// Whether an argument is `None` (also through a name).
    #[must_use]
    pub fn is_none(&self, expr: &'a Expr) -> bool {
        matches!(self.constant(expr), super::Const::None)
    }

    /// The text of an expression, where it is wholly known.
    #[must_use]
    pub fn str(&self, expr: &'a Expr) -> Option<Cow<'a, str>> {
        match self.constant(expr) {
            super::Const::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The name's binding, and the scope that has it. Scopes of classes are seen only from themselves.
    pub(super) fn lookup(&self, scope: usize, name: &str) -> Option<(&Binding<'a>, usize)> {
        let mut at = Some(scope);
        let mut own = true;
        while let Some(index) = at {
            let scope = self.scopes.get(index)?;
            if (own || scope.kind != ScopeKind::Class)
                && let Some(binding) = scope.names.get(name)
            {
                return Some((binding, index));
            }
            own = own && scope.kind == ScopeKind::Comprehension;
            at = scope.parent;
        }
        None
    }

    pub(super) fn bind(&mut self, name: &'a str, binding: Binding<'a>) {
        let conditional = self.conditional > 0;
        let Some(scope) = self.scopes.get_mut(self.current) else {
            return;
        };
        let mut binding = binding;
        if conditional && let Some(known) = scope.names.get(name) {
            // `except ImportError: name = None` and the like: what was imported is still what is meant.
            let keeps = matches!(known, Binding::Import(_) | Binding::Defined(_));
            if keeps && !matches!(binding, Binding::Import(_) | Binding::Defined(_)) {
                return;
            }
            if let Binding::Value { constant, .. } = &mut binding {
                *constant = false;
            }
        }
        scope.names.insert(name, binding);
    }

    /// Something is put into a dictionary or list under a key. What is known only here is not kept: the table is seen from
    /// elsewhere too.
    pub(super) fn fill(&mut self, name: &str, key: &'a Expr, value: &'a Expr) {
        let Some((_, scope)) = self.lookup(self.current, name) else {
            return;
        };
        let seen_from = |scope| super::walk::root(value).map(|root| self.lookup(scope, root).map(|(_, at)| at));
        if seen_from(self.current) != seen_from(scope) {
            return;
        }
        if let Some((name, scope)) = self
            .scopes
            .get_mut(scope)
            .and_then(|scope| Some((*scope.names.get_key_value(name)?.0, scope)))
        {
            let entries = scope.filled.entry(name).or_default();
            if entries.len() < MOST_ENTRIES {
                entries.push((key, value));
            }
        }
    }

    /// What becomes of a name that is changed in place: its type stays, its value is not known any more.
    pub(super) fn blur(&mut self, name: &str) {
        if let Some((_, scope)) = self.lookup(self.current, name)
            && let Some(Binding::Value { constant, .. }) =
                self.scopes.get_mut(scope).and_then(|scope| scope.names.get_mut(name))
        {
            *constant = false;
        }
    }
}

/// Whether a function makes another one of a function and its first arguments.
pub(super) fn is_partial(name: &str) -> bool {
    matches!(name, "functools.partial" | "functools.partialmethod")
}

/// Whether a dotted name is `outer` or lies in it.
#[must_use]
pub fn is_within(name: &str, outer: &str) -> bool {
    name.strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

impl<'a> Ctx<'a> {
    /// The program at `path`, before anything of it was met.
    pub(super) fn of(source: &'a str, path: &'a str) -> Self {
        let module = module_of(path);
        let scope = Scope {
            kind: ScopeKind::Module,
            parent: None,
            names: HashMap::new(),
            attributes: HashMap::new(),
            filled: HashMap::new(),
            bases: Vec::new(),
            path: format!("~{module}"),
        };
        Self {
            source,
            path,
            module,
            test: is_test(path),
            scopes: vec![scope],
            current: 0,
            stmts: Vec::new(),
            exprs: Vec::new(),
            conditional: 0,
            stars: Vec::new(),
            imports: Vec::new(),
            classes: HashMap::new(),
            hollow: HashSet::new(),
            gives: HashMap::new(),
            enclosing: HashSet::new(),
            handed: Cell::new(None),
        }
    }
}

/// The name under which a file can be imported from the root, as `pkg.module`.
fn module_of(path: &str) -> String {
    let path = path.rsplit('!').next().unwrap_or(path);
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
    stem.replace(['/', '\\'], ".")
}

/// Whether a path is that of a test.
fn is_test(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let mut parts = path.rsplit(['/', '\\', '!']);
    let file = parts.next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || matches!(stem, "conftest" | "tests" | "test")
        || parts.any(|part| matches!(part, "test" | "tests" | "testing" | "unittests" | "unit_tests"))
}
