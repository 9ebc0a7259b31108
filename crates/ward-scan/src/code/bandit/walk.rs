//! One walk over the program, in its order, with what Bandit knows at each place: imports so far, what encloses it.

use std::collections::{HashMap, HashSet};

use ruff_python_ast::{
    AnyNodeRef, Expr, ExprCall, ModModule, Stmt, StmtFunctionDef, StmtImport, StmtImportFrom,
    token::Tokens,
    visitor::source_order::{SourceOrderVisitor, TraversalSignal},
};
use ruff_text_size::{Ranged, TextRange};
use ward_evidence::Severity;

use super::{
    Hit, crypto, files, ids, imports, markup, network,
    nosec::Comments,
    process, sql, strings,
    values::{self, Value},
};

/// The walk, and what is known where it stands.
pub(super) struct Walk<'a> {
    pub(super) source: &'a str,
    module: &'a ModModule,
    /// What imports gave other names, and names taken out of modules.
    aliases: HashMap<String, String>,
    /// Everything that was imported so far.
    imports: HashSet<String>,
    /// What encloses the place, outermost first.
    pub(super) around: Vec<AnyNodeRef<'a>>,
    comments: Comments,
    pub(super) hits: Vec<Hit>,
    pub(super) kept_back: u64,
}

/// A call as the tests see it.
pub(super) struct Call<'a> {
    pub(super) node: &'a ExprCall,
    /// The name with aliases replaced. What is no name in it is empty: `a().b()` is `.b`.
    pub(super) full: String,
}

impl<'a> Walk<'a> {
    pub(super) fn new(source: &'a str, module: &'a ModModule, tokens: &Tokens) -> Self {
        Self {
            source,
            module,
            aliases: HashMap::new(),
            imports: HashSet::new(),
            around: Vec::new(),
            comments: Comments::read(source, tokens),
            hits: Vec::new(),
            kept_back: 0,
        }
    }

    pub(super) fn run(&mut self) {
        for stmt in self.body() {
            self.visit_stmt(stmt);
        }
    }

    /// The statements of the file.
    pub(super) fn body(&self) -> &'a [Stmt] {
        &self.module.body
    }

    /// Reports `id` at `range`, for a place whose lines are those of `over`: a comment on one of them may keep it back.
    pub(super) fn report(&mut self, id: &str, severity: Severity, range: TextRange, over: TextRange) {
        let Some(test) = ids::by_id(id) else { return };
        let marks = self.comments.over(range.start(), over);
        if marks.is_some_and(|marks| marks.keep_back(test.number)) {
            self.kept_back += 1;
        } else {
            self.hits.push(Hit { test, severity, range });
        }
    }

    /// Reports `id` about a call.
    pub(super) fn about(&mut self, id: &str, severity: Severity, call: &Call<'a>) {
        self.report(id, severity, call.node.range(), call.node.range());
    }

    /// Reports `id` about an argument of a call, or about the call when it has none of that name.
    pub(super) fn about_argument(&mut self, id: &str, severity: Severity, call: &Call<'a>, name: &str) {
        let range = call.keyword(name).map_or(call.node.range(), Ranged::range);
        self.report(id, severity, range, call.node.range());
    }

    /// Whether exactly this was imported.
    pub(super) fn imported(&self, name: &str) -> bool {
        self.imports.contains(name)
    }

    /// Whether the name of anything that was imported holds this.
    pub(super) fn imported_like(&self, part: &str) -> bool {
        self.imports.iter().any(|name| name.contains(part))
    }

    /// The node that encloses the place, as Python's own tree has it: `depth` 0 is the innermost.
    pub(super) fn parent(&self, depth: usize) -> Option<AnyNodeRef<'a>> {
        let real = |node: &&AnyNodeRef<'a>| {
            !matches!(
                node,
                AnyNodeRef::Arguments(_)
                    | AnyNodeRef::ElifElseClause(_)
                    | AnyNodeRef::Decorator(_)
                    | AnyNodeRef::ParameterWithDefault(_)
            )
        };
        self.around.iter().rev().filter(real).nth(depth).copied()
    }

    /// The bytes from the first to the last line that Python's tree gives a node.
    pub(super) fn lines_of(&self, node: AnyNodeRef<'a>) -> TextRange {
        match node {
            AnyNodeRef::StmtFunctionDef(function) => TextRange::new(function.name.start(), function.end()),
            AnyNodeRef::StmtClassDef(class) => TextRange::new(class.name.start(), class.end()),
            AnyNodeRef::Parameters(parameters) => {
                let mut ranges = parameters.iter().map(|one| one.range());
                let first = ranges.next().unwrap_or(parameters.range);
                ranges.fold(first, TextRange::cover)
            }
            other => other.range(),
        }
    }

    fn import(&mut self, node: &'a StmtImport) {
        for name in &node.names {
            if let Some(other) = &name.asname {
                self.aliases.insert(other.to_string(), name.name.to_string());
            }
            self.imports.insert(name.name.to_string());
        }
        imports::statement(self, "", &node.names, node.range);
    }

    fn import_from(&mut self, node: &'a StmtImportFrom) {
        // `from . import x` is `import x` to Bandit.
        let prefix = node
            .module
            .as_ref()
            .map_or(String::new(), |module| format!("{module}."));
        for name in &node.names {
            let full = format!("{prefix}{}", name.name);
            let local = name.asname.as_ref().or((!prefix.is_empty()).then_some(&name.name));
            if let Some(local) = local {
                self.aliases.insert(local.to_string(), full.clone());
            }
            self.imports.insert(full);
        }
        imports::statement(self, &prefix, &node.names, node.range);
    }

    /// A name with its aliases replaced.
    pub(super) fn full_name(&self, expr: &Expr) -> String {
        let mut attributes = Vec::new();
        let mut at = expr;
        while let Expr::Attribute(attribute) = at {
            attributes.push(attribute.attr.as_str());
            at = &attribute.value;
        }
        let mut name = match at {
            Expr::Name(name) => self
                .aliases
                .get(name.id.as_str())
                .cloned()
                .unwrap_or_else(|| name.id.to_string()),
            _ => String::new(),
        };
        // Bounded: nobody imports a name that long, and a hostile chain would cost its square.
        for attribute in attributes.into_iter().rev() {
            name.push('.');
            name.push_str(attribute);
            if name.len() < 200
                && let Some(alias) = self.aliases.get(&name)
            {
                name.clone_from(alias);
            }
        }
        name
    }

    fn call(&mut self, node: &'a ExprCall) {
        let full = match &*node.func {
            func @ (Expr::Name(_) | Expr::Attribute(_)) => self.full_name(func),
            _ => String::new(),
        };
        let call = Call { node, full };
        imports::call(self, &call);
        process::call(self, &call);
        crypto::call(self, &call);
        network::call(self, &call);
        markup::call(self, &call);
        files::call(self, &call);
        strings::password_argument(self, &call);
    }

    fn function(&mut self, node: &'a StmtFunctionDef) {
        if !node.is_async {
            strings::password_default(self, node);
            network::weak_protocol_default(self, node);
        }
    }

    /// A string that is not alone on its line: `text` is its value, `range` where Bandit says it is.
    fn string(&mut self, text: &'a str, range: TextRange) {
        let parent = self.parent(0);
        if matches!(parent, Some(AnyNodeRef::StmtExpr(_))) {
            return;
        }
        let over = parent.map_or(range, |parent| self.lines_of(parent));
        strings::check(self, text, range, over);
        sql::string(self, text, range, over);
    }
}

impl<'a> Call<'a> {
    /// The last part of the name.
    pub(super) fn last(&self) -> &str {
        self.full.rsplit('.').next().unwrap_or_default()
    }

    /// Whether a part of the name is `part`.
    pub(super) fn has_part(&self, part: &str) -> bool {
        self.full.split('.').any(|one| one == part)
    }

    /// A positional argument.
    pub(super) fn arg(&self, position: usize) -> Option<&'a Expr> {
        self.node.arguments.args.get(position)
    }

    /// How many positional arguments there are.
    pub(super) fn args(&self) -> usize {
        self.node.arguments.args.len()
    }

    /// A keyword argument.
    pub(super) fn keyword(&self, name: &str) -> Option<&'a Expr> {
        let mut named = self.node.arguments.keywords.iter();
        let one = named.find(|one| one.arg.as_ref().is_some_and(|arg| arg.as_str() == name))?;
        Some(&one.value)
    }

    /// The value of a keyword argument; none when it is not given and when Bandit sees no value in it.
    pub(super) fn value(&self, name: &str) -> Option<Value<'a>> {
        values::argument(self.keyword(name)?)
    }

    /// Whether a keyword argument is given and is this word, name or truth value.
    pub(super) fn is(&self, name: &str, word: &str) -> bool {
        self.value(name).is_some_and(|value| value.is(word))
    }
}

impl<'a> SourceOrderVisitor<'a> for Walk<'a> {
    fn enter_node(&mut self, node: AnyNodeRef<'a>) -> TraversalSignal {
        match node {
            AnyNodeRef::StmtImport(node) => self.import(node),
            AnyNodeRef::StmtImportFrom(node) => self.import_from(node),
            AnyNodeRef::ExprCall(node) => self.call(node),
            AnyNodeRef::StmtFunctionDef(node) => self.function(node),
            AnyNodeRef::StmtAssert(node) => self.report("B101", Severity::Low, node.range, node.range),
            AnyNodeRef::ExceptHandlerExceptHandler(node) => files::swallowed(self, node),
            AnyNodeRef::ExprStringLiteral(node) => self.string(node.value.to_str(), node.range),
            AnyNodeRef::ExprFString(node) => strings::f_string(self, node),
            _ => {}
        }
        self.around.push(node);
        TraversalSignal::Traverse
    }

    fn leave_node(&mut self, _: AnyNodeRef<'a>) {
        self.around.pop();
    }
}
