//! Qualified names: what an expression stands for, through imports, aliases, constructors and `self`.

use ruff_python_ast::{Expr, ExprCall, ExprContext, Operator};

use super::{
    Ctx,
    constant::Const,
    context::{Binding, ScopeKind, is_partial},
};

/// What an expression stands for.
struct Named {
    name: String,
    /// It is what calling the name gives, and not the name itself.
    instance: bool,
}

/// Steps that resolving one expression may take.
const FUEL: u32 = 24;
/// Longest qualified name.
const LONGEST: usize = 200;
/// Entries of one table that are looked at.
const MOST_ENTRIES: usize = 64;

impl<'a> Ctx<'a> {
    /// The qualified name of an expression, as `torch.load`. None for what is no name, or a name for a value.
    #[must_use]
    pub fn name(&self, expr: &'a Expr) -> Option<String> {
        let named = self.resolve(expr, self.current, &mut { FUEL })?;
        (!named.instance).then_some(named.name)
    }

    /// The qualified name of what a call calls.
    #[must_use]
    pub fn callee(&self, call: &'a ExprCall) -> Option<String> {
        self.name(&call.func)
    }

    /// What made the value of an expression: the qualified name of a constructor, a function or an annotated type.
    #[must_use]
    pub fn type_of(&self, expr: &'a Expr) -> Option<String> {
        let named = self.resolve(expr, self.current, &mut { FUEL })?;
        named.instance.then_some(named.name)
    }

    fn resolve(&self, expr: &'a Expr, scope: usize, fuel: &mut u32) -> Option<Named> {
        *fuel = fuel.checked_sub(1)?;
        match expr {
            Expr::Name(name) if name.ctx != ExprContext::Invalid => self.resolve_name(name.id.as_str(), scope, fuel),
            Expr::Attribute(attribute) => {
                if let Expr::Name(base) = &*attribute.value
                    && let Some((Binding::Instance(class), _)) = self.lookup(scope, base.id.as_str())
                {
                    return self.resolve_member(*class, attribute.attr.as_str(), fuel);
                }
                let base = self.resolve(&attribute.value, scope, fuel)?;
                if base.name.starts_with('~')
                    && let Some(member) = self.resolve_class_member(&base.name, attribute.attr.as_str(), fuel)
                {
                    return Some(member);
                }
                extend(base.name, attribute.attr.as_str())
            }
            Expr::Subscript(subscript) => self.resolve_entry(&subscript.value, &subscript.slice, scope, fuel),
            Expr::Call(call) => {
                let callee = self.resolve(&call.func, scope, fuel)?;
                self.resolve_call(call, callee, scope, fuel)
            }
            Expr::Await(inner) => self.resolve(&inner.value, scope, fuel),
            Expr::Named(inner) => self.resolve(&inner.value, scope, fuel),
            // `Path(a) / b`
            Expr::BinOp(binary) if binary.op == Operator::Div => {
                self.resolve(&binary.left, scope, fuel).filter(|left| left.instance)
            }
            Expr::StringLiteral(_) | Expr::FString(_) => Some(Named {
                name: "str".to_owned(),
                instance: true,
            }),
            _ => None,
        }
    }

    fn resolve_name(&self, name: &'a str, scope: usize, fuel: &mut u32) -> Option<Named> {
        let plain = |name: &str| {
            let name = name.strip_prefix("builtins.").unwrap_or(name);
            let name = name.strip_prefix("__builtin__.").unwrap_or(name);
            Some(Named {
                name: name.to_owned(),
                instance: false,
            })
        };
        let Some((binding, at)) = self.lookup(scope, name) else {
            if name.is_empty() {
                return None;
            }
            return match self.stars.last() {
                Some(star) if !is_builtin(name) => extend(star.clone(), name),
                _ => plain(name),
            };
        };
        match binding {
            Binding::Import(name) | Binding::Defined(name) => plain(name),
            Binding::Value { expr, .. } => match expr {
                Expr::Name(_)
                | Expr::Attribute(_)
                | Expr::Call(_)
                | Expr::Await(_)
                | Expr::BinOp(_)
                | Expr::Subscript(_) => self.resolve(expr, at, fuel),
                _ => None,
            },
            Binding::Parameter(annotation, default) => {
                // A function that stands there unless the caller says otherwise.
                if let Some(default @ (Expr::Name(_) | Expr::Attribute(_))) = default
                    && let Some(outer) = self.scopes.get(at).and_then(|scope| scope.parent)
                    && let Some(named) = self.resolve(default, outer, fuel)
                    && !named.instance
                {
                    return Some(named);
                }
                let annotation = (*annotation)?;
                let mut named = self.resolve_annotation(annotation, at, fuel)?;
                named.instance = true;
                Some(named)
            }
            Binding::Instance(_) | Binding::Unknown => None,
        }
    }

    /// `self.NAME`, where `self` is an instance of the class that scope `class` belongs to.
    fn resolve_member(&self, class: usize, name: &'a str, fuel: &mut u32) -> Option<Named> {
        let scope = self.scopes.get(class)?;
        if let Some(assigned) = scope.attributes.get(name) {
            let expr = (*assigned)?;
            let outer = scope.parent?;
            // A plain name may be a parameter of the method that assigns it; an import is none.
            let plain = matches!(expr, Expr::Name(_) | Expr::Attribute(_));
            let imported = || {
                let root = super::walk::root(expr)?;
                matches!(self.lookup(outer, root), Some((Binding::Import(_), _))).then_some(())
            };
            if plain && imported().is_none() {
                return None;
            }
            return self.resolve(expr, outer, fuel);
        }
        match scope.names.get(name) {
            Some(Binding::Defined(name)) => Some(Named {
                name: name.to_string(),
                instance: false,
            }),
            Some(Binding::Value { expr, .. }) => self.resolve(expr, class, fuel),
            Some(_) => None,
            None => extend(scope.bases.first()?.clone(), name),
        }
    }

    /// `Class.NAME` and `Class().NAME`, where the class of this file, or a base of it here, assigns the name.
    fn resolve_class_member(&self, class: &str, name: &'a str, fuel: &mut u32) -> Option<Named> {
        let mut class = class.to_owned();
        for _ in 0..4 {
            let index = *self.classes.get(&class)?;
            let scope = self.scopes.get(index)?;
            match scope.names.get(name) {
                Some(Binding::Value { expr, .. }) => return self.resolve(expr, index, fuel),
                Some(_) => return None,
                None => class.clone_from(scope.bases.first()?),
            }
        }
        None
    }

    /// `vars(os)["system"]`, `os.__dict__["system"]`, `sys.modules["os"]`, `globals()["eval"]`; of a dictionary or list of
    /// the program the entry that is named.
    fn resolve_entry(&self, table: &'a Expr, key: &'a Expr, scope: usize, fuel: &mut u32) -> Option<Named> {
        let plain = |name: String| Some(Named { name, instance: false });
        let key = self.fold(key, scope, &mut { FUEL });
        if let Some((entries, at)) = self.entries(table, scope, fuel) {
            let wanted = match &key {
                Const::Int(index) => usize::try_from(*index)
                    .ok()
                    .and_then(|index| entries.get(index))
                    .map(|one| one.1),
                Const::Str(key) => entries
                    .iter()
                    .rev()
                    .find(|(name, _)| {
                        name.is_some_and(
                            |name| matches!(self.fold(name, at, &mut { FUEL }), Const::Str(text) if text == *key),
                        )
                    })
                    .map(|one| one.1),
                _ => None,
            };
            return self.resolve(wanted?, at, fuel);
        }
        let Const::Str(key) = key else { return None };
        if key.len() > LONGEST {
            return None;
        }
        match table {
            Expr::Call(call) => {
                let callee = self.resolve(&call.func, scope, fuel)?;
                match (callee.name.as_str(), call.arguments.args.first()) {
                    ("vars", Some(of)) => extend(self.resolve(of, scope, fuel)?.name, &key),
                    ("globals" | "locals" | "vars", None) => match self.lookup(0, &key) {
                        Some(_) => None,
                        None => plain(key.into_owned()),
                    },
                    _ => None,
                }
            }
            Expr::Attribute(attribute) if attribute.attr.as_str() == "__dict__" => {
                extend(self.resolve(&attribute.value, scope, fuel)?.name, &key)
            }
            Expr::Name(name) if name.id.as_str() == "__builtins__" => plain(key.into_owned()),
            Expr::Attribute(_) => match self.resolve(table, scope, fuel)?.name.as_str() {
                "sys.modules" => plain(key.into_owned()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The entries of a dictionary, list or tuple that is written in the program, with the scope in which they stand.
    #[expect(clippy::type_complexity, reason = "keys and values, and a scope")]
    fn entries(
        &self,
        expr: &'a Expr,
        scope: usize,
        fuel: &mut u32,
    ) -> Option<(Vec<(Option<&'a Expr>, &'a Expr)>, usize)> {
        let (mut expr, mut at) = (expr, scope);
        loop {
            *fuel = fuel.checked_sub(1)?;
            match expr {
                Expr::Name(name) => match self.lookup(at, name.id.as_str())? {
                    (Binding::Value { expr: value, .. }, outer) => (expr, at) = (value, outer),
                    _ => return None,
                },
                Expr::Attribute(attribute) => {
                    let Expr::Name(base) = &*attribute.value else {
                        return None;
                    };
                    let class = match self.lookup(at, base.id.as_str())?.0 {
                        Binding::Instance(class) => *class,
                        Binding::Defined(name) => *self.classes.get(&**name)?,
                        _ => return None,
                    };
                    let scope = self.scopes.get(class)?;
                    let attr = attribute.attr.as_str();
                    match (scope.names.get(attr), scope.attributes.get(attr)) {
                        (Some(Binding::Value { expr: value, .. }), _) => (expr, at) = (value, class),
                        (None, Some(Some(value))) => (expr, at) = (value, scope.parent?),
                        _ => return None,
                    }
                }
                Expr::Dict(dict) => {
                    let entries = dict.items.iter().map(|item| (item.key.as_ref(), &item.value));
                    return Some((entries.take(MOST_ENTRIES).collect(), at));
                }
                Expr::List(list) => {
                    return Some((list.elts.iter().take(MOST_ENTRIES).map(|one| (None, one)).collect(), at));
                }
                Expr::Tuple(list) => {
                    return Some((list.elts.iter().take(MOST_ENTRIES).map(|one| (None, one)).collect(), at));
                }
                _ => return None,
            }
        }
    }

    /// The names that an expression may stand for where it is not known which: an entry of a table, either side of a
    /// condition.
    pub(super) fn choices(&self, expr: &'a Expr) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut open = vec![(expr, self.current)];
        let fuel = &mut (8 * FUEL);
        while let Some((expr, scope)) = open.pop() {
            if *fuel == 0 || found.len() >= MOST_ENTRIES {
                break;
            }
            *fuel = fuel.saturating_sub(1);
            match expr {
                Expr::If(inner) => open.extend([(&*inner.body, scope), (&*inner.orelse, scope)]),
                Expr::BoolOp(inner) => open.extend(inner.values.iter().take(8).map(|value| (value, scope))),
                Expr::Subscript(inner) => {
                    if let Some(named) = self.resolve_entry(&inner.value, &inner.slice, scope, fuel) {
                        found.extend((!named.instance).then_some(named.name));
                    } else if let Some((entries, at)) = self.entries(&inner.value, scope, fuel) {
                        open.extend(entries.iter().map(|(_, value)| (*value, at)));
                    }
                }
                Expr::Call(call) => {
                    if let Expr::Attribute(attribute) = &*call.func
                        && matches!(attribute.attr.as_str(), "get" | "pop" | "setdefault")
                        && let Some((entries, at)) = self.entries(&attribute.value, scope, fuel)
                    {
                        open.extend(entries.iter().map(|(_, value)| (*value, at)));
                        open.extend(call.arguments.args.get(1).map(|default| (default, scope)));
                    } else if let Some(named) = self.resolve(expr, scope, fuel) {
                        found.extend((!named.instance).then_some(named.name));
                    }
                }
                Expr::Name(name) => match self.lookup(scope, name.id.as_str()) {
                    Some((
                        Binding::Value {
                            expr: value @ (Expr::If(_) | Expr::BoolOp(_) | Expr::Subscript(_) | Expr::Call(_)),
                            ..
                        },
                        at,
                    )) => open.push((value, at)),
                    _ => {
                        let named = self.resolve(expr, scope, fuel).filter(|named| !named.instance);
                        found.extend(named.map(|named| named.name));
                    }
                },
                Expr::Attribute(_) => {
                    let named = self.resolve(expr, scope, fuel).filter(|named| !named.instance);
                    found.extend(named.map(|named| named.name));
                }
                _ => {}
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What a call gives: an instance of what is called, except where a builtin gives the thing itself.
    fn resolve_call(&self, call: &'a ExprCall, callee: Named, scope: usize, fuel: &mut u32) -> Option<Named> {
        let literal = |index: usize| match self.fold(call.arguments.args.get(index)?, scope, &mut { FUEL }) {
            Const::Str(text) => Some(text),
            _ => None,
        };
        match callee.name.as_str() {
            "getattr" => {
                if let (Some(base), Some(name)) = (call.arguments.args.first(), literal(1)) {
                    let base = self.resolve(base, scope, fuel)?;
                    return extend(base.name, &name);
                }
            }
            "__import__" | "importlib.import_module" => {
                if let Some(name) = literal(0).filter(|name| name.len() < LONGEST) {
                    let whole = callee.name.starts_with("importlib");
                    let name = if whole {
                        &*name
                    } else {
                        name.split('.').next().unwrap_or(&name)
                    };
                    return Some(Named {
                        name: name.to_owned(),
                        instance: false,
                    });
                }
            }
            name if is_partial(name) => {
                // What it makes is called as the function is.
                return self
                    .resolve(call.arguments.args.first()?, scope, fuel)
                    .filter(|one| !one.instance);
            }
            _ => {}
        }
        Some(Named {
            name: callee.name,
            instance: true,
        })
    }

    /// The type that an annotation names; of `Optional[X]`, `Annotated[X, ..]` and `X | None` it is `X`.
    fn resolve_annotation(&self, expr: &'a Expr, scope: usize, fuel: &mut u32) -> Option<Named> {
        match expr {
            Expr::Subscript(subscript) => {
                let outer = self.resolve(&subscript.value, scope, fuel)?;
                let inner = match &*subscript.slice {
                    Expr::Tuple(tuple) => tuple.elts.first()?,
                    other => other,
                };
                match outer.name.rsplit('.').next() {
                    Some("Optional" | "Annotated" | "Union" | "Final" | "ClassVar") => {
                        *fuel = fuel.checked_sub(1)?;
                        self.resolve_annotation(inner, scope, fuel)
                    }
                    _ => Some(outer),
                }
            }
            Expr::BinOp(binary) if binary.op == Operator::BitOr => {
                *fuel = fuel.checked_sub(1)?;
                self.resolve_annotation(&binary.left, scope, fuel)
            }
            Expr::Name(_) | Expr::Attribute(_) => self.resolve(expr, scope, fuel),
            _ => None,
        }
    }

    /// The qualified name under which the project knows what is called `name` in scope `current`.
    pub(super) fn path_of(&self, name: &str) -> String {
        let scope = self.scopes.get(self.current);
        let outer = scope.map_or("", |scope| scope.path.as_str());
        let mut path = String::with_capacity(outer.len() + name.len() + 1);
        path.push_str(outer);
        path.push('.');
        path.push_str(name);
        path.truncate(path.floor_char_boundary(LONGEST * 2));
        path
    }

    /// The class scope of the method whose scope is `current`, when it is one.
    pub(super) fn class_of_method(&self) -> Option<usize> {
        let parent = self.scopes.get(self.current)?.parent?;
        (self.scopes.get(parent)?.kind == ScopeKind::Class).then_some(parent)
    }
}

fn extend(mut name: String, part: &str) -> Option<Named> {
    if part.is_empty() || name.len() + part.len() > LONGEST {
        return None;
    }
    if matches!(name.as_str(), "builtins" | "__builtin__" | "__builtins__") {
        name.clear();
    } else {
        name.push('.');
    }
    name.push_str(part);
    Some(Named { name, instance: false })
}

/// The builtins that matter here: those that rules and flows name.
fn is_builtin(name: &str) -> bool {
    matches!(
        name,
        "eval"
            | "exec"
            | "compile"
            | "open"
            | "input"
            | "print"
            | "getattr"
            | "setattr"
            | "delattr"
            | "hasattr"
            | "int"
            | "float"
            | "str"
            | "bytes"
            | "bool"
            | "list"
            | "dict"
            | "set"
            | "tuple"
            | "len"
            | "range"
            | "map"
            | "filter"
            | "zip"
            | "sorted"
            | "reversed"
            | "enumerate"
            | "isinstance"
            | "type"
            | "super"
            | "globals"
            | "locals"
            | "vars"
            | "__import__"
            | "raw_input"
            | "unicode"
            | "execfile"
            | "file"
            | "bytearray"
            | "memoryview"
            | "repr"
            | "ascii"
            | "format"
            | "iter"
            | "next"
            | "sum"
            | "min"
            | "max"
            | "any"
            | "all"
            | "abs"
            | "id"
            | "hash"
    )
}
