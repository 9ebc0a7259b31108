//! Whether what a call is given does harm there.

use ruff_python_ast::{Expr, ExprCall, InterpolatedStringElement, Keyword, Operator};
use ruff_text_size::{Ranged, TextRange};

use super::{
    Hurt,
    function::Following,
    given::Given,
    sinks::{ALL, NONE, Sink, Which},
    sources::Source,
    value::{JOINED, Origin, Value},
};

impl<'a> Following<'_, 'a> {
    #[expect(clippy::too_many_arguments, reason = "the call, with what each part of it holds")]
    pub(super) fn sink(
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
                    // `f(**{"args": x})`
                    (None, None) => match self.ctx.arg(call, position, keyword).given() {
                        Some(given) => (self.eval(given), Some(given)),
                        None => return,
                    },
                }
            }
        };
        if value.is_empty() {
            return;
        }
        let value = match (sink, expr) {
            (Sink::Command, Some(command)) => self.of_command(call, command, value),
            (Sink::Command, None) => self.of_program(call, name, args),
            (Sink::Url, Some(url)) if self.is_anchored(url, sink) => {
                let name = if name.is_empty() { end } else { name };
                return self.hurt(Sink::Address, &value, call.range(), name);
            }
            (Sink::Redirect, Some(url)) if self.is_anchored(url, sink) => return,
            (Sink::Redirect, Some(url)) => self.of_redirect(url, value),
            (Sink::Deserialise, _) if self.is_safe_load(call, name) => return,
            (Sink::Html, _) if self.is_no_page(call) => return,
            // Only what a request brought is written where it says.
            (Sink::Path, _) if end == "save" && object.is_empty() => return,
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
    pub(super) fn of_command(&mut self, call: &'a ExprCall, command: &'a Expr, value: Value) -> Value {
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
        if through_shell {
            return value;
        }
        match self.handed_over(items, matches!(command, Expr::Name(_))) {
            Given::Held(held) => items
                .first()
                .map(|program| self.eval(program))
                .unwrap_or_default()
                .join(&held),
            Given::All => value,
        }
    }

    /// The same for functions that take the program and its arguments one by one.
    pub(super) fn of_program(&mut self, call: &'a ExprCall, name: &str, args: &[Value]) -> Value {
        let program = usize::from(name.contains("spawn") && name.starts_with("os."));
        let mut value = args.get(program).cloned().unwrap_or_default();
        let words = call.arguments.args.get(program..).unwrap_or_default();
        let lists = call.arguments.args.iter().filter_map(|arg| match self.ctx.behind(arg) {
            Expr::List(list) => Some((&*list.elts, matches!(arg, Expr::Name(_)))),
            _ => None,
        });
        let all: Vec<(&'a [Expr], bool)> = std::iter::once((words, false)).chain(lists).collect();
        for (words, filled) in all {
            match self.handed_over(words, filled) {
                Given::Held(held) => value = value.join(&held),
                Given::All => return args.iter().fold(value, |all, one| all.join(one)),
            }
        }
        value
    }

    /// What of an address that a visitor is sent to is not the address that was asked for, which is one of this site. What is
    /// cut out of that is a stranger's.
    fn of_redirect(&mut self, url: &'a Expr, value: Value) -> Value {
        let written = self.ctx.behind(url);
        if self.is_of_site(written) {
            return Value::default();
        }
        match written {
            Expr::BoolOp(inner) => {
                let others = inner.values.iter().filter(|one| !self.is_of_site(self.ctx.behind(one)));
                let others: Vec<&'a Expr> = others.collect();
                others
                    .into_iter()
                    .fold(Value::default(), |all, one| all.join(&self.eval(one)))
            }
            Expr::If(inner) if self.is_of_site(&inner.body) && self.ctx.str(&inner.orelse).is_some() => {
                Value::default()
            }
            Expr::BinOp(_) => {
                let mut parts = Vec::new();
                let mut left = written;
                while let Expr::BinOp(sum) = left
                    && sum.op == Operator::Add
                    && parts.len() < 50
                {
                    parts.push(&*sum.right);
                    left = &sum.left;
                }
                parts.push(left);
                parts.reverse();
                // Behind `?` or `#` nothing says any more which site it is.
                let query = |part: &&Expr| self.ctx.constant(part).beginning().contains(['?', '#']);
                match parts.iter().position(query) {
                    Some(end) => self.of_site_parts(parts.get(..end).unwrap_or_default()),
                    None => self.of_parts(&parts, value),
                }
            }
            Expr::FString(text) => {
                let ends = |one: &InterpolatedStringElement| {
                    one.as_literal().is_some_and(|text| text.value.contains(['?', '#']))
                };
                if text.value.elements().any(ends) {
                    let before = text.value.elements().take_while(|one| !ends(one));
                    let parts: Vec<&'a Expr> = before
                        .filter_map(|one| Some(&*one.as_interpolation()?.expression))
                        .collect();
                    return self.of_site_parts(&parts);
                }
                let first = text.value.elements().next().and_then(|one| one.as_interpolation());
                let others = text.value.elements().skip(1).filter_map(|one| one.as_interpolation());
                let mut parts: Vec<&'a Expr> = first.map(|one| &*one.expression).into_iter().collect();
                parts.extend(others.map(|one| &*one.expression));
                match first {
                    Some(_) => self.of_parts(&parts, value),
                    None => value,
                }
            }
            _ => value,
        }
    }

    /// What of the parts of an address that name its site comes from outside.
    fn of_site_parts(&mut self, parts: &[&'a Expr]) -> Value {
        let all = parts
            .iter()
            .fold(Value::default(), |all, one| all.join(&self.eval(one)));
        self.of_parts(parts, all)
    }

    /// What of a sum does not come from the address that was asked for, where that stands first or behind a host.
    fn of_parts(&mut self, parts: &[&'a Expr], value: Value) -> Value {
        let before = parts.iter().map_while(|part| self.ctx.str(part)).collect::<Vec<_>>();
        let (count, before) = (before.len(), before.concat());
        let site = parts
            .get(count)
            .is_some_and(|part| self.is_of_site(self.ctx.behind(part)));
        if !site || before.ends_with('/') {
            return value;
        }
        let rest = parts.get(count + 1..).unwrap_or_default();
        rest.iter().fold(Value::default(), |all, one| all.join(&self.eval(one)))
    }

    /// Whether an expression is the address that was asked for, or its path.
    fn is_of_site(&self, expr: &'a Expr) -> bool {
        match expr {
            Expr::Attribute(attribute) => match attribute.attr.as_str() {
                "path" | "full_path" | "url" | "base_url" if self.is_request_object(&attribute.value) => true,
                "path" => matches!(&*attribute.value, Expr::Attribute(_)) && self.is_of_site(&attribute.value),
                _ => false,
            },
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(method) if method.attr.as_str() == "get_full_path" => {
                    self.is_request_object(&method.value)
                }
                // `request.url.replace("http://", "https://")`: as it began before, it begins afterwards.
                // `request.url.replace(scheme="https")`, as Starlette has it.
                Expr::Attribute(method) if method.attr.as_str() == "replace" && call.arguments.args.is_empty() => {
                    let same_site = |given: &'a Keyword| {
                        let name = given.arg.as_ref().map(|name| name.as_str());
                        matches!(name, Some("scheme" | "path" | "query" | "fragment"))
                            && self.ctx.str(&given.value).is_some()
                    };
                    call.arguments.keywords.iter().all(same_site) && self.is_of_site(self.ctx.behind(&method.value))
                }
                Expr::Attribute(method) if method.attr.as_str() == "replace" => {
                    let word = |at: usize| call.arguments.args.get(at).and_then(|word| self.ctx.str(word));
                    let begins = |from: &str, to: &str| {
                        let is_path = |word: &str| word.len() > 1 && word.starts_with('/') && !word.starts_with("//");
                        is_path(from) && is_path(to)
                            || from.starts_with("http:") && to.strip_prefix("https") == from.strip_prefix("http")
                    };
                    let (from, to) = (word(0), word(1));
                    from.zip(to).is_some_and(|(from, to)| begins(&from, &to))
                        && self.is_of_site(self.ctx.behind(&method.value))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether the host of an address is fixed, or a path of this site.
    pub(super) fn is_anchored(&self, url: &'a Expr, sink: Sink) -> bool {
        let constant = self.ctx.constant(url);
        let start = constant.beginning();
        match start.split_once("://") {
            Some((_, rest)) => rest.contains(['/', '?', '#']),
            None => sink == Sink::Redirect && start.starts_with('/') && start.len() > 1 && !start.starts_with("//"),
        }
    }

    /// Whether a loader was told to make nothing but data.
    pub(super) fn is_safe_load(&self, call: &'a ExprCall, name: &str) -> bool {
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
                .is_some_and(|only| !self.ctx.is_false(only)),
            _ => false,
        }
    }

    /// Whether a response is declared to be something else than a page.
    pub(super) fn is_no_page(&self, call: &'a ExprCall) -> bool {
        ["content_type", "mimetype", "media_type"].iter().any(|name| {
            let given = self.ctx.arg(call, None, name).given();
            given
                .and_then(|given| self.ctx.str(given))
                .is_some_and(|kind| !kind.contains("html"))
        })
    }

    /// What a view returns to a browser.
    pub(super) fn shown(&mut self, expr: &'a Expr, value: &Value) {
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
    pub(super) fn prompt(&mut self, call: &'a ExprCall, name: &str, args: &[Value], keywords: &[Value]) {
        let all = args
            .iter()
            .chain(keywords)
            .fold(Value::default(), |all, one| all.join(one));
        let system = self.system_message(call);
        let value = all.map(|part| {
            let instructs = system.parts().iter().any(|one| one.origin == part.origin);
            let dangerous = match part.origin {
                Origin::Source(index) => match self.file.source_of(index) {
                    Some(Source::Secret | Source::Patient) => part.live & Sink::Prompt.bit() != 0,
                    Some(Source::Request | Source::Network | Source::Socket | Source::File) => {
                        part.live & JOINED != 0 && part.live & ALL != 0 || instructs
                    }
                    _ => false,
                },
                _ => part.live & JOINED != 0 || instructs,
            };
            // What stands in the instructions is one text with them, even if it is all of them.
            let joined = if instructs { JOINED } else { part.live & JOINED };
            part.live = if dangerous { Sink::Prompt.bit() | joined } else { NONE };
        });
        let name = if name.is_empty() { "the model" } else { name };
        self.hurt(Sink::Prompt, &value, call.range(), name);
    }

    /// What the instructions of a call hold: `{"role": "system", "content": ..}`, and `system=..`.
    pub(super) fn system_message(&mut self, call: &'a ExprCall) -> Value {
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

    pub(super) fn hurt(&mut self, sink: Sink, value: &Value, range: TextRange, name: &str) {
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
}
