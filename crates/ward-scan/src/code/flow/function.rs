//! One function, followed from its first statement to its last: what every variable holds, and where it goes.
//!
//! Statements are taken in order; the two ways of a branch are joined; the body of a loop is taken twice. What a call of an
//! unknown function gives is held to be harmless, except where it is known to hold what it was given.

use ruff_python_ast::{
    Comprehension, ElifElseClause, ExceptHandler, Expr, ExprCall, FStringPart, InterpolatedStringElement, Pattern,
    Stmt, StmtFunctionDef, StmtIf,
};
use ruff_text_size::{Ranged, TextRange};

use super::{
    File, Hurt, cleaners, guards,
    sinks::{self, ALL, NONE, Sink, Which},
    sources::{self, Source},
    summary::Argument,
    value::{Env, JOINED, Key, NO_STEP, Origin, Part, StepAt, Value},
};
use crate::code::{
    Ctx,
    constant::Const,
    context::{Binding, ScopeKind},
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
    /// The name of the parameter that is the object, in a method.
    pub(super) object: Option<&'a str>,
    /// The class of which it is a method, by its qualified name.
    pub(super) class: Option<String>,
    /// What is returned is shown by a browser.
    pub(super) page: bool,
    fuel: u32,
    loops: u32,
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
            object: None,
            class: None,
            page: false,
            fuel: FUEL,
            loops: 0,
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
    fn is_number(&self, annotation: &'a Expr) -> bool {
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
        )
    }

    /// Parameters that a route's converter makes numbers of: `/user/<int:id>`.
    fn numbers_in_route(&self, function: &'a StmtFunctionDef) -> Vec<String> {
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

    fn source(&mut self, source: Source, range: TextRange) -> Value {
        let index = self.file.source(source, range);
        Value::of(Origin::Source(index), source.live())
    }

    fn spend(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        self.fuel > 0
    }

    /// The value, with one more step on its way.
    fn stepped(&mut self, value: &Value, range: TextRange) -> Value {
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

    // Statements

    /// Follows statements. False when what stands after them is not reached.
    pub(super) fn block(&mut self, stmts: &'a [Stmt]) -> bool {
        stmts.iter().all(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &'a Stmt) -> bool {
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
                self.repeat(|this| {
                    this.assign(&inner.target, &value, None);
                    this.block(&inner.body);
                });
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
            Stmt::Delete(inner) => {
                for target in &inner.targets {
                    self.assign(target, &Value::default(), None);
                }
            }
            _ => {}
        }
        true
    }

    fn branch(&mut self, stmt: &'a StmtIf) -> bool {
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
    fn repeat(&mut self, mut body: impl FnMut(&mut Self)) {
        self.loops += 1;
        let times = if self.loops > 3 { 1 } else { 2 };
        for _ in 0..times {
            let before = self.env.clone();
            body(self);
            self.env.join(&before);
        }
        self.loops -= 1;
    }

    fn apply(&mut self, guard: &[(Key<'a>, u32)]) {
        for (key, mask) in guard {
            if let Some(value) = self.env.get(*key) {
                let kept = value.keep(*mask);
                self.env.set(*key, kept);
            } else if !key.1.is_empty() {
                self.env.set(*key, Value::default());
            }
        }
    }

    fn bind_pattern(&mut self, pattern: &'a Pattern, value: &Value) {
        let mut open = vec![pattern];
        while let Some(pattern) = open.pop() {
            match pattern {
                Pattern::MatchAs(inner) => {
                    if let Some(name) = &inner.name {
                        self.env.set((name.as_str(), ""), value.clone());
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

    fn assign(&mut self, target: &'a Expr, value: &Value, from: Option<&'a Expr>) {
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

    fn assign_each(&mut self, targets: &'a [Expr], value: &Value, from: Option<&'a Expr>) {
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
    fn fill(&mut self, container: &'a Expr, value: &Value) {
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

    // Expressions

    pub(super) fn eval(&mut self, expr: &'a Expr) -> Value {
        if !self.spend() {
            return Value::default();
        }
        match expr {
            Expr::Name(name) => self.name(expr, name.id.as_str()),
            Expr::Attribute(attribute) => self.attribute(expr, &attribute.value, attribute.attr.as_str()),
            Expr::Subscript(subscript) => {
                let value = self.eval(&subscript.value);
                self.eval(&subscript.slice);
                match &*subscript.slice {
                    Expr::StringLiteral(key) => value.join(&self.sensitive(key.value.to_str(), expr.range())),
                    _ => value,
                }
            }
            Expr::Call(call) => self.call(expr, call),
            Expr::BinOp(binary) => {
                let left = self.eval(&binary.left);
                let right = self.eval(&binary.right);
                self.combine(&left, &right, &binary.left, &binary.right)
            }
            Expr::FString(literal) => {
                let mut value = Value::default();
                let mut words = 0;
                for part in literal.value.iter() {
                    match part {
                        FStringPart::Literal(text) => words += text.value.len(),
                        FStringPart::FString(inner) => {
                            for element in &inner.elements {
                                match element {
                                    InterpolatedStringElement::Literal(text) => words += text.value.len(),
                                    InterpolatedStringElement::Interpolation(inner) => {
                                        value = value.join(&self.eval(&inner.expression));
                                    }
                                }
                            }
                        }
                    }
                }
                if words >= INSTRUCTION { value.joined() } else { value }
            }
            Expr::BoolOp(inner) => self.all(&inner.values),
            Expr::Tuple(inner) => self.all(&inner.elts),
            Expr::List(inner) => self.all(&inner.elts),
            Expr::Set(inner) => self.all(&inner.elts),
            Expr::Dict(inner) => {
                let mut value = Value::default();
                for item in &inner.items {
                    if let Some(key) = &item.key {
                        value = value.join(&self.eval(key));
                    }
                    value = value.join(&self.eval(&item.value));
                }
                value
            }
            Expr::If(inner) => {
                self.eval(&inner.test);
                let (yes, no) = guards::of(self.ctx, &inner.test);
                let before = self.env.clone();
                self.apply(&yes);
                let one = self.eval(&inner.body);
                self.env = before.clone();
                self.apply(&no);
                let other = self.eval(&inner.orelse);
                self.env = before;
                one.join(&other)
            }
            Expr::Compare(inner) => {
                self.eval(&inner.left);
                for other in &inner.comparators {
                    self.eval(other);
                }
                Value::default()
            }
            Expr::UnaryOp(inner) => {
                self.eval(&inner.operand);
                Value::default()
            }
            Expr::Await(inner) => self.eval(&inner.value),
            Expr::Starred(inner) => self.eval(&inner.value),
            Expr::Named(inner) => {
                let value = self.eval(&inner.value);
                self.assign(&inner.target, &value, None);
                value
            }
            Expr::Yield(inner) => {
                if let Some(value) = inner.value.as_deref() {
                    let value = self.eval(value);
                    self.returns = self.returns.join(&value);
                }
                Value::default()
            }
            Expr::YieldFrom(inner) => {
                let value = self.eval(&inner.value);
                self.returns = self.returns.join(&value);
                Value::default()
            }
            Expr::Lambda(inner) => {
                let before = self.env.clone();
                if let Some(parameters) = &inner.parameters {
                    for parameter in parameters.iter_non_variadic_params() {
                        self.env.set((parameter.name().as_str(), ""), Value::default());
                    }
                }
                let value = self.eval(&inner.body);
                self.env = before;
                value
            }
            Expr::ListComp(inner) => self.comprehension(&inner.generators, [Some(&*inner.elt), None]),
            Expr::SetComp(inner) => self.comprehension(&inner.generators, [Some(&*inner.elt), None]),
            Expr::Generator(inner) => self.comprehension(&inner.generators, [Some(&*inner.elt), None]),
            Expr::DictComp(inner) => self.comprehension(&inner.generators, [inner.key.as_deref(), Some(&*inner.value)]),
            Expr::Slice(inner) => {
                for bound in inner.lower.iter().chain(&inner.upper).chain(&inner.step) {
                    self.eval(bound);
                }
                Value::default()
            }
            _ => Value::default(),
        }
    }

    fn all(&mut self, items: &'a [Expr]) -> Value {
        let mut value = Value::default();
        for item in items {
            value = value.join(&self.eval(item));
        }
        value
    }

    fn comprehension(&mut self, generators: &'a [Comprehension], items: [Option<&'a Expr>; 2]) -> Value {
        let before = self.env.clone();
        for generator in generators {
            let value = self.eval(&generator.iter);
            self.assign(&generator.target, &value, None);
            for test in &generator.ifs {
                self.eval(test);
                let (yes, _) = guards::of(self.ctx, test);
                self.apply(&yes);
            }
        }
        let mut value = Value::default();
        for item in items.into_iter().flatten() {
            value = value.join(&self.eval(item));
        }
        self.env = before;
        value
    }

    /// Two values put together; with words of the program, when one of them is such a text.
    fn combine(&mut self, left: &Value, right: &Value, left_expr: &'a Expr, right_expr: &'a Expr) -> Value {
        let value = left.join(right);
        if value.is_empty() || value.parts().iter().all(|part| part.live & JOINED != 0) {
            return value;
        }
        let words = |expr: &'a Expr| match self.ctx.constant(expr) {
            Const::Str(text) => text.len(),
            Const::Partial(parts) => parts.iter().flatten().map(|part| part.len()).sum(),
            _ => 0,
        };
        if words(left_expr).max(words(right_expr)) >= INSTRUCTION {
            value.joined()
        } else {
            value
        }
    }

    fn sensitive(&mut self, name: &str, range: TextRange) -> Value {
        if !self.file.sensitive {
            return Value::default();
        }
        match sources::of_variable(name) {
            Some(source) => self.source(source, range),
            None => Value::default(),
        }
    }

    fn name(&mut self, expr: &'a Expr, name: &'a str) -> Value {
        let sensitive = self.sensitive(name, expr.range());
        if let Some(value) = self.env.get((name, "")) {
            return value.join(&sensitive);
        }
        match self.ctx.lookup(self.ctx.current, name) {
            // A variable of the module, in a function: what the module wrote there.
            Some((Binding::Value { expr: value, .. }, 0)) if self.ctx.current != 0 => {
                let followed = matches!(
                    value,
                    Expr::Call(_)
                        | Expr::Subscript(_)
                        | Expr::FString(_)
                        | Expr::BinOp(_)
                        | Expr::Attribute(_)
                        | Expr::Await(_)
                );
                let field = if followed {
                    let path = self.ctx.scopes.first().map_or("", |scope| scope.path.as_str());
                    Value::of(Origin::Field(self.file.field(path, name)), ALL)
                } else {
                    Value::default()
                };
                let literal = matches!(value, Expr::StringLiteral(_) | Expr::NoneLiteral(_));
                if literal { field } else { field.join(&sensitive) }
            }
            Some((Binding::Import(path), _)) => {
                let source = sources::of_name(path);
                source.map_or(Value::default(), |source| self.source(source, expr.range()))
            }
            Some((
                Binding::Value {
                    expr: Expr::StringLiteral(_) | Expr::NoneLiteral(_),
                    ..
                },
                _,
            )) => Value::default(),
            Some((Binding::Defined(_), _)) => Value::default(),
            _ => sensitive,
        }
    }

    fn is_request(&self, name: &str) -> bool {
        match self.ctx.lookup(self.ctx.current, name) {
            Some((Binding::Parameter(annotation), _)) => {
                let annotated = annotation.and_then(|annotation| self.ctx.name(annotation));
                match annotated {
                    Some(annotated) => sources::is_request(&annotated),
                    None => matches!(name, "request" | "req"),
                }
            }
            Some((Binding::Import(path), _)) => sources::is_request(path),
            None => name == "request",
            _ => false,
        }
    }

    /// Whether an expression like `flask.request` or `self.request` is a request.
    fn is_request_object(&self, expr: &'a Expr) -> bool {
        match expr {
            Expr::Name(name) => self.is_request(name.id.as_str()),
            Expr::Attribute(inner) if inner.attr.as_str() == "request" => {
                matches!(&*inner.value, Expr::Name(name) if Some(name.id.as_str()) == self.object)
                    || self.ctx.name(expr).is_some_and(|name| sources::is_request(&name))
            }
            _ => false,
        }
    }

    fn attribute(&mut self, expr: &'a Expr, base: &'a Expr, attr: &'a str) -> Value {
        let sensitive = self.sensitive(attr, expr.range());
        if let Expr::Name(name) = base {
            let id = name.id.as_str();
            if let Some(value) = self.env.get((id, attr)) {
                return value.join(&sensitive);
            }
            if sources::is_request_part(attr) && self.is_request(id) {
                return self.source(Source::Request, expr.range());
            }
            if self.object == Some(id)
                && let Some(class) = self.class.clone()
            {
                if let Some(source) = self.ctx.name(expr).and_then(|name| sources::of_name(&name)) {
                    return self.source(source, expr.range());
                }
                let is_field = match self.ctx.lookup(self.ctx.current, id) {
                    Some((Binding::Instance(scope), _)) => self
                        .ctx
                        .scopes
                        .get(*scope)
                        .is_some_and(|scope| scope.attributes.contains_key(attr)),
                    _ => false,
                };
                return if is_field {
                    Value::of(Origin::Field(self.file.field(&class, attr)), ALL).join(&sensitive)
                } else {
                    sensitive
                };
            }
        }
        // `flask.request.args`, `self.request.GET`
        if sources::is_request_part(attr) && self.is_request_object(base) {
            return self.source(Source::Request, expr.range());
        }
        if matches!(
            attr,
            "argv" | "environ" | "environb" | "query_params" | "request" | "rfile" | "headers" | "path"
        ) && let Some(source) = self.ctx.name(expr).and_then(|name| sources::of_name(&name))
        {
            return self.source(source, expr.range());
        }
        let value = self.eval(base);
        if cleaners::is_clean_method(attr) {
            return sensitive;
        }
        value.join(&sensitive)
    }

    fn call(&mut self, expr: &'a Expr, call: &'a ExprCall) -> Value {
        let (end, receiver) = match &*call.func {
            Expr::Attribute(attribute) => (attribute.attr.as_str(), Some(&*attribute.value)),
            Expr::Name(name) => (name.id.as_str(), None),
            other => ("", Some(other)),
        };
        let name = self.ctx.callee(call).unwrap_or_default();
        let owned = name.starts_with('~');
        // `request.get_json()`: a method of the request that gives a part of it.
        let asked = sources::is_request_part(end) && receiver.is_some_and(|receiver| self.is_request_object(receiver));
        let object = receiver.map(|receiver| self.eval(receiver)).unwrap_or_default();
        let args: Vec<Value> = call.arguments.args.iter().map(|arg| self.eval(arg)).collect();
        let keywords: Vec<Value> = call
            .arguments
            .keywords
            .iter()
            .map(|one| self.eval(&one.value))
            .collect();
        let any_argument = || {
            args.iter()
                .chain(&keywords)
                .fold(Value::default(), |all, one| all.join(one))
        };
        let tainted = !object.is_empty() || args.iter().chain(&keywords).any(|one| !one.is_empty());
        if tainted {
            for (which, sink) in sinks::of_call(&name, end, owned) {
                self.sink(call, &name, end, which, sink, &object, &args, &keywords);
            }
        }
        let model = sources::asks_model(&name)
            || name.is_empty()
                && self
                    .ctx
                    .type_of(&call.func)
                    .is_some_and(|made| sources::is_model(&made));
        if model {
            if tainted {
                self.prompt(call, &name, &args, &keywords);
            }
            return self.source(Source::Model, expr.range());
        }
        if asked {
            return self.source(Source::Request, expr.range());
        }
        self.callbacks(call, end);
        if let Some(mask) = cleaners::of_call(&name) {
            return any_argument().keep(mask);
        }
        let key = match (end, call.arguments.args.first()) {
            ("get" | "pop" | "getenv" | "getattr", Some(Expr::StringLiteral(key))) => {
                self.sensitive(key.value.to_str(), expr.range())
            }
            _ => Value::default(),
        };
        if let Some(source) = sources::of_call(&name) {
            return self.source(source, expr.range()).join(&key);
        }
        if owned || self.may_be_project(&name) {
            let result = self.project_call(call, name, &args, &keywords);
            // What an object of the project's gives may be what it holds.
            return if object.is_empty() {
                result
            } else {
                result.join(&object)
            };
        }
        if cleaners::fills(end)
            && let Some(receiver) = receiver
        {
            let all = any_argument();
            self.fill(receiver, &all);
        }
        if cleaners::passes(&name) {
            let all = any_argument();
            return if matches!(end, "format") {
                all.join(&object)
            } else {
                all
            };
        }
        if receiver.is_none() || cleaners::is_clean_method(end) {
            return key;
        }
        let mut value = object.join(&key);
        if cleaners::passes_arguments(end) && !matches!(end, "get" | "pop") {
            value = value.join(&any_argument());
            let words = || match receiver.map(|receiver| self.ctx.constant(receiver)) {
                Some(Const::Str(text)) => text.len(),
                _ => 0,
            };
            if !value.is_empty() && words() >= INSTRUCTION {
                value = value.joined();
            }
        }
        value
    }

    /// Whether a name that is imported may be one of the project's.
    fn may_be_project(&self, name: &str) -> bool {
        let head = name.split('.').next().unwrap_or(name);
        !head.is_empty() && self.file.heads.contains(head)
    }

    fn project_call(&mut self, call: &'a ExprCall, callee: String, args: &[Value], keywords: &[Value]) -> Value {
        let mut arguments = Vec::new();
        for (position, value) in args.iter().enumerate() {
            if !value.is_empty() {
                let starred = matches!(call.arguments.args.get(position), Some(Expr::Starred(_)));
                let which = if starred {
                    Argument::All
                } else {
                    Argument::Position(u32::try_from(position).unwrap_or(u32::MAX))
                };
                arguments.push((which, value.clone()));
            }
        }
        for (keyword, value) in call.arguments.keywords.iter().zip(keywords) {
            if !value.is_empty() {
                let which = match &keyword.arg {
                    Some(name) => Argument::Name(name.as_str().into()),
                    None => Argument::All,
                };
                arguments.push((which, value.clone()));
            }
        }
        let index = u32::try_from(self.calls.len()).unwrap_or(u32::MAX);
        self.calls.push(Call {
            callee,
            range: call.range(),
            arguments,
        });
        Value::of(Origin::Result(index), ALL)
    }

    /// Functions that are handed to a framework, which calls them with what somebody sends.
    fn callbacks(&mut self, call: &'a ExprCall, end: &str) {
        let position = match end {
            "Interface" | "ChatInterface" | "click" | "submit" | "change" => 0,
            _ => return,
        };
        if !self.ctx.has_import("gradio") {
            return;
        }
        if let Some(handler) = self.ctx.arg(call, position, "fn").given()
            && let Some(callee) = self.ctx.name(handler)
        {
            let value = self.source(Source::Request, handler.range());
            self.calls.push(Call {
                callee,
                range: call.range(),
                arguments: vec![(Argument::All, value)],
            });
        }
    }

    // Sinks

    #[expect(clippy::too_many_arguments, reason = "the call, with what each part of it holds")]
    fn sink(
        &mut self,
        call: &'a ExprCall,
        name: &str,
        end: &str,
        which: Which,
        sink: Sink,
        object: &Value,
        args: &[Value],
        keywords: &[Value],
    ) {
        let (value, expr) = match which {
            Which::Receiver => (object.clone(), None),
            Which::Any => {
                let all = args
                    .iter()
                    .chain(keywords)
                    .fold(Value::default(), |all, one| all.join(one));
                (all, None)
            }
            Which::At(position, keyword) => {
                let named = call.arguments.keywords.iter().zip(keywords).find(|(one, _)| {
                    one.arg
                        .as_ref()
                        .is_some_and(|arg| !keyword.is_empty() && arg.as_str() == keyword)
                });
                match (args.get(position), named) {
                    (Some(value), _) => (value.clone(), call.arguments.args.get(position)),
                    (None, Some((one, value))) => (value.clone(), Some(&one.value)),
                    (None, None) => return,
                }
            }
        };
        if value.is_empty() {
            return;
        }
        let value = match (sink, expr) {
            (Sink::Command, Some(command)) => self.of_command(call, command, value),
            (Sink::Command, None) => self.of_program(call, name, args, value),
            (Sink::Url | Sink::Redirect, Some(url)) if self.is_anchored(url, sink) => return,
            (Sink::Deserialise, _) if self.is_safe_load(call, name) => return,
            (Sink::Html, _) if self.is_no_page(call) => return,
            _ => value,
        };
        let name = if name.is_empty() {
            end
        } else {
            name.trim_start_matches('~')
        };
        self.hurt(sink, &value, call.range(), name);
    }

    /// Of a command that is a list without a shell, the program and, behind `-c`, the rest matter; of a text everything.
    fn of_command(&mut self, call: &'a ExprCall, command: &'a Expr, value: Value) -> Value {
        let through_shell = self
            .ctx
            .arg(call, None, "shell")
            .given()
            .is_some_and(|shell| self.ctx.is_true(shell));
        let items = match self.ctx.behind(command) {
            Expr::List(list) => &list.elts,
            Expr::Tuple(tuple) => &tuple.elts,
            _ => return value,
        };
        if through_shell || self.hands_over(items) {
            return value;
        }
        items.first().map(|program| self.eval(program)).unwrap_or_default()
    }

    fn hands_over(&self, items: &'a [Expr]) -> bool {
        items.iter().any(|item| {
            self.ctx
                .str(item)
                .is_some_and(|text| matches!(&*text, "-c" | "/c" | "/C" | "-e" | "eval" | "-Command"))
        })
    }

    /// The same for functions that take the program and its arguments one by one.
    fn of_program(&mut self, call: &'a ExprCall, name: &str, args: &[Value], value: Value) -> Value {
        if self.hands_over(&call.arguments.args) {
            return value;
        }
        let lists = call.arguments.args.iter().any(|arg| match self.ctx.behind(arg) {
            Expr::List(list) => self.hands_over(&list.elts),
            _ => false,
        });
        if lists {
            return value;
        }
        let program = usize::from(name.contains("spawn") && name.starts_with("os."));
        args.get(program).cloned().unwrap_or_default()
    }

    /// Whether the host of an address is fixed, or a path of this site.
    fn is_anchored(&self, url: &'a Expr, sink: Sink) -> bool {
        let constant = self.ctx.constant(url);
        let start = constant.beginning();
        match start.split_once("://") {
            Some((_, rest)) => rest.contains(['/', '?', '#']),
            None => sink == Sink::Redirect && start.starts_with('/') && start.len() > 1 && !start.starts_with("//"),
        }
    }

    /// Whether a loader was told to make nothing but data.
    fn is_safe_load(&self, call: &'a ExprCall, name: &str) -> bool {
        match name {
            "yaml.load" | "yaml.load_all" => {
                let loader = self
                    .ctx
                    .arg(call, 1, "Loader")
                    .given()
                    .and_then(|loader| self.ctx.name(loader));
                loader.is_some_and(|loader| loader.contains("SafeLoader") || loader.contains("BaseLoader"))
            }
            "torch.load" => self
                .ctx
                .arg(call, None, "weights_only")
                .given()
                .is_some_and(|only| self.ctx.is_true(only)),
            _ => false,
        }
    }

    /// Whether a response is declared to be something else than a page.
    fn is_no_page(&self, call: &'a ExprCall) -> bool {
        ["content_type", "mimetype", "media_type"].iter().any(|name| {
            let given = self.ctx.arg(call, None, name).given();
            given
                .and_then(|given| self.ctx.str(given))
                .is_some_and(|kind| !kind.contains("html"))
        })
    }

    /// What a view returns to a browser.
    fn shown(&mut self, expr: &'a Expr, value: &Value) {
        let expr = match expr {
            Expr::Tuple(tuple) => match tuple.elts.first() {
                Some(first) => first,
                None => return,
            },
            other => other,
        };
        if matches!(
            expr,
            Expr::Dict(_) | Expr::List(_) | Expr::DictComp(_) | Expr::ListComp(_)
        ) {
            return;
        }
        let from_request = value.map(|part| {
            let request = match part.origin {
                Origin::Source(index) => self.file.source_of(index) == Some(Source::Request),
                _ => false,
            };
            if !request {
                part.live = NONE;
            }
        });
        self.hurt(Sink::Html, &from_request, expr.range(), "return");
    }

    /// What a language model is asked.
    fn prompt(&mut self, call: &'a ExprCall, name: &str, args: &[Value], keywords: &[Value]) {
        let all = args
            .iter()
            .chain(keywords)
            .fold(Value::default(), |all, one| all.join(one));
        let system = self.system_message(call);
        let value = all.map(|part| {
            let dangerous = match part.origin {
                Origin::Source(index) => match self.file.source_of(index) {
                    Some(Source::Secret | Source::Patient) => part.live & Sink::Prompt.bit() != 0,
                    Some(Source::Request | Source::Network | Source::Socket | Source::File) => {
                        part.live & JOINED != 0 && part.live & ALL != 0
                            || system.parts().iter().any(|one| one.origin == part.origin)
                    }
                    _ => false,
                },
                _ => part.live & JOINED != 0 || system.parts().iter().any(|one| one.origin == part.origin),
            };
            part.live = if dangerous {
                Sink::Prompt.bit() | (part.live & JOINED)
            } else {
                NONE
            };
        });
        let name = if name.is_empty() { "the model" } else { name };
        self.hurt(Sink::Prompt, &value, call.range(), name);
    }

    /// What the instructions of a call hold: `{"role": "system", "content": ..}`, and `system=..`.
    fn system_message(&mut self, call: &'a ExprCall) -> Value {
        let mut value = Value::default();
        for keyword in &call.arguments.keywords {
            let Some(name) = &keyword.arg else { continue };
            match name.as_str() {
                "system" | "instructions" | "system_prompt" | "system_instruction" => {
                    value = value.join(&self.eval(&keyword.value));
                }
                "messages" => {
                    if let Expr::List(list) = self.ctx.behind(&keyword.value) {
                        for message in &list.elts {
                            if let Expr::Dict(message) = message {
                                let is_system = message.items.iter().any(|item| {
                                    self.ctx
                                        .str(&item.value)
                                        .is_some_and(|text| matches!(&*text, "system" | "developer"))
                                });
                                if is_system {
                                    for item in &message.items {
                                        value = value.join(&self.eval(&item.value));
                                    }
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        value
    }

    fn hurt(&mut self, sink: Sink, value: &Value, range: TextRange, name: &str) {
        for part in value.parts() {
            if part.live & sink.bit() == 0 {
                continue;
            }
            // What anybody writes into a log matters only where it is known to be a secret.
            if sink == Sink::Log && !matches!(part.origin, Origin::Source(_)) {
                continue;
            }
            let known = self
                .hurts
                .iter()
                .any(|known| known.sink == sink && known.range == range && known.part.origin == part.origin);
            if !known && self.hurts.len() < 1_000 {
                self.hurts.push(Hurt {
                    sink,
                    part: *part,
                    range,
                    name: name.to_owned(),
                });
            }
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

    /// What the function leaves in fields: its object's, or the variables of the module.
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
        if self.ctx.current == 0
            && self
                .ctx
                .scopes
                .first()
                .is_some_and(|scope| scope.kind == ScopeKind::Module)
        {
            let path = self
                .ctx
                .scopes
                .first()
                .map_or(String::new(), |scope| scope.path.clone());
            let variables: Vec<(&str, Value)> = self
                .env
                .variables()
                .map(|(name, value)| (name, value.clone()))
                .collect();
            for (name, value) in variables {
                writes.push((self.file.field(&path, name), value));
            }
        }
        writes
    }
}

/// Characters of the program's own words from which on a text is an instruction.
const INSTRUCTION: usize = 16;
