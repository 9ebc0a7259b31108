//! Qualified names: what an expression stands for, through imports, aliases, constructors and `self`.

use ruff_python_ast::{Expr, ExprCall, ExprContext, Operator};

use super::{
    Ctx,
    context::{Binding, ScopeKind},
};

/// What an expression stands for.
pub(super) struct Named {
    pub(super) name: String,
    /// It is what calling the name gives, and not the name itself.
    pub(super) instance: bool,
}

/// Steps that resolving one expression may take.
pub(super) const FUEL: u32 = 24;
/// Longest qualified name.
pub(super) const LONGEST: usize = 200;

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

    pub(super) fn resolve(&self, expr: &'a Expr, scope: usize, fuel: &mut u32) -> Option<Named> {
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
            Some(Binding::Defined(name)) => self.property(name, fuel).or_else(|| {
                Some(Named {
                    name: name.to_string(),
                    instance: false,
                })
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
                Some(Binding::Defined(name)) => return self.property(name, fuel),
                Some(_) => return None,
                None => class.clone_from(scope.bases.first()?),
            }
        }
        None
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

    /// Whether `name` is a class of this file that has fields and no constructor.
    pub(super) fn is_record(&self, name: &str) -> bool {
        let class = self.classes.get(name).and_then(|class| self.scopes.get(*class));
        class.is_some_and(|class| !class.names.contains_key("__init__") && !class.names.contains_key("__new__"))
    }

    /// Whether `name` is a class of this file that has a fixed list of members.
    pub(super) fn is_enumeration(&self, name: &str) -> bool {
        let class = self.classes.get(name).and_then(|class| self.scopes.get(*class));
        class.is_some_and(|class| {
            let is_enum = |base: &String| matches!(base.as_str(), "enum.Enum" | "enum.StrEnum" | "enum.IntEnum");
            class.bases.iter().any(is_enum) && !class.names.contains_key("_missing_")
        })
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

/// `name.part`, as a name.
pub(super) fn extend(mut name: String, part: &str) -> Option<Named> {
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
