//! Calls: which rules are asked about one, under which names.

use ruff_python_ast::{Expr, ExprCall, ExprContext};
use ruff_text_size::Ranged as _;
use ward_evidence::RuleMeta;

use super::{
    super::{
        context::{Binding, is_partial},
        rule::{Given, Node},
    },
    Walk, root,
};

impl<'a> Walk<'a> {
    pub(super) fn call(&mut self, call: &'a ExprCall) {
        let table = self.table;
        let end = match &*call.func {
            Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
            Expr::Name(name) => Some(name.id.as_str()),
            _ => None,
        };
        let methods = end.and_then(|end| table.methods.get(end));
        let keywords = call.arguments.keywords.iter().any(|keyword| match &keyword.arg {
            Some(arg) => table.keywords.contains_key(arg.as_str()),
            None => true,
        });
        if let Some(end) = end {
            self.file.meet_call(&self.ctx, call, end);
        }
        let asked = methods.is_some() || keywords || !table.any_call.is_empty();
        if !asked && !self.may_be_named(&call.func, end) {
            return;
        }
        let name = self.ctx.callee(call);
        let name = name.as_deref().unwrap_or_default();
        let node = Node::Call(call);
        if name.is_empty() {
            if matches!(
                &*call.func,
                Expr::Name(_) | Expr::Subscript(_) | Expr::Call(_) | Expr::If(_) | Expr::BoolOp(_)
            ) {
                for choice in self.ctx.choices(&call.func) {
                    self.ask_call(node, &choice);
                }
                if let Some((made, name)) = self.ctx.method_called(call) {
                    self.ctx.handed.set(Some((1, false)));
                    self.ask_call(Node::Call(made), &name);
                    self.ctx.handed.set(None);
                }
            }
        } else {
            let before = self.hits.len();
            self.ask_call(node, name);
            self.say_once(call, before);
            self.handed_over(call, name);
        }
        if let Some(rules) = methods {
            self.ask(rules, node, name);
        }
        if keywords {
            // What is made with `functools.partial` is called as the function is.
            let partial = is_partial(name).then(|| call.arguments.args.first()).flatten();
            let partial = partial.and_then(|function| self.ctx.name(function));
            let name = partial.as_deref().unwrap_or(name);
            for keyword in &call.arguments.keywords {
                let Some(arg) = &keyword.arg else {
                    self.ask_entries(call, &keyword.value, name);
                    continue;
                };
                if let Some(rules) = table.keywords.get(arg.as_str()) {
                    let given = Given {
                        name: arg.as_str(),
                        value: &keyword.value,
                        range: keyword.range(),
                    };
                    self.ask(rules, Node::Keyword(call, given), name);
                }
            }
        }
        self.ask(&table.any_call, node, name);
    }

    /// What was said of `functools.partial(f, ..)` is not said again of the call of what it made.
    pub(super) fn say_once(&mut self, call: &'a ExprCall, before: usize) {
        if self.hits.len() == before {
            return;
        }
        let Some(made) = self.ctx.partial_behind(call) else {
            return;
        };
        let (known, new) = self.hits.split_at(before);
        let said = |rule: &RuleMeta| {
            known
                .iter()
                .any(|(other, hit)| std::ptr::eq(*other, rule) && hit.range == made.range())
        };
        let keep: Vec<bool> = new.iter().map(|(rule, _)| !said(rule)).collect();
        let mut keep = std::iter::repeat_n(true, before).chain(keep);
        self.hits.retain(|_| keep.next().unwrap_or(true));
    }

    /// Asks the rules about a call of `name`.
    pub(super) fn ask_call(&mut self, node: Node<'a>, name: &str) {
        let table = self.table;
        if let Some(rules) = table.calls.get(name) {
            self.ask(rules, node, name);
        }
        for (prefix, rule) in &table.prefixes {
            if name.starts_with(prefix) {
                self.ask(std::slice::from_ref(rule), node, name);
            }
        }
    }

    /// Asks about the arguments in `**{"name": value}`, and in a name for such a dictionary.
    pub(super) fn ask_entries(&mut self, call: &'a ExprCall, dictionary: &'a Expr, name: &str) {
        let table = self.table;
        for (key, value) in self.ctx.named_entries(dictionary).into_iter().flatten().take(100) {
            if let Some(Expr::StringLiteral(key)) = key
                && let Some(rules) = table.keywords.get(key.value.to_str())
            {
                // What was put in later stands somewhere else than the dictionary.
                let given = Given {
                    name: key.value.to_str(),
                    value,
                    range: value.range(),
                };
                self.ask(rules, Node::Keyword(call, given), name);
            }
        }
    }

    /// A function that is handed to one that calls it: `map(pickle.loads, blobs)`, `pool.submit(os.system, line)`.
    pub(super) fn handed_over(&mut self, call: &'a ExprCall, name: &str) {
        let position = match name {
            "map"
            | "filter"
            | "functools.partial"
            | "functools.reduce"
            | "itertools.starmap"
            | "asyncio.to_thread"
            | "itertools.filterfalse" => 0,
            _ => return,
        };
        let function = call.arguments.args.get(position);
        let Some(function) = function.and_then(|function| self.ctx.name(function)) else {
            return;
        };
        if self.table.calls.contains_key(function.as_str()) {
            self.ctx.handed.set(Some((position + 1, is_partial(name))));
            self.ask_call(Node::Call(call), &function);
            self.ctx.handed.set(None);
        }
    }

    /// Whether what is called may have a name that a rule asks for: quick, and never wrongly no.
    pub(super) fn may_be_named(&self, func: &'a Expr, end: Option<&str>) -> bool {
        let Some(end) = end else {
            return matches!(func, Expr::Call(_) | Expr::Subscript(_) | Expr::If(_) | Expr::BoolOp(_));
        };
        if matches!(end, "map" | "filter" | "partial" | "reduce" | "starmap" | "to_thread") {
            return true;
        }
        if self.table.call_ends.contains(end) {
            return true;
        }
        let Some(root) = root(func) else { return false };
        match self.ctx.lookup(self.ctx.current, root) {
            Some((Binding::Import(name), _)) => {
                matches!(func, Expr::Name(_))
                    || self.table.prefix_heads.contains(name.split('.').next().unwrap_or(name))
            }
            Some((Binding::Value { .. } | Binding::Parameter(_, Some(_)), _)) => true,
            Some((Binding::Instance(class), _)) => self
                .ctx
                .scopes
                .get(*class)
                .is_some_and(|class| class.attributes.contains_key(end) || class.names.contains_key(end)),
            // A class may hold a function under a name of its own.
            Some((Binding::Defined(name), _)) => {
                matches!(func, Expr::Attribute(_)) && self.ctx.classes.contains_key(&**name)
            }
            Some(_) => false,
            None => !self.ctx.stars.is_empty() || self.table.prefix_heads.contains(root),
        }
    }

    pub(super) fn name(&mut self, expr: &'a Expr) {
        let table = self.table;
        let (end, load) = match expr {
            Expr::Name(name) => (name.id.as_str(), name.ctx == ExprContext::Load),
            Expr::Attribute(attribute) => (attribute.attr.as_str(), attribute.ctx == ExprContext::Load),
            _ => return,
        };
        if !load {
            return;
        }
        self.file.meet(end);
        let imported = !self.aliases.is_empty() && matches!(expr, Expr::Name(_)) && self.aliases.contains(end);
        if (imported || table.name_ends.contains(end))
            && let Some(name) = self.ctx.name(expr)
            && let Some(rules) = table.names.get(name.as_str())
        {
            self.ask(rules, Node::Expr(expr), &name);
        }
    }
}
