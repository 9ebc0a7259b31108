//! What a rule is, what it is asked about, and how it says what it found.

use std::borrow::Cow;

use ruff_python_ast::{Alias as ImportAlias, Expr, ExprCall, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};
use ward_evidence::{RuleMeta, Severity};

use super::Ctx;
use crate::report::Alias;

/// A rule for Python: what it says of itself, when it is asked, what it does then, and examples that a test runs.
pub struct Rule {
    /// What it says of itself.
    pub meta: RuleMeta,
    /// When it is asked.
    pub on: &'static [On],
    /// Judges one place and reports what is wrong there.
    pub check: Check,
    /// Programs in which it finds something; at least one.
    pub bad: &'static [&'static str],
    /// Programs that look like it and in which it finds nothing; at least one.
    pub good: &'static [&'static str],
}

/// Judges one place.
pub type Check = for<'a> fn(&Ctx<'a>, &Site<'a, '_>, &mut Out<'_>);

/// When a rule is asked. Names are qualified: aliases and imports are resolved before, so `torch.load` stands for
/// `import torch as t; t.load(..)` and for `from torch import load` too. What a constructor made has the constructor's
/// name: `s = requests.Session(); s.get(..)` is a call of `requests.Session.get`. Builtins have their bare name (`eval`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// A call of exactly this name.
    Call(&'static str),
    /// A call of any name that begins with this, as `xml.sax.`.
    CallPrefix(&'static str),
    /// A call of a method or function whose last part is this, whatever stands before it.
    Method(&'static str),
    /// A call with this keyword argument, as `shell`.
    Keyword(&'static str),
    /// Any call.
    AnyCall,
    /// An import of this module or name, or of anything in it: `xml.sax` for `from xml.sax import parse`.
    Import(&'static str),
    /// This name, read anywhere (also where it is called).
    Name(&'static str),
    /// A literal string, also one without interpolation in an implicit concatenation. Documentation strings are left out.
    Str,
    /// Literal bytes.
    Bytes,
    /// An f-string.
    FString,
    /// A binary operation.
    BinOp,
    /// A comparison.
    Compare,
    /// An assignment of any form: `=`, annotated, augmented.
    Assign,
    /// `assert`.
    Assert,
    /// A function, with its decorators and parameters.
    Function,
    /// A class.
    Class,
    /// `try`, with its handlers.
    Try,
    /// `with`.
    With,
    /// `raise`.
    Raise,
    /// An expression that stands alone as a statement.
    Expression,
    /// A dictionary.
    Dict,
    /// `if`.
    If,
    /// The module, once, after everything else was seen.
    Module,
}

/// A place that a rule is asked about.
#[derive(Clone, Copy)]
pub struct Site<'a, 'n> {
    /// What stands there.
    pub node: Node<'a>,
    /// The qualified name of what is called, imported or read there. Empty where there is none.
    pub name: &'n str,
}

/// An argument that is given by its name: `name=value`, or an entry of a dictionary in `**{"name": value}`.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The name.
    pub name: &'a str,
    /// The value.
    pub value: &'a Expr,
    /// Where both stand.
    pub range: TextRange,
}

impl Ranged for Given<'_> {
    fn range(&self) -> TextRange {
        self.range
    }
}

/// An attribute that is given a value: `object.name = value`, or `setattr(object, "name", value)`.
pub struct SetAttribute<'a> {
    /// Whose it is.
    pub object: &'a Expr,
    /// Its name.
    pub name: Cow<'a, str>,
    /// The value.
    pub value: &'a Expr,
    /// Where all of it stands.
    pub range: TextRange,
}

/// What stands at a place.
#[derive(Clone, Copy)]
pub enum Node<'a> {
    /// [`On::Call`], [`On::CallPrefix`], [`On::Method`], [`On::AnyCall`].
    Call(&'a ExprCall),
    /// [`On::Keyword`]: the call and the argument.
    Keyword(&'a ExprCall, Given<'a>),
    /// [`On::Import`]: the statement and the imported name in it.
    Import(&'a Stmt, &'a ImportAlias),
    /// An expression.
    Expr(&'a Expr),
    /// A statement.
    Stmt(&'a Stmt),
    /// [`On::Module`]: all statements.
    Module(&'a [Stmt]),
}

impl<'a> Site<'a, '_> {
    /// The call that this is about.
    #[must_use]
    pub fn call(&self) -> Option<&'a ExprCall> {
        match self.node {
            Node::Call(call) | Node::Keyword(call, _) => Some(call),
            _ => None,
        }
    }

    /// The keyword argument that this is about.
    #[must_use]
    pub fn keyword(&self) -> Option<Given<'a>> {
        match self.node {
            Node::Keyword(_, keyword) => Some(keyword),
            _ => None,
        }
    }

    /// The expression that this is about.
    #[must_use]
    pub fn expr(&self) -> Option<&'a Expr> {
        match self.node {
            Node::Expr(expr) => Some(expr),
            _ => None,
        }
    }

    /// The attribute that is set here, of a rule that asks for [`On::Assign`] and calls of `setattr`.
    #[must_use]
    pub fn attribute(&self, ctx: &Ctx<'a>) -> Option<SetAttribute<'a>> {
        match self.node {
            Node::Stmt(Stmt::Assign(assign)) => match assign.targets.as_slice() {
                [Expr::Attribute(target)] => Some(SetAttribute {
                    object: &target.value,
                    name: Cow::Borrowed(target.attr.as_str()),
                    value: &assign.value,
                    range: assign.range(),
                }),
                _ => None,
            },
            Node::Call(call) if self.name == "setattr" => match &*call.arguments.args {
                [object, name, value] => Some(SetAttribute {
                    object,
                    name: ctx.str(name)?,
                    value,
                    range: call.range(),
                }),
                _ => None,
            },
            _ => None,
        }
    }

    /// The statement that this is about.
    #[must_use]
    pub fn stmt(&self) -> Option<&'a Stmt> {
        match self.node {
            Node::Stmt(stmt) | Node::Import(stmt, _) => Some(stmt),
            _ => None,
        }
    }

    /// The function that this is about.
    #[must_use]
    pub fn function(&self) -> Option<&'a StmtFunctionDef> {
        match self.node {
            Node::Stmt(Stmt::FunctionDef(function)) => Some(function),
            _ => None,
        }
    }

    /// The class that this is about.
    #[must_use]
    pub fn class(&self) -> Option<&'a StmtClassDef> {
        match self.node {
            Node::Stmt(Stmt::ClassDef(class)) => Some(class),
            _ => None,
        }
    }

    /// Where it stands, in bytes of the source.
    #[must_use]
    pub fn range(&self) -> TextRange {
        match self.node {
            Node::Call(call) => call.range(),
            Node::Keyword(_, keyword) => keyword.range(),
            Node::Import(_, alias) => alias.range(),
            Node::Expr(expr) => expr.range(),
            Node::Stmt(stmt) => stmt.range(),
            Node::Module(body) => body.first().map(Ranged::range).unwrap_or_default(),
        }
    }
}

/// What a rule found.
#[derive(Debug, Clone)]
pub struct Hit {
    pub(super) range: TextRange,
    pub(super) severity: Option<Severity>,
    pub(super) note: Option<Cow<'static, str>>,
    pub(super) value: Option<String>,
    pub(super) thorough: bool,
    pub(super) alias: Option<Alias>,
    pub(super) what: Cow<'static, str>,
    pub(super) edits: Vec<(TextRange, String)>,
    pub(super) flow: Vec<(TextRange, Cow<'static, str>)>,
}

impl Hit {
    /// Something at `range` (bytes of the source). Its first character is the place of the finding; the text of the range,
    /// without its white space, tells it from another finding of the same rule in the fingerprint.
    #[must_use]
    pub fn at(range: impl Ranged) -> Self {
        Self {
            range: range.range(),
            severity: None,
            note: None,
            value: None,
            thorough: false,
            alias: None,
            what: Cow::Borrowed(""),
            edits: Vec::new(),
            flow: Vec::new(),
        }
    }

    /// Worse or less bad than the rule says in general.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// What to say instead of the rule's summary. Names of functions and arguments are fine; text of literals is not.
    #[must_use]
    pub fn note(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// What goes into the fingerprint instead of the text of the range.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Right, and rarely worth a person's time: shown in the thorough profile only.
    #[must_use]
    pub fn thorough(self) -> Self {
        self.thorough_if(true)
    }

    /// [`thorough`](Self::thorough) when `yes`, as in tests: `.thorough_if(ctx.is_test())`.
    #[must_use]
    pub fn thorough_if(mut self, yes: bool) -> Self {
        self.thorough |= yes;
        self
    }

    /// What Bandit calls it, and how bad Bandit says it is.
    #[must_use]
    pub fn bandit(mut self, id: &'static str, severity: Severity) -> Self {
        self.alias = Some(Alias {
            tool: "bandit",
            id,
            severity,
        });
        self
    }

    /// A change that mends it: what it does, and replacements of ranges of the source (empty ranges insert). Only for what
    /// is safe to do without a person's thought. Said twice, both changes are made.
    #[must_use]
    pub fn fix(mut self, what: impl Into<Cow<'static, str>>, range: TextRange, text: impl Into<String>) -> Self {
        self.what = what.into();
        self.edits.push((range, text.into()));
        self
    }

    /// One more step of the way of a value.
    #[must_use]
    pub fn step(mut self, at: impl Ranged, note: impl Into<Cow<'static, str>>) -> Self {
        self.flow.push((at.range(), note.into()));
        self
    }
}

/// Takes what rules found.
pub struct Out<'o> {
    pub(super) rule: &'static Rule,
    pub(super) hits: &'o mut Vec<(&'static RuleMeta, Hit)>,
}

/// Most findings of one file; the scanner lists fewer still, and says so.
const MAX_HITS: usize = 4_000;

impl Out<'_> {
    /// Reports something, under the rule that is being asked.
    pub fn report(&mut self, hit: Hit) {
        if self.hits.len() < MAX_HITS {
            self.hits.push((&self.rule.meta, hit));
        }
    }
}
