//! What an expression holds.

use ruff_python_ast::{Comprehension, Expr, FStringPart, InterpolatedStringElement};
use ruff_text_size::{Ranged, TextRange};

use super::{
    cleaners,
    function::Following,
    guards,
    sinks::{ALL, Sink},
    sources::{self, Source},
    value::{JOINED, Origin, Value},
};
use crate::code::{constant::Const, context::Binding};

impl<'a> Following<'_, 'a> {
    pub(super) fn eval(&mut self, expr: &'a Expr) -> Value {
        if !self.spend() {
            return Value::default();
        }
        match expr {
            Expr::Name(name) => self.name(expr, name.id.as_str()),
            Expr::Attribute(attribute) => self.attribute(expr, &attribute.value, attribute.attr.as_str()),
            Expr::Subscript(subscript) => {
                let value = self.eval(&subscript.value);
                let key = self.eval(&subscript.slice);
                if !key.is_empty() && self.is_namespace(&subscript.value) {
                    self.hurt(Sink::Code, &key, expr.range(), "a look-up of a name");
                }
                match &*subscript.slice {
                    Expr::StringLiteral(key) => value.join(&self.sensitive(key.value.to_str(), expr.range())),
                    _ => value,
                }
            }
            Expr::Call(call) => self.call(expr, call),
            Expr::BinOp(binary) => {
                self.inside_sum += 1;
                let left = self.eval(&binary.left);
                self.inside_sum -= 1;
                let right = self.eval(&binary.right);
                let value = self.combine(&left, &right, &binary.left, &binary.right);
                // Of a sum of many parts the whole is looked at, not each part.
                if self.inside_sum == 0 {
                    self.put_together(expr, value)
                } else {
                    value
                }
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
                let value = if words >= INSTRUCTION { value.joined() } else { value };
                if words > 2 && self.inside_sum == 0 {
                    self.put_together(expr, value)
                } else {
                    value
                }
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

    /// Whether an expression is a table of everything that a program can call.
    pub(super) fn is_namespace(&self, expr: &'a Expr) -> bool {
        match self.ctx.behind(expr) {
            Expr::Call(call) => matches!(self.ctx.callee(call).as_deref(), Some("globals" | "locals" | "vars")),
            Expr::Attribute(attribute) => matches!(attribute.attr.as_str(), "__globals__" | "__builtins__"),
            _ => false,
        }
    }

    pub(super) fn all(&mut self, items: &'a [Expr]) -> Value {
        let mut value = Value::default();
        for item in items {
            value = value.join(&self.eval(item));
        }
        value
    }

    pub(super) fn comprehension(&mut self, generators: &'a [Comprehension], items: [Option<&'a Expr>; 2]) -> Value {
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
    pub(super) fn combine(&mut self, left: &Value, right: &Value, left_expr: &'a Expr, right_expr: &'a Expr) -> Value {
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

    pub(super) fn sensitive(&mut self, name: &str, range: TextRange) -> Value {
        if !self.file.sensitive {
            return Value::default();
        }
        match sources::of_variable(name) {
            Some(source) => self.source(source, range),
            None => Value::default(),
        }
    }

    pub(super) fn name(&mut self, expr: &'a Expr, name: &'a str) -> Value {
        let sensitive = self.sensitive(name, expr.range());
        if let Some(value) = self.env.get((name, "")) {
            return value.join(&sensitive);
        }
        match self.ctx.lookup(self.ctx.current, name) {
            // A variable of the module, in a function: what the module wrote there.
            Some((Binding::Value { expr: value, constant }, 0)) if self.ctx.current != 0 => {
                let followed = !constant
                    || matches!(
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
            // A variable or a parameter of the function around this one.
            Some((Binding::Value { .. } | Binding::Parameter(..) | Binding::Unknown, at))
                if at != self.ctx.current && self.ctx.enclosing.contains(&at) =>
            {
                let path = self.ctx.scopes.get(at).map_or("", |scope| scope.path.as_str());
                Value::of(Origin::Field(self.file.field(path, name)), ALL).join(&sensitive)
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

    pub(super) fn is_request(&self, name: &str) -> bool {
        match self.ctx.lookup(self.ctx.current, name) {
            Some((Binding::Parameter(annotation, _), _)) => {
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
    pub(super) fn is_request_object(&self, expr: &'a Expr) -> bool {
        match expr {
            Expr::Name(name) => self.is_request(name.id.as_str()),
            Expr::Attribute(inner) if inner.attr.as_str() == "request" => {
                matches!(&*inner.value, Expr::Name(name) if Some(name.id.as_str()) == self.object)
                    || self.ctx.name(expr).is_some_and(|name| sources::is_request(&name))
            }
            _ => false,
        }
    }

    pub(super) fn attribute(&mut self, expr: &'a Expr, base: &'a Expr, attr: &'a str) -> Value {
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
        // The last part of a path holds no separator.
        let is_path = || {
            let made = self.ctx.type_of(base);
            made.is_some_and(|made| matches!(made.as_str(), "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath"))
        };
        if matches!(attr, "name" | "stem" | "suffix") && !value.is_empty() && is_path() {
            return value.keep(ALL & !Sink::Path.bit()).join(&sensitive);
        }
        value.join(&sensitive)
    }
}

/// Characters of the program's own words from which on a text is an instruction.
pub(super) const INSTRUCTION: usize = 16;
