//! Functions kept in tables: `OPS["a"](x)`, `OPS.get(k)(x)`, `vars(os)["system"](x)`, either side of a condition.

use ruff_python_ast::Expr;

use super::{
    Ctx,
    constant::Const,
    context::Binding,
    names::{FUEL, LONGEST, Named, extend},
};

/// Entries of one table that are looked at.
pub(super) const MOST_ENTRIES: usize = 64;

impl<'a> Ctx<'a> {
    /// `vars(os)["system"]`, `os.__dict__["system"]`, `sys.modules["os"]`, `globals()["eval"]`; of a dictionary or list of
    /// the program the entry that is named.
    pub(super) fn resolve_entry(&self, table: &'a Expr, key: &'a Expr, scope: usize, fuel: &mut u32) -> Option<Named> {
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
            Expr::Attribute(_) | Expr::Subscript(_) => match self.resolve(table, scope, fuel)?.name.as_str() {
                "sys.modules" | "__builtins__" => plain(key.into_owned()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The entries of a dictionary, list or tuple that is written in the program, and those that are put into it later, with
    /// the scope in which they stand.
    #[expect(clippy::type_complexity, reason = "keys and values, and a scope")]
    fn entries(
        &self,
        expr: &'a Expr,
        scope: usize,
        fuel: &mut u32,
    ) -> Option<(Vec<(Option<&'a Expr>, &'a Expr)>, usize)> {
        let (mut expr, mut at) = (expr, scope);
        let mut filled: &[(&Expr, &Expr)] = &[];
        let with = |own: &mut dyn Iterator<Item = (Option<&'a Expr>, &'a Expr)>, filled: &[(&'a Expr, &'a Expr)]| {
            let later = filled.iter().map(|(key, value)| (Some(*key), *value));
            own.take(MOST_ENTRIES).chain(later).collect()
        };
        loop {
            *fuel = fuel.checked_sub(1)?;
            match expr {
                Expr::Name(name) => match self.lookup(at, name.id.as_str())? {
                    (Binding::Value { expr: value, .. }, outer) => {
                        let scope = self.scopes.get(outer)?;
                        filled = scope.filled.get(name.id.as_str()).map_or(&[], Vec::as_slice);
                        (expr, at) = (value, outer);
                    }
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
                    let mut entries = dict.items.iter().map(|item| (item.key.as_ref(), &item.value));
                    return Some((with(&mut entries, filled), at));
                }
                Expr::List(list) => return Some((with(&mut list.elts.iter().map(|one| (None, one)), filled), at)),
                Expr::Tuple(list) => return Some((with(&mut list.elts.iter().map(|one| (None, one)), &[]), at)),
                // `dict()`, `defaultdict(list)`: what was put into it later.
                Expr::Call(_) if !filled.is_empty() => return Some((with(&mut std::iter::empty(), filled), at)),
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
}
