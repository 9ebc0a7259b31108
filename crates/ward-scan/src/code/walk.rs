//! One walk over a program: names are bound in the order in which they are met, and rules are asked.
//!
//! The body of a function is walked after the scope around it, because that is when it runs: it sees every name of the
//! module, also those below it.

mod calls;
mod given;

use std::collections::{HashMap, HashSet, VecDeque};

use ruff_python_ast::{
    Comprehension, ExceptHandler, Expr, ModModule, Parameters, Stmt, StmtClassDef, StmtFunctionDef,
    visitor::{self, Visitor},
};
use ward_evidence::RuleMeta;

use given::{attributes, given_back};

use super::{
    Ctx,
    context::{Binding, Scope, ScopeKind},
    flow, hollow,
    rule::{Hit, Node, Out, Rule, Site},
    table::{TABLE, Table},
};

/// What a walk found.
pub(super) type Hits = Vec<(&'static RuleMeta, Hit)>;

/// Walks a module and asks the rules.
pub(super) fn module<'a>(ctx: Ctx<'a>, module: &'a ModModule) -> (Ctx<'a>, flow::File, Hits) {
    let mut walk = Walk {
        file: flow::File::default(),
        to_follow: Vec::new(),
        aliases: HashSet::new(),
        ctx,
        table: &TABLE,
        hits: Vec::new(),
        later: VecDeque::new(),
        docstring: None,
    };
    walk.visit_body(&module.body);
    while let Some(body) = walk.later.pop_front() {
        walk.body(body);
    }
    walk.ctx.current = 0;
    walk.ctx.stmts.clear();
    walk.ask(&walk.table.module, Node::Module(&module.body), "");
    if walk.file.is_worth_following(&walk.ctx) {
        walk.file.module(&walk.ctx, module, &mut walk.hits);
        for (scope, function) in std::mem::take(&mut walk.to_follow) {
            walk.ctx.current = scope;
            walk.file.function(&walk.ctx, function, &mut walk.hits);
        }
    }
    (walk.ctx, walk.file, walk.hits)
}

/// The body of a function, to be walked later.
struct Later<'a> {
    function: &'a StmtFunctionDef,
    scope: usize,
    stmts: Vec<&'a Stmt>,
}

struct Walk<'a> {
    ctx: Ctx<'a>,
    file: flow::File,
    /// Functions, with their scopes, in the order in which they were walked.
    to_follow: Vec<(usize, &'a StmtFunctionDef)>,
    /// Names under which this file imports what rules want to be asked about.
    aliases: HashSet<&'a str>,
    table: &'static Table,
    hits: Hits,
    later: VecDeque<Later<'a>>,
    /// The string that stands alone as a statement, and is documentation or a comment.
    docstring: Option<&'a Expr>,
}

/// Most scopes of one file.
const MAX_SCOPES: usize = 100_000;

impl<'a> Walk<'a> {
    fn ask(&mut self, rules: &'static [&'static Rule], node: Node<'a>, name: &str) {
        for &rule in rules {
            let mut out = Out {
                rule,
                hits: &mut self.hits,
            };
            (rule.check)(&self.ctx, &Site { node, name }, &mut out);
        }
    }

    fn enter(&mut self, kind: ScopeKind, path: String) -> usize {
        let parent = self.ctx.current;
        if self.ctx.scopes.len() < MAX_SCOPES {
            self.ctx.scopes.push(Scope {
                kind,
                parent: Some(parent),
                names: HashMap::new(),
                attributes: HashMap::new(),
                filled: HashMap::new(),
                bases: Vec::new(),
                path,
            });
            self.ctx.current = self.ctx.scopes.len() - 1;
        }
        parent
    }

    fn body(&mut self, later: Later<'a>) {
        let Later { function, scope, stmts } = later;
        self.ctx.current = scope;
        self.ctx.conditional = 0;
        self.ctx.stmts = stmts;
        let path = self.ctx.path_of(function.name.as_str());
        if self
            .ctx
            .scopes
            .get(scope)
            .is_some_and(|scope| scope.kind == ScopeKind::Function)
        {
            self.ctx.enclosing.insert(scope);
        }
        self.enter(ScopeKind::Function, path.clone());
        if let Some(given) = self.ctx.gives.get_mut(&path) {
            given.own = Some(self.ctx.current);
        }
        self.bind_parameters(&function.parameters);
        let is_static = |one: &ruff_python_ast::Decorator| matches!(&one.expression, Expr::Name(name) if name.id.as_str() == "staticmethod");
        if let Some(class) = self.ctx.class_of_method()
            && !function.decorator_list.iter().any(is_static)
            && let Some(first) = function
                .parameters
                .posonlyargs
                .first()
                .or(function.parameters.args.first())
        {
            self.ctx.bind(first.parameter.name.as_str(), Binding::Instance(class));
        }
        self.visit_body(&function.body);
        self.to_follow.push((self.ctx.current, function));
    }

    fn bind_parameters(&mut self, parameters: &'a Parameters) {
        for with_default in parameters.iter_non_variadic_params() {
            let parameter = &with_default.parameter;
            let annotation = parameter.annotation.as_deref();
            self.file.meet(parameter.name.as_str());
            let binding = Binding::Parameter(annotation, with_default.default.as_deref());
            self.ctx.bind(parameter.name.as_str(), binding);
        }
        for parameter in parameters.vararg.iter().chain(&parameters.kwarg) {
            self.file.meet(parameter.name.as_str());
            self.ctx.bind(parameter.name.as_str(), Binding::Unknown);
        }
    }

    fn conditionally(&mut self, walk: impl FnOnce(&mut Self)) {
        self.ctx.conditional += 1;
        walk(self);
        self.ctx.conditional -= 1;
    }

    fn function(&mut self, stmt: &'a Stmt, function: &'a StmtFunctionDef) {
        self.ask(&self.table.function, Node::Stmt(stmt), "");
        for decorator in &function.decorator_list {
            self.visit_decorator(decorator);
        }
        self.visit_parameters(&function.parameters);
        if let Some(returns) = &function.returns {
            self.visit_annotation(returns);
        }
        let path = self.ctx.path_of(function.name.as_str());
        if hollow::is_hollow(function) {
            self.ctx.hollow.insert(path.clone());
        }
        if let Some(given) = given_back(function, self.ctx.current) {
            self.ctx.gives.insert(path.clone(), given);
        }
        self.ctx.bind(function.name.as_str(), Binding::Defined(path.into()));
        self.later.push_back(Later {
            function,
            scope: self.ctx.current,
            stmts: self.ctx.stmts.clone(),
        });
    }

    fn class(&mut self, stmt: &'a Stmt, class: &'a StmtClassDef) {
        for decorator in &class.decorator_list {
            self.visit_decorator(decorator);
        }
        let mut bases = Vec::new();
        if let Some(arguments) = &class.arguments {
            self.visit_arguments(arguments);
            bases.extend(arguments.args.iter().filter_map(|base| self.ctx.name(base)));
        }
        let path = self.ctx.path_of(class.name.as_str());
        self.ctx
            .bind(class.name.as_str(), Binding::Defined(path.clone().into()));
        let outer = self.enter(ScopeKind::Class, path);
        let current = self.ctx.current;
        if current != outer
            && let Some(scope) = self.ctx.scopes.get_mut(current)
        {
            scope.bases = bases;
            scope.attributes = attributes(class);
            let path = scope.path.clone();
            self.ctx.classes.insert(path, current);
        }
        self.ask(&self.table.class, Node::Stmt(stmt), "");
        let conditional = std::mem::take(&mut self.ctx.conditional);
        self.visit_body(&class.body);
        self.ctx.conditional = conditional;
        self.ctx.current = outer;
    }

    fn import(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let name = alias.name.as_str();
                    self.ctx.imports.push(name.to_owned());
                    self.ask_import(stmt, alias, name);
                    match &alias.asname {
                        Some(asname) => self.ctx.bind(asname.as_str(), Binding::Import(name.into())),
                        None => {
                            let head = name.split('.').next().unwrap_or(name);
                            self.ctx.bind(head, Binding::Import(head.into()));
                        }
                    }
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                let module = if import.level == 0 {
                    module.to_owned()
                } else {
                    relative(
                        &self.ctx.module,
                        self.ctx.path.ends_with("__init__.py"),
                        import.level,
                        module,
                    )
                };
                for alias in &import.names {
                    let name = alias.name.as_str();
                    if name == "*" {
                        self.ctx.stars.push(module.clone());
                        self.ctx.imports.push(module.clone());
                        self.ask_import(stmt, alias, &module);
                        continue;
                    }
                    let whole = if module.is_empty() {
                        name.to_owned()
                    } else {
                        format!("{module}.{name}")
                    };
                    self.ask_import(stmt, alias, &whole);
                    let bound = alias.asname.as_ref().map_or(name, |asname| asname.as_str());
                    if self.table.names.contains_key(whole.as_str()) {
                        self.aliases.insert(bound);
                    }
                    self.ctx.bind(bound, Binding::Import(whole.clone().into()));
                    self.ctx.imports.push(whole);
                }
            }
            _ => {}
        }
    }

    /// Asks about an import of `a.b.c`: the rules for it, for `a.b` and for `a`.
    fn ask_import(&mut self, stmt: &'a Stmt, alias: &'a ruff_python_ast::Alias, name: &str) {
        let mut part = name;
        loop {
            if let Some(rules) = self.table.imports.get(part) {
                self.ask(rules, Node::Import(stmt, alias), name);
            }
            match part.rsplit_once('.') {
                Some((outer, _)) => part = outer,
                None => break,
            }
        }
    }

    fn bind_target(&mut self, target: &'a Expr, value: Option<&'a Expr>, constant: bool) {
        match target {
            Expr::Name(name) => {
                let id = name.id.as_str();
                let binding = match value {
                    // What is made of itself has no name that would lead anywhere.
                    Some(expr) if root(expr).is_none_or(|root| root != id) => Binding::Value { expr, constant },
                    _ => Binding::Unknown,
                };
                self.ctx.bind(id, binding);
            }
            Expr::Tuple(tuple) => self.bind_each(&tuple.elts, value, constant),
            Expr::List(list) => self.bind_each(&list.elts, value, constant),
            Expr::Starred(starred) => self.bind_target(&starred.value, None, false),
            Expr::Subscript(subscript) => {
                if let Expr::Name(name) = &*subscript.value {
                    self.ctx.blur(name.id.as_str());
                    if let Some(value) = value
                        && (value.is_literal_expr()
                            || matches!(value, Expr::Name(_) | Expr::Attribute(_) | Expr::Call(_)))
                    {
                        self.ctx.fill(name.id.as_str(), &subscript.slice, value);
                    }
                }
            }
            _ => {}
        }
    }

    fn bind_each(&mut self, targets: &'a [Expr], value: Option<&'a Expr>, constant: bool) {
        let values: &[Expr] = match value {
            Some(Expr::Tuple(tuple)) if tuple.elts.len() == targets.len() => &tuple.elts,
            Some(Expr::List(list)) if list.elts.len() == targets.len() => &list.elts,
            _ => &[],
        };
        for (index, target) in targets.iter().enumerate() {
            self.bind_target(target, values.get(index), constant);
        }
    }
}

/// The name at the root of `a.b(c)[d].e`.
pub(super) fn root(expr: &Expr) -> Option<&str> {
    let mut expr = expr;
    loop {
        expr = match expr {
            Expr::Name(name) => return Some(name.id.as_str()),
            Expr::Attribute(attribute) => &attribute.value,
            Expr::Call(call) => &call.func,
            Expr::Subscript(subscript) => &subscript.value,
            Expr::Await(inner) => &inner.value,
            _ => return None,
        };
    }
}

/// What `from .. import` means in a module of this project: `~` and the path of the package.
fn relative(module: &str, is_package: bool, level: u32, name: &str) -> String {
    let mut package = module;
    let up = if is_package { level.saturating_sub(1) } else { level };
    for _ in 0..up {
        package = package.rsplit_once('.').map_or("", |(outer, _)| outer);
        if package.is_empty() {
            break;
        }
    }
    match (package.is_empty(), name.is_empty()) {
        (true, _) => format!("~{name}"),
        (false, true) => format!("~{package}"),
        (false, false) => format!("~{package}.{name}"),
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.ctx.stmts.push(stmt);
        let exprs = std::mem::take(&mut self.ctx.exprs);
        match stmt {
            Stmt::FunctionDef(function) => self.function(stmt, function),
            Stmt::ClassDef(class) => self.class(stmt, class),
            Stmt::Import(_) | Stmt::ImportFrom(_) => self.import(stmt),
            Stmt::Assign(assign) => {
                visitor::walk_stmt(self, stmt);
                self.ask(&self.table.assign, Node::Stmt(stmt), "");
                for target in &assign.targets {
                    self.bind_target(target, Some(&assign.value), true);
                }
            }
            Stmt::AnnAssign(assign) => {
                visitor::walk_stmt(self, stmt);
                self.ask(&self.table.assign, Node::Stmt(stmt), "");
                match &assign.value {
                    Some(value) => self.bind_target(&assign.target, Some(value), true),
                    None => {
                        if let Expr::Name(name) = &*assign.target {
                            self.ctx
                                .bind(name.id.as_str(), Binding::Parameter(Some(&assign.annotation), None));
                        }
                    }
                }
            }
            Stmt::AugAssign(assign) => {
                visitor::walk_stmt(self, stmt);
                self.ask(&self.table.assign, Node::Stmt(stmt), "");
                if let Expr::Name(name) = &*assign.target {
                    self.ctx.blur(name.id.as_str());
                }
            }
            Stmt::For(inner) => {
                self.visit_expr(&inner.iter);
                self.visit_expr(&inner.target);
                self.bind_target(&inner.target, None, false);
                self.conditionally(|walk| {
                    walk.visit_body(&inner.body);
                    walk.visit_body(&inner.orelse);
                });
            }
            Stmt::With(inner) => {
                for item in &inner.items {
                    self.visit_expr(&item.context_expr);
                    if let Some(target) = item.optional_vars.as_deref() {
                        self.visit_expr(target);
                        self.bind_target(target, Some(&item.context_expr), false);
                    }
                }
                self.ask(&self.table.with, Node::Stmt(stmt), "");
                self.visit_body(&inner.body);
            }
            Stmt::If(_) => {
                self.ask(&self.table.if_, Node::Stmt(stmt), "");
                self.conditionally(|walk| visitor::walk_stmt(walk, stmt));
            }
            Stmt::While(_) | Stmt::Match(_) => self.conditionally(|walk| visitor::walk_stmt(walk, stmt)),
            Stmt::Try(_) => {
                self.ask(&self.table.try_, Node::Stmt(stmt), "");
                self.conditionally(|walk| visitor::walk_stmt(walk, stmt));
            }
            Stmt::Assert(_) => {
                self.ask(&self.table.assert, Node::Stmt(stmt), "");
                visitor::walk_stmt(self, stmt);
            }
            Stmt::Raise(_) => {
                self.ask(&self.table.raise, Node::Stmt(stmt), "");
                visitor::walk_stmt(self, stmt);
            }
            Stmt::Expr(inner) => {
                if matches!(&*inner.value, Expr::StringLiteral(_)) {
                    self.docstring = Some(&inner.value);
                }
                self.ask(&self.table.expression, Node::Stmt(stmt), "");
                visitor::walk_stmt(self, stmt);
            }
            Stmt::Global(inner) => {
                for name in &inner.names {
                    if let Some(Binding::Value { constant, .. }) = self
                        .ctx
                        .scopes
                        .first_mut()
                        .and_then(|scope| scope.names.get_mut(name.as_str()))
                    {
                        *constant = false;
                    }
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
        self.ctx.exprs = exprs;
        self.ctx.stmts.pop();
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.ctx.bind(name.as_str(), Binding::Unknown);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let table = self.table;
        match expr {
            Expr::Call(call) => self.call(call),
            Expr::Name(_) | Expr::Attribute(_) => self.name(expr),
            Expr::StringLiteral(text) => {
                self.file.meet(text.value.to_str());
                if !self.docstring.is_some_and(|docstring| std::ptr::eq(docstring, expr)) {
                    self.ask(&table.str, Node::Expr(expr), "");
                }
                return;
            }
            Expr::BytesLiteral(_) => {
                self.ask(&table.bytes, Node::Expr(expr), "");
                return;
            }
            Expr::NumberLiteral(_) | Expr::BooleanLiteral(_) | Expr::NoneLiteral(_) | Expr::EllipsisLiteral(_) => {
                return;
            }
            Expr::FString(_) => self.ask(&table.f_string, Node::Expr(expr), ""),
            Expr::BinOp(_) => self.ask(&table.bin_op, Node::Expr(expr), ""),
            Expr::Compare(_) => self.ask(&table.compare, Node::Expr(expr), ""),
            Expr::Dict(_) => self.ask(&table.dict, Node::Expr(expr), ""),
            _ => {}
        }
        if matches!(expr, Expr::Name(_)) {
            return;
        }
        self.ctx.exprs.push(expr);
        match expr {
            Expr::ListComp(inner) => self.comprehension(expr, &inner.generators),
            Expr::SetComp(inner) => self.comprehension(expr, &inner.generators),
            Expr::DictComp(inner) => self.comprehension(expr, &inner.generators),
            Expr::Generator(inner) => self.comprehension(expr, &inner.generators),
            Expr::Lambda(inner) => {
                let outer = self.enter(ScopeKind::Function, String::new());
                if let Some(parameters) = &inner.parameters {
                    self.bind_parameters(parameters);
                }
                visitor::walk_expr(self, expr);
                self.ctx.current = outer;
            }
            Expr::Named(inner) => {
                visitor::walk_expr(self, expr);
                self.bind_target(&inner.target, Some(&inner.value), false);
            }
            _ => visitor::walk_expr(self, expr),
        }
        self.ctx.exprs.pop();
    }
}

impl<'a> Walk<'a> {
    fn comprehension(&mut self, expr: &'a Expr, generators: &'a [Comprehension]) {
        let outer = self.enter(ScopeKind::Comprehension, String::new());
        for generator in generators {
            self.bind_target(&generator.target, None, false);
        }
        visitor::walk_expr(self, expr);
        self.ctx.current = outer;
    }
}
