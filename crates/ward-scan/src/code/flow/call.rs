//! What a call gives, and what it does with what it is given.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{
    cleaners,
    expression::INSTRUCTION,
    function::{Call, Following},
    roles::Role,
    sinks::{self, ALL, Sink, Which},
    sources::{self, Source},
    summary::Argument,
    value::{Origin, Value},
};
use crate::code::constant::Const;

/// How deep calls of lambdas in lambdas are followed.
const MOST_LAMBDAS: u32 = 4;

impl<'a> Following<'_, 'a> {
    pub(super) fn call(&mut self, expr: &'a Expr, call: &'a ExprCall) -> Value {
        let (end, receiver) = match &*call.func {
            Expr::Attribute(attribute) => (attribute.attr.as_str(), Some(&*attribute.value)),
            Expr::Name(name) => (name.id.as_str(), None),
            other => ("", Some(other)),
        };
        let stand_in = self
            .stand_ins
            .iter()
            .rev()
            .find(|(name, _)| receiver.is_none() && *name == end);
        let stand_in = stand_in.map(|(_, function)| function.clone());
        let name = stand_in.or_else(|| self.ctx.callee(call)).unwrap_or_default();
        let end = if receiver.is_none() {
            name.rsplit('.').next().unwrap_or(end)
        } else {
            end
        };
        let owned = name.starts_with('~');
        let role = self.file.roles.of(&name, end, owned);
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
        let is_held = !object.is_empty() || args.iter().chain(&keywords).any(|one| !one.is_empty());
        if is_held {
            for (which, sink) in &role.sinks {
                self.sink(call, &name, end, *which, *sink, &object, &args, &keywords);
            }
        }
        let model = role.asks_model
            || name.is_empty()
                && self
                    .ctx
                    .type_of(&call.func)
                    .is_some_and(|made| sources::is_model(&made));
        if model {
            if is_held {
                self.prompt(call, &name, &args, &keywords);
            }
            return self.source(Source::Model, expr.range());
        }
        if asked {
            return self.source(Source::Request, expr.range());
        }
        self.callbacks(call, end);
        self.deferred(call, end, &args, &keywords);
        if end == "get"
            && let (Some(receiver), Some(key)) = (receiver, args.first())
            && !key.is_empty()
            && self.is_namespace(receiver)
        {
            self.hurt(Sink::Code, key, call.range(), "a look-up of a name");
        }
        let key = match (end, call.arguments.args.first()) {
            ("get" | "pop" | "getenv" | "getattr", Some(Expr::StringLiteral(key))) => {
                self.sensitive(key.value.to_str(), expr.range())
            }
            _ => Value::default(),
        };
        if let Some(source) = role.source {
            return self.source(source, expr.range()).join(&key);
        }
        if name.is_empty()
            && is_held
            && matches!(
                &*call.func,
                Expr::Name(_) | Expr::Subscript(_) | Expr::Call(_) | Expr::If(_) | Expr::BoolOp(_)
            )
        {
            let result = self.one_of(call, &args, &keywords);
            if !result.is_empty() {
                return result.join(&key);
            }
        }
        if name.is_empty() {
            if let Some((made, name)) = self.ctx.method_called(call) {
                let given: Vec<Value> = made.arguments.args.iter().skip(1).map(|one| self.eval(one)).collect();
                self.called_later(call, name, &given);
            }
            let made = self.ctx.type_of(&call.func);
            if made.is_some_and(|made| {
                matches!(
                    made.as_str(),
                    "collections.namedtuple" | "typing.NamedTuple" | "dataclasses.make_dataclass"
                )
            }) {
                return args.iter().chain(&keywords).fold(key, |all, one| all.join(one));
            }
            if let Some(result) = self.lambda(call, &args, &keywords) {
                return result.join(&key);
            }
        }
        let mine = owned || self.may_be_project(&name);
        if let Some(mask) = role.says.filter(|_| role.keeps.is_none()) {
            let held = args
                .iter()
                .chain(&keywords)
                .fold(Value::default(), |all, one| all.join(one));
            let kept = held.keep(mask);
            // When the files are joined it is seen whether the project's function does what it says.
            return if mine && is_held {
                kept.join(&self.project_call(call, name, &args, &keywords))
            } else {
                kept
            };
        }
        if role.keeps.is_none() && mine {
            // One of the members that the program lists, or none.
            if self.ctx.is_enumeration(&name) {
                return key;
            }
            // What a class without a constructor of its own is made of is what it holds: a data class, a named tuple.
            if self.ctx.is_record(&name) {
                let held = args.iter().chain(&keywords).fold(key, |all, one| all.join(one));
                return held.join(&self.project_call(call, name, &args, &keywords));
            }
            let result = self.project_call(call, name, &args, &keywords);
            // What an object of the project's gives may be what it holds.
            return if object.is_empty() {
                result
            } else {
                result.join(&object)
            };
        }
        if !is_held {
            return if end == "format" && self.inside_sum == 0 {
                self.put_together(expr, key)
            } else {
                key
            };
        }
        let arguments = args
            .iter()
            .chain(&keywords)
            .fold(Value::default(), |all, one| all.join(one));
        self.passed(expr, call, end, receiver, &role, &object, arguments, key)
    }

    /// What a lambda that is called under a name gives, and does with what it is given.
    fn lambda(&mut self, call: &'a ExprCall, args: &[Value], keywords: &[Value]) -> Option<Value> {
        let Expr::Lambda(lambda) = self.ctx.behind(&call.func) else {
            return None;
        };
        // Lambdas that call themselves, or each other in a circle.
        if self.lambdas >= MOST_LAMBDAS {
            return None;
        }
        let before = self.env.clone();
        let functions = self.stand_ins.len();
        let parameters = lambda.parameters.iter().flat_map(|all| all.iter_non_variadic_params());
        for (position, parameter) in parameters.enumerate() {
            let name = parameter.name().as_str();
            let mut named = call.arguments.keywords.iter().zip(keywords);
            let named = named.find(|(one, _)| one.arg.as_ref().is_some_and(|arg| arg.as_str() == name));
            let value = args.get(position).or(named.map(|(_, value)| value));
            self.env.set((name, ""), value.cloned().unwrap_or_default());
            let handed = call.arguments.find_argument_value(name, position);
            if let Some(function) = handed.and_then(|handed| self.ctx.name(handed)) {
                self.stand_ins.push((name, function));
            }
        }
        self.lambdas += 1;
        let value = self.eval(&lambda.body);
        self.lambdas -= 1;
        self.stand_ins.truncate(functions);
        self.env = before;
        Some(value)
    }

    /// A call of one of several functions, nobody knows which: an entry of a table, either side of a condition.
    fn one_of(&mut self, call: &'a ExprCall, args: &[Value], keywords: &[Value]) -> Value {
        let mut result = Value::default();
        for name in self.ctx.choices(&call.func) {
            let owned = name.starts_with('~');
            let end = name.rsplit('.').next().unwrap_or(&name).to_owned();
            let role = self.file.roles.of(&name, &end, owned);
            for (which, sink) in &role.sinks {
                self.sink(call, &name, &end, *which, *sink, &Value::default(), args, keywords);
            }
            if role.keeps.is_none() && (owned || self.may_be_project(&name)) {
                result = result.join(&self.project_call(call, name, args, keywords));
            } else if role.passes {
                result = args.iter().fold(result, |all, one| all.join(one));
            }
        }
        result
    }

    /// What a call gives of what it is given.
    #[expect(clippy::too_many_arguments, reason = "the call, with what each part of it holds")]
    fn passed(
        &mut self,
        expr: &'a Expr,
        call: &'a ExprCall,
        end: &str,
        receiver: Option<&'a Expr>,
        role: &Role,
        object: &Value,
        arguments: Value,
        key: Value,
    ) -> Value {
        if let Some(mask) = role.keeps {
            return arguments.keep(mask);
        }
        if role.fills
            && let Some(receiver) = receiver
        {
            self.fill(receiver, &arguments);
        }
        if role.passes {
            return if end == "format" {
                arguments.join(object)
            } else {
                arguments
            };
        }
        if matches!(&*call.func, Expr::Name(_)) || role.is_clean {
            return key;
        }
        let mut value = object.join(&key);
        // `request.args.get("page", 1, type=int)`
        let converted = match end {
            "get" => self.ctx.arg(call, 2, "type").given(),
            "getlist" => self.ctx.arg(call, 1, "type").given(),
            _ => None,
        };
        let converted = converted.and_then(|kind| cleaners::of_call(&self.ctx.name(kind)?));
        if let Some(mask) = converted {
            value = value.keep(mask);
        }
        if role.passes_arguments && !matches!(end, "get" | "pop") {
            value = value.join(&arguments);
            let words = || match receiver.map(|receiver| self.ctx.constant(receiver)) {
                Some(Const::Str(text)) => text.len(),
                _ => 0,
            };
            if !value.is_empty() && words() >= INSTRUCTION {
                value = value.joined();
            }
            if end == "format" {
                value = self.put_together(expr, value);
            }
        }
        value
    }

    /// Whether a name that is imported may be one of the project's.
    pub(super) fn may_be_project(&self, name: &str) -> bool {
        let head = name.split('.').next().unwrap_or(name);
        !head.is_empty() && self.file.heads.contains(head)
    }

    pub(super) fn project_call(
        &mut self,
        call: &'a ExprCall,
        callee: String,
        args: &[Value],
        keywords: &[Value],
    ) -> Value {
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
    pub(super) fn callbacks(&mut self, call: &'a ExprCall, end: &str) {
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

    /// A function that is handed over with its arguments, to be called in another thread or later.
    fn deferred(&mut self, call: &'a ExprCall, end: &str, args: &[Value], keywords: &[Value]) {
        let position = match end {
            "run_in_executor" => 1,
            "to_thread" | "submit" | "partial" | "apply_async" | "map" | "starmap" | "imap" | "call_soon"
            | "add_task" | "filter" | "filterfalse" | "reduce" => 0,
            "Thread" | "Process" | "Timer" => {
                self.thread(call, keywords);
                return;
            }
            _ => return,
        };
        let Some(callee) = call
            .arguments
            .args
            .get(position)
            .and_then(|callee| self.ctx.name(callee))
        else {
            return;
        };
        let given = args.get(position + 1..).unwrap_or_default();
        self.called_later(call, callee, given);
    }

    /// `Thread(target=f, args=(a, b))`.
    fn thread(&mut self, call: &'a ExprCall, keywords: &[Value]) {
        let named = |name: &str| {
            let mut all = call.arguments.keywords.iter().zip(keywords);
            all.find(|(one, _)| one.arg.as_ref().is_some_and(|arg| arg.as_str() == name))
        };
        if let (Some((target, _)), Some((args, _))) = (named("target"), named("args"))
            && let Some(callee) = self.ctx.name(&target.value)
        {
            let given: Vec<Value> = match &args.value {
                Expr::Tuple(tuple) => tuple.elts.iter().map(|one| self.eval(one)).collect(),
                Expr::List(list) => list.elts.iter().map(|one| self.eval(one)).collect(),
                _ => Vec::new(),
            };
            self.called_later(call, callee, &given);
        }
    }

    fn called_later(&mut self, call: &'a ExprCall, callee: String, given: &[Value]) {
        if given.iter().all(Value::is_empty) {
            return;
        }
        let owned = callee.starts_with('~');
        let end = callee.rsplit('.').next().unwrap_or(&callee);
        for (which, sink) in sinks::of_call(&callee, end, owned) {
            match which {
                Which::At(position, _) => {
                    if let Some(value) = given.get(position) {
                        self.hurt(sink, value, call.range(), &callee);
                    }
                }
                Which::Any => {
                    for value in given {
                        self.hurt(sink, value, call.range(), &callee);
                    }
                }
                Which::Receiver => {}
            }
        }
        if owned || self.may_be_project(&callee) {
            let arguments = given.iter().enumerate().filter(|(_, value)| !value.is_empty());
            let arguments = arguments
                .map(|(position, value)| {
                    (
                        Argument::Position(u32::try_from(position).unwrap_or(u32::MAX)),
                        value.clone(),
                    )
                })
                .collect();
            self.calls.push(Call {
                callee,
                range: call.range(),
                arguments,
            });
        }
    }
}
