//! What calls give, where that is a function: `getattr(os, "system")`, `partial(os.system)`, `attrgetter("system")(os)`, a
//! function of the program that gives one back.

use ruff_python_ast::{Expr, ExprCall};

use super::{
    Ctx,
    constant::Const,
    context::{Binding, is_partial},
    names::{FUEL, LONGEST, Named, extend},
};

impl<'a> Ctx<'a> {
    /// What a call gives: an instance of what is called, except where a builtin gives the thing itself.
    pub(super) fn resolve_call(
        &self,
        call: &'a ExprCall,
        callee: Named,
        scope: usize,
        fuel: &mut u32,
    ) -> Option<Named> {
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
            // Of several classes that something is made of the first.
            "super" if !callee.instance => {
                let class = self.class_of_method()?;
                let base = self.scopes.get(class)?.bases.first()?;
                return Some(Named {
                    name: base.clone(),
                    instance: true,
                });
            }
            "operator.attrgetter" if callee.instance => {
                // `attrgetter("system")(os)`
                let (made, at) = self.call_behind(&call.func, scope)?;
                let of = self.resolve(call.arguments.args.first()?, scope, fuel)?;
                return self.attribute_of(of, made, at);
            }
            "operator.itemgetter" if callee.instance => {
                let (made, _) = self.call_behind(&call.func, scope)?;
                let (table, key) = (call.arguments.args.first()?, made.arguments.args.first()?);
                return self.resolve_entry(table, key, scope, fuel);
            }
            name if name.starts_with('~') && !callee.instance && self.gives.contains_key(name) => {
                if let Some(given) = self.given_back(name, fuel) {
                    return Some(given);
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

    /// The attribute of `of` that a getter or caller was made for.
    fn attribute_of(&self, of: Named, made: &'a ExprCall, scope: usize) -> Option<Named> {
        let Const::Str(name) = self.fold(made.arguments.args.first()?, scope, &mut { FUEL }) else {
            return None;
        };
        name.split('.').try_fold(of, |of, part| extend(of.name, part))
    }

    /// The call that an expression is, also through names for its result.
    fn call_behind(&self, expr: &'a Expr, scope: usize) -> Option<(&'a ExprCall, usize)> {
        let (mut expr, mut at) = (expr, scope);
        for _ in 0..8 {
            match expr {
                Expr::Call(call) => return Some((call, at)),
                Expr::Name(name) => match self.lookup(at, name.id.as_str())? {
                    (Binding::Value { expr: value, .. }, outer) => (expr, at) = (value, outer),
                    _ => return None,
                },
                _ => return None,
            }
        }
        None
    }

    /// Of `methodcaller("system", line)(os)` the call that made it, and the name of what it calls: the arguments behind the
    /// first of that call are those of the method.
    pub(super) fn method_called(&self, call: &'a ExprCall) -> Option<(&'a ExprCall, String)> {
        let (made, at) = self.call_behind(&call.func, self.current)?;
        let fuel = &mut { FUEL };
        let maker = self.resolve(&made.func, at, fuel)?;
        if maker.instance || maker.name != "operator.methodcaller" {
            return None;
        }
        let of = self.resolve(call.arguments.args.first()?, self.current, fuel)?;
        Some((made, self.attribute_of(of, made, at)?.name))
    }

    /// The function that a property of a class of this file gives back.
    pub(super) fn property(&self, name: &str, fuel: &mut u32) -> Option<Named> {
        self.gives.get(name).filter(|given| given.property)?;
        self.given_back(name, fuel)
    }

    /// The function that a function of this file gives back: `return os.system`, `return inner`.
    fn given_back(&self, name: &str, fuel: &mut u32) -> Option<Named> {
        let given = self.gives.get(name)?;
        let root = super::walk::root(given.expr)?;
        let own = given.own.filter(|own| {
            self.scopes
                .get(*own)
                .is_some_and(|scope| scope.names.contains_key(root))
        });
        self.resolve(given.expr, own.unwrap_or(given.outer), fuel)
            .filter(|given| !given.instance)
    }
}
