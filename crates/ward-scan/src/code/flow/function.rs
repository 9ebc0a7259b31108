//! One function, followed from its first statement to its last: what every variable holds, and where it goes.
//!
//! Statements are taken in order; the two ways of a branch are joined; the body of a loop is taken twice. What a call of an
//! unknown function gives is held to be harmless, except where it is known to hold what it was given.

use ruff_python_ast::{ElifElseClause, ExceptHandler, Expr, Pattern, Stmt, StmtFor, StmtFunctionDef, StmtIf};
use ruff_text_size::{Ranged, TextRange};

use super::{
    File, Hurt, guards,
    sinks::{ALL, NONE},
    sources::{self, Source},
    summary::Argument,
    value::{Env, Key, NO_STEP, Origin, Part, StepAt, Value},
};
use crate::code::{
    Ctx,
    context::{Binding, Scope, ScopeKind},
};

/// Nodes that following one function may look at.
const FUEL: u32 = 200_000;
/// Steps that are remembered for one function.
const MAX_STEPS: usize = 4_000;

/// A call of a function that may be the project's.
pub(super) struct Call {
    pub(super) callee: String,
    pub(super) range: TextRange,
    pub(super) arguments: Vec<(Argument, Value)>,
}

/// A function being followed.
pub(super) struct Following<'f, 'a> {
    pub(super) ctx: &'f Ctx<'a>,
    pub(super) file: &'f mut File,
    pub(super) env: Env<'a>,
    pub(super) steps: Vec<StepAt>,
    pub(super) calls: Vec<Call>,
    pub(super) returns: Value,
    pub(super) hurts: Vec<Hurt>,
    /// Texts that show what they are for, and hold what somebody else chose.
    pub(super) shapes: Vec<Hurt>,
    /// The name of the parameter that is the object, in a method.
    pub(super) object: Option<&'a str>,
    /// The class of which it is a method, by its qualified name.
    pub(super) class: Option<String>,
    /// What is returned is shown by a browser.
    pub(super) page: bool,
    fuel: u32,
    loops: u32,
    /// The loops over something that are around a place.
    pub(super) around: Vec<&'a StmtFor>,
    /// How deep a place is on the left of operators.
    pub(super) inside_sum: u32,
    /// How many lambdas are being called.
    pub(super) lambdas: u32,
    /// Parameters of these lambdas that are functions, and which.
    pub(super) stand_ins: Vec<(&'a str, String)>,
    /// Names that are those of the module.
    globals: Vec<&'a str>,
}

impl<'f, 'a> Following<'f, 'a> {
    pub(super) fn new(ctx: &'f Ctx<'a>, file: &'f mut File) -> Self {
        Self {
            ctx,
            file,
            env: Env::default(),
            steps: Vec::new(),
            calls: Vec::new(),
            returns: Value::default(),
            hurts: Vec::new(),
            shapes: Vec::new(),
            object: None,
            class: None,
            page: false,
            fuel: FUEL,
            loops: 0,
            around: Vec::new(),
            inside_sum: 0,
            lambdas: 0,
            stand_ins: Vec::new(),
            globals: Vec::new(),
        }
    }

    /// Whether everything was followed.
    pub(super) fn is_spent(&self) -> bool {
        self.fuel == 0
    }

    /// What the parameters hold at the beginning. Gives their names, without that of the object.
    pub(super) fn enter(&mut self, function: &'a StmtFunctionDef) -> Vec<Box<str>> {
        let parameters = &function.parameters;
        let decorators = self.ctx.decorators(&function.decorator_list);
        let decorated = decorators.iter().find_map(|name| sources::of_decorated(name));
        self.page = decorators.iter().any(|name| name.ends_with(".route"))
            && (self.ctx.has_import("flask") || self.ctx.has_import("bottle"));
        let numbers = self.numbers_in_route(function);
        let mut names: Vec<Box<str>> = Vec::new();
        for (index, parameter) in parameters.iter_non_variadic_params().enumerate() {
            let name = parameter.parameter.name.as_str();
            if index == 0
                && let Some((Binding::Instance(class), _)) = self.ctx.lookup(self.ctx.current, name)
            {
                self.object = Some(name);
                self.class = self.ctx.scopes.get(*class).map(|scope| scope.path.clone());
                continue;
            }
            let position = u32::try_from(names.len()).unwrap_or(u32::MAX);
            names.push(name.into());
            let annotation = parameter.parameter.annotation.as_deref();
            if annotation.is_some_and(|annotation| self.is_number(annotation)) || numbers.iter().any(|one| one == name)
            {
                continue;
            }
            let is_injected = parameter.default.as_deref().is_some_and(|default| match default {
                Expr::Call(call) => self.ctx.callee(call).is_some_and(|name| name.ends_with("Depends")),
                _ => false,
            });
            let mut value = Value::of(Origin::Parameter(position), ALL);
            if let Some(source) =
                decorated.filter(|_| !is_injected && !self.is_request(parameter.parameter.name.as_str()))
            {
                value = value.join(&self.source(source, parameter.parameter.range()));
            }
            self.env.set((name, ""), value);
        }
        // `def handler(event, context)` of a serverless function.
        if let [first, second] = names.as_slice()
            && &**first == "event"
            && &**second == "context"
            && let Some(parameter) = parameters
                .iter_non_variadic_params()
                .find(|one| one.name().as_str() == "event")
        {
            let value = self.source(Source::Request, parameter.range());
            self.env.set(("event", ""), value);
        }
        for parameter in parameters.vararg.iter().chain(&parameters.kwarg) {
            let value = Value::of(Origin::Parameter(u32::MAX), ALL);
            self.env.set((parameter.name.as_str(), ""), value);
        }
        names
    }

    /// Whether an annotation names what holds no text.
    pub(super) fn is_number(&self, annotation: &'a Expr) -> bool {
        let name = match annotation {
            Expr::Subscript(subscript) => {
                let outer = self.ctx.name(&subscript.value).unwrap_or_default();
                return match outer.rsplit('.').next() {
                    Some("Optional" | "Annotated" | "list" | "List") => match &*subscript.slice {
                        Expr::Tuple(tuple) => tuple.elts.first().is_some_and(|first| self.is_number(first)),
                        inner => self.is_number(inner),
                    },
                    Some("Literal") => true,
                    _ => false,
                };
            }
            Expr::BinOp(binary) => return self.is_number(&binary.left),
            other => self.ctx.name(other).unwrap_or_default(),
        };
        matches!(
            name.as_str(),
            "int"
                | "float"
                | "bool"
                | "uuid.UUID"
                | "datetime.datetime"
                | "datetime.date"
                | "decimal.Decimal"
                | "complex"
        ) || self.ctx.is_enumeration(&name)
    }

    /// Parameters that a route's converter makes numbers of: `/user/<int:id>`.
    pub(super) fn numbers_in_route(&self, function: &'a StmtFunctionDef) -> Vec<String> {
        let mut found = Vec::new();
        for decorator in &function.decorator_list {
            if let Expr::Call(call) = &decorator.expression
                && let Some(path) = call.arguments.args.first().and_then(|path| self.ctx.str(path))
            {
                for part in path.split('<').skip(1) {
                    let part = part.split('>').next().unwrap_or_default();
                    if let Some((converter, name)) = part.split_once(':')
                        && matches!(converter, "int" | "float" | "uuid")
                    {
                        found.push(name.to_owned());
                    }
                }
            }
        }
        found
    }

    pub(super) fn source(&mut self, source: Source, range: TextRange) -> Value {
        let index = self.file.source(source, range);
        Value::of(Origin::Source(index), source.live())
    }

    pub(super) fn spend(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        self.fuel > 0
    }

    /// The value, with one more step on its way.
    pub(super) fn stepped(&mut self, value: &Value, range: TextRange) -> Value {
        if self.steps.len() >= MAX_STEPS {
            return value.clone();
        }
        let steps = &mut self.steps;
        value.map(|part: &mut Part| {
            let before = part.step;
            let known = steps.get(before as usize);
            if known.is_none_or(|known| known.range != range) && matches!(part.origin, Origin::Source(_)) {
                part.step = u32::try_from(steps.len()).unwrap_or(NO_STEP);
                steps.push(StepAt { range, before });
            }
        })
    }

    /// Follows statements. False when what stands after them is not reached.
    pub(super) fn block(&mut self, stmts: &'a [Stmt]) -> bool {
        stmts.iter().all(|stmt| self.stmt(stmt))
    }

    pub(super) fn stmt(&mut self, stmt: &'a Stmt) -> bool {
        if !self.spend() {
            return true;
        }
        match stmt {
            Stmt::Assign(assign) => {
                let value = self.eval(&assign.value);
                for target in &assign.targets {
                    self.assign(target, &value, Some(&assign.value));
                }
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    let held = self.eval(value);
                    self.assign(&assign.target, &held, Some(value));
                }
            }
            Stmt::AugAssign(assign) => {
                let value = self.eval(&assign.value);
                let before = self.eval(&assign.target);
                let value = self.combine(&before, &value, &assign.target, &assign.value);
                self.assign(&assign.target, &value, None);
            }
            Stmt::Expr(inner) => {
                self.eval(&inner.value);
                return !self.ends_here(&inner.value);
            }
            Stmt::Return(inner) => {
                if let Some(value) = inner.value.as_deref() {
                    let held = self.eval(value);
                    if self.page {
                        self.shown(value, &held);
                    }
                    self.returns = self.returns.join(&held);
                }
                return false;
            }
            Stmt::Raise(inner) => {
                for expr in inner.exc.iter().chain(&inner.cause) {
                    self.eval(expr);
                }
                return false;
            }
            Stmt::Continue(_) | Stmt::Break(_) => return false,
            Stmt::Assert(inner) => {
                self.eval(&inner.test);
                let (yes, _) = guards::of(self.ctx, &inner.test);
                self.apply(&yes);
            }
            Stmt::If(inner) => return self.branch(inner),
            Stmt::While(inner) => {
                self.eval(&inner.test);
                let (yes, _) = guards::of(self.ctx, &inner.test);
                self.repeat(|this| {
                    this.apply(&yes);
                    this.block(&inner.body);
                    this.eval(&inner.test);
                });
                return self.block(&inner.orelse);
            }
            Stmt::For(inner) => {
                let value = self.eval(&inner.iter);
                self.around.push(inner);
                self.repeat(|this| {
                    this.assign(&inner.target, &value, None);
                    this.block(&inner.body);
                });
                self.around.pop();
                return self.block(&inner.orelse);
            }
            Stmt::With(inner) => {
                for item in &inner.items {
                    let value = self.eval(&item.context_expr);
                    if let Some(target) = item.optional_vars.as_deref() {
                        self.assign(target, &value, None);
                    }
                }
                return self.block(&inner.body);
            }
            Stmt::Try(inner) => {
                let before = self.env.clone();
                let mut reached = self.block(&inner.body);
                if reached {
                    reached = self.block(&inner.orelse);
                }
                let mut after = std::mem::take(&mut self.env);
                let mut thrown = before;
                thrown.join(&after);
                for ExceptHandler::ExceptHandler(handler) in &inner.handlers {
                    self.env = thrown.clone();
                    if self.block(&handler.body) {
                        if reached {
                            after.join(&self.env);
                        } else {
                            after = std::mem::take(&mut self.env);
                            reached = true;
                        }
                    }
                }
                self.env = after;
                return self.block(&inner.finalbody) && reached;
            }
            Stmt::Match(inner) => {
                let value = self.eval(&inner.subject);
                let before = self.env.clone();
                let mut after = before.clone();
                for case in &inner.cases {
                    self.env = before.clone();
                    // What is one of the program's constants was chosen by nobody else.
                    let value = if is_fixed(&case.pattern) {
                        let known = guards::keys(&inner.subject, NONE);
                        self.apply(&known);
                        Value::default()
                    } else {
                        value.clone()
                    };
                    self.bind_pattern(&case.pattern, &value);
                    if let Some(guard) = case.guard.as_deref() {
                        self.eval(guard);
                    }
                    if self.block(&case.body) {
                        after.join(&self.env);
                    }
                }
                self.env = after;
            }
            Stmt::Global(inner) => self.globals.extend(inner.names.iter().map(|name| name.as_str())),
            Stmt::Delete(inner) => {
                for target in &inner.targets {
                    self.assign(target, &Value::default(), None);
                }
            }
            _ => {}
        }
        true
    }

    /// Whether an expression is a call that never comes back: it raises, or ends the program.
    fn ends_here(&self, expr: &'a Expr) -> bool {
        let Expr::Call(call) = expr else { return false };
        matches!(
            self.ctx.callee(call).as_deref(),
            Some(
                "flask.abort"
                    | "flask_restful.abort"
                    | "flask_smorest.abort"
                    | "quart.abort"
                    | "werkzeug.exceptions.abort"
                    | "bottle.abort"
                    | "sys.exit"
                    | "os._exit"
                    | "exit"
                    | "quit"
                    | "streamlit.stop"
            )
        )
    }

    pub(super) fn branch(&mut self, stmt: &'a StmtIf) -> bool {
        let mut ways: Vec<Env<'a>> = Vec::new();
        let mut take = |this: &mut Self, test: Option<&'a Expr>, body: &'a [Stmt]| {
            let guard = test.map(|test| {
                this.eval(test);
                guards::of(this.ctx, test)
            });
            let otherwise = this.env.clone();
            if let Some((yes, _)) = &guard {
                this.apply(yes);
            }
            if this.block(body) {
                ways.push(std::mem::take(&mut this.env));
            }
            this.env = otherwise;
            if let Some((_, no)) = &guard {
                this.apply(no);
            }
        };
        take(self, Some(&stmt.test), &stmt.body);
        let mut whole = false;
        for ElifElseClause { test, body, .. } in &stmt.elif_else_clauses {
            whole |= test.is_none();
            take(self, test.as_ref(), body);
        }
        if !whole {
            ways.push(std::mem::take(&mut self.env));
        }
        let mut ways = ways.into_iter();
        let Some(first) = ways.next() else { return false };
        self.env = first;
        for way in ways {
            self.env.join(&way);
        }
        true
    }

    /// Follows the body of a loop twice, so that what it writes late is known early; deep inside other loops once.
    pub(super) fn repeat(&mut self, mut body: impl FnMut(&mut Self)) {
        self.loops += 1;
        let times = if self.loops > 3 { 1 } else { 2 };
        for _ in 0..times {
            let before = self.env.clone();
            body(self);
            self.env.join(&before);
        }
        self.loops -= 1;
    }

    pub(super) fn apply(&mut self, guard: &[(Key<'a>, u32)]) {
        for (key, mask) in guard {
            if let Some(value) = self.env.get(*key) {
                let kept = value.keep(*mask);
                self.env.set(*key, kept);
            } else if !key.1.is_empty() {
                self.env.set(*key, Value::default());
            }
        }
    }

    pub(super) fn bind_pattern(&mut self, pattern: &'a Pattern, value: &Value) {
        let mut open = vec![pattern];
        while let Some(pattern) = open.pop() {
            match pattern {
                Pattern::MatchAs(inner) => {
                    if let Some(name) = &inner.name {
                        let fixed = inner.pattern.as_deref().is_some_and(is_fixed);
                        let value = if fixed { Value::default() } else { value.clone() };
                        self.env.set((name.as_str(), ""), value);
                    }
                    open.extend(inner.pattern.as_deref());
                }
                Pattern::MatchSequence(inner) => open.extend(&inner.patterns),
                Pattern::MatchMapping(inner) => open.extend(&inner.patterns),
                Pattern::MatchClass(inner) => {
                    open.extend(&inner.arguments.patterns);
                    open.extend(inner.arguments.keywords.iter().map(|keyword| &keyword.pattern));
                }
                Pattern::MatchOr(inner) => open.extend(&inner.patterns),
                Pattern::MatchStar(inner) => {
                    if let Some(name) = &inner.name {
                        self.env.set((name.as_str(), ""), value.clone());
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn assign(&mut self, target: &'a Expr, value: &Value, from: Option<&'a Expr>) {
        match target {
            Expr::Name(name) => {
                let value = self.stepped(value, target.range());
                self.env.set((name.id.as_str(), ""), value);
            }
            Expr::Tuple(tuple) => self.assign_each(&tuple.elts, value, from),
            Expr::List(list) => self.assign_each(&list.elts, value, from),
            Expr::Starred(starred) => self.assign(&starred.value, value, None),
            Expr::Attribute(attribute) => {
                if let Expr::Name(base) = &*attribute.value {
                    let value = self.stepped(value, target.range());
                    self.env.set((base.id.as_str(), attribute.attr.as_str()), value);
                }
            }
            Expr::Subscript(subscript) => {
                self.eval(&subscript.slice);
                self.fill(&subscript.value, value);
            }
            _ => {}
        }
    }

    pub(super) fn assign_each(&mut self, targets: &'a [Expr], value: &Value, from: Option<&'a Expr>) {
        let items: &[Expr] = match from {
            Some(Expr::Tuple(tuple)) if tuple.elts.len() == targets.len() => &tuple.elts,
            Some(Expr::List(list)) if list.elts.len() == targets.len() => &list.elts,
            _ => &[],
        };
        // The right side first, as Python does.
        let values: Vec<Value> = items.iter().map(|item| self.eval(item)).collect();
        for (index, target) in targets.iter().enumerate() {
            self.assign(target, values.get(index).unwrap_or(value), items.get(index));
        }
    }

    /// Something is put into what an expression names.
    pub(super) fn fill(&mut self, container: &'a Expr, value: &Value) {
        if value.is_empty() {
            return;
        }
        match container {
            Expr::Name(name) => self.env.add((name.id.as_str(), ""), value),
            Expr::Attribute(attribute) => {
                if let Expr::Name(base) = &*attribute.value {
                    self.env.add((base.id.as_str(), attribute.attr.as_str()), value);
                }
            }
            Expr::Subscript(subscript) => self.fill(&subscript.value, value),
            _ => {}
        }
    }

    /// The way of a part, first step first.
    pub(super) fn way(&self, part: &Part) -> Vec<TextRange> {
        let mut way = Vec::new();
        let mut at = part.step;
        while let Some(step) = self.steps.get(at as usize) {
            way.push(step.range);
            at = step.before;
            if way.len() >= 12 {
                break;
            }
        }
        way.reverse();
        way
    }

    /// What the function leaves in fields: its object's; the variables of the module, and of a function for those inside it.
    pub(super) fn writes(&mut self) -> Vec<(u32, Value)> {
        let mut writes = Vec::new();
        if let (Some(object), Some(class)) = (self.object, self.class.clone()) {
            let fields: Vec<(&str, Value)> = self
                .env
                .fields(object)
                .map(|(name, value)| (name, value.clone()))
                .collect();
            for (name, value) in fields {
                writes.push((self.file.field(&class, name), value));
            }
        }
        let module = self.ctx.scopes.first().map_or("", |scope| scope.path.as_str());
        for name in std::mem::take(&mut self.globals) {
            if let Some(value) = self.env.get((name, "")).cloned() {
                writes.push((self.file.field(module, name), value));
            }
        }
        let scope = self.ctx.scopes.get(self.ctx.current);
        let is_seen = |scope: &&Scope<'_>| match scope.kind {
            ScopeKind::Module => true,
            ScopeKind::Function => self.ctx.enclosing.contains(&self.ctx.current),
            ScopeKind::Class | ScopeKind::Comprehension => false,
        };
        if let Some(scope) = scope.filter(is_seen) {
            let variables: Vec<(&str, Value)> = self
                .env
                .variables()
                .map(|(name, value)| (name, value.clone()))
                .collect();
            for (name, value) in variables {
                writes.push((self.file.field(&scope.path, name), value));
            }
        }
        writes
    }
}

/// Whether a pattern fits constants of the program only, or numbers.
fn is_fixed(pattern: &Pattern) -> bool {
    let mut open = vec![pattern];
    while let Some(pattern) = open.pop() {
        match pattern {
            Pattern::MatchValue(inner)
                if inner.value.is_literal_expr() || matches!(&*inner.value, Expr::Attribute(_)) => {}
            Pattern::MatchSingleton(_) => {}
            Pattern::MatchOr(inner) => open.extend(&inner.patterns),
            Pattern::MatchAs(inner) => match inner.pattern.as_deref() {
                Some(pattern) => open.push(pattern),
                None => return false,
            },
            Pattern::MatchClass(inner) => {
                let number =
                    matches!(&*inner.cls, Expr::Name(name) if matches!(name.id.as_str(), "int" | "float" | "bool"));
                if !number {
                    return false;
                }
            }
            _ => return false,
        }
    }
    true
}
